//! From text to terms: the same way for articles and questions, so that equal meanings meet.
//!
//! [`tokens()`] finds words and folds their spelling; [`Analyzer`] turns words into terms: a meaning (`synonyms`) or a stem
//! (`stem`), and for compounds also their parts (`compound`). Questions are spell-checked in between (`spelling`).

mod compound;
mod spelling;
mod stem;
mod synonyms;
mod tokens;
pub(crate) mod words;

use self::synonyms::Synonyms;
pub(crate) use self::{
    compound::Compounds,
    spelling::Speller,
    tokens::{MAX_CHARS, Token, tokens},
};
use crate::Language;

/// One word, or one sequence of words with a meaning of its own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Word {
    /// What is compared: a stem, or the name of a meaning.
    pub(crate) term: String,
    /// The terms of its parts, for compounds and sequences. May leave out parts that the base does not know.
    pub(crate) parts: Vec<String>,
    /// Carries no topic.
    pub(crate) stop: bool,
}

/// Turns words of one language into terms.
pub(crate) struct Analyzer {
    language: Language,
    compounds: Compounds,
    synonyms: &'static Synonyms,
}

impl Analyzer {
    /// An analyzer that splits compounds into words of `compounds`.
    pub(crate) fn new(language: Language, compounds: Compounds) -> Self {
        Self { language, compounds, synonyms: Synonyms::shared() }
    }

    /// The terms of `tokens`. Stop words are those of this language and, for a question asked in another, of `asked`.
    pub(crate) fn words(&self, tokens: &[Token], asked: Language) -> Vec<Word> {
        let mut words = Vec::with_capacity(tokens.len());
        let mut rest = tokens;
        while let Some(token) = rest.first() {
            let (word, length) = match self.synonyms.phrase(rest) {
                Some((meaning, length)) => (self.sequence(meaning, &rest[..length], asked), length),
                None => (self.word(token, asked), 1),
            };
            words.push(word);
            rest = &rest[length..];
        }
        words
    }

    fn word(&self, token: &Token, asked: Language) -> Word {
        let parts = if token.parts.is_empty() {
            self.compounds.split(&token.folded)
        } else {
            token.parts.iter().map(String::as_str).collect()
        };
        Word {
            term: self.term(&token.folded),
            parts: parts.into_iter().filter(|part| !self.is_stop(part, asked)).map(|part| self.term(part)).collect(),
            stop: self.is_stop(&token.folded, asked),
        }
    }

    fn sequence(&self, meaning: &str, tokens: &[Token], asked: Language) -> Word {
        let content = tokens.iter().filter(|token| !self.is_stop(&token.folded, asked));
        Word { term: meaning.to_owned(), parts: content.map(|token| self.term(&token.folded)).collect(), stop: false }
    }

    fn term(&self, folded: &str) -> String {
        self.synonyms.term(self.language, folded)
    }

    fn is_stop(&self, folded: &str, asked: Language) -> bool {
        words::is_stop(self.language, folded) || words::is_stop(asked, folded)
    }
}
