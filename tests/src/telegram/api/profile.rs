//! What the bot is and what it says of itself.

use serde_json::{Value, json};

use super::{Answer, Given, Refusal};
use crate::telegram::world::World;

/// The most commands in a menu.
const MOST_COMMANDS: usize = 100;

/// The bot itself, as getMe tells.
pub(super) fn me(world: &World) -> Value {
    let mut me = World::bot();
    let more = json!({
        "can_join_groups": true, "can_read_all_group_messages": world.reads_everything,
        "supports_inline_queries": false, "can_connect_to_business": false, "has_main_web_app": false,
    });
    if world.has_private_topics {
        // Newer than the client, which has to read it all the same.
        me["has_topics_enabled"] = true.into();
    }
    for (name, value) in more.as_object().into_iter().flatten() {
        me[name] = value.clone();
    }
    me
}

pub(super) fn set_commands(world: &mut World, given: &Given) -> Answer {
    let key = key(world, given)?;
    let commands = given.structured("commands")?;
    let Some(list) = commands.as_array() else { return Err(Refusal::bad("can't parse commands")) };
    if list.len() > MOST_COMMANDS {
        return Err(Refusal::bad("too many commands specified"));
    }
    for command in list {
        let name = command["command"].as_str().unwrap_or_default();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || name.len() > 32 || !name.chars().all(plain) {
            return Err(Refusal::bad("BOT_COMMAND_INVALID"));
        }
        let length = command["description"].as_str().unwrap_or_default().encode_utf16().count();
        if !(1..=256).contains(&length) {
            return Err(Refusal::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
    }
    world.profile.commands.insert(key, commands);
    Ok(json!(true))
}

pub(super) fn commands(world: &World, given: &Given) -> Answer {
    Ok(world.profile.commands.get(&key(world, given)?).cloned().unwrap_or_else(|| json!([])))
}

pub(super) fn delete_commands(world: &mut World, given: &Given) -> Answer {
    world.profile.commands.remove(&key(world, given)?);
    Ok(json!(true))
}

/// The kind of chat (empty for all; of one chat, with its id) and the language (empty for all).
fn key(world: &World, given: &Given) -> Result<(String, String), Refusal> {
    let scope = given.structured("scope")?;
    let scope = match scope["type"].as_str() {
        None | Some("default") => String::new(),
        Some(kind @ ("all_private_chats" | "all_group_chats" | "all_chat_administrators")) => kind.to_owned(),
        Some(kind @ ("chat" | "chat_administrators" | "chat_member")) => {
            let id = super::given::number(&scope["chat_id"]).filter(|id| world.chats.contains_key(id));
            let Some(id) = id else { return Err(Refusal::bad("chat not found")) };
            format!("{kind} {id}")
        }
        Some(_) => return Err(Refusal::bad("can't parse BotCommandScope: unsupported type specified")),
    };
    Ok((scope, language(given)?))
}

fn language(given: &Given) -> Result<String, Refusal> {
    let language = given.text("language_code");
    let is_code = language.len() == 2 && language.chars().all(|c| c.is_ascii_lowercase());
    if language.is_empty() || is_code { Ok(language.to_owned()) } else { Err(Refusal::bad("LANG_CODE_INVALID")) }
}

pub(super) fn set_text(world: &mut World, given: &Given, name: &str, longest: usize) -> Answer {
    let text = given.text(name);
    if text.encode_utf16().count() > longest {
        return Err(Refusal::bad("the text is too long"));
    }
    world.profile.texts.insert((name.to_owned(), language(given)?), text.to_owned());
    Ok(json!(true))
}

pub(super) fn text(world: &World, given: &Given, name: &str) -> Answer {
    let key = (name.to_owned(), language(given)?);
    let text = world.profile.texts.get(&key).cloned().unwrap_or_default();
    Ok(json!({ (name): text }))
}
