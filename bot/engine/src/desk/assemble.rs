//! Turns what a step wants done into the rows that one commit writes.

mod event;
mod ticket;

pub(super) use event::quoting;

use crate::{
    conversation::{AgentRef, ChoiceAction, Effect, State, choice_token},
    desk::Desk,
    ids::{ConversationId, EntryId, EventId, OutboundId},
    inbound::{Attachment, ExternalId, InboundKind, PlaceRef},
    outbound::{Choice, Content, Invitation, Operation, OutboundMessage, Speaker},
    people::Person,
    phrases::Phrase,
    ports::{AuditEntry, Loaded, Merge, TicketWrite, Turn, Via},
    room::ThreadChange,
    ticket::TicketNumber,
    time::Timestamp,
    timeline::{Actor, Happening, NewEntry},
};

/// A turn being put together.
pub(super) struct Assembly<'a> {
    desk: &'a Desk,
    loaded: &'a Loaded,
    /// The requester, with the language to speak from now on.
    requester: Person,
    /// The number of the conversation's ticket, or the one it will have.
    number: Option<TicketNumber>,
    now: Timestamp,
    ticket: Option<TicketWrite>,
    language_learned: bool,
    outbound: Vec<OutboundMessage>,
    entries: Vec<NewEntry>,
    audit: Vec<AuditEntry>,
    merge: Option<Merge>,
    passed_on: Vec<(ConversationId, InboundKind)>,
    /// The message of the agent's that this turn is about.
    origin: Option<Origin>,
    /// What was written in public: everything that is said answers it, and an invitation leads back to it.
    asked: Option<(EventId, ExternalId)>,
}

/// Where in a staff room something comes from that an agent did.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// In which thread.
    pub(super) place: PlaceRef,
    /// The message that the agent wrote.
    pub(super) message: Option<ExternalId>,
    /// The further messages of the same album.
    pub(super) joined: Vec<ExternalId>,
    /// The message in the requester's chat that it answers.
    pub(super) reply_to: Option<ExternalId>,
    /// The files that came with it.
    pub(super) attachments: Vec<Attachment>,
    /// What changes in the thread by it.
    pub(super) change: Option<ThreadChange>,
    /// What the agent is told besides.
    pub(super) notices: Vec<OutboundMessage>,
    /// Where the agent alone is told that.
    pub(super) via: Option<Via>,
}

impl Origin {
    /// Something in a thread that is no message.
    pub(super) const fn at(place: PlaceRef) -> Self {
        Self {
            place,
            message: None,
            joined: Vec::new(),
            reply_to: None,
            attachments: Vec::new(),
            change: None,
            notices: Vec::new(),
            via: None,
        }
    }
}

impl<'a> Assembly<'a> {
    pub(super) fn new(
        desk: &'a Desk,
        loaded: &'a Loaded,
        requester: &Person,
        number: Option<TicketNumber>,
        now: Timestamp,
    ) -> Self {
        Self {
            desk,
            loaded,
            language_learned: *requester != loaded.requester,
            requester: requester.clone(),
            number,
            now,
            ticket: None,
            outbound: Vec::new(),
            entries: Vec::new(),
            audit: Vec::new(),
            merge: None,
            passed_on: Vec::new(),
            origin: None,
            asked: None,
        }
    }

    /// What is said in this turn answers something that was asked in public.
    pub(super) fn answers(&mut self, event: EventId, kind: &InboundKind) {
        match kind {
            InboundKind::Public { message, .. } => self.asked = Some((event, message.clone())),
            InboundKind::Edited { message, .. } if self.loaded.conversation.place.is_public() => {
                self.asked = Some((event, message.clone()));
            }
            _ => {}
        }
    }

    /// What is said and noted in this turn was written there.
    pub(super) fn written_in(&mut self, origin: Option<&Origin>) {
        self.origin = origin.cloned();
    }

    /// Carries out the effects, in order, in words and rows. `state` is the state after the step.
    pub(super) fn apply(&mut self, state: &State, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Say { speaker, phrase, choices } => self.say(state, speaker, &phrase, &choices),
                Effect::Invite { phrase } => self.invite(&phrase),
                Effect::Relay { agent, content } => self.relay(agent, content),
                Effect::Amend { agent, target, content } => self.amend(agent, target, content),
                Effect::Record { actor, mut what } => {
                    if let (Happening::Note { attachments, .. }, Some(origin)) = (&mut what, &self.origin) {
                        attachments.clone_from(&origin.attachments);
                    }
                    self.entry(actor, what, None);
                }
                Effect::OpenTicket { draft, tried } => self.open_ticket(state, draft, tried),
                Effect::ChangeTicket(change) => self.change_ticket(change),
                Effect::Merge { agent, into, what, joins } => {
                    let actor = Actor::Agent { person: agent.person, name: agent.name };
                    self.merge = Some(Merge { into, entry: self.elsewhere(actor, what), joins });
                }
                Effect::PassOn { into, ticket, said } => {
                    self.passed_on.push((into, InboundKind::PassedOn { ticket, said }));
                }
                Effect::LearnLanguage { language, source } => {
                    self.requester.language = language;
                    self.requester.language_source = source;
                    self.language_learned = true;
                }
                // The turn decides about these before anything is put together.
                Effect::Refuse(_) | Effect::Renew => {}
            }
        }
    }

    /// The turn. What it says to an event that can be answered `via` a way of its own is one message there.
    pub(super) fn finish(mut self, state: State, wake_at: Option<Timestamp>, via: Option<String>) -> Turn {
        if via.is_some() {
            self.answer_at_once();
        }
        let thread = self.origin.as_ref().and_then(|origin| origin.change);
        let place = || self.loaded.conversation.place.clone();
        let via = via.map(|address| Via { place: place(), address });
        let via = via.or_else(|| self.origin.as_ref().and_then(|origin| origin.via.clone()));
        self.outbound.extend(self.origin.take().map(|origin| origin.notices).unwrap_or_default());
        Turn {
            state,
            wake_at,
            handled: Vec::new(),
            given_up: Vec::new(),
            ticket: self.ticket,
            language: self.language_learned.then_some((self.requester.language, self.requester.language_source)),
            outbound: self.outbound,
            entries: self.entries,
            audit: self.audit,
            thread,
            resend: Vec::new(),
            via,
            merge: self.merge,
            passed_on: self.passed_on,
        }
    }

    /// A line for another conversation's timeline.
    fn elsewhere(&self, actor: Actor, what: Happening) -> NewEntry {
        let id = EntryId(self.desk.inner.ids.fresh());
        NewEntry { id, actor, what, outbound: None, origins: Vec::new() }
    }

    /// Makes one message of all that is said, as the answer to what somebody did is one; and where nothing is, a word all the
    /// same, because the platform shows that an answer is coming.
    fn answer_at_once(&mut self) {
        if self.outbound.is_empty() {
            let phrase = if self.number.is_some() { Phrase::AddedToTicket } else { Phrase::Taken };
            let text = self.desk.phrases().render(self.requester.language, &phrase, self.number);
            self.post(Speaker::Desk, Actor::Desk, Content::markdown(text));
        }
        let mut said = std::mem::take(&mut self.outbound).into_iter();
        let Some(mut whole) = said.next() else { return };
        for next in said {
            let Operation::Post { content: answer, .. } = &mut whole.operation else { continue };
            let Operation::Post { content, .. } = next.operation else { continue };
            answer.text = [answer.text.as_str(), &content.text].join("\n\n");
            answer.choices = content.choices;
            // What happened is told whoever holds the conversation.
            if next.speaker == Speaker::Desk {
                whole.speaker = Speaker::Desk;
            }
            for entry in self.entries.iter_mut().filter(|entry| entry.outbound == Some(next.id)) {
                entry.outbound = Some(whole.id);
            }
        }
        self.outbound.push(whole);
    }

    fn say(&mut self, state: &State, speaker: Speaker, phrase: &Phrase, choices: &[ChoiceAction]) {
        let text = self.desk.phrases().render(self.requester.language, phrase, self.number);
        let conversation = self.loaded.conversation.id;
        let choices = choices
            .iter()
            .enumerate()
            .map(|(index, action)| Choice {
                token: choice_token(conversation, state.prompt.number, index),
                label: self.label(action),
            })
            .collect();
        let actor = match speaker {
            Speaker::Bot => Actor::Bot,
            Speaker::Desk | Speaker::Agent { .. } | Speaker::Requester { .. } => Actor::Desk,
        };
        self.post(speaker, actor, Content { choices, ..Content::markdown(text) });
    }

    fn invite(&mut self, phrase: &Phrase) {
        let phrases = self.desk.phrases();
        let text = phrases.render(self.requester.language, phrase, None);
        let invitation = self.asked.as_ref().map(|(event, _)| Invitation {
            payload: event.0.simple().to_string(),
            label: phrases.ui(self.requester.language, "choice-in-private", &[]),
        });
        self.post(Speaker::Bot, Actor::Bot, Content { invitation, ..Content::markdown(text) });
    }

    fn relay(&mut self, agent: AgentRef, content: Content) {
        let speaker = Speaker::Agent { name: agent.name.clone() };
        self.post(speaker, Actor::Agent { person: agent.person, name: agent.name }, content);
    }

    fn amend(&mut self, agent: AgentRef, target: OutboundId, content: Option<Content>) {
        let operation = match content {
            Some(content) => Operation::Edit { target, content },
            None => Operation::Delete { target },
        };
        self.send(Speaker::Agent { name: agent.name }, operation);
    }

    fn post(&mut self, speaker: Speaker, actor: Actor, content: Content) {
        let text = content.text.clone();
        let (reply_to, attachments) = match (&actor, &self.origin) {
            (Actor::Agent { .. }, Some(origin)) => (origin.reply_to.clone(), origin.attachments.clone()),
            _ => (self.asked.as_ref().map(|(_, message)| message.clone()), Vec::new()),
        };
        let id = self.send(speaker, Operation::Post { content, reply_to: reply_to.clone() });
        self.entry(actor, Happening::Said { text, message: None, attachments, reply_to }, Some(id));
    }

    fn send(&mut self, speaker: Speaker, operation: Operation) -> OutboundId {
        let id = OutboundId(self.desk.inner.ids.fresh());
        self.outbound.push(OutboundMessage {
            id,
            conversation: self.loaded.conversation.id,
            place: self.loaded.conversation.place.clone(),
            speaker,
            operation,
        });
        id
    }

    fn entry(&mut self, actor: Actor, what: Happening, outbound: Option<OutboundId>) {
        let written =
            matches!(actor, Actor::Agent { .. }) && matches!(what, Happening::Said { .. } | Happening::Note { .. });
        let origins = match &self.origin {
            Some(Origin { place, message: Some(message), joined, .. }) if written => {
                std::iter::once(message).chain(joined).map(|message| (place.clone(), message.clone())).collect()
            }
            _ => Vec::new(),
        };
        self.line(actor, what, outbound, origins);
    }

    fn line(
        &mut self,
        actor: Actor,
        what: Happening,
        outbound: Option<OutboundId>,
        origins: Vec<(PlaceRef, ExternalId)>,
    ) {
        // What staff do is a privileged act; what they say is in the timeline and needs no second record.
        if let (Actor::Agent { person, .. }, true) = (&actor, what.is_internal()) {
            self.audit.push(AuditEntry {
                at: self.now,
                actor: person.to_string(),
                action: format!("ticket.{}", what.verb()),
                subject: self.number.map(|number| number.to_string()).unwrap_or_default(),
                detail: what.detail(),
            });
        }
        self.entries.push(NewEntry { id: EntryId(self.desk.inner.ids.fresh()), actor, what, outbound, origins });
    }

    fn label(&self, action: &ChoiceAction) -> String {
        self.desk.phrases().label(self.requester.language, action, &self.desk.library())
    }
}
