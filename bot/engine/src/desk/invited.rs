//! From a public place into a private one: whoever follows the invitation goes on there with what they asked.

use crate::{
    command::Command,
    desk::Desk,
    inbound::InboundKind,
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
        if let Some((person, InboundKind::Public { text, attachments, .. })) = self.store().event(asked).await?
            && person == pending.person
            && !(text.trim().is_empty() && attachments.is_empty())
        {
            let message = message.clone();
            pending.kind = InboundKind::Message { message, text, reply_to: None, attachments, album: None };
            loaded.conversation.state.went_on_with = Some(asked);
        }
        Ok(())
    }
}
