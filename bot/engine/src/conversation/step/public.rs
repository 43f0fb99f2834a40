//! Where others read along. The desk answers there what is about nobody, an article at most, and invites into a private place,
//! where what was asked goes on without being typed again. The conversation of a public place never has a ticket, offers nothing,
//! and waits for nothing; it keeps what was asked last, so that a change of it is answered anew.

use firstline_knowledge::{Article, Conclusion};

use super::Stepper;
use crate::{
    command::Command,
    conversation::{effect::Effect, event::Event, state::Asked},
    inbound::{ExternalId, InboundKind},
    phrases::Phrase,
    understanding::{Utterance, understand},
};

impl Stepper<'_> {
    pub(super) fn in_public(&mut self, event: &Event) {
        match event {
            Event::Requester(kind @ InboundKind::Public { message, text, .. }) => {
                self.asked_in_public(kind, message, text);
            }
            // Only the last question, and only where it says something else now: Telegram tells of changes that are none.
            Event::Requester(kind @ InboundKind::Edited { message, text }) => {
                let asked = self.state.question.as_ref().filter(|asked| asked.message.as_ref() == Some(message));
                if asked.is_some_and(|asked| asked.text != *text) {
                    self.asked_in_public(kind, message, text);
                }
            }
            // Whatever went wrong, it can be said again in private, where a human can be fetched.
            Event::Failed { .. } => self.effects.push(Effect::Invite { phrase: Phrase::PublicInPrivate }),
            _ => {}
        }
    }

    fn asked_in_public(&mut self, kind: &InboundKind, message: &ExternalId, text: &str) {
        self.state.question = Some(Asked { text: text.to_owned(), message: Some(message.clone()) });
        let phrase = if kind.hides_a_secret() { Some(Phrase::PublicSecret) } else { self.for_everybody(text.trim()) };
        match phrase {
            Some(phrase) => self.effects.push(Effect::Invite { phrase }),
            None => self.say(Phrase::YouAreWelcome),
        }
    }

    /// What everybody may read; `None` when only thanks were said.
    fn for_everybody(&self, text: &str) -> Option<Phrase> {
        match Command::parse(text) {
            Some(Command::Start | Command::Help) => return Some(self.public_hello()),
            Some(_) => return Some(Phrase::PublicPersonal),
            None if text.is_empty() => return Some(self.public_hello()),
            None => {}
        }
        Some(match understand(text) {
            Utterance::Thanks => return None,
            Utterance::Hello | Utterance::WhatCanYouDo | Utterance::SmallTalk => self.public_hello(),
            Utterance::Human | Utterance::TicketStatus => Phrase::PublicPersonal,
            Utterance::Other => self.public_answer().unwrap_or(Phrase::PublicInPrivate),
            _ => Phrase::PublicInPrivate,
        })
    }

    fn public_hello(&self) -> Phrase {
        Phrase::PublicHello { desk: self.facts.policy.desk_name.clone() }
    }

    /// The article that answers it, where one does beyond doubt.
    fn public_answer(&self) -> Option<Phrase> {
        let verdict = self.facts.verdict.filter(|verdict| verdict.conclusion == Conclusion::Answer)?;
        let found = verdict.candidates.first()?;
        let Article { title, body, steps, language, .. } =
            self.facts.library.article(&found.id, found.language)?.clone();
        let foreign = (language != self.facts.requester.language).then_some(language);
        // Steps are walked in private, one at a time; before them only what they are for is said.
        let body =
            if steps.is_empty() { body } else { body.trim().split("\n\n").next().unwrap_or_default().to_owned() };
        Some(Phrase::PublicAnswer { title, body, foreign, steps: steps.len() })
    }
}
