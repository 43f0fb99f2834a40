//! What a line of the timeline says in a thread.

use std::collections::BTreeSet;

use super::View;
use crate::{
    ids::{EntryId, OutboundId},
    inbound::ExternalId,
    outbound::{Content, Operation, OutboundMessage, Speaker},
    phrases::escape_markdown,
    ports::EntryCopy,
    room::Thread,
    ticket::TicketNumber,
    timeline::{Actor, Entry, Happening, SaidElsewhere},
};

impl View<'_> {
    /// The message that passes a line on to a thread, where it has to be: what was written in it, it knows already. `fresh` are the
    /// lines that it is told with this one, and their messages.
    pub(super) fn line(
        &self,
        thread: &Thread,
        entry: &Entry,
        fresh: &[(EntryId, OutboundId)],
    ) -> Option<OutboundMessage> {
        if self.copy_in(thread, entry.id).is_some() {
            return None;
        }
        match &entry.what {
            Happening::Said { text, message, attachments, reply_to } => {
                let speaker = match &entry.actor {
                    // What was pressed has no message; the ticket shows what came of it.
                    Actor::Requester if message.is_some() || !attachments.is_empty() => self.requester(),
                    Actor::Agent { name, .. } => Speaker::Agent { name: name.clone() },
                    _ => return None,
                };
                let files = attachments.iter().filter_map(|attachment| attachment.file).collect();
                let (text, reply_to) = self.answering(thread, text, reply_to.as_ref());
                // Of a kind that its platform does not let us pass on.
                let nothing = text.trim().is_empty() && attachments.is_empty();
                let text = if nothing { self.say("room-said-unknown", &[]) } else { text };
                let content = Content { files, ..Content::plain(text) };
                Some(self.message(thread, speaker, Operation::Post { content, reply_to }))
            }
            Happening::Note { text, attachments } => {
                let Actor::Agent { name, .. } = &entry.actor else { return None };
                let name = self.say("room-note-by", &[("name", name)]);
                let files = attachments.iter().filter_map(|attachment| attachment.file).collect();
                let content = Content { files, ..Content::plain(text.clone()) };
                Some(self.message(thread, Speaker::Agent { name }, post(content)))
            }
            Happening::Edited { message, text } => {
                let target = self.ours_about(thread, &entry.actor, message, fresh)?;
                let content = Content::plain(text.clone());
                if self.is_shared(target, fresh) {
                    return Some(self.about_shared(thread, target, "room-did-edit", &entry.actor, text));
                }
                Some(self.message(thread, self.speaker(&entry.actor)?, Operation::Edit { target, content }))
            }
            Happening::Deleted { message } => {
                let target = self.ours_about(thread, &entry.actor, message, fresh)?;
                if self.is_shared(target, fresh) {
                    return Some(self.about_shared(thread, target, "room-did-delete", &entry.actor, ""));
                }
                Some(self.message(thread, self.speaker(&entry.actor)?, Operation::Delete { target }))
            }
            Happening::Reacted { message, emoji } => {
                let message = self.reacted_to(thread, message)?;
                Some(self.message(thread, Speaker::Desk, Operation::Receipt { message, emoji: emoji.clone() }))
            }
            other => {
                let text = self.done(other, &entry.actor)?;
                Some(self.message(thread, Speaker::Desk, post(Content::markdown(text))))
            }
        }
    }

    /// What somebody says, and the message in the thread that it answers. Where the thread has no such message (the bot said it
    /// before there was one), its beginning stands before the words.
    fn answering(&self, thread: &Thread, text: &str, reply_to: Option<&ExternalId>) -> (String, Option<ExternalId>) {
        let Some(quoted) = reply_to.and_then(|message| self.quoted.get(&message.0)) else {
            return (text.to_owned(), None);
        };
        if let Some(copy) = self.copy_in(thread, quoted.line) {
            return (text.to_owned(), copy.external.clone());
        }
        let quote = self.say("room-quote", &[("text", &shortened(&quoted.text))]);
        (format!("{quote}\n{text}"), None)
    }

    /// The message in a thread that shows what the requester put a sign on.
    fn reacted_to(&self, thread: &Thread, message: &ExternalId) -> Option<ExternalId> {
        let chat = &self.loaded.conversation.place;
        let mut copies = self.copies.copies.iter();
        let there = copies.find(|copy| copy.place == *chat && copy.external.as_ref() == Some(message))?;
        let here = self.copy_in(thread, there.entry)?;
        // What went out for several lines says nothing about one of them.
        if here.outbound.is_some_and(|message| self.is_shared(message, &[])) { None } else { here.external.clone() }
    }

    /// The message went out for several lines at once.
    fn is_shared(&self, message: OutboundId, fresh: &[(EntryId, OutboundId)]) -> bool {
        let lines = self.copies.copies.iter().filter(|copy| copy.outbound == Some(message)).map(|copy| copy.entry);
        let fresh = fresh.iter().filter(|(_, it)| *it == message).map(|(entry, _)| *entry);
        lines.chain(fresh).collect::<BTreeSet<_>>().len() > 1
    }

    /// What became of one of the lines in a message that has several: said below it, because the others stay.
    fn about_shared(
        &self,
        thread: &Thread,
        message: OutboundId,
        key: &str,
        actor: &Actor,
        text: &str,
    ) -> OutboundMessage {
        let (who, text) = (self.name_of(actor), escape_markdown(text));
        let said = self.say(key, &[("who", &who), ("text", &text)]);
        let shared = self.copies.copies.iter().find(|copy| copy.outbound == Some(message));
        let reply_to = shared.and_then(|copy| copy.external.clone());
        self.message(thread, Speaker::Desk, Operation::Post { content: Content::markdown(said), reply_to })
    }

    fn name_of(&self, actor: &Actor) -> String {
        escape_markdown(match actor {
            Actor::Requester => &self.loaded.requester.name,
            Actor::Agent { name, .. } => name,
            Actor::Bot | Actor::Desk => &self.desk.policy().desk_name,
        })
    }

    /// What was done, in a sentence; `None` where the card alone shows it.
    fn done(&self, what: &Happening, actor: &Actor) -> Option<String> {
        let who = self.name_of(actor);
        let by = |key: &str| Some(self.say(key, &[("who", &who)]));
        match what {
            Happening::Claimed => by("room-did-claim"),
            Happening::Released => by("room-did-release"),
            Happening::Transferred { to, reason, .. } => {
                let (to, reason) = (escape_markdown(to), reason.as_deref().map(escape_markdown));
                let key = if reason.is_some() { "room-did-transfer-because" } else { "room-did-transfer" };
                Some(self.say(key, &[("who", &who), ("to", &to), ("reason", &reason.unwrap_or_default())]))
            }
            Happening::MergedInto { ticket } => {
                Some(self.say("room-did-merge", &[("who", &who), ("ticket", &ticket.to_string())]))
            }
            Happening::MergedFrom { ticket, summary, said } => Some(self.taken_in(&who, *ticket, summary, said)),
            Happening::PassedOn { ticket, said } => {
                let (name, text) = (escape_markdown(&said.name), escape_markdown(&said.text));
                let arguments = [("name", &*name), ("ticket", &*ticket.to_string()), ("text", &*text)];
                Some(self.say("room-did-pass-on", &arguments))
            }
            Happening::PutOnHold => by("room-did-hold"),
            Happening::Resumed => by("room-did-resume"),
            Happening::ReturnedToBot => by("room-did-return"),
            Happening::Resolved { .. } => by("room-did-resolve"),
            Happening::Reopened => by("room-did-reopen"),
            Happening::Closed { .. } => by("room-did-close"),
            Happening::Rated { stars } => {
                Some(self.say("room-did-rate", &[("who", &who), ("stars", &stars.to_string())]))
            }
            Happening::RatingComment { text } => {
                Some(self.say("room-did-comment", &[("who", &who), ("text", &escape_markdown(text))]))
            }
            Happening::Blocked => by("room-did-block"),
            Happening::Unblocked => by("room-did-unblock"),
            Happening::Missed { from, until } => {
                Some(self.say(
                    "room-missed",
                    &[("from", &self.desk.tell_time(*from)), ("until", &self.desk.tell_time(*until))],
                ))
            }
            Happening::Rerouted => Some(self.say("room-did-reroute", &[("who", &self.requester_name())])),
            Happening::Unreachable => Some(self.say("room-did-lose", &[("who", &self.requester_name())])),
            Happening::LeftOut { name, limit } => {
                let key = if limit.is_some() { "room-did-leave-out" } else { "room-did-miss-file" };
                let (who, name, limit) =
                    (self.requester_name(), escape_markdown(name), limit.unwrap_or_default().to_string());
                Some(self.say(key, &[("who", &who), ("name", &name), ("limit", &limit)]))
            }
            Happening::Excused { reason } => Some(
                self.say("room-did-excuse", &[("who", &self.requester_name()), ("reason", &escape_markdown(reason))]),
            ),
            Happening::Failed { reference } => Some(self.say("room-did-fail", &[("reference", reference)])),
            Happening::Unheard { reason } => Some(self.say("room-did-unheard", &[("reason", &self.reason(reason))])),
            Happening::Said { .. }
            | Happening::Edited { .. }
            | Happening::Deleted { .. }
            | Happening::Reacted { .. }
            | Happening::Note { .. }
            | Happening::Opened { .. }
            | Happening::UsedMacro { .. }
            | Happening::PrioritySet { .. } => None,
        }
    }

    /// A ticket that has become a part of this one, with what was said there last.
    fn taken_in(&self, who: &str, ticket: TicketNumber, summary: &str, said: &[SaidElsewhere]) -> String {
        const SHOWN: usize = 10;
        let summary = shortened(summary);
        let arguments = [("who", who), ("ticket", &*ticket.to_string()), ("summary", &*escape_markdown(&summary))];
        let mut lines = vec![self.say("room-did-take-in", &arguments)];
        if !said.is_empty() {
            lines.push(self.say("room-did-take-in-said", &[]));
        }
        let left_out = said.len().saturating_sub(SHOWN);
        if left_out > 0 {
            lines.push(self.say("room-did-take-in-more", &[]));
        }
        lines.extend(said.iter().skip(left_out).map(|it| {
            let (name, text) = (escape_markdown(&it.name), escape_markdown(&it.text));
            self.say("room-did-take-in-line", &[("name", &name), ("text", &text)])
        }));
        // Two spaces before the end keep a line a line.
        lines.join("  \n")
    }

    fn requester_name(&self) -> String {
        escape_markdown(&self.loaded.requester.name)
    }

    fn requester(&self) -> Speaker {
        Speaker::Requester { name: self.loaded.requester.name.clone() }
    }

    fn speaker(&self, actor: &Actor) -> Option<Speaker> {
        match actor {
            Actor::Requester => Some(self.requester()),
            Actor::Agent { name, .. } => Some(Speaker::Agent { name: name.clone() }),
            Actor::Bot | Actor::Desk => None,
        }
    }

    /// The message that shows a line in a thread.
    pub(super) fn copy_in(&self, thread: &Thread, entry: EntryId) -> Option<&EntryCopy> {
        let place = thread.place();
        self.copies.copies.iter().find(|copy| copy.entry == entry && copy.place == place)
    }

    /// Our message in a thread that shows what somebody wrote elsewhere, by the id that it has there.
    fn ours_about(
        &self,
        thread: &Thread,
        author: &Actor,
        message: &ExternalId,
        fresh: &[(EntryId, OutboundId)],
    ) -> Option<OutboundId> {
        let chat = &self.loaded.conversation.place;
        let by_requester = *author == Actor::Requester;
        let written = self.copies.copies.iter().find(|copy| {
            copy.outbound.is_none() && copy.external.as_ref() == Some(message) && (copy.place == *chat) == by_requester
        })?;
        let told_now = || fresh.iter().find(|(entry, _)| *entry == written.entry).map(|(_, message)| *message);
        match self.copy_in(thread, written.entry) {
            Some(copy) => copy.outbound,
            None => told_now(),
        }
    }
}

/// The beginning of what is quoted.
pub(super) fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ").replace("**", "");
    if text.chars().count() <= LONGEST {
        return text;
    }
    let mut short: String = text.chars().take(LONGEST - 1).collect();
    short.push('…');
    short
}

const fn post(content: Content) -> Operation {
    Operation::Post { content, reply_to: None }
}
