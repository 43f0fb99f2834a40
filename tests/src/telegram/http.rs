//! From a request to a method with its parameters: `/bot<token>/<method>`, the method in any case, the parameters in the query,
//! in a form, in JSON or in parts. And `/file/bot<token>/<path>`, to fetch a file.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json, RequestExt as _, Router,
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, Form, Query, Request as HttpRequest, State},
    http::{
        StatusCode,
        header::{CONTENT_TYPE, LOCATION},
    },
    response::{Html, IntoResponse as _, Response},
};
use serde_json::{Map, Value, json};
use tokio::{net::TcpStream, sync::oneshot, task::JoinHandle};

use super::{
    Fault, HALF, Platform, Request, TOKEN,
    api::{self, Given, Refusal},
    world::File,
};
use crate::{
    line::{Line, Listener},
    multipart,
};

/// More than anything that may be sent, so that what is too large is refused in the platform's own words.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

/// The platform's port, as long as this is there.
#[derive(Debug)]
pub(super) struct Serving {
    pub(super) address: SocketAddr,
    close: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Serving {
    /// Whoever comes from now on is refused, and connections on which nothing is being answered end.
    pub(super) async fn closes(self) {
        let Self { address, close, task } = self;
        let _ = close.send(());
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        // It ends with the last answer.
        drop(task);
    }
}

/// Serves the platform at this address, or on a free port.
pub(super) async fn serve(platform: Arc<Platform>, address: Option<SocketAddr>) -> Serving {
    let listener = Listener::open(address).await;
    let address = listener.address();
    let router = Router::new().fallback(handle).with_state(platform);
    let (close, closed) = oneshot::channel();
    let task = tokio::spawn(async move {
        let service = router.into_make_service_with_connect_info::<Line>();
        let until_closed = async move { drop(closed.await) };
        let served = axum::serve(listener, service).with_graceful_shutdown(until_closed);
        served.await.expect("the fake platform can be served");
    });
    Serving { address, close, task }
}

async fn handle(
    State(platform): State<Arc<Platform>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: HttpRequest,
) -> Response {
    let path = request.uri().path().to_owned();
    if let Some(file) = path.strip_prefix("/file/bot").and_then(|rest| rest.split_once('/')) {
        return fetch(&platform, file);
    }
    let Some((token, method)) = path.strip_prefix("/bot").and_then(|rest| rest.split_once('/')) else {
        return refusal(&Refusal::not_found());
    };
    if token != TOKEN {
        return refusal(&Refusal::unauthorized());
    }
    let method = method.to_ascii_lowercase();
    let Some(given) = read(request).await else {
        return refusal(&Refusal::bad("can't parse the parameters"));
    };
    let (position, fault) = {
        let mut state = platform.state();
        state.journal.push(Request::new(&method, &given));
        platform.conformity.check_request(&method, &given, &mut state.violations);
        let fault = state.faults.meet(&method, &given);
        // What is too much is refused like any other request that goes wrong.
        let fault = fault.or_else(|| state.limits.meet(&method, &given).map(|wait| Fault::TooMany(Some(wait))));
        (state.journal.len() - 1, fault)
    };
    match fault {
        Some(Fault::DropBefore) => return line.cut(),
        Some(Fault::Broken(status)) => return broken(&platform, position, status),
        Some(Fault::Refused(status, description)) => {
            let body = json!({"ok": false, "error_code": status, "description": description});
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
            return answer(&platform, position, status, body);
        }
        Some(Fault::TooMany(None)) => return broken(&platform, position, 429),
        Some(Fault::TooMany(Some(seconds))) => {
            let refused = Refusal::too_many(seconds);
            return answer(&platform, position, refused.status(), refused.body());
        }
        Some(Fault::DropAfter | Fault::Hold) | None => {}
    }
    let (status, body) = match api::call(&platform, &method, &given).await {
        Ok(result) => (StatusCode::OK, json!({"ok": true, "result": result})),
        Err(refused) => (refused.status(), refused.body()),
    };
    platform.conformity.check_answer(&method, &body, &mut platform.state().violations);
    match fault {
        Some(Fault::DropAfter) => {
            platform.changed();
            return line.cut();
        }
        Some(Fault::Hold) => platform.until_let_go(position).await,
        _ => {}
    }
    answer(&platform, position, status, body)
}

fn answer(platform: &Platform, position: usize, status: StatusCode, body: Value) -> Response {
    let sent = as_sent(&body);
    platform.state().journal[position].answer = Some((status.as_u16(), body));
    platform.changed();
    (status, [(CONTENT_TYPE, "application/json")], sent).into_response()
}

/// JSON as it goes over the wire, where it can hold what a text in memory cannot: see [`HALF`].
pub(super) fn as_sent(body: &Value) -> String {
    body.to_string().replace(HALF, "\\ud83d")
}

/// What a machine before the platform says when the platform is out of order.
fn broken(platform: &Platform, position: usize, status: u16) -> Response {
    platform.state().journal[position].answer = Some((status, Value::Null));
    platform.changed();
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    (status, Html(format!("<html><h1>{status}</h1></html>"))).into_response()
}

fn refusal(refused: &Refusal) -> Response {
    (refused.status(), Json(refused.body())).into_response()
}

fn fetch(platform: &Platform, (token, path): (&str, &str)) -> Response {
    if token != TOKEN {
        return refusal(&Refusal::unauthorized());
    }
    let state = platform.state();
    if let Some(elsewhere) = &state.world.files.elsewhere {
        return (StatusCode::FOUND, [(LOCATION, elsewhere.clone())]).into_response();
    }
    match state.world.files.by_path(path) {
        Some(file) => Body::from(file.bytes.clone()).into_response(),
        None => refusal(&Refusal::not_found()),
    }
}

/// The parameters of the query and of the body together. `None` when the body cannot be read.
async fn read(request: HttpRequest) -> Option<Given> {
    let Query(query) = Query::<Map<String, Value>>::try_from_uri(request.uri()).ok()?;
    let mut given = Given { fields: query, ..Given::default() };
    let kind = request.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
    if kind.starts_with("application/json") {
        let body: Bytes = to_bytes(request.into_body(), LARGEST_BODY).await.ok()?;
        if !body.is_empty() {
            let json: Value = serde_json::from_slice(&body).ok()?;
            given.fields.extend(json.as_object()?.clone());
        }
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        let Form(form): Form<Map<String, Value>> = request.extract().await.ok()?;
        given.fields.extend(form);
    } else if let Some(boundary) = multipart::boundary(&kind) {
        let body = to_bytes(request.into_body(), LARGEST_BODY).await.ok()?;
        for part in multipart::read(&body, &boundary)? {
            if let Some(name) = part.file {
                given.uploads.insert(part.name, File::new(&name, part.media_type.as_deref(), part.content));
            } else {
                let text = String::from_utf8_lossy(&part.content).into_owned();
                given.fields.insert(part.name, text.into());
            }
        }
    }
    Some(given)
}
