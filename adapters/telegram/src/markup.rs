//! What a message says, as Telegram takes it: text with entities beside it, in parts that fit. Never a `parse_mode`: that would
//! read markup into other people's words.

use std::ops::Range;

use firstline_engine::{
    command::Command,
    outbound::{Content, Format, Speaker},
};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use teloxide::types::{MessageEntity, MessageEntityKind};
use url::Url;

/// The longest text of one message, in UTF-16 code units.
const LONGEST: usize = 4096;

/// Text and how it looks.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Styled {
    text: String,
    /// In bytes of the text.
    spans: Vec<(Range<usize>, MessageEntityKind)>,
}

/// What fits into one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// The text; never blank.
    pub(crate) text: String,
    /// How it looks, in UTF-16 code units.
    pub(crate) entities: Vec<MessageEntity>,
}

impl Part {
    /// How long it is, in UTF-16 code units.
    pub(crate) fn length(&self) -> usize {
        utf16(&self.text)
    }
}

impl Styled {
    /// What somebody says; a person's words stand below the person's name.
    pub(crate) fn of(speaker: &Speaker, content: &Content) -> Self {
        let mut writer = Writer::default();
        if let Speaker::Agent { name } | Speaker::Requester { name } = speaker {
            writer.span(MessageEntityKind::Bold, |writer| writer.out.push_str(name));
            writer.out.push_str(":\n");
        }
        match content.format {
            Format::Plain => writer.out.push_str(&content.text),
            Format::Markdown => Parser::new(&content.text).for_each(|event| writer.event(event)),
        }
        Self { text: writer.out, spans: writer.spans }
    }

    /// In parts that fit into a message each.
    pub(crate) fn parts(&self) -> Vec<Part> {
        split(&self.text, LONGEST).into_iter().map(|range| self.part(&range)).collect()
    }

    fn part(&self, range: &Range<usize>) -> Part {
        let text = &self.text[range.clone()];
        let entities = self.spans.iter().filter_map(|(span, kind)| {
            let (start, end) = (span.start.max(range.start), span.end.min(range.end));
            if start >= end {
                return None;
            }
            let offset = utf16(&self.text[range.start..start]);
            Some(MessageEntity::new(kind.clone(), offset, utf16(&self.text[start..end])))
        });
        Part { text: text.to_owned(), entities: entities.collect() }
    }
}

/// A command with nothing behind it: pressed, it is sent as it is.
fn is_command(text: &str) -> bool {
    !text.contains(' ') && Command::parse(text).is_some()
}

fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Ranges of at most `limit` UTF-16 units each, cut where it hurts least: between paragraphs, lines, sentences, words. Blank
/// ranges are left out, and the white space at a cut.
fn split(text: &str, limit: usize) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    loop {
        start += text[start..].len() - text[start..].trim_start_matches(['\n', '\r']).len();
        let rest = text[start..].trim_end();
        if rest.is_empty() {
            return ranges;
        }
        let mut units = 0;
        let fits = rest.char_indices().find_map(|(index, character)| {
            units += character.len_utf16();
            (units > limit).then_some(index)
        });
        let cut = fits.map_or(rest.len(), |hard| hard.min(best_cut(&rest[..hard])));
        // A limit smaller than one character would never end.
        let cut = if cut == 0 { rest.chars().next().map_or(rest.len(), char::len_utf8) } else { cut };
        let end = start + rest[..cut].trim_end().len();
        if end > start {
            ranges.push(start..end);
        }
        start += cut;
        if fits.is_some() && text[start..].starts_with(' ') {
            start += 1;
        }
    }
}

/// Where to cut a text that is followed by more. A cut that leaves less than a third of it is no good.
fn best_cut(window: &str) -> usize {
    let after = |separator: &str| window.rfind(separator).map(|index| index + separator.trim_end().len());
    let sentence = [". ", "! ", "? "].into_iter().filter_map(after).max();
    [after("\n\n"), after("\n"), sentence, after(" ")]
        .into_iter()
        .flatten()
        .find(|&cut| cut > window.len() / 3)
        .unwrap_or(window.len())
}

/// Writes Markdown out.
#[derive(Default)]
struct Writer {
    out: String,
    spans: Vec<(Range<usize>, MessageEntityKind)>,
    /// The spans that are open, and where they began. `None` closes without leaving a trace.
    open: Vec<(usize, Option<MessageEntityKind>)>,
    /// Line breaks to be written before the next word.
    breaks: usize,
    /// The next number of each open list; `None` where it has bullets.
    lists: Vec<Option<u64>>,
    /// Open quotations: Telegram has no quotation inside a quotation.
    quotes: usize,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            // What looks like HTML in an article is text to us.
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.words(&text),
            // Telegram makes a link of a command that is not marked as anything else.
            Event::Code(text) if is_command(&text) => self.words(&text),
            Event::Code(text) => {
                self.line_up();
                self.span(MessageEntityKind::Code, |writer| writer.out.push_str(&text));
            }
            // In a chat people expect a new line where they typed one.
            Event::SoftBreak | Event::HardBreak => self.breaks = self.breaks.max(1),
            Event::Rule => {
                self.words("———");
                self.breaks = 2;
            }
            Event::FootnoteReference(_) | Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } | Tag::Strong => self.begin(Some(MessageEntityKind::Bold)),
            Tag::Emphasis => self.begin(Some(MessageEntityKind::Italic)),
            Tag::Strikethrough => self.begin(Some(MessageEntityKind::Strikethrough)),
            Tag::BlockQuote(_) => {
                self.quotes += 1;
                self.begin((self.quotes == 1).then_some(MessageEntityKind::Blockquote));
            }
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => info.split_whitespace().next().map(str::to_owned),
                    CodeBlockKind::Indented => None,
                };
                self.begin(Some(MessageEntityKind::Pre { language }));
            }
            Tag::List(first) => {
                // A list belongs to the line above it.
                self.breaks = self.breaks.min(1);
                self.lists.push(first);
            }
            Tag::Item => self.item(),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                let target = Url::parse(&dest_url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
                match target {
                    Some(url) => self.begin(Some(MessageEntityKind::TextLink { url })),
                    None => self.begin(None),
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let below = if self.lists.is_empty() { 2 } else { 1 };
        match tag {
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image => self.finish(),
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.breaks = below,
            TagEnd::Heading(_) => {
                self.finish();
                self.breaks = below;
            }
            TagEnd::BlockQuote(_) => {
                self.quotes = self.quotes.saturating_sub(1);
                self.finish();
                self.breaks = below;
            }
            TagEnd::CodeBlock => {
                self.out.truncate(self.out.trim_end_matches('\n').len());
                self.finish();
                self.breaks = below;
            }
            TagEnd::Item => self.breaks = 1,
            TagEnd::List(_) => {
                self.lists.pop();
                self.breaks = if self.lists.is_empty() { 2 } else { 1 };
            }
            _ => {}
        }
    }

    fn item(&mut self) {
        if !self.out.is_empty() {
            self.breaks = self.breaks.max(1);
        }
        let depth = self.lists.len().saturating_sub(1);
        let marker = match self.lists.last_mut() {
            Some(Some(number)) => {
                let marker = format!("{number}. ");
                *number = number.saturating_add(1);
                marker
            }
            _ => "• ".to_owned(),
        };
        self.line_up();
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push_str(&"   ".repeat(depth));
        self.out.push_str(&marker);
    }

    fn words(&mut self, text: &str) {
        self.line_up();
        self.out.push_str(text);
    }

    /// Writes the line breaks that are due, and the indentation of a list.
    fn line_up(&mut self) {
        let breaks = std::mem::take(&mut self.breaks);
        if breaks > 0 && !self.out.is_empty() {
            self.out.push_str(&"\n".repeat(breaks));
            self.out.push_str(&"   ".repeat(self.lists.len()));
        }
    }

    fn begin(&mut self, kind: Option<MessageEntityKind>) {
        self.line_up();
        self.open.push((self.out.len(), kind));
    }

    fn finish(&mut self) {
        if let Some((start, Some(kind))) = self.open.pop()
            && start < self.out.len()
        {
            self.spans.push((start..self.out.len(), kind));
        }
    }

    fn span(&mut self, kind: MessageEntityKind, write: impl FnOnce(&mut Self)) {
        self.open.push((self.out.len(), Some(kind)));
        write(self);
        self.finish();
    }
}

#[cfg(test)]
mod tests;
