//! Who of the staff is on duty. Whoever is not gets no ticket without taking it: one that is reopened goes to its queue.

use firstline_knowledge::Language;

use crate::{
    desk::{Desk, DeskError, StaffError},
    ids::PersonId,
    people::{AccountRef, Person},
    ports::StoreError,
};

impl Desk {
    /// Whether the one who asks is on duty, and who else is, in words; `to` changes it first. Or why the account may not know.
    /// `granted` is as in [`Self::list`]. Plain text.
    pub async fn duty(
        &self,
        to: Option<bool>,
        account: &AccountRef,
        granted: bool,
        language: Option<Language>,
    ) -> Result<String, DeskError> {
        let language = language.unwrap_or(self.policy().default_language);
        let person = self.person_by_account(account.platform, &account.user_id).await?;
        if !granted && !person.as_ref().is_some_and(|person| person.role.is_staff()) {
            return Ok(self.explain(language, &StaffError::NotStaff));
        }
        let person = match person {
            Some(person) => person,
            None => self.store().ensure_account(account, self.now()).await?.1,
        };
        Ok(self.duty_of(&person, to, language).await?)
    }

    /// Like [`Self::duty`], of a person who is known.
    pub async fn duty_of_person(
        &self,
        person: PersonId,
        to: Option<bool>,
        language: Language,
    ) -> Result<String, StaffError> {
        let person = self.store().person(person).await?.filter(|it| it.role.is_staff()).ok_or(StaffError::NotStaff)?;
        Ok(self.duty_of(&person, to, language).await?)
    }

    /// The role has been looked at.
    pub(super) async fn duty_of(
        &self,
        person: &Person,
        to: Option<bool>,
        language: Language,
    ) -> Result<String, StoreError> {
        if let Some(on) = to {
            self.store().set_duty(person.id, on, self.now()).await?;
        }
        let on = to.unwrap_or(person.on_duty);
        let mut lines = vec![self.phrases().ui(language, if on { "duty-on" } else { "duty-off" }, &[])];
        let staff = self.store().at_work().await?;
        for (on, key) in [(true, "duty-others"), (false, "duty-others-off")] {
            let others = staff.iter().filter(|it| it.id != person.id && it.on_duty == on);
            let names: Vec<&str> = others.map(|it| it.name.as_str()).collect();
            if !names.is_empty() {
                lines.push(self.phrases().ui(language, key, &[("names", &names.join(", "))]));
            }
        }
        Ok(lines.join("\n"))
    }
}
