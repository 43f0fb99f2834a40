//! A small Bot API on a free port of the loopback: just enough to see what is asked of it, to answer as Telegram does, and to
//! fail on demand. It keeps updates until they are confirmed by an offset.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Body,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};
use url::Url;

pub(crate) const TOKEN: &str = "4711:test-token";

/// What happens to the next request of a kind.
pub(crate) enum Fault {
    /// This status and this answer.
    Answer(u16, Value),
    /// The request is carried out and the connection is lost.
    Drop,
}

#[derive(Default)]
struct Inside {
    updates: Vec<Value>,
    calls: Vec<(String, Value)>,
    faults: VecDeque<(&'static str, Fault)>,
    next_message: i64,
}

/// The fake and what it has seen.
#[derive(Clone)]
pub(crate) struct FakeTelegram {
    inside: Arc<Mutex<Inside>>,
    url: Url,
}

impl FakeTelegram {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let inside = Arc::new(Mutex::new(Inside { next_message: 1, ..Inside::default() }));
        let app = Router::new().route("/{bot}/{method}", post(answer)).with_state(Arc::clone(&inside));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { inside, url: format!("http://{address}").parse().expect("a URL") }
    }

    pub(crate) fn url(&self) -> Url {
        self.url.clone()
    }

    pub(crate) fn update(&self, update: Value) {
        self.lock().updates.push(update);
    }

    /// The updates that were not confirmed yet.
    pub(crate) fn unconfirmed(&self) -> usize {
        self.lock().updates.len()
    }

    pub(crate) fn fail_next(&self, method: &'static str, fault: Fault) {
        self.lock().faults.push_back((method, fault));
    }

    /// What a method was called with, in order.
    pub(crate) fn calls(&self, method: &str) -> Vec<Value> {
        let calls = &self.lock().calls;
        calls.iter().filter(|(name, _)| name == method).map(|(_, body)| body.clone()).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.inside.lock().expect("the fake")
    }
}

async fn answer(
    State(inside): State<Arc<Mutex<Inside>>>,
    Path((bot, method)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Response {
    // Method names are read in any case, as Telegram does.
    let method = method.to_lowercase();
    if bot != format!("bot{TOKEN}") {
        return error(401, "Unauthorized");
    }
    let mut inside = inside.lock().expect("the fake");
    inside.calls.push((method.clone(), body.clone()));
    let result = carry_out(&mut inside, &method, &body);
    let fault = inside.faults.iter().position(|(name, _)| *name == method).and_then(|at| inside.faults.remove(at));
    match fault {
        Some((_, Fault::Answer(status, answer))) => {
            (StatusCode::from_u16(status).expect("a status"), Json(answer)).into_response()
        }
        Some((_, Fault::Drop)) => {
            let lost = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
            Response::new(Body::from_stream(futures::stream::iter([Err::<Vec<u8>, _>(lost)])))
        }
        None => Json(json!({"ok": true, "result": result})).into_response(),
    }
}

fn carry_out(inside: &mut Inside, method: &str, body: &Value) -> Value {
    match method {
        "getme" => json!({"id": 4711, "is_bot": true, "first_name": "Helpdesk", "username": "helpdesk_bot",
            "can_join_groups": true, "can_read_all_group_messages": false, "supports_inline_queries": false,
            "can_connect_to_business": false, "has_main_web_app": false}),
        "getupdates" => {
            if let Some(offset) = body["offset"].as_i64() {
                inside.updates.retain(|update| update["update_id"].as_i64() >= Some(offset));
            }
            Value::Array(inside.updates.clone())
        }
        "sendmessage" | "editmessagetext" | "editmessagecaption" => {
            let id = body["message_id"].as_i64().unwrap_or(inside.next_message);
            inside.next_message += i64::from(method == "sendmessage");
            // Deliberately poor: what is newer than the client must not make a sent message fail.
            json!({"message_id": id, "something_new": {"a": 1}})
        }
        _ => json!(true),
    }
}

fn error(code: u16, description: &str) -> Response {
    let answer = json!({"ok": false, "error_code": code, "description": description});
    (StatusCode::from_u16(code).expect("a status"), Json(answer)).into_response()
}
