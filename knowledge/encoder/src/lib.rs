//! Sentence encoders: a text becomes a vector of length 1, and texts of like meaning get vectors of high cosine.
//!
//! Three models, all run here in safe Rust without a network or a second language:
//!
//! - [`bilingual`]: German and English in one space, made for the questions of a help desk; some milliseconds a sentence,
//!   384 dimensions.
//! - [`use_multilingual`]: German and English in one space, under a millisecond a sentence, 512 dimensions.
//! - [`minilm`]: English, the model that [`bilingual`] learned from; some milliseconds a sentence, 384 dimensions.
//!
//! Vectors of different models cannot be compared; sums of their cosines can. The same text gives the same bits on
//! every machine. Of a text at most [`LONGEST_TEXT`] bytes are read and of those at most 256 (USE) or 126 (the others)
//! pieces, so the time is bounded; longer articles should be encoded part by part.
//!
//! The model files are made by `recipe/`, which states sources and licences. To add a model: a writer there, a reader
//! beside `minilm.rs`, a number for it in `Encoder::load`, golden vectors under `tests/data`.
//!
//! Deliberately absent: training, batches (a sentence already fills one core), threads, a choice of device.

mod charsmap;
mod error;
mod file;
#[cfg(all(test, any(minilm_present, multilingual_present, bilingual_present)))]
mod golden;
mod math;
mod matrix;
mod minilm;
mod pieces;
mod products;
mod unigram;
mod use_multilingual;
mod wide;
mod wordpiece;

pub use error::ModelError;
pub use file::ModelBytes;

use std::sync::LazyLock;

use file::ModelFile;
use minilm::MiniLm;
use use_multilingual::UseMultilingual;
use wordpiece::Umlauts;

/// Bytes of a text that are read; the rest is ignored.
pub const LONGEST_TEXT: usize = 8192;

/// What the built-in encoders are made of: their code and the checksums of their models. Two programs for which it is the same
/// make the same vectors; nothing has to be loaded to tell.
pub const SOURCE: &str = env!("FIRSTLINE_ENCODER_SOURCE");

/// A sentence encoder that is ready for use; share it between threads by reference.
#[derive(Debug)]
pub struct Encoder(Model);

#[derive(Debug)]
enum Model {
    UseMultilingual(Box<UseMultilingual>),
    MiniLm(Box<MiniLm>),
    Bilingual(Box<MiniLm>),
}

impl Encoder {
    /// Reads a model file. The weights stay where they are; only the small parts are copied.
    ///
    /// # Errors
    ///
    /// [`ModelError`] if the bytes are damaged, of another version or no model.
    pub fn load(bytes: impl Into<ModelBytes>) -> Result<Self, ModelError> {
        let file = ModelFile::read(&bytes.into())?;
        match file.architecture {
            1 => Ok(Self(Model::UseMultilingual(Box::new(UseMultilingual::read(&file)?)))),
            2 => Ok(Self(Model::MiniLm(Box::new(MiniLm::read(&file, Umlauts::Bare)?)))),
            3 => Ok(Self(Model::Bilingual(Box::new(MiniLm::read(&file, Umlauts::SpeltOut)?)))),
            other => Err(ModelError::Architecture(other)),
        }
    }

    /// The text's vector: length 1, or all zeros where nothing of the text remains after normalisation.
    pub fn encode(&self, text: &str) -> Vec<f32> {
        let text = beginning(text);
        match &self.0 {
            Model::UseMultilingual(model) => model.encode(text),
            Model::MiniLm(model) | Model::Bilingual(model) => model.encode(text),
        }
    }

    /// Length of the vectors.
    pub fn dimensions(&self) -> usize {
        match self.0 {
            Model::UseMultilingual(_) => UseMultilingual::DIMENSIONS,
            Model::MiniLm(_) | Model::Bilingual(_) => MiniLm::DIMENSIONS,
        }
    }

    /// The model's name, for logs and snapshots: vectors of different names must not be mixed.
    pub fn name(&self) -> &'static str {
        match self.0 {
            Model::UseMultilingual(_) => "use-multilingual-v3-de-en",
            Model::MiniLm(_) => "all-minilm-l6-v2",
            Model::Bilingual(_) => "firstline-bilingual-1",
        }
    }
}

/// At most [`LONGEST_TEXT`] bytes, whole characters.
fn beginning(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LONGEST_TEXT)).unwrap_or_default()
}

/// The built-in model for the questions of a help desk in German and English; `None` if the program was built without
/// the feature `bilingual` or without its file.
pub fn bilingual() -> Option<&'static Encoder> {
    static ENCODER: LazyLock<Option<Encoder>> = LazyLock::new(|| BILINGUAL.and_then(|bytes| Encoder::load(bytes).ok()));
    ENCODER.as_ref()
}

/// The built-in English model; `None` if the program was built without the feature `minilm` or without its file.
pub fn minilm() -> Option<&'static Encoder> {
    static ENCODER: LazyLock<Option<Encoder>> = LazyLock::new(|| MINILM.and_then(|bytes| Encoder::load(bytes).ok()));
    ENCODER.as_ref()
}

/// The built-in German and English model; `None` if the program was built without the feature `multilingual` or
/// without its file.
pub fn use_multilingual() -> Option<&'static Encoder> {
    static ENCODER: LazyLock<Option<Encoder>> =
        LazyLock::new(|| MULTILINGUAL.and_then(|bytes| Encoder::load(bytes).ok()));
    ENCODER.as_ref()
}

#[cfg(bilingual_present)]
const BILINGUAL: Option<&[u8]> = Some(include_bytes!("../models/bilingual.flenc"));
#[cfg(not(bilingual_present))]
const BILINGUAL: Option<&[u8]> = None;

#[cfg(minilm_present)]
const MINILM: Option<&[u8]> = Some(include_bytes!("../models/minilm-l6.flenc"));
#[cfg(not(minilm_present))]
const MINILM: Option<&[u8]> = None;

#[cfg(multilingual_present)]
const MULTILINGUAL: Option<&[u8]> = Some(include_bytes!("../models/use-multilingual-de-en.flenc"));
#[cfg(not(multilingual_present))]
const MULTILINGUAL: Option<&[u8]> = None;
