//! Whether what is said in both directions is what the Bot API says: every request and every answer is compared with its
//! description, where that can be found. An unknown field, a wrong type or a missing field fails the story at its end.
//!
//! The description is a file `telegram-bot-api-9.1.json` (the version that our client speaks) in the folder that
//! `FIRSTLINE_SPECS` names, or in `../shared/specs` beside the repository. It is not ours, so it is not in the repository.

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use serde_json::{Map, Value};

use super::api::Given;

const FOLDER: &str = "FIRSTLINE_SPECS";
const FILE: &str = "telegram-bot-api-9.1.json";

/// Compares with the description, or, without one, does nothing.
#[derive(Debug, Clone)]
pub(super) struct Conformity {
    api: Option<Arc<Api>>,
}

#[derive(Debug)]
struct Api {
    /// By name in lower case: the fields and what is returned.
    methods: BTreeMap<String, (Vec<Field>, Vec<String>)>,
    types: BTreeMap<String, Type>,
}

#[derive(Debug)]
enum Type {
    /// An object with these fields.
    Object(Vec<Field>),
    /// One of these types.
    OneOf(Vec<String>),
}

#[derive(Debug)]
struct Field {
    name: String,
    types: Vec<String>,
    required: bool,
}

impl Conformity {
    /// With the description, if it can be found; says so if not, once.
    pub(super) fn find() -> Self {
        static FOUND: OnceLock<Option<Arc<Api>>> = OnceLock::new();
        let api = FOUND.get_or_init(|| {
            let path = path();
            let api = std::fs::read_to_string(&path).ok().and_then(|text| Api::read(&text));
            if api.is_none() {
                // Written past the capturing of tests, which would hide it.
                let line = format!(
                    "NOT CHECKED: whether requests and answers conform to the Bot API ({} is not there or not readable; \
                     {FOLDER} names the folder)\n",
                    path.display()
                );
                let _ = std::io::stderr().write_all(line.as_bytes());
            }
            api.map(Arc::new)
        });
        Self { api: api.clone() }
    }

    /// There is a description to compare with.
    pub(super) fn is_known(&self) -> bool {
        self.api.is_some()
    }

    /// Compares a request's parameters.
    pub(super) fn check_request(&self, method: &str, given: &Given, problems: &mut Vec<String>) {
        let Some(api) = &self.api else { return };
        let Some((fields, _)) = api.methods.get(method) else {
            problems.push(format!("{method}: there is no such method"));
            return;
        };
        let mut object = given.fields.clone();
        for (name, value) in &mut object {
            let field = fields.iter().find(|field| field.name == *name);
            // In forms everything but texts is JSON in text.
            if let (Some(field), Value::String(text)) = (field, &*value)
                && !field.types.iter().any(|kind| kind == "String")
                && let Ok(parsed) = serde_json::from_str(text)
            {
                *value = parsed;
            }
        }
        // A file comes under the name of its parameter, or under a name of its own that a parameter points to.
        for name in given.uploads.keys().filter(|name| fields.iter().any(|field| field.name == **name)) {
            object.insert(name.clone(), Value::String(String::new()));
        }
        api.check_object(method, fields, &object, problems);
    }

    /// Compares an answer.
    pub(super) fn check_answer(&self, method: &str, body: &Value, problems: &mut Vec<String>) {
        let Some(api) = &self.api else { return };
        if body["ok"] == true {
            if let Some((_, returns)) = api.methods.get(method) {
                api.check(&format!("the answer to {method}"), returns, &body["result"], problems);
            }
        } else if !body["parameters"].is_null() {
            api.check(method, &["ResponseParameters".to_owned()], &body["parameters"], problems);
        }
    }

    /// Compares an update.
    pub(super) fn check_update(&self, update: &Value, problems: &mut Vec<String>) {
        if let Some(api) = &self.api {
            api.check("an update", &["Update".to_owned()], update, problems);
        }
    }
}

fn path() -> PathBuf {
    let folder = std::env::var_os(FOLDER)
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/specs"), PathBuf::from);
    folder.join(FILE)
}

impl Api {
    fn read(text: &str) -> Option<Self> {
        let all: Value = serde_json::from_str(text).ok()?;
        let methods = all["methods"]
            .as_object()?
            .iter()
            .map(|(name, method)| (name.to_ascii_lowercase(), (fields(&method["fields"]), names(&method["returns"]))));
        let types = all["types"].as_object()?.iter().map(|(name, described)| {
            let kind = match described["subtypes"].as_array() {
                Some(_) => Type::OneOf(names(&described["subtypes"])),
                None => Type::Object(fields(&described["fields"])),
            };
            (name.clone(), kind)
        });
        Some(Self { methods: methods.collect(), types: types.collect() })
    }

    /// The value is of one of these types.
    fn check(&self, place: &str, kinds: &[String], value: &Value, problems: &mut Vec<String>) {
        let mut best: Option<Vec<String>> = None;
        for kind in kinds {
            let mut found = Vec::new();
            self.check_kind(place, kind, value, &mut found);
            if found.is_empty() {
                return;
            }
            // Of several types the one that fits best tells what is wrong.
            if best.as_ref().is_none_or(|best| found.len() < best.len()) {
                best = Some(found);
            }
        }
        problems.extend(best.unwrap_or_default());
    }

    fn check_kind(&self, place: &str, kind: &str, value: &Value, problems: &mut Vec<String>) {
        if let Some(inner) = kind.strip_prefix("Array of ") {
            let Some(items) = value.as_array() else {
                problems.push(format!("{place} is no array: {value}"));
                return;
            };
            for (nth, item) in items.iter().enumerate() {
                self.check(&format!("{place}[{nth}]"), &[inner.to_owned()], item, problems);
            }
            return;
        }
        let fits = match kind {
            "Integer" => value.is_i64() || value.is_u64(),
            "String" | "InputFile" => value.is_string(),
            "Boolean" => value.is_boolean(),
            "Float" => value.is_number(),
            _ => {
                match self.types.get(kind) {
                    None => problems.push(format!("{place}: the type {kind} is not described")),
                    Some(Type::OneOf(kinds)) => self.check(place, kinds, value, problems),
                    Some(Type::Object(fields)) => match value.as_object() {
                        Some(object) => self.check_object(&format!("{place} ({kind})"), fields, object, problems),
                        None => problems.push(format!("{place} is no {kind}: {value}")),
                    },
                }
                return;
            }
        };
        if !fits {
            problems.push(format!("{place} is no {kind}: {value}"));
        }
    }

    fn check_object(&self, place: &str, fields: &[Field], object: &Map<String, Value>, problems: &mut Vec<String>) {
        for field in fields.iter().filter(|field| field.required && !object.contains_key(&field.name)) {
            problems.push(format!("{place}: {} is missing", field.name));
        }
        for (name, value) in object {
            match fields.iter().find(|field| field.name == *name) {
                Some(field) => self.check(&format!("{place}.{name}"), &field.types, value, problems),
                None => problems.push(format!("{place}: there is no field {name}")),
            }
        }
    }
}

fn fields(described: &Value) -> Vec<Field> {
    let fields = described.as_array().into_iter().flatten();
    fields
        .map(|field| Field {
            name: field["name"].as_str().unwrap_or_default().to_owned(),
            types: names(&field["types"]),
            required: field["required"] == true,
        })
        .collect()
}

fn names(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
