//! What [`Search::rank`] looked at, told: for people who wonder about a verdict. Looks at it once more, so that ranking does
//! not have to remember.

use super::{
    Match, Request, Search,
    encoders::SPACES,
    meaning::Question,
    passages::Kind,
    query::{PARTS, Slot, Term},
    rank::{Heard, Reading},
    view::{BODY, PHRASINGS, STEPS, TITLE},
};
use crate::{
    explanation::{CandidateExplained, FieldName, Nearest, WordFound, WordRead, excerpt},
    text::{Word, lexemes},
};

const FIELDS: [(usize, FieldName); 4] =
    [(TITLE, FieldName::Title), (PHRASINGS, FieldName::Phrasings), (STEPS, FieldName::Steps), (BODY, FieldName::Body)];

impl Search {
    /// The words of a question, and what speaks for these matches.
    pub(crate) fn explain(&self, request: &Request<'_>, matches: &[Match]) -> (Vec<WordRead>, Vec<CandidateExplained>) {
        let heard = self.heard(request);
        let own = heard.readings.iter().find(|reading| reading.tongue.language == heard.language);
        let words = own.or(heard.readings.first()).map(|reading| Spelt::of(reading)).unwrap_or_default();
        let words = words.into_iter().map(|spelt| spelt.read).collect();
        (words, matches.iter().map(|found| self.candidate(&heard, found)).collect())
    }

    fn candidate(&self, heard: &Heard<'_>, found: &Match) -> CandidateExplained {
        let article = self.article(found.article);
        let reading = heard.readings.iter().find(|reading| reading.tongue.language == article.language);
        CandidateExplained {
            id: article.id.clone(),
            language: article.language,
            score: found.score,
            exact: found.evidence.exact,
            words: found.words,
            found: reading.map(|reading| self.words_in(reading, found.article)).unwrap_or_default(),
            letters: found.lesson.near,
            learned: found.lesson.share,
            meaning: self.nearest(&heard.question, found),
        }
    }

    /// The words with a topic that an article holds.
    fn words_in(&self, reading: &Reading<'_>, doc: usize) -> Vec<WordFound> {
        let Some((at, part)) = self.shelf.parts.iter().enumerate().rfind(|(_, part)| part.offset <= doc) else {
            return Vec::new();
        };
        let (local, view) = (doc - part.offset, &reading.tongue.views[at]);
        let in_field = |term: &Term, field: usize| {
            let field = &view.fields[field];
            let units = term.ids[at].map_or(&[][..], |term| field.postings(term));
            units.iter().any(|&(unit, _)| field.articles()[unit as usize] as usize == local)
        };
        let mut found = Vec::new();
        for Spelt { read, slot } in Spelt::of(reading).into_iter().filter(|spelt| !spelt.read.stop) {
            let share_in = |field: usize| {
                if slot.whole.as_ref().is_some_and(|term| in_field(term, field)) {
                    return 1.0;
                }
                let parts = slot.parts.iter().filter(|part| in_field(part, field)).count();
                each(&slot) * f64::from(u32::try_from(parts).unwrap_or(u32::MAX))
            };
            let shares: Vec<(FieldName, f64)> = FIELDS.iter().map(|&(field, name)| (name, share_in(field))).collect();
            let part = shares.iter().map(|&(_, share)| share).fold(0.0, f64::max);
            let fields = shares.iter().filter(|&&(_, share)| share > 0.0).map(|&(name, _)| name).collect();
            if part > 0.0 {
                found.push(WordFound { word: read.word, fields, part, share: read.share });
            }
        }
        found
    }

    /// By encoder: the text of the article that is nearest.
    fn nearest(&self, question: &Question, found: &Match) -> Vec<Nearest> {
        let (part, local) = self.shelf.place(found.article);
        let article = self.article(found.article);
        let mut nearest = Vec::new();
        for (space, asked) in question.asked.iter().enumerate() {
            let vectors = &part.segment.vectors[space];
            let (Some(asked), Some(encoder)) = (asked, SPACES[space].encoder(article.language)) else { continue };
            let cosines = vectors.cosines(asked, vectors.rows(local));
            let texts = SPACES[space].passages(article);
            let best = texts.into_iter().zip(cosines).max_by(|left, right| left.1.total_cmp(&right.1));
            if let Some(((kind, text), cosine)) = best {
                nearest.push(Nearest {
                    encoder: encoder.name(),
                    field: match kind {
                        Kind::Title => FieldName::Title,
                        Kind::Phrasing => FieldName::Phrasings,
                        Kind::Lead | Kind::Body => FieldName::Body,
                    },
                    text: excerpt(&text),
                    cosine: f64::from(cosine),
                    learned: found.sense.share[space],
                });
            }
        }
        nearest
    }
}

/// What one part of a word is worth.
fn each(slot: &Slot) -> f64 {
    PARTS / f64::from(u32::try_from(slot.of_parts.max(1)).unwrap_or(u32::MAX))
}

/// A distinct word of a question, told and ready to be compared.
struct Spelt {
    read: WordRead,
    slot: Slot,
}

impl Spelt {
    fn of(reading: &Reading<'_>) -> Vec<Self> {
        let views: Vec<_> = reading.tongue.views.iter().map(|view| &**view).collect();
        let mut spelt: Vec<Self> = Vec::new();
        for (lexeme, word) in lexemes(&reading.tokens).into_iter().zip(&reading.words) {
            if spelt.iter().any(|known| known.read.term == word.term) {
                continue;
            }
            let slots = Slot::of(std::slice::from_ref(word), &views, &reading.tongue.statistics);
            let Some(slot) = slots.into_iter().next() else { continue };
            let Word { term, parts, stop } = word.clone();
            let known = slot.is_known();
            // Its share of the whole is known when all are.
            let share = if stop { 0.0 } else { slot.mass[PHRASINGS] };
            spelt.push(Self { read: WordRead { word: lexeme, term, parts, stop, known, share }, slot });
        }
        let mass: f64 = spelt.iter().map(|spelt| spelt.read.share).sum();
        if mass > 0.0 {
            for Self { read, .. } in &mut spelt {
                read.share /= mass;
            }
        }
        spelt
    }
}
