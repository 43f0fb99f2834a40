//! The platform keeps its word: what it refuses, and what it tells.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::time::Instant;

use super::*;
use crate::telegram::{State, Telegram, people::Sent};

async fn ask(telegram: &Telegram, method: &str, given: Value) -> Result<Value, u16> {
    let given = Given { fields: given.as_object().cloned().unwrap_or_default(), ..Given::default() };
    call(&telegram.platform, method, &given).await.map_err(|refused| refused.code)
}

/// Why it is refused.
async fn refused(telegram: &Telegram, method: &str, given: Value) -> String {
    let given = Given { fields: given.as_object().cloned().unwrap_or_default(), ..Given::default() };
    let refused = call(&telegram.platform, method, &given).await.expect_err("it is refused");
    refused.body()["description"].as_str().unwrap_or_default().to_owned()
}

async fn updates(telegram: &Telegram) -> Vec<Value> {
    let updates = ask(telegram, "getupdates", json!({})).await.expect("updates");
    let updates = updates.as_array().cloned().unwrap_or_default();
    for update in &updates {
        telegram.platform.conformity.check_update(update, &mut telegram.platform.state().violations);
    }
    if let Some(last) = updates.last() {
        let next = last["update_id"].as_i64().unwrap_or_default() + 1;
        telegram.change(|state| state.world.updates.ask(next, 1));
    }
    updates
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
async fn nothing_is_kept_longer_than_a_day_and_a_position_from_elsewhere_is_no_position() {
    let telegram = Telegram::start().await;
    let erika = telegram.person(1, "Erika", "de");
    let last = erika.says("yesterday");
    telegram.passes(Duration::from_hours(23));
    assert_eq!(telegram.waiting(), 1);
    telegram.passes(Duration::from_hours(1));
    assert_eq!(telegram.waiting(), 0);
    telegram.jumps_to(17);
    erika.says("after a week");
    let updates = ask(&telegram, "getupdates", json!({"offset": last + 1})).await.expect("updates");
    assert_eq!(updates[0]["update_id"], 17, "an offset far ahead of everything confirms nothing");
}

#[tokio::test]
async fn the_newest_listener_ends_the_one_before() {
    let telegram = Telegram::start().await;
    let platform = Arc::clone(&telegram.platform);
    let patient = Given { fields: json!({"timeout": 50}).as_object().cloned().unwrap_or_default(), ..Given::default() };
    let before = tokio::spawn(async move { call(&platform, "getupdates", &patient).await });
    let listens = |state: &mut State| (state.listeners == 1).then_some(());
    telegram.platform.wait_for(Instant::now() + Duration::from_secs(50), listens).await.expect("it listens");
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
    let mark = |offset: i64, length: i64| json!([{"type": "bold", "offset": offset, "length": length}]);
    check("sendmessage", json!({"chat_id": 2, "text": "to a stranger"}), 400).await;
    check("sendmessage", json!({"chat_id": 1, "text": " "}), 400).await;
    check("sendmessage", json!({"chat_id": 1, "text": "𝄞".repeat(2049)}), 400).await;
    check("sendmessage", json!({"chat_id": 1, "text": "a", "entities": mark(0, 2)}), 400).await;
    check("sendmessage", json!({"chat_id": 1, "text": "𝄞a", "entities": mark(0, 1)}), 400).await;
    check("sendmessage", json!({"chat_id": 1, "text": "a", "parse_mode": "HTML"}), 400).await;
    check("sendmessage", json!({"chat_id": 1, "text": "a", "message_thread_id": 5}), 400).await;
    check("editmessagetext", json!({"chat_id": 1, "message_id": 7, "text": "a"}), 400).await;
    check("deletemessage", json!({"chat_id": 1, "message_id": 7}), 400).await;
    check("answercallbackquery", json!({"callback_query_id": "none"}), 400).await;
    check("getfile", json!({"file_id": "none"}), 400).await;
    check("setmycommands", json!({"commands": [{"command": "Großes", "description": "x"}]}), 400).await;
    check("sendpigeon", json!({}), 404).await;
    assert_eq!(erika.chat(), []);
    assert!(ask(&telegram, "sendmessage", json!({"chat_id": 1, "text": "𝄞a", "entities": mark(0, 2)})).await.is_ok());
}

#[tokio::test]
async fn a_button_lives_until_its_message_changes() {
    let telegram = Telegram::start().await;
    let erika = telegram.person(1, "Erika", "de");
    let keyboard = json!({"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}).to_string();
    let sent = ask(&telegram, "sendmessage", json!({"chat_id": "1", "text": "Well?", "reply_markup": keyboard})).await;
    let id = sent.expect("sent")["message_id"].clone();
    erika.presses("Yes");
    let updates = updates(&telegram).await;
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

#[tokio::test]
async fn topics_live_and_die() {
    let telegram = Telegram::start().await;
    let (group, anna) = (telegram.forum(-1001, "Helpdesk"), telegram.person(7, "Anna", "en"));
    let made =
        ask(&telegram, "createforumtopic", json!({"chat_id": -1001, "name": "#1001 VPN"})).await.expect("a topic");
    let thread = made["message_thread_id"].as_i64().expect("a number");
    let say = |thread: i64| json!({"chat_id": -1001, "text": "Hello", "message_thread_id": thread});
    let sent = ask(&telegram, "sendmessage", say(thread)).await.expect("sent");
    assert_eq!((&sent["message_thread_id"], &sent["is_topic_message"]), (&json!(thread), &json!(true)));
    assert_eq!(refused(&telegram, "sendmessage", say(1)).await, "Bad Request: message thread not found", "General");
    let topic = group.topic("#1001").await;
    let there = anna.in_topic(&topic);
    updates(&telegram).await;
    there.says("I take it");
    let said = updates(&telegram).await;
    let said = &said[0]["message"];
    assert_eq!((&said["message_thread_id"], &said["is_topic_message"]), (&json!(thread), &json!(true)));
    assert_eq!(said["reply_to_message"]["forum_topic_created"]["name"], "#1001 VPN");
    let pin = json!({"chat_id": -1001, "message_id": sent["message_id"]});
    assert_eq!(ask(&telegram, "pinchatmessage", pin).await, Ok(json!(true)));
    assert_eq!(topic.pinned()[0].text, "Hello");
    let close = json!({"chat_id": -1001, "message_thread_id": thread});
    assert_eq!(ask(&telegram, "closeforumtopic", close.clone()).await, Ok(json!(true)));
    assert_eq!(refused(&telegram, "closeforumtopic", close).await, "Bad Request: TOPIC_NOT_MODIFIED");
    assert!(topic.is_closed());
    group.takes_the_bots_rights();
    assert_eq!(refused(&telegram, "sendmessage", say(thread)).await, "Bad Request: TOPIC_CLOSED");
    topic.is_deleted();
    assert_eq!(refused(&telegram, "sendmessage", say(thread)).await, "Bad Request: message thread not found");
    telegram.group(-5, "Small");
    let in_small = json!({"chat_id": -5, "name": "x"});
    assert_eq!(refused(&telegram, "createforumtopic", in_small).await, "Bad Request: the chat is not a forum");
}

#[tokio::test]
async fn an_answer_in_general_has_a_thread_and_is_in_no_topic() {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let anna = telegram.person(7, "Anna", "en").in_group(&group);
    anna.says("Lunch?");
    let lunch = anna.last_own().id;
    anna.replies(lunch, "Yes");
    let told = updates(&telegram).await;
    let answer = &told.last().expect("an update")["message"];
    assert_eq!((&answer["message_thread_id"], &answer["is_topic_message"]), (&json!(lunch), &Value::Null));
}

#[tokio::test]
async fn in_groups_the_bot_hears_what_is_meant_for_it() {
    let telegram = Telegram::start().await;
    let group = telegram.group(-5, "Team");
    let anna = telegram.person(7, "Anna", "en").in_group(&group);
    let bots = ask(&telegram, "sendmessage", json!({"chat_id": -5, "text": "I am here"})).await.expect("sent");
    updates(&telegram).await;
    let hears = async |text: &str, to: Option<i64>, expected: bool| {
        match to {
            Some(to) => anna.replies(to, text),
            None => anna.says(text),
        };
        assert_eq!(updates(&telegram).await.len(), usize::from(expected), "{text}");
    };
    hears("lunch?", None, false).await;
    hears("/status", None, true).await;
    hears("/status@somebody_else_bot", None, false).await;
    hears("hello @firstline_test_bot, my VPN", None, true).await;
    hears("thanks", bots["message_id"].as_i64(), true).await;
    telegram.has_privacy_mode(false);
    hears("lunch?", None, true).await;
    telegram.has_privacy_mode(true);
    group.lets_the_bot(&[]);
    updates(&telegram).await;
    hears("an administrator hears everything", None, true).await;
    let hidden = anna.anonymously();
    hidden.says("who am I?");
    let told = updates(&telegram).await;
    assert_eq!(
        (&told[0]["message"]["from"]["id"], &told[0]["message"]["sender_chat"]["id"]),
        (&json!(1_087_968_824), &json!(-5))
    );
}

#[tokio::test]
async fn some_things_are_told_on_request_only() {
    let telegram = Telegram::start().await;
    let erika = telegram.person(1, "Erika", "de");
    erika.says("hello");
    let message = erika.last_own().id;
    updates(&telegram).await;
    erika.reacts(message, "👍");
    assert_eq!(telegram.waiting(), 0);
    let all = json!({"allowed_updates": ["message", "message_reaction"]});
    ask(&telegram, "getupdates", all).await.expect("updates");
    erika.reacts(message, "❤");
    let told = updates(&telegram).await;
    assert_eq!(told[0]["message_reaction"]["new_reaction"][0]["emoji"], "❤");
    erika.blocks();
    assert_eq!(telegram.waiting(), 0, "not asked for");
}

#[tokio::test]
async fn who_is_gone_is_gone() {
    let telegram = Telegram::start().await;
    let erika = telegram.person(1, "Erika", "de");
    let say = json!({"chat_id": 1, "text": "Hello"});
    erika.blocks();
    assert_eq!(refused(&telegram, "sendmessage", say.clone()).await, "Forbidden: bot was blocked by the user");
    erika.unblocks();
    assert!(ask(&telegram, "sendmessage", say.clone()).await.is_ok());
    erika.is_gone();
    assert_eq!(refused(&telegram, "sendmessage", say).await, "Forbidden: user is deactivated");
    let group = telegram.group(-5, "Team");
    let grown = group.grows(-1005, true);
    let say = Given {
        fields: json!({"chat_id": -5, "text": "Hi"}).as_object().cloned().unwrap_or_default(),
        ..Given::default()
    };
    let refusal = call(&telegram.platform, "sendmessage", &say).await.expect_err("it has moved").body();
    assert_eq!(refusal["parameters"]["migrate_to_chat_id"], -1005);
    assert!(ask(&telegram, "sendmessage", json!({"chat_id": grown.id(), "text": "Hi"})).await.is_ok());
    grown.throws_the_bot_out();
    assert_eq!(ask(&telegram, "sendmessage", json!({"chat_id": -1005, "text": "Hi"})).await, Err(403));
}

#[tokio::test]
async fn files_can_be_fetched_up_to_a_size() {
    let telegram = Telegram::start().await;
    let erika = telegram.person(1, "Erika", "de");
    erika.sends(Sent::photo(b"jpeg").with("look"));
    erika.sends_album(vec![Sent::photo(b"one"), Sent::document("b.pdf", "application/pdf", b"two")]);
    erika.sends(Sent::document("big.iso", "application/x-iso", b"x").of_size(30 << 20));
    let told = updates(&telegram).await;
    let photo = told[0]["message"]["photo"][1]["file_id"].clone();
    let found = ask(&telegram, "getfile", json!({"file_id": photo})).await.expect("a file");
    let path = found["file_path"].as_str().expect("a path");
    assert_eq!(
        telegram.platform.state().world.files.by_path(path).map(|file| file.bytes.clone()),
        Some(b"jpeg".to_vec())
    );
    assert_eq!(told[1]["message"]["media_group_id"], told[2]["message"]["media_group_id"]);
    let big = json!({"file_id": told[3]["message"]["document"]["file_id"]});
    assert_eq!(refused(&telegram, "getfile", big).await, "Bad Request: file is too big");
    let mut given =
        Given { fields: json!({"chat_id": "1"}).as_object().cloned().unwrap_or_default(), ..Given::default() };
    given.fields.insert("document".to_owned(), "attach://part".into());
    given.uploads.insert(
        "part".to_owned(),
        crate::telegram::world::File::new("a.pdf", Some("application/pdf"), b"%PDF".to_vec()),
    );
    call(&telegram.platform, "senddocument", &given).await.expect("sent");
    let shown = erika.chat().pop().expect("a message");
    assert_eq!((shown.files.as_slice(), erika.opens(shown.id)), (["a.pdf".to_owned()].as_slice(), b"%PDF".to_vec()));
}

/// Every answer and update of the tests above and below is compared as well; this one looks at the comparison itself.
#[tokio::test]
async fn what_is_not_in_the_bot_api_is_found() {
    let telegram = Telegram::start().await;
    if !telegram.is_checked() {
        return;
    }
    let find = |method: &str, given: Value| {
        let given = Given { fields: given.as_object().cloned().unwrap_or_default(), ..Given::default() };
        let mut problems = Vec::new();
        telegram.platform.conformity.check_request(method, &given, &mut problems);
        problems.join("; ")
    };
    assert_eq!(find("sendmessage", json!({"chat_id": 1, "text": "a", "entities": "[]"})), "");
    assert!(find("sendmessage", json!({"chat_id": 1})).contains("text is missing"));
    assert!(find("sendmessage", json!({"chat_id": 1, "text": "a", "thread": 1})).contains("no field thread"));
    assert!(find("sendmessage", json!({"chat_id": 1, "text": 5})).contains("is no String"));
    assert!(find("sendpigeon", json!({})).contains("no such method"));
    let mut problems = Vec::new();
    telegram.platform.conformity.check_answer("getme", &json!({"ok": true, "result": {"id": 1}}), &mut problems);
    assert!(problems.iter().any(|problem| problem.contains("is_bot is missing")), "{problems:?}");
}
