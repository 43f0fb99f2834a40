//! From a request to a method with its parameters: `/bot<token>/<method>`, the method in any case, the parameters in the query,
//! in a form or in JSON.

use std::sync::Arc;

use axum::{
    Json, RequestExt as _, Router,
    body::Bytes,
    extract::{Form, Query, Request as HttpRequest, State},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
};
use serde_json::{Map, Value, json};

use super::{
    Platform, Request, TOKEN,
    api::{self, Refusal},
};

pub(super) fn router(platform: Arc<Platform>) -> Router {
    Router::new().fallback(handle).with_state(platform)
}

async fn handle(State(platform): State<Arc<Platform>>, request: HttpRequest) -> Response {
    let path = request.uri().path().to_owned();
    let Some((token, method)) = path.strip_prefix("/bot").and_then(|rest| rest.split_once('/')) else {
        return refusal(&Refusal::not_found());
    };
    if token != TOKEN {
        return refusal(&Refusal::unauthorized());
    }
    let method = method.to_ascii_lowercase();
    let Some(parameters) = parameters(request).await else {
        return refusal(&Refusal::bad("can't parse the parameters"));
    };
    let position = {
        let mut state = platform.state();
        state.journal.push(Request { method: method.clone(), parameters: parameters.clone(), answer: None });
        state.journal.len() - 1
    };
    let (status, body) = match api::call(&platform, &method, &parameters).await {
        Ok(result) => (StatusCode::OK, json!({"ok": true, "result": result})),
        Err(refused) => (refused.status(), refused.body()),
    };
    platform.state().journal[position].answer = Some((status.as_u16(), body.clone()));
    platform.changed();
    (status, Json(body)).into_response()
}

fn refusal(refused: &Refusal) -> Response {
    (refused.status(), Json(refused.body())).into_response()
}

/// The parameters of the query and of the body together. `None` when the body cannot be read.
async fn parameters(request: HttpRequest) -> Option<Value> {
    let Query(query) = Query::<Map<String, Value>>::try_from_uri(request.uri()).ok()?;
    let mut parameters = query;
    let kind = request.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
    if kind.starts_with("application/json") {
        let body: Bytes = request.extract().await.ok()?;
        if !body.is_empty() {
            let given: Value = serde_json::from_slice(&body).ok()?;
            parameters.extend(given.as_object()?.clone());
        }
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        let Form(given): Form<Map<String, Value>> = request.extract().await.ok()?;
        parameters.extend(given);
    }
    Some(Value::Object(parameters))
}
