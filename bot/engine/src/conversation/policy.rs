//! The settings that the conversation goes by. An admin chooses them; the defaults are what most desks want.

use std::time::Duration;

use firstline_knowledge::Language;

use crate::sla::Sla;

/// The settings that the conversation goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What the desk calls itself in greetings.
    pub desk_name: String,
    /// The language to speak with somebody of whom nothing is known.
    pub default_language: Language,
    /// After this many things tried in vain the bot offers a human by itself.
    pub attempts_before_human: u8,
    /// A requester who was given an answer and has been silent this long has left.
    pub leave_after: Duration,
    /// A requester who asked for a human and has been silent this long gets the ticket with what is known.
    pub collect_for: Duration,
    /// How long a rating is waited for.
    pub rate_for: Duration,
    /// How long after its resolution a requester's reply reopens a ticket.
    pub reopen_within: Duration,
    /// How soon there is an answer and a solution.
    pub sla: Sla,
    /// The queues that tickets can be in. Never empty; the first takes new tickets.
    pub queues: Vec<String>,
}

impl Default for Policy {
    fn default() -> Self {
        const HOUR: u64 = 60 * 60;
        Self {
            desk_name: "Firstline".to_owned(),
            default_language: Language::En,
            attempts_before_human: 2,
            leave_after: Duration::from_secs(HOUR),
            collect_for: Duration::from_secs(HOUR / 4),
            rate_for: Duration::from_secs(24 * HOUR),
            reopen_within: Duration::from_secs(72 * HOUR),
            sla: Sla::default(),
            queues: vec![crate::ticket::DEFAULT_QUEUE.to_owned(), "second-level".to_owned()],
        }
    }
}

impl Policy {
    /// The queue that takes new tickets.
    #[must_use]
    pub fn first_queue(&self) -> &str {
        self.queues.first().map_or(crate::ticket::DEFAULT_QUEUE, String::as_str)
    }
}
