//! How far each channel is read. What the gateway tells says nothing about what it did not tell before that, so only the REST API
//! moves these positions; the gateway's part is to tell that there is a channel at all. What is fetched a second time is absorbed.

use std::{collections::BTreeMap, time::Duration};

use firstline_engine::{ports::Watermark, time::Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How the names of the channels' positions begin in the store.
pub(super) const CHANNELS: &str = "discord:channel:";

/// Our clock may be wrong by this much against Discord's, whose ids tell the time: by an hour where a time zone was set wrong.
pub(crate) const CLOCKS_DIFFER: Duration = Duration::from_mins(70);

/// Of threads in which nothing was written for so long nothing is fetched, unless Discord calls them open.
const ASLEEP: Duration = Duration::from_hours(30 * 24);

/// How far a channel is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reached {
    /// The last message up to which the REST API has told all.
    pub(super) message: String,
    /// The server, where it is not a channel of direct messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) server: Option<String>,
    /// Nobody knows what was written, changed and deleted there until now: it is to be fetched.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) owed: bool,
}

impl Reached {
    pub(super) fn number(&self) -> u64 {
        self.message.parse().unwrap_or_default()
    }

    pub(super) fn server_id(&self) -> Option<u64> {
        self.server.as_ref()?.parse().ok()
    }

    pub(super) const fn is_direct(&self) -> bool {
        self.server.is_none()
    }

    /// Nothing happens there any more.
    pub(super) fn sleeps(&mut self) {
        "0".clone_into(&mut self.message);
    }

    /// Something may have happened there lately.
    pub(super) fn is_awake(&self, now: Timestamp) -> bool {
        self.is_direct() || self.number() >= id_before(now, ASLEEP)
    }

    /// Just before a message that Discord tells of as a dispatch; `None` for whatever else that is.
    fn before(raw: &Value) -> Option<(String, Self)> {
        let text = |name: &str| raw.get(name).and_then(Value::as_str).map(str::to_owned);
        // A message that was changed does not say how far we are, and an interaction is none.
        if raw.get("token").is_some() || !raw.get("edited_timestamp").is_some_and(Value::is_null) {
            return None;
        }
        let message = text("id")?.parse::<u64>().ok()?.saturating_sub(1).to_string();
        Some((text("channel_id")?, Self { message, server: text("guild_id"), owed: false }))
    }
}

/// The channels that are known.
#[derive(Debug, Default)]
pub(super) struct Channels {
    all: BTreeMap<String, Reached>,
}

impl Channels {
    /// As the store has them.
    pub(super) fn read(marks: &[Watermark]) -> Self {
        let read = |mark: &Watermark| {
            let channel = mark.source.strip_prefix(CHANNELS)?.to_owned();
            Some((channel, serde_json::from_str(&mark.position).ok()?))
        };
        Self { all: marks.iter().filter_map(read).collect() }
    }

    pub(super) fn get(&self, channel: &str) -> Option<&Reached> {
        self.all.get(channel)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &Reached)> {
        self.all.iter()
    }

    /// Those behind this one.
    pub(super) fn behind(&self, channel: &str) -> impl Iterator<Item = (&String, &Reached)> {
        use std::ops::Bound::{Excluded, Unbounded};
        self.all.range::<str, _>((Excluded(channel), Unbounded))
    }

    /// A channel that is heard of for the first time with this message.
    pub(super) fn fresh(&self, raw: &Value) -> Option<(String, Reached)> {
        Reached::before(raw).filter(|(channel, _)| !self.all.contains_key(channel))
    }

    /// Keeps in mind what was committed.
    pub(super) fn learn(&mut self, channel: String, reached: Reached) {
        self.all.insert(channel, reached);
    }
}

/// A channel's position as the store keeps it.
pub(super) fn mark(channel: &str, reached: &Reached) -> Watermark {
    let position = serde_json::to_string(reached).unwrap_or_default();
    Watermark { source: format!("{CHANNELS}{channel}"), position }
}

/// The id of something that was made so long before.
pub(super) fn id_before(now: Timestamp, by: Duration) -> u64 {
    const EPOCH: u64 = 1_420_070_400_000;
    let millis = Duration::from_millis(u64::try_from(now.0).unwrap_or_default().saturating_sub(EPOCH));
    u64::try_from(millis.saturating_sub(by).as_millis()).unwrap_or_default() << 22
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_first_message_of_a_channel_makes_a_position() {
        let mut channels = Channels::default();
        let told = json!({"id": "8", "channel_id": "5", "edited_timestamp": null});
        let (channel, reached) = channels.fresh(&told).expect("a channel");
        assert_eq!(mark(&channel, &reached).position, r#"{"message":"7"}"#);
        channels.learn(channel, reached);
        assert_eq!(channels.fresh(&json!({"id": "9", "channel_id": "5", "edited_timestamp": null})), None);
        let changed = json!({"id": "9", "channel_id": "6", "edited_timestamp": "2026-01-01T00:00:00+00:00"});
        assert_eq!(channels.fresh(&changed), None);
        assert_eq!(channels.fresh(&json!({"id": "9", "channel_id": "6", "token": "x"})), None);
    }

    #[test]
    fn what_is_owed_is_kept() {
        let reached = Reached { message: "7".to_owned(), server: Some("3".to_owned()), owed: true };
        let channels = Channels::read(&[mark("5", &reached)]);
        assert_eq!(channels.get("5"), Some(&reached));
        assert_eq!(channels.behind("4").count(), 1);
        assert_eq!(channels.behind("5").count(), 0);
    }
}
