//! Changes that overtake their message. A platform may tell of a change before it tells of the message itself, which then still has
//! its old words: the change is remembered, and the message is read as it is now.

use crate::{
    conversation::State,
    desk::Desk,
    inbound::{ExternalId, InboundKind},
    ports::{Loaded, StoreError},
};

/// So many are remembered; whoever changes more messages that never come means no good.
const MOST: usize = 8;

impl Desk {
    /// Puts the next event and the changes that came early together.
    pub(super) async fn mind_early_edits(&self, loaded: &mut Loaded) -> Result<(), StoreError> {
        let place = loaded.conversation.place.clone();
        let Some(pending) = loaded.events.first_mut() else { return Ok(()) };
        let state = &mut loaded.conversation.state;
        match &mut pending.kind {
            InboundKind::Message { message, text, .. } | InboundKind::Public { message, text, .. } => {
                if let Some(now) = taken(state, message) {
                    *text = now;
                }
            }
            InboundKind::Edited { message, text } if self.store().copies_of(&place, message).await?.is_empty() => {
                let _ = taken(state, message);
                state.early_edits.push((message.clone(), text.clone()));
                let surplus = state.early_edits.len().saturating_sub(MOST);
                state.early_edits.drain(..surplus);
            }
            _ => {}
        }
        Ok(())
    }
}

fn taken(state: &mut State, message: &ExternalId) -> Option<String> {
    let at = state.early_edits.iter().position(|(early, _)| early == message)?;
    Some(state.early_edits.remove(at).1)
}
