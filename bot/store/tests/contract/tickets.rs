//! Tickets.

use std::collections::BTreeSet;

use firstline_engine::{
    ids::TicketId,
    ports::{TicketFilter, TicketWrite, Turn},
    ticket::{Impact, Priority, Resolution, Ticket, TicketKind, TicketNumber, TicketStatus, Urgency},
};
use futures::future::join_all;

use crate::support::{Desk, fresh, later, place, turn};

pub(crate) async fn numbers_count_up_from_1001_for_everybody(desk: &Desk) {
    assert_eq!(desk.store.next_ticket_number().await.unwrap(), TicketNumber(1001));
    let taking = (0..20).map(|_| {
        let store = desk.store.clone();
        tokio::spawn(async move { store.next_ticket_number().await.unwrap().0 })
    });
    let taken: BTreeSet<_> = join_all(taking).await.into_iter().map(Result::unwrap).collect();
    assert!(taken.into_iter().eq(1002..=1021));
    assert_eq!(desk.store.ticket(TicketNumber(1001)).await.unwrap(), None, "a number is not a ticket");
}

pub(crate) async fn a_ticket_is_read_as_it_was_written(desk: &Desk) {
    let agent = desk.person("carla", "Carla").await;
    let opened = desk.open_ticket(&place("anna")).await;
    assert_eq!(desk.store.ticket(opened.number).await.unwrap(), Some(opened.clone()));
    let changed = Ticket {
        summary: "VPN and printer".to_owned(),
        kind: TicketKind::ServiceRequest,
        category: "printing".to_owned(),
        impact: Some(Impact::Everyone),
        urgency: Some(Urgency::High),
        priority: Priority::Critical,
        queue: "second-level".to_owned(),
        status: TicketStatus::Resolved,
        assignee: Some(agent),
        first_response_at: Some(later(1)),
        resolved_at: Some(later(2)),
        updated_at: later(3),
        resolution: Some(Resolution::Confirmed),
        rating: Some(5),
        rating_comment: Some("quick".to_owned()),
        ..opened.clone()
    };
    desk.turn(opened.conversation, Turn { ticket: Some(TicketWrite::Change(changed.clone())), ..turn() }).await;
    assert_eq!(desk.store.ticket(opened.number).await.unwrap(), Some(changed.clone()));
    assert_eq!(desk.load(opened.conversation).await.ticket, Some(changed));
    // What never changes is not changed even when it is given.
    let moved = Ticket { opened_at: later(9), requester: agent, ..opened.clone() };
    desk.turn(opened.conversation, Turn { ticket: Some(TicketWrite::Change(moved)), ..turn() }).await;
    assert_eq!(desk.store.ticket(opened.number).await.unwrap(), Some(opened));
}

pub(crate) async fn tickets_are_listed_by_priority_and_age(desk: &Desk) {
    let mut expected = Vec::new();
    for (name, priority, opened) in [
        ("a", Priority::Low, 0),
        ("b", Priority::Critical, 9),
        ("c", Priority::Medium, 5),
        ("d", Priority::High, 3),
        ("e", Priority::High, 1),
        ("f", Priority::High, 1),
    ] {
        let here = place(name);
        let ticket = desk.open_ticket_with(&here, |ticket| {
            (ticket.priority, ticket.opened_at) = (priority, later(opened));
        });
        expected.push(ticket.await);
    }
    expected.sort_by_key(|it| (std::cmp::Reverse(it.priority), it.opened_at, it.number));
    assert_eq!(desk.store.tickets(&TicketFilter::default()).await.unwrap(), expected);
    let two = TicketFilter { limit: 2, ..TicketFilter::default() };
    assert_eq!(desk.store.tickets(&two).await.unwrap(), expected[..2]);
}

pub(crate) async fn tickets_are_filtered(desk: &Desk) {
    let agent = desk.person("carla", "Carla").await;
    let waiting = desk.open_ticket(&place("anna")).await;
    let there = place("bert");
    let open = desk.open_ticket_with(&there, |it| {
        (it.status, it.assignee) = (TicketStatus::Open, Some(agent));
    });
    let open = open.await;
    let moved = desk.open_ticket_with(&place("cleo"), |it| "second-level".clone_into(&mut it.queue)).await;
    let numbers = async |filter: TicketFilter| -> Vec<TicketNumber> {
        desk.store.tickets(&filter).await.unwrap().iter().map(|it| it.number).collect()
    };
    let all = TicketFilter::default;
    assert_eq!(numbers(all()).await, [waiting.number, open.number, moved.number]);
    assert_eq!(numbers(TicketFilter { statuses: vec![TicketStatus::Open], ..all() }).await, [open.number]);
    let twice = vec![TicketStatus::New, TicketStatus::New, TicketStatus::Open];
    assert_eq!(numbers(TicketFilter { statuses: twice, ..all() }).await.len(), 3);
    assert_eq!(numbers(TicketFilter { statuses: vec![TicketStatus::Closed], ..all() }).await, []);
    assert_eq!(numbers(TicketFilter { queue: Some("second-level".to_owned()), ..all() }).await, [moved.number]);
    assert_eq!(numbers(TicketFilter { assignee: Some(agent), ..all() }).await, [open.number]);
    let by_anna = TicketFilter { requester: Some(waiting.requester), ..all() };
    assert_eq!(numbers(by_anna.clone()).await, [waiting.number]);
    assert_eq!(numbers(TicketFilter { queue: Some("second-level".to_owned()), ..by_anna }).await, []);
}

pub(crate) async fn those_before_a_ticket_are_counted(desk: &Desk) {
    let open = async |name: &str, priority, opened, queue: &str, status| {
        let here = place(name);
        let ticket = desk.open_ticket_with(&here, |it| {
            (it.priority, it.opened_at, it.queue, it.status) = (priority, later(opened), queue.to_owned(), status);
        });
        ticket.await.id
    };
    let first = open("a", Priority::High, 5, "helpdesk", TicketStatus::New).await;
    let third = open("b", Priority::Medium, 2, "helpdesk", TicketStatus::New).await;
    let second = open("c", Priority::Medium, 1, "helpdesk", TicketStatus::New).await;
    open("d", Priority::Critical, 0, "second-level", TicketStatus::New).await;
    open("e", Priority::Critical, 0, "helpdesk", TicketStatus::Open).await;
    let tied = open("f", Priority::Medium, 2, "helpdesk", TicketStatus::New).await;
    for (before, ticket) in [first, second, third, tied].into_iter().enumerate() {
        assert_eq!(desk.store.waiting_before(ticket).await.unwrap(), u32::try_from(before).unwrap());
    }
    assert_eq!(desk.store.waiting_before(TicketId(fresh())).await.unwrap(), 0);
}
