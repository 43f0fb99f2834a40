//! From the desk's messages to calls of the REST API.

use std::sync::Arc;

use async_trait::async_trait;
use firstline_engine::{
    ids::OutboundId,
    inbound::{ExternalId, PlaceRef},
    outbound::{Choice, Content, Delivery, Operation, OutboundMessage},
    people::Platform,
    ports::{Channel, SendError},
};
use serde_json::Value;
use serenity::{
    builder::{
        CreateActionRow, CreateAllowedMentions, CreateButton, CreateMessage, CreateSelectMenu, CreateSelectMenuKind,
        CreateSelectMenuOption, EditMessage,
    },
    model::{
        application::ButtonStyle,
        channel::{MessageReference, MessageReferenceKind, Nonce},
        id::{ChannelId, MessageId},
    },
};

use crate::{
    markup,
    rest::{Failure, Method, NOTHING, Rest, Route},
};

/// The way to Discord's direct messages.
pub(crate) struct DiscordChannel {
    rest: Arc<Rest>,
}

impl DiscordChannel {
    pub(crate) const fn new(rest: Arc<Rest>) -> Self {
        Self { rest }
    }

    /// Sends the parts from the `first` on. A repetition is absorbed part by part, so a failure behind the first part is like
    /// any other.
    async fn post(
        &self,
        channel_id: ChannelId,
        message: &OutboundMessage,
        content: &Content,
        first: usize,
        reply_to: Option<&ExternalId>,
    ) -> Result<Option<ExternalId>, SendError> {
        let parts = parts(message, content)?;
        let mut last = None;
        for (index, part) in parts.iter().enumerate().skip(first) {
            let mut request = CreateMessage::new()
                .content(part)
                .allowed_mentions(no_mentions())
                .nonce(Nonce::String(nonce(message.id, index)))
                .enforce_nonce(true);
            if let (0, Some(Ok(quoted))) = (index, reply_to.map(message_id)) {
                let reference = MessageReference::new(MessageReferenceKind::Default, channel_id);
                request = request.reference_message(reference.message_id(quoted).fail_if_not_exists(false));
            }
            if index + 1 == parts.len() && !content.choices.is_empty() {
                request = request.components(components(&content.choices));
            }
            let posted = self.rest.call(Method::POST, Route::Messages(channel_id), Some(&request)).await?;
            last = posted.get("id").and_then(Value::as_str).map(|id| ExternalId(id.to_owned()));
        }
        Ok(last)
    }

    /// Changes a message. Of a message that needed several, the last is the one we know; what no longer fits follows below.
    async fn edit(
        &self,
        channel_id: ChannelId,
        target: &ExternalId,
        message: &OutboundMessage,
        content: &Content,
    ) -> Result<Option<ExternalId>, SendError> {
        let parts = parts(message, content)?;
        let Some(first) = parts.first() else { return Ok(Some(target.clone())) };
        let choices: &[Choice] = if parts.len() == 1 { &content.choices } else { &[] };
        let request = EditMessage::new().content(first).allowed_mentions(no_mentions()).components(components(choices));
        let route = Route::Message(channel_id, message_id(target)?);
        self.rest.call(Method::PATCH, route, Some(&request)).await?;
        let rest = self.post(channel_id, message, content, 1, None).await?;
        Ok(rest.or_else(|| Some(target.clone())))
    }

    async fn delete(&self, channel_id: ChannelId, target: &ExternalId) -> Result<Option<ExternalId>, SendError> {
        const UNKNOWN_MESSAGE: i64 = 10008;
        let route = Route::Message(channel_id, message_id(target)?);
        match self.rest.call(Method::DELETE, route, NOTHING).await {
            // Somebody was faster; it is gone, which is what was wanted.
            Ok(_) | Err(Failure::Refused { code: UNKNOWN_MESSAGE, .. }) => Ok(Some(target.clone())),
            Err(failure) => Err(failure.into()),
        }
    }
}

#[async_trait]
impl Channel for DiscordChannel {
    fn platform(&self) -> Platform {
        Platform::Discord
    }

    async fn send(&self, delivery: &Delivery) -> Result<Vec<ExternalId>, SendError> {
        let message = &delivery.message;
        let channel = channel_id(&message.place)?;
        let target =
            || delivery.target.as_ref().ok_or_else(|| refused("the message that this is about was never sent"));
        let id = match &message.operation {
            Operation::Post { content, reply_to } => self.post(channel, message, content, 0, reply_to.as_ref()).await,
            Operation::Edit { content, .. } => self.edit(channel, target()?, message, content).await,
            Operation::Delete { .. } => self.delete(channel, target()?).await,
            // Not here yet: no queue can be bound to a room on Discord.
            Operation::Card { .. } | Operation::Receipt { .. } | Operation::CloseThread | Operation::ReopenThread => {
                Err(refused("there are no staff rooms on Discord yet"))
            }
        }?;
        Ok(id.into_iter().collect())
    }

    async fn typing(&self, place: &PlaceRef) {
        if let Ok(channel_id) = channel_id(place)
            && let Err(failure) = self.rest.call(Method::POST, Route::Typing(channel_id), NOTHING).await
        {
            tracing::debug!(reason = %failure, "Discord was not told that we are typing");
        }
    }

    /// Every message carries a nonce that Discord enforces for some minutes; edits and deletions are the same when repeated.
    fn absorbs_repeats(&self) -> bool {
        true
    }
}

fn parts(message: &OutboundMessage, content: &Content) -> Result<Vec<String>, SendError> {
    let parts = markup::parts(&message.speaker, content);
    if parts.is_empty() { Err(refused("the message has no text")) } else { Ok(parts) }
}

/// Nobody is ever called by what we write.
fn no_mentions() -> CreateAllowedMentions {
    CreateAllowedMentions::new().replied_user(false)
}

/// Buttons, five in a row, or lists where there are too many for buttons. What is beyond five full lists cannot be offered.
fn components(choices: &[Choice]) -> Vec<CreateActionRow> {
    const ROWS: usize = 5;
    const BUTTONS: usize = 5;
    const ENTRIES: usize = 25;
    if choices.len() <= ROWS * BUTTONS {
        return choices.chunks(BUTTONS).map(|row| CreateActionRow::Buttons(row.iter().map(button).collect())).collect();
    }
    let lists = choices.chunks(ENTRIES).take(ROWS).enumerate();
    lists
        .map(|(index, entries)| {
            let options = entries.iter().map(|choice| CreateSelectMenuOption::new(label(&choice.label), &choice.token));
            let kind = CreateSelectMenuKind::String { options: options.collect() };
            CreateActionRow::SelectMenu(CreateSelectMenu::new(format!("choose:{index}"), kind))
        })
        .collect()
}

fn button(choice: &Choice) -> CreateButton {
    CreateButton::new(&choice.token).label(label(&choice.label)).style(ButtonStyle::Secondary)
}

/// At most 80 characters, which is what Discord shows.
fn label(text: &str) -> String {
    const LONGEST: usize = 80;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// Names one part of one message in at most 25 characters, always the same.
fn nonce(message: OutboundId, part: usize) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = message.0.as_u128();
    let mut text = String::new();
    while rest > 0 {
        text.extend(DIGITS.get(usize::try_from(rest % 62).unwrap_or_default()).map(|&digit| char::from(digit)));
        rest /= 62;
    }
    // 22 digits hold any id, which leaves two for the part.
    format!("{text}.{}", part % 100)
}

fn channel_id(place: &PlaceRef) -> Result<ChannelId, SendError> {
    non_zero(&place.key).map(ChannelId::new).ok_or_else(|| refused("the place is no channel of Discord's"))
}

fn message_id(id: &ExternalId) -> Result<MessageId, SendError> {
    non_zero(&id.0).map(MessageId::new).ok_or_else(|| refused("the message id is none of Discord's"))
}

/// serenity panics on an id of zero.
fn non_zero(id: &str) -> Option<u64> {
    id.parse().ok().filter(|&id| id != 0)
}

fn refused(reason: &str) -> SendError {
    SendError::Refused { reason: reason.to_owned() }
}

#[cfg(test)]
mod tests;
