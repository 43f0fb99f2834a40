//! `firstline chat`: the desk in this terminal, for one employee or one agent. The whole desk runs in this process, on the
//! same database as everybody else's, so no server has to be there.

mod attach;

use std::{env, sync::Arc};

use anyhow::{Context as _, bail};
use firstline_engine::{
    desk::{Channels, Desk},
    people::{Person, Platform, Role},
    ports::Lane,
};
use firstline_terminal::{AgentOptions, RequesterOptions, Screen, TerminalChannel, run_agent, run_requester};
use tokio_util::sync::CancellationToken;

use super::agent::BY;
use crate::{
    cli::{Chat, Common},
    compose::{compose_to_answer, database_file},
    config::Settings,
    invocation, shutdown,
    workers::Workers,
};

pub(super) async fn run(settings: &Settings, chat: &Chat, common: &Common) -> anyhow::Result<()> {
    let stop = shutdown::on_signals()?;
    if let Some(name) = &chat.agent {
        return agent(settings, name, chat, common, stop).await;
    }
    let name = chat.name.clone().unwrap_or_else(login_name);
    requester(settings, &name, chat, stop).await
}

async fn requester(settings: &Settings, name: &str, chat: &Chat, stop: CancellationToken) -> anyhow::Result<()> {
    let options = RequesterOptions { language: chat.language, ..RequesterOptions::new(name) };
    let desk = compose_to_answer(settings).await?.desk;
    let _attached = attached(settings, name, "chat")?;
    let screen = Screen::of_this_process()?;
    let place = options.place();
    let channel = TerminalChannel::new(desk.clone(), screen.clone(), place.clone());
    let channels = Channels::default().with(Arc::new(channel));

    let workers = Workers::new(CancellationToken::new());
    workers.conversations(&desk);
    workers.library_watcher(&desk);
    // Of this place alone: what another process is sending is not ours to give up, and without a server nobody else gives up
    // ours. What a predecessor in this place left behind the adapter gives up when it attaches.
    workers.sweeper_of(&desk, &place, &channels);
    workers.deliveries(&desk, &Lane::Place(place), &channels);
    let ended = run_requester(desk, screen, options, stop).await;
    workers.stop().await;
    Ok(ended?)
}

async fn agent(
    settings: &Settings,
    name: &str,
    chat: &Chat,
    common: &Common,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let desk = compose_to_answer(settings).await?.desk;
    let _attached = attached(settings, name, "agent")?;
    let options = AgentOptions { language: chat.language, ..AgentOptions::new(name) };
    admit(&desk, &options, &invocation::command(common)).await?;
    let screen = Screen::of_this_process()?;

    let workers = Workers::new(CancellationToken::new());
    workers.conversations(&desk);
    workers.library_watcher(&desk);
    let ended = run_agent(desk, screen, options, stop).await;
    workers.stop().await;
    Ok(ended?)
}

/// A new account in the terminal is taken for what it says it is: whoever can open the database could change it anyway. A role
/// that was taken away stays away.
async fn admit(desk: &Desk, options: &AgentOptions, command: &str) -> anyhow::Result<Person> {
    let account = options.account();
    match desk.person_by_account(Platform::Terminal, &account.user_id).await? {
        None => Ok(desk.set_role(&account, Role::Agent, BY).await?),
        Some(person) if person.role.is_staff() => Ok(person),
        Some(Person { name, .. }) => bail!(
            "{name} is no agent any more. To give the role back: {command} agent add {}",
            invocation::quoted(&options.name)
        ),
    }
}

/// One name is attached once, or two terminals would share what is said to one. A server's database has many clients, which is
/// what it is for; there nobody is kept apart.
fn attached(settings: &Settings, name: &str, role: &str) -> anyhow::Result<Option<attach::Attached>> {
    let Some(database) = database_file(&settings.database) else { return Ok(None) };
    let lock = attach::lock_file(&database, role, name);
    match attach::attach(&lock).with_context(|| format!("cannot lock {}", lock.display()))? {
        Some(attached) => Ok(Some(attached)),
        None if role == "agent" => {
            bail!("{name} is logged in from another terminal already: leave there, or use another name")
        }
        None => bail!(
            "{name} is chatting in another terminal already: leave there, or choose another name with `--as NAME`"
        ),
    }
}

/// The name that the operating system knows the user by.
fn login_name() -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .iter()
        .filter_map(|variable| env::var(variable).ok())
        .find_map(|name| crate::cli::account_name(&name).ok())
        .unwrap_or_else(|| "you".to_owned())
}
