//! To a human: what a ticket needs is asked for, briefly, and everything can be left out.
//!
//! ```text
//! requester: human
//! bot: I'll get a person for you. What is it about? One sentence is enough.   [Skip]
//! requester: my screen flickers
//! bot: So that it lands in the right place: who is affected?   [1] Only me [2] My team [3] Everyone here [4] Skip
//! requester: skip
//! bot: How much does it keep you from working?   …
//! requester: i can work, but badly
//! desk: I have opened ticket #1001 …
//! ```

use super::Stepper;
use crate::{
    conversation::{
        effect::{Effect, TicketChange},
        state::{ChoiceAction, Draft, Field, Phase},
    },
    ids::OutboundId,
    phrases::Phrase,
    ticket::{Impact, OTHER_CATEGORY, Resolution, Urgency},
    timeline::{Actor, Happening},
    understanding::Utterance,
};

/// A summary is one line that fits a list.
const SUMMARY_CHARS: usize = 160;

impl Stepper<'_> {
    /// "Talk to a human", in whatever state.
    pub(super) fn want_human(&mut self) {
        match self.state.phase.clone() {
            Phase::WithHuman => {}
            Phase::WaitingForHuman { .. } => self.tell_status(),
            // Asked for twice: enough questions.
            Phase::Collecting { draft, .. } => self.hand_over(draft),
            Phase::Rating { .. } | Phase::Closed { .. } if self.can_reopen() => self.reopen(),
            Phase::Closed { .. } => self.effects.push(Effect::Renew),
            // The ticket of a conversation that a human gave back to the bot goes on.
            _ if self.open_ticket().is_some() => self.requeue(),
            _ => self.begin_collecting(),
        }
    }

    /// A form was handed in: what it says is in the timeline, and what a ticket needs besides is asked for.
    pub(super) fn request(&mut self, text: &str) {
        self.state.untouched = false;
        let line = Some(summary(text)).filter(|line| !line.is_empty());
        match self.state.phase.clone() {
            Phase::WithHuman => self.requester_replied(),
            Phase::WaitingForHuman { .. } => self.tell(Phrase::AddedToTicket),
            Phase::Rating { .. } => {
                let resolution = self.facts.ticket.and_then(|ticket| ticket.resolution).unwrap_or(Resolution::Assumed);
                self.go(Phase::Closed { resolution, reopenable: self.can_reopen() });
                self.effects.push(Effect::Renew);
            }
            Phase::Closed { .. } => self.effects.push(Effect::Renew),
            _ if self.open_ticket().is_some() => self.requeue(),
            Phase::Collecting { draft, .. } => self.ask_for(Draft { summary: line, ..draft }, None),
            _ => self.ask_for(Draft { summary: line, category: self.likely_category(), ..Draft::default() }, None),
        }
    }

    fn begin_collecting(&mut self) {
        let draft = Draft {
            summary: self.state.question.as_ref().map(|asked| summary(&asked.text)).filter(|text| !text.is_empty()),
            category: self.likely_category(),
            ..Draft::default()
        };
        self.ask_for(draft, None);
    }

    /// The category of what was tried, or of what fits the question best.
    fn likely_category(&self) -> Option<String> {
        let tried = self.state.tried.last().map(|tried| &tried.article);
        let candidate = match &self.state.phase {
            Phase::Clarifying { candidates } => candidates.first().map(|article| &article.id),
            _ => None,
        };
        let article = tried.or(candidate)?;
        let found = self.facts.library.article(article, self.facts.requester.language)?;
        Some(found.category.clone())
    }

    /// Asks for the first thing after `asked` that is missing, or opens the ticket.
    fn ask_for(&mut self, draft: Draft, asked: Option<Field>) {
        const ORDER: [Field; 4] = [Field::Summary, Field::Category, Field::Impact, Field::Urgency];
        let from = asked.and_then(|asked| ORDER.iter().position(|field| *field == asked)).map_or(0, |index| index + 1);
        let missing = ORDER.iter().skip(from).copied().find(|field| match field {
            Field::Summary => draft.summary.is_none(),
            Field::Category => draft.category.is_none(),
            Field::Impact => draft.impact.is_none(),
            Field::Urgency => draft.urgency.is_none(),
        });
        let Some(field) = missing else {
            return self.hand_over(draft);
        };
        let mut choices: Vec<ChoiceAction> = match field {
            Field::Summary => Vec::new(),
            Field::Category => self.categories(),
            Field::Impact => Impact::ALL.iter().map(|&impact| ChoiceAction::Impact { impact }).collect(),
            Field::Urgency => Urgency::ALL.iter().map(|&urgency| ChoiceAction::Urgency { urgency }).collect(),
        };
        choices.push(ChoiceAction::Skip);
        self.go(Phase::Collecting { draft, asking: field });
        self.offer(Phrase::Ask { field, first: asked.is_none() }, choices);
    }

    /// The categories of the knowledge base and "something else"; as many as fit a list on every platform.
    fn categories(&self) -> Vec<ChoiceAction> {
        const MOST: usize = 20;
        let known =
            self.facts.library.categories().iter().filter(|category| *category != OTHER_CATEGORY).take(MOST).cloned();
        known.chain([OTHER_CATEGORY.to_owned()]).map(|category| ChoiceAction::Category { category }).collect()
    }

    /// An answer, or a skip, to what was asked for.
    pub(super) fn collected(&mut self, fill: impl FnOnce(&mut Draft)) {
        let Phase::Collecting { mut draft, asking } = self.state.phase.clone() else {
            return self.say(Phrase::StaleChoice);
        };
        fill(&mut draft);
        self.ask_for(draft, Some(asking));
    }

    pub(super) fn collect(&mut self, text: &str, meaning: Utterance, draft: Draft, asking: Field) {
        match (asking, meaning) {
            (_, Utterance::NeverMind) => self.call_off(),
            (_, Utterance::Worked) => self.helped(),
            (_, Utterance::Skip) => self.collected(|_| ()),
            (Field::Summary, Utterance::No | Utterance::Thanks | Utterance::Hello) => self.collected(|_| ()),
            (Field::Summary, _) => {
                let line = summary(text);
                self.ask_for(Draft { summary: Some(line), ..draft }, Some(asking));
            }
            // It is in the timeline, where the agent reads it; asking again would only be in the way.
            _ => self.collected(|_| ()),
        }
    }

    /// Opens the ticket.
    pub(super) fn hand_over(&mut self, draft: Draft) {
        if self.state.ticket.is_some() {
            return self.requeue();
        }
        self.state.ticket = Some(self.facts.fresh_ticket);
        self.go(Phase::WaitingForHuman { reassured: false });
        self.effects.push(Effect::OpenTicket { draft, tried: self.state.tried.clone() });
        self.tell(Phrase::TicketOpened { before: self.facts.waiting_before });
    }

    /// Lays the conversation's ticket back into its queue.
    fn requeue(&mut self) {
        self.change(TicketChange::Released);
        self.record(Actor::Bot, Happening::Released);
        self.go(Phase::WaitingForHuman { reassured: true });
        self.tell(Phrase::AddedToTicket);
    }

    /// What the bot said will never arrive: a human has to see to whoever waits for it. Whoever works a ticket is told of it there, and
    /// at the end nobody waits for anything.
    pub(super) fn unheard(&mut self, message: OutboundId, reason: &str) {
        if !matches!(
            self.state.phase,
            Phase::WithHuman | Phase::WaitingForHuman { .. } | Phase::Rating { .. } | Phase::Closed { .. }
        ) {
            self.record(Actor::Desk, Happening::Unheard { reason: reason.to_owned() });
            self.give_up(&message.to_string());
        }
    }

    /// The bot failed: a human has to, with what is known.
    pub(super) fn failed_inside(&mut self, reference: &str) {
        self.record(Actor::Desk, Happening::Failed { reference: reference.to_owned() });
        self.give_up(reference);
    }

    fn give_up(&mut self, reference: &str) {
        match self.state.phase.clone() {
            // A human is there already and sees it in the timeline.
            Phase::WithHuman | Phase::WaitingForHuman { .. } => {}
            phase => {
                let draft = match phase {
                    Phase::Collecting { draft, .. } => draft,
                    _ => Draft {
                        summary: self.state.question.as_ref().map(|asked| summary(&asked.text)),
                        category: self.likely_category(),
                        ..Draft::default()
                    },
                };
                self.tell(Phrase::BotFailed { reference: reference.to_owned() });
                if self.facts.ticket.is_some_and(|ticket| !ticket.status.is_open()) {
                    self.reopen_ticket(Actor::Desk);
                } else {
                    self.hand_over(draft);
                }
            }
        }
    }
}

/// A text as one line that fits a list.
fn summary(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SUMMARY_CHARS) {
        Some((end, _)) => [line.get(..end).unwrap_or_default(), "…"].concat(),
        None => line,
    }
}
