//! What a process printed, line by line as it comes, together with what was typed to it.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    sync::watch,
    time::timeout,
};

/// One stream of a process: everything that was written to it so far. Cheap to clone: all clones are the same screen.
#[derive(Clone, Debug)]
pub struct Screen {
    state: Arc<watch::Sender<State>>,
}

#[derive(Debug, Default)]
struct State {
    bytes: Vec<u8>,
    /// The complete lines.
    lines: Vec<String>,
    /// Where the line that is not complete yet begins in `bytes`.
    rest: usize,
    /// What was typed, each with the number of lines that had been printed until then.
    typed: Vec<(usize, String)>,
    /// How many lines came in the first piece.
    at_first: usize,
    ended: bool,
}

impl State {
    fn take(&mut self, more: &[u8]) {
        let is_first = self.bytes.is_empty();
        self.bytes.extend_from_slice(more);
        while let Some(length) = self.bytes[self.rest..].iter().position(|byte| *byte == b'\n') {
            let line = &self.bytes[self.rest..self.rest + length];
            self.lines.push(String::from_utf8_lossy(line).into_owned());
            self.rest += length + 1;
        }
        if is_first {
            self.at_first = self.lines.len();
        }
    }

    fn end(&mut self) {
        if self.rest < self.bytes.len() {
            self.lines.push(String::from_utf8_lossy(&self.bytes[self.rest..]).into_owned());
            self.rest = self.bytes.len();
        }
        self.ended = true;
    }
}

impl Screen {
    /// Watches a stream until its end.
    pub(crate) fn watch(mut stream: impl AsyncRead + Send + Unpin + 'static) -> Self {
        let state = Arc::new(watch::Sender::new(State::default()));
        let screen = Self { state: Arc::clone(&state) };
        tokio::spawn(async move {
            let mut chunk = vec![0; 64 * 1024];
            loop {
                match stream.read(&mut chunk).await {
                    Ok(0) | Err(_) => break,
                    Ok(count) => state.send_modify(|state| state.take(&chunk[..count])),
                }
            }
            state.send_modify(State::end);
        });
        screen
    }

    /// Notes what was typed, for the transcript.
    pub(crate) fn note_typed(&self, line: &str) {
        self.state.send_modify(|state| state.typed.push((state.lines.len(), line.to_owned())));
    }

    /// Waits until `wanted` finds what it looks for among the lines. `None` when the stream ends or the time is up before.
    pub async fn wait_for<T>(&self, at_most: Duration, mut wanted: impl FnMut(&[String]) -> Option<T>) -> Option<T> {
        let mut found = None;
        let mut watching = self.state.subscribe();
        let seen = watching.wait_for(|state| {
            found = wanted(&state.lines);
            found.is_some() || state.ended
        });
        // The sender lives as long as this screen, so the only way not to see it is that the time is up.
        let _ = timeout(at_most, seen).await;
        found
    }

    /// Waits for the end of the stream, which comes when the process has ended.
    pub async fn ended(&self, at_most: Duration) -> bool {
        timeout(at_most, self.state.subscribe().wait_for(|state| state.ended)).await.is_ok()
    }

    /// All lines so far.
    pub fn lines(&self) -> Vec<String> {
        self.state.borrow().lines.clone()
    }

    /// The lines that came after the first piece. A chat prints what was said before in one piece, so a line that had been
    /// read elsewhere and is among these has been said again.
    pub fn lines_after_the_first_piece(&self) -> Vec<String> {
        let state = self.state.borrow();
        state.lines[state.at_first..].to_vec()
    }

    /// Everything printed so far, as it came.
    pub fn bytes(&self) -> Vec<u8> {
        self.state.borrow().bytes.clone()
    }

    /// Everything printed so far, with what was typed in between (`<<`).
    pub fn transcript(&self) -> String {
        const LONGEST: usize = 300;
        let state = self.state.borrow();
        let mut typed = state.typed.iter().peekable();
        let mut text = String::new();
        for count in 0..=state.lines.len() {
            while let Some((_, line)) = typed.next_if(|(before, _)| *before <= count) {
                let _ = writeln!(text, "  << {}", shortened(line, LONGEST));
            }
            if let Some(line) = state.lines.get(count) {
                let _ = writeln!(text, "     {}", shortened(line, LONGEST));
            }
        }
        text
    }
}

/// A line of a transcript, fit for reading: what would command the terminal of whoever reads it is written out.
fn shortened(line: &str, longest: usize) -> String {
    let total = line.chars().count();
    let mut text = String::new();
    for character in line.chars().take(longest) {
        if character.is_control() {
            text.extend(character.escape_unicode());
        } else {
            text.push(character);
        }
    }
    if total > longest { format!("{text} … ({total} characters)") } else { text }
}
