//! What is to be said: in order, once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use firstline_engine::{
    ids::OutboundId,
    inbound::InboundKind,
    outbound::{DeliveryOutcome, Operation, OutboundMessage, Speaker},
    people::Platform,
    ports::{GivenUp, Lane, Pacing, PendingEvent, StoreError},
    time::Timestamp,
};
use futures::future::join_all;
use tokio::time::timeout;

use crate::support::{
    Desk, EXPIRED, LONG, NOW, SOON, ambiguous, dead, everywhere, fresh, later, place, place_on, post, retry, sent_as,
};

pub(crate) async fn messages_of_a_place_go_one_by_one_in_order(desk: &Desk) {
    assert_eq!(desk.next().await, None);
    let (here, there) = (place("anna"), place("bert"));
    let (anna, bert) = (desk.conversation(&here).await, desk.conversation(&there).await);
    let messages = [post(anna, &here, "1"), post(anna, &here, "2"), post(anna, &here, "3")];
    desk.say(&messages).await;
    let elsewhere = post(bert, &there, "a");
    desk.say(std::slice::from_ref(&elsewhere)).await;

    let first = desk.next().await.unwrap();
    assert_eq!((&first.message, first.attempt, &first.target), (&messages[0], 1, &None));
    assert_eq!(desk.next().await.unwrap().message, elsewhere, "one place does not hold up another");
    assert_eq!(desk.next().await, None, "one at a time");
    assert!(desk.finish(&first, &sent_as("m1")).await);
    assert_eq!(desk.next().await.unwrap().message, messages[1]);
}

pub(crate) async fn a_lane_serves_its_platforms_or_its_place(desk: &Desk) {
    let places = Platform::ALL.map(|platform| place_on(platform, "anna"));
    for here in &places {
        let conversation = desk.conversation(here).await;
        desk.say(&[post(conversation, here, "hello")]).await;
    }
    let next = async |lane| {
        let delivery = desk.store.next_delivery(&lane, &Pacing::default(), None, LONG, NOW).await.unwrap();
        delivery.map(|delivery| delivery.message.place.platform)
    };
    assert_eq!(next(Lane::Platforms(vec![])).await, None);
    assert_eq!(next(Lane::Place(place_on(Platform::Web, "bert"))).await, None);
    assert_eq!(next(Lane::Place(places[3].clone())).await, Some(Platform::Web));
    assert_eq!(next(Lane::Platforms(vec![Platform::Web])).await, None);
    let chats = Lane::Platforms(vec![Platform::Telegram, Platform::Discord]);
    assert_eq!(next(chats.clone()).await, Some(Platform::Discord));
    assert_eq!(next(chats.clone()).await, Some(Platform::Telegram));
    assert_eq!(next(chats).await, None);
    assert_eq!(next(everywhere()).await, Some(Platform::Terminal));
}

pub(crate) async fn workers_that_race_keep_the_order_of_every_place(desk: &Desk) {
    const PLACES: usize = 6;
    const MESSAGES: usize = 15;
    let mut expected: HashMap<String, Vec<OutboundId>> = HashMap::new();
    for n in 0..PLACES {
        let here = place(&n.to_string());
        let conversation = desk.conversation(&here).await;
        let messages: Vec<_> = (0..MESSAGES).map(|m| post(conversation, &here, &m.to_string())).collect();
        desk.say(&messages).await;
        expected.insert(here.key, messages.iter().map(|it| it.id).collect());
    }
    let sent = Arc::new(Mutex::new(HashMap::<String, Vec<OutboundId>>::new()));
    let flying = Arc::new(Mutex::new(HashMap::<String, u32>::new()));
    let workers = (0..8).map(|_| {
        let (store, sent, flying) = (desk.store.clone(), sent.clone(), flying.clone());
        tokio::spawn(async move {
            loop {
                let Some(delivery) = store.next_delivery(&everywhere(), &Pacing::default(), None, LONG, NOW).await.unwrap() else {
                    if store.health(NOW).await.unwrap().deliveries_pending == 0 {
                        return;
                    }
                    tokio::task::yield_now().await;
                    continue;
                };
                let key = delivery.message.place.key.clone();
                assert_eq!(flying.lock().unwrap().insert(key.clone(), delivery.attempt), None, "two at once in {key}");
                assert_eq!(delivery.attempt, 1);
                sent.lock().unwrap().entry(key.clone()).or_default().push(delivery.message.id);
                tokio::task::yield_now().await;
                flying.lock().unwrap().remove(&key);
                let outcome = DeliveryOutcome::Sent(Vec::new());
                assert!(store.finish_delivery(delivery.message.id, 1, &outcome, &Pacing::default(), NOW).await.unwrap());
            }
        })
    });
    for worker in join_all(workers).await {
        worker.unwrap();
    }
    assert_eq!(*sent.lock().unwrap(), expected);
}

pub(crate) async fn a_retry_holds_up_its_place_until_it_is_due(desk: &Desk) {
    let (here, there) = (place("anna"), place("bert"));
    let (anna, bert) = (desk.conversation(&here).await, desk.conversation(&there).await);
    let messages = [post(anna, &here, "1"), post(anna, &here, "2")];
    desk.say(&messages).await;
    let first = desk.next().await.unwrap();
    assert!(desk.finish(&first, &retry(later(30))).await);
    assert_eq!(desk.next().await, None);
    assert_eq!(desk.next_at(later(29)).await, None);
    desk.say(&[post(bert, &there, "a")]).await;
    assert_eq!(desk.next().await.unwrap().message.place, there);
    let again = desk.next_at(later(30)).await.unwrap();
    assert_eq!((&again.message, again.attempt), (&messages[0], 2));
    assert_eq!(desk.next_at(later(30)).await, None);
    assert!(desk.finish(&again, &sent_as("m1")).await);
    assert_eq!(desk.next().await.unwrap().message, messages[1]);
}

pub(crate) async fn what_is_ambiguous_or_dead_does_not_hold_up_its_place(desk: &Desk) {
    let here = place("anna");
    let anna = desk.conversation(&here).await;
    let messages = [post(anna, &here, "1"), post(anna, &here, "2"), post(anna, &here, "3")];
    desk.say(&messages).await;
    for (message, outcome) in messages.iter().zip([ambiguous(), dead(), sent_as("m3")]) {
        let delivery = desk.next().await.unwrap();
        assert_eq!(delivery.message, *message);
        assert!(desk.finish(&delivery, &outcome).await);
    }
    assert_eq!(desk.next_at(later(99)).await, None);
    let health = desk.store.health(NOW).await.unwrap();
    assert_eq!((health.deliveries_pending, health.deliveries_ambiguous, health.deliveries_dead), (0, 1, 1));
}

pub(crate) async fn a_result_counts_for_the_attempt_under_way(desk: &Desk) {
    let here = place("anna");
    let anna = desk.conversation(&here).await;
    let message = post(anna, &here, "1");
    desk.say(std::slice::from_ref(&message)).await;
    let finish = async |attempt, outcome| desk.store.finish_delivery(message.id, attempt, &outcome, &Pacing::default(), NOW).await.unwrap();
    assert!(!finish(0, sent_as("m")).await, "nobody has tried");
    let first = desk.next().await.unwrap();
    assert!(!finish(2, sent_as("m")).await);
    assert!(finish(1, retry(NOW)).await);
    assert!(!finish(1, sent_as("m")).await, "it is not under way any more");
    let second = desk.next().await.unwrap();
    assert_eq!((first.attempt, second.attempt), (1, 2));
    for outcome in [sent_as("m"), retry(NOW), ambiguous(), dead()] {
        assert!(!finish(1, outcome).await, "an older attempt");
    }
    assert!(finish(2, sent_as("m")).await);
    assert!(!finish(2, sent_as("m")).await);
    assert!(!desk.store.finish_delivery(OutboundId(fresh()), 1, &sent_as("m"), &Pacing::default(), NOW).await.unwrap());
}

pub(crate) async fn late_certainty_counts_and_a_late_guess_does_not(desk: &Desk) {
    let here = place("anna");
    let anna = desk.conversation(&here).await;
    let messages = [post(anna, &here, "1"), post(anna, &here, "2")];
    desk.say(&messages).await;
    for outcome in [sent_as("m"), dead()] {
        let delivery = desk.next().await.unwrap();
        assert_eq!(desk.store.give_up_deliveries(GivenUp::AllIn(&here), &[], &[], NOW).await.unwrap(), 1);
        assert!(!desk.finish(&delivery, &retry(NOW)).await);
        assert!(!desk.finish(&delivery, &ambiguous()).await);
        assert!(desk.finish(&delivery, &outcome).await);
    }
    let health = desk.store.health(NOW).await.unwrap();
    assert_eq!((health.deliveries_ambiguous, health.deliveries_dead), (0, 1));
}

pub(crate) async fn attempts_whose_time_has_passed_are_given_up(desk: &Desk) {
    let chats = [Platform::Telegram, Platform::Discord].map(|platform| place_on(platform, "anna"));
    for here in &chats {
        let conversation = desk.conversation(here).await;
        desk.say(&[post(conversation, here, "hello")]).await;
    }
    let slow = place("bert");
    let conversation = desk.conversation(&slow).await;
    for ttl in [EXPIRED, EXPIRED] {
        desk.store.next_delivery(&everywhere(), &Pacing::default(), None, ttl, NOW).await.unwrap().unwrap();
    }
    desk.say(&[post(conversation, &slow, "still under way"), post(conversation, &slow, "next")]).await;
    desk.next().await.unwrap();
    assert_eq!(desk.next().await, None, "an attempt holds up its place until it is given up");
    let health = desk.store.health(NOW).await.unwrap();
    assert_eq!((health.deliveries_pending, health.deliveries_ambiguous), (4, 0));

    assert_eq!(desk.store.give_up_deliveries(GivenUp::Overdue, &[Platform::Discord], &[], NOW).await.unwrap(), 2);
    assert_eq!(desk.store.give_up_deliveries(GivenUp::Overdue, &[Platform::Discord], &[], NOW).await.unwrap(), 0);
    let health = desk.store.health(NOW).await.unwrap();
    assert_eq!((health.deliveries_pending, health.deliveries_ambiguous), (3, 1));
    let again = desk.next().await.unwrap();
    assert_eq!((again.message.place.platform, again.attempt), (Platform::Discord, 2));
    assert_eq!(desk.next().await, None);
}

pub(crate) async fn all_attempts_of_a_place_can_be_given_up(desk: &Desk) {
    let (here, there) = (place("anna"), place("bert"));
    for here in [&here, &there] {
        let conversation = desk.conversation(here).await;
        desk.say(&[post(conversation, here, "hello")]).await;
        desk.next().await.unwrap();
    }
    assert_eq!(desk.store.give_up_deliveries(GivenUp::AllIn(&place("nowhere")), &[], &[], NOW).await.unwrap(), 0);
    assert_eq!(desk.store.give_up_deliveries(GivenUp::Overdue, &[], &[], NOW).await.unwrap(), 0);
    assert_eq!(desk.store.give_up_deliveries(GivenUp::AllIn(&there), &[Platform::Telegram], &[], NOW).await.unwrap(), 1);
    let again = desk.next().await.unwrap();
    assert_eq!((&again.message.place, again.attempt), (&there, 2));
}

pub(crate) async fn overdue_attempts_of_one_place_can_be_given_up(desk: &Desk) {
    let (here, there) = (place("anna"), place("bert"));
    for here in [&here, &there] {
        let conversation = desk.conversation(here).await;
        desk.say(&[post(conversation, here, "hello")]).await;
        desk.store.next_delivery(&everywhere(), &Pacing::default(), None, EXPIRED, NOW).await.unwrap().unwrap();
    }
    let slow = place("carl");
    let conversation = desk.conversation(&slow).await;
    desk.say(&[post(conversation, &slow, "still under way")]).await;
    desk.next().await.unwrap();
    let give_up = async |place| desk.store.give_up_deliveries(GivenUp::OverdueIn(place), &[], &[], NOW).await.unwrap();
    let nowhere = place("nowhere");
    assert_eq!(give_up(&nowhere).await, 0);
    assert_eq!(give_up(&slow).await, 0);
    assert_eq!(give_up(&here).await, 1);
    assert_eq!(give_up(&here).await, 0);
    assert_eq!(desk.store.give_up_deliveries(GivenUp::Overdue, &[], &[], NOW).await.unwrap(), 1, "the other one");
}

/// Whether it was begun nobody knows: the connection broke at the end of the transaction.
pub(crate) async fn an_attempt_that_was_perhaps_begun_holds_nothing_up(desk: &Desk) {
    let here = place("anna");
    let anna = desk.conversation(&here).await;
    let message = post(anna, &here, "hello");
    desk.say(std::slice::from_ref(&message)).await;
    desk.database.break_at_commit_of("outbox", "NEW.state = 'sending'", 3).await;
    let taken = async {
        loop {
            match desk.store.next_delivery(&everywhere(), &Pacing::default(), None, LONG, NOW).await {
                Ok(Some(delivery)) => break delivery,
                // A server says that a connection ends before it lets go of what that had locked.
                Ok(None) => desk.store.wait_for_change(Duration::from_millis(20)).await,
                Err(error) => assert!(matches!(error, StoreError::Database { .. }), "{error}"),
            }
        }
    };
    let delivery = timeout(SOON, taken).await.expect("it is free long before the attempt's time has passed");
    assert_eq!(delivery.message, message);
}

pub(crate) async fn a_person_can_have_a_message_sent_again_or_confirmed(desk: &Desk) {
    let here = place("anna");
    let anna = desk.conversation(&here).await;
    let message = post(anna, &here, "hello");
    desk.say(std::slice::from_ref(&message)).await;
    let again = async || desk.store.resend(message.id, NOW).await.unwrap();
    let confirm = async || desk.store.confirm_delivery(message.id, NOW).await.unwrap();
    assert!(!again().await && !confirm().await, "it waits anyway");
    let mut delivery = desk.next().await.unwrap();
    for (attempt, outcome) in [(1, ambiguous()), (2, dead()), (3, ambiguous())] {
        assert!(!again().await && !confirm().await, "it is being sent");
        assert_eq!(delivery.attempt, attempt);
        assert!(matches!(delivery.message.operation, Operation::Post { .. }));
        assert!(desk.finish(&delivery, &outcome).await);
        assert!(again().await);
        delivery = desk.next().await.unwrap();
    }
    assert!(desk.finish(&delivery, &dead()).await);
    assert!(!confirm().await, "it is dead");
    assert!(again().await);
    let delivery = desk.next().await.unwrap();
    assert!(desk.finish(&delivery, &ambiguous()).await);
    assert!(confirm().await);
    assert!(!confirm().await && !again().await, "it has arrived");
    assert!(!desk.finish(&delivery, &dead()).await);
    assert_eq!(desk.next().await, None);
    assert_eq!(desk.store.health(NOW).await.unwrap().deliveries_ambiguous, 0);
    assert!(!desk.store.resend(OutboundId(fresh()), NOW).await.unwrap());
}

pub(crate) async fn a_further_attempt_knows_of_those_before(desk: &Desk) {
    let (here, there) = (place("anna"), place("bert"));
    let (anna, bert) = (desk.conversation(&here).await, desk.conversation(&there).await);
    desk.say(&[post(bert, &there, "elsewhere")]).await;
    desk.say(&[post(anna, &here, "1"), post(anna, &here, "2")]).await;
    for (place, id) in [(&there, "77"), (&here, "9"), (&here, "10")] {
        let lane = Lane::Place(place.clone());
        let delivery = desk.store.next_delivery(&lane, &Pacing::default(), None, LONG, NOW).await.unwrap().unwrap();
        assert_eq!(delivery.earlier, None, "a first attempt");
        assert!(desk.finish(&delivery, &sent_as(id)).await);
    }
    desk.say(&[post(anna, &here, "3")]).await;
    let first = desk.next().await.unwrap();
    assert!(desk.finish(&first, &retry(Timestamp(NOW.0 - 1))).await);
    let minute = Duration::from_mins(1);
    // The clock is put back between two attempts: how long ago the first was nobody knows, so nothing is built on it.
    let put_back = Timestamp(NOW.0 - 1);
    let again = desk.store.next_delivery(&everywhere(), &Pacing::default(), None, LONG, put_back).await.unwrap().unwrap();
    assert_eq!(again.earlier.as_ref().map(|it| it.ago), Some(60 * minute));
    assert!(desk.finish(&again, &retry(NOW)).await);
    let again = desk.store.next_delivery(&everywhere(), &Pacing::default(), None, LONG, NOW.after(minute)).await.unwrap();
    let earlier = again.unwrap().earlier.unwrap();
    assert_eq!((earlier.since, earlier.ago), (NOW, minute));
    let others: Vec<&str> = earlier.others.iter().map(|id| id.0.as_str()).collect();
    assert_eq!(others, ["10", "9"], "of this place alone, the newest first");
}

/// Whether an attempt ends so, or its sender does: what the bot says to a requester is said once more, and then no more.
pub(crate) async fn what_nobody_would_notice_is_said_once_more(desk: &Desk) {
    let here = place("anna");
    let anna = desk.conversation(&here).await;
    let give_up = async |once_more: &[Platform]| {
        desk.store.give_up_deliveries(GivenUp::AllIn(&here), &[], once_more, NOW).await.unwrap()
    };
    let agent = Speaker::Agent { name: "Carla".to_owned() };
    let by_agent = OutboundMessage { speaker: agent, ..post(anna, &here, "by an agent") };
    desk.say(&[by_agent]).await;
    desk.next().await.unwrap();
    assert_eq!(give_up(&[Platform::Telegram]).await, 1);
    assert_eq!(desk.next().await, None, "an agent is told, and decides");

    desk.say(&[OutboundMessage { speaker: Speaker::Bot, ..post(anna, &here, "by the bot") }]).await;
    let first = desk.next().await.unwrap();
    assert!(!first.repeats);
    assert_eq!(give_up(&[Platform::Telegram]).await, 1);
    let again = desk.next().await.unwrap();
    assert_eq!((again.message.id, again.attempt, again.repeats), (first.message.id, 2, true));
    assert_eq!(give_up(&[Platform::Telegram]).await, 1);
    assert_eq!(desk.next().await, None, "once is enough");

    desk.say(&[post(anna, &here, "by the desk")]).await;
    let first = desk.next().await.unwrap();
    let outcome = DeliveryOutcome::OnceMore { at: later(3), reason: "no answer".to_owned() };
    assert!(desk.finish(&first, &outcome).await);
    assert_eq!(desk.next_at(later(2)).await, None);
    assert!(desk.next_at(later(3)).await.is_some_and(|again| again.repeats));
    assert_eq!(give_up(&[]).await, 1);
    assert_eq!(desk.store.health(NOW).await.unwrap().deliveries_ambiguous, 3);
}

pub(crate) async fn what_is_said_in_vain_is_told_to_its_conversation_once(desk: &Desk) {
    let here = place("anna");
    let conversation = desk.conversation(&here).await;
    desk.say(&[OutboundMessage { speaker: Speaker::Bot, ..post(conversation, &here, "strange") }]).await;
    let message = desk.next().await.unwrap();
    let outcome = DeliveryOutcome::InVain { reason: "too strange".to_owned() };
    assert!(desk.finish(&message, &outcome).await);
    let id = message.message.id;
    let told = |events: Vec<PendingEvent>| events.into_iter().map(|it| it.kind).collect::<Vec<_>>();
    assert_eq!(told(desk.load(conversation).await.events), [InboundKind::Unheard { message: id, reason: "too strange".to_owned() }]);
    assert!(desk.store.lease_next("a", LONG, NOW).await.unwrap().is_some(), "it is something to do");
    assert!(!desk.finish(&message, &outcome).await);
    assert!(desk.store.resend(id, NOW).await.unwrap());
    let again = desk.next().await.unwrap();
    assert!(desk.finish(&again, &outcome).await);
    assert_eq!(desk.load(conversation).await.events.len(), 1);
    assert_eq!(desk.next().await, None);
}
