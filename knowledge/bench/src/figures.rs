//! Sums and the table.

use std::{fmt, time::Duration};

use firstline_knowledge::evaluation::{EvalQuery, auroc};

use crate::systems::Found;

/// What came of all questions to one system.
pub(crate) struct Figures {
    name: String,
    built: Duration,
    /// Resident memory that it added, in megabytes.
    memory: Option<f64>,
    /// By answerable question: the place of the right article, from 1.
    ranks: Vec<Option<u32>>,
    answerable: Vec<f64>,
    unanswerable: Vec<f64>,
    times: Vec<Duration>,
}

impl Figures {
    /// What stands over the columns of [`fmt::Display`].
    pub(crate) const HEADING: &'static str =
        "                         top-1   top-3     MRR   AUROC      build       p50       p99     memory";

    pub(crate) fn new(name: &str, built: Duration, memory: Option<f64>) -> Self {
        let (ranks, answerable, unanswerable, times) = Default::default();
        Self { name: name.to_owned(), built, memory, ranks, answerable, unanswerable, times }
    }

    pub(crate) fn add(&mut self, question: &EvalQuery, found: &Found, took: Duration) {
        self.times.push(took);
        if question.expect.is_empty() {
            self.unanswerable.push(found.confidence);
            return;
        }
        self.answerable.push(found.confidence);
        let place = found.ranked.iter().zip(1..).find(|(id, _)| question.expect.contains(id)).map(|(_, place)| place);
        self.ranks.push(place);
    }

    /// The mean over the answerable questions of what a place is worth.
    #[expect(clippy::cast_precision_loss, reason = "a count of questions")]
    fn mean(&self, worth: impl Fn(u32) -> f64) -> f64 {
        self.ranks.iter().flatten().map(|&place| worth(place)).sum::<f64>() / self.ranks.len().max(1) as f64
    }

    /// In milliseconds.
    fn quantile(&self, percent: usize) -> f64 {
        let mut times = self.times.clone();
        times.sort();
        let rank = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(rank).map_or(0.0, |time| 1e3 * time.as_secs_f64())
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let within = |most: u32| self.mean(|place| if place <= most { 1.0 } else { 0.0 });
        let auroc = auroc(&self.answerable, &self.unanswerable).map_or_else(|| "-".to_owned(), |it| format!("{it:.3}"));
        let memory = self.memory.map_or_else(|| "not known".to_owned(), |it| format!("{it:.0} MB"));
        write!(
            f,
            "{:<22} {:>7.3} {:>7.3} {:>7.3} {auroc:>7} {:>8.1} s {:>6.2} ms {:>6.2} ms {memory:>10}",
            self.name,
            within(1),
            within(3),
            self.mean(|place| 1.0 / f64::from(place)),
            self.built.as_secs_f64(),
            self.quantile(50),
            self.quantile(99),
        )
    }
}

/// The resident memory of this process in megabytes, where Linux tells it.
pub(crate) fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u32 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(f64::from(kilobytes) / 1024.0)
}
