//! Waiting, and keeping on.

use std::{sync::Arc, time::Duration};

use firstline_engine::ports::{QueueHealth, Store};
use futures::future::join_all;
use tokio::{task::JoinHandle, time::timeout};

use crate::support::{Desk, LONG, NOW, SOON, ambiguous, dead, handled, later, message, place, post};

pub(crate) async fn the_database_answers(desk: &Desk) {
    desk.store.ping().await.unwrap();
}

pub(crate) async fn what_waits_is_counted(desk: &Desk) {
    assert_eq!(desk.store.health(NOW).await.unwrap(), QueueHealth::default());
    let here = place("anna");
    desk.open_ticket(&here).await;
    let conversation = desk.receive_at(&here, "hello", later(1)).await.conversation;
    desk.receive_at(&here, "hello?", later(2)).await;
    let messages: Vec<_> = (0..4).map(|n| post(conversation, &here, &n.to_string())).collect();
    desk.say(&messages).await;
    for outcome in [ambiguous(), dead()] {
        let delivery = desk.next().await.unwrap();
        desk.finish(&delivery, &outcome).await;
    }
    let expected = QueueHealth {
        events_pending: 2,
        events_failed: 0,
        oldest_event_ms: 4000,
        deliveries_pending: 2,
        deliveries_ambiguous: 1,
        deliveries_dead: 1,
        tickets_waiting: 1,
        set_aside: 0,
    };
    assert_eq!(desk.store.health(later(5)).await.unwrap(), expected);
    let before_it_came = desk.store.health(NOW).await.unwrap();
    assert_eq!(before_it_came.oldest_event_ms, 0, "a clock that was set back makes nothing negative");
}

pub(crate) async fn waiting_ends_by_itself(desk: &Desk) {
    timeout(SOON, desk.store.wait_for_change(Duration::from_millis(1))).await.unwrap();
}

/// A waiter that is sure to wait: whatever was committed before is over.
async fn waiters(store: &Arc<dyn Store>, count: usize) -> Vec<JoinHandle<()>> {
    // Waits that end by themselves show that there is no news left.
    let quiet = Duration::from_millis(200);
    while timeout(quiet, store.wait_for_change(LONG)).await.is_ok() {}
    let waiting = (0..count).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.wait_for_change(LONG).await })
    });
    waiting.collect()
}

pub(crate) async fn a_change_wakes_all_who_wait(desk: &Desk) {
    let waiting = waiters(&desk.store, 10).await;
    desk.receive(&place("anna"), "hello").await;
    for woken in timeout(SOON, join_all(waiting)).await.expect("all were woken") {
        woken.unwrap();
    }
}

pub(crate) async fn a_change_right_before_the_wait_is_not_missed(desk: &Desk) {
    for n in 0..20 {
        desk.receive(&place("anna"), &n.to_string()).await;
        timeout(SOON, desk.store.wait_for_change(LONG)).await.expect("the change is noticed");
    }
}

pub(crate) async fn another_process_is_heard(desk: &Desk) {
    let other = desk.database.connect().await;
    let waiting = waiters(&desk.store, 3).await;
    let accepted = other.accept(&[message(&place("anna"), "hello")], None, NOW).await.unwrap()[0];
    timeout(SOON, join_all(waiting)).await.expect("all were woken");
    // And the other way round.
    let waiting = waiters(&other, 3).await;
    desk.turn(accepted.conversation, handled([accepted])).await;
    timeout(SOON, join_all(waiting)).await.expect("all were woken");
}

pub(crate) async fn lost_connections_are_replaced(desk: &Desk) {
    let other = desk.database.connect().await;
    for n in 0..3 {
        desk.receive(&place("anna"), &n.to_string()).await;
        desk.database.break_connections().await;
        desk.receive(&place("anna"), "again").await;
        desk.store.ping().await.unwrap();
        assert!(desk.store.lease_next("a", Duration::ZERO, NOW).await.unwrap().is_some());
        // Who listens for changes is connected again, too.
        let waiting = waiters(&desk.store, 1).await;
        timeout(SOON, async {
            while !waiting.iter().all(JoinHandle::is_finished) {
                other.accept(&[message(&place("bert"), "hello")], None, NOW).await.unwrap();
                other.wait_for_change(Duration::from_millis(100)).await;
            }
        })
        .await
        .expect("the change is heard");
    }
}

pub(crate) async fn two_stores_write_at_the_same_time(desk: &Desk) {
    let stores = [desk.store.clone(), desk.database.connect().await];
    let writing = (0..8).map(|n| {
        let store = stores[n % 2].clone();
        tokio::spawn(async move {
            for m in 0..25 {
                store.accept(&[message(&place(&n.to_string()), &m.to_string())], None, NOW).await.unwrap();
            }
        })
    });
    for writer in join_all(writing).await {
        writer.unwrap();
    }
    assert_eq!(desk.store.health(NOW).await.unwrap().events_pending, 200);
}
