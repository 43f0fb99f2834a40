//! PostgreSQL: opening it, and what its dialect says differently. The methods are in `methods/`.

use std::{sync::Arc, time::Duration};

use firstline_engine::ports::Store;
use firstline_migrations::Migration;
use sqlx::{
    Connection as _, Executor as _, Pool,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use tokio::{task::JoinSet, time::sleep};

use crate::{
    Options,
    changes::Changes,
    columns::fresh_id,
    error::ConnectError,
    migrations::{MigrationStatus, Step, explain},
    url::server_name,
};

type Db = sqlx::Postgres;

// Spelled out, because a database can be configured to begin otherwise.
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The number means nothing; it must not be used for anything else in the same database.
const LOCK_SCHEMA: &str = "SELECT pg_advisory_xact_lock(7306070902)";
const HAS_MIGRATIONS: &str = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";

/// A process that is stopped in the middle of a transaction must not hold the others up for ever.
const SESSION: &str = "SET idle_in_transaction_session_timeout = '15s'; SET lock_timeout = '15s'";

const CHANNEL: &str = "firstline";

const fn dialect(migration: &Migration) -> &'static str {
    migration.postgres
}

/// The database's clock, in epoch milliseconds.
macro_rules! clock {
    () => {
        "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
    };
}

/// Locks a row until the end of the transaction.
macro_rules! lock_row {
    () => {
        " FOR NO KEY UPDATE"
    };
}

/// Locks the row of the named table, passing over rows that others have locked.
macro_rules! lock_free_row_of {
    ($table:literal) => {
        concat!(" FOR NO KEY UPDATE OF ", $table, " SKIP LOCKED")
    };
}

#[path = "methods/mod.rs"]
mod methods;

use methods::Database;

pub(crate) async fn connect(server: &PgConnectOptions, options: &Options) -> Result<Arc<dyn Store>, ConnectError> {
    let database = server_name(server);
    let failed = |source| ConnectError::Open { database: database.clone(), source };
    let pool = PgPoolOptions::new()
        .max_connections(options.connections.max(2))
        .acquire_timeout(options.patience)
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute(SESSION).await?;
                Ok(())
            })
        })
        .connect_with(named(server))
        .await;
    let pool = match pool {
        Ok(pool) => pool,
        // The pool tells only that it gave up waiting. Asking once more without it tells why.
        Err(source @ sqlx::Error::PoolTimedOut) => {
            return Err(open(server).await.err().unwrap_or_else(|| failed(source)));
        }
        Err(source) => return Err(failed(source)),
    };
    let mut connection = pool.acquire().await.map_err(failed)?;
    let encoding: String = sqlx::query_scalar("SELECT current_setting('server_encoding')")
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)?;
    if encoding != "UTF8" {
        return Err(ConnectError::Encoding { database, encoding });
    }
    let status = methods::schema::status(&mut connection).await.map_err(failed)?;
    drop(connection);
    if !status.pending.is_empty() {
        return Err(ConnectError::Pending { database, pending: status.pending.len() });
    }
    let changes = Arc::new(Changes::new());
    let name = fresh_id().to_string();
    let mut tasks = JoinSet::new();
    tasks.spawn(listen(pool.clone(), Arc::clone(&changes), name.clone()));
    tasks.spawn(announce(pool.clone(), Arc::clone(&changes), name));
    Ok(Arc::new(Database::new(pool.clone(), pool, changes, tasks)))
}

pub(crate) async fn migrate(server: &PgConnectOptions) -> Result<Vec<Step>, ConnectError> {
    let mut connection = open(server).await?;
    let steps = methods::schema::migrate(&mut connection).await.map_err(|error| explain(server_name(server), error))?;
    connection.close().await.map_err(|source| ConnectError::Open { database: server_name(server), source })?;
    Ok(steps)
}

pub(crate) async fn migration_status(server: &PgConnectOptions) -> Result<MigrationStatus, ConnectError> {
    let mut connection = open(server).await?;
    let failed = |source| ConnectError::Open { database: server_name(server), source };
    let status = methods::schema::status(&mut connection).await.map_err(failed)?;
    connection.close().await.map_err(failed)?;
    Ok(status)
}

/// Rings at every commit that another process has announced. What is announced while the connection is lost is never heard;
/// so it rings when the connection is back.
async fn listen(pool: Pool<Db>, changes: Arc<Changes>, own_name: String) {
    const PAUSE: Duration = Duration::from_secs(1);
    loop {
        if let Err(error) = listen_until_lost(&pool, &changes, &own_name).await {
            tracing::warn!(%error, "the database does not tell about others' changes for now; looking every so often instead");
        }
        sleep(PAUSE).await;
    }
}

async fn listen_until_lost(pool: &Pool<Db>, changes: &Changes, own_name: &str) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        changes.seen();
        // `None`: the connection was lost, and is there again when `try_recv` returns for the next time.
        while let Some(notification) = listener.try_recv().await? {
            if notification.payload() != own_name {
                changes.seen();
            }
        }
    }
}

/// Tells other processes what this one has committed. After the commit and not in it: PostgreSQL lets only one transaction at a
/// time commit with a notification, and several commits in a row need only one.
async fn announce(pool: Pool<Db>, changes: Arc<Changes>, own_name: String) {
    loop {
        changes.own().await;
        let told = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(&own_name).execute(&pool).await;
        if let Err(error) = told {
            tracing::debug!(%error, "other processes could not be told of a change; they will see it when they look");
        }
    }
}

async fn open(server: &PgConnectOptions) -> Result<sqlx::PgConnection, ConnectError> {
    let failed = |source| ConnectError::Open { database: server_name(server), source };
    sqlx::PgConnection::connect_with(&named(server)).await.map_err(failed)
}

fn named(server: &PgConnectOptions) -> PgConnectOptions {
    server.clone().application_name("firstline")
}
