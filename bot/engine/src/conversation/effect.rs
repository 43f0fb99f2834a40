//! What a step wants done. Nothing of it has happened yet: the desk commits all effects of a step together.

use firstline_knowledge::Language;

use crate::{
    conversation::{
        event::AgentRef,
        refusal::Refusal,
        state::{ChoiceAction, Draft},
    },
    ids::{ConversationId, OutboundId},
    outbound::{Content, Speaker},
    people::LanguageSource,
    phrases::Phrase,
    ticket::{Priority, Resolution, TicketNumber},
    timeline::{Actor, Happening, SaidElsewhere, Tried},
};

/// What a step wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Say something to the requester in their language.
    Say {
        /// As the bot, which a human who takes over silences, or as the desk, which tells what happened.
        speaker: Speaker,
        /// What.
        phrase: Phrase,
        /// What they can choose. Not empty only in the last `Say` of a step.
        choices: Vec<ChoiceAction>,
    },
    /// Say something in public, where it is about nobody, and offer to go on in private.
    Invite {
        /// What.
        phrase: Phrase,
    },
    /// Pass an agent's words on to the requester.
    Relay {
        /// Whose.
        agent: AgentRef,
        /// The words.
        content: Content,
    },
    /// Change, or take back, a message of an agent's to the requester.
    Amend {
        /// Whose.
        agent: AgentRef,
        /// Which.
        target: OutboundId,
        /// What it says now; `None` when it is taken back.
        content: Option<Content>,
    },
    /// Write a line into the timeline.
    Record {
        /// Who did it.
        actor: Actor,
        /// What.
        what: Happening,
    },
    /// Open the conversation's ticket, with the id that the facts gave.
    OpenTicket {
        /// What is known.
        draft: Draft,
        /// What the bot had tried.
        tried: Vec<Tried>,
    },
    /// Change the conversation's ticket.
    ChangeTicket(TicketChange),
    /// Make the conversation's ticket a part of another one's, and write that into the timeline there, too.
    Merge {
        /// Who does it.
        agent: AgentRef,
        /// The other ticket's conversation.
        into: ConversationId,
        /// What is written there.
        what: Happening,
        /// The two have one requester on one platform: what is written here belongs there from now on.
        joins: bool,
    },
    /// Tell the ticket of which this one is a part what was written here.
    PassOn {
        /// That ticket's conversation.
        into: ConversationId,
        /// To which ticket it was written.
        ticket: TicketNumber,
        /// Who, and what.
        said: SaidElsewhere,
    },
    /// Remember which language the requester wants.
    LearnLanguage {
        /// Which.
        language: Language,
        /// How we know.
        source: LanguageSource,
    },
    /// Tell the agent that it cannot be done. Always the only effect.
    Refuse(Refusal),
    /// This conversation is over and the event belongs to a new one: begin it in the same place, and let it handle the event.
    Renew,
}

/// A change of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketChange {
    /// An agent has it now.
    Claimed(AgentRef),
    /// It lies in its queue again.
    Released,
    /// It lies in another queue.
    Transferred {
        /// Which.
        queue: String,
    },
    /// Its priority was set by hand.
    PrioritySet(Priority),
    /// It waits for something else.
    PutOnHold,
    /// It is worked on.
    Resumed,
    /// An agent has written to the requester.
    Answered,
    /// The requester has written; the agent has the next word.
    RequesterReplied,
    /// The bot goes on; nobody is assigned.
    ReturnedToBot,
    /// It is solved.
    Resolved(Resolution),
    /// It goes on after all: with its last agent if there is one, else in its queue.
    Reopened,
    /// It is over.
    Closed(Resolution),
    /// It has become a part of another one.
    Merged {
        /// Of which.
        into: TicketNumber,
    },
    /// The requester rated it.
    Rated {
        /// From 1 to 5.
        stars: u8,
    },
    /// The requester said something to the rating. Untrusted text.
    Commented(String),
}
