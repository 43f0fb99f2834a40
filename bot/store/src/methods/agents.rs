//! The part of the store that agents' tools are kept in.

use async_trait::async_trait;
use firstline_engine::{
    ids::PersonId,
    macros::{Macro, MacroName},
    people::Person,
    ports::{AgentStore, MacroChanges, StoreError},
    time::Timestamp,
};

use super::{Database, PAUSES, macros, people};

#[async_trait]
impl AgentStore for Database {
    async fn set_duty(&self, person: PersonId, on: bool, now: Timestamp) -> Result<bool, StoreError> {
        let result = attempt!("set who is on duty", people::set_duty(self, person, on, now));
        self.told(result, |changed| *changed)
    }

    async fn at_work(&self) -> Result<Vec<Person>, StoreError> {
        attempt!("list who works tickets", people::at_work(self))
    }

    async fn macros(&self) -> Result<Vec<Macro>, StoreError> {
        attempt!("read the macros", macros::all(self))
    }

    async fn put_macros(
        &self,
        macros: &[Macro],
        prune: bool,
        by: &str,
        now: Timestamp,
    ) -> Result<MacroChanges, StoreError> {
        attempt!("store macros", macros::put(self, macros, prune, by, now))
    }

    async fn remove_macro(&self, name: &MacroName, by: &str, now: Timestamp) -> Result<bool, StoreError> {
        attempt!("remove a macro", macros::remove(self, name, by, now))
    }
}
