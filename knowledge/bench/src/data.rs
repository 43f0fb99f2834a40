//! Articles and questions.

use std::collections::HashSet;

use firstline_knowledge::{Article, Language, evaluation::EvalQuery, starter};

use crate::Error;

/// Sentences of a filler's body.
const BODY: usize = 4;
/// Phrasings of a filler.
const PHRASINGS: usize = 2;

/// What everybody is asked.
pub(crate) struct Data {
    pub(crate) articles: Vec<Article>,
    pub(crate) questions: Vec<EvalQuery>,
}

impl Data {
    /// So many articles, translations counted: those of the starter base, as far as they fit, and fillers.
    pub(crate) fn of(size: usize) -> Result<Self, Error> {
        let all = starter::articles()?;
        let mut articles = all.clone();
        articles.sort_by(|left, right| (&left.id, left.language).cmp(&(&right.id, right.language)));
        articles.truncate(size);
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let sentences = Language::ALL.map(|language| Sentences::of(&all, language));
        let kept = articles.len();
        for (number, language) in (kept..size).zip(Language::ALL.into_iter().cycle()) {
            articles.push(sentences[language as usize].filler(number, language, &mut dice)?);
        }
        let here: HashSet<&str> = articles.iter().map(|article| article.id.as_str()).collect();
        let mut questions = Vec::new();
        for file in [
            include_str!("../../questions/en.jsonl"),
            include_str!("../../questions/de.jsonl"),
            include_str!("../../questions/en_unanswerable.jsonl"),
            include_str!("../../questions/de_unanswerable.jsonl"),
        ] {
            // The lines with even numbers are what weights were fitted on.
            let held_out = EvalQuery::read(file)?.into_iter().step_by(2);
            questions.extend(held_out.filter(|question| {
                question.expect.is_empty() || question.expect.iter().any(|id| here.contains(id.as_str()))
            }));
        }
        Ok(Self { articles, questions })
    }

    pub(crate) fn answerable(&self) -> usize {
        self.questions.iter().filter(|question| !question.expect.is_empty()).count()
    }
}

/// What fillers of one language are made of.
struct Sentences {
    /// Beginnings and ends of titles and phrasings.
    halves: [Vec<String>; 2],
    bodies: Vec<String>,
    categories: Vec<String>,
}

impl Sentences {
    fn of(articles: &[Article], language: Language) -> Self {
        let mut sentences = Self { halves: [Vec::new(), Vec::new()], bodies: Vec::new(), categories: Vec::new() };
        for article in articles.iter().filter(|article| article.language == language) {
            for line in article.phrasings.iter().chain([&article.title]) {
                let words: Vec<&str> = line.split_whitespace().collect();
                let (begin, end) = words.split_at(words.len() / 2);
                if !begin.is_empty() {
                    sentences.halves[0].push(begin.join(" "));
                    sentences.halves[1].push(end.join(" "));
                }
            }
            sentences
                .bodies
                .extend(article.body.split(". ").map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()));
            sentences.categories.push(article.category.clone());
        }
        sentences
    }

    /// The beginning of one line and the end of another, and a number as products and rooms have.
    fn line(&self, dice: &mut Dice) -> String {
        let (begin, end) = (dice.pick(&self.halves[0]), dice.pick(&self.halves[1]));
        format!("{begin} {end} {}{}", dice.pick(&["x", "k", "w", "qm"]), dice.roll(10_000))
    }

    fn filler(&self, number: usize, language: Language, dice: &mut Dice) -> Result<Article, Error> {
        let body: Vec<&str> = (0..BODY).map(|_| dice.pick(&self.bodies).as_str()).collect();
        let text = format!(
            "---\nid: filler-{number}\nlanguage: {language}\ntitle: t\ncategory: {}\n---\n",
            dice.pick(&self.categories)
        );
        Ok(Article {
            title: self.line(dice),
            phrasings: (0..PHRASINGS).map(|_| self.line(dice)).collect(),
            body: body.join(". "),
            ..Article::from_markdown(&text)?
        })
    }
}

/// Marsaglia 2003, xorshift64: the same articles in every run.
struct Dice(u64);

impl Dice {
    #[expect(clippy::cast_possible_truncation, reason = "less than `sides`")]
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }

    fn pick<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.roll(items.len())]
    }
}
