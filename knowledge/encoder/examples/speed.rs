//! Milliseconds per sentence of each model on one thread: `cargo run --release --all-features --example speed`.
//!
//! Prints the fastest and the middle of many runs; on a busy machine only the fastest says something about the code.

#![expect(clippy::print_stdout, reason = "its purpose")]

use std::time::Instant;

const SENTENCES: [&str; 4] = [
    "reset my password",
    // Ten pieces for either model, twelve with start and end.
    "the printer on the second floor does not print",
    "my laptop is really slow after the update and the fan is loud",
    "I have two monitors and one of them stays black when I plug in the docking station, the other one works as before \
     and I have already tried another cable and another port",
];

fn main() {
    for (name, load) in [
        ("bilingual", firstline_encoder::bilingual as fn() -> _),
        ("USE", firstline_encoder::use_multilingual),
        ("MiniLM", firstline_encoder::minilm),
    ] {
        let start = Instant::now();
        let Some(encoder) = load() else { continue };
        println!("{name}: loaded in {:.1} ms", start.elapsed().as_secs_f64() * 1000.0);
        for sentence in SENTENCES {
            let mut times: Vec<f64> = (0..200).map(|_| time(encoder, sentence)).collect();
            times.sort_by(f64::total_cmp);
            println!("  {:3} words: {:.2} ms, middle {:.2} ms", sentence.split(' ').count(), times[0], times[100]);
        }
    }
}

fn time(encoder: &firstline_encoder::Encoder, sentence: &str) -> f64 {
    let start = Instant::now();
    std::hint::black_box(encoder.encode(std::hint::black_box(sentence)));
    start.elapsed().as_secs_f64() * 1000.0
}
