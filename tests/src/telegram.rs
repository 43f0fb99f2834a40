//! A Bot API on this machine, for one bot, honest in what the bot can notice: updates are kept until they are asked past, one
//! listener gets them, buttons are alive until their message changes, texts are measured in UTF-16 units, deleted topics are gone.
//!
//! - this file is what a story sees of the platform as a whole: time, faults, the order of updates, the journal
//! - [`people`] is who uses it: a [`Person`] sits in a private chat, in a group or in a topic, and writes, presses, reads
//! - [`groups`] is where several meet: a [`Group`], small or large, and a [`Topic`] of a forum
//! - `updates` is what a story does with the order and the way in which the bot is told
//! - `api` is what each method does; `world` is what the platform remembers; `http` how a request becomes a method
//! - `faults` is what goes wrong on demand, `limits` what is too much, `webhook` the other way of telling the bot, `conformity` compares both directions
//!   with the description of the Bot API
//!
//! Deliberately absent: channels, inline mode, payments, stickers sets, games, and everything else no helpdesk uses.

mod api;
mod conformity;
mod faults;
pub mod groups;
mod http;
mod limits;
pub mod people;
mod updates;
mod webhook;
mod world;

use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tokio::task::JoinHandle;

pub use faults::{Fault, Trouble};
pub use groups::{Group, Topic};
pub use people::Person;
pub use world::{Right, Shown};

use self::{
    api::Given, conformity::Conformity, faults::Faults, http::Serving, limits::Limits, webhook::Webhook, world::World,
};
use crate::platform::HoldsBack;

/// The token of the one bot there is.
pub const TOKEN: &str = "4711:firstline-test-token";

/// Half of a character that takes two UTF-16 units, in a text that somebody writes: on the wire it is `\ud83d` without its
/// other half, which JSON allows and no text in memory can hold.
pub const HALF: &str = "\u{10FFFD}";

/// The platform. It is gone when this is dropped; a story that said or was told what the Bot API does not have fails then.
#[derive(Debug)]
pub struct Telegram {
    platform: Arc<Platform>,
    address: SocketAddr,
    serving: Mutex<Option<Serving>>,
    calling: JoinHandle<()>,
}

/// One request that the bot made, and what it was answered.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method, in lower case.
    pub method: String,
    /// Its parameters.
    pub parameters: Value,
    /// The names of the files that came with it.
    pub files: Vec<String>,
    /// The HTTP status and the body of the answer; `None` while it is being answered, or when the connection was lost before.
    pub answer: Option<(u16, Value)>,
}

impl Request {
    fn new(method: &str, given: &Given) -> Self {
        let files = given.uploads.values().map(|file| file.name.clone()).collect();
        Self { method: method.to_owned(), parameters: given.fields.clone().into(), files, answer: None }
    }
}

type Platform = crate::platform::Platform<State, Conformity>;

#[derive(Debug, Default)]
struct State {
    world: World,
    journal: Vec<Request>,
    faults: Faults,
    limits: Limits,
    webhook: Option<Webhook>,
    /// Counts the calls of getUpdates: the newest one ends those before it.
    listeners: u64,
    /// Another program has asked for updates.
    is_intruded: bool,
    /// The requests before this one are no longer held back.
    let_go: usize,
    /// What was said in either direction and is not in the Bot API.
    violations: Vec<String>,
}

impl HoldsBack for State {
    fn let_go(&self) -> usize {
        self.let_go
    }
}

impl Telegram {
    /// Opens it on a free port.
    pub async fn start() -> Self {
        let platform = Arc::new(Platform::new(Conformity::find()));
        let serving = http::serve(Arc::clone(&platform), None).await;
        let calling = webhook::call_the_bot(Arc::clone(&platform));
        Self { platform, address: serving.address, serving: Mutex::new(Some(serving)), calling }
    }

    /// Where it is, as `FIRSTLINE_TELEGRAM__API_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.platform.change(change)
    }

    async fn finds<T>(&self, look: impl FnMut(&mut State) -> Option<T>) -> Option<T> {
        self.platform.finds(look).await
    }

    // --- What the bot did ---

    /// Every request the bot made, in order.
    pub fn journal(&self) -> Vec<Request> {
        self.platform.state().journal.clone()
    }

    /// The requests of one method (in lower case).
    pub fn requests(&self, method: &str) -> Vec<Request> {
        self.journal().into_iter().filter(|request| request.method == method).collect()
    }

    /// Waits until the bot has made so many requests of a method (in lower case), and returns them.
    pub async fn is_asked(&self, method: &str, times: usize) -> Vec<Request> {
        let look = |state: &mut State| {
            let found: Vec<Request> = state.journal.iter().filter(|it| it.method == method).cloned().collect();
            (found.len() >= times).then_some(found)
        };
        let Some(found) = self.finds(look).await else {
            panic!("the bot asks {method} {} times instead of {times}", self.requests(method).len());
        };
        found
    }

    /// Waits until the bot has made so many requests in all.
    pub async fn is_asked_anything(&self, times: usize) {
        let seen = self.finds(|state| (state.journal.len() >= times).then_some(())).await;
        assert!(seen.is_some(), "the bot makes {} requests instead of {times}", self.journal().len());
    }

    /// The text that popped up on each press, in order; empty where the bot answered without one.
    pub fn popups(&self) -> Vec<String> {
        self.platform.state().world.popups.clone()
    }

    /// The presses that the bot has not answered.
    pub fn unanswered_presses(&self) -> usize {
        self.platform.state().world.presses.len()
    }

    /// The commands in the bot's menu for a kind of chat (`all_private_chats`, …; `""` for all) in a language (`""` for all).
    pub fn menu(&self, scope: &str, language: &str) -> Vec<(String, String)> {
        let state = self.platform.state();
        let menu = state.world.profile.commands.get(&(scope.to_owned(), language.to_owned())).cloned();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let commands = menu.as_ref().and_then(Value::as_array).into_iter().flatten();
        commands.map(|it| (text(&it["command"]), text(&it["description"]))).collect()
    }

    /// What the bot says of itself (`description` or `short_description`) in a language (`""` for all others).
    pub fn bots_text(&self, name: &str, language: &str) -> Option<String> {
        self.platform.state().world.profile.texts.get(&(name.to_owned(), language.to_owned())).cloned()
    }

    // --- Faults ---

    /// Something goes wrong with requests to come.
    pub fn has(&self, trouble: Trouble) {
        self.change(|state| state.faults.add(trouble));
    }

    /// Waits until everything that was to go wrong has.
    pub async fn had_all_troubles(&self) {
        let over = self.finds(|state| state.faults.is_over().then_some(())).await;
        assert!(over.is_some(), "the bot does not run into all troubles");
    }

    /// Answers what was held back ([`Fault::Hold`]).
    pub fn lets_go(&self) {
        self.change(|state| state.let_go = state.journal.len());
    }

    /// Whoever fetches a file is sent elsewhere, as a machine in between could.
    pub fn sends_fetchers_to(&self, elsewhere: &str) {
        self.change(|state| state.world.files.elsewhere = Some(elsewhere.to_owned()));
    }

    /// Files lie in this folder from now on, and are given out by their paths, as by a server that was started with `--local`.
    pub fn is_local(&self, folder: &Path) {
        self.change(|state| state.world.files.folder = Some(folder.to_owned()));
    }

    /// Nobody answers at its port any more. What is being answered is answered.
    pub async fn goes_away(&self) {
        let serving = self.serving.lock().expect("nobody panics with it").take();
        serving.expect("it is there").closes().await;
    }

    /// It answers again.
    pub async fn comes_back(&self) {
        let serving = http::serve(Arc::clone(&self.platform), Some(self.address)).await;
        *self.serving.lock().expect("nobody panics with it") = Some(serving);
    }

    // --- The bot's account ---

    /// Switches privacy mode in `@BotFather`: with it the bot sees in groups only what is meant for it.
    pub fn has_privacy_mode(&self, on: bool) {
        self.change(|state| state.world.reads_everything = !on);
    }

    // --- Conformity ---

    /// Both directions are compared with the description of the Bot API.
    pub fn is_checked(&self) -> bool {
        self.platform.conformity.is_known()
    }

    /// What was said in either direction and is not in the Bot API; a story that means it takes it away.
    pub fn takes_violations(&self) -> Vec<String> {
        std::mem::take(&mut self.platform.state().violations)
    }
}

impl Drop for Telegram {
    fn drop(&mut self) {
        self.calling.abort();
        if !std::thread::panicking() {
            let violations = self.takes_violations();
            assert!(violations.is_empty(), "this is not in the Bot API:\n{}", violations.join("\n"));
        }
    }
}

/// A person as Telegram describes users.
fn user(id: i64, first_name: &str, language_code: &str) -> Value {
    json!({"id": id, "is_bot": false, "first_name": first_name, "language_code": language_code})
}
