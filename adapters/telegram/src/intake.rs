//! The intake. Whichever way updates come, each is committed before Telegram is told that we have it: if the program dies in
//! between, it comes again and the desk absorbs it.
//!
//! - [`polling`] asks for updates; [`turns`] sees to it that only one of several instances does
//! - [`webhook`] is called with them
//! - [`reading`] makes JSON of what came, whatever came

pub(crate) mod polling;
mod reading;
mod turns;
pub(crate) mod webhook;

use std::time::Duration;

use firstline_engine::{
    desk::{Desk, DeskError},
    ports::{SetAside, Watermark},
};
use teloxide::{Bot, payloads::AnswerCallbackQuery, requests::JsonRequest, types::CallbackQueryId};
use tokio_util::sync::CancellationToken;

use crate::{
    failure::Failure,
    inbound::{Batch, Rooms},
};
use reading::Heard;

/// The name of our position, and of what is set aside, in the store.
const SOURCE: &str = "telegram";

/// Everything that is read here. Telegram remembers the list, so an empty one would mean "as last time"; and what is not in it
/// never comes.
const ALLOWED_UPDATES: &[&str] = &["message", "edited_message", "callback_query", "message_reaction"];

/// What one answer or one call of Telegram's held, sorted.
struct Taken {
    batch: Batch,
    /// What is not understood.
    strange: Vec<SetAside>,
    /// The highest update id, whether understood or not.
    last: Option<i64>,
}

impl Taken {
    fn sort(heard: Heard, rooms: &Rooms) -> Self {
        let Heard { updates, mut strange, last } = heard;
        let mut batch = Batch::read(updates, rooms);
        for (raw, reason) in std::mem::take(&mut batch.strange) {
            strange.push(reading::set_aside(raw, reason));
        }
        let last = last.max(batch.last);
        Self { batch, strange, last }
    }

    /// Commits it. What is not understood is kept first: if the program dies in between, it is absorbed the second time.
    async fn commit(&self, desk: &Desk, watermark: Option<&Watermark>) -> Result<(), DeskError> {
        desk.set_aside(SOURCE, &self.strange).await?;
        for item in &self.strange {
            let (update, reason) = (&item.key, &item.reason);
            tracing::warn!(update, reason, "an update from Telegram is not understood; it is kept as it came");
        }
        desk.accept(&self.batch.events, watermark).await?;
        let (events, left_out, strange) = (self.batch.events.len(), self.batch.left_out, self.strange.len());
        tracing::debug!(events, left_out, strange, position = self.last, "took in updates from Telegram");
        Ok(())
    }
}

/// Stops the spinner on a button. Only a courtesy: the press itself is committed.
async fn answer(bot: Bot, press: String) {
    if let Err(error) = JsonRequest::new(bot.clone(), AnswerCallbackQuery::new(CallbackQueryId(press))).await {
        tracing::debug!(reason = %Failure::of(&error, bot.token()), "a press could not be answered");
    }
}

fn complain(failure: &Failure) {
    match failure {
        Failure::Token => tracing::error!(
            "Telegram does not accept the token (401): copy it anew from @BotFather into telegram.token and start again"
        ),
        Failure::Conflict(said) => tracing::error!(
            said,
            "Telegram gives updates to one listener only (409): stop the other program that uses this token; if it is a \
             webhook that is in the way, `firstline telegram setup` removes it"
        ),
        Failure::Throttled(wait) => tracing::warn!(?wait, "Telegram asks to wait before it gives more updates"),
        other => tracing::warn!(reason = %other, "no updates from Telegram; trying again"),
    }
}

/// Waits longer each time: from half a second to a minute.
#[derive(Default)]
struct Patience {
    failures: u32,
}

impl Patience {
    /// Waits, at least as long as asked; false when cancelled meanwhile.
    async fn wait(&mut self, asked: Option<Duration>, cancel: &CancellationToken) -> bool {
        let own = Duration::from_millis(500).saturating_mul(2_u32.saturating_pow(self.failures));
        self.failures = self.failures.saturating_add(1);
        let pause = own.min(Duration::from_mins(1)).max(asked.unwrap_or_default());
        tokio::select! {
            () = cancel.cancelled() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_kept_and_passed_over() {
        let text = r#"{"ok":true,"result":[{"update_id":7,"something_new":{"a":1}},{"update_id":9,"message":{"lacks":"all"}}]}"#;
        let taken = Taken::sort(reading::many(text).expect("an answer"), &Rooms::default());
        let kept: Vec<&str> = taken.strange.iter().map(|item| item.key.as_str()).collect();
        assert_eq!((kept, taken.last, taken.batch.events.len()), (vec!["7", "9"], Some(9), 0));
    }

    #[tokio::test(start_paused = true)]
    async fn the_waits_grow_and_telegrams_own_are_kept() {
        let cancel = CancellationToken::new();
        let mut patience = Patience::default();
        let begun = tokio::time::Instant::now();
        assert!(patience.wait(None, &cancel).await);
        assert_eq!(begun.elapsed().as_millis() / 100, 5);
        assert!(patience.wait(Some(Duration::from_mins(5)), &cancel).await);
        assert!(begun.elapsed().as_secs() >= 300);
        cancel.cancel();
        assert!(!patience.wait(None, &cancel).await);
    }
}
