//! Places: those that are parts of a chat, those where somebody waits, and chats that get another address.

use firstline_engine::{inbound::PlaceRef, people::Platform, time::Timestamp};

use super::{Connection, Database, commit};
use crate::{
    columns::{name, slots, text},
    error::Failure,
};

const OF_CHAT: &str = "
    SELECT p.platform, p.place_key FROM places p
    WHERE p.platform = $1 AND (p.place_key = $2 OR SUBSTR(p.place_key, 1, LENGTH($2) + 1) = $2 || '/')
        AND EXISTS (SELECT 1 FROM conversations c WHERE c.place_id = p.id AND c.active)
    ORDER BY p.place_key";

const WAITING_FOR_THE_BOT: &str = "
    SELECT p.platform, COALESCE(p.way, p.place_key) FROM conversations c JOIN places p ON p.id = c.place_id
    WHERE c.pending_since > -1 AND c.pending_since <= $1 AND NOT c.held AND p.platform IN ($2, $3, $4, $5)
    UNION
    SELECT p.platform, COALESCE(p.way, p.place_key) FROM outbox o JOIN places p ON p.id = o.place_id
    WHERE o.state IN ('pending', 'sending', 'retry') AND o.state <> 'retry' AND o.by_bot AND o.created_at <= $1
        AND p.platform IN ($2, $3, $4, $5)";

const MOVED: &str = "SELECT platform, room, moved_to FROM moved_rooms ORDER BY platform, room";

const REMEMBER: &str = "
    INSERT INTO moved_rooms (platform, room, moved_to) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

/// What moved to where this was goes along.
const REMEMBER_THE_WAY: &str = "UPDATE moved_rooms SET moved_to = $3 WHERE platform = $1 AND moved_to = $2";

const TELL_TICKETS: &str = "
    UPDATE tickets SET news = news + 1
    WHERE conversation_id IN (SELECT conversation_id FROM threads WHERE platform = $1 AND room = $2)";

/// Messages have other ids where the chat is now: an old one could be another message's.
const FORGET_PARTS: &str = "
    DELETE FROM outbox_parts WHERE place_id IN (SELECT place_id FROM threads WHERE platform = $1 AND room = $2)";
const FORGET_MESSAGES: &str = "
    UPDATE outbox SET external_id = NULL
    WHERE place_id IN (SELECT place_id FROM threads WHERE platform = $1 AND room = $2)";
const FORGET_COPIES: &str = "
    UPDATE copies SET external_id = NULL
    WHERE place_id IN (SELECT place_id FROM threads WHERE platform = $1 AND room = $2)";

const MOVE_THREADS: &str = "
    UPDATE threads SET room = $3, opened = FALSE, external_id = NULL, card = NULL, card_id = NULL, closed = FALSE
    WHERE platform = $1 AND room = $2";

const MOVE_CHAT: &str = "UPDATE places SET chat = $3 WHERE platform = $1 AND chat = $2";

const MOVE_PARTS: &str = "
    UPDATE places SET place_key = $3 || SUBSTR(place_key, LENGTH($2) + 1)
    WHERE platform = $1 AND SUBSTR(place_key, 1, LENGTH($2) + 1) = $2 || '/'
        AND NOT EXISTS (
            SELECT 1 FROM places there
            WHERE there.platform = $1 AND there.place_key = $3 || SUBSTR(places.place_key, LENGTH($2) + 1)
        )";

pub(super) async fn of_chat(database: &Database, chat: &PlaceRef) -> Result<Vec<PlaceRef>, Failure> {
    let found: Vec<(String, String)> =
        sqlx::query_as(OF_CHAT).bind(chat.platform.as_str()).bind(text(&chat.key)).fetch_all(&database.readers).await?;
    found.into_iter().map(place).collect()
}

pub(super) async fn waiting_for_the_bot(
    database: &Database,
    platforms: &[Platform],
    since: Timestamp,
) -> Result<Vec<PlaceRef>, Failure> {
    let [a, b, c, d]: [&str; Platform::ALL.len()] = slots(platforms.iter().map(|platform| platform.as_str()));
    let found: Vec<(String, String)> = sqlx::query_as(WAITING_FOR_THE_BOT)
        .bind(since.0)
        .bind(a)
        .bind(b)
        .bind(c)
        .bind(d)
        .fetch_all(&database.readers)
        .await?;
    found.into_iter().map(place).collect()
}

fn place((platform, key): (String, String)) -> Result<PlaceRef, Failure> {
    Ok(PlaceRef { platform: name("places", &platform)?, key })
}

pub(super) async fn moved_rooms(database: &Database) -> Result<Vec<(PlaceRef, PlaceRef)>, Failure> {
    let found: Vec<(String, String, String)> = sqlx::query_as(MOVED).fetch_all(&database.readers).await?;
    let both =
        |(platform, from, to): (String, String, String)| Ok((place((platform.clone(), from))?, place((platform, to))?));
    found.into_iter().map(both).collect()
}

pub(super) async fn move_room(database: &Database, from: &PlaceRef, to: &PlaceRef) -> Result<u64, Failure> {
    let mut transaction = database.write().await?;
    let remembered = step(&mut transaction, REMEMBER, from, to).await?;
    let mut threads = 0;
    if remembered > 0 {
        step(&mut transaction, REMEMBER_THE_WAY, from, to).await?;
        for forget in [TELL_TICKETS, FORGET_PARTS, FORGET_MESSAGES, FORGET_COPIES] {
            sqlx::query(forget).bind(from.platform.as_str()).bind(text(&from.key)).execute(&mut *transaction).await?;
        }
        threads = step(&mut transaction, MOVE_THREADS, from, to).await?;
        step(&mut transaction, MOVE_CHAT, from, to).await?;
        step(&mut transaction, MOVE_PARTS, from, to).await?;
    }
    commit(transaction).await?;
    Ok(threads)
}

async fn step(connection: &mut Connection, sql: &'static str, from: &PlaceRef, to: &PlaceRef) -> Result<u64, Failure> {
    let query = sqlx::query(sql).bind(from.platform.as_str()).bind(text(&from.key)).bind(text(&to.key));
    Ok(query.execute(connection).await?.rows_affected())
}
