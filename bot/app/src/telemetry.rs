//! The log. It goes to standard error, because standard output belongs to what was asked for; it reads as sentences with fields,
//! and it carries no token and nothing that people wrote.

use std::{
    any::Any,
    backtrace::{Backtrace, BacktraceStatus},
    io::{self, IsTerminal as _},
    panic,
};

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// What a command logs when nobody says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verbosity {
    /// Nothing but errors.
    Errors,
    /// What is not as it should be: for commands whose screen belongs to the one who typed them.
    Warnings,
    /// [`Self::Warnings`] without the deliveries: where somebody chats, the terminal is the only place delivered to, and
    /// what it holds back until it is ready is nothing to warn of.
    Chat,
    /// What Firstline does, and warnings of everything else: for the server.
    Working,
}

impl Verbosity {
    const fn filter(self) -> &'static str {
        match self {
            Self::Errors => "error",
            Self::Warnings => "warn",
            Self::Chat => "warn,firstline_engine::desk::deliver=error",
            // A target matches by its beginning, so this is every crate of ours.
            Self::Working => "warn,firstline=info",
        }
    }
}

/// Starts logging.
pub(crate) fn start(format: LogFormat, filter: Option<&str>, verbosity: Verbosity) {
    // The configuration has checked a given filter; should it be refused here, the default is better than nothing.
    let filter =
        filter.and_then(|filter| EnvFilter::try_new(filter).ok()).unwrap_or_else(|| EnvFilter::new(verbosity.filter()));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let colours = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let started = match format {
        LogFormat::Text => log.with_ansi(colours).try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
    };
    if started.is_ok() {
        panic::set_hook(Box::new(log_panic));
    }
}

/// A panic is logged like any other error, but not its text where that was put together at run time: it may quote what
/// somebody wrote.
fn log_panic(info: &panic::PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let message = fixed_text(info.payload()).unwrap_or("(withheld: it may quote what people wrote)");
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        tracing::error!(place, message, %backtrace, "a bug: the program panicked");
    } else {
        tracing::error!(place, message, "a bug: the program panicked");
    }
}

fn fixed_text(payload: &(dyn Any + Send)) -> Option<&'static str> {
    payload.downcast_ref::<&'static str>().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_filters_are_valid() {
        for verbosity in [Verbosity::Errors, Verbosity::Warnings, Verbosity::Chat, Verbosity::Working] {
            assert!(EnvFilter::try_new(verbosity.filter()).is_ok(), "{verbosity:?}");
        }
    }
}
