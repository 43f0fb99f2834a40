//! A room that has had as much as it may: what still waits there says more, instead of waiting behind more messages. Lines that
//! go out as one message keep their order and their authors; each stays a line of its own in the timeline.

use crate::{
    inbound::PlaceRef,
    outbound::{Content, Format, Operation, OutboundMessage, Speaker},
    phrases::escape_markdown,
    ports::{Appended, Telling, WaitingLine},
};

/// The longest message of several lines, in characters: less than what every platform takes as one.
const LONGEST: usize = 1_800;

/// The message that waits last in a crowded thread.
pub(super) struct Crowd {
    last: Option<WaitingLine>,
}

impl Crowd {
    pub(super) const fn new(last: Option<WaitingLine>) -> Self {
        Self { last }
    }

    /// Something else comes after the message that waits, and may be about it: no further line joins that one.
    pub(super) fn is_passed(&mut self) {
        self.last = None;
    }

    /// Says a line in the message that waits, where that is possible; the message then. Otherwise the line waits behind it, and
    /// the next one may join that.
    pub(super) fn take(&mut self, line: &OutboundMessage, telling: &mut Telling) -> Option<crate::ids::OutboundId> {
        let joined = self.last.as_ref().and_then(|last| Some((last.message, joined(last, line)?)));
        let Some((message, operation)) = joined else {
            self.last = Some(WaitingLine {
                message: line.id,
                speaker: line.speaker.clone(),
                operation: line.operation.clone(),
            });
            return None;
        };
        self.last = Some(WaitingLine { message, speaker: Speaker::Desk, operation: operation.clone() });
        if let Some(new) = telling.outbound.iter_mut().find(|it| it.id == message) {
            new.speaker = Speaker::Desk;
            new.operation = operation;
        } else {
            put(&mut telling.appended, message, line.place.clone(), operation);
        }
        Some(message)
    }
}

fn put(appended: &mut Vec<Appended>, message: crate::ids::OutboundId, place: PlaceRef, operation: Operation) {
    appended.retain(|it| it.message != message);
    appended.push(Appended { message, place, speaker: Speaker::Desk, operation });
}

/// Both as one message of the desk's, where both are mere words and there is room.
fn joined(last: &WaitingLine, line: &OutboundMessage) -> Option<Operation> {
    let first = words(&last.operation)?;
    let second = words(&line.operation)?;
    let text = [said(&last.speaker, first), said(&line.speaker, second)].join("\n\n");
    (text.chars().count() <= LONGEST).then(|| Operation::Post { content: Content::markdown(text), reply_to: None })
}

/// The content of an operation that only says something.
const fn words(operation: &Operation) -> Option<&Content> {
    match operation {
        Operation::Post { content, reply_to: None } if content.choices.is_empty() && content.files.is_empty() => {
            Some(content)
        }
        _ => None,
    }
}

/// What somebody says, in Markdown that shows exactly that.
fn said(speaker: &Speaker, content: &Content) -> String {
    let words = match content.format {
        Format::Plain => shown_as_it_is(&content.text),
        Format::Markdown => content.text.clone(),
    };
    match speaker {
        Speaker::Agent { name } | Speaker::Requester { name } => {
            format!("**{}:**  \n{words}", escape_markdown(name))
        }
        Speaker::Bot | Speaker::Desk => words,
    }
}

/// Somebody's words in Markdown, line by line.
fn shown_as_it_is(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(inert).collect();
    // Two spaces before the end keep a line a line.
    lines.join("  \n")
}

/// One line that is no heading, no list and no code, whatever it begins with.
fn inert(line: &str) -> String {
    let words = line.trim_start_matches([' ', '\t']);
    let indent = "\u{a0}".repeat(line.chars().count() - words.chars().count());
    let escaped = escape_markdown(words);
    let digits = escaped.bytes().take_while(u8::is_ascii_digit).count();
    let guarded = match escaped.as_bytes().get(digits) {
        Some(b'.') if digits > 0 => format!("{}\\{}", &escaped[..digits], &escaped[digits..]),
        Some(b'-' | b'=') if digits == 0 => format!("\\{escaped}"),
        _ => escaped,
    };
    format!("{indent}{guarded}")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        ids::{ConversationId, OutboundId},
        people::Platform,
        ports::News,
    };

    fn line(number: u128, name: &str, text: &str) -> OutboundMessage {
        OutboundMessage {
            id: OutboundId(Uuid::from_u128(number)),
            conversation: ConversationId(Uuid::nil()),
            place: PlaceRef { platform: Platform::Telegram, key: "thread".to_owned() },
            speaker: Speaker::Requester { name: name.to_owned() },
            operation: Operation::Post { content: Content::plain(text), reply_to: None },
        }
    }

    fn telling() -> Telling {
        Telling {
            news: News { conversation: ConversationId(Uuid::nil()), happened: 1, told: 0 },
            complete: true,
            opened: Vec::new(),
            shown: Vec::new(),
            outbound: Vec::new(),
            appended: Vec::new(),
            copies: Vec::new(),
            ended: Vec::new(),
            clock_at: None,
        }
    }

    fn text(operation: &Operation) -> &str {
        words(operation).map(|content| content.text.as_str()).unwrap_or_default()
    }

    #[test]
    fn lines_join_what_waits() {
        let waiting = line(1, "Erika", "eins");
        let last = WaitingLine { message: waiting.id, speaker: waiting.speaker, operation: waiting.operation };
        let (mut crowd, mut telling) = (Crowd::new(Some(last)), telling());
        assert_eq!(crowd.take(&line(2, "Erika", "*zwei*\n- drei"), &mut telling), Some(OutboundId(Uuid::from_u128(1))));
        assert_eq!(crowd.take(&line(3, "Anna", "1. vier"), &mut telling), Some(OutboundId(Uuid::from_u128(1))));
        let [appended] = &telling.appended[..] else { panic!("one message says more: {:?}", telling.appended) };
        assert_eq!(
            text(&appended.operation),
            "**Erika:**  \neins\n\n**Erika:**  \n\\*zwei\\*  \n\\- drei\n\n**Anna:**  \n1\\. vier"
        );
    }

    #[test]
    fn what_is_no_mere_words_or_too_much_waits_behind() {
        let (mut crowd, mut telling) = (Crowd::new(None), telling());
        let mut answer = line(1, "Erika", "eins");
        if let Operation::Post { reply_to, .. } = &mut answer.operation {
            *reply_to = Some(crate::inbound::ExternalId("7".to_owned()));
        }
        assert_eq!(crowd.take(&answer, &mut telling), None);
        assert_eq!(crowd.take(&line(2, "Erika", "zwei"), &mut telling), None, "it does not join an answer");
        let third = line(3, "Erika", &"x".repeat(LONGEST));
        assert_eq!(crowd.take(&third, &mut telling), None);
        telling.outbound.push(line(4, "Erika", "vier"));
        assert_eq!(crowd.take(&line(5, "Erika", "fünf"), &mut telling), None, "there is no room");
        crowd.is_passed();
        assert_eq!(crowd.take(&line(6, "Erika", "sechs"), &mut telling), None, "the fifth may have been changed");
    }
}
