//! Requests to Discord's REST API, and what a failed one means.

mod acknowledge;
mod failure;
mod files;
mod limits;
mod patience;
mod route;

use std::{error::Error, time::Duration};

pub(crate) use reqwest::Method;
use reqwest::{
    Client, RequestBuilder, StatusCode,
    header::{AUTHORIZATION, HeaderMap, HeaderValue, RETRY_AFTER, USER_AGENT},
    redirect::Policy,
};
use secrecy::ExposeSecret as _;
use serde::Serialize;
use serde_json::Value;

pub(crate) use self::{
    failure::{Failure, UNKNOWN_CHANNEL},
    patience::time_for,
    route::Route,
};
use self::{limits::Limits, patience::FOR_WORDS};
use crate::{DiscordError, DiscordSettings};

/// For a request without a body.
pub(crate) const NOTHING: Option<&()> = None;

/// Makes requests to Discord's REST API.
pub(crate) struct Rest {
    client: Client,
    authorization: HeaderValue,
    origin: String,
    limits: Limits,
}

impl Rest {
    pub(crate) fn new(settings: &DiscordSettings) -> Result<Self, DiscordError> {
        let client = Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(FOR_WORDS)
            // An idle connection that Discord closes while we send leaves an attempt of which nobody knows the result.
            .pool_idle_timeout(Duration::from_secs(10))
            // Nothing of Discord's redirects, and what we fetch for people must not lead us anywhere else.
            .redirect(Policy::none())
            .build()
            .map_err(|error| DiscordError::Client(error.into()))?;
        let mut authorization = HeaderValue::from_str(&format!("Bot {}", bare(settings.token.expose_secret())))
            .map_err(|error| DiscordError::Client(error.into()))?;
        authorization.set_sensitive(true);
        Ok(Self {
            client,
            authorization,
            origin: settings.api_url.origin().ascii_serialization(),
            limits: Limits::default(),
        })
    }

    /// Makes one request; the answer is `Null` where there is none.
    pub(crate) async fn call(
        &self,
        method: Method,
        route: Route<'_>,
        body: Option<&impl Serialize>,
    ) -> Result<Value, Failure> {
        let request = self.request(method.clone(), route);
        self.send(method, route, if let Some(body) = body { request.json(body) } else { request }).await
    }

    /// How often Discord has refused lately, where that is so often that we pause.
    pub(crate) fn refused(&self) -> Option<usize> {
        self.limits.refused()
    }

    fn request(&self, method: Method, route: Route<'_>) -> RequestBuilder {
        let url = format!("{}/api/v10{route}", self.origin);
        self.client
            .request(method, url)
            .header(AUTHORIZATION, self.authorization.clone())
            .header(USER_AGENT, concat!("DiscordBot (Firstline, ", env!("CARGO_PKG_VERSION"), ")"))
    }

    async fn send(&self, method: Method, route: Route<'_>, request: RequestBuilder) -> Result<Value, Failure> {
        let bucket = format!("{method} {}", route.bucket());
        if let Some(wait) = self.limits.wait(&bucket, route.answers_interaction()) {
            return Err(Failure::Throttled(Some(wait)));
        }
        let response = request.send().await.map_err(|error| lost(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.map_err(|error| lost(&error))?;
        let answer = read(status, &headers, &text);
        let wait = if let Err(Failure::Throttled(wait)) = &answer { *wait } else { None };
        self.limits.note(&bucket, status, &headers, wait);
        answer
    }
}

/// Discord's code for the token of an interaction that is not valid any more.
const WEBHOOK_TOKEN: i64 = 50027;

/// The token without the scheme that some people paste with it.
pub(crate) fn bare(token: &str) -> &str {
    let token = token.trim();
    token.strip_prefix("Bot ").unwrap_or(token)
}

fn lost(error: &reqwest::Error) -> Failure {
    if error.is_connect() || error.is_builder() {
        Failure::NotReached(root_cause(error))
    } else if error.is_timeout() {
        Failure::Unclear("no answer in time".to_owned())
    } else {
        Failure::Unclear(format!("the connection was lost: {}", root_cause(error)))
    }
}

fn read(status: StatusCode, headers: &HeaderMap, text: &str) -> Result<Value, Failure> {
    if status == StatusCode::NO_CONTENT {
        return Ok(Value::Null);
    }
    let body = serde_json::from_str::<Value>(text);
    if status.is_success() {
        return body.map_err(|_| Failure::Unclear("the answer is not what Discord gives".to_owned()));
    }
    let body = body.unwrap_or_default();
    match status {
        StatusCode::TOO_MANY_REQUESTS => Err(Failure::Throttled(wait(headers, &body))),
        // An interaction's token that has expired is none of ours.
        StatusCode::UNAUTHORIZED if body.get("code").and_then(Value::as_i64) != Some(WEBHOOK_TOKEN) => {
            Err(Failure::Token)
        }
        _ if status.is_client_error() => Err(match (body.get("code").and_then(Value::as_i64), body.get("message")) {
            (Some(code), Some(message)) => {
                Failure::Refused { code, text: message.as_str().unwrap_or("refused").to_owned() }
            }
            // Not Discord's words: a proxy in between, or a wrong address.
            _ => Failure::NotReached(format!("an answer that is not Discord's, status {}", status.as_u16())),
        }),
        _ => Err(Failure::Unclear(format!("Discord failed with status {}", status.as_u16()))),
    }
}

/// How long to wait: the body is the more exact, the header is there even when something before Discord refuses.
fn wait(headers: &HeaderMap, body: &Value) -> Option<Duration> {
    let header = || headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok();
    let seconds: f64 = body.get("retry_after").and_then(Value::as_f64).or_else(header)?;
    Duration::try_from_secs_f64(seconds).ok().map(|wait| wait.min(limits::LONGEST_WAIT))
}

/// The innermost cause: the outer ones repeat the URL, and those of interactions contain a token.
fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    if std::ptr::eq(cause, error) { "unknown cause".to_owned() } else { cause.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, header: Option<&'static str>, text: &str) -> Result<Value, Failure> {
        let mut headers = HeaderMap::new();
        if let Some(value) = header {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(value));
        }
        read(StatusCode::from_u16(status).expect("a status"), &headers, text)
    }

    #[test]
    fn answers_tell_what_to_do() {
        assert_eq!(answer(200, None, r#"{"id":"1"}"#), Ok(serde_json::json!({"id": "1"})));
        assert_eq!(answer(204, None, ""), Ok(Value::Null));
        assert!(matches!(answer(200, None, "<html>"), Err(Failure::Unclear(_))));
        let closed = r#"{"message": "Cannot send messages to this user", "code": 50007}"#;
        let text = "Cannot send messages to this user".to_owned();
        assert_eq!(answer(403, None, closed), Err(Failure::Refused { code: 50007, text }));
        assert!(matches!(answer(403, None, "<html>blocked</html>"), Err(Failure::NotReached(_))));
        assert_eq!(answer(401, None, r#"{"message": "401: Unauthorized", "code": 0}"#), Err(Failure::Token));
        let late = r#"{"message": "Invalid Webhook Token", "code": 50027}"#;
        assert!(matches!(answer(401, None, late), Err(Failure::Refused { code: 50027, .. })));
        assert!(matches!(answer(502, None, "<html>"), Err(Failure::Unclear(_))));
    }

    #[test]
    fn a_wait_is_obeyed_wherever_it_is_told() {
        let waits = |answer, millis: Option<u64>| {
            assert_eq!(answer, Err(Failure::Throttled(millis.map(Duration::from_millis))));
        };
        waits(answer(429, Some("2"), r#"{"message": "x", "retry_after": 1.25, "global": false}"#), Some(1_250));
        waits(answer(429, Some("300"), "<html>"), Some(300_000));
        waits(answer(429, Some("-1"), "<html>"), None);
        waits(answer(429, None, ""), None);
    }

    #[test]
    fn a_pasted_scheme_is_not_part_of_the_token() {
        assert_eq!(bare(" Bot abc "), "abc");
        assert_eq!(bare("abc"), "abc");
    }
}
