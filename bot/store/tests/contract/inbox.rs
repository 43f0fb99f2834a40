//! Taking events in.

use firstline_engine::{
    ids::EventId,
    inbound::{InboundEvent, InboundKind},
    people::{AccountRef, LanguageSource, Platform, Role},
    ports::{SetAside, Watermark},
};
use firstline_knowledge::Language;
use futures::future::join_all;
use serde_json::json;

use crate::support::{Desk, NOW, account, fresh, later, message, place, place_on, text_of, turn};

pub(crate) async fn a_first_event_makes_account_person_place_and_conversation(desk: &Desk) {
    let here = place("anna");
    assert_eq!(desk.store.active_conversation(&here).await.unwrap(), None);
    let accepted = desk.receive(&here, "my vpn is down").await;

    let loaded = desk.load(accepted.conversation).await;
    assert_eq!(loaded.conversation.place, here);
    assert_eq!(loaded.conversation.began_at, NOW);
    assert_eq!(loaded.conversation.wake_at, None);
    assert_eq!(loaded.conversation.state, turn().state);
    assert_eq!(loaded.ticket, None);
    assert_eq!((loaded.requester.name.as_str(), loaded.requester.role), ("anna", Role::Requester));
    assert_eq!(loaded.requester.language_source, LanguageSource::Default);
    let event = &loaded.events[0];
    assert_eq!((Some(event.id), event.failures, event.accepted_at), (accepted.event, 0, NOW));
    assert_eq!((text_of(&event.kind), event.person), ("my vpn is down", loaded.requester.id));

    let (account, person) = desk.store.account(Platform::Telegram, "anna").await.unwrap().unwrap();
    assert_eq!((account.id, &person), (event.account, &loaded.requester));
    assert_eq!(desk.store.active_conversation(&here).await.unwrap(), Some(loaded.conversation));
}

pub(crate) async fn a_known_event_changes_nothing(desk: &Desk) {
    let event = message(&place("anna"), "first");
    let first = desk.store.accept(std::slice::from_ref(&event), None, NOW).await.unwrap()[0];
    let renamed = AccountRef { display_name: "Anna".to_owned(), ..event.account.clone() };
    let copies = [renamed, account(Platform::Telegram, "bert")].map(|account| InboundEvent { account, ..event.clone() });
    let again = desk.store.accept(&copies, None, later(5)).await.unwrap();

    assert!(again.iter().all(|it| it.event.is_none() && it.conversation == first.conversation));
    let loaded = desk.load(first.conversation).await;
    assert_eq!(loaded.events.len(), 1);
    assert_eq!(loaded.requester.name, "anna");
    assert_eq!(desk.store.account(Platform::Telegram, "bert").await.unwrap(), None);
    // Not even after it was handled.
    desk.turn(first.conversation, crate::support::handled([first])).await;
    assert_eq!(desk.store.accept(&[event], None, NOW).await.unwrap()[0].event, None);
    assert!(desk.load(first.conversation).await.events.is_empty());
}

pub(crate) async fn the_same_key_of_another_platform_is_another_event(desk: &Desk) {
    let event = message(&place("anna"), "hello");
    let there = place_on(Platform::Discord, "anna");
    let other = InboundEvent { account: account(Platform::Discord, "anna"), place: there, ..event.clone() };
    let accepted = desk.store.accept(&[event, other], None, NOW).await.unwrap();
    assert!(accepted.iter().all(|it| it.event.is_some()));
    assert_ne!(accepted[0].conversation, accepted[1].conversation);
}

pub(crate) async fn of_a_hundred_copies_at_once_one_is_taken(desk: &Desk) {
    let event = message(&place("anna"), "hello");
    let copies = (0..100).map(|_| {
        let (store, event) = (desk.store.clone(), event.clone());
        tokio::spawn(async move { store.accept(&[event], None, NOW).await.unwrap()[0] })
    });
    let accepted: Vec<_> = join_all(copies).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(accepted.iter().filter(|it| it.event.is_some()).count(), 1);
    assert!(accepted.iter().all(|it| it.conversation == accepted[0].conversation));
    assert_eq!(desk.load(accepted[0].conversation).await.events.len(), 1);
}

/// Whether it counts nobody knows: the connection broke at the end of the transaction.
pub(crate) async fn an_event_whose_commit_breaks_is_taken_once(desk: &Desk) {
    desk.database.break_at_commit_of("inbox", "TRUE", 2).await;
    let here = place("anna");
    let accepted = desk.store.accept(&[message(&here, "hello")], None, NOW).await.unwrap()[0];
    assert!(accepted.event.is_some());
    assert_eq!(desk.load(accepted.conversation).await.events.len(), 1);
}

pub(crate) async fn events_keep_their_order_and_come_32_at_a_time(desk: &Desk) {
    let here = place("anna");
    let events: Vec<_> = (0..40).map(|n| message(&here, &n.to_string())).collect();
    let accepted = desk.store.accept(&events, None, NOW).await.unwrap();
    let ids: Vec<_> = accepted.iter().map(|it| it.event.unwrap()).collect();
    let pending = desk.load(accepted[0].conversation).await.events;
    assert_eq!(pending.iter().map(|it| it.id).collect::<Vec<_>>(), ids[..32]);
    desk.turn(accepted[0].conversation, crate::support::handled(accepted[..32].iter().copied())).await;
    let pending = desk.load(accepted[0].conversation).await.events;
    assert_eq!(pending.iter().map(|it| it.id).collect::<Vec<_>>(), ids[32..]);
}

pub(crate) async fn a_place_has_one_conversation_whoever_writes(desk: &Desk) {
    let here = place("thread");
    let first = desk.receive(&here, "hello").await;
    let guest = InboundEvent { account: account(Platform::Telegram, "bert"), ..message(&here, "me too") };
    let second = desk.store.accept(&[guest], None, NOW).await.unwrap()[0];
    assert_eq!(first.conversation, second.conversation);
    let loaded = desk.load(first.conversation).await;
    assert_eq!(loaded.requester.name, "thread");
    assert_ne!(loaded.events[0].person, loaded.events[1].person);
}

pub(crate) async fn many_first_contacts_at_once_make_one_of_each(desk: &Desk) {
    let here = place("anna");
    let events = (0..20).map(|n| {
        let (store, event) = (desk.store.clone(), message(&here, &n.to_string()));
        tokio::spawn(async move { store.accept(&[event], None, NOW).await.unwrap()[0] })
    });
    let accepted: Vec<_> = join_all(events).await.into_iter().map(Result::unwrap).collect();
    assert!(accepted.iter().all(|it| it.event.is_some() && it.conversation == accepted[0].conversation));
    let pending = desk.load(accepted[0].conversation).await.events;
    assert_eq!(pending.len(), 20);
    assert!(pending.iter().all(|it| it.person == pending[0].person));
}

pub(crate) async fn the_newest_name_and_the_platform_language_are_taken_over(desk: &Desk) {
    let here = place("anna");
    let tell = async |name: &str, language| {
        let mut event = message(&here, "hello");
        event.account.display_name = name.to_owned();
        event.account.language = language;
        let accepted = desk.store.accept(&[event], None, NOW).await.unwrap()[0];
        let person = desk.load(accepted.conversation).await.requester;
        let (account, _) = desk.store.account(Platform::Telegram, "anna").await.unwrap().unwrap();
        assert_eq!(account.display_name, person.name);
        (accepted.conversation, (person.name, person.language, person.language_source))
    };
    let named = |name: &str, language, source| (name.to_owned(), language, source);
    assert_eq!(tell("Anna", None).await.1, named("Anna", Language::En, LanguageSource::Default));
    assert_eq!(tell("Anna B", Some(Language::De)).await.1, named("Anna B", Language::De, LanguageSource::Platform));
    assert_eq!(tell("Anna B", None).await.1, named("Anna B", Language::De, LanguageSource::Platform));
    let (conversation, person) = tell("Anna B", Some(Language::En)).await;
    assert_eq!(person, named("Anna B", Language::En, LanguageSource::Platform));
    let learned = Some((Language::De, LanguageSource::Detected));
    desk.turn(conversation, firstline_engine::ports::Turn { language: learned, ..turn() }).await;
    assert_eq!(tell("Anna C", Some(Language::En)).await.1, named("Anna C", Language::De, LanguageSource::Detected));
}

pub(crate) async fn a_watermark_moves_with_its_events(desk: &Desk) {
    let mark = |position: &str| Watermark { source: "telegram".to_owned(), position: position.to_owned() };
    assert_eq!(desk.store.watermark("telegram").await.unwrap(), None);
    desk.store.accept(&[message(&place("anna"), "hello")], Some(&mark("41")), NOW).await.unwrap();
    assert_eq!(desk.store.watermark("telegram").await.unwrap().as_deref(), Some("41"));
    // Nothing new may be a step forward as well.
    assert_eq!(desk.store.accept(&[], Some(&mark("42")), NOW).await.unwrap(), []);
    assert_eq!(desk.store.watermark("telegram").await.unwrap().as_deref(), Some("42"));
    desk.receive(&place("anna"), "hello again").await;
    assert_eq!(desk.store.watermark("telegram").await.unwrap().as_deref(), Some("42"));
    assert_eq!(desk.store.watermark("discord").await.unwrap(), None);

    let channel = |id: &str| Watermark { source: format!("discord:channel:{id}"), position: id.to_owned() };
    for id in ["2", "1"] {
        desk.store.accept(&[], Some(&channel(id)), NOW).await.unwrap();
    }
    assert_eq!(desk.store.watermarks("discord:channel:").await.unwrap(), [channel("1"), channel("2")]);
    assert_eq!(desk.store.watermarks("discord:%").await.unwrap(), []);
}

pub(crate) async fn what_was_accepted_can_be_read_again(desk: &Desk) {
    for number in 1..=3 {
        let event = InboundEvent {
            dedupe_key: format!("message:10{number}"),
            raw: serde_json::json!({ "id": number }),
            ..message(&place("anna"), "hello")
        };
        desk.store.accept(&[event], None, NOW).await.unwrap();
    }
    let platform = place("anna").platform;
    let read = async |first: &str, last: &str, limit| desk.store.accepted(platform, (first, last), limit).await.unwrap();
    let ids = |found: Vec<serde_json::Value>| found.iter().filter_map(|raw| raw["id"].as_i64()).collect::<Vec<_>>();
    assert_eq!(ids(read("message:101", "message:999", 9).await), [3, 2]);
    assert_eq!(ids(read("message:1", "message:999", 2).await), [3, 2], "the last ones");
    assert_eq!(ids(read("message:1", "message:103", 9).await), [2, 1]);
}

pub(crate) async fn the_author_of_an_event_is_found(desk: &Desk) {
    let event = message(&place("anna"), "hello");
    desk.store.accept(std::slice::from_ref(&event), None, NOW).await.unwrap();
    let author = desk.store.author(event.place.platform, &event.dedupe_key).await.unwrap();
    assert_eq!(author.map(|account| account.user_id), Some(event.account.user_id));
    assert_eq!(desk.store.author(event.place.platform, "nothing").await.unwrap(), None);
}

pub(crate) async fn failures_are_counted(desk: &Desk) {
    let accepted = desk.receive(&place("anna"), "hello").await;
    let event = accepted.event.unwrap();
    assert_eq!(desk.store.count_failure(event, "it broke").await.unwrap(), 1);
    assert_eq!(desk.store.count_failure(event, "it broke again").await.unwrap(), 2);
    assert_eq!(desk.load(accepted.conversation).await.events[0].failures, 2);
    assert_eq!(desk.store.count_failure(EventId(fresh()), "what?").await.unwrap(), 0);
}

pub(crate) async fn what_is_not_understood_is_kept_once(desk: &Desk) {
    let item = |key: &str, raw: &str| SetAside { key: key.to_owned(), reason: "new".to_owned(), raw: json!({ "a": raw }) };
    desk.store.set_aside("telegram", &[item("1", "x\0"), item("2", "y")], NOW).await.unwrap();
    desk.store.set_aside("telegram", &[item("2", "again"), item("3", "z")], later(1)).await.unwrap();
    desk.store.set_aside("discord", &[item("1", "another source's")], NOW).await.unwrap();
    assert_eq!(desk.store.health(NOW).await.unwrap().set_aside, 4);
}

pub(crate) async fn an_event_is_found_with_whose_it_is(desk: &Desk) {
    let accepted = desk.receive(&place("anna"), "hello").await;
    let (person, parts) = desk.store.event(accepted.event.unwrap()).await.unwrap().unwrap();
    let texts: Vec<&str> = parts.iter().map(text_of).collect();
    assert_eq!((person, texts), (desk.load(accepted.conversation).await.requester.id, vec!["hello"]));
    // Of an album all parts, in order; another album of the same person's is another one.
    let part = |text: &str, of: &str| {
        let mut event = message(&place("anna"), text);
        if let InboundKind::Message { album, .. } = &mut event.kind {
            *album = Some(of.to_owned());
        }
        event
    };
    let parts = [part("one", "a"), part("two", "a"), part("other", "b"), part("three", "a")];
    let accepted = desk.store.accept(&parts, None, NOW).await.unwrap();
    let (_, parts) = desk.store.event(accepted[1].event.unwrap()).await.unwrap().unwrap();
    assert_eq!(parts.iter().map(text_of).collect::<Vec<_>>(), ["one", "two", "three"]);
    assert_eq!(desk.store.event(EventId(fresh())).await.unwrap(), None);
}
