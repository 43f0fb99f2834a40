//! An update, as far as we read it.

use serde::Deserialize;

use super::{files::Things, group::Entity, links, membership::Membership};

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are Telegram's")]
pub(super) struct Update {
    pub(super) update_id: i64,
    pub(super) message: Option<Message>,
    pub(super) edited_message: Option<Message>,
    pub(super) callback_query: Option<CallbackQuery>,
    pub(super) my_chat_member: Option<Membership>,
    pub(super) message_reaction: Option<Reaction>,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are Telegram's")]
pub(super) struct Message {
    pub(super) message_id: i64,
    pub(super) date: i64,
    pub(super) edit_date: Option<i64>,
    pub(super) chat: Chat,
    pub(super) from: Option<User>,
    /// Set where a chat and not a person speaks: an anonymous administrator, a channel.
    pub(super) sender_chat: Option<SenderChat>,
    pub(super) message_thread_id: Option<i64>,
    #[serde(default)]
    pub(super) is_topic_message: bool,
    pub(super) text: Option<String>,
    #[serde(default)]
    pub(super) entities: Vec<Entity>,
    pub(super) caption: Option<String>,
    #[serde(default)]
    pub(super) caption_entities: Vec<Entity>,
    /// All parts of an album have the same.
    pub(super) media_group_id: Option<String>,
    pub(super) reply_to_message: Option<Quoted>,
    /// The part of what it answers.
    quote: Option<Part>,
    /// Who wrote it first, where it was passed on.
    pub(super) forward_origin: Option<Origin>,
    #[serde(flatten)]
    pub(super) things: Things,
}

/// Where a message comes from that was passed on.
#[derive(Deserialize)]
pub(super) struct Origin {
    pub(super) sender_user: Option<User>,
    pub(super) sender_user_name: Option<String>,
    pub(super) sender_chat: Option<SenderChat>,
    pub(super) chat: Option<SenderChat>,
}

impl Origin {
    pub(super) fn name(&self) -> &str {
        let user = self.sender_user.as_ref().map(|user| user.first_name.as_str());
        let chat = self.sender_chat.as_ref().or(self.chat.as_ref()).and_then(|chat| chat.title.as_deref());
        user.or(self.sender_user_name.as_deref()).or(chat).unwrap_or("?")
    }
}

#[derive(Deserialize)]
pub(super) struct Quoted {
    pub(super) message_id: i64,
    pub(super) from: Option<User>,
}

/// A part of a message that another one answers.
#[derive(Deserialize)]
struct Part {
    text: String,
    /// Somebody chose it; else Telegram shows it where the whole is in another chat.
    #[serde(default)]
    is_manual: bool,
}

#[derive(Deserialize)]
pub(super) struct Chat {
    pub(super) id: i64,
    #[serde(rename = "type")]
    pub(super) kind: String,
}

#[derive(Deserialize)]
pub(super) struct SenderChat {
    pub(super) id: i64,
    pub(super) title: Option<String>,
}

#[derive(Clone, Deserialize)]
pub(super) struct User {
    pub(super) id: i64,
    #[serde(default)]
    pub(super) is_bot: bool,
    #[serde(default)]
    pub(super) first_name: String,
    pub(super) last_name: Option<String>,
    pub(super) username: Option<String>,
    pub(super) language_code: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct CallbackQuery {
    pub(super) from: User,
    pub(super) message: Option<Pressed>,
    pub(super) data: Option<String>,
}

/// Somebody put a sign on a message, or took it away.
#[derive(Deserialize)]
pub(super) struct Reaction {
    pub(super) chat: Chat,
    pub(super) message_id: i64,
    pub(super) user: Option<User>,
    pub(super) date: i64,
    #[serde(default, rename = "new_reaction")]
    pub(super) now: Vec<Sign>,
}

#[derive(Deserialize)]
pub(super) struct Sign {
    /// Not every sign is one: there are stickers and stars.
    pub(super) emoji: Option<String>,
}

/// The message whose button was pressed. Of one that is too old only the first two are told.
#[derive(Deserialize)]
pub(super) struct Pressed {
    pub(super) chat: Chat,
    pub(super) message_id: i64,
    pub(super) message_thread_id: Option<i64>,
    #[serde(default)]
    pub(super) is_topic_message: bool,
}

impl Message {
    /// What it says, in words; of what was passed on, also whose words they were.
    pub(super) fn words(&mut self) -> Option<String> {
        let words = self.written().or_else(|| self.things.words())?;
        let Some(origin) = &self.forward_origin else { return Some(words) };
        let author = format!("↪ {}:\n", origin.name());
        for entities in [&mut self.entities, &mut self.caption_entities] {
            links::make_room(entities, 0, author.encode_utf16().count());
        }
        Some(author + &words)
    }

    /// What it says since it was changed: nothing, where the words below a file were taken away. `None` where it has no words that can
    /// have changed: where somebody is who shares that, which is told again with every step, a poll, a sticker.
    pub(super) fn changed_words(&mut self) -> Option<String> {
        self.written().or_else(|| self.things.can_have_words().then(String::new))
    }

    /// The part of what it answers that its author chose, or that stands for a message of another chat.
    pub(super) fn quoted(&mut self) -> Option<String> {
        let part = self.quote.take()?;
        (part.is_manual || self.reply_to_message.is_none()).then_some(part.text)
    }

    fn written(&mut self) -> Option<String> {
        let text = self.text.take().map(|text| links::written_out(&text, &mut self.entities));
        text.or_else(|| Some(links::written_out(&self.caption.take()?, &mut self.caption_entities)))
            .or_else(|| self.things.rich_words())
    }
}

impl Update {
    /// Where it happened.
    pub(super) fn chat(&self) -> Option<i64> {
        let message = self.message.as_ref().or(self.edited_message.as_ref()).map(|message| message.chat.id);
        let pressed = || Some(self.callback_query.as_ref()?.message.as_ref()?.chat.id);
        message
            .or_else(pressed)
            .or_else(|| Some(self.my_chat_member.as_ref()?.chat.id))
            .or_else(|| Some(self.message_reaction.as_ref()?.chat.id))
    }
}
