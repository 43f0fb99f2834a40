//! Cutting a text into words, with their places.

use std::ops::Range;

/// What stands in quotation marks at the beginning, without them.
pub(super) fn quoted(value: &str) -> Option<Range<usize>> {
    let open = value.chars().next()?;
    let close: &[char] = match open {
        '"' => &['"'],
        '\'' => &['\''],
        '`' => &['`'],
        '„' | '“' => &['“', '”', '"'],
        '‚' | '‘' => &['‘', '’'],
        '«' => &['»'],
        _ => return None,
    };
    let start = open.len_utf8();
    let end = start + value.get(start..)?.find(close)?;
    (end > start).then_some(start..end)
}

/// Words of a part of the text.
pub(super) struct Words<'t> {
    pub(super) text: &'t str,
    /// Where that part begins in the whole text.
    pub(super) offset: usize,
}

impl Words<'_> {
    /// Those from there on.
    pub(super) fn from(&self, start: usize) -> impl Iterator<Item = Range<usize>> {
        words_of(self.text.get(start..).unwrap_or_default()).map(move |range| range.start + start..range.end + start)
    }

    /// Without quotation marks and brackets around it, and without the sentence's end, in the whole text.
    pub(super) fn absolute(&self, range: &Range<usize>) -> Range<usize> {
        let word = self.text.get(range.clone()).unwrap_or_default();
        let core = word.trim_matches(['"', '\'', '`', '(', ')', '„', '“', '”', '‚', '‘', '’', '«', '»']);
        let core = core.trim_end_matches(['.', ',', ';']);
        let core = core.trim_end_matches(['"', '\'', '`', ')', '“', '”', '‘', '’', '»']);
        let start = range.start + word.find(core).unwrap_or_default();
        self.offset + start..self.offset + start + core.len()
    }
}

/// What is between white space.
fn words_of(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    text.split(char::is_whitespace).filter_map(move |word| {
        let start = at;
        at += word.len();
        let end = at;
        at += text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        (!word.is_empty()).then_some(start..end)
    })
}

/// What is between white space, from the end.
pub(super) fn words_before(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut end = text.len();
    std::iter::from_fn(move || {
        let rest = text.get(..end)?.trim_end();
        let start = rest.rfind(char::is_whitespace).map_or(0, |at| rest.ceil_char_boundary(at + 1));
        end = start;
        (start < rest.len()).then_some(start..rest.len())
    })
}
