//! `firstline kb ask`: what the knowledge base concludes on a question, and with `--explain` why.

use std::io;

use firstline_engine::{
    desk::Desk,
    knowledge::{
        Audience, Candidate, CandidateExplained, Conclusion, Explanation, FieldName, Question, Verdict, WordFound,
        WordRead,
    },
};
use serde::Serialize;

use crate::{cli::KbAsk, output};

/// What `--json` prints; scripts rely on it.
#[derive(Serialize)]
struct Answer<'a> {
    verdict: Conclusion,
    confidence: f64,
    articles: &'a [Candidate],
    /// With `--explain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<&'a Explanation>,
}

pub(super) fn run(desk: &Desk, ask: &KbAsk) -> anyhow::Result<()> {
    let text = ask.text.join(" ");
    let question = Question { text: &text, language: ask.language, audience: Audience::Everyone, not: &[] };
    let explanation = ask.explain.then(|| desk.library().explain(&question));
    let verdict = match &explanation {
        Some(explanation) => explanation.verdict.clone(),
        None => desk.ask(&text, ask.language),
    };
    if ask.output.json {
        output::json(&Answer {
            verdict: verdict.conclusion,
            confidence: verdict.confidence,
            articles: &verdict.candidates,
            explanation: explanation.as_ref(),
        })?;
        return Ok(());
    }
    print(&verdict)?;
    if let Some(explanation) = &explanation {
        explain(explanation)?;
    }
    Ok(())
}

fn print(verdict: &Verdict) -> io::Result<()> {
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

fn explain(explanation: &Explanation) -> io::Result<()> {
    output::line(format_args!("\nWhy: {}.", explanation.reason()))?;
    output::line(format_args!("Language: {}", explanation.verdict.language))?;
    if explanation.elsewhere > 0.0 {
        let said = "how near the question is to what help desks are asked about, in this base or not";
        output::line(format_args!("Elsewhere: {:.3}  {said}", explanation.elsewhere))?;
        let said = "nearer to what help desks are asked than to what none is for, beside the articles themselves";
        output::line(format_args!("Familiar: {:+.3}  {said}", explanation.familiar))?;
    }
    output::line("Words, and how much each says:")?;
    for word in &explanation.words {
        output::line(format_args!("  {}", word_read(word)))?;
    }
    for candidate in &explanation.candidates {
        let CandidateExplained { id, language, score, exact, words, found, letters, learned, meaning } = candidate;
        let exact = if *exact { ": the question is its title or a phrasing, word for word" } else { "" };
        output::line(format_args!("\n{id} ({language}) {score:.3}{exact}"))?;
        let found: Vec<String> = found.iter().map(word_found).collect();
        let found = if found.is_empty() { "none".to_owned() } else { found.join("; ") };
        output::line(format_args!("  words    {words:.3}  {found}"))?;
        output::line(format_args!("  letters  {letters:.3}  with the nearest title or phrasing"))?;
        if let Some(learned) = learned {
            output::line(format_args!("  learned  {learned:.3}  from words and letters of phrasings"))?;
        }
        for nearest in meaning {
            let (field, text) = (field(nearest.field), output::tame_line(&nearest.text));
            output::line(format_args!("  meaning  {:.3}  {field} {text:?} ({})", nearest.cosine, nearest.encoder))?;
            if let Some(learned) = nearest.learned {
                output::line(format_args!(
                    "  learned  {learned:.3}  from meanings of phrasings ({})",
                    nearest.encoder
                ))?;
            }
        }
    }
    Ok(())
}

fn word_read(word: &WordRead) -> String {
    let WordRead { word, term, parts, stop, known, share } = word;
    let word = output::tame_line(word);
    if *stop {
        return format!("{word}: carries no topic");
    }
    let mut text = format!("{word}: {:.0} %", 100.0 * share);
    if !known {
        text.push_str(", in no article");
        return text;
    }
    match term.strip_prefix('=') {
        Some(meaning) => text.extend([", as everything that means ", meaning]),
        None if *term != word => text.extend([", as ", term]),
        None => {}
    }
    if !parts.is_empty() {
        text.extend([", also ", &parts.join(" + ")]);
    }
    text
}

fn word_found(found: &WordFound) -> String {
    let fields: Vec<&str> = found.fields.iter().map(|&name| field(name)).collect();
    let part = if found.part < 1.0 { ", a part of it" } else { "" };
    format!("{} ({:.0} %) in {}{part}", output::tame_line(&found.word), 100.0 * found.share, fields.join(", "))
}

const fn field(name: FieldName) -> &'static str {
    match name {
        FieldName::Title => "title",
        FieldName::Phrasings => "phrasing",
        FieldName::Steps => "steps",
        FieldName::Body => "body",
    }
}
