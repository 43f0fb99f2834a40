//! Being called with updates: commit, and only then 200, which is what makes Telegram forget an update.

mod strangers;

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    http::StatusCode,
    routing::post,
};
use firstline_engine::time::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde_json::Value;
use subtle::ConstantTimeEq as _;
use teloxide::{
    Bot,
    payloads::GetWebhookInfo,
    requests::{JsonRequest, Payload},
};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use self::strangers::Strangers;
use super::{ALLOWED_UPDATES, Intake, Patience, answers::answer, complain, reading};
use crate::{TelegramError, WebhookSettings, failure::Failure, identity::ask};

/// What Telegram says the secret in.
const HEADER: &str = "x-telegram-bot-api-secret-token";
/// Updates are a few kilobytes; this is far beyond.
const LARGEST_CALL: usize = 8 * 1024 * 1024;
/// Telegram calls with so many updates at once, those of one chat one after the other. Each is a commit.
const AT_ONCE: u8 = 8;
/// After this long calls that are still under way at the end are given up; Telegram makes them again.
const GRACE: Duration = Duration::from_secs(5);

/// How often Telegram is asked whether it has something for us that it cannot tell.
const IN_TOUCH: Duration = Duration::from_mins(1);

/// The address is ours; calls wait until [`run`].
pub(crate) struct Listener {
    listener: TcpListener,
    settings: WebhookSettings,
}

impl Listener {
    /// Takes the port.
    pub(crate) fn bind(settings: &WebhookSettings) -> Result<Self, TelegramError> {
        let listen = settings.listen;
        let failed = |source| TelegramError::Listen { listen, source };
        let listener = TcpListener::bind(listen).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        Ok(Self { listener, settings: settings.clone() })
    }
}

#[derive(Clone)]
struct Door {
    intake: Intake,
    secret: Arc<SecretString>,
    strangers: Arc<Strangers>,
    /// When it was written down last that Telegram was heard.
    heard_at: Arc<Mutex<Option<Timestamp>>>,
}

impl Door {
    /// Telegram was heard. What may be missing is told before anything that came after it.
    async fn hears(&self) {
        let mut heard_at = self.heard_at.lock().await;
        self.intake.hears(&mut heard_at).await;
    }
}

/// Takes in updates until cancelled.
pub(crate) async fn run(listener: Listener, intake: Intake, cancel: &CancellationToken) -> Result<(), TelegramError> {
    let Listener { listener, settings } = listener;
    let listen = settings.listen;
    let failed = move |source| TelegramError::Listen { listen, source };
    let address = listener.local_addr().map_err(failed)?;
    let listener = tokio::net::TcpListener::from_std(listener).map_err(failed)?;
    let door =
        Door { intake, secret: Arc::new(settings.secret.clone()), strangers: Arc::default(), heard_at: Arc::default() };
    let served = axum::serve(listener, router(settings.public_url.path(), door.clone()))
        .with_graceful_shutdown(cancel.clone().cancelled_owned());
    let too_late = async {
        cancel.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    let served = async {
        tokio::select! {
            result = served => result.map_err(failed),
            () = too_late => Ok(()),
        }
    };
    let in_touch = async {
        if call_us(&door.intake.bot, &settings, address, cancel).await {
            stay_in_touch(&door, &settings, cancel).await;
        }
    };
    let (served, ()) = tokio::join!(served, in_touch);
    served
}

/// Asks again and again whether anything waits for us. That we run says nothing about whether Telegram reaches us; that it calls,
/// or has nothing to call for, does.
async fn stay_in_touch(door: &Door, settings: &WebhookSettings, cancel: &CancellationToken) {
    loop {
        match ask(&door.intake.bot, GetWebhookInfo::new()).await {
            Ok(info) if is_in_touch(&info, settings) => door.hears().await,
            Ok(info) => {
                let waiting = info["pending_update_count"].as_u64();
                tracing::debug!(waiting, "Telegram has updates for us that it has not told, or calls somebody else");
            }
            Err(failure) => tracing::debug!(reason = %failure, "Telegram could not be asked whether anything waits"),
        }
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(IN_TOUCH) => {}
        }
    }
}

/// Telegram would call us, and has told us everything.
fn is_in_touch(info: &Value, settings: &WebhookSettings) -> bool {
    info["url"] == settings.public_url.as_str() && info["pending_update_count"] == 0
}

fn router(path: &str, door: Door) -> Router {
    Router::new().route(path, post(take)).with_state(door)
}

/// One call. What is answered with anything but 2xx is called with again.
async fn take(State(door): State<Door>, request: Request) -> StatusCode {
    let said = request.headers().get(HEADER).map_or(&[][..], |value| value.as_bytes());
    if !bool::from(said.ct_eq(door.secret.expose_secret().as_bytes())) {
        door.strangers.called();
        return StatusCode::UNAUTHORIZED;
    }
    // Only now: of what a stranger sends nothing is read.
    let Ok(body) = to_bytes(request.into_body(), LARGEST_CALL).await else { return StatusCode::PAYLOAD_TOO_LARGE };
    door.hears().await;
    // No position: calls come side by side, and Telegram itself knows which were answered.
    match door.intake.take(&reading::one(&String::from_utf8_lossy(&body)), false).await {
        Ok(waiting) => {
            tokio::spawn(answer(door.intake.clone(), waiting));
        }
        Err(error) => {
            tracing::error!(%error, "cannot store what came from Telegram; it will call again");
            return StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    StatusCode::OK
}

/// Tells Telegram where to call, until it has understood. False when cancelled before that.
async fn call_us(bot: &Bot, settings: &WebhookSettings, address: SocketAddr, cancel: &CancellationToken) -> bool {
    let mut patience = Patience::default();
    loop {
        match set(bot, settings).await {
            Ok(()) => {
                tracing::info!(%address, url = %settings.public_url, "Telegram calls this address with updates");
                return true;
            }
            Err(failure) => {
                complain(&failure);
                let asked = if let Failure::Throttled(wait) = failure { wait } else { None };
                if !patience.wait(asked, cancel).await {
                    return false;
                }
            }
        }
    }
}

/// Tells Telegram where to call.
pub(crate) async fn set(bot: &Bot, settings: &WebhookSettings) -> Result<(), Failure> {
    let request = SetWebhook {
        url: settings.public_url.to_string(),
        secret_token: settings.secret.expose_secret().to_owned(),
        max_connections: AT_ONCE,
        allowed_updates: ALLOWED_UPDATES,
    };
    JsonRequest::new(bot.clone(), request).await.map(drop).map_err(|error| Failure::of(&error, bot.token()))
}

/// The client's own request is made of parts, for a certificate that we do not send.
#[derive(Clone, Serialize)]
struct SetWebhook {
    url: String,
    secret_token: String,
    max_connections: u8,
    allowed_updates: &'static [&'static str],
}

impl Payload for SetWebhook {
    type Output = bool;

    const NAME: &'static str = "SetWebhook";
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_calls_us_and_keeps_nothing_back_is_in_touch() {
        let settings = WebhookSettings {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_url: url::Url::parse("https://desk.example.org/telegram").expect("a URL"),
            secret: SecretString::from("secret"),
        };
        let check = |url: &str, waiting: u64, expected: bool| {
            let info = json!({"url": url, "pending_update_count": waiting});
            assert_eq!(is_in_touch(&info, &settings), expected, "{info}");
        };
        check("https://desk.example.org/telegram", 0, true);
        check("https://desk.example.org/telegram", 1, false);
        check("https://other.example.org/telegram", 0, false);
        check("", 0, false);
        assert!(!is_in_touch(&json!({}), &settings));
    }
}
