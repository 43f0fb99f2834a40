//! The outbox: what is to be said, in order, each at most once unless a person decides otherwise.

use std::time::Duration;

use firstline_engine::{
    ids::{ConversationId, OutboundId},
    inbound::{ExternalId, PlaceRef},
    outbound::{Delivery, DeliveryOutcome, DeliveryState, Earlier, Operation, OutboundMessage, Speaker, Way},
    people::Platform,
    ports::{Instance, Lane, Pacing},
    room::Thread,
    time::Timestamp,
};
use serde_json::Value;
use sqlx::types::Json;

use super::{Connection, Database, Db, PAUSES, changes, commit, conversations, endings, paces, rooms};
use crate::{
    columns::{from_json, id, json, millis, name, number, optional_name, slots, text},
    error::Failure,
};

const ADD: &str = "
    INSERT INTO outbox (
        id, conversation_id, place_id, speaker, by_bot, operation, target, state, attempt, due_at, lease_until, created_at,
        is_card, via
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', 0, 0, 0, $8, $9, $10)";

const REPLACE_CARD: &str = "
    UPDATE outbox SET operation = $2
    WHERE place_id = $1 AND is_card AND state IN ('pending', 'sending', 'retry') AND state <> 'sending'";

/// The message that is to be sent next in the places of some platforms, or in one place.
///
/// SQLite goes through the index of what is unsent only when the query repeats that index's condition word by word, and begins
/// with the outbox only when `CROSS JOIN` tells it to. Both are for it; PostgreSQL does not mind.
///
/// What waits until a time waits no longer when the clock has been put back behind the moment at which that was decided
/// (`finished_at`, `set_at`; by more than `skew!`): nobody can have meant to wait for that long.
macro_rules! next {
    () => {
        concat!(
            "SELECT o.seq, o.id, o.conversation_id, p.platform, p.place_key, o.speaker, o.by_bot, o.operation, c.held, o.target,
                t.state AS target_state, t.external_id AS target_external_id, o.via, p.way, w.greeting, o.created_at, o.repeats
            FROM outbox o
                CROSS JOIN places p
                JOIN conversations c ON c.id = o.conversation_id
                LEFT JOIN outbox t ON t.id = o.target
                LEFT JOIN ways w ON w.platform = p.platform AND w.address = p.way
            WHERE p.id = o.place_id
                AND o.state IN ('pending', 'sending', 'retry') AND o.state <> 'sending'
                AND NOT (o.due_at > $1 AND COALESCE(o.finished_at, 0) <= $1 + ",
            skew!(),
            ")
                AND p.platform IN ($2, $3, $4, $5) AND ($6 IS NULL OR p.place_key = $6)
                AND NOT EXISTS (
                    SELECT 1 FROM paces q
                    WHERE q.due_at > $1 AND q.set_at <= $1 + ",
            skew!(),
            " AND q.scope IN (p.platform, p.platform || '/' || COALESCE(p.chat, p.place_key))
                )
                AND NOT EXISTS (
                    SELECT 1 FROM outbox e
                    WHERE e.place_id = o.place_id AND e.state IN ('pending', 'sending', 'retry')
                        AND (
                            e.state = 'sending' OR e.seq < o.seq
                            OR (e.due_at > $1 AND COALESCE(e.finished_at, 0) <= $1 + ",
            skew!(),
            ")
                        )
                )
            ORDER BY o.seq LIMIT 1"
        )
    };
}
const NEXT: &str = next!();
const LOCK_PLACE_OF_NEXT: &str = concat!(next!(), lock_free_row_of!("p"));

/// Only for a sender that is there: one that was declared gone takes nothing more under its old number. What the message says is
/// read with the same statement: until then it may be made to say more.
const BEGIN_ATTEMPT: &str = concat!(
    "UPDATE outbox SET state = 'sending', attempt = attempt + 1, sender = $3, taken_at = $4, lease_until = $2 + ",
    clock!(),
    " WHERE seq = $1 AND ($3 IS NULL OR EXISTS (
        SELECT 1 FROM instances i WHERE i.epoch = $3 AND NOT i.gone AND i.alive_until > ",
    clock!(),
    ")) RETURNING attempt, speaker, operation"
);

const WITHDRAW: &str = "UPDATE outbox SET state = 'dead', reason = $2, finished_at = $3 WHERE seq = $1";

const PARTS: &str = "SELECT external_id FROM outbox_parts WHERE outbound_id = $1 ORDER BY position";

/// What else of ours is in the place of a message, the newest first: ids of numbers grow.
const OTHERS: &str = "
    SELECT external_id FROM outbox_parts
    WHERE place_id = (SELECT place_id FROM outbox WHERE seq = $1) AND outbound_id <> (SELECT id FROM outbox WHERE seq = $1)
    ORDER BY LENGTH(external_id) DESC, external_id DESC LIMIT 200";

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    seq: i64,
    id: String,
    pub(super) conversation_id: String,
    platform: String,
    place_key: String,
    speaker: Json<Value>,
    by_bot: bool,
    pub(super) operation: Json<Value>,
    held: bool,
    pub(super) target: Option<String>,
    pub(super) target_state: Option<String>,
    target_external_id: Option<String>,
    via: Option<String>,
    way: Option<String>,
    greeting: Option<String>,
    created_at: i64,
    repeats: i64,
}

impl Row {
    fn place(&self) -> Result<PlaceRef, Failure> {
        Ok(PlaceRef { platform: name("places", &self.platform)?, key: self.place_key.clone() })
    }

    /// Why this message must not be sent any more, if it must not.
    fn obstacle(&self) -> Result<Option<&'static str>, Failure> {
        if self.by_bot && self.held {
            return Ok(Some(superseded!()));
        }
        if self.target.is_none() || self.target_external_id.is_some() {
            return Ok(None);
        }
        let Some(state) = &self.target_state else { return Ok(Some("there is no such message to change")) };
        Ok(match name("outbox", state)? {
            // A platform without message ids: the adapter knows what to do.
            DeliveryState::Sent => None,
            DeliveryState::Dead => Some("the message to change was never sent"),
            DeliveryState::Ambiguous => {
                Some("it is not known whether the message to change arrived, nor under which id")
            }
            DeliveryState::Pending | DeliveryState::Sending | DeliveryState::Retry => {
                Some("the message to change has not been sent yet")
            }
        })
    }

    fn into_delivery(self, attempt: i64, parts: Vec<String>, thread: Option<Thread>) -> Result<Delivery, Failure> {
        const TABLE: &str = "outbox";
        let place = self.place()?;
        let message = OutboundMessage {
            id: OutboundId(id(TABLE, &self.id)?),
            conversation: ConversationId(id(TABLE, &self.conversation_id)?),
            place,
            speaker: from_json(TABLE, self.speaker)?,
            operation: from_json(TABLE, self.operation)?,
        };
        let (target, parts) = (self.target_external_id.map(ExternalId), parts.into_iter().map(ExternalId).collect());
        let way = match self.way {
            Some(address) => Some(Way { address, greeting: optional_name("ways", self.greeting.as_deref())? }),
            None => None,
        };
        let (via, repeats) = (self.via, self.repeats > 0);
        Ok(Delivery { parts, thread, way, via, repeats, ..Delivery::new(message, target, number(TABLE, attempt)?) })
    }
}

pub(super) async fn add(
    connection: &mut Connection,
    message: &OutboundMessage,
    via: Option<&str>,
    now: Timestamp,
) -> Result<(), Failure> {
    let place = conversations::ensure_place(connection, &message.place, now).await?;
    let target = match &message.operation {
        Operation::Edit { target, .. } | Operation::Delete { target } => Some(target.to_string()),
        _ => None,
    };
    if changes::unsent(connection, &message.operation, now).await? {
        return Ok(());
    }
    let is_card = matches!(message.operation, Operation::Card { .. });
    if is_card {
        let replaced =
            sqlx::query(REPLACE_CARD).bind(&place).bind(json(&message.operation)?).execute(&mut *connection).await?;
        if replaced.rows_affected() > 0 {
            return Ok(());
        }
    }
    sqlx::query(ADD)
        .bind(message.id.to_string())
        .bind(message.conversation.to_string())
        .bind(place)
        .bind(json(&message.speaker)?)
        .bind(message.speaker == Speaker::Bot)
        .bind(json(&message.operation)?)
        .bind(target)
        .bind(now.0)
        .bind(is_card)
        .bind(via.map(text))
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn next_delivery(
    database: &Database,
    lane: &Lane,
    pacing: &Pacing,
    sender: Option<Instance>,
    ttl: Duration,
    now: Timestamp,
) -> Result<Option<Delivery>, Failure> {
    // Most looks find nothing, and finding nothing should not need the right to write.
    if next(NEXT, lane, now).fetch_optional(&database.readers).await?.is_none() {
        return Ok(None);
    }
    let mut transaction = database.write().await?;
    let delivery = loop {
        let candidate = next(LOCK_PLACE_OF_NEXT, lane, now).fetch_optional(&mut *transaction).await?;
        let Some(candidate) = candidate else { break None };
        // Now that nobody else can begin an attempt in this place: what is next there? Usually still the same.
        let place = Lane::Place(candidate.place()?);
        let Some(mut row) = next(NEXT, &place, now).fetch_optional(&mut *transaction).await? else { continue };
        if let Some(reason) = row.obstacle()? {
            changes::meet_obstacle(&mut transaction, &row).await?;
            sqlx::query(WITHDRAW).bind(row.seq).bind(reason).bind(now.0).execute(&mut *transaction).await?;
            continue;
        }
        let thread = rooms::at_place(&mut transaction, &row.place()?).await?;
        if !is_in_time(&mut transaction, &row.place()?, thread.as_ref(), pacing, now).await? {
            // Somebody else has just sent something there. The look at what is next sees it from now on.
            transaction.rollback().await?;
            return Ok(None);
        }
        let begun: Option<(i64, Json<Value>, Json<Value>)> = sqlx::query_as(BEGIN_ATTEMPT)
            .bind(row.seq)
            .bind(millis(ttl))
            .bind(sender.map(|sender| sender.0))
            .bind(now.0)
            .fetch_optional(&mut *transaction)
            .await?;
        let Some((attempt, speaker, operation)) = begun else {
            // Said, and not left to the drop: until then whoever asks next finds the place locked.
            transaction.rollback().await?;
            return Ok(None);
        };
        (row.speaker, row.operation) = (speaker, operation);
        let parts = match &row.target {
            Some(target) => sqlx::query_scalar(PARTS).bind(target).fetch_all(&mut *transaction).await?,
            None => Vec::new(),
        };
        let earlier = earlier(&mut transaction, &row, attempt, now).await?;
        break Some(Delivery { earlier, ..row.into_delivery(attempt, parts, thread)? });
    };
    let committed = commit(transaction).await;
    if let (Err(_), Some(delivery)) = (&committed, &delivery) {
        take_back(database, delivery, pacing, now).await;
    }
    committed?;
    Ok(delivery)
}

/// Nobody knows whether this attempt counts as begun. It certainly was not, so nobody has to wait until its time has passed.
async fn take_back(database: &Database, delivery: &Delivery, pacing: &Pacing, now: Timestamp) {
    let outcome = DeliveryOutcome::Retry { at: now, reason: "the database failed before it was sent".to_owned() };
    let taken_back = attempt!(
        "take an attempt back",
        endings::finish_delivery(database, delivery.message.id, delivery.attempt, &outcome, pacing, now),
        Failure::may_pass
    );
    if let Err(error) = taken_back {
        let message = delivery.message.id;
        tracing::warn!(%message, %error, "an attempt that was not begun may hold its place up until its time has passed");
    }
}

/// What is known of the attempts before this one. When exactly they were made nobody has kept; none was before the message.
async fn earlier(
    connection: &mut Connection,
    row: &Row,
    attempt: i64,
    now: Timestamp,
) -> Result<Option<Earlier>, Failure> {
    if attempt <= 1 {
        return Ok(None);
    }
    let others: Vec<String> = sqlx::query_scalar(OTHERS).bind(row.seq).fetch_all(connection).await?;
    // Where the clock was put back since, nobody knows how long ago that was: long enough not to count on anything.
    let ago =
        u64::try_from(now.0.saturating_sub(row.created_at)).map_or(Duration::from_hours(1), Duration::from_millis);
    Ok(Some(Earlier { since: Timestamp(row.created_at), ago, others: others.into_iter().map(ExternalId).collect() }))
}

/// Counts this message against what its chat and its platform may have. False when that is used up.
async fn is_in_time(
    connection: &mut Connection,
    place: &PlaceRef,
    thread: Option<&Thread>,
    pacing: &Pacing,
    now: Timestamp,
) -> Result<bool, Failure> {
    let Some(limits) = pacing.0.get(&place.platform) else { return Ok(true) };
    let platform = place.platform.as_str();
    let (chat, rate) = match thread {
        Some(thread) => (thread.room.key.as_str(), limits.room),
        None if place.is_public() => (place.chat(), limits.room),
        None => (place.chat(), limits.chat),
    };
    let chat = paces::scope_of_chat(platform, &text(chat));
    Ok(paces::step(connection, &chat, rate, now).await?
        && paces::step(connection, platform, limits.platform, now).await?)
}

type Next<'q> = sqlx::query::QueryAs<'q, Db, Row, <Db as sqlx::Database>::Arguments>;

fn next<'q>(sql: &'static str, lane: &'q Lane, now: Timestamp) -> Next<'q> {
    let (platforms, key) = match lane {
        Lane::Platforms(platforms) => (names(platforms), None),
        Lane::Place(place) => (names(&[place.platform]), Some(text(&place.key))),
    };
    let [a, b, c, d] = platforms;
    sqlx::query_as(sql).bind(now.0).bind(a).bind(b).bind(c).bind(d).bind(key)
}

pub(super) fn names(platforms: &[Platform]) -> [&'static str; Platform::ALL.len()] {
    slots(platforms.iter().map(|platform| platform.as_str()))
}
