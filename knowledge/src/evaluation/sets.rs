//! Evaluation sets as JSON lines.
//!
//! ```text
//! {"id","language","title","phrasings":[..],"body"}     an article
//! {"text","language"?,"expect":["id",..]}               a question; without ids nothing should be answered
//! ```
//!
//! Sets that others made name their articles as they like (`g:a11y-braille`, `Reset Password`), so here a name may be any
//! text: [`EvalSet::name`] gives it back.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::{Article, ArticleId, ArticleKind, Audience, Language};

/// Articles of an evaluation set, and what the set calls them.
#[derive(Debug, Default)]
pub struct EvalSet {
    articles: Vec<Article>,
    names: BTreeMap<ArticleId, String>,
}

/// A question and what should be answered.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct EvalQuery {
    /// The question.
    pub text: String,
    /// The asker's language, if the set says it and Firstline speaks it.
    #[serde(default, deserialize_with = "known_language")]
    pub language: Option<Language>,
    /// The articles that are right, in the set's names; none: nothing is.
    pub expect: Vec<String>,
}

/// A line that is not what it should be.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct EvalSetError {
    /// Counted from 1.
    pub line: usize,
    /// What the parser says.
    pub problem: String,
}

#[derive(Deserialize)]
struct ArticleLine {
    id: String,
    language: Language,
    #[serde(default)]
    title: String,
    #[serde(default)]
    phrasings: Vec<String>,
    #[serde(default)]
    not_for: Vec<String>,
    #[serde(default)]
    steps: Vec<String>,
    #[serde(default)]
    body: String,
}

impl EvalSet {
    /// Articles with names of their own, as from Markdown files.
    pub fn of(articles: Vec<Article>) -> Self {
        let names = articles.iter().map(|article| (article.id.clone(), article.id.to_string())).collect();
        Self { articles, names }
    }

    /// Reads articles from JSON lines.
    pub fn read(text: &str) -> Result<Self, EvalSetError> {
        let mut set = Self::default();
        let mut ids: HashMap<String, ArticleId> = HashMap::new();
        for (number, line) in lines::<ArticleLine>(text) {
            let line = line?;
            let id = match ids.get(&line.id) {
                Some(id) => id.clone(),
                None => set.new_id(&line.id).ok_or_else(|| EvalSetError {
                    line: number,
                    problem: format!("the article's id {:?} cannot be used", line.id),
                })?,
            };
            ids.insert(line.id.clone(), id.clone());
            set.names.insert(id.clone(), line.id);
            set.articles.push(Article {
                id,
                language: line.language,
                title: line.title,
                category: "evaluation".to_owned(),
                kind: ArticleKind::default(),
                audience: Audience::default(),
                phrasings: line.phrasings,
                not_for: line.not_for,
                steps: line.steps,
                body: line.body,
            });
        }
        Ok(set)
    }

    /// The articles, for [`crate::Library::build`].
    pub fn articles(&self) -> &[Article] {
        &self.articles
    }

    /// The articles, which the set then has no more; what it calls them it knows nevertheless.
    pub fn take_articles(&mut self) -> Vec<Article> {
        std::mem::take(&mut self.articles)
    }

    /// What the set calls an article.
    pub fn name<'a>(&'a self, id: &'a ArticleId) -> &'a str {
        self.names.get(id).map_or(id.as_str(), String::as_str)
    }

    /// Number of articles, translations counting as one.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// An id for a name: the name itself if it can be one, else one that nobody has.
    fn new_id(&self, name: &str) -> Option<ArticleId> {
        let own = name.parse().ok().filter(|id| !self.names.contains_key(id));
        own.or_else(|| {
            let from = self.names.len();
            (from..=2 * from + 1)
                .filter_map(|number| format!("renamed:{number}").parse().ok())
                .find(|id| !self.names.contains_key(id))
        })
    }
}

impl EvalQuery {
    /// Reads questions from JSON lines.
    pub fn read(text: &str) -> Result<Vec<Self>, EvalSetError> {
        lines(text).map(|(_, line)| line).collect()
    }
}

/// The lines that are not blank, each with its number.
fn lines<T: for<'de> Deserialize<'de>>(text: &str) -> impl Iterator<Item = (usize, Result<T, EvalSetError>)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()).map(|(text, line)| {
        let parsed = serde_json::from_str(text).map_err(|error| EvalSetError { line, problem: error.to_string() });
        (line, parsed)
    })
}

/// A third language is as good as none: it is then detected.
fn known_language<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Language>, D::Error> {
    let code = Option::<String>::deserialize(deserializer)?;
    Ok(code.and_then(|code| code.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_is_kept() {
        let names = ["g:a11y-braille", "Reset Password", "reset password", "renamed:1", "größe", "vpn", "_x", "1", ""];
        let text: String = names
            .iter()
            .map(|name| serde_json::json!({"id": name, "language": "en", "title": name, "extra": 1}).to_string() + "\n")
            .collect();
        let set = EvalSet::read(&format!("{text}\n{text}")).unwrap();
        assert_eq!((set.len(), set.articles().len()), (names.len(), 2 * names.len()));
        for (article, name) in set.articles().iter().zip(names) {
            assert_eq!(set.name(&article.id), name);
        }
        assert_eq!(set.articles()[0].id.as_str(), "g:a11y-braille");
    }

    #[test]
    fn questions_in_any_language() {
        let query = |text: &str| EvalQuery::read(text).unwrap().remove(0);
        assert_eq!(query(r#"{"text":"a","language":"de","expect":["x"]}"#).language, Some(Language::De));
        assert_eq!(query(r#"{"text":"a","language":"fr","expect":[]}"#).language, None);
        assert_eq!(query(r#"{"text":"a","expect":[]}"#).language, None);
    }

    #[test]
    fn errors_name_their_line() {
        let error = EvalSet::read("{\"id\":\"a\",\"language\":\"en\"}\n\n{\"id\":1}\n").unwrap_err();
        assert_eq!(error.line, 3);
        assert_eq!(EvalQuery::read("{}").unwrap_err().line, 1);
    }
}
