//! From the desk's messages to calls of the Bot API.

// First, for its macro.
#[macro_use]
mod patience;

mod address;
mod buttons;
mod changing;
mod local;
mod media;
mod topics;

use std::{path::PathBuf, time::Duration};

use async_trait::async_trait;
use firstline_engine::{
    inbound::{ExternalId, PlaceRef},
    outbound::{Content, Delivery, Operation, Speaker, Why},
    people::Platform,
    ports::{Channel, FetchError, Limits, Rate, SendError},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use teloxide::{
    Bot,
    payloads::{SendChatAction, SendChatActionSetters as _, SendMessage, SendMessageSetters as _},
    requests::{JsonRequest, Payload},
    types::{ChatAction, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters},
};

use self::{
    address::{Address, chat_id, message_id, refused},
    buttons::keyboard,
    topics::Unpinned,
};
use crate::{
    failure::Failure,
    identity::Identity,
    markup::{Part, Styled},
};

/// How long sending or fetching one file may take: 20 MB at 3 Mbit/s.
pub(crate) const FILE: Duration = Duration::from_secs(55);

/// The way to Telegram's chats.
pub(crate) struct TelegramChannel {
    bot: Bot,
    /// For files: with the patience that they need.
    files: Bot,
    identity: Identity,
    /// What one group may have.
    per_group: Rate,
    /// Where a Bot API server of one's own lays files down.
    local_files: Option<PathBuf>,
    unpinned: Unpinned,
}

/// What a message is made of.
struct Message<'a> {
    parts: Vec<Part>,
    keyboard: Option<InlineKeyboardMarkup>,
    quoted: Option<&'a ExternalId>,
}

impl<'a> Message<'a> {
    fn of(
        speaker: &Speaker,
        content: &Content,
        quoted: Option<&'a ExternalId>,
        in_a_row: usize,
    ) -> Result<Self, SendError> {
        let parts = Styled::of(speaker, content).parts();
        if parts.is_empty() {
            return Err(refused("the message has no text"));
        }
        Ok(Self { parts, keyboard: keyboard(content, in_a_row), quoted })
    }

    /// Where there are files, there need not be words.
    fn beside_files(speaker: &Speaker, content: &Content, quoted: Option<&'a ExternalId>) -> Self {
        Self { parts: Styled::of(speaker, content).parts(), keyboard: keyboard(content, 1), quoted }
    }

    /// The keyboard stands below the last part.
    fn keyboard_of(&self, index: usize) -> Option<InlineKeyboardMarkup> {
        if index + 1 == self.parts.len() { self.keyboard.clone() } else { None }
    }
}

impl TelegramChannel {
    pub(crate) fn new(bot: Bot, files: Bot, identity: Identity, per_group: Rate, local_files: Option<PathBuf>) -> Self {
        Self { bot, files, identity, per_group, local_files, unpinned: Unpinned::default() }
    }

    async fn call<P>(&self, payload: P) -> Result<P::Output, Failure>
    where
        P: Payload + Serialize + 'static,
        P::Output: DeserializeOwned + 'static,
    {
        JsonRequest::new(self.bot.clone(), payload).await.map_err(|error| Failure::of(&error, self.bot.token()))
    }

    async fn post(&self, at: Address, message: &Message<'_>) -> Result<Vec<ExternalId>, SendError> {
        let mut ids = Vec::with_capacity(message.parts.len());
        for index in 0..message.parts.len() {
            let posted = patiently!(index, self.post_part(at, message, index));
            ids.push(posted.map_err(|failure| after(index, message.parts.len(), failure))?);
        }
        Ok(ids)
    }

    async fn post_part(&self, at: Address, message: &Message<'_>, index: usize) -> Result<ExternalId, Failure> {
        let Some(part) = message.parts.get(index) else { return Err(Failure::Refused("no such part".to_owned())) };
        let mut request =
            SendMessage::new(at.chat, &part.text).entities(part.entities.clone()).link_preview_options(no_preview());
        if let Some(topic) = at.topic {
            request = request.message_thread_id(topic);
        }
        if let (0, Some(quoted)) = (index, message.quoted.and_then(|id| message_id(id).ok())) {
            request = request.reply_parameters(ReplyParameters::new(quoted).allow_sending_without_reply());
        }
        if let Some(keyboard) = message.keyboard_of(index) {
            request = request.reply_markup(keyboard);
        }
        let posted = self.call(Brief(request)).await?;
        Ok(ExternalId(posted.message_id.to_string()))
    }
}

#[async_trait]
impl Channel for TelegramChannel {
    fn platform(&self) -> Platform {
        Platform::Telegram
    }

    async fn send(&self, delivery: &Delivery) -> Result<Vec<ExternalId>, SendError> {
        let at = Address::of(delivery)?;
        match self.send_to(at, delivery).await {
            // People can delete a topic of their private chat, and are there all the same.
            Err(SendError::ThreadGone { reason }) if at.topic.is_some() && is_said_in_private(delivery) => {
                tracing::debug!(reason, "a topic of a private chat is gone; what was for it goes to the chat");
                self.send_to(Address { topic: None, ..at }, delivery).await
            }
            sent => sent,
        }
    }

    async fn open_thread(&self, room: &str, title: &str) -> Result<Option<ExternalId>, SendError> {
        self.open_topic(chat_id(room)?, title).await
    }

    async fn fetch(&self, handle: &str, limit: u64) -> Result<Vec<u8>, FetchError> {
        self.fetch_file(handle, limit).await
    }

    fn limits(&self) -> Option<Limits> {
        Some(limits(self.per_group))
    }

    /// Files take longer than words.
    fn send_timeout(&self) -> Duration {
        FILE + Duration::from_secs(5)
    }

    async fn typing(&self, place: &PlaceRef) {
        // In a group nobody needs to see for whom we are busy.
        if place.is_public() {
            return;
        }
        let Ok(at) = Address::of_place(&place.key) else { return };
        let mut request = SendChatAction::new(at.chat, ChatAction::Typing);
        if let Some(topic) = at.topic {
            request = request.message_thread_id(topic);
        }
        if let Err(failure) = self.call(request).await {
            tracing::debug!(reason = %failure, "Telegram was not told that we are typing");
        }
    }
}

impl TelegramChannel {
    async fn send_to(&self, at: Address, delivery: &Delivery) -> Result<Vec<ExternalId>, SendError> {
        let message = &delivery.message;
        let targets = || match (&delivery.target, delivery.parts.as_slice()) {
            (None, _) => Err(refused("the message that this is about was never sent")),
            (Some(target), []) => Ok(std::slice::from_ref(target)),
            (Some(_), parts) => Ok(parts),
        };
        match &message.operation {
            Operation::Post { content, reply_to } => {
                let quoted = reply_to.as_ref().or_else(|| at.quoted(delivery));
                if delivery.files.is_empty() {
                    let mut message = Message::of(&message.speaker, content, quoted, 1)?;
                    if let Some(invitation) = &content.invitation {
                        message.keyboard = Some(self.way_out(message.keyboard, invitation).await?);
                    }
                    self.post(at, &message).await
                } else {
                    let message = Message::beside_files(&message.speaker, content, quoted);
                    self.post_with_files(at, &message, &delivery.files).await
                }
            }
            Operation::Edit { content, .. } => {
                self.edit(at, targets()?, Message::of(&message.speaker, content, None, 1)?).await
            }
            Operation::Delete { .. } => {
                for target in targets()? {
                    self.delete(at, target).await?;
                }
                Ok(targets()?.to_vec())
            }
            Operation::Card { content } => self.show_card(at, delivery, content).await,
            Operation::Receipt { message, emoji } => self.receipt(at, message, emoji.as_deref()).await,
            Operation::CloseThread => self.close_topic(at, true).await,
            Operation::ReopenThread => self.close_topic(at, false).await,
        }
    }
}

/// It is new, and for nobody but the requester.
fn is_said_in_private(delivery: &Delivery) -> bool {
    delivery.thread.is_none()
        && !delivery.message.place.is_public()
        && matches!(delivery.message.operation, Operation::Post { .. })
}

/// What Telegram's "Bots FAQ" allows (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>): a message a
/// second in a chat, short bursts granted; 20 a minute in a group; 30 a second altogether. A little less of each, because Telegram
/// counts what arrives there, and two messages may arrive closer together than they were sent.
pub(crate) fn limits(per_group: Rate) -> Limits {
    let below = |rate: Rate| Rate { within: rate.within + rate.within / 20, ..rate };
    let rate = |count, seconds| below(Rate { count, within: Duration::from_secs(seconds) });
    Limits { chat: rate(3, 3), room: below(per_group), platform: rate(30, 1) }
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

/// What a failure means when `sent` parts of the message have arrived already: it cannot be repeated as a whole any more.
fn after(sent: usize, total: usize, failure: Failure) -> SendError {
    if sent == 0 {
        return failure.into();
    }
    SendError::Unknown { reason: Why::Partly.because(&format!("{sent} of {total} parts were sent, then: {failure}")) }
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
