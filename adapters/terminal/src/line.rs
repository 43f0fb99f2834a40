//! Lines of text with styles, and the rule that nothing but text ever gets into them: whoever wrote it, a control character
//! or an escape sequence is shown as a symbol and does nothing.

/// How a piece of a line looks where there are colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// As it is.
    Plain,
    /// Emphasised strongly.
    Bold,
    /// Emphasised.
    Italic,
    /// In the background.
    Dim,
    /// The bot's tag.
    Bot,
    /// A human's tag.
    Human,
    /// The desk's tag.
    Desk,
    /// An internal note's tag.
    Note,
    /// Something that went wrong.
    Alarm,
}

impl Style {
    /// The parameters of the ANSI sequence that switches it on (ECMA-48, "SGR").
    const fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Bold => Some("1"),
            Self::Italic => Some("3"),
            Self::Dim => Some("2"),
            Self::Bot => Some("36"),
            Self::Human => Some("32"),
            Self::Desk => Some("33"),
            Self::Note => Some("35"),
            Self::Alarm => Some("31"),
        }
    }
}

/// A piece of a line in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    style: Style,
    text: String,
}

/// One line for the screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    spans: Vec<Span>,
}

impl Line {
    /// A line in one style.
    pub(crate) fn of(style: Style, text: impl Into<String>) -> Self {
        let mut line = Self::default();
        line.push(style, text);
        line
    }

    /// A line as it is.
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self::of(Style::Plain, text)
    }

    /// Adds a piece at the end.
    pub(crate) fn push(&mut self, style: Style, text: impl Into<String>) {
        let text = text.into();
        match self.spans.last_mut() {
            Some(last) if last.style == style => last.text.push_str(&text),
            _ if text.is_empty() => {}
            _ => self.spans.push(Span { style, text }),
        }
    }

    /// This line after another.
    #[must_use]
    pub(crate) fn after(self, mut first: Self) -> Self {
        for span in self.spans {
            first.push(span.style, span.text);
        }
        first
    }

    /// The whole line in the background; alarms stay alarms.
    #[must_use]
    pub(crate) fn dimmed(self) -> Self {
        let mut line = Self::default();
        for Span { style, text } in self.spans {
            line.push(if style == Style::Alarm { style } else { Style::Dim }, text);
        }
        line
    }

    /// There is nothing on it.
    pub(crate) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The line as it is written to the screen, without its end.
    pub(crate) fn render(&self, colours: bool) -> String {
        let mut out = String::new();
        for Span { style, text } in &self.spans {
            match style.code().filter(|_| colours) {
                Some(code) => {
                    out.push_str("\x1b[");
                    out.push_str(code);
                    out.push('m');
                    push_harmless(&mut out, text);
                    out.push_str("\x1b[0m");
                }
                None => push_harmless(&mut out, text),
            }
        }
        if !colours {
            out.truncate(out.trim_end().len());
        }
        out
    }
}

/// Somebody's text as lines. A line break is the only character in it that does anything.
pub(crate) fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    text.trim_end_matches(['\n', '\r'])
        .split(['\n', '\u{2028}', '\u{2029}'])
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
}

/// Somebody's text on one line.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push_harmless(out: &mut String, text: &str) {
    for character in text.chars() {
        out.push(harmless(character));
    }
}

/// A character that cannot command a terminal: the control characters of ASCII become their Unicode pictures, the others and
/// those that turn the direction of writing become the replacement character.
fn harmless(character: char) -> char {
    match character {
        '\t' => ' ',
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(character)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => {
            char::REPLACEMENT_CHARACTER
        }
        other => other,
    }
}

#[cfg(test)]
pub(crate) fn text_of(lines: &[Line]) -> String {
    lines.iter().map(|line| line.render(false)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STYLES: [Style; 9] = [
        Style::Plain,
        Style::Bold,
        Style::Italic,
        Style::Dim,
        Style::Bot,
        Style::Human,
        Style::Desk,
        Style::Note,
        Style::Alarm,
    ];

    proptest! {
        #[test]
        fn nobodys_control_characters_reach_the_screen(
            pieces in proptest::collection::vec((0..STYLES.len(), any::<String>()), 0..6),
        ) {
            let mut line = Line::default();
            for (style, text) in pieces {
                line.push(STYLES[style], text);
            }
            let plain = line.render(false);
            prop_assert!(!plain.chars().any(char::is_control), "{plain:?}");
            // With colours there is nothing but our own sequences.
            let mut coloured = line.render(true);
            for style in STYLES {
                if let Some(code) = style.code() {
                    coloured = coloured.replace(&format!("\x1b[{code}m"), "");
                }
            }
            let coloured = coloured.replace("\x1b[0m", "");
            prop_assert!(!coloured.chars().any(char::is_control), "{coloured:?}");
        }
    }

    #[test]
    fn commands_to_the_terminal_are_shown_and_not_obeyed() {
        let check = |text: &str, expected: &str| assert_eq!(Line::plain(text).render(false), expected, "{text:?}");
        check("\x1b[2Jgone", "␛[2Jgone");
        check("\x1b]0;title\x07", "␛]0;title␇");
        check("over\rwritten", "over␍written");
        check("a\tb\x7f", "a b␡");
        check("\u{9b}31m", "\u{fffd}31m");
        check("abc\u{202e}txt.exe", "abc\u{fffd}txt.exe");
        check("ä ß 👍🏽 日本", "ä ß 👍🏽 日本");
    }

    #[test]
    fn colours_are_ours_alone() {
        let mut line = Line::of(Style::Bold, "a");
        line.push(Style::Plain, "\x1b[31mb");
        assert_eq!(line.render(true), "\x1b[1ma\x1b[0m␛[31mb");
    }

    #[test]
    fn every_kind_of_line_break_ends_a_line() {
        let check = |text, expected: &[&str]| assert_eq!(lines_of(text).collect::<Vec<_>>(), expected, "{text:?}");
        check("a\nb\r\nc\u{2028}d\n\n", &["a", "b", "c", "d"]);
        check("", &[""]);
    }
}
