//! Who listens. Of several instances on one store one listens to each shard: two would be told everything twice, and the one that
//! falls behind would put the position back for the other. So a shard's source is held by a lease in the store: whoever has lost
//! it, even without noticing because the process was stopped meanwhile, cannot commit any more.
//!
//! The newest instance takes every shard over when it starts: a restart does not wait for what became of its predecessor. The
//! others wait, and one of them takes over when the lease has run out or was given back.

use std::time::Duration;

use firstline_engine::{desk::Desk, ports::SourceLease};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use twilight_gateway::ShardId;

use super::{SOURCE, patience::Patience};

/// How long a lease counts when nobody renews it.
const HELD_FOR: Duration = Duration::from_secs(15);
/// How often it is renewed.
const BEAT: Duration = Duration::from_secs(4);
/// How often those who wait look.
const LOOK: Duration = Duration::from_secs(1);

/// The time in which this instance listens to a shard.
pub(super) struct Shift {
    pub(super) lease: SourceLease,
    /// Cancelled when it is over, because another instance has taken over or because the program ends.
    pub(super) over: CancellationToken,
    keeper: JoinHandle<()>,
}

impl Shift {
    /// Waits until a shard is ours. `None` when cancelled.
    pub(super) async fn begin(desk: &Desk, shard: ShardId, by_force: bool, cancel: &CancellationToken) -> Option<Self> {
        let source = source(shard);
        let (mut patience, mut has_told) = (Patience::default(), false);
        let lease = loop {
            match desk.take_source(&source, HELD_FOR, by_force).await {
                Ok(Some(lease)) => break lease,
                Ok(None) => {
                    if !std::mem::replace(&mut has_told, true) {
                        tracing::info!(source, "another instance listens to Discord; this one stands by");
                    }
                    tokio::select! {
                        () = cancel.cancelled() => return None,
                        () = tokio::time::sleep(LOOK) => {}
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "cannot find out who listens to Discord; trying again");
                    patience.wait(None, cancel).await.ok()?;
                }
            }
        };
        let over = cancel.child_token();
        let keeper = tokio::spawn(keep(desk.clone(), lease.clone(), over.clone()));
        Some(Self { lease, over, keeper })
    }

    /// Gives the shard back, so that others need not wait.
    pub(super) async fn end(self, desk: &Desk) {
        self.keeper.abort();
        if let Err(error) = desk.leave_source(&self.lease).await {
            tracing::debug!(%error, "others have to wait until the lease of Discord has run out");
        }
    }
}

impl Drop for Shift {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

async fn keep(desk: Desk, lease: SourceLease, over: CancellationToken) {
    loop {
        tokio::time::sleep(BEAT).await;
        match desk.keep_source(&lease, HELD_FOR).await {
            Ok(true) => {}
            Ok(false) => return over.cancel(),
            Err(error) => tracing::warn!(%error, "cannot say in the store that this instance listens to Discord"),
        }
    }
}

/// The name of a shard's source and position in the store.
fn source(shard: ShardId) -> String {
    if shard.total() == 1 { SOURCE.to_owned() } else { format!("{SOURCE}/{}/{}", shard.number(), shard.total()) }
}
