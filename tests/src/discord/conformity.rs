//! Whether what is said in both directions is what Discord says: every request and every answer of the REST API is compared with
//! Discord's description of it, where that can be found. An unknown field, a wrong type or a missing field fails the story.
//!
//! The description is the file `discord-openapi.json` in the folder that `FIRSTLINE_SPECS` names, or in `../shared/specs` beside
//! the repository. It is not ours, so it is not in the repository. It is lenient where Discord is: a number may come as text.

mod schema;

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use serde_json::Value;

use self::schema::Schemas;
use super::rest::Given;

const FOLDER: &str = "FIRSTLINE_SPECS";
const FILE: &str = "discord-openapi.json";

/// Compares with the description, or, without one, does nothing.
#[derive(Debug, Clone)]
pub(super) struct Conformity {
    api: Option<Arc<Schemas>>,
}

impl Conformity {
    /// With the description, if it can be found; says so if not, once.
    pub(super) fn find() -> Self {
        static FOUND: OnceLock<Option<Arc<Schemas>>> = OnceLock::new();
        let api = FOUND.get_or_init(|| {
            let path = path();
            let text = std::fs::read_to_string(&path).ok();
            let api = text.and_then(|text| serde_json::from_str(&text).ok()).map(|all| Arc::new(Schemas::new(all)));
            if api.is_none() {
                // Written past the capturing of tests, which would hide it.
                let line = format!(
                    "NOT CHECKED: whether requests and answers conform to Discord's REST API ({} is not there or not \
                     readable; {FOLDER} names the folder)\n",
                    path.display()
                );
                let _ = std::io::stderr().write_all(line.as_bytes());
            }
            api
        });
        Self { api: api.clone() }
    }

    /// There is a description to compare with.
    pub(super) fn is_known(&self) -> bool {
        self.api.is_some()
    }

    /// Compares a request.
    pub(super) fn check_request(&self, given: &Given, problems: &mut Vec<String>) {
        let Some(api) = &self.api else { return };
        let route = given.route();
        let Some(operation) = operation(api, given) else {
            problems.push(format!("{route}: there is no such route"));
            return;
        };
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let known: Vec<&str> =
            parameters.filter(|it| it["in"] == "query").filter_map(|it| it["name"].as_str()).collect();
        for name in given.query.keys().filter(|name| !known.contains(&name.as_str())) {
            problems.push(format!("{route}: there is no parameter {name}"));
        }
        let kinds = &operation["requestBody"]["content"];
        // Beside files the rest is the same, in JSON.
        let schema = &kinds["application/json"]["schema"];
        let schema = if schema.is_null() { &kinds["multipart/form-data"]["schema"] } else { schema };
        if !given.body.is_null() && !schema.is_null() {
            api.check(&route, schema, &given.body, problems);
        } else if !given.body.is_null() {
            problems.push(format!("{route}: there is a body where none belongs: {}", given.body));
        }
    }

    /// Compares an answer.
    pub(super) fn check_answer(&self, given: &Given, status: u16, body: &Value, problems: &mut Vec<String>) {
        let Some(api) = &self.api else { return };
        let Some(operation) = operation(api, given) else { return };
        let place = format!("the answer to {}", given.route());
        let responses = &operation["responses"];
        let class = format!("{}XX", status / 100);
        let described = [status.to_string(), class].into_iter().find_map(|name| responses.get(name));
        let Some(described) = described else {
            problems.push(format!("{place}: there is no status {status}"));
            return;
        };
        let schema = &api.followed(described)["content"]["application/json"]["schema"];
        if !schema.is_null() {
            api.check(&place, schema, body, problems);
        }
    }
}

fn operation<'a>(api: &'a Schemas, given: &Given) -> Option<&'a Value> {
    let method = given.method.to_lowercase();
    let mut best: Option<(usize, &Value)> = None;
    for (path, described) in api.all["paths"].as_object()? {
        let parts: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
        let is_free = |part: &str| part.starts_with('{');
        let fits = parts.len() == given.segments.len()
            && parts.iter().zip(&given.segments).all(|(part, segment)| is_free(part) || part == segment);
        let named = parts.iter().filter(|part| !is_free(part)).count();
        if fits && best.is_none_or(|(most, _)| named > most) && !described[&method].is_null() {
            best = Some((named, &described[&method]));
        }
    }
    best.map(|(_, operation)| operation)
}

fn path() -> PathBuf {
    let folder = std::env::var_os(FOLDER)
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/specs"), PathBuf::from);
    folder.join(FILE)
}
