//! Files: sent along with a message, and fetched from where Discord keeps them.

use firstline_engine::{files::File, ports::FetchError};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use super::{Failure, Rest, Route, patience::FOR_WORDS, time_for};

/// Where Discord keeps files.
const KEPT_AT: &[&str] = &["cdn.discordapp.com", "media.discordapp.net"];

impl Rest {
    /// Makes a request with files.
    pub(crate) async fn call_with_files(
        &self,
        method: Method,
        route: Route<'_>,
        body: &impl Serialize,
        files: &[&File],
    ) -> Result<Value, Failure> {
        let json = serde_json::to_string(body).map_err(|error| Failure::NotReached(error.to_string()))?;
        let mut form = Form::new().text("payload_json", json);
        for (index, file) in files.iter().enumerate() {
            form = form.part(format!("files[{index}]"), part(file));
        }
        let bytes = files.iter().map(|file| file.bytes.len() as u64).sum();
        let request = self.request(method.clone(), route).timeout(time_for(bytes)).multipart(form);
        self.send(method, route, request).await
    }

    /// Fetches a file of a message, from Discord and from nowhere else; nothing beyond so many bytes.
    pub(crate) async fn fetch(&self, handle: &str, limit: u64) -> Result<Vec<u8>, FetchError> {
        let gone = |reason: &str| FetchError::Gone { reason: reason.to_owned() };
        let failed = |reason: &str| FetchError::Failed { reason: reason.to_owned() };
        let url: Url = handle.parse().map_err(|_| gone("it has no address"))?;
        let at_discord = url.scheme() == "https" && url.host_str().is_some_and(|host| KEPT_AT.contains(&host));
        if !at_discord && url.origin().ascii_serialization() != self.origin {
            return Err(gone("its address is not one of Discord's"));
        }
        let request = self.client.get(url).timeout(time_for(limit));
        let began = tokio::time::timeout(FOR_WORDS, request.send()).await;
        let mut answer = began.ok().and_then(Result::ok).ok_or_else(|| failed("no connection"))?;
        let status = answer.status();
        if !status.is_success() {
            let reason = format!("it is answered with {status}");
            return Err(if status.is_server_error() { failed(&reason) } else { gone(&reason) });
        }
        let mut bytes = Vec::new();
        loop {
            // A slow line is waited for, one that stands still is not.
            let chunk =
                tokio::time::timeout(FOR_WORDS, answer.chunk()).await.map_err(|_| failed("nothing more comes"))?;
            let Some(chunk) = chunk.map_err(|_| failed("the connection was lost"))? else { break };
            if (bytes.len() + chunk.len()) as u64 > limit {
                return Err(FetchError::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

fn part(file: &File) -> Part {
    let plain = || Part::bytes(file.bytes.clone()).file_name(file.name.clone());
    match &file.media_type {
        Some(kind) => plain().mime_str(kind).unwrap_or_else(|_| plain()),
        None => plain(),
    }
}
