//! Sending again what may have arrived. For some minutes Discord shows a message once however often it is sent with one nonce.
//! After that a second sending would be a second message, so the channel is read back first: what is there already counts as
//! sent, and only what is missing is sent.

use std::{collections::BTreeSet, time::Duration};

use firstline_engine::{inbound::ExternalId, outbound::Earlier, time::Timestamp};
use serde_json::Value;
use serenity::model::id::ChannelId;

use super::DiscordChannel;
use crate::{
    intake::CLOCKS_DIFFER,
    rest::{Failure, Method, NOTHING, Route},
};

/// So long a nonce counts for certain. Discord promises "the past few minutes"
/// (<https://discord.com/developers/docs/resources/message#create-message>).
const NONCE_COUNTS: Duration = Duration::from_mins(1);

/// So many pages of 100 messages are read back. Where more was written since, a person has to decide.
const PAGES: usize = 20;

/// A part of a message, as it would look in the channel.
pub(super) struct Part<'a> {
    pub(super) nonce: String,
    pub(super) text: &'a str,
    pub(super) files: usize,
}

impl DiscordChannel {
    /// Which of the parts are in the channel already: the id of each. Nothing is looked for while the nonce still counts.
    pub(super) async fn arrived(
        &self,
        channel: ChannelId,
        parts: &[Part<'_>],
        earlier: Option<&Earlier>,
    ) -> Result<Vec<Option<ExternalId>>, Failure> {
        let Some(earlier) = earlier.filter(|earlier| earlier.ago >= NONCE_COUNTS) else {
            return Ok(vec![None; parts.len()]);
        };
        let certain = |failure| match failure {
            // Of reading nothing remains, so nothing is unclear about this attempt.
            Failure::Unclear(text) => Failure::NotReached(text),
            other => other,
        };
        let us = self.us().await.map_err(certain)?;
        let mut written = Vec::new();
        let mut after = first_id_of(earlier.since, CLOCKS_DIFFER);
        for _ in 0..PAGES {
            let page =
                self.rest.call(Method::GET, Route::MessagesAfter(channel, after), NOTHING).await.map_err(certain)?;
            let page = page.as_array().map(Vec::as_slice).unwrap_or_default();
            let Some(last) = page.iter().filter_map(id_of).max() else {
                return Ok(found(parts, written, &earlier.others));
            };
            after = last;
            written.extend(page.iter().filter(|it| text(it, "/author/id") == Some(us.as_str())).cloned());
        }
        Err(Failure::Undecided("too much was written in the channel since to find it there".to_owned()))
    }

    /// The bot's id.
    pub(super) async fn us(&self) -> Result<String, Failure> {
        let ask = async || {
            let me = self.rest.call(Method::GET, Route::Me, NOTHING).await?;
            text(&me, "/id").map(str::to_owned).ok_or_else(|| Failure::NotReached("the bot has no id".to_owned()))
        };
        self.us.get_or_try_init(ask).await.cloned()
    }
}

/// Pairs parts with what is there, each with one: by the nonce where Discord still tells it, otherwise by what it says.
fn found(parts: &[Part<'_>], mut written: Vec<Value>, others: &[ExternalId]) -> Vec<Option<ExternalId>> {
    let others: BTreeSet<&str> = others.iter().map(|id| id.0.as_str()).collect();
    written.retain(|it| text(it, "/id").is_some_and(|id| !others.contains(id)));
    written.sort_by_key(id_of);
    let mut find = |part: &Part<'_>| {
        let is_it = |it: &Value| {
            if let Some(nonce) = text(it, "/nonce") {
                return nonce == part.nonce;
            }
            let files = it.get("attachments").and_then(Value::as_array).map_or(0, Vec::len);
            files == part.files && text(it, "/content").unwrap_or_default().trim() == part.text.trim()
        };
        let at = written.iter().position(is_it)?;
        let it = written.remove(at);
        text(&it, "/id").map(|id| ExternalId(id.to_owned()))
    };
    parts.iter().map(&mut find).collect()
}

fn text<'v>(value: &'v Value, at: &str) -> Option<&'v str> {
    value.pointer(at).and_then(Value::as_str)
}

fn id_of(message: &Value) -> Option<u64> {
    text(message, "/id")?.parse().ok()
}

/// The lowest id of those that are given so long before this time.
fn first_id_of(at: Timestamp, before: Duration) -> u64 {
    const EPOCH: u64 = 1_420_070_400_000;
    let millis = Duration::from_millis(u64::try_from(at.0).unwrap_or_default().saturating_sub(EPOCH));
    u64::try_from(millis.saturating_sub(before).as_millis()).unwrap_or_default() << 22
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn part<'a>(nonce: &str, text: &'a str, files: usize) -> Part<'a> {
        Part { nonce: nonce.to_owned(), text, files }
    }

    #[test]
    fn what_is_there_is_found_by_its_nonce_or_by_what_it_says() {
        let written = vec![
            json!({"id": "30", "content": "Hallo"}),
            json!({"id": "20", "content": "Hallo", "nonce": "b.0"}),
            json!({"id": "10", "content": "Hallo"}),
            json!({"id": "40", "content": "", "attachments": [{}]}),
            json!({"id": "50", "content": "ganz anders", "nonce": "a.3"}),
        ];
        let parts = [
            part("a.0", "Hallo ", 0),
            part("a.1", "Hallo", 0),
            part("a.2", "", 1),
            part("a.3", "x", 0),
            part("a.4", "y", 0),
        ];
        let known = [ExternalId("10".to_owned())];
        let ids: Vec<Option<String>> = found(&parts, written, &known).into_iter().map(|id| id.map(|id| id.0)).collect();
        let expected = [Some("30"), None, Some("40"), Some("50"), None];
        assert_eq!(ids, expected.map(|id| id.map(str::to_owned)), "10 is another message, and 20 has another's nonce");
    }

    #[test]
    fn ids_tell_the_time() {
        assert_eq!(first_id_of(Timestamp(1_420_070_400_003), Duration::from_millis(2)), 1 << 22);
        assert_eq!(first_id_of(Timestamp(0), Duration::from_mins(5)), 0);
    }
}
