//! What each method does, and how it refuses.

use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

use super::{
    LONGEST_POLL, Platform, State,
    chats::{Unchanged, buttons},
};

/// The longest text of a message, in UTF-16 units.
const LONGEST_TEXT: usize = 4096;
/// The longest answer to a press, in UTF-16 units.
const LONGEST_ANSWER: usize = 200;
/// The longest data of a button, in bytes.
const LONGEST_DATA: usize = 64;

/// Why a method is not carried out.
#[derive(Debug)]
pub(super) struct Refusal {
    code: u16,
    description: String,
}

impl Refusal {
    pub(super) fn bad(why: &str) -> Self {
        Self { code: 400, description: format!("Bad Request: {why}") }
    }

    pub(super) fn not_found() -> Self {
        Self { code: 404, description: "Not Found".to_owned() }
    }

    pub(super) fn unauthorized() -> Self {
        Self { code: 401, description: "Unauthorized".to_owned() }
    }

    fn other_listener() -> Self {
        let why = "terminated by other getUpdates request; make sure that only one bot instance is running";
        Self { code: 409, description: format!("Conflict: {why}") }
    }

    pub(super) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(super) fn body(&self) -> Value {
        json!({"ok": false, "error_code": self.code, "description": self.description})
    }
}

type Answer = Result<Value, Refusal>;

/// Carries out a method, named in lower case.
pub(super) async fn call(platform: &Platform, method: &str, given: &Value) -> Answer {
    match method {
        "getupdates" => get_updates(platform, given).await,
        "getme" => Ok(bot()),
        "sendmessage" => send_message(&mut platform.state(), given),
        "editmessagetext" => edit_message_text(&mut platform.state(), given),
        "deletemessage" => delete_message(&mut platform.state(), given),
        "answercallbackquery" => answer_callback_query(&mut platform.state(), given),
        "sendchataction" => send_chat_action(&platform.state(), given),
        _ => Err(Refusal::not_found()),
    }
}

/// The bot itself, as getMe tells.
fn bot() -> Value {
    json!({
        "id": 4711, "is_bot": true, "first_name": "Firstline", "username": "firstline_test_bot",
        "can_join_groups": true, "can_read_all_group_messages": false, "supports_inline_queries": false,
        "can_connect_to_business": false, "has_main_web_app": false,
    })
}

async fn get_updates(platform: &Platform, given: &Value) -> Answer {
    let offset = number(given, "offset").unwrap_or(0);
    let limit = number(given, "limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(100).clamp(1, 100);
    let seconds = number(given, "timeout").and_then(|wait| u64::try_from(wait).ok()).unwrap_or(0);
    let me = {
        let mut state = platform.state();
        if let Some(kinds) = structured(given, "allowed_updates")?.as_array() {
            let kinds = kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            state.chats.allow(kinds);
        }
        state.listeners += 1;
        state.listeners
    };
    // Whoever listened before is told to stop.
    platform.changed();
    let deadline = Instant::now() + Duration::from_secs(seconds).min(LONGEST_POLL);
    let look = |state: &mut State| {
        if state.listeners != me {
            return Some(Err(Refusal::other_listener()));
        }
        let updates = state.chats.updates(offset, limit);
        (!updates.is_empty()).then(|| Ok(Value::from(updates)))
    };
    platform.wait_for(deadline, look).await.unwrap_or_else(|| Ok(json!([])))
}

fn send_message(state: &mut State, given: &Value) -> Answer {
    let chat = chat(state, given)?;
    let text = text(given)?;
    let keyboard = keyboard(given)?;
    state.chats.add(chat, bot(), true, text, keyboard).ok_or_else(|| Refusal::bad("chat not found"))
}

fn edit_message_text(state: &mut State, given: &Value) -> Answer {
    let chat = chat(state, given)?;
    let text = text(given)?;
    let keyboard = keyboard(given)?;
    match state.chats.edit(chat, message(given)?, text, keyboard) {
        None => Err(Refusal::bad("message to edit not found")),
        Some(Err(Unchanged)) => Err(Refusal::bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a current \
             content and reply markup of the message",
        )),
        Some(Ok(message)) => Ok(message),
    }
}

fn delete_message(state: &mut State, given: &Value) -> Answer {
    let chat = chat(state, given)?;
    if state.chats.delete(chat, message(given)?) {
        Ok(json!(true))
    } else {
        Err(Refusal::bad("message to delete not found"))
    }
}

fn answer_callback_query(state: &mut State, given: &Value) -> Answer {
    let text = given["text"].as_str().unwrap_or_default();
    if text.encode_utf16().count() > LONGEST_ANSWER {
        return Err(Refusal::bad("MESSAGE_TOO_LONG"));
    }
    if state.chats.answer_press(given["callback_query_id"].as_str().unwrap_or_default()) {
        Ok(json!(true))
    } else {
        Err(Refusal::bad("query is too old and response timeout expired or query ID is invalid"))
    }
}

fn send_chat_action(state: &State, given: &Value) -> Answer {
    chat(state, given)?;
    match given["action"].as_str() {
        Some("typing") => Ok(json!(true)),
        _ => Err(Refusal::bad("wrong parameter action in request")),
    }
}

fn chat(state: &State, given: &Value) -> Result<i64, Refusal> {
    let Some(id) = number(given, "chat_id") else { return Err(Refusal::bad("chat_id is empty")) };
    if state.chats.knows(id) { Ok(id) } else { Err(Refusal::bad("chat not found")) }
}

fn message(given: &Value) -> Result<i64, Refusal> {
    number(given, "message_id").ok_or_else(|| Refusal::bad("message identifier is not specified"))
}

/// The text, with entities that lie within it.
fn text(given: &Value) -> Result<&str, Refusal> {
    let text = given["text"].as_str().unwrap_or_default();
    let length = text.encode_utf16().count();
    if text.trim().is_empty() {
        return Err(Refusal::bad("message text is empty"));
    }
    if length > LONGEST_TEXT {
        return Err(Refusal::bad("message is too long"));
    }
    for entity in structured(given, "entities")?.as_array().into_iter().flatten() {
        let end = number(entity, "offset").zip(number(entity, "length")).map(|(offset, length)| offset + length);
        if end.and_then(|end| usize::try_from(end).ok()).is_none_or(|end| end > length) {
            return Err(Refusal::bad("entity lies outside of the text"));
        }
    }
    Ok(text)
}

/// The inline keyboard, each button with a label and data that fits.
fn keyboard(given: &Value) -> Result<Value, Refusal> {
    let keyboard = structured(given, "reply_markup")?;
    for button in buttons(&keyboard) {
        if button["text"].as_str().is_none_or(str::is_empty) {
            return Err(Refusal::bad("inline keyboard button text is empty"));
        }
        if button["callback_data"].as_str().is_none_or(|data| data.is_empty() || data.len() > LONGEST_DATA) {
            return Err(Refusal::bad("BUTTON_DATA_INVALID"));
        }
    }
    Ok(keyboard)
}

/// A number, which forms write as text.
fn number(given: &Value, name: &str) -> Option<i64> {
    let value = &given[name];
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// An object or a list, which forms write as JSON in text; null where there is none.
fn structured(given: &Value, name: &str) -> Result<Value, Refusal> {
    match &given[name] {
        Value::String(text) => serde_json::from_str(text).map_err(|_| Refusal::bad(&format!("can't parse {name}"))),
        value => Ok(value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::telegram::Telegram;

    async fn ask(telegram: &Telegram, method: &str, given: Value) -> Result<Value, u16> {
        call(&telegram.platform, method, &given).await.map_err(|refused| refused.code)
    }

    #[tokio::test]
    async fn updates_are_kept_until_they_are_asked_past() {
        let telegram = Telegram::start().await;
        let erika = telegram.person(1, "Erika", "de");
        let (first, second) = (erika.says("one"), erika.says("two"));
        for _ in 0..2 {
            let updates = ask(&telegram, "getupdates", json!({"timeout": 0})).await.expect("updates");
            assert_eq!((&updates[0]["update_id"], &updates[1]["message"]["text"]), (&json!(first), &json!("two")));
        }
        let updates = ask(&telegram, "getupdates", json!({"offset": second.to_string()})).await.expect("updates");
        assert_eq!(updates.as_array().map(Vec::len), Some(1));
        telegram.is_done_with(first).await;
    }

    #[tokio::test]
    async fn the_newest_listener_ends_the_one_before() {
        let telegram = Telegram::start().await;
        let platform = Arc::clone(&telegram.platform);
        let before = tokio::spawn(async move { call(&platform, "getupdates", &json!({"timeout": 50})).await });
        let listens = |state: &mut State| (state.listeners == 1).then_some(());
        telegram.platform.wait_for(Instant::now() + LONGEST_POLL, listens).await.expect("it listens");
        assert_eq!(ask(&telegram, "getupdates", json!({})).await, Ok(json!([])));
        let ended = before.await.expect("it does not panic").expect_err("it was ended");
        assert_eq!(ended.code, 409);
    }

    #[tokio::test]
    async fn what_cannot_be_is_refused() {
        let telegram = Telegram::start().await;
        let erika = telegram.person(1, "Erika", "de");
        let check = async |method: &str, given: Value, code: u16| {
            assert_eq!(ask(&telegram, method, given.clone()).await.err(), Some(code), "{method} {given}");
        };
        check("sendmessage", json!({"chat_id": 2, "text": "to a stranger"}), 400).await;
        check("sendmessage", json!({"chat_id": 1, "text": " "}), 400).await;
        check("sendmessage", json!({"chat_id": 1, "text": "𝄞".repeat(2049)}), 400).await;
        check("sendmessage", json!({"chat_id": 1, "text": "a", "entities": [{"offset": 0, "length": 2}]}), 400).await;
        check("editmessagetext", json!({"chat_id": 1, "message_id": 7, "text": "a"}), 400).await;
        check("deletemessage", json!({"chat_id": 1, "message_id": 7}), 400).await;
        check("answercallbackquery", json!({"callback_query_id": "none"}), 400).await;
        check("sendpigeon", json!({}), 404).await;
        assert_eq!(erika.chat(), []);
    }

    #[tokio::test]
    async fn a_button_lives_until_its_message_changes() {
        let telegram = Telegram::start().await;
        let erika = telegram.person(1, "Erika", "de");
        let keyboard = json!({"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}).to_string();
        let sent =
            ask(&telegram, "sendmessage", json!({"chat_id": "1", "text": "Well?", "reply_markup": keyboard})).await;
        let id = sent.expect("sent")["message_id"].clone();
        erika.presses("Yes");
        let updates = ask(&telegram, "getupdates", json!({})).await.expect("updates");
        let query = &updates[0]["callback_query"];
        assert_eq!(query["data"], "y");
        let answer = json!({"callback_query_id": query["id"]});
        assert_eq!(ask(&telegram, "answercallbackquery", answer.clone()).await, Ok(json!(true)));
        assert_eq!(ask(&telegram, "answercallbackquery", answer).await, Err(400), "once");
        let edit = json!({"chat_id": 1, "message_id": id, "text": "Thank you"});
        assert!(ask(&telegram, "editmessagetext", edit.clone()).await.is_ok());
        assert_eq!(ask(&telegram, "editmessagetext", edit).await, Err(400), "not modified");
        let [message] = &*erika.chat() else { panic!("one message") };
        assert_eq!((message.text.as_str(), message.buttons.len()), ("Thank you", 0));
    }
}
