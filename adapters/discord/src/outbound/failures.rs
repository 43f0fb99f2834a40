//! What a failure means, by where it happened.

use std::time::Duration;

use firstline_engine::ports::SendError;

use crate::rest::Failure;
pub(super) use crate::rest::UNKNOWN_CHANNEL;

/// Discord's own codes (<https://discord.com/developers/docs/topics/opcodes-and-status-codes#json>).
pub(super) const UNKNOWN_MESSAGE: i64 = 10008;
/// The person takes no direct messages from us; or shares no server with us.
pub(super) const CLOSED: i64 = 50007;
pub(super) const NO_COMMON_SERVER: i64 = 50278;
pub(super) const NO_ACCESS: i64 = 50001;
pub(super) const NO_PERMISSION: i64 = 50013;
pub(super) const ARCHIVED: i64 = 50083;
pub(super) const HAS_THREAD: i64 = 160_004;
pub(super) const TOO_MANY_THREADS: i64 = 160_006;

/// How long to wait for somebody to give the bot a right that it lacks in a staff room.
pub(super) const UNTIL_ALLOWED: Duration = Duration::from_mins(1);

/// What a failure means in a ticket's thread: there much can be mended.
pub(super) fn in_thread(failure: Failure) -> SendError {
    let reason = failure.reason();
    match failure {
        Failure::Refused { code: UNKNOWN_CHANNEL, .. } => SendError::ThreadGone { reason },
        Failure::Refused { code: UNKNOWN_MESSAGE, .. } => SendError::MessageGone { reason },
        // Mended by a person, in a minute or in a day; nothing is lost until then.
        Failure::Refused { code: NO_ACCESS | NO_PERMISSION, .. } => {
            SendError::NotSent { reason, wait: Some(UNTIL_ALLOWED) }
        }
        failure => failure.into(),
    }
}

/// What a failure means where a requester is: some leave another way open.
pub(super) fn in_chat(failure: Failure, is_way: bool) -> SendError {
    match failure {
        Failure::Refused { code: CLOSED | NO_COMMON_SERVER, .. } => SendError::NoWay { reason: failure.reason() },
        Failure::Refused { code: UNKNOWN_CHANNEL | NO_ACCESS, .. } if is_way => {
            SendError::NoWay { reason: failure.reason() }
        }
        failure => failure.into(),
    }
}
