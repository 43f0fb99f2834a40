//! What our search finds, and what it costs, beside tantivy's BM25 and the plain encoders: in one run, on the same articles
//! and questions.
//!
//! ```text
//! cargo run --release -p firstline-bench                  100 and 1,000 articles: some minutes
//! cargo run --release -p firstline-bench -- 10000 100000  those sizes: encoding so many takes hours of one core
//! ```
//!
//! The right articles are those of the starter base, the questions those of `knowledge/questions` that nothing was fitted on,
//! and all further articles are made of the starter base's own sentences ([`data`]). A filler can happen to be a good answer,
//! too; that is counted as wrong, for everybody alike. A system is anything that ranks articles ([`systems`]).

mod data;
mod figures;
mod systems;

use std::{
    io::{self, Write},
    process::ExitCode,
    time::Instant,
};

use firstline_encoder::{bilingual, minilm, use_multilingual};

use crate::{
    data::Data,
    figures::{Figures, resident},
    systems::{Encoded, Ours, System, Tantivy},
};

/// Without arguments. Larger ones take longer than anybody waits without having asked for it.
const SIZES: [usize; 2] = [100, 1_000];

type Error = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let mut sizes = Vec::new();
    // `cargo bench` and its like add flags of their own.
    for argument in std::env::args().skip(1).filter(|argument| !argument.starts_with("--")) {
        match argument.replace(['_', ','], "").parse::<usize>() {
            Ok(size) if size > 0 => sizes.push(size),
            _ => {
                let _ = writeln!(io::stderr(), "{argument:?} is no number of articles: write for example 1000 10000");
                return ExitCode::from(2);
            }
        }
    }
    if sizes.is_empty() {
        sizes = SIZES.to_vec();
    }
    match sizes.into_iter().try_for_each(measure) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(size: usize) -> Result<(), Error> {
    let data = Data::of(size)?;
    let mut out = io::stdout();
    writeln!(
        out,
        "\n{} articles; {} questions with an answer among them, {} without",
        data.articles.len(),
        data.answerable(),
        data.questions.len() - data.answerable()
    )?;
    writeln!(out, "{}", Figures::HEADING)?;
    one(&data, "firstline", |data| Ok(Ours::build(data)))?;
    one(&data, "tantivy BM25", Tantivy::build)?;
    let encoders = [
        ("bilingual encoder", bilingual()),
        ("multilingual encoder", use_multilingual()),
        ("English encoder", minilm()),
    ];
    for (name, encoder) in encoders {
        if let Some(encoder) = encoder {
            one(&data, name, |data| Ok(Encoded::build(data, encoder)))?;
        }
    }
    Ok(())
}

/// Builds a system, asks it everything, and prints what came of it.
fn one<S: System>(data: &Data, name: &str, build: impl FnOnce(&Data) -> Result<S, Error>) -> Result<(), Error> {
    let before = resident();
    let start = Instant::now();
    let system = build(data)?;
    let took = start.elapsed();
    let more = resident().zip(before).map(|(after, before)| after - before);
    let mut figures = Figures::new(name, took, more);
    for question in &data.questions {
        let start = Instant::now();
        let found = system.ask(question)?;
        figures.add(question, &found, start.elapsed());
    }
    writeln!(io::stdout(), "{figures}")?;
    Ok(())
}
