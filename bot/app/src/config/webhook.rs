//! How Telegram's updates come here, and, by webhook, where.

use std::net::SocketAddr;

use firstline_telegram::{Mode, TelegramSettings, WebhookSettings};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::{raw, settings::Checks, values};

/// Where Telegram's calls are listened for.
const LISTEN: SocketAddr = SocketAddr::V4(std::net::SocketAddrV4::new(std::net::Ipv4Addr::LOCALHOST, 8443));

/// The ports that Telegram's own Bot API calls (<https://core.telegram.org/bots/api#setwebhook>).
const PORTS: [u16; 4] = [443, 80, 88, 8443];

/// The mode. A webhook needs everything that is said about it; what is said in vain is still checked.
pub(super) fn mode(mode: Option<String>, raw: raw::Webhook, api_url: &Url, checks: &mut Checks<'_>) -> Mode {
    let is_webhook = checks.value("telegram.mode", mode, false, |text| match text.trim() {
        "polling" => Ok(false),
        "webhook" => Ok(true),
        other => Err(format!("{other:?} is no mode: write \"polling\" or \"webhook\"")),
    });
    let listen = checks.value("telegram.webhook.listen", raw.listen, Some(LISTEN), |text| values::listen(&text));
    let public_url =
        checks.value("telegram.webhook.public_url", raw.public_url, None, |text| public_url(&text, api_url).map(Some));
    let secret = checks.value("telegram.webhook.secret", raw.secret, None, |secret| secret_of(&secret));
    if !is_webhook {
        return Mode::Polling;
    }
    let mut lacks = |key: &str, what: &str| checks.problem(key, &format!("mode = \"webhook\" needs {what}"));
    if public_url.is_none() {
        lacks("telegram.webhook.public_url", "the address that Telegram is to call: write https://...");
    }
    if secret.is_none() {
        lacks(
            "telegram.webhook.secret",
            "a secret, so that nobody but Telegram can call: `openssl rand -hex 32` makes one",
        );
    }
    if listen.is_none() {
        lacks("telegram.webhook.listen", "an address to listen on, for instance \"127.0.0.1:8443\"");
    }
    match (listen, public_url, secret) {
        (Some(listen), Some(public_url), Some(secret)) => Mode::Webhook(WebhookSettings { listen, public_url, secret }),
        // Then there is a problem, and nobody sees the settings.
        _ => Mode::Polling,
    }
}

fn public_url(text: &str, api_url: &Url) -> Result<Url, String> {
    let url = values::endpoint(text, "https", "http")?;
    let port = url.port_or_known_default().unwrap_or_default();
    let is_telegrams_own = api_url.as_str().trim_end_matches('/') == TelegramSettings::PUBLIC_API;
    if is_telegrams_own && !PORTS.contains(&port) {
        return Err(format!("Telegram calls the ports 443, 80, 88 and 8443 only, not {port}"));
    }
    Ok(url)
}

/// A blank secret is none.
fn secret_of(secret: &SecretString) -> Result<Option<SecretString>, String> {
    let text = secret.expose_secret().trim();
    if text.is_empty() {
        return Ok(None);
    }
    if WebhookSettings::is_secret(text) {
        return Ok(Some(text.into()));
    }
    Err(format!(
        "a secret has {} to {} letters, digits, \"_\" and \"-\": `openssl rand -hex 32` makes one",
        WebhookSettings::SHORTEST_SECRET,
        WebhookSettings::LONGEST_SECRET
    ))
}
