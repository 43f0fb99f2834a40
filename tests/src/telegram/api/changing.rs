//! What the bot changes afterwards: its messages, its reactions; and what it answers to presses.

use serde_json::{Map, Value, json};

use super::{
    Answer, Given, Refusal, chat,
    entities::{LONGEST_CAPTION, LONGEST_TEXT, marked},
    sending,
};
use crate::telegram::world::{BOT, Message, Right, World};

/// The longest answer to a press, in UTF-16 units.
const LONGEST_ANSWER: usize = 200;
/// For so long the bot can delete, in seconds.
const DELETABLE: i64 = 48 * 60 * 60;

/// The emoji that can be put on a message.
const EMOJI: [&str; 24] = [
    "👍", "👎", "❤", "🔥", "🥰", "👏", "😁", "🤔", "🤯", "😱", "🎉", "🙏", "👌", "🕊", "🤝", "✍", "👀", "🤓", "👻",
    "💯", "⚡", "🏆", "😢", "🤗",
];

pub(super) fn text(world: &mut World, given: &Given) -> Answer {
    let place = found(world, given, "edit")?;
    let Some((text, marks)) = marked(given, "text", "entities", LONGEST_TEXT)? else {
        return Err(Refusal::bad("message text is empty"));
    };
    let keyboard = sending::keyboard(given)?;
    if !message(world, place).body.contains_key("text") {
        return Err(Refusal::bad("there is no text in the message to edit"));
    }
    change(world, place, keyboard, |body| {
        body.insert("text".to_owned(), text.into());
        put_marks(body, "entities", marks);
    })
}

pub(super) fn caption(world: &mut World, given: &Given) -> Answer {
    let place = found(world, given, "edit")?;
    let caption = marked(given, "caption", "caption_entities", LONGEST_CAPTION)?;
    let keyboard = sending::keyboard(given)?;
    if !message(world, place).carries_file() {
        return Err(Refusal::bad("there is no caption in the message to edit"));
    }
    change(world, place, keyboard, |body| {
        if let Some((text, marks)) = caption {
            body.insert("caption".to_owned(), text.into());
            put_marks(body, "caption_entities", marks);
        } else {
            body.remove("caption");
            body.remove("caption_entities");
        }
    })
}

pub(super) fn keyboard(world: &mut World, given: &Given) -> Answer {
    let place = found(world, given, "edit")?;
    let keyboard = sending::keyboard(given)?;
    change(world, place, keyboard, |_| {})
}

pub(super) fn delete(world: &mut World, given: &Given) -> Answer {
    let (chat, id) = found(world, given, "delete")?;
    let may_any = world.chats.get(&chat).is_some_and(|chat| !chat.is_private() && chat.bot_may(Right::DeleteMessages));
    let now = world.now;
    let message = message(world, (chat, id));
    let is_old = message.date + DELETABLE < now;
    let is_ones_own = message.by_bot() || world.chats.get(&chat).is_some_and(super::Chat::is_private);
    if !may_any && (is_old || !is_ones_own) {
        return Err(Refusal::bad("message can't be deleted"));
    }
    if let Some(message) = world.message_mut(chat, id) {
        message.deleted = true;
    }
    Ok(json!(true))
}

pub(super) fn react(world: &mut World, given: &Given) -> Answer {
    let (chat, id) = found(world, given, "react")?;
    let reaction = given.structured("reaction")?;
    let emoji: Vec<&str> = reaction.as_array().into_iter().flatten().filter_map(|it| it["emoji"].as_str()).collect();
    if emoji.iter().any(|it| !EMOJI.contains(it)) {
        return Err(Refusal::bad("REACTION_INVALID"));
    }
    if emoji.len() > 1 {
        return Err(Refusal::bad("REACTIONS_TOO_MANY"));
    }
    if let Some(message) = world.message_mut(chat, id) {
        message.reactions.insert(BOT, if reaction.is_null() { json!([]) } else { reaction });
    }
    Ok(json!(true))
}

pub(super) fn answer_press(world: &mut World, given: &Given) -> Answer {
    let text = given.text("text");
    if text.encode_utf16().count() > LONGEST_ANSWER {
        return Err(Refusal::bad("MESSAGE_TOO_LONG"));
    }
    if !world.presses.remove(given.text("callback_query_id")) {
        return Err(Refusal::bad("query is too old and response timeout expired or query ID is invalid"));
    }
    world.popups.push(text.to_owned());
    Ok(json!(true))
}

/// The chat and the message that are meant.
fn found(world: &World, given: &Given, what: &str) -> Result<(i64, i64), Refusal> {
    let chat = chat(world, given)?.id;
    let Some(id) = given.number("message_id") else {
        return Err(Refusal::bad("message identifier is not specified"));
    };
    let Some(message) = world.message(chat, id) else {
        return Err(Refusal::bad(&format!("message to {what} not found")));
    };
    if what == "edit" && !message.by_bot() {
        return Err(Refusal::bad("message can't be edited"));
    }
    Ok((chat, id))
}

fn message(world: &World, (chat, id): (i64, i64)) -> Message {
    world.message(chat, id).cloned().unwrap_or_else(|| Message::new(id, 0, Value::Null))
}

/// Changes a message, unless it is so already. Buttons that are not named again are gone.
fn change(
    world: &mut World,
    (chat, id): (i64, i64),
    keyboard: Value,
    change: impl FnOnce(&mut Map<String, Value>),
) -> Answer {
    let now = world.now;
    let Some(message) = world.message_mut(chat, id) else { return Err(Refusal::bad("message to edit not found")) };
    let mut body = message.body.clone();
    change(&mut body);
    if body == message.body && keyboard == message.keyboard {
        return Err(Refusal::bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a current \
             content and reply markup of the message",
        ));
    }
    message.body = body;
    message.keyboard = keyboard;
    message.edited = Some(now);
    let message = message.clone();
    Ok(world.described(chat, &message))
}

fn put_marks(body: &mut Map<String, Value>, name: &str, marks: Value) {
    if marks.as_array().is_some_and(|marks| !marks.is_empty()) {
        body.insert(name.to_owned(), marks);
    } else {
        body.remove(name);
    }
}
