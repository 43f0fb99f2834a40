//! What a line of the timeline says in a thread, and what is said there of messages that did not arrive.

use super::View;
use crate::{
    ids::EntryId,
    inbound::ExternalId,
    outbound::{Choice, Content, DeliveryState, Operation, OutboundMessage, Speaker, Why},
    phrases::escape_markdown,
    ports::{Ended, EntryCopy},
    room::{Button, Thread},
    timeline::{Actor, Entry, Happening},
};

impl View<'_> {
    /// The message that passes a line on to a thread, where it has to be: what was written in it, it knows already.
    pub(super) fn line(&self, thread: &Thread, entry: &Entry) -> Option<OutboundMessage> {
        if self.copy_in(thread, entry.id).is_some() {
            return None;
        }
        match &entry.what {
            Happening::Said { text, message, attachments } => {
                let speaker = match &entry.actor {
                    // What was pressed has no message; the ticket shows what came of it.
                    Actor::Requester if message.is_some() || !attachments.is_empty() => self.requester(),
                    Actor::Agent { name, .. } => Speaker::Agent { name: name.clone() },
                    _ => return None,
                };
                let files = attachments.iter().filter_map(|attachment| attachment.file).collect();
                Some(self.message(thread, speaker, post(Content { files, ..Content::plain(text.clone()) })))
            }
            Happening::Note { text } => {
                let Actor::Agent { name, .. } = &entry.actor else { return None };
                let name = self.say("room-note-by", &[("name", name)]);
                Some(self.message(thread, Speaker::Agent { name }, post(Content::plain(text.clone()))))
            }
            Happening::Edited { message, text } => {
                let target = self.ours_about(thread, &entry.actor, message)?;
                let content = Content::plain(text.clone());
                Some(self.message(thread, self.speaker(&entry.actor)?, Operation::Edit { target, content }))
            }
            Happening::Deleted { message } => {
                let target = self.ours_about(thread, &entry.actor, message)?;
                Some(self.message(thread, self.speaker(&entry.actor)?, Operation::Delete { target }))
            }
            other => {
                let text = self.done(other, &entry.actor)?;
                Some(self.message(thread, Speaker::Desk, post(Content::markdown(text))))
            }
        }
    }

    /// What was done, in a sentence; `None` where the card alone shows it.
    fn done(&self, what: &Happening, actor: &Actor) -> Option<String> {
        let who = escape_markdown(match actor {
            Actor::Requester => &self.loaded.requester.name,
            Actor::Agent { name, .. } => name,
            Actor::Bot | Actor::Desk => &self.desk.policy().desk_name,
        });
        let by = |key: &str| Some(self.say(key, &[("who", &who)]));
        match what {
            Happening::Claimed => by("room-did-claim"),
            Happening::Released => by("room-did-release"),
            Happening::Transferred { to, .. } => {
                Some(self.say("room-did-transfer", &[("who", &who), ("to", &escape_markdown(to))]))
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
            Happening::Rerouted => Some(self.say("room-did-reroute", &[("who", &self.requester_name())])),
            Happening::Unreachable => Some(self.say("room-did-lose", &[("who", &self.requester_name())])),
            Happening::Failed { reference } => Some(self.say("room-did-fail", &[("reference", reference)])),
            Happening::Said { .. }
            | Happening::Edited { .. }
            | Happening::Deleted { .. }
            | Happening::Note { .. }
            | Happening::Opened { .. }
            | Happening::PrioritySet { .. } => None,
        }
    }

    /// What a thread is told of a message to the requester that has ended: its author sees that it arrived, everybody sees
    /// that it did not, or perhaps did not.
    pub(super) fn ended(&self, thread: &Thread, ended: &Ended) -> Option<OutboundMessage> {
        let own = ended.entry.and_then(|entry| self.copy_in(thread, entry)).and_then(|copy| copy.external.clone());
        let key = match ended.state {
            DeliveryState::Sent => {
                let written_here = ended.entry.and_then(|entry| self.copy_in(thread, entry))?.outbound.is_none();
                let message = own.filter(|_| written_here)?;
                return Some(self.message(thread, Speaker::Desk, Operation::Receipt { message }));
            }
            DeliveryState::Ambiguous => "room-ambiguous",
            DeliveryState::Dead => "room-undelivered",
            DeliveryState::Pending | DeliveryState::Sending | DeliveryState::Retry => return None,
        };
        let said = ended.reason.as_deref().unwrap_or("?");
        let reason = match Why::of(said) {
            Some(why) => self.say(&format!("why-{}", why.as_str()), &[]),
            None => escape_markdown(said),
        };
        let text = self.say(key, &[("reason", &reason)]);
        let again = Choice { token: Button::Resend(ended.message).token(), label: self.say("room-button-resend", &[]) };
        let content = Content { choices: vec![again], ..Content::markdown(text) };
        Some(self.message(thread, Speaker::Desk, Operation::Post { content, reply_to: own }))
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
    fn copy_in(&self, thread: &Thread, entry: EntryId) -> Option<&EntryCopy> {
        let place = thread.place();
        self.copies.copies.iter().find(|copy| copy.entry == entry && copy.place == place)
    }

    /// Our message in a thread that shows what somebody wrote elsewhere, by the id that it has there.
    fn ours_about(&self, thread: &Thread, author: &Actor, message: &ExternalId) -> Option<crate::ids::OutboundId> {
        let chat = &self.loaded.conversation.place;
        let by_requester = *author == Actor::Requester;
        let written = self.copies.copies.iter().find(|copy| {
            copy.outbound.is_none() && copy.external.as_ref() == Some(message) && (copy.place == *chat) == by_requester
        })?;
        self.copy_in(thread, written.entry)?.outbound
    }
}

const fn post(content: Content) -> Operation {
    Operation::Post { content, reply_to: None }
}
