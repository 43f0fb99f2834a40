//! A desk with an empty database, and short words for what the tests do with it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use firstline_engine::{
    conversation::{Phase, State},
    ids::{ConversationId, EntryId, EventId, OutboundId, PersonId, TicketId},
    inbound::{Circumstances, ExternalId, InboundEvent, InboundKind, PlaceRef},
    outbound::{Content, Delivery, DeliveryOutcome, Operation, OutboundMessage, Speaker},
    people::{AccountRef, Platform},
    ports::{Acceptance, Lane, Lease, Loaded, Pacing, Store, TicketWrite, Turn},
    ticket::{Priority, Ticket, TicketKind, TicketStatus},
    time::Timestamp,
    timeline::{Actor, Entry, Happening, NewEntry},
};
use firstline_store::testing::TestDatabase;
use serde_json::Value;
use uuid::Uuid;

pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000_000);
pub(crate) const LONG: Duration = Duration::from_mins(10);

/// Far more than what is waited for takes, and less than the time it would take otherwise.
pub(crate) const SOON: Duration = Duration::from_secs(20);
/// A lease of this length has expired when it is taken.
pub(crate) const EXPIRED: Duration = Duration::ZERO;

pub(crate) struct Desk {
    // Dropped in this order: the connections before the database.
    pub(crate) store: Arc<dyn Store>,
    pub(crate) database: TestDatabase,
}

impl Desk {
    pub(crate) async fn sqlite() -> Self {
        Self::on(TestDatabase::sqlite().await).await
    }

    pub(crate) async fn postgres() -> Self {
        Self::on(TestDatabase::postgres().await).await
    }

    async fn on(database: TestDatabase) -> Self {
        Self { store: database.connect().await, database }
    }

    /// Accepts one message in a place, from the person the place is named after.
    pub(crate) async fn receive(&self, place: &PlaceRef, text: &str) -> Acceptance {
        self.receive_at(place, text, NOW).await
    }

    pub(crate) async fn receive_at(&self, place: &PlaceRef, text: &str, now: Timestamp) -> Acceptance {
        self.store.accept(&[message(place, text)], None, now).await.unwrap()[0]
    }

    /// Begins a conversation, its first event handled.
    pub(crate) async fn conversation(&self, place: &PlaceRef) -> ConversationId {
        let accepted = self.receive(place, "hello").await;
        self.turn(accepted.conversation, Turn { handled: vec![accepted.event.unwrap()], ..turn() }).await;
        accepted.conversation
    }

    pub(crate) async fn lease(&self, conversation: ConversationId) -> Lease {
        self.store.lease(conversation, "test", LONG).await.unwrap().expect("the conversation is free")
    }

    /// Leases, commits and releases.
    pub(crate) async fn turn(&self, conversation: ConversationId, turn: Turn) {
        let lease = self.lease(conversation).await;
        self.store.commit_turn(&lease, &turn, NOW).await.unwrap();
        self.store.release(&lease).await.unwrap();
    }

    pub(crate) async fn say(&self, messages: &[OutboundMessage]) {
        self.turn(messages[0].conversation, Turn { outbound: messages.to_vec(), ..turn() }).await;
    }

    pub(crate) async fn load(&self, conversation: ConversationId) -> Loaded {
        self.store.load(conversation).await.unwrap().expect("the conversation exists")
    }

    pub(crate) async fn timeline(&self, conversation: ConversationId) -> Vec<Entry> {
        self.store.timeline(conversation, 0, 1000, true).await.unwrap()
    }

    /// Takes the next delivery of any platform.
    pub(crate) async fn next(&self) -> Option<Delivery> {
        self.next_at(NOW).await
    }

    pub(crate) async fn next_at(&self, now: Timestamp) -> Option<Delivery> {
        self.store.next_delivery(&everywhere(), &Pacing::default(), None, LONG, now).await.unwrap()
    }

    pub(crate) async fn finish(&self, delivery: &Delivery, outcome: &DeliveryOutcome) -> bool {
        self.store
            .finish_delivery(delivery.message.id, delivery.attempt, outcome, &Pacing::default(), NOW)
            .await
            .unwrap()
    }

    /// Takes and sends all there is, and returns the ids in the order sent.
    pub(crate) async fn send_all(&self) -> Vec<OutboundId> {
        let mut sent = Vec::new();
        while let Some(delivery) = self.next().await {
            assert!(self.finish(&delivery, &sent_as("x")).await);
            sent.push(delivery.message.id);
        }
        sent
    }

    pub(crate) async fn open_ticket(&self, place: &PlaceRef) -> Ticket {
        self.open_ticket_with(place, |_| ()).await
    }

    pub(crate) async fn open_ticket_with(&self, place: &PlaceRef, change: impl FnOnce(&mut Ticket)) -> Ticket {
        let conversation = self.conversation(place).await;
        let mut ticket = self.ticket_of(conversation).await;
        change(&mut ticket);
        self.turn(conversation, Turn { ticket: Some(TicketWrite::Open(ticket.clone())), ..turn() }).await;
        ticket
    }

    /// A ticket that is not opened yet.
    pub(crate) async fn ticket_of(&self, conversation: ConversationId) -> Ticket {
        Ticket {
            id: TicketId(fresh()),
            number: self.store.next_ticket_number().await.unwrap(),
            conversation,
            requester: self.load(conversation).await.requester.id,
            summary: "VPN".to_owned(),
            kind: TicketKind::Incident,
            category: "network".to_owned(),
            impact: None,
            urgency: None,
            priority: Priority::Medium,
            queue: "helpdesk".to_owned(),
            status: TicketStatus::New,
            assignee: None,
            opened_at: NOW,
            first_response_at: None,
            resolved_at: None,
            updated_at: NOW,
            waiting_since: None,
            paused_since: None,
            paused_ms: 0,
            resolution: None,
            rating: None,
            rating_comment: None,
            merged_into: None,
        }
    }

    /// A person who exists.
    pub(crate) async fn person(&self, user_id: &str, name: &str) -> PersonId {
        let account = AccountRef { display_name: name.to_owned(), ..account(Platform::Web, user_id) };
        self.store.ensure_account(&account, NOW).await.unwrap().1.id
    }
}

/// An id that no other of this process is like.
pub(crate) fn fresh() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u128(u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}

pub(crate) fn place(key: &str) -> PlaceRef {
    place_on(Platform::Telegram, key)
}

pub(crate) fn place_on(platform: Platform, key: &str) -> PlaceRef {
    PlaceRef { platform, key: key.to_owned() }
}

pub(crate) fn account(platform: Platform, user_id: &str) -> AccountRef {
    AccountRef { platform, user_id: user_id.to_owned(), display_name: user_id.to_owned(), language: None }
}

/// A message that nobody has sent before.
pub(crate) fn message(place: &PlaceRef, text: &str) -> InboundEvent {
    let key = fresh().to_string();
    InboundEvent {
        kind: InboundKind::Message {
            message: ExternalId(key.clone()),
            text: text.to_owned(),
            reply_to: None,
            quote: None,
            attachments: Vec::new(),
            album: None,
        },
        dedupe_key: key,
        account: account(place.platform, &place.key),
        place: place.clone(),
        sent_at: None,
        raw: Value::Null,
        circumstances: Circumstances::default(),
    }
}

pub(crate) fn text_of(kind: &InboundKind) -> &str {
    match kind {
        InboundKind::Message { text, .. } => text,
        other => panic!("not a message: {other:?}"),
    }
}

/// A turn that changes nothing.
pub(crate) fn turn() -> Turn {
    Turn {
        state: State::default(),
        wake_at: None,
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

pub(crate) fn held() -> State {
    State { phase: Phase::WithHuman, ..State::default() }
}

pub(crate) fn handled(events: impl IntoIterator<Item = Acceptance>) -> Turn {
    let handled: Vec<EventId> = events.into_iter().map(|accepted| accepted.event.unwrap()).collect();
    Turn { handled, ..turn() }
}

pub(crate) fn post(conversation: ConversationId, place: &PlaceRef, text: &str) -> OutboundMessage {
    OutboundMessage {
        id: OutboundId(fresh()),
        conversation,
        place: place.clone(),
        speaker: Speaker::Desk,
        operation: Operation::Post { content: Content::plain(text), reply_to: None },
    }
}

pub(crate) fn edit(original: &OutboundMessage, text: &str) -> OutboundMessage {
    let operation = Operation::Edit { target: original.id, content: Content::plain(text) };
    OutboundMessage { id: OutboundId(fresh()), operation, ..original.clone() }
}

pub(crate) fn said(text: &str) -> NewEntry {
    let what = Happening::Said { text: text.to_owned(), message: None, attachments: Vec::new(), reply_to: None };
    NewEntry { id: EntryId(fresh()), actor: Actor::Requester, what, outbound: None, origins: Vec::new() }
}

pub(crate) fn note(text: &str) -> NewEntry {
    NewEntry { what: Happening::Note { text: text.to_owned(), attachments: Vec::new() }, ..said("") }
}

pub(crate) fn everywhere() -> Lane {
    Lane::Platforms(Platform::ALL.to_vec())
}

pub(crate) fn sent_as(id: &str) -> DeliveryOutcome {
    DeliveryOutcome::Sent(vec![ExternalId(id.to_owned())])
}

pub(crate) fn ambiguous() -> DeliveryOutcome {
    DeliveryOutcome::Ambiguous { reason: "no answer".to_owned() }
}

pub(crate) fn dead() -> DeliveryOutcome {
    DeliveryOutcome::Dead { reason: "blocked".to_owned() }
}

pub(crate) fn retry(at: Timestamp) -> DeliveryOutcome {
    DeliveryOutcome::Retry { at, reason: "busy".to_owned() }
}

pub(crate) fn later(seconds: i64) -> Timestamp {
    Timestamp(NOW.0 + seconds * 1000)
}
