//! The ticket's part of a turn.

use super::Assembly;
use crate::{
    conversation::{ArticleRef, Draft, State, TicketChange},
    ports::TicketWrite,
    ticket::{Impact, OTHER_CATEGORY, Priority, Ticket, TicketKind, TicketStatus, Urgency},
    timeline::{Actor, Happening, Tried},
};

impl Assembly<'_> {
    pub(super) fn open_ticket(&mut self, state: &State, draft: Draft, tried: Vec<Tried>) {
        let (Some(id), Some(number)) = (state.ticket, self.number) else {
            tracing::error!(conversation = %self.loaded.conversation.id, "a ticket was to be opened without an id or a number");
            return;
        };
        let library = self.desk.library();
        let kind = tried
            .iter()
            .map(|tried| (&tried.article, self.requester.language))
            .chain(state.article().map(|ArticleRef { id, language }| (id, *language)))
            .find_map(|(article, language)| library.article(article, language))
            .map_or(TicketKind::Incident, |article| article.kind.into());
        let priority = match (draft.impact, draft.urgency) {
            (None, None) => Priority::Medium,
            (impact, urgency) => Priority::of(impact.unwrap_or(Impact::Person), urgency.unwrap_or(Urgency::Medium)),
        };
        self.ticket = Some(TicketWrite::Open(Ticket {
            id,
            number,
            conversation: self.loaded.conversation.id,
            requester: self.requester.id,
            summary: draft
                .summary
                .unwrap_or_else(|| self.desk.phrases().ui(self.requester.language, "summary-none", &[])),
            kind,
            category: draft.category.unwrap_or_else(|| OTHER_CATEGORY.to_owned()),
            impact: draft.impact,
            urgency: draft.urgency,
            priority,
            queue: self.desk.policy().first_queue().to_owned(),
            status: TicketStatus::New,
            assignee: None,
            opened_at: self.now,
            first_response_at: None,
            resolved_at: None,
            updated_at: self.now,
            waiting_since: Some(self.now),
            paused_since: None,
            paused_ms: 0,
            resolution: None,
            rating: None,
            rating_comment: None,
            merged_into: None,
        }));
        self.entry(Actor::Bot, Happening::Opened { ticket: number, tried }, None);
    }

    pub(super) fn change_ticket(&mut self, change: TicketChange) {
        let (mut ticket, new) = match self.ticket.take() {
            Some(TicketWrite::Open(ticket)) => (ticket, true),
            Some(TicketWrite::Change(ticket)) => (ticket, false),
            None => match &self.loaded.ticket {
                Some(ticket) => (ticket.clone(), false),
                None => return,
            },
        };
        ticket.change(change, &self.desk.policy().sla.calendar, self.now);
        self.ticket = Some(if new { TicketWrite::Open(ticket) } else { TicketWrite::Change(ticket) });
    }
}
