//! Whose turn it is to poll. Telegram gives updates to one listener: a second one ends the first (409), who ends the second, and
//! so on. So of several instances on one store one polls, and says so in the store every few seconds; the others watch that,
//! and one of them takes over when it has not been said for a while. The newest instance polls: a restart does not wait for
//! what became of its predecessor. What is said carries a number that grows with every turn taken, and the highest one has the
//! turn, so that an older instance that says its word at the same moment does not take it back. Nothing is lost when two poll
//! for a moment, only time: an update goes to the store before it is confirmed, and the store knows it the second time.

use std::time::Duration;

use firstline_engine::{desk::Desk, ports::Watermark};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How often the one who polls says so.
pub(super) const BEAT: Duration = Duration::from_secs(5);
/// How often the others look.
const LOOK: Duration = Duration::from_secs(2);
/// After this long without a word it is somebody else's turn.
const SILENCE: Duration = Duration::from_secs(20);

/// The name under which it is said.
const SOURCE: &str = "telegram/polling";

/// Our part in taking turns.
pub(super) struct Turns<'d> {
    desk: &'d Desk,
    /// The number of our turn.
    turn: u64,
    beats: u64,
    said_at: Option<Instant>,
}

/// Who polls, as far as the store knows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Poller {
    /// We do, or nobody does.
    Us,
    /// Another instance does.
    Another,
    /// The store cannot be asked.
    Unknown,
}

impl<'d> Turns<'d> {
    pub(super) const fn new(desk: &'d Desk) -> Self {
        Self { desk, turn: 0, beats: 0, said_at: None }
    }

    /// Takes the turn, whoever has it.
    pub(super) async fn take(&mut self) {
        let said = self.desk.watermark(SOURCE).await.ok().flatten().unwrap_or_default();
        self.turn = self.turn.max(Word::read(&said).turn) + 1;
        self.say_on().await;
    }

    /// Says that we still poll, if it is time to; who polls.
    pub(super) async fn keep(&mut self) -> Poller {
        if self.said_at.is_some_and(|at| at.elapsed() < BEAT) {
            return Poller::Us;
        }
        let poller = self.look().await;
        if poller == Poller::Us {
            self.say_on().await;
        }
        poller
    }

    /// We were ended by somebody: it was another instance, whose turn it is now. False when it was something else.
    pub(super) async fn has_lost(&mut self) -> bool {
        let lost = self.look().await == Poller::Another;
        if lost {
            // So that [`Self::keep`] looks again, however shortly ago we had the turn.
            self.said_at = None;
        }
        lost
    }

    /// Who polls.
    async fn look(&self) -> Poller {
        match self.desk.watermark(SOURCE).await {
            Ok(said) => Word::read(&said.unwrap_or_default()).poller(self.turn, self.desk.owner()),
            Err(_) => Poller::Unknown,
        }
    }

    /// Waits until the other one has been silent for a while, or has given its turn back. False when cancelled.
    pub(super) async fn wait(&self, cancel: &CancellationToken) -> bool {
        let mut heard = None;
        let mut since = Instant::now();
        while since.elapsed() < SILENCE {
            tokio::select! {
                () = cancel.cancelled() => return false,
                () = tokio::time::sleep(LOOK) => {}
            }
            match self.desk.watermark(SOURCE).await {
                Ok(Some(said)) if Word::read(&said).owner.is_empty() => return true,
                Ok(said) if said != heard => {
                    heard = said;
                    since = Instant::now();
                }
                Ok(_) => {}
                // Of a store that does not answer nobody can say anything.
                Err(_) => since = Instant::now(),
            }
        }
        true
    }

    /// Gives the turn back, if it is ours: the others need not wait.
    pub(super) async fn give_back(&mut self) {
        if self.look().await == Poller::Us {
            self.say(self.turn.to_string()).await;
        }
    }

    async fn say_on(&mut self) {
        self.beats += 1;
        self.say(format!("{} {} {}", self.turn, self.desk.owner(), self.beats)).await;
    }

    async fn say(&mut self, what: String) {
        let watermark = Watermark { source: SOURCE.to_owned(), position: what };
        match self.desk.accept(&[], Some(&watermark)).await {
            Ok(_) => self.said_at = Some(Instant::now()),
            Err(error) => tracing::warn!(%error, "cannot say in the store that this instance polls Telegram"),
        }
    }
}

/// What was said: the number of the turn, who has it, and, so that each word differs from the one before, how often it was said.
/// Without a name the turn was given back.
struct Word<'t> {
    turn: u64,
    owner: &'t str,
}

impl<'t> Word<'t> {
    fn read(said: &'t str) -> Self {
        let mut parts = said.split(' ');
        let turn = parts.next().and_then(|turn| turn.parse().ok()).unwrap_or_default();
        Self { turn, owner: parts.next().unwrap_or_default() }
    }

    /// Who polls, when we have the turn of this number.
    fn poller(&self, turn: u64, us: &str) -> Poller {
        let is_ours = self.owner.is_empty() || self.owner == us;
        // Two that took the same number at the same moment agree by their names.
        if is_ours || (self.turn, self.owner) < (turn, us) { Poller::Us } else { Poller::Another }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_turn_polls() {
        let check =
            |said: &str, expected: Poller| assert_eq!(Word::read(said).poller(4, "host/2"), expected, "{said:?}");
        check("", Poller::Us);
        check("9", Poller::Us);
        check("4 host/2 17", Poller::Us);
        check("5 host/1 3", Poller::Another);
        check("3 host/9 99", Poller::Us);
        check("4 host/1 1", Poller::Us);
        check("4 host/3 1", Poller::Another);
        check("nonsense", Poller::Us);
    }
}
