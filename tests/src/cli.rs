//! Commands that are run to their end.

use std::process::Output;

use serde_json::Value;

/// What came of a command.
#[derive(Debug, Clone)]
pub struct Ran {
    /// What was typed.
    pub line: String,
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ran {
    pub(crate) fn new(line: &[&str], output: &Output) -> Self {
        Self {
            line: line.join(" "),
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// It ended well.
    #[track_caller]
    #[must_use = "it also holds what was printed"]
    pub fn succeeds(self) -> Self {
        assert_eq!(self.code, Some(0), "`{}` failed\n{}{}", self.line, self.stdout, self.stderr);
        self
    }

    /// It ended with this exit code and said these things on standard error.
    #[track_caller]
    pub fn fails(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, Some(code), "`{}`\n{}{}", self.line, self.stdout, self.stderr);
        for part in parts {
            assert!(self.stderr.contains(part), "`{}` lacks {part:?}:\n{}", self.line, self.stderr);
        }
    }

    /// Standard output as JSON, with nothing else on it.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_str(&self.stdout) {
            Ok(value) => value,
            Err(error) => panic!("`{}` prints no JSON: {error}\n{}{}", self.line, self.stdout, self.stderr),
        }
    }
}
