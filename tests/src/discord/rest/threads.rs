//! Channels and threads: looked at, begun, changed, deleted.

use super::{
    Answer, Given, Refusal,
    messages::{content, may, reach},
};
use crate::discord::world::{BOT, Channel, Kind, Right, World};

pub(super) fn channel(world: &mut World, given: &Given, channel: &str) -> Answer {
    let at = reach(world, channel)?;
    match given.method.as_str() {
        "GET" => {}
        "PATCH" => {
            let Some(Kind::Thread { archived, locked, .. }) = world.channels.get(&at).map(|it| it.kind.clone()) else {
                return Err(Refusal::no_permission());
            };
            let flag = |name: &str| given.body[name].as_bool();
            // What is not locked anybody who may write in it brings back.
            if locked || flag("locked").is_some() || flag("archived") == Some(true) {
                may(world, at, Right::ManageThreads)?;
            }
            if let (Some(name), Some(found)) = (given.text("name"), world.channels.get_mut(&at)) {
                name.clone_into(&mut found.name);
            }
            if archived && flag("archived") == Some(false) {
                has_room(world, at)?;
            }
            if let Some(tags) = given.body["applied_tags"].as_array() {
                let parent = world.channels.get(&at).and_then(Channel::parent).unwrap_or_default();
                let tags = chosen(world, parent, tags)?;
                if let Some(post) = world.channels.get_mut(&at) {
                    post.tags = tags;
                }
            }
            world.archive(at, flag("archived").unwrap_or(archived), flag("locked"));
        }
        "DELETE" => {
            may(world, at, Right::ManageThreads)?;
            let described = world.channel_described(at);
            world.delete_channel(at);
            return Ok((200, described));
        }
        _ => return Err(Refusal::not_found()),
    }
    Ok((200, world.channel_described(at)))
}

/// The tags of a forum that a post is to have.
fn chosen(world: &World, forum: u64, tags: &[serde_json::Value]) -> Result<Vec<(u64, String)>, Refusal> {
    let forum = world.channels.get(&forum);
    if tags.is_empty() && forum.is_some_and(|forum| forum.wants_tags) {
        return Err(Refusal::new(400, 40_067, "A tag is required to create a forum post in this channel"));
    }
    let available = forum.map(|forum| forum.tags.clone()).unwrap_or_default();
    let known = |id: &serde_json::Value| {
        let id: u64 = id.as_str()?.parse().ok()?;
        available.iter().find(|(tag, _)| *tag == id).cloned()
    };
    let Some(wanted) = tags.iter().map(known).collect::<Option<Vec<_>>>().filter(|wanted| wanted.len() <= 5) else {
        return Err(Refusal::invalid(
            "applied_tags",
            "BASE_TYPE_BAD_LENGTH",
            "Must be 5 or fewer, and tags of the forum.",
        ));
    };
    Ok(wanted)
}

/// A server has only so many threads that are not put away.
pub(super) fn has_room(world: &World, channel: u64) -> Result<(), Refusal> {
    let guild = world.channels.get(&channel).and_then(Channel::guild);
    let most = guild.and_then(|guild| world.guilds.get(&guild)?.most_threads);
    let open = world
        .channels
        .values()
        .filter(|it| it.guild() == guild && matches!(it.kind, Kind::Thread { archived: false, .. }));
    if most.is_some_and(|most| open.count() >= most) {
        return Err(Refusal::new(400, 160_006, "Maximum number of active threads reached"));
    }
    Ok(())
}

/// A thread that begins with nothing, or a post.
pub(super) fn begin(world: &mut World, given: &Given, channel: &str) -> Answer {
    let parent = reach(world, channel)?;
    let private = given.body["type"].as_u64() == Some(12);
    may(world, parent, if private { Right::CreatePrivateThreads } else { Right::CreateThreads })?;
    let name = name(given)?;
    has_room(world, parent)?;
    let (guild, is_forum) = match world.channels.get(&parent).map(|it| &it.kind) {
        Some(Kind::Text { guild }) => (*guild, false),
        Some(Kind::Forum { guild }) => (*guild, true),
        _ => return Err(Refusal::new(400, 50_024, "Cannot execute action on this channel type")),
    };
    if is_forum && private {
        return Err(Refusal::new(400, 50_024, "Cannot execute action on this channel type"));
    }
    let kind = Kind::Thread { guild, parent, private, archived: false, locked: false };
    let id = world.id();
    if is_forum {
        if given.body["message"].is_null() {
            return Err(Refusal::invalid("message", "BASE_TYPE_REQUIRED", "This field is required"));
        }
        let message = Given { body: given.body["message"].clone(), ..Given::new("POST", "", "") };
        let content = content(world, &message, parent)?;
        let tags = chosen(world, parent, given.body["applied_tags"].as_array().map_or(&[], Vec::as_slice))?;
        world.begin_thread(id, &name, kind);
        if let Some(post) = world.channels.get_mut(&id) {
            post.tags = tags;
        }
        let written = world.write(id, BOT, content);
        // The first message of a post has the post's id.
        if let Some(first) = world.channels.get_mut(&id).and_then(|thread| thread.message_mut(written)) {
            first.id = id;
        }
    } else {
        world.begin_thread(id, &name, kind);
    }
    Ok((201, world.channel_described(id)))
}

/// A thread that begins with a message, and has its id.
pub(super) fn begin_from(world: &mut World, given: &Given, channel: &str, message: &str) -> Answer {
    let parent = reach(world, channel)?;
    may(world, parent, Right::CreateThreads)?;
    let name = name(given)?;
    let id = message.parse().map_err(|_| Refusal::unknown_message())?;
    let found = world.channels.get(&parent).filter(|channel| channel.message(id).is_some());
    let Some(guild) = found.map(|channel| channel.guild().unwrap_or_default()) else {
        return Err(Refusal::unknown_message());
    };
    if world.channels.contains_key(&id) {
        return Err(Refusal::new(400, 160_004, "A thread has already been created for this message"));
    }
    has_room(world, parent)?;
    let kind = Kind::Thread { guild, parent, private: false, archived: false, locked: false };
    world.begin_thread(id, &name, kind);
    Ok((201, world.channel_described(id)))
}

/// Somebody is brought into a thread.
pub(super) fn member(world: &mut World, channel: &str, user: &str) -> Answer {
    let thread = reach(world, channel)?;
    may(world, thread, Right::SendInThreads)?;
    let user = user.parse().unwrap_or_default();
    let guild = world.channels.get(&thread).and_then(|it| it.parent().and(it.guild()));
    let Some(guild) = guild else {
        return Err(Refusal::new(400, 50_024, "Cannot execute action on this channel type"));
    };
    if world.guilds.get(&guild).is_none_or(|guild| !guild.members.contains_key(&user)) {
        return Err(Refusal::new(404, 10_007, "Unknown Member"));
    }
    if let Some(found) = world.channels.get_mut(&thread) {
        found.members.insert(user);
    }
    Ok((204, serde_json::Value::Null))
}

fn name(given: &Given) -> Result<String, Refusal> {
    let name = given.text("name").unwrap_or_default();
    if (1..=100).contains(&name.chars().count()) {
        Ok(name.to_owned())
    } else {
        Err(Refusal::invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."))
    }
}
