//! From the gateway's dispatches, and from what the REST API tells afterwards, to events. Reads only the fields that are needed,
//! so that a dispatch with anything new in it is still understood.

mod asked;
mod commands;
mod said;
mod server;
mod wire;

use firstline_engine::{
    inbound::{Circumstances, ExternalId, InboundEvent, InboundKind, PlaceRef},
    knowledge::Language,
    people::{AccountRef, Platform},
    time::Timestamp,
};
use serde::Deserialize as _;
use serde_json::Value;

pub(crate) use self::{
    asked::{Asked, Member, Wanted},
    commands::{
        DESCRIPTION, FROM_MESSAGE, Form, OF_REQUESTERS, OF_STAFF, Quoted, REQUEST, SUMMARY, WORDS, files_wanted,
    },
    said::files_of,
    server::{Author, Deed, answer_at, deleted as deleted_in_server},
};
use self::{
    commands::{COMMAND, COMPONENT, FORM, Meant, SUGGESTIONS},
    wire::{Deleted, DeletedMany, Edited, Interaction, Message, Threads, Used, User},
};

/// What a dispatch holds.
#[derive(Debug, PartialEq)]
pub(crate) enum Dispatch {
    /// Somebody did something in direct messages.
    Direct(Box<InboundEvent>),
    /// Somebody did something in a server: which ticket it is about depends on the channel.
    InServer(Box<Deed>),
    /// Messages were deleted; Discord does not tell by whom.
    Deleted {
        /// Which.
        messages: Vec<String>,
        /// In which channel.
        channel: String,
        /// In which server; `None` in direct messages.
        server: Option<String>,
    },
    /// Threads that there are, each with its channel.
    Threads(Vec<(String, String)>),
    /// A thread was deleted.
    ThreadGone {
        /// Which.
        thread: String,
        /// In which channel.
        channel: String,
    },
    /// Nothing for the desk.
    LeftOut,
}

/// What is needed to acknowledge an interaction, which has to be done within three seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// The interaction.
    pub(crate) id: u64,
    /// Its token.
    pub(crate) token: String,
    /// In which language.
    pub(crate) language: Option<Language>,
    /// How.
    pub(crate) with: Acknowledgement,
}

/// How an interaction is acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Acknowledgement {
    /// The answer comes as a message of its own, or in the place of what was pressed.
    Silent,
    /// A word that only the one who did it sees, once it is committed; the answer comes as a message of its own.
    Word,
    /// The answer comes later, and nobody else sees it.
    Later,
    /// Titles of articles that fit what was typed so far.
    Suggestions(String),
    /// Names of macros that fit what somebody has typed so far.
    Macros(Member, String),
    /// A form.
    Form(Form),
    /// What was asked for, which nobody else sees.
    Asked(Asked),
    /// A word: the desk is not at work in this server.
    NotHere,
}

/// Reads a dispatch: `kind` is its `t`, `data` its `d`.
pub(crate) fn read(kind: &str, data: &Value) -> Result<Dispatch, serde_json::Error> {
    Ok(match kind {
        "MESSAGE_CREATE" => Message::deserialize(data)?.read(data),
        "MESSAGE_UPDATE" => Edited::deserialize(data)?.read(data),
        "MESSAGE_DELETE" => {
            let Deleted { id, channel_id, guild_id } = Deleted::deserialize(data)?;
            Dispatch::Deleted { messages: vec![id], channel: channel_id, server: guild_id }
        }
        "MESSAGE_DELETE_BULK" => {
            let DeletedMany { ids, channel_id, guild_id } = DeletedMany::deserialize(data)?;
            Dispatch::Deleted { messages: ids, channel: channel_id, server: guild_id }
        }
        "INTERACTION_CREATE" => match data.get("type").and_then(Value::as_i64) {
            Some(COMMAND | COMPONENT | FORM) => Interaction::deserialize(data)?.read(data),
            _ => Dispatch::LeftOut,
        },
        "GUILD_CREATE" | "THREAD_LIST_SYNC" => Dispatch::Threads(Threads::deserialize(data)?.pairs()),
        "THREAD_CREATE" | "THREAD_UPDATE" => {
            Dispatch::Threads(wire::Thread::deserialize(data)?.pair().into_iter().collect())
        }
        "THREAD_DELETE" => match wire::Thread::deserialize(data)?.pair() {
            Some((thread, channel)) => Dispatch::ThreadGone { thread, channel },
            None => Dispatch::LeftOut,
        },
        _ => Dispatch::LeftOut,
    })
}

/// Reads a message as the REST API tells it: without its server, which the caller knows.
pub(crate) fn read_later(
    data: &Value,
    server: Option<&str>,
    roles: Vec<String>,
) -> Result<Dispatch, serde_json::Error> {
    let mut message = Message::deserialize(data)?;
    message.add_server(server, roles);
    Ok(message.read(data))
}

/// Reads whether a message that the REST API tells was changed.
pub(crate) fn read_change_later(
    data: &Value,
    server: Option<&str>,
    roles: Vec<String>,
) -> Result<Dispatch, serde_json::Error> {
    let mut changed = Edited::deserialize(data)?;
    changed.add_server(server, roles);
    Ok(changed.read(data))
}

/// How a dispatch is to be acknowledged, where it is to be. `at_work_in` tells whether the desk serves a server.
pub(crate) fn waiting(kind: &str, data: &Value, at_work_in: impl FnOnce(&str) -> bool) -> Option<Waiting> {
    if kind != "INTERACTION_CREATE" {
        return None;
    }
    let text = |name: &str| data.get(name).and_then(Value::as_str);
    let id = text("id")?.parse().ok()?;
    let token = text("token")?.to_owned();
    let language = text("locale").and_then(language);
    let (kind, server) = (data.get("type")?.as_i64()?, text("guild_id"));
    let used = data.get("data").and_then(|used| Used::deserialize(used).ok());
    let form = used.as_ref().and_then(|used| commands::form(kind, used));
    let is_below_a_message = data.get("message").is_some();
    let with = match (kind, form) {
        (SUGGESTIONS, _) if let Some(member) = asked::looks_for_a_macro(data) => {
            Acknowledgement::Macros(member, commands::typed_so_far(data))
        }
        (SUGGESTIONS, _) => Acknowledgement::Suggestions(commands::typed_so_far(data)),
        _ if !server.is_none_or(at_work_in) => Acknowledgement::NotHere,
        (_, Some(form)) => Acknowledgement::Form(form),
        (COMMAND, None) if let Some(asked) = asked::asked(data) => Acknowledgement::Asked(asked),
        // Whoever's command it is, the answer is for them alone.
        (COMMAND, None) if server.is_some() => Acknowledgement::Later,
        (FORM, None) if used.as_ref().is_some_and(|used| commands::filled(used).is_some()) => Acknowledgement::Later,
        (FORM, None) if server.is_some() && !is_below_a_message => Acknowledgement::Later,
        (COMMAND, None) => Acknowledgement::Word,
        (FORM, None) if !is_below_a_message => Acknowledgement::Word,
        _ => Acknowledgement::Silent,
    };
    Some(Waiting { id, token, language, with })
}

/// Where an answer is shown beside what was pressed, not in its place, its address begins with this.
pub(crate) const BESIDE: char = '~';

/// Whoever did this waits for a word that it has arrived ([`Acknowledgement::Word`]).
pub(crate) fn awaits_a_word(raw: &Value) -> bool {
    waiting("INTERACTION_CREATE", raw, |_| true).is_some_and(|waiting| waiting.with == Acknowledgement::Word)
}

/// The event of a deletion in direct messages, once it is known whose message it was.
pub(crate) fn deleted(message: String, channel: &str, account: AccountRef, raw: &Value) -> InboundEvent {
    InboundEvent {
        dedupe_key: format!("delete:{message}"),
        account,
        place: place(channel),
        kind: InboundKind::Deleted { message: ExternalId(message) },
        sent_at: None,
        raw: raw.clone(),
        circumstances: Circumstances::default(),
    }
}

/// The dedupe key of a message.
pub(crate) fn message_key(message: &str) -> String {
    format!("message:{message}")
}

impl Interaction {
    fn read(self, raw: &Value) -> Dispatch {
        if self.guild_id.is_some() {
            return server::used(self, raw).map_or(Dispatch::LeftOut, |deed| Dispatch::InServer(Box::new(deed)));
        }
        let kind = match (commands::of_requester(&self), &self.data.custom_id) {
            (Meant::Requester(kind), _) => *kind,
            // Of a list the entry counts, of a button its own id.
            (Meant::Other, Some(custom_id)) if self.kind == COMPONENT => {
                InboundKind::Choice { token: self.data.values.first().unwrap_or(custom_id).clone() }
            }
            (Meant::Form | Meant::Other, _) => return Dispatch::LeftOut,
        };
        let (Some(user), Some(channel)) = (self.user, self.channel_id) else { return Dispatch::LeftOut };
        Dispatch::Direct(Box::new(InboundEvent {
            dedupe_key: format!("interaction:{}", self.id),
            account: user.account(self.locale.as_deref()),
            place: place(&channel),
            kind,
            sent_at: made_at(&self.id),
            raw: raw.clone(),
            circumstances: Circumstances::default(),
        }))
    }
}

impl User {
    fn account(self, locale: Option<&str>) -> AccountRef {
        AccountRef {
            platform: Platform::Discord,
            display_name: self.called().to_owned(),
            user_id: self.id,
            language: locale.and_then(language),
        }
    }
}

pub(crate) fn place(channel: &str) -> PlaceRef {
    PlaceRef { platform: Platform::Discord, key: channel.to_owned() }
}

/// The language of a locale such as `en-GB`, if we speak it.
fn language(locale: &str) -> Option<Language> {
    locale.split('-').next().unwrap_or_default().to_lowercase().parse().ok()
}

/// When something was made: Discord's ids tell.
fn made_at(id: &str) -> Option<Timestamp> {
    const EPOCH: i64 = 1_420_070_400_000;
    let millis = i64::try_from(id.parse::<u64>().ok()? >> 22).ok()?;
    Some(Timestamp(EPOCH + millis))
}

#[cfg(test)]
mod tests;
