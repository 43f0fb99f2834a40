//! Albums. Platforms tell of each picture of one by itself, in one answer or in several, and each is committed as it comes; to
//! people they are one message. So the first part waits a moment for the others, and all that have come by then have one turn.

use std::time::Duration;

use crate::{
    inbound::{Attachment, ExternalId, InboundKind},
    ports::PendingEvent,
    room::StaffDid,
    time::Timestamp,
};

/// How long after the newest part nothing more is expected.
const GATHERING: Duration = Duration::from_secs(2);

/// No platform has more parts in an album; what has so many is complete.
const MOST_PARTS: usize = 10;

/// Where the first event is a part of an album, makes one event of all its parts. Before that, how long to wait for more.
pub(super) fn gather(events: &mut Vec<PendingEvent>, now: Timestamp) -> Option<Duration> {
    let first = events.first()?;
    let (album, account) = (album_of(&first.kind)?.to_owned(), first.account);
    let belongs = |event: &PendingEvent| event.account == account && album_of(&event.kind) == Some(album.as_str());
    let count = events.iter().filter(|event| belongs(event)).count();
    let newest = events.iter().filter(|event| belongs(event)).map(|event| event.accepted_at).max()?;
    let (young, ahead) = (now.since(newest), newest.since(now));
    // A clock that was set back must not make anybody wait.
    if count < MOST_PARTS && young < GATHERING && ahead < GATHERING {
        return Some(GATHERING.saturating_sub(young));
    }
    let (parts, others): (Vec<_>, Vec<_>) = std::mem::take(events).into_iter().partition(belongs);
    events.extend(parts.into_iter().reduce(join));
    events.extend(others);
    None
}

fn album_of(kind: &InboundKind) -> Option<&str> {
    match kind {
        InboundKind::Message { album, .. } | InboundKind::Public { album, .. } => album.as_deref(),
        InboundKind::Staff(input) => match &input.what {
            StaffDid::Said { album, .. } => album.as_deref(),
            _ => None,
        },
        _ => None,
    }
}

/// Adds a further part. The album goes by the message that has the words, so that a change of them finds it.
fn join(mut first: PendingEvent, mut further: PendingEvent) -> PendingEvent {
    let id = further.id;
    let (Some((message, text, files)), Some((other, more, others))) =
        (parts(&mut first.kind), parts(&mut further.kind))
    else {
        return first;
    };
    if text.is_empty() && !more.is_empty() {
        std::mem::swap(message, other);
    }
    if !more.is_empty() {
        let gap = if text.is_empty() { "" } else { "\n" };
        *text = [text.as_str(), gap, more].concat();
    }
    files.append(others);
    first.joined.push((id, other.clone()));
    first
}

type Parts<'k> = (&'k mut ExternalId, &'k mut String, &'k mut Vec<Attachment>);

const fn parts(kind: &mut InboundKind) -> Option<Parts<'_>> {
    match kind {
        InboundKind::Message { message, text, attachments, .. }
        | InboundKind::Public { message, text, attachments, .. } => Some((message, text, attachments)),
        InboundKind::Staff(input) => match &mut input.what {
            StaffDid::Said { message, text, attachments, .. } => Some((message, text, attachments)),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::{AccountId, EventId, PersonId};

    fn part(number: u128, album: Option<&str>, text: &str, at: i64) -> PendingEvent {
        let attachment = Attachment {
            name: format!("{number}.jpg"),
            media_type: None,
            size: None,
            handle: number.to_string(),
            kind: crate::files::FileKind::Photo,
            file: None,
        };
        PendingEvent {
            id: EventId(Uuid::from_u128(number)),
            account: AccountId(Uuid::from_u128(1)),
            person: PersonId(Uuid::from_u128(1)),
            kind: InboundKind::Message {
                message: ExternalId(number.to_string()),
                text: text.to_owned(),
                reply_to: None,
                quote: None,
                attachments: vec![attachment],
                album: album.map(str::to_owned),
            },
            accepted_at: Timestamp(at),
            failures: 0,
            via: None,
            joined: Vec::new(),
        }
    }

    #[test]
    fn an_album_waits_for_its_parts_and_becomes_one_message() {
        let events = vec![part(1, Some("a"), "", 0), part(2, None, "in between", 100), part(3, Some("a"), "look", 400)];
        let mut waiting = events.clone();
        assert_eq!(gather(&mut waiting, Timestamp(500)), Some(Duration::from_millis(1900)));
        assert_eq!(waiting, events);
        assert_eq!(gather(&mut waiting, Timestamp(2400)), None);
        let [album, other] = &waiting[..] else { panic!("two: {waiting:?}") };
        assert_eq!(other, &events[1]);
        let InboundKind::Message { message, text, attachments, .. } = &album.kind else { panic!("{album:?}") };
        assert_eq!((message.0.as_str(), text.as_str(), attachments.len()), ("3", "look", 2));
        assert_eq!(album.joined, [(EventId(Uuid::from_u128(3)), ExternalId("1".to_owned()))]);
    }

    #[test]
    fn what_is_no_album_or_complete_waits_for_nothing() {
        let mut plain = vec![part(1, None, "hello", 0), part(2, Some("a"), "", 0)];
        assert_eq!((gather(&mut plain, Timestamp(0)), plain.len()), (None, 2));
        let mut complete: Vec<_> = (1..=10).map(|number| part(number, Some("a"), "", 0)).collect();
        assert_eq!((gather(&mut complete, Timestamp(0)), complete.len()), (None, 1));
        assert_eq!(gather(&mut Vec::new(), Timestamp(0)), None);
        // The clock was set back by an hour.
        let mut ahead = vec![part(1, Some("a"), "", 3_600_000)];
        assert_eq!((gather(&mut ahead, Timestamp(0)), ahead.len()), (None, 1));
    }
}
