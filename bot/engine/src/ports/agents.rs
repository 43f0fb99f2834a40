//! What agents have besides tickets: macros, and whether they are on duty.

use async_trait::async_trait;

use crate::{
    ids::PersonId,
    macros::{Macro, MacroName},
    people::Person,
    ports::StoreError,
    time::Timestamp,
};

/// How many macros were changed, and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct MacroChanges {
    /// New ones.
    pub added: u64,
    /// Those that are different now.
    pub replaced: u64,
    /// Those that were the same already.
    pub unchanged: u64,
    /// Those that are gone.
    pub removed: u64,
}

/// The part of the store that agents' tools are kept in. The same promises as [`super::Store`].
#[async_trait]
pub trait AgentStore: Send + Sync {
    /// A person is on duty from now on, or not; their open tickets' rooms have news by it. Writes the audit log, with the
    /// person as who did it, where something changed. False when nothing did.
    async fn set_duty(&self, person: PersonId, on: bool, now: Timestamp) -> Result<bool, StoreError>;

    /// Everybody who works tickets, by name: who is staff by the roster, and whom a platform's role made it, as far as that can be
    /// told: they have an open ticket, or have said that they are not on duty.
    async fn at_work(&self) -> Result<Vec<Person>, StoreError>;

    /// All macros, by name.
    async fn macros(&self) -> Result<Vec<Macro>, StoreError>;

    /// Adds macros, or replaces those of the same names; with `prune`, removes all others. Writes the audit log where something
    /// changed.
    async fn put_macros(
        &self,
        macros: &[Macro],
        prune: bool,
        by: &str,
        now: Timestamp,
    ) -> Result<MacroChanges, StoreError>;

    /// Removes a macro, and writes that into the audit log. False when there is none.
    async fn remove_macro(&self, name: &MacroName, by: &str, now: Timestamp) -> Result<bool, StoreError>;
}
