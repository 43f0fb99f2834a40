//! Staff rooms: threads, copies, and what rooms have still to be told.

use firstline_engine::{
    ids::{ConversationId, EntryId, OutboundId, ThreadId},
    inbound::{ExternalId, InboundEvent, InboundKind, PlaceRef},
    outbound::{Content, DeliveryState, Operation, OutboundMessage, Speaker},
    ports::{EntryCopy, News, Shown, Telling, Turn},
    room::{FoundThread, Menu, StaffDid, StaffInput, Thread, ThreadChange},
    timeline::{Actor, Happening, NewEntry},
};
use futures::future::join_all;

use crate::support::{Desk, NOW, account, ambiguous, dead, fresh, message, place, post, said, sent_as, turn};

fn room() -> PlaceRef {
    place("-100")
}

fn external(id: &str) -> ExternalId {
    ExternalId(id.to_owned())
}

pub(super) fn thread_of(conversation: ConversationId) -> Thread {
    Thread {
        id: ThreadId(fresh()),
        conversation,
        room: room(),
        title: "#1001 VPN".to_owned(),
        opened: false,
        external: None,
        card: Some(Content::plain("card")),
        card_id: None,
        closed: false,
        menu: None,
        notes: false,
        shown: 0,
    }
}

pub(crate) async fn news(desk: &Desk) -> Telling {
    nothing_told(desk.store.next_news(NOW).await.unwrap().expect("there is news"))
}

/// A telling of this news that says nothing.
pub(super) fn nothing_told(news: News) -> Telling {
    Telling {
        news,
        complete: true,
        opened: Vec::new(),
        shown: Vec::new(),
        outbound: Vec::new(),
        appended: Vec::new(),
        copies: Vec::new(),
        ended: Vec::new(),
        clock_at: None,
    }
}

pub(crate) async fn tell(desk: &Desk, telling: &Telling) -> bool {
    desk.store.tell_rooms(telling, NOW).await.unwrap()
}

fn card(thread: &Thread, text: &str) -> OutboundMessage {
    in_thread(thread, Operation::Card { content: Content::plain(text) })
}

pub(super) fn in_thread(thread: &Thread, operation: Operation) -> OutboundMessage {
    OutboundMessage {
        id: OutboundId(fresh()),
        conversation: thread.conversation,
        place: thread.place(),
        speaker: Speaker::Desk,
        operation,
    }
}

/// A ticket with a thread that the platform has made as topic 7, with the card 70.
pub(crate) async fn threaded(desk: &Desk) -> Thread {
    let conversation = desk.open_ticket(&place("anna")).await.conversation;
    let thread = thread_of(conversation);
    let telling = Telling { opened: vec![thread.clone()], outbound: vec![card(&thread, "card")], ..news(desk).await };
    assert!(tell(desk, &telling).await);
    assert!(!desk.store.is_sending_in(&thread.room).await.unwrap());
    let delivery = desk.next().await.unwrap();
    assert_eq!(delivery.thread.as_ref(), Some(&thread));
    assert!(desk.store.is_sending_in(&thread.room).await.unwrap());
    assert!(!desk.store.is_sending_in(&place("anna")).await.unwrap());
    assert!(desk.store.thread_opened(thread.id, Some(&external("7"))).await.unwrap());
    assert!(!desk.store.thread_opened(thread.id, Some(&external("8"))).await.unwrap(), "it is made already");
    assert!(desk.finish(&delivery, &sent_as("70")).await);
    desk.load(conversation).await.threads.remove(0)
}

pub(crate) async fn a_thread_is_made_once_and_comes_with_its_messages(desk: &Desk) {
    let thread = threaded(desk).await;
    assert_eq!((thread.opened, &thread.external, &thread.card_id), (true, &Some(external("7")), &Some(external("70"))));
    let again = Telling { opened: vec![thread_of(thread.conversation)], ..news(desk).await };
    assert!(desk.store.tell_rooms(&again, NOW).await.is_err(), "one thread in a room");
    let telling = Telling { outbound: vec![card(&thread, "new")], ..news(desk).await };
    assert!(tell(desk, &telling).await);
    assert_eq!(desk.next().await.unwrap().thread, Some(thread));
}

pub(crate) async fn news_is_told_once(desk: &Desk) {
    assert_eq!(desk.store.next_news(NOW).await.unwrap(), None);
    let ticket = desk.open_ticket(&place("anna")).await;
    let first = news(desk).await;
    assert_eq!(first.news.conversation, ticket.conversation);
    // Something happens while it is being told.
    desk.turn(ticket.conversation, Turn { entries: vec![said("more")], ..turn() }).await;
    assert!(tell(desk, &first).await);
    let second = news(desk).await;
    assert_eq!(second.news.told, first.news.happened);
    assert!(!tell(desk, &first).await, "somebody else was faster");
    assert!(tell(desk, &Telling { complete: false, ..second.clone() }).await);
    assert!(!tell(desk, &second).await, "somebody else has told that part");
    let third = news(desk).await;
    assert_eq!(third.news.told, second.news.happened, "there is more to tell");
    let tellings = join_all((0..8).map(|_| tell(desk, &third))).await;
    assert_eq!(tellings.into_iter().filter(|told| *told).count(), 1);
    assert_eq!(desk.store.next_news(NOW).await.unwrap(), None);
}

pub(crate) async fn a_thread_is_found_by_its_id_its_card_and_its_messages(desk: &Desk) {
    let thread = threaded(desk).await;
    let found = FoundThread { thread: thread.id, conversation: thread.conversation };
    let find = async |room: &PlaceRef, thread: Option<&str>, about: Option<&str>| {
        let (thread, about) = (thread.map(external), about.map(external));
        desk.store.find_thread(room, thread.as_ref(), about.as_ref()).await.unwrap()
    };
    assert_eq!(find(&room(), Some("7"), None).await, Some(found));
    assert_eq!(find(&room(), Some("8"), Some("70")).await, None, "another thread");
    assert_eq!(find(&place("-200"), Some("7"), None).await, None, "another room");
    assert_eq!(find(&room(), None, Some("70")).await, Some(found));
    assert_eq!(find(&room(), None, Some("71")).await, None);
    assert_eq!(find(&room(), None, None).await, None);

    let relayed = in_thread(&thread, Operation::Post { content: Content::plain("hi"), reply_to: None });
    assert!(tell(desk, &Telling { outbound: vec![relayed], ..news(desk).await }).await);
    let delivery = desk.next().await.unwrap();
    assert!(desk.finish(&delivery, &sent_as("71")).await);
    assert_eq!(find(&room(), None, Some("71")).await, Some(found));
    let origins = vec![(thread.place(), external("72"))];
    desk.turn(thread.conversation, Turn { entries: vec![NewEntry { origins, ..said("hi") }], ..turn() }).await;
    assert_eq!(find(&room(), None, Some("72")).await, Some(found));

    assert_eq!(desk.store.move_room(&room(), &place("-200")).await.unwrap(), 1);
    assert_eq!(find(&room(), Some("7"), None).await, None);
    assert_eq!(find(&place("-200"), Some("7"), None).await, None, "there it begins anew");
}

pub(crate) async fn what_staff_do_belongs_to_the_conversation_of_the_thread(desk: &Desk) {
    let thread = threaded(desk).await;
    let found = FoundThread { thread: thread.id, conversation: thread.conversation };
    let input = |found| {
        let what = StaffDid::Pressed { token: "t.claim".to_owned() };
        let input = StaffInput { thread: Some(external("7")), about: None, quote: None, what, granted: false, found };
        let plain = message(&room(), "");
        InboundEvent { kind: InboundKind::Staff(input), account: account(room().platform, "carla"), ..plain }
    };
    let event = input(Some(found));
    let accepted = desk.store.accept(std::slice::from_ref(&event), None, NOW).await.unwrap()[0];
    assert_eq!(accepted.conversation, thread.conversation);
    assert_eq!(desk.store.accept(std::slice::from_ref(&event), None, NOW).await.unwrap()[0].event, None);
    assert!(desk.store.accept(&[input(None)], None, NOW).await.is_err());

    // It stays with its ticket when the requester goes on to something else.
    desk.receive(&place("anna"), "something new").await;
    let lease = desk.lease(thread.conversation).await;
    let renewed = ConversationId(fresh());
    desk.store.renew(&lease, &turn(), renewed, NOW).await.unwrap();
    let [pending] = &desk.load(thread.conversation).await.events[..] else { panic!("one event") };
    assert_eq!(pending.kind, event.kind);
    assert_eq!(desk.load(renewed).await.events.len(), 1);
}

pub(crate) async fn a_thread_changes_with_a_turn(desk: &Desk) {
    let thread = threaded(desk).await;
    tell(desk, &news(desk).await).await;
    let change = ThreadChange { thread: thread.id, menu: Some(Menu::Priority), notes: true };
    desk.turn(thread.conversation, Turn { thread: Some(change), ..turn() }).await;
    let changed = Thread { menu: change.menu, notes: true, ..thread.clone() };
    assert_eq!(desk.load(thread.conversation).await.threads, std::slice::from_ref(&changed));
    let shown = Shown { thread: Thread { shown: 3, closed: true, ..changed.clone() }, new_card: false };
    assert!(tell(desk, &Telling { shown: vec![shown.clone()], ..news(desk).await }).await);
    assert_eq!(desk.load(thread.conversation).await.threads, [shown.thread]);
}

pub(crate) async fn a_ticket_can_be_shown_again(desk: &Desk) {
    let thread = threaded(desk).await;
    assert!(tell(desk, &news(desk).await).await);
    let known = thread.external.clone().unwrap();
    assert!(!desk.store.show_again(&thread.room, &external("nobody's")).await.unwrap());
    assert!(desk.store.next_news(NOW).await.unwrap().is_none());
    assert!(desk.store.show_again(&thread.room, &known).await.unwrap());
    assert_eq!(desk.load(thread.conversation).await.threads, [Thread { card: None, ..thread.clone() }]);
    assert!(desk.store.next_news(NOW).await.unwrap().is_some());
    let over = Shown { thread: Thread { closed: true, ..thread.clone() }, new_card: false };
    assert!(tell(desk, &Telling { shown: vec![over], ..news(desk).await }).await);
    assert!(!desk.store.show_again(&thread.room, &known).await.unwrap(), "it is over");
}

pub(crate) async fn a_lost_thread_is_to_be_made_again(desk: &Desk) {
    let thread = threaded(desk).await;
    tell(desk, &news(desk).await).await;
    assert!(desk.store.thread_lost(&thread, true).await.unwrap());
    assert!(!desk.store.thread_lost(&thread, true).await.unwrap(), "that is known");
    assert_eq!(desk.load(thread.conversation).await.threads[0].card_id, None);
    assert!(desk.store.thread_lost(&thread, false).await.unwrap());
    assert!(!desk.store.thread_lost(&thread, false).await.unwrap(), "that is known");
    let lost = Thread { opened: false, external: None, card: None, card_id: None, ..thread.clone() };
    assert_eq!(desk.load(thread.conversation).await.threads, [lost]);
    assert!(desk.store.next_news(NOW).await.unwrap().is_some());
    assert!(desk.store.thread_opened(thread.id, Some(&external("9"))).await.unwrap());
    assert!(!desk.store.thread_lost(&thread, false).await.unwrap(), "it has been made again");
}

pub(crate) async fn of_several_waiting_cards_the_newest_is_sent(desk: &Desk) {
    let thread = threaded(desk).await;
    let note = in_thread(&thread, Operation::Post { content: Content::plain("a line"), reply_to: None });
    for text in ["second", "third"] {
        let outbound = vec![card(&thread, text), note.clone()].into_iter().take(if text == "second" { 2 } else { 1 });
        assert!(tell(desk, &Telling { outbound: outbound.collect(), complete: false, ..news(desk).await }).await);
    }
    let delivery = desk.next().await.unwrap();
    assert_eq!(delivery.message.operation, Operation::Card { content: Content::plain("third") });
    // One that is being sent is not changed any more.
    assert!(tell(desk, &Telling { outbound: vec![card(&thread, "fourth")], ..news(desk).await }).await);
    assert!(desk.finish(&delivery, &sent_as("70")).await);
    assert_eq!(desk.next().await.unwrap().message.id, note.id);
}

pub(crate) async fn a_line_is_found_by_any_of_its_messages(desk: &Desk) {
    let thread = threaded(desk).await;
    let (here, conversation) = (place("anna"), thread.conversation);
    let answer = post(conversation, &here, "answer");
    let line = NewEntry {
        id: EntryId(fresh()),
        actor: Actor::Requester,
        what: Happening::Note { text: String::new(), attachments: Vec::new() },
        outbound: Some(answer.id),
        origins: vec![(thread.place(), external("80"))],
    };
    let entries = vec![line.clone()];
    desk.turn(conversation, Turn { entries, outbound: vec![answer.clone()], ..turn() }).await;
    let delivery = desk.next().await.unwrap();
    assert!(desk.finish(&delivery, &sent_as("m1")).await);
    let expected = [
        EntryCopy { entry: line.id, place: here.clone(), outbound: Some(answer.id), external: Some(external("m1")) },
        EntryCopy { entry: line.id, place: thread.place(), outbound: None, external: Some(external("80")) },
    ];
    assert_eq!(desk.store.copies(conversation, NOW).await.unwrap().copies, expected);
    assert_eq!(desk.store.copies_of(&here, &external("m1")).await.unwrap(), expected);
    assert_eq!(desk.store.copies_of(&thread.place(), &external("80")).await.unwrap(), expected);
    assert_eq!(desk.store.copies_of(&here, &external("80")).await.unwrap(), []);
    assert_eq!(desk.store.copies_of(&place("nowhere"), &external("80")).await.unwrap(), []);
}

pub(crate) async fn staff_are_told_of_each_attempt_that_ended(desk: &Desk) {
    let thread = threaded(desk).await;
    let (here, conversation) = (place("anna"), thread.conversation);
    let ended = async || desk.store.copies(conversation, NOW).await.unwrap().ended;
    let by_bot = |text| OutboundMessage { speaker: Speaker::Bot, ..post(conversation, &here, text) };
    let (heard, lost, answer) = (by_bot("hello"), by_bot("Is it on?"), post(conversation, &here, "answer"));
    desk.say(&[heard, lost.clone(), answer.clone()]).await;
    for outcome in [sent_as("m0"), ambiguous()] {
        let by_the_bot = desk.next().await.unwrap();
        assert_eq!(ended().await, [], "that the bot was heard is no news");
        assert!(desk.finish(&by_the_bot, &outcome).await);
    }
    assert_eq!(ended().await.iter().map(|it| it.message).collect::<Vec<_>>(), [lost.id]);
    assert!(tell(desk, &Telling { ended: vec![(lost.id, 1)], ..news(desk).await }).await);
    let delivery = desk.next().await.unwrap();
    assert_eq!(ended().await, []);
    assert!(desk.finish(&delivery, &ambiguous()).await);
    let found = ended().await;
    let [first] = &found[..] else { panic!("one: {found:?}") };
    assert_eq!((first.message, first.attempt, first.state), (answer.id, 1, DeliveryState::Ambiguous));
    assert_eq!((first.entry, first.reason.as_deref()), (None, Some("no answer")));
    assert!(tell(desk, &Telling { ended: vec![(answer.id, 1)], ..news(desk).await }).await);
    assert_eq!(ended().await, []);

    let elsewhere = desk.open_ticket(&place("bert")).await.conversation;
    desk.turn(elsewhere, Turn { resend: vec![answer.id], ..turn() }).await;
    assert_eq!(desk.next().await, None, "no message of that conversation");
    desk.turn(conversation, Turn { resend: vec![answer.id], ..turn() }).await;
    let again = desk.next().await.unwrap();
    assert_eq!((again.message.id, again.attempt), (answer.id, 2));
    assert!(desk.finish(&again, &dead()).await);
    assert_eq!(ended().await[0].attempt, 2);
}
