//! Tickets that become parts of others.

use firstline_engine::{
    conversation::{AgentRef, TicketChange},
    ids::{ConversationId, EntryId, PersonId},
    inbound::{Circumstances, InboundEvent, InboundKind, PlaceRef},
    people::Platform,
    ports::{Greeting, Merge, StoreError, TicketWrite, Turn},
    sla::Calendar,
    ticket::{Ticket, TicketStatus},
    timeline::{Actor, Happening, NewEntry, SaidElsewhere},
};

use crate::support::{Desk, LONG, NOW, account, fresh, handled, message, place, place_on, post, turn};

/// What somebody with this account writes in a place.
fn says(user: &str, place: &PlaceRef, text: &str) -> InboundEvent {
    InboundEvent { account: account(place.platform, user), ..message(place, text) }
}

impl Desk {
    /// Somebody's open ticket in a place.
    async fn ticket_in(&self, place: &PlaceRef, user: &str) -> Ticket {
        let accepted = self.store.accept(&[says(user, place, "hello")], None, NOW).await.unwrap()[0];
        let ticket = self.ticket_of(accepted.conversation).await;
        let opened =
            Turn { handled: vec![accepted.event.unwrap()], ticket: Some(TicketWrite::Open(ticket.clone())), ..turn() };
        self.turn(accepted.conversation, opened).await;
        ticket
    }

    async fn merge(&self, ticket: &Ticket, into: &Ticket, joins: bool) -> Result<(), StoreError> {
        let lease = self.lease(ticket.conversation).await;
        let done = self.store.commit_turn(&lease, &merging(ticket, into, joins), NOW).await;
        self.store.release(&lease).await.unwrap();
        done
    }

    /// Where what is written in a place belongs.
    async fn belongs_to(&self, user: &str, place: &PlaceRef) -> firstline_engine::ids::ConversationId {
        self.store.accept(&[says(user, place, "more")], None, NOW).await.unwrap()[0].conversation
    }
}

fn merging(ticket: &Ticket, into: &Ticket, joins: bool) -> Turn {
    let mut merged = ticket.clone();
    merged.change(TicketChange::Merged { into: into.number }, &Calendar::default(), NOW);
    let what = Happening::MergedFrom { ticket: ticket.number, summary: ticket.summary.clone(), said: Vec::new() };
    let actor = Actor::Agent { person: PersonId(fresh()), name: "Anna".to_owned() };
    let entry = NewEntry { id: EntryId(fresh()), actor, what, outbound: None, origins: Vec::new() };
    Turn {
        ticket: Some(TicketWrite::Change(merged)),
        merge: Some(Merge { into: into.conversation, entry, joins }),
        ..turn()
    }
}

pub(crate) async fn a_merged_ticket_says_so_on_both_sides(desk: &Desk) {
    let (a, b) = (desk.open_ticket(&place("a")).await, desk.open_ticket(&place("b")).await);
    desk.merge(&a, &b, false).await.unwrap();
    let merged = desk.store.ticket(a.number).await.unwrap().unwrap();
    assert_eq!((merged.status, merged.merged_into), (TicketStatus::Closed, Some(b.number)));
    assert_eq!(desk.store.ticket(b.number).await.unwrap().unwrap().merged_into, None);
    let lines = desk.timeline(b.conversation).await;
    assert!(matches!(&lines[0].what, Happening::MergedFrom { ticket, .. } if *ticket == a.number), "{lines:?}");
}

/// What one person writes in either place belongs to the ticket that is left, and is answered where it was written.
pub(crate) async fn places_of_one_person_are_joined(desk: &Desk) {
    let (chat, thread) = (place("chat"), place("help:1"));
    let a = desk.ticket_in(&thread, "erika").await;
    // What was asked in a channel is answered in a thread that was made for it.
    desk.store.way_opened(&thread, "thread", Greeting::Question, NOW).await.unwrap();
    let b = desk.ticket_in(&chat, "erika").await;
    desk.merge(&a, &b, true).await.unwrap();
    for at in ["help:1", "chat"] {
        assert_eq!(desk.belongs_to("erika", &place(at)).await, b.conversation, "{at}");
    }
    desk.say(&[post(b.conversation, &chat, "1")]).await;
    let delivery = desk.next().await.unwrap();
    assert_eq!((delivery.message.place.key.as_str(), &delivery.way), ("chat", &None), "heard last in the chat");
    desk.finish(&delivery, &crate::support::sent_as("1")).await;
    assert_eq!(desk.belongs_to("erika", &place("thread")).await, b.conversation);
    desk.say(&[post(b.conversation, &chat, "2")]).await;
    assert_eq!(desk.next().await.unwrap().way.map(|way| way.address).as_deref(), Some("thread"));

    // In a place that others share, only its requester is heard, as before.
    let shared = Circumstances { shared: true, ..Circumstances::default() };
    let others = InboundEvent { circumstances: shared, ..says("kim", &place("thread"), "I, too") };
    assert_eq!(desk.store.accept(&[others], None, NOW).await.unwrap()[0].event, None);
}

/// Whatever is asked for: nobody is shown what another person is told.
pub(crate) async fn places_of_two_people_or_platforms_are_never_joined(desk: &Desk) {
    let a = desk.ticket_in(&place("a"), "erika").await;
    let b = desk.ticket_in(&place("b"), "kim").await;
    desk.merge(&a, &b, true).await.unwrap();
    assert_eq!(desk.belongs_to("erika", &place("a")).await, a.conversation);
    let c = desk.ticket_in(&place_on(Platform::Discord, "c"), "erika").await;
    desk.merge(&c, &b, true).await.unwrap();
    assert_eq!(desk.belongs_to("erika", &place_on(Platform::Discord, "c")).await, c.conversation);
}

pub(crate) async fn what_is_over_or_merged_takes_nothing_in(desk: &Desk) {
    let [a, b, c] = [desk.open_ticket(&place("a")).await, desk.open_ticket(&place("b")).await, desk.open_ticket(&place("c")).await];
    desk.merge(&a, &b, false).await.unwrap();
    assert!(matches!(desk.merge(&c, &a, false).await, Err(StoreError::LeaseLost)));
    let mut over = b.clone();
    over.change(TicketChange::Claimed(AgentRef { person: PersonId(fresh()), name: "Anna".to_owned() }), &Calendar::default(), NOW);
    over.assignee = None;
    over.status = TicketStatus::Resolved;
    desk.turn(b.conversation, Turn { ticket: Some(TicketWrite::Change(over)), ..turn() }).await;
    assert!(matches!(desk.merge(&c, &b, false).await, Err(StoreError::LeaseLost)));
    assert_eq!(desk.store.ticket(c.number).await.unwrap().unwrap().merged_into, None, "nothing of it is done");
    assert_eq!(desk.timeline(b.conversation).await.len(), 1);
}

pub(crate) async fn of_two_that_are_merged_into_each_other_one_is_left(desk: &Desk) {
    for round in 0..5 {
        let a = desk.open_ticket(&place(&format!("a{round}"))).await;
        let b = desk.open_ticket(&place(&format!("b{round}"))).await;
        let (x, y) = tokio::join!(desk.merge(&a, &b, false), desk.merge(&b, &a, false));
        assert_eq!([&x, &y].iter().filter(|it| it.is_ok()).count(), 1, "{x:?} {y:?}");
    }
}

pub(crate) async fn what_is_passed_on_is_an_event_of_the_other_conversation(desk: &Desk) {
    let (a, b) = (desk.open_ticket(&place("a")).await, desk.open_ticket(&place("b")).await);
    let said = SaidElsewhere { name: "a".to_owned(), text: "me, too".to_owned() };
    let kind = InboundKind::PassedOn { ticket: a.number, said };
    let passed_on = vec![(b.conversation, kind.clone())];
    let written = desk.receive(&place("a"), "me, too").await;
    desk.turn(a.conversation, Turn { passed_on: passed_on.clone(), ..handled([written]) }).await;
    let lease = desk.store.lease_next("test", LONG, NOW).await.unwrap().expect("there is something to do");
    assert_eq!(lease.conversation, b.conversation);
    let [event] = &desk.load(b.conversation).await.events[..] else { panic!("one event") };
    assert_eq!(event.kind, kind);
    desk.store.release(&lease).await.unwrap();
    // It belongs to the ticket, and stays with it when its requester begins anew.
    let lease = desk.lease(b.conversation).await;
    desk.store.renew(&lease, &turn(), ConversationId(fresh()), NOW).await.unwrap();
    assert_eq!(desk.load(b.conversation).await.events.len(), 1);
    // What comes of nothing is nothing that anybody wrote.
    let lease = desk.lease(a.conversation).await;
    assert!(desk.store.commit_turn(&lease, &Turn { passed_on, ..turn() }, NOW).await.is_err());
}
