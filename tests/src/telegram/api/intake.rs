//! How the bot is told: it asks (one listener gets the answers), or it is called at an address of its own.

use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

use super::{Answer, Given, Refusal};
use crate::telegram::{Platform, State, webhook::Webhook};

/// The longest that a listener may ask to wait, as Telegram has it.
const LONGEST_POLL: Duration = Duration::from_secs(50);

pub(super) async fn get_updates(platform: &Platform, given: &Given) -> Answer {
    let offset = given.number("offset").unwrap_or(0);
    let limit = given.number("limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(100).clamp(1, 100);
    let seconds = given.number("timeout").and_then(|wait| u64::try_from(wait).ok()).unwrap_or(0);
    let me = {
        let mut state = platform.state();
        if state.webhook.is_some() {
            let why =
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
            return Err(Refusal::conflict(why));
        }
        allow(&mut state, given)?;
        state.listeners += 1;
        state.listeners
    };
    // Whoever listened before is told to stop.
    platform.changed();
    let deadline = Instant::now() + Duration::from_secs(seconds).min(LONGEST_POLL);
    let look = |state: &mut State| {
        if state.listeners != me || std::mem::take(&mut state.is_intruded) {
            let why = "terminated by other getUpdates request; make sure that only one bot instance is running";
            return Some(Err(Refusal::conflict(why)));
        }
        let updates = state.world.updates.ask(offset, limit);
        (!updates.is_empty()).then(|| Ok(Value::from(updates)))
    };
    platform.wait_for(deadline, look).await.unwrap_or_else(|| Ok(json!([])))
}

pub(super) fn set_webhook(state: &mut State, given: &Given) -> Answer {
    let url = given.text("url");
    if url.is_empty() {
        return Ok(delete_webhook(state, given));
    }
    // A server of one's own takes http as well; the public one does not.
    if !url.starts_with("https://") && !url.starts_with("http://127.0.0.1:") {
        return Err(Refusal::bad("bad webhook: An HTTPS URL must be provided for webhook"));
    }
    let secret = given.text("secret_token");
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if secret.len() > 256 || !secret.chars().all(plain) {
        return Err(Refusal::bad("secret token contains unallowed characters"));
    }
    allow(state, given)?;
    if given.yes("drop_pending_updates") {
        state.world.updates.forget();
    }
    // Whoever asks for updates is told that they come another way now.
    state.listeners += 1;
    state.webhook = Some(Webhook::new(url, secret));
    Ok(json!(true))
}

pub(super) fn delete_webhook(state: &mut State, given: &Given) -> Value {
    if given.yes("drop_pending_updates") {
        state.world.updates.forget();
    }
    state.webhook = None;
    json!(true)
}

pub(super) fn webhook_info(state: &State) -> Value {
    let waiting = state.world.updates.count();
    let Some(webhook) = &state.webhook else {
        return json!({"url": "", "has_custom_certificate": false, "pending_update_count": waiting});
    };
    let mut info = json!({"url": webhook.url, "has_custom_certificate": false, "pending_update_count": waiting,
                          "max_connections": 40, "ip_address": "127.0.0.1"});
    if let Some(error) = &webhook.last_error {
        info["last_error_date"] = state.world.now.into();
        info["last_error_message"] = error.clone().into();
    }
    info
}

/// What the bot wants to be told from now on; unchanged where it does not say.
fn allow(state: &mut State, given: &Given) -> Result<(), Refusal> {
    if let Some(kinds) = given.structured("allowed_updates")?.as_array() {
        state.world.updates.allow(kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    }
    Ok(())
}
