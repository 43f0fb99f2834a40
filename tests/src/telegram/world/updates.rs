//! What the bot is to be told: kept until it asks past it, and no longer than a day.

use std::collections::VecDeque;

use serde_json::{Value, json};

/// Update ids begin somewhere, and not at 1.
const FIRST: i64 = 700_000_001;
/// What is told only to who asks for it by name.
const ON_REQUEST: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];
/// How long an update is kept, in seconds.
const KEPT: i64 = 24 * 60 * 60;
/// A position further ahead than this cannot be true, and is answered as if it had not been given.
const AHEAD: i64 = 10;

/// The updates that the bot has not asked past.
#[derive(Debug)]
pub(in crate::telegram) struct Updates {
    waiting: VecDeque<Update>,
    next: i64,
    /// The updates that were ever in an answer, in the order in which they were.
    handed_out: Vec<i64>,
    /// What the bot wants to be told; without it the default.
    allowed: Vec<String>,
    /// What is to be done to the answers that come next.
    disorder: VecDeque<Disorder>,
}

#[derive(Debug)]
struct Update {
    id: i64,
    made_at: i64,
    what: Value,
}

/// What can go wrong with the order of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::telegram) enum Disorder {
    /// Every update is in it twice.
    Twice,
    /// The newest comes first.
    Backwards,
}

impl Default for Updates {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            next: FIRST,
            handed_out: Vec::new(),
            allowed: Vec::new(),
            disorder: VecDeque::new(),
        }
    }
}

impl Updates {
    /// Adds one, if the bot wants to be told of this kind; its id.
    pub(super) fn add(&mut self, kind: &str, what: &Value, now: i64) -> i64 {
        let id = self.next;
        if self.wants(kind) {
            self.add_raw(json!({"update_id": id, kind: what}), now);
        } else {
            self.next += 1;
        }
        id
    }

    /// Adds whatever a story thinks of; it gets an id, if it is an object.
    pub(in crate::telegram) fn add_raw(&mut self, mut what: Value, made_at: i64) -> i64 {
        let id = self.next;
        self.next += 1;
        if what.is_object() {
            what["update_id"] = id.into();
        }
        self.waiting.push_back(Update { id, made_at, what });
        id
    }

    fn wants(&self, kind: &str) -> bool {
        if self.allowed.is_empty() { !ON_REQUEST.contains(&kind) } else { self.allowed.iter().any(|it| it == kind) }
    }

    /// The bot says what it wants to be told; nothing means the default.
    pub(in crate::telegram) fn allow(&mut self, kinds: Vec<String>) {
        self.allowed = kinds;
    }

    /// The updates from an offset on, at most `limit`; what lies before it is forgotten. A negative offset counts from the end.
    pub(in crate::telegram) fn ask(&mut self, offset: i64, limit: usize) -> Vec<Value> {
        if offset < 0 {
            let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            self.waiting.drain(..self.waiting.len().saturating_sub(keep));
        } else if offset <= self.next + AHEAD {
            self.waiting.retain(|update| update.id >= offset);
        }
        let mut answer: Vec<(i64, Value)> =
            self.waiting.iter().take(limit).map(|update| (update.id, update.what.clone())).collect();
        if !answer.is_empty() {
            match self.disorder.pop_front() {
                Some(Disorder::Twice) => answer = answer.into_iter().flat_map(|it| [it.clone(), it]).collect(),
                Some(Disorder::Backwards) => answer.reverse(),
                None => {}
            }
        }
        self.handed_out.extend(answer.iter().map(|(id, _)| *id));
        answer.into_iter().map(|(_, update)| update).collect()
    }

    /// The one that has waited longest, for a webhook.
    pub(in crate::telegram) fn first(&mut self) -> Option<(i64, Value)> {
        let first = self.waiting.front()?;
        self.handed_out.push(first.id);
        Some((first.id, first.what.clone()))
    }

    /// The bot has one.
    pub(in crate::telegram) fn confirm(&mut self, id: i64) {
        self.waiting.retain(|update| update.id != id);
    }

    /// The bot does not want what waits.
    pub(in crate::telegram) fn forget(&mut self) {
        self.waiting.clear();
    }

    pub(super) fn expire(&mut self, now: i64) {
        self.waiting.retain(|update| update.made_at + KEPT > now);
    }

    pub(in crate::telegram) fn was_handed_out(&self, id: i64) -> bool {
        self.handed_out.contains(&id)
    }

    pub(in crate::telegram) fn is_kept(&self, id: i64) -> bool {
        self.waiting.iter().any(|update| update.id == id)
    }

    pub(in crate::telegram) fn count(&self) -> usize {
        self.waiting.len()
    }

    /// From now on ids begin there, as they do after a week without updates.
    pub(in crate::telegram) fn jump(&mut self, next: i64) {
        self.next = next;
    }

    pub(in crate::telegram) fn disturb(&mut self, disorder: Disorder) {
        self.disorder.push_back(disorder);
    }
}
