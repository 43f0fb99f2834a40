//! One turn of a conversation: take its lease, load it with its facts, run the pure step, commit everything together.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use firstline_knowledge::{Audience, Question, Verdict, detect_language};

use crate::{
    command::Command,
    conversation::{Effect, Event, Facts, LookedUp, Phase, Refusal, State, search_for, step},
    desk::{
        Desk, DeskError, LEASE, album,
        assemble::{Assembly, Origin},
    },
    ids::{ConversationId, TicketId},
    inbound::InboundKind,
    people::{LanguageSource, Person},
    ports::{Lease, Loaded, PendingEvent, StoreError, TicketFilter, Turn},
    ticket::{Ticket, TicketStatus},
};

/// How a turn ended.
pub(super) enum Turned {
    /// Committed.
    Done,
    /// There was nothing to do.
    Nothing,
    /// The agent's action cannot be done; nothing was changed.
    Refused(Refusal),
    /// Somebody else has taken the conversation over; nothing was changed.
    LeaseLost,
    /// What is to be handled has not arrived as a whole; more of it comes soon, or not at all.
    Incomplete(Duration),
    /// The event could not be handled; it will be tried again.
    Failed,
}

/// After this many failures to handle an event a human is asked to.
pub(super) const MAX_FAILURES: u32 = 3;

impl Desk {
    /// Makes the next turn of any conversation that has something to do. False when none has.
    pub async fn work(&self) -> Result<bool, DeskError> {
        let Some(lease) = self.store().lease_next(&self.inner.owner, LEASE, self.now()).await? else {
            return Ok(false);
        };
        match self.turn(&lease, None).await {
            // The lease is kept until it runs out: the other conversations go first meanwhile.
            Ok(Turned::Failed) => {}
            Ok(Turned::Incomplete(wait)) => self.store().shorten(&lease, wait).await?,
            Ok(_) => self.store().release(&lease).await?,
            Err(error) => {
                // Where this fails as well the lease runs out; the first failure is the one to tell of.
                let _ = self.store().release(&lease).await;
                return Err(error);
            }
        }
        Ok(true)
    }

    /// Makes one turn: of the event given, else of the oldest pending one, else of the time that is up.
    pub(super) async fn turn(&self, lease: &Lease, given: Option<Event>) -> Result<Turned, DeskError> {
        let Some(mut loaded) = self.store().load(lease.conversation).await? else {
            return Ok(Turned::Nothing);
        };
        if given.is_none()
            && let Some(wait) = album::gather(&mut loaded.events, self.now())
        {
            return Ok(Turned::Incomplete(wait));
        }
        if given.is_none() {
            self.go_on(&mut loaded).await?;
            self.mind_early_edits(&mut loaded).await?;
        }
        if let (None, Some(pending)) = (&given, loaded.events.first())
            && let InboundKind::Staff(input) = &pending.kind
        {
            let made = self.staff_turn(lease, &loaded, pending, input).await;
            return self.settled(lease, Some(pending), made).await;
        }
        let (event, pending) = match (given, loaded.events.first()) {
            (Some(event), _) => (event, None),
            (None, Some(pending)) if pending.failures >= MAX_FAILURES => {
                (Event::Failed { reference: pending.id.to_string() }, Some(pending.clone()))
            }
            (None, Some(pending)) => (Event::Requester(pending.kind.clone()), Some(pending.clone())),
            (None, None) if loaded.conversation.wake_at.is_some_and(|at| at <= self.now()) => (Event::TimeUp, None),
            (None, None) => return Ok(Turned::Nothing),
        };
        let made = self.attempt(lease, &loaded, event, pending.as_ref(), None).await;
        self.settled(lease, pending.as_ref(), made).await
    }

    /// What a turn that was tried has come to.
    async fn settled(
        &self,
        lease: &Lease,
        pending: Option<&PendingEvent>,
        made: Result<Turned, TurnError>,
    ) -> Result<Turned, DeskError> {
        match made {
            Ok(turned) => Ok(turned),
            Err(TurnError::Store(StoreError::LeaseLost)) => Ok(Turned::LeaseLost),
            // The database is away: no fault of the event's.
            Err(TurnError::Store(error @ StoreError::Database { .. })) => Err(error.into()),
            Err(error) => {
                // The event stays where it is and is tried again; after some tries a human is asked instead.
                let failures = match pending {
                    Some(pending) => self.store().count_failure(pending.id, &error.to_string()).await?,
                    None => 0,
                };
                tracing::error!(conversation = %lease.conversation, failures, error = %error, "a turn failed");
                Ok(Turned::Failed)
            }
        }
    }

    pub(super) async fn attempt(
        &self,
        lease: &Lease,
        loaded: &Loaded,
        event: Event,
        pending: Option<&PendingEvent>,
        origin: Option<&Origin>,
    ) -> Result<Turned, TurnError> {
        let gathered = self.gather(loaded, &event).await?;
        let verdict = guarded(|| self.search(&loaded.conversation.state, &event, &gathered.requester))?;
        let library = self.library();
        let offered = &loaded.conversation.state.prompt.choices;
        let language = gathered.requester.language;
        let labels: Vec<String> =
            offered.iter().map(|action| self.phrases().label(language, action, &library)).collect();
        let facts = Facts {
            conversation: loaded.conversation.id,
            platform: loaded.conversation.place.platform,
            public: loaded.conversation.place.is_public(),
            requester: &gathered.requester,
            ticket: loaded.ticket.as_ref(),
            assignee: gathered.assignee.as_ref().map(|person| person.name.as_str()),
            assignee_is_away: gathered.assignee.as_ref().is_some_and(|person| !person.on_duty),
            looked_up: &gathered.looked_up,
            waiting_before: gathered.waiting_before,
            other_tickets: &gathered.other_tickets,
            verdict: verdict.as_ref(),
            labels: &labels,
            fresh_ticket: TicketId(self.inner.ids.fresh()),
            library: &library,
            policy: &self.inner.policy,
        };
        let now = self.now();
        let state = loaded.conversation.state.clone();
        // A bug in the step must not take the worker down, and the event that met it must reach a human.
        let (state, effects) = guarded(|| step(state, &event, &facts, now))?;
        self.commit(lease, loaded, &event, pending, origin, &gathered, state, effects).await
    }

    #[expect(clippy::too_many_arguments, reason = "the pieces of one turn, joined here and nowhere else")]
    async fn commit(
        &self,
        lease: &Lease,
        loaded: &Loaded,
        event: &Event,
        pending: Option<&PendingEvent>,
        origin: Option<&Origin>,
        gathered: &Gathered,
        state: State,
        effects: Vec<Effect>,
    ) -> Result<Turned, TurnError> {
        let now = self.now();
        if let Some(Effect::Refuse(refusal)) = effects.first() {
            return Ok(Turned::Refused(refusal.clone()));
        }
        let renew = effects.contains(&Effect::Renew);
        let number = match &loaded.ticket {
            Some(ticket) => Some(ticket.number),
            None if effects.iter().any(|effect| matches!(effect, Effect::OpenTicket { .. })) => {
                Some(self.store().next_ticket_number().await?)
            }
            None => None,
        };
        let mut assembly = Assembly::new(self, loaded, &gathered.requester, number, now);
        if let (Some(pending), false) = (pending, renew) {
            assembly.answers(pending.id, &pending.kind);
            assembly.record_event(pending, &loaded.conversation.state);
        }
        let wake_at = state.wake_at(now, &self.inner.policy);
        assembly.written_in(origin);
        assembly.apply(&state, effects);
        // An event that goes on to the next conversation is answered there.
        // What staff do is answered in their room, not where the requester is.
        let answered = pending.filter(|pending| !renew && !matches!(pending.kind, InboundKind::Staff(_)));
        let via = answered.and_then(|pending| pending.via.clone());
        let mut turn: Turn = assembly.finish(state, wake_at, via);
        if renew {
            let fresh = ConversationId(self.inner.ids.fresh());
            self.store().renew(lease, &turn, fresh, now).await?;
            return Ok(Turned::Done);
        }
        if let Some(pending) = pending {
            match event {
                Event::Failed { .. } => turn.given_up.extend(pending.ids()),
                _ => turn.handled.extend(pending.ids()),
            }
        }
        self.store().commit_turn(lease, &turn, now).await?;
        Ok(Turned::Done)
    }

    /// Collects what the step may know.
    async fn gather(&self, loaded: &Loaded, event: &Event) -> Result<Gathered, StoreError> {
        let mut requester = loaded.requester.clone();
        if requester.language_source == LanguageSource::Default {
            requester.language = self.policy().default_language;
        }
        let assignee = match loaded.ticket.as_ref().and_then(|ticket| ticket.assignee) {
            Some(person) => self.store().person(person).await?,
            None => None,
        };
        let waiting_before = match &loaded.ticket {
            Some(ticket) => self.store().waiting_before(ticket.id).await?,
            // Only a step that opens a ticket says how many are before it.
            None if may_open_ticket(&loaded.conversation.state, event) => self.waiting().await?,
            None => 0,
        };
        let filter = TicketFilter {
            statuses: TicketStatus::ALL.iter().copied().filter(|status| status.is_open()).collect(),
            requester: Some(requester.id),
            ..TicketFilter::default()
        };
        let looked_up = self.look_up(loaded, event).await?;
        let mut other_tickets = self.store().tickets(&filter).await?;
        other_tickets.retain(|ticket| ticket.conversation != loaded.conversation.id);
        if let Event::Requester(
            InboundKind::Message { text, .. } | InboundKind::Public { text, .. } | InboundKind::Edited { text, .. },
        ) = event
            && requester.language_source < LanguageSource::Chosen
            && Command::parse(text).is_none()
            && let Some(language) = detect_language(text)
        {
            requester.language = language;
            requester.language_source = LanguageSource::Detected;
        }
        Ok(Gathered { requester, assignee, waiting_before, other_tickets, looked_up })
    }

    /// How many tickets wait in the queue that takes new ones: those a ticket opened now would have before it.
    async fn waiting(&self) -> Result<u32, StoreError> {
        let filter = TicketFilter {
            statuses: vec![TicketStatus::New],
            queue: Some(self.inner.policy.first_queue().to_owned()),
            limit: 1_000,
            ..TicketFilter::default()
        };
        Ok(u32::try_from(self.store().tickets(&filter).await?.len()).unwrap_or(u32::MAX))
    }

    fn search(&self, state: &State, event: &Event, requester: &Person) -> Option<Verdict> {
        let search = search_for(state, event)?;
        Some(self.library().ask(&Question {
            text: &search.text,
            language: Some(requester.language),
            audience: Audience::Everyone,
            not: &search.not,
        }))
    }
}

/// A ticket can be opened by this step.
fn may_open_ticket(state: &State, event: &Event) -> bool {
    matches!(state.phase, Phase::Collecting { .. })
        || matches!(event, Event::Failed { .. } | Event::Requester(InboundKind::Unheard { .. }))
}

/// Runs pure code of ours so that a bug in it is an error and not the end of the worker.
pub(super) fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, TurnError> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|_| TurnError::Panicked)
}

/// What was collected for a step.
struct Gathered {
    requester: Person,
    assignee: Option<Person>,
    waiting_before: u32,
    other_tickets: Vec<Ticket>,
    looked_up: LookedUp,
}

/// Why a turn was not committed.
#[derive(Debug, thiserror::Error)]
pub(super) enum TurnError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("our own code panicked")]
    Panicked,
}
