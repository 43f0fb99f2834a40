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
    inbound::WORDS,
    markup,
    rest::{Failure, Method, Route},
};

/// Discord does not know the interaction: not yet, or not any more.
const UNKNOWN_WEBHOOK: i64 = 10015;
const UNKNOWN_INTERACTION: i64 = 10062;
const TOO_LATE: i64 = 50027;

/// So often it is tried whether Discord has taken note of the interaction.
const PATIENCE: u32 = 3;
const PAUSE: Duration = Duration::from_millis(300);

/// So many parts fit below the first one, each in a frame: 6,000 characters altogether.
const FRAMES: usize = 3;

impl DiscordChannel {
    /// Writes the answer into the place that the interaction has for it. Doing that twice shows it once.
    pub(super) async fn answer(
        &self,
        via: &str,
        delivery: &Delivery,
        content: &Content,
    ) -> Result<Vec<ExternalId>, SendError> {
        let Some((app, token, language)) = read(via) else {
            return Err(SendError::NoWay { reason: "the address of the answer is none of Discord's".to_owned() });
        };
        let mut parts = markup::parts(&delivery.message.speaker, content).into_iter();
        let Some(first) = parts.next() else { return Err(refused("the message has no text")) };
        let framed: Vec<Value> = parts.by_ref().take(FRAMES).map(|part| json!({"description": part})).collect();
        let words = self.phrases.ui(language, "discord-button-words", &[]);
        let offered = choices::offered(&content.choices, false);
        // Whoever works on a ticket writes in its thread.
        let components = if delivery.thread.is_some() { offered } else { choices::with_words(offered, WORDS, &words) };
        let nobody = json!({"parse": []});
        let answer = json!({"content": first, "embeds": framed, "components": components, "allowed_mentions": nobody});
        let answered = self.rest.call(Method::PATCH, Route::Answer(app, token), Some(&answer)).await;
        let mut ids = match answered {
            Ok(answered) => id_of(&answered).into_iter().collect::<Vec<_>>(),
            Err(failure) => return Err(late(failure, delivery.attempt)),
        };
        // Longer than any article; what does not fit into the answer follows it.
        for part in parts {
            let more = json!({"content": part, "flags": 1 << 6, "allowed_mentions": nobody});
            match self.rest.call(Method::POST, Route::FollowUp(app, token), Some(&more)).await {
                Ok(answered) => ids.extend(id_of(&answered)),
                Err(failure) => return Err(late(failure, delivery.attempt)),
            }
        }
        Ok(ids)
    }
}

/// The app, the token and the language.
fn read(via: &str) -> Option<(u64, &str, Language)> {
    let (app, rest) = via.split_once('/')?;
    let (token, locale) = rest.rsplit_once('/')?;
    let language = locale.split('-').next().unwrap_or_default().parse().unwrap_or(Language::En);
    Some((app.parse().ok().filter(|&id| id != 0)?, token, language))
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
        assert_eq!(read("4711/a/b-c/de"), Some((4711, "a/b-c", Language::De)));
        assert_eq!(read("4711/abc/pt-BR"), Some((4711, "abc", Language::En)));
        for nonsense in ["", "4711", "4711/abc", "0/abc/de", "x/abc/de"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }
}
