//! What each line that an agent types does.

use firstline_engine::{
    conversation::{Refusal, StaffAction},
    desk::{DeskError, StaffError},
    ticket::{Ticket, TicketNumber},
    timeline::Entry,
};

use crate::{
    TerminalError,
    agent::{
        command::Typed,
        console::{Console, waiting_filter},
        follow::{self, Following},
        view,
    },
    line::{Line, one_line},
    speech::Tag,
};

/// Whether to go on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Stay,
    Leave,
}

/// How many tickets to list; the rest is counted.
const LISTED: usize = 20;

/// How many lines of a ticket to show when coming back to it.
const RECENT: usize = 10;

/// Why something was not done.
pub(super) enum Failure {
    /// The agent is told why, and goes on.
    Refused(StaffError),
    /// The console cannot go on.
    Ended(TerminalError),
}

impl From<StaffError> for Failure {
    fn from(error: StaffError) -> Self {
        Self::Refused(error)
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<TerminalError> for Failure {
    fn from(error: TerminalError) -> Self {
        Self::Ended(error)
    }
}

impl Console {
    /// Does what a line asks for.
    pub(super) async fn handle(&mut self, line: &str) -> Result<Next, TerminalError> {
        let typed = Typed::read(line);
        if typed == Typed::Quit {
            return Ok(Next::Leave);
        }
        match self.perform(typed).await {
            Ok(()) => {}
            Err(Failure::Refused(error)) => self.refused(&error).await?,
            Err(Failure::Ended(error)) => return Err(error),
        }
        Ok(Next::Stay)
    }

    async fn perform(&mut self, typed: Typed) -> Result<(), Failure> {
        match typed {
            Typed::Nothing | Typed::Quit => {}
            Typed::Help => self.tell("terminal-agent-help", &[]).await?,
            Typed::Queue => {
                let waiting = self.desk.tickets(&waiting_filter()).await?;
                self.show_queue(&waiting).await?;
            }
            Typed::Mine => self.show_mine().await?,
            Typed::Claim(Some(number)) => self.claim(number).await?,
            Typed::Claim(None) => self.claim_any().await?,
            Typed::Show(number) => match number.or(self.current) {
                Some(number) => self.show(number).await?,
                None => self.tell("terminal-no-current", &[]).await?,
            },
            Typed::Switch(number) => self.switch(number).await?,
            Typed::Resend => self.resend().await?,
            Typed::Duty(to) => {
                let text = self.desk.duty_of_person(self.me, to, self.words().language).await?;
                let lines = text.lines().map(|line| Line::plain(one_line(line))).collect();
                self.print(Tag::Ticket.before(lines)).await?;
            }
            Typed::Act(action) => match self.current {
                Some(number) => {
                    let is_words = matches!(action, StaffAction::Say(_) | StaffAction::Note(_));
                    self.desk.act(self.me, number, action).await?;
                    self.unticked += usize::from(is_words);
                }
                None => self.tell("terminal-no-current", &[]).await?,
            },
            Typed::Wrong { phrase, typed } => self.tell(phrase, &[("typed", &one_line(&typed))]).await?,
        }
        Ok(())
    }

    async fn claim(&mut self, number: TicketNumber) -> Result<(), Failure> {
        let ticket = self.desk.act(self.me, number, StaffAction::Claim).await?;
        self.current = Some(number);
        self.follow(ticket).await?;
        self.show(number).await
    }

    /// Takes the ticket to be worked on first. One that somebody else takes at the same moment is passed over.
    async fn claim_any(&mut self) -> Result<(), Failure> {
        for ticket in self.desk.tickets(&waiting_filter()).await? {
            match self.claim(ticket.number).await {
                Err(Failure::Refused(StaffError::Refused(Refusal::AlreadyClaimed { .. }))) => {}
                result => return result,
            }
        }
        Ok(self.tell("terminal-nothing-waits", &[]).await?)
    }

    /// Shows a ticket's card.
    async fn show(&self, number: TicketNumber) -> Result<(), Failure> {
        let view = self.desk.ticket_view(number).await?.ok_or(StaffError::Refused(Refusal::NoTicket))?;
        let entries = follow::all(&self.desk, &view.ticket, 0).await?;
        let clocks = self.desk.clock_lines(self.words().language, &self.desk.clocks(&view.ticket));
        Ok(self.print(view::card(self.words(), &view, &clocks, &entries, self.desk.now())).await?)
    }

    async fn switch(&mut self, number: TicketNumber) -> Result<(), Failure> {
        let Some(following) = self.mine.get(&number) else {
            return Ok(self.tell("terminal-not-yours", &[("ticket", &number.to_string())]).await?);
        };
        let entries = follow::all(&self.desk, &following.ticket, 0).await?;
        self.current = Some(number);
        Ok(self.show_current(&entries).await?)
    }

    /// Shows which ticket is current now, and what was said in it last.
    pub(super) async fn show_current(&self, entries: &[Entry]) -> Result<(), TerminalError> {
        let Some(following) = self.current.and_then(|number| self.mine.get(&number)) else { return Ok(()) };
        let Following { ticket, requester, .. } = following;
        let number = ticket.number.to_string();
        let arguments =
            [("ticket", &*number), ("summary", &*one_line(&ticket.summary)), ("requester", &*one_line(requester))];
        let mut lines = Tag::Ticket.before(self.words().lines("terminal-current", &arguments));
        for entry in entries.iter().skip(entries.len().saturating_sub(RECENT)) {
            lines.extend(view::timeline_line(self.words(), entry, requester));
        }
        self.print(lines).await
    }

    async fn resend(&mut self) -> Result<(), Failure> {
        let Some(following) = self.current.and_then(|number| self.mine.get_mut(&number)) else {
            return Ok(self.tell("terminal-no-current", &[]).await?);
        };
        let mut count = 0;
        for (line, message) in following.undelivered(&self.desk).await? {
            if self.desk.resend(self.me, message).await? {
                following.resent(line);
                count += 1;
            }
        }
        Ok(self.tell("terminal-resent", &[("count", &count.to_string())]).await?)
    }

    pub(super) async fn show_queue(&self, waiting: &[Ticket]) -> Result<(), Failure> {
        if waiting.is_empty() {
            return Ok(self.tell("terminal-nothing-waits", &[]).await?);
        }
        let mut lines = self.words().lines("terminal-waiting", &[]);
        lines.extend(self.list(waiting.iter().take(LISTED)).await?);
        if let Some(more) = waiting.len().checked_sub(LISTED).filter(|more| *more > 0) {
            lines.extend(self.words().lines("terminal-more", &[("count", &more.to_string())]));
        }
        Ok(self.print(Tag::Ticket.before(lines)).await?)
    }

    async fn show_mine(&self) -> Result<(), Failure> {
        let open: Vec<_> =
            self.mine.values().map(|following| &following.ticket).filter(|ticket| ticket.status.is_open()).collect();
        if open.is_empty() {
            return Ok(self.tell("terminal-nothing-yours", &[]).await?);
        }
        let mut lines = self.words().lines("terminal-yours", &[]);
        lines.extend(self.list(open).await?);
        Ok(self.print(Tag::Ticket.before(lines)).await?)
    }

    async fn list(&self, tickets: impl IntoIterator<Item = &Ticket>) -> Result<Vec<Line>, DeskError> {
        let mut lines = Vec::new();
        for ticket in tickets {
            let requester = self.requester_of(ticket).await?;
            let marker = if self.current == Some(ticket.number) { "* " } else { "  " };
            let pressing = self.desk.pressing(self.words().language, ticket);
            let line = view::list_line(self.words(), ticket, &requester, pressing.as_deref(), self.desk.now());
            lines.push(line.after(Line::plain(marker)));
        }
        Ok(lines)
    }
}
