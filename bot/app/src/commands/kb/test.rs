//! `firstline kb test`: whether every article is found by its own title and phrasings, and does not answer what it is not
//! for. Fails if one does, so that publishing can wait for it.

use std::collections::HashSet;

use firstline_engine::{
    desk::Desk,
    knowledge::{Article, ArticleId, Language, Library, SelfTestFailure, SelfTestProblem},
};

use crate::{commands::Told, output};

pub(super) fn run(desk: &Desk, json: bool) -> anyhow::Result<()> {
    let test = desk.library().self_test();
    if json {
        output::json(&test)?;
    } else {
        for failure in &test.failures {
            output::line(line(failure))?;
        }
        let failed = test.failures.len();
        output::line(format_args!("{} titles, phrasings and counter-examples asked, {failed} failed.", test.asked))?;
    }
    if test.failures.is_empty() { Ok(()) } else { Err(Told.into()) }
}

/// What fails only when these articles are put in; with `prune`, all others are taken out.
pub(super) fn broken_by(library: &Library, articles: &[Article], prune: bool) -> Vec<SelfTestFailure> {
    let given: HashSet<(&ArticleId, Language)> = articles.iter().map(|it| (&it.id, it.language)).collect();
    let others = library.articles().map(|it| (&it.id, it.language)).filter(|key| prune && !given.contains(key));
    let retired: Vec<(ArticleId, Language)> = others.map(|(id, language)| (id.clone(), language)).collect();
    let Some(after) = library.updated(articles.to_vec(), &retired) else { return Vec::new() };
    let mut failures = after.settled().self_test().failures;
    if !failures.is_empty() {
        let before = library.self_test().failures;
        let is_known = |failure: &SelfTestFailure| {
            let same = |other: &SelfTestFailure| {
                (&other.id, other.language, other.problem, &other.text)
                    == (&failure.id, failure.language, failure.problem, &failure.text)
            };
            before.iter().any(same)
        };
        failures.retain(|failure| !is_known(failure));
    }
    failures
}

/// A failure in words.
pub(super) fn line(failure: &SelfTestFailure) -> String {
    let SelfTestFailure { id, language, problem, text, found, .. } = failure;
    let text = output::tame_line(text);
    match problem {
        SelfTestProblem::NotFound => {
            let found: Vec<&str> = found.iter().map(ArticleId::as_str).collect();
            let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
            format!("{id} ({language}): {text:?} finds {found}")
        }
        SelfTestProblem::Answers => format!("{id} ({language}): answers {text:?}, which it is not for"),
    }
}

#[cfg(test)]
mod tests {
    use firstline_engine::knowledge::MatchSettings;

    use super::*;

    fn article(id: &str, phrasing: &str, not_for: &str) -> Article {
        let text = format!(
            "---\nid: {id}\nlanguage: en\ntitle: about {id}\ncategory: c\nphrasings: [{phrasing}]\nnot_for: [{not_for}]\n---\n"
        );
        Article::from_markdown(&text).unwrap()
    }

    #[test]
    fn only_what_is_new_is_broken() {
        let old = article("old", "the light blinks red", "the light blinks red");
        let library = Library::build(vec![old], &MatchSettings::default());
        assert_eq!(library.self_test().failures.len(), 1);
        assert_eq!(broken_by(&library, &[article("good", "paper jam", "how tall is the tower")], false), []);
        let bad = article("bad", "the fan is loud", "the fan is loud");
        let broken = broken_by(&library, std::slice::from_ref(&bad), false);
        assert_eq!(
            broken.iter().map(line).collect::<Vec<_>>(),
            ["bad (en): answers \"the fan is loud\", which it is not for"]
        );
        assert_eq!(broken_by(&library, &[bad], true).len(), 1);
    }
}
