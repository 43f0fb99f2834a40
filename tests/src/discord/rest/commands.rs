//! The app's commands.

use serde_json::{Value, json};

use super::{Answer, Given, Refusal};
use crate::discord::world::{BOT, World};

pub(super) fn call(world: &mut World, given: &Given, path: &[&str]) -> Answer {
    let guild = match path {
        ["applications", _, "commands"] => 0,
        ["applications", _, "guilds", guild, "commands"] => guild.parse().unwrap_or_default(),
        _ => return Err(Refusal::not_found()),
    };
    match given.method.as_str() {
        "GET" => {}
        "PUT" => {
            let commands = given.body.as_array().cloned().unwrap_or_default();
            let commands = commands.into_iter().map(|command| kept(world, guild, command)).collect();
            world.commands.insert(guild, commands);
        }
        _ => return Err(Refusal::not_found()),
    }
    Ok((200, world.commands.get(&guild).cloned().unwrap_or_default().into()))
}

fn kept(world: &mut World, guild: u64, mut command: Value) -> Value {
    let more = json!({"id": world.id().to_string(), "application_id": BOT.to_string(), "version": "1",
        "default_member_permissions": null, "description": ""});
    for (name, value) in more.as_object().into_iter().flatten() {
        if command.get(name).is_none() {
            command[name] = value.clone();
        }
    }
    if command.get("type").is_none() {
        command["type"] = 1.into();
    }
    if guild != 0 {
        command["guild_id"] = guild.to_string().into();
    }
    command
}
