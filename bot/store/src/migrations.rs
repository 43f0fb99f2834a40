//! Bringing the schema up to date, and telling how far it is.

use firstline_migrations::{ALL, Migration};
use sqlx::{
    SqlSafeStr as _,
    migrate::{MigrateError, MigrationType, Migrator},
};

use crate::error::ConnectError;

/// One step of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number.
    pub version: i64,
    /// What it is about.
    pub name: &'static str,
}

/// How far a database's schema is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Steps that were applied.
    pub applied: Vec<Step>,
    /// Steps that `firstline migrate` would apply.
    pub pending: Vec<Step>,
    /// Steps that a newer version has applied. This version can still work: migrations expand before they contract.
    pub newer: Vec<i64>,
}

impl MigrationStatus {
    /// What follows from the versions that a database remembers.
    pub(crate) fn of(versions: &[i64]) -> Self {
        let (applied, pending): (Vec<_>, Vec<_>) = ALL.iter().partition(|it| versions.contains(&it.version));
        let newer = versions.iter().copied().filter(|version| ALL.iter().all(|it| it.version != *version)).collect();
        Self {
            applied: applied.into_iter().map(step).collect(),
            pending: pending.into_iter().map(step).collect(),
            newer,
        }
    }
}

fn step(migration: &Migration) -> Step {
    Step { version: migration.version, name: migration.name }
}

/// All steps in one dialect, for sqlx to apply and to remember.
pub(crate) fn migrator(dialect: fn(&Migration) -> &'static str) -> Migrator {
    let steps = ALL.iter().map(|it| {
        let sql = dialect(it).into_sql_str();
        sqlx::migrate::Migration::new(it.version, it.name.into(), MigrationType::Simple, sql, false)
    });
    let mut migrator = Migrator::with_migrations(steps.collect());
    // A newer version may have been here. And the caller holds a lock: sqlx has none on SQLite, and on PostgreSQL lets go of it
    // before the transaction around all steps is committed.
    migrator.set_ignore_missing(true).set_locking(false);
    migrator
}

/// Why a migration failed, for the one who has to mend it.
pub(crate) fn explain(database: String, error: MigrateError) -> ConnectError {
    match error {
        MigrateError::VersionMismatch(version) => ConnectError::Altered { database, version },
        other => ConnectError::Migrate { database, source: other.into() },
    }
}
