//! What was said and done.

use firstline_engine::{
    ids::ConversationId,
    outbound::DeliveryState,
    ports::Turn,
    timeline::{Entry, Happening, NewEntry},
};

use crate::support::{Desk, NOW, dead, fresh, note, place, post, said, turn};

fn words(entries: &[Entry]) -> Vec<&str> {
    let words = entries.iter().map(|entry| match &entry.what {
        Happening::Said { text, .. } | Happening::Note { text, .. } => text.as_str(),
        other => panic!("neither said nor noted: {other:?}"),
    });
    words.collect()
}

pub(crate) async fn lines_are_numbered_and_read_in_pages(desk: &Desk) {
    let conversation = desk.conversation(&place("anna")).await;
    let other = desk.conversation(&place("bert")).await;
    for lines in [["a", "b"], ["c", "d"]] {
        desk.turn(conversation, Turn { entries: lines.map(said).to_vec(), ..turn() }).await;
        desk.turn(other, Turn { entries: vec![said("elsewhere")], ..turn() }).await;
    }
    let all = desk.timeline(conversation).await;
    assert_eq!(all.iter().map(|it| it.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(words(&all), ["a", "b", "c", "d"]);
    assert!(all.iter().all(|it| it.at == NOW && it.delivery.is_none()));
    let page = desk.store.timeline(conversation, 1, 2, true).await.unwrap();
    assert_eq!(words(&page), ["b", "c"]);
    assert!(desk.store.timeline(conversation, 4, 10, true).await.unwrap().is_empty());
    assert!(desk.store.timeline(ConversationId(fresh()), 0, 10, true).await.unwrap().is_empty());
}

pub(crate) async fn what_is_internal_is_only_shown_to_staff(desk: &Desk) {
    let here = place("anna");
    let conversation = desk.conversation(&here).await;
    let claimed = NewEntry { what: Happening::Claimed, ..said("") };
    let entries = vec![said("hello"), note("not very friendly"), claimed, said("bye")];
    desk.turn(conversation, Turn { entries, ..turn() }).await;
    assert_eq!(desk.timeline(conversation).await.len(), 4);
    let shown = desk.store.timeline(conversation, 0, 10, false).await.unwrap();
    assert_eq!((words(&shown), shown[1].seq), (vec!["hello", "bye"], 4));
    assert_eq!(words(&desk.store.recent_in_place(&here, 10).await.unwrap()), ["hello", "bye"]);
}

pub(crate) async fn a_place_shows_the_newest_lines_of_all_its_conversations(desk: &Desk) {
    let here = place("anna");
    let old = desk.conversation(&here).await;
    desk.turn(old, Turn { entries: vec![said("a"), said("b")], ..turn() }).await;
    let lease = desk.lease(old).await;
    let fresh = ConversationId(fresh());
    desk.store.renew(&lease, &Turn { entries: vec![said("c")], ..turn() }, fresh, NOW).await.unwrap();
    desk.store.release(&lease).await.unwrap();
    desk.turn(fresh, Turn { entries: vec![said("d")], ..turn() }).await;
    desk.turn(old, Turn { entries: vec![said("e")], ..turn() }).await;
    let elsewhere = desk.conversation(&place("bert")).await;
    desk.turn(elsewhere, Turn { entries: vec![said("f")], ..turn() }).await;
    assert_eq!(words(&desk.store.recent_in_place(&here, 3).await.unwrap()), ["c", "d", "e"]);
    assert_eq!(words(&desk.store.recent_in_place(&here, 9).await.unwrap()), ["a", "b", "c", "d", "e"]);
    assert!(desk.store.recent_in_place(&place("nowhere"), 9).await.unwrap().is_empty());
}

pub(crate) async fn a_line_shows_how_its_message_stands(desk: &Desk) {
    let here = place("anna");
    let conversation = desk.conversation(&here).await;
    let message = post(conversation, &here, "hello");
    let line = NewEntry { outbound: Some(message.id), ..said("hello") };
    desk.turn(conversation, Turn { outbound: vec![message.clone()], entries: vec![line], ..turn() }).await;
    let stands = async || {
        let delivery = desk.timeline(conversation).await[0].delivery.clone().unwrap();
        assert_eq!(delivery.message, message.id);
        (delivery.state, delivery.reason)
    };
    assert_eq!(stands().await, (DeliveryState::Pending, None));
    let delivery = desk.next().await.unwrap();
    assert_eq!(stands().await, (DeliveryState::Sending, None));
    desk.finish(&delivery, &dead()).await;
    assert_eq!(stands().await, (DeliveryState::Dead, Some("blocked".to_owned())));
    desk.store.resend(message.id, NOW).await.unwrap();
    assert_eq!(stands().await, (DeliveryState::Pending, None));
    desk.send_all().await;
    assert_eq!(stands().await, (DeliveryState::Sent, None));
    assert_eq!(desk.store.recent_in_place(&here, 1).await.unwrap()[0].delivery.as_ref().unwrap().state, DeliveryState::Sent);
}
