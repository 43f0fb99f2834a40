//! `firstline serve`: the desk on every platform that is configured, until it is told to stop.

use std::sync::Arc;

use firstline_engine::{people::Platform, ports::Lane};
use tokio_util::sync::CancellationToken;

use crate::{
    cli::Common,
    compose::{Composed, Prepared, compose_to_answer, platforms::Platforms, whereabouts::Machine},
    config::{Settings, variable},
    invocation, output, shutdown,
    workers::Workers,
};

pub(super) async fn run(settings: &Settings, common: &Common) -> anyhow::Result<()> {
    let stop = shutdown::on_signals()?;
    let Composed { desk, prepared } = compose_to_answer(settings).await?;
    let mut platforms = Platforms::open(settings, &desk, &stop)?;
    if !common.quiet {
        let articles = desk.library().articles().count();
        for line in introduction(settings, &prepared, articles, &platforms, &invocation::command(common)) {
            output::line(line)?;
        }
    }

    desk.appear(Arc::new(Machine)).await?;
    let workers = Workers::new(CancellationToken::new());
    workers.presence(&desk);
    workers.conversations(&desk);
    workers.mirror(&desk);
    workers.files(&desk, &platforms.channels);
    workers.library_watcher(&desk);
    workers.sweeper(&desk, &platforms.channels);
    workers.typing(&desk, &platforms.channels);
    for platform in platforms.channels.platforms() {
        // A lane for each, so that a slow platform holds up no other.
        workers.deliveries(&desk, &Lane::Platforms(vec![platform]), &platforms.channels);
    }
    tracing::info!(platforms = ?platforms.channels.platforms(), "the desk is open");
    let mut intakes = platforms.start();
    let is_broken = tokio::select! {
        () = stop.cancelled() => false,
        () = intakes.broken() => true,
    };
    stop.cancel();
    // First nothing more is taken in, and what was taken in is committed; then what is on its way is finished.
    intakes.finished().await;
    workers.stop().await;
    desk.leave().await?;
    tracing::info!("the desk is closed");
    // Whatever keeps the program running starts it again, and with it the platform goes on where it was.
    anyhow::ensure!(
        !is_broken,
        "what a platform tells was not taken in any more, because of a bug that the log tells of"
    );
    Ok(())
}

/// What was done, and what to type next.
fn introduction(
    settings: &Settings,
    prepared: &Prepared,
    articles: usize,
    platforms: &Platforms,
    command: &str,
) -> Vec<String> {
    let mut lines = vec![database_line(settings, prepared, articles), String::new()];
    if let Some(address) = platforms.web {
        lines.push(format!("The web page:    http://{address}"));
    }
    lines.push("To try it, open two more terminals and type:".to_owned());
    lines.push(format!("  {command} chat                 to ask, as an employee"));
    lines.push(format!("  {command} chat --agent anna    to help, as an agent"));
    lines.push(String::new());
    let tokens = [
        (Platform::Telegram, "Telegram", settings.telegram.token.is_some()),
        (Platform::Discord, "Discord", settings.discord.token.is_some()),
    ];
    for (platform, name, has_token) in tokens {
        let connected = platforms.channels.get(platform).is_some();
        lines.push(match (connected, has_token) {
            (true, _) => format!("{name} is switched on."),
            (false, true) => format!("{name} has a token, but cannot be switched on; the log says why."),
            (false, false) => {
                format!("{name} is not connected; to connect it, set {}.", variable(&format!("{platform}.token")))
            }
        });
    }
    lines.push(String::new());
    lines.push("Ctrl-C stops.".to_owned());
    lines
}

fn database_line(settings: &Settings, prepared: &Prepared, articles: usize) -> String {
    let database = settings.database.to_string();
    let name = database.strip_prefix("sqlite:").unwrap_or(&database);
    match (prepared.created, prepared.starter, prepared.migrated.len()) {
        (true, Some(starter), _) => format!("Firstline created {name} and loaded {starter} starter articles."),
        (false, Some(starter), _) => format!("Firstline uses {name} and loaded {starter} starter articles."),
        (true, None, _) => format!("Firstline created {name}; it answers from {articles} articles."),
        (false, None, 0) => format!("Firstline uses {name} and answers from {articles} articles."),
        (false, None, steps) => {
            format!("Firstline brought {name} up to date ({steps} migrations) and answers from {articles} articles.")
        }
    }
}
