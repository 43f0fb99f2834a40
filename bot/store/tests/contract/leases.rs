//! Who may make a conversation's next turn.

use std::{collections::HashSet, time::Duration};

use firstline_engine::{
    ids::ConversationId,
    ports::{StoreError, Turn},
};
use futures::future::join_all;
use tokio::time::timeout;

use crate::support::{Desk, EXPIRED, LONG, NOW, SOON, fresh, handled, later, message, place, post, said, turn};

pub(crate) async fn there_is_no_lease_without_something_to_do(desk: &Desk) {
    assert_eq!(desk.store.lease_next("a", LONG, NOW).await.unwrap(), None);
    let conversation = desk.conversation(&place("anna")).await;
    assert_eq!(desk.store.lease_next("a", LONG, NOW).await.unwrap(), None);
    let event = desk.receive(&place("anna"), "again").await;
    let lease = desk.store.lease_next("a", LONG, NOW).await.unwrap().unwrap();
    assert_eq!(lease.conversation, conversation);
    desk.store.commit_turn(&lease, &handled([event]), NOW).await.unwrap();
    desk.store.release(&lease).await.unwrap();
    assert_eq!(desk.store.lease_next("a", LONG, NOW).await.unwrap(), None);
}

pub(crate) async fn a_conversation_is_leased_to_one_at_a_time(desk: &Desk) {
    let conversation = desk.receive(&place("anna"), "hello").await.conversation;
    let lease = desk.store.lease(conversation, "a", LONG).await.unwrap().unwrap();
    assert_eq!(desk.store.lease(conversation, "b", LONG).await.unwrap(), None);
    assert_eq!(desk.store.lease(conversation, "a", LONG).await.unwrap(), None, "not even to the same owner");
    assert_eq!(desk.store.lease_next("b", LONG, NOW).await.unwrap(), None);
    desk.store.release(&lease).await.unwrap();
    assert!(desk.store.lease(conversation, "b", LONG).await.unwrap().unwrap().epoch > lease.epoch);
    assert_eq!(desk.store.lease(ConversationId(fresh()), "a", LONG).await.unwrap(), None);
}

/// However much there is to do in it: whoever asks for a conversation by name is next.
pub(crate) async fn a_busy_conversation_is_kept_for_who_asks_for_it(desk: &Desk) {
    let conversation = desk.receive(&place("anna"), "hello").await.conversation;
    let elsewhere = desk.receive_at(&place("bernd"), "hello", later(1)).await.conversation;
    let turn = desk.store.lease_next("worker", LONG, NOW).await.unwrap().unwrap();
    assert_eq!(turn.conversation, conversation);
    assert_eq!(desk.store.lease(conversation, "agent", LONG).await.unwrap(), None);
    desk.store.release(&turn).await.unwrap();

    let other = desk.store.lease_next("worker", LONG, NOW).await.unwrap().unwrap();
    assert_eq!(other.conversation, elsewhere, "though it has waited for less");
    assert_eq!(desk.store.lease_next("worker", LONG, NOW).await.unwrap(), None);
    let asked = desk.store.lease(conversation, "agent", LONG).await.unwrap().unwrap();
    desk.store.release(&asked).await.unwrap();
    assert_eq!(desk.store.lease_next("worker", LONG, NOW).await.unwrap().unwrap().conversation, conversation);
}

/// Whoever asked for it may have ended.
pub(crate) async fn a_conversation_is_not_kept_for_long(desk: &Desk) {
    let conversation = desk.receive(&place("anna"), "hello").await.conversation;
    let turn = desk.lease(conversation).await;
    assert_eq!(desk.store.lease(conversation, "agent", LONG).await.unwrap(), None);
    desk.store.release(&turn).await.unwrap();
    let next = timeout(SOON, async {
        loop {
            if let Some(lease) = desk.store.lease_next("worker", LONG, NOW).await.unwrap() {
                return lease;
            }
            desk.store.wait_for_change(Duration::from_millis(100)).await;
        }
    });
    assert_eq!(next.await.unwrap().conversation, conversation);
}

pub(crate) async fn of_eight_that_race_one_gets_it(desk: &Desk) {
    let conversation = desk.receive(&place("anna"), "hello").await.conversation;
    let racers = (0..8).map(|n| {
        let store = desk.store.clone();
        tokio::spawn(async move {
            let owner = n.to_string();
            match n % 2 {
                0 => store.lease_next(&owner, LONG, NOW).await.unwrap(),
                _ => store.lease(conversation, &owner, LONG).await.unwrap(),
            }
        })
    });
    let leases: Vec<_> = join_all(racers).await.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(leases.len(), 1);
}

pub(crate) async fn eight_workers_share_the_conversations(desk: &Desk) {
    for n in 0..40 {
        desk.receive(&place(&format!("person {n}")), "hello").await;
    }
    let workers = (0..8).map(|n| {
        let store = desk.store.clone();
        tokio::spawn(async move {
            let mut turns = Vec::new();
            while let Some(lease) = store.lease_next(&n.to_string(), LONG, NOW).await.unwrap() {
                let events = store.load(lease.conversation).await.unwrap().unwrap().events;
                assert_eq!(events.len(), 1);
                let handled = events.iter().map(|it| it.id).collect();
                store.commit_turn(&lease, &Turn { handled, ..turn() }, NOW).await.unwrap();
                store.release(&lease).await.unwrap();
                turns.push(lease.conversation);
            }
            turns
        })
    });
    let turns: Vec<_> = join_all(workers).await.into_iter().flat_map(Result::unwrap).collect();
    // A worker may have found the last ones locked and gone home, but nobody has made a turn twice.
    assert_eq!(turns.len(), turns.iter().collect::<HashSet<_>>().len());
    let left = desk.store.health(NOW).await.unwrap().events_pending;
    assert_eq!(turns.len() + usize::try_from(left).unwrap(), 40);
}

pub(crate) async fn the_one_that_has_waited_longest_comes_first(desk: &Desk) {
    let waking = desk.conversation(&place("waking")).await;
    desk.turn(waking, Turn { wake_at: Some(later(2)), ..turn() }).await;
    let third = desk.receive_at(&place("third"), "hello", later(3)).await.conversation;
    let first = desk.receive_at(&place("first"), "hello", later(1)).await.conversation;
    desk.receive_at(&place("first"), "are you there?", later(4)).await;
    let mut order = Vec::new();
    while let Some(lease) = desk.store.lease_next("a", LONG, later(10)).await.unwrap() {
        order.push(lease.conversation);
    }
    assert_eq!(order, [first, waking, third]);
}

pub(crate) async fn a_wake_time_that_has_come_is_something_to_do(desk: &Desk) {
    let conversation = desk.conversation(&place("anna")).await;
    desk.turn(conversation, Turn { wake_at: Some(later(60)), ..turn() }).await;
    assert_eq!(desk.load(conversation).await.conversation.wake_at, Some(later(60)));
    assert_eq!(desk.store.lease_next("a", LONG, later(59)).await.unwrap(), None);
    let lease = desk.store.lease_next("a", LONG, later(60)).await.unwrap().unwrap();
    assert_eq!(lease.conversation, conversation);
    desk.store.commit_turn(&lease, &turn(), later(60)).await.unwrap();
    desk.store.release(&lease).await.unwrap();
    assert_eq!(desk.store.lease_next("a", LONG, later(99)).await.unwrap(), None);
}

pub(crate) async fn an_expired_lease_is_taken_over_and_its_holder_fenced(desk: &Desk) {
    let here = place("anna");
    let event = desk.receive(&here, "hello").await;
    let conversation = event.conversation;
    let stale = desk.store.lease_next("a", EXPIRED, NOW).await.unwrap().unwrap();
    let late = Turn {
        outbound: vec![post(conversation, &here, "too late")],
        entries: vec![said("too late")],
        ..handled([event])
    };
    let lost = |result| assert!(matches!(result, Err(StoreError::LeaseLost)), "{result:?}");
    lost(desk.store.commit_turn(&stale, &late, NOW).await);

    let lease = desk.store.lease_next("b", LONG, NOW).await.unwrap().unwrap();
    assert!(lease.epoch > stale.epoch);
    lost(desk.store.commit_turn(&stale, &late, NOW).await);
    lost(desk.store.renew(&stale, &late, ConversationId(fresh()), NOW).await);
    assert_eq!(desk.load(conversation).await.events.len(), 1);
    assert!(desk.timeline(conversation).await.is_empty());
    assert_eq!(desk.next().await, None);

    desk.store.commit_turn(&lease, &handled([event]), NOW).await.unwrap();
    assert!(desk.load(conversation).await.events.is_empty());
}

pub(crate) async fn a_lease_is_given_back_by_its_newest_holder_only(desk: &Desk) {
    let conversation = desk.receive(&place("anna"), "hello").await.conversation;
    let stale = desk.store.lease(conversation, "a", EXPIRED).await.unwrap().unwrap();
    let lease = desk.lease(conversation).await;
    desk.store.release(&stale).await.unwrap();
    assert_eq!(desk.store.lease(conversation, "a", LONG).await.unwrap(), None, "the newer lease stands");
    desk.store.release(&lease).await.unwrap();
    desk.store.release(&lease).await.unwrap();
    desk.lease(conversation).await;
    let result = desk.store.commit_turn(&lease, &turn(), NOW).await;
    assert!(matches!(result, Err(StoreError::LeaseLost)), "{result:?}");
}

pub(crate) async fn events_that_arrive_during_a_turn_are_not_forgotten(desk: &Desk) {
    let here = place("anna");
    let first = desk.receive(&here, "0").await;
    let mut accepted = 1;
    let mut seen = vec![first];
    for round in 0..10 {
        let lease = desk.store.lease_next("a", LONG, NOW).await.unwrap().expect("something is waiting");
        let events = [message(&here, "more"), message(&here, "and more")];
        let committing = handled(seen.drain(..));
        let commit = desk.store.commit_turn(&lease, &committing, NOW);
        let accept = desk.store.accept(&events, None, later(round));
        let (committed, arrived) = tokio::join!(commit, accept);
        committed.unwrap();
        seen.extend(arrived.unwrap());
        accepted += 2;
        desk.store.release(&lease).await.unwrap();
        assert_eq!(desk.load(first.conversation).await.events.len(), 2, "after {accepted} events");
    }
}

pub(crate) async fn a_lease_is_shortened_by_its_newest_holder_only(desk: &Desk) {
    let conversation = desk.receive(&place("anna"), "hello").await.conversation;
    let old = desk.store.lease(conversation, "a", EXPIRED).await.unwrap().unwrap();
    let lease = desk.lease(conversation).await;
    desk.store.shorten(&old, EXPIRED).await.unwrap();
    assert_eq!(desk.store.lease_next("b", LONG, NOW).await.unwrap(), None);
    desk.store.shorten(&lease, LONG).await.unwrap();
    assert_eq!(desk.store.lease_next("b", LONG, NOW).await.unwrap(), None, "not over yet");
    desk.store.shorten(&lease, EXPIRED).await.unwrap();
    assert!(desk.store.lease_next("b", LONG, NOW).await.unwrap().is_some());
}
