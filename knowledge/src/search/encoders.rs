//! The table of sentence encoders.
//!
//! A *space* is a set of vectors that can be compared with each other, and has at most one encoder for each language. An
//! article is encoded by its language's encoder, a question by that of the language it is asked in; then the question is
//! compared with all vectors of the space, whatever language they were made from. So a space whose encoders agree across
//! languages finds English articles for German questions, and one that has no encoder for a language neither hears
//! questions in it nor sees articles.
//!
//! To add an encoder to a space, name it in [`SPACES`]; to add a space, add a line there, raise [`COUNT`], and give
//! `fusion.rs` and `calibration` weights for it. Snapshots of another program are made anew.

use super::{
    matters::{self, Matters},
    passages::{Kind, passages},
    shipped, strangers,
    vectors::{Asked, Stored, Vectors},
};
use crate::{Article, Language};

/// An encoder that the program was built with.
pub(super) type Encoder = &'static firstline_encoder::Encoder;

/// Number of spaces. What [`super::Sense`] says is by space, in the order of [`SPACES`].
pub(super) const COUNT: usize = 2;

/// Some of the spaces: by space, whether it is one of them.
pub(super) type Spaces = [bool; COUNT];

/// Those in which questions are compared, and for which there is an encoder; `learned` says whether the base has phrasings enough
/// to learn from.
pub(super) fn heard(learned: bool) -> Spaces {
    SPACES.each_ref().map(|space| (learned || !space.learned) && space.dimensions() > 0)
}

/// One space.
#[derive(Clone, Copy)]
pub(super) struct Space {
    /// By language, in the order of [`Language`]: English, German. `None`: the program has none for it.
    encoders: [fn() -> Option<Encoder>; 2],
    /// What brings questions and articles nearer to each other, where there is something.
    matters: fn() -> Option<&'static Matters>,
    /// What no help desk is for, where there is something.
    strangers: fn() -> Option<&'static Vectors>,
    /// Whether it is worth its time only beside a classifier, see [`super::fusion`].
    learned: bool,
    /// Whether pieces of bodies are compared.
    bodies: bool,
}

/// The spaces.
pub(super) static SPACES: [Space; COUNT] = [
    // German and English alike; knows topics, blurs what exactly is the matter.
    Space {
        encoders: [firstline_encoder::use_multilingual, firstline_encoder::use_multilingual],
        matters: || None,
        strangers: || None,
        learned: true,
        bodies: false,
    },
    // German and English alike, made for the questions of a help desk.
    Space {
        encoders: [firstline_encoder::bilingual, firstline_encoder::bilingual],
        matters: matters::bilingual,
        strangers: strangers::bilingual,
        learned: false,
        bodies: true,
    },
];

/// What a space makes of a question.
pub(super) struct Heard {
    pub(super) asked: Asked,
    /// Cosine with the nearest matter.
    pub(super) elsewhere: f32,
    /// See [`Matters::familiarity`].
    pub(super) familiarity: f32,
}

impl Space {
    /// What encodes texts of this language, if anything does.
    pub(super) fn encoder(&self, language: Language) -> Option<Encoder> {
        self.encoders[language as usize]()
    }

    /// What help desks are asked about, in this space.
    pub(super) fn matters(&self) -> Option<&'static Matters> {
        (self.matters)()
    }

    /// The texts of an article that it encodes.
    pub(super) fn passages(&self, article: &Article) -> Vec<(Kind, String)> {
        if self.encoder(article.language).is_none() {
            return Vec::new();
        }
        let mut passages = passages(article);
        passages.retain(|(kind, _)| self.bodies || *kind != Kind::Body);
        passages
    }

    /// A question in this language.
    pub(super) fn asked(&self, language: Language, text: &str) -> Option<Heard> {
        let vector = self.encoder(language)?.encode(text);
        let Some(matters) = self.matters() else {
            return Some(Heard { asked: Asked::new(&vector), elsewhere: 0.0, familiarity: 0.0 });
        };
        let matters::Heard { vector, familiarity } = matters.heard(&vector, (self.strangers)());
        let asked = Asked::new(&vector);
        Some(Heard { elsewhere: matters.nearest(&asked), asked, familiarity })
    }

    /// How familiar to help desks a vector is, see [`Matters::familiarity`]; `None` if that cannot be told.
    pub(super) fn familiarity(&self, vector: &Stored) -> Option<f32> {
        Some(self.matters()?.familiarity(&vector.values().collect::<Vec<_>>(), (self.strangers)()?))
    }

    /// The vector of an article's text in this language; what came with the program is not encoded again.
    pub(super) fn written(&self, language: Language, kind: Kind, text: &str) -> Option<Stored> {
        let encoder = self.encoder(language)?;
        let plain = shipped::vector(encoder.name(), text).unwrap_or_else(|| Stored::of(&encoder.encode(text)));
        Some(match (kind, self.matters()) {
            // Phrasings are as people ask already, and pieces of bodies are about details.
            (Kind::Title | Kind::Lead, Some(matters)) => Stored::of(&matters.told(&plain.values().collect::<Vec<_>>())),
            _ => plain,
        })
    }

    /// Length of the space's vectors; 0 without any encoder.
    pub(super) fn dimensions(&self) -> usize {
        Language::ALL
            .into_iter()
            .find_map(|language| self.encoder(language))
            .map_or(0, firstline_encoder::Encoder::dimensions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoders_of_a_space_make_vectors_of_one_length() {
        for space in &SPACES {
            for language in Language::ALL {
                let dimensions = space.encoder(language).map(firstline_encoder::Encoder::dimensions);
                assert!(dimensions.is_none_or(|it| it == space.dimensions()));
            }
        }
    }
}
