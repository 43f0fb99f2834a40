//! Conversations: finding them, leasing them, and all that a turn starts from.

use std::time::Duration;

use firstline_engine::{
    conversation::State,
    ids::{AccountId, ConversationId, EventId, PersonId, PlaceId},
    inbound::PlaceRef,
    ports::{ConversationRow, Lease, Loaded, PendingEvent},
    time::Timestamp,
};
use serde_json::Value;
use sqlx::types::Json;

use super::{Connection, Database, commit, people, rooms, tickets};
use crate::{
    columns::{fresh_id, from_json, id, json, millis, name, number, text, unreadable},
    error::Failure,
};

const PLACE: &str = "SELECT id FROM places WHERE platform = $1 AND place_key = $2";

const ADD_PLACE: &str = "
    INSERT INTO places (id, platform, place_key, chat, created_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (platform, place_key) DO NOTHING";

const LOCK_ACTIVE: &str = concat!("SELECT id FROM conversations WHERE place_id = $1 AND active", lock_row!());

const LOCK: &str = concat!("SELECT id FROM conversations WHERE id = $1", lock_row!());

const ADD: &str = "
    INSERT INTO conversations
        (id, place_id, requester_id, state, phase, held, active, entry_seq, lease_epoch, lease_until, began_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, TRUE, 0, 0, 0, $7, $7)
    ON CONFLICT DO NOTHING";

/// For so long a conversation is kept free for somebody who has asked for it in vain; whoever still wants it asks again before.
const WANTED: Duration = Duration::from_secs(2);

/// A conversation that waits, is free, and is not kept for somebody who has asked for it. `> -1` is "is not null" in words for
/// which SQLite uses an index.
macro_rules! waiting {
    () => {
        concat!(
            "SELECT c.id FROM conversations c
            WHERE (c.pending_since > -1 OR c.wake_at <= $1) AND c.lease_until <= ",
            clock!(),
            " AND c.wanted_until <= ",
            clock!(),
            " ORDER BY
                CASE WHEN c.pending_since IS NULL OR c.wake_at < c.pending_since THEN c.wake_at ELSE c.pending_since END, c.id
            LIMIT 1"
        )
    };
}
const WAITING: &str = waiting!();
const LOCK_WAITING: &str = concat!(waiting!(), lock_free_row_of!("c"));

const LEASE: &str = concat!(
    "UPDATE conversations SET lease_epoch = lease_epoch + 1, lease_owner = $2, wanted_until = 0, lease_until = $3 + ",
    clock!(),
    " WHERE id = $1 AND lease_until <= ",
    clock!(),
    " RETURNING lease_epoch"
);

/// Written down at most twice while it lasts: who waits asks often, and each writing wakes everybody.
const WANT: &str = concat!(
    "UPDATE conversations SET wanted_until = $2 + ",
    clock!(),
    " WHERE id = $1 AND wanted_until <= $2 / 2 + ",
    clock!()
);

const RELEASE: &str = "
    UPDATE conversations SET lease_owner = NULL, lease_until = 0 WHERE id = $1 AND lease_epoch = $2 AND lease_until > 0";

const SHORTEN: &str = concat!(
    "UPDATE conversations SET lease_until = $3 + ",
    clock!(),
    " WHERE id = $1 AND lease_epoch = $2 AND lease_until > 0"
);

const BY_ID: &str = "
    SELECT c.id, c.place_id, p.platform, p.place_key, c.requester_id, c.state, c.wake_at, c.began_at
    FROM conversations c JOIN places p ON p.id = c.place_id
    WHERE c.id = $1";

const ACTIVE: &str = "
    SELECT c.id, c.place_id, p.platform, p.place_key, c.requester_id, c.state, c.wake_at, c.began_at
    FROM conversations c JOIN places p ON p.id = c.place_id
    WHERE c.active AND p.id = COALESCE(
        (SELECT w.place_id FROM ways w WHERE w.platform = $1 AND w.address = $2),
        (SELECT o.id FROM places o WHERE o.platform = $1 AND o.place_key = $2)
    )";

const PENDING: &str = "
    SELECT i.id, i.account_id, a.person_id, i.kind, i.accepted_at, i.failures, i.via
    FROM inbox i JOIN accounts a ON a.id = i.account_id
    WHERE i.conversation_id = $1 AND i.state = 'pending'
    ORDER BY i.seq LIMIT 32";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    place_id: String,
    platform: String,
    place_key: String,
    requester_id: String,
    state: Json<Value>,
    wake_at: Option<i64>,
    began_at: i64,
}

impl TryFrom<Row> for ConversationRow {
    type Error = Failure;

    fn try_from(row: Row) -> Result<Self, Failure> {
        const TABLE: &str = "conversations";
        Ok(Self {
            id: ConversationId(id(TABLE, &row.id)?),
            place: PlaceRef { platform: name("places", &row.platform)?, key: row.place_key },
            place_id: PlaceId(id(TABLE, &row.place_id)?),
            requester: PersonId(id(TABLE, &row.requester_id)?),
            state: from_json(TABLE, row.state)?,
            wake_at: row.wake_at.map(Timestamp),
            began_at: Timestamp(row.began_at),
        })
    }
}

#[derive(sqlx::FromRow)]
struct EventRow {
    id: String,
    account_id: String,
    person_id: String,
    kind: Json<Value>,
    accepted_at: i64,
    failures: i64,
    via: Option<String>,
}

impl TryFrom<EventRow> for PendingEvent {
    type Error = Failure;

    fn try_from(row: EventRow) -> Result<Self, Failure> {
        const TABLE: &str = "inbox";
        Ok(Self {
            id: EventId(id(TABLE, &row.id)?),
            account: AccountId(id(TABLE, &row.account_id)?),
            person: PersonId(id(TABLE, &row.person_id)?),
            kind: from_json(TABLE, row.kind)?,
            accepted_at: Timestamp(row.accepted_at),
            failures: number(TABLE, row.failures)?,
            via: row.via,
            joined: Vec::new(),
        })
    }
}

pub(super) async fn lease_next(
    database: &Database,
    owner: &str,
    ttl: Duration,
    now: Timestamp,
) -> Result<Option<Lease>, Failure> {
    // Most looks find nothing, and finding nothing should not need the right to write.
    let seen: Option<String> = sqlx::query_scalar(WAITING).bind(now.0).fetch_optional(&database.readers).await?;
    if seen.is_none() {
        return Ok(None);
    }
    let mut transaction = database.write().await?;
    let found: Option<String> = sqlx::query_scalar(LOCK_WAITING).bind(now.0).fetch_optional(&mut *transaction).await?;
    let Some(found) = found else { return Ok(None) };
    let lease = take(&mut transaction, ConversationId(id("conversations", &found)?), owner, ttl).await?;
    commit(transaction).await?;
    Ok(lease)
}

pub(super) async fn lease(
    database: &Database,
    conversation: ConversationId,
    owner: &str,
    ttl: Duration,
) -> Result<Option<Lease>, Failure> {
    let mut transaction = database.write().await?;
    let lease = take(&mut transaction, conversation, owner, ttl).await?;
    if lease.is_none() {
        sqlx::query(WANT).bind(conversation.to_string()).bind(millis(WANTED)).execute(&mut *transaction).await?;
    }
    commit(transaction).await?;
    Ok(lease)
}

async fn take(
    connection: &mut Connection,
    conversation: ConversationId,
    owner: &str,
    ttl: Duration,
) -> Result<Option<Lease>, Failure> {
    let epoch: Option<i64> = sqlx::query_scalar(LEASE)
        .bind(conversation.to_string())
        .bind(text(owner))
        .bind(millis(ttl))
        .fetch_optional(connection)
        .await?;
    Ok(epoch.map(|epoch| Lease { conversation, epoch }))
}

/// Returns whether there was anything to give back.
pub(super) async fn release(database: &Database, lease: &Lease) -> Result<bool, Failure> {
    let mut transaction = database.write().await?;
    let result =
        sqlx::query(RELEASE).bind(lease.conversation.to_string()).bind(lease.epoch).execute(&mut *transaction).await?;
    commit(transaction).await?;
    Ok(result.rows_affected() > 0)
}

pub(super) async fn shorten(database: &Database, lease: &Lease, ttl: Duration) -> Result<(), Failure> {
    let mut transaction = database.write().await?;
    sqlx::query(SHORTEN)
        .bind(lease.conversation.to_string())
        .bind(lease.epoch)
        .bind(millis(ttl))
        .execute(&mut *transaction)
        .await?;
    commit(transaction).await
}

pub(super) async fn load(database: &Database, conversation: ConversationId) -> Result<Option<Loaded>, Failure> {
    let mut transaction = database.read().await?;
    let key = conversation.to_string();
    let row: Option<Row> = sqlx::query_as(BY_ID).bind(&key).fetch_optional(&mut *transaction).await?;
    let Some(row) = row else { return Ok(None) };
    let conversation = ConversationRow::try_from(row)?;
    let requester = people::find_person(&mut transaction, conversation.requester)
        .await?
        .ok_or_else(|| unreadable("conversations", &"its requester is missing"))?;
    let ticket = tickets::of_conversation(&mut transaction, conversation.id).await?;
    let events: Vec<EventRow> = sqlx::query_as(PENDING).bind(&key).fetch_all(&mut *transaction).await?;
    let events = events.into_iter().map(PendingEvent::try_from).collect::<Result<_, _>>()?;
    let threads = match ticket {
        Some(_) => rooms::of_conversation(&mut transaction, conversation.id).await?,
        None => Vec::new(),
    };
    Ok(Some(Loaded { conversation, requester, ticket, events, threads }))
}

pub(super) async fn active(database: &Database, place: &PlaceRef) -> Result<Option<ConversationRow>, Failure> {
    let row: Option<Row> = sqlx::query_as(ACTIVE)
        .bind(place.platform.as_str())
        .bind(text(&place.key))
        .fetch_optional(&database.readers)
        .await?;
    row.map(ConversationRow::try_from).transpose()
}

/// The id of a place, if it is known.
pub(super) async fn find_place(connection: &mut Connection, place: &PlaceRef) -> Result<Option<String>, Failure> {
    let query = sqlx::query_scalar(PLACE).bind(place.platform.as_str()).bind(text(&place.key));
    Ok(query.fetch_optional(connection).await?)
}

/// The id of a place, made where it is missing.
pub(super) async fn ensure_place(
    connection: &mut Connection,
    place: &PlaceRef,
    now: Timestamp,
) -> Result<String, Failure> {
    loop {
        if let Some(found) = find_place(connection, place).await? {
            return Ok(found);
        }
        sqlx::query(ADD_PLACE)
            .bind(fresh_id().to_string())
            .bind(place.platform.as_str())
            .bind(text(&place.key))
            .bind(Some(text(place.chat())).filter(|chat| *chat != place.key))
            .bind(now.0)
            .execute(&mut *connection)
            .await?;
    }
}

/// Locks a conversation's row. False when there is none.
pub(super) async fn lock(connection: &mut Connection, conversation: ConversationId) -> Result<bool, Failure> {
    let found: Option<String> =
        sqlx::query_scalar(LOCK).bind(conversation.to_string()).fetch_optional(connection).await?;
    Ok(found.is_some())
}

/// The active conversation of a place, made where it is missing, its row locked.
pub(super) async fn lock_active(
    connection: &mut Connection,
    place: &str,
    requester: PersonId,
    now: Timestamp,
) -> Result<ConversationId, Failure> {
    loop {
        let found: Option<String> =
            sqlx::query_scalar(LOCK_ACTIVE).bind(place).fetch_optional(&mut *connection).await?;
        if let Some(found) = found {
            return Ok(ConversationId(id("conversations", &found)?));
        }
        // Missing, or renewed while we waited for the lock. The next round finds the new one in either case.
        add(connection, ConversationId(fresh_id()), place, requester, now).await?;
    }
}

/// Begins a conversation, unless its place has an active one. Returns whether it was begun.
pub(super) async fn add(
    connection: &mut Connection,
    conversation: ConversationId,
    place: &str,
    requester: PersonId,
    now: Timestamp,
) -> Result<bool, Failure> {
    let state = State::default();
    let result = sqlx::query(ADD)
        .bind(conversation.to_string())
        .bind(place)
        .bind(requester.to_string())
        .bind(json(&state)?)
        .bind(state.phase.as_str())
        .bind(state.is_held())
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(result.rows_affected() > 0)
}
