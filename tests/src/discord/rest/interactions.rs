//! Answers to what people do with the app: the first within three seconds, the others within fifteen minutes.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    Answer, Given, Refusal,
    messages::{content, described, rewrite},
};
use crate::discord::world::{BOT, Interaction, World};

const LAST: Duration = Duration::from_mins(15);
const EPHEMERAL: u64 = 1 << 6;

pub(super) fn call(world: &mut World, given: &Given, path: &[&str]) -> Answer {
    match (given.method.as_str(), path) {
        ("POST", ["interactions", id, token, "callback"]) => {
            let found = id.parse::<u64>().ok().and_then(|id| world.interactions.get(&id));
            let Some(found) = found.filter(|it| it.token == *token && it.began.elapsed() < world.patience).cloned()
            else {
                return Err(Refusal::new(404, 10_062, "Unknown interaction"));
            };
            if found.answered.is_some() {
                return Err(Refusal::new(400, 40_060, "Interaction has already been acknowledged."));
            }
            acknowledge(world, given, &found)?;
            Ok((204, Value::Null))
        }
        (method, ["webhooks", _, token, rest @ ..]) => {
            let found = world.interactions.values().find(|it| it.token == *token && it.began.elapsed() < LAST).cloned();
            let Some(found) = found.filter(|_| !world.forgetful) else {
                return Err(Refusal::new(401, 50_027, "Invalid Webhook Token"));
            };
            follow_up(world, given, &found, method, rest)
        }
        _ => Err(Refusal::not_found()),
    }
}

fn acknowledge(world: &mut World, given: &Given, found: &Interaction) -> Result<(), Refusal> {
    let kind = given.body["type"].as_u64().unwrap_or_default();
    let data = Given { body: given.body["data"].clone(), files: given.files.clone(), ..Given::new("POST", "", "") };
    let secret = data.body["flags"].as_u64().is_some_and(|flags| flags & EPHEMERAL != 0);
    let only_for = secret.then_some(found.user);
    match kind {
        4 => {
            let mut content = content(world, &data, found.channel)?;
            content.only_for = only_for;
            let id = world.write(found.channel, BOT, content);
            note(world, found.id, kind, Some(id), &data.body);
        }
        7 => {
            if let Some(message) = found.original {
                rewrite(world, &data, found.channel, message)?;
            }
            note(world, found.id, kind, found.original, &data.body);
        }
        5 => note(world, found.id, kind, None, &data.body),
        8 => {
            let choices = data.body["choices"].as_array().map_or(0, Vec::len);
            if choices > 25 {
                return Err(Refusal::invalid("choices", "BASE_TYPE_BAD_LENGTH", "Must be 25 or fewer in length."));
            }
            note(world, found.id, kind, None, &data.body);
        }
        _ => note(world, found.id, kind, found.original, &data.body),
    }
    Ok(())
}

fn note(world: &mut World, interaction: u64, kind: u64, original: Option<u64>, data: &Value) {
    let secret = data["flags"].as_u64().is_some_and(|flags| flags & EPHEMERAL != 0);
    if let Some(found) = world.interactions.get_mut(&interaction) {
        found.answered = Some(kind);
        found.original = original;
        found.secret = secret;
        found.data = data.clone();
    }
}

fn follow_up(world: &mut World, given: &Given, found: &Interaction, method: &str, rest: &[&str]) -> Answer {
    let unknown = Refusal::unknown_message;
    // Nothing can be said before the first answer.
    if found.answered.is_none() {
        return Err(Refusal::new(404, 10_015, "Unknown Webhook"));
    }
    match (method, rest) {
        ("POST", []) => {
            let mut content = content(world, given, found.channel)?;
            let secret = given.body["flags"].as_u64().is_some_and(|flags| flags & EPHEMERAL != 0);
            content.only_for = secret.then_some(found.user);
            let id = world.write(found.channel, BOT, content);
            Ok((200, described(world, found.channel, id)))
        }
        ("GET", ["messages", "@original"]) => {
            Ok((200, described(world, found.channel, found.original.ok_or_else(unknown)?)))
        }
        ("PATCH", ["messages", "@original"]) => {
            if let Some(message) = found.original {
                return rewrite(world, given, found.channel, message);
            }
            let mut content = content(world, given, found.channel)?;
            content.only_for = found.secret.then_some(found.user);
            let id = world.write(found.channel, BOT, content);
            if let Some(found) = world.interactions.get_mut(&found.id) {
                found.original = Some(id);
            }
            Ok((200, described(world, found.channel, id)))
        }
        ("DELETE", ["messages", "@original"]) => {
            if let Some(message) = found.original {
                world.remove(found.channel, message);
            }
            Ok((204, json!(null)))
        }
        _ => Err(Refusal::not_found()),
    }
}
