//! Which messages are copies of which lines, and what became of those that are not told of yet.

use firstline_engine::{
    ids::{ConversationId, EntryId, OutboundId},
    inbound::{ExternalId, PlaceRef},
    ports::{Copies, Crowded, Ended, EntryCopy, WaitingLine},
    time::Timestamp,
};
use serde_json::Value;
use sqlx::types::Json;

use super::{Connection, Database, conversations};
use crate::{
    columns::{from_json, id, name, number, text},
    error::Failure,
};

const ADD: &str = "INSERT INTO copies (entry_id, place_id, outbound_id, external_id) VALUES ($1, $2, $3, $4)";

const OF_CONVERSATION: &str = "
    SELECT c.entry_id, p.platform, p.place_key, c.outbound_id, COALESCE(c.external_id, o.external_id) AS external_id
    FROM copies c JOIN entries e ON e.id = c.entry_id JOIN places p ON p.id = c.place_id
        LEFT JOIN outbox o ON o.id = c.outbound_id
    WHERE e.conversation_id = $1 ORDER BY c.seq";

/// Where several lines went out as one message, the last of them.
const OF_MESSAGE: &str = "
    SELECT c.entry_id, p.platform, p.place_key, c.outbound_id, COALESCE(c.external_id, o.external_id) AS external_id
    FROM copies c JOIN places p ON p.id = c.place_id LEFT JOIN outbox o ON o.id = c.outbound_id
    WHERE c.entry_id = (
        SELECT known.entry_id FROM copies known
        WHERE (known.place_id = $1 AND known.external_id = $2)
            OR known.outbound_id = (SELECT MIN(m.outbound_id) FROM outbox_parts m WHERE m.place_id = $1 AND m.external_id = $2)
        ORDER BY known.seq DESC LIMIT 1
    )
    ORDER BY c.seq";

/// Messages to the requester, and what is perhaps missing in a thread: a line, what it was changed to, or its card. What was told to
/// a thread about other messages carries no line, so that the telling ends somewhere. That a human was faster than the bot is no
/// trouble, and neither is that the bot was heard.
const ENDED: &str = concat!(
    "SELECT o.id, o.attempt, o.state, o.reason, p.platform, p.place_key, o.place_id = v.place_id AS to_requester, o.operation,
        o.speaker, (SELECT MIN(c.entry_id) FROM copies c WHERE c.outbound_id = COALESCE(o.target, o.id)) AS entry_id
    FROM outbox o JOIN conversations v ON v.id = o.conversation_id JOIN places p ON p.id = o.place_id
    WHERE o.conversation_id = $1 AND o.told_attempt < o.attempt
        AND NOT (o.by_bot AND (o.state = 'sent' OR COALESCE(o.reason, '') = '",
    superseded!(),
    "'))
        AND (
            (o.place_id = v.place_id AND o.state IN ('sent', 'ambiguous', 'dead'))
            OR (o.place_id <> v.place_id AND o.state IN ('ambiguous', 'dead') AND (
                o.is_card
                OR EXISTS (SELECT 1 FROM copies c WHERE c.outbound_id = o.id)
                OR (o.operation->>'type' = 'edit' AND EXISTS (SELECT 1 FROM copies c WHERE c.outbound_id = o.target))
            ))
        )
    ORDER BY o.seq"
);

/// The threads for which there is nothing left to be spent now, and the last message that waits there, as long as nobody has
/// begun to send it. Cards and receipts have no place in the order.
const CROWDED: &str = concat!(
    "SELECT p.platform, p.place_key, o.id, o.speaker, o.operation
    FROM threads t JOIN places p ON p.id = t.place_id LEFT JOIN outbox o ON o.seq = (
        SELECT MAX(e.seq) FROM outbox e
        WHERE e.place_id = p.id AND e.state IN ('pending', 'sending', 'retry')
            AND NOT e.is_card AND e.operation->>'type' <> 'receipt'
    ) AND o.state = 'pending' AND o.attempt = 0
    WHERE t.conversation_id = $1 AND EXISTS (
        SELECT 1 FROM paces q
        WHERE q.due_at > $2 AND q.set_at <= $2 + ",
    skew!(),
    " AND q.scope IN (p.platform, p.platform || '/' || COALESCE(p.chat, p.place_key))
    )"
);

#[derive(sqlx::FromRow)]
struct CopyRow {
    entry_id: String,
    platform: String,
    place_key: String,
    outbound_id: Option<String>,
    external_id: Option<String>,
}

impl TryFrom<CopyRow> for EntryCopy {
    type Error = Failure;

    fn try_from(row: CopyRow) -> Result<Self, Failure> {
        const TABLE: &str = "copies";
        Ok(Self {
            entry: EntryId(id(TABLE, &row.entry_id)?),
            place: PlaceRef { platform: name("places", &row.platform)?, key: row.place_key },
            outbound: row.outbound_id.map(|it| Ok::<_, Failure>(OutboundId(id(TABLE, &it)?))).transpose()?,
            external: row.external_id.map(ExternalId),
        })
    }
}

#[derive(sqlx::FromRow)]
struct EndedRow {
    id: String,
    attempt: i64,
    state: String,
    reason: Option<String>,
    platform: String,
    place_key: String,
    to_requester: bool,
    operation: Json<Value>,
    speaker: Json<Value>,
    entry_id: Option<String>,
}

impl TryFrom<EndedRow> for Ended {
    type Error = Failure;

    fn try_from(row: EndedRow) -> Result<Self, Failure> {
        const TABLE: &str = "outbox";
        Ok(Self {
            message: OutboundId(id(TABLE, &row.id)?),
            entry: row.entry_id.map(|it| Ok::<_, Failure>(EntryId(id(TABLE, &it)?))).transpose()?,
            operation: from_json(TABLE, row.operation)?,
            speaker: from_json(TABLE, row.speaker)?,
            attempt: number(TABLE, row.attempt)?,
            state: name(TABLE, &row.state)?,
            reason: row.reason,
            place: PlaceRef { platform: name("places", &row.platform)?, key: row.place_key },
            to_requester: row.to_requester,
        })
    }
}

#[derive(sqlx::FromRow)]
struct CrowdedRow {
    platform: String,
    place_key: String,
    id: Option<String>,
    speaker: Option<Json<Value>>,
    operation: Option<Json<Value>>,
}

impl TryFrom<CrowdedRow> for Crowded {
    type Error = Failure;

    fn try_from(row: CrowdedRow) -> Result<Self, Failure> {
        const TABLE: &str = "outbox";
        let place = PlaceRef { platform: name("places", &row.platform)?, key: row.place_key };
        let last = match (row.id, row.speaker, row.operation) {
            (Some(message), Some(speaker), Some(operation)) => Some(WaitingLine {
                message: OutboundId(id(TABLE, &message)?),
                speaker: from_json(TABLE, speaker)?,
                operation: from_json(TABLE, operation)?,
            }),
            _ => None,
        };
        Ok(Self { place, last })
    }
}

pub(super) async fn of_conversation(
    database: &Database,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<Copies, Failure> {
    let mut transaction = database.read().await?;
    let key = conversation.to_string();
    let copies: Vec<CopyRow> = sqlx::query_as(OF_CONVERSATION).bind(&key).fetch_all(&mut *transaction).await?;
    let ended: Vec<EndedRow> = sqlx::query_as(ENDED).bind(&key).fetch_all(&mut *transaction).await?;
    let crowded: Vec<CrowdedRow> = sqlx::query_as(CROWDED).bind(&key).bind(now.0).fetch_all(&mut *transaction).await?;
    Ok(Copies {
        copies: copies.into_iter().map(EntryCopy::try_from).collect::<Result<_, _>>()?,
        ended: ended.into_iter().map(Ended::try_from).collect::<Result<_, _>>()?,
        crowded: crowded.into_iter().map(Crowded::try_from).collect::<Result<_, _>>()?,
    })
}

pub(super) async fn of_message(
    database: &Database,
    place: &PlaceRef,
    message: &ExternalId,
) -> Result<Vec<EntryCopy>, Failure> {
    let mut connection = database.readers.acquire().await?;
    let Some(place) = conversations::find_place(&mut connection, place).await? else { return Ok(Vec::new()) };
    let rows: Vec<CopyRow> =
        sqlx::query_as(OF_MESSAGE).bind(place).bind(text(&message.0)).fetch_all(&mut *connection).await?;
    rows.into_iter().map(EntryCopy::try_from).collect()
}

/// A line is a message in a place: one of ours, or one that was written there.
pub(super) async fn add(
    connection: &mut Connection,
    entry: EntryId,
    place: &str,
    outbound: Option<OutboundId>,
    external: Option<&ExternalId>,
) -> Result<(), Failure> {
    sqlx::query(ADD)
        .bind(entry.to_string())
        .bind(place)
        .bind(outbound.map(|it| it.to_string()))
        .bind(external.map(|it| text(&it.0)))
        .execute(connection)
        .await?;
    Ok(())
}
