//! What staff do and see. The console, the commands and the terminal all come through here, so that roles are checked, and
//! races are decided, in one place.

use std::time::Duration;

use firstline_knowledge::Language;

use crate::{
    conversation::{AgentRef, Event, Refusal, StaffAction},
    desk::{Desk, DeskError, LEASE, turn::Turned},
    ids::PersonId,
    people::{AccountRef, Person, Platform, Role},
    ports::{AuditEntry, QueueHealth, StoreError, TicketFilter},
    ticket::{Ticket, TicketNumber},
    timeline::Entry,
};

/// A ticket with the people in it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TicketView {
    /// The ticket.
    pub ticket: Ticket,
    /// Who asked.
    pub requester: Person,
    /// Who works on it.
    pub assignee: Option<Person>,
    /// Where the requester is.
    pub platform: Platform,
}

/// Why something staff wanted was not done.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// The person may not do this.
    #[error("only agents and admins may do this")]
    NotStaff,
    /// It cannot be done as things stand. [`crate::phrases::Phrases::refusal`] says it in words.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// Somebody else is changing this conversation and does not finish; try again.
    #[error("the conversation is busy; try again")]
    Busy,
    /// Our own code failed; nothing was changed.
    #[error("an internal failure")]
    Failed,
    /// The desk failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<StoreError> for StaffError {
    fn from(error: StoreError) -> Self {
        Self::Desk(error.into())
    }
}

impl Desk {
    /// Does something to a ticket. Of any number of simultaneous claims one wins; the others are told who. When this returns,
    /// it is committed.
    pub async fn act(&self, agent: PersonId, number: TicketNumber, action: StaffAction) -> Result<Ticket, StaffError> {
        // The role is read anew for every action, so that a role taken away stops working at once.
        let person =
            self.store().person(agent).await?.filter(|person| person.role.is_staff()).ok_or(StaffError::NotStaff)?;
        let ticket = self.store().ticket(number).await?.ok_or(StaffError::Refused(Refusal::NoTicket))?;
        let event = Event::Staff { agent: AgentRef { person: person.id, name: person.name }, action };
        // Whoever holds the conversation needs milliseconds, unless it has died: then its lease has to run out, or its end to be
        // noticed. It is kept for us then, however much else there is to do in it; but other agents may ask for it, too.
        let deadline = self.now().after(LEASE * 4);
        loop {
            if let Some(lease) = self.store().lease(ticket.conversation, &self.inner.owner, LEASE).await? {
                let turned = self.turn(&lease, Some(event.clone())).await;
                self.store().release(&lease).await?;
                match turned? {
                    Turned::Done => break,
                    Turned::Refused(refusal) => return Err(StaffError::Refused(refusal)),
                    // Between our lease and our commit somebody took over: begin again.
                    Turned::LeaseLost => {}
                    Turned::Failed => return Err(StaffError::Failed),
                    Turned::Nothing | Turned::Incomplete(_) => return Err(StaffError::Refused(Refusal::NoTicket)),
                }
            }
            if self.now() > deadline {
                return Err(StaffError::Busy);
            }
            self.wait_for_change(Duration::from_millis(20)).await;
        }
        self.store().ticket(number).await?.ok_or(StaffError::Refused(Refusal::NoTicket))
    }

    /// The tickets that fit, those to be worked on first at the top.
    pub async fn tickets(&self, filter: &TicketFilter) -> Result<Vec<Ticket>, DeskError> {
        Ok(self.store().tickets(filter).await?)
    }

    /// A ticket with the people in it.
    pub async fn ticket_view(&self, number: TicketNumber) -> Result<Option<TicketView>, DeskError> {
        let Some(ticket) = self.store().ticket(number).await? else { return Ok(None) };
        let Some(loaded) = self.store().load(ticket.conversation).await? else { return Ok(None) };
        let assignee = match ticket.assignee {
            Some(person) => self.store().person(person).await?,
            None => None,
        };
        Ok(Some(TicketView {
            ticket,
            requester: loaded.requester,
            assignee,
            platform: loaded.conversation.place.platform,
        }))
    }

    /// The lines of a ticket's timeline after the line `after` (0 for all), oldest first, notes included: for staff only.
    pub async fn ticket_timeline(&self, ticket: &Ticket, after: i64, limit: u32) -> Result<Vec<Entry>, DeskError> {
        Ok(self.store().timeline(ticket.conversation, after, limit, true).await?)
    }

    /// Sends an ambiguous or dead message again, because a person decided so. False when it is neither.
    pub async fn resend(&self, agent: PersonId, message: crate::ids::OutboundId) -> Result<bool, StaffError> {
        self.store().person(agent).await?.filter(|person| person.role.is_staff()).ok_or(StaffError::NotStaff)?;
        Ok(self.store().resend(message, self.now()).await?)
    }

    /// Everybody who is staff.
    pub async fn staff(&self) -> Result<Vec<Person>, DeskError> {
        Ok(self.store().staff().await?)
    }

    /// Gives an account a role, making the account if it is new; `by` goes into the audit log.
    pub async fn set_role(&self, account: &AccountRef, role: Role, by: &str) -> Result<Person, DeskError> {
        let (_, person) = self.store().ensure_account(account, self.now()).await?;
        self.store().set_role(person.id, role, by, self.now()).await?;
        Ok(Person { role, ..person })
    }

    /// The newest lines of the audit log.
    pub async fn audit(&self, limit: u32) -> Result<Vec<AuditEntry>, DeskError> {
        Ok(self.store().audit(limit).await?)
    }

    /// How much is waiting.
    pub async fn health(&self) -> Result<QueueHealth, DeskError> {
        Ok(self.store().health(self.now()).await?)
    }

    /// Why something was not done, in words for the agent.
    #[must_use]
    pub fn explain(&self, language: Language, error: &StaffError) -> String {
        let phrases = self.phrases();
        match error {
            StaffError::NotStaff => phrases.ui(language, "refused-not-staff", &[]),
            StaffError::Refused(refusal) => phrases.refusal(language, refusal),
            StaffError::Busy => phrases.ui(language, "refused-busy", &[]),
            StaffError::Failed | StaffError::Desk(_) => {
                let reference = self.inner.ids.fresh().to_string();
                tracing::error!(reference, %error, "an agent's action failed");
                phrases.ui(language, "refused-internal", &[("reference", &reference)])
            }
        }
    }
}
