//! What could not be taken in as it came, and what is owed for it.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use firstline_engine::ports::{SetAside, Watermark};
use serde_json::Value;

use super::{
    Intake, Missing, SOURCE, Taken,
    channels::{CLOCKS_DIFFER, Reached, id_before},
    hindrance::Step,
    home::Awaited,
    patience::Patience,
};
use crate::inbound::{self, Acknowledgement};

impl Intake<'_> {
    /// Discord did not tell what belongs to something that has come. A message is there later, too; for a press or a command its
    /// author is asked to try again.
    pub(super) fn left_for_later(&self, raw: &Value) -> Taken {
        let channel = raw.get("channel_id").and_then(Value::as_str).map(str::to_owned);
        let Some(waiting) = inbound::waiting("INTERACTION_CREATE", raw, |_| true) else {
            tracing::warn!("Discord does not tell now what belongs to a message: it is fetched later");
            return Taken { missing: channel.map_or(Missing::Nowhere, |it| Missing::In(vec![it])), ..Taken::default() };
        };
        tracing::warn!(
            "Discord does not tell now what belongs to a command or a press: its author is asked to try again"
        );
        let awaited = if waiting.with == Acknowledgement::Later { Awaited::Yes } else { Awaited::No };
        self.tell_alone(raw, waiting.language, "discord-try-again", awaited);
        Taken::default()
    }

    /// What is owed from now on.
    pub(super) fn marks_of(&mut self, missing: Missing, raw: &Value) -> Vec<Watermark> {
        match missing {
            Missing::Nowhere => Vec::new(),
            Missing::Everywhere => self.note_gap(),
            Missing::Somewhere => self.note_gap_soon(),
            Missing::In(channels) => {
                let server = raw.get("guild_id").and_then(Value::as_str).map(str::to_owned);
                let message = id_before(self.desk.now(), self.settings.look_again + CLOCKS_DIFFER).to_string();
                let mut marks = Vec::new();
                for channel in channels {
                    if self.channels.get(&channel).is_none() {
                        let reached = Reached { message: message.clone(), server: server.clone(), owed: true };
                        self.channels.learn(channel.clone(), reached);
                    }
                    marks.extend(self.note(&channel));
                }
                marks
            }
        }
    }

    /// Keeps what cannot be read, for a version that can.
    pub(super) async fn unreadable(
        &self,
        key: String,
        kind: &str,
        reason: &str,
        raw: Value,
        channels: Vec<String>,
    ) -> Step<Taken> {
        tracing::error!(
            kind,
            reason,
            "a dispatch of Discord's cannot be read; what was written is fetched in another way"
        );
        self.set_aside(key, kind, raw).await?;
        let missing = if channels.is_empty() { Missing::Somewhere } else { Missing::In(channels) };
        Ok(Taken { missing, ..Taken::default() })
    }

    pub(super) async fn set_aside(&self, key: String, kind: &str, raw: Value) -> Step<()> {
        // The error's own words may hold what somebody wrote.
        let item = SetAside { key, reason: format!("{kind} cannot be read"), raw };
        let mut patience = Patience::default();
        loop {
            match self.desk.set_aside(SOURCE, std::slice::from_ref(&item)).await {
                Ok(()) => return Ok(()),
                Err(error) => tracing::error!(%error, "cannot keep what Discord sent; trying again"),
            }
            patience.wait(None, self.cancel).await?;
        }
    }
}

/// The channels that a dispatch names which is no JSON.
pub(super) fn channels_in(text: &str) -> Vec<String> {
    const NAME: &str = "\"channel_id\":";
    const MOST: usize = 5;
    let ids = text.split(NAME).skip(1).filter_map(|rest| {
        let id = rest.trim_start().strip_prefix('"')?.split('"').next()?;
        id.parse::<u64>().ok().map(|id| id.to_string())
    });
    ids.take(MOST).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Tells what comes at the same place in a session apart.
pub(super) fn fingerprint(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_may_still_name_its_channel() {
        let text = r#"{"op":0,"t":"MESSAGE_CREATE","d":{"content":"\ud800","channel_id":"55","referenced_message":
            {"channel_id": "55"},"message_reference":{"channel_id":"x"}}}"#;
        assert_eq!(channels_in(text), ["55"]);
        assert_eq!(channels_in("{}"), Vec::<String>::new());
        assert_ne!(fingerprint(text), fingerprint("{}"));
    }
}
