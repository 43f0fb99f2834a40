//! `firstline discord`: what has to be set up at Discord.

use anyhow::bail;
use serde::Serialize;

use crate::{
    cli::{Discord, Json},
    compose::platforms,
    config::{Settings, variable},
    output,
};

pub(super) async fn run(settings: &Settings, discord: &Discord) -> anyhow::Result<()> {
    match discord {
        Discord::Setup(output) => set_up(settings, output).await,
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    app: &'a str,
    commands: usize,
    invitation: &'a str,
    to_do: &'a [String],
}

async fn set_up(settings: &Settings, output: &Json) -> anyhow::Result<()> {
    let Some(discord) = platforms::discord(settings)? else {
        bail!("there is no token: set {}", variable("discord.token"));
    };
    let set_up = discord.set_up(&settings.desk.queues).await?;
    if output.json {
        let (app, invitation, to_do) = (&set_up.app, &set_up.invitation, &set_up.to_do);
        output::json(&Report { app, commands: set_up.commands, invitation, to_do })?;
        return Ok(());
    }
    output::line(format_args!("{} has {} commands now.", output::tame_line(&set_up.app), set_up.commands))?;
    output::line(format_args!("Invite it to your server: {}", set_up.invitation))?;
    for sentence in &set_up.to_do {
        output::line(format_args!("To do: {}", output::tame_line(sentence)))?;
    }
    Ok(())
}
