//! Sources that one of several instances takes in.

use firstline_engine::ports::{StoreError, Watermark};
use futures::future::join_all;

use crate::support::{Desk, EXPIRED, LONG, NOW, message, place};

const SOURCE: &str = "discord/0/1";

fn reached(position: &str) -> Watermark {
    Watermark { source: SOURCE.to_owned(), position: position.to_owned() }
}

pub(crate) async fn a_source_is_held_by_one_until_it_is_given_back_or_runs_out(desk: &Desk) {
    let store = &desk.store;
    let first = store.take_source(SOURCE, "a", LONG, false).await.unwrap().unwrap();
    assert_eq!(store.take_source(SOURCE, "b", LONG, false).await.unwrap(), None);
    assert!(store.take_source("discord/1/2", "b", LONG, false).await.unwrap().is_some(), "another source is free");
    store.leave_source(&first).await.unwrap();
    let second = store.take_source(SOURCE, "b", EXPIRED, false).await.unwrap().unwrap();
    let third = store.take_source(SOURCE, "a", LONG, false).await.unwrap().unwrap();
    assert!(first.epoch < second.epoch && second.epoch < third.epoch);
    store.leave_source(&second).await.unwrap();
    assert_eq!(store.take_source(SOURCE, "b", LONG, false).await.unwrap(), None, "what was lost is not given back");
}

pub(crate) async fn a_source_can_be_taken_over_by_force(desk: &Desk) {
    let store = &desk.store;
    let old = store.take_source(SOURCE, "a", LONG, false).await.unwrap().unwrap();
    assert!(store.keep_source(&old, LONG).await.unwrap());
    let new = store.take_source(SOURCE, "b", LONG, true).await.unwrap().unwrap();
    assert!(!store.keep_source(&old, LONG).await.unwrap());
    assert!(store.keep_source(&new, LONG).await.unwrap());
}

pub(crate) async fn who_has_lost_a_source_commits_nothing(desk: &Desk) {
    let (store, here) = (&desk.store, place("anna"));
    let old = store.take_source(SOURCE, "a", EXPIRED, false).await.unwrap().unwrap();
    let told = store.accept_held(&old, &[message(&here, "1")], &[reached("1")], NOW).await.unwrap();
    assert!(told[0].event.is_some(), "a lease that ran out counts until somebody takes over");
    let new = store.take_source(SOURCE, "b", LONG, false).await.unwrap().unwrap();
    let marks = [reached("3"), Watermark { source: "discord:channel:1".to_owned(), position: "9".to_owned() }];
    store.accept_held(&new, &[message(&here, "2")], &marks, NOW).await.unwrap();
    let late = store.accept_held(&old, &[message(&here, "3")], &[reached("2")], NOW).await;
    assert!(matches!(late, Err(StoreError::LeaseLost)), "{late:?}");
    assert_eq!(store.watermark(SOURCE).await.unwrap().as_deref(), Some("3"));
    assert_eq!(store.watermark("discord:channel:1").await.unwrap().as_deref(), Some("9"));
    let conversation = told[0].conversation;
    assert_eq!(store.load(conversation).await.unwrap().unwrap().events.len(), 2);
}

pub(crate) async fn of_eight_that_want_a_source_one_gets_it(desk: &Desk) {
    let takers = (0..8).map(|taker| {
        let store = desk.store.clone();
        tokio::spawn(async move { store.take_source(SOURCE, &taker.to_string(), LONG, false).await.unwrap() })
    });
    let taken = join_all(takers).await.into_iter().filter(|it| it.as_ref().unwrap().is_some()).count();
    assert_eq!(taken, 1);
}
