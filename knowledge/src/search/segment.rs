//! Articles made ready to be searched: read into words and n-grams, encoded by meaning.
//!
//! A segment is what takes time to make and depends on nothing but its articles; it never changes. What depends on the
//! whole base, such as how rare a word is, is made from segments by [`super::view`] and [`super::grams`]. Articles move
//! from segment to segment without being read again, and a segment of the same articles is the same however it came
//! about. It has vectors in those spaces only in which its base is compared; articles that came in a crowd
//! get theirs later ([`Segment::compared_in`]).

use std::sync::Arc;

use super::{
    bags::{Bags, Counter},
    cores::{cores, on_all_cores},
    encoders::{self, SPACES, Spaces},
    grams,
    passages::Kind,
    vectors::{Stored, Vectors},
};
use crate::{
    Article, Audience, Language,
    text::{lexemes, tokens},
};

/// Some articles, made ready.
#[derive(Clone, Default)]
pub(super) struct Segment {
    pub(super) articles: Vec<Arc<Article>>,
    /// By article.
    pub(super) languages: Vec<Language>,
    /// By article. Beside the articles, because both are asked of every article for every question.
    pub(super) audiences: Vec<Audience>,
    /// By article: the number of its first line, of all lines; one more for the end. Its lines are its title and phrasings.
    pub(super) lines: Vec<u32>,
    /// The words of the lines of each article, then of its steps, then of its body.
    pub(super) texts: Bags<Box<str>>,
    /// By line: n-grams of characters.
    pub(super) chars: Bags<u64>,
    /// By line: words and pairs of neighbouring words.
    pub(super) pairs: Bags<u64>,
    /// By space. Without dimensions where it has none.
    pub(super) vectors: [Vectors; encoders::COUNT],
}

/// Fewer articles are not worth a thread.
const FEWEST: usize = 8;

/// Is told from time to time which share of some work is done, 0..=1.
pub(super) type Tell<'a> = &'a dyn Fn(f64);

/// An article and, if there is one, the older version of it, whose vectors are used again where the text is the same.
pub(super) struct Source<'a> {
    pub(super) article: Arc<Article>,
    pub(super) older: Option<(&'a Segment, usize)>,
}

impl Segment {
    /// Makes articles ready, in this order, with vectors in these spaces. On all cores.
    pub(super) fn build(sources: &[Source<'_>], spaces: Spaces) -> Self {
        let parts = on_all_cores(sources, FEWEST, Self::read);
        let docs: Vec<(usize, usize)> = parts
            .iter()
            .enumerate()
            .flat_map(|(part, it)| (0..it.articles.len()).map(move |doc| (part, doc)))
            .collect();
        let read = Self::gathered(&parts.iter().collect::<Vec<_>>(), &docs);
        let vectors = std::array::from_fn(|space| {
            if !spaces[space] {
                return nothing(sources.len());
            }
            let mut vectors = Vectors::new(SPACES[space].dimensions());
            for part in on_all_cores(sources, FEWEST, |sources| encoded(space, sources)) {
                (0..part.starts.len() - 1).for_each(|doc| vectors.push_from(&part, doc));
            }
            vectors.fitted()
        });
        Self { vectors, ..read }
    }

    /// The same with vectors in these spaces and in no others, but only `most` of those `live` articles that have none yet get some.
    /// On all cores; `tell` is told which share of them has.
    pub(super) fn compared_in(
        self: Arc<Self>,
        spaces: Spaces,
        live: &[bool],
        most: usize,
        tell: Tell<'_>,
    ) -> Arc<Self> {
        let mut unread: [Vec<usize>; encoders::COUNT] =
            std::array::from_fn(|space| if spaces[space] { self.unread(space, live) } else { Vec::new() });
        let is_so = |space: usize| unread[space].is_empty() && (spaces[space] || !self.is_compared_in(space));
        if (0..encoders::COUNT).all(is_so) {
            return self;
        }
        let mut left = most;
        for docs in &mut unread {
            docs.truncate(left);
            left -= docs.len();
        }
        let all = unread.iter().map(Vec::len).sum();
        let mut done = 0;
        let mut count = |some: usize| {
            done += some;
            tell(share(done, all));
        };
        let vectors = std::array::from_fn(|space| {
            if spaces[space] {
                self.with_vectors_of(space, &unread[space], &mut count)
            } else {
                nothing(self.articles.len())
            }
        });
        Arc::new(Self { vectors, ..Arc::unwrap_or_clone(self) })
    }

    /// The `live` articles that have no vectors in a space, though there is an encoder for their language.
    pub(super) fn unread(&self, space: usize, live: &[bool]) -> Vec<usize> {
        let vectors = &self.vectors[space];
        let heard = Language::ALL.map(|language| SPACES[space].encoder(language).is_some());
        let is_unread = |&doc: &usize| live[doc] && heard[self.languages[doc] as usize] && vectors.rows(doc).is_empty();
        (0..self.articles.len()).filter(is_unread).collect()
    }

    fn is_compared_in(&self, space: usize) -> bool {
        self.vectors[space].dimensions > 0
    }

    /// Its vectors in a space, and new ones of these articles, which are in order; `count` is told now and then of how many more.
    fn with_vectors_of(&self, space: usize, unread: &[usize], count: &mut dyn FnMut(usize)) -> Vectors {
        /// So many are encoded on each core between one telling and the next.
        const PIECE: usize = 32;
        let mut vectors = Vectors::new(SPACES[space].dimensions());
        let mut next = 0;
        for docs in unread.chunks(PIECE * cores()) {
            let parts = on_all_cores(docs, FEWEST, |docs| {
                let articles = docs.iter().map(|&doc| Source { article: Arc::clone(&self.articles[doc]), older: None });
                encoded(space, &articles.collect::<Vec<_>>())
            });
            let new = parts.iter().flat_map(|part| (0..part.starts.len() - 1).map(move |at| (part, at)));
            for (&doc, (part, at)) in docs.iter().zip(new) {
                (next..doc).for_each(|doc| vectors.push_from(&self.vectors[space], doc));
                vectors.push_from(part, at);
                next = doc + 1;
            }
            count(docs.len());
        }
        (next..self.articles.len()).for_each(|doc| vectors.push_from(&self.vectors[space], doc));
        vectors.fitted()
    }

    /// Without vectors.
    #[expect(clippy::cast_possible_truncation, reason = "fewer lines than u32 counts")]
    fn read(sources: &[Source<'_>]) -> Self {
        let (mut texts, mut chars, mut pairs) = (Counter::default(), Counter::default(), Counter::default());
        let mut line_count = 0;
        let mut lines = vec![0];
        for Source { article, .. } in sources {
            for line in std::iter::once(&article.title).chain(&article.phrasings) {
                let tokens = tokens(line);
                texts.push(keys(&tokens));
                chars.push(grams::of_chars(&tokens));
                pairs.push(grams::of_words(&tokens));
            }
            line_count += 1 + article.phrasings.len();
            lines.push(line_count as u32);
            texts.push(article.steps.iter().flat_map(|step| keys(&tokens(step))));
            texts.push(paragraphs(&article.body).flat_map(|paragraph| keys(&tokens(paragraph))));
        }
        Self {
            articles: sources.iter().map(|source| Arc::clone(&source.article)).collect(),
            languages: sources.iter().map(|source| source.article.language).collect(),
            audiences: sources.iter().map(|source| source.article.audience).collect(),
            lines,
            texts: texts.bags(),
            chars: chars.bags(),
            pairs: pairs.bags(),
            vectors: std::array::from_fn(|_| nothing(sources.len())),
        }
    }

    /// The articles of `sources` that are named, in that order, each by its source and its number there, with the vectors they have.
    pub(super) fn gathered(sources: &[&Self], docs: &[(usize, usize)]) -> Self {
        let mut lines = vec![0];
        for &(source, doc) in docs {
            let of = sources[source];
            lines.push(lines.last().copied().unwrap_or(0) + of.lines[doc + 1] - of.lines[doc]);
        }
        let text_rows: Vec<(usize, usize)> = docs
            .iter()
            .flat_map(|&(source, doc)| {
                let of = sources[source];
                (of.text_lines(doc).start..=of.body(doc)).map(move |row| (source, row))
            })
            .collect();
        let line_rows: Vec<(usize, usize)> =
            docs.iter().flat_map(|&(source, doc)| sources[source].lines(doc).map(move |row| (source, row))).collect();
        Self {
            articles: docs.iter().map(|&(source, doc)| Arc::clone(&sources[source].articles[doc])).collect(),
            languages: docs.iter().map(|&(source, doc)| sources[source].languages[doc]).collect(),
            audiences: docs.iter().map(|&(source, doc)| sources[source].audiences[doc]).collect(),
            lines,
            texts: Bags::gathered(&sources.iter().map(|source| &source.texts).collect::<Vec<_>>(), &text_rows),
            chars: Bags::gathered(&sources.iter().map(|source| &source.chars).collect::<Vec<_>>(), &line_rows),
            pairs: Bags::gathered(&sources.iter().map(|source| &source.pairs).collect::<Vec<_>>(), &line_rows),
            vectors: std::array::from_fn(|space| {
                let dimensions = sources.iter().map(|source| source.vectors[space].dimensions).max();
                let mut vectors = Vectors::new(dimensions.unwrap_or(0));
                for &(source, doc) in docs {
                    vectors.push_from(&sources[source].vectors[space], doc);
                }
                vectors.fitted()
            }),
        }
    }

    /// The lines of an article among all lines; the first is its title.
    pub(super) fn lines(&self, doc: usize) -> std::ops::Range<usize> {
        self.lines[doc] as usize..self.lines[doc + 1] as usize
    }

    /// The lines of an article in `texts`.
    pub(super) fn text_lines(&self, doc: usize) -> std::ops::Range<usize> {
        let lines = self.lines(doc);
        lines.start + 2 * doc..lines.end + 2 * doc
    }

    /// The steps of an article in `texts`.
    pub(super) fn steps(&self, doc: usize) -> usize {
        self.text_lines(doc).end
    }

    /// The body of an article in `texts`.
    pub(super) fn body(&self, doc: usize) -> usize {
        self.steps(doc) + 1
    }

    /// Whether the parts fit together and to these articles: for a segment that was read from somewhere.
    pub(super) fn is_sound(&self) -> bool {
        let docs = self.articles.len();
        self.lines.len() == docs + 1
            && self.lines[0] == 0
            && self.lines.windows(2).all(|lines| lines[0] < lines[1])
            && self.texts.is_sound()
            && self.chars.is_sound()
            && self.pairs.is_sound()
            && self.chars.len() == self.lines[docs] as usize
            && self.pairs.len() == self.chars.len()
            && self.texts.len() == self.chars.len() + 2 * docs
            && self.vectors.iter().all(|vectors| vectors.starts.len() == docs + 1)
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of articles")]
fn share(done: usize, all: usize) -> f64 {
    done as f64 / all as f64
}

fn keys(tokens: &[crate::text::Token]) -> Vec<Box<str>> {
    lexemes(tokens).into_iter().map(String::into_boxed_str).collect()
}

/// Pieces of a body that are short enough to be read whole.
fn paragraphs(body: &str) -> impl Iterator<Item = &str> {
    body.split('\n').filter(|line| !line.trim().is_empty())
}

/// No vectors for so many articles.
fn nothing(articles: usize) -> Vectors {
    let mut vectors = Vectors::new(0);
    vectors.starts.resize(articles + 1, 0);
    vectors
}

/// The vectors of articles in a space; an article in a language that it has no encoder for has none.
fn encoded(space: usize, sources: &[Source<'_>]) -> Vectors {
    let mut vectors = Vectors::new(SPACES[space].dimensions());
    for Source { article, older } in sources {
        let known = older.map(|(segment, doc)| {
            let texts = SPACES[space].passages(&segment.articles[doc]);
            (segment, segment.vectors[space].rows(doc).zip(texts).collect::<Vec<_>>())
        });
        let again = |passage: &(Kind, String)| {
            let (segment, known) = known.as_ref()?;
            let (row, _) = known.iter().find(|(_, other)| other == passage)?;
            Some(segment.vectors[space].stored(*row))
        };
        let vector = |passage: (Kind, String)| {
            let stored = again(&passage).or_else(|| SPACES[space].written(article.language, passage.0, &passage.1));
            Some((passage.0, stored?))
        };
        let passages: Vec<(Kind, Stored)> = SPACES[space].passages(article).into_iter().filter_map(vector).collect();
        vectors.push(&passages);
    }
    vectors.fitted()
}
