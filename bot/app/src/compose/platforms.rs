//! The platforms that are configured: a way out each (a channel), and a task that takes in what arrives.

use std::{future::Future, net::SocketAddr, pin::Pin};

use firstline_engine::{
    desk::{Channels, Desk},
    people::Platform,
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::config::Settings;

/// Takes in what arrives on one platform until it is told to stop.
type Intake = Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send>>;

/// The platforms of a server, ready to run.
pub(crate) struct Platforms {
    /// The ways out.
    pub(crate) channels: Channels,
    /// Where the web page is.
    pub(crate) web: Option<SocketAddr>,
    intakes: Vec<(Platform, Intake)>,
}

impl Platforms {
    /// Opens what is configured: after this the web page's port is ours. The intakes end when `stop` is cancelled.
    #[expect(clippy::unused_async, reason = "the adapters are asynchronous")]
    pub(crate) async fn open(_settings: &Settings, _desk: &Desk, _stop: &CancellationToken) -> anyhow::Result<Self> {
        Ok(Self { channels: Channels::default(), web: None, intakes: Vec::new() })
    }

    /// Starts taking in.
    pub(crate) fn start(&mut self) -> Intakes {
        let mut tasks = JoinSet::new();
        for (platform, intake) in self.intakes.drain(..) {
            tasks.spawn(async move { (platform, intake.await) });
        }
        Intakes { tasks }
    }
}

/// The tasks that take in.
pub(crate) struct Intakes {
    tasks: JoinSet<(Platform, anyhow::Result<()>)>,
}

impl Intakes {
    /// Waits until all have ended, which they do when told to. One that fails before that is the error.
    pub(crate) async fn finished(&mut self) -> anyhow::Result<()> {
        while let Some(ended) = self.tasks.join_next().await {
            let (platform, outcome) = ended?;
            outcome.map_err(|error| error.context(format!("{platform} stopped")))?;
        }
        Ok(())
    }
}
