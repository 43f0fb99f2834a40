//! What help desks are asked about, whether this base has an article on it or not: how people put it, and how handbooks do.
//!
//! People tell a symptom, an article names its matter, and a small encoder does not always see that it is the same. But the
//! symptom is near to what others said about that matter, whose title is near to the article's. So a question is moved
//! towards the titles of the matters that are asked about most like it, and a title or the beginning of an article
//! towards the questions to the matters whose titles are most like it. That is attention over a memory of pairs (Miller et
//! al. 2016, "Key-Value Memory Networks for Directly Reading Documents"), at both ends.
//!
//! Whether a message is for a help desk at all is told by the same means: by how much nearer it is to what help desks are
//! asked than to what none is for ([`super::strangers`]), *familiarity*. Of the first 122 messages in `data/off_topic.txt` and the
//! answerable questions of the development half of `questions/` that tells 98 of 100 pairs apart, whatever the base.
//!
//! They also tell what a base lacks. A question that it nearly covers finds its nearest article from almost as near as
//! one that it covers; but if the question is far nearer to "Restore a dump of a database" than to any article, the base
//! probably has nothing on it. Recognising speakers has the same trouble and the same remedy: a score counts by how much it
//! exceeds those of a cohort of strangers (Auckenthaler et al. 2000, "Score normalization for text-independent speaker
//! verification systems").
//!
//! The matters are the issues that the bilingual encoder was trained with (`encoder/recipe/issues.jsonl`).
//! `data/matters.vectors` ([`super::vector_file`]) holds for each matter the mean of its questions, and for each the mean of
//! its titles, over both languages. After changing the issues or the encoder write it again, which takes some minutes, with
//!
//! ```text
//! cargo test -p firstline-knowledge write_the_matters -- --ignored
//! ```

use std::sync::LazyLock;

use super::{
    encoders::Encoder,
    vector_file,
    vectors::{Asked, Vectors},
};

/// Matters towards which a text is moved, and by which familiarity is told.
const NEAREST: usize = 5;
/// Difference of cosines by which one matter counts e times as much as another.
const SHARPNESS: f32 = 0.05;
/// Cosine with the nearest matter up to which a text is not moved at all, and from which it is moved fully: 95 of 100 questions to
/// a help desk are nearer than the second to a matter, and half of what else people say to it is not.
const STRANGE: f32 = 0.45;
const FAMILIAR: f32 = 0.6;
/// How far a question is moved: the length of what is added to its vector of length 1, if all nearest titles agree. This
/// and the other constants were chosen on GNOME's help and the development half of `questions/`, where neighbouring values
/// did about as well.
const ASKED: f32 = 0.3;
/// The same for what an article says.
const WRITTEN: f32 = 0.6;

/// The matters in one space of vectors.
pub(super) struct Matters {
    /// By matter: how people ask.
    asked: Vectors,
    /// By matter: its title.
    titles: Vectors,
}

static FILE: &[u8] = if cfg!(feature = "encoder") { include_bytes!("../../data/matters.vectors") } else { &[] };

/// The matters as the bilingual encoder sees them; `None` if the program has none of it.
pub(super) fn bilingual() -> Option<&'static Matters> {
    static MATTERS: LazyLock<Option<Matters>> = LazyLock::new(|| Matters::read(FILE, firstline_encoder::bilingual()?));
    MATTERS.as_ref()
}

/// What the matters make of a question.
pub(super) struct Heard {
    /// Its vector, moved towards the titles of what it may be about; the less, the nearer it is to what no help desk is for.
    pub(super) vector: Vec<f32>,
    /// See [`Matters::familiarity`].
    pub(super) familiarity: f32,
}

impl Matters {
    pub(super) fn heard(&self, vector: &[f32], strangers: Option<&Vectors>) -> Heard {
        let asked = Asked::new(vector);
        let [keys, strange] = [Some(&self.asked), strangers].map(|of| of.map(|of| all(of, &asked)).unwrap_or_default());
        let familiarity = if strange.is_empty() { 0.0 } else { mean(&keys) - mean(&strange) };
        Heard { vector: moved(vector, keys, &self.titles, ASKED, &strange), familiarity }
    }

    /// By how much nearer a vector is to what help desks are asked than to what none is for: the difference of the mean
    /// cosines with the five nearest of each. Five did better than fewer, more no better.
    pub(super) fn familiarity(&self, vector: &[f32], strangers: &Vectors) -> f32 {
        let asked = Asked::new(vector);
        mean(&all(&self.asked, &asked)) - mean(&all(strangers, &asked))
    }

    /// An article's vector, moved towards how people may ask for it.
    pub(super) fn told(&self, vector: &[f32]) -> Vec<f32> {
        moved(vector, all(&self.titles, &Asked::new(vector)), &self.asked, WRITTEN, &[])
    }

    /// Cosine of a question with the nearest title, whatever this base covers.
    pub(super) fn nearest(&self, asked: &Asked) -> f32 {
        self.titles.cosines(asked, 0..self.titles.len()).into_iter().fold(0.0, f32::max)
    }

    /// `None` if the file is not whole, or was written with another encoder.
    fn read(file: &[u8], encoder: Encoder) -> Option<Self> {
        let [asked, titles] = vector_file::read(file, encoder)?;
        Some(Self { asked, titles })
    }
}

fn all(vectors: &Vectors, asked: &Asked) -> Vec<f32> {
    vectors.cosines(asked, 0..vectors.len())
}

/// The mean of the nearest few.
#[expect(clippy::cast_precision_loss, reason = "a handful")]
fn mean(cosines: &[f32]) -> f32 {
    let mut nearest = cosines.to_vec();
    if nearest.len() > NEAREST {
        nearest.select_nth_unstable_by(NEAREST, |left, right| right.total_cmp(left));
        nearest.truncate(NEAREST);
    }
    nearest.iter().sum::<f32>() / nearest.len().max(1) as f32
}

/// The vector and, of the length `share` at most, the mean of the values whose keys are nearest to it, the nearer the more:
/// `cosines` are those of the keys. What is `strange` counts as a key that has no value.
fn moved(vector: &[f32], cosines: Vec<f32>, values: &Vectors, share: f32, strange: &[f32]) -> Vec<f32> {
    let mut nearest: Vec<(f32, Option<usize>)> =
        cosines.into_iter().zip((0..).map(Some)).chain(strange.iter().map(|&cosine| (cosine, None))).collect();
    if nearest.len() > NEAREST {
        nearest.select_nth_unstable_by(NEAREST, |left, right| right.0.total_cmp(&left.0));
        nearest.truncate(NEAREST);
    }
    let highest = nearest.iter().map(|&(cosine, _)| cosine).fold(f32::MIN, f32::max);
    let share = share * ((highest - STRANGE) / (FAMILIAR - STRANGE)).clamp(0.0, 1.0);
    let weight = |cosine: f32| ((cosine - highest) / SHARPNESS).exp();
    let sum: f32 = nearest.iter().map(|&(cosine, _)| weight(cosine)).sum();
    let mut moved = vector.to_vec();
    for (cosine, at) in nearest {
        let Some(at) = at else { continue };
        let share = share * weight(cosine) / sum;
        moved.iter_mut().zip(values.stored(at).values()).for_each(|(value, other)| *value += share * other);
    }
    let length = moved.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        for value in &mut moved {
            *value /= length;
        }
    }
    moved
}

#[cfg(all(test, feature = "encoder"))]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::{
        Language,
        search::{
            meaning::encoded,
            vector_file::writing::{Texts, file, lines, mean, path, vectors},
        },
    };

    const SOURCE: &str = "encoder/recipe/issues.jsonl";

    #[derive(Deserialize)]
    struct Issue {
        title: Texts,
        questions: Vec<Texts>,
    }

    #[test]
    #[ignore = "writes data/matters.vectors; see the module's documentation"]
    fn write_the_matters() {
        let (issues, encoder) = (lines::<Issue>(SOURCE), firstline_encoder::bilingual().unwrap());
        let asked = vectors(&issues, |issue| mean(encoder, &issue.questions));
        let titles = vectors(&issues, |issue| mean(encoder, [&issue.title]));
        std::fs::write(path("data/matters.vectors"), file(encoder, &[asked, titles])).unwrap();
    }

    #[test]
    fn the_file_holds_the_issues_by_the_encoder_that_is_built_in() {
        const AGAIN: &str = "write the matters again, see the module's documentation";
        let (matters, issues) = (bilingual().expect(AGAIN), lines::<Issue>(SOURCE));
        assert_eq!(matters.titles.len(), issues.len(), "{AGAIN}");
        let encoder = firstline_encoder::bilingual().unwrap();
        for (at, issue) in issues.iter().enumerate().step_by(997) {
            let title = Asked::new(&mean(encoder, [&issue.title]));
            assert!(matters.titles.cosines(&title, at..at + 1)[0] > 0.99, "{AGAIN}");
        }
    }

    fn elsewhere_of(text: &str) -> f64 {
        encoded(text, Language::En, [true; 2]).elsewhere
    }

    #[test]
    fn what_help_desks_are_asked_is_nearer_than_what_they_are_not() {
        let asked = elsewhere_of("the printer in our office does not print");
        let other = elsewhere_of("the third movement of his second symphony was written in Vienna");
        assert!(asked > other + 0.2, "{asked} {other}");
    }

    #[test]
    fn a_symptom_comes_nearer_to_the_title_of_its_matter() {
        let (matters, encoder) = (bilingual().unwrap(), firstline_encoder::bilingual().unwrap());
        let (symptom, title) = ("pages come out with white stripes", "Poor print quality");
        let cosine =
            |left: &[f32], right: &[f32]| left.iter().zip(right).map(|(left, right)| left * right).sum::<f32>();
        let (symptom, title) = (encoder.encode(symptom), encoder.encode(title));
        let before = cosine(&symptom, &title);
        let after = cosine(&matters.heard(&symptom, None).vector, &matters.told(&title));
        assert!(after > before + 0.05, "{before} {after}");
    }

    #[test]
    fn a_vector_of_nothing_stays_finite() {
        let matters = bilingual().unwrap();
        let moved = matters.heard(&vec![0.0; firstline_encoder::bilingual().unwrap().dimensions()], None).vector;
        assert!(moved.iter().all(|value| value.is_finite()));
    }
}
