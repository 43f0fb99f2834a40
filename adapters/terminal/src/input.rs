//! Reading what is typed, one line at a time and only when asked for: whoever asks has dealt with the line before.

use std::{
    io::BufRead,
    sync::mpsc::{self, Receiver, Sender},
    thread,
};

use rustyline::error::ReadlineError;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::{
    TerminalError,
    hint::{Commands, HintingEditor},
};

/// Where lines come from.
pub(crate) enum Source {
    /// A person who edits them.
    Person(Box<HintingEditor>),
    /// A pipe or a file.
    Plain(Box<dyn BufRead + Send>),
}

/// The lines that are typed. A thread of its own reads them, because reading cannot be interrupted; when the chat ends before
/// the input does, that thread is left behind and the terminal is given back as it was found.
pub(crate) struct Input {
    prompts: Sender<String>,
    lines: UnboundedReceiver<Result<String, TerminalError>>,
    asked: bool,
    #[cfg(unix)]
    _mode: Option<TerminalMode>,
}

impl Input {
    /// Starts reading; nothing is read before it is asked for. A person is hinted at the commands.
    pub(crate) fn start(mut source: Source, commands: Commands) -> Self {
        if let Source::Person(editor) = &mut source {
            editor.set_helper(Some(commands));
        }
        let (prompts, asked) = mpsc::channel();
        let (answer, lines) = unbounded_channel();
        #[cfg(unix)]
        let mode = matches!(source, Source::Person(_)).then(TerminalMode::remember).flatten();
        thread::spawn(move || match source {
            Source::Person(editor) => read_person(*editor, &asked, &answer),
            Source::Plain(input) => read_plain(input, &asked, &answer),
        });
        Self {
            prompts,
            lines,
            asked: false,
            #[cfg(unix)]
            _mode: mode,
        }
    }

    /// The next line; `None` when there are no more. Dropping the future loses nothing: the next call waits for the same line.
    pub(crate) async fn next(&mut self, prompt: &str) -> Option<Result<String, TerminalError>> {
        if !self.asked {
            // When the thread has ended, so has the other channel, which the next line notices.
            let _ = self.prompts.send(prompt.to_owned());
            self.asked = true;
        }
        let line = self.lines.recv().await;
        self.asked = false;
        line
    }
}

fn read_person(
    mut editor: HintingEditor,
    prompts: &Receiver<String>,
    answer: &UnboundedSender<Result<String, TerminalError>>,
) {
    for prompt in prompts {
        let line = match editor.readline(&prompt) {
            Ok(line) => {
                // History is a convenience; without it the line is still there.
                let _ = editor.add_history_entry(&line);
                Ok(line)
            }
            // Ctrl-D and Ctrl-C.
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => return,
            Err(error) => Err(TerminalError::Read(Box::new(error))),
        };
        if answer.send(line).is_err() {
            return;
        }
    }
}

fn read_plain(
    mut input: Box<dyn BufRead + Send>,
    prompts: &Receiver<String>,
    answer: &UnboundedSender<Result<String, TerminalError>>,
) {
    for _ in prompts {
        let mut bytes = Vec::new();
        let line = match input.read_until(b'\n', &mut bytes) {
            Ok(0) => return,
            Ok(_) => Ok(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned()),
            Err(error) => Err(TerminalError::Read(Box::new(error))),
        };
        if answer.send(line).is_err() {
            return;
        }
    }
}

/// How the terminal was set when we came. rustyline changes it while a line is edited and sets it back when the line is
/// finished; the line that is being edited when the process is told to stop never is.
#[cfg(unix)]
struct TerminalMode(nix::sys::termios::Termios);

#[cfg(unix)]
impl TerminalMode {
    fn remember() -> Option<Self> {
        nix::sys::termios::tcgetattr(std::io::stdin()).ok().map(Self)
    }
}

#[cfg(unix)]
impl Drop for TerminalMode {
    fn drop(&mut self) {
        use std::io::Write;

        use nix::sys::termios::{SetArg, tcgetattr, tcsetattr};

        let stdin = std::io::stdin();
        if tcgetattr(&stdin).is_ok_and(|now| now == self.0) {
            return;
        }
        // There is nobody to tell if any of this fails. The sequence switches bracketed paste off (xterm, "DECRST 2004"), and
        // the new line leaves the unfinished one to itself.
        let _ = tcsetattr(&stdin, SetArg::TCSADRAIN, &self.0);
        let mut stdout = std::io::stdout();
        let _ = stdout.write_all(b"\x1b[?2004l\n").and_then(|()| stdout.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_come_one_by_one_and_then_no_more() {
        let mut input =
            Input::start(Source::Plain(Box::new(&b"one\r\ntwo\n\nlast \xff"[..])), Commands::new(&[], false));
        let mut read = Vec::new();
        while let Some(line) = input.next("").await {
            read.push(line.expect("a line"));
        }
        assert_eq!(read, ["one", "two", "", "last \u{fffd}"]);
        assert!(input.next("").await.is_none());
    }

    #[tokio::test]
    async fn a_line_nobody_waited_for_is_not_lost() {
        let mut input = Input::start(Source::Plain(Box::new(&b"one\ntwo\n"[..])), Commands::new(&[], false));
        tokio::select! {
            biased;
            () = std::future::ready(()) => {}
            _ = input.next("") => {}
        }
        assert_eq!(input.next("").await.expect("more").expect("a line"), "one");
        assert_eq!(input.next("").await.expect("more").expect("a line"), "two");
    }
}
