//! `SentencePiece`'s normalisation: a table of replacements in a double-array trie, and its rules for blanks.
//!
//! Kudo and Richardson 2018, "`SentencePiece`"; the trie is the one of Darts-clone. The table of this model is
//! `nmt_nfkc`: Unicode NFKC, control characters dropped, all kinds of blanks made one.

use crate::ModelError;
use crate::file::ModelFile;

/// Stands for a blank inside pieces.
pub(crate) const BLANK: char = '\u{2581}';

#[derive(Debug)]
pub(crate) struct Charsmap {
    units: Vec<u32>,
    replacements: Vec<u8>,
}

impl Charsmap {
    pub(crate) fn read(file: &ModelFile) -> Result<Self, ModelError> {
        let damaged = || ModelError::Section("charsmap".into());
        let bytes = file.bytes("charsmap")?;
        let (length, rest) = bytes.split_first_chunk::<4>().ok_or_else(damaged)?;
        let length = u32::from_le_bytes(*length) as usize;
        let (trie, replacements) = rest.split_at_checked(length).ok_or_else(damaged)?;
        let units = trie.as_chunks::<4>().0.iter().map(|unit| u32::from_le_bytes(*unit)).collect();
        Ok(Self { units, replacements: replacements.to_vec() })
    }

    /// The text in the form in which the vocabulary is written: every word preceded by [`BLANK`], no other blanks.
    pub(crate) fn normalise(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + text.len() / 2 + 3);
        let mut rest = text;
        let mut after_blank = true;
        while !rest.is_empty() {
            let (replacement, length) = self.replace(rest);
            rest = rest.get(length..).unwrap_or_default();
            for character in replacement.chars() {
                if character == ' ' {
                    after_blank = true;
                } else {
                    // A blank is written only before something, which leaves none at the end.
                    if after_blank {
                        out.push(BLANK);
                    }
                    after_blank = false;
                    out.push(character);
                }
            }
        }
        out
    }

    /// What the longest entry at the start of `text` becomes, and how many bytes of `text` it covers; a character
    /// without an entry stays as it is.
    fn replace<'a>(&'a self, text: &'a str) -> (&'a str, usize) {
        if let Some((length, value)) = self.longest_entry(text)
            && let Some(tail) = self.replacements.get(value..)
            && let Some(replacement) = tail.split(|byte| *byte == 0).next()
            && let Ok(replacement) = std::str::from_utf8(replacement)
        {
            return (replacement, length);
        }
        let first = text.chars().next().map_or(text.len(), char::len_utf8);
        (text.get(..first).unwrap_or_default(), first)
    }

    fn longest_entry(&self, text: &str) -> Option<(usize, usize)> {
        let mut node = offset(*self.units.first()?);
        let mut longest = None;
        for (index, byte) in text.bytes().enumerate() {
            node ^= usize::from(byte);
            let Some(unit) = self.units.get(node).copied().filter(|unit| unit & 0x8000_00FF == u32::from(byte)) else {
                break;
            };
            node ^= offset(unit);
            if unit & 0x100 != 0 {
                let value = self.units.get(node)? & 0x7FFF_FFFF;
                if text.is_char_boundary(index + 1) {
                    longest = Some((index + 1, value as usize));
                }
            }
        }
        longest
    }
}

/// Where a unit's children are, relative to it.
fn offset(unit: u32) -> usize {
    ((unit >> 10) << ((unit & 0x200) >> 6)) as usize
}
