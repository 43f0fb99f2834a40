//! Lists of tickets in words, for agents in a chat.

use firstline_knowledge::Language;

use crate::{
    desk::{Desk, DeskError, StaffError},
    inbound::PlaceRef,
    people::AccountRef,
    phrases::escape_markdown,
    ports::{Limits, TicketFilter},
    ticket::{Ticket, TicketStatus},
};

/// Which tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Those that nobody has.
    Waiting,
    /// Those that the one who asks has.
    Own,
}

/// So many are shown; more nobody reads in a chat.
const SHOWN: usize = 15;

/// A summary's longest length in a list, in characters.
const LONGEST: usize = 70;

impl Desk {
    /// A message that goes past the outbox to a staff room may be sent now, and counts against what its platform allows. Nothing is
    /// counted where it may not.
    pub async fn may_say_in(&self, room: &PlaceRef, limits: &Limits) -> Result<bool, DeskError> {
        Ok(self.store().spend(room, limits, self.now()).await?)
    }

    /// A list as Markdown, in this language, or why the account may not see it. `granted`: the platform's own roles make the
    /// account staff, by the settings; otherwise the roster does. Either is read anew for every list.
    pub async fn list(
        &self,
        list: List,
        account: &AccountRef,
        granted: bool,
        language: Option<Language>,
    ) -> Result<String, DeskError> {
        let language = language.unwrap_or(self.policy().default_language);
        let person = self.person_by_account(account.platform, &account.user_id).await?;
        if !granted && !person.as_ref().is_some_and(|person| person.role.is_staff()) {
            return Ok(self.explain(language, &StaffError::NotStaff));
        }
        let say = |key: &str, arguments: &[(&str, &str)]| self.phrases().ui(language, key, arguments);
        let limit = u32::try_from(SHOWN + 1).unwrap_or(u32::MAX);
        let (filter, title, none) = match list {
            List::Waiting => {
                let filter = TicketFilter { statuses: vec![TicketStatus::New], limit, ..TicketFilter::default() };
                (filter, "room-list-waiting", "room-list-nothing-waits")
            }
            List::Own => {
                let Some(person) = &person else { return Ok(say("room-list-nothing-yours", &[])) };
                let statuses = TicketStatus::ALL.iter().copied().filter(|it| it.is_open()).collect();
                let filter = TicketFilter { statuses, assignee: Some(person.id), limit, ..TicketFilter::default() };
                (filter, "room-list-yours", "room-list-nothing-yours")
            }
        };
        let tickets = self.tickets(&filter).await?;
        if tickets.is_empty() {
            return Ok(say(none, &[]));
        }
        let mut lines = vec![say(title, &[])];
        for ticket in tickets.iter().take(SHOWN) {
            lines.push(self.list_line(ticket, language).await?);
        }
        if tickets.len() > SHOWN {
            lines.push(say("room-list-more", &[]));
        }
        // Two spaces before the end keep a line a line.
        Ok(lines.join("  \n"))
    }

    async fn list_line(&self, ticket: &Ticket, language: Language) -> Result<String, DeskError> {
        let say = |key: &str| self.phrases().ui(language, key, &[]);
        let requester = self.ticket_view(ticket.number).await?.map(|view| view.requester.name).unwrap_or_default();
        let mut summary: String = ticket.summary.split_whitespace().collect::<Vec<_>>().join(" ");
        if summary.chars().count() > LONGEST {
            summary = summary.chars().take(LONGEST - 1).chain(['…']).collect();
        }
        let arguments = [
            ("number", &*ticket.number.to_string()),
            ("summary", &*escape_markdown(&summary)),
            ("requester", &*escape_markdown(&requester)),
            ("priority", &*say(&format!("priority-{}", ticket.priority.as_str()))),
            ("status", &*say(&format!("status-name-{}", ticket.status.as_str()))),
        ];
        let line = self.phrases().ui(language, "room-list-line", &arguments);
        Ok(match self.pressing(language, ticket) {
            Some(clock) => [&line, " – ", &clock].concat(),
            None => line,
        })
    }
}
