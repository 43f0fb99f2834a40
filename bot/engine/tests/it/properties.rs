//! What holds whatever people, agents, clocks and failures do, in whatever order.

use firstline_engine::{
    command::Command,
    conversation::{Effect, Event, Phase, StaffAction, choice_token},
    ids::{ConversationId, OutboundId},
    inbound::{ExternalId, InboundKind},
    outbound::Speaker,
    ticket::{Priority, TicketNumber},
    time::Timestamp,
};
use proptest::prelude::*;
use uuid::Uuid;

use crate::talk::{Talk, library};

#[derive(Debug, Clone)]
enum Move {
    Say(String),
    Edit(String),
    Press(usize),
    PressOld(u32, usize),
    Nonsense(String),
    Order(Command),
    Delete,
    Block(bool),
    Unheard,
    Miss(i64),
    Staff(&'static str, StaffAction),
    TimeUp,
    Fail,
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "ich komme von zu hause nicht ins vpn", "my printer does not print", "drucker", "passwort vergessen", "geht nicht",
            "it works now", "ja", "nein", "no", "yes", "human", "mensch bitte", "danke", "never mind", "hallo", "skip", "1", "2", "5",
            "what is the capital of France", "was ist mit meinem ticket?", "schon wieder kaputt", "weiter", "/new", "/close", "",
        ])
        .prop_map(str::to_owned),
        1 => "\\PC{0,40}",
    ]
}

fn moves() -> impl Strategy<Value = Move> {
    let agents = prop::sample::select(vec!["Anna", "Bert"]);
    let actions = prop_oneof![
        3 => Just(StaffAction::Claim),
        2 => "\\PC{0,20}".prop_map(|text| StaffAction::Say(firstline_engine::outbound::Content::plain(text))),
        1 => Just(StaffAction::Note("note".to_owned())),
        1 => Just(StaffAction::Release),
        1 => Just(StaffAction::Transfer { queue: "second-level".to_owned(), reason: None }),
        1 => Just(StaffAction::Macro { name: "vpn".to_owned() }),
        1 => Just(StaffAction::Merge { into: TicketNumber(1002), confirmed: true }),
        1 => Just(StaffAction::SetPriority(Priority::High)),
        1 => Just(StaffAction::Hold),
        1 => Just(StaffAction::Resume),
        1 => Just(StaffAction::ReturnToBot),
        2 => Just(StaffAction::Resolve),
        1 => Just(StaffAction::Close),
    ];
    prop_oneof![
        12 => text().prop_map(Move::Say),
        1 => text().prop_map(Move::Edit),
        4 => (0_usize..6).prop_map(Move::Press),
        1 => (0_u32..5, 0_usize..4).prop_map(|(prompt, index)| Move::PressOld(prompt, index)),
        1 => "\\PC{0,30}".prop_map(Move::Nonsense),
        1 => prop::sample::select(vec![Command::Start, Command::Help, Command::New, Command::Status, Command::Human, Command::Close])
            .prop_map(Move::Order),
        1 => Just(Move::Delete),
        1 => any::<bool>().prop_map(Move::Block),
        1 => Just(Move::Unheard),
        1 => (0_i64..3).prop_map(Move::Miss),
        6 => (agents, actions).prop_map(|(agent, action)| Move::Staff(agent, action)),
        2 => Just(Move::TimeUp),
        1 => Just(Move::Fail),
    ]
}

fn play(talk: &mut Talk, one: Move) {
    let message = || ExternalId("m1".to_owned());
    match one {
        Move::Say(text) => _ = talk.says(&text),
        Move::Edit(text) => _ = talk.edits(&text),
        Move::Press(index) => {
            if let Some(action) = talk.state.prompt.choices.get(index).cloned() {
                talk.presses(&action);
            }
        }
        Move::PressOld(prompt, index) => {
            let token = choice_token(ConversationId(Uuid::from_u128(7)), prompt, index);
            talk.event(&Event::Requester(InboundKind::Choice { token }));
        }
        Move::Nonsense(token) => _ = talk.event(&Event::Requester(InboundKind::Choice { token })),
        Move::Order(command) => _ = talk.event(&Event::Requester(InboundKind::Command { command })),
        Move::Delete => _ = talk.event(&Event::Requester(InboundKind::Deleted { message: message() })),
        Move::Unheard => {
            let (message, reason) = (OutboundId(Uuid::nil()), "too strange".to_owned());
            _ = talk.event(&Event::Requester(InboundKind::Unheard { message, reason }));
        }
        Move::Block(true) => _ = talk.event(&Event::Requester(InboundKind::Blocked)),
        Move::Block(false) => _ = talk.event(&Event::Requester(InboundKind::Unblocked)),
        Move::Miss(from) => _ = talk.event(&Event::Missed { from: Timestamp(from), until: Timestamp(from + 1) }),
        Move::Staff(name, action) => _ = talk.agent(name, action),
        Move::TimeUp => _ = talk.time_is_up(),
        Move::Fail => _ = talk.event(&Event::Failed { reference: "R".to_owned() }),
    }
}

fn is_requester(one: &Move) -> bool {
    !matches!(one, Move::Staff(..) | Move::TimeUp | Move::Fail | Move::Miss(_))
}

/// Something a requester is owed an answer to: words, in a conversation that no human holds.
fn wants_answer(one: &Move) -> bool {
    matches!(one, Move::Say(_))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_house_rules_hold(all in prop::collection::vec(moves(), 1..40)) {
        // Building the library for every case would be most of the time.
        thread_local! {
            static LIBRARY: std::rc::Rc<std::cell::RefCell<Option<firstline_engine::knowledge::Library>>> = std::rc::Rc::default();
        }
        let shared = LIBRARY.with(std::rc::Rc::clone);
        let library = shared.borrow_mut().take().unwrap_or_else(library);
        let mut talk = Talk::with_library(library);
        for one in all {
            let held_before = talk.state.is_held();
            let reassured = matches!(talk.state.phase, Phase::WaitingForHuman { reassured: true });
            let (by_requester, owed) = (is_requester(&one), wants_answer(&one));
            let described = format!("{one:?}");
            // `Talk` itself checks that no second ticket is opened and that only an existing one is changed.
            play(&mut talk, one);

            let bot_speaks = talk.last.iter().any(|effect| matches!(effect, Effect::Say { speaker: Speaker::Bot, .. }));
            if held_before && talk.state.is_held() {
                prop_assert!(!bot_speaks, "the bot spoke while a human held the conversation: {described}\n{}", talk.transcript);
            }
            if talk.state.is_held() {
                let assigned = talk.ticket.as_ref().is_some_and(|ticket| ticket.assignee.is_some() && ticket.status.is_open());
                prop_assert!(assigned, "held by nobody after {described}\n{}", talk.transcript);
            }
            if matches!(talk.state.phase, Phase::WaitingForHuman { .. }) {
                let waits = talk.ticket.as_ref().is_some_and(|ticket| ticket.status.is_open() && ticket.assignee.is_none());
                prop_assert!(waits, "waits for nobody after {described}\n{}", talk.transcript);
            }
            // Every word to the bot is answered; words to a human, and further words to a waiting ticket, are in the timeline.
            if owed && !held_before && !reassured {
                prop_assert!(!talk.last.is_empty(), "silence after {described}\n{}", talk.transcript);
            }
            let with_choices = talk.last.iter().filter(|effect| matches!(effect, Effect::Say { choices, .. } if !choices.is_empty())).count();
            prop_assert!(with_choices <= 1, "two prompts at once after {described}\n{}", talk.transcript);
            prop_assert!(by_requester || !talk.last.contains(&Effect::Renew));
        }
        // "Talk to a human" works in every state.
        talk.says("i want to talk to a human").says("human").says("human");
        let reached = matches!(talk.state.phase, Phase::WaitingForHuman { .. } | Phase::WithHuman);
        prop_assert!(reached, "no human from {:?}\n{}", talk.state.phase, talk.transcript);
        *shared.borrow_mut() = Some(talk.library);
    }

    #[test]
    fn in_public_nothing_is_offered_opened_or_waited_for(all in prop::collection::vec(text(), 1..20)) {
        let mut talk = Talk::with_library(firstline_engine::knowledge::Library::build(Vec::new(), &firstline_engine::knowledge::MatchSettings::default()));
        for text in all {
            talk.asks_in_public(&text);
            prop_assert!(talk.last.iter().all(|effect| match effect {
                Effect::Invite { .. } => true,
                Effect::Say { choices, .. } => choices.is_empty(),
                _ => false,
            }), "{}", talk.transcript);
            prop_assert_eq!(talk.last.len(), 1);
            talk.event(&Event::Failed { reference: "R".to_owned() }).time_is_up();
            // What was asked last is kept, so that a change of it can be answered.
            let question = talk.state.question.clone();
            prop_assert_eq!(&talk.state, &firstline_engine::conversation::State { question, ..Default::default() });
        }
    }

    #[test]
    fn a_state_survives_being_stored(all in prop::collection::vec(moves(), 1..15)) {
        let mut talk = Talk::with_library(firstline_engine::knowledge::Library::build(Vec::new(), &firstline_engine::knowledge::MatchSettings::default()));
        for one in all {
            play(&mut talk, one);
            let json = serde_json::to_string(&talk.state).unwrap();
            prop_assert_eq!(serde_json::from_str::<firstline_engine::conversation::State>(&json).unwrap(), talk.state.clone());
        }
    }
}
