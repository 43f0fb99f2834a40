//! What agents do. Refused actions change nothing.

use super::Stepper;
use crate::{
    conversation::{
        effect::{Effect, TicketChange},
        event::{AgentRef, StaffAction},
        refusal::Refusal,
        state::Phase,
    },
    ids::OutboundId,
    macros::{Filling, MacroAction},
    outbound::Content,
    phrases::Phrase,
    ticket::{Resolution, Ticket, TicketStatus},
    timeline::{Actor, Happening},
};

impl Stepper<'_> {
    pub(super) fn staff(&mut self, agent: &AgentRef, action: &StaffAction) {
        if let Err(refusal) = self.try_staff(agent, action) {
            self.effects = vec![Effect::Refuse(refusal)];
        }
    }

    fn try_staff(&mut self, agent: &AgentRef, action: &StaffAction) -> Result<(), Refusal> {
        let ticket = self.facts.ticket.ok_or(Refusal::NoTicket)?;
        if let StaffAction::Note(text) = action {
            return self.note(agent, text);
        }
        if let Some(into) = ticket.merged_into {
            return Err(Refusal::AlreadyMerged { into });
        }
        if !ticket.status.is_open() {
            return Err(Refusal::AlreadyOver);
        }
        match action {
            StaffAction::Claim => self.claim(agent, ticket),
            StaffAction::Say(content) => self.relay(agent, ticket, content),
            StaffAction::Edit { target, message, content } => {
                // No words at all are left only where files are.
                let what = Happening::Edited { message: message.clone(), text: content.text.clone() };
                self.amend(agent, ticket, *target, Some(content), what)
            }
            StaffAction::Delete { target, message } => {
                self.amend(agent, ticket, *target, None, Happening::Deleted { message: message.clone() })
            }
            StaffAction::Retract { target, message, note } => {
                self.amend(agent, ticket, *target, None, Happening::Deleted { message: message.clone() })?;
                if note.trim().is_empty() { Ok(()) } else { self.note(agent, note) }
            }
            StaffAction::Note(_) => Ok(()),
            StaffAction::Release => self.release(agent, ticket),
            StaffAction::Macro { name } => self.use_macro(agent, ticket, name),
            StaffAction::Merge { confirmed, .. } => self.merge(agent, ticket, *confirmed),
            StaffAction::Transfer { queue, reason } => self.transfer(agent, ticket, queue, reason.as_deref()),
            StaffAction::SetPriority(priority) => {
                self.change(TicketChange::PrioritySet(*priority));
                self.record_by(agent, Happening::PrioritySet { priority: *priority });
                Ok(())
            }
            StaffAction::Hold => {
                self.must_hold(agent, ticket)?;
                self.change(TicketChange::PutOnHold);
                self.record_by(agent, Happening::PutOnHold);
                Ok(())
            }
            StaffAction::Resume => {
                self.must_hold(agent, ticket)?;
                if ticket.status != TicketStatus::OnHold {
                    return Err(Refusal::NotOnHold);
                }
                self.change(TicketChange::Resumed);
                self.record_by(agent, Happening::Resumed);
                Ok(())
            }
            StaffAction::ReturnToBot => self.return_to_bot(agent, ticket),
            StaffAction::Resolve => {
                self.must_not_be_anothers(agent, ticket)?;
                self.change(TicketChange::Resolved(Resolution::Assumed));
                self.record_by(agent, Happening::Resolved { resolution: Resolution::Assumed });
                self.begin_rating(&agent.name);
                Ok(())
            }
            StaffAction::Close => {
                self.must_not_be_anothers(agent, ticket)?;
                self.change(TicketChange::Closed(Resolution::Assumed));
                self.record_by(agent, Happening::Closed { resolution: Resolution::Assumed });
                self.go(Phase::Closed { resolution: Resolution::Assumed, reopenable: false });
                self.tell(Phrase::ClosedByDesk);
                Ok(())
            }
        }
    }

    fn claim(&mut self, agent: &AgentRef, ticket: &Ticket) -> Result<(), Refusal> {
        match ticket.assignee {
            Some(person) if person == agent.person => return Err(Refusal::AlreadyYours),
            Some(_) => return Err(Refusal::AlreadyClaimed { by: self.assignee_name() }),
            None => {}
        }
        self.change(TicketChange::Claimed(agent.clone()));
        self.record_by(agent, Happening::Claimed);
        self.go(Phase::WithHuman);
        self.tell(Phrase::AgentJoined { name: agent.name.clone() });
        Ok(())
    }

    fn relay(&mut self, agent: &AgentRef, ticket: &Ticket, content: &Content) -> Result<(), Refusal> {
        self.must_hold(agent, ticket)?;
        if content.is_empty() {
            return Err(Refusal::NothingToSay);
        }
        self.change(TicketChange::Answered);
        self.effects.push(Effect::Relay { agent: agent.clone(), content: content.clone() });
        Ok(())
    }

    fn amend(
        &mut self,
        agent: &AgentRef,
        ticket: &Ticket,
        target: OutboundId,
        content: Option<&Content>,
        what: Happening,
    ) -> Result<(), Refusal> {
        self.must_hold(agent, ticket)?;
        self.effects.push(Effect::Amend { agent: agent.clone(), target, content: content.cloned() });
        self.record_by(agent, what);
        Ok(())
    }

    fn note(&mut self, agent: &AgentRef, text: &str) -> Result<(), Refusal> {
        if text.trim().is_empty() {
            return Err(Refusal::NothingToSay);
        }
        self.record_by(agent, Happening::Note { text: text.to_owned(), attachments: Vec::new() });
        Ok(())
    }

    fn release(&mut self, agent: &AgentRef, ticket: &Ticket) -> Result<(), Refusal> {
        self.must_hold(agent, ticket)?;
        self.change(TicketChange::Released);
        self.record_by(agent, Happening::Released);
        self.go(Phase::WaitingForHuman { reassured: true });
        self.tell(Phrase::AgentLeft);
        Ok(())
    }

    /// The answer goes out like any other of the agent's, and then what belongs to it is done like any other action.
    fn use_macro(&mut self, agent: &AgentRef, ticket: &Ticket, name: &str) -> Result<(), Refusal> {
        let macros = &self.facts.looked_up.macros;
        let wanted = name.trim().to_lowercase();
        let Some(found) = macros.iter().find(|it| it.name.as_str() == wanted) else {
            return Err(Refusal::UnknownMacro { known: macros.iter().map(|it| it.name.to_string()).collect() });
        };
        let number = ticket.number.to_string();
        let requester = self.facts.requester;
        let filling = Filling { requester: &requester.name, agent: &agent.name, ticket: &number };
        let text = found.filled(requester.language, self.facts.policy.default_language, filling);
        self.record_by(agent, Happening::UsedMacro { name: found.name.to_string() });
        self.relay(agent, ticket, &Content::plain(text))?;
        for action in &found.actions {
            let action = match action {
                MacroAction::Priority(priority) => StaffAction::SetPriority(*priority),
                MacroAction::Hold => StaffAction::Hold,
                MacroAction::Resolve => StaffAction::Resolve,
            };
            self.try_staff(agent, &action)?;
        }
        Ok(())
    }

    fn transfer(
        &mut self,
        agent: &AgentRef,
        ticket: &Ticket,
        queue: &str,
        reason: Option<&str>,
    ) -> Result<(), Refusal> {
        self.must_not_be_anothers(agent, ticket)?;
        let queues = &self.facts.policy.queues;
        let Some((queue, behind)) = queue_and_rest(queues, queue) else {
            return Err(Refusal::UnknownQueue { known: queues.clone() });
        };
        if ticket.queue == queue {
            return Err(Refusal::SameQueue);
        }
        let reason = reason.map_or(behind, str::trim);
        let reason = (!reason.is_empty()).then(|| reason.to_owned());
        self.change(TicketChange::Transferred { queue: queue.to_owned() });
        self.record_by(agent, Happening::Transferred { from: ticket.queue.clone(), to: queue.to_owned(), reason });
        self.go(Phase::WaitingForHuman { reassured: true });
        self.tell(Phrase::Transferred);
        Ok(())
    }

    fn return_to_bot(&mut self, agent: &AgentRef, ticket: &Ticket) -> Result<(), Refusal> {
        self.must_hold(agent, ticket)?;
        self.change(TicketChange::ReturnedToBot);
        self.record_by(agent, Happening::ReturnedToBot);
        self.state.failed_attempts = 0;
        self.go(Phase::Greeting);
        self.say(Phrase::BotIsBack);
        Ok(())
    }

    /// The agent has the ticket.
    fn must_hold(&self, agent: &AgentRef, ticket: &Ticket) -> Result<(), Refusal> {
        match ticket.assignee {
            Some(person) if person == agent.person => Ok(()),
            Some(_) => Err(Refusal::HeldByAnother { by: self.assignee_name() }),
            None => Err(Refusal::ClaimFirst),
        }
    }

    /// Nobody else has the ticket.
    pub(super) fn must_not_be_anothers(&self, agent: &AgentRef, ticket: &Ticket) -> Result<(), Refusal> {
        match ticket.assignee {
            Some(person) if person != agent.person => Err(Refusal::HeldByAnother { by: self.assignee_name() }),
            _ => Ok(()),
        }
    }

    fn assignee_name(&self) -> String {
        self.facts.assignee.unwrap_or("?").to_owned()
    }

    pub(super) fn record_by(&mut self, agent: &AgentRef, what: Happening) {
        self.record(Actor::Agent { person: agent.person, name: agent.name.clone() }, what);
    }
}

/// The queue that is named, and what stands behind it. Names of queues may have spaces, so the longest that fits is meant.
fn queue_and_rest<'t>(queues: &'t [String], text: &'t str) -> Option<(&'t str, &'t str)> {
    let fitting = queues.iter().filter_map(|queue| {
        let rest = text.trim().strip_prefix(queue.as_str())?;
        (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some((queue.as_str(), rest.trim()))
    });
    fitting.max_by_key(|(queue, _)| queue.len())
}
