//! Looking after macros, and finding them while somebody types.

use crate::{
    desk::{Desk, DeskError},
    macros::{Macro, MacroName},
    people::AccountRef,
    ports::MacroChanges,
};

impl Desk {
    /// All macros, by name.
    pub async fn macros(&self) -> Result<Vec<Macro>, DeskError> {
        Ok(self.store().macros().await?)
    }

    /// Adds macros, or replaces those of the same names; with `prune`, removes all others. `by` goes into the audit log.
    pub async fn put_macros(&self, macros: &[Macro], prune: bool, by: &str) -> Result<MacroChanges, DeskError> {
        Ok(self.store().put_macros(macros, prune, by, self.now()).await?)
    }

    /// Removes a macro. False when there is none of this name.
    pub async fn remove_macro(&self, name: &MacroName, by: &str) -> Result<bool, DeskError> {
        Ok(self.store().remove_macro(name, by, self.now()).await?)
    }

    /// The names of macros that fit what was typed so far, those that begin like it first. None for who is no staff; `granted`
    /// is as in [`Self::list`].
    pub async fn suggest_macros(
        &self,
        typed: &str,
        account: &AccountRef,
        granted: bool,
        at_most: usize,
    ) -> Result<Vec<String>, DeskError> {
        let person = self.person_by_account(account.platform, &account.user_id).await?;
        if !granted && !person.is_some_and(|person| person.role.is_staff()) {
            return Ok(Vec::new());
        }
        let typed = typed.trim().to_lowercase();
        let mut fitting: Vec<Macro> = self.macros().await?;
        fitting.retain(|it| {
            it.name.as_str().contains(&typed) || it.texts.values().any(|text| text.to_lowercase().contains(&typed))
        });
        fitting.sort_by_key(|it| match it.name.as_str().find(&typed) {
            Some(0) => 0,
            Some(_) => 1,
            None => 2,
        });
        Ok(fitting.into_iter().take(at_most).map(|it| it.name.to_string()).collect())
    }
}
