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
            Refusal::SameQueue => self.ui(language, "refused-same-queue", &[]),
            Refusal::NothingToSay => self.ui(language, "refused-nothing-to-say", &[]),
            Refusal::NoTicket => self.ui(language, "refused-no-ticket", &[]),
        }
    }
}
