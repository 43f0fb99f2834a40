//! A ticket that becomes a part of another one's, in the turn of its own conversation.

use firstline_engine::{ports::Merge, time::Timestamp};

use super::{Connection, ways};
use crate::error::Failure;

const OTHER: &str = "SELECT status, merged_into FROM tickets WHERE conversation_id = $1";

/// Both places are of one platform, and both conversations of one requester: else one would be told what the other is.
macro_rules! belong_together {
    () => {
        "EXISTS (
            SELECT 1 FROM conversations c
                JOIN places cp ON cp.id = c.place_id
                JOIN conversations o ON o.requester_id = c.requester_id
                JOIN places op ON op.id = o.place_id
            WHERE c.id = $1 AND o.id = $2 AND cp.platform = op.platform AND cp.id <> op.id
        )"
    };
}

const JOIN_WAYS: &str = concat!(
    "UPDATE ways SET place_id = (SELECT place_id FROM conversations WHERE id = $2)
    WHERE place_id = (SELECT place_id FROM conversations WHERE id = $1) AND ",
    belong_together!()
);

const JOIN_PLACE: &str = concat!(
    "INSERT INTO ways (platform, address, place_id, greeting, opened_at)
    SELECT p.platform, p.place_key, (SELECT place_id FROM conversations WHERE id = $2), NULL, $3
    FROM places p JOIN conversations m ON m.place_id = p.id
    WHERE m.id = $1 AND ",
    belong_together!(),
    " ON CONFLICT (platform, address) DO UPDATE SET place_id = EXCLUDED.place_id"
);

/// Writes the other side of a merge. Its conversation is locked by the line that is written there, so what is found out about its
/// ticket then holds until the commit: two that are merged into each other at the same moment do not both succeed.
pub(super) async fn merge(
    connection: &mut Connection,
    conversation: &str,
    merge: &Merge,
    now: Timestamp,
) -> Result<(), Failure> {
    ways::line(connection, merge.into, &merge.entry, now).await?;
    let into = merge.into.to_string();
    let other: Option<(String, Option<i64>)> =
        sqlx::query_as(OTHER).bind(&into).fetch_optional(&mut *connection).await?;
    match other {
        Some((status, None)) if status != "resolved" && status != "closed" => {}
        // It has changed since it was looked at: the turn is made again, and finds that out.
        _ => return Err(Failure::LeaseLost),
    }
    if merge.joins {
        sqlx::query(JOIN_WAYS).bind(conversation).bind(&into).execute(&mut *connection).await?;
        sqlx::query(JOIN_PLACE).bind(conversation).bind(&into).bind(now.0).execute(connection).await?;
    }
    Ok(())
}
