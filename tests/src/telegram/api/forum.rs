//! Topics.

use serde_json::{Value, json};

use super::{Answer, Given, Refusal, chat};
use crate::telegram::world::{Right, Topic, World};

/// The longest name of a topic, in UTF-16 units.
const LONGEST_NAME: usize = 128;
/// The colours that a topic can have.
const COLORS: [i64; 6] = [7_322_096, 16_766_590, 13_338_331, 9_367_192, 16_749_490, 16_478_047];

pub(super) fn create(world: &mut World, given: &Given) -> Answer {
    let chat = forum(world, given, "create a topic")?;
    let name = name(given)?;
    let color = given.number("icon_color").unwrap_or_default();
    if color != 0 && !COLORS.contains(&color) {
        return Err(Refusal::bad("TOPIC_ICON_COLOR_INVALID"));
    }
    let icon = Some(given.text("icon_custom_emoji_id").to_owned()).filter(|icon| !icon.is_empty());
    let bot = World::bot();
    let thread = world.begin_topic(chat, &bot, Topic { name: name.to_owned(), color, icon, closed: false });
    let color = world.chats.get(&chat).and_then(|chat| chat.topics.get(&thread)).map_or(color, |topic| topic.color);
    Ok(json!({"message_thread_id": thread, "name": name, "icon_color": color}))
}

pub(super) fn edit(world: &mut World, given: &Given) -> Answer {
    let chat = forum(world, given, "edit the topic")?;
    let thread = thread(world, chat, given)?;
    let new = if given.field("name").is_null() { None } else { Some(name(given)?.to_owned()) };
    let Some(topic) = world.chats.get_mut(&chat).and_then(|chat| chat.topics.get_mut(&thread)) else {
        return Err(Refusal::bad("TOPIC_ID_INVALID"));
    };
    let Some(new) = new.filter(|new| *new != topic.name) else { return Err(Refusal::bad("TOPIC_NOT_MODIFIED")) };
    topic.name.clone_from(&new);
    world.announce(chat, &World::bot(), Some(thread), "forum_topic_edited", json!({"name": new}));
    Ok(json!(true))
}

pub(super) fn close(world: &mut World, given: &Given, closed: bool) -> Answer {
    let chat = forum(world, given, if closed { "close the topic" } else { "reopen the topic" })?;
    let thread = thread(world, chat, given)?;
    if world.close_topic(chat, &World::bot(), thread, closed) {
        Ok(json!(true))
    } else {
        Err(Refusal::bad("TOPIC_NOT_MODIFIED"))
    }
}

pub(super) fn delete(world: &mut World, given: &Given) -> Answer {
    let chat = forum(world, given, "delete the topic")?;
    let thread = thread(world, chat, given)?;
    Ok(Value::from(world.delete_topic(chat, thread)))
}

/// A forum in which the bot may manage topics.
fn forum(world: &World, given: &Given, what: &str) -> Result<i64, Refusal> {
    let chat = chat(world, given)?;
    if !chat.is_forum() {
        return Err(Refusal::bad("the chat is not a forum"));
    }
    if !chat.bot_may(Right::ManageTopics) {
        return Err(Refusal::bad(&format!("not enough rights to {what}")));
    }
    Ok(chat.id)
}

fn thread(world: &World, chat: i64, given: &Given) -> Result<i64, Refusal> {
    let thread = given.number("message_thread_id").unwrap_or_default();
    let is_there = world.chats.get(&chat).is_some_and(|chat| chat.topics.contains_key(&thread));
    if is_there { Ok(thread) } else { Err(Refusal::bad("message thread not found")) }
}

fn name(given: &Given) -> Result<&str, Refusal> {
    let name = given.text("name");
    match name.encode_utf16().count() {
        0 => Err(Refusal::bad("topic name must be non-empty")),
        length if length > LONGEST_NAME => Err(Refusal::bad("topic name is too long")),
        _ => Ok(name),
    }
}
