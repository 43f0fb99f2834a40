//! Showing that an answer is being prepared: where somebody has waited for the bot for a moment, until it has answered. Looked up
//! anew each time, so it needs no hint, and any instance can show it.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    desk::{Channels, Desk, DeskError},
    inbound::PlaceRef,
    time::Timestamp,
};

/// Who is answered faster than this has no time to see it.
const NOTICED: Duration = Duration::from_millis(400);
/// Platforms show it for some seconds: so often it is shown again.
const AGAIN: Duration = Duration::from_secs(4);

/// Where it was shown last, in this process.
#[derive(Debug, Default)]
pub struct Typing(BTreeMap<(crate::people::Platform, String), Timestamp>);

impl Desk {
    /// Shows it wherever it is to be shown now.
    pub async fn show_typing(&self, channels: &Channels, typing: &mut Typing) -> Result<(), DeskError> {
        let now = self.now();
        let since = Timestamp(now.0.saturating_sub(i64::try_from(NOTICED.as_millis()).unwrap_or(0)));
        let places = self.store().waiting_for_the_bot(&channels.platforms(), since).await?;
        // A clock that was set back must not keep it from being shown.
        typing.0.retain(|_, at| now.since(*at) < AGAIN && *at <= now);
        for place in places {
            let PlaceRef { platform, key } = &place;
            if let (None, Some(channel)) = (typing.0.get(&(*platform, key.clone())), channels.get(*platform)) {
                channel.typing(&place).await;
                typing.0.insert((*platform, key.clone()), now);
            }
        }
        Ok(())
    }
}
