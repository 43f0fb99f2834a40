//! A server has at most 1,000 threads that are not put away. Where a thread cannot be begun or brought back because of that, the one
//! of ours in which nothing was written for the longest is put away: its next word brings it back.

use std::time::Duration;

use firstline_engine::{outbound::Delivery, ports::SendError};
use serde_json::Value;
use serenity::model::id::ChannelId;

use super::{
    DiscordChannel,
    begin::server_of,
    failures::{TOO_MANY_THREADS, UNTIL_ALLOWED, in_chat, in_thread},
};
use crate::rest::{Failure, Method, NOTHING, Route};

impl DiscordChannel {
    /// What a failure means for a message, after what can be mended at once was mended.
    pub(super) async fn not_sent(&self, delivery: &Delivery, channel: ChannelId, failure: Failure) -> SendError {
        if let Some(crowded) = self.crowded(&failure, channel).await {
            return crowded;
        }
        if delivery.thread.is_none() {
            return in_chat(failure, delivery.way.is_some());
        }
        let error = in_thread(failure);
        if matches!(error, SendError::ThreadGone { .. }) {
            self.take_card_away(delivery).await;
        }
        error
    }

    /// Makes room where there was none, and says when to try again; `None` for every other failure.
    pub(super) async fn crowded(&self, failure: &Failure, channel: ChannelId) -> Option<SendError> {
        let wait = if self.makes_room(failure, channel).await? { Duration::ZERO } else { UNTIL_ALLOWED };
        Some(SendError::NotSent { reason: failure.reason(), wait: Some(wait) })
    }

    /// Makes room where there was none; whether there is some now. `None` for every other failure.
    pub(super) async fn makes_room(&self, failure: &Failure, channel: ChannelId) -> Option<bool> {
        let Failure::Refused { code: TOO_MANY_THREADS, .. } = failure else { return None };
        Some(self.put_one_away(channel).await.unwrap_or_else(|why| {
            tracing::warn!(reason = %why, "no thread could be put away to make room for another");
            false
        }))
    }

    /// Puts away the thread of ours that has been quiet for the longest, but not this one. False where there is none.
    async fn put_one_away(&self, channel: ChannelId) -> Result<bool, Failure> {
        let about = self.rest.call(Method::GET, Route::Channel(channel), NOTHING).await?;
        let Some(server) = server_of(&about) else { return Ok(false) };
        let open = self.our_open_threads(server).await?;
        let id = |it: &Value, field: &str| it.get(field)?.as_str()?.parse::<u64>().ok().filter(|&id| id != 0);
        let quiet = open.iter().filter_map(|it| {
            Some((id(it, "last_message_id").or_else(|| id(it, "id"))?, ChannelId::new(id(it, "id")?)))
        });
        let Some((_, quietest)) = quiet.filter(|(_, thread)| *thread != channel).min() else { return Ok(false) };
        tracing::info!(thread = %quietest, "a server has as many open threads as it can have: the quietest is put away");
        self.put_away(quietest, true).await?;
        Ok(true)
    }
}
