//! The articles the desk answers from: loaded from the store, replaced when they change there.

use std::sync::Arc;

use firstline_knowledge::{Article, Audience, Language, Library, MatchSettings, Question, Verdict};

use crate::desk::{Desk, DeskError};

/// A library and the version of the store's articles that it was built from.
pub(super) struct LibraryState {
    pub(super) version: i64,
    pub(super) library: Arc<Library>,
}

impl LibraryState {
    pub(super) fn empty() -> Self {
        Self { version: -1, library: Arc::new(Library::build(Vec::new(), &MatchSettings::default())) }
    }
}

impl Desk {
    /// Loads the articles if they have changed since the last time; true if they had.
    pub async fn refresh_library(&self) -> Result<bool, DeskError> {
        if self.store().library_version().await? == self.inner.library.load().version {
            return Ok(false);
        }
        let (version, articles) = self.store().articles().await?;
        let count = articles.len();
        let library = Library::build(articles, &self.inner.matching);
        self.inner.library.store(Arc::new(LibraryState { version, library: Arc::new(library) }));
        tracing::info!(version, articles = count, "the articles were loaded");
        Ok(true)
    }

    /// What the knowledge base concludes on a question by an employee.
    #[must_use]
    pub fn ask(&self, text: &str, language: Option<Language>) -> Verdict {
        self.library().ask(&Question { text, language, audience: Audience::Everyone, not: &[] })
    }

    /// Puts articles in, or replaces those of the same id and language; with `prune`, removes all others. Returns (inserted,
    /// replaced, unchanged, removed).
    pub async fn put_articles(
        &self,
        articles: &[Article],
        prune: bool,
        by: &str,
    ) -> Result<(u64, u64, u64, u64), DeskError> {
        Ok(self.store().put_articles(articles, prune, by, self.now()).await?)
    }
}
