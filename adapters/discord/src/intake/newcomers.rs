//! Direct messages of people who had never written before. Discord does not list the channels of direct messages, so what such a
//! person wrote while nobody listened cannot be looked for. But when they write again their channel is known, and what they wrote
//! first is fetched before that: they are answered late, and not only to what they wrote last.

use std::time::Duration;

use firstline_engine::{people::Platform, ports::Watermark};
use serde_json::Value;

use super::{
    Intake,
    channels::{Reached, id_before, mark},
    gateway,
    hindrance::Step,
    patience::Patience,
};
use crate::inbound;

/// Where the store has behind which message something may have been missed in channels of which nobody has heard yet.
const AWAY: &str = "discord:away";

/// What was written longer ago is not answered any more, and so long after an absence it is looked for.
const LATELY: Duration = Duration::from_hours(7 * 24);

impl Intake<'_> {
    /// Reads since when something may have been missed.
    pub(super) async fn remember_absences(&mut self) -> Step<()> {
        let marks = self.watermarks(AWAY).await?;
        let away = marks.iter().find(|mark| mark.source == AWAY);
        self.away_since = away.and_then(|mark| mark.position.parse().ok());
        Ok(())
    }

    /// Notes an absence, which began at the earliest behind the last message that was accepted before it. The shard that is told of
    /// direct messages does.
    pub(super) async fn note_absence(&mut self) -> Step<Option<Watermark>> {
        if !gateway::is_told(self.shard, None) {
            return Ok(None);
        }
        let earliest = id_before(self.desk.now(), LATELY);
        if self.away_since.is_none_or(|since| since < earliest) {
            self.away_since = Some(self.last_accepted(earliest).await?.unwrap_or(earliest));
        }
        Ok(self.away_since.map(|since| Watermark { source: AWAY.to_owned(), position: since.to_string() }))
    }

    /// The last message that was accepted behind this one.
    async fn last_accepted(&self, earliest: u64) -> Step<Option<u64>> {
        let (from, to) = (inbound::message_key(&earliest.to_string()), inbound::message_key(&i64::MAX.to_string()));
        let mut patience = Patience::default();
        loop {
            match self.desk.accepted(Platform::Discord, (&from, &to), 1).await {
                Ok(accepted) => {
                    return Ok(accepted.iter().find_map(|raw| raw.get("id")?.as_str()?.parse().ok()));
                }
                Err(error) => tracing::error!(%error, "cannot read which messages were taken in; trying again"),
            }
            patience.wait(None, self.cancel).await?;
        }
    }

    /// Somebody writes whose direct messages nobody has heard of: what may have come before that is owed.
    pub(super) fn meet(&mut self, channel: &str, raw: &Value) {
        let is_bot = raw.pointer("/author/bot").and_then(Value::as_bool).unwrap_or_default();
        let is_direct = raw.get("guild_id").is_none_or(Value::is_null);
        let now = self.desk.now();
        let since = self.away_since.filter(|since| *since >= id_before(now, 2 * LATELY));
        if let Some(since) = since.filter(|_| is_direct && !is_bot && self.channels.get(channel).is_none()) {
            let message = since.max(id_before(now, LATELY)).to_string();
            let reached = Reached { message, server: None, owed: false };
            self.channels.learn(channel.to_owned(), reached);
            self.note(channel);
        }
    }

    /// What is still owed there goes with what is committed next.
    pub(super) fn still_owed(&self, channel: &str) -> Option<Watermark> {
        self.channels.get(channel).filter(|reached| reached.owed).map(|reached| mark(channel, reached))
    }
}
