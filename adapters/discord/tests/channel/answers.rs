//! What only the one sees who has pressed something or used a command.

use firstline_engine::{
    outbound::{Content, Delivery},
    ports::SendError,
};
use serde_json::json;

use crate::{fake_and_channel, post};

#[tokio::test]
async fn an_answer_that_is_too_long_comes_as_a_message_and_is_not_begun() {
    let (fake, channel) = fake_and_channel().await;
    let answer =
        |words: usize| Delivery { via: Some("4711/abc/de".to_owned()), ..post(Content::plain("wort ".repeat(words))) };
    channel.send(&answer(1_500)).await.expect("sent");
    for _ in 0..2 {
        let error = channel.send(&answer(2_000)).await.expect_err("too long");
        assert!(matches!(error, SendError::NoWay { .. }), "{error}");
    }
    let calls = fake.calls();
    assert!(calls.iter().all(|(call, _)| call == "PATCH /api/v10/webhooks/4711/abc/messages/@original"), "{calls:?}");
    assert!(calls[1].1["content"].as_str().is_some_and(|text| text.contains("Die Antwort kommt")), "{calls:?}");
}

#[tokio::test]
async fn why_a_press_was_refused_is_told_beside_what_was_pressed() {
    let (fake, channel) = fake_and_channel().await;
    let told = Delivery { via: Some("~4711/abc/de".to_owned()), ..post(Content::plain("Zu spät.")) };
    channel.send(&told).await.expect("sent");
    let (call, body) = fake.calls().remove(0);
    assert_eq!((call.as_str(), &body["flags"]), ("POST /api/v10/webhooks/4711/abc", &json!(64)));
    assert!(body.get("components").is_none(), "{body}");
}
