//! What each method does, and how it refuses. A new method is a line in [`call`] and a function in one of the files below, one
//! for each kind of thing that a bot does.

mod changing;
mod chats;
mod entities;
mod forum;
mod given;
mod intake;
mod media;
mod profile;
mod sending;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    Platform,
    world::{Chat, File},
};

pub(super) use given::Given;

/// What a method answers.
pub(super) type Answer = Result<Value, Refusal>;

/// The files that came with a request, by the names of their parts.
pub(super) type Uploads = BTreeMap<String, File>;

/// Why a method is not carried out.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) code: u16,
    description: String,
    /// `parameters`, or null.
    parameters: Value,
}

impl Refusal {
    fn new(code: u16, description: String) -> Self {
        Self { code, description, parameters: Value::Null }
    }

    pub(super) fn bad(why: &str) -> Self {
        Self::new(400, format!("Bad Request: {why}"))
    }

    fn forbidden(why: &str) -> Self {
        Self::new(403, format!("Forbidden: {why}"))
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, "Not Found".to_owned())
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(401, "Unauthorized".to_owned())
    }

    fn conflict(why: &str) -> Self {
        Self::new(409, format!("Conflict: {why}"))
    }

    pub(super) fn too_large() -> Self {
        Self::new(413, "Request Entity Too Large".to_owned())
    }

    pub(super) fn too_many(retry_after: u64) -> Self {
        let refusal = Self::new(429, format!("Too Many Requests: retry after {retry_after}"));
        Self { parameters: json!({"retry_after": retry_after}), ..refusal }
    }

    fn migrated(to: i64) -> Self {
        let refusal = Self::bad("group chat was upgraded to a supergroup chat");
        Self { parameters: json!({"migrate_to_chat_id": to}), ..refusal }
    }

    pub(super) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(super) fn body(&self) -> Value {
        let mut body = json!({"ok": false, "error_code": self.code, "description": self.description});
        if !self.parameters.is_null() {
            body["parameters"] = self.parameters.clone();
        }
        body
    }
}

/// Carries out a method, named in lower case.
pub(super) async fn call(platform: &Platform, method: &str, given: &Given) -> Answer {
    if method == "getupdates" {
        return intake::get_updates(platform, given).await;
    }
    let mut state = platform.state();
    let state = &mut *state;
    match method {
        "setwebhook" => return intake::set_webhook(state, given),
        "deletewebhook" => return Ok(intake::delete_webhook(state, given)),
        "getwebhookinfo" => return Ok(intake::webhook_info(state)),
        _ => {}
    }
    let world = &mut state.world;
    match method {
        "getme" => Ok(profile::me(world)),
        "setmycommands" => profile::set_commands(world, given),
        "getmycommands" => profile::commands(world, given),
        "deletemycommands" => profile::delete_commands(world, given),
        "setmydescription" => profile::set_text(world, given, "description", 512),
        "getmydescription" => profile::text(world, given, "description"),
        "setmyshortdescription" => profile::set_text(world, given, "short_description", 120),
        "getmyshortdescription" => profile::text(world, given, "short_description"),
        "sendmessage" => sending::message(world, given),
        "sendphoto" => media::send(world, given, "photo"),
        "senddocument" => media::send(world, given, "document"),
        "sendvideo" => media::send(world, given, "video"),
        "sendvoice" => media::send(world, given, "voice"),
        "sendaudio" => media::send(world, given, "audio"),
        "sendanimation" => media::send(world, given, "animation"),
        "sendvideonote" => media::send(world, given, "video_note"),
        "sendsticker" => media::send(world, given, "sticker"),
        "sendmediagroup" => media::send_group(world, given),
        "sendlocation" => sending::location(world, given),
        "sendcontact" => sending::contact(world, given),
        "sendchataction" => sending::chat_action(world, given),
        "copymessage" => sending::copy(world, given),
        "editmessagetext" => changing::text(world, given),
        "editmessagecaption" => changing::caption(world, given),
        "editmessagereplymarkup" => changing::keyboard(world, given),
        "deletemessage" => changing::delete(world, given),
        "setmessagereaction" => changing::react(world, given),
        "answercallbackquery" => changing::answer_press(world, given),
        "getfile" => media::get_file(world, given),
        "createforumtopic" => forum::create(world, given),
        "editforumtopic" => forum::edit(world, given),
        "closeforumtopic" => forum::close(world, given, true),
        "reopenforumtopic" => forum::close(world, given, false),
        "deleteforumtopic" => forum::delete(world, given),
        "pinchatmessage" => chats::pin(world, given),
        "unpinchatmessage" => chats::unpin(world, given),
        "getchat" => chats::get(world, given),
        "getchatmember" => chats::member(world, given),
        "getchatadministrators" => chats::administrators(world, given),
        "leavechat" => chats::leave(world, given),
        _ => Err(Refusal::not_found()),
    }
}

/// A chat that the bot can be in touch with, or why not.
fn chat<'w>(world: &'w super::world::World, given: &Given) -> Result<&'w Chat, Refusal> {
    let Some(id) = given.number("chat_id") else { return Err(Refusal::bad("chat_id is empty")) };
    let Some(chat) = world.chats.get(&id) else { return Err(Refusal::bad("chat not found")) };
    if let Some(new) = chat.migrated_to {
        return Err(Refusal::migrated(new));
    }
    if chat.deactivated {
        return Err(Refusal::forbidden("user is deactivated"));
    }
    if !chat.has_bot() {
        return Err(Refusal::forbidden(match (chat.is_private(), chat.is_supergroup()) {
            (true, _) => "bot was blocked by the user",
            (_, true) => "bot was kicked from the supergroup chat",
            (_, false) => "bot was kicked from the group chat",
        }));
    }
    Ok(chat)
}
