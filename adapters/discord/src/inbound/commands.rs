//! What requesters do with commands and forms.
//!
//! ```text
//! /ask question        a question, with titles of articles while it is typed
//! /help /human /language /privacy
//! /ticket new          a form, which opens a ticket        /ticket status   /ticket close
//! "Create ticket"      the menu of a message: the same form, filled in from the message
//! [Write an answer]    below an answer that nobody else sees: a form with one field
//! [Write notes] …      on a ticket's card: a form for the words that belong to it
//! ```

use firstline_engine::{
    command::Command,
    inbound::{ExternalId, InboundKind},
    room::{Button, StaffDid},
};
use serde_json::Value;

use super::{
    said,
    wire::{Interaction, Message, Used},
};

/// What a command or a form means.
pub(super) enum Meant {
    /// It is answered with a form, and nothing more has happened yet.
    Form,
    /// A requester's wish.
    Requester(Box<InboundKind>),
    /// Neither.
    Other,
}

impl Meant {
    fn requester(kind: InboundKind) -> Self {
        Self::Requester(Box::new(kind))
    }
}

/// The commands of requesters, which are theirs in servers, too.
pub(crate) const OF_REQUESTERS: [&str; 6] = ["ask", "help", "ticket", "human", "language", "privacy"];

/// The name of the command in a message's menu; Discord shows its translations.
pub(crate) const FROM_MESSAGE: &str = "Create ticket from this message";

/// A form, by the id that comes back with it.
pub(crate) const REQUEST: &str = "form.request";
pub(crate) const WORDS: &str = "form.words";

/// How the id of a form begins that a button of staff's has opened; the button's token follows.
pub(crate) const OF_STAFF: &str = "staff:";

fn is_request(id: &str) -> bool {
    id.strip_prefix(REQUEST).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// A message that a ticket is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quoted {
    /// Who wrote it.
    pub(crate) author: String,
    pub(crate) text: String,
    /// The names of its files.
    pub(crate) files: Vec<String>,
    channel: String,
    message: String,
}

impl Quoted {
    pub(super) fn of(message: Message) -> Self {
        let Message { id, channel_id, author, content, attachments, sticker_items, message_snapshots, .. } = message;
        let (text, files) = said::said(content, attachments, sticker_items, message_snapshots);
        let files = files.into_iter().map(|file| file.name).collect();
        Self { author: author.called().to_owned(), text, files, channel: channel_id, message: id }
    }

    /// The id of the form that is made from it: where it has files, that names it, because Discord does not tell of it again.
    pub(crate) fn form(&self) -> String {
        if self.files.is_empty() {
            return REQUEST.to_owned();
        }
        format!("{REQUEST}:{}:{}", self.channel, self.message)
    }
}

/// The channel and the message whose files belong to a request, where they do.
pub(crate) fn files_wanted(raw: &Value) -> Option<(u64, u64)> {
    let named = raw.pointer("/data/custom_id")?.as_str()?.strip_prefix(REQUEST)?.strip_prefix(':')?;
    let (channel, message) = named.split_once(':')?;
    let id = |text: &str| text.parse().ok().filter(|&id| id != 0);
    Some((id(channel)?, id(message)?))
}

/// Its fields.
pub(crate) const SUMMARY: &str = "summary";
pub(crate) const DESCRIPTION: &str = "description";

/// The kinds of interactions, and the one of a command in a message's menu.
pub(super) const COMMAND: i64 = 2;
pub(super) const COMPONENT: i64 = 3;
pub(super) const SUGGESTIONS: i64 = 4;
pub(super) const FORM: i64 = 5;
const IN_MENU: i64 = 3;

pub(super) fn of_requester(interaction: &Interaction) -> Meant {
    let data = &interaction.data;
    let message = ExternalId(interaction.id.clone());
    match interaction.kind {
        COMMAND | COMPONENT if form(interaction.kind, data).is_some() => Meant::Form,
        COMMAND if !is_of_requesters(data) => Meant::Other,
        COMMAND if data.name.as_deref() == Some("ask") => {
            let text = data.first_option().unwrap_or_default();
            Meant::requester(InboundKind::said(message, text))
        }
        COMMAND => Command::parse(&data.typed())
            .map_or(Meant::Other, |command| Meant::requester(InboundKind::Command { command })),
        FORM => match data.custom_id.as_deref() {
            Some(id) if is_request(id) => Meant::requester(InboundKind::Request {
                message,
                summary: data.field(SUMMARY),
                description: data.field(DESCRIPTION),
                attachments: Vec::new(),
            }),
            Some(WORDS) => Meant::requester(InboundKind::said(message, data.field(DESCRIPTION))),
            _ => Meant::Other,
        },
        _ => Meant::Other,
    }
}

fn is_of_requesters(data: &Used) -> bool {
    data.name.as_deref().is_some_and(|name| OF_REQUESTERS.contains(&name) || name == FROM_MESSAGE)
}

/// What a form says that a button of staff's has opened.
pub(super) fn filled(data: &Used) -> Option<StaffDid> {
    let token = data.custom_id.as_deref()?.strip_prefix(OF_STAFF)?.to_owned();
    Some(StaffDid::Filled { token, text: data.field(DESCRIPTION) })
}

/// A form that answers a command or a press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// A ticket is wanted: what is known of it already.
    Request {
        /// The message that it is made from.
        about: Option<Quoted>,
    },
    /// Words are wanted.
    Words,
    /// A note is wanted, by the button of this token.
    Note(String),
    /// It is wanted why a ticket is moved, by the button of this token.
    Reason(String),
}

/// The form with which a command or a press is answered.
pub(super) fn form(kind: i64, data: &Used) -> Option<Form> {
    match kind {
        COMMAND if data.kind == Some(IN_MENU) => {
            (data.name.as_deref() == Some(FROM_MESSAGE)).then(|| Form::Request { about: data.quoted() })
        }
        COMMAND if data.name.as_deref() == Some("ticket") && data.subcommand() == Some("new") => {
            Some(Form::Request { about: None })
        }
        COMPONENT if data.custom_id.as_deref() == Some(WORDS) => Some(Form::Words),
        COMPONENT => {
            // Of a list the entry counts, of a button its own id.
            let token = data.values.first().or(data.custom_id.as_ref())?;
            match Button::parse(token)? {
                Button::Notes(true) => Some(Form::Note(token.clone())),
                Button::Queue(_) => Some(Form::Reason(token.clone())),
                _ => None,
            }
        }
        _ => None,
    }
}

/// What somebody has typed so far into the option that is being filled in.
pub(super) fn typed_so_far(data: &Value) -> String {
    let options = data.pointer("/data/options").and_then(Value::as_array).into_iter().flatten();
    let mut focused = options.filter(|it| it.get("focused") == Some(&Value::Bool(true)));
    focused.find_map(|it| it.get("value")?.as_str()).unwrap_or_default().to_owned()
}
