//! The parameters of a request. In JSON they have their types; in forms everything is text, and what has parts is JSON in text.

use serde_json::{Map, Value};

use super::{Refusal, Uploads};

/// The parameters of a request, and the files that came with it.
#[derive(Debug, Default)]
pub(in crate::telegram) struct Given {
    pub(in crate::telegram) fields: Map<String, Value>,
    pub(in crate::telegram) uploads: Uploads,
}

impl Given {
    /// A parameter as it came; null where there is none.
    pub(super) fn field(&self, name: &str) -> &Value {
        self.fields.get(name).unwrap_or(&Value::Null)
    }

    /// A text; empty where there is none.
    pub(in crate::telegram) fn text(&self, name: &str) -> &str {
        self.field(name).as_str().unwrap_or_default()
    }

    /// A number, which forms write as text.
    pub(in crate::telegram) fn number(&self, name: &str) -> Option<i64> {
        number(self.field(name))
    }

    /// A yes, which forms write as text.
    pub(super) fn yes(&self, name: &str) -> bool {
        match self.field(name) {
            Value::Bool(yes) => *yes,
            Value::String(text) => text.eq_ignore_ascii_case("true") || text == "1",
            _ => false,
        }
    }

    /// An object or a list, which forms write as JSON in text; null where there is none.
    pub(in crate::telegram) fn structured(&self, name: &str) -> Result<Value, Refusal> {
        match self.field(name) {
            Value::String(text) if text.is_empty() => Ok(Value::Null),
            Value::String(text) => {
                serde_json::from_str(text).map_err(|_| Refusal::bad(&format!("can't parse {name} JSON object")))
            }
            value => Ok(value.clone()),
        }
    }
}

/// A number, or a text that is one.
pub(super) fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}
