//! While a ticket waits for a human.

use super::Stepper;
use crate::{
    conversation::{effect::TicketChange, state::Phase},
    phrases::Phrase,
    ticket::Resolution,
    time::Timestamp,
    timeline::{Actor, Happening},
    understanding::Utterance,
};

impl Stepper<'_> {
    pub(super) fn while_waiting(&mut self, meaning: Utterance) {
        match meaning {
            Utterance::Worked => self.helped(),
            Utterance::NeverMind => {
                self.change(TicketChange::Closed(Resolution::Abandoned));
                self.record(Actor::Requester, Happening::Closed { resolution: Resolution::Abandoned });
                self.go(Phase::Closed { resolution: Resolution::Abandoned, reopenable: false });
                self.tell(Phrase::ClosedByRequester);
            }
            Utterance::Thanks => self.say(Phrase::YouAreWelcome),
            _ => self.added_to_ticket(),
        }
    }

    /// Whoever works the ticket is told once, however often the desk is told.
    pub(super) fn missed(&mut self, from: Timestamp, until: Timestamp) {
        if self.open_ticket().is_some() && self.state.missed_since != Some(from) {
            self.state.missed_since = Some(from);
            self.record(Actor::Desk, Happening::Missed { from, until });
        }
    }

    /// What was said is in the timeline already; the requester is told so, once.
    pub(super) fn added_to_ticket(&mut self) {
        if let Phase::WaitingForHuman { reassured } = &mut self.state.phase
            && !*reassured
        {
            *reassured = true;
            self.say(Phrase::AddedToTicket);
        }
    }
}
