//! Whose turn it is to be told of, and what is told to rooms that have had as much as they may.

use std::{collections::BTreeMap, time::Duration};

use firstline_engine::{
    ids::{ConversationId, OutboundId},
    outbound::{Content, DeliveryOutcome, Operation, OutboundMessage, Speaker},
    people::Platform,
    ports::{Appended, Ended, Limits, News, Pacing, Rate, Telling, Turn},
    room::Thread,
    time::Timestamp,
};

use super::rooms::{in_thread, nothing_told, thread_of};
use crate::support::{Desk, LONG, NOW, ambiguous, everywhere, fresh, later, place, post, said, sent_as, turn};

const SECOND: Duration = Duration::from_secs(1);

async fn next(desk: &Desk, now: Timestamp) -> Option<ConversationId> {
    desk.store.next_news(now).await.unwrap().map(|news| news.conversation)
}

async fn taken(desk: &Desk, now: Timestamp) -> News {
    desk.store.next_news(now).await.unwrap().expect("there is news")
}

async fn happens(desk: &Desk, conversation: ConversationId) {
    desk.turn(conversation, Turn { entries: vec![said("more")], ..turn() }).await;
}

async fn tell(desk: &Desk, news: News, now: Timestamp) -> bool {
    desk.store.tell_rooms(&nothing_told(news), now).await.unwrap()
}

pub(crate) async fn a_ticket_that_always_fails_holds_up_no_other(desk: &Desk) {
    let failing = desk.open_ticket(&place("anna")).await.conversation;
    let other = desk.open_ticket(&place("bert")).await.conversation;
    let put_off = async |seconds| {
        let news = taken(desk, later(seconds)).await;
        assert_eq!(news.conversation, failing);
        desk.store.put_off_news(&news, SECOND, 3 * SECOND, later(seconds)).await.unwrap()
    };
    assert_eq!(put_off(0).await, 1);
    let news = taken(desk, later(0)).await;
    assert_eq!(news.conversation, other, "the other one does not wait");
    assert!(tell(desk, news, later(0)).await);
    assert_eq!(next(desk, later(0)).await, None);
    // Longer and longer, up to a limit, over restarts.
    assert_eq!(put_off(1).await, 2);
    assert_eq!(next(desk, later(2)).await, None);
    assert_eq!(put_off(3).await, 3);
    let again = desk.database.connect().await;
    assert_eq!(again.next_news(later(5)).await.unwrap(), None, "four seconds would be too long, two too short");
    assert_eq!(put_off(6).await, 4);
    assert_eq!(next(desk, later(8)).await, None);
    let news = taken(desk, later(9)).await;
    assert!(tell(desk, news, later(9)).await);
    happens(desk, failing).await;
    let news = taken(desk, later(9)).await;
    assert_eq!(desk.store.put_off_news(&news, SECOND, LONG, later(9)).await.unwrap(), 1, "it begins anew");
}

pub(crate) async fn tickets_take_turns(desk: &Desk) {
    let mut conversations = Vec::new();
    for key in ["anna", "bert", "carl"] {
        conversations.push(desk.open_ticket(&place(key)).await.conversation);
    }
    let mut told = Vec::new();
    for seconds in 0..6 {
        let news = taken(desk, later(seconds)).await;
        told.push(news.conversation);
        assert!(tell(desk, news, later(seconds)).await);
        // The first one never rests.
        happens(desk, conversations[0]).await;
        if seconds == 2 {
            happens(desk, conversations[1]).await;
        }
    }
    let [a, b, c] = conversations[..] else { panic!("three") };
    assert_eq!(told[..4], [a, b, c, a]);
    assert!(told[4..].contains(&b), "{told:?}");
}

pub(crate) async fn a_clock_that_was_put_back_holds_up_nothing(desk: &Desk) {
    let (here, hour) = (place("anna"), 3_600);
    let failing = desk.open_ticket(&here).await.conversation;
    let news = taken(desk, later(hour)).await;
    desk.store.put_off_news(&news, LONG, LONG, later(hour)).await.unwrap();
    assert_eq!(next(desk, later(hour + 1)).await, None);
    assert_eq!(next(desk, later(1)).await, Some(failing), "an hour earlier");

    let messages = [post(failing, &here, "1"), post(failing, &here, "2")];
    desk.say(&messages).await;
    let retry = DeliveryOutcome::Retry { at: later(hour + 300), reason: "busy".to_owned() };
    let delivery = desk.next_at(later(hour)).await.unwrap();
    let finish = async |outcome, now| {
        let (message, attempt) = (delivery.message.id, delivery.attempt);
        desk.store.finish_delivery(message, attempt, outcome, &Pacing::default(), now).await.unwrap()
    };
    assert!(finish(&retry, later(hour)).await);
    assert_eq!(desk.next_at(later(hour + 1)).await, None);
    let again = desk.next_at(later(1)).await.expect("an hour earlier nothing waits");
    assert_eq!((again.message.id, again.attempt), (messages[0].id, 2));
    assert!(desk.finish(&again, &sent_as("m")).await);
    desk.store.hold(&here, later(hour + 300), later(hour)).await.unwrap();
    assert_eq!(desk.next_at(later(hour + 1)).await, None);
    assert_eq!(desk.next_at(later(1)).await.map(|it| it.message.id), Some(messages[1].id));
}

pub(crate) async fn a_clock_that_runs_out_is_news(desk: &Desk) {
    let conversation = desk.open_ticket(&place("anna")).await.conversation;
    let news = taken(desk, NOW).await;
    let telling = Telling { clock_at: Some(later(60)), ..nothing_told(news) };
    assert!(desk.store.tell_rooms(&telling, NOW).await.unwrap());
    assert_eq!(next(desk, later(59)).await, None);
    let news = taken(desk, later(60)).await;
    assert_eq!(news.conversation, conversation);
    assert!(tell(desk, news, later(60)).await);
    assert_eq!(next(desk, later(9_999)).await, None, "once");
}

/// One message a minute in a room, as many as one likes elsewhere.
fn pacing() -> Pacing {
    let rate = |count| Rate { count, within: Duration::from_mins(1) };
    Pacing(BTreeMap::from([(Platform::Telegram, Limits { chat: rate(99), room: rate(1), platform: rate(99) })]))
}

fn words(thread: &Thread, text: &str) -> OutboundMessage {
    in_thread(thread, Operation::Post { content: Content::plain(text), reply_to: None })
}

pub(crate) async fn what_waits_in_a_crowded_room_can_say_more(desk: &Desk) {
    let conversation = desk.open_ticket(&place("anna")).await.conversation;
    let thread = thread_of(conversation);
    let (first, second) = (words(&thread, "1"), words(&thread, "2"));
    let telling = Telling {
        opened: vec![thread.clone()],
        outbound: vec![first.clone(), second.clone()],
        ..nothing_told(taken(desk, NOW).await)
    };
    assert!(desk.store.tell_rooms(&telling, NOW).await.unwrap());
    assert_eq!(desk.store.copies(conversation, NOW).await.unwrap().crowded, [], "there is room");
    let next = async |now| desk.store.next_delivery(&everywhere(), &pacing(), None, LONG, now).await.unwrap();
    let delivery = next(NOW).await.unwrap();
    assert!(desk.finish(&delivery, &sent_as("m1")).await);

    let crowded = desk.store.copies(conversation, NOW).await.unwrap().crowded;
    let [crowd] = &crowded[..] else { panic!("one thread: {crowded:?}") };
    assert_eq!(crowd.place, thread.place());
    assert_eq!(crowd.last.as_ref().map(|last| last.message), Some(second.id));
    happens(desk, conversation).await;
    let line = said("3");
    desk.turn(conversation, Turn { entries: vec![line.clone()], ..turn() }).await;
    let more = Appended {
        message: second.id,
        place: thread.place(),
        speaker: Speaker::Desk,
        operation: Operation::Post { content: Content::markdown("2 and 3"), reply_to: None },
    };
    let appending = async || Telling {
        appended: vec![more.clone()],
        copies: vec![(line.id, second.id)],
        ..nothing_told(taken(desk, NOW).await)
    };
    assert!(desk.store.tell_rooms(&appending().await, NOW).await.unwrap());
    assert_eq!(next(later(59)).await, None);
    let delivery = next(later(60)).await.unwrap();
    assert_eq!((delivery.message.id, &delivery.message.operation), (second.id, &more.operation));
    // Now it is being sent, and says no more.
    happens(desk, conversation).await;
    let crowded = desk.store.copies(conversation, later(61)).await.unwrap().crowded;
    assert_eq!(crowded.first().map(|crowd| crowd.last.clone()), Some(None));
    assert!(!desk.store.tell_rooms(&appending().await, NOW).await.unwrap());
    assert!(desk.store.next_news(NOW).await.unwrap().is_some(), "nothing was told");
    assert!(desk.finish(&delivery, &sent_as("m2")).await);
    let copies = desk.store.copies(conversation, NOW).await.unwrap().copies;
    assert!(copies.iter().any(|copy| copy.entry == line.id && copy.external.as_ref().is_some_and(|id| id.0 == "m2")));
}

pub(crate) async fn what_took_several_messages_counts_as_several(desk: &Desk) {
    let here = place("anna");
    let conversation = desk.conversation(&here).await;
    desk.say(&[post(conversation, &here, "long"), post(conversation, &here, "next")]).await;
    let rate = |count| Rate { count, within: Duration::from_secs(10) };
    let limits = Limits { chat: rate(3), room: rate(9), platform: rate(9) };
    let pacing = Pacing(BTreeMap::from([(Platform::Telegram, limits)]));
    let next = async |now| desk.store.next_delivery(&everywhere(), &pacing, None, LONG, now).await.unwrap();
    let delivery = next(NOW).await.unwrap();
    let parts = ["m1", "m2", "m3"].map(|id| firstline_engine::inbound::ExternalId(id.to_owned()));
    let sent = DeliveryOutcome::Sent(parts.to_vec());
    let (message, attempt) = (delivery.message.id, delivery.attempt);
    assert!(desk.store.finish_delivery(message, attempt, &sent, &pacing, NOW).await.unwrap());
    assert_eq!(next(later(9)).await, None, "three have gone out");
    assert!(next(later(10)).await.is_some());
}

pub(crate) async fn a_line_that_is_perhaps_missing_in_a_thread_is_told(desk: &Desk) {
    let conversation = desk.open_ticket(&place("anna")).await.conversation;
    let thread = thread_of(conversation);
    let line = said("hello");
    desk.turn(conversation, Turn { entries: vec![line.clone()], ..turn() }).await;
    let (copy, notice) = (words(&thread, "hello"), OutboundMessage { id: OutboundId(fresh()), ..words(&thread, "?") });
    let telling = Telling {
        opened: vec![thread.clone()],
        outbound: vec![copy.clone(), notice],
        copies: vec![(line.id, copy.id)],
        ..nothing_told(taken(desk, NOW).await)
    };
    assert!(desk.store.tell_rooms(&telling, NOW).await.unwrap());
    for _ in 0..2 {
        let delivery = desk.next().await.unwrap();
        assert!(desk.finish(&delivery, &ambiguous()).await);
    }
    let ended = desk.store.copies(conversation, NOW).await.unwrap().ended;
    let [Ended { message, place, to_requester, entry, .. }] = &ended[..] else { panic!("the line alone: {ended:?}") };
    assert_eq!((*message, place, *to_requester, *entry), (copy.id, &thread.place(), false, Some(line.id)));
}

/// A change that could not be made in a thread is told there; one that could is no news.
pub(crate) async fn what_a_room_was_not_told_for_good_is_told(desk: &Desk) {
    let conversation = desk.open_ticket(&place("anna")).await.conversation;
    let thread = thread_of(conversation);
    let line = said("hello");
    desk.turn(conversation, Turn { entries: vec![line.clone()], ..turn() }).await;
    let copy = words(&thread, "hello");
    let telling = Telling {
        opened: vec![thread.clone()],
        outbound: vec![copy.clone()],
        copies: vec![(line.id, copy.id)],
        ..nothing_told(taken(desk, NOW).await)
    };
    assert!(desk.store.tell_rooms(&telling, NOW).await.unwrap());
    let delivery = desk.next().await.unwrap();
    assert!(desk.finish(&delivery, &sent_as("m")).await);
    let change = |text| in_thread(&thread, Operation::Edit { target: copy.id, content: Content::plain(text) });
    let (made, lost) = (change("hallo"), change("hello, all"));
    desk.say(&[made, lost.clone()]).await;
    for outcome in [sent_as("m"), DeliveryOutcome::Dead { reason: "too old".to_owned() }] {
        let delivery = desk.next().await.unwrap();
        assert!(desk.finish(&delivery, &outcome).await);
    }
    let ended = desk.store.copies(conversation, NOW).await.unwrap().ended;
    let [only] = &ended[..] else { panic!("one: {ended:?}") };
    assert_eq!((only.message, only.entry, &only.operation), (lost.id, Some(line.id), &lost.operation));
}
