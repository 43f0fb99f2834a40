//! What, if anything, the knowledge base has to be asked before a step. The state says it, so that the step itself can stay
//! pure.

use firstline_knowledge::ArticleId;

use crate::{
    command::Command,
    conversation::{
        event::Event,
        state::{Phase, State},
    },
    inbound::InboundKind,
    understanding::{Utterance, understand},
};

/// A question to the knowledge base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The words.
    pub text: String,
    /// What has been tried already and must not come again.
    pub not: Vec<ArticleId>,
}

/// What the knowledge base has to be asked before this step; `None` when nothing.
#[must_use]
pub fn search_for(state: &State, event: &Event) -> Option<Search> {
    let (text, edited) = match event {
        Event::Requester(InboundKind::Message { text, .. } | InboundKind::Public { text, .. }) => (text.trim(), false),
        Event::Requester(InboundKind::Edited { text, .. }) => (text.trim(), true),
        // "No, it doesn't", pressed: is there something else that fits the question?
        Event::Requester(InboundKind::Choice { .. }) => return try_another(state),
        _ => return None,
    };
    if text.is_empty() || Command::parse(text).is_some() {
        return None;
    }
    let tried = || state.tried.iter().map(|tried| tried.article.clone()).collect();
    match understand(text) {
        Utterance::Other => {}
        Utterance::Failed | Utterance::No | Utterance::Number(_) => return try_another(state),
        _ => return None,
    }
    match &state.phase {
        Phase::WaitingForHuman { .. } | Phase::WithHuman | Phase::Collecting { .. } => None,
        _ if edited => Some(Search { text: text.to_owned(), not: Vec::new() }),
        // What is said to a choice of several is about the question that led to it.
        Phase::Clarifying { .. } => {
            let question = state.question.as_ref().map_or("", |asked| asked.text.as_str());
            Some(Search { text: format!("{question}\n{text}"), not: tried() })
        }
        _ => Some(Search { text: text.to_owned(), not: tried() }),
    }
}

fn try_another(state: &State) -> Option<Search> {
    match (&state.phase, &state.question) {
        (Phase::Answered { .. }, Some(asked)) => Some(Search {
            text: asked.text.clone(),
            not: state.tried.iter().map(|tried| tried.article.clone()).collect(),
        }),
        _ => None,
    }
}
