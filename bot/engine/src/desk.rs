//! The desk: the one door to the engine. Adapters hand in what arrived and ask for what staff see; workers ask it to do the
//! next piece of work. It joins the pure conversation with the store, and holds no state of its own but the article library.

mod accept;
mod album;
mod assemble;
mod clocks;
mod deliver;
mod duty;
mod early;
mod files;
mod gap;
mod invited;
mod library;
mod lists;
mod looked_up;
mod macros;
mod mirror;
mod moved;
mod presence;
mod room;
mod secrecy;
mod staff;
mod suggest;
mod told;
mod turn;
mod typing;
mod ways;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use arc_swap::ArcSwap;
use firstline_knowledge::{Library, MatchSettings};
use tokio::sync::{Mutex, Notify};

pub use accept::Whose;
pub use deliver::Channels;
pub use gap::last_gap;
pub use lists::List;
pub use staff::{StaffError, TicketView};
pub use typing::Typing;

use self::{library::LibraryState, presence::Presence};

use crate::{
    conversation::Policy,
    phrases::Phrases,
    ports::{Clock, Ids, Snapshots, Store, StoreError},
    room::RoomBinding,
    time::Timestamp,
};

/// The desk. Cheap to clone: all clones are the same desk.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    policy: Policy,
    matching: MatchSettings,
    phrases: Phrases,
    /// Where each queue's tickets have their threads.
    rooms: Vec<RoomBinding>,
    /// Who we are towards other instances: the owner of the leases we take. Different for every run of the program.
    owner: String,
    /// Whether the other instances know that we are there.
    presence: Presence,
    /// The articles we answer from, replaced as a whole when they change.
    library: ArcSwap<LibraryState>,
    /// Held while the articles are replaced, so that a newer version is never replaced by an older one.
    refreshing: Mutex<()>,
    /// Where a snapshot of the articles is kept, if anywhere.
    snapshots: OnceLock<Arc<dyn Snapshots>>,
    /// Wakes this process's workers for what no commit tells: a channel has become ready.
    nudge: Notify,
}

/// What a desk is made of.
pub struct Parts {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// The settings.
    pub policy: Policy,
    /// When an article is shown, when several are offered, and when nothing is known.
    pub matching: MatchSettings,
    /// A name for this run of the program, unique among all that share the store.
    pub owner: String,
    /// Where each queue's tickets have their threads.
    pub rooms: Vec<RoomBinding>,
}

/// Why the desk could not do something.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Work on the articles ended before its time: it panicked, or the program ends.
    #[error("work on the articles was broken off")]
    Aside(#[source] tokio::task::JoinError),
}

/// How long one turn may take before another instance may take the conversation over. A turn takes milliseconds; a killed
/// instance delays its conversation by this much.
const LEASE: Duration = Duration::from_secs(5);

impl Desk {
    /// A desk without articles; [`Self::refresh_library`] loads them.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { store, clock, ids, policy, matching, owner, rooms } = parts;
        let library = ArcSwap::from_pointee(LibraryState::empty());
        Self {
            inner: Arc::new(Inner {
                store,
                clock,
                ids,
                policy,
                matching,
                phrases: Phrases::new(),
                rooms,
                owner,
                presence: Presence::default(),
                library,
                refreshing: Mutex::new(()),
                snapshots: OnceLock::new(),
                nudge: Notify::new(),
            }),
        }
    }

    /// The sentences that people read.
    #[must_use]
    pub fn phrases(&self) -> &Phrases {
        &self.inner.phrases
    }

    /// The settings.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.inner.policy
    }

    /// The name of this run of the program, unique among all that share the store.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.inner.owner
    }

    /// The time, by the desk's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The articles as they are now.
    #[must_use]
    pub fn library(&self) -> Arc<Library> {
        Arc::clone(&self.inner.library.load().library)
    }

    /// Waits until anybody commits something, a channel of this process says that it is ready, or `at_most`.
    pub async fn wait_for_change(&self, at_most: Duration) {
        tokio::select! {
            () = self.inner.store.wait_for_change(at_most) => {}
            () = self.inner.nudge.notified() => {}
        }
    }

    /// A channel of this process has become ready: whoever waits looks again.
    pub fn channel_is_ready(&self) {
        self.inner.nudge.notify_waiters();
    }

    fn store(&self) -> &dyn Store {
        self.inner.store.as_ref()
    }
}
