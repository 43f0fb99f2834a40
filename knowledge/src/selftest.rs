//! Whether every article is found by what its author wrote: its title and its phrasings.
//!
//! An article that its own wording does not find has a rival: the same phrasing in another article, or a title that says
//! the same. Employees will be given the wrong one, so publishing can be made to wait for this check.

use serde::Serialize;

use crate::{ArticleId, Audience, Conclusion, Language, Library, Question};

/// What [`Library::self_test`] found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SelfTest {
    /// Titles and phrasings that were asked.
    pub asked: usize,
    /// Those that do not find their article.
    pub failures: Vec<SelfTestFailure>,
}

/// A title or phrasing that does not find its article.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SelfTestFailure {
    /// The article.
    pub id: ArticleId,
    /// Which version of it.
    pub language: Language,
    /// What was asked.
    pub text: String,
    /// What was concluded.
    pub verdict: Conclusion,
    /// What was found instead, best first.
    pub found: Vec<ArticleId>,
}

impl Library {
    /// Asks for every article by its own title and phrasings. It must come first, or be among those offered.
    pub fn self_test(&self) -> SelfTest {
        let mut test = SelfTest::default();
        for article in self.articles() {
            for text in article.phrasings.iter().chain([&article.title]) {
                let language = Some(article.language);
                let verdict = self.ask(&Question { text, language, audience: Audience::Staff, not: &[] });
                let found: Vec<ArticleId> = verdict.candidates.into_iter().map(|candidate| candidate.id).collect();
                test.asked += 1;
                let offered = &found[..verdict.offered];
                if found.first() != Some(&article.id) && !offered.contains(&article.id) {
                    test.failures.push(SelfTestFailure {
                        id: article.id.clone(),
                        language: article.language,
                        text: text.clone(),
                        verdict: verdict.conclusion,
                        found: found.into_iter().take(3).collect(),
                    });
                }
            }
        }
        test
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Article, MatchSettings, starter};

    fn article(id: &str, phrasings: &[&str]) -> Article {
        let text = format!("---\nid: {id}\nlanguage: en\ntitle: about {id}\ncategory: c\n---\n");
        let phrasings = phrasings.iter().map(ToString::to_string).collect();
        Article { phrasings, ..Article::from_markdown(&text).unwrap() }
    }

    #[test]
    fn a_phrasing_that_finds_something_else_is_named() {
        let phrasings = ["a", "b", "c", "d", "e", "f"].map(|id| article(id, &["the light blinks red"]));
        let test = Library::build(phrasings.to_vec(), &MatchSettings::default()).self_test();
        assert_eq!(test.asked, 12);
        let failed: Vec<&str> = test.failures.iter().map(|failure| failure.id.as_str()).collect();
        assert!(!failed.is_empty() && !failed.contains(&"a"), "{failed:?}");
        assert!(test.failures.iter().all(|failure| failure.text == "the light blinks red"), "{test:?}");
    }

    #[test]
    fn the_starter_base_passes() {
        let test = Library::build(starter::articles().unwrap(), &MatchSettings::default()).self_test();
        assert!(test.asked > 1_000);
        assert_eq!(test.failures, []);
    }
}
