//! A group of employees. Only what is meant for the bot is for the desk: a mention, a reply to it, a command of ours. Each person
//! has a place of their own in it, so that nobody's words are taken for another's.

use firstline_engine::{command::Command, inbound::InboundKind, people::AccountRef};
use serde::Deserialize;

use super::{Albums, Done, Message, account, external, topic};
use crate::identity::Me;

/// A piece of a text that means something; its place is counted in UTF-16 units.
#[derive(Deserialize)]
pub(super) struct Entity {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) offset: usize,
    pub(super) length: usize,
    /// Where the words lead, where that is not written.
    pub(super) url: Option<String>,
    /// Who is mentioned, where they have no name.
    user: Option<Mentioned>,
}

#[derive(Deserialize)]
struct Mentioned {
    id: i64,
}

/// What somebody asks the bot in a group; `None` when it is not meant, or when whoever speaks is no person. Of an album that is
/// meant every part is, whichever of them says so.
pub(super) fn asked(mut message: Message, chat: &str, me: &Me, albums: &Albums) -> Option<Done> {
    let (account, key) = by(&message, chat)?;
    let album = message.media_group_id.take();
    let words = message.words().unwrap_or_default();
    let text = match (for_us(&mut message, words, me), &album) {
        (Some(text), _) => text,
        (None, Some(album)) if albums.is_meant(album) => String::new(),
        (None, _) => return None,
    };
    let attachments = message.things.into_attachments();
    let kind = InboundKind::Public { message: external(message.message_id), text, attachments, album };
    Some((account, key, Some(message.date), kind))
}

/// The album that a message is a part of, where the message says that it is meant for the bot.
pub(super) fn album_for_us(mut message: Message, me: &Me) -> Option<String> {
    let words = message.words().unwrap_or_default();
    let album = message.media_group_id.take()?;
    for_us(&mut message, words, me).map(|_| album)
}

/// What somebody asks the bot in a group since they have changed it.
pub(super) fn asked_anew(mut message: Message, chat: &str, me: &Me) -> Option<Done> {
    let (account, key) = by(&message, chat)?;
    let words = message.changed_words()?;
    let text = for_us(&mut message, words, me)?;
    let at = message.edit_date.unwrap_or(message.date);
    Some((account, key, Some(at), InboundKind::Edited { message: external(message.message_id), text }))
}

/// Who speaks, and the place that they have in the group.
fn by(message: &Message, chat: &str) -> Option<(AccountRef, String)> {
    if !matches!(message.chat.kind.as_str(), "group" | "supergroup") || message.sender_chat.is_some() {
        return None;
    }
    let from = message.from.clone().filter(|user| !user.is_bot)?;
    let topic = topic(message.message_thread_id, message.is_topic_message).unwrap_or(0);
    let key = format!("{chat}/{topic}/{}", from.id);
    Some((account(from), key))
}

/// The words, without the bot's name, where they are meant for it.
fn for_us(message: &mut Message, words: String, me: &Me) -> Option<String> {
    let mut entities = std::mem::take(&mut message.entities);
    entities.append(&mut message.caption_entities);
    let replies = message
        .reply_to_message
        .as_ref()
        .and_then(|quoted| quoted.from.as_ref())
        .is_some_and(|author| author.id == me.id);
    match meant(&words, &entities, me) {
        Meant::For(text) => Some(text),
        Meant::ForNobody if replies => Some(words),
        Meant::ForAnother | Meant::ForNobody => None,
    }
}

/// For whom a text is.
#[derive(Debug, PartialEq)]
enum Meant {
    /// For the bot; without its name.
    For(String),
    /// A command for another bot.
    ForAnother,
    /// For whoever reads it.
    ForNobody,
}

fn meant(text: &str, entities: &[Entity], me: &Me) -> Meant {
    let units: Vec<u16> = text.encode_utf16().collect();
    let of = |entity: &Entity| {
        let end = entity.offset.saturating_add(entity.length);
        units.get(entity.offset..end).map(String::from_utf16_lossy).unwrap_or_default()
    };
    let is_our_name = |name: &str| name.eq_ignore_ascii_case(&me.username);
    if let Some(command) = entities.iter().find(|entity| entity.kind == "bot_command" && entity.offset == 0) {
        let command = of(command);
        match command.split_once('@') {
            Some((_, name)) if is_our_name(name) => return Meant::For(text.to_owned()),
            Some(_) => return Meant::ForAnother,
            None if Command::parse(&command).is_some() => return Meant::For(text.to_owned()),
            None => {}
        }
    }
    let mention = entities.iter().find(|entity| match entity.kind.as_str() {
        "mention" => of(entity).strip_prefix('@').is_some_and(is_our_name),
        "text_mention" => entity.user.as_ref().is_some_and(|user| user.id == me.id),
        _ => false,
    });
    let Some(mention) = mention else { return Meant::ForNobody };
    let end = mention.offset.saturating_add(mention.length).min(units.len());
    let (before, after) = (&units[..mention.offset.min(end)], &units[end..]);
    let (before, after) = (String::from_utf16_lossy(before), String::from_utf16_lossy(after));
    let left = |c: char| c.is_whitespace() || matches!(c, ',' | ':');
    let (before, after) = (before.trim(), after.trim_start_matches(left).trim_end());
    let gap = if before.is_empty() || after.is_empty() { "" } else { " " };
    Meant::For([before, gap, after].concat())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn me() -> Me {
        Me { id: 7, username: "Desk_bot".to_owned(), has_topics_enabled: false }
    }

    #[test]
    fn only_what_is_meant_for_the_bot_is_read() {
        let check = |text: &str, entities: Value, expected: Meant| {
            let entities: Vec<Entity> = serde_json::from_value(entities).expect("entities");
            assert_eq!(meant(text, &entities, &me()), expected, "{text:?}");
        };
        let mention = |offset: usize, length: usize| json!([{"type": "mention", "offset": offset, "length": length}]);
        let command = |length: usize| json!([{"type": "bot_command", "offset": 0, "length": length}]);
        let ours = |text: &str| Meant::For(text.to_owned());
        check("@desk_bot, my vpn is down", mention(0, 9), ours("my vpn is down"));
        check("🙂 hey @Desk_Bot my vpn", mention(7, 9), ours("🙂 hey my vpn"));
        check("@desk_bot", mention(0, 9), ours(""));
        check("@anna my vpn is down", mention(0, 5), Meant::ForNobody);
        check("my vpn is down", json!([]), Meant::ForNobody);
        check("/status", command(7), ours("/status"));
        check("/status@desk_bot", command(16), ours("/status@desk_bot"));
        check("/status@other_bot", command(17), Meant::ForAnother);
        check("/roll 6", command(5), Meant::ForNobody);
        check(
            "boss, look",
            json!([{"type": "text_mention", "offset": 0, "length": 4, "user": {"id": 7}}]),
            ours("look"),
        );
        // What cannot be true does no harm.
        check("x", mention(4, usize::MAX), Meant::ForNobody);
        check("x", json!([{"type": "text_mention", "offset": 9, "length": usize::MAX, "user": {"id": 7}}]), ours("x"));
    }
}
