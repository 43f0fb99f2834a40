//! How much the platform takes: a message a second in a private chat, with short bursts, and so many in a while in a group. What is
//! beyond is answered with 429 and how long to wait. Time is real here: the bot waits for real.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use tokio::time::Instant;

use super::{Telegram, api::Given};

/// So many messages a private chat takes at once, when it was quiet before; then one more a second.
const BURST: f64 = 4.0;

/// What was sent where, as far as it counts.
#[derive(Debug, Default)]
pub(super) struct Limits {
    /// What a group takes, in a story that is about that.
    group: Option<(usize, Duration)>,
    /// When groups got their last messages.
    sent: BTreeMap<i64, VecDeque<Instant>>,
    /// How many messages each private chat took at some moment.
    left: BTreeMap<i64, (f64, Instant)>,
}

impl Limits {
    /// Counts a request; how many seconds to wait, where it is too much.
    pub(super) fn meet(&mut self, method: &str, given: &Given) -> Option<u64> {
        let counts = (method.starts_with("send") && method != "sendchataction")
            || method.starts_with("editmessage")
            || method == "copymessage";
        let chat = given.number("chat_id").filter(|_| counts)?;
        let messages = given.structured("media").ok().and_then(|media| media.as_array().map(Vec::len)).unwrap_or(1);
        if chat > 0 { self.meet_chat(chat) } else { self.meet_group(chat, messages) }
    }

    fn meet_chat(&mut self, chat: i64) -> Option<u64> {
        let now = Instant::now();
        let (left, at) = self.left.get(&chat).copied().unwrap_or((BURST, now));
        let left = (left + now.duration_since(at).as_secs_f64()).min(BURST);
        let enough = left >= 1.0;
        self.left.insert(chat, (if enough { left - 1.0 } else { left }, now));
        (!enough).then_some(1)
    }

    fn meet_group(&mut self, chat: i64, messages: usize) -> Option<u64> {
        let (count, within) = self.group?;
        let now = Instant::now();
        let sent = self.sent.entry(chat).or_default();
        sent.retain(|at| now.duration_since(*at) < within);
        if sent.len() + messages > count {
            let first = sent.front().map_or(within, |at| within.saturating_sub(now.duration_since(*at)));
            return Some(first.as_secs() + 1);
        }
        sent.extend(std::iter::repeat_n(now, messages));
        None
    }
}

impl Telegram {
    /// Groups take so many messages in a while, and refuse what is beyond.
    pub fn limits_groups(&self, count: usize, within: Duration) {
        self.change(|state| state.limits.group = Some((count, within)));
    }

    /// How often the bot was told to wait.
    pub fn told_to_wait(&self) -> usize {
        self.journal().iter().filter(|it| it.answer.as_ref().is_some_and(|(status, _)| *status == 429)).count()
    }
}
