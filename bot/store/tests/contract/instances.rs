//! Runs of the program: who is there, who is gone, and what becomes of what they had under way.

use std::time::Duration;

use firstline_engine::{
    ids::OutboundId,
    outbound::{Delivery, DeliveryOutcome, Operation, OutboundMessage},
    inbound::ExternalId,
    ports::{GivenUp, Instance, Pacing},
};

use crate::support::{Desk, EXPIRED, LONG, NOW, everywhere, fresh, place, post, sent_as};

async fn appears(desk: &Desk, ttl: Duration) -> Instance {
    desk.store.appear("host/1", "here", ttl).await.unwrap()
}

/// Somebody is to be told something.
async fn something_to_say(desk: &Desk, key: &str) -> OutboundMessage {
    let here = place(key);
    let conversation = desk.conversation(&here).await;
    let message = post(conversation, &here, "hello");
    desk.say(std::slice::from_ref(&message)).await;
    message
}

async fn takes(desk: &Desk, sender: Instance) -> Option<Delivery> {
    desk.store.next_delivery(&everywhere(), &Pacing::default(), Some(sender), LONG, NOW).await.unwrap()
}

async fn given_up(desk: &Desk) -> u64 {
    desk.store.give_up_deliveries(GivenUp::Overdue, &[], &[], NOW).await.unwrap()
}

pub(crate) async fn each_instance_has_a_higher_number(desk: &Desk) {
    let first = appears(desk, LONG).await;
    let second = appears(desk, LONG).await;
    assert!(second.0 > first.0);
    let neighbours = desk.store.neighbours(second).await.unwrap();
    assert_eq!(neighbours.iter().map(|it| it.instance).collect::<Vec<_>>(), [first]);
    assert_eq!(neighbours[0].whereabouts, "here");
    assert!(desk.store.leave(first).await.unwrap());
    assert!(!desk.store.leave(first).await.unwrap(), "that is known");
    assert!(!desk.store.stay(first, LONG).await.unwrap(), "who is gone does not come back");
    assert_eq!(desk.store.neighbours(second).await.unwrap(), []);
    // It is forgotten, and its number is not given again.
    let third = appears(desk, LONG).await;
    assert!(third.0 > second.0 && !desk.store.stay(first, LONG).await.unwrap());
}

pub(crate) async fn what_a_gone_instance_had_under_way_is_given_up(desk: &Desk) {
    let (dying, living) = (appears(desk, LONG).await, appears(desk, LONG).await);
    let lost = something_to_say(desk, "anna").await;
    assert_eq!(takes(desk, dying).await.unwrap().message.id, lost.id);
    let kept = something_to_say(desk, "bert").await;
    let delivery = takes(desk, living).await.unwrap();
    assert_eq!(given_up(desk).await, 0, "both are there");
    assert!(desk.store.leave(dying).await.unwrap());
    // What is still to be decided is not forgotten with the instance.
    appears(desk, LONG).await;
    assert_eq!(given_up(desk).await, 1);
    assert_eq!(given_up(desk).await, 0, "the other one is alive");
    assert_eq!(desk.store.health(NOW).await.unwrap().deliveries_ambiguous, 1);
    assert!(desk.finish(&delivery, &sent_as("m")).await);
    assert_eq!(delivery.message.id, kept.id);
}

pub(crate) async fn who_is_gone_holds_no_conversation(desk: &Desk) {
    let appears = async |owner: &str| desk.store.appear(owner, "here", LONG).await.unwrap();
    let (dying, _living) = (appears("a").await, appears("b").await);
    let held = desk.receive(&place("anna"), "hello").await.conversation;
    let other = desk.receive(&place("bert"), "hello").await.conversation;
    let lost = desk.store.lease(held, "a", LONG).await.unwrap().unwrap();
    assert!(desk.store.lease(other, "b", LONG).await.unwrap().is_some());
    assert!(desk.store.leave(dying).await.unwrap());
    let taken = desk.store.lease(held, "b", LONG).await.unwrap().unwrap();
    assert!(taken.epoch > lost.epoch, "its holder is fenced");
    assert_eq!(desk.store.lease(other, "c", LONG).await.unwrap(), None, "who is there keeps what it holds");
    // Who begins anew under the same name is there.
    let again = appears("a").await;
    let third = desk.receive(&place("carla"), "hello").await.conversation;
    assert!(desk.store.lease(third, "a", LONG).await.unwrap().is_some());
    assert!(desk.store.leave(appears("a").await).await.unwrap());
    assert_eq!(desk.store.lease(third, "c", LONG).await.unwrap(), None);
    assert!(desk.store.leave(again).await.unwrap());
    assert!(desk.store.lease(third, "c", LONG).await.unwrap().is_some());
}

pub(crate) async fn what_may_be_repeated_is_repeated_after_an_end(desk: &Desk) {
    let dying = appears(desk, LONG).await;
    let original = something_to_say(desk, "anna").await;
    let first = takes(desk, dying).await.unwrap();
    assert!(desk.finish(&first, &sent_as("m")).await);
    let operations = [
        Operation::Delete { target: original.id },
        Operation::Receipt { message: ExternalId("7".to_owned()), emoji: None },
        Operation::CloseThread,
        Operation::ReopenThread,
    ];
    for (operation, key) in operations.into_iter().zip(["anna", "b", "c", "d"]) {
        assert!(operation.is_repeatable());
        let conversation = desk.conversation(&place(key)).await;
        let message = OutboundMessage { id: OutboundId(fresh()), operation, ..post(conversation, &place(key), "") };
        desk.say(&[message]).await;
        assert!(takes(desk, dying).await.is_some());
    }
    desk.store.leave(dying).await.unwrap();
    assert_eq!(given_up(desk).await, 4);
    let health = desk.store.health(NOW).await.unwrap();
    assert_eq!((health.deliveries_ambiguous, health.deliveries_pending), (0, 4));
}

pub(crate) async fn who_is_not_there_takes_nothing(desk: &Desk) {
    let message = something_to_say(desk, "anna").await;
    let stopped = appears(desk, EXPIRED).await;
    assert_eq!(takes(desk, stopped).await, None, "nobody believes that it is there");
    assert!(desk.store.stay(stopped, LONG).await.unwrap(), "nobody has declared it gone");
    let taken = takes(desk, stopped).await.unwrap();
    assert_eq!(taken.message.id, message.id);
    assert!(desk.store.leave(stopped).await.unwrap());
    something_to_say(desk, "bert").await;
    assert_eq!(takes(desk, stopped).await, None, "it is fenced");
    assert_eq!(takes(desk, Instance(999)).await, None, "nobody knows of it");
    assert_eq!(given_up(desk).await, 1);
    // What it knows for certain still counts.
    assert!(desk.finish(&taken, &DeliveryOutcome::Sent(Vec::new())).await);
    assert_eq!(desk.store.health(NOW).await.unwrap().deliveries_ambiguous, 0);
}

pub(crate) async fn only_who_was_there_all_the_while_declares_others_gone(desk: &Desk) {
    let none = Duration::ZERO;
    let silent = appears(desk, EXPIRED).await;
    let judge = appears(desk, LONG).await;
    assert_eq!(desk.store.declare_gone(judge, LONG).await.unwrap(), 0, "nobody was silent for so long");
    assert_eq!(desk.store.declare_gone(silent, none).await.unwrap(), 0, "who is not there itself does not judge");
    assert_eq!(desk.store.declare_gone(Instance(999), none).await.unwrap(), 0);
    assert_eq!(desk.store.declare_gone(judge, none).await.unwrap(), 1);
    assert!(!desk.store.stay(silent, LONG).await.unwrap());
    assert_eq!(desk.store.declare_gone(judge, none).await.unwrap(), 0, "that is known");

    // The store was away, and nobody could say anything: none is judged before it had the time to.
    let other = appears(desk, EXPIRED).await;
    let judge = appears(desk, EXPIRED).await;
    assert!(desk.store.stay(judge, LONG).await.unwrap());
    assert_eq!(desk.store.declare_gone(judge, Duration::from_mins(1)).await.unwrap(), 0);
    assert!(desk.store.stay(other, LONG).await.unwrap());
}
