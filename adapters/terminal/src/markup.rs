//! What a message says, as lines for the screen: Markdown of ours is read, everybody else's words are shown as they are.

use firstline_engine::outbound::{Choice, Content, Format};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use crate::line::{Line, Style, lines_of};

/// A message with its choices as a numbered list below.
pub(crate) fn content(content: &Content) -> Vec<Line> {
    let mut lines = match content.format {
        Format::Plain => plain(&content.text),
        Format::Markdown => markdown(&content.text),
    };
    lines.extend(choices(&content.choices));
    lines
}

/// What can be chosen, as a numbered list.
pub(crate) fn choices(choices: &[Choice]) -> impl Iterator<Item = Line> {
    choices.iter().enumerate().map(|(index, choice)| {
        let mut line = Line::of(Style::Bold, format!("[{}]", index + 1));
        line.push(Style::Plain, format!(" {}", crate::line::one_line(&choice.label)));
        line
    })
}

/// Somebody's words, with no character in them read as markup.
pub(crate) fn plain(text: &str) -> Vec<Line> {
    lines_of(text).map(Line::plain).collect()
}

/// Markdown as articles and phrases use it.
pub(crate) fn markdown(text: &str) -> Vec<Line> {
    let mut writer = Writer::default();
    for event in Parser::new(text) {
        writer.event(event);
    }
    writer.end_line();
    writer.lines
}

#[derive(Default)]
struct Writer {
    lines: Vec<Line>,
    current: Line,
    /// What stands before each line of the blocks that are open: quotation bars, and the width of list markers.
    indents: Vec<&'static str>,
    /// The next number of each open list; `None` where it has bullets.
    lists: Vec<Option<u64>>,
    bold: usize,
    italic: usize,
    /// Where the open links lead, and what was on the line before each.
    links: Vec<(String, String)>,
    /// A block has ended, so the next one begins after an empty line.
    gap: bool,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(self.style(), &text),
            Event::Code(text) => self.text(Style::Bold, &text),
            // What looks like HTML in an article is text to us.
            Event::Html(text) | Event::InlineHtml(text) => self.text(Style::Plain, &text),
            // In a chat people expect a new line where they typed one.
            Event::SoftBreak | Event::HardBreak => self.end_line(),
            Event::Rule => {
                self.begin_block();
                self.text(Style::Dim, "———");
                self.end_block();
            }
            Event::FootnoteReference(_) | Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.begin_block(),
            Tag::Heading { .. } => {
                self.begin_block();
                self.bold += 1;
            }
            Tag::BlockQuote(_) => {
                self.begin_block();
                self.indents.push("│ ");
            }
            Tag::CodeBlock(kind) => {
                // An indented block is code as well; in either case the lines stay as they are.
                let (CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) = kind;
                self.begin_block();
                self.indents.push("  ");
            }
            Tag::List(first) => {
                self.end_line();
                if self.lists.is_empty() && self.indents.is_empty() && self.gap {
                    self.gap = false;
                }
                self.lists.push(first);
            }
            Tag::Item => self.begin_item(),
            Tag::Strong => self.bold += 1,
            Tag::Emphasis => self.italic += 1,
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.links.push((dest_url.into_string(), self.current.render(false)));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.end_block(),
            TagEnd::Heading(_) => {
                self.bold = self.bold.saturating_sub(1);
                self.end_block();
            }
            TagEnd::BlockQuote(_) | TagEnd::CodeBlock => {
                self.end_line();
                self.indents.pop();
                self.gap = true;
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.gap = self.lists.is_empty();
            }
            TagEnd::Item => {
                self.end_line();
                self.indents.pop();
                self.gap = false;
            }
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Link | TagEnd::Image => self.end_link(),
            _ => {}
        }
    }

    fn begin_block(&mut self) {
        // Directly behind a list marker the text goes on in the same line.
        if self.gap {
            self.end_line();
            let mut empty = Line::default();
            if self.indents.iter().any(|indent| !indent.trim().is_empty()) {
                empty = self.indented();
            }
            self.lines.push(empty);
            self.gap = false;
        }
    }

    fn end_block(&mut self) {
        self.end_line();
        self.gap = true;
    }

    fn begin_item(&mut self) {
        self.end_line();
        self.current = self.indented();
        let (marker, width) = match self.lists.last_mut() {
            Some(Some(number)) => {
                let marker = format!("{number}. ");
                *number += 1;
                let width = if marker.len() > 3 { "    " } else { "   " };
                (marker, width)
            }
            _ => ("- ".to_owned(), "  "),
        };
        self.current.push(Style::Plain, marker);
        self.indents.push(width);
        self.gap = false;
    }

    /// Says where a link leads, unless that is what it says already.
    fn end_link(&mut self) {
        let Some((target, before)) = self.links.pop() else { return };
        let now = self.current.render(false);
        let shown = now.strip_prefix(&before).unwrap_or(&now).trim();
        if !target.is_empty() && target != shown && target.strip_prefix("mailto:") != Some(shown) {
            self.text(Style::Dim, &format!(" ({target})"));
        }
    }

    fn text(&mut self, style: Style, text: &str) {
        let mut pieces = text.split('\n').peekable();
        while let Some(piece) = pieces.next() {
            if !piece.is_empty() {
                if self.current.is_empty() {
                    self.current = self.indented();
                }
                self.current.push(style, piece);
            }
            if pieces.peek().is_some() {
                if self.current.is_empty() {
                    self.lines.push(Line::default());
                }
                self.end_line();
            }
        }
    }

    const fn style(&self) -> Style {
        match (self.bold, self.italic) {
            (0, 0) => Style::Plain,
            (0, _) => Style::Italic,
            _ => Style::Bold,
        }
    }

    fn indented(&self) -> Line {
        Line::plain(self.indents.concat())
    }

    fn end_line(&mut self) {
        if !self.current.is_empty() {
            self.lines.push(std::mem::take(&mut self.current));
        }
    }
}

#[cfg(test)]
mod tests {
    use firstline_engine::{outbound::Choice, phrases::escape_markdown};
    use proptest::prelude::*;

    use super::*;
    use crate::line::text_of;

    #[test]
    fn markdown_becomes_lines() {
        let check = |markdown_text: &str, expected: &str| {
            assert_eq!(text_of(&markdown(markdown_text)), expected, "{markdown_text:?}");
        };
        check("", "");
        check("one\ntwo\n\nthree", "one\ntwo\n\nthree");
        check("**Step 1 of 3**\nRestart.\n\nDid that help?", "Step 1 of 3\nRestart.\n\nDid that help?");
        check("It needs:\n- a\n- b\n\nDone.", "It needs:\n- a\n- b\n\nDone.");
        check("It needs:\n\n- a\n\n- b", "It needs:\n- a\n- b");
        check("1. one\n   more\n2. two\n   - inner\n3. three", "1. one\n   more\n2. two\n   - inner\n3. three");
        check("- a\n\n  second paragraph\n- b", "- a\n\n  second paragraph\n- b");
        check("# Title\ntext", "Title\n\ntext");
        check("type `/human` _now_", "type /human now");
        check(r"2 \* 3 \#1 \[x\]\(y\) a\_b", "2 * 3 #1 [x](y) a_b");
        check("see [the portal](https://it.example/a)", "see the portal (https://it.example/a)");
        check("see <https://it.example> or <mail@it.example>", "see https://it.example or mail@it.example");
        check("> quoted\n> twice\n\nafter", "│ quoted\n│ twice\n\nafter");
        check("run:\n\n```sh\nipconfig /all\n\n  ping x\n```\nthen", "run:\n\n  ipconfig /all\n\n    ping x\n\nthen");
        check("a <b>bold</b> <script>", "a <b>bold</b> <script>");
        check("a\n\n---\n\nb", "a\n\n———\n\nb");
    }

    #[test]
    fn bold_is_bold_where_there_are_colours() {
        let lines = markdown("a **b** c");
        assert_eq!(lines[0].render(true), "a \x1b[1mb\x1b[0m c");
    }

    #[test]
    fn other_peoples_words_are_not_markup() {
        let shown = text_of(&content(&Content::plain("**a** [b](c)\n# d\n- e `f` \\*")));
        assert_eq!(shown, "**a** [b](c)\n# d\n- e `f` \\*");
    }

    #[test]
    fn choices_are_numbered() {
        let choice = |label: &str| Choice { token: "t".to_owned(), label: label.to_owned() };
        let choices = vec![choice("Yes, it works"), choice("No\nbot> forged")];
        let shown = text_of(&content(&Content { choices, ..Content::markdown("Did **that** help?") }));
        assert_eq!(shown, "Did that help?\n[1] Yes, it works\n[2] No bot> forged");
    }

    proptest! {
        #[test]
        fn escaped_words_come_out_as_they_went_in(words in "[ -~]{0,40}") {
            let shown = text_of(&markdown(&format!("x{}", escape_markdown(&words))));
            let expected = format!("x{words}");
            prop_assert_eq!(shown, expected.trim_end());
        }

        #[test]
        fn any_markdown_can_be_shown(text in any::<String>()) {
            let _ = markdown(&text);
        }
    }
}
