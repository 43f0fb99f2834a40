//! The web: a landing page that says what this is and answers questions from the articles, the same answers as JSON, and two
//! pages for those who run it.
//!
//! There is no login yet. So nothing that staff see is on any page: no tickets, no people, no counts of what waits; only what
//! every employee may read. Pages that need to know who asks come with the console, behind a login.
//!
//! [`routes`] is what is where, [`answer`] turns a question into what is shown, [`page`] writes the HTML, [`markdown`] makes
//! articles safe, and [`headers`] tells browsers to run nothing but what we wrote. The sentences are in the phrase files, under
//! `web-`.

mod answer;
mod headers;
mod language;
mod markdown;
mod page;
mod routes;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use firstline_engine::{desk::Desk, people::Platform};
use tokio_util::sync::CancellationToken;

/// After this long requests that are still under way at the end are given up.
const GRACE: Duration = Duration::from_secs(5);

/// Where the page is to be, and what it cannot know by itself.
#[derive(Debug, Clone)]
pub struct WebSettings {
    /// The address to listen on; port 0 takes any free one.
    pub listen: SocketAddr,
    /// The chats in which the desk can be reached; the page tells.
    pub platforms: Vec<Platform>,
}

/// The web page; its port is ours.
pub struct Web {
    listener: TcpListener,
    address: SocketAddr,
    platforms: Vec<Platform>,
}

/// Why there is no web page.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// The port cannot be had.
    #[error(
        "the web page cannot listen on port {port} of {ip}: {source}. Stop what uses it, or set web.listen in firstline.toml \
         (FIRSTLINE_WEB__LISTEN) to another address, for instance \"{ip}:{other}\"",
        ip = .listen.ip(), port = .listen.port(), other = .listen.port().checked_add(1).unwrap_or(8080)
    )]
    Bind {
        /// The address that was asked for.
        listen: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The port was ours and then failed.
    #[error("the web page cannot be served")]
    Serve(#[source] io::Error),
}

impl Web {
    /// Takes the port. Requests wait until [`Self::run`].
    pub fn bind(settings: WebSettings) -> Result<Self, WebError> {
        let WebSettings { listen, platforms } = settings;
        let failed = |source| WebError::Bind { listen, source };
        let listener = TcpListener::bind(listen).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address, platforms })
    }

    /// Where the page is.
    #[must_use]
    pub const fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until cancelled; requests under way are finished first, for a few seconds at most.
    pub async fn run(self, desk: Desk, cancel: CancellationToken) -> Result<(), WebError> {
        let listener = tokio::net::TcpListener::from_std(self.listener).map_err(WebError::Serve)?;
        let app = routes::router(desk, self.platforms);
        let served = axum::serve(listener, app).with_graceful_shutdown(cancel.clone().cancelled_owned());
        let too_late = async {
            cancel.cancelled().await;
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            result = served => result.map_err(WebError::Serve),
            () = too_late => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_named_with_what_to_do() {
        let at = |listen| WebSettings { listen, platforms: Vec::new() };
        let first = Web::bind(at(SocketAddr::from(([127, 0, 0, 1], 0)))).expect("a free port");
        let taken = first.local_addr();
        let Err(error) = Web::bind(at(taken)) else { panic!("the port was given twice") };
        let text = error.to_string();
        assert!(text.contains(&format!("port {} of 127.0.0.1", taken.port())), "{text}");
        assert!(text.contains("FIRSTLINE_WEB__LISTEN"), "{text}");
    }
}
