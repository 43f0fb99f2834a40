//! What staff are told when something they wanted cannot be done.

use firstline_knowledge::Language;

use super::Phrases;
use crate::conversation::Refusal;

impl Phrases {
    /// Why an agent's action was refused, in words. Not Markdown.
    #[must_use]
    pub fn refusal(&self, language: Language, refusal: &Refusal) -> String {
        match refusal {
            Refusal::AlreadyClaimed { by } => self.ui(language, "refused-already-claimed", &[("name", by)]),
            Refusal::AlreadyYours => self.ui(language, "refused-already-yours", &[]),
            Refusal::HeldByAnother { by } => self.ui(language, "refused-held-by-another", &[("name", by)]),
            Refusal::ClaimFirst => self.ui(language, "refused-claim-first", &[]),
            Refusal::AlreadyOver => self.ui(language, "refused-already-over", &[]),
            Refusal::NotOnHold => self.ui(language, "refused-not-on-hold", &[]),
            Refusal::UnknownQueue { known } => {
                self.ui(language, "refused-unknown-queue", &[("known", &known.join(", "))])
            }
            // Nothing to choose from reads better than an empty list.
            Refusal::UnknownMacro { known } if known.is_empty() => self.ui(language, "refused-no-macros", &[]),
            Refusal::UnknownMacro { known } => {
                self.ui(language, "refused-unknown-macro", &[("known", &known.join(", "))])
            }
            Refusal::AlreadyMerged { into } => {
                self.ui(language, "refused-already-merged", &[("ticket", &into.to_string())])
            }
            Refusal::SameTicket => self.ui(language, "refused-same-ticket", &[]),
            Refusal::OtherIsOver => self.ui(language, "refused-other-is-over", &[]),
            Refusal::OtherIsMerged { into } => {
                self.ui(language, "refused-other-is-merged", &[("ticket", &into.to_string())])
            }
            Refusal::OtherRequester { name, into } => self.ui(
                language,
                "refused-other-requester",
                &[("name", name), ("ticket", &into.to_string()), ("number", &into.0.to_string())],
            ),
            Refusal::SameQueue => self.ui(language, "refused-same-queue", &[]),
            Refusal::NothingToSay => self.ui(language, "refused-nothing-to-say", &[]),
            Refusal::NoTicket => self.ui(language, "refused-no-ticket", &[]),
        }
    }
}
