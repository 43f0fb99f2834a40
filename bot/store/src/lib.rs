//! Where the desk keeps everything: the engine's [`Store`] on SQLite and on PostgreSQL. The only crate that knows SQL.
//!
//! Every method is written once, in `methods/`, and compiled twice: `sqlite.rs` and `postgres.rs` each include that folder with
//! their own `Db` and with the few fragments of SQL that differ. To add a method, write it there; to change the schema, see the
//! crate `firstline-migrations`.
#![expect(clippy::duplicate_mod, reason = "the methods are written once and compiled for each database")]

mod changes;
mod columns;
mod error;
mod migrations;
mod postgres;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
mod url;

use std::{sync::Arc, time::Duration};

use firstline_engine::ports::Store;

use self::url::Target;
pub use self::{
    error::{ConnectError, DatabaseUrlError},
    migrations::{MigrationStatus, Step},
    url::DatabaseUrl,
};

/// How to use a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// At most so many connections: all of them on PostgreSQL, those that read on SQLite, which has one writer besides.
    pub connections: u32,
    /// How long to wait for a free connection, for the database to come up, or for another process to finish writing, before
    /// an operation fails.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { connections: 8, patience: Duration::from_secs(10) }
    }
}

/// Opens a database whose schema is up to date. One in memory is made ready here, since nobody else could do it.
///
/// Several processes may have the same database open, SQLite files included.
pub async fn connect(url: &DatabaseUrl, options: &Options) -> Result<Arc<dyn Store>, ConnectError> {
    match &url.target {
        Target::Sqlite(file) => sqlite::connect(file, options).await,
        Target::Postgres(server) => postgres::connect(server, options).await,
    }
}

/// Brings the schema up to date, in one transaction, and returns the steps that this call has applied. Creates a SQLite file
/// that does not exist, never a PostgreSQL database. Safe to be called by several processes at once.
pub async fn migrate(url: &DatabaseUrl) -> Result<Vec<Step>, ConnectError> {
    match &url.target {
        Target::Sqlite(file) => sqlite::migrate(file).await,
        Target::Postgres(server) => postgres::migrate(server).await,
    }
}

/// Tells how far the schema is, and changes nothing. A SQLite file that does not exist has all steps pending.
pub async fn migration_status(url: &DatabaseUrl) -> Result<MigrationStatus, ConnectError> {
    match &url.target {
        Target::Sqlite(file) => sqlite::migration_status(file).await,
        Target::Postgres(server) => postgres::migration_status(server).await,
    }
}
