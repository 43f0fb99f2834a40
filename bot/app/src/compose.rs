//! Puts the desk together: the database by its URL, the system's clock, fresh ids, the articles. The only place that knows which
//! backends there are.

pub(crate) mod platforms;
mod snapshots;
pub(crate) mod whereabouts;

use std::{path::PathBuf, sync::Arc};

use anyhow::Context as _;
use firstline_engine::{
    desk::{Desk, Parts},
    ports::{Clock, Ids, Store},
    time::Timestamp,
};
use firstline_knowledge::starter;
use firstline_store::{DatabaseUrl, Options, Step};
use uuid::Uuid;

use crate::config::Settings;

/// A desk that is ready to work, and what had to be done for that.
pub(crate) struct Composed {
    /// The desk.
    pub(crate) desk: Desk,
    /// What was done to the database.
    pub(crate) prepared: Prepared,
}

/// What was done to a database before it could be used.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    /// Steps of the schema that were applied.
    pub(crate) migrated: Vec<Step>,
    /// There was nothing in it before.
    pub(crate) created: bool,
    /// How many starter articles were loaded, if they were.
    pub(crate) starter: Option<u64>,
}

/// Opens the database, creating and migrating it as needed, and builds the desk on it.
pub(crate) async fn compose(settings: &Settings) -> anyhow::Result<Composed> {
    let url = &settings.database;
    let before = if url.is_in_memory() { None } else { Some(firstline_store::migration_status(url).await?) };
    let created = before.as_ref().is_none_or(|status| status.applied.is_empty());
    let migrated = match before {
        Some(status) if !status.pending.is_empty() => firstline_store::migrate(url).await?,
        _ => Vec::new(),
    };
    let store = firstline_store::connect(url, &Options::default()).await?;
    let starter = load_starter_articles(store.as_ref()).await?;
    let desk = Desk::new(Parts {
        store,
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
        policy: settings.desk.clone(),
        matching: settings.matching,
        owner: owner(),
        rooms: platforms::rooms(settings),
    });
    let desk = match snapshots::of(settings) {
        Some(snapshots) => desk.with_snapshots(snapshots),
        None => desk,
    };
    Ok(Composed { desk, prepared: Prepared { migrated, created, starter } })
}

/// [`compose`], with the articles loaded, so that the desk can answer.
pub(crate) async fn compose_to_answer(settings: &Settings) -> anyhow::Result<Composed> {
    let composed = compose(settings).await?;
    composed.desk.refresh_library().await.context("cannot load the articles")?;
    Ok(composed)
}

/// A database that never had articles gets the starter base. One whose articles were removed on purpose does not get it again.
async fn load_starter_articles(store: &dyn Store) -> anyhow::Result<Option<u64>> {
    if store.library_version().await? != 0 {
        return Ok(None);
    }
    let articles = starter::articles().context("the starter articles cannot be read")?;
    // Two programs that start at once both load them; the second one changes nothing.
    let (inserted, ..) = store.put_articles(&articles, false, "starter", now()).await?;
    Ok(Some(inserted))
}

/// The file of a SQLite database; `None` for any other.
pub(crate) fn database_file(url: &DatabaseUrl) -> Option<PathBuf> {
    if url.is_in_memory() {
        return None;
    }
    url.to_string().strip_prefix("sqlite:").map(PathBuf::from)
}

/// The time, by the system's clock.
pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}

/// An id that nobody else has.
pub(crate) fn fresh_id() -> Uuid {
    SystemIds.fresh()
}

/// The system's clock.
struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> Timestamp {
        Timestamp(chrono::Utc::now().timestamp_millis())
    }
}

/// Version 7 UUIDs from the system's clock and randomness.
struct SystemIds;

impl Ids for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "this is the source of ids")]
    fn fresh(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// A name for this run of the program. The id alone makes it unique; the rest is for people who look into the database.
fn owner() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .or_else(|| std::env::var("HOSTNAME").ok())
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "host".to_owned());
    format!("{host}/{}/{}", std::process::id(), fresh_id())
}
