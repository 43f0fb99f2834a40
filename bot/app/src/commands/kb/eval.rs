//! `firstline kb eval`: how good the answers are on a set of questions whose answers are known. Needs no database.

use std::{
    cell::Cell,
    collections::HashSet,
    fs,
    io::{self, BufWriter, IsTerminal as _, Write},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use firstline_engine::knowledge::{
    Audience, Conclusion, Library, MatchSettings, Question, Verdict,
    evaluation::{EvalQuery, EvalSet, Outcome, Report},
};
use serde::Serialize;

use super::files;
use crate::{cli::KbEval, output};

/// Articles that `--out` ranks, where the base has that many.
const RANKED: usize = 20;
/// How often a long run says where it is.
const PROGRESS: Duration = Duration::from_secs(2);

/// What `--json` prints.
#[derive(Serialize)]
struct Figures {
    articles: usize,
    /// The target: of all questions, this share may be answered wrong.
    wrong_at_most: f64,
    #[serde(flatten)]
    report: Report,
    build_ms: f64,
    /// Resident memory with the articles loaded; absent where the system does not tell.
    memory_mb: Option<f64>,
}

/// A line of `--out`.
#[derive(Serialize)]
struct Line<'a> {
    text: &'a str,
    verdict: Conclusion,
    /// How sure the desk is that the base has the answer: what AUROC is of.
    confidence: f64,
    /// How sure it is that the first one is the answer: what decides whether it is given.
    right: f64,
    ranked: Vec<(&'a str, f64)>,
}

pub(super) fn run(eval: &KbEval, matching: &MatchSettings) -> anyhow::Result<()> {
    let mut set = articles(&eval.articles)?;
    let text = read(&eval.queries)?;
    let queries = EvalQuery::read(&text).map_err(|error| in_file(&eval.queries, &error))?;
    if queries.is_empty() {
        bail!("there are no questions in {}", eval.queries.display());
    }
    warn_of_missing(&set, &queries);
    let start = Instant::now();
    let progress = Progress::new();
    let tell = |share: f64| progress.tell(|| format!("{:.0} % of the articles are read", 100.0 * share));
    let library = Library::build_telling(set.take_articles(), matching, &tell);
    let build_ms = milliseconds(start);
    let mut out = match &eval.out {
        Some(path) => {
            Some(BufWriter::new(fs::File::create(path).with_context(|| format!("cannot write {}", path.display()))?))
        }
        None => None,
    };
    let mut outcomes = Vec::with_capacity(queries.len());
    for (done, query) in queries.iter().enumerate() {
        let question = Question { text: &query.text, language: query.language, audience: Audience::Everyone, not: &[] };
        let start = Instant::now();
        let verdict = library.ask_listing(&question, RANKED);
        outcomes.push(Outcome::new(&set, query, &verdict, milliseconds(start)));
        if let Some(out) = &mut out {
            write_line(out, &set, query, &verdict).context("cannot write the results")?;
        }
        progress.tell(|| format!("{} of {} questions", done + 1, queries.len()));
    }
    if let Some(out) = &mut out {
        out.flush().context("cannot write the results")?;
    }
    let figures = Figures {
        articles: set.len(),
        wrong_at_most: matching.wrong_at_most,
        report: Report::of(&outcomes, matching.wrong_at_most),
        build_ms,
        memory_mb: memory(),
    };
    if eval.output.json {
        output::json(&figures)?;
    } else {
        print(&figures)?;
    }
    Ok(())
}

/// Articles of a folder or file: Markdown, or JSON lines.
fn articles(path: &Path) -> anyhow::Result<EvalSet> {
    let is = |extension: &str| path.extension().is_some_and(|it| it.eq_ignore_ascii_case(extension));
    if path.is_dir() || is("md") {
        let articles = files::articles(&[path.to_owned()])?;
        return Ok(EvalSet::of(articles));
    }
    let set = EvalSet::read(&read(path)?).map_err(|error| in_file(path, &error))?;
    if set.is_empty() {
        bail!("there are no articles in {}", path.display());
    }
    Ok(set)
}

/// A question whose articles are not there counts as answered wrong or not at all; mostly its ids are misspelt.
fn warn_of_missing(set: &EvalSet, queries: &[EvalQuery]) {
    let names: HashSet<&str> = set.articles().iter().map(|article| set.name(&article.id)).collect();
    let is_missing =
        |query: &&EvalQuery| !query.expect.is_empty() && !query.expect.iter().any(|name| names.contains(name.as_str()));
    let mut missing = queries.iter().filter(is_missing);
    if let Some(first) = missing.next() {
        tracing::warn!(
            questions = missing.count() + 1,
            first = first.expect.join(", "),
            "there are questions whose articles are not among the articles"
        );
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn in_file(path: &Path, error: &impl std::fmt::Display) -> anyhow::Error {
    anyhow::anyhow!("{}: {error}", path.display())
}

fn write_line(out: &mut impl Write, set: &EvalSet, query: &EvalQuery, verdict: &Verdict) -> anyhow::Result<()> {
    let line = Line {
        text: &query.text,
        verdict: verdict.conclusion,
        confidence: verdict.covered,
        right: verdict.confidence,
        ranked: verdict.candidates.iter().map(|found| (set.name(&found.id), found.score)).collect(),
    };
    writeln!(out, "{}", serde_json::to_string(&line)?)?;
    Ok(())
}

fn print(figures: &Figures) -> io::Result<()> {
    let Figures { articles, wrong_at_most, report, build_ms, memory_mb } = figures;
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let mut rows = vec![
        ("articles".to_owned(), articles.to_string()),
        ("answerable questions".to_owned(), report.answerable.to_string()),
        ("  right article first (top-1)".to_owned(), percent(report.top1)),
        ("  among the first three (top-3)".to_owned(), percent(report.top3)),
        ("  mean reciprocal rank (MRR)".to_owned(), format!("{:.3}", report.mrr)),
        ("  answered right".to_owned(), report.answered_right.to_string()),
        ("  asked back, the right one offered".to_owned(), report.clarified_right.to_string()),
        ("  asked back, the right one not offered".to_owned(), report.clarified_wrong.to_string()),
        ("  unknown".to_owned(), report.unknown.to_string()),
        ("unanswerable questions".to_owned(), report.unanswerable.to_string()),
        ("  rejected (unknown)".to_owned(), report.rejected.to_string()),
        ("  asked back".to_owned(), report.clarified_unanswerable.to_string()),
    ];
    let auroc = report.auroc.map_or_else(|| "-".to_owned(), |auroc| format!("{auroc:.3}"));
    rows.push(("  told from answerable ones (AUROC)".to_owned(), auroc));
    let wrong = share(report.answered_wrong, report.answerable + report.unanswerable);
    rows.push(("answered wrong, of all".to_owned(), report.answered_wrong.to_string()));
    rows.push(("  that is".to_owned(), percent(wrong)));
    rows.push(("  the target: at most".to_owned(), percent(*wrong_at_most)));
    let fitting = report.fitting.map_or_else(
        || ("nothing".to_owned(), "-".to_owned()),
        |it| (format!("{:.3}", it.wrong_at_most), format!("{}, {}", it.answered_right, it.answered_wrong)),
    );
    rows.push(("  kept to by knowledge.wrong_at_most".to_owned(), fitting.0));
    rows.push(("    then answered right, wrong".to_owned(), fitting.1));
    rows.push(("time per question, p50".to_owned(), format!("{:.2} ms", report.p50_ms)));
    rows.push(("time per question, p99".to_owned(), format!("{:.2} ms", report.p99_ms)));
    rows.push(("time to build".to_owned(), format!("{build_ms:.0} ms")));
    let memory = memory_mb.map_or_else(|| "not known".to_owned(), |megabytes| format!("{megabytes:.0} MB"));
    rows.push(("memory".to_owned(), memory));
    rows.into_iter().try_for_each(|(name, value)| output::line(format_args!("{name:<40} {value:>9}")))
}

#[expect(clippy::cast_precision_loss, reason = "counts of questions")]
fn share(part: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { part as f64 / all as f64 }
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

/// The resident memory of this process, in megabytes, where Linux tells it.
fn memory() -> Option<f64> {
    resident(&fs::read_to_string("/proc/self/status").ok()?)
}

fn resident(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u32 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(f64::from(kilobytes) / 1024.0)
}

/// Says on standard error how far a long run is, if somebody is watching.
struct Progress {
    told: Cell<Instant>,
    watched: bool,
}

impl Progress {
    fn new() -> Self {
        Self { told: Cell::new(Instant::now()), watched: io::stderr().is_terminal() }
    }

    fn tell(&self, what: impl FnOnce() -> String) {
        if self.watched && self.told.get().elapsed() >= PROGRESS {
            self.told.set(Instant::now());
            // A progress line that cannot be written is no reason to stop.
            let _ = writeln!(io::stderr(), "{}", what());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_the_status() {
        assert_eq!(resident("Name:\tx\nVmRSS:\t   2048 kB\nThreads:\t1\n"), Some(2.0));
        assert_eq!(resident("Name:\tx\n"), None);
    }

    #[test]
    fn a_set_is_measured_from_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let articles: String = ["g:vpn", "Reset Password", "c", "d", "e", "f", "g", "h", "i", "j", "k"]
            .iter()
            .map(|id| {
                serde_json::json!({"id": id, "language": "en", "title": format!("about {id}")}).to_string() + "\n"
            })
            .collect();
        fs::write(path("articles.jsonl"), articles).unwrap();
        fs::write(path("queries.jsonl"), "{\"text\":\"reset password\",\"expect\":[\"Reset Password\"]}\n").unwrap();
        let eval = KbEval {
            articles: path("articles.jsonl"),
            queries: path("queries.jsonl"),
            out: Some(path("out.jsonl")),
            output: crate::cli::Json { json: true },
        };
        run(&eval, &MatchSettings::default()).unwrap();
        let line: serde_json::Value = serde_json::from_str(&fs::read_to_string(path("out.jsonl")).unwrap()).unwrap();
        assert_eq!(line["text"], "reset password");
        assert_eq!(line["ranked"][0][0], "Reset Password");
        assert_eq!(line["ranked"].as_array().unwrap().len(), 11);
    }
}
