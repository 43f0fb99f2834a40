//! The settings as the program uses them: every value checked, every default filled in.

use std::{collections::BTreeMap, fmt, net::SocketAddr, path::PathBuf};

use firstline_engine::conversation::Policy;
use firstline_knowledge::MatchSettings;
use firstline_store::DatabaseUrl;
use secrecy::ExposeSecret as _;
use tracing_subscriber::EnvFilter;

use super::{
    platforms::{self, Discord, Telegram},
    raw::{self, Raw},
    sla, values,
};

const DATABASE: &str = "sqlite:firstline.db";
const LISTEN: &str = "127.0.0.1:8080";

/// Longest names, in characters.
const DESK_NAME: usize = 64;
const QUEUE_NAME: usize = 40;
/// Beyond this nobody would still be talking to the bot.
const MOST_ATTEMPTS: u8 = 20;
/// A desk that is wrong more often than this would better not answer.
const MOST_WRONG: f64 = 0.2;

/// All settings.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// What the conversation goes by.
    pub(crate) desk: Policy,
    /// When the desk answers, asks back, or admits that it does not know.
    pub(crate) matching: MatchSettings,
    /// Where the snapshot of the articles is kept.
    pub(crate) snapshot: SnapshotSetting,
    /// Where everything is kept.
    pub(crate) database: DatabaseUrl,
    /// Telegram.
    pub(crate) telegram: Telegram,
    /// Discord.
    pub(crate) discord: Discord,
    /// Where the web page listens; `None` when it is turned off.
    pub(crate) web: Option<SocketAddr>,
    /// What is logged, and how.
    pub(crate) log: Log,
    /// The file that was read, if one was.
    pub(crate) file: Option<PathBuf>,
}

/// Where the snapshot of the articles is kept, which makes a start with many articles quick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SnapshotSetting {
    /// Beside a SQLite file, and for PostgreSQL in the user's cache folder.
    Default,
    /// In this file.
    At(PathBuf),
    /// Nowhere.
    Off,
}

/// What is logged, and how.
#[derive(Debug, Clone)]
pub(crate) struct Log {
    /// As text or as JSON.
    pub(crate) format: LogFormat,
    /// What, in the words of `tracing_subscriber::EnvFilter`; without one each command has its own default.
    pub(crate) filter: Option<String>,
}

/// The forms of a log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

impl LogFormat {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

impl Settings {
    /// Checks everything, so that all problems are known at once.
    pub(super) fn from_raw(
        raw: Raw,
        origins: &BTreeMap<String, String>,
        file: Option<PathBuf>,
    ) -> Result<Self, Vec<String>> {
        let mut checks = Checks { origins, problems: Vec::new() };
        let desk = Policy { sla: sla::sla(raw.sla, &mut checks), ..desk(raw.desk, &mut checks) };
        let telegram = platforms::telegram(raw.telegram, &desk.queues, &mut checks);
        let discord = platforms::discord(raw.discord, &desk.queues, &mut checks);
        let settings = Self {
            desk,
            matching: matching(&raw.knowledge, &mut checks),
            snapshot: snapshot(raw.knowledge.snapshot.as_deref()),
            database: database(raw.database, &mut checks),
            telegram,
            discord,
            web: web(raw.web, &mut checks),
            log: log(raw.log, &mut checks),
            file,
        };
        // Where a value was refused the default stands in, but then there is a problem and nobody sees the settings.
        if checks.problems.is_empty() { Ok(settings) } else { Err(checks.problems) }
    }
}

/// Collects what is wrong with single values.
pub(super) struct Checks<'o> {
    origins: &'o BTreeMap<String, String>,
    problems: Vec<String>,
}

impl Checks<'_> {
    /// The checked value, or the default when there is none.
    pub(super) fn value<I, O, E: fmt::Display>(
        &mut self,
        key: &str,
        given: Option<I>,
        default: O,
        check: impl FnOnce(I) -> Result<O, E>,
    ) -> O {
        match given.map(check) {
            None => default,
            Some(Ok(value)) => value,
            Some(Err(problem)) => {
                self.problem(key, &problem);
                default
            }
        }
    }

    pub(super) fn problem(&mut self, key: &str, problem: &dyn fmt::Display) {
        let origin = self.origin(key);
        self.problems.push(format!("{key} ({origin}): {problem}"));
    }

    pub(super) fn origin(&self, key: &str) -> &str {
        self.origins.get(key).map_or("built in", String::as_str)
    }
}

fn desk(raw: raw::Desk, checks: &mut Checks<'_>) -> Policy {
    let default = Policy::default();
    Policy {
        desk_name: checks.value("desk.name", raw.name, default.desk_name, |name| values::label(&name, DESK_NAME)),
        default_language: checks
            .value("desk.language", raw.language, default.default_language, |code| values::language(&code)),
        attempts_before_human: checks.value(
            "desk.attempts_before_human",
            raw.attempts_before_human,
            default.attempts_before_human,
            |count| match u8::try_from(count) {
                Ok(count @ 1..=MOST_ATTEMPTS) => Ok(count),
                _ => Err(format!("write a number from 1 to {MOST_ATTEMPTS}")),
            },
        ),
        leave_after: checks
            .value("desk.leave_after", raw.leave_after, default.leave_after, |text| values::duration(&text)),
        collect_for: checks
            .value("desk.collect_for", raw.collect_for, default.collect_for, |text| values::duration(&text)),
        rate_for: checks.value("desk.rate_for", raw.rate_for, default.rate_for, |text| values::duration(&text)),
        reopen_within: checks
            .value("desk.reopen_within", raw.reopen_within, default.reopen_within, |text| values::duration(&text)),
        sla: default.sla,
        queues: checks.value("desk.queues", raw.queues, default.queues, |names| queues(names.into_vec())),
    }
}

fn matching(raw: &raw::Knowledge, checks: &mut Checks<'_>) -> MatchSettings {
    let default = MatchSettings::default();
    let key = "knowledge.wrong_at_most";
    let wrong_at_most = checks.value(key, raw.wrong_at_most, default.wrong_at_most, |share| {
        let sensible = (0.0..=MOST_WRONG).contains(&share);
        if sensible {
            Ok(share)
        } else {
            Err(format!("write a share from 0.0 to {MOST_WRONG}, such as 0.03 for 3 in 100"))
        }
    });
    MatchSettings { wrong_at_most, ..default }
}

fn snapshot(given: Option<&str>) -> SnapshotSetting {
    match given.map(str::trim) {
        None | Some("") => SnapshotSetting::Default,
        Some("off") => SnapshotSetting::Off,
        Some(path) => SnapshotSetting::At(path.into()),
    }
}

fn queues(names: Vec<String>) -> Result<Vec<String>, String> {
    if names.is_empty() {
        return Err("there must be at least one queue: write for instance [\"helpdesk\"]".to_owned());
    }
    for (position, name) in names.iter().enumerate() {
        values::label(name, QUEUE_NAME).map_err(|problem| format!("the queue {name:?}: {problem}"))?;
        if names[..position].contains(name) {
            return Err(format!("the queue {name:?} is there twice: remove one"));
        }
    }
    Ok(names)
}

fn database(raw: raw::Database, checks: &mut Checks<'_>) -> DatabaseUrl {
    let given = raw.url.unwrap_or_else(|| DATABASE.into());
    let parsed = given.expose_secret().parse::<DatabaseUrl>();
    match parsed.or_else(|problem| {
        checks.problem("database.url", &problem);
        DATABASE.parse()
    }) {
        Ok(url) => url,
        Err(problem) => unreachable!("the default database URL is refused: {problem}"),
    }
}

fn web(raw: raw::Web, checks: &mut Checks<'_>) -> Option<SocketAddr> {
    let default = LISTEN.parse().ok();
    checks.value("web.listen", raw.listen, default, |text| values::listen(&text))
}

fn log(raw: raw::Log, checks: &mut Checks<'_>) -> Log {
    Log {
        format: checks.value("log.format", raw.format, LogFormat::default(), |text| match text.trim() {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            other => Err(format!("{other:?} is no form of log: write \"text\" or \"json\"")),
        }),
        filter: checks.value("log.filter", raw.filter, None, |text| {
            let text = text.trim().to_owned();
            match EnvFilter::try_new(&text) {
                Ok(_) => Ok((!text.is_empty()).then_some(text)),
                Err(problem) => Err(format!(
                    "{text:?} is no filter ({problem}): write for instance \"debug\" or \"warn,firstline=debug\""
                )),
            }
        }),
    }
}
