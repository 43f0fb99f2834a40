//! The timeline: what was said and done, line by line.

use firstline_engine::{
    ids::{ConversationId, EntryId, OutboundId},
    inbound::PlaceRef,
    time::Timestamp,
    timeline::{Entry, EntryDelivery, NewEntry},
};
use serde_json::Value;
use sqlx::types::Json;

use super::{Connection, Database, conversations, copies};
use crate::{
    columns::{from_json, id, json, name, text},
    error::Failure,
};

const ADD: &str = "
    INSERT INTO entries (id, conversation_id, place_id, seq, at, actor, happening, internal, outbound_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

const OF_CONVERSATION: &str = "
    SELECT e.id, e.seq, e.at, e.actor, e.happening, e.outbound_id, o.state, o.reason
    FROM entries e LEFT JOIN outbox o ON o.id = e.outbound_id
    WHERE e.conversation_id = $1 AND e.seq > $2 AND ($3 OR NOT e.internal)
    ORDER BY e.seq LIMIT $4";

const NEWEST_IN_PLACE: &str = "
    SELECT e.id, e.seq, e.at, e.actor, e.happening, e.outbound_id, o.state, o.reason
    FROM entries e LEFT JOIN outbox o ON o.id = e.outbound_id
    WHERE e.place_id = (SELECT id FROM places WHERE platform = $1 AND place_key = $2) AND NOT e.internal
    ORDER BY e.position DESC LIMIT $3";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    seq: i64,
    at: i64,
    actor: Json<Value>,
    happening: Json<Value>,
    outbound_id: Option<String>,
    state: Option<String>,
    reason: Option<String>,
}

impl TryFrom<Row> for Entry {
    type Error = Failure;

    fn try_from(row: Row) -> Result<Self, Failure> {
        const TABLE: &str = "entries";
        let delivery = match (row.outbound_id, row.state) {
            (Some(message), Some(state)) => Some(EntryDelivery {
                message: OutboundId(id(TABLE, &message)?),
                state: name("outbox", &state)?,
                reason: row.reason,
            }),
            _ => None,
        };
        Ok(Self {
            id: EntryId(id(TABLE, &row.id)?),
            seq: row.seq,
            at: Timestamp(row.at),
            actor: from_json(TABLE, row.actor)?,
            what: from_json(TABLE, row.happening)?,
            delivery,
        })
    }
}

pub(super) async fn add(
    connection: &mut Connection,
    conversation: ConversationId,
    place: &str,
    seq: i64,
    entry: &NewEntry,
    now: Timestamp,
) -> Result<(), Failure> {
    sqlx::query(ADD)
        .bind(entry.id.to_string())
        .bind(conversation.to_string())
        .bind(place)
        .bind(seq)
        .bind(now.0)
        .bind(json(&entry.actor)?)
        .bind(json(&entry.what)?)
        .bind(entry.what.is_internal())
        .bind(entry.outbound.map(|message| message.to_string()))
        .execute(&mut *connection)
        .await?;
    if entry.outbound.is_some() {
        copies::add(connection, entry.id, place, entry.outbound, None).await?;
    }
    for (origin, message) in &entry.origins {
        let origin = conversations::ensure_place(connection, origin, now).await?;
        copies::add(connection, entry.id, &origin, None, Some(message)).await?;
    }
    Ok(())
}

pub(super) async fn timeline(
    database: &Database,
    conversation: ConversationId,
    after: i64,
    limit: u32,
    internal: bool,
) -> Result<Vec<Entry>, Failure> {
    let rows: Vec<Row> = sqlx::query_as(OF_CONVERSATION)
        .bind(conversation.to_string())
        .bind(after)
        .bind(internal)
        .bind(i64::from(limit))
        .fetch_all(&database.readers)
        .await?;
    rows.into_iter().map(Entry::try_from).collect()
}

pub(super) async fn recent_in_place(database: &Database, place: &PlaceRef, limit: u32) -> Result<Vec<Entry>, Failure> {
    let rows: Vec<Row> = sqlx::query_as(NEWEST_IN_PLACE)
        .bind(place.platform.as_str())
        .bind(text(&place.key))
        .bind(i64::from(limit))
        .fetch_all(&database.readers)
        .await?;
    rows.into_iter().rev().map(Entry::try_from).collect()
}
