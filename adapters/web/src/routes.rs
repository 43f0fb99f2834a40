//! What is where.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, header},
    middleware,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use firstline_engine::{desk::Desk, knowledge::Language, people::Platform};
use serde::Deserialize;
use serde_json::json;

use crate::{
    answer::{Answer, AnswerJson},
    headers,
    language::preferred,
    page,
};

/// The longest question, in characters.
pub(crate) const LONGEST_QUESTION: usize = 500;

/// How long the database may take to say that it is there.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// What the pages are made from.
struct App {
    desk: Desk,
    platforms: Vec<Platform>,
}

/// All pages.
pub(crate) fn router(desk: Desk, platforms: Vec<Platform>) -> Router {
    let with_desk = Router::new()
        .route("/", get(landing))
        .route("/api/v1/ask", get(ask))
        .route("/readyz", get(ready))
        .with_state(Arc::new(App { desk, platforms }));
    hardened(with_desk.merge(without_desk()))
}

/// What is the same whatever the desk.
fn without_desk() -> Router {
    Router::new().route("/healthz", get(async || "ok\n")).route("/style.css", get(style)).fallback(missing)
}

fn hardened(router: Router) -> Router {
    router.layer(middleware::map_response(headers::harden))
}

#[derive(Deserialize)]
struct Asked {
    q: Option<String>,
    language: Option<String>,
}

async fn landing(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Html<String>, StatusCode> {
    let Query(Asked { q, language }) = asked.map_err(|_| StatusCode::BAD_REQUEST)?;
    let default = app.desk.policy().default_language;
    let language = language.and_then(|code| code.parse().ok()).unwrap_or_else(|| preferred(&headers, default));
    let question: Option<String> = q.map(|q| q.trim().chars().take(LONGEST_QUESTION).collect());
    let question = question.filter(|question| !question.is_empty());
    let answer = question.as_deref().map(|question| Answer::to(&app.desk, question, None, language));
    let page = page::Landing {
        phrases: app.desk.phrases(),
        language,
        desk_name: &app.desk.policy().desk_name,
        platforms: &app.platforms,
        question: question.as_deref(),
        answer: answer.as_ref(),
    };
    Ok(Html(page.render().into_string()))
}

async fn ask(
    State(app): State<Arc<App>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<AnswerJson>, Problem> {
    let Query(Asked { q, language }) = asked.map_err(|_| Problem("the query cannot be read"))?;
    let question =
        q.as_deref().map(str::trim).filter(|q| !q.is_empty()).ok_or(Problem("q is missing: write ?q=..."))?;
    if question.chars().count() > LONGEST_QUESTION {
        return Err(Problem("q is too long: at most 500 characters"));
    }
    let language: Option<Language> = match language.as_deref() {
        None | Some("") => None,
        Some(code) => Some(code.parse().map_err(|_| Problem("language is neither en nor de"))?),
    };
    let default = app.desk.policy().default_language;
    Ok(Json(Answer::to(&app.desk, question, language, default).into()))
}

/// Ready to work: the database answers.
async fn ready(State(app): State<Arc<App>>) -> Response {
    match tokio::time::timeout(READY_WITHIN, app.desk.health()).await {
        Ok(Ok(_)) => "ready\n".into_response(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
        }
        Err(_) => {
            tracing::warn!("not ready: the database does not answer in time");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
        }
    }
}

async fn style() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, include_str!("style.css"))
}

async fn missing() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "404\n")
}

/// What was wrong with a request to the API, for the programmer who made it.
struct Problem(&'static str);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(json!({ "error": self.0 }))).into_response()
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use tower::ServiceExt as _;

    use super::*;

    async fn get_response(path: &str) -> Response {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        hardened(without_desk()).oneshot(request).await.expect("an answer")
    }

    #[tokio::test]
    async fn every_answer_is_hardened() {
        for (path, status) in [("/healthz", 200), ("/style.css", 200), ("/nothing", 404)] {
            let response = get_response(path).await;
            assert_eq!(response.status(), status, "{path}");
            let policy = response.headers()["content-security-policy"].to_str().expect("text");
            assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
            assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{path}");
            assert_eq!(response.headers()["x-frame-options"], "DENY", "{path}");
        }
    }

    #[tokio::test]
    async fn only_what_is_the_same_for_all_is_kept() {
        assert_eq!(get_response("/style.css").await.headers()["cache-control"], "public, max-age=3600");
        assert_eq!(get_response("/healthz").await.headers()["cache-control"], "no-store");
    }
}
