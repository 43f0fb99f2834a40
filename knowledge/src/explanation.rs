//! Why the knowledge base concludes what it concludes: everything that the search looked at, in the order in which it did.

use serde::Serialize;

use crate::{ArticleId, Conclusion, Language, Library, Question, Verdict, verdict::Thresholds};

/// A verdict and what led to it. Made by [`Library::explain`], which takes longer than [`Library::ask`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The verdict, as [`Library::ask`] gives it.
    pub verdict: Verdict,
    /// The words of the question, as the articles in its language are searched for them.
    pub words: Vec<WordRead>,
    /// The first of the verdict's candidates, and what speaks for each.
    pub candidates: Vec<CandidateExplained>,
    /// Probability that the base has the answer among the best few.
    pub covered: f64,
    /// Probability that the first candidate is the answer: the verdict's confidence.
    pub first: f64,
    /// Cosine of the question with the nearest of the matters that help desks are asked about, in this base or not: if no
    /// article comes near to that, the question is probably about something else. 0 if that cannot be told.
    pub elsewhere: f64,
    /// How much nearer the question is to what help desks are asked than to what none is for, in cosines, and less what the
    /// base's own titles and phrasings are on average. 0 if that cannot be told.
    pub familiar: f64,
    /// What the two were compared with.
    pub thresholds: Thresholds,
}

/// A word of the question, or a sequence of words that has a meaning of its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WordRead {
    /// As it was read: corrected, in lower case, umlauts spelt out.
    pub word: String,
    /// What is compared: its stem, or behind `=` the name of a meaning that several words share.
    pub term: String,
    /// The parts of a compound or sequence that count, too.
    pub parts: Vec<String>,
    /// Carries no topic.
    pub stop: bool,
    /// Whether the articles know it or a part of it.
    pub known: bool,
    /// How much it says of all that the question says, 0..=1: rare words say more.
    pub share: f64,
}

/// Where a word can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldName {
    /// The title.
    Title,
    /// A phrasing.
    Phrasings,
    /// The steps.
    Steps,
    /// The body.
    Body,
}

impl FieldName {
    /// As in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Phrasings => "phrasings",
            Self::Steps => "steps",
            Self::Body => "body",
        }
    }
}

/// A word that an article holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WordFound {
    /// The word, as in [`WordRead::word`].
    pub word: String,
    /// Where.
    pub fields: Vec<FieldName>,
    /// How much of the word was found: 1, or less where only parts of a compound were.
    pub part: f64,
    /// How much it says of all that the question says, 0..=1.
    pub share: f64,
}

/// The text of an article that is nearest by meaning.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Nearest {
    /// The encoder that says so.
    pub encoder: &'static str,
    /// What the text is: `title`, `phrasings` or `body`.
    pub field: FieldName,
    /// Its beginning.
    pub text: String,
    /// How near, -1..=1.
    pub cosine: f64,
    /// What the classifier that learned from such vectors gives the article of 1; `None` without one.
    pub learned: Option<f64>,
}

/// What speaks for an article.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CandidateExplained {
    /// The article.
    pub id: ArticleId,
    /// The version that was compared; another may be shown.
    pub language: Language,
    /// All signals together, 0..=1.
    pub score: f64,
    /// The question is its title or phrasing, word for word.
    pub exact: bool,
    /// Of what the words could reach, 0..=1.
    pub words: f64,
    /// Which words it holds; not those without topic.
    pub found: Vec<WordFound>,
    /// Cosine of the letters with the nearest title or phrasing.
    pub letters: f64,
    /// What the classifier of words and letters gives the article of 1; `None` without one.
    pub learned: Option<f64>,
    /// By encoder.
    pub meaning: Vec<Nearest>,
}

impl Explanation {
    /// Candidates that are explained.
    pub const MAX_CANDIDATES: usize = 5;

    /// What decided, in a sentence.
    pub fn reason(&self) -> String {
        let Thresholds { answer_at, wrong_at_most, ambiguous_at } = self.thresholds;
        let percent = (1e3 * wrong_at_most).round() / 10.0;
        match self.verdict.conclusion {
            Conclusion::Answer => format!(
                "the first is right with a probability of {:.2}: answers from {answer_at:.2} for at most {percent} % wrong",
                self.first
            ),
            Conclusion::Ambiguous => format!(
                "the first is right with a probability of {:.2}, too little for an answer (from {answer_at:.2} for at most \
                 {percent} % wrong); one of the first few is with {:.2}: asks back from {ambiguous_at:.2}",
                self.first, self.covered
            ),
            Conclusion::Unknown if self.verdict.candidates.is_empty() => {
                "no article has anything in common with the question".to_owned()
            }
            Conclusion::Unknown => format!(
                "one of the first few is right with a probability of {:.2}: asks back from {ambiguous_at:.2} only",
                self.covered
            ),
        }
    }
}

impl Library {
    /// [`Library::ask`], and why.
    pub fn explain(&self, question: &Question<'_>) -> Explanation {
        self.explained(question, Explanation::MAX_CANDIDATES)
    }
}

/// The beginning of a text, on one line.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 100;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => [line.get(..end).unwrap_or_default(), "…"].concat(),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Audience, MatchSettings, starter};

    #[test]
    fn a_verdict_is_explained_as_it_is_given() {
        let library = Library::build(starter::articles().unwrap(), &MatchSettings::default());
        let explain = |text| {
            let question = Question { text, language: None, audience: Audience::Everyone, not: &[] };
            let explanation = library.explain(&question);
            assert_eq!(explanation.verdict, library.ask(&question), "{text}");
            assert!((explanation.first - explanation.verdict.confidence).abs() < 1e-9);
            explanation
        };
        let known = explain("mein netzlaufwerk ist nicht ereichbar");
        assert_eq!(known.verdict.language, Language::De);
        let word = |word: &str| known.words.iter().find(|read| read.word == word).unwrap();
        assert!(word("ist").stop && word("erreichbar").known && !word("netzlaufwerk").stop);
        assert!(known.words.iter().map(|read| read.share).sum::<f64>() < 1.001);
        let first = &known.candidates[0];
        assert_eq!(first.id, known.verdict.candidates[0].id);
        assert!(!first.found.is_empty() && first.words > 0.0 && first.score > 0.0);
        if cfg!(feature = "encoder") {
            let nearest = first.meaning.iter().max_by(|left, right| left.cosine.total_cmp(&right.cosine)).unwrap();
            assert!(nearest.cosine > 0.3 && !nearest.text.is_empty(), "{first:?}");
        }

        let exact = explain("I forgot my password");
        assert!(exact.candidates[0].exact && exact.reason().contains("at most 3 % wrong"), "{}", exact.reason());
        let secret = explain("pw: hunter2 does not work");
        assert!(!format!("{secret:?}").contains("hunter"), "{secret:?}");
        assert_eq!(explain("").words, []);
        assert!(explain("").reason().starts_with("no article"));
    }
}
