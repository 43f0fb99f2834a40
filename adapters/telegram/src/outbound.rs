//! From the desk's messages to calls of the Bot API.

use async_trait::async_trait;
use firstline_engine::{
    inbound::{ExternalId, PlaceRef},
    outbound::{Content, Delivery, Operation, Speaker},
    people::Platform,
    ports::{Channel, SendError},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use teloxide::{
    Bot,
    payloads::{
        DeleteMessage, EditMessageText, EditMessageTextSetters as _, SendChatAction, SendMessage,
        SendMessageSetters as _,
    },
    requests::{JsonRequest, Payload},
    types::{
        ChatAction, ChatId, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageId, ReplyParameters,
    },
};

use crate::{
    failure::Failure,
    markup::{Part, Styled},
};

/// The way to Telegram's chats.
pub(crate) struct TelegramChannel {
    bot: Bot,
}

impl TelegramChannel {
    pub(crate) const fn new(bot: Bot) -> Self {
        Self { bot }
    }

    async fn call<P>(&self, payload: P) -> Result<P::Output, Failure>
    where
        P: Payload + Serialize + 'static,
        P::Output: DeserializeOwned + 'static,
    {
        JsonRequest::new(self.bot.clone(), payload).await.map_err(|error| Failure::of(&error, self.bot.token()))
    }

    async fn post(
        &self,
        chat: ChatId,
        speaker: &Speaker,
        content: &Content,
        reply_to: Option<&ExternalId>,
    ) -> Result<Option<ExternalId>, SendError> {
        let parts = parts(speaker, content)?;
        let quoted = reply_to.and_then(|id| message_id(id).ok());
        self.post_parts(chat, &parts, 0, keyboard(content), quoted).await
    }

    /// Sends the parts from the `first` on, the keyboard below the last of them.
    async fn post_parts(
        &self,
        chat: ChatId,
        parts: &[Part],
        first: usize,
        keyboard: Option<InlineKeyboardMarkup>,
        quoted: Option<MessageId>,
    ) -> Result<Option<ExternalId>, SendError> {
        let mut last = None;
        for (index, part) in parts.iter().enumerate().skip(first) {
            let mut request =
                SendMessage::new(chat, &part.text).entities(part.entities.clone()).link_preview_options(no_preview());
            if let (0, Some(quoted)) = (index, quoted) {
                request = request.reply_parameters(ReplyParameters::new(quoted).allow_sending_without_reply());
            }
            if let (true, Some(keyboard)) = (index + 1 == parts.len(), &keyboard) {
                request = request.reply_markup(keyboard.clone());
            }
            let posted = self.call(Brief(request)).await.map_err(|failure| after(index, parts.len(), failure))?;
            last = Some(ExternalId(posted.message_id.to_string()));
        }
        Ok(last)
    }

    /// Changes a message. Of a message that needed several, the last is the one we know; what no longer fits follows below.
    async fn edit(
        &self,
        chat: ChatId,
        target: &ExternalId,
        speaker: &Speaker,
        content: &Content,
    ) -> Result<Option<ExternalId>, SendError> {
        let parts = parts(speaker, content)?;
        let Some(first) = parts.first() else { return Ok(Some(target.clone())) };
        let mut request = EditMessageText::new(chat, message_id(target)?, &first.text)
            .entities(first.entities.clone())
            .link_preview_options(no_preview());
        let keyboard = keyboard(content);
        if let (1, Some(keyboard)) = (parts.len(), &keyboard) {
            request = request.reply_markup(keyboard.clone());
        }
        match self.call(Brief(request)).await {
            Ok(_) => {}
            Err(Failure::Refused(reason)) if reason.contains("message is not modified") => {}
            Err(failure) => return Err(failure.into()),
        }
        let rest = self.post_parts(chat, &parts, 1, keyboard, None).await?;
        Ok(rest.or_else(|| Some(target.clone())))
    }

    async fn delete(&self, chat: ChatId, target: &ExternalId) -> Result<Option<ExternalId>, SendError> {
        match self.call(DeleteMessage::new(chat, message_id(target)?)).await {
            Ok(_) => {}
            // Somebody was faster; it is gone, which is what was wanted.
            Err(Failure::Refused(reason)) if reason.contains("message to delete not found") => {}
            Err(failure) => return Err(failure.into()),
        }
        Ok(Some(target.clone()))
    }
}

#[async_trait]
impl Channel for TelegramChannel {
    fn platform(&self) -> Platform {
        Platform::Telegram
    }

    async fn send(&self, delivery: &Delivery) -> Result<Option<ExternalId>, SendError> {
        let message = &delivery.message;
        let chat = chat_id(&message.place)?;
        let target =
            || delivery.target.as_ref().ok_or_else(|| refused("the message that this is about was never sent"));
        match &message.operation {
            Operation::Post { content, reply_to } => {
                self.post(chat, &message.speaker, content, reply_to.as_ref()).await
            }
            Operation::Edit { content, .. } => self.edit(chat, target()?, &message.speaker, content).await,
            Operation::Delete { .. } => self.delete(chat, target()?).await,
        }
    }

    async fn typing(&self, place: &PlaceRef) {
        if let Ok(chat) = chat_id(place)
            && let Err(failure) = self.call(SendChatAction::new(chat, ChatAction::Typing)).await
        {
            tracing::debug!(reason = %failure, "Telegram was not told that we are typing");
        }
    }
}

/// A request of which only the message's id is read in the answer: what was sent must not count as failed because the rest of
/// the answer is newer than the client.
#[derive(Clone, Serialize)]
#[serde(transparent)]
struct Brief<P>(P);

/// The part of a sent message that matters.
#[derive(Deserialize)]
struct Posted {
    message_id: i64,
}

impl<P: Payload> Payload for Brief<P> {
    type Output = Posted;

    const NAME: &'static str = P::NAME;
}

fn parts(speaker: &Speaker, content: &Content) -> Result<Vec<Part>, SendError> {
    let parts = Styled::of(speaker, content).parts();
    if parts.is_empty() { Err(refused("the message has no text")) } else { Ok(parts) }
}

fn keyboard(content: &Content) -> Option<InlineKeyboardMarkup> {
    let rows = content.choices.iter().map(|choice| vec![InlineKeyboardButton::callback(&choice.label, &choice.token)]);
    (!content.choices.is_empty()).then(|| InlineKeyboardMarkup::new(rows))
}

/// What a failure means when `sent` parts of the message have arrived already: it cannot be repeated as a whole any more.
fn after(sent: usize, total: usize, failure: Failure) -> SendError {
    if sent == 0 {
        return failure.into();
    }
    SendError::Unknown { reason: format!("{sent} of {total} parts were sent, then: {failure}") }
}

fn chat_id(place: &PlaceRef) -> Result<ChatId, SendError> {
    place.key.parse().map(ChatId).map_err(|_| refused("the place is no chat of Telegram's"))
}

fn message_id(id: &ExternalId) -> Result<MessageId, SendError> {
    id.0.parse().map(MessageId).map_err(|_| refused("the message id is none of Telegram's"))
}

fn refused(reason: &str) -> SendError {
    SendError::Refused { reason: reason.to_owned() }
}

const fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}
