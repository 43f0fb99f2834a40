//! What stands on a choice.

use firstline_knowledge::{Language, Library};

use super::Phrases;
use crate::conversation::ChoiceAction;

impl Phrases {
    /// What stands on a choice.
    #[must_use]
    pub fn label(&self, language: Language, action: &ChoiceAction, library: &Library) -> String {
        let plain = |key: &str| self.text(language, key, &[]);
        match action {
            ChoiceAction::Helped => plain("choice-helped"),
            ChoiceAction::NotHelped => plain("choice-not-helped"),
            ChoiceAction::Pick { article } => library
                .article(&article.id, article.language)
                .map_or_else(|| article.id.to_string(), |found| found.title.clone()),
            ChoiceAction::NoneOfThese => plain("choice-none-of-these"),
            ChoiceAction::NextStep => plain("choice-next-step"),
            ChoiceAction::Human => plain("choice-human"),
            ChoiceAction::NoHuman => plain("choice-no-human"),
            ChoiceAction::Category { category } => self.category(language, category),
            ChoiceAction::Impact { impact } => plain(&format!("impact-{}", impact.as_str())),
            ChoiceAction::Urgency { urgency } => plain(&format!("urgency-{}", urgency.as_str())),
            ChoiceAction::Skip => plain("choice-skip"),
            ChoiceAction::Rate { stars } => plain(&format!("rate-{}", (*stars).clamp(1, 5))),
            ChoiceAction::SomethingNew => plain("choice-something-new"),
        }
    }

    /// A category in words. Categories that an admin made up have no translation and are shown as they are written.
    #[must_use]
    pub fn category(&self, language: Language, category: &str) -> String {
        let key = format!("category-{category}");
        let text = self.text(language, &key, &[]);
        if text == key { category.to_owned() } else { text }
    }
}
