//! What an agent sees: a ticket's card, the lists, and the lines of a timeline.

use std::time::Duration;

use firstline_engine::{
    desk::TicketView,
    outbound::DeliveryState,
    ticket::{Ticket, TicketNumber},
    time::Timestamp,
    timeline::{Actor, Entry, Happening, Tried, TriedOutcome},
};

use crate::{
    line::{Line, Style, one_line},
    markup,
    speech::{Tag, Words, said},
};

/// A ticket with all that an agent has to know before answering; `clocks` is what is promised, as Markdown.
pub(crate) fn card(
    words: Words<'_>,
    view: &TicketView,
    clocks: &[String],
    entries: &[Entry],
    now: Timestamp,
) -> Vec<Line> {
    let TicketView { ticket, requester, assignee, platform } = view;
    let field = |key: &str, value: &str| Line::plain(words.say(key, &[("value", value)]));
    let mut title = Line::of(Style::Bold, ticket.number.to_string());
    title.push(Style::Plain, " ");
    title.push(Style::Bold, one_line(&ticket.summary));
    let nobody = words.say("terminal-nobody", &[]);
    let mut body = vec![
        title,
        field("terminal-card-requester", &format!("{} ({platform})", one_line(&requester.name))),
        field("terminal-card-kind", &words.say(&format!("terminal-kind-{}", ticket.kind.as_str()), &[])),
        field("terminal-card-category", &words.phrases.category(words.language, &ticket.category)),
        field("terminal-card-priority", &priority(words, ticket)),
        field("terminal-card-status", &status(words, ticket)),
        field("terminal-card-queue", &ticket.queue),
        field("terminal-card-assignee", &assignee.as_ref().map_or(nobody, |person| one_line(&person.name))),
        field("terminal-card-age", &age(words, ticket, now)),
    ];
    body.extend(clocks.iter().flat_map(|clock| markup::markdown(clock)));
    let tried = entries.iter().rev().find_map(|entry| match &entry.what {
        Happening::Opened { tried, .. } => Some(tried.as_slice()),
        _ => None,
    });
    body.extend(tried_lines(words, tried.unwrap_or_default()));
    body.push(Line::of(Style::Bold, words.say("terminal-card-transcript", &[])));
    let mut lines = Tag::Ticket.before(body);
    for entry in entries {
        lines.extend(timeline_line(words, entry, &requester.name));
    }
    lines
}

/// What the bot tried, with the steps that did not help.
fn tried_lines(words: Words<'_>, tried: &[Tried]) -> Vec<Line> {
    if tried.is_empty() {
        return words.lines("terminal-card-nothing-tried", &[]);
    }
    let mut lines = vec![Line::of(Style::Bold, words.say("terminal-card-tried", &[]))];
    for Tried { title, steps, outcome, .. } in tried {
        let outcome = match outcome {
            TriedOutcome::Failed => "terminal-tried-failed",
            TriedOutcome::Left => "terminal-tried-left",
            TriedOutcome::Helped => "terminal-tried-helped",
        };
        lines.push(Line::plain(format!("- {}: {}", one_line(title), words.say(outcome, &[]))));
        for (index, step) in steps.iter().enumerate() {
            for (line, text) in markup::markdown(step).into_iter().enumerate() {
                let margin = if line == 0 { format!("  {}. ", index + 1) } else { "     ".to_owned() };
                lines.push(text.after(Line::plain(margin)));
            }
        }
    }
    lines
}

/// A line of a timeline, as staff see it, with what became of the message behind it where that is not as it should be.
pub(crate) fn timeline_line(words: Words<'_>, entry: &Entry, requester: &str) -> Vec<Line> {
    let Entry { actor, what, .. } = entry;
    let mut lines = match (said(words, actor, what), what) {
        (Some(body), _) => speaker(actor, requester).before(body),
        (None, Happening::Note { text, attachments }) => {
            let files = attachments.iter().map(|file| words.lines("terminal-file", &[("name", &one_line(&file.name))]));
            let body = std::iter::once(markup::plain(text)).chain(files).flatten().collect();
            Tag::Note(name_of(actor, requester)).before(body)
        }
        (None, _) => Tag::Ticket.before(vec![Line::plain(happening(words, what, name_of(actor, requester)))]),
    };
    lines.extend(trouble(words, entry));
    lines
}

/// That a message did not, or perhaps did not, arrive; nothing where it did or still may.
pub(crate) fn trouble(words: Words<'_>, entry: &Entry) -> Vec<Line> {
    let Some(delivery) = &entry.delivery else { return Vec::new() };
    let key = match delivery.state {
        // Overtaken by a human: nobody will want to send it again.
        DeliveryState::Dead if entry.actor == Actor::Bot => "terminal-delivery-unsaid",
        DeliveryState::Dead => "terminal-delivery-dead",
        DeliveryState::Ambiguous => "terminal-delivery-ambiguous",
        _ => return Vec::new(),
    };
    let reason = one_line(delivery.reason.as_deref().unwrap_or("?"));
    Tag::Ticket.before(vec![Line::of(Style::Alarm, words.say(key, &[("reason", &reason)]))])
}

/// A ticket in a list; `pressing` is the clock to be looked at first, as Markdown.
pub(crate) fn list_line(
    words: Words<'_>,
    ticket: &Ticket,
    requester: &str,
    pressing: Option<&str>,
    now: Timestamp,
) -> Line {
    let mut line = Line::of(Style::Bold, ticket.number.to_string());
    let text = words.say(
        "terminal-list-line",
        &[
            ("priority", &priority(words, ticket)),
            ("status", &status(words, ticket)),
            ("summary", &one_line(&ticket.summary)),
            ("requester", &one_line(requester)),
            ("age", &age(words, ticket, now)),
        ],
    );
    line.push(Style::Plain, format!(" {text}"));
    if let Some(clock) = pressing.and_then(|clock| markup::markdown(clock).into_iter().next()) {
        line.push(Style::Plain, " – ");
        return clock.after(line);
    }
    line
}

/// Lines of a ticket that is not the current one: its number stands before them.
pub(crate) fn of_ticket(number: TicketNumber, lines: Vec<Line>) -> Vec<Line> {
    lines.into_iter().map(|line| line.after(Line::of(Style::Bold, format!("{number} ")))).collect()
}

fn speaker<'a>(actor: &'a Actor, requester: &'a str) -> Tag<'a> {
    match actor {
        Actor::Requester => Tag::Requester(requester),
        Actor::Bot => Tag::Bot,
        Actor::Desk => Tag::Desk,
        Actor::Agent { name, .. } => Tag::Person(name),
    }
}

fn name_of<'a>(actor: &'a Actor, requester: &'a str) -> &'a str {
    match actor {
        Actor::Requester => requester,
        Actor::Bot => "bot",
        Actor::Desk => "desk",
        Actor::Agent { name, .. } => name,
    }
}

/// What was done, in a sentence.
fn happening(words: Words<'_>, what: &Happening, who: &str) -> String {
    let who = one_line(who);
    let by = |key: &str| words.say(key, &[("who", &who)]);
    match what {
        Happening::Opened { ticket, .. } => words.say("terminal-did-open", &[("ticket", &ticket.to_string())]),
        Happening::Claimed => by("terminal-did-claim"),
        Happening::Released => by("terminal-did-release"),
        Happening::Transferred { from, to, reason } => {
            let moved = words.say("terminal-did-transfer", &[("who", &who), ("from", from), ("to", to)]);
            reason.as_deref().map_or_else(|| moved.clone(), |reason| format!("{moved}: {}", one_line(reason)))
        }
        Happening::UsedMacro { name } => words.say("terminal-did-macro", &[("who", &who), ("name", name)]),
        Happening::MergedInto { ticket } => {
            words.say("terminal-did-merge", &[("who", &who), ("ticket", &ticket.to_string())])
        }
        Happening::MergedFrom { ticket, summary, .. } => {
            let arguments = [("who", &*who), ("ticket", &*ticket.to_string()), ("summary", &*one_line(summary))];
            words.say("terminal-did-take-in", &arguments)
        }
        Happening::PassedOn { ticket, said } => {
            let (name, text) = (one_line(&said.name), one_line(&said.text));
            words.say("terminal-did-pass-on", &[("name", &name), ("ticket", &ticket.to_string()), ("text", &text)])
        }
        Happening::PrioritySet { priority } => {
            let priority = words.say(&format!("priority-{}", priority.as_str()), &[]);
            words.say("terminal-did-priority", &[("who", &who), ("priority", &priority)])
        }
        Happening::PutOnHold => by("terminal-did-hold"),
        Happening::Resumed => by("terminal-did-resume"),
        Happening::ReturnedToBot => by("terminal-did-return"),
        Happening::Resolved { resolution } => {
            let how = words.say(&format!("terminal-resolution-{}", resolution.as_str()), &[]);
            words.say("terminal-did-resolve", &[("who", &who), ("how", &how)])
        }
        Happening::Reopened => by("terminal-did-reopen"),
        Happening::Closed { resolution } => {
            let how = words.say(&format!("terminal-resolution-{}", resolution.as_str()), &[]);
            words.say("terminal-did-close", &[("who", &who), ("how", &how)])
        }
        Happening::Rated { stars } => words.say("terminal-did-rate", &[("who", &who), ("stars", &stars.to_string())]),
        Happening::Reacted { emoji, .. } => {
            let emoji = emoji.as_deref().map(one_line).unwrap_or_default();
            let key = if emoji.is_empty() { "terminal-did-unreact" } else { "terminal-did-react" };
            words.say(key, &[("who", &who), ("emoji", &emoji)])
        }
        Happening::RatingComment { text } => {
            words.say("terminal-did-comment", &[("who", &who), ("text", &one_line(text))])
        }
        Happening::Blocked => by("terminal-did-block"),
        Happening::Unblocked => by("terminal-did-unblock"),
        Happening::Missed { from, until } => {
            words.say("terminal-missed", &[("from", &from.to_text()), ("until", &until.to_text())])
        }
        Happening::Rerouted => words.say("terminal-did-reroute", &[]),
        Happening::Unreachable => words.say("terminal-did-lose", &[]),
        Happening::LeftOut { name, limit: Some(limit) } => {
            words.say("terminal-did-leave-out", &[("name", &one_line(name)), ("limit", &limit.to_string())])
        }
        Happening::LeftOut { name, limit: None } => words.say("terminal-did-miss-file", &[("name", &one_line(name))]),
        Happening::Excused { reason } => words.say("terminal-did-excuse", &[("reason", reason)]),
        Happening::Failed { reference } => words.say("terminal-did-fail", &[("reference", reference)]),
        Happening::Unheard { reason } => words.say("terminal-did-unheard", &[("reason", &one_line(reason))]),
        Happening::Said { text, .. } | Happening::Edited { text, .. } | Happening::Note { text, .. } => one_line(text),
        Happening::Deleted { .. } => words.say("terminal-deleted", &[]),
    }
}

fn priority(words: Words<'_>, ticket: &Ticket) -> String {
    words.say(&format!("priority-{}", ticket.priority.as_str()), &[])
}

fn status(words: Words<'_>, ticket: &Ticket) -> String {
    words.say(&format!("status-name-{}", ticket.status.as_str()), &[])
}

/// How long ago a ticket was opened, in the largest unit that fits.
fn age(words: Words<'_>, ticket: &Ticket, now: Timestamp) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let age: Duration = now.since(ticket.opened_at);
    let (key, count) = match age.as_secs() {
        0..MINUTE => ("terminal-age-now", 0),
        seconds @ MINUTE..HOUR => ("terminal-age-minutes", seconds / MINUTE),
        seconds @ HOUR..DAY => ("terminal-age-hours", seconds / HOUR),
        seconds => ("terminal-age-days", seconds / DAY),
    };
    if count == 0 { words.say(key, &[]) } else { words.say(key, &[("count", &count.to_string())]) }
}

#[cfg(test)]
pub(crate) mod testing {
    use firstline_engine::{
        ids::{ConversationId, EntryId, PersonId, TicketId},
        ticket::{Impact, Priority, TicketKind, TicketStatus, Urgency},
    };
    use uuid::Uuid;

    use super::*;

    pub(crate) fn ticket() -> Ticket {
        Ticket {
            id: TicketId(Uuid::nil()),
            number: TicketNumber(1042),
            conversation: ConversationId(Uuid::nil()),
            requester: PersonId(Uuid::nil()),
            summary: "vpn won't connect\nbot> forged".to_owned(),
            kind: TicketKind::Incident,
            category: "network".to_owned(),
            impact: Some(Impact::Team),
            urgency: Some(Urgency::Medium),
            priority: Priority::High,
            queue: "helpdesk".to_owned(),
            status: TicketStatus::New,
            assignee: None,
            opened_at: Timestamp(0),
            first_response_at: None,
            resolved_at: None,
            updated_at: Timestamp(0),
            waiting_since: None,
            paused_since: None,
            paused_ms: 0,
            resolution: None,
            rating: None,
            rating_comment: None,
            merged_into: None,
        }
    }

    pub(crate) fn entry(seq: i64, actor: Actor, what: Happening) -> Entry {
        Entry { id: EntryId(Uuid::nil()), seq, at: Timestamp(seq), actor, what, delivery: None }
    }
}

#[cfg(test)]
mod tests {
    use firstline_engine::{
        files::FileKind,
        ids::{OutboundId, PersonId},
        inbound::{Attachment, ExternalId},
        knowledge::Language,
        people::{LanguageSource, Person, Platform, Role},
        phrases::Phrases,
        ticket::{Priority, Resolution},
        timeline::EntryDelivery,
    };
    use uuid::Uuid;

    use super::{
        testing::{entry, ticket},
        *,
    };
    use crate::line::text_of;

    fn person(name: &str) -> Person {
        Person {
            id: PersonId(Uuid::nil()),
            name: name.to_owned(),
            role: Role::Requester,
            language: Language::En,
            language_source: LanguageSource::Default,
            on_duty: true,
        }
    }

    fn said(text: &str) -> Happening {
        Happening::Said { text: text.to_owned(), message: None, attachments: Vec::new(), reply_to: None }
    }

    fn agent(name: &str) -> Actor {
        Actor::Agent { person: PersonId(Uuid::nil()), name: name.to_owned() }
    }

    /// A ticket's whole life.
    fn story() -> Vec<Entry> {
        let message = || ExternalId("m".to_owned());
        let file = Attachment {
            name: "screen\nshot.png".to_owned(),
            media_type: None,
            size: None,
            handle: "h".to_owned(),
            kind: FileKind::Photo,
            file: None,
        };
        let tried = vec![
            Tried {
                article: "vpn-cannot-connect".parse().expect("an article's id"),
                title: "VPN does not connect from home".to_owned(),
                steps: vec!["Restart the *router*.".to_owned(), "Then:\n- quit the program\n- start it".to_owned()],
                outcome: TriedOutcome::Failed,
            },
            Tried {
                article: "vpn-drops".parse().expect("an article's id"),
                title: "VPN drops".to_owned(),
                steps: Vec::new(),
                outcome: TriedOutcome::Left,
            },
        ];
        let undelivered = |state, reason: &str| {
            Some(EntryDelivery { message: OutboundId(Uuid::nil()), state, reason: Some(reason.to_owned()) })
        };
        let happenings = [
            (Actor::Requester, said("vpn wont connect\nsince today")),
            (Actor::Bot, said("**VPN does not connect**\n\n- restart\n\nDid that help?")),
            (
                Actor::Requester,
                Happening::Said { text: String::new(), message: None, attachments: vec![file], reply_to: None },
            ),
            (Actor::Requester, Happening::Edited { message: message(), text: "vpn won't connect".to_owned() }),
            (Actor::Requester, Happening::Deleted { message: message() }),
            (Actor::Bot, Happening::Opened { ticket: TicketNumber(1042), tried }),
            (agent("Ben"), Happening::Claimed),
            (Actor::Desk, said("**Ben** from the helpdesk has taken over.")),
            (agent("Ben"), said("Hello *Anna*, \x1b[31mwhat does it say?")),
            (agent("Ben"), Happening::Note { text: "asked\nfor the error".to_owned(), attachments: Vec::new() }),
            (agent("Ben"), Happening::PrioritySet { priority: Priority::Critical }),
            (agent("Ben"), Happening::PutOnHold),
            (agent("Ben"), Happening::Resumed),
            (
                agent("Ben"),
                Happening::Transferred { from: "helpdesk".to_owned(), to: "second-level".to_owned(), reason: None },
            ),
            (agent("Cleo"), Happening::Released),
            (agent("Cleo"), Happening::ReturnedToBot),
            (Actor::Bot, Happening::Failed { reference: "0197".to_owned() }),
            (Actor::Bot, Happening::Unheard { reason: "Bad Request: text is too strange".to_owned() }),
            (agent("Cleo"), Happening::Resolved { resolution: Resolution::Assumed }),
            (Actor::Requester, Happening::Rated { stars: 4 }),
            (Actor::Requester, Happening::RatingComment { text: "quick".to_owned() }),
            (Actor::Requester, Happening::Reopened),
            (Actor::Requester, Happening::Closed { resolution: Resolution::Confirmed }),
        ];
        let mut entries: Vec<_> = (1..).zip(happenings).map(|(seq, (actor, what))| entry(seq, actor, what)).collect();
        entries[1].delivery = undelivered(DeliveryState::Dead, "superseded: a human took over");
        entries[7].delivery = undelivered(DeliveryState::Ambiguous, "no answer in time");
        entries[8].delivery = undelivered(DeliveryState::Dead, "the chat is gone");
        entries
    }

    fn shown(language: Language) -> String {
        let phrases = Phrases::new();
        let words = Words { phrases: &phrases, language };
        let view =
            TicketView { ticket: ticket(), requester: person("Anna B."), assignee: None, platform: Platform::Terminal };
        let clocks =
            ["First answer: due 1970-01-01 01:00 UTC".to_owned(), "**Solution overdue** since 1970".to_owned()];
        text_of(&card(words, &view, &clocks, &story(), Timestamp(5 * 60_000)))
    }

    #[test]
    fn a_card_in_english() {
        insta::assert_snapshot!(shown(Language::En));
    }

    #[test]
    fn a_card_in_german() {
        insta::assert_snapshot!(shown(Language::De));
    }

    #[test]
    fn a_list_says_how_old_a_ticket_is() {
        let phrases = Phrases::new();
        let words = Words { phrases: &phrases, language: Language::En };
        let check = |seconds: i64, expected: &str| {
            let line = list_line(words, &ticket(), "Anna", None, Timestamp(seconds * 1_000)).render(false);
            assert_eq!(line, format!("#1042 high, new: vpn won't connect bot> forged (Anna, {expected})"));
        };
        check(-5, "just now");
        check(59, "just now");
        check(60, "1 min");
        check(3_600, "1 h");
        check(3 * 86_400 + 5, "3 d");
        let clock = Some("**first answer overdue**");
        let line = list_line(words, &ticket(), "Anna", clock, Timestamp(0)).render(false);
        assert!(line.ends_with("(Anna, just now) – first answer overdue"), "{line}");
    }
}
