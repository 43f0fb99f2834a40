//! Where a message goes.

use firstline_engine::{inbound::ExternalId, outbound::Delivery, ports::SendError};
use serenity::model::id::{ChannelId, MessageId};

use crate::{intake::asked_in, rest::Failure};

/// The channel of direct messages, or the thread; the room itself where a ticket has no thread there.
pub(super) fn channel_of(delivery: &Delivery) -> Result<ChannelId, SendError> {
    let key = &delivery.message.place.key;
    match (&delivery.thread, &delivery.way) {
        (Some(thread), _) => channel_id(thread.external.as_ref().map_or(thread.room.key.as_str(), |id| id.0.as_str())),
        (None, Some(way)) => channel_id(&way.address),
        (None, None) if asked_in(key).is_some() => {
            Err(SendError::NoWay { reason: "the question has no thread yet".to_owned() })
        }
        (None, None) => channel_id(key),
    }
}

/// The channel that the place itself is, where something else was written to.
pub(super) fn own(delivery: &Delivery) -> Option<ChannelId> {
    delivery.way.as_ref()?;
    non_zero(&delivery.message.place.key).map(ChannelId::new)
}

pub(super) fn channel_id(key: &str) -> Result<ChannelId, SendError> {
    non_zero(key).map(ChannelId::new).ok_or_else(|| refused("the place is no channel of Discord's"))
}

pub(super) fn message_id(id: &ExternalId) -> Result<MessageId, Failure> {
    non_zero(&id.0).map(MessageId::new).ok_or_else(|| failed("the message id is none of Discord's"))
}

/// serenity panics on an id of zero.
fn non_zero(id: &str) -> Option<u64> {
    id.parse().ok().filter(|&id| id != 0)
}

pub(super) fn refused(reason: &str) -> SendError {
    SendError::Refused { reason: reason.to_owned() }
}

/// Refused by ourselves: Discord would refuse it as well.
pub(super) fn failed(reason: &str) -> Failure {
    Failure::Refused { code: 0, text: reason.to_owned() }
}
