//! `SentencePiece`'s unigram tokeniser: of all ways to cut a text into pieces, the likeliest.
//!
//! Kudo 2018, "Subword Regularization", section 3.1; the best path by Viterbi. As in the original library, a character
//! that no piece covers is an unknown piece, scored 10 below the worst piece, and a run of them is one token.

use crate::ModelError;
use crate::charsmap::Charsmap;
use crate::file::ModelFile;
use crate::pieces::Pieces;

/// A cut-out token: a piece of the vocabulary or something unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Unknown,
    Piece(usize),
}

#[derive(Debug)]
pub(crate) struct Unigram {
    charsmap: Charsmap,
    pieces: Pieces,
    scores: Vec<f32>,
    unknown_score: f32,
}

/// The best way to reach a place in the text.
#[derive(Clone, Copy)]
struct Best {
    score: f32,
    from: usize,
    token: Token,
}

impl Unigram {
    pub(crate) fn read(file: &ModelFile) -> Result<Self, ModelError> {
        let pieces = Pieces::read(file, "pieces")?;
        let scores = file.f32s("scores", pieces.len())?;
        let unknown_score = file.f32s("unknown_score", 1)?.first().copied().unwrap_or_default();
        Ok(Self { charsmap: Charsmap::read(file)?, pieces, scores, unknown_score })
    }

    pub(crate) fn size(&self) -> usize {
        self.pieces.len()
    }

    /// The tokens of the text; none if nothing remains of it.
    pub(crate) fn tokens(&self, text: &str) -> Vec<Token> {
        let text = self.charsmap.normalise(text);
        let unreached = Best { score: f32::NEG_INFINITY, from: 0, token: Token::Unknown };
        let mut best = vec![unreached; text.len() + 1];
        if let Some(start) = best.first_mut() {
            start.score = 0.0;
        }
        for (from, character) in text.char_indices() {
            let reached = best.get(from).map_or(f32::NEG_INFINITY, |best| best.score);
            let mut offer = |length: usize, score: f32, token: Token| {
                if let Some(best) = best.get_mut(from + length)
                    && reached + score > best.score
                {
                    *best = Best { score: reached + score, from, token };
                }
            };
            let first = character.len_utf8();
            let mut covered = false;
            for (length, piece) in self.pieces.prefixes(&text.as_bytes()[from..]) {
                covered |= length == first;
                offer(length, self.scores.get(piece).copied().unwrap_or_default(), Token::Piece(piece));
            }
            if !covered {
                offer(first, self.unknown_score, Token::Unknown);
            }
        }
        backwards(&best)
    }
}

fn backwards(best: &[Best]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = best.len() - 1;
    while at > 0 {
        let Some(step) = best.get(at).filter(|step| step.from < at) else { break };
        let continues = step.token == Token::Unknown && tokens.last() == Some(&Token::Unknown);
        if !continues {
            tokens.push(step.token);
        }
        at = step.from;
    }
    tokens.reverse();
    tokens
}

#[cfg(all(test, multilingual_present))]
mod tests {
    use super::*;
    use crate::golden;

    #[test]
    fn texts_are_cut_as_by_the_original_library() {
        let unigram = Unigram::read(&golden::file("use-multilingual-de-en.flenc")).unwrap();
        let name = |token| match token {
            Token::Unknown => "<unk>".to_owned(),
            Token::Piece(piece) => String::from_utf8(unigram.pieces.text_of(piece).to_vec()).unwrap(),
        };
        let known = |piece: &String| {
            let whole = unigram.pieces.prefixes(piece.as_bytes()).any(|(length, _)| length == piece.len());
            whole || piece == "<unk>"
        };
        let mut other = Vec::new();
        for case in golden::cases() {
            if case.use_multilingual.iter().all(known) {
                let cut: Vec<String> = unigram.tokens(&case.text).into_iter().map(name).collect();
                assert_eq!(cut, case.use_multilingual, "{:?}", case.text);
            } else {
                // The original uses a piece that the pruning took away.
                other.push(case.text);
            }
        }
        assert!(other.len() <= 3, "{other:?}");
    }
}
