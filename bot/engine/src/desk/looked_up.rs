//! What an event is about besides its own conversation: a macro, another ticket. Looked up before the step, which asks nobody.

use crate::{
    conversation::{Event, LookedUp, OtherTicket, StaffAction},
    desk::Desk,
    ids::ConversationId,
    ports::{Loaded, StoreError},
    ticket::TicketNumber,
    timeline::{Actor, Happening, SaidElsewhere},
};

/// So many lines of a merged ticket go along; all of them stay in its own timeline.
const GO_ALONG: usize = 50;

/// So many tickets are followed from one that was merged into the next. There are no circles; this is against broken data.
const FOLLOWED: usize = 32;

/// The most lines of a conversation that are looked through.
const PAGE: u32 = 1_000;

impl Desk {
    /// Looks up what this event needs.
    pub(super) async fn look_up(&self, loaded: &Loaded, event: &Event) -> Result<LookedUp, StoreError> {
        let merged = loaded.ticket.as_ref().and_then(|ticket| ticket.merged_into);
        Ok(match (event, merged) {
            (Event::Staff { action: StaffAction::Macro { .. }, .. }, _) => {
                LookedUp { macros: self.store().macros().await?, ..LookedUp::default() }
            }
            (Event::Staff { action: StaffAction::Merge { into, .. }, .. }, _) => LookedUp {
                other: self.other_ticket(*into).await?,
                said: self.said_in(loaded.conversation.id, &loaded.requester.name).await?,
                ..LookedUp::default()
            },
            (Event::Requester(_), Some(into)) => LookedUp { other: self.survivor(into).await?, ..LookedUp::default() },
            _ => LookedUp::default(),
        })
    }

    async fn other_ticket(&self, number: TicketNumber) -> Result<Option<OtherTicket>, StoreError> {
        let Some(ticket) = self.store().ticket(number).await? else { return Ok(None) };
        let Some(loaded) = self.store().load(ticket.conversation).await? else { return Ok(None) };
        let platform = loaded.conversation.place.platform;
        Ok(Some(OtherTicket { ticket, requester: loaded.requester, platform }))
    }

    /// The ticket that is left of those that were merged into each other, beginning with this one.
    async fn survivor(&self, first: TicketNumber) -> Result<Option<OtherTicket>, StoreError> {
        let mut number = first;
        for _ in 0..FOLLOWED {
            match self.store().ticket(number).await?.and_then(|ticket| ticket.merged_into) {
                Some(next) => number = next,
                None => break,
            }
        }
        self.other_ticket(number).await
    }

    /// What people said in a conversation, the newest of it.
    async fn said_in(&self, conversation: ConversationId, requester: &str) -> Result<Vec<SaidElsewhere>, StoreError> {
        let mut said = Vec::new();
        let mut after = 0;
        loop {
            let lines = self.store().timeline(conversation, after, PAGE, false).await?;
            let Some(last) = lines.last().map(|line| line.seq) else { break };
            after = last;
            said.extend(lines.into_iter().filter_map(|line| {
                let name = match line.actor {
                    Actor::Requester => requester.to_owned(),
                    Actor::Agent { name, .. } => name,
                    Actor::Bot | Actor::Desk => return None,
                };
                let Happening::Said { text, attachments, .. } = line.what else { return None };
                let files = attachments.iter().map(|file| format!("[{}]", file.name));
                let text: Vec<String> = std::iter::once(text).chain(files).filter(|it| !it.trim().is_empty()).collect();
                (!text.is_empty()).then(|| SaidElsewhere { name, text: text.join("\n") })
            }));
        }
        let begin = said.len().saturating_sub(GO_ALONG);
        Ok(said.split_off(begin))
    }
}
