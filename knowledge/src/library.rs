//! The knowledge base as it answers: immutable; a change makes a new one that shares what stayed as it was.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Read, Write},
    sync::Arc,
};

use crate::{
    Article, ArticleId, Candidate, Explanation, Language, MatchSettings, Question, Thresholds, Verdict,
    search::{
        Evidence, Ranking, Request, Search,
        calibration::{Certainty, certainty},
        snapshot::SnapshotError,
    },
    secrets::searchable,
    verdict::conclude,
};

/// A set of articles and the means to find one. Immutable: put it in an `Arc` and swap it for a new one.
///
/// Articles change in two steps. [`Library::updated`] reads the changed ones only, so that they are found at once;
/// [`Library::settled`] takes longer and catches up with what depends on all articles (how rare a word is, and what is
/// learned from phrasings). A settled library answers as one that was built from the same articles.
pub struct Library {
    categories: BTreeSet<String>,
    search: Search,
    settings: MatchSettings,
}

impl Library {
    /// Builds the library. Of several articles with the same id and language the last one counts.
    pub fn build(articles: Vec<Article>, settings: &MatchSettings) -> Self {
        Self::build_telling(articles, settings, &|_| ())
    }

    /// [`Library::build`] of many articles, a thousand of which may take minutes to encode: `tell` is told from time to time which
    /// share of that is done, 0..=1.
    pub fn build_telling(articles: Vec<Article>, settings: &MatchSettings, tell: &dyn Fn(f64)) -> Self {
        Self::of(Search::of(distinct(articles), settings.fallback_language, true, tell), settings)
    }

    /// [`Library::build`] without delay: many articles are found by their words only at first, until [`Library::read_on`] has encoded
    /// them and the library settles.
    pub fn build_at_once(articles: Vec<Article>, settings: &MatchSettings) -> Self {
        Self::of(Search::at_once(distinct(articles), settings.fallback_language), settings)
    }

    /// [`Library::build_at_once`] with what [`Library::write_snapshot`] wrote: articles that are the same as then are not read and
    /// encoded again. A snapshot that cannot be used is left alone; then the library is built, and the reason returned.
    pub fn restore(
        articles: Vec<Article>,
        settings: &MatchSettings,
        snapshot: impl Read,
    ) -> (Self, Option<SnapshotError>) {
        let articles = distinct(articles);
        let (search, error) = match Search::read(snapshot, articles.clone(), settings.fallback_language) {
            Ok(search) => (search, None),
            Err(error) => (Search::at_once(articles, settings.fallback_language), Some(error)),
        };
        (Self::of(search, settings), error)
    }

    /// Writes what [`Library::restore`] reads. Only for a settled library; of any other nothing is written, and false
    /// returned.
    pub fn write_snapshot(&self, out: impl Write) -> io::Result<bool> {
        if self.is_settled() {
            self.search.write(out)?;
        }
        Ok(self.is_settled())
    }

    fn of(search: Search, settings: &MatchSettings) -> Self {
        let categories: BTreeSet<&String> = search.docs().map(|doc| &search.article(doc).category).collect();
        Self { categories: categories.into_iter().cloned().collect(), search, settings: *settings }
    }

    /// The library with these articles put in, or in place of those of the same id and language, and those taken out.
    /// Takes time for them only, and finds them at once, a crowd by its words; see [`Library::settled`]. `None` if nothing would
    /// change.
    pub fn updated(&self, changed: Vec<Article>, retired: &[(ArticleId, Language)]) -> Option<Self> {
        let changed = changed.into_iter().map(Arc::new).collect();
        Some(Self::of(self.search.updated(changed, retired)?, &self.settings))
    }

    /// The library with `most` more of its articles encoded, which takes a tenth of a second for each. `None` if there is nothing to
    /// encode, and time for [`Library::settled`].
    pub fn read_on(&self, most: usize) -> Option<Self> {
        Some(Self::of(self.search.read_on(most)?, &self.settings))
    }

    /// Which share of what is to be encoded before it settles is, 0..=1.
    pub fn share_read(&self) -> f64 {
        self.search.share_read()
    }

    /// The library with everything up to date that depends on all articles together. Nothing is read or encoded again, but
    /// it takes from hundredths of a second to several seconds: do it in the background. What [`Library::read_on`] left is encoded
    /// first.
    #[must_use]
    pub fn settled(&self) -> Self {
        Self::of(self.search.settled(), &self.settings)
    }

    /// Whether there is nothing for [`Library::settled`] to do.
    pub fn is_settled(&self) -> bool {
        self.search.is_settled()
    }

    /// What the articles have to say to a question. Takes bounded time whatever the text.
    pub fn ask(&self, question: &Question<'_>) -> Verdict {
        self.judge(question).0
    }

    /// [`Library::ask`], but the candidates go on, with what has nothing in common with the question if need be, until
    /// there are `listed` or no more articles that the asker may see. For measuring: nobody should be offered those.
    pub fn ask_listing(&self, question: &Question<'_>, listed: usize) -> Verdict {
        let (mut verdict, ranking) = self.judge(question);
        let allowed = self.allowed(question);
        let mut seen: BTreeSet<ArticleId> = verdict.candidates.iter().map(|candidate| candidate.id.clone()).collect();
        let scored = ranking.matches.iter().map(|found| (found.article, found.score));
        let others = self.search.docs().filter(|&doc| allowed(doc)).map(|doc| (doc, 0.0));
        for (doc, score) in scored.chain(others) {
            if verdict.candidates.len() >= listed {
                break;
            }
            if seen.insert(self.search.article(doc).id.clone()) {
                verdict.candidates.push(self.candidate(doc, score, ranking.language, &allowed));
            }
        }
        verdict
    }

    fn judge(&self, question: &Question<'_>) -> (Verdict, Ranking) {
        let allowed = self.allowed(question);
        let text = searchable(question.text);
        let request = Request { text: &text, language: question.language, allowed: &allowed };
        let ranking = self.search.rank(&request);
        let certainty = certainty(&ranking.matches);
        let candidates: Vec<Candidate> = ranking
            .matches
            .iter()
            .take(Verdict::MAX_CANDIDATES)
            .map(|found| self.candidate(found.article, found.score, ranking.language, &allowed))
            .collect();
        let scores: Vec<f64> = candidates.iter().map(|candidate| candidate.score).collect();
        let (conclusion, offered) = conclude(&scores, certainty, &self.settings);
        let verdict = Verdict {
            conclusion,
            confidence: certainty.first,
            covered: certainty.covered,
            candidates,
            offered,
            language: ranking.language,
            corrections: ranking.corrections.clone(),
        };
        (verdict, ranking)
    }

    /// The verdict, and what led to it, for so many candidates.
    pub(crate) fn explained(&self, question: &Question<'_>, candidates: usize) -> Explanation {
        let (verdict, ranking) = self.judge(question);
        let text = searchable(question.text);
        let allowed = self.allowed(question);
        let request = Request { text: &text, language: question.language, allowed: &allowed };
        let first = ranking.matches.get(..candidates.min(ranking.matches.len())).unwrap_or_default();
        let (words, candidates) = self.search.explain(&request, first);
        let Certainty { covered, first } = certainty(&ranking.matches);
        let Evidence { elsewhere, familiar, .. } =
            ranking.matches.first().map(|best| best.evidence).unwrap_or_default();
        let thresholds = Thresholds::of(&self.settings);
        Explanation { verdict, words, candidates, covered, first, elsewhere, familiar, thresholds }
    }

    /// Which docs may be found: asked of every one of them, so it looks nothing up.
    fn allowed(&self, question: &Question<'_>) -> impl Fn(usize) -> bool {
        let versions = |id| Language::ALL.into_iter().filter_map(move |language| self.search.find(id, language));
        let not: Vec<usize> = question.not.iter().flat_map(versions).collect();
        let audience = question.audience;
        move |doc| audience.may_see(self.search.audience(doc)) && !not.contains(&doc)
    }

    fn candidate(&self, doc: usize, score: f64, language: Language, allowed: &dyn Fn(usize) -> bool) -> Candidate {
        let article = self.shown(doc, language, allowed);
        Candidate { id: article.id.clone(), title: article.title.clone(), language: article.language, score }
    }

    /// The article in that language, or else in the other one.
    pub fn article(&self, id: &ArticleId, language: Language) -> Option<&Article> {
        let doc = [language, language.other()].into_iter().find_map(|language| self.search.find(id, language))?;
        Some(self.search.article(doc))
    }

    /// All articles, ordered by id and language.
    pub fn articles(&self) -> impl ExactSizeIterator<Item = &Article> {
        self.search.docs().map(|doc| self.search.article(doc))
    }

    /// The categories that occur.
    pub fn categories(&self) -> &BTreeSet<String> {
        &self.categories
    }

    /// Whether there are no articles.
    pub fn is_empty(&self) -> bool {
        self.search.docs().len() == 0
    }

    /// The version of a found article to show to an asker of `language`, who may not see every version.
    fn shown(&self, doc: usize, language: Language, allowed: &dyn Fn(usize) -> bool) -> &Article {
        let found = self.search.article(doc);
        let version = self.search.find(&found.id, language).filter(|&doc| allowed(doc));
        version.map_or(found, |doc| self.search.article(doc))
    }
}

/// Of several articles with the same id and language the last one.
fn distinct(articles: Vec<Article>) -> Vec<Arc<Article>> {
    let unique: BTreeMap<(ArticleId, Language), Article> =
        articles.into_iter().map(|article| ((article.id.clone(), article.language), article)).collect();
    unique.into_values().map(Arc::new).collect()
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Library").field("articles", &self.articles().len()).finish_non_exhaustive()
    }
}
