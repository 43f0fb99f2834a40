//! Hints while a person types: the rest of a command that has begun, shown dimly behind the cursor (the right arrow takes it
//! over, Tab completes).

use std::borrow::Cow;

use rustyline::{
    Context, Editor, Helper, completion::Completer, highlight::Highlighter, hint::Hinter, history::DefaultHistory,
    validate::Validator,
};

/// A line editor that hints at commands.
pub(crate) type HintingEditor = Editor<Commands, DefaultHistory>;

/// The commands that are hinted at, likeliest first where several begin alike.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Commands {
    names: &'static [&'static str],
    dim: bool,
}

impl Commands {
    /// Hints at these, which begin with their slash. `dim` where the terminal shows colours.
    pub(crate) const fn new(names: &'static [&'static str], dim: bool) -> Self {
        Self { names, dim }
    }

    fn beginning_with(&self, typed: &str) -> impl Iterator<Item = &'static str> {
        let typed = typed.to_lowercase();
        self.names
            .iter()
            .copied()
            .filter(move |name| typed.len() > 1 && name.starts_with(&typed) && name.len() > typed.len())
    }
}

impl Helper for Commands {}
impl Validator for Commands {}

impl Hinter for Commands {
    type Hint = String;

    fn hint(&self, line: &str, position: usize, _: &Context<'_>) -> Option<String> {
        if position < line.len() {
            return None;
        }
        self.beginning_with(line).next()?.get(line.len()..).map(str::to_owned)
    }
}

impl Completer for Commands {
    type Candidate = String;

    fn complete(&self, line: &str, position: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let typed = line.get(..position).unwrap_or(line);
        Ok((0, self.beginning_with(typed).map(|name| format!("{name} ")).collect()))
    }
}

impl Highlighter for Commands {
    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.dim { Cow::Owned(format!("\x1b[2m{hint}\x1b[0m")) } else { Cow::Borrowed(hint) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_has_begun_is_hinted_at() {
        let history = DefaultHistory::new();
        let context = Context::new(&history);
        let commands = Commands::new(&["/help", "/human", "/priority"], true);
        let check = |line: &str, expected: Option<&str>| {
            assert_eq!(commands.hint(line, line.len(), &context).as_deref(), expected, "{line:?}");
        };
        check("/he", Some("lp"));
        check("/h", Some("elp"));
        check("/PRI", Some("ority"));
        check("/help", None);
        check("/", None);
        check("", None);
        check("hello /he", None);
        check("/ü", None);
        assert_eq!(commands.hint("/hello", 3, &context), None, "not in the middle of a line");
        assert_eq!(commands.complete("/h", 2, &context).unwrap().1, ["/help ", "/human "]);
        assert_eq!(commands.highlight_hint("lp"), "\u{1b}[2mlp\u{1b}[0m");
    }
}
