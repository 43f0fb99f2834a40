//! How fast we may speak.

use std::{collections::BTreeMap, time::Duration};

use firstline_engine::{
    inbound::PlaceRef,
    outbound::Delivery,
    people::Platform,
    ports::{Limits, Pacing, Rate},
    time::Timestamp,
};

use crate::support::{Desk, LONG, NOW, everywhere, later, place, place_on, post, sent_as};

/// Two in ten seconds in a chat, three in ten seconds altogether.
fn pacing() -> Pacing {
    let rate = |count| Rate { count, within: Duration::from_secs(10) };
    Pacing(BTreeMap::from([(Platform::Telegram, Limits { chat: rate(2), room: rate(1), platform: rate(3) })]))
}

async fn next(desk: &Desk, now: Timestamp) -> Option<Delivery> {
    let delivery = desk.store.next_delivery(&everywhere(), &pacing(), None, LONG, now).await.unwrap()?;
    assert!(desk.finish(&delivery, &sent_as("m")).await);
    Some(delivery)
}

pub(crate) async fn a_chat_and_a_platform_get_only_so_many(desk: &Desk) {
    let (here, there) = (place("anna"), place("bert"));
    let (anna, bert) = (desk.conversation(&here).await, desk.conversation(&there).await);
    let messages: Vec<_> = (0..5).map(|n| post(anna, &here, &n.to_string())).collect();
    desk.say(&messages).await;
    desk.say(&[post(bert, &there, "a"), post(bert, &there, "b")]).await;
    let place_at = async |seconds| next(desk, later(seconds)).await.map(|it| it.message.place);
    assert_eq!(place_at(0).await, Some(here.clone()));
    assert_eq!(place_at(1).await, Some(here.clone()));
    assert_eq!(place_at(2).await, Some(there.clone()), "one chat does not hold up another");
    assert_eq!(place_at(2).await, None, "three altogether");
    assert_eq!(place_at(9).await, None);
    assert_eq!(place_at(10).await, Some(here.clone()), "the first was ten seconds ago");
    assert_eq!(place_at(10).await, None);
    assert_eq!(place_at(11).await, Some(here.clone()));
    assert_eq!(place_at(12).await, Some(there), "two in this chat, so the other one");
    assert_eq!(place_at(30).await, Some(here));
    assert_eq!(place_at(30).await, None);
}

pub(crate) async fn what_was_long_on_its_way_counts_from_its_arrival(desk: &Desk) {
    let here = place("anna");
    let anna = desk.conversation(&here).await;
    desk.say(&(0..4).map(|n| post(anna, &here, &n.to_string())).collect::<Vec<_>>()).await;
    let take = async |seconds| {
        desk.store.next_delivery(&everywhere(), &pacing(), None, LONG, later(seconds)).await.unwrap()
    };
    let arrives = async |delivery: Option<Delivery>, seconds| {
        let Delivery { message, attempt, .. } = delivery.unwrap();
        let outcome = sent_as("m");
        desk.store.finish_delivery(message.id, attempt, &outcome, &pacing(), later(seconds)).await.unwrap()
    };
    assert!(arrives(take(0).await, 4).await);
    assert!(arrives(take(5).await, 6).await);
    assert!(take(13).await.is_none(), "two within ten seconds, as the platform sees it");
    assert!(arrives(take(14).await, 14).await);
    assert!(take(15).await.is_none());
    assert!(take(16).await.is_some());
}

pub(crate) async fn who_looked_at_the_clock_a_moment_earlier_keeps_the_pace(desk: &Desk) {
    let here = place("anna");
    let anna = desk.conversation(&here).await;
    desk.say(&(0..3).map(|n| post(anna, &here, &n.to_string())).collect::<Vec<_>>()).await;
    assert!(next(desk, later(101)).await.is_some() && next(desk, later(101)).await.is_some());
    assert_eq!(next(desk, later(100)).await, None, "two in ten seconds");
    desk.store.hold(&here, later(300), later(101)).await.unwrap();
    assert_eq!(next(desk, later(100)).await, None, "somebody has just been told to wait");
}

pub(crate) async fn a_clock_that_was_put_back_silences_nobody(desk: &Desk) {
    let here = place("anna");
    let anna = desk.conversation(&here).await;
    desk.say(&(0..3).map(|n| post(anna, &here, &n.to_string())).collect::<Vec<_>>()).await;
    assert!(next(desk, later(9000)).await.is_some() && next(desk, later(9000)).await.is_some());
    desk.store.hold(&here, later(9300), later(9000)).await.unwrap();
    assert!(next(desk, later(0)).await.is_some());
}

pub(crate) async fn a_chat_that_is_to_wait_waits_alone(desk: &Desk) {
    let (here, there) = (place("anna"), place("bert"));
    let (anna, bert) = (desk.conversation(&here).await, desk.conversation(&there).await);
    desk.say(&[post(anna, &here, "1"), post(anna, &here, "2")]).await;
    desk.say(&[post(bert, &there, "a")]).await;
    desk.store.hold(&here, later(300), NOW).await.unwrap();
    desk.store.hold(&here, later(200), NOW).await.unwrap();
    desk.store.hold(&place("nowhere"), later(300), NOW).await.unwrap();
    assert_eq!(next(desk, later(1)).await.map(|it| it.message.place), Some(there));
    assert_eq!(next(desk, later(299)).await, None);
    assert_eq!(next(desk, later(300)).await.map(|it| it.message.place), Some(here));
}

pub(crate) async fn a_platform_that_does_not_let_us_in_is_left_alone(desk: &Desk) {
    let (here, there) = (place("anna"), place_on(Platform::Discord, "bert"));
    let (anna, bert) = (desk.conversation(&here).await, desk.conversation(&there).await);
    desk.say(&[post(anna, &here, "1")]).await;
    desk.say(&[post(bert, &there, "a")]).await;
    desk.store.hold_platform(Platform::Telegram, later(60), NOW).await.unwrap();
    assert_eq!(next(desk, later(1)).await.map(|it| it.message.place), Some(there), "the other platform does not wait");
    assert_eq!(next(desk, later(59)).await, None);
    assert_eq!(next(desk, later(60)).await.map(|it| it.message.place), Some(here));
}

pub(crate) async fn workers_that_race_keep_the_pace(desk: &Desk) {
    for n in 0..6 {
        let here = place(&n.to_string());
        let conversation = desk.conversation(&here).await;
        desk.say(&[post(conversation, &here, "hello")]).await;
    }
    let pacing = pacing();
    let taken = futures::future::join_all((0..8).map(|_| async {
        desk.store.next_delivery(&everywhere(), &pacing, None, LONG, later(0)).await.unwrap()
    }))
    .await;
    assert!(taken.into_iter().flatten().count() <= 3);
}

pub(crate) async fn what_goes_past_the_outbox_counts_in_its_room(desk: &Desk) {
    let limits = pacing().0[&Platform::Telegram];
    let (room, other) = (place("room"), place("other"));
    let may = async |room: &PlaceRef, seconds| desk.store.spend(room, &limits, later(seconds)).await.unwrap();
    assert!(may(&room, 0).await);
    assert!(!may(&room, 1).await, "one in ten seconds in a room");
    assert!(may(&other, 1).await, "a room holds up no other");
    // What was refused was not counted, neither in the room nor altogether.
    assert!(may(&room, 10).await && may(&place("third"), 10).await);
    let here = place("anna");
    let conversation = desk.conversation(&here).await;
    desk.say(&[post(conversation, &here, "hello")]).await;
    assert_eq!(next(desk, later(10)).await, None, "three altogether");
    assert_eq!(next(desk, later(11)).await.map(|it| it.message.place), Some(here));
}
