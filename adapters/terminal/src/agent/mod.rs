//! An agent's console on a terminal: the tickets that wait, the agent's own, and one current ticket whose requester reads
//! whatever is not a command.
//!
//! ```text
//! ticket> Waiting: #1001 …                         shown as it comes
//! > /claim                                         the card: what was asked, what the bot tried
//! requester(anna)> still not working               followed live
//! #1001> Did you restart the router?               goes to anna; ticked when the desk has it
//! ```
//!
//! The current ticket changes only when the agent says so, so that a line never goes to somebody it was not typed for.

mod act;
mod command;
mod console;
mod follow;
mod view;

use std::time::Duration;

use firstline_engine::{
    desk::Desk,
    knowledge::Language,
    people::{AccountRef, Platform},
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{TerminalError, hint::Commands, input::Input, requester::overdue, screen::Screen};
use act::Next;
use console::Console;

/// How an agent's console is held.
#[derive(Debug, Clone)]
pub struct AgentOptions {
    /// What to call the agent; also who they are, on this platform.
    pub name: String,
    /// The language of the console, where it is not the one the desk knows for the agent.
    pub language: Option<Language>,
    /// Where lines are piped in: how long to go on following after their end.
    pub linger: Duration,
}

impl AgentOptions {
    /// The usual way.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), language: None, linger: Duration::ZERO }
    }

    /// Who they are. Whether they may work tickets is the desk's to know.
    #[must_use]
    pub fn account(&self) -> AccountRef {
        AccountRef {
            platform: Platform::Terminal,
            user_id: format!("agent:{}", self.name),
            display_name: self.name.clone(),
            language: self.language,
        }
    }
}

/// How long to sleep when nobody tells us about changes.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What is hinted at while an agent types.
const COMMANDS: &[&str] = &[
    "/claim", "/resolve", "/show", "/switch ", "/note ", "/priority high", "/transfer ", "/macro ", "/merge ",
    "/duty ", "/release", "/hold", "/resume", "/bot", "/close", "/queue", "/mine", "/resend", "/help", "/quit",
];

/// Holds an agent's console until they leave, the input ends or `cancel` is called.
pub async fn run_agent(
    desk: Desk,
    screen: Screen,
    options: AgentOptions,
    cancel: CancellationToken,
) -> Result<(), TerminalError> {
    let input = Input::start(screen.take_input()?, Commands::new(COMMANDS, screen.has_colours()));
    let (_, person) = desk.ensure_account(&options.account()).await?;
    tokio::select! {
        result = run(Console::new(desk, screen, &person, &options), input, &cancel) => result,
        () = overdue(&cancel) => Ok(()),
    }
}

async fn run(mut console: Console, mut input: Input, cancel: &CancellationToken) -> Result<(), TerminalError> {
    console.begin().await?;
    loop {
        let prompt = console.prompt();
        let line = tokio::select! {
            biased;
            () = cancel.cancelled() => return Ok(()),
            line = input.next(&prompt) => line,
            () = console.wait_for_change(LOOK_AGAIN) => {
                console.refresh().await?;
                continue;
            }
        };
        let Some(line) = line else { break };
        if console.handle(&line?).await? == Next::Leave {
            return Ok(());
        }
        console.refresh().await?;
    }
    linger(console, cancel).await
}

/// The input has ended; what still happens is shown for a while.
async fn linger(mut console: Console, cancel: &CancellationToken) -> Result<(), TerminalError> {
    let deadline = Instant::now() + console.linger();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        tokio::select! {
            () = cancel.cancelled() => return Ok(()),
            () = console.wait_for_change(left.min(LOOK_AGAIN)) => console.refresh().await?,
        }
    }
}
