//! `firstline serve`.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    process::Command,
    time::timeout,
};

use crate::{PATIENCE, program::Program};

/// A server that runs.
#[derive(Debug)]
pub struct Server {
    program: Program,
}

impl Server {
    pub(crate) async fn start(command: Command) -> Self {
        let server = Self { program: Program::start("firstline serve".to_owned(), command) };
        server.says("Ctrl-C stops.").await;
        server
    }

    /// Starts one with a command of its own.
    pub async fn with(command: Command) -> Self {
        Self::start(command).await
    }

    /// Waits for a line with this in it on its standard output, and returns the line.
    pub async fn says(&self, part: &str) -> String {
        let found = self.program.screen.wait_for(PATIENCE, |lines| lines.iter().find(|it| it.contains(part)).cloned());
        match found.await {
            Some(line) => line,
            None => self.program.fail(&format!("waited in vain for {part:?}")),
        }
    }

    /// Waits for a line with this in it in its log, and returns the line.
    pub async fn logs(&self, part: &str) -> String {
        let found = self.program.log.wait_for(PATIENCE, |lines| lines.iter().find(|it| it.contains(part)).cloned());
        match found.await {
            Some(line) => line,
            None => self.program.fail(&format!("waited in vain for {part:?} in the log")),
        }
    }

    /// Everything it printed, its log included.
    pub fn everything(&self) -> String {
        format!("{}{}", self.program.screen.transcript(), self.program.log.transcript())
    }

    /// Where its web page is, as it says itself.
    pub async fn web(&self) -> SocketAddr {
        let line = self.says("http://").await;
        let address = line.split("http://").nth(1).unwrap_or_default().trim().trim_end_matches('/');
        match address.parse() {
            Ok(address) => address,
            Err(error) => self.program.fail(&format!("{address:?} is no address: {error}")),
        }
    }

    /// Fetches a page: the status and the body.
    pub async fn get(&self, path: &str) -> (u16, String) {
        let address = self.web().await;
        let fetching = async {
            let mut connection = TcpStream::connect(address).await?;
            let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
            connection.write_all(request.as_bytes()).await?;
            let mut answer = Vec::new();
            connection.read_to_end(&mut answer).await?;
            Ok::<_, std::io::Error>(String::from_utf8_lossy(&answer).into_owned())
        };
        let answer = match timeout(PATIENCE, fetching).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => self.program.fail(&format!("{path} cannot be fetched: {error}")),
            Err(_) => self.program.fail(&format!("{path} is not answered")),
        };
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        match (status, body) {
            (Some(status), Some(body)) => (status, body),
            _ => self.program.fail(&format!("{path} is answered with {answer:?}")),
        }
    }

    /// Asks it to end (SIGTERM) and waits until it has; its exit code.
    pub async fn is_terminated(&mut self) -> Option<i32> {
        self.program.terminate().await.code()
    }

    /// It stands still (SIGSTOP) until it goes on, whatever it was doing.
    pub(crate) fn is_stopped(&self) {
        self.program.signal("STOP");
    }

    /// It goes on (SIGCONT), as if no time had passed.
    pub fn goes_on(&self) {
        self.program.signal("CONT");
    }

    /// `kill -9`.
    pub async fn kill9(&mut self) {
        self.program.kill9().await;
    }

    /// Fails the test with everything it said.
    #[track_caller]
    pub fn fail(&self, why: &str) -> ! {
        self.program.fail(why)
    }
}
