//! What an event leaves in the timeline, whatever the step makes of it.

use super::Assembly;
use crate::{
    conversation::State,
    desk::accept::joined,
    inbound::InboundKind,
    ports::PendingEvent,
    timeline::{Actor, Happening},
};

impl Assembly<'_> {
    /// Writes what the requester did into the timeline, whatever the step makes of it: nothing anybody said is lost.
    pub(in crate::desk) fn record_event(&mut self, pending: &PendingEvent, before: &State) {
        let event = &pending.kind;
        let what = match event {
            InboundKind::Message { message, text, attachments, reply_to, quote, .. } => Happening::Said {
                text: quoting(quote.as_deref(), text),
                message: Some(message.clone()),
                attachments: attachments.clone(),
                reply_to: reply_to.clone(),
            },
            InboundKind::Public { message, text, attachments, .. } => Happening::Said {
                text: text.clone(),
                message: Some(message.clone()),
                attachments: attachments.clone(),
                reply_to: None,
            },
            InboundKind::Edited { message, text } => Happening::Edited { message: message.clone(), text: text.clone() },
            InboundKind::Deleted { message } => Happening::Deleted { message: message.clone() },
            InboundKind::Reacted { message, emoji } => {
                Happening::Reacted { message: message.clone(), emoji: emoji.clone() }
            }
            InboundKind::Choice { token } => {
                let chosen = before.chosen(self.loaded.conversation.id, token);
                let label = chosen.map(|action| self.label(action));
                Happening::Said {
                    text: label.unwrap_or_else(|| "?".to_owned()),
                    message: None,
                    attachments: Vec::new(),
                    reply_to: None,
                }
            }
            InboundKind::Command { command } => {
                Happening::Said { text: command.to_string(), message: None, attachments: Vec::new(), reply_to: None }
            }
            InboundKind::Request { message, summary, description, attachments } => Happening::Said {
                text: joined(summary, description),
                message: Some(message.clone()),
                attachments: attachments.clone(),
                reply_to: None,
            },
            // The step says what happened.
            InboundKind::Staff(_)
            | InboundKind::PassedOn { .. }
            | InboundKind::Unheard { .. }
            | InboundKind::Blocked
            | InboundKind::Unblocked => return,
        };
        let origins = match event {
            InboundKind::Message { message, .. }
            | InboundKind::Public { message, .. }
            | InboundKind::Request { message, .. } => std::iter::once(message)
                .chain(pending.joined.iter().map(|(_, message)| message))
                .map(|message| (self.loaded.conversation.place.clone(), message.clone()))
                .collect(),
            _ => Vec::new(),
        };
        self.line(Actor::Requester, what, None, origins);
    }
}

/// What somebody says about a part that they chose of what they answer, with that part before it.
pub(in crate::desk) fn quoting(quote: Option<&str>, text: &str) -> String {
    let quoted = quote.into_iter().flat_map(str::lines).map(|line| format!("> {line}"));
    quoted.chain((!text.is_empty()).then(|| text.to_owned())).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_stands_before_the_words() {
        assert_eq!(quoting(None, "which one?\nthis?"), "which one?\nthis?");
        assert_eq!(quoting(Some("the blue\ncable"), "which one?"), "> the blue\n> cable\nwhich one?");
        assert_eq!(quoting(Some("the blue cable"), ""), "> the blue cable");
    }
}
