//! The knowledge base as it answers: immutable, built whenever the articles change.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Article, ArticleId, Candidate, Language, MatchSettings, Question, Verdict,
    search::{Ranking, Request, Search, calibration::certainty},
    verdict::conclude,
};

/// A set of articles and the means to find one. Immutable: put it in an `Arc` and swap it for a new one.
pub struct Library {
    articles: Vec<Article>,
    positions: BTreeMap<(ArticleId, Language), usize>,
    categories: BTreeSet<String>,
    search: Search,
    settings: MatchSettings,
}

impl Library {
    /// Builds the library. Of several articles with the same id and language the last one counts.
    pub fn build(articles: Vec<Article>, settings: &MatchSettings) -> Self {
        let unique: BTreeMap<(ArticleId, Language), Article> =
            articles.into_iter().map(|article| ((article.id.clone(), article.language), article)).collect();
        let positions = unique.keys().cloned().zip(0..).collect();
        let articles: Vec<Article> = unique.into_values().collect();
        Self {
            categories: articles.iter().map(|article| article.category.clone()).collect(),
            search: Search::build(&articles, settings.fallback_language),
            settings: *settings,
            positions,
            articles,
        }
    }

    /// What the articles have to say to a question. Takes bounded time whatever the text.
    pub fn ask(&self, question: &Question<'_>) -> Verdict {
        self.judge(question).0
    }

    /// [`Library::ask`], but the candidates go on, with what has nothing in common with the question if need be, until
    /// there are `listed` or no more articles that the asker may see. For measuring: nobody should be offered those.
    pub fn ask_listing(&self, question: &Question<'_>, listed: usize) -> Verdict {
        let (mut verdict, ranking) = self.judge(question);
        let allowed = |position: usize| self.may_be_found(question, position);
        let mut seen: BTreeSet<ArticleId> = verdict.candidates.iter().map(|candidate| candidate.id.clone()).collect();
        let scored = ranking.matches.iter().map(|found| (found.article, found.score));
        let others = (0..self.articles.len()).filter(|&position| allowed(position)).map(|position| (position, 0.0));
        for (position, score) in scored.chain(others) {
            if verdict.candidates.len() >= listed {
                break;
            }
            if seen.insert(self.articles[position].id.clone()) {
                verdict.candidates.push(self.candidate(position, score, ranking.language, &allowed));
            }
        }
        verdict
    }

    fn judge(&self, question: &Question<'_>) -> (Verdict, Ranking) {
        let allowed = |position: usize| self.may_be_found(question, position);
        let request = Request { text: question.text, language: question.language, allowed: &allowed };
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
            candidates,
            offered,
            language: ranking.language,
            corrections: ranking.corrections.clone(),
        };
        (verdict, ranking)
    }

    fn may_be_found(&self, question: &Question<'_>, position: usize) -> bool {
        let article = &self.articles[position];
        question.audience.may_see(article.audience) && !question.not.contains(&article.id)
    }

    fn candidate(&self, position: usize, score: f64, language: Language, allowed: &dyn Fn(usize) -> bool) -> Candidate {
        let article = self.shown(position, language, allowed);
        Candidate { id: article.id.clone(), title: article.title.clone(), language: article.language, score }
    }

    /// The article in that language, or else in the other one.
    pub fn article(&self, id: &ArticleId, language: Language) -> Option<&Article> {
        [language, language.other()]
            .into_iter()
            .find_map(|language| self.positions.get(&(id.clone(), language)))
            .map(|&position| &self.articles[position])
    }

    /// All articles, ordered by id and language.
    pub fn articles(&self) -> impl Iterator<Item = &Article> {
        self.articles.iter()
    }

    /// The categories that occur.
    pub fn categories(&self) -> &BTreeSet<String> {
        &self.categories
    }

    /// Whether there are no articles.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// The version of a found article to show to an asker of `language`, who may not see every version.
    fn shown(&self, position: usize, language: Language, allowed: &dyn Fn(usize) -> bool) -> &Article {
        let found = &self.articles[position];
        self.positions
            .get(&(found.id.clone(), language))
            .filter(|&&position| allowed(position))
            .map_or(found, |&position| &self.articles[position])
    }
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Library").field("articles", &self.articles.len()).finish_non_exhaustive()
    }
}
