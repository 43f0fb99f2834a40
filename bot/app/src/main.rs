//! Firstline, the first level of a helpdesk: this is where its parts are put together.
//!
//! - `cli` is what can be typed, `commands` does it, one file per command
//! - `config` is what can be set
//! - `compose` builds the desk and what surrounds it; the only place that knows which database and which platforms there are
//! - `workers` are the loops that keep it going, `shutdown` is how they end
//! - `telemetry` is what goes to standard error, `output` what goes to standard output
//!
//! What the desk does, and why, is in the engine.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking"))]

mod cli;
mod commands;
mod compose;
mod config;
mod invocation;
mod output;
mod shutdown;
mod telemetry;
mod workers;

use std::process::ExitCode;

fn main() -> ExitCode {
    // Several of our dependencies speak TLS; this makes all of them use the same implementation. It fails only when one is
    // installed already, and then that one is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    commands::run(&cli::parse())
}
