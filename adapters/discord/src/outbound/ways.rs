//! Threads for requesters: for a question that was asked in a channel, and for somebody who takes no direct messages.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    time::Duration,
};

use firstline_engine::ports::{Greeting, Opened, SendError, WayWanted};
use serde_json::{Value, json};
use serenity::model::id::{ChannelId, MessageId, UserId};

use super::{
    DiscordChannel, HAS_THREAD, NO_ACCESS, NO_PERMISSION, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, address,
    begin::{is, server_of},
    id_of,
};
use crate::{
    intake::asked_in,
    rest::{Failure, Method, NOTHING, Route},
};

/// The channel has no such threads.
const WRONG_CHANNEL: i64 = 50024;

/// After a day without a word a thread disappears from the list.
const PUT_AWAY_AFTER: u16 = 1_440;

/// The longest name of a thread, in characters.
const LONGEST: usize = 100;

const PUBLIC: u8 = 11;
const PRIVATE: u8 = 12;

impl DiscordChannel {
    /// Makes a thread for a requester.
    pub(super) async fn make_way(&self, wanted: &WayWanted<'_>) -> Result<Option<Opened>, SendError> {
        let asked = asked_in(&wanted.place.key);
        let Some(channel) = asked.map(|(channel, _)| channel).or_else(|| self.settings.help_channels.first().copied())
        else {
            return Ok(None);
        };
        let made = match asked {
            Some((_, message)) => self.for_question(wanted, channel, message).await.map(Some),
            // They are spoken with in private, so it must be a thread that nobody else sees.
            None => {
                self.alone(wanted, channel).await.map(|address| address.map(|address| opened(address, Greeting::Moved)))
            }
        };
        match made {
            Ok(made) => Ok(made),
            Err(failure) => Err(match self.makes_room(&failure, ChannelId::new(channel.max(1))).await {
                Some(true) => SendError::NotSent { reason: failure.reason(), wait: Some(Duration::ZERO) },
                // Nobody knows when there is some, and somebody waits.
                Some(false) | None => failure.into(),
            }),
        }
    }

    async fn for_question(&self, wanted: &WayWanted<'_>, channel: u64, message: u64) -> Result<Opened, Failure> {
        // A post in a forum is a thread already, and so is what an earlier attempt has made.
        match self.rest.call(Method::GET, Route::Channel(ChannelId::new(message)), NOTHING).await {
            Ok(_) => return Ok(opened(message.to_string(), Greeting::SharedQuestion)),
            Err(Failure::Refused { code: UNKNOWN_CHANNEL | NO_ACCESS, .. }) => {}
            Err(failure) => return Err(failure),
        }
        if self.settings.private_threads
            && let Some(address) = self.alone(wanted, channel).await?
        {
            return Ok(opened(address, Greeting::Question));
        }
        let thread = json!({"name": name(wanted.title, ""), "auto_archive_duration": PUT_AWAY_AFTER});
        let route = Route::ThreadOf(ChannelId::new(channel), MessageId::new(message));
        match self.rest.call(Method::POST, route, Some(&thread)).await {
            Ok(_) | Err(Failure::Refused { code: HAS_THREAD, .. }) => {
                Ok(opened(message.to_string(), Greeting::SharedQuestion))
            }
            // The question was deleted meanwhile; it is answered all the same.
            Err(Failure::Refused { code: UNKNOWN_MESSAGE, .. }) => {
                let id = self.begin(channel, wanted, PUBLIC).await?;
                Ok(opened(id, Greeting::SharedQuestion))
            }
            Err(failure) => Err(failure),
        }
    }

    /// A thread that nobody sees but its requester and who manages threads there; `None` where that is not allowed, or they
    /// cannot come in.
    async fn alone(&self, wanted: &WayWanted<'_>, channel: u64) -> Result<Option<String>, Failure> {
        let Some(user) = wanted.user.parse().ok().filter(|&id| id != 0) else { return Ok(None) };
        let id = match self.begin(channel, wanted, PRIVATE).await {
            Ok(id) => id,
            Err(Failure::Refused { code: NO_PERMISSION | NO_ACCESS | UNKNOWN_CHANNEL | WRONG_CHANNEL, .. }) => {
                return Ok(None);
            }
            Err(failure) => return Err(failure),
        };
        let thread = ChannelId::new(id.parse().unwrap_or(1));
        match self.rest.call(Method::PUT, Route::ThreadMember(thread, UserId::new(user)), NOTHING).await {
            Ok(_) => Ok(Some(id)),
            Err(Failure::Refused { text, .. }) => {
                tracing::warn!(reason = text, "somebody cannot be brought into a thread of the help channel");
                if let Err(failure) = self.put_away(thread, true).await {
                    tracing::debug!(reason = %failure, "a thread that nobody is in could not be put away");
                }
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Begins a thread, or finds the one that an attempt before has begun: its name is the place's own.
    async fn begin(&self, channel: u64, wanted: &WayWanted<'_>, kind: u8) -> Result<String, Failure> {
        let (channel, name) = (ChannelId::new(channel), name(wanted.title, &mark(wanted)));
        if wanted.again
            && let Some(begun) = self.begun(channel, &name, kind).await?
        {
            return Ok(begun);
        }
        let mut thread = json!({"name": name, "type": kind, "auto_archive_duration": PUT_AWAY_AFTER});
        if kind == PRIVATE {
            // Nobody but who manages threads brings others in.
            thread["invitable"] = Value::Bool(false);
        }
        let begun = self.rest.call(Method::POST, Route::Threads(channel), Some(&thread)).await?;
        let id = id_of(&begun).filter(|id| id.0.parse::<u64>().is_ok_and(|id| id != 0));
        id.map(|id| id.0).ok_or_else(|| Failure::Unclear("the thread has no id".to_owned()))
    }

    async fn begun(&self, channel: ChannelId, name: &str, kind: u8) -> Result<Option<String>, Failure> {
        let about = self.rest.call(Method::GET, Route::Channel(channel), NOTHING).await?;
        let Some(server) = server_of(&about) else { return Ok(None) };
        let (open, parent) = (self.our_open_threads(server).await?, channel.to_string());
        let is_it = |it: &&Value| {
            is(it, "parent_id", &parent)
                && is(it, "name", name)
                && it.get("type").and_then(Value::as_u64) == Some(kind.into())
        };
        Ok(open.iter().find(is_it).and_then(id_of).map(|id| id.0))
    }

    /// The first words in a thread, which mention its requester and nobody else.
    pub(super) async fn call_to(&self, thread: ChannelId, user: &str, text: &str) -> Result<(), Failure> {
        let mut hasher = DefaultHasher::new();
        thread.get().hash(&mut hasher);
        let Some(id) = user.parse::<u64>().ok().filter(|&id| id != 0) else {
            return Err(address::failed("the person's id is none of Discord's"));
        };
        let text = format!("<@{id}> {text}");
        // The nonce counts for some minutes only, and an attempt before this one may have been long ago.
        if self.said_before(thread, &text).await?.is_some() {
            return Ok(());
        }
        let greeting = json!({"content": text, "allowed_mentions": {"users": [id.to_string()]},
            "nonce": format!("w{:x}", hasher.finish()), "enforce_nonce": true});
        self.rest.call(Method::POST, Route::Messages(thread), Some(&greeting)).await.map(drop)
    }
}

const fn opened(address: String, greeting: Greeting) -> Opened {
    Opened { address, greeting }
}

/// The title as far as it fits, and this behind it.
fn name(title: &str, mark: &str) -> String {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    title.chars().take(LONGEST - mark.chars().count()).chain(mark.chars()).collect()
}

/// Tells the thread of a place from those of all others, which may be called like it: people are, and they ask more than once.
fn mark(wanted: &WayWanted<'_>) -> String {
    const DIGITS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut hasher = DefaultHasher::new();
    (&wanted.place.key, wanted.user).hash(&mut hasher);
    let hash = hasher.finish();
    let digit = |nth: u32| {
        let at = usize::try_from((hash >> (5 * nth)) & 31).unwrap_or_default();
        DIGITS.get(at).map(|&digit| char::from(digit))
    };
    [' ', '·', ' '].into_iter().chain((0..6).filter_map(digit)).collect()
}
