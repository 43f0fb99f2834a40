//! Discord's limits: each is waited for where it applies and nowhere else, and long before Discord would ban us for asking in
//! vain we stop asking.
//!
//! Nothing waits here: a request that may not go out yet fails at once, certainly unsent, with the time to wait, and the delivery
//! worker comes back then.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use reqwest::{StatusCode, header::HeaderMap};
use tokio::time::Instant;

/// Discord bans for a while who gets 10,000 answers of 401, 403 or 429 within ten minutes
/// (<https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans>).
const WINDOW: Duration = Duration::from_mins(10);
const MOST_REFUSED: usize = 1_000;

/// After so many, this long nothing is asked.
const PAUSE: Duration = Duration::from_mins(1);

/// Nobody is believed who asks to wait for longer: then it is asked again, and the answer counts.
pub(super) const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// Routes whose waits are remembered at most.
const REMEMBERED: usize = 10_000;

#[derive(Default)]
pub(super) struct Limits {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Until then nothing may be asked at all: something before Discord refuses.
    blocked: Option<Instant>,
    /// Until then only interactions may be answered: the bot has asked too much altogether, or in vain.
    all: Option<Instant>,
    /// Until then nothing of this kind may be asked.
    buckets: HashMap<String, Instant>,
    /// When we were refused.
    refused: VecDeque<Instant>,
}

impl Limits {
    /// How long a request has to wait; `None` when it may go out. What answers an interaction is bound neither to the global
    /// limit nor to our pause: it needs no token of the bot's, and there is no more of it than people press.
    pub(super) fn wait(&self, bucket: &str, answers_interaction: bool) -> Option<Duration> {
        let now = Instant::now();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.buckets.retain(|_, until| *until > now);
        let all = inner.all.filter(|_| !answers_interaction);
        let until = all.max(inner.blocked).max(inner.buckets.get(bucket).copied())?;
        until.checked_duration_since(now).filter(|wait| !wait.is_zero())
    }

    /// How often Discord has refused lately, where that is so often that we pause.
    pub(super) fn refused(&self) -> Option<usize> {
        let now = Instant::now();
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = inner.refused.iter().filter(|at| now.duration_since(**at) <= WINDOW).count();
        (lately >= MOST_REFUSED).then_some(lately)
    }

    /// Learns from an answer. `asked` is how long a 429 asks to wait.
    pub(super) fn note(&self, bucket: &str, status: StatusCode, headers: &HeaderMap, asked: Option<Duration>) {
        let now = Instant::now();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let scope = header("x-ratelimit-scope");
        if status == StatusCode::TOO_MANY_REQUESTS {
            let until = now + asked.unwrap_or(Duration::from_secs(1)).min(LONGEST_WAIT);
            match scope {
                Some("global") => inner.all = inner.all.max(Some(until)),
                Some(_) => inner.remember(bucket, until),
                // It was something before Discord that refused, and it means everything.
                None => inner.blocked = inner.blocked.max(Some(until)),
            }
        } else if header("x-ratelimit-remaining") == Some("0")
            && let Some(seconds) = header("x-ratelimit-reset-after").and_then(|text| text.parse().ok())
            && let Ok(wait) = Duration::try_from_secs_f64(seconds)
        {
            inner.remember(bucket, now + wait.min(LONGEST_WAIT));
        }
        // A limit that all apps share is not our fault, and not counted.
        let is_counted = matches!(status.as_u16(), 401 | 403 | 429) && scope != Some("shared");
        if is_counted {
            inner.refused.push_back(now);
            while inner.refused.front().is_some_and(|at| now.duration_since(*at) > WINDOW) {
                inner.refused.pop_front();
            }
            if inner.refused.len() >= MOST_REFUSED {
                tracing::error!(
                    refused = inner.refused.len(),
                    "Discord refuses too much: nothing is asked for a minute"
                );
                inner.all = inner.all.max(Some(now + PAUSE));
            }
        }
    }
}

impl Inner {
    fn remember(&mut self, bucket: &str, until: Instant) {
        if self.buckets.len() >= REMEMBERED {
            self.buckets.clear();
        }
        self.buckets.insert(bucket.to_owned(), until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value"))).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn each_scope_waits_for_itself() {
        let limits = Limits::default();
        let too_many = StatusCode::TOO_MANY_REQUESTS;
        let two = Some(Duration::from_secs(2));
        limits.note("a", too_many, &headers(&[("x-ratelimit-scope", "user")]), two);
        assert_eq!((limits.wait("a", false), limits.wait("b", false)), (two, None));
        limits.note("b", too_many, &headers(&[("x-ratelimit-scope", "shared")]), two);
        assert_eq!((limits.wait("b", false), limits.wait("c", false)), (two, None));
        limits.note("c", too_many, &headers(&[("x-ratelimit-scope", "global")]), Some(Duration::from_secs(5)));
        assert_eq!((limits.wait("d", false), limits.wait("d", true)), (Some(Duration::from_secs(5)), None));
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!((limits.wait("a", false), limits.wait("d", false)), (None, None));
    }

    #[tokio::test(start_paused = true)]
    async fn what_something_before_discord_refuses_waits_whatever_it_is() {
        let limits = Limits::default();
        let two = Some(Duration::from_secs(2));
        limits.note("a", StatusCode::TOO_MANY_REQUESTS, &HeaderMap::new(), two);
        assert_eq!((limits.wait("b", false), limits.wait("b", true)), (two, two));
    }

    #[tokio::test(start_paused = true)]
    async fn an_empty_bucket_is_not_asked() {
        let limits = Limits::default();
        let told = headers(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset-after", "1.5")]);
        limits.note("a", StatusCode::OK, &told, None);
        assert_eq!((limits.wait("a", false), limits.wait("b", false)), (Some(Duration::from_millis(1_500)), None));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_makes_us_wait_for_ever() {
        let limits = Limits::default();
        limits.note("a", StatusCode::TOO_MANY_REQUESTS, &HeaderMap::new(), Some(Duration::MAX));
        assert_eq!(limits.wait("b", false), Some(LONGEST_WAIT));
        let limits = Limits::default();
        let told = headers(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset-after", "1e18")]);
        limits.note("a", StatusCode::OK, &told, None);
        assert_eq!(limits.wait("a", false), Some(LONGEST_WAIT));
    }

    #[tokio::test(start_paused = true)]
    async fn too_many_refusals_stop_everything_for_a_while() {
        let limits = Limits::default();
        for _ in 0..MOST_REFUSED {
            assert_eq!((limits.wait("a", false), limits.refused()), (None, None));
            limits.note("a", StatusCode::FORBIDDEN, &HeaderMap::new(), None);
        }
        assert_eq!((limits.wait("b", false), limits.refused()), (Some(PAUSE), Some(MOST_REFUSED)));
        assert_eq!(limits.wait("b", true), None, "who presses is answered all the same");
        tokio::time::advance(PAUSE).await;
        assert_eq!(limits.wait("b", false), None, "then it is tried again");
        limits.note("b", StatusCode::UNAUTHORIZED, &HeaderMap::new(), None);
        assert_eq!(limits.wait("b", false), Some(PAUSE), "with one request");
        let shared = headers(&[("x-ratelimit-scope", "shared")]);
        tokio::time::advance(WINDOW + PAUSE).await;
        for _ in 0..2 * MOST_REFUSED {
            limits.note("a", StatusCode::TOO_MANY_REQUESTS, &shared, None);
        }
        assert_eq!(limits.wait("b", false), None);
    }
}
