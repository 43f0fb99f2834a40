//! What is in the database: its schema, the articles, the people, what waits.

use std::{path::Path, time::Duration};

use firstline_engine::{
    knowledge::Language,
    people::Platform,
    ports::{QueueHealth, Store},
    time::Timestamp,
};
use firstline_store::Options;

use super::Check;
use crate::{
    compose::{database_file, now},
    config::Settings,
    output,
};

/// An accepted message that waits longer than this waits for a worker that is not there.
const SLOW_MS: u64 = 60_000;

/// A gap older than this is news to nobody.
const REMEMBERED: Duration = Duration::from_hours(7 * 24);

/// What was so long ago is over.
const LATELY: Duration = Duration::from_mins(15);

pub(super) async fn checks(settings: &Settings, command: &str) -> Vec<Check> {
    let url = &settings.database;
    if let Some(file) = database_file(url)
        && !file.exists()
    {
        return vec![missing(&file, command)];
    }
    let status = match firstline_store::migration_status(url).await {
        Ok(status) => status,
        Err(error) => return vec![unusable(error)],
    };
    if !status.pending.is_empty() {
        let message = format!("{url} is {} migrations behind", status.pending.len());
        return vec![Check::warn(
            "database",
            message,
            format!("`{command} migrate` applies them, and so does the next start"),
        )];
    }
    let store = match firstline_store::connect(url, &Options::default()).await {
        Ok(store) => store,
        Err(error) => return vec![unusable(error)],
    };
    let mut checks = Vec::new();
    if status.newer.is_empty() {
        checks.push(Check::ok(
            "database",
            format!("{url} ({}, {} migrations applied)", url.product(), status.applied.len()),
        ));
    } else {
        let message = format!("{url} was changed by a newer version of Firstline");
        checks.push(Check::warn("database", message, "use the newer version everywhere"));
    }
    checks.push(articles(store.as_ref(), command).await);
    checks.push(agents(store.as_ref(), settings, command).await);
    checks.extend(gaps(store.as_ref()).await);
    checks.extend(refusals(store.as_ref()).await);
    match store.health(now()).await {
        Ok(health) => checks.extend(queues(&health, command)),
        Err(error) => checks.push(broken("queues", &error)),
    }
    checks
}

fn missing(file: &Path, command: &str) -> Check {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => Check::fail(
            "database",
            format!("there is no folder {}", folder.display()),
            "create it, or correct database.url",
        ),
        _ => Check::warn(
            "database",
            format!("{} is not there yet", file.display()),
            format!("nothing is wrong with that: `{command} serve` creates it"),
        ),
    }
}

fn unusable(error: firstline_store::ConnectError) -> Check {
    Check::fail("database", output::reasons(&error.into()), "start or repair the database, or correct database.url")
}

fn broken(name: &'static str, error: &dyn std::fmt::Display) -> Check {
    Check::fail(name, error.to_string(), "repair the database or restore a backup")
}

/// Absences that were longer than a platform keeps messages, for a while.
async fn gaps(store: &dyn Store) -> Vec<Check> {
    let mut checks = Vec::new();
    for platform in Platform::ALL {
        match firstline_engine::desk::last_gap(store, platform).await {
            Ok(Some((from, until))) if now().since(until) < REMEMBERED => {
                let (from, until) = (from.to_text(), until.to_text());
                let message = format!("messages written on {platform} between {from} and {until} may be lost");
                checks.push(Check::warn(
                    "inbox",
                    message,
                    "who works a ticket there was told; ask the others yourself",
                ));
            }
            Ok(_) => {}
            Err(error) => checks.push(broken("inbox", &error)),
        }
    }
    checks
}

async fn articles(store: &dyn Store, command: &str) -> Check {
    let articles = match store.articles().await {
        Ok((_, articles)) => articles,
        Err(error) => return broken("articles", &error),
    };
    if articles.is_empty() {
        let mend = format!(
            "`{command} kb import DIR` takes some in; a database that never had any gets a starter base at the next start"
        );
        return Check::warn("articles", "there are none, so every question goes to a human", mend);
    }
    let count = |language| articles.iter().filter(|article| article.language == language).count();
    Check::ok("articles", format!("{} in English, {} in German", count(Language::En), count(Language::De)))
}

async fn agents(store: &dyn Store, settings: &Settings, command: &str) -> Check {
    let roles = settings.discord.staff_roles.len();
    match store.staff().await {
        Ok(staff) if staff.is_empty() && roles > 0 && settings.discord.token.is_some() => {
            Check::ok("agents", format!("who holds one of {roles} roles on Discord (discord.staff_roles)"))
        }
        Ok(staff) if staff.is_empty() => Check::warn(
            "agents",
            "nobody is an agent, so nobody can claim a ticket",
            format!("`{command} agent add NAME` makes one"),
        ),
        Ok(staff) => Check::ok("agents", format!("agents and admins: {}", staff.len())),
        Err(error) => broken("agents", &error),
    }
}

/// Discord has refused so much lately that Firstline pauses, so that it is not banned.
async fn refusals(store: &dyn Store) -> Option<Check> {
    let told = store.watermark(firstline_discord::REFUSED).await.ok()??;
    let at = Timestamp(told.parse().ok()?);
    (now().since(at) < LATELY).then(|| {
        Check::warn(
            "discord",
            "Discord refuses so much that Firstline pauses for a minute again and again, lest it be banned",
            "look in the log for what it refuses: usually the token (401), or writing where the app may not (403)",
        )
    })
}

fn queues(health: &QueueHealth, command: &str) -> Vec<Check> {
    let mut checks = vec![
        if health.events_pending > 0 && health.oldest_event_ms > SLOW_MS {
            let message = format!(
                "{} messages wait to be handled, one since {} s",
                health.events_pending,
                health.oldest_event_ms / 1_000
            );
            Check::warn("inbox", message, format!("is Firstline running? `{command} serve`"))
        } else {
            Check::ok("inbox", format!("{} messages wait to be handled", health.events_pending))
        },
        Check::ok("outbox", format!("{} messages wait to be sent", health.deliveries_pending)),
        Check::ok("tickets", format!("{} wait to be claimed", health.tickets_waiting)),
    ];
    let look = format!("`{command} ticket show NUMBER` shows which, and an agent can send them again");
    let mut problem = |name, count: u64, what: &str, mend: &str| {
        if count > 0 {
            checks.push(Check::warn(name, format!("{count} {what}"), mend));
        }
    };
    problem(
        "inbox",
        health.events_failed,
        "messages could not be handled; a human was asked to look instead",
        "look for their references in the log",
    );
    problem("outbox", health.deliveries_ambiguous, "messages of which nobody knows whether they arrived", &look);
    problem("outbox", health.deliveries_dead, "messages that will not be delivered", &look);
    problem(
        "inbox",
        health.set_aside,
        "things arrived that this version does not understand; they are kept",
        "a newer version of Firstline may read them: the table set_aside has them, with the reasons",
    );
    checks
}

#[cfg(test)]
mod tests {
    use super::{super::Status, *};

    #[test]
    fn what_waits_too_long_or_went_wrong_is_a_warning() {
        let warnings = |health: QueueHealth| {
            queues(&health, "firstline").iter().filter(|check| check.status == Status::Warn).count()
        };
        assert_eq!(warnings(QueueHealth::default()), 0);
        assert_eq!(warnings(QueueHealth { events_pending: 1, oldest_event_ms: 50, ..QueueHealth::default() }), 0);
        assert_eq!(warnings(QueueHealth { events_pending: 1, oldest_event_ms: 90_000, ..QueueHealth::default() }), 1);
        assert_eq!(
            warnings(QueueHealth {
                deliveries_ambiguous: 2,
                deliveries_dead: 1,
                events_failed: 1,
                ..QueueHealth::default()
            }),
            3
        );
    }
}
