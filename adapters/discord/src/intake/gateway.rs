//! Where the gateway is, and what its last words mean.

use serde_json::Value;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Patience;
use crate::{
    DiscordSettings,
    rest::{Failure, Method, NOTHING, Rest, Route},
};

/// Where the gateway is; `None` when cancelled.
pub(super) async fn gateway(rest: &Rest, settings: &DiscordSettings, cancel: &CancellationToken) -> Option<Url> {
    if let Some(url) = &settings.gateway_url {
        return Some(url.clone());
    }
    let mut patience = Patience::default();
    loop {
        let answer = tokio::select! {
            () = cancel.cancelled() => return None,
            answer = rest.call(Method::GET, Route::Gateway, NOTHING) => answer,
        };
        let mut asked = None;
        match answer.map(|answer| answer.get("url").and_then(Value::as_str).and_then(|url| url.parse().ok())) {
            Ok(Some(url)) => return Some(url),
            Ok(None) => tracing::error!("Discord does not tell where its gateway is; trying again"),
            Err(Failure::Token) => tracing::error!(
                "Discord does not accept the token (401): copy it anew from the developer portal into discord.token and start again"
            ),
            Err(failure) => {
                tracing::warn!(reason = %failure, "cannot ask Discord where its gateway is; trying again");
                asked = if let Failure::Throttled(wait) = failure { wait } else { None };
            }
        }
        patience.wait(asked, cancel).await?;
    }
}

pub(super) fn hint(code: u16) -> &'static str {
    match code {
        4004 => {
            "the token is not accepted: copy it anew from the developer portal (Bot, Reset Token) into discord.token"
        }
        4010 | 4011 => "this app is in too many servers for one connection",
        4012 => "this version of the gateway is no longer served: update Firstline",
        4013 | 4014 => {
            "an intent is not allowed: switch on \"Message Content Intent\" in the developer portal (Bot, Privileged Gateway \
             Intents), which staff rooms and help channels need, and start again"
        }
        _ => "see Discord's list of gateway close codes",
    }
}
