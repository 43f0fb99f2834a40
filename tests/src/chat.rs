//! Somebody at a terminal: types lines and reads what comes.

use std::panic::Location;

use crate::{PATIENCE, program::Program, screen::Screen};

/// One open chat. What is read is read in order: each line read puts everything before it behind the reader.
#[derive(Debug)]
pub struct Chat {
    name: String,
    program: Program,
    /// The first line that has not been read yet.
    next: usize,
}

impl Chat {
    pub(crate) fn new(name: &str, program: Program) -> Self {
        Self { name: name.to_owned(), program, next: 0 }
    }

    /// Types a line; whether the desk has it then is not known.
    pub async fn types(&mut self, line: &str) {
        self.program.types(line).await;
    }

    /// Types bytes that need not be text.
    pub async fn types_bytes(&mut self, line: &[u8]) {
        self.program.types_bytes(line).await;
    }

    /// Types a line and waits until the desk has it: then it is on the screen under the own name.
    #[track_caller]
    pub fn says(&mut self, line: &str) -> impl Future<Output = ()> {
        let story = Location::caller();
        async move {
            self.types(line).await;
            self.finds(&[&format!("{}> {line}", self.name)], story).await;
        }
    }

    /// Waits for a line with this in it, and returns the line.
    #[track_caller]
    pub fn reads(&mut self, part: &str) -> impl Future<Output = String> {
        let story = Location::caller();
        async move { self.finds(&[part], story).await }
    }

    /// Waits for a line with any of these in it, and returns the line.
    #[track_caller]
    pub fn reads_any(&mut self, parts: &[&str]) -> impl Future<Output = String> {
        self.finds(parts, Location::caller())
    }

    async fn finds(&mut self, parts: &[&str], story: &Location<'_>) -> String {
        let from = self.next;
        let found = self.program.screen.wait_for(PATIENCE, |lines| {
            let fresh = lines.iter().enumerate().skip(from);
            let mut fitting = fresh.filter(|(_, line)| parts.iter().any(|part| line.contains(part)));
            fitting.next().map(|(position, line)| (position, line.clone()))
        });
        let Some((position, line)) = found.await else {
            self.program.fail(&format!("{story} waited in vain for {parts:?} after line {from}"));
        };
        self.next = position + 1;
        line
    }

    /// An agent takes a ticket and reads its card to the end.
    pub async fn claims(&mut self, number: i64) {
        self.types(&format!("/claim {number}")).await;
        self.reads(&format!("ticket> Claimed by {}", self.name)).await;
    }

    /// An agent writes a note, and sees that the desk has it.
    pub async fn notes(&mut self, text: &str) {
        self.types(&format!("//{text}")).await;
        self.reads(&format!("note({})> {text}", self.name)).await;
    }

    /// An agent says that the ticket is solved.
    pub async fn resolves(&mut self) {
        self.types("/resolve").await;
        self.reads(&format!("ticket> Resolved by {}", self.name)).await;
    }

    /// An employee waits until whatever they see at the start, and the answers to what was accepted before, is on the screen.
    /// The hint that is asked for here is the terminal's own and goes nowhere.
    pub async fn catches_up(&mut self) {
        self.types("/edit").await;
        self.reads("terminal> ").await;
        while !self.last_read_is_the_hint() {
            self.reads("terminal> ").await;
        }
    }

    fn last_read_is_the_hint(&self) -> bool {
        let lines = self.program.screen.lines();
        self.next.checked_sub(1).and_then(|last| lines.get(last)).is_some_and(|line| line.contains("/edit "))
    }

    /// An agent waits until everything that was shown at the start is on the screen: lines are dealt with one by one.
    pub async fn looks_around(&mut self) {
        self.types("/mine").await;
        self.reads_any(&["ticket> Yours:", "ticket> You have no ticket."]).await;
    }

    /// Goes back to the first line of the screen.
    pub fn reads_again(&mut self) {
        self.next = 0;
    }

    /// Everything on the screen, read or not.
    pub fn screen(&self) -> &Screen {
        &self.program.screen
    }

    /// A line with this in it is on the screen.
    pub fn shows(&self, part: &str) -> bool {
        self.count(part) > 0
    }

    /// How many lines with this in it are on the screen.
    pub fn count(&self, part: &str) -> usize {
        self.program.screen.lines().iter().filter(|line| line.contains(part)).count()
    }

    /// What the program wrote to its log.
    pub fn log(&self) -> String {
        self.program.log.lines().join("\n")
    }

    /// `kill -9`. What stood on the screen can still be read.
    pub async fn kill9(&mut self) {
        self.program.kill9().await;
    }

    /// Leaves: ends the input and waits until the program has ended.
    pub async fn leaves(&mut self) {
        self.program.close_input();
        let status = self.program.ends().await;
        if !status.success() {
            self.program.fail(&format!("it ended with {status}"));
        }
    }

    /// Asks the program to end (SIGTERM); its exit code.
    pub async fn is_terminated(&mut self) -> Option<i32> {
        self.program.terminate().await.code()
    }

    /// Waits until the program has ended by itself; its exit code.
    pub async fn ends(&mut self) -> Option<i32> {
        self.program.ends().await.code()
    }

    /// Fails the test with the transcript.
    #[track_caller]
    pub fn fail(&self, why: &str) -> ! {
        self.program.fail(why)
    }
}
