//! From a public place into a private one: whoever follows the invitation goes on there with what they asked.

use crate::{
    command::Command,
    desk::Desk,
    inbound::{Attachment, InboundKind},
    ports::{Loaded, StoreError},
};

impl Desk {
    /// Where the next event is the link from a public place, it becomes what was asked there. The link works for who asked, once.
    pub(super) async fn go_on(&self, loaded: &mut Loaded) -> Result<(), StoreError> {
        let Some(pending) = loaded.events.first_mut() else { return Ok(()) };
        let InboundKind::Message { message, text, .. } = &pending.kind else { return Ok(()) };
        let Some(asked) = Command::goes_on_with(text) else { return Ok(()) };
        if loaded.conversation.state.went_on_with == Some(asked) {
            return Ok(());
        }
        let Some((person, parts)) = self.store().event(asked).await? else { return Ok(()) };
        let (text, attachments) = asked_in(parts);
        if person == pending.person && !(text.trim().is_empty() && attachments.is_empty()) {
            let message = message.clone();
            pending.kind =
                InboundKind::Message { message, text, reply_to: None, quote: None, attachments, album: None };
            loaded.conversation.state.went_on_with = Some(asked);
        }
        Ok(())
    }
}

/// What was asked in public: in a message, or in all parts of an album together; or what a question was changed to.
fn asked_in(parts: Vec<InboundKind>) -> (String, Vec<Attachment>) {
    let (mut words, mut files) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            InboundKind::Public { text, mut attachments, .. } => {
                words.push(text);
                files.append(&mut attachments);
            }
            InboundKind::Edited { text, .. } => words.push(text),
            _ => {}
        }
    }
    words.retain(|text| !text.trim().is_empty());
    (words.join("\n"), files)
}
