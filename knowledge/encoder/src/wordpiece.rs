//! BERT's tokeniser: blanks and punctuation cut, letters small and without accents, then the longest known piece first.
//!
//! Devlin et al. 2019 and Wu et al. 2016 (`WordPiece`). Which characters are dropped, are punctuation or stand alone was
//! asked from the original tokeniser character by character and is part of the model file. Texts such as "[SEP]" are
//! taken as the punctuation and letters that they are: a message must not be able to write control tokens.

use unicode_normalization::UnicodeNormalization;

use crate::ModelError;
use crate::file::ModelFile;
use crate::pieces::Pieces;

/// A word of more characters is unknown, as in the original.
const LONGEST_WORD: usize = 100;

/// Rows of the embedding table before the pieces.
pub(crate) const UNKNOWN: usize = 0;
pub(crate) const START: usize = 1;
pub(crate) const END: usize = 2;
const SPECIAL: usize = 3;

/// What becomes of German umlauts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Umlauts {
    /// They lose their dots like every accent: `für` is `fur`.
    Bare,
    /// They are spelt out, as people do who have no key for them: `für` is `fuer`.
    SpeltOut,
}

#[derive(Debug)]
pub(crate) struct WordPiece {
    umlauts: Umlauts,
    starts: Pieces,
    inner: Pieces,
    dropped: Ranges,
    punctuation: Ranges,
    spaced: Ranges,
}

/// Sorted, separate ranges of code points.
#[derive(Debug)]
struct Ranges(Vec<(u32, u32)>);

impl Ranges {
    fn read(file: &ModelFile, name: &str) -> Result<Self, ModelError> {
        Ok(Self(file.u32s(name)?.as_chunks::<2>().0.iter().map(|[first, last]| (*first, *last)).collect()))
    }

    fn contain(&self, character: char) -> bool {
        let point = u32::from(character);
        let after = self.0.partition_point(|(first, _)| *first <= point);
        after.checked_sub(1).and_then(|range| self.0.get(range)).is_some_and(|(_, last)| point <= *last)
    }
}

impl WordPiece {
    pub(crate) fn read(file: &ModelFile, umlauts: Umlauts) -> Result<Self, ModelError> {
        Ok(Self {
            umlauts,
            starts: Pieces::read(file, "starts")?,
            inner: Pieces::read(file, "inner")?,
            dropped: Ranges::read(file, "dropped")?,
            punctuation: Ranges::read(file, "punctuation")?,
            spaced: Ranges::read(file, "spaced")?,
        })
    }

    /// Rows that the embedding table needs.
    pub(crate) fn size(&self) -> usize {
        SPECIAL + self.starts.len() + self.inner.len()
    }

    /// At most `limit` rows of the embedding table, without start and end; none if nothing remains of the text.
    pub(crate) fn tokens(&self, text: &str, limit: usize) -> Vec<usize> {
        let mut rows = Vec::new();
        for word in self.words(text) {
            if rows.len() >= limit {
                break;
            }
            self.cut(&word, &mut rows);
        }
        rows.truncate(limit);
        rows
    }

    fn words(&self, text: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let end_word = |words: &mut Vec<String>| {
            if words.last().is_some_and(|word| !word.is_empty()) {
                words.push(String::new());
            }
        };
        // A blank is asked before it could be dropped: line ends and tabs are control characters too.
        let blanks_plain = text.chars().map(|character| if character.is_whitespace() { ' ' } else { character });
        let umlauts = self.umlauts;
        let plain = blanks_plain.nfc().flat_map(move |character| read_as(character, umlauts)).nfd();
        for character in plain.filter(|character| !self.dropped.contain(*character)) {
            if character == ' ' {
                end_word(&mut words);
                continue;
            }
            let alone = self.punctuation.contain(character) || self.spaced.contain(character);
            if alone {
                end_word(&mut words);
            }
            if let Some(word) = words.last_mut() {
                word.extend(character.to_lowercase());
            }
            if alone {
                end_word(&mut words);
            }
        }
        words.retain(|word| !word.is_empty());
        words
    }

    /// Longest piece first; if the rest of a word has none, the whole word is unknown.
    fn cut(&self, word: &str, rows: &mut Vec<usize>) {
        let before = rows.len();
        let mut rest = word.as_bytes();
        let fits = word.chars().count() <= LONGEST_WORD;
        while fits && !rest.is_empty() {
            let at_start = rest.len() == word.len();
            let (pieces, first) =
                if at_start { (&self.starts, SPECIAL) } else { (&self.inner, SPECIAL + self.starts.len()) };
            let Some((length, piece)) = pieces.prefixes(rest).last() else { break };
            rows.push(first + piece);
            rest = &rest[length..];
        }
        if !fits || !rest.is_empty() {
            rows.truncate(before);
            rows.push(UNKNOWN);
        }
    }
}

/// The characters that one is read as.
fn read_as(character: char, umlauts: Umlauts) -> impl Iterator<Item = char> {
    let (first, second) = match character {
        'ä' | 'Ä' => ('a', 'e'),
        'ö' | 'Ö' => ('o', 'e'),
        'ü' | 'Ü' => ('u', 'e'),
        'ß' | 'ẞ' => ('s', 's'),
        other => return [Some(other), None].into_iter().flatten(),
    };
    match umlauts {
        Umlauts::Bare => [Some(character), None].into_iter().flatten(),
        Umlauts::SpeltOut => [Some(first), Some(second)].into_iter().flatten(),
    }
}

#[cfg(all(test, minilm_present))]
#[expect(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;
    use crate::golden;

    #[test]
    fn texts_are_cut_as_by_the_original_tokeniser() {
        let words = WordPiece::read(&golden::file("minilm-l6.flenc"), Umlauts::Bare).unwrap();
        for case in golden::cases() {
            let cut: Vec<String> = words.tokens(&case.text, 126).into_iter().map(|row| name(&words, row)).collect();
            let original = &case.minilm[1..case.minilm.len() - 1];
            assert_eq!(cut, original, "{:?}", case.text);
        }
    }

    fn name(words: &WordPiece, row: usize) -> String {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        match row.checked_sub(SPECIAL) {
            None => "[UNK]".to_owned(),
            Some(piece) if piece < words.starts.len() => text(words.starts.text_of(piece)),
            Some(piece) => format!("##{}", text(words.inner.text_of(piece - words.starts.len()))),
        }
    }
}
