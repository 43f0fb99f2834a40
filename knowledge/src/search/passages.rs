//! Which texts of an article are encoded.
//!
//! The title alone, every phrasing, the title with the beginning of the body, and the body in pieces: an encoder makes one
//! vector of whatever it is given, and of a long text that vector is about nothing in particular. A piece is a few whole
//! sentences of about [`PIECE`] words, headed by the title so that it says what it is about. The constants bound what one
//! article costs, so nothing else has to.

use unicode_segmentation::UnicodeSegmentation;

use crate::Article;

/// Words of the body from which a piece is long enough.
const PIECE: usize = 70;
/// Words after which a sentence is cut: a listing or a log is not made of sentences.
const LONGEST_SENTENCE: usize = 60;
/// Pieces of a body that are encoded; the rest of a longer one is found by its words.
const MOST_PIECES: usize = 5;
/// Phrasings of an article that are encoded.
const MOST_PHRASINGS: usize = 160;
/// Bytes of a title, a phrasing or a question that are encoded.
const MAX_BYTES: usize = 400;

/// What a text is of its article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// The title.
    Title,
    /// A phrasing.
    Phrasing,
    /// A piece of the body, headed by the title.
    Body,
    /// The title and the beginning of the body: what the article says first of all.
    Lead,
}

impl Kind {
    /// The kind of this number.
    pub(super) fn of(number: u8) -> Option<Self> {
        [Self::Title, Self::Phrasing, Self::Body, Self::Lead].into_iter().find(|&kind| kind as u8 == number)
    }
}

/// The texts of an article that are encoded: its title, its phrasings, its body from the beginning.
pub(super) fn passages(article: &Article) -> Vec<(Kind, String)> {
    let line = |text: &str| beginning(text).to_owned();
    let title = std::iter::once((Kind::Title, line(&article.title)));
    let phrasings = article.phrasings.iter().take(MOST_PHRASINGS).map(|text| (Kind::Phrasing, line(text)));
    let bodies =
        pieces(&article.body).into_iter().map(|piece| (Kind::Body, format!("{}. {piece}", beginning(&article.title))));
    let plain: Vec<&str> = article.body.lines().map(without_marks).filter(|line| !line.is_empty()).collect();
    let lead =
        (!plain.is_empty()).then(|| (Kind::Lead, line(&format!("{}. {}", beginning(&article.title), plain.join(" ")))));
    title.chain(phrasings).chain(lead).chain(bodies).filter(|(_, text)| !text.trim().is_empty()).collect()
}

/// At most [`MAX_BYTES`], whole characters.
pub(super) fn beginning(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MAX_BYTES)).unwrap_or_default()
}

/// The first [`MOST_PIECES`] pieces of a body.
fn pieces(body: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut open = 0;
    for sentence in body.lines().map(without_marks).flat_map(UnicodeSegmentation::unicode_sentences) {
        let words: Vec<&str> = sentence.split_whitespace().collect();
        for part in words.chunks(LONGEST_SENTENCE) {
            let (part, length, full) = (part.join(" "), part.len(), pieces.len() == MOST_PIECES);
            match pieces.last_mut().filter(|_| open < PIECE) {
                Some(last) => *last = format!("{last} {part}"),
                None if full => return pieces,
                None => {
                    open = 0;
                    pieces.push(part);
                }
            }
            open += length;
        }
    }
    pieces
}

/// A line of Markdown without what marks it as a heading, quotation or item.
fn without_marks(line: &str) -> &str {
    line.trim_start_matches(|c: char| c.is_whitespace() || "#>*-+|`".contains(c)).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::starter;

    #[test]
    fn bodies_are_cut_at_sentences() {
        let sentence = format!("Word {} end.", ["word"; 23].join(" "));
        let body = format!("# Heading\n\n{}", [sentence.as_str(); 5].join(" "));
        let lengths: Vec<usize> = pieces(&body).iter().map(|piece| piece.split(' ').count()).collect();
        assert_eq!(lengths, [76, 50]);
        assert!(pieces(&body)[0].starts_with("Heading Word"));
        assert_eq!(pieces(" \n\n"), Vec::<String>::new());
        assert_eq!(pieces(&"x ".repeat(100_000)).len(), MOST_PIECES);
    }

    #[test]
    fn an_article_costs_a_bounded_number_of_bounded_texts() {
        let mut article = starter::articles().unwrap().remove(0);
        let texts = passages(&article);
        assert_eq!(texts[0], (Kind::Title, article.title.clone()));
        assert_eq!(texts.iter().filter(|(kind, _)| *kind == Kind::Phrasing).count(), article.phrasings.len());
        assert!(texts.iter().any(|(kind, text)| *kind == Kind::Body && text.starts_with(&article.title)));
        article.title = "ä".repeat(100_000);
        article.phrasings = vec!["ö".repeat(100_000); 1_000];
        article.body = format!("{} ", "ü".repeat(1_000)).repeat(1_000);
        let texts = passages(&article);
        assert_eq!(texts.len(), 1 + MOST_PHRASINGS + 1 + MOST_PIECES);
        assert!(texts.iter().filter(|(kind, _)| *kind != Kind::Body).all(|(_, text)| text.len() <= MAX_BYTES));
    }
}
