//! Chats as wholes: what they are, who is in them, what is pinned.

use serde_json::{Value, json};

use super::{Answer, Given, Refusal, chat};
use crate::telegram::world::{Chat, Member, Right, World};

/// All that is known of a chat.
pub(super) fn get(world: &World, given: &Given) -> Answer {
    let chat = chat(world, given)?;
    let mut full = chat.described();
    full["accent_color_id"] = 3.into();
    full["max_reaction_count"] = 11.into();
    full["accepted_gift_types"] = json!({"unlimited_gifts": true, "limited_gifts": true, "unique_gifts": true,
                                         "premium_subscription": true});
    let pinned = chat.pinned.iter().rev().find_map(|id| world.message(chat.id, *id));
    if let Some(pinned) = pinned {
        full["pinned_message"] = world.described(chat.id, pinned);
    }
    Ok(full)
}

pub(super) fn member(world: &World, given: &Given) -> Answer {
    let chat = chat(world, given)?;
    let Some(id) = given.number("user_id") else { return Err(Refusal::bad("invalid user_id specified")) };
    if let Some(member) = chat.members.get(&id) {
        return Ok(member.described());
    }
    // Somebody that the bot has met elsewhere; of strangers nothing is told.
    let Some(met) = world.chats.get(&id).map(Chat::described) else { return Err(Refusal::bad("user not found")) };
    let user = json!({"id": id, "is_bot": false, "first_name": met["first_name"]});
    Ok(Member::new(user, "left").described())
}

pub(super) fn administrators(world: &World, given: &Given) -> Answer {
    let chat = chat(world, given)?;
    if chat.is_private() {
        return Err(Refusal::bad("there are no administrators in the private chat"));
    }
    let leads = |member: &&Member| matches!(member.status, "creator" | "administrator");
    Ok(chat.members.values().filter(leads).map(Member::described).collect())
}

pub(super) fn pin(world: &mut World, given: &Given) -> Answer {
    let chat = chat(world, given)?;
    if !chat.bot_may(Right::PinMessages) {
        return Err(Refusal::bad("not enough rights to manage pinned messages in the chat"));
    }
    let (id, is_private) = (chat.id, chat.is_private());
    let pinned = given.number("message_id").and_then(|message| world.message(id, message)).cloned();
    let Some(message) = pinned else { return Err(Refusal::bad("message to pin not found")) };
    if let Some(chat) = world.chats.get_mut(&id) {
        chat.pinned.retain(|pinned| *pinned != message.id);
        chat.pinned.push(message.id);
    }
    if !is_private {
        let thread = message.thread.filter(|_| message.in_topic);
        let described = world.described(id, &message);
        world.announce(id, &World::bot(), thread, "pinned_message", described);
    }
    Ok(json!(true))
}

pub(super) fn unpin(world: &mut World, given: &Given) -> Answer {
    let chat = chat(world, given)?;
    if !chat.bot_may(Right::PinMessages) {
        return Err(Refusal::bad("not enough rights to manage pinned messages in the chat"));
    }
    let (id, message) = (chat.id, given.number("message_id"));
    if let Some(chat) = world.chats.get_mut(&id) {
        match message {
            Some(message) if chat.pinned.contains(&message) => chat.pinned.retain(|pinned| *pinned != message),
            Some(_) => return Err(Refusal::bad("message to unpin not found")),
            None => {
                chat.pinned.pop();
            }
        }
    }
    Ok(json!(true))
}

pub(super) fn leave(world: &mut World, given: &Given) -> Answer {
    let chat = chat(world, given)?;
    if chat.is_private() {
        return Err(Refusal::bad("chat member status can't be changed in private chats"));
    }
    let id = chat.id;
    world.place_bot(id, &World::bot(), "left", &[]);
    Ok(Value::Bool(true))
}
