//! `firstline doctor`: checks everything, changes nothing, and says how to mend what is wrong.

mod desk;
mod surroundings;
pub(super) mod telegram;
mod tokens;

use serde::Serialize;

use super::Told;
use crate::{
    cli::Common,
    config::{ConfigError, Settings},
    invocation, output,
};

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Ok,
    Warn,
    Fail,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Check {
    name: &'static str,
    status: Status,
    /// What was found.
    message: String,
    /// How to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<String>,
}

impl Check {
    fn ok(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, status: Status::Ok, message: message.into(), mend: None }
    }

    fn warn(name: &'static str, message: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { name, status: Status::Warn, message: message.into(), mend: Some(mend.into()) }
    }

    fn fail(name: &'static str, message: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { name, status: Status::Fail, message: message.into(), mend: Some(mend.into()) }
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    /// Nothing failed.
    ok: bool,
    checks: &'a [Check],
}

pub(super) async fn run(loaded: Result<&Settings, &ConfigError>, json: bool, common: &Common) -> anyhow::Result<()> {
    let checks = match loaded {
        Ok(settings) => check_all(settings, &invocation::command(common)).await,
        Err(error) => error
            .problems()
            .iter()
            .map(|problem| Check::fail("configuration", problem, "correct this setting"))
            .collect(),
    };
    report(&checks, json)
}

/// Prints checks; an error when one has failed.
pub(super) fn report(checks: &[Check], json: bool) -> anyhow::Result<()> {
    let ok = checks.iter().all(|check| check.status != Status::Fail);
    if json {
        output::json(&Report { ok, checks })?;
    } else {
        for check in checks {
            for line in lines(check) {
                output::line(line)?;
            }
        }
    }
    if ok { Ok(()) } else { Err(Told.into()) }
}

async fn check_all(settings: &Settings, command: &str) -> Vec<Check> {
    let mut checks = vec![surroundings::configuration(settings)];
    checks.extend(desk::checks(settings, command).await);
    checks.push(surroundings::web(settings).await);
    checks.extend(telegram::checks(settings, command).await);
    checks.push(tokens::discord(settings).await);
    checks.extend(tokens::files(settings));
    checks
}

fn lines(check: &Check) -> Vec<String> {
    let status = match check.status {
        Status::Ok => "ok  ",
        Status::Warn => "warn",
        Status::Fail => "FAIL",
    };
    let mut lines = vec![format!("{status}  {:<14} {}", check.name, check.message)];
    lines.extend(check.mend.iter().map(|mend| format!("{:<20} -> {mend}", "")));
    lines
}
