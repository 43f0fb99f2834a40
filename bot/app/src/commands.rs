//! What each command does, one file per command. To add one: a variant in `cli`, a file here, a line in [`perform`].

mod agent;
mod chat;
mod discord;
mod doctor;
mod init;
mod kb;
mod macros;
mod migrate;
mod serve;
mod telegram;
mod ticket;

use std::{io, process::ExitCode, time::Duration};

use anyhow::Context as _;
use secrecy::ExposeSecret as _;

use crate::{
    cli::{Cli, Command, Common},
    config::{self, ConfigError, Settings, Sources},
    output,
    telemetry::{self, Verbosity},
};

/// Exit code when the command line (see `clap`) or the configuration cannot be used.
const UNUSABLE: u8 = 2;

/// How long what still runs in the background at the end may take, such as a thread that reads standard input.
const LEFTOVERS: Duration = Duration::from_millis(200);

/// The command failed and has said so already.
#[derive(Debug, thiserror::Error)]
#[error("failed")]
pub(crate) struct Told;

/// Runs a command to its end.
pub(crate) fn run(cli: &Cli) -> ExitCode {
    match perform(cli) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output has seen enough (`firstline kb list | head`).
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) if error.is::<Told>() => ExitCode::FAILURE,
        Err(error) => {
            output::failure(&error);
            if error.is::<ConfigError>() { ExitCode::from(UNUSABLE) } else { ExitCode::FAILURE }
        }
    }
}

fn perform(cli: &Cli) -> anyhow::Result<()> {
    let common = &cli.common;
    let command = cli.command.as_ref().unwrap_or(&Command::Serve);
    // These two work with a configuration that cannot be used: one writes it, the other says what is wrong with it.
    if let Command::Init(init) = command {
        return init::run(common.config.as_deref(), init);
    }
    let loaded = load(common)?;
    start_log(common, command, loaded.as_ref().ok());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")?;
    let outcome = runtime.block_on(async {
        if let Command::Doctor(output) = command {
            return doctor::run(loaded.as_ref(), output.json, common).await;
        }
        let settings = loaded.as_ref().map_err(Clone::clone)?;
        match command {
            Command::Init(_) | Command::Doctor(_) => Ok(()),
            Command::Serve => serve::run(settings, common).await,
            Command::Chat(chat) => chat::run(settings, chat, common).await,
            Command::Migrate(migrate) => migrate::run(settings, migrate).await,
            Command::Kb(kb) => kb::run(settings, kb).await,
            Command::Ticket(ticket) => ticket::run(settings, ticket).await,
            Command::Agent(agent) => agent::run(settings, agent).await,
            Command::Macro(command) => macros::run(settings, command).await,
            Command::Discord(discord) => discord::run(settings, discord).await,
            Command::Telegram(telegram) => telegram::run(settings, telegram, common).await,
        }
    });
    runtime.shutdown_timeout(LEFTOVERS);
    outcome
}

fn load(common: &Common) -> anyhow::Result<Result<Settings, ConfigError>> {
    let mut flags = Vec::new();
    if let Some(url) = &common.database {
        flags.push(("database.url", url.expose_secret().to_owned(), "--database"));
    }
    if let Some(format) = common.log_format {
        flags.push(("log.format", format.as_str().to_owned(), "--log-format"));
    }
    if let Some(filter) = &common.log {
        flags.push(("log.filter", filter.clone(), "--log"));
    }
    Ok(config::load(Sources {
        file: common.config.clone(),
        directory: std::env::current_dir().context("the working directory is gone")?,
        environment: std::env::vars_os().collect(),
        flags,
    }))
}

fn start_log(common: &Common, command: &Command, settings: Option<&Settings>) {
    let log = settings.map(|settings| &settings.log);
    let format = log.map(|log| log.format).or(common.log_format).unwrap_or_default();
    let filter = log.and_then(|log| log.filter.as_deref());
    let (filter, verbosity) = match command {
        _ if common.quiet => (None, Verbosity::Errors),
        Command::Serve => (filter, Verbosity::Working),
        Command::Chat(_) => (filter, Verbosity::Chat),
        _ => (filter, Verbosity::Warnings),
    };
    telemetry::start(format, filter, verbosity);
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
