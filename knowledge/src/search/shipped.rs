//! Vectors of the starter base that come with the program, so that a first start does not wait for the encoders.
//!
//! `data/starter.vectors` holds, for each text, a record of: the FNV-1a hash (64 bits) of the encoder's name and the
//! text, the number of dimensions (32 bits), a scale (32-bit float), and the dimensions as signed bytes; numbers are
//! little-endian. A text that is not there is encoded as any other: after changing the starter base or a model write
//! the file again with
//!
//! ```text
//! cargo test -p firstline-knowledge write_the_starter_vectors -- --ignored
//! ```

use std::{collections::HashMap, sync::LazyLock};

use super::{grams::hash, vectors::Stored};

static FILE: &[u8] = include_bytes!("../../data/starter.vectors");

static RECORDS: LazyLock<HashMap<u64, Stored>> = LazyLock::new(|| read(FILE));

/// The vector of a text of the starter base, if it came with the program.
pub(super) fn vector(encoder: &str, text: &str) -> Option<Stored> {
    RECORDS.get(&key(encoder, text)).cloned()
}

fn key(encoder: &str, text: &str) -> u64 {
    hash(encoder.bytes().chain([0]).chain(text.bytes()))
}

/// Reads up to the first record that is not whole.
fn read(mut file: &[u8]) -> HashMap<u64, Stored> {
    let mut records = HashMap::new();
    while let Some((record, rest)) = first(file) {
        records.insert(record.key, record.vector);
        file = rest;
    }
    records
}

struct Record {
    key: u64,
    vector: Stored,
}

fn first(file: &[u8]) -> Option<(Record, &[u8])> {
    let (key, rest) = file.split_first_chunk::<8>()?;
    let (dimensions, rest) = rest.split_first_chunk::<4>()?;
    let (scale, rest) = rest.split_first_chunk::<4>()?;
    let (values, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*dimensions)).ok()?)?;
    let scale = f32::from_le_bytes(*scale);
    let vector = Stored { scale, codes: values.iter().map(|value| value.cast_signed()).collect() };
    Some((Record { key: u64::from_le_bytes(*key), vector }, rest))
}

/// A record for the file.
#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "vectors have some hundred dimensions")]
pub(super) fn record(encoder: &str, text: &str, vector: &[f32]) -> Vec<u8> {
    let Stored { scale, codes } = Stored::of(vector);
    let mut record = key(encoder, text).to_le_bytes().to_vec();
    record.extend((codes.len() as u32).to_le_bytes());
    record.extend(scale.to_le_bytes());
    record.extend(codes.iter().map(|code| code.cast_unsigned()));
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_read_back() {
        let mut file = record("encoder", "text", &[0.5, -0.25, 0.0]);
        file.extend(record("encoder", "other", &[1.0]));
        file.extend([1, 2, 3]);
        let records = read(&file);
        assert_eq!(records.len(), 2);
        assert_eq!(records[&key("encoder", "text")], Stored::of(&[0.5, -0.25, 0.0]));
    }
}
