//! Sources of events that one of several instances takes in: who holds which, with a fence.

use std::time::Duration;

use firstline_engine::ports::SourceLease;

use super::{Connection, Database, commit};
use crate::{
    columns::{millis, text},
    error::Failure,
};

const TAKE: &str = concat!(
    "INSERT INTO source_leases (source, owner, epoch, lease_until) VALUES ($1, $2, 1, $3 + ",
    clock!(),
    ")
    ON CONFLICT (source) DO UPDATE SET
        owner = EXCLUDED.owner, epoch = source_leases.epoch + 1, lease_until = EXCLUDED.lease_until
    WHERE $4 OR source_leases.lease_until <= ",
    clock!(),
    " RETURNING epoch"
);

const KEEP: &str =
    concat!("UPDATE source_leases SET lease_until = $3 + ", clock!(), " WHERE source = $1 AND epoch = $2");

const LEAVE: &str = "UPDATE source_leases SET lease_until = 0 WHERE source = $1 AND epoch = $2";

const FENCE: &str = concat!("SELECT epoch FROM source_leases WHERE source = $1", lock_row!());

pub(super) async fn take(
    database: &Database,
    source: &str,
    owner: &str,
    ttl: Duration,
    by_force: bool,
) -> Result<Option<SourceLease>, Failure> {
    let mut transaction = database.write().await?;
    let epoch: Option<i64> = sqlx::query_scalar(TAKE)
        .bind(text(source))
        .bind(text(owner))
        .bind(millis(ttl))
        .bind(by_force)
        .fetch_optional(&mut *transaction)
        .await?;
    commit(transaction).await?;
    Ok(epoch.map(|epoch| SourceLease { source: source.to_owned(), epoch }))
}

pub(super) async fn keep(database: &Database, lease: &SourceLease, ttl: Duration) -> Result<bool, Failure> {
    let mut transaction = database.write().await?;
    let result = sqlx::query(KEEP)
        .bind(text(&lease.source))
        .bind(lease.epoch)
        .bind(millis(ttl))
        .execute(&mut *transaction)
        .await?;
    commit(transaction).await?;
    Ok(result.rows_affected() > 0)
}

pub(super) async fn leave(database: &Database, lease: &SourceLease) -> Result<(), Failure> {
    let mut transaction = database.write().await?;
    sqlx::query(LEAVE).bind(text(&lease.source)).bind(lease.epoch).execute(&mut *transaction).await?;
    commit(transaction).await
}

/// Whoever does not hold the newest lease may not commit. One that has run out and that nobody took over still counts.
pub(super) async fn fence(connection: &mut Connection, lease: &SourceLease) -> Result<(), Failure> {
    let epoch: Option<i64> = sqlx::query_scalar(FENCE).bind(text(&lease.source)).fetch_optional(connection).await?;
    if epoch == Some(lease.epoch) { Ok(()) } else { Err(Failure::LeaseLost) }
}
