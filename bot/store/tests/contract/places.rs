//! Chats and their parts: who is where, who waits, and chats that get another address.

use std::{collections::BTreeMap, time::Duration};

use firstline_engine::{
    inbound::ExternalId,
    outbound::{OutboundMessage, Speaker},
    people::Platform,
    ports::{Limits, Pacing, Rate, Turn},
    time::Timestamp,
};

use crate::{
    rooms::{news, tell, threaded},
    support::{
        Desk, LONG, NOW, everywhere, handled, held, later, place, place_on, post, retry, sent_as, turn,
    },
};

pub(crate) async fn the_places_of_a_chat_are_found(desk: &Desk) {
    for key in ["7", "7/3", "70", "8"] {
        desk.conversation(&place(key)).await;
    }
    desk.conversation(&place_on(Platform::Discord, "7")).await;
    assert_eq!(desk.store.places_of_chat(&place("7")).await.unwrap(), [place("7"), place("7/3")]);
    assert_eq!(desk.store.places_of_chat(&place("9")).await.unwrap(), []);
    assert_eq!(desk.store.places_of_chat(&place("%")).await.unwrap(), []);
}

pub(crate) async fn who_waits_for_the_bot_is_found(desk: &Desk) {
    let waiting = async |since: Timestamp| {
        desk.store.waiting_for_the_bot(&[Platform::Telegram, Platform::Web], since).await.unwrap()
    };
    desk.receive(&place_on(Platform::Discord, "elsewhere"), "hello").await;
    assert_eq!(waiting(NOW).await, []);
    let here = place("anna");
    let event = desk.receive(&here, "hello").await;
    let conversation = event.conversation;
    assert_eq!(waiting(NOW).await, std::slice::from_ref(&here));
    assert_eq!(waiting(later(-1)).await, [], "not for so long");
    let by_bot = |text: &str| OutboundMessage { speaker: Speaker::Bot, ..post(conversation, &here, text) };
    let outbound = vec![post(conversation, &here, "by the desk"), by_bot("by the bot")];
    desk.turn(conversation, Turn { outbound, ..handled([event]) }).await;
    assert_eq!(waiting(NOW).await, std::slice::from_ref(&here), "handled, and not answered");
    let first = desk.next().await.unwrap();
    assert!(desk.finish(&first, &sent_as("1")).await);
    let answer = desk.next().await.unwrap();
    assert_eq!(waiting(NOW).await, std::slice::from_ref(&here), "on its way");
    assert!(desk.finish(&answer, &retry(later(5))).await);
    assert_eq!(waiting(NOW).await, [], "nobody types while the platform is to be left alone");
    let answer = desk.next_at(later(5)).await.unwrap();
    assert!(desk.finish(&answer, &sent_as("2")).await);
    assert_eq!(waiting(later(9)).await, []);
    desk.turn(conversation, Turn { state: held(), ..turn() }).await;
    desk.receive(&here, "for the human").await;
    assert_eq!(waiting(NOW).await, []);
}

pub(crate) async fn the_parts_of_a_chat_share_what_it_may_have(desk: &Desk) {
    let rate = |count| Rate { count, within: Duration::from_secs(10) };
    let limits = Limits { chat: rate(2), room: rate(1), platform: rate(9) };
    let pacing = Pacing(BTreeMap::from([(Platform::Telegram, limits)]));
    let taken = async || {
        let mut keys = Vec::new();
        while let Some(delivery) = desk.store.next_delivery(&everywhere(), &pacing, None, LONG, NOW).await.unwrap() {
            assert!(desk.finish(&delivery, &sent_as("m")).await);
            keys.push(delivery.message.place.key);
        }
        keys
    };
    for key in ["5", "5/1", "5/2", "-6/0/anna", "-6/0/bert"] {
        let conversation = desk.conversation(&place(key)).await;
        desk.say(&[post(conversation, &place(key), "hello")]).await;
    }
    assert_eq!(taken().await, ["5", "5/1", "-6/0/anna"]);
}

pub(crate) async fn a_room_that_moves_takes_its_tickets_along(desk: &Desk) {
    let thread = threaded(desk).await;
    let asked = desk.conversation(&place("-100/0/erika")).await;
    desk.say(&[post(asked, &place("-100/0/erika"), "hello")]).await;
    let waits = desk.next().await.unwrap();
    assert!(desk.finish(&waits, &retry(NOW)).await);
    assert!(tell(desk, &news(desk).await).await);
    assert_eq!(desk.store.next_news(NOW).await.unwrap(), None);

    let (from, to) = (place("-100"), place("-200"));
    assert_eq!(desk.store.move_room(&from, &to).await.unwrap(), 1);
    assert_eq!(desk.store.move_room(&from, &to).await.unwrap(), 0, "known already");
    assert_eq!(desk.store.moved_rooms().await.unwrap(), [(from.clone(), to.clone())]);
    let moved = desk.load(thread.conversation).await.threads.remove(0);
    assert_eq!((moved.room.key.as_str(), moved.opened, moved.external, moved.card_id), ("-200", false, None, None));
    assert_eq!(desk.store.next_news(NOW).await.unwrap().map(|news| news.conversation), Some(thread.conversation));
    let card = ExternalId("70".to_owned());
    for room in [&from, &to] {
        assert_eq!(desk.store.find_thread(room, None, Some(&card)).await.unwrap(), None, "another message now");
    }
    let delivery = desk.next().await.unwrap();
    assert_eq!((delivery.message.id, delivery.message.place.key.as_str()), (waits.message.id, "-200/0/erika"));

    // It moves again: what the settings name leads to where it is.
    assert_eq!(desk.store.move_room(&to, &place("-300")).await.unwrap(), 1);
    let known = desk.store.moved_rooms().await.unwrap();
    assert_eq!(known, [(from, place("-300")), (to, place("-300"))]);
}
