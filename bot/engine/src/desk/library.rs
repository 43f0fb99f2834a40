//! The articles the desk answers from: loaded from the store, brought up to date when they change there.
//!
//! A change is read and answered from at once ([`Desk::refresh_library`]); what depends on all articles together catches up
//! in the background ([`Desk::settle_library`]), which then keeps a snapshot for the next start.

use std::{collections::BTreeSet, io, sync::Arc};

use firstline_knowledge::{Article, ArticleId, Audience, Language, Library, MatchSettings, Question, Verdict};

use crate::{
    desk::{Desk, DeskError},
    ports::{ArticleChanges, Snapshots},
};

/// A library and the version of the store's articles that it was made of.
#[derive(Clone)]
pub(super) struct LibraryState {
    pub(super) version: i64,
    pub(super) library: Arc<Library>,
    /// The snapshot that is kept is of this library, or could not be written.
    kept: bool,
}

impl LibraryState {
    pub(super) fn empty() -> Self {
        Self { version: NOTHING, library: Arc::new(Library::build(Vec::new(), &MatchSettings::default())), kept: false }
    }
}

/// Articles that are read between one look at what has changed, or at whether the desk is to stop, and the next: some seconds.
const READ_AT_A_TIME: usize = 64;

/// The version of a desk that has not loaded any articles yet.
const NOTHING: i64 = -1;

impl Desk {
    /// Keeps a snapshot of the articles there, and starts from it.
    #[must_use]
    pub fn with_snapshots(self, snapshots: Arc<dyn Snapshots>) -> Self {
        // Whoever comes second uses the same desk and keeps the same snapshots.
        let _ = self.inner.snapshots.set(snapshots);
        self
    }

    /// Brings the articles up to date if they have changed since the last time; true if they had.
    pub async fn refresh_library(&self) -> Result<bool, DeskError> {
        let _one_at_a_time = self.inner.refreshing.lock().await;
        let current = self.inner.library.load_full();
        if self.store().library_version().await? == current.version {
            return Ok(false);
        }
        let changes = match current.version {
            NOTHING => None,
            version => self.store().articles_since(version).await?,
        };
        let next = if let Some(changes) = changes {
            self.changed(&current, changes).await?
        } else {
            let (version, articles) = self.store().articles().await?;
            if current.version == NOTHING {
                self.loaded(version, articles).await?
            } else {
                let retired = missing(&current.library, &articles);
                self.changed(&current, ArticleChanges { version, changed: articles, retired }).await?
            }
        };
        self.inner.library.store(Arc::new(next));
        Ok(true)
    }

    /// Reads some of the articles that came in a crowd; when there are none left, catches up with what depends on all articles, and
    /// keeps a snapshot. True if it is due again: there is more to read, or the articles have changed meanwhile.
    pub async fn settle_library(&self) -> Result<bool, DeskError> {
        let current = self.inner.library.load_full();
        if current.version == NOTHING || (current.library.is_settled() && current.kept) {
            return Ok(false);
        }
        let snapshots = self.inner.snapshots.get().cloned();
        let settling = Arc::clone(&current.library);
        let (library, finished) = aside(move || {
            if settling.is_settled() {
                keep(&settling, snapshots.as_deref());
                return (settling, true);
            }
            if let Some(more) = settling.read_on(READ_AT_A_TIME) {
                tell(&settling, &more);
                return (Arc::new(more), false);
            }
            let library = Arc::new(settling.settled());
            keep(&library, snapshots.as_deref());
            (library, true)
        })
        .await?;
        let _one_at_a_time = self.inner.refreshing.lock().await;
        if self.inner.library.load().version != current.version {
            return Ok(true);
        }
        // A snapshot that could not be written is not tried again before the next change: the log says why.
        self.inner.library.store(Arc::new(LibraryState { version: current.version, library, kept: finished }));
        Ok(!finished)
    }

    /// The library of a start: from the snapshot, as far as that is of these articles.
    async fn loaded(&self, version: i64, articles: Vec<Article>) -> Result<LibraryState, DeskError> {
        let (snapshots, matching) = (self.inner.snapshots.get().cloned(), self.inner.matching);
        let count = articles.len();
        let (library, restored) = aside(move || {
            let snapshot = snapshots.and_then(|snapshots| {
                snapshots.open().unwrap_or_else(|error| {
                    tracing::warn!(%error, "the snapshot of the articles cannot be opened");
                    None
                })
            });
            let Some(snapshot) = snapshot else { return (Library::build_at_once(articles, &matching), false) };
            let (library, problem) = Library::restore(articles, &matching, snapshot);
            if let Some(problem) = &problem {
                tracing::warn!(%problem, "the snapshot of the articles was not used; they were read anew");
            }
            (library, problem.is_none())
        })
        .await?;
        tracing::info!(version, articles = count, snapshot = restored, "the articles were loaded");
        if library.share_read() < 1.0 {
            tracing::info!("until they are read, articles are found by their words only");
        }
        let kept = restored && library.is_settled();
        Ok(LibraryState { version, library: Arc::new(library), kept })
    }

    /// The library after a change.
    async fn changed(&self, current: &LibraryState, changes: ArticleChanges) -> Result<LibraryState, DeskError> {
        let ArticleChanges { version, changed, retired } = changes;
        let (count, gone) = (changed.len(), retired.len());
        let library = Arc::clone(&current.library);
        let updated = aside(move || library.updated(changed, &retired)).await?;
        tracing::info!(version, changed = count, retired = gone, "the articles were brought up to date");
        Ok(match updated {
            Some(library) => LibraryState { version, library: Arc::new(library), kept: false },
            None => LibraryState { version, ..current.clone() },
        })
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

/// Says how far the reading of many articles is, whenever another tenth of them is read.
fn tell(before: &Library, after: &Library) {
    let tenths =
        |library: &Library| (1..=10).rev().find(|&it| library.share_read() >= f64::from(it) / 10.0).unwrap_or(0);
    let (articles, done) = (after.articles().len(), tenths(after));
    if done > tenths(before) {
        tracing::info!(articles, "{done}0 % of the articles are read");
    }
}

/// The articles of the library that are not among those.
fn missing(library: &Library, articles: &[Article]) -> Vec<(ArticleId, Language)> {
    let present: BTreeSet<(&ArticleId, Language)> = articles.iter().map(|it| (&it.id, it.language)).collect();
    let gone = library.articles().filter(|article| !present.contains(&(&article.id, article.language)));
    gone.map(|article| (article.id.clone(), article.language)).collect()
}

/// Keeps a snapshot of a library, if that can be done.
fn keep(library: &Library, snapshots: Option<&dyn Snapshots>) {
    let Some(snapshots) = snapshots else { return };
    let kept = snapshots.replace(&mut |out| library.write_snapshot(io::BufWriter::new(out)).map(drop));
    if let Err(error) = kept {
        tracing::warn!(%error, "the snapshot of the articles cannot be written; the next start will take longer");
    }
}

/// Runs what takes long where it holds up nobody.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, DeskError> {
    tokio::task::spawn_blocking(work).await.map_err(DeskError::Aside)
}
