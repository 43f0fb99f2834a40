//! What was offered, and what of it was chosen.

use crate::{
    conversation::state::{ChoiceAction, State},
    ids::ConversationId,
};

/// The token of one choice: `conversation.prompt.index`, with enough of the conversation's id to tell it from others of the same
/// place. 28 characters at most, so it fits every platform's limit. It carries no secret: who may choose is decided by where
/// and by whom it was pressed, and what it does stands in the conversation's state.
#[must_use]
pub fn choice_token(conversation: ConversationId, prompt: u32, index: usize) -> String {
    format!("{}.{prompt}.{index}", short(conversation))
}

/// The last twelve digits of the id: its random part.
fn short(conversation: ConversationId) -> String {
    let digits = conversation.0.simple().to_string();
    digits.get(20..).unwrap_or(&digits).to_owned()
}

impl State {
    /// What a token chooses, if it is on offer in this conversation now.
    #[must_use]
    pub fn chosen(&self, conversation: ConversationId, token: &str) -> Option<&ChoiceAction> {
        let mut parts = token.split('.');
        let (of, number, index) =
            (parts.next()?, parts.next()?.parse::<u32>().ok()?, parts.next()?.parse::<usize>().ok()?);
        let live = parts.next().is_none() && of == short(conversation) && number == self.prompt.number;
        if live { self.prompt.choices.get(index) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::state::Prompt;

    #[test]
    fn only_a_token_of_the_present_prompt_of_this_conversation_chooses() {
        let here = ConversationId(uuid::Uuid::from_u128(0x0123_4567_89ab_7cde_8f01_2345_6789_abcd));
        let elsewhere = ConversationId(uuid::Uuid::from_u128(0x0123_4567_89ab_7cde_8f01_2345_6789_abce));
        let state = State {
            prompt: Prompt { number: 7, choices: vec![ChoiceAction::Helped, ChoiceAction::Human] },
            ..State::default()
        };
        let token = choice_token(here, 7, 1);
        assert_eq!(state.chosen(here, &token), Some(&ChoiceAction::Human));
        assert!(token.len() <= 28 && token.is_ascii(), "{token}");
        assert_eq!(state.chosen(elsewhere, &token), None);
        assert_eq!(state.chosen(here, &choice_token(here, 6, 1)), None);
        assert_eq!(state.chosen(here, &choice_token(here, 7, 2)), None);
        for nonsense in ["", ".", "7.1", "a.b.c", "23456789abcd.7.1.0", "💥.7.1", "23456789abcd.-1.1"] {
            assert_eq!(state.chosen(here, nonsense), None, "{nonsense:?}");
        }
    }
}
