//! How fast we may speak: so many messages in a chat, and on a platform, within a while. Kept in the database, so that a restart
//! and a second instance do not begin to count anew.

use firstline_engine::{
    inbound::PlaceRef,
    people::Platform,
    ports::{Limits, Rate},
    time::Timestamp,
};
use sqlx::types::Json;

use super::{Connection, Database, commit};
use crate::{
    columns::{from_json, json, millis, text},
    error::Failure,
};

const ADD: &str = "INSERT INTO paces (scope, due_at, recent) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING";
const LOCK: &str = concat!("SELECT due_at, set_at, recent FROM paces WHERE scope = $1", lock_row!());
const SET: &str = "UPDATE paces SET due_at = $2, recent = $3, set_at = $4 WHERE scope = $1";
const HOLD: &str = concat!(
    "UPDATE paces SET due_at = $2, set_at = $3 WHERE scope = $1 AND (due_at < $2 OR set_at > $3 + ",
    skew!(),
    ")"
);
const CHAT: &str = "SELECT COALESCE(chat, place_key) FROM places WHERE platform = $1 AND place_key = $2";

/// What was counted or decided later than this much after now was so before the clock was put back, and counts no more.
const SKEW: i64 = skew!();

/// The scope of a chat. `outbox.rs` spells it in SQL, too.
pub(super) fn scope_of_chat(platform: &str, chat: &str) -> String {
    format!("{platform}/{chat}")
}

/// Counts one more message in a scope. False when there must be none now.
pub(super) async fn step(
    connection: &mut Connection,
    scope: &str,
    rate: Rate,
    now: Timestamp,
) -> Result<bool, Failure> {
    let Some(Pace { due_at, set_at, mut recent }) = locked(connection, scope).await? else { return Ok(true) };
    if due_at > now.0 && set_at <= now.0 + SKEW {
        return Ok(false);
    }
    let within = millis(rate.within);
    recent.retain(|at| *at > now.0 - within && *at <= now.0 + SKEW);
    recent.push(now.0);
    recent.sort_unstable();
    let due_at = due(&recent, rate);
    sqlx::query(SET).bind(scope).bind(due_at).bind(json(&recent)?).bind(now.0).execute(connection).await?;
    Ok(true)
}

/// A scope as it is now.
struct Pace {
    due_at: i64,
    set_at: i64,
    recent: Vec<i64>,
}

async fn locked(connection: &mut Connection, scope: &str) -> Result<Option<Pace>, Failure> {
    sqlx::query(ADD).bind(scope).bind(json(&Vec::<i64>::new())?).execute(&mut *connection).await?;
    let row: Option<(i64, i64, Json<serde_json::Value>)> =
        sqlx::query_as(LOCK).bind(scope).fetch_optional(connection).await?;
    row.map(|(due_at, set_at, recent)| Ok(Pace { due_at, set_at, recent: from_json("paces", recent)? })).transpose()
}

/// Counts what went out for the message that was counted at `taken_at`, when it was taken: `sent` of the platform's messages, which
/// it had at `now` at the latest.
pub(super) async fn settle(
    connection: &mut Connection,
    scope: &str,
    taken_at: Option<i64>,
    sent: usize,
    rate: Rate,
    now: Timestamp,
) -> Result<(), Failure> {
    let Some(Pace { due_at, set_at, mut recent }) = locked(connection, scope).await? else { return Ok(()) };
    let counted = recent.iter().position(|at| Some(*at) == taken_at).map(|position| recent.remove(position));
    let had_at = now.0.max(counted.unwrap_or_default());
    recent.extend(std::iter::repeat_n(had_at, sent.max(usize::from(counted.is_some()))));
    recent.sort_unstable();
    let due_at = due_at.max(due(&recent, rate));
    sqlx::query(SET).bind(scope).bind(due_at).bind(json(&recent)?).bind(set_at).execute(connection).await?;
    Ok(())
}

/// When there may be one more.
fn due(recent: &[i64], rate: Rate) -> i64 {
    let (count, within) = (usize::try_from(rate.count.max(1)).unwrap_or(usize::MAX), millis(rate.within));
    let first = recent.len().checked_sub(count);
    first.and_then(|first| recent.get(first)).map_or(0, |at| at + within)
}

pub(super) async fn spend(
    database: &Database,
    room: &PlaceRef,
    limits: &Limits,
    now: Timestamp,
) -> Result<bool, Failure> {
    let mut transaction = database.write().await?;
    let platform = room.platform.as_str();
    let chat = scope_of_chat(platform, &text(room.chat()));
    let granted = step(&mut transaction, &chat, limits.room, now).await?
        && step(&mut transaction, platform, limits.platform, now).await?;
    if granted {
        commit(transaction).await?;
    }
    Ok(granted)
}

pub(super) async fn hold(
    database: &Database,
    place: &PlaceRef,
    until: Timestamp,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut transaction = database.write().await?;
    let platform = place.platform.as_str();
    let chat: Option<String> =
        sqlx::query_scalar(CHAT).bind(platform).bind(text(&place.key)).fetch_optional(&mut *transaction).await?;
    if let Some(chat) = chat {
        hold_scope(&mut transaction, &scope_of_chat(platform, &chat), until, now).await?;
    }
    commit(transaction).await
}

pub(super) async fn hold_platform(
    database: &Database,
    platform: Platform,
    until: Timestamp,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut transaction = database.write().await?;
    hold_scope(&mut transaction, platform.as_str(), until, now).await?;
    commit(transaction).await
}

async fn hold_scope(connection: &mut Connection, scope: &str, until: Timestamp, now: Timestamp) -> Result<(), Failure> {
    locked(connection, scope).await?;
    sqlx::query(HOLD).bind(scope).bind(until.0).bind(now.0).execute(connection).await?;
    Ok(())
}
