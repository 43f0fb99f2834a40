//! From a request to a route with its parameters, and back: `/api/v10/…`, JSON or parts, and the files of messages.

mod commands;
mod given;
mod interactions;
mod messages;
mod places;
mod threads;

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request as HttpRequest, State as Shared},
    http::{HeaderMap, StatusCode, header::AUTHORIZATION, header::CONTENT_TYPE},
    response::{Html, IntoResponse as _, Response},
};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

pub(super) use given::{Given, Refusal};

use super::{Fault, Platform, Request, Scope, State, TOKEN};
use crate::{
    line::{Line, Listener},
    multipart,
};

/// More than anything that may be sent, so that what is too large is refused in the platform's own words.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

/// Where whoever is led astray comes to.
const ELSEWHERE: &str = "/elsewhere";

/// What a request is answered: the status and the body.
type Answer = Result<(u16, Value), Refusal>;

/// Serves the platform on a free port, until the task is aborted.
pub(super) async fn serve(platform: Arc<Platform>) -> (SocketAddr, JoinHandle<()>) {
    let listener = Listener::open(None).await;
    let address = listener.address();
    let router = Router::new().fallback(handle).with_state(platform);
    let serving = tokio::spawn(async move {
        let service = router.into_make_service_with_connect_info::<Line>();
        axum::serve(listener, service).await.expect("the fake platform can be served");
    });
    (address, serving)
}

async fn handle(
    Shared(platform): Shared<Arc<Platform>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: HttpRequest,
) -> Response {
    let path = request.uri().path().to_owned();
    if let Some(file) = path.strip_prefix("/attachments/") {
        return fetch(&platform, file);
    }
    if path == ELSEWHERE {
        platform
            .change(|state| state.world.leads_astray = state.world.leads_astray.map(|(sent, went)| (sent, went + 1)));
        return Body::from("secret").into_response();
    }
    let Some(path) = path.strip_prefix("/api/v10") else { return refuse(&Refusal::not_found()) };
    let authorized = is_authorized(request.headers());
    let Some(given) = read(path, request).await else { return refuse(&Refusal::malformed()) };
    let answers_interaction = given.at(0) == "interactions" || given.at(0) == "webhooks";
    if !authorized && !answers_interaction {
        return refuse(&Refusal::unauthorized());
    }
    let (position, fault) = {
        let mut state = platform.state();
        let entry = Request {
            route: given.route(),
            path: path.to_owned(),
            body: given.body.clone(),
            files: given.files.iter().map(|file| file.0.clone()).collect(),
            answer: None,
        };
        let fault = state.faults.meet(&entry);
        state.journal.push(entry);
        platform.conformity.check_request(&given, &mut state.violations);
        calls_nobody(&given, &mut state.violations);
        (state.journal.len() - 1, fault)
    };
    match fault {
        Some(Fault::DropBefore) => return line.cut(),
        Some(Fault::Broken(status) | Fault::Refused(status)) => return broken(&platform, position, status),
        Some(Fault::Blocked) => return broken(&platform, position, 429),
        Some(Fault::TooMany(scope, seconds)) => return too_many(&platform, position, scope, seconds),
        Some(Fault::DropAfter | Fault::Last(_) | Fault::Hold) | None => {}
    }
    let (status, body) = {
        let mut state = platform.state();
        let (status, body) = call(&mut state, &given).unwrap_or_else(|refused| (refused.status, refused.body()));
        platform.conformity.check_answer(&given, status, &body, &mut state.violations);
        (status, body)
    };
    match fault {
        Some(Fault::DropAfter) => {
            platform.changed();
            return line.cut();
        }
        Some(Fault::Hold) => platform.until_let_go(position).await,
        _ => {}
    }
    let empty_for = if let Some(Fault::Last(seconds)) = fault { Some(seconds) } else { None };
    answer(&platform, position, status, body, empty_for)
}

/// What each route does.
fn call(state: &mut State, given: &Given) -> Answer {
    let url = state.gateway_url.clone();
    let path: Vec<&str> = given.segments.iter().map(String::as_str).collect();
    let world = &mut state.world;
    match (given.method.as_str(), path.as_slice()) {
        ("GET", ["gateway"]) => Ok((200, json!({ "url": url }))),
        ("GET", ["gateway", "bot"]) => {
            let limit = json!({"total": 1000, "remaining": 999, "reset_after": 14_400_000, "max_concurrency": 1});
            let shards = world.gateway.advised.max(1);
            Ok((200, json!({"url": url, "shards": shards, "session_start_limit": limit})))
        }
        (_, ["users" | "guilds", ..] | ["applications", "@me"]) => places::call(world, given, &path),
        (_, ["applications", ..]) => commands::call(world, given, &path),
        (_, ["interactions" | "webhooks", ..]) => interactions::call(world, given, &path),
        ("POST", ["channels", channel, "threads"]) => threads::begin(world, given, channel),
        ("POST", ["channels", channel, "messages", message, "threads"]) => {
            threads::begin_from(world, given, channel, message)
        }
        ("PUT", ["channels", channel, "thread-members", user]) => threads::member(world, channel, user),
        (_, ["channels", channel]) => threads::channel(world, given, channel),
        (_, ["channels", channel, rest @ ..]) => messages::call(world, given, channel, rest),
        _ => Err(Refusal::not_found()),
    }
}

fn answer(platform: &Platform, position: usize, status: u16, body: Value, empty_for: Option<f64>) -> Response {
    platform.state().journal[position].answer = Some((status, body.clone()));
    platform.changed();
    let status = StatusCode::from_u16(status).expect("a status");
    let limits = [
        ("x-ratelimit-limit", "5".to_owned()),
        ("x-ratelimit-remaining", if empty_for.is_some() { "0" } else { "4" }.to_owned()),
        ("x-ratelimit-reset-after", empty_for.unwrap_or(1.0).to_string()),
        ("x-ratelimit-bucket", "b".to_owned()),
    ];
    if status == StatusCode::NO_CONTENT {
        return (status, limits).into_response();
    }
    (status, limits, axum::Json(body)).into_response()
}

/// What a machine before the platform says when the platform is out of order.
fn broken(platform: &Platform, position: usize, status: u16) -> Response {
    platform.state().journal[position].answer = Some((status, Value::Null));
    platform.changed();
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    (status, Html(format!("<html><h1>{status}</h1></html>"))).into_response()
}

fn too_many(platform: &Platform, position: usize, scope: Scope, seconds: f64) -> Response {
    let body = json!({"message": "You are being rate limited.", "retry_after": seconds,
        "global": scope == Scope::Global});
    platform.state().journal[position].answer = Some((429, body.clone()));
    platform.changed();
    let name = match scope {
        Scope::User => "user",
        Scope::Shared => "shared",
        Scope::Global => "global",
    };
    let mut response = (StatusCode::TOO_MANY_REQUESTS, [("x-ratelimit-scope", name)], axum::Json(body)).into_response();
    let mut header = |name: &'static str, value: String| {
        response.headers_mut().insert(name, value.parse().expect("a header"));
    };
    header("retry-after", format!("{}", seconds.ceil()));
    if scope == Scope::Global {
        header("x-ratelimit-global", "true".to_owned());
    }
    response
}

fn refuse(refused: &Refusal) -> Response {
    (StatusCode::from_u16(refused.status).expect("a status"), axum::Json(refused.body())).into_response()
}

/// Whatever the app says has to say whom it calls: by itself Discord calls everybody whom a text names, and the author of what it
/// answers. Nobody but the one whom it greets by name may be called. And a name that changes with what is going on would soon not
/// change any more: Discord allows two in ten minutes.
fn calls_nobody(given: &Given, violations: &mut Vec<String>) {
    for said in [&given.body, &given.body["data"], &given.body["message"]] {
        let is_said =
            ["content", "embeds", "message_reference", "attachments"].iter().any(|part| !said[part].is_null());
        let allowed = &said["allowed_mentions"];
        let list = |name: &str| allowed[name].as_array().map_or(&[][..], Vec::as_slice);
        let calls_kinds = !list("parse").is_empty() || !list("roles").is_empty() || allowed["replied_user"] == true;
        let greets = |user: &Value| {
            let text = said["content"].as_str().unwrap_or_default();
            user.as_str().is_some_and(|user| text.starts_with(&format!("<@{user}> ")))
        };
        if is_said && (!allowed.is_object() || calls_kinds || !list("users").iter().all(greets)) {
            violations.push(format!("{}: it may call anybody: {said}", given.route()));
        }
    }
    if given.route() == "PATCH /channels/{}" && !given.body["name"].is_null() {
        violations.push(format!("it changes a name: {}", given.body));
    }
}

fn fetch(platform: &Platform, path: &str) -> Response {
    let leads_astray = platform.change(|state| {
        state.world.leads_astray = state.world.leads_astray.map(|(sent, went)| (sent + 1, went));
        state.world.leads_astray.is_some()
    });
    if leads_astray {
        return (StatusCode::FOUND, [("location", ELSEWHERE)]).into_response();
    }
    let id = path.split('/').nth(1).and_then(|id| id.parse().ok()).unwrap_or_default();
    match platform.state().world.files.get(&id) {
        Some(bytes) => Body::from(bytes.clone()).into_response(),
        None => (StatusCode::NOT_FOUND, "This content is no longer available.").into_response(),
    }
}

fn is_authorized(headers: &HeaderMap) -> bool {
    headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).is_some_and(|it| it == format!("Bot {TOKEN}"))
}

/// `None` when the body cannot be read.
async fn read(path: &str, request: HttpRequest) -> Option<Given> {
    let mut given = Given::new(request.method().as_str(), path, request.uri().query().unwrap_or_default());
    let kind = request.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
    let body = to_bytes(request.into_body(), LARGEST_BODY).await.ok()?;
    if let Some(boundary) = multipart::boundary(&kind) {
        given.is_multipart = true;
        for part in multipart::read(&body, &boundary)? {
            match part.file {
                Some(name) => given.files.push((name, part.media_type, part.content)),
                None if part.name == "payload_json" => given.body = serde_json::from_slice(&part.content).ok()?,
                None => return None,
            }
        }
    } else if !body.is_empty() {
        given.body = serde_json::from_slice(&body).ok()?;
    }
    Some(given)
}
