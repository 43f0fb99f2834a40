//! A steady stream: people write all the time and agents answer, whatever happens to the server meanwhile. What happens, and when,
//! is drawn at random from a seed.

pub(crate) mod room;

use std::{cell::Cell, time::Duration};

use firstline_tests::{chat::Chat, ticket::Ticket};
use tokio::time::interval;

/// So many messages a second are written: 20.
const PACE: Duration = Duration::from_millis(50);
/// An agent answers every so many messages.
const ANSWERED: usize = 8;
/// So many people write, in turn.
pub(crate) const PEOPLE: usize = 3;

/// What was written and answered, by person.
#[derive(Default)]
pub(crate) struct Steady {
    pub(crate) count: usize,
    written: [Vec<String>; PEOPLE],
    answered: [Vec<String>; PEOPLE],
}

impl Steady {
    /// Flows until it is over: `says` has a person write a line, `answers` has the agent of a person's ticket answer.
    pub(crate) async fn flows(
        over: &Cell<bool>,
        mut says: impl FnMut(usize, &str),
        mut answers: impl AsyncFnMut(usize, &str),
    ) -> Self {
        let mut all = Self::default();
        let mut clock = interval(PACE);
        while !over.get() {
            clock.tick().await;
            all.count += 1;
            let (who, line) = (all.count % PEOPLE, format!("Zeile {}.", all.count));
            says(who, &line);
            all.written[who].push(line);
            if all.count % ANSWERED == 0 {
                let (who, line) = ((all.count / ANSWERED) % PEOPLE, format!("Antwort {}.", all.count));
                answers(who, &line).await;
                all.answered[who].push(line);
            }
        }
        all
    }

    /// Whatever was typed on these consoles, of the first tickets, is on the desk when its last line is on the screen.
    pub(crate) async fn is_on_the_desk(&self, consoles: &mut [Chat]) {
        for (who, anna) in consoles.iter_mut().enumerate() {
            if let Some(last) = self.answered[who].last() {
                anna.reads(&format!("anna{who}> {last}")).await;
            }
            let told = anna.screen().transcript();
            let refused = told.lines().find(|line| line.contains("Please try again") || line.contains("Reference:"));
            assert_eq!(refused, None, "an agent was refused, and would have to type it again");
        }
    }

    /// What this person wrote, in order.
    pub(crate) fn written_by(&self, who: usize) -> &[String] {
        &self.written[who]
    }

    /// What was answered to this person, in order.
    pub(crate) fn answered_to(&self, who: usize) -> &[String] {
        &self.answered[who]
    }

    /// All of it is in this person's ticket, once and in order, and nothing else.
    pub(crate) fn is_in(&self, ticket: &Ticket, who: usize, seed: u64) {
        let began = |who: &str, beginning: &str| {
            ticket.said_by(who).into_iter().filter(|text| text.starts_with(beginning)).collect::<Vec<_>>()
        };
        assert_eq!(began("requester", "Zeile"), self.written[who], "seed {seed}: what {who} wrote");
        assert_eq!(
            began(&format!("anna{who}"), "Antwort"),
            self.answered[who],
            "seed {seed}: what was answered to {who}"
        );
    }
}

/// A number from the environment.
pub(crate) fn number_from(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Pseudo-random numbers (`SplitMix64`, <https://prng.di.unimi.it/splitmix64.c>).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }
}
