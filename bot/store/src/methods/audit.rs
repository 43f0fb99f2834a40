//! The audit log.

use firstline_engine::{ports::AuditEntry, time::Timestamp};
use serde_json::Value;
use sqlx::types::Json;

use super::{Connection, Database};
use crate::{
    columns::{json, text},
    error::Failure,
};

const ADD: &str = "INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5)";
const NEWEST: &str = "SELECT at, actor, action, subject, detail FROM audit ORDER BY seq DESC LIMIT $1";

pub(super) async fn add(connection: &mut Connection, line: &AuditEntry) -> Result<(), Failure> {
    sqlx::query(ADD)
        .bind(line.at.0)
        .bind(text(&line.actor))
        .bind(text(&line.action))
        .bind(text(&line.subject))
        .bind(json(&line.detail)?)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn newest(database: &Database, limit: u32) -> Result<Vec<AuditEntry>, Failure> {
    type Row = (i64, String, String, String, Json<Value>);
    let rows: Vec<Row> = sqlx::query_as(NEWEST).bind(i64::from(limit)).fetch_all(&database.readers).await?;
    let line = |(at, actor, action, subject, detail): Row| AuditEntry {
        at: Timestamp(at),
        actor,
        action,
        subject,
        detail: detail.0,
    };
    Ok(rows.into_iter().map(line).collect())
}
