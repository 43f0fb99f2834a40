//! Drives the pure step the way the desk does, without a database: feeds events in, carries the effects out on values, and
//! writes down what each side reads.

use std::{fmt::Write as _, time::Duration};

use firstline_engine::{
    command::Command,
    conversation::{
        AgentRef, ChoiceAction, Effect, Event, Facts, LookedUp, Policy, Refusal, StaffAction, State, choice_token,
        search_for, step,
    },
    ids::{ConversationId, PersonId, TicketId},
    inbound::{ExternalId, InboundKind},
    knowledge::{Article, Audience, Language, Library, MatchSettings, Question, Verdict, detect_language},
    outbound::{Content, Speaker},
    people::{LanguageSource, Person, Platform, Role},
    phrases::Phrases,
    sla::Calendar,
    ticket::{Priority, Ticket, TicketKind, TicketNumber, TicketStatus},
    time::Timestamp,
    timeline::{Actor, Happening},
};
use uuid::Uuid;

pub(crate) struct Talk {
    pub(crate) state: State,
    pub(crate) ticket: Option<Ticket>,
    pub(crate) requester: Person,
    pub(crate) policy: Policy,
    pub(crate) library: Library,
    pub(crate) now: Timestamp,
    pub(crate) transcript: String,
    pub(crate) renewals: u32,
    pub(crate) last: Vec<Effect>,
    /// Others read along.
    pub(crate) public: bool,
    /// What an action needs to know besides.
    pub(crate) looked_up: LookedUp,
    /// Whoever has the ticket is not on duty.
    pub(crate) assignee_is_away: bool,
    phrases: Phrases,
    conversation: ConversationId,
    messages: u32,
    agents: Vec<AgentRef>,
    opened: u32,
}

impl Talk {
    pub(crate) fn new() -> Self {
        Self::with_library(library())
    }

    pub(crate) fn with_library(library: Library) -> Self {
        Self {
            state: State::default(),
            ticket: None,
            requester: Person {
                id: PersonId(Uuid::from_u128(1)),
                name: "Erika".to_owned(),
                role: Role::Requester,
                language: Language::En,
                language_source: LanguageSource::Default,
                on_duty: true,
            },
            policy: Policy::default(),
            library,
            now: Timestamp(1_000_000),
            transcript: String::new(),
            renewals: 0,
            last: Vec::new(),
            public: false,
            looked_up: LookedUp::default(),
            assignee_is_away: false,
            phrases: Phrases::new(),
            conversation: ConversationId(Uuid::from_u128(7)),
            messages: 0,
            agents: Vec::new(),
            opened: 0,
        }
    }

    /// The requester writes.
    pub(crate) fn says(&mut self, text: &str) -> &mut Self {
        self.messages += 1;
        let message = ExternalId(format!("m{}", self.messages));
        self.event(&Event::Requester(InboundKind::said(message, text.to_owned())))
    }

    /// The requester turns to the bot in public.
    pub(crate) fn asks_in_public(&mut self, text: &str) -> &mut Self {
        self.public = true;
        self.messages += 1;
        let message = ExternalId(format!("m{}", self.messages));
        let kind = InboundKind::Public { message, text: text.to_owned(), attachments: Vec::new(), album: None };
        self.event(&Event::Requester(kind))
    }

    /// The requester changes the last message.
    pub(crate) fn edits(&mut self, text: &str) -> &mut Self {
        let message = ExternalId(format!("m{}", self.messages));
        self.event(&Event::Requester(InboundKind::Edited { message, text: text.to_owned() }))
    }

    /// The requester presses a choice on offer.
    pub(crate) fn presses(&mut self, action: &ChoiceAction) -> &mut Self {
        let index = self.state.prompt.choices.iter().position(|it| it == action).expect("the choice is on offer");
        let token = choice_token(self.conversation, self.state.prompt.number, index);
        self.event(&Event::Requester(InboundKind::Choice { token }))
    }

    /// The requester presses a choice of an older prompt.
    pub(crate) fn presses_something_old(&mut self) -> &mut Self {
        let token = choice_token(self.conversation, self.state.prompt.number.saturating_sub(1), 0);
        self.event(&Event::Requester(InboundKind::Choice { token }))
    }

    /// An agent acts.
    pub(crate) fn agent(&mut self, name: &str, action: StaffAction) -> &mut Self {
        let agent = self.agents.iter().find(|agent| agent.name == name).cloned().unwrap_or_else(|| {
            let person = PersonId(Uuid::from_u128(100 + self.agents.len() as u128));
            let agent = AgentRef { person, name: name.to_owned() };
            self.agents.push(agent.clone());
            agent
        });
        self.event(&Event::Staff { agent, action })
    }

    /// An agent writes to the requester.
    pub(crate) fn agent_says(&mut self, name: &str, text: &str) -> &mut Self {
        self.agent(name, StaffAction::Say(Content::plain(text)))
    }

    pub(crate) fn waits(&mut self, span: Duration) -> &mut Self {
        self.now = self.now.after(span);
        self
    }

    pub(crate) fn time_is_up(&mut self) -> &mut Self {
        if let Some(at) = self.state.wake_at(self.now, &self.policy) {
            self.now = at;
        }
        self.event(&Event::TimeUp)
    }

    pub(crate) fn refusal(&self) -> Option<&Refusal> {
        match self.last.first() {
            Some(Effect::Refuse(refusal)) => Some(refusal),
            _ => None,
        }
    }

    pub(crate) fn event(&mut self, event: &Event) -> &mut Self {
        let _ = writeln!(self.transcript, "{}", self.describe(event));
        let (state, effects) = self.run(event);
        self.last.clone_from(&effects);
        if matches!(effects.first(), Some(Effect::Refuse(_))) {
            let _ = writeln!(self.transcript, "  refused {:?}", effects.first());
            return self;
        }
        if effects.contains(&Effect::Renew) {
            // The desk begins a new conversation and gives it the event again.
            self.renewals += 1;
            let _ = writeln!(self.transcript, "  ── a new conversation ──");
            self.state = State::default();
            self.ticket = None;
            self.conversation = ConversationId(Uuid::from_u128(7 + u128::from(self.renewals)));
            let (state, effects) = self.run(event);
            assert!(!effects.contains(&Effect::Renew), "a new conversation must not be renewed at once");
            self.carry_out(&state, &effects);
            self.state = state;
            self.last = effects;
            return self;
        }
        self.carry_out(&state, &effects);
        self.state = state;
        self
    }

    fn run(&mut self, event: &Event) -> (State, Vec<Effect>) {
        if let Event::Requester(
            InboundKind::Message { text, .. } | InboundKind::Public { text, .. } | InboundKind::Edited { text, .. },
        ) = event
            && self.requester.language_source < LanguageSource::Chosen
            && Command::parse(text).is_none()
            && let Some(language) = detect_language(text)
        {
            self.requester.language = language;
            self.requester.language_source = LanguageSource::Detected;
        }
        let verdict: Option<Verdict> = search_for(&self.state, event).map(|search| {
            self.library.ask(&Question {
                text: &search.text,
                language: Some(self.requester.language),
                audience: Audience::Everyone,
                not: &search.not,
            })
        });
        let labels = self.labels(&self.state.prompt.choices);
        let assignee = self.ticket.as_ref().and_then(|ticket| ticket.assignee);
        let assignee = assignee.and_then(|person| self.agents.iter().find(|agent| agent.person == person));
        let facts = Facts {
            conversation: self.conversation,
            platform: Platform::Terminal,
            public: self.public,
            looked_up: &self.looked_up,
            assignee_is_away: self.assignee_is_away,
            requester: &self.requester,
            ticket: self.ticket.as_ref(),
            assignee: assignee.map(|agent| agent.name.as_str()),
            waiting_before: 0,
            other_tickets: &[],
            verdict: verdict.as_ref(),
            labels: &labels,
            fresh_ticket: TicketId(Uuid::from_u128(42)),
            library: &self.library,
            policy: &self.policy,
        };
        step(self.state.clone(), event, &facts, self.now)
    }

    fn labels(&self, choices: &[ChoiceAction]) -> Vec<String> {
        choices.iter().map(|action| self.phrases.label(self.requester.language, action, &self.library)).collect()
    }

    fn carry_out(&mut self, state: &State, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Say { speaker, phrase, choices } => {
                    let number = self.ticket.as_ref().map_or(TicketNumber(1001), |ticket| ticket.number);
                    let text = self.phrases.render(self.requester.language, phrase, Some(number));
                    let who = if *speaker == Speaker::Bot { "bot" } else { "desk" };
                    self.write(who, &text);
                    for (index, label) in self.labels(choices).iter().enumerate() {
                        self.write(who, &format!("[{}] {label}", index + 1));
                    }
                }
                Effect::Invite { phrase } => {
                    let text = self.phrases.render(self.requester.language, phrase, None);
                    self.write("bot", &text);
                    self.write("bot", "[in private]");
                }
                Effect::Relay { agent, content } => self.write(&agent.name.clone(), &content.text),
                Effect::Amend { agent, content, .. } => {
                    let text = content.as_ref().map_or("(takes it back)", |content| content.text.as_str());
                    self.write(&agent.name.clone(), text);
                }
                Effect::Record { actor, what } => {
                    let who = match actor {
                        Actor::Agent { name, .. } => name.clone(),
                        other => format!("{other:?}").to_lowercase(),
                    };
                    let line = match what {
                        Happening::Note { text, .. } => format!("({who} notes: {text})"),
                        other => format!("({who}: {})", other.verb()),
                    };
                    let _ = writeln!(self.transcript, "  {line}");
                }
                Effect::OpenTicket { draft, tried } => {
                    assert!(self.ticket.is_none(), "a conversation has one ticket");
                    self.opened += 1;
                    let _ = writeln!(self.transcript, "  (ticket: {:?} {:?})", draft.summary, draft.category);
                    for tried in tried {
                        let _ = writeln!(
                            self.transcript,
                            "  (tried: {} {:?}, {} steps)",
                            tried.article,
                            tried.outcome,
                            tried.steps.len()
                        );
                    }
                    self.ticket =
                        Some(ticket(state.ticket.expect("an open ticket has an id"), self.conversation, self.now));
                }
                Effect::ChangeTicket(change) => {
                    let now = self.now;
                    let ticket = self.ticket.as_mut().expect("only a ticket that exists is changed");
                    ticket.change(change.clone(), &Calendar::default(), now);
                }
                Effect::LearnLanguage { language, source } => {
                    self.requester.language = *language;
                    self.requester.language_source = *source;
                }
                Effect::Merge { what, joins, .. } => {
                    let _ = writeln!(self.transcript, "  (there: {}, joins: {joins})", what.verb());
                }
                Effect::PassOn { ticket, .. } => {
                    let _ = writeln!(self.transcript, "  (there: what was written to {ticket})");
                }
                Effect::Refuse(_) | Effect::Renew => {}
            }
        }
    }

    fn write(&mut self, who: &str, text: &str) {
        for line in text.lines() {
            let _ = writeln!(self.transcript, "  {who}> {line}");
        }
    }

    fn describe(&self, event: &Event) -> String {
        match event {
            Event::Requester(InboundKind::Message { text, .. }) => format!("requester> {text}"),
            Event::Requester(InboundKind::Public { text, .. }) => format!("requester (in public)> {text}"),
            Event::Requester(InboundKind::Choice { token }) => {
                let label =
                    self.state.chosen(self.conversation, token).map(|action| self.labels(std::slice::from_ref(action)));
                format!("requester presses {label:?}")
            }
            Event::Requester(other) => format!("requester: {other:?}"),
            Event::Staff { agent, action: StaffAction::Say(content) } => {
                format!("{} writes {}", agent.name, content.text)
            }
            Event::Staff { agent, action } => format!("{}: {action:?}", agent.name),
            Event::TimeUp => "(time is up)".to_owned(),
            Event::Missed { .. } => "(the desk was away for long)".to_owned(),
            Event::Failed { reference } => format!("(the bot failed: {reference})"),
        }
    }
}

pub(crate) fn ticket(id: TicketId, conversation: ConversationId, now: Timestamp) -> Ticket {
    Ticket {
        id,
        number: TicketNumber(1001),
        conversation,
        requester: PersonId(Uuid::from_u128(1)),
        summary: "it is broken".to_owned(),
        kind: TicketKind::Incident,
        category: "other".to_owned(),
        impact: None,
        urgency: None,
        priority: Priority::Medium,
        queue: "helpdesk".to_owned(),
        status: TicketStatus::New,
        assignee: None,
        opened_at: now,
        first_response_at: None,
        resolved_at: None,
        updated_at: now,
        waiting_since: None,
        paused_since: None,
        paused_ms: 0,
        resolution: None,
        rating: None,
        rating_comment: None,
        merged_into: None,
    }
}

/// The starter base: what newcomers meet.
pub(crate) fn library() -> Library {
    let articles: Vec<Article> =
        firstline_engine::knowledge::starter::articles().expect("the starter articles are valid");
    Library::build(articles, &MatchSettings::default())
}
