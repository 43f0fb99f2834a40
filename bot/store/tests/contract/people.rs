//! People, their accounts and their roles; the audit log.

use firstline_engine::{
    ids::{ConversationId, PersonId},
    people::{AccountRef, LanguageSource, Platform, Role},
};
use firstline_knowledge::Language;
use futures::future::join_all;
use serde_json::json;

use crate::support::{Desk, NOW, account, fresh, later};

pub(crate) async fn what_is_not_there_is_none(desk: &Desk) {
    assert_eq!(desk.store.person(PersonId(fresh())).await.unwrap(), None);
    assert_eq!(desk.store.account(Platform::Web, "nobody").await.unwrap(), None);
    assert_eq!(desk.store.load(ConversationId(fresh())).await.unwrap(), None);
    assert!(desk.store.staff().await.unwrap().is_empty());
    assert!(desk.store.audit(10).await.unwrap().is_empty());
}

pub(crate) async fn an_account_is_made_once(desk: &Desk) {
    let anna = AccountRef { language: Some(Language::De), ..account(Platform::Discord, "anna") };
    let making = (0..20).map(|_| {
        let (store, anna) = (desk.store.clone(), anna.clone());
        tokio::spawn(async move { store.ensure_account(&anna, NOW).await.unwrap() })
    });
    let made: Vec<_> = join_all(making).await.into_iter().map(Result::unwrap).collect();
    assert!(made.iter().all(|it| *it == made[0]));
    let (account, person) = &made[0];
    assert_eq!((account.person, account.platform, account.user_id.as_str()), (person.id, Platform::Discord, "anna"));
    assert_eq!((person.role, person.language), (Role::Requester, Language::De));
    assert_eq!(person.language_source, LanguageSource::Platform);
    assert_eq!(desk.store.account(Platform::Discord, "anna").await.unwrap().as_ref(), Some(&made[0]));
    assert_eq!(desk.store.account(Platform::Telegram, "anna").await.unwrap(), None);
    assert_eq!(desk.store.person(person.id).await.unwrap().as_ref(), Some(person));
    let renamed = AccountRef { display_name: "Anna B".to_owned(), ..anna };
    let (account, person) = desk.store.ensure_account(&renamed, later(1)).await.unwrap();
    assert_eq!((account.id, account.display_name.as_str()), (made[0].0.id, "Anna B"));
    assert_eq!(desk.store.person(person.id).await.unwrap(), Some(person));
}

pub(crate) async fn a_role_is_set_and_audited(desk: &Desk) {
    let anna = desk.person("anna", "Anna").await;
    assert!(desk.store.set_role(anna, Role::Admin, "cli", later(1)).await.unwrap());
    assert_eq!(desk.store.person(anna).await.unwrap().unwrap().role, Role::Admin);
    assert!(!desk.store.set_role(PersonId(fresh()), Role::Admin, "cli", NOW).await.unwrap());
    let audit = desk.store.audit(10).await.unwrap();
    assert_eq!(audit.len(), 1);
    assert_eq!((audit[0].at, audit[0].actor.as_str(), audit[0].action.as_str()), (later(1), "cli", "role.set"));
    assert_eq!(audit[0].subject, anna.to_string());
    assert_eq!(audit[0].detail, json!({ "from": "requester", "to": "admin" }));
}

pub(crate) async fn staff_is_listed_by_name(desk: &Desk) {
    for (name, role) in
        [("carla", Role::Agent), ("Bert", Role::Admin), ("Änne", Role::Agent), ("Dora", Role::Requester), ("anna", Role::Agent)]
    {
        let person = desk.person(name, name).await;
        desk.store.set_role(person, role, "cli", NOW).await.unwrap();
    }
    let staff = desk.store.staff().await.unwrap();
    assert_eq!(staff.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["anna", "Bert", "carla", "Änne"]);
}

pub(crate) async fn the_audit_log_shows_the_newest_first(desk: &Desk) {
    let anna = desk.person("anna", "Anna").await;
    for role in [Role::Agent, Role::Admin, Role::Requester] {
        desk.store.set_role(anna, role, "cli", NOW).await.unwrap();
    }
    let audit = desk.store.audit(2).await.unwrap();
    assert_eq!(audit.iter().map(|it| it.detail["to"].as_str().unwrap()).collect::<Vec<_>>(), ["requester", "admin"]);
}

pub(crate) async fn who_is_on_duty_is_kept_and_audited(desk: &Desk) {
    let anna = desk.person("anna", "Anna").await;
    let on_duty = async || desk.store.person(anna).await.unwrap().unwrap().on_duty;
    assert!(on_duty().await, "who has not said otherwise is");
    assert!(!desk.store.set_duty(anna, true, NOW).await.unwrap());
    assert!(desk.store.set_duty(anna, false, later(1)).await.unwrap());
    assert!(!on_duty().await);
    desk.store.set_role(anna, Role::Agent, "cli", later(2)).await.unwrap();
    assert!(!desk.store.staff().await.unwrap()[0].on_duty);
    assert!(desk.store.set_duty(anna, true, later(3)).await.unwrap());
    assert!(!desk.store.set_duty(PersonId(fresh()), false, NOW).await.unwrap());
    // Whom a platform's role makes staff the roster does not know.
    let (ben, _) = (desk.person("ben", "Ben").await, desk.person("erika", "Erika").await);
    let at_work = async || {
        let people = desk.store.at_work().await.unwrap();
        people.into_iter().map(|it| (it.name, it.on_duty)).collect::<Vec<_>>()
    };
    assert_eq!(at_work().await, [("Anna".to_owned(), true)]);
    assert!(desk.store.set_duty(ben, false, later(4)).await.unwrap());
    assert_eq!(at_work().await, [("Anna".to_owned(), true), ("Ben".to_owned(), false)]);
    desk.store.set_role(ben, Role::Requester, "cli", later(5)).await.unwrap();
    assert_eq!(at_work().await, [("Anna".to_owned(), true)], "who is no staff any more");
    assert!(desk.store.set_duty(anna, false, later(6)).await.unwrap());
    assert!(desk.store.set_duty(anna, true, later(7)).await.unwrap());
    let audit = desk.store.audit(1).await.unwrap();
    assert_eq!((audit[0].action.as_str(), &audit[0].actor), ("duty.set", &anna.to_string()));
    assert_eq!(audit[0].detail, json!({ "on": true }));
}
