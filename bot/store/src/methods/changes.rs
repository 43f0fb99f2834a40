//! Changes of messages that nobody has seen, or perhaps nobody: they go into the message itself, so that whatever is sent then, or
//! sent again, says what its author wants said.

use firstline_engine::{
    outbound::{Content, DeliveryState, Operation},
    time::Timestamp,
};
use serde_json::Value;
use sqlx::types::Json;

use super::{Connection, news, outbox::Row};
use crate::{
    columns::{from_json, json, name},
    error::Failure,
};

/// Certainly nobody has seen it: it waits, and nobody has begun to send it.
macro_rules! unseen {
    () => {
        " WHERE id = $1 AND state = 'pending' AND attempt = 0"
    };
}

const UNSEEN: &str = concat!("SELECT operation FROM outbox", unseen!());
const SAY_INSTEAD: &str = concat!("UPDATE outbox SET operation = $2", unseen!());
const LEAVE_UNSAID: &str =
    concat!("UPDATE outbox SET state = 'dead', reason = 'taken back before it was sent', finished_at = $2", unseen!());

const TAKEN_BACK: &str = "UPDATE outbox SET taken_back = TRUE WHERE id = $1";

const UNSENT: &str = "SELECT operation FROM outbox WHERE id = $1 AND state IN ('ambiguous', 'dead')";

/// Staff are told anew that it perhaps did not arrive: they have the new words in mind.
const SAY_WHEN_SENT_AGAIN: &str = "
    UPDATE outbox SET operation = $2, told_attempt = 0 WHERE id = $1 AND state IN ('ambiguous', 'dead')";

/// Makes a change where the message to be changed still waits. False when it has to be made at the platform.
pub(super) async fn unsent(
    connection: &mut Connection,
    operation: &Operation,
    now: Timestamp,
) -> Result<bool, Failure> {
    let done = match operation {
        Operation::Edit { target, content } => {
            let target = target.to_string();
            let Some(said) = post(UNSEEN, connection, &target).await? else { return Ok(false) };
            let changed = json(&changed(said, content))?;
            sqlx::query(SAY_INSTEAD).bind(target).bind(changed).execute(connection).await?
        }
        Operation::Delete { target } => {
            let target = target.to_string();
            sqlx::query(TAKEN_BACK).bind(&target).execute(&mut *connection).await?;
            sqlx::query(LEAVE_UNSAID).bind(target).bind(now.0).execute(connection).await?
        }
        _ => return Ok(false),
    };
    Ok(done.rows_affected() > 0)
}

/// A change that cannot be made, because the message has not arrived, or perhaps not: it says so when somebody sends it again.
pub(super) async fn meet_obstacle(connection: &mut Connection, row: &Row) -> Result<(), Failure> {
    let (Some(target), Some(state)) = (&row.target, &row.target_state) else { return Ok(()) };
    if !matches!(name("outbox", state)?, DeliveryState::Ambiguous | DeliveryState::Dead) {
        return Ok(());
    }
    let Operation::Edit { content, .. } = from_json("outbox", row.operation.clone())? else { return Ok(()) };
    let Some(said) = post(UNSENT, connection, target).await? else { return Ok(()) };
    // Before the message's row is locked: whoever tells rooms locks the ticket first, too.
    news::add(connection, &row.conversation_id).await?;
    let changed = json(&changed(said, &content))?;
    sqlx::query(SAY_WHEN_SENT_AGAIN).bind(target).bind(changed).execute(connection).await?;
    Ok(())
}

/// What a new message says, found by its id.
async fn post(sql: &'static str, connection: &mut Connection, id: &str) -> Result<Option<Operation>, Failure> {
    let found: Option<Json<Value>> = sqlx::query_scalar(sql).bind(id).fetch_optional(connection).await?;
    let operation = found.map(|operation| from_json("outbox", operation)).transpose()?;
    Ok(operation.filter(|operation| matches!(operation, Operation::Post { .. })))
}

/// The message with other words. What it answers, and the files that go with it, stay.
fn changed(said: Operation, words: &Content) -> Operation {
    match said {
        Operation::Post { content, reply_to } => {
            let content = Content { text: words.text.clone(), format: words.format, ..content };
            Operation::Post { content, reply_to }
        }
        other => other,
    }
}
