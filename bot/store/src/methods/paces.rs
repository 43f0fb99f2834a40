//! How fast we may speak: so many messages in a chat, and on a platform, within a while. Kept in the database, so that a restart
//! and a second instance do not begin to count anew.

use firstline_engine::{inbound::PlaceRef, ports::Rate, time::Timestamp};
use sqlx::types::Json;

use super::{Connection, Database, commit};
use crate::{
    columns::{from_json, json, millis, text},
    error::Failure,
};

const ADD: &str = "INSERT INTO paces (scope, due_at, recent) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING";
const LOCK: &str = concat!("SELECT due_at, recent FROM paces WHERE scope = $1", lock_row!());
const SET: &str = "UPDATE paces SET due_at = $2, recent = $3 WHERE scope = $1";
const HOLD: &str = "UPDATE paces SET due_at = $2 WHERE scope = $1 AND due_at < $2";
const CHAT: &str = "SELECT COALESCE(chat, place_key) FROM places WHERE platform = $1 AND place_key = $2";

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
    let Some((due_at, mut recent)) = locked(connection, scope).await? else { return Ok(true) };
    if due_at > now.0 {
        return Ok(false);
    }
    let (count, within) = (usize::try_from(rate.count.max(1)).unwrap_or(usize::MAX), millis(rate.within));
    recent.retain(|at| *at > now.0 - within && *at <= now.0);
    recent.push(now.0);
    let first = recent.len().checked_sub(count);
    let due_at = first.and_then(|first| recent.get(first)).map_or(0, |at| at + within);
    sqlx::query(SET).bind(scope).bind(due_at).bind(json(&recent)?).execute(connection).await?;
    Ok(true)
}

async fn locked(connection: &mut Connection, scope: &str) -> Result<Option<(i64, Vec<i64>)>, Failure> {
    sqlx::query(ADD).bind(scope).bind(json(&Vec::<i64>::new())?).execute(&mut *connection).await?;
    let row: Option<(i64, Json<serde_json::Value>)> =
        sqlx::query_as(LOCK).bind(scope).fetch_optional(connection).await?;
    row.map(|(due_at, recent)| Ok((due_at, from_json("paces", recent)?))).transpose()
}

pub(super) async fn hold(database: &Database, place: &PlaceRef, until: Timestamp) -> Result<(), Failure> {
    let mut transaction = database.write().await?;
    let platform = place.platform.as_str();
    let chat: Option<String> =
        sqlx::query_scalar(CHAT).bind(platform).bind(text(&place.key)).fetch_optional(&mut *transaction).await?;
    if let Some(chat) = chat {
        let scope = scope_of_chat(platform, &chat);
        locked(&mut transaction, &scope).await?;
        sqlx::query(HOLD).bind(&scope).bind(until.0).execute(&mut *transaction).await?;
    }
    commit(transaction).await
}
