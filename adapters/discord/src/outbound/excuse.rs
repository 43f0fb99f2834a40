//! Who asked in a channel in which no thread can be had, or none can be written in, is told so where that is possible: in direct
//! messages, where they can ask again, or else below the question, where a command is answered without a thread.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use firstline_engine::ports::WayWanted;
use serde_json::json;
use serenity::model::id::ChannelId;

use super::{DiscordChannel, address, begin::server_of, id_of};
use crate::{
    intake::asked_in,
    rest::{Failure, Method, NOTHING, Route},
};

impl DiscordChannel {
    /// Tells them once for each question. False where nothing was asked in a channel.
    pub(super) async fn excuse_to(&self, wanted: &WayWanted<'_>) -> Result<bool, Failure> {
        let Some((channel, message)) = asked_in(&wanted.place.key) else { return Ok(false) };
        let question = self.link_to(channel, message).await?;
        let text = self.phrases.ui(wanted.language, "discord-excuse", &[("question", &question)]);
        match self.say_directly(wanted, &text).await {
            Ok(()) => Ok(true),
            Err(Failure::Refused { .. }) => {
                let text = self.phrases.ui(wanted.language, "discord-excuse-in-channel", &[]);
                self.say_below(wanted, &text, (channel, message)).await?;
                Ok(true)
            }
            Err(failure) => Err(failure),
        }
    }

    /// A link that leads to the question, or at least to its channel.
    async fn link_to(&self, channel: u64, message: u64) -> Result<String, Failure> {
        let about = match self.rest.call(Method::GET, Route::Channel(ChannelId::new(channel)), NOTHING).await {
            Ok(about) => server_of(&about),
            Err(Failure::Refused { .. }) => None,
            Err(failure) => return Err(failure),
        };
        Ok(match about {
            Some(server) => format!("https://discord.com/channels/{server}/{channel}/{message}"),
            None => format!("<#{channel}>"),
        })
    }

    async fn say_directly(&self, wanted: &WayWanted<'_>, text: &str) -> Result<(), Failure> {
        let recipient = json!({"recipient_id": wanted.user});
        let opened = self.rest.call(Method::POST, Route::DirectMessages, Some(&recipient)).await?;
        let channel = id_of(&opened).and_then(|id| id.0.parse().ok()).filter(|&id| id != 0);
        let channel = channel.ok_or_else(|| Failure::NotReached("the channel has no id".to_owned()))?;
        let channel = ChannelId::new(channel);
        if self.said_before(channel, text).await?.is_some() {
            return Ok(());
        }
        let said =
            json!({"content": text, "allowed_mentions": {"parse": []}, "nonce": once(wanted), "enforce_nonce": true});
        self.rest.call(Method::POST, Route::Messages(channel), Some(&said)).await.map(drop)
    }

    /// As an answer to the question, which mentions its author and nobody else.
    async fn say_below(
        &self,
        wanted: &WayWanted<'_>,
        text: &str,
        (channel, message): (u64, u64),
    ) -> Result<(), Failure> {
        let Some(user) = wanted.user.parse::<u64>().ok().filter(|&id| id != 0) else {
            return Err(address::failed("the person's id is none of Discord's"));
        };
        let said = json!({"content": format!("<@{user}> {text}"), "allowed_mentions": {"users": [user.to_string()]},
            "message_reference": {"message_id": message.to_string(), "fail_if_not_exists": false},
            "nonce": once(wanted), "enforce_nonce": true});
        self.rest.call(Method::POST, Route::Messages(ChannelId::new(channel)), Some(&said)).await.map(drop)
    }
}

/// The same for everything that cannot be answered there.
fn once(wanted: &WayWanted<'_>) -> String {
    let mut hasher = DefaultHasher::new();
    wanted.place.key.hash(&mut hasher);
    format!("e{:x}", hasher.finish())
}
