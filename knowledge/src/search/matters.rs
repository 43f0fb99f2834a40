//! What help desks are asked about, whether this base has an article on it or not: how people put it, and how handbooks do.
//!
//! People tell a symptom, an article names its matter, and a small encoder does not always see that it is the same. But the
//! symptom is near to what others said about that matter, whose title is near to the article's. So a question is moved
//! towards the titles of the matters that are asked about most like it, and a title or the beginning of an article
//! towards the questions to the matters whose titles are most like it. That is attention over a memory of pairs (Miller et
//! al. 2016, "Key-Value Memory Networks for Directly Reading Documents"), at both ends.
//!
//! It also tells what a base lacks. A question that it nearly covers finds its nearest article from almost as near as
//! one that it covers; but if the question is far nearer to "Restore a dump of a database" than to any article, the base
//! probably has nothing on it. Recognising speakers has the same trouble and the same remedy: a score counts by how much it
//! exceeds those of a cohort of strangers (Auckenthaler et al. 2000, "Score normalization for text-independent speaker
//! verification systems").
//!
//! The matters are the issues that the bilingual encoder was trained with (`encoder/recipe/issues.jsonl`).
//! `data/matters.vectors` holds, little-endian: the FNV-1a hash (64 bits) of the encoder's name, the number of dimensions and
//! that of matters (32 bits each); then for each matter the mean of its questions, and after all of them for each the
//! mean of its titles, over both languages, as a scale (32-bit float) and the dimensions as signed bytes. After changing
//! the issues or the encoder write it again, which takes some minutes, with
//!
//! ```text
//! cargo test -p firstline-knowledge write_the_matters -- --ignored
//! ```

use std::sync::LazyLock;

use super::{
    encoders::{Encoder, SPACES},
    grams::hash,
    meaning::Question,
    passages::Kind,
    vectors::{Asked, Vectors},
};

/// Matters towards which a text is moved.
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

/// Cosine of the question with the nearest title of all matters, whatever this base covers; 0 if that cannot be told.
pub(super) fn elsewhere(question: &Question) -> f64 {
    let cosines = SPACES.iter().zip(question).filter_map(|(space, asked)| {
        let titles = &space.matters()?.titles;
        Some(titles.cosines(asked.as_ref()?, 0..titles.len()).into_iter().fold(0.0, f32::max))
    });
    f64::from(cosines.fold(0.0, f32::max))
}

impl Matters {
    /// A question's vector, moved towards the titles of what it may be about.
    pub(super) fn heard(&self, vector: &[f32]) -> Vec<f32> {
        moved(vector, &self.asked, &self.titles, ASKED)
    }

    /// An article's vector, moved towards how people may ask for it.
    pub(super) fn told(&self, vector: &[f32]) -> Vec<f32> {
        moved(vector, &self.titles, &self.asked, WRITTEN)
    }

    /// `None` if the file is not whole, or was written with another encoder.
    fn read(file: &[u8], encoder: Encoder) -> Option<Self> {
        let (name, file) = file.split_first_chunk::<8>()?;
        let (dimensions, file) = file.split_first_chunk::<4>()?;
        let (count, file) = file.split_first_chunk::<4>()?;
        let dimensions = usize::try_from(u32::from_le_bytes(*dimensions)).ok()?;
        if u64::from_le_bytes(*name) != hash(encoder.name().bytes()) || dimensions != encoder.dimensions() {
            return None;
        }
        let count = u32::from_le_bytes(*count);
        let (asked, file) = rows(file, dimensions, count)?;
        let (titles, file) = rows(file, dimensions, count)?;
        file.is_empty().then_some(Self { asked, titles })
    }
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

/// The vector and, of the length `share` at most, the mean of `values` where `keys` are nearest to it, the nearer the more.
fn moved(vector: &[f32], keys: &Vectors, values: &Vectors, share: f32) -> Vec<f32> {
    let cosines = keys.cosines(&Asked::new(vector), 0..keys.len());
    let mut nearest: Vec<usize> = (0..cosines.len()).collect();
    let by_nearness = |left: &usize, right: &usize| cosines[*right].total_cmp(&cosines[*left]);
    if nearest.len() > NEAREST {
        nearest.select_nth_unstable_by(NEAREST, by_nearness);
        nearest.truncate(NEAREST);
    }
    let highest = nearest.iter().map(|&at| cosines[at]).fold(f32::MIN, f32::max);
    let share = share * ((highest - STRANGE) / (FAMILIAR - STRANGE)).clamp(0.0, 1.0);
    let weight = |at: usize| ((cosines[at] - highest) / SHARPNESS).exp();
    let all: f32 = nearest.iter().map(|&at| weight(at)).sum();
    let mut moved = vector.to_vec();
    for at in nearest {
        let share = share * weight(at) / all;
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
#[expect(clippy::unwrap_used, reason = "a test")]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::{
        Language,
        search::{meaning::encoded, vectors::Stored},
    };

    #[derive(Deserialize)]
    struct Issue {
        title: Texts,
        questions: Vec<Texts>,
    }

    #[derive(Deserialize)]
    struct Texts {
        en: String,
        de: String,
    }

    fn issues() -> Vec<Issue> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/encoder/recipe/issues.jsonl");
        std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The direction of the mean of the vectors of these texts, in both languages.
    fn mean<'a>(encoder: Encoder, texts: impl IntoIterator<Item = &'a Texts>) -> Vec<f32> {
        let mut sum = vec![0.0; encoder.dimensions()];
        for text in texts.into_iter().flat_map(|text| [&text.en, &text.de]) {
            sum.iter_mut().zip(encoder.encode(text)).for_each(|(sum, value)| *sum += value);
        }
        let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
        sum.into_iter().map(|value| value / length).collect()
    }

    /// By issue, made on all cores.
    fn vectors(issues: &[Issue], of: impl Fn(&Issue) -> Vec<f32> + Sync) -> Vec<Vec<f32>> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            let of = &of;
            let parts = issues.chunks(issues.len().div_ceil(threads));
            let workers: Vec<_> =
                parts.map(|part| scope.spawn(move || part.iter().map(of).collect::<Vec<_>>())).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
        })
    }

    #[test]
    #[ignore = "writes data/matters.vectors; see the module's documentation"]
    fn write_the_matters() {
        let (issues, encoder) = (issues(), firstline_encoder::bilingual().unwrap());
        let mut file = hash(encoder.name().bytes()).to_le_bytes().to_vec();
        for number in [encoder.dimensions(), issues.len()] {
            file.extend(u32::try_from(number).unwrap().to_le_bytes());
        }
        let asked = |issue: &Issue| mean(encoder, &issue.questions);
        let title = |issue: &Issue| mean(encoder, [&issue.title]);
        for vector in vectors(&issues, asked).into_iter().chain(vectors(&issues, title)) {
            let Stored { scale, codes } = Stored::of(&vector);
            file.extend(scale.to_le_bytes());
            file.extend(codes.iter().map(|code| code.cast_unsigned()));
        }
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/data/matters.vectors"), file).unwrap();
    }

    #[test]
    fn the_file_holds_the_issues_by_the_encoder_that_is_built_in() {
        const AGAIN: &str = "write the matters again, see the module's documentation";
        let (matters, issues) = (bilingual().expect(AGAIN), issues());
        assert_eq!(matters.titles.len(), issues.len(), "{AGAIN}");
        let encoder = firstline_encoder::bilingual().unwrap();
        for (at, issue) in issues.iter().enumerate().step_by(997) {
            let title = Asked::new(&mean(encoder, [&issue.title]));
            assert!(matters.titles.cosines(&title, at..at + 1)[0] > 0.99, "{AGAIN}");
        }
    }

    fn elsewhere_of(text: &str) -> f64 {
        elsewhere(&encoded(text, Language::En, [true; 2]))
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
        let after = cosine(&matters.heard(&symptom), &matters.told(&title));
        assert!(after > before + 0.05, "{before} {after}");
    }

    #[test]
    fn a_vector_of_nothing_stays_finite() {
        let matters = bilingual().unwrap();
        let moved = matters.heard(&vec![0.0; firstline_encoder::bilingual().unwrap().dimensions()]);
        assert!(moved.iter().all(|value| value.is_finite()));
    }

    #[test]
    fn a_file_that_is_not_whole_or_of_another_encoder_is_none() {
        let encoder = firstline_encoder::bilingual().unwrap();
        assert!(Matters::read(FILE, encoder).is_some());
        assert!(Matters::read(&FILE[..FILE.len() - 1], encoder).is_none());
        assert!(Matters::read(&[], encoder).is_none());
        assert!(Matters::read(FILE, firstline_encoder::use_multilingual().unwrap()).is_none());
    }
}
