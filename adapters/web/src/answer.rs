//! What the articles have to say to a question, for the page and for the API alike. Only what every employee may read.

use firstline_engine::{
    desk::Desk,
    knowledge::{Article, ArticleId, Candidate, Conclusion, Language, Library, Verdict, detect_language},
};
use serde::Serialize;

/// A conclusion with the articles it is about.
#[derive(Debug)]
pub(crate) struct Answer {
    /// What the knowledge base concludes.
    pub(crate) verdict: Verdict,
    /// The articles to show: the one that answers, or those it might be. None when there is no answer.
    pub(crate) articles: Vec<Article>,
}

impl Answer {
    /// Asks. A question whose language is neither given nor recognised is taken to be in the `fallback`.
    pub(crate) fn to(desk: &Desk, question: &str, language: Option<Language>, fallback: Language) -> Self {
        let language = language.or_else(|| detect_language(question)).unwrap_or(fallback);
        Self::of(desk.ask(question, Some(language)), &desk.library())
    }

    /// Looks up what is to be shown.
    pub(crate) fn of(verdict: Verdict, library: &Library) -> Self {
        let shown = match verdict.conclusion {
            Conclusion::Unknown => 0,
            Conclusion::Answer | Conclusion::Ambiguous => verdict.offered,
        };
        let articles = verdict.candidates.iter().take(shown);
        let articles = articles.filter_map(|found| library.article(&found.id, found.language).cloned()).collect();
        Self { verdict, articles }
    }
}

/// An answer as the API gives it, the same as `firstline kb ask --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct AnswerJson {
    verdict: Conclusion,
    confidence: f64,
    articles: Vec<FoundJson>,
}

#[derive(Debug, Serialize)]
struct FoundJson {
    id: ArticleId,
    title: String,
    language: Language,
    score: f64,
}

impl From<Answer> for AnswerJson {
    fn from(answer: Answer) -> Self {
        let Verdict { conclusion, confidence, candidates, .. } = answer.verdict;
        let found = |Candidate { id, title, language, score }| FoundJson { id, title, language, score };
        Self { verdict: conclusion, confidence, articles: candidates.into_iter().map(found).collect() }
    }
}

#[cfg(test)]
mod tests {
    use firstline_engine::knowledge::{Audience, MatchSettings, Question};

    use super::*;

    #[test]
    fn the_api_tells_verdict_confidence_and_articles() {
        let text =
            "---\nid: vpn\nlanguage: en\ntitle: I cannot connect to the VPN\ncategory: network\n---\n\nUse it.\n";
        let library =
            Library::build(vec![Article::from_markdown(text).expect("an article")], &MatchSettings::default());
        let asked = Question { text: "vpn", language: Some(Language::En), audience: Audience::Everyone, not: &[] };
        let mut verdict = library.ask(&asked);
        (verdict.conclusion, verdict.confidence) = (Conclusion::Answer, 0.75);
        verdict.candidates[0].score = 0.5;
        let json = serde_json::to_value(AnswerJson::from(Answer::of(verdict, &library))).expect("JSON");
        let found =
            serde_json::json!({"id": "vpn", "title": "I cannot connect to the VPN", "language": "en", "score": 0.5});
        assert_eq!(json, serde_json::json!({"verdict": "answer", "confidence": 0.75, "articles": [found]}));
    }
}
