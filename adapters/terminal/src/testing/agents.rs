//! What only agents ask of a store.

use async_trait::async_trait;
use firstline_engine::{
    ids::PersonId,
    macros::{Macro, MacroName},
    people::Person,
    ports::{AgentStore, MacroChanges, StoreError},
    time::Timestamp,
};

use super::{FakeStore, unused};

#[async_trait]
impl AgentStore for FakeStore {
    async fn set_duty(&self, _: PersonId, _: bool, _: Timestamp) -> Result<bool, StoreError> {
        unused()
    }

    async fn at_work(&self) -> Result<Vec<Person>, StoreError> {
        unused()
    }

    async fn macros(&self) -> Result<Vec<Macro>, StoreError> {
        unused()
    }

    async fn put_macros(&self, _: &[Macro], _: bool, _: &str, _: Timestamp) -> Result<MacroChanges, StoreError> {
        unused()
    }

    async fn remove_macro(&self, _: &MacroName, _: &str, _: Timestamp) -> Result<bool, StoreError> {
        unused()
    }
}
