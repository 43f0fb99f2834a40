//! Answers that nobody but the one who asked sees, as long as Discord lets the interaction be answered: a quarter of an hour.

use std::time::Duration;

use firstline_engine::{
    inbound::ExternalId,
    knowledge::Language,
    outbound::{Content, Delivery},
    ports::SendError,
};
use serde_json::{Value, json};

use super::{DiscordChannel, UNKNOWN_MESSAGE, address::refused, choices, id_of};
use crate::{
    inbound::{BESIDE, WORDS},
    markup,
    rest::{Failure, Method, Route},
};

/// Discord does not know the interaction: not yet, or not any more.
const UNKNOWN_WEBHOOK: i64 = 10015;
const UNKNOWN_INTERACTION: i64 = 10062;
const TOO_LATE: i64 = 50027;

/// So often it is tried whether Discord has taken note of the interaction, which takes three seconds at most.
const PATIENCE: u32 = 10;
const PAUSE: Duration = Duration::from_millis(300);

/// So many parts fit below the first one, each in a frame: 6,000 characters altogether.
const FRAMES: usize = 3;

/// Nobody but the one who asked sees it.
const SECRET: u64 = 1 << 6;

impl DiscordChannel {
    /// Writes the answer into the place that the interaction has for it, or beside what was pressed. In the place, doing that
    /// twice shows it once; beside it there is no nonce, and one person may see one word twice, which is better than never.
    pub(super) async fn answer(
        &self,
        via: &str,
        delivery: &Delivery,
        content: &Content,
    ) -> Result<Vec<ExternalId>, SendError> {
        let Some(address) = read(via) else {
            return Err(SendError::NoWay { reason: "the address of the answer is none of Discord's".to_owned() });
        };
        let parts = markup::parts(&delivery.message.speaker, content);
        let Some((first, others)) = parts.split_first() else { return Err(refused("the message has no text")) };
        if others.len() > FRAMES {
            return self.announce(&address, delivery.attempt).await.map(|()| Vec::new());
        }
        let framed: Vec<Value> = others.iter().map(|part| json!({"description": part})).collect();
        let mut answer = json!({"content": first, "embeds": framed, "allowed_mentions": {"parse": []}});
        let (app, token) = (address.app, address.token);
        let answered = if address.is_beside {
            answer["flags"] = SECRET.into();
            self.rest.call(Method::POST, Route::FollowUp(app, token), Some(&answer)).await
        } else {
            let words = self.phrases.ui(address.language, "discord-button-words", &[]);
            let offered = choices::offered(&content.choices, false);
            // Whoever works on a ticket writes in its thread.
            let rows = if delivery.thread.is_some() { offered } else { choices::with_words(offered, WORDS, &words) };
            answer["components"] = json!(rows);
            self.rest.call(Method::PATCH, Route::Answer(app, token), Some(&answer)).await
        };
        let answered = answered.map_err(|failure| late(failure, delivery.attempt))?;
        Ok(id_of(&answered).into_iter().collect())
    }

    /// Longer than any article, and than an answer can be: it comes as a message, whose parts Discord shows once, and the answer
    /// says so.
    async fn announce(&self, address: &Address<'_>, attempt: u32) -> Result<(), SendError> {
        if !address.is_beside {
            let word = self.phrases.ui(address.language, "discord-command-taken", &[]);
            let word = json!({"content": word, "components": [], "allowed_mentions": {"parse": []}});
            let route = Route::Answer(address.app, address.token);
            self.rest.call(Method::PATCH, route, Some(&word)).await.map_err(|failure| late(failure, attempt))?;
        }
        Err(SendError::NoWay { reason: "it is longer than an answer can be".to_owned() })
    }
}

/// Where an answer goes.
#[derive(Debug, PartialEq, Eq)]
struct Address<'a> {
    app: u64,
    token: &'a str,
    /// In which the one who asked reads what stands around the answer.
    language: Language,
    /// Not in the place of what was pressed.
    is_beside: bool,
}

fn read(via: &str) -> Option<Address<'_>> {
    let (via, is_beside) = via.strip_prefix(BESIDE).map_or((via, false), |via| (via, true));
    let (app, rest) = via.split_once('/')?;
    let (token, locale) = rest.rsplit_once('/')?;
    let language = locale.split('-').next().unwrap_or_default().parse().unwrap_or(Language::En);
    Some(Address { app: app.parse().ok().filter(|&id| id != 0)?, token, language, is_beside })
}

/// What a failure means for an answer.
fn late(failure: Failure, attempt: u32) -> SendError {
    match failure {
        // Our first word to Discord about it may still be on its way.
        Failure::Refused { code: UNKNOWN_WEBHOOK | UNKNOWN_INTERACTION | TOO_LATE | UNKNOWN_MESSAGE, .. }
            if attempt < PATIENCE =>
        {
            SendError::NotSent { reason: failure.to_string(), wait: Some(PAUSE) }
        }
        Failure::Refused { .. } => SendError::NoWay { reason: failure.to_string() },
        failure => failure.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read() {
        let address = |token, language, is_beside| Some(Address { app: 4711, token, language, is_beside });
        assert_eq!(read("4711/a/b-c/de"), address("a/b-c", Language::De, false));
        assert_eq!(read("~4711/abc/pt-BR"), address("abc", Language::En, true));
        for nonsense in ["", "4711", "4711/abc", "0/abc/de", "x/abc/de"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }
}
