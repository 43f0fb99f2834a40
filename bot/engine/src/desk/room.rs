//! What staff do in a ticket's thread. It was accepted like everything else and has its turn like everything else; here the
//! role is read, and words and buttons become the actions that agents have everywhere.

use crate::{
    conversation::{AgentRef, Event, StaffAction},
    desk::{
        Desk, StaffError,
        assemble::{Origin, quoting},
        told::Teller,
        turn::{MAX_FAILURES, TurnError, Turned},
    },
    files::safe_name,
    ids::OutboundId,
    inbound::{Attachment, ExternalId},
    outbound::{Content, Operation, OutboundMessage, Speaker},
    ports::{AuditEntry, EntryCopy, Lease, Loaded, PendingEvent, StoreError, Turn},
    room::{Button, Menu, StaffDid, StaffInput, Thread, ThreadChange, Words, read},
};

/// What is to be done about something that happened in a thread.
enum Plan {
    /// An action, as from any other place.
    Act(StaffAction, Box<Origin>),
    /// Only the thread changes.
    Change(ThreadChange),
    /// Be on duty, or not, or tell whether.
    Duty(Option<bool>),
    /// Send a message again.
    Resend(OutboundId),
    /// It cannot be done; the phrase of this key says why.
    Refuse(&'static str),
    /// It concerns nobody.
    Nothing,
}

impl Desk {
    /// Makes the turn of something that was done in a staff room.
    pub(super) async fn staff_turn(
        &self,
        lease: &Lease,
        loaded: &Loaded,
        pending: &PendingEvent,
        input: &StaffInput,
    ) -> Result<Turned, TurnError> {
        let mut turn = unchanged(loaded);
        let found = loaded.threads.iter().find(|thread| input.found.is_some_and(|found| found.thread == thread.id));
        let person = self.store().person(pending.person).await?;
        let (Some(thread), Some(person)) = (found, person) else {
            turn.handled.extend(pending.ids());
            return self.commit_room_turn(lease, &turn).await;
        };
        let chosen = self.language_of_room(&thread.room).await?;
        let teller = Teller::new(self, thread, &person, pending, input).in_language(chosen);
        turn.via = teller.via();
        if pending.failures >= MAX_FAILURES {
            turn.outbound.push(teller.tell(&self.explain(teller.language(), &StaffError::Failed)));
            turn.given_up.extend(pending.ids());
            return self.commit_room_turn(lease, &turn).await;
        }
        let refuse = |error: &StaffError| teller.tell(&self.explain(teller.language(), error));
        // The role is read anew for everything, so that a role taken away stops working at once.
        let is_staff = person.role.is_staff() || input.granted;
        let plan = if is_staff { self.plan(loaded, thread, pending, input).await? } else { Plan::Nothing };
        match plan {
            _ if !is_staff => turn.outbound.push(refuse(&StaffError::NotStaff)),
            Plan::Act(action, mut origin) => {
                let too_large = origin.attachments.iter().filter(|it| it.is_too_large());
                let told = too_large
                    .map(|it| teller.tell(&teller.say("file-too-large", &[("name", &safe_name(&it.name))])))
                    .chain(teller.done(&action));
                origin.notices = told.collect();
                // What a press says to others is said in the thread; only why it was refused is for its author alone.
                origin.via = teller.via_if_awaited();
                let agent = AgentRef { person: person.id, name: person.name.clone() };
                let event = Event::Staff { agent, action };
                match self.attempt(lease, loaded, event, Some(pending), Some(&origin)).await? {
                    Turned::Refused(refusal) => turn.outbound.push(refuse(&StaffError::Refused(refusal))),
                    turned => return Ok(turned),
                }
            }
            Plan::Change(change) => {
                turn.thread = Some(change);
                turn.outbound.extend(teller.done_with_notes(change.notes));
            }
            Plan::Duty(to) => {
                let text = self.duty_of(&person, to, teller.language()).await?;
                turn.outbound.push(teller.tell(&text));
            }
            Plan::Resend(message) => {
                turn.resend.push(message);
                turn.audit.push(AuditEntry {
                    at: self.now(),
                    actor: person.id.to_string(),
                    action: "message.resend".to_owned(),
                    subject: message.to_string(),
                    detail: serde_json::Value::Null,
                });
            }
            Plan::Refuse(key) => turn.outbound.push(teller.tell(&teller.say(key, &[]))),
            Plan::Nothing => {}
        }
        turn.handled.extend(pending.ids());
        self.commit_room_turn(lease, &turn).await
    }

    async fn commit_room_turn(&self, lease: &Lease, turn: &Turn) -> Result<Turned, TurnError> {
        self.store().commit_turn(lease, turn, self.now()).await?;
        Ok(Turned::Done)
    }

    async fn plan(
        &self,
        loaded: &Loaded,
        thread: &Thread,
        pending: &PendingEvent,
        input: &StaffInput,
    ) -> Result<Plan, StoreError> {
        let requester = &loaded.conversation.place;
        match &input.what {
            StaffDid::Pressed { token } => Ok(self.pressed(thread, token)),
            StaffDid::Filled { token, text } => Ok(self.filled(thread, token, text)),
            StaffDid::Said { message, text, attachments, .. } => {
                let origin = |reply_to| {
                    Box::new(Origin {
                        // A command is no message, and nobody but its author sees what it says.
                        message: pending.via.is_none().then(|| message.clone()),
                        joined: pending.joined.iter().map(|(_, message)| message.clone()).collect(),
                        reply_to,
                        attachments: attachments.clone(),
                        ..Origin::at(thread.place())
                    })
                };
                Ok(match read(text, thread.notes) {
                    // Its author has not seen yet what it says; so the thread shows it, as if it was written elsewhere.
                    Words::Act(action @ StaffAction::Macro { .. }) => {
                        Plan::Act(action, Box::new(Origin::at(thread.place())))
                    }
                    Words::Act(action) => {
                        let copies = match &input.about {
                            Some(about) => self.store().copies_of(&thread.place(), about).await?,
                            None => Vec::new(),
                        };
                        let action = quoted(with_files(action, attachments), input.quote.as_deref());
                        let there = copies.into_iter().find(|copy| copy.place == *requester);
                        Plan::Act(action, origin(there.and_then(|copy| copy.external)))
                    }
                    Words::Notes(notes) => Plan::Change(ThreadChange { thread: thread.id, menu: None, notes }),
                    Words::Duty(to) => Plan::Duty(to),
                    Words::Unknown => Plan::Refuse("room-unknown-command"),
                })
            }
            StaffDid::Edited { message, text } => {
                let copies = self.store().copies_of(&thread.place(), message).await?;
                let mut origin = Box::new(Origin::at(thread.place()));
                let (message, written) = (message.clone(), message.clone());
                let said = match read(text, false) {
                    Words::Act(action) => Words::Act(quoted(action, input.quote.as_deref())),
                    other => other,
                };
                let action = match (said, carried_to(requester, &copies)) {
                    _ if copies.is_empty() => return Ok(Plan::Nothing),
                    (Words::Act(StaffAction::Say(content)), Some(target)) => {
                        StaffAction::Edit { target, message, content }
                    }
                    // The requester has read what is a note from now on, and must not read what it says now.
                    (Words::Act(StaffAction::Note(note)), Some(target)) => {
                        StaffAction::Retract { target, message, note }
                    }
                    // It was a note; the corrected one stands beside it in the timeline. What was noted stays noted.
                    (Words::Act(StaffAction::Say(Content { text, .. }) | StaffAction::Note(text)), None)
                        if !text.is_empty() =>
                    {
                        StaffAction::Note(text)
                    }
                    _ => return Ok(Plan::Nothing),
                };
                // The note stands where it was written; whatever becomes of that message is about the note from now on.
                if matches!(action, StaffAction::Retract { .. } | StaffAction::Note(_)) {
                    origin.message = Some(written);
                }
                Ok(Plan::Act(action, origin))
            }
            StaffDid::Deleted { message } => {
                let copies = self.store().copies_of(&thread.place(), message).await?;
                let origin = Box::new(Origin::at(thread.place()));
                Ok(match carried_to(requester, &copies) {
                    Some(target) => Plan::Act(StaffAction::Delete { target, message: message.clone() }, origin),
                    None => Plan::Nothing,
                })
            }
        }
    }

    /// What a form says that one of our buttons has opened.
    fn filled(&self, thread: &Thread, token: &str, text: &str) -> Plan {
        let text = text.trim().to_owned();
        let action = match Button::parse(token) {
            Some(Button::Notes(true)) => StaffAction::Note(text),
            Some(Button::Queue(index)) => match self.policy().queues.get(index) {
                Some(queue) => StaffAction::Transfer { queue: queue.clone(), reason: Some(text) },
                None => return Plan::Refuse("room-stale-button"),
            },
            _ => return Plan::Refuse("room-stale-button"),
        };
        by_button(thread, action)
    }

    fn pressed(&self, thread: &Thread, token: &str) -> Plan {
        let Some(button) = Button::parse(token) else { return Plan::Refuse("room-stale-button") };
        let change = |menu, notes| ThreadChange { thread: thread.id, menu, notes };
        let act = |action| by_button(thread, action);
        match button {
            Button::Claim => act(StaffAction::Claim),
            Button::Release => act(StaffAction::Release),
            Button::Resolve => act(StaffAction::Resolve),
            Button::Close => act(StaffAction::Close),
            Button::Priority(priority) => act(StaffAction::SetPriority(priority)),
            Button::Queue(index) => match self.policy().queues.get(index) {
                Some(queue) => act(StaffAction::Transfer { queue: queue.clone(), reason: None }),
                None => Plan::Refuse("room-stale-button"),
            },
            Button::Priorities => Plan::Change(change(Some(Menu::Priority), thread.notes)),
            Button::Queues => Plan::Change(change(Some(Menu::Transfer), thread.notes)),
            Button::Back => Plan::Change(change(None, thread.notes)),
            Button::Notes(notes) => Plan::Change(change(None, notes)),
            Button::Resend(message) => Plan::Resend(message),
        }
    }

    /// A message of the desk's for a thread.
    pub(super) fn to_thread(&self, thread: &Thread, content: Content, reply_to: Option<ExternalId>) -> OutboundMessage {
        OutboundMessage {
            id: OutboundId(self.inner.ids.fresh()),
            conversation: thread.conversation,
            place: thread.place(),
            speaker: Speaker::Desk,
            operation: Operation::Post { content, reply_to },
        }
    }
}

/// Whatever is done by a button, the card offers its usual ones again.
fn by_button(thread: &Thread, action: StaffAction) -> Plan {
    let change = thread.menu.is_some().then_some(ThreadChange { thread: thread.id, menu: None, notes: thread.notes });
    Plan::Act(action, Box::new(Origin { change, ..Origin::at(thread.place()) }))
}

/// Files go where the words go; of a note that is only a file, its name is noted.
fn with_files(action: StaffAction, attachments: &[Attachment]) -> StaffAction {
    match action {
        StaffAction::Say(content) => {
            let files = attachments.iter().filter_map(|attachment| attachment.file).collect();
            StaffAction::Say(Content { files, ..content })
        }
        StaffAction::Note(text) if text.is_empty() => {
            let names: Vec<&str> = attachments.iter().map(|attachment| attachment.name.as_str()).collect();
            StaffAction::Note(names.join(", "))
        }
        other => other,
    }
}

/// Words about a part that was chosen of what they answer have that part before them.
fn quoted(action: StaffAction, quote: Option<&str>) -> StaffAction {
    match action {
        StaffAction::Say(content) if !content.text.is_empty() => {
            StaffAction::Say(Content { text: quoting(quote, &content.text), ..content })
        }
        StaffAction::Note(text) if !text.is_empty() => StaffAction::Note(quoting(quote, &text)),
        other => other,
    }
}

/// Our message in the requester's chat, where a line has one.
fn carried_to(requester: &crate::inbound::PlaceRef, copies: &[EntryCopy]) -> Option<OutboundId> {
    copies.iter().find(|copy| copy.place == *requester).and_then(|copy| copy.outbound)
}

/// A turn that changes nothing.
fn unchanged(loaded: &Loaded) -> Turn {
    Turn {
        state: loaded.conversation.state.clone(),
        wake_at: loaded.conversation.wake_at,
        handled: Vec::new(),
        given_up: Vec::new(),
        ticket: None,
        language: None,
        outbound: Vec::new(),
        entries: Vec::new(),
        audit: Vec::new(),
        thread: None,
        resend: Vec::new(),
        via: None,
        merge: None,
        passed_on: Vec::new(),
    }
}
