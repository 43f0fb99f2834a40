//! What goes wrong between the bot and the REST API, on demand.

use std::collections::VecDeque;

use super::Request;

/// How a request fails.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// 429 of a scope, with the seconds to wait.
    TooMany(Scope, f64),
    /// 429 in a page of HTML that something before Discord wrote.
    Blocked,
    /// This status of the five hundreds, with a page of HTML.
    Broken(u16),
    /// This status of the four hundreds, with a page of HTML that something before Discord wrote.
    Refused(u16),
    /// The connection ends before anything is done.
    DropBefore,
    /// It is done, and the connection ends before the answer.
    DropAfter,
    /// It is done, and no more of the kind may be asked for so many seconds.
    Last(f64),
    /// It is done, and the answer comes when the story lets go ([`super::Discord::lets_go`]).
    Hold,
}

/// Whose limit was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The bot's, on this route.
    User,
    /// Everybody's, in this channel.
    Shared,
    /// The bot's, altogether.
    Global,
}

/// A fault, and which requests it meets.
#[derive(Debug, Clone)]
pub struct Trouble {
    fault: Fault,
    route: Option<String>,
    text: Option<String>,
    times: usize,
}

impl Trouble {
    /// The next request fails like this.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self { fault, route: None, text: None, times: 1 }
    }

    /// Only requests of this route, such as `POST /channels/{}/messages`.
    #[must_use]
    pub fn on(self, route: &str) -> Self {
        Self { route: Some(route.to_owned()), ..self }
    }

    /// Only requests whose path or body has this in it.
    #[must_use]
    pub fn about(self, part: &str) -> Self {
        Self { text: Some(part.to_owned()), ..self }
    }

    /// Not once, but so often.
    #[must_use]
    pub fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    fn meets(&self, request: &Request) -> bool {
        self.route.as_deref().is_none_or(|route| route == request.route)
            && self.text.as_deref().is_none_or(|part| {
                request.path.contains(part) || request.body["content"].as_str().is_some_and(|text| text.contains(part))
            })
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
    pub(super) fn meet(&mut self, request: &Request) -> Option<Fault> {
        let at = self.waiting.iter().position(|trouble| trouble.meets(request))?;
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
