//! Tickets.

use firstline_engine::{
    ids::{ConversationId, PersonId, TicketId},
    ports::{Lease, TicketFilter, TicketWrite},
    ticket::{Impact, Resolution, Ticket, TicketNumber, TicketStatus, Urgency},
    time::Timestamp,
};

use super::{Connection, Database, commit};
use crate::{
    columns::{count, id, name, number, optional_name, slots, text},
    error::Failure,
};

const NEXT_NUMBER: &str = "UPDATE counters SET value = value + 1 WHERE name = 'ticket' RETURNING value";

const OPEN: &str = "
    INSERT INTO tickets (
        id, conversation_id, summary, kind, category, impact, urgency, priority, queue, status, assignee_id,
        first_response_at, resolved_at, updated_at, resolution, rating, rating_comment, waiting_since, paused_since,
        paused_ms, merged_into, number, requester_id, opened_at
    ) VALUES (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24
    )";

const CHANGE: &str = "
    UPDATE tickets SET
        summary = $3, kind = $4, category = $5, impact = $6, urgency = $7, priority = $8, queue = $9, status = $10,
        assignee_id = $11, first_response_at = $12, resolved_at = $13, updated_at = $14, resolution = $15, rating = $16,
        rating_comment = $17, waiting_since = $18, paused_since = $19, paused_ms = $20, merged_into = $21
    WHERE id = $1 AND conversation_id = $2";

/// Named one by one: `*` would change its meaning, and break prepared statements, when a newer version adds a column.
macro_rules! select {
    () => {
        "SELECT t.id, t.number, t.conversation_id, t.requester_id, t.summary, t.kind, t.category, t.impact, t.urgency,
            t.priority, t.queue, t.status, t.assignee_id, t.opened_at, t.first_response_at, t.resolved_at, t.updated_at,
            t.resolution, t.rating, t.rating_comment, t.waiting_since, t.paused_since, t.paused_ms, t.merged_into
        FROM tickets t "
    };
}
const BY_NUMBER: &str = concat!(select!(), "WHERE t.number = $1");
const OF_CONVERSATION: &str = concat!(select!(), "WHERE t.conversation_id = $1");

macro_rules! rank {
    ($ticket:literal) => {
        concat!("CASE ", $ticket, ".priority WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END")
    };
}

const LIST: &str = concat!(
    select!(),
    "WHERE ($1 OR t.status IN ($2, $3, $4, $5, $6, $7))
        AND ($8 IS NULL OR t.queue = $8)
        AND ($9 IS NULL OR t.assignee_id = $9)
        AND ($10 IS NULL OR t.requester_id = $10)
    ORDER BY ",
    rank!("t"),
    " DESC, t.opened_at, t.number LIMIT $11"
);

const WAITING_BEFORE: &str = concat!(
    "SELECT COUNT(*) FROM tickets t JOIN tickets me ON me.id = $1
    WHERE t.queue = me.queue AND t.status = 'new' AND t.id <> me.id AND (",
    rank!("t"),
    " > ",
    rank!("me"),
    " OR (",
    rank!("t"),
    " = ",
    rank!("me"),
    " AND (t.opened_at < me.opened_at OR (t.opened_at = me.opened_at AND t.number < me.number))))"
);

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    number: i64,
    conversation_id: String,
    requester_id: String,
    summary: String,
    kind: String,
    category: String,
    impact: Option<String>,
    urgency: Option<String>,
    priority: String,
    queue: String,
    status: String,
    assignee_id: Option<String>,
    opened_at: i64,
    first_response_at: Option<i64>,
    resolved_at: Option<i64>,
    updated_at: i64,
    resolution: Option<String>,
    rating: Option<i64>,
    rating_comment: Option<String>,
    waiting_since: Option<i64>,
    paused_since: Option<i64>,
    paused_ms: i64,
    merged_into: Option<i64>,
}

impl TryFrom<Row> for Ticket {
    type Error = Failure;

    fn try_from(row: Row) -> Result<Self, Failure> {
        const TABLE: &str = "tickets";
        Ok(Self {
            id: TicketId(id(TABLE, &row.id)?),
            number: TicketNumber(row.number),
            conversation: ConversationId(id(TABLE, &row.conversation_id)?),
            requester: PersonId(id(TABLE, &row.requester_id)?),
            summary: row.summary,
            kind: name(TABLE, &row.kind)?,
            category: row.category,
            impact: optional_name(TABLE, row.impact.as_deref())?,
            urgency: optional_name(TABLE, row.urgency.as_deref())?,
            priority: name(TABLE, &row.priority)?,
            queue: row.queue,
            status: name(TABLE, &row.status)?,
            assignee: row.assignee_id.as_deref().map(|it| Ok::<_, Failure>(PersonId(id(TABLE, it)?))).transpose()?,
            opened_at: Timestamp(row.opened_at),
            first_response_at: row.first_response_at.map(Timestamp),
            resolved_at: row.resolved_at.map(Timestamp),
            updated_at: Timestamp(row.updated_at),
            resolution: optional_name(TABLE, row.resolution.as_deref())?,
            rating: row.rating.map(|rating| number(TABLE, rating)).transpose()?,
            rating_comment: row.rating_comment,
            waiting_since: row.waiting_since.map(Timestamp),
            paused_since: row.paused_since.map(Timestamp),
            paused_ms: count(row.paused_ms),
            merged_into: row.merged_into.map(TicketNumber),
        })
    }
}

pub(super) async fn next_ticket_number(database: &Database) -> Result<TicketNumber, Failure> {
    let mut transaction = database.write().await?;
    let number: i64 = sqlx::query_scalar(NEXT_NUMBER).fetch_one(&mut *transaction).await?;
    commit(transaction).await?;
    Ok(TicketNumber(number))
}

pub(super) async fn ticket(database: &Database, number: TicketNumber) -> Result<Option<Ticket>, Failure> {
    let row: Option<Row> = sqlx::query_as(BY_NUMBER).bind(number.0).fetch_optional(&database.readers).await?;
    row.map(Ticket::try_from).transpose()
}

pub(super) async fn of_conversation(
    connection: &mut Connection,
    conversation: ConversationId,
) -> Result<Option<Ticket>, Failure> {
    let row: Option<Row> =
        sqlx::query_as(OF_CONVERSATION).bind(conversation.to_string()).fetch_optional(connection).await?;
    row.map(Ticket::try_from).transpose()
}

pub(super) async fn tickets(database: &Database, filter: &TicketFilter) -> Result<Vec<Ticket>, Failure> {
    let statuses: [&str; TicketStatus::ALL.len()] = slots(filter.statuses.iter().map(|status| status.as_str()));
    let mut query = sqlx::query_as::<_, Row>(LIST).bind(filter.statuses.is_empty());
    for status in statuses {
        query = query.bind(status);
    }
    let rows = query
        .bind(filter.queue.as_deref().map(text))
        .bind(filter.assignee.map(|person| person.to_string()))
        .bind(filter.requester.map(|person| person.to_string()))
        .bind(if filter.limit == 0 { 100 } else { i64::from(filter.limit) })
        .fetch_all(&database.readers)
        .await?;
    rows.into_iter().map(Ticket::try_from).collect()
}

pub(super) async fn waiting_before(database: &Database, ticket: TicketId) -> Result<u32, Failure> {
    let count: i64 = sqlx::query_scalar(WAITING_BEFORE).bind(ticket.to_string()).fetch_one(&database.readers).await?;
    number("tickets", count)
}

/// Writes what a turn of a conversation does to its ticket. The turn's fence guards this conversation's ticket and no other.
pub(super) async fn write(connection: &mut Connection, lease: &Lease, write: &TicketWrite) -> Result<(), Failure> {
    let (TicketWrite::Open(ticket) | TicketWrite::Change(ticket)) = write;
    if ticket.conversation != lease.conversation {
        return Err(Failure::Contradiction(format!("ticket {} belongs to another conversation", ticket.number)));
    }
    match write {
        TicketWrite::Open(ticket) => open(connection, ticket).await,
        TicketWrite::Change(ticket) => change(connection, ticket).await,
    }
}

async fn open(connection: &mut Connection, ticket: &Ticket) -> Result<(), Failure> {
    values(OPEN, ticket)
        .bind(ticket.number.0)
        .bind(ticket.requester.to_string())
        .bind(ticket.opened_at.0)
        .execute(connection)
        .await?;
    Ok(())
}

async fn change(connection: &mut Connection, ticket: &Ticket) -> Result<(), Failure> {
    let result = values(CHANGE, ticket).execute(connection).await?;
    if result.rows_affected() == 0 {
        return Err(Failure::Contradiction(format!("there is no ticket {} to change", ticket.number)));
    }
    Ok(())
}

type Query<'q> = sqlx::query::Query<'q, super::Db, <super::Db as sqlx::Database>::Arguments>;

/// The statement with the values that both opening and changing write.
fn values<'q>(sql: &'static str, ticket: &'q Ticket) -> Query<'q> {
    sqlx::query(sql)
        .bind(ticket.id.to_string())
        .bind(ticket.conversation.to_string())
        .bind(text(&ticket.summary))
        .bind(ticket.kind.as_str())
        .bind(text(&ticket.category))
        .bind(ticket.impact.map(Impact::as_str))
        .bind(ticket.urgency.map(Urgency::as_str))
        .bind(ticket.priority.as_str())
        .bind(text(&ticket.queue))
        .bind(ticket.status.as_str())
        .bind(ticket.assignee.map(|it| it.to_string()))
        .bind(ticket.first_response_at.map(|it| it.0))
        .bind(ticket.resolved_at.map(|it| it.0))
        .bind(ticket.updated_at.0)
        .bind(ticket.resolution.map(Resolution::as_str))
        .bind(ticket.rating.map(i64::from))
        .bind(ticket.rating_comment.as_deref().map(text))
        .bind(ticket.waiting_since.map(|it| it.0))
        .bind(ticket.paused_since.map(|it| it.0))
        .bind(i64::try_from(ticket.paused_ms).unwrap_or(i64::MAX))
        .bind(ticket.merged_into.map(|it| it.0))
}
