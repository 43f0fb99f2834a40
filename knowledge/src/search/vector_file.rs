//! Tables of vectors that come with the program, by an encoder that it was built with.
//!
//! Little-endian: the FNV-1a hash (64 bits) of the encoder's name, the number of dimensions and that of rows (32 bits
//! each); then the tables, one after the other, each with so many rows: a scale (32-bit float) and the dimensions as
//! signed bytes.

use super::{encoders::Encoder, grams::hash, passages::Kind, vectors::Vectors};

/// The tables of a file; `None` if it is not whole, or was written with another encoder.
pub(super) fn read<const TABLES: usize>(file: &[u8], encoder: Encoder) -> Option<[Vectors; TABLES]> {
    let (name, file) = file.split_first_chunk::<8>()?;
    let (dimensions, file) = file.split_first_chunk::<4>()?;
    let (count, mut file) = file.split_first_chunk::<4>()?;
    let dimensions = usize::try_from(u32::from_le_bytes(*dimensions)).ok()?;
    if u64::from_le_bytes(*name) != hash(encoder.name().bytes()) || dimensions != encoder.dimensions() {
        return None;
    }
    let count = u32::from_le_bytes(*count);
    let mut tables = Vec::new();
    for _ in 0..TABLES {
        let (table, rest) = rows(file, dimensions, count)?;
        tables.push(table);
        file = rest;
    }
    if file.is_empty() { tables.try_into().ok() } else { None }
}

fn rows(mut file: &[u8], dimensions: usize, count: u32) -> Option<(Vectors, &[u8])> {
    let (mut scales, mut codes) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let (scale, rest) = file.split_first_chunk::<4>()?;
        let (row, rest) = rest.split_at_checked(dimensions)?;
        scales.push(f32::from_le_bytes(*scale));
        codes.extend(row.iter().map(|code| code.cast_signed()));
        file = rest;
    }
    let kinds = vec![Kind::Title; scales.len()];
    Some((Vectors::read(dimensions, (0..=count).collect(), kinds, scales, codes)?, file))
}

/// Makes such files.
#[cfg(test)]
pub(super) mod writing {
    use serde::{Deserialize, de::DeserializeOwned};

    use super::{Encoder, hash};
    use crate::search::vectors::Stored;

    /// A text in both languages.
    #[derive(Deserialize)]
    pub(in crate::search) struct Texts {
        pub(in crate::search) en: String,
        pub(in crate::search) de: String,
    }

    /// A path within the crate.
    pub(in crate::search) fn path(name: &str) -> String {
        format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
    }

    /// The lines of a file of JSON lines.
    pub(in crate::search) fn lines<T: DeserializeOwned>(name: &str) -> Vec<T> {
        let text = std::fs::read_to_string(path(name)).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The direction of the mean of the vectors of these texts, in both languages.
    pub(in crate::search) fn mean<'a>(encoder: Encoder, texts: impl IntoIterator<Item = &'a Texts>) -> Vec<f32> {
        let mut sum = vec![0.0; encoder.dimensions()];
        for text in texts.into_iter().flat_map(|text| [&text.en, &text.de]) {
            sum.iter_mut().zip(encoder.encode(text)).for_each(|(sum, value)| *sum += value);
        }
        let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
        sum.into_iter().map(|value| value / length).collect()
    }

    /// By item, made on all cores.
    pub(in crate::search) fn vectors<T: Sync>(items: &[T], of: impl Fn(&T) -> Vec<f32> + Sync) -> Vec<Vec<f32>> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            let of = &of;
            let parts = items.chunks(items.len().div_ceil(threads));
            let workers: Vec<_> =
                parts.map(|part| scope.spawn(move || part.iter().map(of).collect::<Vec<_>>())).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
        })
    }

    /// A file of tables of equal length.
    pub(in crate::search) fn file(encoder: Encoder, tables: &[Vec<Vec<f32>>]) -> Vec<u8> {
        let mut file = hash(encoder.name().bytes()).to_le_bytes().to_vec();
        for number in [encoder.dimensions(), tables[0].len()] {
            file.extend(u32::try_from(number).unwrap().to_le_bytes());
        }
        for vector in tables.iter().flatten() {
            let Stored { scale, codes } = Stored::of(vector);
            file.extend(scale.to_le_bytes());
            file.extend(codes.iter().map(|code| code.cast_unsigned()));
        }
        file
    }
}

#[cfg(all(test, feature = "encoder"))]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_whole_or_of_another_encoder_is_none() {
        let encoder = firstline_encoder::bilingual().unwrap();
        let table = vec![vec![0.5; encoder.dimensions()]; 3];
        let file = writing::file(encoder, &[table.clone(), table]);
        assert_eq!(read::<2>(&file, encoder).unwrap().map(|table| table.len()), [3, 3]);
        assert!(read::<1>(&file, encoder).is_none());
        assert!(read::<2>(&file[..file.len() - 1], encoder).is_none());
        assert!(read::<2>(&[], encoder).is_none());
        assert!(read::<2>(&file, firstline_encoder::use_multilingual().unwrap()).is_none());
    }
}
