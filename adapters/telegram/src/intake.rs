//! The intake: poll, commit, and only then ask for the next updates, which is what makes Telegram forget the last ones. If the
//! program dies in between, they come again and the desk absorbs them.

use std::time::Duration;

use firstline_engine::{desk::Desk, ports::Watermark};
use serde::Serialize;
use serde_json::Value;
use teloxide::{
    Bot, RequestError,
    payloads::AnswerCallbackQuery,
    requests::{JsonRequest, Payload},
    types::CallbackQueryId,
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{
    TelegramError,
    failure::Failure,
    inbound::{Batch, Rooms},
};

/// How long Telegram may hold an answer back when there is nothing to tell.
pub(crate) const POLL: Duration = Duration::from_secs(25);

/// The name of our position in the store.
const SOURCE: &str = "telegram";

/// Everything that is read here or kept for later. Telegram remembers the list, so an empty one would mean "as last time".
const ALLOWED_UPDATES: &[&str] = &["message", "edited_message", "callback_query"];

/// Takes in updates until cancelled.
pub(crate) async fn run(
    poller: &Bot,
    bot: &Bot,
    rooms: &Rooms,
    desk: &Desk,
    cancel: &CancellationToken,
) -> Result<(), TelegramError> {
    let Some(mut position) = stored_position(desk, cancel).await? else { return Ok(()) };
    let mut patience = Patience::default();
    let mut answers = JoinSet::new();
    tracing::info!(position, "listening to Telegram");
    loop {
        let told = tokio::select! {
            biased;
            () = cancel.cancelled() => return Ok(()),
            told = updates_after(poller, position) => told,
        };
        match told {
            Ok(updates) => {
                patience = Patience::default();
                let batch = Batch::read(updates, rooms);
                let Some(last) = batch.last else { continue };
                if !commit(desk, &batch, last, cancel).await {
                    return Ok(());
                }
                position = Some(last);
                for press in batch.presses {
                    answers.spawn(answer(bot.clone(), press));
                }
                while answers.try_join_next().is_some() {}
            }
            Err(error) => {
                let failure = Failure::of(&error, poller.token());
                complain(&failure);
                let asked = if let Failure::Throttled(wait) = failure { wait } else { None };
                if !patience.wait(asked, cancel).await {
                    return Ok(());
                }
            }
        }
    }
}

/// Where we were; `None` inside when we have never been anywhere, and outside when cancelled.
async fn stored_position(desk: &Desk, cancel: &CancellationToken) -> Result<Option<Option<i64>>, TelegramError> {
    let mut patience = Patience::default();
    loop {
        match desk.watermark(SOURCE).await {
            Ok(None) => return Ok(Some(None)),
            Ok(Some(text)) => return text.parse().map(|id| Some(Some(id))).map_err(|_| TelegramError::Position(text)),
            Err(error) => tracing::error!(%error, "cannot read how far Telegram was taken in; trying again"),
        }
        if !patience.wait(None, cancel).await {
            return Ok(None);
        }
    }
}

/// Commits a batch and the position behind it. Returns false when cancelled before that succeeded; then nothing is
/// acknowledged, and Telegram tells it all again next time.
async fn commit(desk: &Desk, batch: &Batch, last: i64, cancel: &CancellationToken) -> bool {
    let watermark = Watermark { source: SOURCE.to_owned(), position: last.to_string() };
    let mut patience = Patience::default();
    loop {
        match desk.accept(&batch.events, Some(&watermark)).await {
            Ok(_) => {
                let (events, left_out) = (batch.events.len(), batch.left_out);
                tracing::debug!(events, left_out, position = last, "took in updates from Telegram");
                return true;
            }
            Err(error) => tracing::error!(%error, "cannot store what came from Telegram; trying again"),
        }
        if !patience.wait(None, cancel).await {
            return false;
        }
    }
}

/// Stops the spinner on a button. Only a courtesy: the press itself is committed.
async fn answer(bot: Bot, press: String) {
    if let Err(error) = JsonRequest::new(bot.clone(), AnswerCallbackQuery::new(CallbackQueryId(press))).await {
        tracing::debug!(reason = %Failure::of(&error, bot.token()), "a press could not be answered");
    }
}

/// The updates behind a position, as they are.
async fn updates_after(poller: &Bot, position: Option<i64>) -> Result<Vec<Value>, RequestError> {
    let request = GetUpdates {
        offset: position.map(|last| last.saturating_add(1)),
        timeout: POLL.as_secs(),
        allowed_updates: ALLOWED_UPDATES,
    };
    JsonRequest::new(poller.clone(), request).await
}

/// The client's own request would parse the updates, and drop what it does not know.
#[derive(Clone, Serialize)]
struct GetUpdates {
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
    timeout: u64,
    allowed_updates: &'static [&'static str],
}

impl Payload for GetUpdates {
    type Output = Vec<Value>;

    const NAME: &'static str = "GetUpdates";
}

fn complain(failure: &Failure) {
    match failure {
        Failure::Token => tracing::error!(
            "Telegram does not accept the token (401): copy it anew from @BotFather into telegram.token and start again"
        ),
        Failure::Conflict(said) => tracing::error!(
            said,
            "Telegram gives updates to one listener only (409): stop the other program that uses this token, or remove its webhook"
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
    use serde_json::json;

    use super::*;
    use crate::support::{FakeTelegram, Fault, TOKEN};

    fn written(id: i64, text: &str) -> Value {
        json!({"update_id": id, "message": {"message_id": id, "date": 1, "text": text,
               "chat": {"id": 1, "type": "private"}, "from": {"id": 1, "is_bot": false, "first_name": "A"}}})
    }

    #[tokio::test]
    async fn updates_are_forgotten_only_when_asked_past() {
        let fake = FakeTelegram::start().await;
        fake.update(written(10, "first"));
        fake.update(json!({"update_id": 11, "newer_than_we_are": {}}));
        let bot = Bot::new(TOKEN).set_api_url(fake.url());

        let first = Batch::read(updates_after(&bot, None).await.expect("updates"), &Rooms::default());
        assert_eq!((first.events.len(), first.left_out, first.last), (1, 1, Some(11)));
        let again = Batch::read(updates_after(&bot, None).await.expect("updates"), &Rooms::default());
        assert_eq!(again, first, "not confirmed, so told again");

        fake.update(written(12, "second"));
        let next = Batch::read(updates_after(&bot, first.last).await.expect("updates"), &Rooms::default());
        assert_eq!((next.events[0].dedupe_key.as_str(), next.last), ("update:12", Some(12)));
        assert_eq!(fake.unconfirmed(), 1);

        let asked = fake.calls("getupdates");
        assert_eq!(
            asked[0],
            json!({"timeout": 25, "allowed_updates": ["message", "edited_message", "callback_query"]})
        );
        assert_eq!(asked[2]["offset"], 12);
    }

    #[tokio::test]
    async fn another_listener_is_told_apart_from_a_wrong_token() {
        let fake = FakeTelegram::start().await;
        let bot = Bot::new(TOKEN).set_api_url(fake.url());
        let conflict = "Conflict: can't use getUpdates method while webhook is active";
        fake.fail_next(
            "getupdates",
            Fault::Answer(409, json!({"ok": false, "error_code": 409, "description": conflict})),
        );
        let error = updates_after(&bot, None).await.expect_err("a conflict");
        assert_eq!(Failure::of(&error, TOKEN), Failure::Conflict(conflict.to_owned()));
        let error = updates_after(&Bot::new("1:wrong").set_api_url(fake.url()), None).await.expect_err("a wrong token");
        assert_eq!(Failure::of(&error, "1:wrong"), Failure::Token);
    }

    #[tokio::test]
    async fn a_press_is_answered() {
        let fake = FakeTelegram::start().await;
        answer(Bot::new(TOKEN).set_api_url(fake.url()), "988".to_owned()).await;
        assert_eq!(fake.calls("answercallbackquery"), [json!({"callback_query_id": "988"})]);
    }

    #[tokio::test(start_paused = true)]
    async fn patience_grows_and_ends_when_cancelled() {
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
