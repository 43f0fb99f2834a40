//! Which articles there are, and in which segment each is.
//!
//! A base is a large segment, which stays as it is while articles change, and a small one with those that came or changed
//! since. What was replaced or retired stays in the large one, dead, until both are merged. Articles are named by one
//! number, their *doc*: the large segment's come first.

use std::{cmp::Ordering, collections::BTreeMap, sync::Arc};

use super::{
    encoders::Spaces,
    learned, meaning,
    segment::{Segment, Source, Tell},
};
use crate::{Article, ArticleId, Language};

/// Up to so many articles, the segments are merged whenever the base settles: only one large segment can be learned from,
/// and copying so few takes little time.
const MERGED_AT_ONCE: usize = 20_000;
/// Above, they are merged when so large a share of the base has changed.
const MERGED_FROM: usize = 16;

/// One segment of the shelf.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) segment: Arc<Segment>,
    /// By article of the segment.
    pub(super) live: Arc<Vec<bool>>,
    /// The doc of its first article.
    pub(super) offset: usize,
}

/// All articles.
#[derive(Clone, Default)]
pub(super) struct Shelf {
    pub(super) parts: Vec<Part>,
    /// The live docs by id and language.
    order: Vec<u32>,
    /// By doc: its place in `order`; of dead ones any.
    pub(super) ranks: Vec<u32>,
    /// By doc: the group of the articles with its id; groups count from 0, in the order of ids.
    pub(super) groups: Vec<u32>,
    /// Number of groups.
    pub(super) group_count: usize,
}

/// What an article is found by.
type Key<'a> = (&'a ArticleId, Language);

fn key(article: &Article) -> Key<'_> {
    (&article.id, article.language)
}

impl Shelf {
    /// A shelf with these articles, in this order, with vectors in these spaces. Their keys must be distinct.
    pub(super) fn build(articles: Vec<Arc<Article>>, spaces: Spaces) -> Self {
        let sources: Vec<Source<'_>> = articles.into_iter().map(|article| Source { article, older: None }).collect();
        Self::of(vec![Arc::new(Segment::build(&sources, spaces))])
    }

    /// A shelf of whole segments.
    pub(super) fn of(segments: Vec<Arc<Segment>>) -> Self {
        let parts = segments.into_iter().map(|segment| {
            let live = vec![true; segment.articles.len()];
            (segment, live)
        });
        Self::assembled(parts.collect())
    }

    #[expect(clippy::cast_possible_truncation, reason = "fewer articles than u32 counts")]
    /// A shelf of segments and which of their articles are live.
    pub(super) fn assembled(parts: Vec<(Arc<Segment>, Vec<bool>)>) -> Self {
        let mut shelf = Self::default();
        for (segment, live) in parts {
            let offset = shelf.len();
            shelf.order.extend((0..live.len()).filter(|&doc| live[doc]).map(|doc| (offset + doc) as u32));
            shelf.parts.push(Part { segment, live: Arc::new(live), offset });
        }
        let mut order = std::mem::take(&mut shelf.order);
        order.sort_by(|&left, &right| key(shelf.article(left as usize)).cmp(&key(shelf.article(right as usize))));
        let (mut ranks, mut groups) = (vec![u32::MAX; shelf.len()], vec![0; shelf.len()]);
        let mut last: Option<&ArticleId> = None;
        let mut count = 0;
        for (rank, &doc) in order.iter().enumerate() {
            let id = &shelf.article(doc as usize).id;
            if last != Some(id) {
                count += 1;
            }
            last = Some(id);
            ranks[doc as usize] = rank as u32;
            groups[doc as usize] = count as u32 - 1;
        }
        shelf.ranks = ranks;
        shelf.groups = groups;
        shelf.group_count = count;
        shelf.order = order;
        shelf
    }

    /// Number of docs, dead ones included.
    pub(super) fn len(&self) -> usize {
        self.parts.last().map_or(0, |part| part.offset + part.live.len())
    }

    /// The live docs by id and language.
    pub(super) fn docs(&self) -> impl ExactSizeIterator<Item = usize> {
        self.order.iter().map(|&doc| doc as usize)
    }

    /// The article of a doc.
    pub(super) fn article(&self, doc: usize) -> &Arc<Article> {
        let (part, place) = self.place(doc);
        &part.segment.articles[place]
    }

    /// Where a doc is.
    pub(super) fn place(&self, doc: usize) -> (&Part, usize) {
        let part = self.parts.iter().rev().find(|part| part.offset <= doc).unwrap_or(&self.parts[0]);
        (part, doc - part.offset)
    }

    /// The live doc of this id and language.
    pub(super) fn find(&self, id: &ArticleId, language: Language) -> Option<usize> {
        let place = self.order.binary_search_by(|&doc| key(self.article(doc as usize)).cmp(&(id, language)));
        place.ok().map(|place| self.order[place] as usize)
    }

    /// Whether all articles are in one segment and alive.
    pub(super) fn is_merged(&self) -> bool {
        self.parts.len() == 1 && self.order.len() == self.len()
    }

    /// Whether a classifier may be worth its training once the shelf has settled: those of words for the articles of a language,
    /// those of meaning for all.
    pub(super) fn is_worth_learning(&self) -> bool {
        let lines = |doc: usize| self.article(doc).phrasings.len() + 1;
        let by_words = Language::ALL.into_iter().any(|language| {
            let docs = || self.docs().filter(|&doc| self.article(doc).language == language);
            learned::Classifier::is_worthwhile(docs().count(), docs().map(lines).sum())
        });
        let by_meaning = || meaning::Classifier::is_worthwhile(self.group_count, self.docs().map(lines).sum());
        (self.is_merged() || self.is_to_be_merged()) && (by_words || by_meaning())
    }

    /// The shelf with these articles put in, with vectors in these spaces, or in place of others, and those taken out. `None` if
    /// that changes nothing.
    pub(super) fn updated(
        &self,
        changed: Vec<Arc<Article>>,
        retired: &[(ArticleId, Language)],
        spaces: Spaces,
    ) -> Option<Self> {
        let mut new: BTreeMap<(ArticleId, Language), Arc<Article>> =
            changed.into_iter().map(|article| ((article.id.clone(), article.language), article)).collect();
        new.retain(|(id, language), article| self.find(id, *language).is_none_or(|doc| self.article(doc) != article));
        let gone: Vec<usize> = retired
            .iter()
            .filter(|key| !new.contains_key(key))
            .filter_map(|(id, language)| self.find(id, *language))
            .collect();
        if new.is_empty() && gone.is_empty() {
            return None;
        }
        let older: Vec<Option<usize>> = new.keys().map(|(id, language)| self.find(id, *language)).collect();
        let place = |doc: usize| {
            let (part, doc) = self.place(doc);
            (&*part.segment, doc)
        };
        let sources: Vec<Source<'_>> =
            new.into_values().zip(&older).map(|(article, older)| Source { article, older: older.map(place) }).collect();
        let fresh = Segment::build(&sources, spaces);
        let mut live: Vec<Vec<bool>> = self.parts.iter().map(|part| part.live.to_vec()).collect();
        for doc in gone.into_iter().chain(older.into_iter().flatten()) {
            let at = self.parts.iter().rposition(|part| part.offset <= doc).unwrap_or(0);
            live[at][doc - self.parts[at].offset] = false;
        }
        let mut live = live.into_iter();
        let (Some(base), Some(base_live)) = (self.parts.first(), live.next()) else {
            return Some(Self::of(vec![Arc::new(fresh)]));
        };
        let old: Vec<(&Segment, Vec<bool>)> = self.parts[1..]
            .iter()
            .map(|part| &*part.segment)
            .zip(live)
            .chain([(&fresh, vec![true; fresh.articles.len()])])
            .collect();
        let delta = merged(&old);
        let all = vec![true; delta.articles.len()];
        Some(Self::assembled(vec![(Arc::clone(&base.segment), base_live), (Arc::new(delta), all)]))
    }

    /// The shelf with vectors in these spaces and in no others, but of each part only `most` articles get new ones; `tell` is told
    /// which share of them has.
    pub(super) fn compared_in(mut self, spaces: Spaces, most: usize, tell: Tell<'_>) -> Self {
        for part in &mut self.parts {
            part.segment = std::mem::take(&mut part.segment).compared_in(spaces, &part.live, most, tell);
        }
        self
    }

    /// Vectors of articles that are still to be made for these spaces, each article counting once for each space.
    pub(super) fn unread(&self, spaces: Spaces) -> usize {
        let wanted = || (0..spaces.len()).filter(|&space| spaces[space]);
        self.parts.iter().flat_map(|part| wanted().map(|space| part.segment.unread(space, &part.live).len())).sum()
    }

    fn is_to_be_merged(&self) -> bool {
        let changed = self.len() - self.parts.first().map_or(0, |base| base.live.iter().filter(|live| **live).count());
        !self.is_merged() && (self.len() <= MERGED_AT_ONCE || changed >= self.len() / MERGED_FROM)
    }

    /// The shelf with its segments merged, where that is due.
    pub(super) fn settled(&self) -> Self {
        if !self.is_to_be_merged() {
            return self.clone();
        }
        let parts: Vec<(&Segment, Vec<bool>)> =
            self.parts.iter().map(|part| (&*part.segment, part.live.to_vec())).collect();
        Self::of(vec![Arc::new(merged(&parts))])
    }
}

/// The live articles of segments in one, by id and language.
fn merged(parts: &[(&Segment, Vec<bool>)]) -> Segment {
    let mut docs: Vec<(usize, usize)> = parts
        .iter()
        .enumerate()
        .flat_map(|(part, (_, live))| {
            live.iter().enumerate().filter(|(_, live)| **live).map(move |(doc, _)| (part, doc))
        })
        .collect();
    let article = |&(part, doc): &(usize, usize)| -> &Article { &parts[part].0.articles[doc] };
    let by_key =
        |left: &(usize, usize), right: &(usize, usize)| -> Ordering { key(article(left)).cmp(&key(article(right))) };
    docs.sort_by(by_key);
    Segment::gathered(&parts.iter().map(|(segment, _)| *segment).collect::<Vec<_>>(), &docs)
}
