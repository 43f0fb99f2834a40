//! The configuration: defaults, below the file, below the environment, below the flags; read once at start, and turned into
//! types that can only hold what is allowed.
//!
//! To add a setting: a field in [`raw`], a check in [`settings`] or [`platforms`], a line in `keys.rs` and one in `firstline.default.toml`.
//! The tests of `config/tests.rs` hold the four together.

mod hours;
mod keys;
mod layers;
mod platforms;
mod raw;
mod settings;
mod sla;
#[cfg(test)]
mod tests;
mod values;
mod webhook;

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

use config::Config;

use self::{layers::Layer, raw::Raw};
pub(crate) use self::{
    layers::variable,
    platforms::{Room, Token},
    settings::{LogFormat, Settings, SnapshotSetting},
};

/// The file that `firstline init` writes: every setting, commented out, with its default.
pub(crate) const DEFAULT_FILE: &str = include_str!("../firstline.default.toml");

/// The file that is read when there is one and no other was named.
pub(crate) const FILE_NAME: &str = "firstline.toml";

/// Where settings come from, given from outside so that tests can.
#[derive(Default)]
pub(crate) struct Sources {
    /// The file that the command line names.
    pub(crate) file: Option<PathBuf>,
    /// Where to look for [`FILE_NAME`].
    pub(crate) directory: PathBuf,
    /// The environment.
    pub(crate) environment: Vec<(OsString, OsString)>,
    /// Settings on the command line: key, value, flag.
    pub(crate) flags: Vec<(&'static str, String, &'static str)>,
}

/// Everything that is wrong with the configuration, in words for the one who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConfigError {
    problems: Vec<String>,
}

impl ConfigError {
    /// Each problem: the key, where it stands, and what to write instead.
    pub(crate) fn problems(&self) -> &[String] {
        &self.problems
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.as_slice() {
            [one] => write!(f, "the configuration cannot be used: {one}"),
            several => {
                write!(f, "the configuration cannot be used:")?;
                several.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
            }
        }
    }
}

impl std::error::Error for ConfigError {}

/// Reads and checks the configuration.
pub(crate) fn load(sources: Sources) -> Result<Settings, ConfigError> {
    let mut problems = Vec::new();
    let file = sources.file.or_else(|| layers::file_from_environment(&sources.environment));
    let (file, from_file) = read_file(file, &sources.directory, &mut problems);
    let from_environment = Layer::environment(sources.environment, &mut problems);
    let mut from_flags = Layer::default();
    for (key, value, flag) in sources.flags {
        from_flags.set(key, value, format!("the flag {flag}"));
    }
    if !problems.is_empty() {
        return Err(ConfigError { problems });
    }

    let mut origins = BTreeMap::new();
    for layer in [&from_file, &from_environment, &from_flags] {
        layer.note_origins(&mut origins);
    }
    Config::builder()
        .add_source(from_file)
        .add_source(from_environment)
        .add_source(from_flags)
        .build()
        .and_then(Config::try_deserialize::<Raw>)
        .map_err(|error| vec![error.to_string()])
        .and_then(|raw| Settings::from_raw(raw, &origins, file))
        .map_err(|problems| ConfigError { problems })
}

/// The file's settings, and which file it was. A file that was named must be there; [`FILE_NAME`] need not.
fn read_file(named: Option<PathBuf>, directory: &Path, problems: &mut Vec<String>) -> (Option<PathBuf>, Layer) {
    let (path, must_exist) = match named {
        Some(path) => (path, true),
        None => (directory.join(FILE_NAME), false),
    };
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let shown = if must_exist { path.as_path() } else { Path::new(FILE_NAME) };
            let layer = Layer::file(shown, &text, problems);
            (Some(path), layer)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => (None, Layer::default()),
        Err(error) => {
            problems
                .push(format!("{}: the file cannot be read: {error} (`firstline init` writes one)", path.display()));
            (None, Layer::default())
        }
    }
}
