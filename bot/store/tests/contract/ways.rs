//! Other ways to a place than its own address.

use firstline_engine::{
    ids::{ConversationId, EntryId},
    inbound::{Circumstances, InboundEvent},
    outbound::{Delivery, Way},
    people::Platform,
    ports::{Greeting, Turn, Via},
    timeline::{Actor, Happening, NewEntry},
};

use crate::support::{Desk, NOW, account, fresh, handled, message, place, post, retry, sent_as, turn};

impl Desk {
    /// The next message, which is then waiting again.
    async fn peek(&self) -> Delivery {
        let delivery = self.next().await.unwrap();
        assert!(self.finish(&delivery, &retry(NOW)).await);
        delivery
    }
}

fn way(address: &str, greeting: Option<Greeting>) -> Way {
    Way { address: address.to_owned(), greeting }
}

pub(crate) async fn a_way_stands_for_its_place(desk: &Desk) {
    let here = place("anna");
    let anna = desk.conversation(&here).await;
    let requester = Some(desk.load(anna).await.requester.id);
    assert_eq!(desk.store.requester_in(&here).await.unwrap(), requester);
    assert_eq!(desk.store.requester_in(&place("thread")).await.unwrap(), None);
    assert!(!desk.store.take_known_way(&here).await.unwrap(), "there is none");
    desk.say(&[post(anna, &here, "1")]).await;
    assert_eq!(desk.peek().await.way, None);

    desk.store.way_opened(&here, "thread", Greeting::Moved, NOW).await.unwrap();
    assert_eq!(desk.store.requester_in(&place("thread")).await.unwrap(), requester);
    assert_eq!(desk.peek().await.way, Some(way("thread", Some(Greeting::Moved))));
    desk.store.way_greeted(&here, "thread").await.unwrap();
    assert_eq!(desk.peek().await.way, Some(way("thread", None)));

    // Where they are heard is where they are answered.
    let heard = |at: &str| InboundEvent { account: account(Platform::Telegram, "anna"), ..message(&place(at), "x") };
    for (at, expected) in [("anna", None), ("thread", Some(way("thread", None)))] {
        let accepted = desk.store.accept(&[heard(at)], None, NOW).await.unwrap()[0];
        assert_eq!(accepted.conversation, anna);
        assert_eq!(desk.peek().await.way, expected);
    }

    // The newest that is known is taken.
    desk.store.way_opened(&here, "thread2", Greeting::Question, NOW.after(std::time::Duration::from_secs(1))).await.unwrap();
    desk.store.accept(&[heard("anna")], None, NOW).await.unwrap();
    assert!(desk.store.take_known_way(&here).await.unwrap());
    assert_eq!(desk.peek().await.way, Some(way("thread2", Some(Greeting::Question))));

    desk.store.way_lost(&here, "thread2").await.unwrap();
    assert_eq!(desk.peek().await.way, None);
    assert_eq!(desk.store.requester_in(&place("thread2")).await.unwrap(), None);
    desk.store.way_lost(&here, "thread").await.unwrap();
    assert!(!desk.store.take_known_way(&here).await.unwrap());
}

pub(crate) async fn in_a_shared_place_only_its_requester_is_heard(desk: &Desk) {
    let here = place("anna");
    let shared = |user: &str| InboundEvent {
        account: account(Platform::Telegram, user),
        circumstances: Circumstances { shared: true, via: None },
        ..message(&here, "x")
    };
    let first = desk.store.accept(&[shared("anna")], None, NOW).await.unwrap()[0];
    assert!(first.event.is_some());
    let theirs = desk.store.accept(&[shared("bert"), shared("anna")], None, NOW).await.unwrap();
    assert_eq!((theirs[0].conversation, theirs[0].event), (first.conversation, None));
    assert!(theirs[1].event.is_some());
    assert_eq!(desk.store.account(Platform::Telegram, "bert").await.unwrap(), None, "nobody is kept for looking on");
}

pub(crate) async fn an_answer_goes_to_one_person_while_it_can(desk: &Desk) {
    let here = place("anna");
    let asked = InboundEvent {
        circumstances: Circumstances { shared: false, via: Some("token".to_owned()) },
        ..message(&here, "x")
    };
    let accepted = desk.store.accept(&[asked], None, NOW).await.unwrap()[0];
    let pending = desk.load(accepted.conversation).await.events;
    assert_eq!(pending[0].via.as_deref(), Some("token"));
    let outbound = vec![post(accepted.conversation, &here, "1")];
    let answer = Turn { via: Some(Via { place: here.clone(), address: "token".to_owned() }), outbound, ..handled([accepted]) };
    desk.turn(accepted.conversation, answer).await;
    desk.turn(accepted.conversation, Turn { outbound: vec![post(accepted.conversation, &here, "2")], ..turn() }).await;
    let delivery = desk.peek().await;
    assert_eq!(delivery.via.as_deref(), Some("token"));
    desk.store.via_lost(delivery.message.id).await.unwrap();
    let delivery = desk.next().await.unwrap();
    assert_eq!(delivery.via, None);
    assert!(desk.finish(&delivery, &sent_as("m")).await);
    assert_eq!(desk.next().await.unwrap().via, None, "nothing but the answer goes there");
}

pub(crate) async fn the_requesters_account_is_found(desk: &Desk) {
    let anna = desk.conversation(&place("anna")).await;
    let found = desk.store.correspondent(anna, Platform::Telegram).await.unwrap();
    assert_eq!(found.map(|account| account.user_id).as_deref(), Some("anna"));
    assert_eq!(desk.store.correspondent(anna, Platform::Discord).await.unwrap(), None);
    assert_eq!(desk.store.correspondent(ConversationId(fresh()), Platform::Telegram).await.unwrap(), None);
}

pub(crate) async fn a_line_is_added_without_a_turn(desk: &Desk) {
    let ticket = desk.open_ticket(&place("anna")).await;
    let before_it = desk.timeline(ticket.conversation).await.last().map_or(0, |entry| entry.seq);
    let before = desk.store.next_news(NOW).await.unwrap().unwrap();
    let line =
        NewEntry { id: EntryId(fresh()), actor: Actor::Desk, what: Happening::Rerouted, outbound: None, origins: vec![] };
    desk.store.record(ticket.conversation, &line, NOW).await.unwrap();
    let lines = desk.timeline(ticket.conversation).await;
    let last = lines.last().unwrap();
    assert_eq!((last.id, last.seq, &last.what), (line.id, before_it + 1, &Happening::Rerouted));
    assert!(desk.store.next_news(NOW).await.unwrap().unwrap().happened > before.happened, "the rooms are told");
    let second = NewEntry { id: EntryId(fresh()), ..line };
    desk.turn(ticket.conversation, Turn { entries: vec![second], ..turn() }).await;
    assert_eq!(desk.timeline(ticket.conversation).await.last().unwrap().seq, last.seq + 1);
}
