//! The console's state, and showing what has happened since it was last looked at.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use firstline_engine::{
    desk::{Desk, DeskError, StaffError},
    ids::PersonId,
    knowledge::Language,
    people::Person,
    ports::TicketFilter,
    ticket::{Ticket, TicketNumber, TicketStatus},
    timeline::{Actor, Entry, Happening},
};

use crate::{
    TerminalError,
    agent::{
        AgentOptions,
        act::Failure,
        follow::{self, Following, News},
        view,
    },
    line::{Line, Style, lines_of, one_line},
    screen::Screen,
    speech::{Tag, Words},
};

/// An agent's console.
pub(super) struct Console {
    pub(super) desk: Desk,
    /// The agent.
    pub(super) me: PersonId,
    language: Language,
    linger: Duration,
    screen: Screen,
    /// Whose requester reads what is typed.
    pub(super) current: Option<TicketNumber>,
    /// The agent's tickets, those resolved among them: their requesters may still come back or rate.
    pub(super) mine: BTreeMap<TicketNumber, Following>,
    /// The tickets that wait, so that a new one is announced once.
    waiting: BTreeSet<TicketNumber>,
    /// Own words that the desk has and that the timeline has not shown yet: they are ticked, not repeated.
    pub(super) unticked: usize,
    /// The desk has failed and the agent knows.
    failing: bool,
}

impl Console {
    pub(super) fn new(desk: Desk, screen: Screen, me: &Person, options: &AgentOptions) -> Self {
        Self {
            desk,
            me: me.id,
            language: options.language.unwrap_or(me.language),
            linger: options.linger,
            screen,
            current: None,
            mine: BTreeMap::new(),
            waiting: BTreeSet::new(),
            unticked: 0,
            failing: false,
        }
    }

    pub(super) fn prompt(&self) -> String {
        self.current.map_or_else(|| "> ".to_owned(), |number| format!("{number}> "))
    }

    pub(super) fn linger(&self) -> Duration {
        self.linger
    }

    pub(super) async fn wait_for_change(&self, at_most: Duration) {
        self.desk.wait_for_change(at_most).await;
    }

    /// Shows what waits, and goes on where the agent left off.
    pub(super) async fn begin(&mut self) -> Result<(), TerminalError> {
        match self.take_stock().await {
            Err(Failure::Refused(StaffError::Desk(error))) => Err(error.into()),
            Err(Failure::Refused(error)) => self.refused(&error).await,
            Err(Failure::Ended(error)) => Err(error),
            Ok(()) => Ok(()),
        }
    }

    async fn take_stock(&mut self) -> Result<(), Failure> {
        if self.screen.is_for_a_person() {
            self.tell("terminal-agent-hint", &[]).await?;
        }
        let waiting = self.desk.tickets(&waiting_filter()).await?;
        self.waiting = waiting.iter().map(|ticket| ticket.number).collect();
        self.show_queue(&waiting).await?;
        let mut newest = None;
        for ticket in self.desk.tickets(&self.mine_filter()).await? {
            let (number, is_open) = (ticket.number, ticket.status.is_open());
            let entries = self.follow(ticket).await?;
            let claimed_at = follow::claimed_at(&entries, self.me);
            if is_open && newest.as_ref().is_none_or(|(at, _, _)| claimed_at > *at) {
                newest = Some((claimed_at, number, entries));
            }
        }
        let Some((_, number, entries)) = newest else { return Ok(()) };
        self.current = Some(number);
        Ok(self.show_current(&entries).await?)
    }

    /// Shows what has happened since the last time.
    pub(super) async fn refresh(&mut self) -> Result<(), TerminalError> {
        let mut lines = Vec::new();
        let gathered = self.gather(&mut lines).await;
        // Lines that were gathered before it failed count as shown, so they have to be.
        self.print(lines).await?;
        match gathered {
            Ok(()) => self.failing = false,
            Err(error) if self.failing => tracing::warn!(%error, "the desk still cannot say what is new"),
            Err(error) => {
                self.failing = true;
                self.refused(&error.into()).await?;
            }
        }
        Ok(())
    }

    async fn gather(&mut self, lines: &mut Vec<Line>) -> Result<(), DeskError> {
        let mine = self.desk.tickets(&self.mine_filter()).await?;
        let numbers: BTreeSet<_> = mine.iter().map(|ticket| ticket.number).collect();
        for ticket in mine {
            let number = ticket.number;
            if let Some(following) = self.mine.get_mut(&number) {
                following.ticket = ticket;
            } else {
                // Claimed in another room, or given to this agent.
                self.follow(ticket).await?;
                lines.extend(self.told("terminal-yours-now", &[("ticket", &number.to_string())]));
            }
        }
        for number in self.mine.keys().copied().collect::<Vec<_>>() {
            let Some(following) = self.mine.get_mut(&number) else { continue };
            let news = following.news(&self.desk).await?;
            let requester = following.requester.clone();
            for item in news {
                let shown = self.news_lines(&requester, &item);
                lines.extend(if self.current == Some(number) { shown } else { view::of_ticket(number, shown) });
            }
            if !numbers.contains(&number) {
                self.mine.remove(&number);
                if self.current == Some(number) {
                    self.current = None;
                    lines.extend(self.told("terminal-left-ticket", &[("ticket", &number.to_string())]));
                }
            }
        }
        let waiting = self.desk.tickets(&waiting_filter()).await?;
        for ticket in waiting.iter().filter(|ticket| !self.waiting.contains(&ticket.number)) {
            let requester = self.requester_of(ticket).await?;
            let pressing = self.desk.pressing(self.words().language, ticket);
            let line = view::list_line(self.words(), ticket, &requester, pressing.as_deref(), self.desk.now());
            let heading = Line::plain(self.words().say("terminal-new-ticket", &[]) + " ");
            lines.extend(Tag::Ticket.before(vec![line.after(heading)]));
        }
        self.waiting = waiting.iter().map(|ticket| ticket.number).collect();
        Ok(())
    }

    /// A piece of news as lines. What the agent typed here is on the screen of a person already and is only ticked.
    fn news_lines(&mut self, requester: &str, item: &News) -> Vec<Line> {
        match item {
            News::Line(entry) if self.unticked > 0 && self.is_own_words(entry) => {
                self.unticked -= 1;
                if !self.screen.is_for_a_person() {
                    return view::timeline_line(self.words(), entry, requester);
                }
                let mut lines = vec![Line::of(Style::Dim, "✓")];
                lines.extend(view::trouble(self.words(), entry));
                lines
            }
            News::Line(entry) => view::timeline_line(self.words(), entry, requester),
            News::Trouble(entry) => {
                let text = match &entry.what {
                    Happening::Said { text, .. } => shortened(text),
                    _ => String::new(),
                };
                let mut lines = self.told("terminal-about", &[("text", &text)]);
                lines.extend(view::trouble(self.words(), entry));
                lines
            }
        }
    }

    fn is_own_words(&self, entry: &Entry) -> bool {
        matches!(&entry.actor, Actor::Agent { person, .. } if *person == self.me)
            && matches!(entry.what, Happening::Said { .. } | Happening::Note { .. })
    }

    /// Begins to follow a ticket of the agent's; returns what was said in it until now.
    pub(super) async fn follow(&mut self, ticket: Ticket) -> Result<Vec<Entry>, DeskError> {
        let requester = self.requester_of(&ticket).await?;
        let number = ticket.number;
        let (following, entries) = Following::begin(&self.desk, ticket, requester).await?;
        self.mine.insert(number, following);
        Ok(entries)
    }

    pub(super) async fn requester_of(&self, ticket: &Ticket) -> Result<String, DeskError> {
        Ok(self.desk.ticket_view(ticket.number).await?.map_or_else(|| "?".to_owned(), |view| view.requester.name))
    }

    fn mine_filter(&self) -> TicketFilter {
        let statuses = TicketStatus::ALL.iter().copied().filter(|status| *status != TicketStatus::Closed).collect();
        TicketFilter { statuses, assignee: Some(self.me), limit: MANY, ..TicketFilter::default() }
    }

    pub(super) fn words(&self) -> Words<'_> {
        Words { phrases: self.desk.phrases(), language: self.language }
    }

    fn told(&self, key: &str, arguments: &[(&str, &str)]) -> Vec<Line> {
        Tag::Ticket.before(self.words().lines(key, arguments))
    }

    pub(super) async fn tell(&self, key: &str, arguments: &[(&str, &str)]) -> Result<(), TerminalError> {
        self.print(self.told(key, arguments)).await
    }

    /// Says why something was not done.
    pub(super) async fn refused(&self, error: &StaffError) -> Result<(), TerminalError> {
        let words = self.desk.explain(self.language, error);
        let lines = lines_of(&words).map(|line| Line::of(Style::Alarm, line)).collect();
        self.print(Tag::Ticket.before(lines)).await
    }

    pub(super) async fn print(&self, lines: Vec<Line>) -> Result<(), TerminalError> {
        self.screen.print(&lines).await.map_err(TerminalError::Write)
    }
}

/// More tickets than one agent has, or looks at.
const MANY: u32 = 1_000;

/// The tickets that nobody has.
pub(super) fn waiting_filter() -> TicketFilter {
    TicketFilter { statuses: vec![TicketStatus::New], limit: MANY, ..TicketFilter::default() }
}

/// The beginning of a text, to recognise it by.
fn shortened(text: &str) -> String {
    const ENOUGH: usize = 60;
    let text = one_line(text);
    match text.char_indices().nth(ENOUGH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
