//! What goes wrong between the bot and the platform, on demand.

use std::collections::VecDeque;

use super::api::Given;

/// How a request fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 429; with the seconds to wait, or without, in a page of HTML that some proxy wrote.
    TooMany(Option<u64>),
    /// This status of the five hundreds, with a page of HTML.
    Broken(u16),
    /// Refused with this status, and this description.
    Refused(u16, &'static str),
    /// The connection ends before anything is done.
    DropBefore,
    /// It is done, and the connection ends before the answer.
    DropAfter,
    /// It is done, and the answer comes when the story lets go ([`super::Telegram::lets_go`]).
    Hold,
}

/// A fault, and which requests it meets.
#[derive(Debug, Clone)]
pub struct Trouble {
    fault: Fault,
    method: Option<String>,
    chat: Option<i64>,
    text: Option<String>,
    times: usize,
}

impl Trouble {
    /// The next request fails like this.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self { fault, method: None, chat: None, text: None, times: 1 }
    }

    /// Only requests of this method.
    #[must_use]
    pub fn on(self, method: &str) -> Self {
        Self { method: Some(method.to_ascii_lowercase()), ..self }
    }

    /// Only requests about this chat.
    #[must_use]
    pub fn in_chat(self, chat: i64) -> Self {
        Self { chat: Some(chat), ..self }
    }

    /// Only requests whose text has this in it.
    #[must_use]
    pub fn about(self, part: &str) -> Self {
        Self { text: Some(part.to_owned()), ..self }
    }

    /// Not once, but so often.
    #[must_use]
    pub fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    fn meets(&self, method: &str, given: &Given) -> bool {
        self.method.as_deref().is_none_or(|name| name == method)
            && self.chat.is_none_or(|chat| given.number("chat_id") == Some(chat))
            && self.text.as_deref().is_none_or(|part| given.text("text").contains(part))
    }
}

/// The faults that are still to come.
#[derive(Debug, Default)]
pub(super) struct Faults {
    waiting: VecDeque<Trouble>,
}

impl Faults {
    pub(super) fn add(&mut self, trouble: Trouble) {
        self.waiting.push_back(trouble);
    }

    /// The fault that this request meets, which has then happened once more.
    pub(super) fn meet(&mut self, method: &str, given: &Given) -> Option<Fault> {
        let at = self.waiting.iter().position(|trouble| trouble.meets(method, given))?;
        let trouble = self.waiting.get_mut(at)?;
        let fault = trouble.fault;
        trouble.times = trouble.times.saturating_sub(1);
        if trouble.times == 0 {
            self.waiting.remove(at);
        }
        Some(fault)
    }

    /// All that was asked for has happened.
    pub(super) fn is_over(&self) -> bool {
        self.waiting.is_empty()
    }
}
