//! The fields that are read, in Discord's words.

use firstline_engine::inbound::ExternalId;
use serde::Deserialize;
use serde_json::Value;

use super::commands::Quoted;

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are Discord's")]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) channel_id: String,
    pub(super) guild_id: Option<String>,
    pub(super) webhook_id: Option<String>,
    #[serde(rename = "type", default)]
    pub(super) kind: u8,
    pub(super) author: User,
    pub(super) member: Option<Member>,
    #[serde(default)]
    pub(super) content: String,
    pub(super) message_reference: Option<Reference>,
    #[serde(default)]
    pub(super) attachments: Vec<File>,
    #[serde(default)]
    pub(super) sticker_items: Vec<Sticker>,
    /// What was passed on with it.
    #[serde(default)]
    pub(super) message_snapshots: Vec<Snapshot>,
}

impl Message {
    /// Adds what the REST API leaves out.
    pub(super) fn add_server(&mut self, server: Option<&str>, roles: Vec<String>) {
        self.guild_id = server.map(str::to_owned);
        self.member = server.map(|_| Member { roles, user: None });
    }

    /// The message that it answers. One that it passes on it does not answer.
    pub(super) fn answered(&self) -> Option<ExternalId> {
        const ANSWER: u8 = 0;
        let reference = self.message_reference.as_ref().filter(|reference| reference.kind == ANSWER)?;
        reference.message_id.clone().map(ExternalId)
    }
}

#[derive(Deserialize)]
pub(super) struct Reference {
    #[serde(rename = "type", default)]
    kind: u8,
    message_id: Option<String>,
}

/// A message that was passed on, as it was then.
#[derive(Deserialize)]
pub(super) struct Snapshot {
    pub(super) message: PassedOn,
}

#[derive(Deserialize)]
pub(super) struct PassedOn {
    #[serde(default)]
    pub(super) content: String,
    #[serde(default)]
    pub(super) attachments: Vec<File>,
    #[serde(default)]
    pub(super) sticker_items: Vec<Sticker>,
}

#[derive(Deserialize)]
pub(super) struct File {
    pub(super) filename: String,
    pub(super) content_type: Option<String>,
    pub(super) size: Option<u64>,
    pub(super) url: String,
}

#[derive(Deserialize)]
pub(super) struct Sticker {
    pub(super) id: String,
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) username: String,
    pub(super) global_name: Option<String>,
    #[serde(default)]
    pub(super) bot: bool,
}

impl User {
    /// What to call them.
    pub(super) fn called(&self) -> &str {
        self.global_name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(&self.username)
    }
}

#[derive(Deserialize)]
pub(super) struct Member {
    #[serde(default)]
    pub(super) roles: Vec<String>,
    /// With interactions only.
    pub(super) user: Option<User>,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are Discord's")]
pub(super) struct Edited {
    pub(super) id: String,
    pub(super) channel_id: String,
    pub(super) guild_id: Option<String>,
    pub(super) author: Option<User>,
    pub(super) member: Option<Member>,
    pub(super) content: Option<String>,
    pub(super) edited_timestamp: Option<String>,
}

impl Edited {
    /// Adds what the REST API leaves out.
    pub(super) fn add_server(&mut self, server: Option<&str>, roles: Vec<String>) {
        self.guild_id = server.map(str::to_owned);
        self.member = server.map(|_| Member { roles, user: None });
    }
}

#[derive(Deserialize)]
pub(super) struct DeletedMany {
    pub(super) ids: Vec<String>,
    pub(super) channel_id: String,
    pub(super) guild_id: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Deleted {
    pub(super) id: String,
    pub(super) channel_id: String,
    pub(super) guild_id: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Interaction {
    pub(super) id: String,
    pub(super) application_id: String,
    pub(super) token: String,
    #[serde(rename = "type")]
    pub(super) kind: i64,
    pub(super) channel_id: Option<String>,
    pub(super) guild_id: Option<String>,
    /// Absent in a server, where `member` is there instead.
    pub(super) user: Option<User>,
    pub(super) member: Option<Member>,
    pub(super) locale: Option<String>,
    pub(super) message: Option<Pressed>,
    pub(super) data: Used,
}

impl Interaction {
    /// Where it can be answered for a quarter of an hour, and in which language its author reads what stands around the answer.
    pub(super) fn via(&self) -> String {
        let locale = self.locale.as_deref().unwrap_or_default();
        format!("{}/{}/{locale}", self.application_id, self.token)
    }
}

#[derive(Deserialize)]
pub(super) struct Pressed {
    pub(super) id: String,
    #[serde(default)]
    flags: u64,
}

impl Pressed {
    /// Nobody but its reader sees it.
    pub(super) const fn is_secret(&self) -> bool {
        self.flags & 1 << 6 != 0
    }
}

/// What was pressed, or which command was used.
#[derive(Deserialize)]
pub(super) struct Used {
    pub(super) custom_id: Option<String>,
    #[serde(default)]
    pub(super) values: Vec<String>,
    pub(super) name: Option<String>,
    /// Which kind of command.
    #[serde(rename = "type")]
    pub(super) kind: Option<i64>,
    #[serde(default)]
    pub(super) options: Vec<Given>,
    /// The message whose menu it was.
    target_id: Option<String>,
    /// What the ids are of.
    #[serde(default)]
    resolved: Value,
    /// What a form says.
    #[serde(default)]
    components: Value,
}

#[derive(Deserialize)]
pub(super) struct Given {
    name: String,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    options: Vec<Given>,
}

/// In this order a command wants what it is given; Discord tells it in the order in which it was filled in.
const ORDER: [&str; 4] = ["number", "queue", "reason", "confirm"];

impl Used {
    /// The command below the command.
    pub(super) fn subcommand(&self) -> Option<&str> {
        self.options.first().filter(|it| it.value.is_null()).map(|it| it.name.as_str())
    }

    /// The first thing that a command was given.
    pub(super) fn first_option(&self) -> Option<String> {
        self.options.first()?.value.as_str().map(str::to_owned)
    }

    /// What a field of a form says.
    pub(super) fn field(&self, name: &str) -> String {
        value_of(&self.components, name).unwrap_or_default().to_owned()
    }

    /// The message whose menu it was.
    pub(super) fn quoted(&self) -> Option<Quoted> {
        let message = self.resolved.get("messages")?.get(self.target_id.as_deref()?)?;
        Message::deserialize(message).ok().map(Quoted::of)
    }

    /// The command as somebody would type it: `/language de`. A command below another counts for itself: `/ticket close` is
    /// `/close`.
    pub(super) fn typed(&self) -> String {
        let mut name = self.name.as_deref().unwrap_or_default();
        let mut options = self.options.as_slice();
        if let [Given { name: below, value: Value::Null, options: its }] = options {
            (name, options) = (below, its);
        }
        let mut options: Vec<&Given> = options.iter().collect();
        options.sort_by_key(|it| ORDER.iter().position(|name| *name == it.name));
        let values = options.iter().map(|it| it.value.as_str().map_or_else(|| it.value.to_string(), str::to_owned));
        values.fold(format!("/{name}"), |typed, value| format!("{typed} {value}"))
    }
}

/// The value of the field of this name, however deep the form has it.
fn value_of<'a>(part: &'a Value, name: &str) -> Option<&'a str> {
    match part {
        Value::Array(parts) => parts.iter().find_map(|part| value_of(part, name)),
        Value::Object(fields) if fields.get("custom_id").and_then(Value::as_str) == Some(name) => {
            fields.get("value")?.as_str()
        }
        Value::Object(fields) => ["components", "component"].iter().find_map(|it| value_of(fields.get(*it)?, name)),
        _ => None,
    }
}

/// Threads that are told of together.
#[derive(Deserialize)]
pub(super) struct Threads {
    #[serde(default)]
    threads: Vec<Thread>,
}

#[derive(Deserialize)]
pub(super) struct Thread {
    id: String,
    parent_id: Option<String>,
}

impl Threads {
    pub(super) fn pairs(self) -> Vec<(String, String)> {
        self.threads.into_iter().filter_map(Thread::pair).collect()
    }
}

impl Thread {
    pub(super) fn pair(self) -> Option<(String, String)> {
        Some((self.id, self.parent_id?))
    }
}
