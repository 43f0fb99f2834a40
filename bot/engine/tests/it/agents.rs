//! What agents can do besides: canned answers, merging, being away.

use std::collections::BTreeMap;

use firstline_engine::{
    conversation::{Effect, Event, LookedUp, OtherTicket, Phase, Refusal, StaffAction, TicketChange},
    ids::{ConversationId, OutboundId, PersonId, TicketId},
    inbound::{ExternalId, InboundKind},
    knowledge::Language,
    macros::{Macro, MacroAction},
    people::{LanguageSource, Person, Platform, Role},
    phrases::Phrase,
    sla::Calendar,
    ticket::{Priority, TicketNumber, TicketStatus},
    timeline::{Happening, SaidElsewhere},
};
use uuid::Uuid;

use crate::talk::{Talk, ticket};

/// Erika has ticket #1001, and Anna it.
fn claimed() -> Talk {
    let mut talk = Talk::new();
    talk.says("mensch bitte").says("mensch").agent("Anna", StaffAction::Claim);
    talk
}

fn vpn_reset() -> Macro {
    let texts = BTreeMap::from([
        (Language::En, "Hi {requester}, done in {ticket}. {agent}".to_owned()),
        (Language::De, "Hallo {requester}, erledigt in {ticket}. {agent}".to_owned()),
    ]);
    let actions = vec![MacroAction::Priority(Priority::Low), MacroAction::Resolve];
    Macro::new("vpn-reset".parse().expect("a name"), texts, actions).expect("a macro")
}

fn use_macro(name: &str) -> StaffAction {
    StaffAction::Macro { name: name.to_owned() }
}

/// Ticket #1002, of the person of this number.
fn other(requester: u128) -> OtherTicket {
    let mut ticket =
        ticket(TicketId(Uuid::from_u128(43)), ConversationId(Uuid::from_u128(8)), firstline_engine::time::Timestamp(5));
    ticket.number = TicketNumber(1002);
    ticket.requester = PersonId(Uuid::from_u128(requester));
    let requester = Person {
        id: ticket.requester,
        name: "Kim".to_owned(),
        role: Role::Requester,
        language: Language::En,
        language_source: LanguageSource::Chosen,
        on_duty: true,
    };
    OtherTicket { ticket, requester, platform: Platform::Terminal }
}

fn merge(confirmed: bool) -> StaffAction {
    StaffAction::Merge { into: TicketNumber(1002), confirmed }
}

fn status(talk: &Talk) -> Option<TicketStatus> {
    talk.ticket.as_ref().map(|ticket| ticket.status)
}

fn relayed(talk: &Talk) -> Option<String> {
    talk.last.iter().find_map(|effect| match effect {
        Effect::Relay { content, .. } => Some(content.text.clone()),
        _ => None,
    })
}

#[test]
fn a_macro_speaks_the_requesters_language_and_does_what_belongs_to_it() {
    let mut talk = claimed();
    talk.looked_up.macros = vec![vpn_reset()];
    talk.agent("Anna", use_macro("VPN-Reset "));
    assert_eq!(relayed(&talk).as_deref(), Some("Hallo Erika, erledigt in #1001. Anna"));
    assert_eq!(status(&talk), Some(TicketStatus::Resolved));
    assert_eq!(talk.ticket.as_ref().map(|ticket| ticket.priority), Some(Priority::Low));
    assert!(talk.ticket.as_ref().is_some_and(|ticket| ticket.first_response_at.is_some()), "it is an answer");
    let used = |effect: &Effect| matches!(effect, Effect::Record { what: Happening::UsedMacro { name }, .. } if name == "vpn-reset");
    assert!(talk.last.iter().any(used));
    assert!(matches!(talk.state.phase, Phase::Rating { .. }));
}

#[test]
fn a_macro_that_is_not_there_or_not_allowed_changes_nothing() {
    let mut talk = claimed();
    talk.agent("Anna", use_macro(""));
    assert_eq!(talk.refusal(), Some(&Refusal::UnknownMacro { known: Vec::new() }));
    talk.looked_up.macros = vec![vpn_reset()];
    talk.agent("Anna", use_macro("vpn"));
    assert_eq!(talk.refusal(), Some(&Refusal::UnknownMacro { known: vec!["vpn-reset".to_owned()] }));
    talk.agent("Bert", use_macro("vpn-reset"));
    assert_eq!(talk.refusal(), Some(&Refusal::HeldByAnother { by: "Anna".to_owned() }));
    assert_eq!((talk.last.len(), status(&talk)), (1, Some(TicketStatus::Open)));
}

#[test]
fn an_answer_that_becomes_a_note_is_taken_back() {
    let mut talk = claimed();
    let (target, message) = (OutboundId(Uuid::from_u128(9)), ExternalId("m".to_owned()));
    let retract = |note: &str| StaffAction::Retract { target, message: message.clone(), note: note.to_owned() };
    talk.agent("Bert", retract("she is lying"));
    assert_eq!(talk.refusal(), Some(&Refusal::HeldByAnother { by: "Anna".to_owned() }));
    talk.agent("Anna", retract("she is lying"));
    let taken_back =
        |effect: &Effect| matches!(effect, Effect::Amend { target: it, content: None, .. } if *it == target);
    let noted = |effect: &Effect| matches!(effect, Effect::Record { what: Happening::Note { text, .. }, .. } if text == "she is lying");
    assert!(talk.last.iter().any(taken_back) && talk.last.iter().any(noted), "{}", talk.transcript);
    assert_eq!(relayed(&talk), None);
    talk.agent("Anna", retract(" "));
    assert!(talk.last.iter().any(taken_back), "also without a word");
}

#[test]
fn a_merged_ticket_is_closed_and_points_to_the_other() {
    let mut talk = claimed();
    talk.looked_up.other = Some(other(1));
    talk.agent("Anna", merge(false));
    assert_eq!(talk.refusal(), None, "{}", talk.transcript);
    assert_eq!(status(&talk), Some(TicketStatus::Closed));
    let merged = talk.ticket.clone().expect("there is a ticket");
    assert_eq!((merged.merged_into, merged.resolution), (Some(TicketNumber(1002)), None), "nothing is resolved by it");
    let there = talk.last.iter().find_map(|effect| match effect {
        Effect::Merge { into, what: Happening::MergedFrom { ticket, .. }, joins, .. } => Some((*into, *ticket, *joins)),
        _ => None,
    });
    assert_eq!(there, Some((ConversationId(Uuid::from_u128(8)), TicketNumber(1001), true)));
    talk.agent("Anna", merge(false));
    assert_eq!(talk.refusal(), Some(&Refusal::AlreadyMerged { into: TicketNumber(1002) }));
    talk.agent_says("Anna", "hello");
    assert_eq!(talk.refusal(), Some(&Refusal::AlreadyMerged { into: TicketNumber(1002) }));
}

#[test]
fn what_is_written_to_a_merged_ticket_is_passed_on_while_the_other_is_open() {
    let mut talk = claimed();
    talk.looked_up.other = Some(other(2));
    talk.agent("Anna", merge(true)).says("noch etwas: auch das WLAN");
    let passed_on = |talk: &Talk| {
        talk.last.iter().find_map(|effect| match effect {
            Effect::PassOn { into, said, .. } => Some((into.0.as_u128(), said.text.clone())),
            _ => None,
        })
    };
    assert_eq!(passed_on(&talk), Some((8, "noch etwas: auch das WLAN".to_owned())));
    let told = |effect: &Effect| matches!(effect, Effect::Say { phrase: Phrase::PassedOn { .. }, .. });
    assert!(talk.last.iter().any(told));
    talk.says("hallo?");
    assert!(passed_on(&talk).is_some() && !talk.last.iter().any(told), "told once");
    // The other one is over: something new begins.
    talk.looked_up.other.as_mut().expect("there is one").ticket.status = TicketStatus::Resolved;
    talk.says("mein drucker druckt nicht");
    assert_eq!((passed_on(&talk), talk.renewals), (None, 1));
}

/// The ticket that is left waits for its agent from then on, as if its own requester had written.
#[test]
fn what_is_passed_on_to_a_ticket_lets_its_clock_run() {
    let mut talk = claimed();
    talk.agent_says("Anna", "Does it work now?");
    assert_eq!(status(&talk), Some(TicketStatus::WaitingForRequester));
    let said = SaidElsewhere { name: "Kim".to_owned(), text: "not with me".to_owned() };
    let passed_on = Event::Requester(InboundKind::PassedOn { ticket: TicketNumber(1002), said: said.clone() });
    talk.event(&passed_on);
    assert_eq!(status(&talk), Some(TicketStatus::Open));
    assert!(talk.ticket.as_ref().is_some_and(|ticket| ticket.waiting_since.is_some()));
    let told = |effect: &Effect| matches!(effect, Effect::Record { what: Happening::PassedOn { .. }, .. });
    assert!(talk.last.iter().any(told) && !talk.last.iter().any(|it| matches!(it, Effect::Say { .. })));
    // Where that ticket is a part of a third one by now, it goes on.
    talk.looked_up.other = Some(other(2));
    talk.agent("Anna", merge(true)).event(&passed_on);
    let onwards = Effect::PassOn { into: ConversationId(Uuid::from_u128(8)), ticket: TicketNumber(1002), said };
    assert_eq!(talk.last, [onwards]);
}

#[test]
fn a_merge_that_would_be_wrong_is_refused() {
    let refusal = |confirmed: bool, change: &dyn Fn(&mut OtherTicket)| {
        let mut talk = claimed();
        let mut other = other(1);
        change(&mut other);
        talk.looked_up.other = Some(other);
        talk.agent("Anna", merge(confirmed)).refusal().cloned()
    };
    assert_eq!(refusal(true, &|other| other.ticket.id = TicketId(Uuid::from_u128(42))), Some(Refusal::SameTicket));
    assert_eq!(refusal(true, &|other| other.ticket.status = TicketStatus::Resolved), Some(Refusal::OtherIsOver));
    let into = TicketNumber(1003);
    assert_eq!(
        refusal(true, &|other| other.ticket.change(
            TicketChange::Merged { into },
            &Calendar::default(),
            other.ticket.opened_at
        )),
        Some(Refusal::OtherIsMerged { into })
    );
    let anothers = |other: &mut OtherTicket| other.ticket.requester = PersonId(Uuid::from_u128(2));
    let expected = Refusal::OtherRequester { name: "Kim".to_owned(), into: TicketNumber(1002) };
    assert_eq!(refusal(false, &anothers), Some(expected));
    assert_eq!(refusal(true, &anothers), None);
    let mut talk = claimed();
    talk.agent("Anna", merge(false));
    assert_eq!(talk.refusal(), Some(&Refusal::NoTicket));
    talk.looked_up = LookedUp { other: Some(other(1)), ..LookedUp::default() };
    talk.agent("Bert", merge(false));
    assert_eq!(talk.refusal(), Some(&Refusal::HeldByAnother { by: "Anna".to_owned() }));
}

#[test]
fn places_of_two_platforms_or_two_people_are_not_joined() {
    for other in [other(2), OtherTicket { platform: Platform::Discord, ..other(1) }] {
        let mut talk = claimed();
        talk.looked_up.other = Some(other);
        talk.agent("Anna", merge(true));
        assert!(talk.last.iter().any(|effect| matches!(effect, Effect::Merge { joins: false, .. })));
    }
}

#[test]
fn a_ticket_whose_agent_is_away_is_reopened_into_its_queue() {
    for away in [false, true] {
        let mut talk = claimed();
        talk.agent("Anna", StaffAction::Resolve);
        talk.assignee_is_away = away;
        talk.says("geht immer noch nicht");
        let expected = if away { (TicketStatus::New, false) } else { (TicketStatus::Open, true) };
        let ticket = talk.ticket.as_ref().expect("there is a ticket");
        assert_eq!((ticket.status, ticket.assignee.is_some()), expected, "{}", talk.transcript);
        assert_eq!(matches!(talk.state.phase, Phase::WaitingForHuman { .. }), away);
    }
}

#[test]
fn a_reason_may_stand_behind_the_queue() {
    let mut talk = claimed();
    talk.policy.queues = ["helpdesk", "second", "second level"].map(str::to_owned).to_vec();
    let transfer = |queue: &str, reason: Option<&str>| StaffAction::Transfer {
        queue: queue.to_owned(),
        reason: reason.map(str::to_owned),
    };
    let moved = |talk: &Talk| {
        talk.last.iter().find_map(|effect| match effect {
            Effect::Record { what: Happening::Transferred { to, reason, .. }, .. } => {
                Some((to.clone(), reason.clone()))
            }
            _ => None,
        })
    };
    talk.agent("Anna", transfer("second level kennt sich aus", None));
    assert_eq!(moved(&talk), Some(("second level".to_owned(), Some("kennt sich aus".to_owned()))));
    talk.agent("Anna", transfer("second", Some(" ")));
    assert_eq!(moved(&talk), Some(("second".to_owned(), None)));
    talk.agent("Anna", transfer("secondlevel", None));
    assert!(matches!(talk.refusal(), Some(Refusal::UnknownQueue { .. })));
}

#[test]
fn the_desk_is_not_told_of_a_choice_as_if_it_was_said() {
    let mut talk = claimed();
    talk.looked_up.other = Some(other(2));
    talk.agent("Anna", merge(true));
    talk.event(&Event::Requester(InboundKind::Choice { token: "old".to_owned() }));
    assert!(!talk.last.iter().any(|effect| matches!(effect, Effect::PassOn { .. })));
}
