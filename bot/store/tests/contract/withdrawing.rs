//! Messages that must not be sent any more when their turn comes.

use firstline_engine::{
    ids::OutboundId,
    inbound::ExternalId,
    outbound::{DeliveryOutcome, DeliveryState, Operation, OutboundMessage, Speaker},
    ports::Turn,
    timeline::NewEntry,
};

use crate::support::{Desk, NOW, ambiguous, dead, edit, fresh, held, place, post, said, sent_as, turn};

/// Says these messages, a timeline line for each.
async fn say(desk: &Desk, messages: &[OutboundMessage]) {
    let entries = messages.iter().map(|it| NewEntry { outbound: Some(it.id), ..said("") }).collect();
    let outbound = messages.to_vec();
    desk.turn(messages[0].conversation, Turn { outbound, entries, ..turn() }).await;
}

/// What a new message says.
fn words(message: &OutboundMessage) -> &str {
    match &message.operation {
        Operation::Post { content, .. } => &content.text,
        other => panic!("no new message: {other:?}"),
    }
}

/// How the message behind the newest line stands.
async fn stands(desk: &Desk, message: &OutboundMessage) -> (DeliveryState, String) {
    let timeline = desk.timeline(message.conversation).await;
    let delivery = timeline.iter().filter_map(|line| line.delivery.clone()).find(|it| it.message == message.id);
    delivery.map(|it| (it.state, it.reason.unwrap_or_default())).unwrap()
}

pub(crate) async fn the_bot_is_silenced_while_a_human_holds_the_conversation(desk: &Desk) {
    let (here, there) = (place("anna"), place("bert"));
    let (anna, bert) = (desk.conversation(&here).await, desk.conversation(&there).await);
    let by = |speaker, text| OutboundMessage { speaker, ..post(anna, &here, text) };
    let agent = Speaker::Agent { name: "Carla".to_owned() };
    let messages = [by(Speaker::Bot, "1"), by(Speaker::Bot, "2"), by(Speaker::Desk, "3"), by(agent, "4")];
    say(desk, &messages).await;
    let other = OutboundMessage { speaker: Speaker::Bot, ..post(bert, &there, "a") };
    say(desk, std::slice::from_ref(&other)).await;
    desk.turn(anna, Turn { state: held(), ..turn() }).await;

    assert_eq!(desk.send_all().await, [messages[2].id, messages[3].id, other.id]);
    for silenced in &messages[..2] {
        assert_eq!(stands(desk, silenced).await, (DeliveryState::Dead, "superseded: a human took over".to_owned()));
    }
    // Sent again by a person while the human still holds it, it is silenced again; afterwards it is said.
    assert!(desk.store.resend(messages[0].id, NOW).await.unwrap());
    assert_eq!(desk.next().await, None);
    desk.turn(anna, turn()).await;
    assert!(desk.store.resend(messages[0].id, NOW).await.unwrap());
    assert_eq!(desk.send_all().await, [messages[0].id]);
}

pub(crate) async fn an_edit_carries_the_id_of_its_message(desk: &Desk) {
    let here = place("anna");
    let anna = desk.conversation(&here).await;
    let original = post(anna, &here, "helo");
    let correction = edit(&original, "hello");
    let operation = Operation::Delete { target: original.id };
    let removal = OutboundMessage { id: OutboundId(fresh()), operation, ..original.clone() };
    desk.say(&[original]).await;
    let delivery = desk.next().await.unwrap();
    desk.say(&[correction.clone(), removal.clone()]).await;
    assert!(desk.finish(&delivery, &sent_as("m17")).await);
    // The platform may call it something else after an edit, or need more messages for it.
    for (expected, ids) in [(correction, vec!["m17"]), (removal, vec!["m17", "m18"])] {
        let delivery = desk.next().await.unwrap();
        let ids: Vec<_> = ids.into_iter().map(|id| ExternalId(id.to_owned())).collect();
        assert_eq!((&delivery.message, delivery.target.as_ref(), &delivery.parts), (&expected, ids.last(), &ids));
        let outcome = DeliveryOutcome::Sent(vec![ids[0].clone(), ExternalId("m18".to_owned())]);
        assert!(desk.finish(&delivery, &outcome).await);
    }
}

pub(crate) async fn an_edit_of_a_message_that_was_never_sent_goes_into_it(desk: &Desk) {
    let here = place("anna");
    let anna = desk.conversation(&here).await;
    let cases = [
        (dead(), Some("the message to change was never sent")),
        (ambiguous(), Some("it is not known whether the message to change arrived, nor under which id")),
        (DeliveryOutcome::Sent(Vec::new()), None),
    ];
    for (outcome, reason) in cases {
        let original = post(anna, &here, "helo");
        let correction = edit(&original, "hello");
        say(desk, std::slice::from_ref(&original)).await;
        let delivery = desk.next().await.unwrap();
        assert_eq!(delivery.message, original);
        say(desk, std::slice::from_ref(&correction)).await;
        assert!(desk.finish(&delivery, &outcome).await);
        let next = desk.next().await;
        match reason {
            Some(reason) => {
                assert_eq!(next, None);
                assert_eq!(stands(desk, &correction).await, (DeliveryState::Dead, reason.to_owned()));
                // Whoever sends it again means what it says now.
                assert!(desk.store.resend(original.id, NOW).await.unwrap());
                let again = desk.next().await.unwrap();
                assert_eq!((again.message.id, words(&again.message)), (original.id, "hello"));
                assert!(desk.finish(&again, &sent_as("m")).await);
            }
            None => assert_eq!(next.map(|it| (it.message, it.target)), Some((correction, None))),
        }
    }
}

pub(crate) async fn an_edit_of_a_message_nobody_knows_of_dies(desk: &Desk) {
    let here = place("anna");
    let anna = desk.conversation(&here).await;
    let correction = edit(&post(anna, &here, "never written down"), "hello");
    let next = post(anna, &here, "next");
    say(desk, &[correction.clone(), next.clone()]).await;
    assert_eq!(desk.next().await.unwrap().message, next);
    assert_eq!(stands(desk, &correction).await, (DeliveryState::Dead, "there is no such message to change".to_owned()));
}

/// What waits says what its author wants said, and nobody reads the slip.
pub(crate) async fn what_nobody_has_seen_is_changed_or_left_unsaid(desk: &Desk) {
    let here = place("anna");
    let anna = desk.conversation(&here).await;
    let (slip, typo, last) = (post(anna, &here, "my password"), post(anna, &here, "helo"), post(anna, &here, "bye"));
    say(desk, &[slip.clone(), typo.clone(), last.clone()]).await;
    desk.say(&[removal(&slip), edit(&typo, "hello")]).await;
    let delivery = desk.next().await.unwrap();
    assert_eq!((delivery.message.id, words(&delivery.message)), (typo.id, "hello"));
    assert!(desk.finish(&delivery, &sent_as("m")).await);
    assert_eq!(desk.send_all().await, [last.id], "and no message that changes another");
    assert_eq!(stands(desk, &slip).await, (DeliveryState::Dead, "taken back before it was sent".to_owned()));
    assert!(!desk.store.resend(slip.id, NOW).await.unwrap());
}

/// Whether it has arrived or not: what was taken back is not sent again by anybody's pressing an old button.
pub(crate) async fn what_was_taken_back_is_not_sent_again(desk: &Desk) {
    let here = place("anna");
    let anna = desk.conversation(&here).await;
    for outcome in [dead(), ambiguous()] {
        let slip = post(anna, &here, "my password");
        say(desk, std::slice::from_ref(&slip)).await;
        let delivery = desk.next().await.unwrap();
        assert!(desk.finish(&delivery, &outcome).await);
        desk.say(&[removal(&slip)]).await;
        assert_eq!(desk.next().await, None);
        assert!(!desk.store.resend(slip.id, NOW).await.unwrap());
        desk.turn(anna, Turn { resend: vec![slip.id], ..turn() }).await;
        assert_eq!(desk.next().await, None);
    }
}

fn removal(original: &OutboundMessage) -> OutboundMessage {
    let operation = Operation::Delete { target: original.id };
    OutboundMessage { id: OutboundId(fresh()), operation, ..original.clone() }
}
