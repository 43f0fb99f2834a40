//! A chat with the desk on a terminal: as an employee who asks ([`run_requester`]) or as an agent who helps ([`run_agent`]).
//! For trying things out by hand, and for scripts: where a person sits at it, lines can be edited and there are colours; where
//! it is piped, there are plain lines that say who speaks.
//!
//! Like every adapter it translates and does nothing else. [`requester`] is the door in: each line becomes an event before it
//! counts as sent. [`channel`] is the door out: each message becomes lines on the [`Screen`], which nothing passes that could
//! command the terminal.
//!
//! The tags before the lines (`bot> `, `desk> `, `ticket> `) are part of the format and the same in every language; the
//! sentences are in the phrase files, under `terminal-`.

mod agent;
mod channel;
mod hint;
mod input;
mod line;
mod markup;
mod requester;
mod screen;
mod speech;
#[cfg(test)]
mod testing;

pub use agent::{AgentOptions, run_agent};
pub use channel::TerminalChannel;
pub use requester::{RequesterOptions, run_requester};
pub use screen::Screen;

use firstline_engine::desk::DeskError;

/// Why a chat on the terminal ended early.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// The terminal could not be prepared for editing lines.
    #[error("the terminal could not be opened")]
    Open(#[source] rustyline::error::ReadlineError),
    /// A line could not be read.
    #[error("a line could not be read")]
    Read(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Something could not be shown.
    #[error("the screen could not be written to")]
    Write(#[source] std::io::Error),
    /// The desk failed before there was anything to show.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The chat was ended while a line could not be handed to the desk, so this line is not sent.
    #[error("the last line was not sent: the desk could not store it")]
    NotSent,
    /// The input of a screen is read by one chat only.
    #[error("somebody else is reading this terminal already")]
    InputTaken,
}
