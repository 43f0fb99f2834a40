//! Reading a model file: its head, its checksum and its named sections. The layout is described in `recipe/flenc.py`,
//! which writes it.

use std::collections::HashMap;
use std::ops::{Deref, Range};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::ModelError;

const MAGIC: &[u8] = b"FLENCODE";
const VERSION: u32 = 1;
const ENTRY: usize = 64;

/// The bytes of a model file, either built into the program or read at run time. Cheap to clone.
#[derive(Clone, Debug)]
pub enum ModelBytes {
    /// Part of the program.
    Static(&'static [u8]),
    /// Read from somewhere.
    Shared(Arc<[u8]>),
}

impl From<&'static [u8]> for ModelBytes {
    fn from(bytes: &'static [u8]) -> Self {
        Self::Static(bytes)
    }
}

impl From<Arc<[u8]>> for ModelBytes {
    fn from(bytes: Arc<[u8]>) -> Self {
        Self::Shared(bytes)
    }
}

impl Deref for ModelBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Static(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }
}

/// A part of the model's bytes that stays where it is.
#[derive(Clone, Debug)]
pub(crate) struct Slice {
    bytes: ModelBytes,
    range: Range<usize>,
}

impl Slice {
    /// The first `length` bytes, and the rest.
    pub(crate) fn split_at(&self, length: usize) -> (Self, Self) {
        let middle = (self.range.start + length).min(self.range.end);
        let part = |range| Self { bytes: self.bytes.clone(), range };
        (part(self.range.start..middle), part(middle..self.range.end))
    }
}

impl Deref for Slice {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(self.range.clone()).unwrap_or_default()
    }
}

/// How a section's numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Bytes = 0,
    F32 = 1,
    I8 = 2,
    SixBit = 3,
    U32 = 4,
}

#[derive(Debug)]
pub(crate) struct Section {
    kind: u32,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) data: Slice,
}

/// A model file whose checksum is right and whose sections lie inside it.
#[derive(Debug)]
pub(crate) struct ModelFile {
    pub(crate) architecture: u32,
    sections: HashMap<String, Section>,
}

impl ModelFile {
    pub(crate) fn read(bytes: &ModelBytes) -> Result<Self, ModelError> {
        if !bytes.starts_with(MAGIC) {
            return Err(ModelError::NotAModel);
        }
        let version = u32_at(bytes, 8).ok_or(ModelError::NotAModel)?;
        if version != VERSION {
            return Err(ModelError::Version(version));
        }
        let architecture = u32_at(bytes, 12).ok_or(ModelError::NotAModel)?;
        let (Some(digest), Some(content)) = (bytes.get(16..48), bytes.get(48..)) else {
            return Err(ModelError::NotAModel);
        };
        if Sha256::digest(content)[..] != *digest {
            return Err(ModelError::Checksum);
        }
        let damaged = || ModelError::Section("table of contents".into());
        let count = u32_at(bytes, 48).ok_or_else(damaged)? as usize;
        let entries = bytes.get(56..).ok_or_else(damaged)?.chunks_exact(ENTRY).take(count);
        if entries.len() != count {
            return Err(damaged());
        }
        let sections = entries.map(|entry| section(bytes, entry).ok_or_else(damaged)).collect::<Result<_, _>>()?;
        Ok(Self { architecture, sections })
    }

    /// The section of this name, if it is stored in this way.
    pub(crate) fn section(&self, name: &str, kind: Kind) -> Result<&Section, ModelError> {
        let found = self.sections.get(name).filter(|section| section.kind == kind as u32);
        found.ok_or_else(|| ModelError::Section(name.into()))
    }

    pub(crate) fn bytes(&self, name: &str) -> Result<Slice, ModelError> {
        Ok(self.section(name, Kind::Bytes)?.data.clone())
    }

    /// Copies a small section of numbers; `length` is how many there must be.
    pub(crate) fn f32s(&self, name: &str, length: usize) -> Result<Vec<f32>, ModelError> {
        let values = f32s(&self.section(name, Kind::F32)?.data);
        if values.len() == length && values.iter().all(|value| value.is_finite()) {
            Ok(values)
        } else {
            Err(ModelError::Section(name.into()))
        }
    }

    pub(crate) fn u32s(&self, name: &str) -> Result<Vec<u32>, ModelError> {
        let data = &self.section(name, Kind::U32)?.data;
        Ok(data.as_chunks::<4>().0.iter().map(|number| u32::from_le_bytes(*number)).collect())
    }
}

pub(crate) fn f32s(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|number| f32::from_le_bytes(*number)).collect()
}

fn section(bytes: &ModelBytes, entry: &[u8]) -> Option<(String, Section)> {
    let name = entry.get(..32)?.split(|byte| *byte == 0).next()?;
    let name = std::str::from_utf8(name).ok()?.to_owned();
    let (kind, rows, columns) = (u32_at(entry, 32)?, u32_at(entry, 36)? as usize, u32_at(entry, 40)? as usize);
    let start = usize::try_from(u64_at(entry, 48)?).ok()?;
    let end = start.checked_add(usize::try_from(u64_at(entry, 56)?).ok()?)?;
    bytes.get(start..end)?;
    Some((name, Section { kind, rows, columns, data: Slice { bytes: bytes.clone(), range: start..end } }))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}
