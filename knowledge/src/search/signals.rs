//! What every signal says about questions whose answers are known: where the weights of [`super::fusion`] come from.
//!
//! ```text
//! FIRSTLINE_SETS=folder cargo test --release -p firstline-knowledge write_the_signals -- --ignored
//! ```
//!
//! reads each `NAME/articles.jsonl` with its `NAME/queries.jsonl` below the folder, and the starter base with the
//! development half of its questions, and writes `NAME.signals.jsonl` beside them: a line for each question, with the
//! signals of the articles that came nearest. `questions/weigh.py` reads them.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use super::{Match, Request, Search};
use crate::{
    Article, Language,
    evaluation::{EvalQuery, EvalSet},
    starter,
};

/// Articles whose signals are written for each question.
const MOST: usize = 40;

#[test]
#[ignore = "writes files; see the module's documentation"]
fn write_the_signals() {
    let folder = PathBuf::from(std::env::var_os("FIRSTLINE_SETS").expect("FIRSTLINE_SETS names a folder"));
    let mut names: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    for set in names.into_iter().filter(|path| path.join("articles.jsonl").is_file()) {
        let read = |file| fs::read_to_string(set.join(file)).unwrap();
        let articles = EvalSet::read(&read("articles.jsonl")).unwrap();
        let queries = EvalQuery::read(&read("queries.jsonl")).unwrap();
        fs::write(set.with_extension("signals.jsonl"), lines(&articles, &queries)).unwrap();
    }
    let questions = ["en", "de", "en_unanswerable", "de_unanswerable"].map(|name| {
        let path = format!("{}/questions/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
        EvalQuery::read(&fs::read_to_string(path).unwrap()).unwrap().into_iter().skip(1).step_by(2)
    });
    let queries: Vec<EvalQuery> = questions.into_iter().flatten().collect();
    let starter = EvalSet::of(starter::articles().unwrap());
    fs::write(folder.join("starter.signals.jsonl"), lines(&starter, &queries)).unwrap();
}

fn lines(set: &EvalSet, queries: &[EvalQuery]) -> String {
    let articles: Vec<Article> = set.articles().to_vec();
    let search = Search::build(&articles, Language::En);
    let line = |query: &EvalQuery| {
        let ranking = search.rank(&Request { text: &query.text, language: query.language, allowed: &|_| true });
        let matches: Vec<Value> = ranking.matches.iter().take(MOST).map(|it| signals(set, &search, it)).collect();
        let line =
            json!({"text": query.text, "expect": query.expect, "language": ranking.language, "matches": matches});
        format!("{line}\n")
    };
    queries.iter().map(line).collect()
}

fn signals(set: &EvalSet, search: &Search, found: &Match) -> Value {
    let Match { score, evidence, words, lesson, sense, .. } = found;
    json!({
        "id": set.name(&search.article(found.article).id),
        "language": search.article(found.article).language,
        "score": score,
        "words": words,
        "chars": lesson.near,
        "share": lesson.share,
        "line": sense.line,
        "lead": sense.lead,
        "body": sense.body,
        "learned": sense.share,
        "mass": evidence.mass,
        "found": evidence.found,
        "titled": evidence.titled,
        "unknown": evidence.unknown,
        "elsewhere": evidence.elsewhere,
        "familiar": evidence.familiar,
        "exact": evidence.exact,
    })
}
