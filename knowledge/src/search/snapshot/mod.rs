//! A search as bytes, so that a start does not read and encode all articles again.
//!
//! A snapshot holds the segments and what was learned; articles themselves, and what is quickly made from segments, are
//! not in it. It belongs to one build of this crate and its encoders ([`origin`]): any other ignores it. Of each article it
//! keeps a fingerprint, so that whoever loads it finds out which have changed since.
//!
//! ```text
//! magic, origin, number of parts, parts, machines, weights, checksum
//! part: ids, languages, fingerprints, live, lines, texts, chars, pairs, vectors by space
//! ```

mod bytes;

use std::{
    collections::BTreeMap,
    io::{self, Read, Write},
    sync::Arc,
};

use self::bytes::{Reader, Writer, damaged};
use super::{
    Search,
    bags::Bags,
    encoders,
    grams::hash,
    meaning,
    passages::Kind,
    segment::Segment,
    shelf::Shelf,
    svm::{Machines, Support},
    tongue::{self, Training},
    vectors::Vectors,
};
use crate::{Article, ArticleId, Language};

const MAGIC: [u8; 8] = *b"FLINDEX\x01";

/// Why a snapshot was not used.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It could not be read to its end.
    #[error("the snapshot cannot be read")]
    Read(#[source] io::Error),
    /// It is something else.
    #[error("the file is no snapshot")]
    NotASnapshot,
    /// Another version of the program made it, or one with other encoders.
    #[error("the snapshot was made by another version of the program")]
    OtherOrigin,
    /// Its checksum or its contents are wrong.
    #[error("the snapshot is damaged")]
    Damaged,
}

impl From<io::Error> for SnapshotError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Self::Damaged,
            _ => Self::Read(error),
        }
    }
}

/// What makes segments: this code, and that of the encoders.
fn origin() -> u64 {
    hash([env!("FIRSTLINE_KNOWLEDGE_SOURCE"), firstline_encoder::SOURCE].into_iter().flat_map(str::bytes))
}

/// What an article says; different for articles that are not the same.
pub(super) fn fingerprint(article: &Article) -> u64 {
    let texts = [&article.title, &article.category, &article.body].into_iter();
    let lists = [&article.phrasings, &article.steps].into_iter();
    let texts = texts.chain(lists.flat_map(|list| list.iter().chain([&article.category])));
    let head = [article.kind as u8, article.audience as u8];
    hash(head.into_iter().chain(texts.flat_map(|text| text.bytes().chain([0xff]))))
}

impl Search {
    /// Writes the search, which must have settled.
    pub(crate) fn write(&self, out: impl Write) -> io::Result<()> {
        let mut out = Writer::new(out);
        out.bytes(&MAGIC)?;
        out.number(origin())?;
        out.length(self.shelf.parts.len())?;
        for part in &self.shelf.parts {
            let live: Vec<u8> = part.live.iter().map(|&live| u8::from(live)).collect();
            write_segment(&mut out, &part.segment, &live)?;
        }
        for tongue in &self.tongues {
            write_machines(&mut out, tongue.classifier.as_ref().map(|it| it.machines()))?;
        }
        for classifier in &self.senses {
            out.list(&classifier.as_ref().map(|it| it.weights()).unwrap_or_default())?;
        }
        out.finish()
    }

    /// The search of a snapshot, brought up to date: a search of these articles, whose ids are distinct within a language.
    /// Settled if nothing has changed since.
    pub(crate) fn read(
        input: impl Read,
        articles: Vec<Arc<Article>>,
        fallback: Language,
    ) -> Result<Self, SnapshotError> {
        let mut input = Reader::new(input);
        if input.array().is_ok_and(|magic| magic != MAGIC) {
            return Err(SnapshotError::NotASnapshot);
        }
        if input.number::<u64>()? != origin() {
            return Err(SnapshotError::OtherOrigin);
        }
        let mut current: BTreeMap<(ArticleId, Language), Arc<Article>> =
            articles.into_iter().map(|article| ((article.id.clone(), article.language), article)).collect();
        let mut parts = Vec::new();
        for _ in 0..input.length()? {
            parts.push(read_segment(&mut input, &mut current)?);
        }
        let words = [read_machines(&mut input)?, read_machines(&mut input)?];
        let mut senses: [Vec<f32>; encoders::COUNT] = Default::default();
        for weights in &mut senses {
            *weights = input.list()?;
        }
        if !input.finish()? || parts.is_empty() {
            return Err(SnapshotError::Damaged);
        }
        let retired: Vec<(ArticleId, Language)> =
            parts.iter_mut().flat_map(|part| std::mem::take(&mut part.retired)).collect();
        let shelf = Shelf::assembled(parts.into_iter().map(|part| (Arc::new(part.segment), part.live)).collect());
        let search = Self::remembered(shelf, words, senses, fallback);
        let changed: Vec<Arc<Article>> = current.into_values().collect();
        Ok(search.updated(changed, &retired).unwrap_or(search))
    }

    fn remembered(
        shelf: Shelf,
        words: [Option<Machines>; 2],
        senses: [Vec<f32>; encoders::COUNT],
        fallback: Language,
    ) -> Self {
        let spaces = encoders::heard(shelf.is_worth_learning());
        let tongues = tongue::settled(&shelf, words.map(Training::Remember));
        let mut at = 0..;
        let senses = senses.map(|weights| {
            let vectors = &shelf.parts[0].segment.vectors[at.next().unwrap_or(0)];
            let classifier = meaning::Classifier::remembered(vectors, shelf.group_count, weights);
            classifier.filter(|_| shelf.is_merged()).map(Arc::new)
        });
        Self::assembled(shelf, tongues, senses, spaces, fallback)
    }
}

/// A part of a snapshot.
struct Part {
    segment: Segment,
    live: Vec<bool>,
    /// Articles that are in it and are not there any more, or are different now.
    retired: Vec<(ArticleId, Language)>,
}

fn write_segment(out: &mut Writer<impl Write>, segment: &Segment, live: &[u8]) -> io::Result<()> {
    out.texts(segment.articles.iter().map(|article| article.id.as_str()))?;
    out.list(&segment.languages.iter().map(|&language| language as u8).collect::<Vec<_>>())?;
    out.list(&segment.articles.iter().map(|article| fingerprint(article)).collect::<Vec<_>>())?;
    out.list(live)?;
    out.list(&segment.lines)?;
    out.texts(segment.texts.keys.iter().map(|key| &**key))?;
    write_rows(out, &segment.texts)?;
    for bags in [&segment.chars, &segment.pairs] {
        out.list(&bags.keys)?;
        write_rows(out, bags)?;
    }
    for Vectors { dimensions, starts, kinds, scales, codes, .. } in &segment.vectors {
        out.length(*dimensions)?;
        out.list(starts)?;
        out.list(&kinds.iter().map(|&kind| kind as u8).collect::<Vec<_>>())?;
        out.list(scales)?;
        out.list(codes)?;
    }
    Ok(())
}

/// Takes the articles that the segment has out of `current`; in place of the others it gets empty ones, to be retired.
fn read_segment(
    input: &mut Reader<impl Read>,
    current: &mut BTreeMap<(ArticleId, Language), Arc<Article>>,
) -> Result<Part, SnapshotError> {
    let ids = input.texts()?;
    let languages: Vec<u8> = input.list()?;
    let fingerprints: Vec<u64> = input.list()?;
    let live: Vec<u8> = input.list()?;
    if languages.len() != ids.len() || fingerprints.len() != ids.len() || live.len() != ids.len() {
        return Err(SnapshotError::Damaged);
    }
    let live: Vec<bool> = live.into_iter().map(|live| live != 0).collect();
    let mut segment = Segment { lines: Vec::new(), ..Segment::default() };
    let mut retired = Vec::new();
    for (at, id) in ids.iter().enumerate() {
        let id: ArticleId = id.parse().map_err(|_| SnapshotError::Damaged)?;
        let language = *Language::ALL.get(usize::from(languages[at])).ok_or(SnapshotError::Damaged)?;
        let key = (id, language);
        let same = live[at] && current.get(&key).is_some_and(|article| fingerprint(article) == fingerprints[at]);
        let article = if same { current.remove(&key) } else { None };
        let article = article.unwrap_or_else(|| Arc::new(empty(&key)));
        segment.audiences.push(article.audience);
        segment.articles.push(article);
        segment.languages.push(language);
        if live[at] && !same {
            retired.push(key);
        }
    }
    segment.lines = input.list()?;
    segment.texts = read_rows(input.texts()?, input)?;
    segment.chars = read_rows(input.list()?, input)?;
    segment.pairs = read_rows(input.list()?, input)?;
    for vectors in &mut segment.vectors {
        let dimensions = input.length()?;
        let starts = input.list()?;
        let kinds: Vec<u8> = input.list()?;
        let kinds: Option<Vec<Kind>> = kinds.into_iter().map(Kind::of).collect();
        let (kinds, scales, codes) = (kinds.ok_or_else(damaged)?, input.list()?, input.list()?);
        *vectors = Vectors::read(dimensions, starts, kinds, scales, codes).ok_or_else(damaged)?;
    }
    if segment.is_sound() { Ok(Part { segment, live, retired }) } else { Err(SnapshotError::Damaged) }
}

/// An article of which nothing is known but its name.
fn empty((id, language): &(ArticleId, Language)) -> Article {
    Article {
        id: id.clone(),
        language: *language,
        title: String::new(),
        category: String::new(),
        kind: crate::ArticleKind::default(),
        audience: crate::Audience::Staff,
        phrasings: Vec::new(),
        not_for: Vec::new(),
        steps: Vec::new(),
        body: String::new(),
    }
}

fn write_rows<K>(out: &mut Writer<impl Write>, bags: &Bags<K>) -> io::Result<()> {
    out.list(&bags.starts)?;
    out.list(&bags.ids)?;
    out.list(&bags.counts)
}

fn read_rows<K>(keys: Vec<K>, input: &mut Reader<impl Read>) -> io::Result<Bags<K>> {
    Ok(Bags { keys, starts: input.list()?, ids: input.list()?, counts: input.list()? })
}

fn write_machines(out: &mut Writer<impl Write>, machines: Option<&Machines>) -> io::Result<()> {
    let Some(machines) = machines else { return out.number(0_u8) };
    out.number(1_u8)?;
    out.list(&machines.constants)?;
    out.list(&machines.supports.iter().map(|support| support.row).collect::<Vec<_>>())?;
    out.list(&machines.supports.iter().map(|support| support.class).collect::<Vec<_>>())?;
    out.list(&machines.supports.iter().map(|support| support.weight).collect::<Vec<_>>())
}

fn read_machines(input: &mut Reader<impl Read>) -> io::Result<Option<Machines>> {
    if input.number::<u8>()? == 0 {
        return Ok(None);
    }
    let constants = input.list()?;
    let (rows, classes, weights): (Vec<u32>, Vec<u32>, Vec<f32>) = (input.list()?, input.list()?, input.list()?);
    if rows.len() != classes.len() || rows.len() != weights.len() {
        return Err(damaged());
    }
    let supports = rows.into_iter().zip(classes).zip(weights);
    let supports = supports.map(|((row, class), weight)| Support { row, class, weight }).collect();
    Ok(Some(Machines { supports, constants }))
}
