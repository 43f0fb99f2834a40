//! What rooms have still to be told of tickets, and the telling.

use std::time::Duration;

use firstline_engine::{
    ids::ConversationId,
    ports::{Appended, News, Shown, Telling},
    time::Timestamp,
};

use super::{Connection, Database, commit, conversations, copies, outbox, rooms};
use crate::{
    columns::{id, json, millis, number},
    error::Failure,
};

/// A clock that has run out is news like any other.
const ANY_CLOCK: &str = "SELECT COUNT(*) FROM tickets WHERE clock_at <= $1";
const TURN_CLOCKS: &str = "UPDATE tickets SET news = news + 1, clock_at = NULL WHERE clock_at <= $1";

/// The one whose turn was longest ago. What was put off waits no longer when the clock was put back behind that.
const NEXT: &str = concat!(
    "SELECT conversation_id, news, mirrored FROM tickets
    WHERE news > mirrored AND NOT (mirror_due_at > $1 AND mirror_tried_at <= $1 + ",
    skew!(),
    ")
    ORDER BY mirror_tried_at, number LIMIT 1"
);

const ADD: &str = "UPDATE tickets SET news = news + 1 WHERE conversation_id = $1";

const FAILURES: &str = concat!("SELECT mirror_failures FROM tickets WHERE conversation_id = $1", lock_row!());

const PUT_OFF: &str = "
    UPDATE tickets SET mirror_failures = $2, mirror_due_at = $3, mirror_tried_at = $4 WHERE conversation_id = $1";

/// Where there is more to tell, that is news again: so nobody tells the same part twice.
const TELL: &str = "
    UPDATE tickets
    SET mirrored = $3, news = CASE WHEN $4 THEN news ELSE news + 1 END,
        mirror_tried_at = $5, mirror_due_at = 0, mirror_failures = 0, clock_at = $6
    WHERE conversation_id = $1 AND mirrored = $2 AND news >= $3";

const SHOW: &str = "UPDATE threads SET closed = $2, shown_seq = $3 WHERE id = $1";
const SET_CARD: &str = "UPDATE threads SET card = $2 WHERE id = $1";

/// As long as nobody has begun to send it.
const APPEND: &str = "
    UPDATE outbox SET speaker = $2, operation = $3
    WHERE id = $1 AND state IN ('pending', 'sending', 'retry') AND state = 'pending' AND attempt = 0";

const TOLD: &str = "UPDATE outbox SET told_attempt = $2 WHERE id = $1 AND told_attempt < $2";

pub(super) async fn next(database: &Database, now: Timestamp) -> Result<Option<News>, Failure> {
    let turned: i64 = sqlx::query_scalar(ANY_CLOCK).bind(now.0).fetch_one(&database.readers).await?;
    if turned > 0 {
        let mut transaction = database.write().await?;
        sqlx::query(TURN_CLOCKS).bind(now.0).execute(&mut *transaction).await?;
        commit(transaction).await?;
    }
    let found: Option<(String, i64, i64)> = sqlx::query_as(NEXT).bind(now.0).fetch_optional(&database.readers).await?;
    found
        .map(|(conversation, happened, told)| {
            Ok(News { conversation: ConversationId(id("tickets", &conversation)?), happened, told })
        })
        .transpose()
}

/// Something has happened to a conversation's ticket, if it has one.
pub(super) async fn add(connection: &mut Connection, conversation: &str) -> Result<(), Failure> {
    sqlx::query(ADD).bind(conversation).execute(connection).await?;
    Ok(())
}

pub(super) async fn put_off(
    database: &Database,
    news: &News,
    wait: Duration,
    longest: Duration,
    now: Timestamp,
) -> Result<u32, Failure> {
    let conversation = news.conversation.to_string();
    let mut transaction = database.write().await?;
    let before: Option<i64> =
        sqlx::query_scalar(FAILURES).bind(&conversation).fetch_optional(&mut *transaction).await?;
    let failures: u32 = number::<u32>("tickets", before.unwrap_or(0))?.saturating_add(1);
    let wait = wait.saturating_mul(2_u32.saturating_pow(failures - 1)).min(longest);
    sqlx::query(PUT_OFF)
        .bind(&conversation)
        .bind(i64::from(failures))
        .bind(now.0.saturating_add(millis(wait)))
        .bind(now.0)
        .execute(&mut *transaction)
        .await?;
    commit(transaction).await?;
    Ok(failures)
}

pub(super) async fn tell(database: &Database, telling: &Telling, now: Timestamp) -> Result<bool, Failure> {
    let mut transaction = database.write().await?;
    let News { conversation, happened, told } = telling.news;
    // First of all, so that whoever tells the same news waits here and then finds it told.
    let current = sqlx::query(TELL)
        .bind(conversation.to_string())
        .bind(told)
        .bind(happened)
        .bind(telling.complete)
        .bind(now.0)
        .bind(telling.clock_at.map(|at| at.0))
        .execute(&mut *transaction)
        .await?;
    if current.rows_affected() == 0 {
        return Ok(false);
    }
    for thread in &telling.opened {
        rooms::add(&mut transaction, thread, now).await?;
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
    for Appended { message, speaker, operation, .. } in &telling.appended {
        let appended = sqlx::query(APPEND)
            .bind(message.to_string())
            .bind(json(speaker)?)
            .bind(json(operation)?)
            .execute(&mut *transaction)
            .await?;
        if appended.rows_affected() == 0 {
            // It is being sent by now. Whoever looks again sees that.
            return Ok(false);
        }
    }
    for (entry, message) in &telling.copies {
        let place = telling.outbound.iter().find(|it| it.id == *message).map(|it| &it.place);
        let place = place.or_else(|| telling.appended.iter().find(|it| it.message == *message).map(|it| &it.place));
        let Some(place) = place else { continue };
        let place = conversations::ensure_place(&mut transaction, place, now).await?;
        copies::add(&mut transaction, *entry, &place, Some(*message), None).await?;
    }
    for (message, attempt) in &telling.ended {
        sqlx::query(TOLD).bind(message.to_string()).bind(i64::from(*attempt)).execute(&mut *transaction).await?;
    }
    commit(transaction).await?;
    Ok(true)
}
