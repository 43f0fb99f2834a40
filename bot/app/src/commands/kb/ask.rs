//! `firstline kb ask`: what the knowledge base concludes on a question.

use firstline_engine::{
    desk::Desk,
    knowledge::{Candidate, Conclusion},
};
use serde::Serialize;

use crate::{cli::KbAsk, output};

/// What `--json` prints; scripts rely on it.
#[derive(Serialize)]
struct Answer<'a> {
    verdict: Conclusion,
    confidence: f64,
    articles: &'a [Candidate],
}

pub(super) fn run(desk: &Desk, ask: &KbAsk) -> anyhow::Result<()> {
    let verdict = desk.ask(&ask.text.join(" "), ask.language);
    if ask.output.json {
        output::json(&Answer {
            verdict: verdict.conclusion,
            confidence: verdict.confidence,
            articles: &verdict.candidates,
        })?;
        return Ok(());
    }
    let conclusion = match verdict.conclusion {
        Conclusion::Answer => "answer",
        Conclusion::Ambiguous => "ambiguous",
        Conclusion::Unknown => "unknown",
    };
    output::line(format_args!("{conclusion} (confidence {:.2})", verdict.confidence))?;
    for correction in &verdict.corrections {
        output::line(format_args!("read {:?} as {:?}", correction.from, correction.to))?;
    }
    for (position, candidate) in verdict.candidates.iter().enumerate() {
        let mark = if position < verdict.offered { "*" } else { " " };
        let Candidate { id, title, language, score } = candidate;
        output::line(format_args!("{mark} {score:.2}  {language}  {id}  {}", output::tame_line(title)))?;
    }
    Ok(())
}
