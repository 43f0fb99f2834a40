//! The schema: bringing it up to date, and telling how far it is.

use sqlx::{Connection as _, migrate::MigrateError};

use super::{
    super::{BEGIN_WRITE, HAS_MIGRATIONS, LOCK_SCHEMA, dialect},
    Connection,
};
use crate::migrations::{MigrationStatus, Step, migrator};

const APPLIED: &str = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";

/// Applies what is missing, all or nothing.
pub(in super::super) async fn migrate(connection: &mut Connection) -> Result<Vec<Step>, MigrateError> {
    let mut transaction = connection.begin_with(BEGIN_WRITE).await?;
    // Whoever waited here finds the work done.
    sqlx::query(LOCK_SCHEMA).execute(&mut *transaction).await?;
    let before = status(&mut transaction).await?;
    migrator(dialect).run(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(before.pending)
}

pub(in super::super) async fn status(connection: &mut Connection) -> Result<MigrationStatus, sqlx::Error> {
    let exists: bool = sqlx::query_scalar(HAS_MIGRATIONS).fetch_one(&mut *connection).await?;
    let versions = if exists { sqlx::query_scalar(APPLIED).fetch_all(connection).await? } else { Vec::new() };
    Ok(MigrationStatus::of(&versions))
}
