//! What the requester says, sorted by what it means and where the conversation stands.

use super::Stepper;
use crate::{
    command::Command,
    conversation::{
        effect::{Effect, TicketChange},
        state::{Asked, ChoiceAction, Phase, RatingStage},
    },
    files::safe_name,
    inbound::{Attachment, ExternalId, InboundKind},
    outbound::Speaker,
    people::LanguageSource,
    phrases::Phrase,
    ticket::{Resolution, TicketStatus},
    timeline::{Actor, Happening},
    understanding::{Utterance, gist, understand},
};

impl Stepper<'_> {
    pub(super) fn requester(&mut self, kind: &InboundKind) {
        if self.passed_on(kind) {
            return;
        }
        match kind {
            InboundKind::Message { message, text, attachments, .. } => {
                let text = text.trim();
                if let Some(command) = Command::parse(text) {
                    self.command(command);
                } else if text.is_empty() {
                    self.wordless(!attachments.is_empty());
                } else {
                    self.message(text, message);
                }
                self.tell_of_too_large(attachments);
                // Whatever was asked before, something has been said since.
                if self.state.question.as_ref().is_none_or(|asked| asked.message.as_ref() != Some(message)) {
                    self.state.untouched = false;
                }
            }
            InboundKind::Edited { message, text } => self.edited(message, text.trim()),
            // The timeline keeps what was deleted, a sign asks for no answer, and what staff do is none of the requester's.
            InboundKind::Deleted { .. }
            | InboundKind::Reacted { .. }
            | InboundKind::Staff(_)
            | InboundKind::Public { .. } => {}
            InboundKind::Blocked => self.record(Actor::Requester, Happening::Blocked),
            InboundKind::Unblocked => self.record(Actor::Requester, Happening::Unblocked),
            // Whoever works the ticket has the next word, as if its own requester had written.
            InboundKind::PassedOn { ticket, said } => {
                self.record(Actor::Desk, Happening::PassedOn { ticket: *ticket, said: said.clone() });
                self.requester_replied();
            }
            InboundKind::Unheard { message, reason } => self.unheard(*message, reason),
            InboundKind::Choice { token } => {
                self.state.untouched = false;
                match self.state.chosen(self.facts.conversation, token).cloned() {
                    Some(action) => self.choose(&action),
                    None if self.state.is_held() => self.tell_of_human(),
                    None => self.say(Phrase::StaleChoice),
                }
            }
            InboundKind::Command { command } => self.command(*command),
            InboundKind::Request { summary, attachments, .. } => {
                self.request(summary);
                self.tell_of_too_large(attachments);
            }
        }
    }

    /// A conversation that is over leaves that to the next.
    fn tell_of_too_large(&mut self, attachments: &[Attachment]) {
        let renews = self.effects.contains(&Effect::Renew);
        for file in attachments.iter().filter(|file| !renews && file.is_too_large()) {
            self.tell(Phrase::FileTooLarge { name: safe_name(&file.name) });
        }
    }

    /// Says, before anything else and once, that a secret was blacked out. A conversation that is over leaves that to the next.
    pub(super) fn warn_of_secret(&mut self, kind: &InboundKind) {
        if kind.hides_a_secret() && !self.state.warned_of_secret && !self.effects.contains(&Effect::Renew) {
            self.state.warned_of_secret = true;
            let warning = Effect::Say { speaker: Speaker::Desk, phrase: Phrase::SecretHidden, choices: Vec::new() };
            self.effects.insert(0, warning);
        }
    }

    /// A message without words: a picture, a file, a sticker.
    fn wordless(&mut self, files: bool) {
        match &self.state.phase {
            Phase::WithHuman => self.requester_replied(),
            Phase::WaitingForHuman { .. } => self.added_to_ticket(),
            Phase::Closed { .. } if self.can_reopen() => self.reopen(),
            Phase::Closed { .. } => self.effects.push(Effect::Renew),
            _ if files => self.say(Phrase::OnlyFiles),
            _ => self.say(Phrase::TellMeMore),
        }
    }

    fn message(&mut self, text: &str, message: &ExternalId) {
        if self.state.is_held() {
            self.requester_replied();
            return;
        }
        let meaning = understand(text);
        if let Some(action) = self.chosen_in_words(text, meaning) {
            self.choose(&action);
            return;
        }
        match meaning {
            Utterance::Human => return self.want_human(),
            Utterance::TicketStatus => return self.tell_status(),
            Utterance::Speak(language) => return self.command(Command::Language(Some(language))),
            Utterance::WhatCanYouDo => return self.say(Phrase::Help),
            _ => {}
        }
        match self.state.phase.clone() {
            Phase::Greeting => self.first_words(text, message, meaning),
            Phase::Answered { .. } | Phase::Guiding { .. } => self.about_an_answer(text, message, meaning),
            Phase::Clarifying { .. } => self.about_candidates(text, message, meaning),
            Phase::OfferingHuman { resume } => self.about_a_human(text, message, meaning, resume.is_some()),
            Phase::Collecting { draft, asking } => self.collect(text, meaning, draft, asking),
            Phase::WaitingForHuman { .. } => self.while_waiting(meaning),
            Phase::WithHuman => {}
            Phase::Rating { stage } => self.about_the_rating(text, meaning, stage),
            Phase::Closed { .. } => self.after_the_end(text, meaning),
        }
    }

    /// A message that names a choice on offer: its number, or what stands on it. Numbers mean choices wherever there are any.
    fn chosen_in_words(&self, text: &str, meaning: Utterance) -> Option<ChoiceAction> {
        let choices = &self.state.prompt.choices;
        if let Utterance::Number(number) = meaning {
            return choices.get(usize::from(number).checked_sub(1)?).cloned();
        }
        let said = gist(text);
        let labels: Vec<Vec<String>> = self.facts.labels.iter().map(|label| gist(label)).collect();
        let exact = labels.iter().position(|label| *label == said);
        let chosen = exact.or_else(|| {
            // Words that stand on one choice and on no other ("team", "gar nicht").
            let mut fitting =
                labels.iter().enumerate().filter(|(_, label)| said.iter().all(|word| label.contains(word)));
            match (fitting.next(), fitting.next()) {
                (Some((index, _)), None) if meaning == Utterance::Other && !said.is_empty() => Some(index),
                _ => None,
            }
        });
        choices.get(chosen?).cloned()
    }

    pub(super) fn choose(&mut self, action: &ChoiceAction) {
        // While a human holds the conversation nothing the bot once offered counts any more, but for one thing.
        if self.state.is_held() && *action != ChoiceAction::SomethingNew {
            return self.tell_of_human();
        }
        match action {
            ChoiceAction::Helped => self.helped(),
            ChoiceAction::NotHelped => self.did_not_help(),
            ChoiceAction::Pick { article } => self.present(article.clone()),
            ChoiceAction::NoneOfThese => self.none_of_these(),
            ChoiceAction::NextStep => self.resume_guide(),
            ChoiceAction::Human => self.want_human(),
            ChoiceAction::NoHuman => self.call_off(),
            ChoiceAction::Category { category } => self.collected(|draft| draft.category = Some(category.clone())),
            ChoiceAction::Impact { impact } => self.collected(|draft| draft.impact = Some(*impact)),
            ChoiceAction::Urgency { urgency } => self.collected(|draft| draft.urgency = Some(*urgency)),
            ChoiceAction::Skip => self.skip(),
            ChoiceAction::Rate { stars } => self.rate(*stars),
            ChoiceAction::SomethingNew => self.something_new(),
        }
    }

    /// Says, once, why a press does nothing: whoever pressed waits for something.
    fn tell_of_human(&mut self) {
        if self.state.told_of_human.is_none() {
            self.state.told_of_human = Some(self.now);
            self.tell(Phrase::HeldChoice);
        }
    }

    fn skip(&mut self) {
        match &self.state.phase {
            Phase::Collecting { .. } => self.collected(|_| ()),
            Phase::Rating { .. } => self.end_rating(),
            _ => self.say(Phrase::StaleChoice),
        }
    }

    fn first_words(&mut self, text: &str, message: &ExternalId, meaning: Utterance) {
        match meaning {
            Utterance::Hello => self.say(Phrase::Hello { desk: self.facts.policy.desk_name.clone() }),
            Utterance::Thanks => self.say(Phrase::YouAreWelcome),
            Utterance::SmallTalk => self.say(Phrase::SmallTalk),
            Utterance::NeverMind => self.call_off(),
            // After the bot came back from a human, "it works" is good news about the ticket.
            Utterance::Worked if self.open_ticket().is_some() => self.helped(),
            Utterance::Failed if self.open_ticket().is_some() => self.want_human(),
            Utterance::Other => self.ask(text, message),
            _ => self.say(Phrase::TellMeMore),
        }
    }

    /// A question that was changed is answered anew, if nothing has happened since it was asked.
    fn edited(&mut self, message: &ExternalId, text: &str) {
        let asked = self.state.question.as_ref().is_some_and(|asked| asked.message.as_ref() == Some(message));
        let answering = matches!(
            self.state.phase,
            Phase::Answered { .. } | Phase::Clarifying { .. } | Phase::Guiding { .. } | Phase::OfferingHuman { .. }
        );
        if !(asked && answering && self.state.untouched) || text.is_empty() {
            return;
        }
        // What was answered to the earlier wording was never tried.
        self.state.tried.clear();
        self.state.failed_attempts = 0;
        match understand(text) {
            Utterance::Other => self.ask(text, message),
            Utterance::NeverMind => self.call_off(),
            Utterance::Human => self.want_human(),
            _ => {
                self.state.question = Some(Asked { text: text.to_owned(), message: Some(message.clone()) });
            }
        }
    }

    pub(super) fn requester_replied(&mut self) {
        if self.facts.ticket.is_some_and(|ticket| ticket.status == TicketStatus::WaitingForRequester) {
            self.change(TicketChange::RequesterReplied);
        }
    }

    pub(super) fn learn_language(&mut self, language: firstline_knowledge::Language) {
        self.effects.push(Effect::LearnLanguage { language, source: LanguageSource::Chosen });
    }

    pub(super) fn helped(&mut self) {
        if let Some(tried) = self.state.tried.last_mut() {
            tried.outcome = crate::timeline::TriedOutcome::Helped;
        }
        self.close(Actor::Requester, Resolution::Confirmed);
        self.say(Phrase::GladItHelped);
    }

    pub(super) fn call_off(&mut self) {
        self.close(Actor::Requester, Resolution::Abandoned);
        self.say(Phrase::CalledOff);
    }

    pub(super) fn begin_rating(&mut self, name: &str) {
        self.go(Phase::Rating { stage: RatingStage::Stars });
        let mut choices: Vec<ChoiceAction> = (1..=5).map(|stars| ChoiceAction::Rate { stars }).collect();
        choices.push(ChoiceAction::Skip);
        self.tell_offering(Phrase::ResolvedAskRating { name: name.to_owned() }, choices);
    }
}
