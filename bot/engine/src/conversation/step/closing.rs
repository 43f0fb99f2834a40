//! The end, and what comes after it: the rating, a ticket that is reopened, a new question.

use firstline_knowledge::Conclusion;

use super::Stepper;
use crate::{
    conversation::{
        effect::{Effect, TicketChange},
        state::{ChoiceAction, Phase, RatingStage},
    },
    phrases::Phrase,
    ticket::Resolution,
    timeline::{Actor, Happening},
    understanding::{Utterance, sounds_like_relapse},
};

impl Stepper<'_> {
    pub(super) fn about_the_rating(&mut self, text: &str, meaning: Utterance, stage: RatingStage) {
        match (stage, meaning) {
            (_, Utterance::Worked) | (RatingStage::Stars, Utterance::Thanks) => {
                self.confirm();
                self.go(Phase::Closed { resolution: Resolution::Confirmed, reopenable: true });
                self.say(Phrase::YouAreWelcome);
            }
            (_, Utterance::Failed) => self.reopen(),
            (_, Utterance::Skip | Utterance::No | Utterance::NeverMind) => self.end_rating(),
            (RatingStage::Comment, Utterance::Other) if !self.is_new_question(text) => {
                self.change(TicketChange::Commented(text.to_owned()));
                self.record(Actor::Requester, Happening::RatingComment { text: text.to_owned() });
                self.end_rating();
            }
            (RatingStage::Comment, Utterance::Thanks | Utterance::Yes | Utterance::Hello | Utterance::SmallTalk) => {
                self.end_rating();
            }
            _ => self.reopen_or_renew(text),
        }
    }

    pub(super) fn rate(&mut self, stars: u8) {
        if !matches!(self.state.phase, Phase::Rating { stage: RatingStage::Stars }) {
            return self.say(Phrase::StaleChoice);
        }
        let stars = stars.clamp(1, 5);
        self.change(TicketChange::Rated { stars });
        self.record(Actor::Requester, Happening::Rated { stars });
        self.go(Phase::Rating { stage: RatingStage::Comment });
        self.offer(Phrase::AskComment, vec![ChoiceAction::Skip]);
    }

    pub(super) fn end_rating(&mut self) {
        let resolution = self.facts.ticket.and_then(|ticket| ticket.resolution).unwrap_or(Resolution::Assumed);
        self.go(Phase::Closed { resolution, reopenable: true });
        self.say(Phrase::RatingThanks);
    }

    /// The requester says that the resolved ticket is really solved.
    fn confirm(&mut self) {
        if self.can_reopen() {
            self.change(TicketChange::Resolved(Resolution::Confirmed));
            self.record(Actor::Requester, Happening::Resolved { resolution: Resolution::Confirmed });
        }
    }

    pub(super) fn after_the_end(&mut self, text: &str, meaning: Utterance) {
        match meaning {
            Utterance::Thanks => self.say(Phrase::YouAreWelcome),
            Utterance::Worked if self.can_reopen() => {
                self.confirm();
                self.say(Phrase::GladItHelped);
            }
            Utterance::Yes | Utterance::No | Utterance::Skip | Utterance::NeverMind | Utterance::Worked => {
                self.say(Phrase::YouAreWelcome);
            }
            _ => self.reopen_or_renew(text),
        }
    }

    /// A reply after the end reopens the ticket, unless it is plainly about something else.
    fn reopen_or_renew(&mut self, text: &str) {
        if self.can_reopen() && !self.is_new_question(text) {
            self.reopen();
        } else {
            if let Phase::Rating { .. } = self.state.phase {
                let resolution = self.facts.ticket.and_then(|ticket| ticket.resolution).unwrap_or(Resolution::Assumed);
                self.go(Phase::Closed { resolution, reopenable: self.can_reopen() });
            }
            self.effects.push(Effect::Renew);
        }
    }

    /// The knowledge base knows an answer that was not tried for the ticket, and nothing in the words says "again".
    fn is_new_question(&self, text: &str) -> bool {
        let known = self.facts.verdict.is_some_and(|verdict| verdict.conclusion == Conclusion::Answer);
        known && !sounds_like_relapse(text)
    }

    /// The ticket goes on: with its last agent, else in its queue. If that was a mistake, one press undoes it.
    pub(super) fn reopen(&mut self) {
        self.reopen_ticket(Actor::Requester);
        self.tell_offering(Phrase::Reopened, vec![ChoiceAction::SomethingNew]);
    }

    /// A reopened ticket is its last agent's, or anybody's; also where that agent is not on duty, so that nobody waits for them.
    pub(super) fn reopen_ticket(&mut self, actor: Actor) {
        self.change(TicketChange::Reopened);
        self.record(actor, Happening::Reopened);
        let assigned = self.facts.ticket.is_some_and(|ticket| ticket.assignee.is_some());
        if assigned && self.facts.assignee_is_away {
            self.change(TicketChange::Released);
        }
        let assigned = assigned && !self.facts.assignee_is_away;
        self.go(if assigned { Phase::WithHuman } else { Phase::WaitingForHuman { reassured: true } });
    }

    /// The reply that reopened the ticket was about something else: the ticket is resolved as it was.
    pub(super) fn something_new(&mut self) {
        if self.open_ticket().is_none() {
            return self.say(Phrase::StaleChoice);
        }
        self.close(Actor::Requester, Resolution::Assumed);
        self.tell(Phrase::AskNewQuestion);
    }

    pub(super) fn time_up(&mut self) {
        match self.state.phase.clone() {
            // They were given an answer and left.
            Phase::Answered { .. } | Phase::Guiding { step: 0, .. } => self.close(Actor::Desk, Resolution::Assumed),
            Phase::Guiding { .. } | Phase::Clarifying { .. } | Phase::OfferingHuman { .. } => {
                self.close(Actor::Desk, Resolution::Abandoned);
            }
            // They asked for a human: they get one, with what is known.
            Phase::Collecting { draft, .. } => self.hand_over(draft),
            Phase::Rating { .. } => {
                let resolution = self.facts.ticket.and_then(|ticket| ticket.resolution).unwrap_or(Resolution::Assumed);
                self.go(Phase::Closed { resolution, reopenable: true });
            }
            Phase::Closed { resolution, reopenable: true } => {
                if self.facts.ticket.is_some_and(|ticket| ticket.status == crate::ticket::TicketStatus::Resolved) {
                    self.change(TicketChange::Closed(resolution));
                    self.record(Actor::Desk, Happening::Closed { resolution });
                }
                self.go(Phase::Closed { resolution, reopenable: false });
            }
            Phase::Greeting | Phase::WaitingForHuman { .. } | Phase::WithHuman | Phase::Closed { .. } => {}
        }
    }
}
