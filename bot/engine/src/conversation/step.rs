//! The step: what a conversation makes of an event.
//!
//! ```text
//!                 ┌────────────── not known ──────────────┐
//!  greeting ── question ──► answered ── no ──► (another?) ─► offering a human ── yes ──► collecting ──► waiting ──► with a human
//!                 │  └────► guiding ── no, twice ─────────►       │ no                                    ▲            │
//!                 └───────► clarifying ── pick ──► …              ▼                                       └─ reopened ─┤
//!                              any of them ── "it works", "never mind" ──► closed ◄── rating ◄──────────── resolved ───┘
//! ```
//!
//! "Talk to a human" leads to collecting from everywhere; while a human holds the conversation the bot says nothing. What the
//! requester says is put into the timeline by the caller whatever the step makes of it, so a step only decides what to do.
//!
//! One file per part of the way; each adds methods to [`Stepper`], which gathers the effects.

mod answering;
mod closing;
mod collecting;
mod commands;
mod merging;
mod public;
mod requester;
mod staff;
mod waiting;

use crate::{
    conversation::{
        effect::{Effect, TicketChange},
        event::Event,
        facts::Facts,
        state::{ChoiceAction, Phase, Prompt, State},
    },
    outbound::Speaker,
    phrases::Phrase,
    ticket::{Resolution, Ticket},
    time::Timestamp,
    timeline::{Actor, Happening},
};

/// What the conversation makes of an event: its next state, and what it wants done. Total: every event has an answer in every
/// state, and none panics.
#[must_use]
pub fn step(state: State, event: &Event, facts: &Facts<'_>, now: Timestamp) -> (State, Vec<Effect>) {
    let mut stepper = Stepper { state, facts: *facts, now, effects: Vec::new() };
    match event {
        _ if facts.public => stepper.in_public(event),
        Event::Requester(kind) => {
            stepper.requester(kind);
            stepper.warn_of_secret(kind);
        }
        Event::Staff { agent, action } => stepper.staff(agent, action),
        Event::TimeUp => stepper.time_up(),
        Event::Missed { from, until } => stepper.missed(*from, *until),
        Event::Failed { reference } => stepper.failed_inside(reference),
    }
    (stepper.state, stepper.effects)
}

/// A step under way.
struct Stepper<'a> {
    state: State,
    facts: Facts<'a>,
    now: Timestamp,
    effects: Vec<Effect>,
}

impl Stepper<'_> {
    /// The bot says something and offers nothing new.
    fn say(&mut self, phrase: Phrase) {
        self.effects.push(Effect::Say { speaker: Speaker::Bot, phrase, choices: Vec::new() });
    }

    /// The bot says something to choose from.
    fn offer(&mut self, phrase: Phrase, choices: Vec<ChoiceAction>) {
        self.put(Speaker::Bot, phrase, choices);
    }

    /// The desk tells what happened.
    fn tell(&mut self, phrase: Phrase) {
        self.effects.push(Effect::Say { speaker: Speaker::Desk, phrase, choices: Vec::new() });
    }

    /// The desk tells what happened and offers something.
    fn tell_offering(&mut self, phrase: Phrase, choices: Vec<ChoiceAction>) {
        self.put(Speaker::Desk, phrase, choices);
    }

    fn put(&mut self, speaker: Speaker, phrase: Phrase, choices: Vec<ChoiceAction>) {
        self.state.prompt = Prompt { number: self.state.prompt.number.saturating_add(1), choices: choices.clone() };
        self.effects.push(Effect::Say { speaker, phrase, choices });
    }

    /// Goes on to another phase; what was on offer no longer is.
    fn go(&mut self, phase: Phase) {
        self.state.told_of_human = None;
        self.state.phase = phase;
        self.state.prompt.choices.clear();
    }

    fn record(&mut self, actor: Actor, what: Happening) {
        self.effects.push(Effect::Record { actor, what });
    }

    fn change(&mut self, change: TicketChange) {
        self.effects.push(Effect::ChangeTicket(change));
    }

    /// The conversation's ticket, while it is open.
    fn open_ticket(&self) -> Option<&Ticket> {
        self.facts.ticket.filter(|ticket| ticket.status.is_open())
    }

    /// The conversation's ticket is resolved, and a reply may still reopen it.
    fn can_reopen(&self) -> bool {
        self.facts.ticket.is_some_and(|ticket| ticket.can_be_reopened(self.now, self.facts.policy.reopen_within))
    }

    /// Ends the conversation. A ticket that is still open is resolved with it, and can be reopened by a reply.
    fn close(&mut self, actor: Actor, resolution: Resolution) {
        let open = self.open_ticket().is_some();
        if open {
            self.change(TicketChange::Resolved(resolution));
        }
        let reopenable = open || self.can_reopen();
        self.record(
            actor,
            match resolution {
                Resolution::Abandoned => Happening::Closed { resolution },
                Resolution::Confirmed | Resolution::Assumed => Happening::Resolved { resolution },
            },
        );
        self.go(Phase::Closed { resolution, reopenable });
    }
}
