//! The way out and the check, against a small Bot API.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::{sync::Arc, time::Duration};

use firstline_engine::{
    ids::{ConversationId, OutboundId},
    inbound::{ExternalId, PlaceRef},
    outbound::{Choice, Content, Delivery, Operation, OutboundMessage, Speaker},
    people::Platform,
    ports::{Channel, SendError},
};
use firstline_telegram::{Mode, Telegram, TelegramError, TelegramSettings};
use serde_json::{Value, json};
use support::{FakeTelegram, Fault, TOKEN};
use url::Url;
use uuid::Uuid;

fn telegram(token: &str, api_url: Url) -> Telegram {
    Telegram::connect(TelegramSettings {
        token: token.into(),
        api_url,
        mode: Mode::Polling,
        rooms: Vec::new(),
        per_group: TelegramSettings::PER_GROUP,
        per_group_within: TelegramSettings::PER_GROUP_WITHIN,
        local_files: None,
    })
    .expect("a client")
}

async fn fake_and_channel() -> (FakeTelegram, Arc<dyn Channel>) {
    let fake = FakeTelegram::start().await;
    let channel = telegram(TOKEN, fake.url()).channel();
    (fake, channel)
}

fn delivery(operation: Operation, target: Option<&str>) -> Delivery {
    let message = OutboundMessage {
        id: OutboundId(Uuid::from_u128(1)),
        conversation: ConversationId(Uuid::from_u128(2)),
        place: PlaceRef { platform: Platform::Telegram, key: "99".to_owned() },
        speaker: Speaker::Bot,
        operation,
    };
    Delivery::new(message, target.map(|id| ExternalId(id.to_owned())), 1)
}

fn post(content: Content) -> Delivery {
    delivery(Operation::Post { content, reply_to: None }, None)
}

fn edit(content: Content) -> Delivery {
    delivery(Operation::Edit { target: OutboundId(Uuid::from_u128(3)), content }, Some("5"))
}

fn failed(code: u16, description: &str) -> Fault {
    Fault::Answer(code, json!({"ok": false, "error_code": code, "description": description}))
}

#[tokio::test]
async fn the_check_names_the_bot() {
    let fake = FakeTelegram::start().await;
    assert_eq!(telegram(TOKEN, fake.url()).check().await.expect("the bot"), "@helpdesk_bot (id 4711)");
    let error = telegram("1:wrong", fake.url()).check().await.expect_err("a wrong token");
    assert!(matches!(error, TelegramError::Token), "{error}");
}

#[tokio::test]
async fn a_message_goes_out_with_entities_quote_and_buttons() {
    let (fake, channel) = fake_and_channel().await;
    let choice = |token: &str, label: &str| Choice { token: token.to_owned(), label: label.to_owned() };
    let choices = vec![choice("t1", "Ja, das hilft"), choice("t2", "Nein")];
    let content = Content { choices, ..Content::markdown("Hilft **das**?") };
    let reply_to = Some(ExternalId("3".to_owned()));
    let sent = channel.send(&delivery(Operation::Post { content, reply_to }, None)).await.expect("sent");
    assert_eq!(sent, [ExternalId("1".to_owned())]);
    let expected = json!({
        "chat_id": 99,
        "text": "Hilft das?",
        "entities": [{"type": "bold", "offset": 6, "length": 3}],
        "link_preview_options": {"is_disabled": true},
        "reply_parameters": {"message_id": 3, "allow_sending_without_reply": true},
        "reply_markup": {"inline_keyboard": [
            [{"text": "Ja, das hilft", "callback_data": "t1"}],
            [{"text": "Nein", "callback_data": "t2"}],
        ]},
    });
    assert_eq!(fake.calls("sendmessage"), [expected]);
}

#[tokio::test]
async fn a_long_message_goes_out_in_parts_and_all_their_ids_are_kept() {
    let (fake, channel) = fake_and_channel().await;
    let content = Content {
        choices: vec![Choice { token: "t".to_owned(), label: "Gut".to_owned() }],
        ..Content::plain("wort ".repeat(1500))
    };
    let sent = channel.send(&post(content)).await.expect("sent");
    assert_eq!(sent, ["1", "2"].map(|id| ExternalId(id.to_owned())));
    let calls = fake.calls("sendmessage");
    let keyboards: Vec<bool> = calls.iter().map(|call| call.get("reply_markup").is_some()).collect();
    assert_eq!(keyboards, [false, true]);
}

#[tokio::test]
async fn a_failure_behind_the_first_part_is_not_to_be_repeated() {
    let (fake, channel) = fake_and_channel().await;
    let long = || post(Content::plain("wort ".repeat(1500)));
    // The first request is answered as usual.
    fake.fail_next("sendmessage", Fault::Answer(200, json!({"ok": true, "result": {"message_id": 1}})));
    fake.fail_next("sendmessage", failed(403, "Forbidden: bot was blocked by the user"));
    let error = channel.send(&long()).await.expect_err("half sent");
    let SendError::Unknown { reason } = error else { panic!("{error}") };
    assert!(reason.starts_with("partly: 1 of 2 parts were sent"), "{reason}");
}

#[tokio::test]
async fn what_telegram_asks_to_wait_between_two_parts_is_waited_on_the_spot() {
    let (fake, channel) = fake_and_channel().await;
    let slow = json!({"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 1", "parameters": {"retry_after": 1}});
    fake.fail_next("sendmessage", Fault::Answer(200, json!({"ok": true, "result": {"message_id": 1}})));
    fake.fail_next("sendmessage", Fault::Answer(429, slow));
    let sent = channel.send(&post(Content::plain("wort ".repeat(1500)))).await.expect("all of it");
    assert_eq!(sent.len(), 2);
    assert_eq!(fake.calls("sendmessage").len(), 3);
}

#[tokio::test]
async fn a_host_that_nobody_knows_means_nothing_was_sent() {
    // A name that is reserved for never being known (RFC 2606).
    let telegram = telegram(TOKEN, "https://telegram.invalid".parse().expect("a URL"));
    let error = telegram.channel().send(&post(Content::plain("Hallo"))).await.expect_err("nobody there");
    assert!(matches!(error, SendError::NotSent { wait: None, .. }), "{error}");
}

#[tokio::test]
async fn edits_and_deletions_find_their_message() {
    let (fake, channel) = fake_and_channel().await;
    assert_eq!(channel.send(&edit(Content::plain("neu"))).await.expect("edited"), [ExternalId("5".to_owned())]);
    let expected = json!({"chat_id": 99, "message_id": 5, "text": "neu", "entities": [],
                          "link_preview_options": {"is_disabled": true}});
    assert_eq!(fake.calls("editmessagetext"), [expected]);

    let same =
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same";
    fake.fail_next("editmessagetext", failed(400, same));
    channel.send(&edit(Content::plain("neu"))).await.expect("already so");

    let delete = || delivery(Operation::Delete { target: OutboundId(Uuid::from_u128(3)) }, Some("5"));
    channel.send(&delete()).await.expect("deleted");
    assert_eq!(fake.calls("deletemessage"), [json!({"chat_id": 99, "message_id": 5})]);
    fake.fail_next("deletemessage", failed(400, "Bad Request: message to delete not found"));
    channel.send(&delete()).await.expect("already gone");

    let never_sent = Delivery { target: None, ..delete() };
    assert!(matches!(channel.send(&never_sent).await, Err(SendError::Refused { .. })));
}

/// A change of a message that has become several of Telegram's, of which the first ones are words and the others files.
async fn changed(text: &str, words: usize, files: usize) -> (FakeTelegram, Vec<String>) {
    let (fake, channel) = fake_and_channel().await;
    let parts = (1..=words + files).map(|id| ExternalId((id * 100).to_string())).collect();
    for _ in 0..words {
        fake.fail_next("editmessagetext", Fault::Answer(200, json!({"ok": true, "result": {"message_id": 1}})));
    }
    fake.fail_next("editmessagetext", failed(400, "Bad Request: there is no text in the message to edit"));
    let delivery = Delivery { parts, ..edit(Content::plain(text)) };
    let sent = channel.send(&delivery).await.expect("changed");
    (fake, sent.into_iter().map(|id| id.0).collect())
}

#[tokio::test]
async fn words_that_are_not_needed_any_more_go_and_files_stay() {
    let (fake, ids) = changed("kurz", 2, 2).await;
    assert_eq!(ids, ["100", "300", "400"]);
    assert_eq!(fake.calls("deletemessage"), [json!({"chat_id": 99, "message_id": 200})]);
    let (fake, ids) = changed("kurz", 0, 3).await;
    assert_eq!(ids, ["100", "200", "300"]);
    assert_eq!(
        fake.calls("editmessagecaption"),
        [json!({"chat_id": 99, "message_id": 100, "caption": "kurz", "caption_entities": []})]
    );
    assert!(fake.calls("deletemessage").is_empty());
}

#[tokio::test]
async fn words_that_do_not_fit_below_a_file_any_more_answer_it() {
    let (fake, ids) = changed(&"wort ".repeat(300), 0, 2).await;
    assert_eq!(ids, ["1", "100", "200"], "words before files");
    assert_eq!(fake.calls("editmessagecaption"), [json!({"chat_id": 99, "message_id": 100})]);
    let [answer] = &fake.calls("sendmessage")[..] else { panic!("one message") };
    assert_eq!(answer["reply_parameters"]["message_id"], 100);
    // Words that have become more stand before the files as well.
    let (fake, ids) = changed(&"wort ".repeat(1500), 1, 1).await;
    assert_eq!(ids, ["100", "1", "200"]);
    assert!(fake.calls("deletemessage").is_empty() && fake.calls("editmessagecaption").is_empty());
}

#[tokio::test]
async fn failures_say_whether_anything_was_sent() {
    let (fake, channel) = fake_and_channel().await;
    let send = async || channel.send(&post(Content::plain("Hallo"))).await.expect_err("a failure");

    let slow = json!({"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 7", "parameters": {"retry_after": 7}});
    fake.fail_next("sendmessage", Fault::Answer(429, slow));
    let error = send().await;
    assert!(matches!(error, SendError::NotSent { wait: Some(wait), .. } if wait == Duration::from_secs(7)), "{error}");

    fake.fail_next("sendmessage", failed(403, "Forbidden: bot was blocked by the user"));
    fake.fail_next("sendmessage", failed(400, "Bad Request: chat not found"));
    for _ in 0..2 {
        let error = send().await;
        assert!(matches!(error, SendError::Refused { .. }), "{error}");
    }

    fake.fail_next("sendmessage", Fault::Drop);
    fake.fail_next("sendmessage", Fault::Answer(200, Value::String("<html>".to_owned())));
    for _ in 0..2 {
        let error = send().await;
        assert!(matches!(error, SendError::Unknown { .. }), "{error}");
    }
}

#[tokio::test]
async fn nobody_there_means_nothing_was_sent_and_no_token_is_said() {
    // A port that was free a moment ago and that nobody listens on.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let telegram = telegram(TOKEN, format!("http://{address}").parse().expect("a URL"));
    let error = telegram.channel().send(&post(Content::plain("Hallo"))).await.expect_err("nobody there");
    assert!(matches!(error, SendError::NotSent { wait: None, .. }), "{error}");
    let checked = telegram.check().await.expect_err("nobody there");
    for text in [format!("{error} {error:?}"), format!("{checked} {checked:?}")] {
        assert!(!text.contains("test-token"), "{text}");
    }
}

#[tokio::test]
async fn typing_is_shown() {
    let (fake, channel) = fake_and_channel().await;
    channel.typing(&PlaceRef { platform: Platform::Telegram, key: "99".to_owned() }).await;
    assert_eq!(fake.calls("sendchataction"), [json!({"chat_id": 99, "action": "typing"})]);
}

#[tokio::test]
async fn what_is_no_place_of_telegrams_is_refused() {
    let (fake, channel) = fake_and_channel().await;
    let mut delivery = post(Content::plain("Hallo"));
    delivery.message.place.key = "@somebody".to_owned();
    assert!(matches!(channel.send(&delivery).await, Err(SendError::Refused { .. })));
    assert!(matches!(channel.send(&post(Content::plain(" \n"))).await, Err(SendError::Refused { .. })));
    assert!(fake.calls("sendmessage").is_empty());
}
