//! What stands below a message: the choices, and the way into the private chat.

use firstline_engine::{
    outbound::{Content, Invitation},
    ports::SendError,
};
use teloxide::types::{InlineKeyboardButton, InlineKeyboardMarkup};
use url::Url;

use super::{TelegramChannel, address::refused};
use crate::failure::Failure;

/// The choices as buttons, so many in a row.
pub(super) fn keyboard(content: &Content, in_a_row: usize) -> Option<InlineKeyboardMarkup> {
    let buttons: Vec<_> =
        content.choices.iter().map(|choice| InlineKeyboardButton::callback(&choice.label, &choice.token)).collect();
    (!buttons.is_empty()).then(|| InlineKeyboardMarkup::new(buttons.chunks(in_a_row).map(<[_]>::to_vec)))
}

impl TelegramChannel {
    /// The button that leads into the private chat.
    pub(super) async fn way_out(
        &self,
        keyboard: Option<InlineKeyboardMarkup>,
        invitation: &Invitation,
    ) -> Result<InlineKeyboardMarkup, SendError> {
        // Nothing was sent yet, whatever became of the question.
        let unknown = |failure: Failure| SendError::NotSent { reason: failure.to_string(), wait: None };
        let link = self.identity.get().await.map_err(unknown)?.link(&invitation.payload);
        let url = Url::parse(&link).map_err(|_| refused("the bot has no name that a link can have"))?;
        Ok(keyboard.unwrap_or_default().append_row([InlineKeyboardButton::url(&invitation.label, url)]))
    }
}
