//! The gateway: sessions that outlive their connections, and replay what was missed.

mod connection;

use serde::de::DeserializeSeed as _;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;
use twilight_model::gateway::event::GatewayEventDeserializer;

pub(super) use connection::serve;

/// What a session wants to be told.
pub(super) mod intent {
    pub(in crate::discord) const GUILDS: u64 = 1;
    pub(in crate::discord) const GUILD_MEMBERS: u64 = 1 << 1;
    pub(in crate::discord) const GUILD_PRESENCES: u64 = 1 << 8;
    pub(in crate::discord) const GUILD_MESSAGES: u64 = 1 << 9;
    pub(in crate::discord) const DIRECT_MESSAGES: u64 = 1 << 12;
    pub(in crate::discord) const MESSAGE_CONTENT: u64 = 1 << 15;
    /// Those that have to be switched on in the developer portal.
    pub(in crate::discord) const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;
}

/// Something for a connection.
#[derive(Debug)]
pub(super) enum Out {
    Text(String),
    /// Ends with this close code.
    Close(u16),
    /// Ends without a word.
    Cut,
}

/// All sessions.
#[derive(Debug, Default)]
pub(super) struct Gateway {
    sessions: Vec<Session>,
    /// Privileged intents that are not switched on.
    pub(super) refused: u64,
    /// How often connections to come have to show that they are there, in milliseconds; otherwise as Discord has it.
    pub(super) heartbeat: Option<u64>,
    /// In how many parts apps should listen; 0 for one.
    pub(super) advised: u64,
    /// So many dispatches to come are lost before anybody is told.
    pub(super) lost: usize,
    /// The close codes that the next connections get instead of a session.
    pub(super) turned_away: Vec<u16>,
    pub(super) identified: usize,
    pub(super) resumed: usize,
    /// Connections to the address at which sessions are to be resumed.
    pub(super) came_elsewhere: usize,
    /// What was told that Discord would not tell so.
    pub(super) violations: Vec<String>,
}

/// A session.
#[derive(Debug)]
pub(super) struct Session {
    id: String,
    intents: u64,
    /// Which part of how many it is told.
    shard: (u64, u64),
    sequence: u64,
    /// Everything that was told in it, by sequence.
    told: Vec<(u64, String)>,
    out: Option<UnboundedSender<Out>>,
    /// Its connection is dead: nothing goes through it.
    deaf: bool,
    /// It can be resumed.
    alive: bool,
}

impl Gateway {
    /// Tells every session that wants to know; those that may not read it are told the blanked version.
    pub(super) fn dispatch(&mut self, kind: &str, data: &Value, needed: u64, blanked: Option<&Value>) {
        check(kind, data, &mut self.violations);
        if self.lost > 0 {
            self.lost -= 1;
            return;
        }
        let guild = guild_of(kind, data);
        let told = self.sessions.iter_mut().filter(|it| it.alive && it.intents & needed == needed);
        for session in told.filter(|it| it.is_told(guild)) {
            let may_read = session.intents & intent::MESSAGE_CONTENT != 0;
            session.tell(kind, blanked.filter(|_| !may_read).unwrap_or(data));
        }
    }

    /// Tells every session something that nobody has checked.
    pub(super) fn tell_raw(&mut self, kind: &str, data: &Value) {
        for session in self.sessions.iter_mut().filter(|it| it.alive) {
            session.tell(kind, data);
        }
    }

    pub(super) fn begin(&mut self, intents: u64, shard: (u64, u64), out: UnboundedSender<Out>) -> &mut Session {
        self.identified += 1;
        let id = format!("session-{}", self.sessions.len() + 1);
        let session =
            Session { id, intents, shard, sequence: 0, told: Vec::new(), out: Some(out), deaf: false, alive: true };
        // A second session of the same shard ends the first.
        for older in self.sessions.iter_mut().filter(|older| older.shard == shard) {
            older.alive = false;
        }
        self.sessions.push(session);
        self.sessions.last_mut().expect("it was just added")
    }

    /// Goes on with a session: what came behind this sequence is told again. False when that cannot be.
    pub(super) fn resume(&mut self, id: &str, sequence: u64, out: &UnboundedSender<Out>) -> bool {
        let found = self.sessions.iter_mut().find(|it| it.id == id && it.alive && sequence <= it.sequence);
        let Some(session) = found else { return false };
        self.resumed += 1;
        for (_, text) in session.told.iter().filter(|(at, _)| *at > sequence) {
            let _ = out.send(Out::Text(text.clone()));
        }
        session.out = Some(out.clone());
        session.deaf = false;
        session.tell("RESUMED", &json!({"_trace": []}));
        true
    }

    /// Tells the last thing once more, so often.
    pub(super) fn repeat(&mut self, times: usize) {
        for session in self.sessions.iter_mut().filter(|it| it.alive) {
            let Some((_, text)) = session.told.last().cloned() else { continue };
            for _ in 0..times {
                if let Some(out) = &session.out {
                    let _ = out.send(Out::Text(text.clone()));
                }
            }
        }
    }

    /// The connections that are open now are dead, and nobody has noticed: nothing goes through them.
    pub(super) fn deafen(&mut self) {
        for session in &mut self.sessions {
            session.deaf = true;
        }
    }

    /// Nothing goes through this connection.
    pub(super) fn is_deaf(&self, out: &UnboundedSender<Out>) -> bool {
        self.sessions.iter().any(|it| it.deaf && it.out.as_ref().is_some_and(|own| own.same_channel(out)))
    }

    /// Something for every connection that is open.
    pub(super) fn send_all(&mut self, make: impl Fn() -> Out) {
        for session in &mut self.sessions {
            if let Some(out) = &session.out {
                let _ = out.send(make());
            }
        }
    }

    /// No session can be resumed any more.
    pub(super) fn forget(&mut self) {
        for session in &mut self.sessions {
            session.alive = false;
        }
    }

    /// Somebody listens.
    pub(super) fn is_heard(&self) -> bool {
        self.sessions.iter().any(|it| it.alive && it.out.as_ref().is_some_and(|out| !out.is_closed()))
    }

    /// The last sequence of the newest session.
    pub(super) fn sequence(&self) -> u64 {
        self.sessions.last().map_or(0, |session| session.sequence)
    }
}

impl Session {
    pub(super) fn tell(&mut self, kind: &str, data: &Value) {
        self.sequence += 1;
        let text = json!({"op": 0, "t": kind, "s": self.sequence, "d": data}).to_string();
        self.told.push((self.sequence, text.clone()));
        if let Some(out) = self.out.as_ref().filter(|_| !self.deaf) {
            let _ = out.send(Out::Text(text));
        }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// It is told what happens in this server; of what is in none the first part is.
    pub(super) fn is_told(&self, guild: Option<u64>) -> bool {
        let (number, total) = self.shard;
        guild.map_or(0, |guild| (guild >> 22) % total.max(1)) == number
    }

    pub(super) fn wants(&self, intent: u64) -> bool {
        self.intents & intent != 0
    }
}

/// The server that a dispatch is about.
fn guild_of(kind: &str, data: &Value) -> Option<u64> {
    let id = if kind.starts_with("GUILD_") { &data["id"] } else { &data["guild_id"] };
    id.as_str()?.parse().ok()
}

/// Whether another library than the bot's own would understand it.
fn check(kind: &str, data: &Value, violations: &mut Vec<String>) {
    let text = json!({"op": 0, "t": kind, "s": 1, "d": data}).to_string();
    let Some(reader) = GatewayEventDeserializer::from_json(&text) else {
        violations.push(format!("the dispatch {kind} has no operation"));
        return;
    };
    if let Err(error) = reader.deserialize(&mut serde_json::Deserializer::from_str(&text)) {
        violations.push(format!("the dispatch {kind} is none of Discord's: {error}: {text}"));
    }
}
