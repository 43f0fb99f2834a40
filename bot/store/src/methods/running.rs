//! Whether the database answers, and how much is waiting.

use firstline_engine::{ports::QueueHealth, time::Timestamp};

use super::Database;
use crate::{columns::count, error::Failure};

const PING: &str = "SELECT 1";

const HEALTH: &str = "
    SELECT
        (SELECT COUNT(*) FROM inbox WHERE state = 'pending') AS events_pending,
        (SELECT COUNT(*) FROM inbox WHERE state = 'failed') AS events_failed,
        (SELECT MIN(accepted_at) FROM inbox WHERE state = 'pending') AS oldest_event,
        (SELECT COUNT(*) FROM outbox WHERE state IN ('pending', 'sending', 'retry')) AS deliveries_pending,
        (SELECT COUNT(*) FROM outbox WHERE state = 'ambiguous') AS deliveries_ambiguous,
        (SELECT COUNT(*) FROM outbox WHERE state = 'dead') AS deliveries_dead,
        (SELECT COUNT(*) FROM tickets WHERE status = 'new') AS tickets_waiting,
        (SELECT COUNT(*) FROM set_aside) AS set_aside";

#[derive(sqlx::FromRow)]
struct HealthRow {
    events_pending: i64,
    events_failed: i64,
    oldest_event: Option<i64>,
    deliveries_pending: i64,
    deliveries_ambiguous: i64,
    deliveries_dead: i64,
    tickets_waiting: i64,
    set_aside: i64,
}

pub(super) async fn ping(database: &Database) -> Result<(), Failure> {
    sqlx::query(PING).execute(&database.readers).await?;
    Ok(())
}

pub(super) async fn health(database: &Database, now: Timestamp) -> Result<QueueHealth, Failure> {
    let row: HealthRow = sqlx::query_as(HEALTH).fetch_one(&database.readers).await?;
    Ok(QueueHealth {
        events_pending: count(row.events_pending),
        events_failed: count(row.events_failed),
        oldest_event_ms: row.oldest_event.map_or(0, |at| count(now.0.saturating_sub(at))),
        deliveries_pending: count(row.deliveries_pending),
        deliveries_ambiguous: count(row.deliveries_ambiguous),
        deliveries_dead: count(row.deliveries_dead),
        tickets_waiting: count(row.tickets_waiting),
        set_aside: count(row.set_aside),
    })
}
