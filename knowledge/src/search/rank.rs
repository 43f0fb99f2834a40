//! The way of a question through the search.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{
    Evidence, Lesson, Match, Ranking, Request, Search,
    candidates::{self, Candidates},
    encoders,
    fusion::fused,
    grams,
    meaning::{self, Question, Sense, encoded},
    query::Slot,
    scoring::{ALL_WEIGHTS, Held, Words, held},
    shelf::Part,
    tongue::Tongue,
    view::PHRASINGS,
};
use crate::{
    Correction, Language, language,
    text::{MAX_CHARS, Token, Word, tokens},
};

/// What a match in a language other than the question's counts.
const OTHER_LANGUAGE: f64 = 0.9;

/// Share of the question's words that only one language of the base knows, above which they tell its language.
const TELLING: f64 = 0.5;

/// Cosine from which an article has something in common with a question although it has none of its words.
const RELATED: f64 = 0.3;

/// How familiar to help desks the titles and phrasings of a help desk's base are at least. Those of the starter base and of other
/// bases on computers are so by 0.22 to 0.29, those of banks and assistants in the home by 0.00 to 0.10.
const AT_HOME: f64 = 0.16;

/// A question as one language of the base reads it.
pub(super) struct Reading<'a> {
    pub(super) tongue: &'a Tongue,
    pub(super) tokens: Vec<Token>,
    pub(super) words: Vec<Word>,
    pub(super) slots: Vec<Slot>,
}

/// A question as it was understood.
pub(super) struct Heard<'a> {
    pub(super) language: Language,
    pub(super) corrections: Vec<Correction>,
    /// By language in which there are articles.
    pub(super) readings: Vec<Reading<'a>>,
    pub(super) question: Question,
}

impl<'a> Reading<'a> {
    fn new(tongue: &'a Tongue, tokens: Vec<Token>, asked: Language) -> Self {
        let words = tongue.lexicon.words(&tokens, asked);
        let views: Vec<_> = tongue.views.iter().map(|view| &**view).collect();
        let slots = Slot::of(&words, &views, &tongue.statistics);
        Self { tongue, tokens, words, slots }
    }

    /// The question to one part of the shelf.
    pub(super) fn to(&self, part: usize) -> Words<'_> {
        Words { slots: &self.slots, view: &self.tongue.views[part], at: part, statistics: &self.tongue.statistics }
    }
}

impl Search {
    /// Finds the articles that may be about the question.
    pub(crate) fn rank(&self, request: &Request<'_>) -> Ranking {
        let Heard { language, corrections, readings, question } = self.heard(request);
        let shares = self.shares(&question);
        let mut best: BTreeMap<u32, Match> = BTreeMap::new();
        for (reading, candidates) in readings.iter().zip(candidates::of(&self.shelf, &readings, &question, request)) {
            for mut found in self.matches(reading, &candidates, &question, &shares) {
                if reading.tongue.language != language {
                    found.score *= OTHER_LANGUAGE;
                }
                let group = self.shelf.groups[found.article];
                if best.get(&group).is_none_or(|other| self.is_better(&found, other)) {
                    best.insert(group, found);
                }
            }
        }
        let mut matches: Vec<Match> = best.into_values().collect();
        let rank = |found: &Match| self.shelf.ranks[found.article];
        matches.sort_by(|left, right| right.score.total_cmp(&left.score).then_with(|| rank(left).cmp(&rank(right))));
        Ranking { language, corrections, matches }
    }

    /// Reads and encodes a question.
    pub(super) fn heard(&self, request: &Request<'_>) -> Heard<'_> {
        let tokens = tokens(request.text);
        let language = request
            .language
            .or_else(|| language::detect(request.text, &tokens))
            .or_else(|| self.language_of(&tokens))
            .unwrap_or(self.fallback);
        let mut readings = Vec::new();
        let mut corrections = Vec::new();
        let spoken = self.spoken().count();
        for tongue in self.spoken() {
            let (tokens, corrected) = self.corrected(&tokens, tongue);
            if tongue.language == language || spoken == 1 {
                corrections = corrected;
            }
            readings.push(Reading::new(tongue, tokens, language));
        }
        let heard = encoders::heard(self.has_learned());
        let compared = std::array::from_fn(|space| {
            heard[space] && self.shelf.parts.iter().any(|part| part.segment.vectors[space].len() > 0)
        });
        let question = encoded(&respelt(request.text, &corrections), language, compared);
        Heard { language, corrections, readings, question }
    }

    /// Whether any classifier learned from phrasings.
    pub(super) fn has_learned(&self) -> bool {
        self.senses.iter().any(Option::is_some) || self.tongues.iter().any(|tongue| tongue.classifier.is_some())
    }

    fn is_better(&self, found: &Match, other: &Match) -> bool {
        let (rank, other_rank) = (self.shelf.ranks[found.article], self.shelf.ranks[other.article]);
        found.score.total_cmp(&other.score).then(other_rank.cmp(&rank)).is_gt()
    }

    /// The languages in which there are articles.
    fn spoken(&self) -> impl Iterator<Item = &Tongue> {
        self.tongues.iter().filter(|tongue| tongue.articles > 0)
    }

    /// What the candidates in one language are worth, if they have anything in common with the question.
    fn matches(
        &self,
        reading: &Reading<'_>,
        candidates: &[Candidates],
        question: &Question,
        shares: &[Option<Vec<f64>>],
    ) -> Vec<Match> {
        let slots = || reading.slots.iter();
        let content = || slots().filter(|slot| slot.content);
        let mass: f64 = content().map(|slot| slot.mass[PHRASINGS]).sum();
        let reachable: f64 = slots().map(|slot| slot.weight * slot.mass[PHRASINGS]).sum();
        let unknown: f64 = content().filter(|slot| !slot.is_known()).map(|slot| slot.mass[PHRASINGS]).sum();
        let rarest = reading.tongue.statistics.rarest();
        // What is said of the question as a whole.
        let familiar = question.familiarity - self.familiarity;
        let at_home = self.familiarity >= AT_HOME;
        let whole = Evidence { elsewhere: question.elsewhere, familiar, at_home, ..Evidence::default() };
        let lessons = self.lessons(reading, candidates);
        let mut matches = Vec::new();
        for ((at, part), (candidates, lessons)) in
            self.shelf.parts.iter().enumerate().zip(candidates.iter().zip(lessons))
        {
            let senses = self.senses(part, &candidates.docs, question, shares);
            let held = held(reading.to(at), &candidates.docs);
            let exact: Vec<u32> = reading.to(at).view.exact(&reading.words).collect();
            for (place, &local) in candidates.docs.iter().enumerate() {
                let (lesson, sense) = (lessons[place], senses[place]);
                let near = sense.near().into_iter().fold(lesson.near, f64::max);
                if candidates.scores[place] <= 0.0 && near < RELATED {
                    continue;
                }
                let reached = candidates.scores[place] / (ALL_WEIGHTS * reachable);
                let words = if reached.is_finite() { reached.min(1.0) } else { 0.0 };
                let exact = exact.contains(&local);
                let Held { anywhere, titled } = held[place];
                let evidence = if mass > 0.0 {
                    Evidence {
                        mass: mass / rarest,
                        found: anywhere / mass,
                        titled: titled / mass,
                        unknown: unknown / mass,
                        exact,
                        ..whole
                    }
                } else {
                    whole
                };
                matches.push(Match {
                    article: part.offset + local as usize,
                    score: if exact { 1.0 } else { fused(words, lesson, sense) },
                    evidence,
                    words,
                    lesson,
                    sense,
                });
            }
        }
        matches
    }

    /// By part and candidate: what was learned from titles and phrasings.
    fn lessons(&self, reading: &Reading<'_>, candidates: &[Candidates]) -> Vec<Vec<Lesson>> {
        let tongue = reading.tongue;
        let parts = || self.shelf.parts.iter().zip(&tongue.chars);
        let segments: Vec<_> = parts().map(|(part, weights)| (&part.segment.chars, &**weights)).collect();
        let asked = grams::Asked::new(&grams::of_chars(&reading.tokens), &segments);
        // A classifier compares with every line of the first part.
        let first = &self.shelf.parts[0].segment;
        let lines = tongue.classifier.as_ref().map(|_| {
            let cosine = |line| tongue.chars[0].cosine(&first.chars, &asked[0], line);
            (0..first.chars.len()).map(cosine).collect::<Vec<f32>>()
        });
        let shares = tongue
            .classifier
            .as_ref()
            .zip(lines.as_ref())
            .map(|(classifier, lines)| classifier.shares(first, lines, &grams::of_words(&reading.tokens)));
        let mut lessons = Vec::new();
        for (((part, weights), asked), candidates) in parts().zip(&asked).zip(candidates) {
            let lines = lines.as_ref().filter(|_| Arc::ptr_eq(&part.segment, first));
            let cosine = |line: usize| match lines {
                Some(lines) => lines[line],
                None => weights.cosine(&part.segment.chars, asked, line),
            };
            let lesson = |&doc: &u32| {
                let class = tongue.classes.get(part.offset + doc as usize).copied().flatten();
                Lesson {
                    near: f64::from(part.segment.lines(doc as usize).map(cosine).fold(0.0, f32::max)),
                    share: shares.as_ref().and_then(|shares| shares.get(class? as usize).copied()),
                }
            };
            lessons.push(candidates.docs.iter().map(lesson).collect());
        }
        lessons
    }

    /// By space: what its classifier says of each class.
    fn shares(&self, question: &Question) -> Vec<Option<Vec<f64>>> {
        let spaces = self.senses.iter().zip(&question.asked);
        spaces.map(|(classifier, asked)| Some(classifier.as_ref()?.shares(asked.as_ref()?))).collect()
    }

    /// What meaning says of these articles of a part.
    fn senses(&self, part: &Part, docs: &[u32], question: &Question, shares: &[Option<Vec<f64>>]) -> Vec<Sense> {
        let mut senses = meaning::senses(&part.segment, docs, question);
        for (sense, &doc) in senses.iter_mut().zip(docs) {
            let class = self.sense_classes.get(part.offset + doc as usize).copied().flatten();
            for (share, shares) in sense.share.iter_mut().zip(shares) {
                *share = shares.as_ref().and_then(|shares| shares.get(class? as usize).copied());
            }
        }
        senses
    }

    /// The language of the base's words that the question uses, if most of them belong to one.
    fn language_of(&self, tokens: &[Token]) -> Option<Language> {
        let mut known: HashMap<Language, usize> = HashMap::new();
        for token in tokens {
            let mut knowing = self.spoken().filter(|tongue| tongue.lexicon.knows_word(&token.folded));
            if let (Some(tongue), None) = (knowing.next(), knowing.next()) {
                *known.entry(tongue.language).or_default() += 1;
            }
        }
        let (language, count) = known.into_iter().max_by_key(|&(language, count)| (count, language))?;
        #[expect(clippy::cast_precision_loss, reason = "counts of words in one question")]
        let share = count as f64 / tokens.len() as f64;
        (share > TELLING).then_some(language)
    }

    /// The question as the language would spell it, and the words that this changed.
    fn corrected(&self, tokens: &[Token], tongue: &Tongue) -> (Vec<Token>, Vec<Correction>) {
        /// Words looked up in one question: a long text full of unknown words is a log, not a slip of the finger.
        const MOST: usize = 24;
        let mut corrections = Vec::new();
        let mut asked = 0;
        let tokens = tokens
            .iter()
            .map(|token| {
                if asked >= MOST || self.spoken().any(|tongue| tongue.knows(token)) {
                    return token.clone();
                }
                asked += 1;
                let Some(meant) = tongue.lexicon.speller().correct(token) else { return token.clone() };
                if !meant.inflection {
                    corrections.push(Correction { from: token.written.clone(), to: meant.word.to_owned() });
                }
                Token { folded: meant.word.to_owned(), ..token.clone() }
            })
            .collect();
        (tokens, corrections)
    }
}

impl Tongue {
    /// Whether the word, another form of it, or all parts of it are words of the base.
    fn knows(&self, token: &Token) -> bool {
        let known = |word: &Word| word.parts.len() > 1 || self.views.iter().any(|view| view.term(&word.term).is_some());
        self.lexicon.knows_word(&token.folded)
            || self.lexicon.words(std::slice::from_ref(token), self.language).iter().any(known)
    }
}

/// The text with its corrected words.
fn respelt(text: &str, corrections: &[Correction]) -> String {
    let mut text: String = text.chars().take(MAX_CHARS).collect();
    for Correction { from, to } in corrections {
        text = text.replacen(from, to, 1);
    }
    text
}
