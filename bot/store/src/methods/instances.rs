//! Runs of the program, and which of them are gone. All times are by the database's clock: those who share it may differ in theirs.

use std::time::Duration;

use firstline_engine::ports::{Instance, Neighbour};

use super::{Database, commit};
use crate::{
    columns::{millis, text},
    error::Failure,
};

const APPEAR: &str = concat!(
    "INSERT INTO instances (owner, whereabouts, alive_until, steady_since, gone) VALUES ($1, $2, $3 + ",
    clock!(),
    ", ",
    clock!(),
    ", FALSE) RETURNING epoch"
);

/// Those of whose attempts nothing is left to be decided.
const FORGET: &str = "
    DELETE FROM instances WHERE gone AND epoch NOT IN (
        SELECT sender FROM outbox
        WHERE state IN ('pending', 'sending', 'retry') AND state = 'sending' AND sender IS NOT NULL
    )";

const STAY: &str = concat!(
    "UPDATE instances SET
        steady_since = CASE WHEN alive_until > ",
    clock!(),
    " THEN steady_since ELSE ",
    clock!(),
    " END,
        alive_until = $2 + ",
    clock!(),
    " WHERE epoch = $1 AND NOT gone"
);

const LEAVE: &str = "UPDATE instances SET gone = TRUE WHERE epoch = $1 AND NOT gone";

/// What those hold who are gone is free at once, and not only when its time is over. An instance that was declared gone and has begun
/// anew goes by the same name.
const FREE: &str = concat!(
    "UPDATE conversations SET lease_owner = NULL, lease_until = 0
    WHERE lease_until > ",
    clock!(),
    " AND lease_owner IN (SELECT owner FROM instances WHERE gone)
        AND lease_owner NOT IN (SELECT owner FROM instances WHERE NOT gone)"
);

const NEIGHBOURS: &str = "SELECT epoch, whereabouts FROM instances WHERE epoch <> $1 AND NOT gone ORDER BY epoch";

macro_rules! silent {
    () => {
        concat!(
            "NOT gone AND alive_until + $2 <= ",
            clock!(),
            " AND EXISTS (
                SELECT 1 FROM instances me WHERE me.epoch = $1 AND NOT me.gone AND me.alive_until > ",
            clock!(),
            " AND me.steady_since + $2 <= ",
            clock!(),
            ")"
        )
    };
}
const SILENT: &str = concat!("SELECT COUNT(*) FROM instances WHERE ", silent!());
const DECLARE_GONE: &str = concat!("UPDATE instances SET gone = TRUE WHERE ", silent!());

pub(super) async fn appear(
    database: &Database,
    owner: &str,
    whereabouts: &str,
    ttl: Duration,
) -> Result<Instance, Failure> {
    let mut transaction = database.write().await?;
    sqlx::query(FORGET).execute(&mut *transaction).await?;
    let epoch: i64 = sqlx::query_scalar(APPEAR)
        .bind(text(owner))
        .bind(text(whereabouts))
        .bind(millis(ttl))
        .fetch_one(&mut *transaction)
        .await?;
    commit(transaction).await?;
    Ok(Instance(epoch))
}

pub(super) async fn stay(database: &Database, instance: Instance, ttl: Duration) -> Result<bool, Failure> {
    let mut transaction = database.write().await?;
    let result = sqlx::query(STAY).bind(instance.0).bind(millis(ttl)).execute(&mut *transaction).await?;
    commit(transaction).await?;
    Ok(result.rows_affected() > 0)
}

pub(super) async fn leave(database: &Database, instance: Instance) -> Result<bool, Failure> {
    let mut transaction = database.write().await?;
    let is_news = sqlx::query(LEAVE).bind(instance.0).execute(&mut *transaction).await?.rows_affected() > 0;
    if is_news {
        sqlx::query(FREE).execute(&mut *transaction).await?;
    }
    commit(transaction).await?;
    Ok(is_news)
}

pub(super) async fn neighbours(database: &Database, instance: Instance) -> Result<Vec<Neighbour>, Failure> {
    let rows: Vec<(i64, String)> = sqlx::query_as(NEIGHBOURS).bind(instance.0).fetch_all(&database.readers).await?;
    Ok(rows.into_iter().map(|(epoch, whereabouts)| Neighbour { instance: Instance(epoch), whereabouts }).collect())
}

pub(super) async fn declare_gone(database: &Database, by: Instance, grace: Duration) -> Result<u64, Failure> {
    // Most looks find nobody, and finding nobody should not need the right to write.
    let silent: i64 = sqlx::query_scalar(SILENT).bind(by.0).bind(millis(grace)).fetch_one(&database.readers).await?;
    if silent == 0 {
        return Ok(0);
    }
    let mut transaction = database.write().await?;
    let gone =
        sqlx::query(DECLARE_GONE).bind(by.0).bind(millis(grace)).execute(&mut *transaction).await?.rows_affected();
    if gone > 0 {
        sqlx::query(FREE).execute(&mut *transaction).await?;
    }
    commit(transaction).await?;
    Ok(gone)
}
