//! The configuration as written: nothing checked but the names and the kinds of values. [`super::settings`] makes sense of it.

use secrecy::SecretString;
use serde::Deserialize;

/// All sections.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Raw {
    pub(super) desk: Desk,
    pub(super) sla: Sla,
    pub(super) knowledge: Knowledge,
    pub(super) database: Database,
    pub(super) telegram: Telegram,
    pub(super) discord: Discord,
    pub(super) web: Web,
    pub(super) log: Log,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Desk {
    pub(super) name: Option<String>,
    pub(super) language: Option<String>,
    pub(super) attempts_before_human: Option<i64>,
    pub(super) leave_after: Option<String>,
    pub(super) collect_for: Option<String>,
    pub(super) rate_for: Option<String>,
    pub(super) reopen_within: Option<String>,
    pub(super) queues: Option<Names>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Sla {
    pub(super) first_response: Option<Names>,
    pub(super) next_response: Option<Names>,
    pub(super) resolution: Option<Names>,
    pub(super) hours: Option<Names>,
    pub(super) time_zone: Option<String>,
    pub(super) holidays: Option<Names>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Knowledge {
    pub(super) wrong_at_most: Option<f64>,
    pub(super) snapshot: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Database {
    /// Secret because a PostgreSQL URL may carry a password.
    pub(super) url: Option<SecretString>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Telegram {
    pub(super) token: Option<SecretString>,
    pub(super) token_file: Option<String>,
    pub(super) api_url: Option<String>,
    pub(super) local_files: Option<String>,
    pub(super) rooms: Option<Names>,
    pub(super) per_group: Option<i64>,
    pub(super) per_group_within: Option<String>,
    pub(super) mode: Option<String>,
    pub(super) webhook: Webhook,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Webhook {
    pub(super) listen: Option<String>,
    pub(super) public_url: Option<String>,
    pub(super) secret: Option<SecretString>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Discord {
    pub(super) token: Option<SecretString>,
    pub(super) token_file: Option<String>,
    pub(super) api_url: Option<String>,
    pub(super) gateway_url: Option<String>,
    pub(super) rooms: Option<Names>,
    pub(super) staff_roles: Option<Names>,
    pub(super) help_channels: Option<Names>,
    pub(super) help_threads: Option<String>,
    pub(super) guilds: Option<Names>,
    pub(super) look_again: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Web {
    pub(super) listen: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Log {
    pub(super) format: Option<String>,
    pub(super) filter: Option<String>,
}

/// Several names: a list in a file, separated by commas in an environment variable.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Names {
    List(Vec<String>),
    Line(String),
}

impl Names {
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Self::List(names) => names.into_iter().map(|name| name.trim().to_owned()).collect(),
            Self::Line(line) => line.split(',').map(|name| name.trim().to_owned()).collect(),
        }
    }
}
