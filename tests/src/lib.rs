//! The house as people meet it: the real program, on both databases, against platforms that only pretend.
//!
//! The stories are in `stories/`, one module each, and speak of people: `erika.says(…)`, `erika.reads(…)`, `anna.claims(1001)`.
//! What they stand on is here:
//!
//! - [`desk`] is one desk: a folder and a database of its own, and the programs that run on them
//! - [`chat`] is `firstline chat` with somebody at the keyboard, [`server`] is `firstline serve`, [`cli`] any other command
//! - [`program`] starts, watches and ends one process; [`screen`] is what it printed
//! - [`ticket`] is a ticket as `firstline ticket show --json` tells it
//! - [`postgres`] is a PostgreSQL of a story's own, which can be ended and can be full
//! - [`telegram`] is a Bot API on this machine, [`discord`] a REST API with its gateway
//!
//! Nothing here waits for a time to pass: it waits for a line ([`screen::Screen::wait_for`]) or for a state
//! ([`desk::Desk::until`]), and fails with the whole transcript when that does not come.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test fails by panicking, and here is where it does"
)]

pub mod chat;
pub mod cli;
pub mod desk;
pub mod discord;
mod line;
mod multipart;
mod platform;
pub mod postgres;
pub mod program;
pub mod screen;
pub mod server;
pub mod telegram;
pub mod ticket;

use std::time::Duration;

/// How long a story waits for what must happen. Far longer than it takes, so that a busy machine is no failure.
pub const PATIENCE: Duration = Duration::from_mins(3);

/// Makes a test of each story for each database: `story::sqlite` and `story::postgres`. A story is an
/// `async fn story(desk: &Desk)`.
#[macro_export]
macro_rules! both_databases {
    ($($story:ident),+ $(,)?) => {
        $(
            mod $story {
                #[tokio::test]
                async fn sqlite() {
                    super::$story(&$crate::desk::Desk::on_sqlite().await).await;
                }

                #[tokio::test]
                async fn postgres() {
                    super::$story(&$crate::desk::Desk::on_postgres().await).await;
                }
            }
        )+
    };
}
