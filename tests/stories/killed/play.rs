//! Plays the story with interruptions, and compares what is left of it with what should be.

use firstline_tests::{
    chat::Chat,
    desk::Desk,
    screen::Screen,
    server::Server,
    ticket::{Said, Ticket},
};

use super::script::{Part, Person, SECRET, SENT, STORY};

/// `kill -9` of somebody's program, at a moment of the part with this line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kill(pub(super) Person, pub(super) Moment, pub(super) &'static str);

/// When, in a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// Before its line is typed; they come back when the line was accepted.
    Before,
    /// The line is typed, and nobody has waited for anything.
    Typed,
    /// The one who typed it sees that the desk has it.
    Accepted,
    /// What comes of it is seen.
    Seen,
}

/// The story on its way.
pub(super) struct Play<'d> {
    desk: &'d Desk,
    erika: Chat,
    anna: Chat,
    server: Option<Server>,
    /// What stood on erika's screens until they were killed.
    erikas_screens: Vec<Screen>,
}

impl<'d> Play<'d> {
    pub(super) async fn begin(desk: &'d Desk) -> Self {
        let mut play = Self {
            desk,
            erika: desk.employee("erika"),
            anna: desk.agent("anna"),
            server: None,
            erikas_screens: Vec::new(),
        };
        play.anna.reads("ticket> No ticket is waiting.").await;
        play
    }

    pub(super) fn with_server(mut self, server: Server) -> Self {
        self.server = Some(server);
        self
    }

    /// Plays the whole story with these interruptions, and checks what is left.
    pub(super) async fn interrupted(mut self, kills: &[Kill]) {
        for kill in kills {
            assert!(STORY.iter().any(|part| part.line == kill.2), "no part has the line of {kill:?}");
        }
        for part in STORY {
            let victims = |moment| kills.iter().filter(move |it| it.1 == moment && it.2 == part.line).map(|it| it.0);
            self.part(&part, &victims).await;
        }
        self.end().await;
    }

    async fn part<I: Iterator<Item = Person>>(&mut self, part: &Part, victims: &impl Fn(Moment) -> I) {
        for victim in victims(Moment::Before) {
            self.dies(victim).await;
        }
        self.person(part.who).types(part.line).await;
        for victim in victims(Moment::Typed) {
            self.dies(victim).await;
        }
        for victim in victims(Moment::Typed) {
            self.returns(victim).await;
        }
        if !victims(Moment::Typed).any(|victim| victim == part.who) {
            self.person(part.who).reads(part.accepted).await;
        } else if !self.has_arrived(part).await {
            self.person(part.who).types(part.line).await;
            self.person(part.who).reads(part.accepted).await;
        }
        for victim in victims(Moment::Accepted) {
            self.dies(victim).await;
        }
        for victim in victims(Moment::Accepted).chain(victims(Moment::Before)) {
            self.returns(victim).await;
        }
        self.everybody_sees(part).await;
        for victim in victims(Moment::Seen) {
            self.dies(victim).await;
        }
        for victim in victims(Moment::Seen) {
            self.returns(victim).await;
        }
    }

    async fn everybody_sees(&mut self, part: &Part) {
        if let Some(seen) = part.erika_sees {
            self.erika.reads(seen).await;
        }
        if let Some(seen) = part.anna_sees {
            self.anna.reads(seen).await;
        }
    }

    fn person(&mut self, who: Person) -> &mut Chat {
        match who {
            Person::Erika => &mut self.erika,
            Person::Anna => &mut self.anna,
            Person::Server => panic!("nobody sits at the server"),
        }
    }

    async fn dies(&mut self, who: Person) {
        match who {
            Person::Erika => {
                self.erika.kill9().await;
                self.erikas_screens.push(self.erika.screen().clone());
            }
            Person::Anna => self.anna.kill9().await,
            Person::Server => match &mut self.server {
                Some(server) => server.kill9().await,
                None => panic!("no server is in this story"),
            },
        }
    }

    /// Comes back, and reads whatever there is to read.
    async fn returns(&mut self, who: Person) {
        match who {
            Person::Erika => {
                self.erika = self.desk.employee("erika");
                self.desk.settles().await;
                self.erika.catches_up().await;
                self.erika.reads_again();
            }
            Person::Anna => {
                self.anna = self.desk.agent("anna");
                self.anna.looks_around().await;
                self.anna.reads_again();
            }
            Person::Server => self.server = Some(self.desk.serve().await),
        }
    }

    /// The line of this part is on the desk: the ticket has it, or, while there is none, the screen shows it or what came of it.
    async fn has_arrived(&mut self, part: &Part) -> bool {
        let Some(ticket) = self.desk.find_ticket(1001).await else {
            let shown = part.erika_sees.is_some_and(|seen| self.erika.shows(seen));
            return shown || self.erika.shows(part.accepted);
        };
        let text = part.line.trim_start_matches("//");
        let is_it = |entry: &serde_json::Value| part.kind != "said" || entry["what"]["text"] == text;
        ticket.happened(part.kind).any(is_it)
    }

    /// The story is over: what everybody typed and read is compared with the ticket.
    async fn end(mut self) {
        self.erika.leaves().await;
        self.anna.leaves().await;
        self.erikas_screens.push(self.erika.screen().clone());
        let ticket = self.desk.ticket(1001).await;
        assert_eq!(self.desk.count_tickets().await, 1, "{ticket}");
        check_ticket(&ticket);
        check_screens(&ticket, &self.erikas_screens);
    }
}

/// Everything stands in the ticket once, in order.
fn check_ticket(ticket: &Ticket) {
    let lines =
        |who| STORY.into_iter().filter(move |part| part.who == who && part.kind == "said").map(|part| part.line);
    let from_erika: Vec<_> = lines(Person::Erika).collect();
    let from_anna: Vec<_> = lines(Person::Anna).collect();
    assert_eq!(ticket.said_by("requester"), from_erika, "{ticket}");
    assert_eq!(ticket.said_by("anna"), from_anna, "{ticket}");
    let sent = ticket.sent();
    assert_eq!(sent.len(), SENT.len(), "{ticket}");
    for (said, (who, beginning)) in sent.iter().zip(SENT) {
        assert_eq!(said.who, who, "{ticket}");
        assert!(said.first_line().starts_with(beginning), "{beginning:?} is not in its place: {ticket}");
        assert_eq!(said.delivery.as_deref(), Some("sent"), "{ticket}");
    }
    for what in ["opened", "claimed", "note", "resolved", "rated", "rating_comment"] {
        assert_eq!(ticket.count(what), 1, "{what}: {ticket}");
    }
    assert_eq!(ticket.tried(), [("vpn-cannot-connect".to_owned(), 2, "failed".to_owned())], "{ticket}");
    let fields = ["status", "priority", "rating", "rating_comment"].map(|name| ticket.field(name));
    assert_eq!(fields, ["resolved", "high", "5", "super schnell"], "{ticket}");
    assert_eq!(ticket.assignee(), Some("anna"), "{ticket}");
}

/// Erika has read everything that was sent to her, on each screen at most once and in order, and nothing else.
fn check_screens(ticket: &Ticket, screens: &[Screen]) {
    let all = || screens.iter().map(Screen::transcript).collect::<Vec<_>>().join("--- and then\n");
    let heading = |said: &Said| format!("{}> {}", said.who, said.first_line());
    let sent: Vec<String> = ticket.sent().iter().map(heading).collect();
    for (nth, screen) in screens.iter().enumerate().skip(1) {
        let said_now = screen.lines_after_the_first_piece();
        let read_before =
            |line: &&String| sent.contains(line) && screens[..nth].iter().any(|it| it.lines().contains(line));
        let again: Vec<&String> = said_now.iter().filter(read_before).collect();
        assert!(again.is_empty(), "{again:?} was said again\n{ticket}{}", all());
    }
    for message in &sent {
        let screens_with_it = screens.iter().filter(|screen| screen.lines().contains(message)).count();
        assert!(screens_with_it > 0, "{message:?} was never read\n{ticket}{}", all());
    }
    let own = STORY.into_iter().filter(|part| part.who == Person::Erika).map(|part| part.accepted.to_owned());
    let own: Vec<String> = own.collect();
    for screen in screens {
        let lines = screen.lines();
        let messages: Vec<&String> = lines.iter().filter(|line| sent.contains(line)).collect();
        let in_order: Vec<&String> = sent.iter().filter(|line| lines.contains(line)).collect();
        assert_eq!(messages, in_order, "a message is doubled or out of order\n{}", all());
        let typed: Vec<&String> = lines.iter().filter(|line| own.contains(line)).collect();
        let typed_in_order: Vec<&String> = own.iter().filter(|line| lines.contains(line)).collect();
        assert_eq!(typed, typed_in_order, "an own line is doubled or out of order\n{}", all());
        assert!(!screen.transcript().contains(SECRET), "a note left the staff side\n{}", all());
    }
}
