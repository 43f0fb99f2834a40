//! Absences that are longer than a platform keeps what is written to us: nobody can say then what is missing, so everybody who works
//! a ticket there is told when it may have happened.

use std::time::Duration;

use crate::{
    conversation::Event,
    desk::{Desk, DeskError, LEASE, turn::Turned},
    people::Platform,
    ports::{Store, StoreError, TicketFilter, Watermark},
    ticket::TicketStatus,
    time::Timestamp,
};

/// How often, at most, it is written down that we are there.
const EVERY: Duration = Duration::from_mins(1);

/// The name under which it is written down when a platform was heard last.
fn heard_at(platform: Platform) -> String {
    format!("{platform}/heard")
}

/// The name under which the last gap is kept.
fn gap_at(platform: Platform) -> String {
    format!("{platform}/gap")
}

/// The last gap of a platform: since when nothing had been heard, and what was written before when may be lost.
pub async fn last_gap(store: &dyn Store, platform: Platform) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
    let Some(text) = store.watermark(&gap_at(platform)).await? else { return Ok(None) };
    let moment = |text: &str| text.parse().ok().map(Timestamp);
    Ok(text.split_once(' ').and_then(|(from, until)| Some((moment(from)?, moment(until)?))))
}

impl Desk {
    /// A platform, which keeps what it has for us for so long, is being listened to. Called whenever it has been heard; when that is
    /// for the first time after a longer absence, the gap is declared. `last` is when we said so last in this run of the program.
    /// Returns when we said so now.
    pub async fn hears(
        &self,
        platform: Platform,
        kept_for: Duration,
        last: Option<Timestamp>,
    ) -> Result<Timestamp, DeskError> {
        let now = self.now();
        if let Some(last) = last.filter(|last| now.since(*last) < EVERY && *last <= now) {
            return Ok(last);
        }
        let before =
            self.store().watermark(&heard_at(platform)).await?.and_then(|text| text.parse().ok().map(Timestamp));
        if let Some(from) = before.filter(|from| now.since(*from) > kept_for) {
            let until = Timestamp(now.0.saturating_sub(i64::try_from(kept_for.as_millis()).unwrap_or(i64::MAX)));
            self.declare_gap(platform, from, until).await?;
        }
        self.mark(heard_at(platform), now.0.to_string()).await?;
        Ok(now)
    }

    /// Tells everybody who works a ticket of the platform. When it is broken off it begins anew, and no ticket is told twice.
    async fn declare_gap(&self, platform: Platform, from: Timestamp, until: Timestamp) -> Result<(), DeskError> {
        tracing::error!(
            %platform, from = from.to_text(), until = until.to_text(),
            "nothing was heard of a platform for longer than it keeps messages: what was written meanwhile may be lost"
        );
        let filter = TicketFilter {
            statuses: TicketStatus::ALL.iter().copied().filter(|status| status.is_open()).collect(),
            limit: u32::MAX,
            ..TicketFilter::default()
        };
        for ticket in self.store().tickets(&filter).await? {
            let loaded = self.store().load(ticket.conversation).await?;
            if loaded.is_some_and(|loaded| loaded.conversation.place.platform == platform) {
                self.tell_of_gap(ticket.conversation, from, until).await?;
            }
        }
        self.mark(gap_at(platform), format!("{} {}", from.0, until.0)).await
    }

    async fn tell_of_gap(
        &self,
        conversation: crate::ids::ConversationId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<(), DeskError> {
        let deadline = self.now().after(LEASE * 2);
        loop {
            if let Some(lease) = self.store().lease(conversation, &self.inner.owner, LEASE).await? {
                let turned = self.turn(&lease, Some(Event::Missed { from, until })).await;
                self.store().release(&lease).await?;
                if !matches!(turned?, Turned::LeaseLost) {
                    return Ok(());
                }
            }
            if self.now() > deadline {
                tracing::warn!(%conversation, "a busy conversation was not told of a gap");
                return Ok(());
            }
            self.wait_for_change(Duration::from_millis(20)).await;
        }
    }

    async fn mark(&self, source: String, position: String) -> Result<(), DeskError> {
        self.store().accept(&[], Some(&Watermark { source, position }), self.now()).await?;
        Ok(())
    }
}
