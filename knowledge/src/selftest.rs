//! Whether every article is found by what its author wrote, and is not given where its author says so.
//!
//! An article that its own wording does not find has a rival: the same phrasing in another article, or a title that says
//! the same. An article that answers one of its counter-examples ([`Article::not_for`]) says too much. Employees will be
//! given the wrong one, so publishing can be made to wait for this check.

use serde::Serialize;

use crate::{Article, ArticleId, Audience, Conclusion, Language, Library, Question};

/// What [`Library::self_test`] found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SelfTest {
    /// Titles, phrasings and counter-examples that were asked.
    pub asked: usize,
    /// Those that went wrong.
    pub failures: Vec<SelfTestFailure>,
}

/// What can go wrong with an article's own texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SelfTestProblem {
    /// Its title or phrasing does not find it.
    NotFound,
    /// It answers what it is not for.
    Answers,
}

/// A text of an article with which something is wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SelfTestFailure {
    /// The article.
    pub id: ArticleId,
    /// Which version of it.
    pub language: Language,
    /// What is wrong.
    pub problem: SelfTestProblem,
    /// What was asked.
    pub text: String,
    /// What was concluded.
    pub verdict: Conclusion,
    /// What was found, best first.
    pub found: Vec<ArticleId>,
}

impl Library {
    /// Asks for every article by its own title and phrasings: it must come first, or be among those offered. Asks its
    /// counter-examples, too: it must not be the answer.
    pub fn self_test(&self) -> SelfTest {
        let mut test = SelfTest::default();
        for article in self.articles() {
            for text in article.phrasings.iter().chain([&article.title]) {
                self.check(article, text, SelfTestProblem::NotFound, &mut test);
            }
            for text in &article.not_for {
                self.check(article, text, SelfTestProblem::Answers, &mut test);
            }
        }
        test
    }

    fn check(&self, article: &Article, text: &str, problem: SelfTestProblem, found_out: &mut SelfTest) {
        let language = Some(article.language);
        let verdict = self.ask(&Question { text, language, audience: Audience::Staff, not: &[] });
        let (conclusion, offered) = (verdict.conclusion, verdict.offered);
        let found: Vec<ArticleId> = verdict.candidates.into_iter().map(|candidate| candidate.id).collect();
        let is_first = found.first() == Some(&article.id);
        found_out.asked += 1;
        let failed = match problem {
            SelfTestProblem::NotFound => !is_first && !found.iter().take(offered).any(|id| *id == article.id),
            SelfTestProblem::Answers => is_first && conclusion == Conclusion::Answer,
        };
        if failed {
            found_out.failures.push(SelfTestFailure {
                id: article.id.clone(),
                language: article.language,
                problem,
                text: text.to_owned(),
                verdict: conclusion,
                found: found.into_iter().take(3).collect(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MatchSettings, starter};

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
        assert!(test.failures.iter().all(|failure| failure.problem == SelfTestProblem::NotFound), "{test:?}");
    }

    #[test]
    fn an_article_that_answers_what_it_is_not_for_is_named() {
        let of = |not_for: &str| {
            let light = Article { not_for: vec![not_for.to_owned()], ..article("light", &["the light blinks red"]) };
            Library::build(vec![light, article("paper", &["paper jam"])], &MatchSettings::default()).self_test()
        };
        assert_eq!(of("how tall is the tower").failures, []);
        let test = of("the light blinks red");
        assert_eq!(test.failures.len(), 1, "{test:?}");
        assert_eq!(test.failures[0].problem, SelfTestProblem::Answers);
    }

    #[test]
    fn the_starter_base_passes() {
        let test = Library::build(starter::articles().unwrap(), &MatchSettings::default()).self_test();
        assert!(test.asked > 1_000);
        assert_eq!(test.failures, []);
    }
}
