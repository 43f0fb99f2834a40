//! A desk for the tests of this crate: it takes in what is typed, knows what was said before, and can be made to fail. What
//! the desk makes of it is tested where desks are made.

mod agents;

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use firstline_engine::{
    conversation::Policy,
    desk::{Desk, Parts},
    files::{File, FileOutcome, WaitingFile},
    ids::{ConversationId, EventId, FileId, OutboundId, PersonId, ThreadId, TicketId},
    inbound::{ExternalId, InboundEvent, InboundKind, PlaceRef},
    knowledge::{Article, ArticleId, Language, MatchSettings},
    outbound::{Delivery, DeliveryOutcome},
    people::{Account, AccountRef, Person, Platform, Role},
    ports::{
        Acceptance, ArticleChanges, AuditEntry, Clock, ConversationRow, Copies, EntryCopy, GivenUp, Greeting, Ids,
        Instance, Lane, Lease, Limits, Loaded, Neighbour, News, Pacing, QueueHealth, SetAside, SourceLease, Store,
        StoreError, Telling, TicketFilter, Turn, Watermark,
    },
    room::{FoundThread, Thread},
    ticket::{Ticket, TicketNumber},
    time::Timestamp,
    timeline::{Entry, NewEntry},
};
use uuid::Uuid;

/// Paper that the test keeps a copy of, or none left.
#[derive(Clone)]
pub(crate) struct Paper(Option<Arc<Mutex<Vec<u8>>>>);

impl Paper {
    pub(crate) fn none_left() -> Self {
        Self(None)
    }

    pub(crate) fn fresh() -> Self {
        Self(Some(Arc::default()))
    }

    pub(crate) fn text(&self) -> String {
        let written = self.0.as_ref().expect("paper").lock().expect("the paper").clone();
        String::from_utf8(written).expect("UTF-8")
    }
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &self.0 {
            Some(paper) => paper.lock().expect("the paper").write(bytes),
            None => Err(io::Error::new(io::ErrorKind::BrokenPipe, "no paper left")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the store holds and what it was told.
#[derive(Default)]
pub(crate) struct Fake {
    /// The next calls to accept fail, this many of them.
    pub(crate) failures: u32,
    /// What was accepted.
    pub(crate) accepted: Vec<InboundEvent>,
    /// What was said before.
    pub(crate) before: Vec<Entry>,
    /// The messages that were said to have arrived.
    pub(crate) confirmed: Vec<OutboundId>,
}

/// A store that can do what a requester's terminal asks of it, and nothing else.
#[derive(Clone, Default)]
pub(crate) struct FakeStore(Arc<Mutex<Fake>>);

impl FakeStore {
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut Fake) -> T) -> T {
        look(&mut self.0.lock().expect("the fake store"))
    }

    /// A desk on this store.
    pub(crate) fn desk(&self) -> Desk {
        Desk::new(Parts {
            store: Arc::new(self.clone()),
            clock: Arc::new(Still),
            ids: Arc::new(Still),
            policy: Policy::default(),
            matching: MatchSettings::default(),
            owner: "test".to_owned(),
            rooms: Vec::new(),
        })
    }
}

/// Time that stands still.
struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp(0)
    }
}

impl Ids for Still {
    fn fresh(&self) -> Uuid {
        Uuid::nil()
    }
}

fn unused<T>() -> T {
    panic!("a requester's terminal does not ask the store for this")
}

#[async_trait]
impl Store for FakeStore {
    async fn accept(
        &self,
        events: &[InboundEvent],
        _: Option<&Watermark>,
        _: Timestamp,
    ) -> Result<Vec<Acceptance>, StoreError> {
        self.with(|fake| {
            if fake.failures > 0 {
                fake.failures -= 1;
                let source = "disk full".into();
                return Err(StoreError::Database { operation: "accept events", source });
            }
            fake.accepted.extend_from_slice(events);
            Ok(Vec::new())
        })
    }

    async fn active_conversation(&self, _: &PlaceRef) -> Result<Option<ConversationRow>, StoreError> {
        Ok(None)
    }

    async fn recent_in_place(&self, _: &PlaceRef, _: u32) -> Result<Vec<Entry>, StoreError> {
        Ok(self.with(|fake| fake.before.clone()))
    }

    async fn hold_platform(&self, _: Platform, _: Timestamp, _: Timestamp) -> Result<(), StoreError> {
        unused()
    }

    async fn is_sending_in(&self, _: &PlaceRef) -> Result<bool, StoreError> {
        unused()
    }

    async fn give_up_deliveries(
        &self,
        _: GivenUp<'_>,
        _: &[Platform],
        _: &[Platform],
        _: Timestamp,
    ) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn confirm_delivery(&self, message: OutboundId, _: Timestamp) -> Result<bool, StoreError> {
        self.with(|fake| fake.confirmed.push(message));
        Ok(true)
    }

    async fn account(&self, _: Platform, _: &str) -> Result<Option<(Account, Person)>, StoreError> {
        Ok(None)
    }

    async fn wait_for_change(&self, at_most: Duration) {
        tokio::time::sleep(at_most).await;
    }

    async fn accept_held(
        &self,
        _: &SourceLease,
        _: &[InboundEvent],
        _: &[Watermark],
        _: Timestamp,
    ) -> Result<Vec<Acceptance>, StoreError> {
        unused()
    }

    async fn take_source(&self, _: &str, _: &str, _: Duration, _: bool) -> Result<Option<SourceLease>, StoreError> {
        unused()
    }

    async fn keep_source(&self, _: &SourceLease, _: Duration) -> Result<bool, StoreError> {
        unused()
    }

    async fn leave_source(&self, _: &SourceLease) -> Result<(), StoreError> {
        unused()
    }

    async fn set_aside(&self, _: &str, _: &[SetAside], _: Timestamp) -> Result<(), StoreError> {
        unused()
    }

    async fn watermark(&self, _: &str) -> Result<Option<String>, StoreError> {
        unused()
    }

    async fn watermarks(&self, _: &str) -> Result<Vec<Watermark>, StoreError> {
        unused()
    }

    async fn author(&self, _: Platform, _: &str) -> Result<Option<Account>, StoreError> {
        unused()
    }

    async fn accepted(&self, _: Platform, _: (&str, &str), _: u32) -> Result<Vec<serde_json::Value>, StoreError> {
        unused()
    }

    async fn event(&self, _: EventId) -> Result<Option<(PersonId, Vec<InboundKind>)>, StoreError> {
        unused()
    }

    async fn shorten(&self, _: &Lease, _: Duration) -> Result<(), StoreError> {
        unused()
    }

    async fn places_of_chat(&self, _: &PlaceRef) -> Result<Vec<PlaceRef>, StoreError> {
        unused()
    }

    async fn waiting_for_the_bot(&self, _: &[Platform], _: Timestamp) -> Result<Vec<PlaceRef>, StoreError> {
        unused()
    }

    async fn moved_rooms(&self) -> Result<Vec<(PlaceRef, PlaceRef)>, StoreError> {
        unused()
    }

    async fn requester_in(&self, _: &PlaceRef) -> Result<Option<PersonId>, StoreError> {
        unused()
    }

    async fn correspondent(&self, _: ConversationId, _: Platform) -> Result<Option<Account>, StoreError> {
        unused()
    }

    async fn way_opened(&self, _: &PlaceRef, _: &str, _: Greeting, _: Timestamp) -> Result<(), StoreError> {
        unused()
    }

    async fn way_greeted(&self, _: &PlaceRef, _: &str) -> Result<(), StoreError> {
        unused()
    }

    async fn way_lost(&self, _: &PlaceRef, _: &str) -> Result<(), StoreError> {
        unused()
    }

    async fn take_known_way(&self, _: &PlaceRef) -> Result<bool, StoreError> {
        unused()
    }

    async fn via_lost(&self, _: OutboundId) -> Result<(), StoreError> {
        unused()
    }

    async fn record(&self, _: ConversationId, _: &NewEntry, _: Timestamp) -> Result<(), StoreError> {
        unused()
    }

    async fn lease_next(&self, _: &str, _: Duration, _: Timestamp) -> Result<Option<Lease>, StoreError> {
        unused()
    }

    async fn lease(&self, _: ConversationId, _: &str, _: Duration) -> Result<Option<Lease>, StoreError> {
        unused()
    }

    async fn release(&self, _: &Lease) -> Result<(), StoreError> {
        unused()
    }

    async fn load(&self, _: ConversationId) -> Result<Option<Loaded>, StoreError> {
        unused()
    }

    async fn commit_turn(&self, _: &Lease, _: &Turn, _: Timestamp) -> Result<(), StoreError> {
        unused()
    }

    async fn renew(&self, _: &Lease, _: &Turn, _: ConversationId, _: Timestamp) -> Result<(), StoreError> {
        unused()
    }

    async fn count_failure(&self, _: EventId, _: &str) -> Result<u32, StoreError> {
        unused()
    }

    async fn timeline(&self, _: ConversationId, _: i64, _: u32, _: bool) -> Result<Vec<Entry>, StoreError> {
        unused()
    }

    async fn appear(&self, _: &str, _: &str, _: Duration) -> Result<Instance, StoreError> {
        unused()
    }

    async fn stay(&self, _: Instance, _: Duration) -> Result<bool, StoreError> {
        unused()
    }

    async fn leave(&self, _: Instance) -> Result<bool, StoreError> {
        unused()
    }

    async fn neighbours(&self, _: Instance) -> Result<Vec<Neighbour>, StoreError> {
        unused()
    }

    async fn declare_gone(&self, _: Instance, _: Duration) -> Result<u64, StoreError> {
        unused()
    }

    async fn next_delivery(
        &self,
        _: &Lane,
        _: &Pacing,
        _: Option<Instance>,
        _: Duration,
        _: Timestamp,
    ) -> Result<Option<Delivery>, StoreError> {
        unused()
    }

    async fn hold(&self, _: &PlaceRef, _: Timestamp, _: Timestamp) -> Result<(), StoreError> {
        unused()
    }

    async fn spend(&self, _: &PlaceRef, _: &Limits, _: Timestamp) -> Result<bool, StoreError> {
        unused()
    }

    async fn finish_delivery(
        &self,
        _: OutboundId,
        _: u32,
        _: &DeliveryOutcome,
        _: &Pacing,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        unused()
    }

    async fn resend(&self, _: OutboundId, _: Timestamp) -> Result<bool, StoreError> {
        unused()
    }

    async fn find_thread(
        &self,
        _: &PlaceRef,
        _: Option<&ExternalId>,
        _: Option<&ExternalId>,
    ) -> Result<Option<FoundThread>, StoreError> {
        unused()
    }

    async fn next_news(&self, _: Timestamp) -> Result<Option<News>, StoreError> {
        unused()
    }

    async fn put_off_news(&self, _: &News, _: Duration, _: Duration, _: Timestamp) -> Result<u32, StoreError> {
        unused()
    }

    async fn copies(&self, _: ConversationId, _: Timestamp) -> Result<Copies, StoreError> {
        unused()
    }

    async fn copies_of(&self, _: &PlaceRef, _: &ExternalId) -> Result<Vec<EntryCopy>, StoreError> {
        unused()
    }

    async fn tell_rooms(&self, _: &Telling, _: Timestamp) -> Result<bool, StoreError> {
        unused()
    }

    async fn thread_opened(&self, _: ThreadId, _: Option<&ExternalId>) -> Result<bool, StoreError> {
        unused()
    }

    async fn show_again(&self, _: &PlaceRef, _: &ExternalId) -> Result<bool, StoreError> {
        unused()
    }

    async fn thread_lost(&self, _: &Thread, _: bool) -> Result<bool, StoreError> {
        unused()
    }

    async fn move_room(&self, _: &PlaceRef, _: &PlaceRef) -> Result<u64, StoreError> {
        unused()
    }

    async fn next_file(&self, _: &[Platform], _: Duration, _: Timestamp) -> Result<Option<WaitingFile>, StoreError> {
        unused()
    }

    async fn finish_file(&self, _: FileId, _: u32, _: &FileOutcome) -> Result<bool, StoreError> {
        unused()
    }

    async fn files(&self, _: &[FileId]) -> Result<Vec<File>, StoreError> {
        unused()
    }

    async fn next_ticket_number(&self) -> Result<TicketNumber, StoreError> {
        unused()
    }

    async fn ticket(&self, _: TicketNumber) -> Result<Option<Ticket>, StoreError> {
        unused()
    }

    async fn tickets(&self, _: &TicketFilter) -> Result<Vec<Ticket>, StoreError> {
        unused()
    }

    async fn waiting_before(&self, _: TicketId) -> Result<u32, StoreError> {
        unused()
    }

    async fn person(&self, _: PersonId) -> Result<Option<Person>, StoreError> {
        unused()
    }

    async fn ensure_account(&self, _: &AccountRef, _: Timestamp) -> Result<(Account, Person), StoreError> {
        unused()
    }

    async fn set_role(&self, _: PersonId, _: Role, _: &str, _: Timestamp) -> Result<bool, StoreError> {
        unused()
    }

    async fn staff(&self) -> Result<Vec<Person>, StoreError> {
        unused()
    }

    async fn audit(&self, _: u32) -> Result<Vec<AuditEntry>, StoreError> {
        unused()
    }

    async fn library_version(&self) -> Result<i64, StoreError> {
        unused()
    }

    async fn articles(&self) -> Result<(i64, Vec<Article>), StoreError> {
        unused()
    }

    async fn articles_since(&self, _: i64) -> Result<Option<ArticleChanges>, StoreError> {
        unused()
    }

    async fn put_articles(
        &self,
        _: &[Article],
        _: bool,
        _: &str,
        _: Timestamp,
    ) -> Result<(u64, u64, u64, u64), StoreError> {
        unused()
    }

    async fn remove_article(
        &self,
        _: &ArticleId,
        _: Option<Language>,
        _: &str,
        _: Timestamp,
    ) -> Result<u64, StoreError> {
        unused()
    }

    async fn ping(&self) -> Result<(), StoreError> {
        unused()
    }

    async fn health(&self, _: Timestamp) -> Result<QueueHealth, StoreError> {
        unused()
    }
}
