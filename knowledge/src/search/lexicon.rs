//! The words of one language of the base: which there are, what was meant by the misspelt ones, and how compounds split.
//!
//! Made anew from the uses of all words when the base has settled after a change; until then words that are new are a
//! layer on top ([`Lexicon::with`]).

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::segment::Segment;
use crate::{
    Language,
    text::{Analyzer, Compounds, Speller, Token, Word, constituents, words},
};

/// How often each word is used.
pub(super) type Uses = HashMap<String, u32>;

/// The words of one language.
#[derive(Clone)]
pub(super) struct Lexicon {
    language: Language,
    analyzer: Analyzer,
    speller: Speller,
    /// In layers: the words as they are written.
    surfaces: Vec<Arc<HashSet<String>>>,
    /// Errors in the articles and what was meant.
    slips: Arc<HashMap<String, String>>,
}

impl Lexicon {
    /// The lexicon of a base that uses these words.
    pub(super) fn of(language: Language, mut uses: Uses) -> Self {
        let speller = Speller::new(language, &uses);
        let once = uses.iter().filter(|&(_, &uses)| uses == 1).map(|(word, _)| word);
        let slips: HashMap<String, String> =
            once.filter_map(|word| Some((word.clone(), speller.slip(word)?.to_owned()))).collect();
        uses.retain(|word, _| !slips.contains_key(word));
        Self {
            language,
            analyzer: Analyzer::new(language, Compounds::new(splittable(language, &uses))),
            speller: Speller::new(language, &uses),
            surfaces: vec![Arc::new(uses.into_keys().collect())],
            slips: Arc::new(slips),
        }
    }

    /// Knows these words as well.
    pub(super) fn with(&self, mut uses: Uses) -> Self {
        uses.retain(|word, _| !self.knows_word(word) && !self.slips.contains_key(word));
        let mut lexicon = self.clone();
        lexicon.analyzer.add(splittable(self.language, &uses));
        lexicon.speller.add(&uses);
        lexicon.surfaces.push(Arc::new(uses.into_keys().collect()));
        lexicon
    }

    /// Whether the base uses this very word in this language.
    pub(super) fn knows_word(&self, folded: &str) -> bool {
        self.surfaces.iter().any(|words| words.contains(folded))
    }

    /// Corrects into the words of the base.
    pub(super) fn speller(&self) -> &Speller {
        &self.speller
    }

    /// The terms of a question that was asked in `asked`.
    pub(super) fn words(&self, tokens: &[Token], asked: Language) -> Vec<Word> {
        self.analyzer.words(tokens, asked)
    }

    /// The terms of a word of an article.
    pub(super) fn word(&self, lexeme: &str) -> Word {
        self.analyzer.word(self.slips.get(lexeme).map_or(lexeme, String::as_str), self.language)
    }
}

/// Words of which a compound may consist: German writes its compounds as one word.
fn splittable(language: Language, uses: &Uses) -> Vec<String> {
    let content = |word: &&String| language == Language::De && !words::is_stop(language, word);
    uses.keys().filter(content).cloned().collect()
}

/// How often the articles of a segment that are in the language and `live` use each word.
pub(super) fn add_uses(uses: &mut Uses, segment: &Segment, live: &[bool], language: Language) {
    let mut counts = vec![0; segment.texts.keys.len()];
    for (doc, article) in segment.articles.iter().enumerate() {
        if live[doc] && article.language == language {
            for row in segment.text_lines(doc).start..=segment.body(doc) {
                for (key, count) in segment.texts.row(row) {
                    counts[key as usize] += u32::from(count);
                }
            }
        }
    }
    for (key, count) in segment.texts.keys.iter().zip(counts).filter(|&(_, count)| count > 0) {
        for word in constituents(key) {
            *uses.entry(word).or_default() += count;
        }
    }
}
