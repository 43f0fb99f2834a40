//! How attempts end: with a result, with nothing that was heard of them, or with what a person decides.

use firstline_engine::{
    ids::{ConversationId, OutboundId},
    inbound::ExternalId,
    outbound::{DeliveryOutcome, DeliveryState},
    people::Platform,
    ports::{GivenUp, Pacing},
    time::Timestamp,
};

use super::{Connection, Database, commit, conversations, inbox, news, outbox, paces};
use crate::{
    columns::{id, name, text},
    error::Failure,
};

/// `$3` and `$4` are the states in which the attempt may be for this outcome to count.
const FINISH: &str = "
    UPDATE outbox
    SET state = $5, external_id = COALESCE($6, external_id), due_at = $7, reason = $8, finished_at = $9, repeats = repeats + $10
    WHERE id = $1 AND attempt = $2 AND state IN ($3, $4)";

/// Whose conversation, where, and what it changes; a message that staff have to be told of has a ticket's conversation.
const ABOUT: &str = "
    SELECT o.conversation_id, o.place_id, o.target, o.is_card, o.taken_at, p.platform, COALESCE(p.chat, p.place_key) AS chat,
        p.chat IS NOT NULL AS in_room
    FROM outbox o JOIN places p ON p.id = o.place_id WHERE o.id = $1";

const FORGET_PARTS: &str = "DELETE FROM outbox_parts WHERE outbound_id = $1";

const ADD_PART: &str =
    "INSERT INTO outbox_parts (outbound_id, position, place_id, external_id) VALUES ($1, $2, $3, $4)";

const RENAME: &str = "UPDATE outbox SET external_id = $2 WHERE id = $1";

const CARD_SHOWN: &str = "UPDATE threads SET card_id = $2 WHERE place_id = $1";

/// Attempts that have no end of their own: their time is over, or whoever made them is gone. In `$place` alone, unless that is
/// null; and, with `$all`, whatever their time is.
macro_rules! given_up {
    ($place:literal, $all:literal) => {
        concat!(
            "state IN ('pending', 'sending', 'retry') AND state = 'sending' AND (",
            $place,
            " IS NULL OR place_id = ",
            $place,
            ") AND (",
            $all,
            " OR lease_until <= ",
            clock!(),
            " OR (sender IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM instances i WHERE i.epoch = outbox.sender AND NOT i.gone)))"
        )
    };
}

const ANY_GIVEN_UP: &str = concat!("SELECT COUNT(*) FROM outbox WHERE ", given_up!("$1", "$2"));

const ADD_NEWS_OF_GIVEN_UP: &str = concat!(
    "UPDATE tickets SET news = news + 1 WHERE conversation_id IN (SELECT conversation_id FROM outbox WHERE ",
    given_up!("$1", "$2"),
    ")"
);

/// What the bot or the desk says to a requester and has not said once more yet.
macro_rules! unnoticed {
    () => {
        "repeats = 0 AND operation->>'type' = 'post' AND speaker->>'type' IN ('bot', 'desk')
            AND place_id = (SELECT v.place_id FROM conversations v WHERE v.id = outbox.conversation_id)
            AND (SELECT p.platform FROM places p WHERE p.id = outbox.place_id) IN ($7, $8, $9, $10)"
    };
}

/// What `Operation::is_repeatable`, a card that is shown already and `nobody_would_notice` say in Rust.
const GIVE_UP: &str = concat!(
    "UPDATE outbox
    SET state = CASE
            WHEN (SELECT p.platform FROM places p WHERE p.id = outbox.place_id) IN ($1, $2, $3, $4) THEN 'retry'
            WHEN operation->>'type' IN ('edit', 'delete', 'receipt', 'close_thread', 'reopen_thread') THEN 'retry'
            WHEN is_card AND EXISTS (
                SELECT 1 FROM threads t WHERE t.place_id = outbox.place_id AND t.card_id IS NOT NULL
            ) THEN 'retry'
            WHEN ",
    unnoticed!(),
    " THEN 'retry'
            ELSE 'ambiguous'
        END,
        repeats = repeats + CASE
            WHEN (SELECT p.platform FROM places p WHERE p.id = outbox.place_id) IN ($1, $2, $3, $4) THEN 0
            WHEN ",
    unnoticed!(),
    " THEN 1 ELSE 0
        END,
        due_at = 0, reason = 'not-heard: nothing was heard of this attempt', finished_at = $5
    WHERE ",
    given_up!("$6", "$11")
);

/// What its author has taken back stays unsaid, whoever presses an old button.
macro_rules! resend {
    ($which:literal) => {
        concat!(
            "UPDATE outbox SET state = 'pending', due_at = 0, reason = NULL, finished_at = NULL
            WHERE ",
            $which,
            " AND state IN ('ambiguous', 'dead') AND NOT taken_back"
        )
    };
}
const RESEND: &str = resend!("id = $1");
const RESEND_IN_CONVERSATION: &str = resend!("id = $1 AND conversation_id = $2");

const CONFIRM: &str = "
    UPDATE outbox SET state = 'sent', reason = NULL, finished_at = $2 WHERE id = $1 AND state = 'ambiguous'";

/// What the end of an attempt concerns besides the message.
#[derive(sqlx::FromRow)]
struct About {
    conversation_id: String,
    place_id: String,
    target: Option<String>,
    is_card: bool,
    taken_at: Option<i64>,
    platform: String,
    chat: String,
    in_room: bool,
}

pub(super) async fn finish_delivery(
    database: &Database,
    message: OutboundId,
    attempt: u32,
    outcome: &DeliveryOutcome,
    pacing: &Pacing,
    now: Timestamp,
) -> Result<bool, Failure> {
    use DeliveryState::{Ambiguous, Dead, Retry, Sending, Sent};
    // What is certain counts even when it comes late; a guess does not.
    let (state, late, external_id, due_at, reason) = match outcome {
        DeliveryOutcome::Sent(ids) => (Sent, Ambiguous, ids.last(), 0, None),
        DeliveryOutcome::Retry { at, reason } | DeliveryOutcome::OnceMore { at, reason } => {
            (Retry, Sending, None, at.0, Some(reason))
        }
        DeliveryOutcome::Ambiguous { reason } => (Ambiguous, Sending, None, 0, Some(reason)),
        DeliveryOutcome::Dead { reason } | DeliveryOutcome::InVain { reason } => {
            (Dead, Ambiguous, None, 0, Some(reason))
        }
    };
    let mut transaction = database.write().await?;
    let about: Option<About> =
        sqlx::query_as(ABOUT).bind(message.to_string()).fetch_optional(&mut *transaction).await?;
    let Some(about) = about else { return Ok(false) };
    // Before the message's row is locked: a turn locks the conversation first, and whoever tells rooms the ticket.
    if matches!(outcome, DeliveryOutcome::InVain { .. }) {
        conversations::lock(&mut transaction, ConversationId(id("outbox", &about.conversation_id)?)).await?;
    }
    if state != Retry {
        news::add(&mut transaction, &about.conversation_id).await?;
    }
    let result = sqlx::query(FINISH)
        .bind(message.to_string())
        .bind(i64::from(attempt))
        .bind(Sending.as_str())
        .bind(late.as_str())
        .bind(state.as_str())
        .bind(external_id.map(|id| text(&id.0)))
        .bind(due_at)
        .bind(reason.map(|reason| text(reason)))
        .bind(now.0)
        .bind(i64::from(matches!(outcome, DeliveryOutcome::OnceMore { .. })))
        .execute(&mut *transaction)
        .await?;
    if result.rows_affected() == 0 {
        return Ok(false);
    }
    if let DeliveryOutcome::Sent(ids) = outcome {
        record_ids(&mut transaction, message, &about, ids).await?;
    }
    if let DeliveryOutcome::InVain { reason } = outcome {
        inbox::add_unheard(&mut transaction, &about.conversation_id, message, reason, now).await?;
    }
    let sent = if let DeliveryOutcome::Sent(ids) = outcome { ids.len() } else { 1 };
    count(&mut transaction, &about, sent, pacing, now).await?;
    commit(transaction).await?;
    Ok(true)
}

/// Remembers what a message is called on its platform; an edit may have changed that.
async fn record_ids(
    connection: &mut Connection,
    message: OutboundId,
    about: &About,
    ids: &[ExternalId],
) -> Result<(), Failure> {
    let Some(last) = ids.last() else { return Ok(()) };
    if about.is_card {
        sqlx::query(CARD_SHOWN).bind(&about.place_id).bind(text(&last.0)).execute(&mut *connection).await?;
    }
    let message = about.target.clone().unwrap_or_else(|| message.to_string());
    if about.target.is_some() {
        sqlx::query(RENAME).bind(&message).bind(text(&last.0)).execute(&mut *connection).await?;
    }
    sqlx::query(FORGET_PARTS).bind(&message).execute(&mut *connection).await?;
    for (position, id) in (0_i64..).zip(ids) {
        sqlx::query(ADD_PART)
            .bind(&message)
            .bind(position)
            .bind(&about.place_id)
            .bind(text(&id.0))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Counts what a message took, for the time by which the platform must have had it: it counts what arrives there.
async fn count(
    connection: &mut Connection,
    about: &About,
    sent: usize,
    pacing: &Pacing,
    now: Timestamp,
) -> Result<(), Failure> {
    let Some(limits) = pacing.0.get(&name("places", &about.platform)?) else { return Ok(()) };
    let rate = if about.in_room { limits.room } else { limits.chat };
    let scope = paces::scope_of_chat(&about.platform, &about.chat);
    paces::settle(connection, &scope, about.taken_at, sent, rate, now).await?;
    paces::settle(connection, &about.platform, about.taken_at, sent, limits.platform, now).await
}

pub(super) async fn give_up_deliveries(
    database: &Database,
    which: GivenUp<'_>,
    repeatable: &[Platform],
    once_more: &[Platform],
    now: Timestamp,
) -> Result<u64, Failure> {
    let (place, all) = match which {
        GivenUp::Overdue => (None, false),
        GivenUp::OverdueIn(place) => (Some(place), false),
        GivenUp::AllIn(place) => (Some(place), true),
    };
    let place = match place {
        None => None,
        Some(place) => match conversations::find_place(&mut *database.readers.acquire().await?, place).await? {
            // Nothing was ever said there.
            None => return Ok(0),
            known => known,
        },
    };
    // Most looks find nothing, and finding nothing should not need the right to write.
    let found: i64 = sqlx::query_scalar(ANY_GIVEN_UP).bind(&place).bind(all).fetch_one(&database.readers).await?;
    if found == 0 {
        return Ok(0);
    }
    let mut transaction = database.write().await?;
    sqlx::query(ADD_NEWS_OF_GIVEN_UP).bind(&place).bind(all).execute(&mut *transaction).await?;
    let query = bound(sqlx::query(GIVE_UP), outbox::names(repeatable)).bind(now.0).bind(place);
    let query = bound(query, outbox::names(once_more)).bind(all);
    let result = query.execute(&mut *transaction).await?;
    commit(transaction).await?;
    Ok(result.rows_affected())
}

type Query<'q> = sqlx::query::Query<'q, super::Db, <super::Db as sqlx::Database>::Arguments>;

/// The statement with the names of platforms as its next values.
fn bound<'q>(query: Query<'q>, names: [&'static str; Platform::ALL.len()]) -> Query<'q> {
    names.into_iter().fold(query, Query::bind)
}

pub(super) async fn resend(database: &Database, message: OutboundId, _now: Timestamp) -> Result<bool, Failure> {
    let mut transaction = database.write().await?;
    let result = sqlx::query(RESEND).bind(message.to_string()).execute(&mut *transaction).await?;
    commit(transaction).await?;
    Ok(result.rows_affected() > 0)
}

/// Sends a message of a conversation again, where it is ambiguous or dead.
pub(super) async fn resend_in(
    connection: &mut Connection,
    conversation: ConversationId,
    message: OutboundId,
) -> Result<(), Failure> {
    sqlx::query(RESEND_IN_CONVERSATION)
        .bind(message.to_string())
        .bind(conversation.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn confirm_delivery(
    database: &Database,
    message: OutboundId,
    now: Timestamp,
) -> Result<bool, Failure> {
    let mut transaction = database.write().await?;
    let result = sqlx::query(CONFIRM).bind(message.to_string()).bind(now.0).execute(&mut *transaction).await?;
    commit(transaction).await?;
    Ok(result.rows_affected() > 0)
}
