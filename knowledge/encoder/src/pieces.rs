//! A vocabulary as sorted byte strings, searched where it lies in the model file.

use crate::ModelError;
use crate::file::{Kind, ModelFile, Slice};

/// Sorted, distinct byte strings; a string's number is its place in the order.
#[derive(Debug)]
pub(crate) struct Pieces {
    text: Slice,
    /// One more than there are pieces: piece `i` is `text[bounds[i]..bounds[i + 1]]`.
    bounds: Vec<u32>,
    /// For each first byte, the first piece that starts with it or a greater one; 257 entries.
    starts: Vec<usize>,
}

impl Pieces {
    pub(crate) fn read(file: &ModelFile, name: &str) -> Result<Self, ModelError> {
        let ends = format!("{name}.ends");
        let mut bounds = vec![0];
        bounds.extend(file.u32s(&ends)?);
        let text = file.section(&format!("{name}.text"), Kind::Bytes)?.data.clone();
        let inside = bounds.last().is_some_and(|last| *last as usize == text.len());
        if !inside || !bounds.is_sorted() {
            return Err(ModelError::Section(ends));
        }
        let mut pieces = Self { text, bounds, starts: Vec::new() };
        let sorted = (1..pieces.len()).all(|number| pieces.text_of(number - 1) < pieces.text_of(number));
        if !sorted {
            return Err(ModelError::Section(ends));
        }
        pieces.starts = (0..=256).map(|byte| pieces.first_with(0, pieces.len(), 0, byte)).collect();
        Ok(pieces)
    }

    pub(crate) fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    /// The piece of this number; nothing if there is none.
    pub(crate) fn text_of(&self, number: usize) -> &[u8] {
        match (self.bounds.get(number), self.bounds.get(number + 1)) {
            (Some(start), Some(end)) => self.text.get(*start as usize..*end as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// In `from..to`, where all agree before `depth`: the first piece whose byte there is at least `byte`.
    fn first_with(&self, from: usize, to: usize, depth: usize, byte: usize) -> usize {
        let (mut low, mut high) = (from, to);
        while low < high {
            let middle = low.midpoint(high);
            let smaller = self.text_of(middle).get(depth).is_none_or(|found| usize::from(*found) < byte);
            if smaller {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Every piece that `text` starts with, shortest first: its length in bytes and its number.
    pub(crate) fn prefixes<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (usize, usize)> + 'a {
        let (mut low, mut high) = (0, self.len());
        text.iter()
            .enumerate()
            .map_while(move |(depth, byte)| {
                let byte = usize::from(*byte);
                if depth == 0 {
                    (low, high) = (self.starts.get(byte).copied()?, self.starts.get(byte + 1).copied()?);
                } else {
                    low = self.first_with(low, high, depth, byte);
                    high = self.first_with(low, high, depth, byte + 1);
                }
                // Of the pieces that share a prefix, the one that is the prefix itself comes first.
                (low < high).then(|| (depth + 1, low, self.text_of(low).len() == depth + 1))
            })
            .filter_map(|(length, number, whole)| whole.then_some((length, number)))
    }
}
