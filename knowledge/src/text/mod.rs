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

/// The words of a text as they are written, in one spelling; a sequence that has a meaning of its own is one. Depends on
/// nothing but the text: the parts of hyphenated words are joined by `-`, the words of a sequence by a space.
pub(crate) fn lexemes(tokens: &[Token]) -> Vec<String> {
    let mut lexemes = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    while let Some(token) = rest.first() {
        let length = Synonyms::shared().phrase(rest).map_or(1, |(_, length)| length);
        lexemes.push(match length {
            1 if token.parts.is_empty() => token.folded.clone(),
            1 => token.parts.join("-"),
            _ => rest[..length].iter().map(|token| token.folded.as_str()).collect::<Vec<_>>().join(" "),
        });
        rest = &rest[length..];
    }
    lexemes
}

/// The words that a lexeme is made of, and itself if it is one.
pub(crate) fn constituents(lexeme: &str) -> impl Iterator<Item = String> {
    let whole = (!lexeme.contains(' ')).then(|| lexeme.replace('-', ""));
    let parts = lexeme.contains([' ', '-']).then(|| lexeme.split([' ', '-']).map(str::to_owned));
    whole.into_iter().chain(parts.into_iter().flatten())
}

/// Turns words of one language into terms.
#[derive(Clone)]
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

    /// Splits compounds into these words as well.
    pub(crate) fn add(&mut self, words: impl IntoIterator<Item = String>) {
        self.compounds.add(words);
    }

    /// The terms of `tokens`. Stop words are those of this language and, for a question asked in another, of `asked`.
    pub(crate) fn words(&self, tokens: &[Token], asked: Language) -> Vec<Word> {
        lexemes(tokens).iter().map(|lexeme| self.word(lexeme, asked)).collect()
    }

    /// The terms of one lexeme.
    pub(crate) fn word(&self, lexeme: &str, asked: Language) -> Word {
        if lexeme.contains(' ') {
            return self.sequence(lexeme, asked);
        }
        let folded = lexeme.replace('-', "");
        let parts = if lexeme.contains('-') { lexeme.split('-').collect() } else { self.compounds.split(lexeme) };
        Word {
            parts: parts.into_iter().filter(|part| !self.is_stop(part, asked)).map(|part| self.term(part)).collect(),
            stop: self.is_stop(&folded, asked),
            term: self.term(&folded),
        }
    }

    fn sequence(&self, lexeme: &str, asked: Language) -> Word {
        let words = || lexeme.split(' ');
        Word {
            term: self.synonyms.meaning(words()).unwrap_or(lexeme).to_owned(),
            parts: words().filter(|word| !self.is_stop(word, asked)).map(|word| self.term(word)).collect(),
            stop: false,
        }
    }

    fn term(&self, folded: &str) -> String {
        self.synonyms.term(self.language, folded)
    }

    fn is_stop(&self, folded: &str, asked: Language) -> bool {
        words::is_stop(self.language, folded) || words::is_stop(asked, folded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lexemes_keep_what_their_terms_are_made_of() {
        let text = "Please log in with the VPN-Client";
        assert_eq!(lexemes(&tokens(text)), ["please", "log in", "with", "the", "vpn-client"]);
        let analyzer = Analyzer::new(Language::En, Compounds::default());
        let words = analyzer.words(&tokens(text), Language::En);
        assert_eq!((words[1].term.as_str(), words[4].term.as_str()), ("=login", "vpnclient"));
        assert_eq!(words[4].parts, ["vpn", "client"]);
        let of = |lexeme: &str| constituents(lexeme).collect::<Vec<_>>();
        assert_eq!(of("log in"), ["log", "in"]);
        assert_eq!(of("vpn-client"), ["vpnclient", "vpn", "client"]);
        assert_eq!(of("vpn"), ["vpn"]);
    }
}
