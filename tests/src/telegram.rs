//! A Bot API on this machine, for one bot, honest in what the bot can notice: updates are kept until they are asked past, one
//! listener gets them, buttons are alive until their message changes, texts are measured in UTF-16 units.
//!
//! - this file is what a story sees: people in private chats with the bot, and the journal
//! - [`api`] is what each method does; a new method is an arm in its table and a function
//! - [`chats`] is what the platform remembers, [`http`] how a request becomes a method and its parameters
//!
//! Deliberately absent until a story needs it: groups and topics, files, webhooks, rate limits.

mod api;
mod chats;
mod http;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::watch,
    task::JoinHandle,
    time::{Instant, timeout_at},
};

pub use chats::Shown;

use crate::PATIENCE;
use chats::Chats;

/// The token of the one bot there is.
pub const TOKEN: &str = "4711:firstline-test-token";

/// The platform. It is gone when this is dropped.
#[derive(Debug)]
pub struct Telegram {
    platform: Arc<Platform>,
    address: SocketAddr,
    serving: JoinHandle<()>,
}

/// One request that the bot made, and what it was answered.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method, in lower case.
    pub method: String,
    /// Its parameters.
    pub parameters: Value,
    /// The HTTP status and the body of the answer; `None` while it is being answered, or when the bot hung up before.
    pub answer: Option<(u16, Value)>,
}

/// What the platform remembers, and a bell that rings when it changes.
#[derive(Debug)]
struct Platform {
    state: Mutex<State>,
    changes: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    chats: Chats,
    journal: Vec<Request>,
    /// Counts the calls of getUpdates: the newest one ends those before it.
    listeners: u64,
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
}

impl Telegram {
    /// Opens it on a free port.
    pub async fn start() -> Self {
        let platform = Arc::new(Platform { state: Mutex::default(), changes: watch::Sender::new(()) });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port can be had");
        let address = listener.local_addr().expect("it has an address");
        let router = http::router(Arc::clone(&platform));
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("the fake platform can be served");
        });
        Self { platform, address, serving }
    }

    /// Where it is, as `FIRSTLINE_TELEGRAM__API_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Somebody with an account, in a private chat with the bot.
    pub fn person(&self, id: i64, first_name: &str, language_code: &str) -> Person<'_> {
        let user = json!({"id": id, "is_bot": false, "first_name": first_name, "language_code": language_code});
        self.platform.state().chats.open(id, first_name);
        Person { telegram: self, id, user, next: 0 }
    }

    /// Every request the bot made, in order.
    pub fn journal(&self) -> Vec<Request> {
        self.platform.state().journal.clone()
    }

    /// The requests of one method (in lower case).
    pub fn requests(&self, method: &str) -> Vec<Request> {
        self.journal().into_iter().filter(|request| request.method == method).collect()
    }

    /// Waits until an update was handed to the bot. Whether the bot has kept it is not known then.
    pub async fn hands_out(&self, update: i64) {
        let is_out = |state: &mut State| (state.chats.handed_out() >= update).then_some(());
        let seen = self.platform.wait_for(Instant::now() + PATIENCE, is_out).await;
        assert!(seen.is_some(), "the bot does not ask for update {update}");
    }

    /// Waits until the bot has asked past an update, which is its word that it keeps it.
    pub async fn is_done_with(&self, update: i64) {
        let is_done = |state: &mut State| (!state.chats.is_kept(update)).then_some(());
        let seen = self.platform.wait_for(Instant::now() + PATIENCE, is_done).await;
        assert!(seen.is_some(), "the bot never confirms update {update}");
    }
}

impl Drop for Telegram {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Somebody in a private chat with the bot. What is read is read in order, as in [`crate::chat::Chat`].
#[derive(Debug)]
pub struct Person<'t> {
    telegram: &'t Telegram,
    id: i64,
    user: Value,
    /// The first message that has not been read yet.
    next: usize,
}

impl Person<'_> {
    /// Writes a message; returns the id of the update that tells the bot.
    pub fn says(&self, text: &str) -> i64 {
        let update = self.telegram.platform.state().chats.write(self.id, &self.user, text);
        self.telegram.platform.changed();
        update
    }

    /// Waits for a message of the bot's with this in it, and returns it.
    pub async fn reads(&mut self, part: &str) -> Shown {
        let (id, next) = (self.id, self.next);
        let look = |state: &mut State| {
            let mut messages = state.chats.shown(id).into_iter().enumerate().skip(next);
            messages.find(|(_, message)| message.by_bot && message.text.contains(part))
        };
        let Some((position, message)) = self.telegram.platform.wait_for(Instant::now() + PATIENCE, look).await else {
            self.fail(&format!("waited in vain for {part:?}"));
        };
        self.next = position + 1;
        message
    }

    /// Presses the newest button with this label; returns the id of the update. Fails where there is no such button.
    pub fn presses(&self, label: &str) -> i64 {
        let pressed = self.telegram.platform.state().chats.press(self.id, &self.user, label);
        self.telegram.platform.changed();
        match pressed {
            Some(update) => update,
            None => self.fail(&format!("there is no button {label:?}")),
        }
    }

    /// Everything in the chat, in order.
    pub fn chat(&self) -> Vec<Shown> {
        self.telegram.platform.state().chats.shown(self.id)
    }

    /// How many messages of the bot's have this in them.
    pub fn count(&self, part: &str) -> usize {
        self.chat().iter().filter(|message| message.by_bot && message.text.contains(part)).count()
    }

    /// Fails the test with the whole chat.
    #[track_caller]
    pub fn fail(&self, why: &str) -> ! {
        let messages: Vec<String> = self.chat().iter().map(ToString::to_string).collect();
        let requests = self.telegram.journal().len();
        panic!("Telegram, chat {}: {why}\n{}\n({requests} requests)", self.id, messages.join("\n"))
    }
}

/// The longest that a listener may ask to wait, as Telegram has it.
const LONGEST_POLL: Duration = Duration::from_secs(50);
