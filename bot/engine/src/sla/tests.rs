use uuid::Uuid;

use super::*;
use crate::{
    conversation::{AgentRef, TicketChange},
    ids::{ConversationId, PersonId, TicketId},
    ticket::{Resolution, TicketKind, TicketNumber, TicketStatus},
};

const fn at(minutes: i64) -> Timestamp {
    Timestamp(minutes * 60_000)
}

fn ticket() -> Ticket {
    Ticket {
        id: TicketId(Uuid::nil()),
        number: TicketNumber(1001),
        conversation: ConversationId(Uuid::nil()),
        requester: PersonId(Uuid::nil()),
        summary: "VPN".to_owned(),
        kind: TicketKind::Incident,
        category: "network".to_owned(),
        impact: None,
        urgency: None,
        priority: Priority::Critical,
        queue: "helpdesk".to_owned(),
        status: TicketStatus::New,
        assignee: None,
        opened_at: at(0),
        first_response_at: None,
        resolved_at: None,
        updated_at: at(0),
        waiting_since: Some(at(0)),
        paused_since: None,
        paused_ms: 0,
        resolution: None,
        rating: None,
        rating_comment: None,
        merged_into: None,
    }
}

#[test]
fn clocks_run_pause_and_run_out() {
    let sla = Sla::default();
    let mut ticket = ticket();
    let of = |ticket: &Ticket, now| Clocks::of(ticket, &sla, now);
    let fresh = of(&ticket, at(1));
    assert_eq!(fresh.first_response, Some(Clock::Due(at(15))));
    assert_eq!((fresh.next_response, fresh.resolution), (None, Some(Clock::Due(at(240)))));
    assert_eq!(fresh.next_turn(), Some(at(15)));
    let late = of(&ticket, at(15));
    assert_eq!((late.first_response, late.next_turn()), (Some(Clock::Breached(at(15))), Some(at(240))));

    let agent = AgentRef { person: PersonId(Uuid::nil()), name: "Anna".to_owned() };
    ticket.change(TicketChange::Claimed(agent), &sla.calendar, at(16));
    ticket.change(TicketChange::Answered, &sla.calendar, at(20));
    let answered = of(&ticket, at(30));
    assert_eq!(answered.first_response, Some(Clock::MetLate { at: at(20), due: at(15) }));
    assert_eq!(answered.resolution, Some(Clock::Paused(Duration::from_mins(220))));
    assert_eq!((answered.next_response, answered.next_turn()), (None, None));

    ticket.change(TicketChange::RequesterReplied, &sla.calendar, at(50));
    let replied = of(&ticket, at(60));
    assert_eq!(replied.next_response, Some(Clock::Due(at(110))));
    assert_eq!(replied.resolution, Some(Clock::Due(at(270))), "half an hour does not count");
    ticket.change(TicketChange::Resolved(Resolution::Confirmed), &sla.calendar, at(100));
    assert_eq!(of(&ticket, at(999)).resolution, Some(Clock::Met(at(100))));
    assert_eq!(of(&ticket, at(999)).next_turn(), None);
    ticket.change(TicketChange::Reopened, &sla.calendar, at(200));
    assert_eq!(of(&ticket, at(201)).resolution, Some(Clock::Due(at(370))));
    assert_eq!(of(&ticket, at(201)).next_response, Some(Clock::Due(at(260))));
}

#[test]
fn where_nothing_is_promised_no_clock_runs() {
    let none = Promise::default();
    let sla = Sla { first_response: none, next_response: none, resolution: none, calendar: Calendar::default() };
    let clocks = Clocks::of(&ticket(), &sla, at(9_999));
    assert_eq!((clocks.first_response, clocks.next_response, clocks.resolution), (None, None, None));
}

#[test]
fn what_presses_most_is_told_first() {
    let sla = Sla::default();
    let mut ticket = ticket();
    let pressing = |ticket: &Ticket, now| Clocks::of(ticket, &sla, now).pressing();
    assert_eq!(pressing(&ticket, at(1)), Some((Which::First, Clock::Due(at(15)))));
    assert_eq!(pressing(&ticket, at(20)), Some((Which::First, Clock::Breached(at(15)))));
    ticket.change(TicketChange::Answered, &sla.calendar, at(20));
    assert_eq!(pressing(&ticket, at(30)), None, "it waits for the requester");
    ticket.change(TicketChange::RequesterReplied, &sla.calendar, at(50));
    assert_eq!(pressing(&ticket, at(60)), Some((Which::Next, Clock::Due(at(110)))));
}

#[test]
fn clocks_run_in_the_hours_of_the_desk() {
    // By UTC, from 9 to 17; moment 0 was a Thursday, and the ticket is opened on Friday at 16:00.
    const DAY: i64 = 24 * 60;
    const FRIDAY: i64 = DAY;
    const MONDAY: i64 = 4 * DAY;
    let mut week: [Vec<Shift>; 7] = std::array::from_fn(|_| vec![Shift::new(9 * 60, 17 * 60).expect("a shift")]);
    week[5].clear();
    week[6].clear();
    let sla = Sla { calendar: Calendar::default().open(week, [].into()), ..Sla::default() };
    let mut ticket = Ticket { priority: Priority::High, opened_at: at(FRIDAY + 16 * 60), ..ticket() };
    let of = |ticket: &Ticket, now| Clocks::of(ticket, &sla, at(now));
    let fresh = of(&ticket, FRIDAY + 16 * 60);
    assert_eq!(fresh.first_response, Some(Clock::Due(at(FRIDAY + 17 * 60))));
    // A day is promised, which is three days of 8 hours: one hour on Friday, two whole days, and 7 hours on Wednesday.
    assert_eq!(fresh.resolution, Some(Clock::Due(at(MONDAY + 2 * DAY + 16 * 60))));

    // Answered on Friday evening, and over the weekend it waits for the requester, who writes on Monday at 11.
    ticket.change(TicketChange::Answered, &sla.calendar, at(FRIDAY + 16 * 60 + 30));
    let waiting = of(&ticket, MONDAY);
    assert_eq!(waiting.resolution, Some(Clock::Paused(Duration::from_mins(23 * 60 + 30))));
    ticket.change(TicketChange::RequesterReplied, &sla.calendar, at(MONDAY + 11 * 60));
    assert_eq!(ticket.paused_ms, 150 * 60_000, "half an hour on Friday and two hours on Monday");
    let replied = of(&ticket, MONDAY + 11 * 60);
    assert_eq!(replied.next_response, Some(Clock::Due(at(MONDAY + 15 * 60))));
    assert_eq!(replied.resolution, Some(Clock::Due(at(MONDAY + 3 * DAY + 10 * 60 + 30))));
}
