//! The store's door: how texts, ids, names and JSON go into columns and come out of them.

use std::{borrow::Cow, fmt::Display, str::FromStr};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::Failure;

/// A text as it is stored. PostgreSQL cannot store U+0000, so on both databases it becomes U+FFFD.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{FFFD}")) } else { Cow::Borrowed(text) }
}

/// A value as it is stored in a JSON column, its texts treated like [`text`] does.
pub(crate) fn json(value: &impl Serialize) -> Result<Json<Value>, Failure> {
    let mut value = serde_json::to_value(value).map_err(|error| Failure::Contradiction(error.to_string()))?;
    clean(&mut value);
    Ok(Json(value))
}

fn clean(value: &mut Value) {
    match value {
        Value::String(string) => {
            if string.contains('\0') {
                *string = text(string).into_owned();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(clean),
        Value::Object(fields) => {
            if fields.keys().any(|key| key.contains('\0')) {
                *fields =
                    std::mem::take(fields).into_iter().map(|(key, value)| (text(&key).into_owned(), value)).collect();
            }
            fields.values_mut().for_each(clean);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Reads a JSON column.
pub(crate) fn from_json<T: DeserializeOwned>(table: &'static str, value: Json<Value>) -> Result<T, Failure> {
    serde_json::from_value(value.0).map_err(|error| unreadable(table, &error))
}

/// Reads a column that holds the name of something: a state, a role, a language.
pub(crate) fn name<T: FromStr<Err: Display>>(table: &'static str, name: &str) -> Result<T, Failure> {
    name.parse().map_err(|error| unreadable(table, &error))
}

/// Reads a column that may hold a name.
pub(crate) fn optional_name<T: FromStr<Err: Display>>(
    table: &'static str,
    value: Option<&str>,
) -> Result<Option<T>, Failure> {
    value.map(|value| name(table, value)).transpose()
}

/// Reads a column that holds an id.
pub(crate) fn id(table: &'static str, id: &str) -> Result<Uuid, Failure> {
    Uuid::parse_str(id).map_err(|error| unreadable(table, &error))
}

/// An id for a row that the caller has no name for: the account of a new event, say.
#[expect(clippy::disallowed_methods, reason = "the engine's ids come through a port, these are the store's own")]
pub(crate) fn fresh_id() -> Uuid {
    Uuid::now_v7()
}

/// Reads a number that is smaller in the engine than in the database.
pub(crate) fn number<T: TryFrom<i64, Error: Display>>(table: &'static str, number: i64) -> Result<T, Failure> {
    T::try_from(number).map_err(|error| unreadable(table, &error))
}

/// A count, which a database cannot give as less than nothing.
pub(crate) fn count(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

/// A span of time as the databases count it.
pub(crate) fn millis(span: std::time::Duration) -> i64 {
    // Far enough away, and no overflow when it is added to a clock.
    const LONGEST: i64 = i64::MAX / 4;
    i64::try_from(span.as_millis()).unwrap_or(LONGEST).min(LONGEST)
}

/// The names as the values of an `IN ($1, $2, ...)` of fixed length; the rest is filled up with names of nothing.
pub(crate) fn slots<const N: usize>(names: impl IntoIterator<Item = &'static str>) -> [&'static str; N] {
    let mut slots = [""; N];
    // More names than slots are only possible when some are given twice; those beyond are kept by looking at what is there.
    let mut used = 0;
    for name in names {
        if used < N && !slots.contains(&name) {
            slots[used] = name;
            used += 1;
        }
    }
    slots
}

pub(crate) fn unreadable(table: &'static str, reason: &impl Display) -> Failure {
    Failure::Unreadable { table, reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_nul_gets_through_and_all_else_does() {
        assert_eq!(text("a\0b"), "a\u{FFFD}b");
        assert_eq!(text("\u{202E}ä🙂\u{1}"), "\u{202E}ä🙂\u{1}");
        let value = json!({"k\0": ["a\0", {"b": "\0\0"}], "escaped": "\\u0000", "number": 1.5});
        let stored = super::json(&value).map(|it| it.0).map_err(|error| format!("{error:?}"));
        assert_eq!(
            stored,
            Ok(json!({"k\u{FFFD}": ["a\u{FFFD}", {"b": "\u{FFFD}\u{FFFD}"}], "escaped": "\\u0000", "number": 1.5}))
        );
    }

    #[test]
    fn slots_take_each_name_once() {
        assert_eq!(slots::<3>(["a", "a", "b"]), ["a", "b", ""]);
        assert_eq!(slots::<1>([]), [""]);
    }
}
