//! Asking for updates: poll, commit, and only then ask for the next ones, which is what makes Telegram forget the last ones.

use std::time::Duration;

use firstline_engine::{
    desk::{Desk, DeskError},
    ports::Watermark,
};
use serde::Serialize;
use serde_json::Value;
use teloxide::{
    Bot, RequestError,
    requests::{JsonRequest, Payload},
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{
    ALLOWED_UPDATES, Intake, Patience, SOURCE,
    answers::{Waiting, answer},
    complain,
    reading::{self, Heard},
    source_of,
    turns::{BEAT, Poller, Turns},
};
use crate::{TelegramError, failure::Failure};

/// How long Telegram may hold an answer back when there is nothing to tell.
pub(crate) const POLL: Duration = Duration::from_secs(25);

/// Takes in updates until cancelled.
pub(crate) async fn run(poller: &Bot, intake: &Intake, cancel: &CancellationToken) -> Result<(), TelegramError> {
    let mut turns = Turns::new(&intake.desk);
    turns.take().await;
    let mut patience = Patience::default();
    let mut answers = JoinSet::new();
    let mut heard_at = None;
    let Some(mut position) = stored_position(intake, cancel).await? else { return Ok(()) };
    tracing::info!(position, "listening to Telegram");
    loop {
        let told = match ask(poller, position, &mut turns, cancel).await {
            Asked::Told(told) => told,
            Asked::Another => {
                tracing::info!("another instance polls Telegram; this one waits for its turn");
                if !turns.wait(cancel).await {
                    return Ok(());
                }
                turns.take().await;
                let Some(stored) = stored_position(intake, cancel).await? else { return Ok(()) };
                position = stored;
                tracing::info!(position, "listening to Telegram");
                continue;
            }
            Asked::Cancelled => {
                turns.give_back().await;
                return Ok(());
            }
        };
        match told {
            Ok(heard) => {
                intake.hears(&mut heard_at).await;
                // Its id is the only way past an update.
                let Some(last) = heard.last else {
                    if heard != Heard::default() {
                        tracing::error!("Telegram tells of updates without ids; trying again");
                        if !patience.wait(None, cancel).await {
                            return Ok(());
                        }
                    }
                    continue;
                };
                patience = Patience::default();
                let Some(waiting) = commit(intake, &heard, cancel).await else { return Ok(()) };
                // Not the highest id ever: after a week without updates they begin anew, and may be lower.
                position = Some(last);
                answers.spawn(answer(intake.clone(), waiting));
                while answers.try_join_next().is_some() {}
            }
            Err(failure) => {
                if matches!(failure, Failure::Conflict(_)) && turns.has_lost().await {
                    continue;
                }
                complain(&failure);
                let asked = if let Failure::Throttled(wait) = failure { wait } else { None };
                if !patience.wait(asked, cancel).await {
                    turns.give_back().await;
                    return Ok(());
                }
            }
        }
    }
}

/// What became of a question for updates.
enum Asked {
    Told(Result<Heard, Failure>),
    /// It is not our turn any more.
    Another,
    Cancelled,
}

/// Asks for the next updates as long as it is our turn, and says meanwhile that it is.
async fn ask(poller: &Bot, position: Option<i64>, turns: &mut Turns<'_>, cancel: &CancellationToken) -> Asked {
    if turns.keep().await == Poller::Another {
        return Asked::Another;
    }
    let asking = updates_after(poller, position);
    tokio::pin!(asking);
    loop {
        tokio::select! {
            biased;
            () = cancel.cancelled() => return Asked::Cancelled,
            told = &mut asking => return Asked::Told(told),
            () = tokio::time::sleep(BEAT) => {
                if turns.keep().await == Poller::Another {
                    return Asked::Another;
                }
            }
        }
    }
}

/// Where we were; `None` inside when we have never been anywhere, and outside when cancelled.
async fn stored_position(intake: &Intake, cancel: &CancellationToken) -> Result<Option<Option<i64>>, TelegramError> {
    let mut patience = Patience::default();
    loop {
        match position_of(&intake.desk, intake.me.id).await {
            Ok(None) => return Ok(Some(None)),
            Ok(Some(text)) => return text.parse().map(|id| Some(Some(id))).map_err(|_| TelegramError::Position(text)),
            Err(error) => tracing::error!(%error, "cannot read how far Telegram was taken in; trying again"),
        }
        if !patience.wait(None, cancel).await {
            return Ok(None);
        }
    }
}

/// How far a bot's updates were taken in.
async fn position_of(desk: &Desk, bot: i64) -> Result<Option<String>, DeskError> {
    let known = desk.watermarks(&format!("{SOURCE}/")).await?;
    let position = match Position::of(&source_of(bot), &known) {
        Position::Own(position) => Some(position.to_owned()),
        Position::OfTheOnlyBot => desk.watermark(SOURCE).await?,
        Position::OfAnotherBot => None,
    };
    Ok(position)
}

/// Whose the positions are that are known.
#[derive(Debug, PartialEq, Eq)]
enum Position<'k> {
    /// The bot's.
    Own(&'k str),
    /// There was only one bot up to now, and its position may have been kept without its name.
    OfTheOnlyBot,
    /// Another bot was here before, which counts otherwise: by its position the new one's updates would be lost.
    OfAnotherBot,
}

impl<'k> Position<'k> {
    fn of(own: &str, known: &'k [Watermark]) -> Self {
        if let Some(known) = known.iter().find(|it| it.source == own) {
            return Self::Own(&known.position);
        }
        let is_a_bots = |known: &Watermark| known.source.rsplit('/').next().is_some_and(|id| id.parse::<i64>().is_ok());
        if known.iter().any(is_a_bots) { Self::OfAnotherBot } else { Self::OfTheOnlyBot }
    }
}

/// Commits what was heard and the position behind it; what waits for an answer. `None` when cancelled before that
/// succeeded; then nothing is acknowledged, and Telegram tells it all again next time.
async fn commit(intake: &Intake, heard: &Heard, cancel: &CancellationToken) -> Option<Waiting> {
    let mut patience = Patience::default();
    loop {
        match intake.take(heard, true).await {
            Ok(waiting) => return Some(waiting),
            Err(error) => tracing::error!(%error, "cannot store what came from Telegram; trying again"),
        }
        if !patience.wait(None, cancel).await {
            return None;
        }
    }
}

/// The updates behind a position, as they are.
async fn updates_after(poller: &Bot, position: Option<i64>) -> Result<Heard, Failure> {
    let request = GetUpdates {
        offset: position.map(|last| last.saturating_add(1)),
        timeout: POLL.as_secs(),
        allowed_updates: ALLOWED_UPDATES,
    };
    match JsonRequest::new(poller.clone(), request).await {
        Ok(updates) => Ok(Heard::sort(updates)),
        Err(error) => {
            // One update that is no JSON to the client spoils the whole answer for it.
            let heard = if let RequestError::InvalidJson { raw, .. } = &error { reading::many(raw) } else { None };
            heard.ok_or_else(|| Failure::of(&error, poller.token()))
        }
    }
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

        let first = updates_after(&bot, None).await.expect("updates");
        assert_eq!((first.updates.len(), first.strange.len(), first.last), (1, 1, Some(11)));
        let again = updates_after(&bot, None).await.expect("updates");
        assert_eq!(again, first, "not confirmed, so told again");

        fake.update(written(12, "second"));
        let next = updates_after(&bot, first.last).await.expect("updates");
        assert_eq!((&next.updates[0]["update_id"], next.last), (&json!(12), Some(12)));
        assert_eq!(fake.unconfirmed(), 1);

        let asked = fake.calls("getupdates");
        assert_eq!(
            asked[0],
            json!({"timeout": 25, "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member", "message_reaction"]})
        );
        assert_eq!(asked[2]["offset"], 12);
    }

    #[test]
    fn every_bot_has_a_position_of_its_own() {
        let check = |sources: &[&str], expected: Position<'_>| {
            let mark = |source: &&str| Watermark { source: (*source).to_owned(), position: "7".to_owned() };
            let known: Vec<Watermark> = sources.iter().map(mark).collect();
            assert_eq!(Position::of(&source_of(4711), &known), expected, "{sources:?}");
        };
        check(&["telegram/heard", "telegram/polling"], Position::OfTheOnlyBot);
        check(&["telegram/4711", "telegram/4712"], Position::Own("7"));
        check(&["telegram/4712", "telegram/heard"], Position::OfAnotherBot);
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
        let failure = updates_after(&bot, None).await.expect_err("a conflict");
        assert_eq!(failure, Failure::Conflict(conflict.to_owned()));

        let stranger = Bot::new("1:wrong").set_api_url(fake.url());
        assert_eq!(updates_after(&stranger, None).await.expect_err("a wrong token"), Failure::Token);
    }
}
