//! Committing a turn: everything in it or nothing.
//!
//! The first statement checks the fence and locks the conversation's row. All others come after it, so what they look at cannot
//! be changed by another turn, nor by events that come in meanwhile.

use firstline_engine::{
    ids::{ConversationId, EventId, PersonId},
    ports::{Lease, Turn},
    time::Timestamp,
};

use super::{
    Connection, Database, audit, commit, conversations, endings, inbox, merging, news, outbox, people, rooms, tickets,
    timeline,
};
use crate::{
    columns::{id, json},
    error::Failure,
};

const FENCE: &str = concat!(
    "UPDATE conversations
    SET state = $3, phase = $4, held = $5, wake_at = $6, entry_seq = entry_seq + $7, updated_at = $8
    WHERE id = $1 AND lease_epoch = $2 AND lease_until > ",
    clock!(),
    " RETURNING place_id, requester_id, entry_seq - $7 + 1 AS first_seq"
);

const SETTLE_EVENT: &str = "
    UPDATE inbox SET state = $3, handled_at = $4 WHERE id = $1 AND conversation_id = $2 AND state = 'pending'";

const COUNT_WAITING: &str = "
    UPDATE conversations
    SET pending_since = (SELECT MIN(accepted_at) FROM inbox WHERE conversation_id = $1 AND state = 'pending')
    WHERE id = $1";

const END: &str = "UPDATE conversations SET active = FALSE WHERE id = $1";

/// What staff did, and what was written to tickets that are parts of this one, belongs to the ticket, and so to the conversation that
/// ends.
const MOVE_EVENTS: &str = "
    UPDATE inbox SET conversation_id = $2
    WHERE conversation_id = $1 AND state = 'pending' AND kind->>'type' NOT IN ('staff', 'passed_on')";

/// What the fence tells about the conversation.
#[derive(sqlx::FromRow)]
struct Fenced {
    place_id: String,
    requester_id: String,
    /// The number of the turn's first line.
    first_seq: i64,
}

pub(super) async fn commit_turn(
    database: &Database,
    lease: &Lease,
    turn: &Turn,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut transaction = database.write().await?;
    let fenced = fence(&mut transaction, lease, turn, now).await?;
    write(&mut transaction, lease, &fenced, turn, now).await?;
    commit(transaction).await
}

pub(super) async fn renew(
    database: &Database,
    lease: &Lease,
    turn: &Turn,
    fresh: ConversationId,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut transaction = database.write().await?;
    let fenced = fence(&mut transaction, lease, turn, now).await?;
    let (old, new) = (lease.conversation.to_string(), fresh.to_string());
    sqlx::query(END).bind(&old).execute(&mut *transaction).await?;
    let requester = PersonId(id("conversations", &fenced.requester_id)?);
    if !conversations::add(&mut transaction, fresh, &fenced.place_id, requester, now).await? {
        return Err(Failure::Contradiction(format!("conversation {old} has ended already, or {new} was begun before")));
    }
    write(&mut transaction, lease, &fenced, turn, now).await?;
    sqlx::query(MOVE_EVENTS).bind(&old).bind(&new).execute(&mut *transaction).await?;
    for conversation in [&old, &new] {
        sqlx::query(COUNT_WAITING).bind(conversation).execute(&mut *transaction).await?;
    }
    commit(transaction).await
}

async fn fence(connection: &mut Connection, lease: &Lease, turn: &Turn, now: Timestamp) -> Result<Fenced, Failure> {
    let entries = i64::try_from(turn.entries.len()).unwrap_or(i64::MAX);
    let fenced: Option<Fenced> = sqlx::query_as(FENCE)
        .bind(lease.conversation.to_string())
        .bind(lease.epoch)
        .bind(json(&turn.state)?)
        .bind(turn.state.phase.as_str())
        .bind(turn.state.is_held())
        .bind(turn.wake_at.map(|at| at.0))
        .bind(entries)
        .bind(now.0)
        .fetch_optional(connection)
        .await?;
    fenced.ok_or(Failure::LeaseLost)
}

async fn write(
    connection: &mut Connection,
    lease: &Lease,
    fenced: &Fenced,
    turn: &Turn,
    now: Timestamp,
) -> Result<(), Failure> {
    let conversation = lease.conversation;
    for (events, state) in [(&turn.handled, "handled"), (&turn.given_up, "failed")] {
        for &event in events {
            settle(connection, event, conversation, state, now).await?;
        }
    }
    // In a statement of its own: one that had waited for the row's lock would not see the events accepted while it waited.
    if !turn.handled.is_empty() || !turn.given_up.is_empty() {
        sqlx::query(COUNT_WAITING).bind(conversation.to_string()).execute(&mut *connection).await?;
    }
    for &message in &turn.resend {
        endings::resend_in(connection, conversation, message).await?;
    }
    if let Some(ticket) = &turn.ticket {
        tickets::write(connection, lease, ticket).await?;
    }
    if let Some(change) = &turn.thread {
        rooms::change(connection, conversation, change).await?;
    }
    if !turn.entries.is_empty() || turn.ticket.is_some() || turn.thread.is_some() {
        news::add(connection, &conversation.to_string()).await?;
    }
    if let Some((language, source)) = turn.language {
        let requester = PersonId(id("conversations", &fenced.requester_id)?);
        people::learn_language(connection, requester, language, source).await?;
    }
    for message in &turn.outbound {
        let via = turn.via.as_ref().filter(|via| via.place == message.place);
        outbox::add(connection, message, via.map(|via| via.address.as_str()), now).await?;
    }
    for (seq, entry) in (fenced.first_seq..).zip(&turn.entries) {
        timeline::add(connection, conversation, &fenced.place_id, seq, entry, now).await?;
    }
    for line in &turn.audit {
        audit::add(connection, line).await?;
    }
    // Last, because these lock other conversations.
    for (other, kind) in &turn.passed_on {
        let Some(from) = turn.handled.first() else {
            return Err(Failure::Contradiction("something is passed on that comes of no event".to_owned()));
        };
        inbox::pass_on(connection, *from, *other, kind, now).await?;
    }
    if let Some(merge) = &turn.merge {
        merging::merge(connection, &conversation.to_string(), merge, now).await?;
    }
    Ok(())
}

async fn settle(
    connection: &mut Connection,
    event: EventId,
    conversation: ConversationId,
    state: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    let result = sqlx::query(SETTLE_EVENT)
        .bind(event.to_string())
        .bind(conversation.to_string())
        .bind(state)
        .bind(now.0)
        .execute(connection)
        .await?;
    if result.rows_affected() == 0 {
        return Err(Failure::Contradiction(format!("event {event} is not waiting in conversation {conversation}")));
    }
    Ok(())
}
