//! Staff rooms: the threads of tickets, which messages are copies of which lines, and what rooms have still to be told.

use firstline_engine::{
    ids::{ConversationId, EntryId, OutboundId, ThreadId},
    inbound::{ExternalId, PlaceRef},
    ports::{Copies, Ended, EntryCopy, News, Shown, Telling},
    room::{FoundThread, Thread, ThreadChange},
    time::Timestamp,
};
use serde_json::Value;
use sqlx::types::Json;

use super::{Connection, Database, commit, conversations, outbox};
use crate::{
    columns::{from_json, id, json, name, number, optional_name, text},
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

const NEXT_NEWS: &str = "
    SELECT conversation_id, news, mirrored FROM tickets WHERE news > mirrored ORDER BY number LIMIT 1";

const ADD_NEWS: &str = "UPDATE tickets SET news = news + 1 WHERE conversation_id = $1";

const TELL: &str = "
    UPDATE tickets SET mirrored = CASE WHEN $4 THEN $3 ELSE mirrored END
    WHERE conversation_id = $1 AND mirrored = $2 AND news >= $3";

const ADD: &str = "
    INSERT INTO threads (
        id, place_id, conversation_id, platform, room, title, opened, external_id, card, card_id, closed, menu, notes,
        shown_seq, created_at
    ) VALUES ($1, $2, $3, $4, $5, $6, FALSE, NULL, $7, NULL, $8, NULL, FALSE, $9, $10)
    ON CONFLICT DO NOTHING";

const SHOW: &str = "UPDATE threads SET closed = $2, shown_seq = $3 WHERE id = $1";
const SET_CARD: &str = "UPDATE threads SET card = $2 WHERE id = $1";
const CHANGE: &str = "UPDATE threads SET menu = $3, notes = $4 WHERE id = $1 AND conversation_id = $2";

const OPENED: &str = "UPDATE threads SET opened = TRUE, external_id = $2 WHERE id = $1 AND NOT opened";

const LOST: &str = "
    UPDATE threads SET opened = FALSE, external_id = NULL, card = NULL, card_id = NULL, closed = FALSE
    WHERE id = $1 AND opened AND external_id = $2";

const CARD_LOST: &str = "UPDATE threads SET card_id = NULL WHERE id = $1 AND card_id = $2";

const ADD_COPY: &str = "INSERT INTO copies (entry_id, place_id, outbound_id, external_id) VALUES ($1, $2, $3, $4)";

const COPIES: &str = "
    SELECT c.entry_id, p.platform, p.place_key, c.outbound_id, COALESCE(c.external_id, o.external_id) AS external_id
    FROM copies c JOIN entries e ON e.id = c.entry_id JOIN places p ON p.id = c.place_id
        LEFT JOIN outbox o ON o.id = c.outbound_id
    WHERE e.conversation_id = $1 ORDER BY c.seq";

const COPIES_OF: &str = "
    SELECT c.entry_id, p.platform, p.place_key, c.outbound_id, COALESCE(c.external_id, o.external_id) AS external_id
    FROM copies c JOIN places p ON p.id = c.place_id LEFT JOIN outbox o ON o.id = c.outbound_id
    WHERE c.entry_id = (
        SELECT known.entry_id FROM copies known
        WHERE (known.place_id = $1 AND known.external_id = $2)
            OR known.outbound_id = (SELECT MIN(m.outbound_id) FROM outbox_parts m WHERE m.place_id = $1 AND m.external_id = $2)
        ORDER BY known.seq LIMIT 1
    )
    ORDER BY c.seq";

const ENDED: &str = "
    SELECT o.id, o.attempt, o.state, o.reason,
        (SELECT MIN(c.entry_id) FROM copies c WHERE c.outbound_id = o.id) AS entry_id
    FROM outbox o JOIN conversations v ON v.id = o.conversation_id
    WHERE o.conversation_id = $1 AND o.place_id = v.place_id AND o.state IN ('sent', 'ambiguous', 'dead')
        AND NOT o.by_bot AND o.told_attempt < o.attempt
    ORDER BY o.seq";

const TOLD: &str = "UPDATE outbox SET told_attempt = $2 WHERE id = $1 AND told_attempt < $2";

/// All threads of a room share what the room may have.
const SET_CHAT: &str = "UPDATE places SET chat = $2 WHERE id = $1";
const MOVE_CHAT: &str = "UPDATE places SET chat = $3 WHERE platform = $1 AND chat = $2";

const MOVE: &str = "UPDATE threads SET room = $3 WHERE platform = $1 AND room = $2";

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
    entry_id: Option<String>,
}

impl TryFrom<EndedRow> for Ended {
    type Error = Failure;

    fn try_from(row: EndedRow) -> Result<Self, Failure> {
        const TABLE: &str = "outbox";
        Ok(Self {
            message: OutboundId(id(TABLE, &row.id)?),
            entry: row.entry_id.map(|it| Ok::<_, Failure>(EntryId(id(TABLE, &it)?))).transpose()?,
            attempt: number(TABLE, row.attempt)?,
            state: name(TABLE, &row.state)?,
            reason: row.reason,
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

pub(super) async fn next_news(database: &Database) -> Result<Option<News>, Failure> {
    let found: Option<(String, i64, i64)> = sqlx::query_as(NEXT_NEWS).fetch_optional(&database.readers).await?;
    found
        .map(|(conversation, happened, told)| {
            Ok(News { conversation: ConversationId(id("tickets", &conversation)?), happened, told })
        })
        .transpose()
}

/// Something has happened to a conversation's ticket, if it has one.
pub(super) async fn add_news(connection: &mut Connection, conversation: &str) -> Result<(), Failure> {
    sqlx::query(ADD_NEWS).bind(conversation).execute(connection).await?;
    Ok(())
}

pub(super) async fn copies(database: &Database, conversation: ConversationId) -> Result<Copies, Failure> {
    let mut transaction = database.read().await?;
    let key = conversation.to_string();
    let copies: Vec<CopyRow> = sqlx::query_as(COPIES).bind(&key).fetch_all(&mut *transaction).await?;
    let ended: Vec<EndedRow> = sqlx::query_as(ENDED).bind(&key).fetch_all(&mut *transaction).await?;
    Ok(Copies {
        copies: copies.into_iter().map(EntryCopy::try_from).collect::<Result<_, _>>()?,
        ended: ended.into_iter().map(Ended::try_from).collect::<Result<_, _>>()?,
    })
}

pub(super) async fn copies_of(
    database: &Database,
    place: &PlaceRef,
    message: &ExternalId,
) -> Result<Vec<EntryCopy>, Failure> {
    let mut connection = database.readers.acquire().await?;
    let Some(place) = conversations::find_place(&mut connection, place).await? else { return Ok(Vec::new()) };
    let rows: Vec<CopyRow> =
        sqlx::query_as(COPIES_OF).bind(place).bind(text(&message.0)).fetch_all(&mut *connection).await?;
    rows.into_iter().map(EntryCopy::try_from).collect()
}

/// A line is a message in a place: one of ours, or one that was written there.
pub(super) async fn add_copy(
    connection: &mut Connection,
    entry: EntryId,
    place: &str,
    outbound: Option<OutboundId>,
    external: Option<&ExternalId>,
) -> Result<(), Failure> {
    sqlx::query(ADD_COPY)
        .bind(entry.to_string())
        .bind(place)
        .bind(outbound.map(|it| it.to_string()))
        .bind(external.map(|it| text(&it.0)))
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn tell_rooms(database: &Database, telling: &Telling, now: Timestamp) -> Result<bool, Failure> {
    let mut transaction = database.write().await?;
    let News { conversation, happened, told } = telling.news;
    // First of all, so that whoever tells the same news waits here and then finds it told.
    let current = sqlx::query(TELL)
        .bind(conversation.to_string())
        .bind(told)
        .bind(happened)
        .bind(telling.complete)
        .execute(&mut *transaction)
        .await?;
    if current.rows_affected() == 0 {
        return Ok(false);
    }
    for thread in &telling.opened {
        add_thread(&mut transaction, thread, now).await?;
    }
    for Shown { thread, new_card } in &telling.shown {
        let id = thread.id.to_string();
        sqlx::query(SHOW).bind(&id).bind(thread.closed).bind(thread.shown).execute(&mut *transaction).await?;
        if *new_card {
            let card = thread.card.as_ref().map(json).transpose()?;
            sqlx::query(SET_CARD).bind(&id).bind(card).execute(&mut *transaction).await?;
        }
    }
    for message in &telling.outbound {
        outbox::add(&mut transaction, message, None, now).await?;
    }
    for (entry, message) in &telling.copies {
        let Some(place) = telling.outbound.iter().find(|it| it.id == *message).map(|it| &it.place) else { continue };
        let place = conversations::ensure_place(&mut transaction, place, now).await?;
        add_copy(&mut transaction, *entry, &place, Some(*message), None).await?;
    }
    for (message, attempt) in &telling.ended {
        sqlx::query(TOLD).bind(message.to_string()).bind(i64::from(*attempt)).execute(&mut *transaction).await?;
    }
    commit(transaction).await?;
    Ok(true)
}

async fn add_thread(connection: &mut Connection, thread: &Thread, now: Timestamp) -> Result<(), Failure> {
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

pub(super) async fn thread_lost(database: &Database, thread: &Thread, card_only: bool) -> Result<bool, Failure> {
    let (sql, known) = if card_only { (CARD_LOST, &thread.card_id) } else { (LOST, &thread.external) };
    let mut transaction = database.write().await?;
    add_news(&mut transaction, &thread.conversation.to_string()).await?;
    let result = sqlx::query(sql)
        .bind(thread.id.to_string())
        .bind(known.as_ref().map(|it| text(&it.0)))
        .execute(&mut *transaction)
        .await?;
    commit(transaction).await?;
    Ok(result.rows_affected() > 0)
}

pub(super) async fn move_room(database: &Database, from: &PlaceRef, to: &PlaceRef) -> Result<u64, Failure> {
    let mut transaction = database.write().await?;
    sqlx::query(MOVE_CHAT)
        .bind(from.platform.as_str())
        .bind(text(&from.key))
        .bind(text(&to.key))
        .execute(&mut *transaction)
        .await?;
    let result = sqlx::query(MOVE)
        .bind(from.platform.as_str())
        .bind(text(&from.key))
        .bind(text(&to.key))
        .execute(&mut *transaction)
        .await?;
    commit(transaction).await?;
    Ok(result.rows_affected())
}
