//! The platforms that are configured: a way out each (a channel), and a task that takes in what arrives. To add a platform:
//! a function like [`telegram`] and a line in [`Platforms::open`].

use std::{future::Future, net::SocketAddr, pin::Pin};

use firstline_discord::{Discord, DiscordSettings};
use firstline_engine::{
    desk::{Channels, Desk},
    inbound::PlaceRef,
    people::Platform,
    room::RoomBinding,
};
use firstline_telegram::{Telegram, TelegramSettings};
use firstline_web::{Web, WebSettings};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{
    config::{Room, Settings},
    output,
};

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
    pub(crate) fn open(settings: &Settings, desk: &Desk, stop: &CancellationToken) -> anyhow::Result<Self> {
        let mut platforms = Self { channels: Channels::default(), web: None, intakes: Vec::new() };
        if let Some(mut telegram) = telegram(settings)? {
            telegram.listen()?;
            platforms.channels = platforms.channels.with(telegram.channel());
            let (desk, stop) = (desk.clone(), stop.clone());
            platforms.takes_in(Platform::Telegram, async move { Ok(telegram.run(desk, stop).await?) });
        }
        if let Some(discord) = discord(settings)? {
            platforms.channels = platforms.channels.with(discord.channel());
            let (desk, stop) = (desk.clone(), stop.clone());
            platforms.takes_in(Platform::Discord, async move { Ok(discord.run(desk, stop).await?) });
        }
        if let Some(web) = web(settings, platforms.channels.platforms())? {
            platforms.web = Some(web.local_addr());
            let (desk, stop) = (desk.clone(), stop.clone());
            platforms.takes_in(Platform::Web, async move { Ok(web.run(desk, stop).await?) });
        }
        Ok(platforms)
    }

    fn takes_in(&mut self, platform: Platform, intake: impl Future<Output = anyhow::Result<()>> + Send + 'static) {
        self.intakes.push((platform, Box::pin(intake)));
    }

    /// Starts taking in.
    pub(crate) fn start(&mut self) -> Intakes {
        let mut tasks = JoinSet::new();
        for (platform, intake) in self.intakes.drain(..) {
            tasks.spawn(async move {
                match intake.await {
                    Ok(()) => tracing::debug!(%platform, "nothing more is taken in"),
                    // Adapters try again by themselves; what ends one needs a person. The other platforms go on.
                    Err(error) => tracing::error!(
                        %platform,
                        error = output::reasons(&error),
                        "nothing is taken in any more until this is mended and Firstline is started again"
                    ),
                }
            });
        }
        Intakes { tasks }
    }
}

/// The tasks that take in.
pub(crate) struct Intakes {
    tasks: JoinSet<()>,
}

impl Intakes {
    /// Waits until one of them has failed inside, which is a bug; for ever where none does. What it is told is not taken in any
    /// more, and nobody would notice.
    pub(crate) async fn broken(&mut self) {
        loop {
            match self.tasks.join_next().await {
                Some(Ok(())) => {}
                Some(Err(error)) => {
                    tracing::error!(%error, "a platform's intake failed inside");
                    return;
                }
                None => std::future::pending().await,
            }
        }
    }

    /// Waits until all have ended, which they do when told to.
    pub(crate) async fn finished(mut self) {
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a platform's intake failed");
            }
        }
    }
}

/// Which queue's tickets have their threads in which room. Those of a platform that is off are none.
pub(crate) fn rooms(settings: &Settings) -> Vec<RoomBinding> {
    let telegram = settings.telegram.rooms.iter().filter(|_| settings.telegram.token.is_some());
    let discord = settings.discord.rooms.iter().filter(|_| settings.discord.token.is_some());
    telegram
        .map(|room| binding(room, Platform::Telegram))
        .chain(discord.map(|room| binding(room, Platform::Discord)))
        .collect()
}

fn binding<T: ToString>(room: &Room<T>, platform: Platform) -> RoomBinding {
    let Room { queue, id, language } = room;
    RoomBinding { queue: queue.clone(), room: PlaceRef { platform, key: id.to_string() }, language: *language }
}

/// Telegram, where there is a token for it.
pub(crate) fn telegram(settings: &Settings) -> anyhow::Result<Option<Telegram>> {
    let Some(token) = &settings.telegram.token else { return Ok(None) };
    let settings = TelegramSettings {
        token: token.secret.clone(),
        api_url: settings.telegram.api_url.clone(),
        local_files: settings.telegram.local_files.clone(),
        mode: settings.telegram.mode.clone(),
        rooms: settings.telegram.rooms.iter().map(|room| room.id).collect(),
        per_group: settings.telegram.per_group,
        per_group_within: settings.telegram.per_group_within,
    };
    Ok(Some(Telegram::connect(settings)?))
}

/// Discord, where there is a token for it.
pub(crate) fn discord(settings: &Settings) -> anyhow::Result<Option<Discord>> {
    let Some(token) = &settings.discord.token else { return Ok(None) };
    let settings = DiscordSettings {
        token: token.secret.clone(),
        api_url: settings.discord.api_url.clone(),
        gateway_url: settings.discord.gateway_url.clone(),
        rooms: settings.discord.rooms.iter().map(|room| room.id).collect(),
        help_channels: settings.discord.help_channels.clone(),
        private_threads: settings.discord.private_threads,
        guilds: settings.discord.guilds.clone(),
        staff_roles: settings.discord.staff_roles.clone(),
        look_again: settings.discord.look_again,
    };
    Ok(Some(Discord::connect(settings)?))
}

/// The web page, unless it is turned off. `platforms` are the other ways to reach the desk.
fn web(settings: &Settings, platforms: Vec<Platform>) -> anyhow::Result<Option<Web>> {
    let Some(listen) = settings.web else { return Ok(None) };
    Ok(Some(Web::bind(WebSettings { listen, platforms })?))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_intake_that_fails_inside_is_noticed() {
        let mut platforms = Platforms { channels: Channels::default(), web: None, intakes: Vec::new() };
        platforms.takes_in(Platform::Web, async { Err(anyhow::anyhow!("refused for good")) });
        let mut intakes = platforms.start();
        let noticed = tokio::time::timeout(Duration::from_secs(1), intakes.broken()).await;
        assert!(noticed.is_err(), "what needs a person ends nothing else");
        platforms.takes_in(Platform::Telegram, async { panic!("a bug") });
        platforms.start().broken().await;
    }
}
