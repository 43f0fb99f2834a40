//! The intake. Whichever way updates come, each is committed before Telegram is told that we have it: if the program dies in
//! between, it comes again and the desk absorbs it.
//!
//! - [`polling`] asks for updates; [`turns`] sees to it that only one of several instances does
//! - [`webhook`] is called with them
//! - [`reading`] makes JSON of what came, whatever came
//! - [`answers`] is what is answered at once

mod answers;
pub(crate) mod polling;
mod reading;
mod turns;
pub(crate) mod webhook;

use std::time::Duration;

use firstline_engine::{
    desk::{Desk, DeskError},
    inbound::PlaceRef,
    people::Platform,
    ports::{Limits, SetAside, Watermark},
    time::Timestamp,
};
use serde_json::Value;
use teloxide::Bot;
use tokio_util::sync::CancellationToken;

use crate::{
    failure::Failure,
    identity::{Identity, Me},
    inbound::{Albums, Batch, Rooms, moves},
};
use answers::Waiting;
use reading::Heard;

/// The name of our position, and of what is set aside, in the store. Every bot numbers its updates by itself.
fn source_of(bot: i64) -> String {
    format!("{SOURCE}/{bot}")
}

/// What the position of the only bot there was used to be called.
const SOURCE: &str = "telegram";

/// Everything that is read here. Telegram remembers the list, so an empty one would mean "as last time"; and what is not in it
/// never comes.
const ALLOWED_UPDATES: &[&str] = &["message", "edited_message", "callback_query", "my_chat_member", "message_reaction"];

/// How long Telegram keeps what it has for us.
const KEPT: Duration = Duration::from_hours(24);

/// Takes in what Telegram tells, whichever way it does.
#[derive(Clone)]
pub(crate) struct Intake {
    desk: Desk,
    bot: Bot,
    rooms: Rooms,
    me: Me,
    albums: Albums,
    /// What may be said in a staff room.
    limits: Limits,
}

/// Asks who the bot is until Telegram says it: without that nobody knows what is meant for it in a group. `None` when cancelled.
pub(crate) async fn introduced(identity: &Identity, cancel: &CancellationToken) -> Option<Me> {
    let mut patience = Patience::default();
    loop {
        let asked = match identity.get().await {
            Ok(me) => return Some(me.clone()),
            Err(failure) => {
                complain(&failure);
                if let Failure::Throttled(wait) = failure { wait } else { None }
            }
        };
        if !patience.wait(asked, cancel).await {
            return None;
        }
    }
}

impl Intake {
    pub(crate) fn new(desk: Desk, bot: Bot, rooms: Rooms, me: Me, limits: Limits) -> Self {
        Self { desk, bot, rooms, me, albums: Albums::default(), limits }
    }

    /// Commits all that was heard, in order, where `with_position` together with how far that is. Returns what waits for
    /// an answer.
    async fn take(&self, heard: &Heard, with_position: bool) -> Result<Waiting, DeskError> {
        // What is not understood is kept first: if the program dies in between, it is absorbed the second time.
        self.set_aside(&heard.strange).await?;
        let mut waiting = Waiting::default();
        // A group that gets another id is another place from there on.
        for updates in parts(&heard.updates) {
            let rooms = self.rooms.with_moved(&self.desk.moved_rooms().await?);
            let batch = Batch::read(updates, &rooms, &self.me, &self.albums);
            let strange: Vec<SetAside> =
                batch.strange.into_iter().map(|(raw, reason)| reading::set_aside(raw, reason)).collect();
            self.set_aside(&strange).await?;
            for (from, to) in batch.moves {
                let place = |chat: i64| PlaceRef { platform: Platform::Telegram, key: chat.to_string() };
                self.desk.room_moved(&place(from), &place(to)).await?;
            }
            let watermark = batch.last.filter(|_| with_position).map(|last| self.position(last));
            self.desk.accept(&batch.events, watermark.as_ref()).await?;
            waiting.presses.extend(batch.presses);
            waiting.lists.extend(batch.lists);
            let (events, left_out, strange) = (batch.events.len(), batch.left_out, strange.len());
            tracing::debug!(events, left_out, strange, position = batch.last, "took in updates from Telegram");
        }
        if let (true, Some(last)) = (with_position, heard.last) {
            // What is strange has an id, too.
            self.desk.accept(&[], Some(&self.position(last))).await?;
        }
        Ok(waiting)
    }

    fn position(&self, last: i64) -> Watermark {
        Watermark { source: source_of(self.me.id), position: last.to_string() }
    }

    async fn set_aside(&self, strange: &[SetAside]) -> Result<(), DeskError> {
        self.desk.set_aside(&source_of(self.me.id), strange).await?;
        for item in strange {
            let (update, reason) = (&item.key, &item.reason);
            tracing::warn!(update, reason, "an update from Telegram is not understood; it is kept as it came");
        }
        Ok(())
    }

    /// Telegram is there. After an absence that was longer than Telegram's memory everybody concerned is told.
    async fn hears(&self, last: &mut Option<Timestamp>) {
        match self.desk.hears(Platform::Telegram, KEPT, *last).await {
            Ok(now) => *last = Some(now),
            Err(error) => tracing::warn!(%error, "cannot say in the store that Telegram was heard"),
        }
    }
}

/// The updates in parts that end with those that tell of another id.
fn parts(updates: &[Value]) -> impl Iterator<Item = &[Value]> {
    updates.split_inclusive(|update| moves(update).is_some())
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
    fn what_is_not_understood_is_passed_over() {
        let text = r#"{"ok":true,"result":[{"update_id":7,"something_new":{"a":1}},{"update_id":9,"message":{"lacks":"all"}}]}"#;
        let heard = reading::many(text).expect("an answer");
        let batch = Batch::read(&heard.updates, &Rooms::default(), &Me::default(), &Albums::default());
        let kept: Vec<&str> = heard.strange.iter().map(|item| item.key.as_str()).collect();
        assert_eq!((kept, batch.strange.len(), batch.events.len(), heard.last), (vec!["7"], 1, 0, Some(9)));
    }

    #[test]
    fn what_comes_after_a_move_is_read_after_it() {
        let moved = serde_json::json!({"update_id": 2, "message": {"chat": {"id": -5}, "migrate_to_chat_id": -1005}});
        let other = |id: i64| serde_json::json!({"update_id": id, "message": {"chat": {"id": -5}}});
        let updates = [other(1), moved, other(3)];
        let lengths: Vec<usize> = parts(&updates).map(<[Value]>::len).collect();
        assert_eq!(lengths, [2, 1]);
        assert_eq!(parts(&[]).count(), 0);
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
