//! How large a file may be: in direct messages and in most servers 10 MB, and more where a server's members have boosted it.

use firstline_engine::{
    files::{File, FileState},
    outbound::Delivery,
    ports::SendError,
};
use serde_json::Value;

use super::{DiscordChannel, address, begin::server_of};
use crate::rest::{Failure, Method, NOTHING, Route};

const MB: u64 = 1024 * 1024;

/// Where nobody has boosted anything, in bytes
/// (<https://discord.com/developers/docs/reference#uploading-files>).
const ANYWHERE: u64 = 10 * MB;

impl DiscordChannel {
    /// The largest file that the place of a message takes. Discord is asked only where that makes a difference, so what it says
    /// need not be kept, and is never out of date.
    pub(super) async fn largest_there(&self, delivery: &Delivery) -> Result<u64, SendError> {
        let is_small = |file: &File| file.state != FileState::TooLarge && file.bytes.len() as u64 <= ANYWHERE;
        if delivery.files.iter().all(is_small) {
            return Ok(ANYWHERE);
        }
        let Ok(channel) = address::channel_of(delivery) else { return Ok(ANYWHERE) };
        match self.level_of(Route::Channel(channel)).await {
            Ok(level) => Ok(at_level(level)),
            // Whatever hinders us from looking does so from writing, and says there what to do.
            Err(Failure::Refused { .. }) => Ok(ANYWHERE),
            // Of reading nothing remains, so nothing is unclear.
            Err(Failure::Unclear(text)) => Err(Failure::NotReached(text).into()),
            Err(failure) => Err(failure.into()),
        }
    }

    /// The boost level of the server that a channel is in; none for direct messages.
    async fn level_of(&self, channel: Route<'_>) -> Result<Option<u64>, Failure> {
        let about = self.rest.call(Method::GET, channel, NOTHING).await?;
        let Some(server) = server_of(&about) else { return Ok(None) };
        let server = self.rest.call(Method::GET, Route::Guild(server), NOTHING).await?;
        Ok(server.get("premium_tier").and_then(Value::as_u64))
    }
}

/// What a server takes at its boost level.
const fn at_level(level: Option<u64>) -> u64 {
    match level {
        Some(2) => 50 * MB,
        Some(3) => 100 * MB,
        _ => ANYWHERE,
    }
}
