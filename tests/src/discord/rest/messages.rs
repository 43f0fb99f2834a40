//! Messages: written, read, changed, deleted, reacted to, pinned.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Answer, Given, Refusal, threads};
use crate::discord::world::{BOT, Channel, Content, Kind, Right, World};

/// Limits that Discord's description of its API does not tell.
const LONGEST: usize = 2000;
const MB: usize = 1024 * 1024;

pub(super) fn call(world: &mut World, given: &Given, channel: &str, rest: &[&str]) -> Answer {
    let at = reach(world, channel)?;
    match (given.method.as_str(), rest) {
        ("POST", ["typing"]) => {
            *world.typing.entry(at).or_default() += 1;
            Ok((204, Value::Null))
        }
        ("GET", ["messages"]) => Ok((200, read(world, given, at))),
        ("POST", ["messages"]) => post(world, given, at),
        ("GET", ["messages", "pins"]) => Ok((200, json!({"items": [], "has_more": false}))),
        ("PUT", ["messages", "pins", message] | ["pins", message]) => {
            may(world, at, Right::PinMessages)?;
            let message = known(world, at, message)?;
            world.rewrite(at, message, |message| message.pinned = true);
            Ok((204, Value::Null))
        }
        ("GET", ["messages", message]) => {
            let message = known(world, at, message)?;
            Ok((200, described(world, at, message)))
        }
        ("PATCH", ["messages", message]) => change(world, given, at, message),
        ("DELETE", ["messages", message]) => {
            let message = known(world, at, message)?;
            // That takes a right that the app does not have.
            if !is_ours(world, at, message) {
                return Err(Refusal::no_permission());
            }
            world.remove(at, message);
            Ok((204, Value::Null))
        }
        ("PUT", ["messages", message, "reactions", emoji, "@me"]) => {
            may(world, at, Right::AddReactions)?;
            let message = known(world, at, message)?;
            if world.channels.get(&at).is_some_and(Channel::is_archived) {
                return Err(Refusal::new(400, 50_083, "Thread is archived"));
            }
            if let Some(found) = world.channels.get_mut(&at).and_then(|channel| channel.message_mut(message)) {
                let by = found.reactions.entry((*emoji).to_owned()).or_default();
                if !by.contains(&BOT) {
                    by.push(BOT);
                }
            }
            Ok((204, Value::Null))
        }
        ("GET", ["threads", "archived", "public"]) => Ok((200, archived(world, at))),
        _ => Err(Refusal::not_found()),
    }
}

/// The channel, if there is one and the bot sees it.
pub(super) fn reach(world: &World, channel: &str) -> Result<u64, Refusal> {
    let id = channel.parse().map_err(|_| Refusal::invalid("channel_id", "NUMBER_TYPE_COERCE", "not snowflake."))?;
    let Some(found) = world.channels.get(&id) else { return Err(Refusal::unknown_channel()) };
    let hidden = |it: &Channel| it.denied.contains(&Right::View);
    let parent = found.parent().and_then(|parent| world.channels.get(&parent));
    if hidden(found) || parent.is_some_and(hidden) { Err(Refusal::no_access()) } else { Ok(id) }
}

/// What counts in a thread is what may be done in its channel.
pub(super) fn may(world: &World, channel: u64, right: Right) -> Result<(), Refusal> {
    let Some(found) = world.channels.get(&channel) else { return Err(Refusal::unknown_channel()) };
    let holder = found.parent().and_then(|parent| world.channels.get(&parent)).unwrap_or(found);
    if holder.denied.contains(&right) { Err(Refusal::no_permission()) } else { Ok(()) }
}

fn known(world: &World, channel: u64, message: &str) -> Result<u64, Refusal> {
    let id = message.parse().map_err(|_| Refusal::unknown_message())?;
    let found = world.channels.get(&channel).and_then(|channel| channel.message(id));
    found.map(|message| message.id).ok_or_else(Refusal::unknown_message)
}

fn is_ours(world: &World, channel: u64, message: u64) -> bool {
    let found = world.channels.get(&channel).and_then(|channel| channel.message(message));
    found.is_some_and(|message| message.author == BOT)
}

pub(super) fn described(world: &World, channel: u64, message: u64) -> Value {
    let Some(channel) = world.channels.get(&channel) else { return Value::Null };
    channel.message(message).map(|message| world.described(channel, message)).unwrap_or_default()
}

/// A page, the newest first.
fn read(world: &World, given: &Given, channel: u64) -> Value {
    let Some(channel) = world.channels.get(&channel) else { return json!([]) };
    let limit = usize::try_from(given.number("limit").unwrap_or(50).clamp(1, 100)).unwrap_or(50);
    let messages = channel.messages.iter().filter(|it| !it.deleted && it.only_for.is_none());
    let all: Vec<_> = match (given.number("after"), given.number("before")) {
        // The oldest ones behind it.
        (Some(after), _) => messages.filter(|it| it.id > after).take(limit).collect(),
        (None, before) => {
            let mut page: Vec<_> = messages.filter(|it| before.is_none_or(|before| it.id < before)).collect();
            page.drain(..page.len().saturating_sub(limit));
            page
        }
    };
    all.into_iter().rev().map(|message| world.described(channel, message)).collect()
}

fn post(world: &mut World, given: &Given, channel: u64) -> Answer {
    let right = match world.channels.get(&channel).map(|it| &it.kind) {
        Some(Kind::Dm { with }) => {
            if world.user(*with).closed {
                return Err(Refusal::new(403, 50_007, "Cannot send messages to this user"));
            }
            None
        }
        Some(Kind::Forum { .. }) => {
            return Err(Refusal::new(400, 50_008, "Cannot send messages in a non-text channel"));
        }
        Some(Kind::Thread { locked: true, .. }) => Some(Right::ManageThreads),
        Some(Kind::Thread { .. }) => Some(Right::SendInThreads),
        _ => Some(Right::Send),
    };
    if let Some(right) = right {
        may(world, channel, right)?;
    }
    if world.channels.get(&channel).is_some_and(Channel::is_archived) {
        threads::has_room(world, channel)?;
    }
    if !given.files.is_empty() {
        may(world, channel, Right::AttachFiles)?;
    }
    let content = content(world, given, channel)?;
    let nonce = given.text("nonce").map(|nonce| (channel, nonce.to_owned()));
    let enforced = nonce.filter(|_| given.body["enforce_nonce"] == true);
    if let Some(before) = enforced.as_ref().and_then(|nonce| world.nonces.get(nonce)) {
        return Ok((200, described_even_deleted(world, channel, *before)));
    }
    let id = world.write(channel, BOT, content);
    if let Some(nonce) = enforced {
        world.nonces.insert(nonce, id);
    }
    Ok((200, described(world, channel, id)))
}

fn described_even_deleted(world: &World, channel: u64, message: u64) -> Value {
    let Some(channel) = world.channels.get(&channel) else { return Value::Null };
    let found = channel.messages.iter().find(|it| it.id == message);
    found.map(|message| world.described(channel, message)).unwrap_or_default()
}

fn change(world: &mut World, given: &Given, channel: u64, message: &str) -> Answer {
    let message = known(world, channel, message)?;
    if !is_ours(world, channel, message) {
        return Err(Refusal::new(403, 50_005, "Cannot edit a message authored by another user"));
    }
    if world.channels.get(&channel).is_some_and(Channel::is_archived) {
        return Err(Refusal::new(400, 50_083, "Thread is archived"));
    }
    rewrite(world, given, channel, message)
}

pub(super) fn rewrite(world: &mut World, given: &Given, channel: u64, message: u64) -> Answer {
    check(&given.body)?;
    let pings = pings(world, &given.body);
    world.rewrite(channel, message, |message| {
        if let Some(text) = given.text("content") {
            text.clone_into(&mut message.content);
            message.pings = pings;
        }
        if let Some(embeds) = given.body.get("embeds") {
            message.embeds = embeds.clone();
        }
        if let Some(components) = given.body.get("components") {
            message.components = components.clone();
        }
    });
    Ok((200, described(world, channel, message)))
}

/// What the app writes, checked.
pub(super) fn content(world: &World, given: &Given, channel: u64) -> Result<Content, Refusal> {
    let body = &given.body;
    check(body)?;
    let text = body["content"].as_str().unwrap_or_default().to_owned();
    let nothing = |name: &str| body[name].as_array().is_none_or(Vec::is_empty);
    if text.trim().is_empty() && given.files.is_empty() && nothing("embeds") && nothing("components") {
        return Err(Refusal::new(400, 50_006, "Cannot send an empty message"));
    }
    let largest = largest_file(world, channel);
    if given.files.iter().any(|(_, _, bytes)| bytes.len() > largest) {
        return Err(Refusal::new(413, 40_005, "Request entity too large"));
    }
    let quoted = body["message_reference"]["message_id"].as_str().and_then(|id| id.parse().ok());
    let exists = quoted.filter(|id| world.channels.get(&channel).is_some_and(|it| it.message(*id).is_some()));
    if quoted.is_some() && exists.is_none() && body["message_reference"]["fail_if_not_exists"] != false {
        return Err(Refusal::invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message"));
    }
    Ok(Content {
        text,
        components: body["components"].clone(),
        embeds: body["embeds"].clone(),
        files: given.files.clone(),
        reply_to: exists,
        nonce: body["nonce"].clone(),
        pings: pings(world, body),
        only_for: None,
    })
}

/// In direct messages, and where nobody has boosted the server, it is 10 MB.
fn largest_file(world: &World, channel: u64) -> usize {
    let guild = world.channels.get(&channel).and_then(Channel::guild).and_then(|guild| world.guilds.get(&guild));
    match guild.map(|guild| guild.level) {
        Some(2) => 50 * MB,
        Some(3) => 100 * MB,
        _ => 10 * MB,
    }
}

/// Whoever would be called by a text of the app's.
fn pings(world: &World, body: &Value) -> Vec<u64> {
    let text = body["content"].as_str().unwrap_or_default();
    let allowed = &body["allowed_mentions"];
    let everybody = allowed.is_null() || allowed["parse"].as_array().is_some_and(|it| it.contains(&json!("users")));
    let named = |id: &u64| allowed["users"].as_array().is_some_and(|it| it.contains(&json!(id.to_string())));
    let known = world.users.keys().filter(|id| text.contains(&format!("<@{id}>")));
    known.filter(|id| everybody || named(id)).copied().collect()
}

fn check(body: &Value) -> Result<(), Refusal> {
    let length = |value: &Value| value.as_str().map_or(0, |text| text.chars().count());
    if length(&body["content"]) > LONGEST {
        return Err(Refusal::invalid("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length."));
    }
    let frames = body["embeds"].as_array().into_iter().flatten().map(|embed| length(&embed["description"]));
    if frames.clone().any(|length| length > 4096) || frames.sum::<usize>() > 6000 {
        return Err(Refusal::invalid("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000"));
    }
    let rows: &[Value] = body["components"].as_array().map_or(&[], Vec::as_slice);
    if rows.len() > 5 {
        return Err(Refusal::invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length."));
    }
    let mut ids = BTreeSet::new();
    for row in rows {
        let parts: &[Value] = row["components"].as_array().map_or(&[], Vec::as_slice);
        let has_list = parts.iter().any(|part| part["type"] == 3);
        if parts.is_empty() || parts.len() > if has_list { 1 } else { 5 } {
            return Err(Refusal::invalid("components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The row is too wide"));
        }
        for part in parts {
            if length(&part["label"]) > 80 || length(&part["custom_id"]) > 100 {
                return Err(Refusal::invalid("components", "BASE_TYPE_MAX_LENGTH", "Too long"));
            }
            if !ids.insert(part["custom_id"].to_string()) {
                return Err(Refusal::invalid("components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Duplicate custom id"));
            }
        }
    }
    Ok(())
}

fn archived(world: &World, channel: u64) -> Value {
    let threads = world.channels.values().filter(|it| it.parent() == Some(channel) && it.is_archived());
    let threads: Vec<Value> = threads.map(|it| world.channel_described(it.id)).collect();
    json!({"threads": threads, "members": [], "has_more": false})
}
