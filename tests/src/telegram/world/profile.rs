//! What the bot says of itself: commands and descriptions, per language and per kind of chat.

use std::collections::BTreeMap;

use serde_json::Value;

/// What the bot says of itself.
#[derive(Debug, Default)]
pub(in crate::telegram) struct Profile {
    /// Commands by scope and language; both are `""` for everybody.
    pub(in crate::telegram) commands: BTreeMap<(String, String), Value>,
    /// `description` and `short_description` and `name` by language.
    pub(in crate::telegram) texts: BTreeMap<(String, String), String>,
}
