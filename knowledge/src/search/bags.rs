//! Rows of counted features: of each text, which words or n-grams it has and how often.
//!
//! One array holds all rows, one after the other, in the numbers of a sorted dictionary. So the same rows make the same
//! bags however they came together, and a row is copied from one to another by renumbering it.

use std::{borrow::Borrow, collections::HashMap, hash::Hash};

/// Rows of features of the kind `K`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bags<K> {
    /// Sorted; each occurs in some row.
    pub(super) keys: Vec<K>,
    /// By row: where it begins in `ids`; one more for the end of the last.
    pub(super) starts: Vec<u32>,
    /// The features of the rows, ascending within each.
    pub(super) ids: Vec<u32>,
    /// How often each is there, up to 255.
    pub(super) counts: Vec<u8>,
}

/// Bags in the making: rows are counted one by one, so that there are never the texts of a whole base at once.
pub(super) struct Counter<K> {
    /// By feature: its number, for now.
    numbers: HashMap<K, u32>,
    bags: Bags<K>,
}

impl<K> Default for Counter<K> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), bags: Bags::default() }
    }
}

impl<K> Default for Bags<K> {
    fn default() -> Self {
        Self { keys: Vec::new(), starts: vec![0], ids: Vec::new(), counts: Vec::new() }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "numbers of features and rows fit into u32")]
impl<K: Ord + Eq + Hash + Clone> Counter<K> {
    /// Counts the features of the next row.
    pub(super) fn push(&mut self, row: impl IntoIterator<Item = K>) {
        let Self { numbers, bags } = self;
        let number = |key| {
            let next = numbers.len() as u32;
            *numbers.entry(key).or_insert(next)
        };
        let mut ids: Vec<u32> = row.into_iter().map(number).collect();
        ids.sort_unstable();
        for same in ids.chunk_by(|left, right| left == right) {
            bags.ids.push(same[0]);
            bags.counts.push(u8::try_from(same.len()).unwrap_or(u8::MAX));
        }
        bags.starts.push(bags.ids.len() as u32);
    }

    /// The bags of all rows so far.
    pub(super) fn bags(self) -> Bags<K> {
        let Self { numbers, mut bags } = self;
        let mut keys: Vec<(K, u32)> = numbers.into_iter().collect();
        keys.sort_unstable();
        let mut renumbered = vec![0; keys.len()];
        for (new, &(_, old)) in keys.iter().enumerate() {
            renumbered[old as usize] = new as u32;
        }
        bags.keys = keys.into_iter().map(|(key, _)| key).collect();
        for id in &mut bags.ids {
            *id = renumbered[*id as usize];
        }
        for row in 0..bags.len() {
            bags.sort(row);
        }
        bags.fitted()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "numbers of features and rows fit into u32")]
impl<K: Ord + Eq + Hash + Clone> Bags<K> {
    /// Counts the features of each row.
    #[cfg(test)]
    pub(super) fn of(rows: impl IntoIterator<Item = Vec<K>>) -> Self {
        let mut counter = Counter::default();
        rows.into_iter().for_each(|row| counter.push(row));
        counter.bags()
    }

    /// The rows of `sources` that are named, in that order, each by its source and its number there.
    pub(super) fn gathered(sources: &[&Self], rows: &[(usize, usize)]) -> Self {
        let mut used: Vec<Vec<bool>> = sources.iter().map(|source| vec![false; source.keys.len()]).collect();
        for &(source, row) in rows {
            for &id in &sources[source].ids[sources[source].range(row)] {
                used[source][id as usize] = true;
            }
        }
        let mut keys: Vec<K> = sources
            .iter()
            .zip(&used)
            .flat_map(|(source, used)| {
                source.keys.iter().zip(used).filter(|(_, used)| **used).map(|(key, _)| key.clone())
            })
            .collect();
        keys.sort_unstable();
        keys.dedup();
        let renumbered: Vec<Vec<u32>> = sources
            .iter()
            .map(|source| {
                let mut at = 0;
                let number = |key: &K| {
                    at += keys[at..].partition_point(|other| other < key);
                    at as u32
                };
                source.keys.iter().map(number).collect()
            })
            .collect();
        let mut bags = Self { keys, ..Self::default() };
        for &(source, row) in rows {
            let range = sources[source].range(row);
            bags.ids.extend(sources[source].ids[range.clone()].iter().map(|&id| renumbered[source][id as usize]));
            bags.counts.extend_from_slice(&sources[source].counts[range]);
            bags.starts.push(bags.ids.len() as u32);
        }
        bags.fitted()
    }

    /// The same without the room that was kept for more: bags stay as they are for long.
    fn fitted(mut self) -> Self {
        self.keys.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.ids.shrink_to_fit();
        self.counts.shrink_to_fit();
        self
    }

    /// The number of a feature.
    pub(super) fn id<Q: Ord + ?Sized>(&self, key: &Q) -> Option<u32>
    where
        K: Borrow<Q>,
    {
        self.keys.binary_search_by(|other| other.borrow().cmp(key)).ok().map(|id| id as u32)
    }

    fn sort(&mut self, row: usize) {
        let range = self.range(row);
        let mut features: Vec<(u32, u8)> = self.row(row).collect();
        features.sort_unstable();
        for (at, (id, count)) in range.zip(features) {
            self.ids[at] = id;
            self.counts[at] = count;
        }
    }
}

impl<K> Bags<K> {
    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The features of a row, each with its count.
    pub(super) fn row(&self, row: usize) -> impl Iterator<Item = (u32, u8)> {
        let range = self.range(row);
        self.ids[range.clone()].iter().copied().zip(self.counts[range].iter().copied())
    }

    fn range(&self, row: usize) -> std::ops::Range<usize> {
        self.starts[row] as usize..self.starts[row + 1] as usize
    }

    /// Whether the arrays fit together: for bags that were read from somewhere.
    pub(super) fn is_sound(&self) -> bool {
        self.starts.first() == Some(&0)
            && self.starts.is_sorted()
            && self.starts.last().is_some_and(|&end| end as usize == self.ids.len())
            && self.ids.len() == self.counts.len()
            && self.ids.iter().all(|&id| (id as usize) < self.keys.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gathered_rows_are_the_same_bags() {
        let rows = [vec!["b", "a", "b"], vec![], vec!["z", "c"], vec!["a", "d"], vec!["c"; 300]];
        let of = |named: &[usize]| Bags::of(named.iter().map(|&row| rows[row].clone()));
        let all = of(&[0, 1, 2, 3, 4]);
        assert_eq!(all.keys, ["a", "b", "c", "d", "z"]);
        assert_eq!(all.row(0).collect::<Vec<_>>(), [(0, 1), (1, 2)]);
        assert_eq!(all.row(4).collect::<Vec<_>>(), [(2, 255)]);
        let (left, right) = (of(&[3, 0]), of(&[2, 4, 1]));
        let order = [(0, 1), (1, 2), (1, 0), (0, 0), (1, 1)];
        assert_eq!(Bags::gathered(&[&left, &right], &order), all);
        assert_eq!(Bags::gathered(&[&left, &right], &order[..2]), of(&[0, 1]));
        assert!(all.is_sound() && all.id("d") == Some(3) && all.id("e").is_none());
    }
}
