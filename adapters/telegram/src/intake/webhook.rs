//! Being called with updates: commit, and only then 200, which is what makes Telegram forget an update.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use firstline_engine::time::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use subtle::ConstantTimeEq as _;
use teloxide::{
    Bot,
    requests::{JsonRequest, Payload},
};
use tokio_util::sync::CancellationToken;

use super::{ALLOWED_UPDATES, Intake, Patience, answers::answer, complain, reading};
use crate::{TelegramError, WebhookSettings, failure::Failure};

/// What Telegram says the secret in.
const HEADER: &str = "x-telegram-bot-api-secret-token";
/// Updates are a few kilobytes; this is far beyond.
const LARGEST_CALL: usize = 8 * 1024 * 1024;
/// Telegram calls with so many updates at once, those of one chat one after the other. Each is a commit.
const AT_ONCE: u8 = 8;
/// After this long calls that are still under way at the end are given up; Telegram makes them again.
const GRACE: Duration = Duration::from_secs(5);

/// How often it is written down that we are here.
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
}

/// Takes in updates until cancelled.
pub(crate) async fn run(listener: Listener, intake: Intake, cancel: &CancellationToken) -> Result<(), TelegramError> {
    let Listener { listener, settings } = listener;
    let listen = settings.listen;
    let failed = move |source| TelegramError::Listen { listen, source };
    let address = listener.local_addr().map_err(failed)?;
    let listener = tokio::net::TcpListener::from_std(listener).map_err(failed)?;
    // Before the first call is answered: what may be missing is told before what comes now.
    let mut heard_at = None;
    intake.hears(&mut heard_at).await;
    let door = Door { intake: intake.clone(), secret: Arc::new(settings.secret.clone()) };
    let served = axum::serve(listener, router(settings.public_url.path(), door))
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
    let called = call_us(&intake.bot, &settings, address, cancel);
    let (served, (), ()) = tokio::join!(served, called, stay_in_touch(&intake, heard_at, cancel));
    served
}

/// Says again and again that we are here: a day without that is a day of which Telegram may have forgotten something.
async fn stay_in_touch(intake: &Intake, mut heard_at: Option<Timestamp>, cancel: &CancellationToken) {
    loop {
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(IN_TOUCH) => intake.hears(&mut heard_at).await,
        }
    }
}

fn router(path: &str, door: Door) -> Router {
    Router::new().route(path, post(take)).layer(DefaultBodyLimit::max(LARGEST_CALL)).with_state(door)
}

/// One call. What is answered with anything but 2xx is called with again.
async fn take(State(door): State<Door>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let said = headers.get(HEADER).map_or(&[][..], |value| value.as_bytes());
    if !bool::from(said.ct_eq(door.secret.expose_secret().as_bytes())) {
        tracing::warn!("somebody who does not know the secret called the webhook");
        return StatusCode::UNAUTHORIZED;
    }
    // No position: calls come side by side, and Telegram itself knows which were answered.
    match door.intake.take(&reading::one(&String::from_utf8_lossy(&body)), false).await {
        Ok(waiting) => {
            tokio::spawn(answer(door.intake.bot.clone(), door.intake.desk.clone(), waiting));
        }
        Err(error) => {
            tracing::error!(%error, "cannot store what came from Telegram; it will call again");
            return StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    StatusCode::OK
}

/// Tells Telegram where to call, until it has understood.
async fn call_us(bot: &Bot, settings: &WebhookSettings, address: SocketAddr, cancel: &CancellationToken) {
    let mut patience = Patience::default();
    loop {
        match set(bot, settings).await {
            Ok(()) => {
                tracing::info!(%address, url = %settings.public_url, "Telegram calls this address with updates");
                return;
            }
            Err(failure) => {
                complain(&failure);
                let asked = if let Failure::Throttled(wait) = failure { wait } else { None };
                if !patience.wait(asked, cancel).await {
                    return;
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
