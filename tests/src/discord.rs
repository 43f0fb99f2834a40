//! Discord on this machine, for one app: a REST API (version 10) and a gateway, honest in what the app can notice. Sessions can be
//! resumed and are replayed, content is blanked without its intent, nonces are enforced, interactions have their three seconds,
//! ids tell the time, people can close their direct messages, threads can be archived and deleted.
//!
//! - this file is what a story sees of the platform as a whole: faults, the journal; `sessions` is what it does with the gateway
//! - [`people`] is who uses it: a [`Person`] sits in direct messages, in a channel or in a thread, and writes, presses, reads
//! - [`guilds`] is where several meet: a [`Guild`] with its [`Room`]s and their [`Thread`]s
//! - `rest` is what each route does; `gateway` what is told; `world` what the platform remembers
//! - `faults` is what goes wrong on demand; `conformity` compares both directions of the REST API with Discord's description of
//!   it, and every dispatch is read by twilight-model before it goes out
//!
//! Deliberately absent: voice, stages, stickers, polls, webhooks of others, and everything else no helpdesk uses.

mod conformity;
mod faults;
mod gateway;
pub mod guilds;
pub mod people;
mod rest;
mod sessions;
mod world;

use std::{net::SocketAddr, sync::Arc};

use serde_json::Value;
use tokio::task::JoinHandle;

pub use faults::{Fault, Scope, Trouble};
pub use guilds::{Guild, Room, Thread};
pub use people::Person;
pub use world::{Right, Shown};

use self::{
    conformity::Conformity,
    faults::Faults,
    world::{BOT, World},
};
use crate::platform::HoldsBack;

/// The token of the one app there is.
pub const TOKEN: &str = "NDcxMQ.firstline.test-token";

/// The platform. It is gone when this is dropped; a story that said or was told what Discord does not have fails then.
#[derive(Debug)]
pub struct Discord {
    platform: Arc<Platform>,
    address: SocketAddr,
    gateway: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

/// One request that the app made, and what it was answered.
#[derive(Debug, Clone)]
pub struct Request {
    /// Method and path with `{}` for each id: `POST /channels/{}/messages`.
    pub route: String,
    /// The path behind the version.
    pub path: String,
    /// What was sent: an object, a list, or nothing.
    pub body: Value,
    /// The names of the files that came with it.
    pub files: Vec<String>,
    /// The HTTP status and the body of the answer; `None` while it is being answered, or when the connection was lost before.
    pub answer: Option<(u16, Value)>,
}

type Platform = crate::platform::Platform<State, Conformity>;

#[derive(Debug, Default)]
struct State {
    world: World,
    journal: Vec<Request>,
    faults: Faults,
    /// The requests before this one are no longer held back.
    let_go: usize,
    /// What was said in either direction and is not Discord's.
    violations: Vec<String>,
    gateway_url: String,
}

impl HoldsBack for State {
    fn let_go(&self) -> usize {
        self.let_go
    }
}

impl Discord {
    /// The id of the bot and of its application.
    pub const BOT: u64 = BOT;

    /// Opens it on free ports.
    pub async fn start() -> Self {
        let platform = Arc::new(Platform::new(Conformity::find()));
        let (address, serving) = rest::serve(Arc::clone(&platform)).await;
        let (gateway, telling) = gateway::serve(Arc::clone(&platform)).await;
        platform.state().world.address = format!("http://{address}");
        platform.state().gateway_url = format!("ws://{gateway}");
        Self { platform, address, gateway, tasks: vec![serving, telling] }
    }

    /// Where it is, as `FIRSTLINE_DISCORD__API_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where its gateway is, as `FIRSTLINE_DISCORD__GATEWAY_URL`; the REST API tells it, too.
    pub fn gateway_url(&self) -> String {
        format!("ws://{}", self.gateway)
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.platform.change(change)
    }

    async fn finds<T>(&self, look: impl FnMut(&mut State) -> Option<T>) -> Option<T> {
        self.platform.finds(look).await
    }

    // --- What the app did ---

    /// Every request the app made, in order.
    pub fn journal(&self) -> Vec<Request> {
        self.platform.state().journal.clone()
    }

    /// The requests of one route, such as `POST /channels/{}/messages`.
    pub fn requests(&self, route: &str) -> Vec<Request> {
        self.journal().into_iter().filter(|request| request.route == route).collect()
    }

    /// Waits until the app has made so many requests of a route, and returns them.
    pub async fn is_asked(&self, route: &str, times: usize) -> Vec<Request> {
        let look = |state: &mut State| {
            let found: Vec<Request> = state.journal.iter().filter(|it| it.route == route).cloned().collect();
            (found.len() >= times).then_some(found)
        };
        let Some(found) = self.finds(look).await else {
            panic!("the app asks {route} {} times instead of {times}", self.requests(route).len());
        };
        found
    }

    /// Waits until the app has made so many requests, whichever.
    pub async fn is_asked_anything(&self, times: usize) {
        let asked = self.finds(|state| (state.journal.len() >= times).then_some(())).await;
        assert!(asked.is_some(), "the app makes {} requests instead of {times}", self.journal().len());
    }

    /// Interactions that the app has not answered in time, or not yet.
    pub fn unanswered(&self) -> usize {
        self.platform.state().world.interactions.values().filter(|it| it.answered.is_none()).count()
    }

    /// The app's commands everywhere.
    pub fn commands(&self) -> Vec<Value> {
        self.platform.state().world.commands.get(&0).cloned().unwrap_or_default()
    }

    /// How often the bot showed in a channel that it is typing.
    pub fn typing_in(&self, channel: u64) -> usize {
        self.platform.state().world.typing.get(&channel).copied().unwrap_or_default()
    }

    /// The app's commands in one server.
    pub fn commands_in(&self, guild: &Guild<'_>) -> Vec<Value> {
        self.platform.state().world.commands.get(&guild.id()).cloned().unwrap_or_default()
    }

    // --- Faults ---

    /// Something goes wrong with requests to come.
    pub fn has(&self, trouble: Trouble) {
        self.change(|state| state.faults.add(trouble));
    }

    /// Waits until everything that was to go wrong has.
    pub async fn had_all_troubles(&self) {
        let over = self.finds(|state| state.faults.is_over().then_some(())).await;
        assert!(over.is_some(), "the app does not run into all troubles");
    }

    /// Answers what was held back ([`Fault::Hold`]).
    pub fn lets_go(&self) {
        self.change(|state| state.let_go = state.journal.len());
    }

    // --- Conformity ---

    /// Both directions are compared with Discord's description of its API.
    pub fn is_checked(&self) -> bool {
        self.platform.conformity.is_known()
    }

    /// What was said in either direction and is not Discord's; a story that means it takes it away.
    pub fn takes_violations(&self) -> Vec<String> {
        let mut state = self.platform.state();
        let mut violations = std::mem::take(&mut state.violations);
        violations.append(&mut state.world.gateway.violations);
        violations
    }
}

impl Drop for Discord {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        if !std::thread::panicking() {
            let violations = self.takes_violations();
            assert!(violations.is_empty(), "this is not Discord's:\n{}", violations.join("\n"));
        }
    }
}
