//! The nearest phrasing by cosine on the development sets: top-1 and top-3 of USE, `MiniLM` and the sum of both.
//!
//! `cargo run --release --all-features --example sets -- FOLDER` prints what can be held against the
//! columns "USE kNN" and "MiniLM kNN" of that folder's BASELINES.md.

#![expect(clippy::print_stdout, reason = "its purpose")]

use std::collections::HashSet;
use std::error::Error;
use std::path::{Path, PathBuf};

use firstline_encoder::Encoder;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Name, articles, queries and whether an article without phrasings is its title alone or its title and body.
const SETS: [(&str, &str, &str, bool); 7] = [
    ("stackfaq, titles", "stackfaq/articles.jsonl", "stackfaq/queries.jsonl", false),
    ("stackfaq, titles and bodies", "stackfaq/articles.jsonl", "stackfaq/queries.jsonl", true),
    ("rasa_helpdesk_en", "rasa_helpdesk_en/articles.jsonl", "rasa_helpdesk_en/queries.jsonl", false),
    ("xsid_de", "xsid_de/articles.jsonl", "xsid_de/queries.jsonl", false),
    ("xsid_en", "xsid_en/articles.jsonl", "xsid_en/queries.jsonl", false),
    ("xsid_en2de", "xsid_en/articles.jsonl", "xsid_de/queries.jsonl", false),
    ("clinc150, 10 phrasings", "clinc150/articles_10shot.jsonl", "clinc150/queries.jsonl", false),
];

/// Characters of a body that are read, as in BASELINES.md.
const BODY: usize = 700;

#[derive(Deserialize)]
struct Article {
    id: String,
    title: String,
    phrasings: Vec<String>,
    body: String,
}

#[derive(Deserialize)]
struct Query {
    text: String,
    expect: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder are the sets in?")?);
    let encoders = [firstline_encoder::use_multilingual(), firstline_encoder::minilm()];
    let [Some(multilingual), Some(english)] = encoders else { return Err("a model file is missing".into()) };
    println!("{:30} {:>13} {:>13} {:>13}", "top-1 top-3, percent", "USE", "MiniLM", "sum");
    for (name, articles, queries, bodies) in SETS {
        let articles: Vec<Article> = lines(&folder.join(articles))?;
        let mut queries: Vec<Query> = lines(&folder.join(queries))?;
        queries.retain(|query| !query.expect.is_empty());
        let phrasings: Vec<(usize, String)> = articles
            .iter()
            .enumerate()
            .flat_map(|(number, article)| texts(article, bodies).into_iter().map(move |text| (number, text)))
            .collect();
        let of_multilingual = scores(multilingual, articles.len(), &phrasings, &queries);
        let of_english = scores(english, articles.len(), &phrasings, &queries);
        let sum = |(one, two): (&Vec<f32>, &Vec<f32>)| one.iter().zip(two).map(|(one, two)| one + two).collect();
        let sums: Vec<Vec<f32>> = of_multilingual.iter().zip(&of_english).map(sum).collect();
        let [one, two, both] = [of_multilingual, of_english, sums].map(|scores| accuracy(&articles, &queries, &scores));
        println!("{name:30} {one:>13} {two:>13} {both:>13}");
    }
    Ok(())
}

fn lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, Box<dyn Error>> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

fn texts(article: &Article, bodies: bool) -> Vec<String> {
    if !article.phrasings.is_empty() {
        article.phrasings.clone()
    } else if bodies {
        vec![format!("{} {}", article.title, article.body).chars().take(BODY).collect()]
    } else {
        vec![article.title.clone()]
    }
}

/// For every query the best cosine of every article.
fn scores(encoder: &Encoder, articles: usize, phrasings: &[(usize, String)], queries: &[Query]) -> Vec<Vec<f32>> {
    let vectors: Vec<(usize, Vec<f32>)> =
        phrasings.iter().map(|(article, text)| (*article, encoder.encode(text))).collect();
    let nearest = |query: &Query| {
        let vector = encoder.encode(&query.text);
        let mut best = vec![-1.0_f32; articles];
        for (article, phrasing) in &vectors {
            let cosine = vector.iter().zip(phrasing).map(|(one, two)| one * two).sum();
            best[*article] = best[*article].max(cosine);
        }
        best
    };
    queries.iter().map(nearest).collect()
}

fn accuracy(articles: &[Article], queries: &[Query], scores: &[Vec<f32>]) -> String {
    let (mut top1, mut top3) = (0_u32, 0_u32);
    for (query, scores) in queries.iter().zip(scores) {
        let expected: HashSet<&str> = query.expect.iter().map(String::as_str).collect();
        let mut order: Vec<usize> = (0..articles.len()).collect();
        order.sort_by(|one, two| scores[*two].total_cmp(&scores[*one]));
        let place = order.iter().position(|article| expected.contains(articles[*article].id.as_str()));
        top1 += u32::from(place == Some(0));
        top3 += u32::from(place.is_some_and(|place| place < 3));
    }
    let percent = |count: u32| 100.0 * f64::from(count) / f64::from(u32::try_from(queries.len()).unwrap_or(u32::MAX));
    format!("{:.1} {:.1}", percent(top1), percent(top3))
}
