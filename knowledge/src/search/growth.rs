//! What bases of growing size cost, on articles that are made up but sized like real ones:
//!
//! ```text
//! FIRSTLINE_GROWTH=1000,10000,100000 cargo test --release -p firstline-knowledge growth -- --ignored --nocapture
//! ```
//!
//! Times of questions are those of the processor and not of the clock, so that they mean something on a busy machine.
//!
//! Texts are sentences of the starter base, mixed, with rarer words among them; vectors are mixtures of those of the starter
//! base, since encoding 100,000 articles would take hours of one core.

#![expect(clippy::print_stdout, reason = "its purpose")]
#![expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "counts and milliseconds")]

use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    Request, Search,
    encoders::{self, SPACES},
    passages::Kind,
    segment::{Segment, Source},
    shelf::Shelf,
    vectors::{Stored, Vectors},
};
use crate::{Article, ArticleId, Language, starter};

/// Marsaglia 2003, xorshift64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn pick<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.roll(items.len())]
    }

    /// Rare words are many: the rank of a word falls off as its frequency does.
    fn word(&mut self) -> String {
        let most = 1 << (4 + self.roll(13));
        let rank = 1 + self.roll(most);
        let syllables = ["ka", "to", "mi", "ren", "sul", "vo", "pra", "del"];
        format!("{rank:o}").bytes().map(|digit| syllables[usize::from(digit - b'0')]).collect()
    }
}

fn sentences(language: Language) -> (Vec<String>, Vec<String>) {
    let articles = starter::articles().unwrap().into_iter().filter(|article| article.language == language);
    let (mut lines, mut bodies) = (Vec::new(), Vec::new());
    for article in articles {
        bodies.extend(article.body.split(". ").map(str::to_owned));
        bodies.extend(article.steps);
        lines.extend(article.phrasings);
    }
    (lines, bodies)
}

fn articles(count: usize, dice: &mut Dice) -> Vec<Arc<Article>> {
    let texts = Language::ALL.map(sentences);
    let mut article = |at: usize| {
        let language = Language::ALL[at % 2];
        let (lines, bodies) = &texts[at % 2];
        let line = |dice: &mut Dice| format!("{} {}", dice.pick(lines), dice.word());
        let body: Vec<String> =
            (0..8).map(|_| format!("{} {} {}", dice.pick(bodies), dice.word(), dice.word())).collect();
        Arc::new(Article {
            id: format!("a{at:06}").parse().unwrap(),
            language,
            title: line(dice),
            category: "network".to_owned(),
            kind: crate::ArticleKind::Incident,
            audience: crate::Audience::Everyone,
            phrasings: vec![line(dice), line(dice)],
            not_for: Vec::new(),
            steps: vec![dice.pick(bodies).clone(), dice.pick(bodies).clone()],
            body: body.join(". "),
        })
    };
    (0..count).map(&mut article).collect()
}

/// Vectors of like nearness as real ones: two of the starter base and noise.
fn vectors(space: usize, articles: &[Arc<Article>], starter: &Segment, dice: &mut Dice) -> Vectors {
    let known = &starter.vectors[space];
    let mut vectors = Vectors::new(known.dimensions);
    for article in articles {
        let rows: Vec<(Kind, Stored)> = SPACES[space]
            .passages(article)
            .into_iter()
            .map(|(kind, _)| {
                let rows = [known.stored(dice.roll(known.len())), known.stored(dice.roll(known.len()))];
                let mixed: Vec<f32> = (0..known.dimensions)
                    .map(|at| {
                        let of = |row: usize| f32::from(rows[row].codes[at]) * rows[row].scale;
                        0.7 * of(0) + 0.4 * of(1) + 0.03 * (dice.roll(1001) as f32 / 500.0 - 1.0)
                    })
                    .collect();
                let length = mixed.iter().map(|value| value * value).sum::<f32>().sqrt();
                (kind, Stored::of(&mixed.iter().map(|value| value / length).collect::<Vec<_>>()))
            })
            .collect();
        vectors.push(&rows);
    }
    vectors
}

fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) / 1024.0
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// How long this thread has had a processor.
fn processor() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

/// Prints the mean, the middle and the 99th of 100 of the times for the questions.
fn questions(search: &Search) {
    let texts: Vec<String> = [include_str!("../../questions/en.jsonl"), include_str!("../../questions/de.jsonl")]
        .into_iter()
        .flat_map(|text| crate::evaluation::EvalQuery::read(text).unwrap())
        .map(|query| query.text)
        .collect();
    let mut times: [Vec<f64>; 3] = Default::default();
    for text in texts.iter().step_by(2) {
        let start = processor();
        black_box(search.rank(&Request { text, language: None, allowed: &|_| true }));
        let all = milliseconds(processor().saturating_sub(start));
        let language = crate::detect_language(text).unwrap_or(Language::En);
        let start = processor();
        let heard = encoders::heard(search.has_learned());
        black_box(super::meaning::encoded(text, language, heard));
        let encoding = milliseconds(processor().saturating_sub(start));
        for (times, time) in times.iter_mut().zip([all, encoding, all - encoding]) {
            times.push(time);
        }
    }
    for (name, mut times) in ["a question", "  encoding", "  searching"].into_iter().zip(times) {
        times.sort_by(f64::total_cmp);
        let at = |percent: usize| times[times.len() * percent / 100];
        let mean = times.iter().sum::<f64>() / times.len() as f64;
        println!("  {name}: mean {mean:.2} ms, p50 {:.2} ms, p99 {:.2} ms", at(50), at(99));
    }
}

fn measure(count: usize, starter: &Segment) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    println!("{count} articles");
    let articles = articles(count, &mut dice);
    let before = resident();
    let timed = |name: &str, start: Instant| println!("  {name}: {:.0} ms", milliseconds(start.elapsed()));
    let start = Instant::now();
    let sources: Vec<Source<'_>> =
        articles.iter().map(|article| Source { article: Arc::clone(article), older: None }).collect();
    let mut segment = Segment::build(&sources, [false; encoders::COUNT]);
    timed("reading", start);
    segment.vectors = std::array::from_fn(|space| vectors(space, &articles, starter, &mut dice));
    let start = Instant::now();
    let search = Search::learned(Shelf::of(vec![Arc::new(segment)]), Language::En, true, &|_| ());
    timed("weighing and learning", start);
    println!("  resident: {:.0} MB more than {before:.0} MB", resident() - before);
    questions(&search);
    let mut changed = Article::clone(&articles[count / 2]);
    changed.title = "The coffee machine in the kitchen is broken".to_owned();
    let gone: (ArticleId, Language) = (articles[1].id.clone(), articles[1].language);
    let start = Instant::now();
    let updated = search.updated(vec![Arc::new(changed)], &[gone]).unwrap();
    timed("one changed, one retired", start);
    questions(&updated);
    let start = Instant::now();
    drop(updated.settled());
    timed("settling", start);
    let mut bytes = Vec::new();
    let start = Instant::now();
    search.write(&mut bytes).unwrap();
    timed("writing a snapshot", start);
    println!("  snapshot: {:.0} MB", bytes.len() as f64 / 1e6);
    drop((search, updated));
    let before = resident();
    let start = Instant::now();
    let restored = Search::read(&*bytes, articles, Language::En).ok().unwrap();
    timed("reading a snapshot", start);
    drop(bytes);
    assert!(restored.is_settled());
    println!("  resident: {:.0} MB, before {before:.0} MB", resident());
    recall(&restored);
}

/// How often the article that comes first when all are compared is among the candidates.
fn recall(search: &Search) {
    let part = &search.shelf.parts[0];
    let docs: Vec<u32> = (0..part.live.len() as u32).collect();
    let texts = crate::evaluation::EvalQuery::read(include_str!("../../questions/en.jsonl")).unwrap();
    let (mut all, mut found) = (0, [0; 4]);
    for query in texts.iter().take(100) {
        let question = super::meaning::encoded(&query.text, Language::En, encoders::heard(search.has_learned()));
        let senses = super::meaning::senses(&part.segment, &docs, &question);
        for (space, asked) in question.asked.iter().enumerate() {
            let Some(asked) = asked else { continue };
            let best = (0..docs.len())
                .max_by(|&left, &right| senses[left].near()[space].total_cmp(&senses[right].near()[space]));
            let distances = part.segment.vectors[space].distances(asked);
            let best = distances[best.unwrap()];
            let before = distances.iter().filter(|&&other| other < best).count();
            all += 1;
            for (most, found) in [200, 800, 1600, 3200].into_iter().zip(&mut found) {
                *found += usize::from(before < most);
            }
        }
    }
    println!("  nearest by vector among the nearest 200, 800, 1600, 3200 by sketch: {found:?} of {all}");
}

#[test]
#[ignore = "takes minutes and prints; see the module's documentation"]
fn growth() {
    let starter: Vec<Arc<Article>> = starter::articles().unwrap().into_iter().step_by(14).map(Arc::new).collect();
    let sources: Vec<Source<'_>> = starter.into_iter().map(|article| Source { article, older: None }).collect();
    let start = Instant::now();
    let starter = Segment::build(&sources, [true; encoders::COUNT]);
    println!("the starter base is read in {:.0} ms; {:.0} MB resident", milliseconds(start.elapsed()), resident());
    let counts = std::env::var("FIRSTLINE_GROWTH").unwrap_or_else(|_| "10000".to_owned());
    for count in counts.split(',').map(|count| count.parse().unwrap()) {
        measure(count, &starter);
    }
}
