//! From the desk's messages to calls of the REST API.

mod address;
mod again;
mod answer;
mod begin;
mod boosts;
mod changing;
mod choices;
mod crowded;
mod excuse;
mod failures;
mod rooms;
pub(crate) mod tags;
mod ways;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use firstline_engine::{
    files::{File, LARGEST},
    ids::OutboundId,
    inbound::{ExternalId, PlaceRef},
    outbound::{Content, Delivery, Earlier, Operation, OutboundMessage},
    people::Platform,
    phrases::Phrases,
    ports::{Channel, FetchError, Opened, SendError, WayWanted},
};
use serde_json::Value;
use serenity::{
    builder::{CreateAllowedMentions, CreateMessage},
    model::{
        channel::{MessageReference, MessageReferenceKind, Nonce},
        id::ChannelId,
    },
};
use tokio::sync::OnceCell;

use self::{
    address::message_id,
    failures::{
        HAS_THREAD, NO_ACCESS, NO_PERMISSION, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNTIL_ALLOWED, in_chat, in_thread,
    },
};
use crate::{
    DiscordSettings, markup,
    rest::{Failure, Method, NOTHING, Rest, Route, time_for},
};

/// The way to Discord.
pub(crate) struct DiscordChannel {
    rest: Arc<Rest>,
    settings: Arc<DiscordSettings>,
    /// What stands around an answer that only one person sees.
    phrases: Phrases,
    /// The bot's id, once it was needed.
    us: OnceCell<String>,
}

impl DiscordChannel {
    pub(crate) fn new(rest: Arc<Rest>, settings: Arc<DiscordSettings>) -> Self {
        Self { rest, settings, phrases: Phrases::new(), us: OnceCell::new() }
    }

    /// Sends the parts from the `first` on. A repetition is absorbed part by part, so a failure behind the first part is like
    /// any other; what `earlier` attempts may have left there is looked for.
    async fn post(
        &self,
        channel_id: ChannelId,
        message: &OutboundMessage,
        content: &Content,
        (first, files): (usize, &[File]),
        reply_to: Option<&ExternalId>,
        earlier: Option<&Earlier>,
    ) -> Result<Vec<ExternalId>, Failure> {
        let mut parts = markup::parts(&message.speaker, content);
        if parts.is_empty() && files.is_empty() {
            return Err(address::failed("the message has no text"));
        }
        // The first files go with the last words, the others follow.
        let is_staffs = choices::is_staffs(message);
        let batches = files.chunks(MOST_FILES).count();
        let last = parts.len().max(1) - 1;
        parts.resize(parts.len().max(last + batches), String::new());
        let batch_of = |index: usize| index.checked_sub(last).and_then(|nth| files.chunks(MOST_FILES).nth(nth));
        let wanted: Vec<again::Part<'_>> = (first..)
            .zip(parts.iter().skip(first))
            .map(|(index, text)| again::Part {
                nonce: nonce(message.id, index),
                text,
                files: batch_of(index).map_or(0, <[File]>::len),
            })
            .collect();
        let arrived = self.arrived(channel_id, &wanted, earlier).await?;
        let mut ids = Vec::new();
        for ((index, part), arrived) in parts.iter().enumerate().skip(first).zip(arrived) {
            if let Some(id) = arrived {
                ids.push(id);
                continue;
            }
            let mut request = CreateMessage::new()
                .content(part)
                .allowed_mentions(no_mentions())
                .nonce(Nonce::String(nonce(message.id, index)))
                .enforce_nonce(true);
            if let (0, Some(Ok(quoted))) = (index, reply_to.map(message_id)) {
                let reference = MessageReference::new(MessageReferenceKind::Default, channel_id);
                request = request.reference_message(reference.message_id(quoted).fail_if_not_exists(false));
            }
            if index == last && !content.choices.is_empty() {
                request = request.components(choices::offered(&content.choices, is_staffs));
            }
            let route = Route::Messages(channel_id);
            let posted = match batch_of(index) {
                Some(batch) => {
                    let batch: Vec<&File> = batch.iter().collect();
                    self.rest.call_with_files(Method::POST, route, &request, &batch).await?
                }
                None => self.rest.call(Method::POST, route, Some(&request)).await?,
            };
            ids.extend(id_of(&posted));
        }
        Ok(ids)
    }
}

/// The most files of one message.
const MOST_FILES: usize = 10;

/// As much as a slow line is waited for, in bytes: two of the largest files that are copied.
const LARGEST_MESSAGE: u64 = 2 * LARGEST;

fn id_of(answer: &Value) -> Option<ExternalId> {
    answer.get("id").and_then(Value::as_str).map(|id| ExternalId(id.to_owned()))
}

#[async_trait]
impl Channel for DiscordChannel {
    fn platform(&self) -> Platform {
        Platform::Discord
    }

    async fn send(&self, delivery: &Delivery) -> Result<Vec<ExternalId>, SendError> {
        let message = &delivery.message;
        if let (Some(via), Operation::Post { content, .. }) = (&delivery.via, &message.operation) {
            return self.answer(via, delivery, content).await;
        }
        let (channel, earlier) = (address::channel_of(delivery)?, delivery.earlier.as_ref());
        let targets = || match (&delivery.target, delivery.parts.as_slice()) {
            (None, _) => Err(address::refused("the message that this is about was never sent")),
            (Some(target), []) => Ok(std::slice::from_ref(target)),
            (Some(_), parts) => Ok(parts),
        };
        let done = match &message.operation {
            Operation::Post { content, reply_to } => {
                self.post(channel, message, content, (0, &delivery.files), reply_to.as_ref(), earlier).await
            }
            Operation::Edit { content, .. } => match self.edit(channel, targets()?, message, content, earlier).await {
                // It was sent before the conversation went on elsewhere.
                Err(Failure::Refused { code: UNKNOWN_MESSAGE, .. }) if let Some(before) = address::own(delivery) => {
                    self.edit(before, targets()?, message, content, earlier).await
                }
                done => done,
            },
            Operation::Delete { .. } => {
                for place in std::iter::once(channel).chain(address::own(delivery)) {
                    self.delete_all(place, targets()?).await?;
                }
                Ok(targets()?.to_vec())
            }
            Operation::Card { content } => self.show_card(delivery, content).await,
            Operation::Receipt { message, .. } => self.receipt(channel, message).await.map(|()| Vec::new()),
            Operation::CloseThread => self.put_away(channel, true).await.map(|()| Vec::new()),
            Operation::ReopenThread => self.put_away(channel, false).await.map(|()| Vec::new()),
        };
        match done {
            Ok(ids) => {
                self.keep_put_away(delivery, channel).await;
                Ok(ids)
            }
            Err(failure) => Err(self.not_sent(delivery, channel, failure).await),
        }
    }

    async fn open_way(&self, wanted: &WayWanted<'_>) -> Result<Option<Opened>, SendError> {
        self.make_way(wanted).await
    }

    async fn excuse(&self, wanted: &WayWanted<'_>) -> bool {
        self.excuse_to(wanted).await.unwrap_or_else(|failure| {
            tracing::warn!(reason = %failure, "somebody is not answered where they asked, and could not be told so either");
            false
        })
    }

    async fn greet(&self, address: &str, user: &str, text: &str) -> Result<(), SendError> {
        self.call_to(address::channel_id(address)?, user, text).await.map_err(|failure| in_chat(failure, true))
    }

    async fn open_thread(&self, room: &str, title: &str) -> Result<Option<ExternalId>, SendError> {
        let room = address::channel_id(room)?;
        let failure = match self.begin_thread(room, title).await {
            Ok(thread) => return Ok(Some(thread)),
            Err(failure) => failure,
        };
        Err(match failure {
            // The room is gone, which is no ticket's fault; somebody may make another.
            Failure::Refused { code: UNKNOWN_CHANNEL, .. } => {
                SendError::NotSent { reason: failure.to_string(), wait: Some(UNTIL_ALLOWED) }
            }
            failure => self.crowded(&failure, room).await.unwrap_or_else(|| in_thread(failure)),
        })
    }

    async fn fetch(&self, handle: &str, limit: u64) -> Result<Vec<u8>, FetchError> {
        self.rest.fetch(handle, limit).await
    }

    async fn largest_file(&self, delivery: &Delivery) -> Result<u64, SendError> {
        self.largest_there(delivery).await
    }

    /// Files take long on a slow line, and each of a message's requests has a limit of its own: this one is for all of them.
    fn send_timeout(&self) -> Duration {
        time_for(LARGEST_MESSAGE)
    }

    async fn typing(&self, place: &PlaceRef) {
        if let Ok(channel_id) = address::channel_id(&place.key)
            && let Err(failure) = self.rest.call(Method::POST, Route::Typing(channel_id), NOTHING).await
        {
            tracing::debug!(reason = %failure, "Discord was not told that we are typing");
        }
    }

    /// Every message carries a nonce that Discord enforces for some minutes, and is looked for after that ([`again`]); edits and
    /// deletions are the same when repeated.
    fn absorbs_repeats(&self) -> bool {
        true
    }
}

/// Nobody is ever called by what we write.
fn no_mentions() -> CreateAllowedMentions {
    CreateAllowedMentions::new().replied_user(false)
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

#[cfg(test)]
mod tests;
