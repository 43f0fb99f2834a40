//! Following a ticket: which lines of its timeline are new, and whether what staff said has arrived.

use std::collections::BTreeSet;

use firstline_engine::{
    desk::{Desk, DeskError},
    ids::OutboundId,
    outbound::DeliveryState,
    ticket::Ticket,
    time::Timestamp,
    timeline::{Actor, Entry, Happening},
};

/// One ticket of the agent's, and how far it has been shown.
pub(crate) struct Following {
    /// The ticket, as read last.
    pub(crate) ticket: Ticket,
    /// What its requester is called. Untrusted text.
    pub(crate) requester: String,
    /// The line shown last.
    last: i64,
    /// The lines shown whose message had neither arrived nor failed then.
    on_their_way: BTreeSet<i64>,
}

/// What is new about a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum News {
    /// A line.
    Line(Entry),
    /// Something shown before has not arrived after all, or nobody knows.
    Trouble(Entry),
}

/// How many lines to read at once.
const BATCH: u32 = 200;

impl Following {
    /// Follows a ticket from here on; what was said until now is returned.
    pub(crate) async fn begin(desk: &Desk, ticket: Ticket, requester: String) -> Result<(Self, Vec<Entry>), DeskError> {
        let entries = all(desk, &ticket, 0).await?;
        let mut following = Self { ticket, requester, last: 0, on_their_way: BTreeSet::new() };
        following.sift(entries.clone());
        Ok((following, entries))
    }

    /// What is new since the last time.
    pub(crate) async fn news(&mut self, desk: &Desk) -> Result<Vec<News>, DeskError> {
        let after = self.on_their_way.first().map_or(self.last, |first| self.last.min(first - 1));
        Ok(self.sift(all(desk, &self.ticket, after).await?))
    }

    /// What staff said and what has not, or perhaps not, arrived.
    pub(crate) async fn undelivered(&self, desk: &Desk) -> Result<Vec<(i64, OutboundId)>, DeskError> {
        let entries = all(desk, &self.ticket, 0).await?;
        Ok(entries
            .iter()
            .filter(|entry| is_ours(entry) && has_trouble(entry))
            .filter_map(|entry| Some((entry.seq, entry.delivery.as_ref()?.message)))
            .collect())
    }

    /// A line's message is sent again.
    pub(crate) fn resent(&mut self, line: i64) {
        self.on_their_way.insert(line);
    }

    fn sift(&mut self, entries: Vec<Entry>) -> Vec<News> {
        let mut news = Vec::new();
        for entry in entries {
            let state = entry.delivery.as_ref().map(|delivery| delivery.state);
            let travels = matches!(state, Some(DeliveryState::Pending | DeliveryState::Sending | DeliveryState::Retry));
            if entry.seq > self.last {
                self.last = entry.seq;
                if travels && is_ours(&entry) {
                    self.on_their_way.insert(entry.seq);
                }
                news.push(News::Line(entry));
            } else if !travels && self.on_their_way.remove(&entry.seq) && has_trouble(&entry) {
                news.push(News::Trouble(entry));
            }
        }
        news
    }
}

/// The whole timeline after a line.
pub(crate) async fn all(desk: &Desk, ticket: &Ticket, mut after: i64) -> Result<Vec<Entry>, DeskError> {
    let mut entries = Vec::new();
    loop {
        let batch = desk.ticket_timeline(ticket, after, BATCH).await?;
        let more = u32::try_from(batch.len()).is_ok_and(|count| count >= BATCH);
        after = batch.last().map_or(after, |entry| entry.seq);
        entries.extend(batch);
        if !more {
            return Ok(entries);
        }
    }
}

/// When this agent took the ticket last.
pub(crate) fn claimed_at(entries: &[Entry], agent: firstline_engine::ids::PersonId) -> Option<Timestamp> {
    let by_agent = |entry: &&Entry| matches!(&entry.actor, Actor::Agent { person, .. } if *person == agent);
    entries.iter().rev().find(|entry| matches!(entry.what, Happening::Claimed) && by_agent(entry)).map(|entry| entry.at)
}

/// Its message did not, or perhaps did not, arrive.
pub(crate) fn has_trouble(entry: &Entry) -> bool {
    entry
        .delivery
        .as_ref()
        .is_some_and(|delivery| matches!(delivery.state, DeliveryState::Ambiguous | DeliveryState::Dead))
}

/// Said by staff or by the desk. A message of the bot's that was overtaken by a human is meant not to arrive.
fn is_ours(entry: &Entry) -> bool {
    matches!(entry.actor, Actor::Agent { .. } | Actor::Desk)
}

#[cfg(test)]
mod tests {
    use firstline_engine::timeline::EntryDelivery;

    use super::*;
    use crate::agent::view::testing::{entry, ticket};

    fn said(seq: i64, actor: Actor, state: DeliveryState) -> Entry {
        let what =
            Happening::Said { text: format!("line {seq}"), message: None, attachments: Vec::new(), reply_to: None };
        let message = OutboundId(uuid::Uuid::nil());
        Entry { delivery: Some(EntryDelivery { message, state, reason: None }), ..entry(seq, actor, what) }
    }

    fn following() -> Following {
        Following { ticket: ticket(), requester: "anna".to_owned(), last: 0, on_their_way: BTreeSet::new() }
    }

    #[test]
    fn a_line_is_news_once() {
        let mut following = following();
        let line = said(1, Actor::Desk, DeliveryState::Sent);
        assert_eq!(following.sift(vec![line.clone()]), [News::Line(line.clone())]);
        assert_eq!(following.sift(vec![line]), []);
    }

    #[test]
    fn trouble_is_told_once_and_again_after_a_resend() {
        use DeliveryState::{Ambiguous, Dead, Pending, Sending};

        let mut following = following();
        let line = |state| said(1, Actor::Desk, state);
        following.sift(vec![line(Pending)]);
        assert_eq!(following.sift(vec![line(Sending)]), []);
        assert_eq!(following.sift(vec![line(Ambiguous)]), [News::Trouble(line(Ambiguous))]);
        assert_eq!(following.sift(vec![line(Ambiguous)]), []);
        following.resent(1);
        assert_eq!(following.sift(vec![line(Pending)]), []);
        assert_eq!(following.sift(vec![line(Dead)]), [News::Trouble(line(Dead))]);
    }

    #[test]
    fn what_the_bot_did_not_get_to_say_is_no_trouble() {
        let mut following = following();
        following.sift(vec![said(1, Actor::Bot, DeliveryState::Pending)]);
        assert_eq!(following.sift(vec![said(1, Actor::Bot, DeliveryState::Dead)]), []);
    }
}
