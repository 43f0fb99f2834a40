//! Discord on this machine, for one app: a REST API (version 10) and a gateway, honest in what the app can notice. Sessions can be
//! resumed and are replayed, content is blanked without its intent, nonces are enforced, interactions have their three seconds,
//! ids tell the time, people can close their direct messages, threads can be archived and deleted.
//!
//! - this file is what a story sees of the platform as a whole: sessions, faults, the journal
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
mod world;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, timeout_at},
};

pub use faults::{Fault, Scope, Trouble};
pub use guilds::{Guild, Room, Thread};
pub use people::Person;
pub use world::{Right, Shown};

use self::{
    conformity::Conformity,
    faults::Faults,
    gateway::{Out, intent},
    world::{BOT, World},
};
use crate::PATIENCE;

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

/// What the platform remembers, and a bell that rings when it changes.
#[derive(Debug)]
struct Platform {
    state: Mutex<State>,
    changes: watch::Sender<()>,
    conformity: Conformity,
}

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

impl Platform {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) {
        self.changes.send_replace(());
    }

    /// Waits until `look` finds what it looks for, or until the deadline.
    async fn wait_for<T>(&self, deadline: Instant, mut look: impl FnMut(&mut State) -> Option<T>) -> Option<T> {
        let mut changes = self.changes.subscribe();
        loop {
            changes.mark_unchanged();
            if let Some(found) = look(&mut self.state()) {
                return Some(found);
            }
            if timeout_at(deadline, changes.changed()).await.is_err() {
                return None;
            }
        }
    }

    /// Waits until a request that is held back may be answered.
    async fn until_let_go(&self, request: usize) {
        self.changed();
        self.wait_for(Instant::now() + PATIENCE, |state| (state.let_go > request).then_some(())).await;
    }
}

impl Discord {
    /// Opens it on free ports.
    pub async fn start() -> Self {
        let (changes, conformity) = (watch::Sender::new(()), Conformity::find());
        let platform = Arc::new(Platform { state: Mutex::default(), changes, conformity });
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

    /// Changes what the platform remembers, and lets everybody know.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let changed = change(&mut self.platform.state());
        self.platform.changed();
        changed
    }

    /// Waits for a state. `None` when it does not come.
    async fn finds<T>(&self, look: impl FnMut(&mut State) -> Option<T>) -> Option<T> {
        self.platform.wait_for(Instant::now() + PATIENCE, look).await
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

    // --- The gateway ---

    /// Waits until the app listens.
    pub async fn is_heard(&self) {
        let heard = self.finds(|state| state.world.gateway.is_heard().then_some(())).await;
        assert!(heard.is_some(), "the app does not come to the gateway");
    }

    /// Waits until the app has begun so many sessions.
    pub async fn has_begun(&self, sessions: usize) {
        let begun = self.finds(|state| (state.world.gateway.identified >= sessions).then_some(())).await;
        assert!(begun.is_some(), "the app has not begun {sessions} sessions");
    }

    /// How many sessions were begun, and how many resumed.
    pub fn sessions(&self) -> (usize, usize) {
        let state = self.platform.state();
        (state.world.gateway.identified, state.world.gateway.resumed)
    }

    /// Waits until the app has resumed a session so often.
    pub async fn has_resumed(&self, times: usize) {
        let resumed = self.finds(|state| (state.world.gateway.resumed >= times).then_some(())).await;
        assert!(resumed.is_some(), "the app has not resumed {times} times");
    }

    /// The sequence of the last thing that was told.
    pub fn sequence(&self) -> u64 {
        self.platform.state().world.gateway.sequence()
    }

    /// Every session is lost: none can be resumed.
    pub fn forgets_sessions(&self) {
        self.change(|state| state.world.gateway.forget());
    }

    /// Asks to connect again (operation 7).
    pub fn asks_to_reconnect(&self) {
        self.change(|state| {
            state.world.gateway.send_all(|| Out::Text(r#"{"op":7,"d":null,"s":null,"t":null}"#.to_owned()));
        });
    }

    /// Says that the session is not valid (operation 9), and whether it can be resumed.
    pub fn invalidates(&self, resumable: bool) {
        self.change(|state| {
            if !resumable {
                state.world.gateway.forget();
            }
            let text = format!(r#"{{"op":9,"d":{resumable},"s":null,"t":null}}"#);
            state.world.gateway.send_all(|| Out::Text(text.clone()));
        });
    }

    /// Closes every connection with this code.
    pub fn closes(&self, code: u16) {
        self.change(|state| state.world.gateway.send_all(|| Out::Close(code)));
    }

    /// Connections to come have to show that they are there so often, in milliseconds.
    pub fn wants_a_heartbeat_every(&self, millis: u64) {
        self.change(|state| state.world.gateway.heartbeat = Some(millis));
    }

    /// The open connections are dead, and nobody has noticed: nothing is told through them, and no heartbeat answered.
    pub fn falls_silent(&self) {
        self.change(|state| state.world.gateway.deafen());
    }

    /// Tells the last thing once more, so often, with the same sequence.
    pub fn repeats_itself(&self, times: usize) {
        self.change(|state| state.world.gateway.repeat(times));
    }

    /// From now on every answer to what people do is too late, but for the first.
    pub fn forgets_interactions(&self) {
        self.change(|state| state.world.forgetful = true);
    }

    /// No message is recognised by its nonce any more, and none shows it.
    pub fn forgets_nonces(&self) {
        self.change(|state| {
            state.world.nonces.clear();
            let messages = state.world.channels.values_mut().flat_map(|channel| &mut channel.messages);
            messages.for_each(|message| message.nonce = Value::Null);
        });
    }

    /// How often the bot showed in a channel that it is typing.
    pub fn typing_in(&self, channel: u64) -> usize {
        self.platform.state().world.typing.get(&channel).copied().unwrap_or_default()
    }

    /// The app's commands in one server.
    pub fn commands_in(&self, guild: &Guild<'_>) -> Vec<Value> {
        self.platform.state().world.commands.get(&guild.id()).cloned().unwrap_or_default()
    }

    /// Apps should listen in so many parts.
    pub fn advises_shards(&self, count: u64) {
        self.change(|state| state.world.gateway.advised = count);
    }

    /// So many dispatches to come are lost, without a gap in the sequence.
    pub fn loses(&self, dispatches: usize) {
        self.change(|state| state.world.gateway.lost = dispatches);
    }

    /// Every connection ends without a word.
    pub fn hangs_up(&self) {
        self.change(|state| state.world.gateway.send_all(|| Out::Cut));
    }

    /// The next connection is closed with this code.
    pub fn turns_away(&self, code: u16) {
        self.change(|state| state.world.gateway.turned_away.push(code));
    }

    /// Tells a dispatch that a story thinks of, whatever it is.
    pub fn tells(&self, kind: &str, data: &Value) {
        self.change(|state| state.world.gateway.tell_raw(kind, data));
    }

    /// The intent to read what people write in servers is switched on in the developer portal, or not.
    pub fn lets_read_messages(&self, on: bool) {
        self.change(|state| state.world.gateway.refused = if on { 0 } else { intent::MESSAGE_CONTENT });
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

/// The bot's id.
impl Discord {
    /// The id of the bot and of its application.
    pub const BOT: u64 = BOT;
}
