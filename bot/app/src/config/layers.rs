//! The places settings come from, each read into the same form: key, value, and where it stands. Unknown keys are found
//! here, where that is still known.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

use config::{Map, Source, Value, ValueKind};
use toml::de::{DeTable, DeValue};

use super::keys::{instead_of, instead_of_section, is_key, is_section};

/// What environment variables of ours begin with.
const PREFIX: &str = "FIRSTLINE_";
/// Variables with the prefix that are no settings: the file to read, and the switches of the test suite.
const CONFIG_VARIABLE: &str = "FIRSTLINE_CONFIG";
const TEST_PREFIX: &str = "FIRSTLINE_TEST_";

/// One place that settings come from.
#[derive(Clone, Default)]
pub(super) struct Layer {
    entries: Vec<Entry>,
}

#[derive(Clone)]
struct Entry {
    key: String,
    value: ValueKind,
    origin: String,
}

impl Layer {
    /// Reads a file's text. Every problem in it is added to `problems`.
    pub(super) fn file(path: &Path, text: &str, problems: &mut Vec<String>) -> Self {
        let mut layer = Self::default();
        match DeTable::parse(text) {
            Ok(table) => {
                let file = File { name: path.display().to_string(), text };
                file.read(table.get_ref(), "", &mut layer, problems);
            }
            // The parser's own display quotes the line, and the line may hold a token.
            Err(error) => {
                let line = error.span().map_or(1, |span| line_of(text, span.start));
                problems.push(format!(
                    "{}, line {line}: this is not TOML: {} (texts must stand in quotation marks)",
                    path.display(),
                    error.message()
                ));
            }
        }
        layer
    }

    /// Reads the environment. Values stay texts; what they mean is decided by the setting they are for.
    pub(super) fn environment(
        variables: impl IntoIterator<Item = (OsString, OsString)>,
        problems: &mut Vec<String>,
    ) -> Self {
        let mut layer = Self::default();
        for (name, value) in variables {
            let Some(name) = name.to_str() else { continue };
            let Some(rest) = name.strip_prefix(PREFIX) else { continue };
            if name == CONFIG_VARIABLE || name.starts_with(TEST_PREFIX) {
                continue;
            }
            let key = rest.to_ascii_lowercase().replace("__", ".");
            if !is_key(&key) {
                problems.push(format!("{name}: there is no such setting; {}", instead_of(&key, variable)));
                continue;
            }
            match value.into_string() {
                Ok(value) => layer.set(&key, value, format!("the environment variable {name}")),
                Err(_) => problems.push(format!("{name}: the value is not valid UTF-8")),
            }
        }
        layer
    }

    /// Adds one setting.
    pub(super) fn set(&mut self, key: &str, value: impl Into<ValueKind>, origin: String) {
        self.entries.push(Entry { key: key.to_owned(), value: value.into(), origin });
    }

    /// Notes where each of its keys stands; later layers overwrite earlier ones.
    pub(super) fn note_origins(&self, origins: &mut BTreeMap<String, String>) {
        for entry in &self.entries {
            origins.insert(entry.key.clone(), entry.origin.clone());
        }
    }
}

/// The environment variable of a key.
pub(crate) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_ascii_uppercase().replace('.', "__"))
}

/// The file that the environment names.
pub(super) fn file_from_environment(variables: &[(OsString, OsString)]) -> Option<PathBuf> {
    let (_, path) = variables.iter().find(|(name, _)| name == CONFIG_VARIABLE)?;
    (!path.is_empty()).then(|| PathBuf::from(path))
}

struct File<'t> {
    name: String,
    text: &'t str,
}

impl File<'_> {
    fn read(&self, table: &DeTable<'_>, section: &str, layer: &mut Layer, problems: &mut Vec<String>) {
        for (name, value) in table {
            let key =
                if section.is_empty() { name.get_ref().to_string() } else { format!("{section}.{}", name.get_ref()) };
            let line = line_of(self.text, name.span().start);
            match value.get_ref() {
                DeValue::Table(inner) if is_section(&key) => self.read(inner, &key, layer, problems),
                other if is_key(&key) => match plain(other) {
                    Some(value) => layer.set(&key, value, format!("{}, line {line}", self.name)),
                    None => {
                        problems.push(format!(
                            "{}, line {line}: {key:?} cannot take a {}",
                            self.name,
                            other.type_str()
                        ));
                    }
                },
                DeValue::Table(_) if section.is_empty() => problems.push(format!(
                    "{}, line {line}: there is no section {key:?}; {}",
                    self.name,
                    instead_of_section(&key)
                )),
                _ => problems.push(format!(
                    "{}, line {line}: there is no key {key:?}; {}",
                    self.name,
                    instead_of(&key, |known| format!("{known:?}"))
                )),
            }
        }
    }
}

/// A value without its place; `None` for a table, which no key of ours takes.
fn plain(value: &DeValue<'_>) -> Option<ValueKind> {
    Some(match value {
        DeValue::String(text) => ValueKind::String(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| ValueKind::String(number.to_string()), ValueKind::I64),
        DeValue::Float(number) => ValueKind::String(number.as_str().to_owned()),
        DeValue::Boolean(yes) => ValueKind::Boolean(*yes),
        DeValue::Datetime(moment) => ValueKind::String(moment.to_string()),
        DeValue::Array(values) => ValueKind::Array(
            values.iter().map(|value| Some(Value::new(None, plain(value.get_ref())?))).collect::<Option<_>>()?,
        ),
        DeValue::Table(_) => return None,
    })
}

fn line_of(text: &str, position: usize) -> usize {
    text.bytes().take(position).filter(|&byte| byte == b'\n').count() + 1
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, config::ConfigError> {
        Ok(self
            .entries
            .iter()
            .map(|entry| (entry.key.clone(), Value::new(Some(&entry.origin), entry.value.clone())))
            .collect())
    }
}

/// Without the values: some of them are secrets.
impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.entries.iter().map(|entry| &entry.key)).finish()
    }
}
