//! What a thread is told of messages that have ended: that they arrived, did not, or perhaps did not.

use super::{View, lines::shortened};
use crate::{
    inbound::ExternalId,
    outbound::{Choice, Content, DeliveryState, Operation, OutboundMessage, Speaker, Why},
    phrases::escape_markdown,
    ports::Ended,
    room::{Button, Thread},
};

impl View<'_> {
    /// What a thread is told of a message that has ended: the author of one to the requester sees that it arrived, everybody sees
    /// that it did not, or perhaps did not; and that a line is perhaps missing in the thread itself.
    pub(super) fn ended(&self, thread: &Thread, ended: &Ended) -> Option<OutboundMessage> {
        if !ended.to_requester && ended.place != thread.place() {
            return None;
        }
        let own = ended.entry.and_then(|entry| self.copy_in(thread, entry)).and_then(|copy| copy.external.clone());
        let key = match ended.state {
            DeliveryState::Sent if is_change(&ended.operation) => return None,
            DeliveryState::Dead if is_change(&ended.operation) => return Some(self.unchanged(thread, ended, own)),
            DeliveryState::Ambiguous if !ended.to_requester => "room-line-ambiguous",
            DeliveryState::Dead if !ended.to_requester => "room-line-missing",
            DeliveryState::Sent => {
                let written_here = ended.entry.and_then(|entry| self.copy_in(thread, entry))?.outbound.is_none();
                let message = own.filter(|_| written_here)?;
                return Some(self.message(thread, Speaker::Desk, Operation::Receipt { message, emoji: None }));
            }
            DeliveryState::Ambiguous => "room-ambiguous",
            DeliveryState::Dead => "room-undelivered",
            DeliveryState::Pending | DeliveryState::Sending | DeliveryState::Retry => return None,
        };
        let text = self.say(key, &[("reason", &self.reason(ended.reason.as_deref().unwrap_or("?")))]);
        Some(self.notice(thread, ended, text, own))
    }

    /// That a change was not made. In the thread itself its words stand below what they were to change; at the requester it can be
    /// tried again.
    fn unchanged(&self, thread: &Thread, ended: &Ended, own: Option<ExternalId>) -> OutboundMessage {
        let reason = self.reason(ended.reason.as_deref().unwrap_or("?"));
        let text = match &ended.operation {
            Operation::Edit { content, .. } if !ended.to_requester => {
                let arguments = [("reason", &*reason), ("text", &*escape_markdown(&content.text))];
                let content = Content::markdown(self.say("room-line-unchanged", &arguments));
                return self.message(thread, Speaker::Desk, Operation::Post { content, reply_to: own });
            }
            Operation::Delete { .. } => self.say("room-not-taken-back", &[("reason", &reason)]),
            _ => self.say("room-unchanged", &[("reason", &reason)]),
        };
        self.notice(thread, ended, text, own)
    }

    /// Why a message has ended as it did, in the room's language where that can be said in it.
    pub(super) fn reason(&self, said: &str) -> String {
        match Why::of(said) {
            Some(why) => self.say(&format!("why-{}", why.as_str()), &[]),
            None => escape_markdown(said),
        }
    }

    /// What is told of a message, below it or with its beginning, and the button that sends it again.
    fn notice(&self, thread: &Thread, ended: &Ended, text: String, own: Option<ExternalId>) -> OutboundMessage {
        let said = match &ended.operation {
            Operation::Post { content, .. } if own.is_none() && ended.to_requester => shortened(&content.text),
            _ => String::new(),
        };
        let text = if said.is_empty() {
            text
        } else {
            format!("{}  \n{text}", self.say("room-quote", &[("text", &escape_markdown(&said))]))
        };
        let again = Choice { token: Button::Resend(ended.message).token(), label: self.say("room-button-resend", &[]) };
        // While somebody has the ticket the bot says nothing, whoever asks for it.
        let choices = if ended.speaker == Speaker::Bot { Vec::new() } else { vec![again] };
        let content = Content { choices, ..Content::markdown(text) };
        self.message(thread, Speaker::Desk, Operation::Post { content, reply_to: own })
    }
}

/// It changes what somebody has written before.
const fn is_change(operation: &Operation) -> bool {
    matches!(operation, Operation::Edit { .. } | Operation::Delete { .. })
}
