//! Where the gateway is, in how many parts Discord wants it to be listened to, and what its last words mean.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use tokio_util::sync::CancellationToken;
use twilight_gateway::{ShardId, queue::InMemoryQueue};
use url::Url;

use super::patience::Patience;
use crate::{
    DiscordSettings,
    rest::{Failure, Method, NOTHING, Rest, Route},
};

/// More shards than this no helpdesk needs; what says so is not Discord.
const MOST_SHARDS: u64 = 1_000;

/// Where the gateway is, and how it is to be used.
#[derive(Clone)]
pub(super) struct Gateway {
    pub(super) url: Url,
    shards: u32,
    /// Sessions are begun one after the other, over all shards of this instance.
    pub(super) queue: InMemoryQueue,
}

impl Gateway {
    pub(super) fn new(url: Url, shards: u32, beginners: u16) -> Self {
        const A_DAY: Duration = Duration::from_hours(24);
        const A_DAYS_SESSIONS: u32 = 1_000;
        let queue = InMemoryQueue::new(beginners.max(1), A_DAYS_SESSIONS, A_DAY, A_DAYS_SESSIONS);
        Self { url, shards: shards.max(1), queue }
    }

    /// Asks Discord; `None` when cancelled.
    pub(super) async fn ask(rest: &Arc<Rest>, settings: &DiscordSettings, cancel: &CancellationToken) -> Option<Self> {
        let mut patience = Patience::default();
        loop {
            let answer = tokio::select! {
                () = cancel.cancelled() => return None,
                answer = rest.call(Method::GET, Route::Gateway, NOTHING) => answer,
            };
            let mut asked = None;
            match answer.map(|answer| read(&answer, settings.gateway_url.as_ref())) {
                Ok(Some(gateway)) => return Some(gateway),
                Ok(None) => tracing::error!("Discord does not tell where its gateway is; trying again"),
                Err(Failure::Token) => tracing::error!(
                    "Discord does not accept the token (401): copy it anew from the developer portal into discord.token and \
                     start again"
                ),
                Err(failure) => {
                    tracing::warn!(reason = %failure, "cannot ask Discord where its gateway is; trying again");
                    asked = failure.asks_to_wait();
                }
            }
            patience.wait(asked, cancel).await.ok()?;
        }
    }

    /// The parts, by Discord's advice: one for all but the largest apps.
    pub(super) fn shards(&self) -> impl Iterator<Item = ShardId> {
        let total = self.shards;
        (0..total).filter_map(move |number| ShardId::new_checked(number, total))
    }
}

fn read(answer: &Value, configured: Option<&Url>) -> Option<Gateway> {
    let told = answer.get("url").and_then(Value::as_str).and_then(|url| url.parse().ok());
    let shards = answer.get("shards").and_then(Value::as_u64).unwrap_or(1).min(MOST_SHARDS);
    let beginners = answer.pointer("/session_start_limit/max_concurrency").and_then(Value::as_u64).unwrap_or(1);
    let (shards, beginners) = (u32::try_from(shards).unwrap_or(1), u16::try_from(beginners).unwrap_or(1));
    Some(Gateway::new(configured.cloned().or(told)?, shards, beginners))
}

/// A shard is told of these servers, and the first one of direct messages, too.
pub(super) fn is_told(shard: ShardId, server: Option<u64>) -> bool {
    server.map_or(0, |server| (server >> 22) % u64::from(shard.total())) == u64::from(shard.number())
}

pub(super) fn hint(code: u16) -> &'static str {
    match code {
        4004 => {
            "the token is not accepted: copy it anew from the developer portal (Bot, Reset Token) into discord.token"
        }
        4010 | 4011 => "the number of shards has changed: start again",
        4012 => "this version of the gateway is no longer served: update Firstline",
        4013 | 4014 => {
            "an intent is not allowed: switch on \"Message Content Intent\" in the developer portal (Bot, Privileged Gateway \
             Intents), which staff rooms and help channels need, and start again"
        }
        _ => "see Discord's list of gateway close codes",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn discords_advice_is_taken() {
        let told =
            json!({"url": "wss://gateway.discord.gg", "shards": 3, "session_start_limit": {"max_concurrency": 2}});
        let gateway = read(&told, None).expect("a gateway");
        assert_eq!(gateway.url.as_str(), "wss://gateway.discord.gg/");
        assert_eq!(gateway.shards().map(|it| (it.number(), it.total())).collect::<Vec<_>>(), [(0, 3), (1, 3), (2, 3)]);
        let own: Url = "ws://127.0.0.1:1".parse().expect("a URL");
        let gateway = read(&json!({"shards": 0}), Some(&own)).expect("a gateway");
        assert_eq!((gateway.url.clone(), gateway.shards().count()), (own, 1));
        assert!(read(&json!({}), None).is_none());
    }

    #[test]
    fn each_server_is_told_to_one_shard() {
        let shards = [ShardId::new(0, 2), ShardId::new(1, 2)];
        let told = |server| shards.map(|shard| is_told(shard, server));
        assert_eq!(told(None), [true, false]);
        assert_eq!(told(Some(4 << 22)), [true, false]);
        assert_eq!(told(Some((5 << 22) | 0x4d)), [false, true]);
    }
}
