//! Where a conversation stands.

use firstline_knowledge::{ArticleId, Language};
use serde::{Deserialize, Serialize};

use crate::{
    conversation::policy::Policy,
    ids::{EventId, TicketId},
    inbound::ExternalId,
    ticket::{Impact, Resolution, Urgency},
    time::Timestamp,
    timeline::Tried,
};

/// The whole state of a conversation: which phase it is in, and what it remembers over all of them. It is stored between two
/// turns as JSON; a field added later needs a default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What the conversation is doing.
    pub phase: Phase,
    /// The question being worked on, as the requester put it last.
    pub question: Option<Asked>,
    /// How many things have been tried in vain since the question was asked.
    pub failed_attempts: u8,
    /// What has been tried for it, in order.
    pub tried: Vec<Tried>,
    /// The conversation's ticket, once there is one. There is never a second.
    pub ticket: Option<TicketId>,
    /// Nothing has happened since the question was asked, so an edit of it is answered anew.
    pub untouched: bool,
    /// What the requester was offered last, so that "1", "yes" or a press can be understood, and an old press refused.
    pub prompt: Prompt,
    /// The requester was told not to send secrets; once is enough.
    #[serde(default)]
    pub warned_of_secret: bool,
    /// What was asked in public and went on here last: the same link pressed again says nothing new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub went_on_with: Option<EventId>,
    /// Changes of messages that have not arrived yet, the newest last: the message and what it says now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub early_edits: Vec<(ExternalId, String)>,
    /// The beginning of the gap in what was heard of the platform of which staff were told last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed_since: Option<Timestamp>,
    /// When the requester was told, while a human holds the conversation, that what the bot once offered does nothing any more;
    /// once is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_of_human: Option<Timestamp>,
    /// Its ticket is a part of another one, and the requester was told that what they write goes there; once is enough.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub told_of_merging: bool,
}

/// A question as the requester put it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its words. Untrusted text.
    pub text: String,
    /// The message it came in, so that an edit of it can be recognised.
    pub message: Option<ExternalId>,
}

/// The choices that are on offer. An empty list means that nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// Counts the prompts of this conversation, so that a press on an old one can be told from one on this.
    pub number: u32,
    /// What can be chosen, in the order shown.
    pub choices: Vec<ChoiceAction>,
}

/// What the conversation is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Phase {
    /// Nothing has been asked yet.
    #[default]
    Greeting,
    /// An article was shown; did it help?
    Answered {
        /// Which.
        article: ArticleRef,
    },
    /// Several articles fit; which is it?
    Clarifying {
        /// Those offered, best first.
        candidates: Vec<ArticleRef>,
    },
    /// An article's steps are being walked, one at a time.
    Guiding {
        /// Whose.
        article: ArticleRef,
        /// Which step is being tried, from 0.
        step: usize,
        /// How many messages in a row were neither "worked" nor "did not" nor another question.
        misses: u8,
    },
    /// The bot cannot help, or did not; a human is offered.
    OfferingHuman {
        /// The guide that could be gone on with instead: the article and the step that would come next.
        resume: Option<(ArticleRef, usize)>,
    },
    /// What a ticket needs is being asked for.
    Collecting {
        /// What is known so far.
        draft: Draft,
        /// What was asked for last.
        asking: Field,
    },
    /// The ticket waits in its queue.
    WaitingForHuman {
        /// The requester was told that further messages reach the ticket; once is enough.
        reassured: bool,
    },
    /// An agent holds the conversation; the bot is silent.
    WithHuman,
    /// The ticket is resolved; how was it?
    Rating {
        /// What was asked for last.
        stage: RatingStage,
    },
    /// Over.
    Closed {
        /// How it ended.
        resolution: Resolution,
        /// Its ticket is resolved, and a reply may still reopen it.
        reopenable: bool,
    },
}

impl Phase {
    /// The name used in logs and in the database.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::Answered { .. } => "answered",
            Self::Clarifying { .. } => "clarifying",
            Self::Guiding { .. } => "guiding",
            Self::OfferingHuman { .. } => "offering_human",
            Self::Collecting { .. } => "collecting",
            Self::WaitingForHuman { .. } => "waiting_for_human",
            Self::WithHuman => "with_human",
            Self::Rating { .. } => "rating",
            Self::Closed { .. } => "closed",
        }
    }
}

/// One language's version of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleRef {
    /// Which article.
    pub id: ArticleId,
    /// Which version of it.
    pub language: Language,
}

/// What a ticket will be made of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What it is about, in a line.
    pub summary: Option<String>,
    /// A category of the knowledge base.
    pub category: Option<String>,
    /// How many are affected.
    pub impact: Option<Impact>,
    /// How much it hurts.
    pub urgency: Option<Urgency>,
}

/// What can be asked for before a ticket is opened, in the order asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// What it is about.
    Summary,
    /// What kind of thing.
    Category,
    /// How many are affected.
    Impact,
    /// How much it hurts.
    Urgency,
}

/// What can be asked for after a ticket was resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RatingStage {
    /// One to five.
    Stars,
    /// A word to it.
    Comment,
}

/// What a choice does when it is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum ChoiceAction {
    /// It works now.
    Helped,
    /// It did not help.
    NotHelped,
    /// Show this article.
    Pick {
        /// Which.
        article: ArticleRef,
    },
    /// None of those offered.
    NoneOfThese,
    /// Go on with the guide.
    NextStep,
    /// Talk to a human.
    Human,
    /// No human, thank you.
    NoHuman,
    /// This category.
    Category {
        /// Which.
        category: String,
    },
    /// This many are affected.
    Impact {
        /// How many.
        impact: Impact,
    },
    /// This much.
    Urgency {
        /// How much.
        urgency: Urgency,
    },
    /// Leave this one out.
    Skip,
    /// This many stars.
    Rate {
        /// From 1 to 5.
        stars: u8,
    },
    /// The reply was about something new, not about the ticket it reopened.
    SomethingNew,
}

impl State {
    /// The article being tried.
    #[must_use]
    pub const fn article(&self) -> Option<&ArticleRef> {
        match &self.phase {
            Phase::Answered { article }
            | Phase::Guiding { article, .. }
            | Phase::OfferingHuman { resume: Some((article, _)) } => Some(article),
            _ => None,
        }
    }

    /// An agent holds the conversation.
    #[must_use]
    pub const fn is_held(&self) -> bool {
        matches!(self.phase, Phase::WithHuman)
    }

    /// When the conversation has to be looked at again though nobody wrote: people leave without saying so.
    #[must_use]
    pub fn wake_at(&self, now: Timestamp, policy: &Policy) -> Option<Timestamp> {
        match self.phase {
            Phase::Answered { .. } | Phase::Clarifying { .. } | Phase::Guiding { .. } | Phase::OfferingHuman { .. } => {
                Some(now.after(policy.leave_after))
            }
            Phase::Collecting { .. } => Some(now.after(policy.collect_for)),
            Phase::Rating { .. } => Some(now.after(policy.rate_for)),
            // A resolved ticket is closed for good when it can no longer be reopened.
            Phase::Closed { reopenable: true, .. } => Some(now.after(policy.reopen_within)),
            Phase::Greeting | Phase::WaitingForHuman { .. } | Phase::WithHuman | Phase::Closed { .. } => None,
        }
    }
}
