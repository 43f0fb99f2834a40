//! From a question to an answer: the verdict, articles, guides, and what the requester says to them.
//!
//! ```text
//! requester: my printer prints nothing        requester: i can't print, and scanning is broken too
//! bot: **The printer does not print** …       bot: I have several answers that could fit. Which one is it?
//!      Step 1 of 4: … Did that help?               [1] … [2] … [3] None of these [4] Talk to a human
//! requester: no                               requester: 1
//! bot: Step 2 of 4: … Did that help?          bot: …
//! requester: still nothing
//! bot: I am sorry … Shall I pass you on to a person?
//! ```

use firstline_knowledge::{Article, Conclusion};

use super::Stepper;
use crate::{
    conversation::state::{ArticleRef, Asked, ChoiceAction, Phase},
    inbound::ExternalId,
    phrases::Phrase,
    timeline::{Tried, TriedOutcome},
    understanding::Utterance,
};

/// After so many messages in a row that say nothing about a step, a human is offered.
const MAX_MISSES: u8 = 2;

impl Stepper<'_> {
    /// A new question, or the same in other words.
    pub(super) fn ask(&mut self, text: &str, message: &ExternalId) {
        // An emoji, a row of question marks, a secret that was blacked out: there is nothing to look for.
        if !text.contains(char::is_alphanumeric) {
            return self.say(Phrase::TellMeMore);
        }
        self.state.question = Some(Asked { text: text.to_owned(), message: Some(message.clone()) });
        self.state.untouched = true;
        if !self.answer() {
            self.offer_human(Phrase::NotKnown, None);
        }
    }

    /// Answers what the verdict allows. False when it allows nothing; then nothing has been said.
    fn answer(&mut self) -> bool {
        let Some(verdict) = self.facts.verdict else { return false };
        let candidates = || verdict.candidates.iter().map(|it| ArticleRef { id: it.id.clone(), language: it.language });
        match verdict.conclusion {
            Conclusion::Answer => match candidates().next() {
                Some(article) => self.present(article),
                None => return false,
            },
            Conclusion::Ambiguous => {
                let candidates: Vec<ArticleRef> = candidates().take(verdict.offered.clamp(2, 4)).collect();
                match candidates.as_slice() {
                    [] => return false,
                    [only] => self.present(only.clone()),
                    _ => self.clarify(candidates),
                }
            }
            Conclusion::Unknown => return false,
        }
        true
    }

    fn clarify(&mut self, candidates: Vec<ArticleRef>) {
        let mut choices: Vec<ChoiceAction> =
            candidates.iter().map(|article| ChoiceAction::Pick { article: article.clone() }).collect();
        choices.extend([ChoiceAction::NoneOfThese, ChoiceAction::Human]);
        self.go(Phase::Clarifying { candidates });
        self.offer(Phrase::Clarify, choices);
    }

    /// Shows an article; walks its steps if it has any.
    pub(super) fn present(&mut self, article: ArticleRef) {
        let Some(found) = self.facts.library.article(&article.id, article.language).cloned() else {
            // It was retired since it was offered.
            self.offer_human(Phrase::NotKnown, None);
            return;
        };
        let article = ArticleRef { language: found.language, ..article };
        let foreign = (found.language != self.facts.requester.language).then_some(found.language);
        let Article { title, body, steps, .. } = found;
        self.state.tried.push(Tried {
            article: article.id.clone(),
            title: title.clone(),
            steps: Vec::new(),
            outcome: TriedOutcome::Left,
        });
        if let Some(step) = steps.first().cloned() {
            // The steps say what to do; a wall of text before them would only be in the way.
            let body = body.trim().split("\n\n").next().unwrap_or_default().to_owned();
            self.go(Phase::Guiding { article, step: 0, misses: 0 });
            self.offer(Phrase::GuideBegins { title, body, foreign, step, total: steps.len() }, helped_or_not());
        } else {
            self.go(Phase::Answered { article });
            self.offer(Phrase::Answer { title, body, foreign }, helped_or_not());
        }
    }

    pub(super) fn about_an_answer(&mut self, text: &str, message: &ExternalId, meaning: Utterance) {
        match meaning {
            Utterance::Worked | Utterance::Yes => self.helped(),
            Utterance::Failed | Utterance::No => self.did_not_help(),
            Utterance::Next if matches!(self.state.phase, Phase::Guiding { .. }) => self.did_not_help(),
            Utterance::NeverMind => self.call_off(),
            // Thanks are not a confirmation; whether it helped stays open.
            Utterance::Thanks => self.say(Phrase::YouAreWelcome),
            Utterance::SmallTalk | Utterance::Hello => self.say(Phrase::SmallTalk),
            Utterance::Other => self.other_words(text, message),
            _ => self.not_understood(),
        }
    }

    /// Words that are neither yes nor no: another question, if the knowledge base knows it.
    fn other_words(&mut self, text: &str, message: &ExternalId) {
        let known = self.facts.verdict.map(|verdict| verdict.conclusion);
        match (&self.state.phase, known) {
            (_, Some(Conclusion::Answer)) | (Phase::Answered { .. }, Some(Conclusion::Ambiguous)) => {
                self.ask(text, message);
            }
            (Phase::Answered { .. }, _) => {
                self.state.failed_attempts = self.state.failed_attempts.saturating_add(1);
                self.ask(text, message);
            }
            _ => self.not_understood(),
        }
    }

    fn not_understood(&mut self) {
        match &mut self.state.phase {
            Phase::Guiding { misses, .. } => {
                *misses = misses.saturating_add(1);
                if *misses >= MAX_MISSES {
                    let resume = self.this_step();
                    self.offer_human(Phrase::HumanOrNot, resume);
                } else {
                    self.offer(Phrase::DidTheStepHelp, helped_or_not());
                }
            }
            _ => self.offer(Phrase::DidTheAnswerHelp, helped_or_not()),
        }
    }

    pub(super) fn did_not_help(&mut self) {
        match self.state.phase.clone() {
            Phase::Guiding { article, step, .. } => self.step_failed(article, step),
            Phase::Answered { .. } => {
                self.count_failure();
                // Something else may fit; but not for ever.
                if self.enough() || !self.answer() {
                    self.offer_human(Phrase::NothingHelped, None);
                }
            }
            _ => self.want_human(),
        }
    }

    fn step_failed(&mut self, article: ArticleRef, step: usize) {
        self.state.failed_attempts = self.state.failed_attempts.saturating_add(1);
        let steps =
            self.facts.library.article(&article.id, article.language).map_or(&[][..], |found| found.steps.as_slice());
        let next = step.saturating_add(1);
        let (failed, following) = (steps.get(step).cloned(), steps.get(next).cloned());
        let total = steps.len();
        if let Some(tried) = self.state.tried.last_mut() {
            tried.steps.extend(failed);
            tried.outcome = TriedOutcome::Failed;
        }
        match following {
            Some(_) if self.enough() => self.offer_human(Phrase::NothingHelped, Some((article, next))),
            Some(text) => self.show_step(article, next, total, text),
            None => self.offer_human(Phrase::NothingHelped, None),
        }
    }

    fn show_step(&mut self, article: ArticleRef, step: usize, total: usize, text: String) {
        self.go(Phase::Guiding { article, step, misses: 0 });
        self.offer(Phrase::GuideStep { number: step.saturating_add(1), total, step: text }, helped_or_not());
    }

    /// Goes on with a guide in which a human was offered.
    pub(super) fn resume_guide(&mut self) {
        let Phase::OfferingHuman { resume: Some((article, step)) } = self.state.phase.clone() else {
            return self.say(Phrase::StaleChoice);
        };
        let steps =
            self.facts.library.article(&article.id, article.language).map_or(&[][..], |found| found.steps.as_slice());
        match steps.get(step).cloned() {
            Some(text) => self.show_step(article, step, steps.len(), text),
            None => self.offer_human(Phrase::NothingHelped, None),
        }
    }

    fn this_step(&self) -> Option<(ArticleRef, usize)> {
        match &self.state.phase {
            Phase::Guiding { article, step, .. } => Some((article.clone(), *step)),
            _ => None,
        }
    }

    pub(super) fn none_of_these(&mut self) {
        self.count_failure();
        self.offer_human(Phrase::NotKnown, None);
    }

    pub(super) fn about_candidates(&mut self, text: &str, message: &ExternalId, meaning: Utterance) {
        match meaning {
            Utterance::No | Utterance::Failed => self.none_of_these(),
            Utterance::NeverMind => self.call_off(),
            Utterance::Worked => self.helped(),
            Utterance::Thanks => self.say(Phrase::YouAreWelcome),
            Utterance::Other => {
                // The search was for the question together with these words; keep both for the ticket.
                let before = self.state.question.take().map(|asked| asked.text).unwrap_or_default();
                self.state.failed_attempts = self.state.failed_attempts.saturating_add(1);
                let still_unclear =
                    self.facts.verdict.is_some_and(|verdict| verdict.conclusion == Conclusion::Ambiguous);
                if still_unclear && self.enough() {
                    self.state.question =
                        Some(Asked { text: format!("{before}\n{text}"), message: Some(message.clone()) });
                    self.offer_human(Phrase::NotKnown, None);
                } else {
                    self.ask(&format!("{before}\n{text}"), message);
                }
            }
            _ => {
                let choices = self.state.prompt.choices.clone();
                self.offer(Phrase::ChooseOne, choices);
            }
        }
    }

    pub(super) fn about_a_human(&mut self, text: &str, message: &ExternalId, meaning: Utterance, can_resume: bool) {
        match meaning {
            Utterance::Yes | Utterance::Failed => self.want_human(),
            Utterance::Next if can_resume => self.resume_guide(),
            Utterance::No | Utterance::NeverMind => self.call_off(),
            Utterance::Worked => self.helped(),
            Utterance::Thanks => self.say(Phrase::YouAreWelcome),
            Utterance::Other => self.ask(text, message),
            _ => {
                let choices = self.state.prompt.choices.clone();
                self.offer(Phrase::HumanOrNot, choices);
            }
        }
    }

    pub(super) fn offer_human(&mut self, phrase: Phrase, resume: Option<(ArticleRef, usize)>) {
        let mut choices = vec![ChoiceAction::Human];
        if resume.is_some() {
            choices.push(ChoiceAction::NextStep);
        }
        choices.push(ChoiceAction::NoHuman);
        self.go(Phase::OfferingHuman { resume });
        self.offer(phrase, choices);
    }

    fn count_failure(&mut self) {
        self.state.failed_attempts = self.state.failed_attempts.saturating_add(1);
        if matches!(self.state.phase, Phase::Answered { .. })
            && let Some(tried) = self.state.tried.last_mut()
        {
            tried.outcome = TriedOutcome::Failed;
        }
    }

    fn enough(&self) -> bool {
        self.state.failed_attempts >= self.facts.policy.attempts_before_human
    }
}

fn helped_or_not() -> Vec<ChoiceAction> {
    vec![ChoiceAction::Helped, ChoiceAction::NotHelped, ChoiceAction::Human]
}
