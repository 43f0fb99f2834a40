//! Albums. Telegram tells of each picture of one by itself, and of all of them at once; to people they are one message.

use firstline_engine::{
    inbound::{InboundEvent, InboundKind},
    room::StaffDid,
};
use serde_json::Value;

/// Adds an event, or, where it is a further picture of the album before it, puts it there.
pub(super) fn add(events: &mut Vec<InboundEvent>, event: InboundEvent) {
    if let Some(last) = events.last_mut()
        && album(&event).is_some()
        && album(last) == album(&event)
        && last.place == event.place
        && last.account.user_id == event.account.user_id
    {
        join(last, event);
    } else {
        events.push(event);
    }
}

fn album(event: &InboundEvent) -> Option<&str> {
    event.raw.pointer("/message/media_group_id").and_then(Value::as_str)
}

fn join(first: &mut InboundEvent, further: InboundEvent) {
    let (
        Some((text, attachments)),
        InboundKind::Message { text: more, attachments: others, .. }
        | InboundKind::Staff(firstline_engine::room::StaffInput {
            what: StaffDid::Said { text: more, attachments: others, .. },
            ..
        }),
    ) = (parts(&mut first.kind), further.kind)
    else {
        return;
    };
    if !more.is_empty() {
        let gap = if text.is_empty() { "" } else { "\n" };
        *text = [text.as_str(), gap, &more].concat();
    }
    attachments.extend(others);
}

fn parts(kind: &mut InboundKind) -> Option<(&mut String, &mut Vec<firstline_engine::inbound::Attachment>)> {
    match kind {
        InboundKind::Message { text, attachments, .. } => Some((text, attachments)),
        InboundKind::Staff(input) => match &mut input.what {
            StaffDid::Said { text, attachments, .. } => Some((text, attachments)),
            _ => None,
        },
        _ => None,
    }
}
