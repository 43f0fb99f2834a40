//! Measures the search on a set of questions with known answers.
//!
//! ```text
//! cargo run --release -p firstline-knowledge --example evaluate -- FOLDER [articles file] [queries file]
//! ```
//!
//! The folder holds `articles.jsonl` (`{"id","language","title","phrasings":[..],"body"}`) and `queries.jsonl`
//! (`{"text","language","expect":["id"]}`; no id: nothing should be answered). Printed are, over the answerable questions,
//! how often the right article is first, among the first three, and the mean reciprocal rank; over all, how well
//! confidence tells answerable from unanswerable (AUROC: 1 always, 0.5 never), what was answered rightly and wrongly, and
//! the time per question. `--show` also prints the questions that went wrong.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::{cmp::Ordering, error::Error, fs, path::Path, time::Instant};

use firstline_knowledge::{
    Article, ArticleKind, Audience, Conclusion, Language, Library, MatchSettings, Question, Verdict,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct ArticleLine {
    id: String,
    language: Language,
    title: String,
    phrasings: Vec<String>,
    body: String,
}

#[derive(Deserialize)]
struct QueryLine {
    text: String,
    language: Language,
    expect: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, files): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|arg| arg.starts_with("--"));
    let Some(folder) = files.first().map(Path::new) else {
        return Err("which folder? evaluate FOLDER [articles file] [queries file] [--show]".into());
    };
    let file = |at: usize, default| folder.join(files.get(at).map_or(default, String::as_str));
    let articles: Vec<ArticleLine> = read(&file(1, "articles.jsonl"))?;
    let queries: Vec<QueryLine> = read(&file(2, "queries.jsonl"))?;
    let library =
        Library::build(articles.into_iter().map(article).collect::<Result<_, _>>()?, &MatchSettings::default());

    let start = Instant::now();
    let verdicts: Vec<Verdict> = queries.iter().map(|query| ask(&library, query)).collect();
    let time = start.elapsed();

    println!("{}", report(&queries, &verdicts));
    #[expect(clippy::cast_precision_loss, reason = "number of questions")]
    let each = time.as_secs_f64() * 1e3 / queries.len().max(1) as f64;
    println!("{each:.2} ms per question");
    if flags.iter().any(|flag| flag == "--show") {
        show(&queries, &verdicts);
    }
    Ok(())
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    text.lines().filter(|line| !line.is_empty()).map(|line| Ok(serde_json::from_str(line)?)).collect()
}

fn article(line: ArticleLine) -> Result<Article, Box<dyn Error>> {
    Ok(Article {
        id: slug(&line.id).parse()?,
        language: line.language,
        title: line.title,
        category: "eval".to_owned(),
        kind: ArticleKind::default(),
        audience: Audience::default(),
        phrasings: line.phrasings,
        steps: Vec::new(),
        body: line.body,
    })
}

/// The sets name articles more freely than the knowledge base does.
fn slug(id: &str) -> String {
    let slug = id.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric() && !"._:-".contains(c), "-");
    slug.trim_start_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned()
}

fn ask(library: &Library, query: &QueryLine) -> Verdict {
    library.ask(&Question { text: &query.text, language: Some(query.language), audience: Audience::Everyone, not: &[] })
}

/// Position of the first right candidate, from 1.
fn rank(query: &QueryLine, verdict: &Verdict) -> Option<usize> {
    let right = |id: &str| query.expect.iter().any(|expected| slug(expected) == id);
    verdict.candidates.iter().position(|candidate| right(candidate.id.as_str())).map(|at| at + 1)
}

#[expect(clippy::cast_precision_loss, reason = "counts of questions")]
fn report(queries: &[QueryLine], verdicts: &[Verdict]) -> String {
    let pairs = || queries.iter().zip(verdicts);
    let ranks: Vec<Option<usize>> =
        pairs().filter(|(query, _)| !query.expect.is_empty()).map(|(query, verdict)| rank(query, verdict)).collect();
    let within = |most: usize| 100.0 * share(&ranks, |rank| rank.is_some_and(|rank| rank <= most));
    let mrr = ranks.iter().flatten().map(|&rank| 1.0 / rank as f64).sum::<f64>() / ranks.len().max(1) as f64;
    let confidence = |answerable: bool| -> Vec<f64> {
        pairs()
            .filter(|(query, _)| query.expect.is_empty() != answerable)
            .map(|(_, verdict)| verdict.confidence)
            .collect()
    };
    let (answerable, unanswerable) = (confidence(true), confidence(false));
    let concluded = |conclusion: Conclusion, good: fn(Option<usize>, &Verdict) -> bool| {
        let of = |(query, verdict): &(&QueryLine, &Verdict)| {
            verdict.conclusion == conclusion && good(rank(query, verdict), verdict)
        };
        pairs().filter(of).count()
    };
    let answered_right = concluded(Conclusion::Answer, |rank, _| rank == Some(1));
    let answered = concluded(Conclusion::Answer, |_, _| true);
    let offered_right =
        concluded(Conclusion::Ambiguous, |rank, verdict| rank.is_some_and(|rank| rank <= verdict.offered));
    let offered = concluded(Conclusion::Ambiguous, |_, _| true);
    let rejected =
        pairs().filter(|(query, verdict)| query.expect.is_empty() && verdict.conclusion == Conclusion::Unknown);
    format!(
        "top-1 {:.1}  top-3 {:.1}  MRR {:.1}  AUROC {}  answered {answered_right} right {} wrong  offered {offered_right} right \
         {} wrong  of {} answerable  rejected {} of {}",
        within(1),
        within(3),
        100.0 * mrr,
        auroc(&answerable, &unanswerable).map_or_else(|| "-".to_owned(), |auroc| format!("{auroc:.3}")),
        answered - answered_right,
        offered - offered_right,
        ranks.len(),
        rejected.count(),
        unanswerable.len(),
    )
}

#[expect(clippy::cast_precision_loss, reason = "counts of questions")]
fn share<T>(items: &[T], holds: impl Fn(&T) -> bool) -> f64 {
    items.iter().filter(|item| holds(item)).count() as f64 / items.len().max(1) as f64
}

/// Probability that an answerable question is more confident than an unanswerable one; ties count half. `None` without
/// unanswerable ones.
#[expect(clippy::cast_precision_loss, reason = "counts of questions")]
fn auroc(answerable: &[f64], unanswerable: &[f64]) -> Option<f64> {
    let win = |yes: f64, no: f64| match yes.total_cmp(&no) {
        Ordering::Greater => 1.0,
        Ordering::Equal => 0.5,
        Ordering::Less => 0.0,
    };
    let wins: f64 = answerable.iter().flat_map(|&yes| unanswerable.iter().map(move |&no| win(yes, no))).sum();
    let pairs = answerable.len() * unanswerable.len();
    (pairs > 0).then(|| wins / pairs as f64)
}

fn show(queries: &[QueryLine], verdicts: &[Verdict]) {
    for (query, verdict) in queries.iter().zip(verdicts) {
        let rank = rank(query, verdict);
        let fine = if query.expect.is_empty() { verdict.conclusion == Conclusion::Unknown } else { rank == Some(1) };
        if !fine {
            let first = verdict.candidates.first().map_or("-", |candidate| candidate.id.as_str());
            println!(
                "{:?} {:.2} {:?} expected {:?} got {first} (right at {rank:?}) corrections {:?}",
                verdict.conclusion, verdict.confidence, query.text, query.expect, verdict.corrections
            );
        }
    }
}
