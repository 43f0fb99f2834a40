//! What only staff rooms have: a topic per ticket, its pinned card, and the sign that a message has arrived.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use firstline_engine::{
    inbound::ExternalId,
    outbound::{Content, Delivery},
    ports::SendError,
};
use serde::{Deserialize, Serialize};
use teloxide::{
    payloads::{
        CloseForumTopic, CreateForumTopic, PinChatMessage, PinChatMessageSetters as _, ReopenForumTopic,
        SetMessageReaction, SetMessageReactionSetters as _,
    },
    requests::Payload,
    types::{ChatId, ReactionType},
};

use super::{
    Message, TelegramChannel,
    address::{Address, message_id},
};
use crate::failure::Failure;

/// How long to wait for somebody to give the bot a right that it lacks.
const UNTIL_ALLOWED: Duration = Duration::from_mins(1);

/// What an author sees on a message that has reached the requester: one of the emoji that Telegram allows as reactions.
const ARRIVED: &str = "👌";

/// How many buttons of a card stand in a row.
const BUTTONS: usize = 2;

impl TelegramChannel {
    pub(super) async fn open_topic(&self, chat: ChatId, title: &str) -> Result<Option<ExternalId>, SendError> {
        match self.call(Made(CreateForumTopic::new(chat, title))).await {
            Ok(topic) => Ok(Some(ExternalId(topic.message_thread_id.to_string()))),
            Err(Failure::Refused(reason)) if reason.contains("not a forum") => Ok(None),
            // Mended by a person, in a minute or in a day; nothing is lost until then.
            Err(Failure::Refused(reason)) if reason.contains("not enough rights") => {
                Err(SendError::NotSent { reason, wait: Some(UNTIL_ALLOWED) })
            }
            Err(failure) => Err(failure.into()),
        }
    }

    /// Changes the card that is shown, or shows the first one and pins it.
    pub(super) async fn show_card(
        &self,
        at: Address,
        delivery: &Delivery,
        content: &Content,
    ) -> Result<Vec<ExternalId>, SendError> {
        let mut message = Message::of(&delivery.message.speaker, content, None, BUTTONS)?;
        // A card is one message; what nobody could read at a glance is left out.
        message.parts.truncate(1);
        let shown = delivery.thread.as_ref().and_then(|thread| thread.card_id.as_ref());
        if let Some(shown) = shown {
            self.edit_card(at, shown, &message).await?;
            if self.unpinned.lists(at.chat, shown) {
                self.pin(at, shown).await?;
            }
            return Ok(vec![shown.clone()]);
        }
        let card = self.post_part(at, &message, 0).await?;
        if at.topic.is_some() {
            self.pin(at, &card).await?;
        }
        Ok(vec![card])
    }

    /// Pins a card. Where that fails the card is there and only harder to find; it is tried again when the card changes.
    async fn pin(&self, at: Address, card: &ExternalId) -> Result<(), SendError> {
        match self.call(PinChatMessage::new(at.chat, message_id(card)?).disable_notification(true)).await {
            Ok(_) => self.unpinned.strike(at.chat, card),
            Err(failure) => {
                self.unpinned.add(at.chat, card);
                tracing::warn!(reason = %failure, "a ticket's card could not be pinned");
            }
        }
        Ok(())
    }

    /// A bot has one reaction on a message: the requester's sign stands in for the receipt, which it says as well.
    pub(super) async fn receipt(
        &self,
        at: Address,
        message: &ExternalId,
        sign: Option<&str>,
    ) -> Result<Vec<ExternalId>, SendError> {
        let message = message_id(message)?;
        for emoji in sign.into_iter().chain([ARRIVED]) {
            let reaction = ReactionType::Emoji { emoji: emoji.to_owned() };
            match self.call(SetMessageReaction::new(at.chat, message).reaction(vec![reaction])).await {
                Ok(_) => break,
                // People have more signs than bots; and it may stand there already.
                Err(Failure::Refused(reason)) if reason.contains("REACTION") => {}
                Err(failure) => return Err(failure.into()),
            }
        }
        Ok(Vec::new())
    }

    /// Closes a topic or opens it again. Where there are no topics there is nothing to do.
    pub(super) async fn close_topic(&self, at: Address, close: bool) -> Result<Vec<ExternalId>, SendError> {
        let Some(topic) = at.topic else { return Ok(Vec::new()) };
        let done = if close {
            self.call(CloseForumTopic::new(at.chat, topic)).await.map(drop)
        } else {
            self.call(ReopenForumTopic::new(at.chat, topic)).await.map(drop)
        };
        match done {
            Ok(()) => Ok(Vec::new()),
            // Somebody was faster.
            Err(Failure::Refused(reason)) if reason.contains("TOPIC_NOT_MODIFIED") => Ok(Vec::new()),
            Err(failure) => Err(failure.into()),
        }
    }
}

/// So many cards are remembered; the oldest ones are forgotten.
const MOST_UNPINNED: usize = 1000;

/// The cards that could not be pinned since the program was started: the bot was not allowed to, or Telegram did not answer. What
/// people unpin is theirs, so no other card is pinned twice.
#[derive(Default)]
pub(super) struct Unpinned(Mutex<VecDeque<(ChatId, ExternalId)>>);

impl Unpinned {
    fn cards(&self) -> MutexGuard<'_, VecDeque<(ChatId, ExternalId)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lists(&self, chat: ChatId, card: &ExternalId) -> bool {
        self.cards().iter().any(|it| it.0 == chat && it.1 == *card)
    }

    fn add(&self, chat: ChatId, card: &ExternalId) {
        self.strike(chat, card);
        let mut cards = self.cards();
        cards.push_back((chat, card.clone()));
        let surplus = cards.len().saturating_sub(MOST_UNPINNED);
        cards.drain(..surplus);
    }

    fn strike(&self, chat: ChatId, card: &ExternalId) {
        self.cards().retain(|it| it.0 != chat || it.1 != *card);
    }
}

/// A request of which only the topic's id is read in the answer.
#[derive(Clone, Serialize)]
#[serde(transparent)]
struct Made<P>(P);

/// The part of a new topic that matters.
#[derive(Deserialize)]
struct Topic {
    message_thread_id: i64,
}

impl<P: Payload> Payload for Made<P> {
    type Output = Topic;

    const NAME: &'static str = P::NAME;
}
