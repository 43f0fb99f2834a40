//! Files that came with messages, and the copies of them.

use std::time::Duration;

use firstline_engine::{
    files::{File, FileOutcome, FileState, WaitingFile, safe_name},
    ids::{ConversationId, FileId},
    inbound::{Attachment, InboundKind},
    people::Platform,
    room::StaffDid,
    time::Timestamp,
};

use super::{Connection, Database, commit};
use crate::{
    columns::{id, millis, name, number, slots, text},
    error::Failure,
};

const ADD: &str = "
    INSERT INTO files (
        id, conversation_id, platform, handle, kind, name, media_type, size, state, attempts, due_at, lease_until, created_at
    ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 0, 0, 0, $9)";

/// A file that is to be copied and that nobody copies.
macro_rules! next {
    () => {
        concat!(
            "SELECT f.id FROM files f
            WHERE f.state = 'waiting' AND f.due_at <= $1 AND f.platform IN ($2, $3, $4, $5) AND f.lease_until <= ",
            clock!(),
            " ORDER BY f.due_at, f.id LIMIT 1"
        )
    };
}
const NEXT: &str = next!();
const LOCK_NEXT: &str = concat!(next!(), lock_free_row_of!("f"));

const BEGIN: &str = concat!(
    "UPDATE files SET attempts = attempts + 1, lease_until = $2 + ",
    clock!(),
    " WHERE id = $1 RETURNING id, platform, handle, size, attempts"
);

const FINISH: &str = "
    UPDATE files SET state = $3, size = COALESCE($4, size), due_at = $5, lease_until = 0
    WHERE id = $1 AND attempts = $2 AND state = 'waiting'";

const KEEP: &str = "INSERT INTO file_contents (file_id, bytes) VALUES ($1, $2)";

const BY_ID: &str = "
    SELECT f.id, f.kind, f.name, f.media_type, f.size, f.state, c.bytes
    FROM files f LEFT JOIN file_contents c ON c.file_id = f.id WHERE f.id = $1";

#[derive(sqlx::FromRow)]
struct WaitingRow {
    id: String,
    platform: String,
    handle: String,
    size: Option<i64>,
    attempts: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    kind: String,
    name: String,
    media_type: Option<String>,
    size: Option<i64>,
    state: String,
    bytes: Option<Vec<u8>>,
}

impl TryFrom<Row> for File {
    type Error = Failure;

    fn try_from(row: Row) -> Result<Self, Failure> {
        const TABLE: &str = "files";
        Ok(Self {
            id: FileId(id(TABLE, &row.id)?),
            kind: name(TABLE, &row.kind)?,
            name: row.name,
            media_type: row.media_type,
            size: row.size.and_then(|size| u64::try_from(size).ok()),
            state: name(TABLE, &row.state)?,
            bytes: row.bytes.unwrap_or_default(),
        })
    }
}

/// The files of an event that have an id wait to be copied.
pub(super) async fn add(
    connection: &mut Connection,
    conversation: ConversationId,
    platform: Platform,
    kind: &InboundKind,
    now: Timestamp,
) -> Result<(), Failure> {
    let attachments: &[Attachment] = match kind {
        InboundKind::Message { attachments, .. }
        | InboundKind::Public { attachments, .. }
        | InboundKind::Request { attachments, .. } => attachments,
        InboundKind::Staff(input) => match &input.what {
            StaffDid::Said { attachments, .. } => attachments,
            _ => return Ok(()),
        },
        _ => return Ok(()),
    };
    for attachment in attachments {
        let Some(file) = attachment.file else { continue };
        sqlx::query(ADD)
            .bind(file.to_string())
            .bind(conversation.to_string())
            .bind(platform.as_str())
            .bind(text(&attachment.handle))
            .bind(attachment.kind.as_str())
            .bind(text(&safe_name(&attachment.name)))
            .bind(attachment.media_type.as_deref().map(text))
            .bind(attachment.size.map(|size| i64::try_from(size).unwrap_or(i64::MAX)))
            .bind(now.0)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(super) async fn next_file(
    database: &Database,
    platforms: &[Platform],
    ttl: Duration,
    now: Timestamp,
) -> Result<Option<WaitingFile>, Failure> {
    let [a, b, c, d] = slots(platforms.iter().map(|platform| platform.as_str()));
    let look = |sql: &'static str| sqlx::query_scalar::<_, String>(sql).bind(now.0).bind(a).bind(b).bind(c).bind(d);
    // Most looks find nothing, and finding nothing should not need the right to write.
    if look(NEXT).fetch_optional(&database.readers).await?.is_none() {
        return Ok(None);
    }
    let mut transaction = database.write().await?;
    let Some(found) = look(LOCK_NEXT).fetch_optional(&mut *transaction).await? else { return Ok(None) };
    let row: WaitingRow = sqlx::query_as(BEGIN).bind(found).bind(millis(ttl)).fetch_one(&mut *transaction).await?;
    commit(transaction).await?;
    Ok(Some(WaitingFile {
        id: FileId(id("files", &row.id)?),
        platform: name("files", &row.platform)?,
        handle: row.handle,
        size: row.size.and_then(|size| u64::try_from(size).ok()),
        attempt: number("files", row.attempts)?,
    }))
}

pub(super) async fn finish_file(
    database: &Database,
    file: FileId,
    attempt: u32,
    outcome: &FileOutcome,
) -> Result<bool, Failure> {
    let (state, size, due_at) = match outcome {
        FileOutcome::Stored(bytes) => (FileState::Stored, i64::try_from(bytes.len()).ok(), 0),
        FileOutcome::TooLarge => (FileState::TooLarge, None, 0),
        FileOutcome::Missing => (FileState::Missing, None, 0),
        FileOutcome::Retry(at) => (FileState::Waiting, None, at.0),
    };
    let mut transaction = database.write().await?;
    let result = sqlx::query(FINISH)
        .bind(file.to_string())
        .bind(i64::from(attempt))
        .bind(state.as_str())
        .bind(size)
        .bind(due_at)
        .execute(&mut *transaction)
        .await?;
    if result.rows_affected() == 0 {
        return Ok(false);
    }
    if let FileOutcome::Stored(bytes) = outcome {
        sqlx::query(KEEP).bind(file.to_string()).bind(bytes).execute(&mut *transaction).await?;
    }
    commit(transaction).await?;
    Ok(true)
}

pub(super) async fn files(database: &Database, ids: &[FileId]) -> Result<Vec<File>, Failure> {
    let mut connection = database.readers.acquire().await?;
    let mut files = Vec::with_capacity(ids.len());
    for id in ids {
        let row: Option<Row> = sqlx::query_as(BY_ID).bind(id.to_string()).fetch_optional(&mut *connection).await?;
        files.extend(row.map(File::try_from).transpose()?);
    }
    Ok(files)
}
