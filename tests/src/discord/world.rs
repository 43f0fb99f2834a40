//! What the platform remembers: users, servers, channels, messages, interactions, the app's commands.

mod acts;
mod channel;
mod described;
mod interaction;
mod message;

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use serde_json::Value;

pub use self::{channel::Right, message::Shown};
pub(super) use self::{
    channel::{Channel, Kind},
    interaction::Interaction,
    message::{Content, File, Message},
};

use super::gateway::Gateway;

/// The bot's user, which is also the id of its application.
pub(super) const BOT: u64 = 4711;

/// The first millisecond of Discord's ids: the beginning of 2015.
const EPOCH: u64 = 1_420_070_400_000;

/// A user.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) locale: String,
    pub(super) bot: bool,
    /// Takes no direct messages from the bot.
    pub(super) closed: bool,
}

/// A server.
#[derive(Debug, Default)]
pub(super) struct Guild {
    pub(super) name: String,
    /// Names of its roles by id.
    pub(super) roles: BTreeMap<u64, String>,
    /// Its members, each with roles.
    pub(super) members: BTreeMap<u64, Vec<u64>>,
    /// How many threads can be open in it.
    pub(super) most_threads: Option<usize>,
    /// How far its members have boosted it.
    pub(super) level: u64,
}

/// Everything.
#[derive(Debug)]
pub(super) struct World {
    /// The millisecond of the last id.
    last: u64,
    pub(super) users: BTreeMap<u64, User>,
    pub(super) guilds: BTreeMap<u64, Guild>,
    pub(super) channels: BTreeMap<u64, Channel>,
    pub(super) interactions: BTreeMap<u64, Interaction>,
    /// Answers to what people did come too late, whenever they come.
    pub(super) forgetful: bool,
    /// So long it waits for the first answer to what people do.
    pub(super) patience: Duration,
    /// Which message was made with which nonce in which channel.
    pub(super) nonces: BTreeMap<(u64, String), u64>,
    /// The app's commands: everywhere (0), or in a server.
    pub(super) commands: BTreeMap<u64, Vec<Value>>,
    pub(super) files: BTreeMap<u64, Vec<u8>>,
    /// Whoever fetches a file is sent elsewhere; how many were, and how many went there.
    pub(super) leads_astray: Option<(usize, usize)>,
    /// How often the bot showed that it is typing, by channel.
    pub(super) typing: BTreeMap<u64, usize>,
    /// Where files can be fetched.
    pub(super) address: String,
    pub(super) gateway: Gateway,
}

impl Default for World {
    fn default() -> Self {
        let bot = User { id: BOT, name: "helpdesk".to_owned(), locale: "en-US".to_owned(), bot: true, closed: false };
        Self {
            last: now(),
            users: BTreeMap::from([(BOT, bot)]),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            interactions: BTreeMap::new(),
            forgetful: false,
            patience: Duration::from_secs(3),
            nonces: BTreeMap::new(),
            commands: BTreeMap::new(),
            files: BTreeMap::new(),
            leads_astray: None,
            typing: BTreeMap::new(),
            address: String::new(),
            gateway: Gateway::default(),
        }
    }
}

impl World {
    /// A fresh id: greater than every one before, and telling when it was made.
    pub(super) fn id(&mut self) -> u64 {
        self.last = now().max(self.last + 1);
        (self.last - EPOCH) << 22
    }

    pub(super) fn user(&self, id: u64) -> User {
        self.users.get(&id).cloned().expect("there is such a user")
    }
}

/// Milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "the platform has a clock")]
fn now() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("it is after 1970");
    u64::try_from(now.as_millis()).expect("it is before the year 584 million")
}

/// When something with this id was made, as Discord writes it.
pub(super) fn made_at(id: u64) -> String {
    let micros = i64::try_from(((id >> 22) + EPOCH) * 1000).expect("a time");
    twilight_model::util::Timestamp::from_micros(micros).expect("a time").iso_8601().to_string()
}
