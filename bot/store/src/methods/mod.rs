//! The methods of the store, one file per concern. This folder is compiled twice, as a part of `sqlite.rs` and as a part of
//! `postgres.rs`; `Db` and the macros `clock!`, `lock_row!` and `lock_free_row_of!` come from there.
//!
//! A method here makes one attempt and speaks of [`Failure`]s. The implementation of [`Store`] below names the operation, tries
//! again where that is safe, and tells those who wait what was changed.

/// Makes the attempts of one operation. One that comes to the same when it is done twice names `Failure::may_pass` as well.
macro_rules! attempt {
    ($operation:literal, $attempt:expr) => {
        attempt!($operation, $attempt, $crate::error::Failure::is_passing)
    };
    ($operation:literal, $attempt:expr, $passes:path) => {{
        let mut pauses = PAUSES.into_iter();
        loop {
            match ($attempt.await, pauses.next()) {
                (Err(failure), Some(pause)) if $passes(&failure) => tokio::time::sleep(pause).await,
                (result, _) => break result.map_err(|failure| failure.told($operation)),
            }
        }
    }};
}

/// By how much two who look at a clock at once may differ, in milliseconds: one of them was held up after looking, or runs on a
/// machine whose clock is ahead. Only a clock that is behind by more was put back.
macro_rules! skew {
    () => {
        60_000
    };
}

/// Why what the bot wanted to say was not sent: a human was faster. Nobody has to be told of that.
macro_rules! superseded {
    () => {
        "superseded: a human took over"
    };
}

mod agents;
mod audit;
mod changes;
mod conversations;
mod copies;
mod endings;
mod files;
mod inbox;
mod instances;
mod library;
mod macros;
mod merging;
mod news;
mod outbox;
mod paces;
mod people;
mod places;
mod rooms;
mod running;
pub(super) mod schema;
mod sources;
mod tickets;
mod timeline;
mod turn;
mod ways;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use firstline_engine::{
    files::{File, FileOutcome, WaitingFile},
    ids::{ConversationId, EventId, FileId, OutboundId, PersonId, ThreadId, TicketId},
    inbound::{ExternalId, InboundEvent, InboundKind, PlaceRef},
    outbound::{Delivery, DeliveryOutcome},
    people::{Account, AccountRef, Person, Platform, Role},
    ports::{
        Acceptance, ArticleChanges, AuditEntry, ConversationRow, Copies, EntryCopy, GivenUp, Greeting, Instance, Lane,
        Lease, Limits, Loaded, Neighbour, News, Pacing, QueueHealth, SetAside, SourceLease, Store, StoreError, Telling,
        TicketFilter, Turn, Watermark,
    },
    room::{FoundThread, Thread},
    ticket::{Ticket, TicketNumber},
    time::Timestamp,
    timeline::{Entry, NewEntry},
};
use firstline_knowledge::{Article, ArticleId, Language};
use sqlx::Pool;
use tokio::task::JoinSet;

use super::{BEGIN_READ, BEGIN_WRITE, Db};
use crate::{changes::Changes, error::Failure};

type Connection = <Db as sqlx::Database>::Connection;
type Transaction = sqlx::Transaction<'static, Db>;

/// The store on one database.
#[derive(Debug)]
pub(super) struct Database {
    readers: Pool<Db>,
    writer: Pool<Db>,
    changes: Arc<Changes>,
    /// Ends with the store.
    _background: JoinSet<()>,
}

impl Database {
    pub(super) fn new(readers: Pool<Db>, writer: Pool<Db>, changes: Arc<Changes>, background: JoinSet<()>) -> Self {
        Self { readers, writer, changes, _background: background }
    }

    /// Begins a transaction that writes. Where it is dropped without [`commit`], nothing was done.
    async fn write(&self) -> Result<Transaction, Failure> {
        Ok(self.writer.begin_with(BEGIN_WRITE).await?)
    }

    /// Begins a transaction that reads, all of it as of one moment.
    async fn read(&self) -> Result<Transaction, Failure> {
        Ok(self.readers.begin_with(BEGIN_READ).await?)
    }
}

async fn commit(transaction: Transaction) -> Result<(), Failure> {
    transaction.commit().await.map_err(Failure::Commit)
}

/// Pauses before the second and each later attempt: a server that restarts is back within their sum, or it takes longer.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(10),
    Duration::from_millis(50),
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
];

impl Database {
    /// Passes a result on, and tells those who wait if it means that something was changed.
    fn told<T>(&self, result: Result<T, StoreError>, is_change: impl FnOnce(&T) -> bool) -> Result<T, StoreError> {
        if result.as_ref().is_ok_and(is_change) {
            self.changes.committed();
        }
        result
    }
}

#[async_trait]
impl Store for Database {
    async fn accept(
        &self,
        events: &[InboundEvent],
        watermark: Option<&Watermark>,
        now: Timestamp,
    ) -> Result<Vec<Acceptance>, StoreError> {
        // Twice is the same as once: what counted the first time is known the second time.
        let result = attempt!(
            "accept events",
            inbox::accept(self, events, watermark.map_or(&[], std::slice::from_ref), None, now),
            Failure::may_pass
        );
        self.told(result, |accepted| accepted.iter().any(|it| it.event.is_some()))
    }

    async fn accept_held(
        &self,
        lease: &SourceLease,
        events: &[InboundEvent],
        watermarks: &[Watermark],
        now: Timestamp,
    ) -> Result<Vec<Acceptance>, StoreError> {
        let result = attempt!(
            "accept events of a source",
            inbox::accept(self, events, watermarks, Some(lease), now),
            Failure::may_pass
        );
        self.told(result, |accepted| accepted.iter().any(|it| it.event.is_some()))
    }

    async fn take_source(
        &self,
        source: &str,
        owner: &str,
        ttl: Duration,
        by_force: bool,
    ) -> Result<Option<SourceLease>, StoreError> {
        attempt!("take over a source", sources::take(self, source, owner, ttl, by_force))
    }

    async fn keep_source(&self, lease: &SourceLease, ttl: Duration) -> Result<bool, StoreError> {
        attempt!("hold a source", sources::keep(self, lease, ttl))
    }

    async fn leave_source(&self, lease: &SourceLease) -> Result<(), StoreError> {
        attempt!("give a source back", sources::leave(self, lease))
    }

    async fn set_aside(&self, source: &str, items: &[SetAside], now: Timestamp) -> Result<(), StoreError> {
        attempt!("set aside what is not understood", inbox::set_aside(self, source, items, now))
    }

    async fn watermark(&self, source: &str) -> Result<Option<String>, StoreError> {
        attempt!("read a watermark", inbox::watermark(self, source))
    }

    async fn watermarks(&self, prefix: &str) -> Result<Vec<Watermark>, StoreError> {
        attempt!("read watermarks", inbox::watermarks(self, prefix))
    }

    async fn author(&self, platform: Platform, dedupe_key: &str) -> Result<Option<Account>, StoreError> {
        attempt!("find the author of an event", inbox::author(self, platform, dedupe_key))
    }

    async fn accepted(
        &self,
        platform: Platform,
        between: (&str, &str),
        limit: u32,
    ) -> Result<Vec<serde_json::Value>, StoreError> {
        attempt!("read accepted events", inbox::accepted(self, platform, between, limit))
    }

    async fn event(&self, event: EventId) -> Result<Option<(PersonId, Vec<InboundKind>)>, StoreError> {
        attempt!("read an event", inbox::event(self, event))
    }

    // Taking a lease is no news to those who wait for work: it only takes away.
    async fn lease_next(&self, owner: &str, ttl: Duration, now: Timestamp) -> Result<Option<Lease>, StoreError> {
        attempt!("lease the next conversation", conversations::lease_next(self, owner, ttl, now))
    }

    async fn lease(
        &self,
        conversation: ConversationId,
        owner: &str,
        ttl: Duration,
    ) -> Result<Option<Lease>, StoreError> {
        attempt!("lease a conversation", conversations::lease(self, conversation, owner, ttl))
    }

    async fn release(&self, lease: &Lease) -> Result<(), StoreError> {
        let result = attempt!("release a conversation", conversations::release(self, lease));
        self.told(result, |released| *released).map(drop)
    }

    async fn shorten(&self, lease: &Lease, ttl: Duration) -> Result<(), StoreError> {
        attempt!("shorten a lease", conversations::shorten(self, lease, ttl))
    }

    async fn load(&self, conversation: ConversationId) -> Result<Option<Loaded>, StoreError> {
        attempt!("load a conversation", conversations::load(self, conversation))
    }

    async fn commit_turn(&self, lease: &Lease, turn: &Turn, now: Timestamp) -> Result<(), StoreError> {
        let result = attempt!("commit a turn", turn::commit_turn(self, lease, turn, now));
        self.told(result, |()| true)
    }

    async fn renew(&self, lease: &Lease, turn: &Turn, fresh: ConversationId, now: Timestamp) -> Result<(), StoreError> {
        let result = attempt!("renew a conversation", turn::renew(self, lease, turn, fresh, now));
        self.told(result, |()| true)
    }

    async fn count_failure(&self, event: EventId, reason: &str) -> Result<u32, StoreError> {
        attempt!("count a failure", inbox::count_failure(self, event, reason))
    }

    async fn active_conversation(&self, place: &PlaceRef) -> Result<Option<ConversationRow>, StoreError> {
        attempt!("look up a conversation", conversations::active(self, place))
    }

    async fn places_of_chat(&self, chat: &PlaceRef) -> Result<Vec<PlaceRef>, StoreError> {
        attempt!("look up a chat's places", places::of_chat(self, chat))
    }

    async fn waiting_for_the_bot(&self, platforms: &[Platform], since: Timestamp) -> Result<Vec<PlaceRef>, StoreError> {
        attempt!("look where the bot is waited for", places::waiting_for_the_bot(self, platforms, since))
    }

    async fn timeline(
        &self,
        conversation: ConversationId,
        after: i64,
        limit: u32,
        internal: bool,
    ) -> Result<Vec<Entry>, StoreError> {
        attempt!("read a timeline", timeline::timeline(self, conversation, after, limit, internal))
    }

    async fn recent_in_place(&self, place: &PlaceRef, limit: u32) -> Result<Vec<Entry>, StoreError> {
        attempt!("read a place's timeline", timeline::recent_in_place(self, place, limit))
    }

    // Who is there or gone changes what can be given up, which the sweeper looks at by itself.
    async fn appear(&self, owner: &str, whereabouts: &str, ttl: Duration) -> Result<Instance, StoreError> {
        attempt!("make this instance known", instances::appear(self, owner, whereabouts, ttl))
    }

    async fn stay(&self, instance: Instance, ttl: Duration) -> Result<bool, StoreError> {
        attempt!("say that this instance is there", instances::stay(self, instance, ttl))
    }

    async fn leave(&self, instance: Instance) -> Result<bool, StoreError> {
        attempt!("say that an instance is gone", instances::leave(self, instance))
    }

    async fn neighbours(&self, instance: Instance) -> Result<Vec<Neighbour>, StoreError> {
        attempt!("look for other instances", instances::neighbours(self, instance))
    }

    async fn declare_gone(&self, by: Instance, grace: Duration) -> Result<u64, StoreError> {
        attempt!("declare instances gone", instances::declare_gone(self, by, grace))
    }

    async fn next_delivery(
        &self,
        lane: &Lane,
        pacing: &Pacing,
        sender: Option<Instance>,
        ttl: Duration,
        now: Timestamp,
    ) -> Result<Option<Delivery>, StoreError> {
        attempt!("take the next delivery", outbox::next_delivery(self, lane, pacing, sender, ttl, now))
    }

    async fn requester_in(&self, place: &PlaceRef) -> Result<Option<PersonId>, StoreError> {
        attempt!("look for a place's requester", ways::requester_in(self, place))
    }

    async fn correspondent(
        &self,
        conversation: ConversationId,
        platform: Platform,
    ) -> Result<Option<Account>, StoreError> {
        attempt!("find a requester's account", ways::correspondent(self, conversation, platform))
    }

    async fn way_opened(
        &self,
        place: &PlaceRef,
        address: &str,
        greeting: Greeting,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        attempt!("record a way to a place", ways::opened(self, place, address, greeting, now))
    }

    async fn way_greeted(&self, place: &PlaceRef, address: &str) -> Result<(), StoreError> {
        attempt!("record that a way was begun", ways::greeted(self, place, address))
    }

    async fn way_lost(&self, place: &PlaceRef, address: &str) -> Result<(), StoreError> {
        attempt!("record the loss of a way", ways::lost(self, place, address))
    }

    async fn take_known_way(&self, place: &PlaceRef) -> Result<bool, StoreError> {
        attempt!("take a known way to a place", ways::take_known(self, place))
    }

    async fn via_lost(&self, message: OutboundId) -> Result<(), StoreError> {
        attempt!("record that it is too late for an answer", ways::via_lost(self, message))
    }

    async fn record(&self, conversation: ConversationId, entry: &NewEntry, now: Timestamp) -> Result<(), StoreError> {
        let result = attempt!("add a line to a timeline", ways::record(self, conversation, entry, now));
        self.told(result, |()| true)
    }

    async fn hold(&self, place: &PlaceRef, until: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        attempt!("hold a chat", paces::hold(self, place, until, now), Failure::may_pass)
    }

    async fn spend(&self, room: &PlaceRef, limits: &Limits, now: Timestamp) -> Result<bool, StoreError> {
        attempt!("count a message in a room", paces::spend(self, room, limits, now))
    }

    async fn hold_platform(&self, platform: Platform, until: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        attempt!("hold a platform", paces::hold_platform(self, platform, until, now), Failure::may_pass)
    }

    async fn finish_delivery(
        &self,
        message: OutboundId,
        attempt: u32,
        outcome: &DeliveryOutcome,
        pacing: &Pacing,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let result =
            attempt!("finish a delivery", endings::finish_delivery(self, message, attempt, outcome, pacing, now));
        self.told(result, |finished| *finished)
    }

    async fn give_up_deliveries(
        &self,
        which: GivenUp<'_>,
        repeatable: &[Platform],
        once_more: &[Platform],
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let result =
            attempt!("give deliveries up", endings::give_up_deliveries(self, which, repeatable, once_more, now));
        self.told(result, |count| *count > 0)
    }

    async fn resend(&self, message: OutboundId, now: Timestamp) -> Result<bool, StoreError> {
        let result = attempt!("send a message again", endings::resend(self, message, now));
        self.told(result, |changed| *changed)
    }

    async fn confirm_delivery(&self, message: OutboundId, now: Timestamp) -> Result<bool, StoreError> {
        let result = attempt!("confirm a delivery", endings::confirm_delivery(self, message, now));
        self.told(result, |changed| *changed)
    }

    async fn find_thread(
        &self,
        room: &PlaceRef,
        thread: Option<&ExternalId>,
        about: Option<&ExternalId>,
    ) -> Result<Option<FoundThread>, StoreError> {
        attempt!("find a thread", rooms::find_thread(self, room, thread, about))
    }

    async fn is_sending_in(&self, room: &PlaceRef) -> Result<bool, StoreError> {
        attempt!("look what is being sent", rooms::is_sending_in(self, room))
    }

    async fn next_news(&self, now: Timestamp) -> Result<Option<News>, StoreError> {
        attempt!("look for news", news::next(self, now))
    }

    // What waits is no news to those who wait for work.
    async fn put_off_news(
        &self,
        news: &News,
        wait: Duration,
        longest: Duration,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        attempt!("put news off", news::put_off(self, news, wait, longest, now))
    }

    async fn copies(&self, conversation: ConversationId, now: Timestamp) -> Result<Copies, StoreError> {
        attempt!("read a conversation's copies", copies::of_conversation(self, conversation, now))
    }

    async fn copies_of(&self, place: &PlaceRef, message: &ExternalId) -> Result<Vec<EntryCopy>, StoreError> {
        attempt!("read a message's copies", copies::of_message(self, place, message))
    }

    async fn tell_rooms(&self, telling: &Telling, now: Timestamp) -> Result<bool, StoreError> {
        let result = attempt!("tell rooms the news", news::tell(self, telling, now));
        self.told(result, |told| *told)
    }

    async fn thread_opened(&self, thread: ThreadId, external: Option<&ExternalId>) -> Result<bool, StoreError> {
        let result = attempt!("record a thread", rooms::thread_opened(self, thread, external), Failure::may_pass);
        self.told(result, |changed| *changed)
    }

    async fn show_again(&self, room: &PlaceRef, thread: &ExternalId) -> Result<bool, StoreError> {
        let result = attempt!("show a ticket anew", rooms::show_again(self, room, thread));
        self.told(result, |changed| *changed)
    }

    async fn thread_lost(&self, thread: &Thread, card_only: bool) -> Result<bool, StoreError> {
        let result = attempt!("record the loss of a thread", rooms::thread_lost(self, thread, card_only));
        self.told(result, |changed| *changed)
    }

    async fn move_room(&self, from: &PlaceRef, to: &PlaceRef) -> Result<u64, StoreError> {
        let result = attempt!("move a room", places::move_room(self, from, to));
        self.told(result, |count| *count > 0)
    }

    async fn moved_rooms(&self) -> Result<Vec<(PlaceRef, PlaceRef)>, StoreError> {
        attempt!("read which rooms have moved", places::moved_rooms(self))
    }

    async fn next_file(
        &self,
        platforms: &[Platform],
        ttl: Duration,
        now: Timestamp,
    ) -> Result<Option<WaitingFile>, StoreError> {
        attempt!("take the next file", files::next_file(self, platforms, ttl, now))
    }

    async fn finish_file(&self, file: FileId, attempt: u32, outcome: &FileOutcome) -> Result<bool, StoreError> {
        let result = attempt!("keep a file", files::finish_file(self, file, attempt, outcome));
        self.told(result, |finished| *finished)
    }

    async fn files(&self, ids: &[FileId]) -> Result<Vec<File>, StoreError> {
        attempt!("read files", files::files(self, ids))
    }

    async fn next_ticket_number(&self) -> Result<TicketNumber, StoreError> {
        attempt!("take a ticket number", tickets::next_ticket_number(self))
    }

    async fn ticket(&self, number: TicketNumber) -> Result<Option<Ticket>, StoreError> {
        attempt!("read a ticket", tickets::ticket(self, number))
    }

    async fn tickets(&self, filter: &TicketFilter) -> Result<Vec<Ticket>, StoreError> {
        attempt!("list tickets", tickets::tickets(self, filter))
    }

    async fn waiting_before(&self, ticket: TicketId) -> Result<u32, StoreError> {
        attempt!("count the tickets before one", tickets::waiting_before(self, ticket))
    }

    async fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        attempt!("read a person", people::person(self, id))
    }

    async fn account(&self, platform: Platform, user_id: &str) -> Result<Option<(Account, Person)>, StoreError> {
        attempt!("read an account", people::account(self, platform, user_id))
    }

    async fn ensure_account(&self, account: &AccountRef, now: Timestamp) -> Result<(Account, Person), StoreError> {
        attempt!("make sure of an account", people::ensure_account(self, account, now))
    }

    async fn set_role(&self, person: PersonId, role: Role, by: &str, now: Timestamp) -> Result<bool, StoreError> {
        let result = attempt!("set a role", people::set_role(self, person, role, by, now));
        self.told(result, |changed| *changed)
    }

    async fn staff(&self) -> Result<Vec<Person>, StoreError> {
        attempt!("list the staff", people::staff(self))
    }

    async fn audit(&self, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        attempt!("read the audit log", audit::newest(self, limit))
    }

    async fn library_version(&self) -> Result<i64, StoreError> {
        attempt!("read the library's version", library::version(self))
    }

    async fn articles(&self) -> Result<(i64, Vec<Article>), StoreError> {
        attempt!("read the articles", library::articles(self))
    }

    async fn articles_since(&self, version: i64) -> Result<Option<ArticleChanges>, StoreError> {
        attempt!("read the changed articles", library::since(self, version))
    }

    async fn put_articles(
        &self,
        articles: &[Article],
        prune: bool,
        by: &str,
        now: Timestamp,
    ) -> Result<(u64, u64, u64, u64), StoreError> {
        let result = attempt!("store articles", library::put(self, articles, prune, by, now));
        self.told(result, |&(inserted, replaced, _, removed)| inserted + replaced + removed > 0)
    }

    async fn remove_article(
        &self,
        id: &ArticleId,
        language: Option<Language>,
        by: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let result = attempt!("remove an article", library::remove(self, id, language, by, now));
        self.told(result, |removed| *removed > 0)
    }

    async fn wait_for_change(&self, at_most: Duration) {
        self.changes.wait(at_most).await;
    }

    async fn ping(&self) -> Result<(), StoreError> {
        attempt!("reach the database", running::ping(self))
    }

    async fn health(&self, now: Timestamp) -> Result<QueueHealth, StoreError> {
        attempt!("count what is waiting", running::health(self, now))
    }
}
