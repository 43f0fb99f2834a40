//! SQLite: opening it, and what its dialect says differently. The methods are in `methods/`.
//!
//! One connection writes and several read (WAL). Writing begins with the write lock (`BEGIN IMMEDIATE`), so a transaction never
//! finds out half-way that another process was faster. Commits reach the disk before they are reported (`synchronous = FULL`).

use std::{path::Path, sync::Arc, time::Duration};

use firstline_engine::ports::Store;
use firstline_migrations::Migration;
use sqlx::{
    Connection as _, Pool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::{task::JoinSet, time::sleep};

use crate::{
    Options,
    changes::Changes,
    error::ConnectError,
    migrations::{MigrationStatus, Step, explain},
    url::SqliteFile,
};

type Db = sqlx::Sqlite;

const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";
const BEGIN_READ: &str = "BEGIN";

/// Whoever migrates has the write lock already.
const LOCK_SCHEMA: &str = "SELECT 1";
const HAS_MIGRATIONS: &str = "SELECT COUNT(*) > 0 FROM sqlite_master WHERE name = '_sqlx_migrations'";

const fn dialect(migration: &Migration) -> &'static str {
    migration.sqlite
}

/// The database's clock, in epoch milliseconds.
macro_rules! clock {
    () => {
        "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
    };
}

/// Locks a row until the end of the transaction. Here the transaction has locked the whole database.
macro_rules! lock_row {
    () => {
        ""
    };
}

/// Locks the row of the named table, passing over rows that others have locked.
macro_rules! lock_free_row_of {
    ($table:literal) => {
        ""
    };
}

#[path = "methods/mod.rs"]
mod methods;

use methods::Database;

pub(crate) async fn connect(file: &SqliteFile, options: &Options) -> Result<Arc<dyn Store>, ConnectError> {
    let database = shown(file);
    if let SqliteFile::Path(path) = file
        && !path.exists()
    {
        return Err(ConnectError::NoFile { path: path.display().to_string() });
    }
    let failed = |source| ConnectError::Open { database: database.clone(), source };
    let how = connect_options(file, options.patience);
    // The one writer is kept for good: a database in memory lives in it, and it tells others' commits from its own.
    let writer = pool_options(1, options).connect_with(how.clone()).await.map_err(failed)?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&writer).await.map_err(failed)?;
    if !is_safe(&version) {
        return Err(ConnectError::SqliteVersion { version });
    }
    let readers = match file {
        SqliteFile::Memory => {
            let mut connection = writer.acquire().await.map_err(failed)?;
            methods::schema::migrate(&mut connection).await.map_err(|error| explain(database.clone(), error))?;
            drop(connection);
            writer.clone()
        }
        SqliteFile::Path(_) => {
            let readers =
                pool_options(options.connections.max(1), options).connect_lazy_with(how.pragma("query_only", "ON"));
            let mut connection = readers.acquire().await.map_err(failed)?;
            let status = methods::schema::status(&mut connection).await.map_err(failed)?;
            drop(connection);
            if !status.pending.is_empty() {
                return Err(ConnectError::Pending { database, pending: status.pending.len() });
            }
            readers
        }
    };
    let changes = Arc::new(Changes::new());
    let mut tasks = JoinSet::new();
    if matches!(file, SqliteFile::Path(_)) {
        tasks.spawn(watch(writer.clone(), Arc::clone(&changes)));
    }
    Ok(Arc::new(Database::new(readers, writer, changes, tasks)))
}

pub(crate) async fn migrate(file: &SqliteFile) -> Result<Vec<Step>, ConnectError> {
    if let SqliteFile::Path(path) = file
        && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists())
    {
        return Err(ConnectError::NoFolder { path: folder.display().to_string() });
    }
    if let SqliteFile::Path(path) = file {
        create_private(path).map_err(|source| ConnectError::Create { path: path.display().to_string(), source })?;
    }
    let how = connect_options(file, Options::default().patience).create_if_missing(true);
    let mut connection = open(file, &how).await?;
    let steps = methods::schema::migrate(&mut connection).await.map_err(|error| explain(shown(file), error))?;
    connection.close().await.map_err(|source| ConnectError::Open { database: shown(file), source })?;
    Ok(steps)
}

/// Makes the file if it is not there, for its owner alone: it holds what people told the helpdesk. SQLite gives its other files
/// (-wal, -shm) the same permissions.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut how = std::fs::OpenOptions::new();
    how.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut how, 0o600);
    how.open(path).map(drop)
}

pub(crate) async fn migration_status(file: &SqliteFile) -> Result<MigrationStatus, ConnectError> {
    match file {
        SqliteFile::Path(path) if path.exists() => {
            let how = connect_options(file, Options::default().patience).pragma("query_only", "ON");
            let mut connection = open(file, &how).await?;
            let failed = |source| ConnectError::Open { database: shown(file), source };
            let status = methods::schema::status(&mut connection).await.map_err(failed)?;
            connection.close().await.map_err(failed)?;
            Ok(status)
        }
        SqliteFile::Path(_) | SqliteFile::Memory => Ok(MigrationStatus::of(&[])),
    }
}

/// Rings at every commit by another process (or another store of this one).
///
/// `data_version` stands still for the commits of the connection that asks for it, and the writer is the only connection here
/// that commits: what it sees changed, others have changed.
async fn watch(writer: Pool<Db>, changes: Arc<Changes>) {
    const EVERY: Duration = Duration::from_millis(75);
    let mut seen = None;
    loop {
        // A failure here is somebody's failing operation a moment later; it is reported there.
        if let Ok(version) = sqlx::query_scalar::<_, i64>("PRAGMA data_version").fetch_one(&writer).await {
            if seen.is_some_and(|seen| seen != version) {
                changes.seen();
            }
            seen = Some(version);
        }
        sleep(EVERY).await;
    }
}

async fn open(file: &SqliteFile, how: &SqliteConnectOptions) -> Result<sqlx::SqliteConnection, ConnectError> {
    sqlx::SqliteConnection::connect_with(how)
        .await
        .map_err(|source| ConnectError::Open { database: shown(file), source })
}

fn connect_options(file: &SqliteFile, patience: Duration) -> SqliteConnectOptions {
    let options = match file {
        SqliteFile::Memory => SqliteConnectOptions::new().in_memory(true),
        SqliteFile::Path(path) => {
            SqliteConnectOptions::new().filename(Path::new(path)).journal_mode(SqliteJournalMode::Wal)
        }
    };
    options.synchronous(SqliteSynchronous::Full).foreign_keys(true).busy_timeout(patience)
}

fn pool_options(connections: u32, options: &Options) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(connections)
        .acquire_timeout(options.patience)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

fn shown(file: &SqliteFile) -> String {
    match file {
        SqliteFile::Memory => "in memory".to_owned(),
        SqliteFile::Path(path) => path.display().to_string(),
    }
}

/// Whether this SQLite lacks the WAL-reset bug (3.7.0 to 3.51.2): two connections that write and checkpoint at the same moment
/// can damage the file. Mended in 3.51.3 and, for older lines, in 3.50.7 and 3.44.6.
fn is_safe(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    let version = (next(), next(), next());
    version >= (3, 51, 3) || ((3, 50, 7)..(3, 51, 0)).contains(&version) || ((3, 44, 6)..(3, 45, 0)).contains(&version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_damage_databases_are_refused() {
        for safe in ["3.51.3", "3.52.0", "3.60.1", "4.0.0", "3.50.7", "3.50.9", "3.44.6"] {
            assert!(is_safe(safe), "{safe}");
        }
        for unsafe_one in ["3.51.2", "3.51.0", "3.50.6", "3.49.1", "3.45.0", "3.44.5", "3.7.0", "", "new"] {
            assert!(!is_safe(unsafe_one), "{unsafe_one}");
        }
    }
}
