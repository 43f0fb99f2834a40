//! Every phrase, in both languages, as people read it.

use std::fmt::Write as _;

use firstline_engine::{
    conversation::{ChoiceAction, Field, Refusal},
    ids::{ConversationId, PersonId, TicketId},
    knowledge::{Language, Library, MatchSettings},
    phrases::{Phrase, Phrases, TicketStatusLine},
    ticket::{Impact, Priority, Ticket, TicketKind, TicketNumber, TicketStatus, Urgency},
    time::Timestamp,
};
use uuid::Uuid;

fn status(status: TicketStatus, assignee: Option<&str>, before: u32) -> Phrase {
    let ticket = Ticket {
        id: TicketId(Uuid::nil()),
        number: TicketNumber(1042),
        conversation: ConversationId(Uuid::nil()),
        requester: PersonId(Uuid::nil()),
        summary: "*VPN* down".to_owned(),
        kind: TicketKind::Incident,
        category: "network".to_owned(),
        impact: None,
        urgency: None,
        priority: Priority::Medium,
        queue: "helpdesk".to_owned(),
        status,
        assignee: None,
        opened_at: Timestamp(0),
        first_response_at: None,
        resolved_at: None,
        updated_at: Timestamp(0),
        waiting_since: None,
        paused_since: None,
        paused_ms: 0,
        resolution: None,
        rating: None,
        rating_comment: None,
        merged_into: None,
    };
    Phrase::Status(Box::new(TicketStatusLine { ticket, assignee: assignee.map(str::to_owned), before }))
}

fn all() -> Vec<Phrase> {
    let name = || "Anna *Admin*".to_owned();
    let mut all = vec![
        Phrase::Hello { desk: "Firstline".to_owned() },
        Phrase::Taken,
        Phrase::Help,
        Phrase::Privacy,
        Phrase::YouAreWelcome,
        Phrase::SmallTalk,
        Phrase::TellMeMore,
        Phrase::OnlyFiles,
        Phrase::SecretHidden,
        Phrase::FileTooLarge { name: "Fehler_1.mp4".to_owned() },
        Phrase::Answer { title: "A title".to_owned(), body: "A body.\n".to_owned(), foreign: None },
        Phrase::Answer { title: "A title".to_owned(), body: "A body.".to_owned(), foreign: Some(Language::En) },
        Phrase::GuideBegins {
            title: "A title".to_owned(),
            body: String::new(),
            foreign: Some(Language::De),
            step: "Do this.".to_owned(),
            total: 1,
        },
        Phrase::GuideStep { number: 2, total: 3, step: "Do that.".to_owned() },
        Phrase::DidTheStepHelp,
        Phrase::DidTheAnswerHelp,
        Phrase::Clarify,
        Phrase::NotKnown,
        Phrase::NothingHelped,
        Phrase::HumanOrNot,
        Phrase::TicketOpened { before: 0 },
        Phrase::TicketOpened { before: 1 },
        Phrase::TicketOpened { before: 12 },
        Phrase::AddedToTicket,
        status(TicketStatus::New, None, 2),
        status(TicketStatus::Open, Some("Anna"), 0),
        status(TicketStatus::Open, None, 0),
        Phrase::NoTickets,
        Phrase::AgentJoined { name: name() },
        Phrase::AgentLeft,
        Phrase::Transferred,
        Phrase::BotIsBack,
        Phrase::ResolvedAskRating { name: name() },
        Phrase::AskComment,
        Phrase::RatingThanks,
        Phrase::Reopened,
        Phrase::Merged { into: TicketNumber(1043) },
        Phrase::PassedOn { into: TicketNumber(1043) },
        Phrase::AskNewQuestion,
        Phrase::GladItHelped,
        Phrase::CalledOff,
        Phrase::ClosedByRequester,
        Phrase::ClosedByDesk,
        Phrase::NewQuestion,
        Phrase::TicketStillOpen,
        Phrase::StaleChoice,
        Phrase::ChooseOne,
        Phrase::LanguageSet,
        Phrase::LanguageWhich,
        Phrase::PublicHello { desk: "Firstline".to_owned() },
        Phrase::PublicAnswer { title: "A title".to_owned(), body: "A body.".to_owned(), foreign: None, steps: 0 },
        Phrase::PublicAnswer { title: "A title".to_owned(), body: "A body.".to_owned(), foreign: None, steps: 3 },
        Phrase::PublicInPrivate,
        Phrase::PublicPersonal,
        Phrase::PublicSecret,
        Phrase::BotFailed { reference: "R-1".to_owned() },
    ];
    for field in [Field::Summary, Field::Category, Field::Impact, Field::Urgency] {
        all.push(Phrase::Ask { field, first: field == Field::Summary });
    }
    all
}

fn rendered(language: Language) -> String {
    let phrases = Phrases::new();
    let library = Library::build(Vec::new(), &MatchSettings::default());
    let mut text = String::new();
    for phrase in all() {
        let _ = writeln!(text, "{}\n", phrases.render(language, &phrase, Some(TicketNumber(1042))));
    }
    let mut choices = vec![
        ChoiceAction::Helped,
        ChoiceAction::NotHelped,
        ChoiceAction::NoneOfThese,
        ChoiceAction::NextStep,
        ChoiceAction::Human,
        ChoiceAction::NoHuman,
        ChoiceAction::Skip,
        ChoiceAction::Rate { stars: 5 },
        ChoiceAction::SomethingNew,
        ChoiceAction::Category { category: "network".to_owned() },
        ChoiceAction::Category { category: "of-their-own".to_owned() },
    ];
    choices.extend(Impact::ALL.iter().map(|&impact| ChoiceAction::Impact { impact }));
    choices.extend(Urgency::ALL.iter().map(|&urgency| ChoiceAction::Urgency { urgency }));
    for choice in choices {
        let _ = writeln!(text, "[{}]", phrases.label(language, &choice, &library));
    }
    let refusals = [
        Refusal::AlreadyClaimed { by: "Anna".to_owned() },
        Refusal::AlreadyYours,
        Refusal::HeldByAnother { by: "Anna".to_owned() },
        Refusal::ClaimFirst,
        Refusal::AlreadyOver,
        Refusal::NotOnHold,
        Refusal::UnknownQueue { known: vec!["helpdesk".to_owned(), "second-level".to_owned()] },
        Refusal::SameQueue,
        Refusal::NothingToSay,
        Refusal::NoTicket,
    ];
    for refusal in refusals {
        let _ = writeln!(text, "! {}", phrases.refusal(language, &refusal));
    }
    text
}

#[test]
fn english() {
    insta::assert_snapshot!(rendered(Language::En));
}

#[test]
fn german() {
    insta::assert_snapshot!(rendered(Language::De));
}
