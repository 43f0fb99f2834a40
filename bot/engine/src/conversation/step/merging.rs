//! Two tickets that are one: this conversation's becomes a part of another one's, where everything goes on.

use super::Stepper;
use crate::{
    command::Command,
    conversation::{
        effect::{Effect, TicketChange},
        event::AgentRef,
        facts::OtherTicket,
        refusal::Refusal,
        state::Phase,
    },
    inbound::{Attachment, InboundKind},
    phrases::Phrase,
    ticket::{Resolution, Ticket},
    timeline::{Happening, SaidElsewhere},
};

impl Stepper<'_> {
    pub(super) fn merge(&mut self, agent: &AgentRef, ticket: &Ticket, confirmed: bool) -> Result<(), Refusal> {
        self.must_not_be_anothers(agent, ticket)?;
        let other = self.facts.looked_up.other.as_ref().ok_or(Refusal::NoTicket)?;
        let into = other.ticket.number;
        if other.ticket.id == ticket.id {
            return Err(Refusal::SameTicket);
        }
        if let Some(into) = other.ticket.merged_into {
            return Err(Refusal::OtherIsMerged { into });
        }
        if !other.ticket.status.is_open() {
            return Err(Refusal::OtherIsOver);
        }
        let same_requester = other.ticket.requester == ticket.requester;
        if !same_requester && !confirmed {
            return Err(Refusal::OtherRequester { name: other.requester.name.clone(), into });
        }
        let what = Happening::MergedFrom {
            ticket: ticket.number,
            summary: ticket.summary.clone(),
            said: self.facts.looked_up.said.clone(),
        };
        self.change(TicketChange::Merged { into });
        // One place of two that belong to different people would show each what the other is told.
        let joins = same_requester && other.platform == self.facts.platform;
        self.effects.push(Effect::Merge { agent: agent.clone(), into: other.ticket.conversation, what, joins });
        self.record_by(agent, Happening::MergedInto { ticket: into });
        self.go(Phase::Closed { resolution: Resolution::Assumed, reopenable: false });
        self.tell(Phrase::Merged { into });
        Ok(())
    }

    /// Passes on what the requester of a merged ticket writes, as long as the ticket of which it is a part is open. False where
    /// it is to be understood like anything else.
    pub(super) fn passed_on(&mut self, kind: &InboundKind) -> bool {
        let (Some(other), Some(ticket)) = (self.merged_into(), self.facts.ticket) else { return false };
        let (into, number) = (other.ticket.conversation, other.ticket.number);
        let text = match kind {
            InboundKind::Message { text, attachments, .. } if Command::parse(text).is_none() => {
                with_names(text, attachments)
            }
            InboundKind::Request { summary, description, .. } => format!("{summary}\n\n{description}"),
            // It has come from a ticket that was merged into this one, and goes on like it.
            InboundKind::PassedOn { ticket, said } => {
                self.effects.push(Effect::PassOn { into, ticket: *ticket, said: said.clone() });
                return true;
            }
            _ => return false,
        };
        let said = SaidElsewhere { name: self.facts.requester.name.clone(), text: text.trim().to_owned() };
        self.effects.push(Effect::PassOn { into, ticket: ticket.number, said });
        if !self.state.told_of_merging {
            self.state.told_of_merging = true;
            self.tell(Phrase::PassedOn { into: number });
        }
        true
    }

    fn merged_into(&self) -> Option<&OtherTicket> {
        self.facts.ticket?.merged_into?;
        self.facts.looked_up.other.as_ref().filter(|other| other.ticket.status.is_open())
    }
}

/// The words, and the names of the files, which stay where they were sent.
fn with_names(text: &str, files: &[Attachment]) -> String {
    files.iter().fold(text.to_owned(), |text, file| format!("{text}\n[{}]", file.name))
}
