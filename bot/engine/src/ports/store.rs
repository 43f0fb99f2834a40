use std::time::Duration;

use async_trait::async_trait;
use firstline_knowledge::{Article, ArticleId, Language};

use crate::{
    files::{File, FileOutcome, WaitingFile},
    ids::{ConversationId, EventId, FileId, OutboundId, PersonId, ThreadId, TicketId},
    inbound::{ExternalId, InboundEvent, InboundKind, PlaceRef},
    outbound::{Delivery, DeliveryOutcome},
    people::{Account, AccountRef, Person, Platform, Role},
    ports::{
        agents::AgentStore,
        channel::{Greeting, Limits, Pacing},
        instances::{Instance, Neighbour},
        rooms::{Copies, EntryCopy, News, Telling},
        rows::{
            Acceptance, ArticleChanges, AuditEntry, ConversationRow, GivenUp, Lane, Lease, Loaded, QueueHealth,
            SetAside, TicketFilter, Turn, Watermark,
        },
        sources::SourceLease,
    },
    room::{FoundThread, Thread},
    ticket::{Ticket, TicketNumber},
    time::Timestamp,
    timeline::{Entry, NewEntry},
};

/// Where everything is kept. Each method is one transaction: it is done when it returns, or not at all. SQLite and PostgreSQL
/// behave the same, to the letter of these comments; one contract suite runs every method on both.
///
/// "Now" comes from the caller wherever it is recorded. Leases alone go by the database's own clock, because several
/// machines share them and their clocks differ.
#[async_trait]
pub trait Store: AgentStore + Send + Sync + 'static {
    // --- Inbox ---

    /// Takes in events, in order, in one commit. A dedupe key that is known already (of the same platform) changes nothing and
    /// is answered with `event: None`. Creates the account with its person (role requester), the place, and the place's active
    /// conversation where they are missing; the newest display name wins; the account's platform language is taken over while
    /// the person's language comes from nothing better. What happened in a staff room belongs to the conversation of the thread
    /// that was found for it. Their files, where they have an id, wait to be copied. A watermark is moved in the same commit.
    ///
    /// A way to a place stands for the place. Where a requester was heard last is where they are answered: by that way, or in
    /// the place itself. What anybody else does in a place that is shared is answered with `event: None`.
    async fn accept(
        &self,
        events: &[InboundEvent],
        watermark: Option<&Watermark>,
        now: Timestamp,
    ) -> Result<Vec<Acceptance>, StoreError>;

    /// Takes in events like [`Self::accept`], and moves any number of watermarks in the same commit. [`StoreError::LeaseLost`], and
    /// nothing is done, when somebody else has taken the source over.
    async fn accept_held(
        &self,
        lease: &SourceLease,
        events: &[InboundEvent],
        watermarks: &[Watermark],
        now: Timestamp,
    ) -> Result<Vec<Acceptance>, StoreError>;

    /// Takes a source over, whoever holds it with `by_force`, and otherwise only when nobody does. Every lease of a source has a
    /// higher epoch than all before it. `None` when somebody holds it.
    async fn take_source(
        &self,
        source: &str,
        owner: &str,
        ttl: Duration,
        by_force: bool,
    ) -> Result<Option<SourceLease>, StoreError>;

    /// Holds a source until `ttl` has passed from now. False when somebody else has taken it over.
    async fn keep_source(&self, lease: &SourceLease, ttl: Duration) -> Result<bool, StoreError>;

    /// Gives a source back early. Nothing happens when somebody else has taken it over.
    async fn leave_source(&self, lease: &SourceLease) -> Result<(), StoreError>;

    /// Keeps what a source sent and this version does not understand. What is kept already, by its key, changes nothing.
    async fn set_aside(&self, source: &str, items: &[SetAside], now: Timestamp) -> Result<(), StoreError>;

    /// How far a source of events has been read.
    async fn watermark(&self, source: &str) -> Result<Option<String>, StoreError>;

    /// How far all sources have been taken in whose names begin like this, by name.
    async fn watermarks(&self, prefix: &str) -> Result<Vec<Watermark>, StoreError>;

    /// Whose conversation is active in a place, or in the place that this is a way to.
    async fn requester_in(&self, place: &PlaceRef) -> Result<Option<PersonId>, StoreError>;

    /// Whose event it was that was accepted from a platform with this dedupe key.
    async fn author(&self, platform: Platform, dedupe_key: &str) -> Result<Option<Account>, StoreError>;

    /// Events that were accepted from a platform with dedupe keys between these, as their adapter told them; of many the last
    /// ones, by their keys.
    async fn accepted(
        &self,
        platform: Platform,
        between: (&str, &str),
        limit: u32,
    ) -> Result<Vec<serde_json::Value>, StoreError>;

    /// An accepted event, and who did it. Of an album all parts that were accepted, in order.
    async fn event(&self, event: EventId) -> Result<Option<(PersonId, Vec<InboundKind>)>, StoreError>;

    // --- Conversations ---

    /// Takes the lease of a conversation that has something to do (a pending event, or its wake time has come) and that nobody
    /// else holds or has just asked for in vain; the one that has waited longest. Every lease has a higher epoch than all before it.
    async fn lease_next(&self, owner: &str, ttl: Duration, now: Timestamp) -> Result<Option<Lease>, StoreError>;

    /// Takes the lease of one conversation; `None` when somebody else holds it or there is no such conversation. What is asked for in
    /// vain is kept for those who ask for it by name, for two seconds at most: [`Self::lease_next`] passes it over. So whoever
    /// goes on asking gets a busy conversation when the turn under way is over.
    async fn lease(
        &self,
        conversation: ConversationId,
        owner: &str,
        ttl: Duration,
    ) -> Result<Option<Lease>, StoreError>;

    /// Gives a lease back early. Nothing happens when it is no longer the newest.
    async fn release(&self, lease: &Lease) -> Result<(), StoreError>;

    /// From now on a lease lasts so long, and its holder is done with it. Nothing happens when it is no longer the newest.
    async fn shorten(&self, lease: &Lease, ttl: Duration) -> Result<(), StoreError>;

    /// All that a turn of a conversation starts from. At most the first 32 pending events, in the order accepted.
    async fn load(&self, conversation: ConversationId) -> Result<Option<Loaded>, StoreError>;

    /// Commits a turn: everything in it or nothing. [`StoreError::LeaseLost`] when the lease is not the newest one of its
    /// conversation or has expired, and when a ticket with which this conversation's is to be merged has ended or was itself
    /// merged meanwhile.
    async fn commit_turn(&self, lease: &Lease, turn: &Turn, now: Timestamp) -> Result<(), StoreError>;

    /// Ends a conversation and begins another in the same place with the same requester; events still pending move over. Fenced
    /// like [`Self::commit_turn`].
    async fn renew(&self, lease: &Lease, turn: &Turn, fresh: ConversationId, now: Timestamp) -> Result<(), StoreError>;

    /// Counts one more failure to handle this event, and returns how many there have been.
    async fn count_failure(&self, event: EventId, reason: &str) -> Result<u32, StoreError>;

    /// The conversation that is active in a place, or in the place that this is a way to.
    async fn active_conversation(&self, place: &PlaceRef) -> Result<Option<ConversationRow>, StoreError>;

    /// The places of a chat in which there is a conversation: itself, and those that are parts of it.
    async fn places_of_chat(&self, chat: &PlaceRef) -> Result<Vec<PlaceRef>, StoreError>;

    /// The places of these platforms, by the ways that are taken to them now, where somebody has waited since `since`, or longer, for the bot: something they wrote is
    /// not handled, or an answer is not sent. Not those where a human holds the conversation.
    async fn waiting_for_the_bot(&self, platforms: &[Platform], since: Timestamp) -> Result<Vec<PlaceRef>, StoreError>;

    /// The lines of a timeline after the line `after` (0 for all), oldest first, at most `limit`. Without `internal`, only what
    /// the requester may see.
    async fn timeline(
        &self,
        conversation: ConversationId,
        after: i64,
        limit: u32,
        internal: bool,
    ) -> Result<Vec<Entry>, StoreError>;

    /// The newest `limit` lines that the requester may see in a place, over all its conversations, oldest first.
    async fn recent_in_place(&self, place: &PlaceRef, limit: u32) -> Result<Vec<Entry>, StoreError>;

    // --- Instances ---

    /// Makes a run of the program known, as being there until `ttl` has passed. Its number is higher than that of all before it.
    async fn appear(&self, owner: &str, whereabouts: &str, ttl: Duration) -> Result<Instance, StoreError>;

    /// It is still there, until `ttl` has passed. False when it has been declared gone.
    async fn stay(&self, instance: Instance, ttl: Duration) -> Result<bool, StoreError>;

    /// It is gone, and whoever says that it is still there is told so. False when that is known already.
    async fn leave(&self, instance: Instance) -> Result<bool, StoreError>;

    /// The others that are not known to be gone.
    async fn neighbours(&self, instance: Instance) -> Result<Vec<Neighbour>, StoreError>;

    /// Declares all gone that have not been there for longer than `grace`, unless the one who asks has not been there without a
    /// gap for as long itself. Returns how many.
    async fn declare_gone(&self, by: Instance, grace: Duration) -> Result<u64, StoreError>;

    // --- Outbox ---

    /// Takes the next message to be sent in a lane and marks it `sending` until `ttl` has passed. In each place the oldest
    /// unsent message comes first, and none is taken while one of that place is being sent or waits for its retry. A message
    /// by the bot for a conversation that a human holds now is marked dead ("superseded: a human took over") instead. What changes
    /// a message that is dead or ambiguous is not sent: that message says it when it is sent again, and staff are told of it anew. Nothing is
    /// taken for a chat or a platform that has had as much as `pacing` allows; the topics of a room are one chat. Nothing is taken
    /// by a sender that is not there, as far as the store knows.
    async fn next_delivery(
        &self,
        lane: &Lane,
        pacing: &Pacing,
        sender: Option<Instance>,
        ttl: Duration,
        now: Timestamp,
    ) -> Result<Option<Delivery>, StoreError>;

    /// The newest account of a conversation's requester on a platform.
    async fn correspondent(
        &self,
        conversation: ConversationId,
        platform: Platform,
    ) -> Result<Option<Account>, StoreError>;

    /// A place can be reached by another address from now on, and is. The old ones stay known.
    async fn way_opened(
        &self,
        place: &PlaceRef,
        address: &str,
        greeting: Greeting,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// The thread has been begun with its greeting.
    async fn way_greeted(&self, place: &PlaceRef, address: &str) -> Result<(), StoreError>;

    /// A way is gone: the place is reached by its own address again.
    async fn way_lost(&self, place: &PlaceRef, address: &str) -> Result<(), StoreError>;

    /// The place's own address cannot be reached: takes the newest way that is known. False when there is none.
    async fn take_known_way(&self, place: &PlaceRef) -> Result<bool, StoreError>;

    /// The address for one person alone is gone: the message goes where all others go.
    async fn via_lost(&self, message: OutboundId) -> Result<(), StoreError>;

    /// Adds a line to a conversation's timeline that belongs to no turn: what became of its messages.
    async fn record(&self, conversation: ConversationId, entry: &NewEntry, now: Timestamp) -> Result<(), StoreError>;

    /// Nothing is to be sent before this time to the chat of a place: the platform has asked to wait.
    async fn hold(&self, place: &PlaceRef, until: Timestamp, now: Timestamp) -> Result<(), StoreError>;

    /// Counts a message that goes past the outbox to a staff room, against what `limits` allow. False, and nothing is counted, when
    /// there must be none now.
    async fn spend(&self, room: &PlaceRef, limits: &Limits, now: Timestamp) -> Result<bool, StoreError>;

    /// Nothing is to be sent on a platform before this time: it does not let us in.
    async fn hold_platform(&self, platform: Platform, until: Timestamp, now: Timestamp) -> Result<(), StoreError>;

    /// Records how an attempt ended. Returns false, and changes nothing, when that attempt is not the one under way (a late
    /// `Sent` or `Dead` of the newest attempt still counts after it was given up as ambiguous). What took several messages of the
    /// platform's counts as so many against what `pacing` allows.
    async fn finish_delivery(
        &self,
        message: OutboundId,
        attempt: u32,
        outcome: &DeliveryOutcome,
        pacing: &Pacing,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Gives up attempts: they become ambiguous, or wait for an immediate retry where the platform is in `repeatable` or the
    /// operation is one that may be repeated; on the platforms of `once_more`, what the bot or the desk says to a requester is
    /// said once more, as with [`DeliveryOutcome::OnceMore`]. Returns how many.
    async fn give_up_deliveries(
        &self,
        which: GivenUp<'_>,
        repeatable: &[Platform],
        once_more: &[Platform],
        now: Timestamp,
    ) -> Result<u64, StoreError>;

    /// A person decided: send an ambiguous or dead message again. False when it is neither, or was taken back since.
    async fn resend(&self, message: OutboundId, now: Timestamp) -> Result<bool, StoreError>;

    /// A person decided, or the place showed it again: an ambiguous message has arrived. False when it is not ambiguous.
    async fn confirm_delivery(&self, message: OutboundId, now: Timestamp) -> Result<bool, StoreError>;

    // --- Staff rooms ---

    /// The thread of a room that something belongs to: the one of this id, or, without an id, the one whose card or other
    /// message this is about.
    async fn find_thread(
        &self,
        room: &PlaceRef,
        thread: Option<&ExternalId>,
        about: Option<&ExternalId>,
    ) -> Result<Option<FoundThread>, StoreError>;

    /// Something is being sent to this room right now, or to one of its threads.
    async fn is_sending_in(&self, room: &PlaceRef) -> Result<bool, StoreError>;

    /// A ticket of which its rooms do not know everything: lines were written, it changed, a message to its requester has ended,
    /// a thread was lost, one of its clocks has run out. The one whose turn was longest ago; one that was put off waits until then.
    async fn next_news(&self, now: Timestamp) -> Result<Option<News>, StoreError>;

    /// Its rooms could not be told: the next time not before `wait` has passed, doubled for each failure in a row and at most
    /// `longest`. Returns how many there have been in a row.
    async fn put_off_news(
        &self,
        news: &News,
        wait: Duration,
        longest: Duration,
        now: Timestamp,
    ) -> Result<u32, StoreError>;

    /// The copies of a conversation's lines, the messages that have ended unknown to staff, and where there is a crowd.
    async fn copies(&self, conversation: ConversationId, now: Timestamp) -> Result<Copies, StoreError>;

    /// The line that a message carries or was written as, with all its copies. Empty when it is none.
    async fn copies_of(&self, place: &PlaceRef, message: &ExternalId) -> Result<Vec<EntryCopy>, StoreError>;

    /// Commits what a ticket's rooms are told. A card that still waits to be sent is replaced by a newer one of its thread. False,
    /// and nothing is done, when somebody else has told the news.
    async fn tell_rooms(&self, telling: &Telling, now: Timestamp) -> Result<bool, StoreError>;

    /// The platform has made a thread, or has none in this room (`None`). False when it was made before.
    async fn thread_opened(&self, thread: ThreadId, external: Option<&ExternalId>) -> Result<bool, StoreError>;

    /// The platform has perhaps lost the thread of a ticket that is open: its card is shown anew, which finds out. False where there
    /// is no such thread.
    async fn show_again(&self, room: &PlaceRef, thread: &ExternalId) -> Result<bool, StoreError>;

    /// The platform has lost a thread, or with `card_only` its card: it will be made again when something is to be said in it.
    /// False when that is known, or it has been made again already.
    async fn thread_lost(&self, thread: &Thread, card_only: bool) -> Result<bool, StoreError>;

    /// A chat has another address from now on, and that is remembered. Its tickets' threads go along and are to be made anew,
    /// because messages have other ids there; so do the places that are parts of it. Returns how many threads went; none when
    /// that is known already.
    async fn move_room(&self, from: &PlaceRef, to: &PlaceRef) -> Result<u64, StoreError>;

    /// The chats that have another address now: which they had, and which they have.
    async fn moved_rooms(&self) -> Result<Vec<(PlaceRef, PlaceRef)>, StoreError>;

    // --- Files ---

    /// Takes the next file of these platforms that is to be copied, until `ttl` has passed.
    async fn next_file(
        &self,
        platforms: &[Platform],
        ttl: Duration,
        now: Timestamp,
    ) -> Result<Option<WaitingFile>, StoreError>;

    /// Records how an attempt to copy a file ended. False when it is not the one under way.
    async fn finish_file(&self, file: FileId, attempt: u32, outcome: &FileOutcome) -> Result<bool, StoreError>;

    /// Files with their copies, in the order asked for; unknown ones are left out.
    async fn files(&self, ids: &[FileId]) -> Result<Vec<File>, StoreError>;

    // --- Tickets ---

    /// Takes the next ticket number. A number taken and not used leaves a gap.
    async fn next_ticket_number(&self) -> Result<TicketNumber, StoreError>;

    /// A ticket by its number.
    async fn ticket(&self, number: TicketNumber) -> Result<Option<Ticket>, StoreError>;

    /// The tickets that fit, those to be worked on first at the top (priority, then age).
    async fn tickets(&self, filter: &TicketFilter) -> Result<Vec<Ticket>, StoreError>;

    /// How many new tickets of its queue are to be worked on before this one.
    async fn waiting_before(&self, ticket: TicketId) -> Result<u32, StoreError>;

    // --- People ---

    /// A person.
    async fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError>;

    /// An account by its platform's immutable id.
    async fn account(&self, platform: Platform, user_id: &str) -> Result<Option<(Account, Person)>, StoreError>;

    /// Makes sure that an account exists, with its person, and returns both.
    async fn ensure_account(&self, account: &AccountRef, now: Timestamp) -> Result<(Account, Person), StoreError>;

    /// Gives a person a role, and writes it into the audit log. False when there is no such person.
    async fn set_role(&self, person: PersonId, role: Role, by: &str, now: Timestamp) -> Result<bool, StoreError>;

    /// Everybody who is staff, by name.
    async fn staff(&self) -> Result<Vec<Person>, StoreError>;

    /// The newest lines of the audit log, newest first.
    async fn audit(&self, limit: u32) -> Result<Vec<AuditEntry>, StoreError>;

    // --- Knowledge ---

    /// Counts the changes to the articles; 0 before the first. The number is different whenever the articles are.
    async fn library_version(&self) -> Result<i64, StoreError>;

    /// All articles with the version they are of.
    async fn articles(&self) -> Result<(i64, Vec<Article>), StoreError>;

    /// What has changed in the articles since they were of this version. `None` when that cannot be told (a version that
    /// never was, changes by a program that does not record it): then all articles are to be read.
    async fn articles_since(&self, version: i64) -> Result<Option<ArticleChanges>, StoreError>;

    /// Inserts articles, or replaces those of the same id and language; with `prune`, removes all others. Writes the audit log
    /// and counts the version up only where something changed. Returns (inserted, replaced, unchanged, removed).
    async fn put_articles(
        &self,
        articles: &[Article],
        prune: bool,
        by: &str,
        now: Timestamp,
    ) -> Result<(u64, u64, u64, u64), StoreError>;

    /// Removes an article in one language or in all. Returns how many versions went.
    async fn remove_article(
        &self,
        id: &ArticleId,
        language: Option<Language>,
        by: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError>;

    // --- Running ---

    /// Returns when something was committed by anybody, in this process or another, or when `at_most` has passed, whichever is
    /// first. A wake-up may come for nothing and may, rarely, not come: it saves waiting, it is not the truth.
    async fn wait_for_change(&self, at_most: Duration);

    /// The database answers.
    async fn ping(&self) -> Result<(), StoreError>;

    /// How much is waiting, for doctor and metrics.
    async fn health(&self, now: Timestamp) -> Result<QueueHealth, StoreError>;
}

/// What went wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else has taken the conversation over; what was to be committed is void.
    #[error("the lease of this conversation was lost")]
    LeaseLost,
    /// A row holds what this version does not understand.
    #[error("unreadable row in {table}: {reason}")]
    Unreadable {
        /// Where.
        table: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The database failed or cannot be reached.
    #[error("the database failed while it was to {operation}")]
    Database {
        /// What was being done.
        operation: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
