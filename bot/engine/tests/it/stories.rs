//! Stories that people live through, as transcripts. Read the snapshots: they are what people read.

use std::time::Duration;

use firstline_engine::{
    conversation::{ChoiceAction, Effect, Event, Phase, Refusal, StaffAction},
    ids::OutboundId,
    inbound::{ExternalId, InboundKind},
    phrases::Phrase,
    ticket::{Impact, Priority, Resolution, TicketStatus, Urgency},
    time::Timestamp,
};
use insta::assert_snapshot;
use uuid::Uuid;

use crate::talk::Talk;

fn status(talk: &Talk) -> Option<TicketStatus> {
    talk.ticket.as_ref().map(|ticket| ticket.status)
}

#[test]
fn a_guide_that_fails_twice_leads_to_a_human_who_helps() {
    let mut talk = Talk::new();
    talk.says("ich komme von zu hause nicht ins vpn").says("geht nicht").says("geht immer noch nicht");
    talk.says("ja bitte").says("nur ich").says("3");
    assert!(matches!(talk.state.phase, Phase::WaitingForHuman { .. }));
    talk.says("ich bin übrigens im hotel").says("und das wlan ist langsam");
    talk.agent("Anna", StaffAction::Claim).agent_says("Anna", "Hallo Erika, welche Fehlermeldung kommt?");
    talk.says("hilfe").says("zeitüberschreitung");
    talk.agent("Anna", StaffAction::Note("Hotel-WLAN sperrt IPsec".to_owned()));
    talk.agent("Anna", StaffAction::Resolve).says("5").says("super schnell, danke an Anna");
    assert!(matches!(talk.state.phase, Phase::Closed { resolution: Resolution::Assumed, reopenable: true }));
    assert_eq!(talk.ticket.as_ref().and_then(|ticket| ticket.rating), Some(5));
    assert_snapshot!(talk.transcript);
}

#[test]
fn a_guide_that_helps_ends_confirmed() {
    let mut talk = Talk::new();
    talk.says("my printer does not print, the queue is stuck").says("no").says("yes, that worked, thanks!");
    assert!(matches!(talk.state.phase, Phase::Closed { resolution: Resolution::Confirmed, .. }));
    assert!(talk.ticket.is_none());
    assert_snapshot!(talk.transcript);
}

#[test]
fn what_is_not_known_is_said_and_a_human_offered() {
    let mut talk = Talk::new();
    talk.says("what is the capital of France").says("no thanks");
    assert!(matches!(talk.state.phase, Phase::Closed { resolution: Resolution::Abandoned, .. }));
    assert_snapshot!(talk.transcript);
}

#[test]
fn several_answers_are_offered_and_one_picked() {
    let mut talk = Talk::new();
    talk.says("drucker");
    assert!(matches!(talk.state.phase, Phase::Clarifying { .. }), "{}", talk.transcript);
    talk.says("1");
    assert!(matches!(talk.state.phase, Phase::Guiding { .. } | Phase::Answered { .. }));
    assert_snapshot!(talk.transcript);
}

#[test]
fn a_human_can_be_had_at_once_and_every_question_skipped() {
    let mut talk = Talk::new();
    talk.says("I want to talk to a human").presses(&ChoiceAction::Skip).says("skip").says("skip").says("no idea");
    assert!(matches!(talk.state.phase, Phase::WaitingForHuman { .. }), "{}", talk.transcript);
    assert_snapshot!(talk.transcript);
}

#[test]
fn what_the_requester_says_about_impact_and_urgency_reaches_the_ticket() {
    let mut talk = Talk::new();
    talk.says("human").says("the whole floor has no network").says("skip");
    talk.presses(&ChoiceAction::Impact { impact: Impact::Everyone });
    let Phase::Collecting { draft, .. } = talk.state.phase.clone() else { panic!("{}", talk.transcript) };
    assert_eq!(draft.summary.as_deref(), Some("the whole floor has no network"));
    assert_eq!(draft.impact, Some(Impact::Everyone));
    talk.says("i can't work at all");
    assert!(talk.last.iter().any(|effect| matches!(
        effect,
        firstline_engine::conversation::Effect::OpenTicket { draft, .. } if draft.urgency == Some(Urgency::High)
    )));
}

#[test]
fn an_edited_question_is_answered_anew_unless_something_happened_since() {
    let mut talk = Talk::new();
    talk.says("what is the capital of France").edits("printer prints nothing");
    assert!(matches!(talk.state.phase, Phase::Guiding { .. } | Phase::Clarifying { .. }), "{}", talk.transcript);

    let mut talk = Talk::new();
    talk.says("ich komme von zu hause nicht ins vpn").says("geht nicht");
    let before = talk.state.clone();
    talk.event(&Event::Requester(InboundKind::Edited {
        message: ExternalId("m1".to_owned()),
        text: "drucker druckt nicht".to_owned(),
    }));
    assert_eq!(talk.state, before);
    assert!(talk.last.is_empty());
}

#[test]
fn a_reply_reopens_a_resolved_ticket_and_a_press_undoes_it() {
    let mut talk = Talk::new();
    talk.says("human").says("skip").says("skip").says("skip").says("skip");
    talk.agent("Anna", StaffAction::Claim).agent("Anna", StaffAction::Resolve).says("4").says("skip");
    talk.says("es geht schon wieder nicht");
    assert_eq!(status(&talk), Some(TicketStatus::Open));
    assert_eq!(talk.state.phase, Phase::WithHuman);
    talk.presses(&ChoiceAction::SomethingNew);
    assert_eq!(status(&talk), Some(TicketStatus::Resolved));
    assert!(matches!(talk.state.phase, Phase::Closed { reopenable: true, .. }));
}

#[test]
fn after_the_time_to_reopen_a_message_begins_a_new_conversation() {
    let mut talk = Talk::new();
    talk.says("human").says("skip").says("skip").says("skip").says("skip");
    talk.agent("Anna", StaffAction::Claim).agent("Anna", StaffAction::Resolve).time_is_up();
    talk.waits(Duration::from_hours(73)).time_is_up();
    assert_eq!(status(&talk), Some(TicketStatus::Closed));
    talk.says("es geht schon wieder nicht");
    assert_eq!(talk.renewals, 1);
}

#[test]
fn a_new_question_soon_after_a_resolved_ticket_is_answered_and_does_not_reopen_it() {
    let mut talk = Talk::new();
    talk.says("human").says("skip").says("skip").says("skip").says("skip");
    talk.agent("Anna", StaffAction::Claim).agent("Anna", StaffAction::Resolve).says("skip");
    talk.says("ich komme von zu hause nicht ins vpn");
    assert_eq!(talk.renewals, 1, "{}", talk.transcript);
    assert!(matches!(talk.state.phase, Phase::Guiding { .. }), "{}", talk.transcript);
}

#[test]
fn agents_are_told_what_they_may_not_do() {
    let mut talk = Talk::new();
    talk.agent("Anna", StaffAction::Claim);
    assert_eq!(talk.refusal(), Some(&Refusal::NoTicket));
    talk.says("human").says("human");
    talk.agent_says("Anna", "hello");
    assert_eq!(talk.refusal(), Some(&Refusal::ClaimFirst));
    talk.agent("Anna", StaffAction::Claim);
    assert_eq!(talk.refusal(), None);
    talk.agent("Anna", StaffAction::Claim);
    assert_eq!(talk.refusal(), Some(&Refusal::AlreadyYours));
    talk.agent("Bert", StaffAction::Claim);
    assert_eq!(talk.refusal(), Some(&Refusal::AlreadyClaimed { by: "Anna".to_owned() }));
    talk.agent_says("Bert", "hello");
    assert_eq!(talk.refusal(), Some(&Refusal::HeldByAnother { by: "Anna".to_owned() }));
    talk.agent("Bert", StaffAction::Resolve);
    assert_eq!(talk.refusal(), Some(&Refusal::HeldByAnother { by: "Anna".to_owned() }));
    talk.agent("Anna", StaffAction::Resume);
    assert_eq!(talk.refusal(), Some(&Refusal::NotOnHold));
    talk.agent("Anna", StaffAction::Transfer { queue: "nowhere".to_owned(), reason: None });
    assert!(matches!(talk.refusal(), Some(Refusal::UnknownQueue { .. })));
    talk.agent("Anna", StaffAction::Transfer { queue: "helpdesk".to_owned(), reason: None });
    assert_eq!(talk.refusal(), Some(&Refusal::SameQueue));
    talk.agent_says("Anna", "  ");
    assert_eq!(talk.refusal(), Some(&Refusal::NothingToSay));
    talk.agent("Anna", StaffAction::Close).agent("Bert", StaffAction::Claim);
    assert_eq!(talk.refusal(), Some(&Refusal::AlreadyOver));
}

#[test]
fn an_agent_can_hold_transfer_and_give_back() {
    let mut talk = Talk::new();
    talk.says("human").says("human").agent("Anna", StaffAction::Claim);
    talk.agent("Anna", StaffAction::Hold);
    assert_eq!(status(&talk), Some(TicketStatus::OnHold));
    talk.agent("Anna", StaffAction::Resume).agent_says("Anna", "hello");
    assert_eq!(status(&talk), Some(TicketStatus::WaitingForRequester));
    talk.says("hi");
    assert_eq!(status(&talk), Some(TicketStatus::Open));
    talk.agent("Bert", StaffAction::SetPriority(Priority::Critical));
    talk.agent("Anna", StaffAction::Transfer { queue: "second-level".to_owned(), reason: None });
    assert_eq!(status(&talk), Some(TicketStatus::New));
    talk.agent("Bert", StaffAction::Claim).agent("Bert", StaffAction::ReturnToBot);
    talk.says("ich komme von zu hause nicht ins vpn").says("mensch");
    assert_eq!(status(&talk), Some(TicketStatus::New));
    assert!(matches!(talk.state.phase, Phase::WaitingForHuman { .. }));
    assert_snapshot!(talk.transcript);
}

#[test]
fn old_presses_and_commands_are_answered() {
    let mut talk = Talk::new();
    talk.says("hallo").says("ich komme von zu hause nicht ins vpn").presses_something_old();
    talk.says("/help").says("/status").says("/language en").says("/privacy").says("/language").says("/new");
    assert_eq!(talk.renewals, 1);
    talk.says("/close");
    assert_snapshot!(talk.transcript);
}

/// Whoever presses waits for something; while a human holds the conversation they are told once why nothing comes of it.
#[test]
fn who_presses_while_a_human_is_there_is_told_once() {
    let mut talk = Talk::new();
    talk.says("mensch bitte").says("mensch").agent("Anna", StaffAction::Claim);
    let told = |talk: &Talk| talk.transcript.matches("Hier hat ein Mensch übernommen").count();
    talk.presses_something_old();
    assert_eq!(told(&talk), 1, "{}", talk.transcript);
    talk.presses_something_old().says("hallo?").presses_something_old();
    assert_eq!(told(&talk), 1, "{}", talk.transcript);
    talk.agent("Anna", StaffAction::Release).agent("Anna", StaffAction::Claim).presses_something_old();
    assert_eq!(told(&talk), 2, "{}", talk.transcript);
}

#[test]
fn a_failure_inside_the_bot_ends_at_a_human() {
    let mut talk = Talk::new();
    talk.says("ich komme von zu hause nicht ins vpn").event(&Event::Failed { reference: "R-1".to_owned() });
    assert!(matches!(talk.state.phase, Phase::WaitingForHuman { .. }));
    assert_eq!(status(&talk), Some(TicketStatus::New));
    assert_snapshot!(talk.transcript);
}

#[test]
fn what_the_bot_cannot_say_is_a_humans_business_while_somebody_waits_for_it() {
    let message = OutboundId(Uuid::nil());
    let unheard = || Event::Requester(InboundKind::Unheard { message, reason: "too strange".to_owned() });
    let mut talk = Talk::new();
    talk.says("ich komme von zu hause nicht ins vpn").event(&unheard());
    assert!(matches!(talk.state.phase, Phase::WaitingForHuman { .. }), "{}", talk.transcript);
    assert_eq!(status(&talk), Some(TicketStatus::New));
    talk.event(&unheard());
    assert!(talk.last.is_empty(), "who works the ticket is told of it there");
    let mut over = Talk::new();
    over.says("ich komme von zu hause nicht ins vpn").says("es geht wieder").event(&unheard());
    assert_eq!(status(&over), None, "{}", over.transcript);
}

#[test]
fn people_who_leave_are_counted_as_what_they_are() {
    let check = |texts: &[&str], expected| {
        let mut talk = Talk::new();
        for text in texts {
            talk.says(text);
        }
        talk.time_is_up();
        match talk.state.phase {
            Phase::Closed { resolution, .. } => assert_eq!(resolution, expected, "{}", talk.transcript),
            other => panic!("{other:?}\n{}", talk.transcript),
        }
    };
    check(&["ich komme von zu hause nicht ins vpn"], Resolution::Assumed);
    check(&["ich komme von zu hause nicht ins vpn", "geht nicht"], Resolution::Abandoned);
    check(&["drucker"], Resolution::Abandoned);
    check(&["what is the capital of France"], Resolution::Abandoned);

    let mut talk = Talk::new();
    talk.says("human").says("my chair is broken").time_is_up();
    assert!(matches!(talk.state.phase, Phase::WaitingForHuman { .. }), "who asked for a human gets one");
}

#[test]
fn a_secret_is_warned_of_once_and_the_question_is_answered() {
    let mut talk = Talk::new();
    talk.says("mein passwort █████ geht nicht, ich komme nicht ins vpn").says("und █████ auch nicht");
    assert_eq!(talk.transcript.matches("In deiner Nachricht stand anscheinend").count(), 1, "{}", talk.transcript);
    assert!(talk.transcript.contains("Hat das geholfen?"), "{}", talk.transcript);
    talk.says("/new").says("my password is █████");
    assert_eq!(talk.transcript.matches("Your message seems to have had").count(), 1, "{}", talk.transcript);
}

#[test]
fn an_agent_who_holds_the_conversation_does_not_keep_the_desk_from_warning() {
    let mut talk = Talk::new();
    talk.says("human").says("human").agent("Anna", StaffAction::Claim).says("my password is █████");
    assert!(talk.transcript.contains("desk> Your message seems to have had"), "{}", talk.transcript);
}

#[test]
fn nothing_to_look_for_is_asked_about() {
    let mut talk = Talk::new();
    talk.says("█████").says("🫠").says("???");
    assert_eq!(talk.transcript.matches("What exactly is wrong").count(), 3, "{}", talk.transcript);
    assert!(matches!(talk.state.phase, Phase::Greeting), "{}", talk.transcript);
    // Where a summary is asked for, that is no "skip", though it is the only choice.
    talk.says("human").says("🫠");
    assert!(
        matches!(&talk.state.phase, Phase::Collecting { draft, .. } if draft.summary.is_some()),
        "{}",
        talk.transcript
    );
}

#[test]
fn in_public_only_what_is_about_nobody_is_said() {
    let mut talk = Talk::new();
    talk.asks_in_public("").asks_in_public("ich komme von zu hause nicht ins vpn").asks_in_public("/status");
    talk.asks_in_public("mensch").asks_in_public("was ist die hauptstadt von frankreich").asks_in_public("danke");
    talk.asks_in_public("mein passwort █████ geht nicht");
    assert_snapshot!(talk.transcript);
}

#[test]
fn a_question_in_public_that_is_changed_is_answered_anew() {
    let mut talk = Talk::new();
    talk.asks_in_public("was ist die hauptstadt von frankreich").edits("was ist die hauptstadt von frankreich");
    assert!(talk.last.is_empty(), "nothing has changed");
    talk.edits("ich komme von zu hause nicht ins vpn");
    let answered =
        |talk: &Talk| matches!(talk.last.as_slice(), [Effect::Invite { phrase: Phrase::PublicAnswer { .. } }]);
    assert!(answered(&talk), "{:?}", talk.last);
    // What was asked before that is not what is talked about any more.
    talk.asks_in_public("danke");
    let earlier = InboundKind::Edited { message: ExternalId("m1".to_owned()), text: "drucker druckt nicht".to_owned() };
    talk.event(&Event::Requester(earlier));
    assert!(talk.last.is_empty(), "{:?}", talk.last);
}

#[test]
fn staff_are_told_of_a_gap_once_and_only_where_a_ticket_is_open() {
    let missed = |from| Event::Missed { from: Timestamp(from), until: Timestamp(9) };
    let mut talk = Talk::new();
    talk.says("ich komme von zu hause nicht ins vpn").event(&missed(1));
    assert!(talk.last.is_empty());
    talk.says("human").says("human").event(&missed(1)).event(&missed(1)).event(&missed(2));
    assert_eq!(talk.transcript.matches("(desk: miss)").count(), 2, "{}", talk.transcript);
}
