//! Taking in what arrived, and showing a place what it may have missed.

use std::{borrow::Cow, time::Duration};

use crate::{
    conversation::choice_token,
    desk::{Desk, DeskError, assemble::quoting, secrecy::blacked_out},
    ids::EntryId,
    inbound::{ExternalId, InboundEvent, InboundKind, PlaceRef},
    outbound::{Choice, DeliveryState},
    people::{Account, AccountRef, Person, Platform},
    ports::{Acceptance, GivenUp, SetAside, SourceLease, Watermark},
    room::{FoundThread, StaffInput},
    timeline::{Actor, Entry, Happening},
};

/// How long at most the events of one commit wait for what is being sent to be written down.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often that is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// Whose the conversation in a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// There is none.
    Nobodys,
    /// The account's that was asked for.
    Theirs,
    /// Another person's.
    SomebodyElses,
}

impl Desk {
    /// Takes in events in one commit. Only when this has returned may an adapter acknowledge them to its platform. An event
    /// that is known already is absorbed; what was done in a staff room and belongs to none of its threads is left out, and so
    /// is what others than the requester do in a place that they share. Passwords and other secrets of a requester are blacked
    /// out first, and stored nowhere.
    pub async fn accept(
        &self,
        events: &[InboundEvent],
        watermark: Option<&Watermark>,
    ) -> Result<Vec<Acceptance>, DeskError> {
        let known = self.prepared(events).await?;
        Ok(self.store().accept(&known, watermark, self.now()).await?)
    }

    /// Takes in events like [`Self::accept`], from a source that only one instance takes in at a time. Fails with
    /// [`crate::ports::StoreError::LeaseLost`], and nothing is taken in, when another instance has taken it over.
    pub async fn accept_held(
        &self,
        lease: &SourceLease,
        events: &[InboundEvent],
        watermarks: &[Watermark],
    ) -> Result<Vec<Acceptance>, DeskError> {
        let known = self.prepared(events).await?;
        Ok(self.store().accept_held(lease, &known, watermarks, self.now()).await?)
    }

    /// Takes over a source of events for this instance: with `by_force` from whoever holds it. `None` when another one does.
    pub async fn take_source(
        &self,
        source: &str,
        ttl: Duration,
        by_force: bool,
    ) -> Result<Option<SourceLease>, DeskError> {
        Ok(self.store().take_source(source, self.owner(), ttl, by_force).await?)
    }

    /// Holds a source for a while longer. False when another instance has taken it over.
    pub async fn keep_source(&self, lease: &SourceLease, ttl: Duration) -> Result<bool, DeskError> {
        Ok(self.store().keep_source(lease, ttl).await?)
    }

    /// Gives a source back, so that others need not wait for it.
    pub async fn leave_source(&self, lease: &SourceLease) -> Result<(), DeskError> {
        Ok(self.store().leave_source(lease).await?)
    }

    /// The events as they are stored: without secrets, and without what belongs to nobody.
    async fn prepared(&self, events: &[InboundEvent]) -> Result<Vec<InboundEvent>, DeskError> {
        let mut known = Vec::with_capacity(events.len());
        let until = tokio::time::Instant::now() + PATIENCE;
        for event in self.everywhere_in_its_chat(events).await? {
            let mut event = blacked_out(&event);
            self.name_files(&mut event);
            if let InboundKind::Staff(input) = &mut event.kind {
                input.found = self.thread_meant(&event.place, input, until).await?;
                if input.found.is_none() {
                    tracing::debug!(platform = %event.place.platform, "something in a staff room is about no ticket");
                    continue;
                }
            }
            known.push(event);
        }
        Ok(known)
    }

    /// Whoever blocks us does so for all conversations of the chat.
    async fn everywhere_in_its_chat<'e>(
        &self,
        events: &'e [InboundEvent],
    ) -> Result<Vec<Cow<'e, InboundEvent>>, DeskError> {
        let mut all = Vec::with_capacity(events.len());
        for event in events {
            if !matches!(event.kind, InboundKind::Blocked | InboundKind::Unblocked) {
                all.push(Cow::Borrowed(event));
                continue;
            }
            for place in self.store().places_of_chat(&event.place).await? {
                let dedupe_key = format!("{}@{}", event.dedupe_key, place.key);
                all.push(Cow::Owned(InboundEvent { dedupe_key, place, ..event.clone() }));
            }
        }
        Ok(all)
    }

    /// The thread that something in a staff room belongs to. Where there are no threads, it is the message answered that tells; and
    /// somebody may answer one faster than we can write down that it was sent, so that is waited for, as long as something is
    /// being sent there. What people say to each other there holds up nothing.
    async fn thread_meant(
        &self,
        room: &PlaceRef,
        input: &StaffInput,
        until: tokio::time::Instant,
    ) -> Result<Option<FoundThread>, DeskError> {
        let (thread, about) = (input.thread.as_ref(), input.about.as_ref());
        loop {
            let now = tokio::time::Instant::now();
            let may_come = thread.is_none() && about.is_some() && now < until;
            // Asked for first: what has been sent by now is found below.
            let may_come = may_come && self.store().is_sending_in(room).await?;
            let found = self.store().find_thread(room, thread, about).await?;
            if found.is_some() || !may_come {
                return Ok(found);
            }
            self.store().wait_for_change(LOOK_AGAIN).await;
        }
    }

    /// Keeps what a source sent and this version does not understand. Only when this has returned may an adapter acknowledge it.
    pub async fn set_aside(&self, source: &str, items: &[SetAside]) -> Result<(), DeskError> {
        if items.is_empty() {
            return Ok(());
        }
        Ok(self.store().set_aside(source, items, self.now()).await?)
    }

    /// How far a source of events has been taken in.
    pub async fn watermark(&self, source: &str) -> Result<Option<String>, DeskError> {
        Ok(self.store().watermark(source).await?)
    }

    /// How far all sources of events have been taken in whose names begin like this.
    pub async fn watermarks(&self, prefix: &str) -> Result<Vec<Watermark>, DeskError> {
        Ok(self.store().watermarks(prefix).await?)
    }

    /// Whose event it was that was accepted from a platform with this dedupe key: of a deletion platforms do not tell.
    pub async fn author(&self, platform: Platform, dedupe_key: &str) -> Result<Option<AccountRef>, DeskError> {
        let found = self.store().author(platform, dedupe_key).await?;
        Ok(found.map(|account| AccountRef {
            platform,
            user_id: account.user_id,
            display_name: account.display_name,
            language: None,
        }))
    }

    /// Events that were accepted from a platform with dedupe keys between these, as they were told; of many the last ones.
    pub async fn accepted(
        &self,
        platform: Platform,
        between: (&str, &str),
        limit: u32,
    ) -> Result<Vec<serde_json::Value>, DeskError> {
        Ok(self.store().accepted(platform, between, limit).await?)
    }

    /// Opens a place whose screen begins empty and which nobody else serves: what was said there last, oldest first, at most
    /// `limit` lines. Attempts of a predecessor that died are given up first, so the lines tell the truth about them. Call
    /// [`Self::shown`] when the lines are on the screen.
    pub async fn attach(&self, place: &PlaceRef, limit: u32) -> Result<Vec<Entry>, DeskError> {
        self.store().give_up_deliveries(GivenUp::AllIn(place), &[], &[], self.now()).await?;
        // Looked for first: what is handled in between is then found twice, and shown once.
        let waiting = self.waiting_in(place).await?;
        let mut lines = self.store().recent_in_place(place, limit).await?;
        // What is still to be sent will come by itself, and showing it here as well would show it twice; what will never be
        // sent was never said.
        lines.retain(|line| {
            !line.delivery.as_ref().is_some_and(|delivery| {
                matches!(delivery.state, DeliveryState::Pending | DeliveryState::Retry | DeliveryState::Dead)
            })
        });
        let known = |line: &Entry| {
            lines.iter().any(|known| message_of(known).is_some() && message_of(known) == message_of(line))
        };
        let waiting: Vec<Entry> = waiting.into_iter().filter(|line| !known(line)).collect();
        lines.extend(waiting);
        Ok(lines)
    }

    /// What was accepted from a place and is still to be handled, as the lines it will become. They have no place in the
    /// timeline yet (`seq` 0).
    async fn waiting_in(&self, place: &PlaceRef) -> Result<Vec<Entry>, DeskError> {
        let Some(conversation) = self.store().active_conversation(place).await? else { return Ok(Vec::new()) };
        let events = self.store().load(conversation.id).await?.map(|loaded| loaded.events).unwrap_or_default();
        let said = events.into_iter().filter_map(|event| {
            let what = match event.kind {
                InboundKind::Message { message, text, attachments, reply_to, quote, .. } => {
                    let text = quoting(quote.as_deref(), &text);
                    Happening::Said { text, message: Some(message), attachments, reply_to }
                }
                InboundKind::Command { command } => Happening::Said {
                    text: command.to_string(),
                    message: None,
                    attachments: Vec::new(),
                    reply_to: None,
                },
                InboundKind::Request { message, summary, description, attachments } => Happening::Said {
                    text: joined(&summary, &description),
                    message: Some(message),
                    attachments,
                    reply_to: None,
                },
                InboundKind::Edited { .. }
                | InboundKind::Deleted { .. }
                | InboundKind::Reacted { .. }
                | InboundKind::Choice { .. }
                | InboundKind::Public { .. }
                | InboundKind::Blocked
                | InboundKind::Unblocked
                | InboundKind::Staff(_)
                | InboundKind::PassedOn { .. }
                | InboundKind::Unheard { .. } => return None,
            };
            let (id, at) = (EntryId(event.id.0), event.accepted_at);
            Some(Entry { id, seq: 0, at, actor: Actor::Requester, what, delivery: None })
        });
        Ok(said.collect())
    }

    /// The lines of [`Self::attach`] are on the screen now, so those of which nobody knew whether they arrived have.
    pub async fn shown(&self, lines: &[Entry]) -> Result<(), DeskError> {
        for delivery in lines.iter().filter_map(|line| line.delivery.as_ref()) {
            if delivery.state == DeliveryState::Ambiguous {
                self.store().confirm_delivery(delivery.message, self.now()).await?;
            }
        }
        Ok(())
    }

    /// What the requester can choose in a place right now, for a place whose screen begins empty: the lines of
    /// [`Self::attach`] hold what was said and not what was offered with it.
    pub async fn on_offer(&self, place: &PlaceRef) -> Result<Vec<Choice>, DeskError> {
        // What is still on its way brings its choices along.
        if !self.is_settled(place).await? {
            return Ok(Vec::new());
        }
        let Some(conversation) = self.store().active_conversation(place).await? else { return Ok(Vec::new()) };
        let language = match self.store().person(conversation.requester).await? {
            Some(person) => person.language,
            None => self.policy().default_language,
        };
        let (library, prompt) = (self.library(), &conversation.state.prompt);
        Ok(prompt
            .choices
            .iter()
            .enumerate()
            .map(|(index, action)| Choice {
                token: choice_token(conversation.id, prompt.number, index),
                label: self.phrases().label(language, action, &library),
            })
            .collect())
    }

    /// Everything accepted from a place has been handled, and everything said to it has been sent, or never will be.
    pub async fn is_settled(&self, place: &PlaceRef) -> Result<bool, DeskError> {
        let Some(conversation) = self.store().active_conversation(place).await? else { return Ok(true) };
        let waiting = self.store().load(conversation.id).await?.is_some_and(|loaded| !loaded.events.is_empty());
        if waiting {
            return Ok(false);
        }
        // More than one turn says; what is older was sent before it, because a place is served in order.
        let lines = self.store().recent_in_place(place, 50).await?;
        Ok(!lines.iter().filter_map(|line| line.delivery.as_ref()).any(|delivery| {
            matches!(delivery.state, DeliveryState::Pending | DeliveryState::Sending | DeliveryState::Retry)
        }))
    }

    /// Whether a conversation is active in a place (or in one that this is a way to), and is this account's.
    pub async fn whose(&self, place: &PlaceRef, account: &AccountRef) -> Result<Whose, DeskError> {
        let Some(requester) = self.store().requester_in(place).await? else { return Ok(Whose::Nobodys) };
        let person = self.person_by_account(account.platform, &account.user_id).await?;
        Ok(if person.is_some_and(|person| person.id == requester) { Whose::Theirs } else { Whose::SomebodyElses })
    }

    /// The bot would answer what is written in a place now: no human holds its conversation.
    pub async fn would_answer(&self, place: &PlaceRef) -> Result<bool, DeskError> {
        let active = self.store().active_conversation(place).await?;
        Ok(!active.is_some_and(|conversation| conversation.state.is_held()))
    }

    /// The account with its person, made if it is new.
    pub async fn ensure_account(&self, account: &AccountRef) -> Result<(Account, Person), DeskError> {
        Ok(self.store().ensure_account(account, self.now()).await?)
    }

    /// The person behind an account, if we know it.
    pub async fn person_by_account(&self, platform: Platform, user_id: &str) -> Result<Option<Person>, DeskError> {
        Ok(self.store().account(platform, user_id).await?.map(|(_, person)| person))
    }
}

/// What a form says, as words in the timeline.
pub(super) fn joined(summary: &str, description: &str) -> String {
    let (summary, description) = (summary.trim(), description.trim());
    if description.is_empty() { summary.to_owned() } else { format!("{summary}\n\n{description}") }
}

/// The platform's id of the message that a line tells of.
const fn message_of(line: &Entry) -> Option<&ExternalId> {
    match &line.what {
        Happening::Said { message, .. } => message.as_ref(),
        _ => None,
    }
}
