//! Staff rooms: the threads of tickets.

use firstline_engine::{
    ids::{ConversationId, ThreadId},
    inbound::{ExternalId, PlaceRef},
    room::{FoundThread, Thread, ThreadChange},
    time::Timestamp,
};
use serde_json::Value;
use sqlx::types::Json;

use super::{Connection, Database, commit, conversations, news};
use crate::{
    columns::{from_json, id, json, name, optional_name, text},
    error::Failure,
};

const OF_CONVERSATION: &str = "
    SELECT id, conversation_id, platform, room, title, opened, external_id, card, card_id, closed, menu, notes, shown_seq
    FROM threads WHERE conversation_id = $1 ORDER BY created_at, id";

const AT_PLACE: &str = "
    SELECT t.id, t.conversation_id, t.platform, t.room, t.title, t.opened, t.external_id, t.card, t.card_id, t.closed,
        t.menu, t.notes, t.shown_seq
    FROM threads t JOIN places p ON p.id = t.place_id WHERE p.platform = $1 AND p.place_key = $2";

const FIND_BY_ID: &str = "
    SELECT id, conversation_id FROM threads
    WHERE platform = $1 AND room = $2 AND external_id = $3 AND opened";

const FIND_BY_CARD: &str = "SELECT id, conversation_id FROM threads WHERE platform = $1 AND room = $2 AND card_id = $3";

const FIND_BY_MESSAGE: &str = "
    SELECT t.id, t.conversation_id FROM threads t
    WHERE t.platform = $1 AND t.room = $2 AND (
        EXISTS (SELECT 1 FROM outbox_parts m WHERE m.place_id = t.place_id AND m.external_id = $3)
        OR EXISTS (SELECT 1 FROM copies c WHERE c.place_id = t.place_id AND c.external_id = $3)
    )";

const ADD: &str = "
    INSERT INTO threads (
        id, place_id, conversation_id, platform, room, title, opened, external_id, card, card_id, closed, menu, notes,
        shown_seq, created_at
    ) VALUES ($1, $2, $3, $4, $5, $6, FALSE, NULL, $7, NULL, $8, NULL, FALSE, $9, $10)
    ON CONFLICT DO NOTHING";

const CHANGE: &str = "UPDATE threads SET menu = $3, notes = $4 WHERE id = $1 AND conversation_id = $2";

const OPENED: &str = "UPDATE threads SET opened = TRUE, external_id = $2 WHERE id = $1 AND NOT opened";

const LOST: &str = "
    UPDATE threads SET opened = FALSE, external_id = NULL, card = NULL, card_id = NULL, closed = FALSE
    WHERE id = $1 AND opened AND external_id = $2";

const OPEN: &str = "
    SELECT id, conversation_id FROM threads
    WHERE platform = $1 AND room = $2 AND external_id = $3 AND opened AND NOT closed";

/// A card that was never shown is shown next, and whoever does that finds out what became of the thread.
const SHOW_AGAIN: &str = "UPDATE threads SET card = NULL WHERE id = $1 AND opened";

const CARD_LOST: &str = "UPDATE threads SET card_id = NULL WHERE id = $1 AND card_id = $2";

/// All threads of a room share what the room may have.
const SET_CHAT: &str = "UPDATE places SET chat = $2 WHERE id = $1";

const SENDING_IN: &str = "
    SELECT COUNT(*) FROM outbox o JOIN places p ON p.id = o.place_id
    WHERE o.state IN ('pending', 'sending', 'retry') AND o.state = 'sending'
        AND p.platform = $1 AND COALESCE(p.chat, p.place_key) = $2";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    conversation_id: String,
    platform: String,
    room: String,
    title: String,
    opened: bool,
    external_id: Option<String>,
    card: Option<Json<Value>>,
    card_id: Option<String>,
    closed: bool,
    menu: Option<String>,
    notes: bool,
    shown_seq: i64,
}

impl TryFrom<Row> for Thread {
    type Error = Failure;

    fn try_from(row: Row) -> Result<Self, Failure> {
        const TABLE: &str = "threads";
        Ok(Self {
            id: ThreadId(id(TABLE, &row.id)?),
            conversation: ConversationId(id(TABLE, &row.conversation_id)?),
            room: PlaceRef { platform: name(TABLE, &row.platform)?, key: row.room },
            title: row.title,
            opened: row.opened,
            external: row.external_id.map(ExternalId),
            card: row.card.map(|card| from_json(TABLE, card)).transpose()?,
            card_id: row.card_id.map(ExternalId),
            closed: row.closed,
            menu: optional_name(TABLE, row.menu.as_deref())?,
            notes: row.notes,
            shown: row.shown_seq,
        })
    }
}

/// The threads of a conversation's ticket.
pub(super) async fn of_conversation(
    connection: &mut Connection,
    conversation: ConversationId,
) -> Result<Vec<Thread>, Failure> {
    let rows: Vec<Row> = sqlx::query_as(OF_CONVERSATION).bind(conversation.to_string()).fetch_all(connection).await?;
    rows.into_iter().map(Thread::try_from).collect()
}

/// The thread that is at a place, where one is.
pub(super) async fn at_place(connection: &mut Connection, place: &PlaceRef) -> Result<Option<Thread>, Failure> {
    let row: Option<Row> = sqlx::query_as(AT_PLACE)
        .bind(place.platform.as_str())
        .bind(text(&place.key))
        .fetch_optional(connection)
        .await?;
    row.map(Thread::try_from).transpose()
}

pub(super) async fn find_thread(
    database: &Database,
    room: &PlaceRef,
    thread: Option<&ExternalId>,
    about: Option<&ExternalId>,
) -> Result<Option<FoundThread>, Failure> {
    let looks: &[(&'static str, Option<&ExternalId>)] = match thread {
        Some(_) => &[(FIND_BY_ID, thread)],
        None => &[(FIND_BY_CARD, about), (FIND_BY_MESSAGE, about)],
    };
    for (sql, wanted) in looks {
        let Some(wanted) = wanted else { continue };
        let found: Option<(String, String)> = sqlx::query_as(*sql)
            .bind(room.platform.as_str())
            .bind(text(&room.key))
            .bind(text(&wanted.0))
            .fetch_optional(&database.readers)
            .await?;
        if let Some((thread, conversation)) = found {
            return Ok(Some(FoundThread {
                thread: ThreadId(id("threads", &thread)?),
                conversation: ConversationId(id("threads", &conversation)?),
            }));
        }
    }
    Ok(None)
}

pub(super) async fn is_sending_in(database: &Database, room: &PlaceRef) -> Result<bool, Failure> {
    let count: i64 = sqlx::query_scalar(SENDING_IN)
        .bind(room.platform.as_str())
        .bind(text(&room.key))
        .fetch_one(&database.readers)
        .await?;
    Ok(count > 0)
}

pub(super) async fn add(connection: &mut Connection, thread: &Thread, now: Timestamp) -> Result<(), Failure> {
    let place = conversations::ensure_place(connection, &thread.place(), now).await?;
    sqlx::query(SET_CHAT).bind(&place).bind(text(&thread.room.key)).execute(&mut *connection).await?;
    let added = sqlx::query(ADD)
        .bind(thread.id.to_string())
        .bind(place)
        .bind(thread.conversation.to_string())
        .bind(thread.room.platform.as_str())
        .bind(text(&thread.room.key))
        .bind(text(&thread.title))
        .bind(thread.card.as_ref().map(json).transpose()?)
        .bind(thread.closed)
        .bind(thread.shown)
        .bind(now.0)
        .execute(connection)
        .await?;
    if added.rows_affected() == 0 {
        return Err(Failure::Contradiction(format!("conversation {} has a thread there", thread.conversation)));
    }
    Ok(())
}

/// Changes a thread by what its people did. The turn's fence guards this conversation's threads and no other.
pub(super) async fn change(
    connection: &mut Connection,
    conversation: ConversationId,
    change: &ThreadChange,
) -> Result<(), Failure> {
    sqlx::query(CHANGE)
        .bind(change.thread.to_string())
        .bind(conversation.to_string())
        .bind(change.menu.map(firstline_engine::room::Menu::as_str))
        .bind(change.notes)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn thread_opened(
    database: &Database,
    thread: ThreadId,
    external: Option<&ExternalId>,
) -> Result<bool, Failure> {
    let mut transaction = database.write().await?;
    let result = sqlx::query(OPENED)
        .bind(thread.to_string())
        .bind(external.map(|it| text(&it.0)))
        .execute(&mut *transaction)
        .await?;
    commit(transaction).await?;
    Ok(result.rows_affected() > 0)
}

pub(super) async fn show_again(database: &Database, room: &PlaceRef, thread: &ExternalId) -> Result<bool, Failure> {
    let mut transaction = database.write().await?;
    let found: Option<(String, String)> = sqlx::query_as(OPEN)
        .bind(room.platform.as_str())
        .bind(text(&room.key))
        .bind(text(&thread.0))
        .fetch_optional(&mut *transaction)
        .await?;
    let Some((thread, conversation)) = found else { return Ok(false) };
    news::add(&mut transaction, &conversation).await?;
    let result = sqlx::query(SHOW_AGAIN).bind(thread).execute(&mut *transaction).await?;
    commit(transaction).await?;
    Ok(result.rows_affected() > 0)
}

pub(super) async fn thread_lost(database: &Database, thread: &Thread, card_only: bool) -> Result<bool, Failure> {
    let (sql, known) = if card_only { (CARD_LOST, &thread.card_id) } else { (LOST, &thread.external) };
    let mut transaction = database.write().await?;
    news::add(&mut transaction, &thread.conversation.to_string()).await?;
    let result = sqlx::query(sql)
        .bind(thread.id.to_string())
        .bind(known.as_ref().map(|it| text(&it.0)))
        .execute(&mut *transaction)
        .await?;
    commit(transaction).await?;
    Ok(result.rows_affected() > 0)
}
