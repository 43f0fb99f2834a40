//! What a request gives, and how it is refused.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What a request gives.
#[derive(Debug)]
pub(in crate::discord) struct Given {
    pub(in crate::discord) method: String,
    pub(in crate::discord) segments: Vec<String>,
    pub(in crate::discord) query: BTreeMap<String, String>,
    pub(in crate::discord) body: Value,
    /// Name, media type, bytes.
    pub(in crate::discord) files: Vec<(String, Option<String>, Vec<u8>)>,
    pub(in crate::discord) is_multipart: bool,
}

impl Given {
    pub(in crate::discord) fn new(method: &str, path: &str, query: &str) -> Self {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        Self {
            method: method.to_owned(),
            segments: path.split('/').filter(|it| !it.is_empty()).map(decoded).collect(),
            query: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: Value::Null,
            files: Vec::new(),
            is_multipart: false,
        }
    }

    pub(in crate::discord) fn at(&self, position: usize) -> &str {
        self.segments.get(position).map_or("", String::as_str)
    }

    /// `POST /channels/{}/messages`.
    pub(in crate::discord) fn route(&self) -> String {
        let is_id = |it: &str| it.chars().all(|c| c.is_ascii_digit()) || it.starts_with("token-of-");
        let parts = self.segments.iter().map(|it| if is_id(it) { "{}" } else { it });
        parts.fold(format!("{} ", self.method), |route, part| format!("{route}/{part}"))
    }

    /// A number of the query.
    pub(in crate::discord) fn number(&self, name: &str) -> Option<u64> {
        self.query.get(name)?.parse().ok()
    }

    pub(in crate::discord) fn text(&self, name: &str) -> Option<&str> {
        self.body[name].as_str()
    }
}

/// With `%F0%9F…` read.
fn decoded(segment: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = segment.as_bytes();
    while let Some((&first, others)) = rest.split_first() {
        let hex = others.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| first == b'%') {
            bytes.push(byte);
            rest = &others[2..];
        } else {
            bytes.push(first);
            rest = others;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Why something is not done.
#[derive(Debug)]
pub(in crate::discord) struct Refusal {
    pub(in crate::discord) status: u16,
    code: u32,
    message: String,
    errors: Value,
}

impl Refusal {
    pub(in crate::discord) fn new(status: u16, code: u32, message: &str) -> Self {
        Self { status, code, message: message.to_owned(), errors: Value::Null }
    }

    pub(in crate::discord) fn not_found() -> Self {
        Self::new(404, 0, "404: Not Found")
    }

    pub(in crate::discord) fn malformed() -> Self {
        Self::new(400, 50_109, "The request body contains invalid JSON.")
    }

    pub(in crate::discord) fn unauthorized() -> Self {
        Self::new(401, 0, "401: Unauthorized")
    }

    pub(in crate::discord) fn unknown_channel() -> Self {
        Self::new(404, 10_003, "Unknown Channel")
    }

    pub(in crate::discord) fn unknown_message() -> Self {
        Self::new(404, 10_008, "Unknown Message")
    }

    pub(in crate::discord) fn no_access() -> Self {
        Self::new(403, 50_001, "Missing Access")
    }

    pub(in crate::discord) fn no_permission() -> Self {
        Self::new(403, 50_013, "Missing Permissions")
    }

    /// A field is not as it must be.
    pub(in crate::discord) fn invalid(field: &str, code: &str, message: &str) -> Self {
        let mut refused = Self::new(400, 50_035, "Invalid Form Body");
        refused.errors = json!({field: {"_errors": [{"code": code, "message": message}]}});
        refused
    }

    pub(in crate::discord) fn body(&self) -> Value {
        let mut body = json!({"message": self.message, "code": self.code});
        if !self.errors.is_null() {
            body["errors"] = self.errors.clone();
        }
        body
    }
}
