//! The way out and the check, against a small REST API on the loopback.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod answers;
mod limits;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json, Router,
    body::Body,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use firstline_discord::{Discord, DiscordError, DiscordSettings};
use firstline_engine::{
    ids::{ConversationId, OutboundId},
    inbound::{ExternalId, PlaceRef},
    outbound::{Choice, Content, Delivery, Earlier, Operation, OutboundMessage, Speaker},
    people::Platform,
    ports::{Channel, SendError},
    time::Timestamp,
};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

const TOKEN: &str = "test-token";

#[derive(Default)]
struct Inside {
    calls: Vec<(String, Value)>,
    /// What the next requests are answered with; `None` loses the connection.
    answers: VecDeque<Option<(u16, Value)>>,
    /// How long the next answer takes once the whole request is there.
    slow: Option<Duration>,
}

#[derive(Clone)]
struct FakeDiscord {
    inside: Arc<Mutex<Inside>>,
    url: Url,
}

impl FakeDiscord {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let inside = Arc::<Mutex<Inside>>::default();
        let app = Router::new().fallback(answer).with_state(Arc::clone(&inside));
        tokio::spawn(async move { axum::serve(listener, app).await });
        // What comes behind the origin does not count.
        Self { inside, url: format!("http://{address}/api").parse().expect("a URL") }
    }

    fn answer_next(&self, status: u16, body: Value) {
        self.inside.lock().expect("the fake").answers.push_back(Some((status, body)));
    }

    fn lose_next(&self) {
        self.inside.lock().expect("the fake").answers.push_back(None);
    }

    /// The line is so slow that the next answer takes this long.
    fn is_slow(&self, by: Duration) {
        self.inside.lock().expect("the fake").slow = Some(by);
    }

    fn calls(&self) -> Vec<(String, Value)> {
        self.inside.lock().expect("the fake").calls.clone()
    }
}

async fn answer(State(inside): State<Arc<Mutex<Inside>>>, request: Request) -> Response {
    if request.headers().get("authorization").is_none_or(|value| value != "Bot test-token") {
        return (StatusCode::UNAUTHORIZED, Json(json!({"message": "401: Unauthorized", "code": 0}))).into_response();
    }
    let call = format!("{} {}", request.method(), request.uri());
    let body = axum::body::to_bytes(request.into_body(), 1 << 25).await.expect("a body");
    let slow = inside.lock().expect("the fake").slow.take();
    if let Some(slow) = slow {
        // Both sides share a clock: it is as late now as if the request had taken that long.
        tokio::time::pause();
        tokio::time::advance(slow).await;
        tokio::time::resume();
    }
    let mut inside = inside.lock().expect("the fake");
    inside.calls.push((call.clone(), serde_json::from_slice(&body).unwrap_or_default()));
    match inside.answers.pop_front() {
        Some(Some((status, body))) => (StatusCode::from_u16(status).expect("a status"), Json(body)).into_response(),
        Some(None) => {
            let lost = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
            Response::new(Body::from_stream(futures::stream::iter([Err::<Vec<u8>, _>(lost)])))
        }
        None if call == "GET /api/v10/users/@me" => Json(json!({"id": "4711", "username": "helpdesk"})).into_response(),
        None if call.starts_with("DELETE") || call.ends_with("/typing") => StatusCode::NO_CONTENT.into_response(),
        None => Json(json!({"id": inside.calls.len().to_string(), "something_new": {}})).into_response(),
    }
}

fn discord(token: &str, api_url: Url) -> Discord {
    Discord::connect(DiscordSettings {
        token: token.into(),
        api_url,
        gateway_url: None,
        rooms: Vec::new(),
        help_channels: Vec::new(),
        private_threads: true,
        guilds: Vec::new(),
        staff_roles: Vec::new(),
        look_again: DiscordSettings::LOOK_AGAIN,
    })
    .expect("a client")
}

async fn fake_and_channel() -> (FakeDiscord, Arc<dyn Channel>) {
    let fake = FakeDiscord::start().await;
    let channel = discord(TOKEN, fake.url.clone()).channel();
    (fake, channel)
}

fn delivery(operation: Operation, target: Option<&str>) -> Delivery {
    let message = OutboundMessage {
        id: OutboundId(Uuid::from_u128(1)),
        conversation: ConversationId(Uuid::from_u128(2)),
        place: PlaceRef { platform: Platform::Discord, key: "99".to_owned() },
        speaker: Speaker::Bot,
        operation,
    };
    Delivery::new(message, target.map(|id| ExternalId(id.to_owned())), 1)
}

fn post(content: Content) -> Delivery {
    delivery(Operation::Post { content, reply_to: None }, None)
}

#[tokio::test]
async fn the_check_names_the_bot() {
    let fake = FakeDiscord::start().await;
    assert_eq!(discord(" Bot test-token", fake.url.clone()).check().await.expect("the bot"), "@helpdesk (id 4711)");
    let error = discord("wrong", fake.url).check().await.expect_err("a wrong token");
    assert!(matches!(error, DiscordError::Token), "{error}");
}

#[tokio::test]
async fn a_message_mentions_nobody_and_is_shown_once() {
    let (fake, channel) = fake_and_channel().await;
    let choices = vec![Choice { token: "t1".to_owned(), label: "Ja".to_owned() }];
    let content = Content { choices, ..Content::markdown("Hilft **das**?") };
    let operation = Operation::Post { content, reply_to: Some(ExternalId("3".to_owned())) };
    let sent = channel.send(&delivery(operation, None)).await.expect("sent");
    assert_eq!(sent, [ExternalId("1".to_owned())]);
    let [(call, body)] = fake.calls().try_into().expect("one call");
    assert_eq!(call, "POST /api/v10/channels/99/messages");
    assert_eq!(body["content"], "Hilft **das**?");
    assert_eq!(body["allowed_mentions"], json!({"parse": [], "users": [], "roles": [], "replied_user": false}));
    assert_eq!((&body["nonce"], &body["enforce_nonce"]), (&json!("1.0"), &json!(true)));
    assert_eq!(body["message_reference"]["message_id"], "3");
    assert_eq!(body["message_reference"]["fail_if_not_exists"], false);
    assert_eq!(body["components"][0]["components"][0]["custom_id"], "t1");
    assert!(channel.absorbs_repeats());
}

#[tokio::test]
async fn a_long_message_goes_out_in_parts_each_with_its_own_nonce() {
    let (fake, channel) = fake_and_channel().await;
    let sent = channel.send(&post(Content::plain("wort ".repeat(600)))).await.expect("sent");
    assert_eq!(sent, [ExternalId("1".to_owned()), ExternalId("2".to_owned())]);
    let nonces: Vec<Value> = fake.calls().iter().map(|(_, body)| body["nonce"].clone()).collect();
    assert_eq!(nonces, ["1.0", "1.1"]);
}

#[tokio::test]
async fn edits_and_deletions_find_their_message() {
    let (fake, channel) = fake_and_channel().await;
    let target = OutboundId(Uuid::from_u128(3));
    let edit = delivery(Operation::Edit { target, content: Content::plain("neu") }, Some("5"));
    assert_eq!(channel.send(&edit).await.expect("edited"), [ExternalId("5".to_owned())]);
    let (call, body) = fake.calls().remove(0);
    assert_eq!((call.as_str(), &body["content"]), ("PATCH /api/v10/channels/99/messages/5", &json!("neu")));
    assert_eq!(body["components"], json!([]), "the buttons go");

    let delete = delivery(Operation::Delete { target }, Some("5"));
    channel.send(&delete).await.expect("deleted");
    assert_eq!(fake.calls()[1].0, "DELETE /api/v10/channels/99/messages/5");
    fake.answer_next(404, json!({"message": "Unknown Message", "code": 10008}));
    channel.send(&delete).await.expect("already gone");
    let never_sent = Delivery { target: None, ..delete };
    assert!(matches!(channel.send(&never_sent).await, Err(SendError::Refused { .. })));
}

#[tokio::test]
async fn failures_say_whether_anything_was_sent() {
    let (fake, channel) = fake_and_channel().await;
    let send = async || channel.send(&post(Content::plain("Hallo"))).await.expect_err("a failure");

    fake.answer_next(403, json!({"message": "Cannot send messages to this user", "code": 50007}));
    let error = send().await;
    assert!(matches!(&error, SendError::NoWay { reason } if reason.contains("50007")), "{error}");

    fake.lose_next();
    fake.answer_next(502, json!("bad gateway"));
    for _ in 0..2 {
        let error = send().await;
        assert!(matches!(error, SendError::Unknown { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_wait_is_told_and_kept() {
    let (fake, channel) = fake_and_channel().await;
    fake.answer_next(429, json!({"message": "You are being rate limited.", "retry_after": 1.5, "global": false}));
    for _ in 0..2 {
        let error = channel.send(&post(Content::plain("Hallo"))).await.expect_err("a failure");
        let SendError::NotSent { wait: Some(wait), .. } = error else { panic!("{error}") };
        assert!(wait <= Duration::from_millis(1_500) && wait > Duration::from_millis(500), "{wait:?}");
    }
    assert_eq!(fake.calls().len(), 1, "the second was not even asked for");
}

#[tokio::test]
async fn nobody_there_means_nothing_was_sent() {
    // A port that was free a moment ago and that nobody listens on.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let channel = discord(TOKEN, format!("http://{address}").parse().expect("a URL")).channel();
    let error = channel.send(&post(Content::plain("Hallo"))).await.expect_err("nobody there");
    assert!(matches!(error, SendError::NotSent { wait: None, .. }), "{error}");
    assert!(!format!("{error:?}").contains(TOKEN));
}

#[tokio::test]
async fn what_is_no_channel_of_discords_is_refused() {
    let (fake, channel) = fake_and_channel().await;
    for key in ["0", "x", ""] {
        let mut delivery = post(Content::plain("Hallo"));
        key.clone_into(&mut delivery.message.place.key);
        assert!(matches!(channel.send(&delivery).await, Err(SendError::Refused { .. })), "{key:?}");
    }
    channel.typing(&PlaceRef { platform: Platform::Discord, key: "99".to_owned() }).await;
    assert_eq!(fake.calls().len(), 1);
    assert_eq!(fake.calls()[0].0, "POST /api/v10/channels/99/typing");
}

fn page(messages: &[(&str, &str, Option<&str>)]) -> Value {
    let describe = |&(id, content, nonce): &(&str, &str, Option<&str>)| json!({"id": id, "author": {"id": "4711", "bot": true}, "content": content, "nonce": nonce, "attachments": []});
    messages.iter().map(describe).collect()
}

/// A message that was tried two minutes ago, when its nonce counted.
fn tried_before(content: Content) -> Delivery {
    let (since, ago) = (Timestamp(1_800_000_000_000), Duration::from_mins(2));
    Delivery { earlier: Some(Earlier { since, ago, others: vec![ExternalId("70".to_owned())] }), ..post(content) }
}

fn me() -> Value {
    json!({"id": "4711", "username": "helpdesk"})
}

#[tokio::test]
async fn within_its_time_a_nonce_is_trusted() {
    let (fake, channel) = fake_and_channel().await;
    let mut delivery = tried_before(Content::plain("Hallo"));
    if let Some(earlier) = &mut delivery.earlier {
        earlier.ago = Duration::from_secs(5);
    }
    channel.send(&delivery).await.expect("sent");
    let calls: Vec<String> = fake.calls().into_iter().map(|(call, _)| call).collect();
    assert_eq!(calls, ["POST /api/v10/channels/99/messages"]);
}

#[tokio::test]
async fn after_that_the_channel_is_read_back_and_nothing_is_sent_twice() {
    let (fake, channel) = fake_and_channel().await;
    fake.answer_next(200, me());
    // The newest first, as Discord tells them: one that is known, a part of it that arrived, and one of somebody else's.
    let mut messages = page(&[("81", "wort ", Some("1.0")), ("70", "wort wort", None)]);
    if let Some(messages) = messages.as_array_mut() {
        messages.push(json!({"id": "69", "author": {"id": "5"}, "content": "wort", "attachments": []}));
    }
    fake.answer_next(200, messages);
    fake.answer_next(200, json!([]));
    let sent = channel.send(&tried_before(Content::plain("wort ".repeat(600)))).await.expect("sent");
    let calls = fake.calls();
    let posted: Vec<&Value> = calls.iter().filter(|(call, _)| call.starts_with("POST")).map(|(_, body)| body).collect();
    assert_eq!(posted.len(), 1, "only the part that is missing: {calls:?}");
    assert_eq!(posted[0]["nonce"], "1.1");
    assert_eq!((sent.len(), &sent[0]), (2, &ExternalId("81".to_owned())));
    assert!(calls[1].0.starts_with("GET /api/v10/channels/99/messages?after="), "{calls:?}");
}

/// Discord's ids tell its time, and not ours.
#[tokio::test]
async fn a_clock_that_is_wrong_by_an_hour_hides_nothing() {
    const EPOCH: i64 = 1_420_070_400_000;
    let (fake, channel) = fake_and_channel().await;
    fake.answer_next(200, me());
    channel.send(&tried_before(Content::plain("Hallo"))).await.expect("sent");
    let read_back = fake.calls().into_iter().find_map(|(call, _)| Some(call.split_once("?after=")?.1.to_owned()));
    let after: i64 = read_back.as_deref().and_then(|it| it.split('&').next()?.parse().ok()).expect("an id");
    let hour = i64::try_from(Duration::from_hours(1).as_millis()).expect("a number");
    assert!((after >> 22) + EPOCH <= 1_800_000_000_000 - hour, "{after}");
}

#[tokio::test]
async fn what_nobody_can_find_out_is_left_to_a_person() {
    let (fake, channel) = fake_and_channel().await;
    fake.answer_next(200, me());
    fake.answer_next(502, json!("bad gateway"));
    let error = channel.send(&tried_before(Content::plain("Hallo"))).await.expect_err("not read back");
    assert!(matches!(error, SendError::NotSent { .. }), "this attempt sent nothing for certain: {error}");
    for number in 0..20 {
        fake.answer_next(200, page(&[(&(100 + number).to_string(), "anderes", Some("x"))]));
    }
    let error = channel.send(&tried_before(Content::plain("Hallo"))).await.expect_err("too much to read");
    assert!(matches!(error, SendError::Undecided { .. }), "{error}");
    assert!(fake.calls().iter().all(|(call, _)| call.starts_with("GET")));
}
