//! The real program: where it is, and one run of it.

use std::{
    path::{Path, PathBuf},
    process::{Command as Blocking, ExitStatus, Stdio},
    sync::OnceLock,
};

use serde_json::Value;
use tokio::{
    io::AsyncWriteExt as _,
    process::{Child, ChildStdin, Command},
    time::timeout,
};

use crate::{PATIENCE, screen::Screen};

/// Names the program to test; without it, it is built.
const BIN: &str = "FIRSTLINE_BIN";

/// Where the program is. It is built once per run of the tests unless `FIRSTLINE_BIN` names one.
pub fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| std::env::var_os(BIN).map_or_else(build, PathBuf::from))
}

fn build() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Blocking::new(cargo)
        .args(["build", "--package", "firstline", "--message-format=json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo can be run");
    assert!(built.status.success(), "the program cannot be built; {BIN} names one that is built already");
    let messages = String::from_utf8_lossy(&built.stdout);
    let executable = messages.lines().rev().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_ours = message["target"]["name"] == "firstline" && message["target"]["kind"][0] == "bin";
        is_ours.then(|| message["executable"].as_str().map(PathBuf::from)).flatten()
    });
    executable.expect("cargo tells where it put the program")
}

/// One run of the program. It is killed when this is dropped.
#[derive(Debug)]
pub struct Program {
    title: String,
    child: Child,
    stdin: Option<ChildStdin>,
    /// Standard output.
    pub screen: Screen,
    /// Standard error: the log.
    pub log: Screen,
}

impl Program {
    /// Starts it. `title` is for failures.
    pub(crate) fn start(title: String, mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{title} cannot be started: {error}"));
        let screen = Screen::watch(child.stdout.take().expect("its output is piped"));
        let log = Screen::watch(child.stderr.take().expect("its log is piped"));
        Self { title, stdin: child.stdin.take(), child, screen, log }
    }

    /// Writes a line to it. That it was written says nothing about whether it was read.
    pub async fn types(&mut self, line: &str) {
        self.types_bytes(line.as_bytes()).await;
    }

    /// Writes bytes and the end of the line to it.
    pub async fn types_bytes(&mut self, line: &[u8]) {
        self.screen.note_typed(&String::from_utf8_lossy(line));
        let bytes = [line, b"\n"].concat();
        let written = match &mut self.stdin {
            Some(stdin) => timeout(PATIENCE, stdin.write_all(&bytes)).await,
            None => panic!("{} has no input any more", self.title),
        };
        if !matches!(written, Ok(Ok(()))) {
            self.fail("it does not take what is typed");
        }
    }

    /// Ends its input, as Ctrl-D does.
    pub fn close_input(&mut self) {
        self.stdin = None;
    }

    /// `kill -9`: it ends here and now, whatever it was doing. What it had printed until then can still be read.
    pub async fn kill9(&mut self) {
        self.child.kill().await.expect("a process of ours can be killed");
        assert!(self.screen.ended(PATIENCE).await, "{}: the screen outlives its process", self.title);
    }

    /// Asks it to end (SIGTERM) and waits until it has.
    pub async fn terminate(&mut self) -> ExitStatus {
        self.signal("TERM");
        self.ends().await
    }

    /// Sends it a signal by its name.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().expect("it still runs").to_string();
        let told = Blocking::new("kill").args(["-s", name, &id]).status();
        assert!(told.is_ok_and(|status| status.success()), "{}: it takes no signal", self.title);
    }

    /// Waits until it has ended by itself and everything it printed has been read.
    pub async fn ends(&mut self) -> ExitStatus {
        let Ok(Ok(status)) = timeout(PATIENCE, self.child.wait()).await else {
            self.fail("it does not end");
        };
        assert!(self.screen.ended(PATIENCE).await && self.log.ended(PATIENCE).await, "{}: no end", self.title);
        status
    }

    /// Fails the test, with everything it said.
    #[track_caller]
    pub fn fail(&self, why: &str) -> ! {
        let (transcript, log) = (self.screen.transcript(), self.log.transcript());
        panic!("{}: {why}\n--- screen (<< was typed)\n{transcript}--- log\n{log}---", self.title)
    }
}
