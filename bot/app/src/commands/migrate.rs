//! `firstline migrate`: brings the database's schema up to date, or tells how far it is.

use serde::Serialize;

use firstline_store::Step;

use crate::{cli::Migrate, config::Settings, output};

/// What `--json` prints.
#[derive(Serialize)]
struct Report {
    database: String,
    /// Steps that this run has applied; empty with `--status`.
    applied_now: Vec<String>,
    applied: Vec<String>,
    pending: Vec<String>,
    /// Versions that a newer Firstline has applied.
    newer: Vec<i64>,
}

pub(super) async fn run(settings: &Settings, migrate: &Migrate) -> anyhow::Result<()> {
    let url = &settings.database;
    let applied_now = if migrate.status { Vec::new() } else { firstline_store::migrate(url).await? };
    let status = firstline_store::migration_status(url).await?;
    if migrate.output.json {
        output::json(&Report {
            database: url.to_string(),
            applied_now: names(&applied_now),
            applied: names(&status.applied),
            pending: names(&status.pending),
            newer: status.newer,
        })?;
        return Ok(());
    }
    for name in names(&applied_now) {
        output::line(format_args!("applied {name}"))?;
    }
    for name in names(&status.pending) {
        output::line(format_args!("pending {name}"))?;
    }
    let state = match (applied_now.len(), status.pending.len()) {
        (0, 0) => "is up to date".to_owned(),
        (_, 0) => "is up to date now".to_owned(),
        (_, pending) => format!("is {pending} migrations behind: `firstline migrate` applies them"),
    };
    output::line(format_args!("{url} {state} ({} migrations applied)", status.applied.len()))?;
    if !status.newer.is_empty() {
        output::line(
            "A newer version of Firstline has changed this database; this version can go on working with it.",
        )?;
    }
    Ok(())
}

/// Steps as their files are called.
pub(super) fn names(steps: &[Step]) -> Vec<String> {
    steps.iter().map(|step| format!("{:04}_{}", step.version, step.name)).collect()
}
