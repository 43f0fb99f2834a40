//! The screen that everything is shown on, shared by the chat and the delivery worker.
//!
//! A thread of its own does the writing, so that a terminal that is held up (a stopped pager, Ctrl-S) holds up nobody else.
//! Where a person edits a line, rustyline's printer puts what arrives above that line.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use rustyline::ExternalPrinter;
use tokio::sync::{MutexGuard, oneshot};

use crate::{TerminalError, hint::HintingEditor, input::Source, line::Line};

/// The screen. Cheap to clone: all clones are the same screen.
#[derive(Clone)]
pub struct Screen {
    inner: Arc<Inner>,
}

struct Inner {
    jobs: mpsc::Sender<Job>,
    /// Held while lines that belong together are written.
    turn: tokio::sync::Mutex<()>,
    person: bool,
    colours: bool,
    /// What was said before is on the screen, so what is new may follow.
    open: AtomicBool,
    /// Until the chat takes it.
    input: Mutex<Option<Source>>,
}

/// What the writing thread does, and whom it tells.
struct Job {
    text: String,
    done: oneshot::Sender<io::Result<()>>,
}

impl Screen {
    /// The screen of this process: for a person where standard input and output are a terminal, else plain lines.
    pub fn of_this_process() -> Result<Self, TerminalError> {
        if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
            return Ok(Self::plain(io::BufReader::new(io::stdin()), io::stdout()));
        }
        let mut editor = HintingEditor::new().map_err(TerminalError::Open)?;
        // A terminal that cannot edit lines (TERM=dumb) gets plain lines as well.
        let Ok(mut printer) = editor.create_external_printer() else {
            return Ok(Self::plain(io::BufReader::new(io::stdin()), io::stdout()));
        };
        let colours = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let print = move |text: String| printer.print(text).map_err(io::Error::other);
        Ok(Self::new(Source::Person(Box::new(editor)), true, colours, print))
    }

    /// Plain lines, read from and written to whatever is given.
    pub fn plain(input: impl BufRead + Send + 'static, mut output: impl Write + Send + 'static) -> Self {
        let print = move |text: String| output.write_all(text.as_bytes()).and_then(|()| output.flush());
        Self::new(Source::Plain(Box::new(input)), false, false, print)
    }

    fn new(
        source: Source,
        person: bool,
        colours: bool,
        mut print: impl FnMut(String) -> io::Result<()> + Send + 'static,
    ) -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        // It ends when the last clone of the screen is gone.
        thread::spawn(move || {
            for Job { text, done } in queue {
                // Whoever asked may have stopped waiting; the text is on the screen all the same.
                let _ = done.send(print(text));
            }
        });
        let turn = tokio::sync::Mutex::new(());
        let inner =
            Inner { jobs, turn, person, colours, open: AtomicBool::new(false), input: Mutex::new(Some(source)) };
        Self { inner: Arc::new(inner) }
    }

    /// A person sits at it, who sees what they type and needs no echo of it.
    #[must_use]
    pub fn is_for_a_person(&self) -> bool {
        self.inner.person
    }

    /// Colours may be used.
    pub(crate) fn has_colours(&self) -> bool {
        self.inner.colours
    }

    /// Waits until nobody else is writing, and keeps others from it until the turn is dropped.
    pub(crate) async fn turn(&self) -> ScreenTurn<'_> {
        ScreenTurn { screen: self, _held: self.inner.turn.lock().await }
    }

    /// Shows lines, together.
    pub(crate) async fn print(&self, lines: &[Line]) -> io::Result<()> {
        self.turn().await.print(lines).await
    }

    /// The input that belongs to this screen; the first who asks gets it.
    pub(crate) fn take_input(&self) -> Result<Source, TerminalError> {
        let mut input = self.inner.input.lock().unwrap_or_else(PoisonError::into_inner);
        input.take().ok_or(TerminalError::InputTaken)
    }

    /// New messages may be shown now.
    pub(crate) fn set_open(&self, open: bool) {
        self.inner.open.store(open, Ordering::SeqCst);
    }

    /// New messages may be shown: the chat has begun and has not ended.
    pub(crate) fn is_open(&self) -> bool {
        self.inner.open.load(Ordering::SeqCst)
    }
}

/// The right to write to the screen without anybody in between.
pub(crate) struct ScreenTurn<'a> {
    screen: &'a Screen,
    _held: MutexGuard<'a, ()>,
}

impl ScreenTurn<'_> {
    /// Shows lines; when it returns without an error they have been handed to the terminal.
    pub(crate) async fn print(&self, lines: &[Line]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let inner = &self.screen.inner;
        let mut text = String::new();
        for line in lines {
            text.push_str(&line.render(inner.colours));
            text.push('\n');
        }
        let (done, written) = oneshot::channel();
        let gone = || io::Error::new(io::ErrorKind::BrokenPipe, "the screen's thread has ended");
        inner.jobs.send(Job { text, done }).map_err(|_| gone())?;
        written.await.map_err(|_| gone())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{line::Style, testing::Paper};

    #[tokio::test]
    async fn what_is_printed_is_written_when_it_returns_and_has_no_colours() {
        let paper = Paper::fresh();
        let screen = Screen::plain(io::empty(), paper.clone());
        screen
            .print(&[Line::of(Style::Bold, "one "), Line::default(), Line::plain("two\x1b[2J")])
            .await
            .expect("printed");
        assert_eq!(paper.text(), "one\n\ntwo␛[2J\n");
    }

    #[tokio::test]
    async fn nobody_writes_in_between_while_somebody_has_the_turn() {
        let paper = Paper::fresh();
        let screen = Screen::plain(io::empty(), paper.clone());
        let turn = screen.turn().await;
        let (other, other_lines) = (screen.clone(), [Line::plain("other")]);
        let mut printing = Box::pin(async move { other.print(&other_lines).await });
        assert!(once(&mut printing).await.is_none(), "it has to wait");
        turn.print(&[Line::plain("first")]).await.expect("printed");
        drop(turn);
        printing.await.expect("printed");
        assert_eq!(paper.text(), "first\nother\n");
    }

    /// Polls once.
    async fn once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
        tokio::select! {
            biased;
            output = future => Some(output),
            () = std::future::ready(()) => None,
        }
    }

    #[tokio::test]
    async fn whoever_prints_is_told_when_it_fails() {
        let screen = Screen::plain(io::empty(), Paper::none_left());
        let error = screen.print(&[Line::plain("lost")]).await.expect_err("no paper");
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn the_input_is_read_by_one() {
        let screen = Screen::plain(io::empty(), Paper::fresh());
        assert!(screen.clone().take_input().is_ok());
        assert!(matches!(screen.take_input(), Err(TerminalError::InputTaken)));
    }
}
