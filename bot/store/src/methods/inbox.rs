//! Taking events in.

use firstline_engine::{
    ids::{AccountId, ConversationId, EventId, OutboundId, PersonId},
    inbound::{InboundEvent, InboundKind},
    people::{Account, Platform},
    ports::{Acceptance, SetAside, SourceLease, Watermark},
    time::Timestamp,
};

use serde_json::Value;
use sqlx::types::Json;

use super::{Connection, Database, commit, conversations, files, people, sources, ways};
use crate::{
    columns::{fresh_id, from_json, id, json, number, text},
    error::Failure,
};

const KNOWN: &str = "SELECT conversation_id FROM inbox WHERE platform = $1 AND dedupe_key = $2";

const ADD: &str = "
    INSERT INTO inbox (id, platform, dedupe_key, conversation_id, account_id, kind, raw, sent_at, accepted_at, via, state, failures)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', 0)
    ON CONFLICT (platform, dedupe_key) DO NOTHING";

const PASS_ON: &str = "
    INSERT INTO inbox (id, platform, dedupe_key, conversation_id, account_id, kind, raw, sent_at, accepted_at, via, state, failures)
    SELECT $1, i.platform, 'passed-on/' || i.id, $3, i.account_id, $4, $5, i.sent_at, $6, NULL, 'pending', 0
    FROM inbox i WHERE i.id = $2";

/// Once, however often it is sent again and refused.
const UNHEARD: &str = "
    INSERT INTO inbox (id, platform, dedupe_key, conversation_id, account_id, kind, raw, accepted_at, state, failures)
    SELECT $1, p.platform, 'unheard/' || o.id, c.id, a.id, $3, $4, $5, 'pending', 0
    FROM outbox o
        JOIN conversations c ON c.id = o.conversation_id
        JOIN places p ON p.id = c.place_id
        JOIN accounts a ON a.person_id = c.requester_id AND a.platform = p.platform
    WHERE o.id = $2 ORDER BY a.id LIMIT 1
    ON CONFLICT (platform, dedupe_key) DO NOTHING";

const ADD_WAITING: &str = "UPDATE conversations SET pending_since = COALESCE(pending_since, $2) WHERE id = $1";

const COUNT_FAILURE: &str = "UPDATE inbox SET failures = failures + 1, reason = $2 WHERE id = $1 RETURNING failures";

const WATERMARK: &str = "SELECT position FROM watermarks WHERE source = $1";

const SET_WATERMARK: &str = "
    INSERT INTO watermarks (source, position, updated_at) VALUES ($1, $2, $3)
    ON CONFLICT (source) DO UPDATE SET position = EXCLUDED.position, updated_at = EXCLUDED.updated_at";

const WATERMARKS: &str = "
    SELECT source, position FROM watermarks WHERE SUBSTR(source, 1, $2) = $1 ORDER BY source";

const AUTHOR: &str = "
    SELECT a.id, a.person_id, a.user_id, a.display_name FROM inbox i JOIN accounts a ON a.id = i.account_id
    WHERE i.platform = $1 AND i.dedupe_key = $2";

const ACCEPTED: &str = "
    SELECT raw FROM inbox WHERE platform = $1 AND dedupe_key > $2 AND dedupe_key < $3 ORDER BY dedupe_key DESC LIMIT $4";

const EVENT: &str = "
    SELECT a.person_id, i.kind
    FROM inbox f
        JOIN inbox i ON i.conversation_id = f.conversation_id
            AND (i.id = f.id OR (i.account_id = f.account_id AND i.kind->>'album' = f.kind->>'album'))
        JOIN accounts a ON a.id = i.account_id
    WHERE f.id = $1 ORDER BY i.seq";

const SET_ASIDE: &str = "
    INSERT INTO set_aside (source, item_key, reason, raw, at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (source, item_key) DO NOTHING";

pub(super) async fn set_aside(
    database: &Database,
    source: &str,
    items: &[SetAside],
    now: Timestamp,
) -> Result<(), Failure> {
    let mut transaction = database.write().await?;
    for item in items {
        sqlx::query(SET_ASIDE)
            .bind(text(source))
            .bind(text(&item.key))
            .bind(text(&item.reason))
            .bind(json(&item.raw)?)
            .bind(now.0)
            .execute(&mut *transaction)
            .await?;
    }
    commit(transaction).await
}

pub(super) async fn accept(
    database: &Database,
    events: &[InboundEvent],
    watermarks: &[Watermark],
    lease: Option<&SourceLease>,
    now: Timestamp,
) -> Result<Vec<Acceptance>, Failure> {
    let mut transaction = database.write().await?;
    if let Some(lease) = lease {
        // Locked until the commit, so that nobody takes the source over in between.
        sources::fence(&mut transaction, lease).await?;
    }
    let mut accepted = Vec::with_capacity(events.len());
    for event in events {
        accepted.push(accept_one(&mut transaction, event, now).await?);
    }
    for watermark in watermarks {
        sqlx::query(SET_WATERMARK)
            .bind(text(&watermark.source))
            .bind(text(&watermark.position))
            .bind(now.0)
            .execute(&mut *transaction)
            .await?;
    }
    commit(transaction).await?;
    Ok(accepted)
}

async fn accept_one(connection: &mut Connection, event: &InboundEvent, now: Timestamp) -> Result<Acceptance, Failure> {
    let platform = event.place.platform;
    if let Some(conversation) = known(connection, platform, &event.dedupe_key).await? {
        return Ok(Acceptance { conversation, event: None });
    }
    if event.circumstances.shared
        && let Some(conversation) = ways::of_somebody_else(connection, &event.place, &event.account).await?
    {
        return Ok(Acceptance { conversation, event: None });
    }
    let (account, person) = people::ensure(connection, &event.account, now).await?;
    // From here on the conversation's row is locked, so events of one conversation are numbered in the order of their commits.
    let conversation = if let InboundKind::Staff(input) = &event.kind {
        match input.found {
            Some(found) if conversations::lock(connection, found.conversation).await? => found.conversation,
            _ => return Err(Failure::Contradiction("something in a staff room belongs to no thread".to_owned())),
        }
    } else {
        let (place, by_way) = ways::place_of(connection, &event.place, now).await?;
        let conversation = conversations::lock_active(connection, &place, person.id, now).await?;
        if is_word(&event.kind) && event.circumstances.via.is_none() {
            ways::heard(connection, &place, by_way.then_some(event.place.key.as_str())).await?;
        }
        conversation
    };
    match add(connection, event, conversation, account.id, now).await? {
        Some(id) => {
            sqlx::query(ADD_WAITING).bind(conversation.to_string()).bind(now.0).execute(&mut *connection).await?;
            files::add(connection, conversation, platform, &event.kind, now).await?;
            Ok(Acceptance { conversation, event: Some(id) })
        }
        // Another copy of it was committed after we had looked.
        None => match known(connection, platform, &event.dedupe_key).await? {
            Some(conversation) => Ok(Acceptance { conversation, event: None }),
            None => Err(Failure::Contradiction("an event is known and cannot be found".to_owned())),
        },
    }
}

/// Tells where the requester is; what was changed or taken back may have been written long ago.
const fn is_word(kind: &InboundKind) -> bool {
    match kind {
        InboundKind::Message { .. }
        | InboundKind::Public { .. }
        | InboundKind::Choice { .. }
        | InboundKind::Command { .. }
        | InboundKind::Request { .. } => true,
        InboundKind::Edited { .. }
        | InboundKind::Deleted { .. }
        | InboundKind::Reacted { .. }
        | InboundKind::Blocked
        | InboundKind::Unblocked
        | InboundKind::Staff(_)
        | InboundKind::PassedOn { .. }
        | InboundKind::Unheard { .. } => false,
    }
}

/// An event of another conversation, that comes of one that is handled here. It has that one's author.
pub(super) async fn pass_on(
    connection: &mut Connection,
    from: EventId,
    to: ConversationId,
    kind: &InboundKind,
    now: Timestamp,
) -> Result<(), Failure> {
    let added = sqlx::query(PASS_ON)
        .bind(fresh_id().to_string())
        .bind(from.to_string())
        .bind(to.to_string())
        .bind(json(kind)?)
        .bind(json(&Value::Null)?)
        .bind(now.0)
        .execute(&mut *connection)
        .await?;
    if added.rows_affected() == 0 {
        return Err(Failure::Contradiction(format!("there is no event {from} to be passed on")));
    }
    sqlx::query(ADD_WAITING).bind(to.to_string()).bind(now.0).execute(connection).await?;
    Ok(())
}

/// The conversation of a message that will never arrive is told. Its row is locked.
pub(super) async fn add_unheard(
    connection: &mut Connection,
    conversation: &str,
    message: OutboundId,
    reason: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    let added = sqlx::query(UNHEARD)
        .bind(fresh_id().to_string())
        .bind(message.to_string())
        .bind(json(&InboundKind::Unheard { message, reason: reason.to_owned() })?)
        .bind(json(&Value::Null)?)
        .bind(now.0)
        .execute(&mut *connection)
        .await?;
    if added.rows_affected() > 0 {
        sqlx::query(ADD_WAITING).bind(conversation).bind(now.0).execute(connection).await?;
    }
    Ok(())
}

async fn known(connection: &mut Connection, platform: Platform, key: &str) -> Result<Option<ConversationId>, Failure> {
    let found: Option<String> =
        sqlx::query_scalar(KNOWN).bind(platform.as_str()).bind(text(key)).fetch_optional(connection).await?;
    found.map(|found| Ok(ConversationId(id("inbox", &found)?))).transpose()
}

async fn add(
    connection: &mut Connection,
    event: &InboundEvent,
    conversation: ConversationId,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<EventId>, Failure> {
    let id = EventId(fresh_id());
    let result = sqlx::query(ADD)
        .bind(id.to_string())
        .bind(event.place.platform.as_str())
        .bind(text(&event.dedupe_key))
        .bind(conversation.to_string())
        .bind(account.to_string())
        .bind(json(&event.kind)?)
        .bind(json(&event.raw)?)
        .bind(event.sent_at.map(|at| at.0))
        .bind(now.0)
        .bind(event.circumstances.via.as_deref().map(text))
        .execute(connection)
        .await?;
    Ok((result.rows_affected() > 0).then_some(id))
}

pub(super) async fn count_failure(database: &Database, event: EventId, reason: &str) -> Result<u32, Failure> {
    let mut transaction = database.write().await?;
    let failures: Option<i64> = sqlx::query_scalar(COUNT_FAILURE)
        .bind(event.to_string())
        .bind(text(reason))
        .fetch_optional(&mut *transaction)
        .await?;
    commit(transaction).await?;
    failures.map_or(Ok(0), |failures| number("inbox", failures))
}

pub(super) async fn watermark(database: &Database, source: &str) -> Result<Option<String>, Failure> {
    Ok(sqlx::query_scalar(WATERMARK).bind(text(source)).fetch_optional(&database.readers).await?)
}

pub(super) async fn watermarks(database: &Database, prefix: &str) -> Result<Vec<Watermark>, Failure> {
    let length = i32::try_from(prefix.chars().count()).unwrap_or(i32::MAX);
    let found: Vec<(String, String)> =
        sqlx::query_as(WATERMARKS).bind(text(prefix)).bind(length).fetch_all(&database.readers).await?;
    Ok(found.into_iter().map(|(source, position)| Watermark { source, position }).collect())
}

pub(super) async fn author(
    database: &Database,
    platform: Platform,
    dedupe_key: &str,
) -> Result<Option<Account>, Failure> {
    let found: Option<(String, String, String, String)> =
        sqlx::query_as(AUTHOR).bind(platform.as_str()).bind(text(dedupe_key)).fetch_optional(&database.readers).await?;
    let Some((account, person, user_id, display_name)) = found else { return Ok(None) };
    let (account, person) = (AccountId(id("accounts", &account)?), PersonId(id("accounts", &person)?));
    Ok(Some(Account { id: account, person, platform, user_id, display_name }))
}

pub(super) async fn accepted(
    database: &Database,
    platform: Platform,
    (first, last): (&str, &str),
    limit: u32,
) -> Result<Vec<Value>, Failure> {
    let found: Vec<Json<Value>> = sqlx::query_scalar(ACCEPTED)
        .bind(platform.as_str())
        .bind(text(first))
        .bind(text(last))
        .bind(i64::from(limit))
        .fetch_all(&database.readers)
        .await?;
    Ok(found.into_iter().map(|Json(raw)| raw).collect())
}

pub(super) async fn event(
    database: &Database,
    event: EventId,
) -> Result<Option<(PersonId, Vec<InboundKind>)>, Failure> {
    let found: Vec<(String, Json<Value>)> =
        sqlx::query_as(EVENT).bind(event.to_string()).fetch_all(&database.readers).await?;
    let Some((person, _)) = found.first() else { return Ok(None) };
    let person = PersonId(id("accounts", person)?);
    let parts = found.into_iter().map(|(_, kind)| from_json("inbox", kind)).collect::<Result<_, _>>()?;
    Ok(Some((person, parts)))
}
