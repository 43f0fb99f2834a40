//! Other ways to a place than its own address, and what became of messages that took them.

use firstline_engine::{
    ids::{AccountId, ConversationId, OutboundId, PersonId},
    inbound::PlaceRef,
    people::{Account, AccountRef, Platform},
    ports::Greeting,
    time::Timestamp,
    timeline::NewEntry,
};

use super::{Connection, Database, commit, conversations, news, timeline};
use crate::{
    columns::{id, text},
    error::Failure,
};

const PLACE_BY_WAY: &str = "SELECT place_id FROM ways WHERE platform = $1 AND address = $2";

const ADD: &str = "
    INSERT INTO ways (platform, address, place_id, greeting, opened_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (platform, address) DO NOTHING";

const TAKE: &str = "UPDATE places SET way = $2 WHERE id = $1 AND COALESCE(way, '') <> COALESCE($2, '')";

const TAKE_NEWEST: &str = "
    UPDATE places SET way = (SELECT address FROM ways WHERE place_id = $1 ORDER BY opened_at DESC, address DESC LIMIT 1)
    WHERE id = $1 AND EXISTS (SELECT 1 FROM ways WHERE place_id = $1)";

const GREETED: &str = "UPDATE ways SET greeting = NULL WHERE platform = $1 AND address = $2";

const FORGET: &str = "DELETE FROM ways WHERE platform = $1 AND address = $2";

const LEAVE: &str = "UPDATE places SET way = NULL WHERE platform = $1 AND place_key = $2 AND way = $3";

const VIA_LOST: &str = "UPDATE outbox SET via = NULL WHERE id = $1";

const CORRESPONDENT: &str = "
    SELECT a.id, a.person_id, a.user_id, a.display_name
    FROM accounts a JOIN conversations c ON c.requester_id = a.person_id
    WHERE c.id = $1 AND a.platform = $2
    ORDER BY a.created_at DESC, a.id DESC LIMIT 1";

const REQUESTER: &str = "SELECT id, requester_id FROM conversations WHERE place_id = $1 AND active";

const PERSON: &str = "SELECT person_id FROM accounts WHERE platform = $1 AND user_id = $2";

const NEXT_LINE: &str = "
    UPDATE conversations SET entry_seq = entry_seq + 1, updated_at = $2 WHERE id = $1 RETURNING place_id, entry_seq";

/// The place that an address leads to, if it is a way to one.
async fn place_by_way(connection: &mut Connection, place: &PlaceRef) -> Result<Option<String>, Failure> {
    let query = sqlx::query_scalar(PLACE_BY_WAY).bind(place.platform.as_str()).bind(text(&place.key));
    Ok(query.fetch_optional(connection).await?)
}

/// Where an event belongs, made where it is missing; and whether it came by another way than the place's own address.
pub(super) async fn place_of(
    connection: &mut Connection,
    place: &PlaceRef,
    now: Timestamp,
) -> Result<(String, bool), Failure> {
    match place_by_way(connection, place).await? {
        Some(found) => Ok((found, true)),
        None => Ok((conversations::ensure_place(connection, place, now).await?, false)),
    }
}

/// Where the requester is heard is where they are answered.
pub(super) async fn heard(connection: &mut Connection, place: &str, way: Option<&str>) -> Result<(), Failure> {
    sqlx::query(TAKE).bind(place).bind(way.map(text)).execute(connection).await?;
    Ok(())
}

/// The active conversation of a place and whose it is.
async fn active(connection: &mut Connection, place: &PlaceRef) -> Result<Option<(String, String)>, Failure> {
    let found = match place_by_way(connection, place).await? {
        Some(found) => Some(found),
        None => conversations::find_place(connection, place).await?,
    };
    let Some(found) = found else { return Ok(None) };
    Ok(sqlx::query_as(REQUESTER).bind(found).fetch_optional(connection).await?)
}

/// The active conversation of a place, where it is somebody else's than this account's.
pub(super) async fn of_somebody_else(
    connection: &mut Connection,
    place: &PlaceRef,
    account: &AccountRef,
) -> Result<Option<ConversationId>, Failure> {
    let Some((conversation, requester)) = active(connection, place).await? else { return Ok(None) };
    let person: Option<String> = sqlx::query_scalar(PERSON)
        .bind(account.platform.as_str())
        .bind(text(&account.user_id))
        .fetch_optional(connection)
        .await?;
    if person == Some(requester) {
        return Ok(None);
    }
    Ok(Some(ConversationId(id("conversations", &conversation)?)))
}

pub(super) async fn requester_in(database: &Database, place: &PlaceRef) -> Result<Option<PersonId>, Failure> {
    let mut connection = database.readers.acquire().await?;
    let found = active(&mut connection, place).await?;
    found.map(|(_, requester)| Ok(PersonId(id("conversations", &requester)?))).transpose()
}

pub(super) async fn correspondent(
    database: &Database,
    conversation: ConversationId,
    platform: Platform,
) -> Result<Option<Account>, Failure> {
    let found: Option<(String, String, String, String)> = sqlx::query_as(CORRESPONDENT)
        .bind(conversation.to_string())
        .bind(platform.as_str())
        .fetch_optional(&database.readers)
        .await?;
    let Some((account, person, user_id, display_name)) = found else { return Ok(None) };
    let (account, person) = (AccountId(id("accounts", &account)?), PersonId(id("accounts", &person)?));
    Ok(Some(Account { id: account, person, platform, user_id, display_name }))
}

pub(super) async fn opened(
    database: &Database,
    place: &PlaceRef,
    address: &str,
    greeting: Greeting,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut transaction = database.write().await?;
    let found = conversations::ensure_place(&mut transaction, place, now).await?;
    sqlx::query(ADD)
        .bind(place.platform.as_str())
        .bind(text(address))
        .bind(&found)
        .bind(greeting.as_str())
        .bind(now.0)
        .execute(&mut *transaction)
        .await?;
    heard(&mut transaction, &found, Some(address)).await?;
    commit(transaction).await
}

pub(super) async fn greeted(database: &Database, place: &PlaceRef, address: &str) -> Result<(), Failure> {
    let mut transaction = database.write().await?;
    sqlx::query(GREETED).bind(place.platform.as_str()).bind(text(address)).execute(&mut *transaction).await?;
    commit(transaction).await
}

pub(super) async fn lost(database: &Database, place: &PlaceRef, address: &str) -> Result<(), Failure> {
    let mut transaction = database.write().await?;
    let platform = place.platform.as_str();
    sqlx::query(LEAVE).bind(platform).bind(text(&place.key)).bind(text(address)).execute(&mut *transaction).await?;
    sqlx::query(FORGET).bind(platform).bind(text(address)).execute(&mut *transaction).await?;
    commit(transaction).await
}

pub(super) async fn take_known(database: &Database, place: &PlaceRef) -> Result<bool, Failure> {
    let mut transaction = database.write().await?;
    let Some(found) = conversations::find_place(&mut transaction, place).await? else { return Ok(false) };
    let taken = sqlx::query(TAKE_NEWEST).bind(found).execute(&mut *transaction).await?;
    commit(transaction).await?;
    Ok(taken.rows_affected() > 0)
}

pub(super) async fn via_lost(database: &Database, message: OutboundId) -> Result<(), Failure> {
    let mut transaction = database.write().await?;
    sqlx::query(VIA_LOST).bind(message.to_string()).execute(&mut *transaction).await?;
    commit(transaction).await
}

pub(super) async fn record(
    database: &Database,
    conversation: ConversationId,
    entry: &NewEntry,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut transaction = database.write().await?;
    line(&mut transaction, conversation, entry, now).await?;
    commit(transaction).await
}

/// Adds a line to a timeline whose turn this is not. Locks the conversation until the commit.
pub(super) async fn line(
    connection: &mut Connection,
    conversation: ConversationId,
    entry: &NewEntry,
    now: Timestamp,
) -> Result<(), Failure> {
    let line: Option<(String, i64)> =
        sqlx::query_as(NEXT_LINE).bind(conversation.to_string()).bind(now.0).fetch_optional(&mut *connection).await?;
    let Some((place, seq)) = line else {
        return Err(Failure::Contradiction(format!("there is no conversation {conversation}")));
    };
    news::add(connection, &conversation.to_string()).await?;
    timeline::add(connection, conversation, &place, seq, entry, now).await
}
