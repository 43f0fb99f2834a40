//! The other way of telling the bot: the platform calls it. One update at a time, in order, each until it is taken.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinHandle,
    time::{Instant, timeout},
};

use super::{Platform, State, http::as_sent};

/// How soon it is tried again. Telegram's own waits are longer and grow.
const AGAIN: Duration = Duration::from_millis(50);
/// How long the bot may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longer than any story: it waits for something to happen.
const LONG: Duration = Duration::from_hours(1);

/// Where the bot wants to be called.
#[derive(Debug, Clone)]
pub(super) struct Webhook {
    pub(super) url: String,
    pub(super) secret: String,
    pub(super) last_error: Option<String>,
    /// How often a call has failed.
    pub(super) failures: usize,
}

impl Webhook {
    pub(super) fn new(url: &str, secret: &str) -> Self {
        Self { url: url.to_owned(), secret: secret.to_owned(), last_error: None, failures: 0 }
    }
}

/// Calls the bot whenever there is something to tell and an address to call, until the task is aborted.
pub(super) fn call_the_bot(platform: Arc<Platform>) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            let next = |state: &mut State| {
                let webhook = state.webhook.clone()?;
                let (id, update) = state.world.updates.first()?;
                Some((webhook, id, update))
            };
            let Some((webhook, id, update)) = platform.wait_for(Instant::now() + LONG, next).await else { continue };
            platform.conformity.check_update(&update, &mut platform.state().violations);
            let outcome = match timeout(PATIENCE, call(&webhook, &update)).await {
                Ok(Ok(status @ 200..=299)) => Ok(status),
                Ok(Ok(status)) => Err(format!("Wrong response from the webhook: {status}")),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("Read timeout expired".to_owned()),
            };
            let failed = outcome.is_err();
            {
                let mut state = platform.state();
                match (outcome, &mut state.webhook) {
                    (Ok(_), _) => state.world.updates.confirm(id),
                    (Err(error), Some(webhook)) => {
                        webhook.last_error = Some(error);
                        webhook.failures += 1;
                    }
                    (Err(_), None) => {}
                }
            }
            platform.changed();
            if failed {
                tokio::time::sleep(AGAIN).await;
            }
        }
    })
}

/// One call; the status it is answered with.
async fn call(webhook: &Webhook, update: &Value) -> std::io::Result<u16> {
    let rest = webhook.url.trim_start_matches("http://");
    let (address, path) = rest.split_once('/').unwrap_or((rest, ""));
    post(address, path, &webhook.secret, &as_sent(update)).await
}

/// Posts JSON as the platform does, with this secret in the header.
pub(super) async fn post(address: &str, path: &str, secret: &str, body: &str) -> std::io::Result<u16> {
    post_of(address, path, secret, body, body.len()).await
}

/// The same, of a body that is said to be of this length.
pub(super) async fn post_of(
    address: &str,
    path: &str,
    secret: &str,
    body: &str,
    length: usize,
) -> std::io::Result<u16> {
    let mut connection = TcpStream::connect(address).await?;
    let header =
        if secret.is_empty() { String::new() } else { format!("X-Telegram-Bot-Api-Secret-Token: {secret}\r\n") };
    let request = format!(
        "POST /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n{header}\
         Content-Length: {length}\r\n\r\n{body}"
    );
    connection.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.ok_or_else(|| std::io::Error::other("no HTTP answer"))
}
