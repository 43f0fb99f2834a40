//! Commands. They work in every state; their answers are the desk's, so that they may come while a human holds the
//! conversation: the requester asked for them.

use super::Stepper;
use crate::{
    command::Command,
    conversation::{
        effect::{Effect, TicketChange},
        state::{Phase, State},
    },
    phrases::{Phrase, TicketStatusLine},
    ticket::Resolution,
    timeline::{Actor, Happening},
};

impl Stepper<'_> {
    pub(super) fn command(&mut self, command: Command) {
        match command {
            Command::Start => self.tell(Phrase::Hello { desk: self.facts.policy.desk_name.clone() }),
            Command::Help => self.tell(Phrase::Help),
            Command::Privacy => self.tell(Phrase::Privacy),
            Command::Status => self.tell_status(),
            Command::Human => self.want_human(),
            Command::Language(Some(language)) => {
                self.learn_language(language);
                self.tell(Phrase::LanguageSet);
            }
            Command::Language(None) => self.tell(Phrase::LanguageWhich),
            Command::New => self.new_question(),
            Command::Close => self.close_by_requester(),
        }
    }

    fn new_question(&mut self) {
        match self.state.phase {
            _ if self.open_ticket().is_some() => self.tell(Phrase::TicketStillOpen),
            Phase::Greeting => {
                self.state = State {
                    prompt: self.state.prompt.clone(),
                    warned_of_secret: self.state.warned_of_secret,
                    went_on_with: self.state.went_on_with,
                    early_edits: std::mem::take(&mut self.state.early_edits),
                    missed_since: self.state.missed_since,
                    ..State::default()
                };
                self.tell(Phrase::NewQuestion);
            }
            Phase::Closed { .. } => self.effects.push(Effect::Renew),
            _ => {
                let reopenable = self.can_reopen();
                self.record(Actor::Requester, Happening::Closed { resolution: Resolution::Abandoned });
                self.go(Phase::Closed { resolution: Resolution::Abandoned, reopenable });
                self.effects.push(Effect::Renew);
            }
        }
    }

    pub(super) fn close_by_requester(&mut self) {
        if self.open_ticket().is_some() {
            self.change(TicketChange::Closed(Resolution::Confirmed));
            self.record(Actor::Requester, Happening::Closed { resolution: Resolution::Confirmed });
            self.go(Phase::Closed { resolution: Resolution::Confirmed, reopenable: false });
            self.tell(Phrase::ClosedByRequester);
        } else if matches!(self.state.phase, Phase::Rating { .. }) {
            self.end_rating();
        } else if matches!(self.state.phase, Phase::Closed { .. }) {
            self.tell(Phrase::CalledOff);
        } else {
            self.call_off();
        }
    }

    /// How the requester's tickets stand.
    pub(super) fn tell_status(&mut self) {
        let own = self.facts.ticket.filter(|ticket| ticket.status.is_open() || self.can_reopen());
        let mut lines: Vec<TicketStatusLine> = own
            .map(|ticket| TicketStatusLine {
                ticket: ticket.clone(),
                assignee: self.facts.assignee.map(str::to_owned),
                before: self.facts.waiting_before,
            })
            .into_iter()
            .collect();
        lines.extend(self.facts.other_tickets.iter().map(|ticket| TicketStatusLine {
            ticket: ticket.clone(),
            assignee: None,
            before: 0,
        }));
        if lines.is_empty() {
            return self.tell(Phrase::NoTickets);
        }
        for line in lines {
            self.tell(Phrase::Status(Box::new(line)));
        }
    }
}
