//! What the bot and the desk say to a requester.

use firstline_knowledge::Language;
use fluent_bundle::FluentValue;

use super::{Argument, Phrases, escape_markdown};
use crate::{
    conversation::Field,
    ticket::{Ticket, TicketNumber, TicketStatus},
};

/// What the bot and the desk say to a requester.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phrase {
    /// Hello, and what this is.
    Hello {
        /// The desk's name.
        desk: String,
    },
    /// What somebody did has arrived, and there is nothing else to say to it.
    Taken,
    /// What can be done here.
    Help,
    /// What is stored, and for whom.
    Privacy,
    /// An answer to thanks.
    YouAreWelcome,
    /// "How are you?" and the like.
    SmallTalk,
    /// A request for help that says nothing about with what.
    TellMeMore,
    /// A message without text.
    OnlyFiles,
    /// A password or another secret was blacked out.
    SecretHidden,
    /// A file is too large to be kept.
    FileTooLarge {
        /// Its name.
        name: String,
    },
    /// An article.
    Answer {
        /// Its title.
        title: String,
        /// Its body, Markdown.
        body: String,
        /// It is not in the requester's language.
        foreign: Option<Language>,
    },
    /// An article with steps, and the first of them.
    GuideBegins {
        /// Its title.
        title: String,
        /// The first paragraph of its body, Markdown.
        body: String,
        /// It is not in the requester's language.
        foreign: Option<Language>,
        /// The first step, Markdown.
        step: String,
        /// How many there are.
        total: usize,
    },
    /// A further step.
    GuideStep {
        /// Which, from 1.
        number: usize,
        /// Of how many.
        total: usize,
        /// What to do, Markdown.
        step: String,
    },
    /// What was said could not be understood while a step is being tried.
    DidTheStepHelp,
    /// What was said could not be understood while an answer is on the table.
    DidTheAnswerHelp,
    /// Several articles fit.
    Clarify,
    /// The knowledge base has no answer.
    NotKnown,
    /// Several things were tried in vain.
    NothingHelped,
    /// Asks again whether a human is wanted.
    HumanOrNot,
    /// Asks for something that a ticket needs.
    Ask {
        /// For what.
        field: Field,
        /// It is the first question, so say what it is for.
        first: bool,
    },
    /// The ticket is open.
    TicketOpened {
        /// How many are before it.
        before: u32,
    },
    /// What was said is with the ticket now.
    AddedToTicket,
    /// How a ticket stands.
    Status(Box<TicketStatusLine>),
    /// There is no open ticket.
    NoTickets,
    /// An agent has it.
    AgentJoined {
        /// Who.
        name: String,
    },
    /// The agent laid it back.
    AgentLeft,
    /// It went to another queue.
    Transferred,
    /// The bot goes on.
    BotIsBack,
    /// It is resolved; how was it?
    ResolvedAskRating {
        /// Who resolved it.
        name: String,
    },
    /// Asks for a word to the rating.
    AskComment,
    /// Thanks for the rating.
    RatingThanks,
    /// It goes on in another ticket.
    Merged {
        /// In which.
        into: TicketNumber,
    },
    /// What was said is with the ticket of which this one is a part.
    PassedOn {
        /// Which that is.
        into: TicketNumber,
    },
    /// It goes on.
    Reopened,
    /// The reply was not about the ticket.
    AskNewQuestion,
    /// The requester is happy.
    GladItHelped,
    /// The requester called it off.
    CalledOff,
    /// The requester closed the ticket.
    ClosedByRequester,
    /// The desk closed it.
    ClosedByDesk,
    /// A new question may be asked.
    NewQuestion,
    /// The ticket goes on; a new question has to wait.
    TicketStillOpen,
    /// A press on something that is no longer on offer.
    StaleChoice,
    /// What was chosen was on offer before a human took over.
    HeldChoice,
    /// A choice is needed, and what was said is none.
    ChooseOne,
    /// From now on this language.
    LanguageSet,
    /// Which languages there are.
    LanguageWhich,
    /// In public: hello, and what this is.
    PublicHello {
        /// The desk's name.
        desk: String,
    },
    /// In public: an article.
    PublicAnswer {
        /// Its title.
        title: String,
        /// Its body, or only its beginning where it has steps. Markdown.
        body: String,
        /// It is not in the requester's language.
        foreign: Option<Language>,
        /// How many steps it has.
        steps: usize,
    },
    /// In public: this goes on in private.
    PublicInPrivate,
    /// In public: this is about one person alone.
    PublicPersonal,
    /// In public: a password or another secret was written.
    PublicSecret,
    /// The bot failed; a human is asked.
    BotFailed {
        /// Where in the log to look.
        reference: String,
    },
}

/// How a ticket stands, for its requester.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketStatusLine {
    /// The ticket.
    pub ticket: Ticket,
    /// What its assignee is called.
    pub assignee: Option<String>,
    /// How many are before it.
    pub before: u32,
}

impl Phrases {
    /// The words of a phrase, as Markdown. `ticket` is the number of the conversation's ticket, for the phrases that name it.
    #[must_use]
    pub fn render(&self, language: Language, phrase: &Phrase, ticket: Option<crate::ticket::TicketNumber>) -> String {
        let number = ticket.map(|number| number.to_string()).unwrap_or_default();
        let plain = |key: &str| self.text(language, key, &[]);
        let with = |key: &str, arguments: &[Argument<'_>]| self.text(language, key, arguments);
        let about_ticket = |key: &str| self.text(language, key, &[("ticket", FluentValue::from(number.as_str()))]);
        match phrase {
            Phrase::Hello { desk } => with("hello", &[("desk", escape_markdown(desk).into())]),
            Phrase::Taken => plain("taken"),
            Phrase::Help => plain("help"),
            Phrase::Privacy => plain("privacy"),
            Phrase::YouAreWelcome => plain("you-are-welcome"),
            Phrase::SmallTalk => plain("small-talk"),
            Phrase::TellMeMore => plain("tell-me-more"),
            Phrase::OnlyFiles => plain("only-files"),
            Phrase::SecretHidden => with("secret-hidden", &[("mask", firstline_knowledge::secrets::MASK.into())]),
            Phrase::FileTooLarge { name } => with("file-too-large", &[("name", escape_markdown(name).into())]),
            Phrase::Answer { title, body, foreign } => {
                let question = plain("did-that-help");
                [&self.article(language, title, body, *foreign), "\n\n", &question].concat()
            }
            Phrase::GuideBegins { title, body, foreign, step, total } => {
                let begin = with("guide-begins", &[("total", (*total).into())]);
                let first = self.step(language, 1, *total, step);
                [&self.article(language, title, body, *foreign), "\n\n", &begin, "\n\n", &first].concat()
            }
            Phrase::GuideStep { number, total, step } => self.step(language, *number, *total, step),
            Phrase::DidTheStepHelp => plain("did-the-step-help"),
            Phrase::DidTheAnswerHelp => plain("did-the-answer-help"),
            Phrase::Clarify => plain("clarify"),
            Phrase::NotKnown => plain("not-known"),
            Phrase::NothingHelped => plain("nothing-helped"),
            Phrase::HumanOrNot => plain("human-or-not"),
            Phrase::Ask { field, first } => {
                let question = plain(match field {
                    Field::Summary => "ask-summary",
                    Field::Category => "ask-category",
                    Field::Impact => "ask-impact",
                    Field::Urgency => "ask-urgency",
                });
                if *first { [&plain("getting-a-human"), " ", &question].concat() } else { question }
            }
            Phrase::TicketOpened { before } => {
                with("ticket-opened", &[("ticket", number.as_str().into()), ("before", (*before).into())])
            }
            Phrase::AddedToTicket => about_ticket("added-to-ticket"),
            Phrase::Status(line) => self.status(language, line),
            Phrase::NoTickets => plain("no-tickets"),
            Phrase::AgentJoined { name } => {
                with("agent-joined", &[("ticket", number.as_str().into()), ("name", escape_markdown(name).into())])
            }
            Phrase::AgentLeft => about_ticket("agent-left"),
            Phrase::Transferred => about_ticket("transferred"),
            Phrase::BotIsBack => plain("bot-is-back"),
            Phrase::ResolvedAskRating { name } => with(
                "resolved-ask-rating",
                &[("ticket", number.as_str().into()), ("name", escape_markdown(name).into())],
            ),
            Phrase::AskComment => plain("ask-comment"),
            Phrase::RatingThanks => plain("rating-thanks"),
            Phrase::Merged { into } => {
                with("merged", &[("ticket", number.as_str().into()), ("into", into.to_string().into())])
            }
            Phrase::PassedOn { into } => {
                with("passed-on", &[("ticket", number.as_str().into()), ("into", into.to_string().into())])
            }
            Phrase::Reopened => about_ticket("reopened"),
            Phrase::AskNewQuestion => plain("ask-new-question"),
            Phrase::GladItHelped => plain("glad-it-helped"),
            Phrase::CalledOff => plain("called-off"),
            Phrase::ClosedByRequester => about_ticket("closed-by-requester"),
            Phrase::ClosedByDesk => about_ticket("closed-by-desk"),
            Phrase::NewQuestion => plain("new-question"),
            Phrase::TicketStillOpen => about_ticket("ticket-still-open"),
            Phrase::StaleChoice => plain("stale-choice"),
            Phrase::HeldChoice => plain("held-choice"),
            Phrase::ChooseOne => plain("choose-one"),
            Phrase::LanguageSet => plain("language-set"),
            Phrase::LanguageWhich => plain("language-which"),
            Phrase::PublicHello { desk } => with("public-hello", &[("desk", escape_markdown(desk).into())]),
            Phrase::PublicAnswer { title, body, foreign, steps } => {
                let end = match steps {
                    0 => plain("public-answer-end"),
                    steps => with("public-answer-steps", &[("steps", (*steps).into())]),
                };
                [&self.article(language, title, body, *foreign), "\n\n", &end].concat()
            }
            Phrase::PublicInPrivate => plain("public-in-private"),
            Phrase::PublicPersonal => plain("public-personal"),
            Phrase::PublicSecret => plain("public-secret"),
            Phrase::BotFailed { reference } => with("bot-failed", &[("reference", reference.as_str().into())]),
        }
    }

    fn article(&self, language: Language, title: &str, body: &str, foreign: Option<Language>) -> String {
        let mut text = String::new();
        if let Some(foreign) = foreign {
            let key = match foreign {
                Language::En => "article-only-in-english",
                Language::De => "article-only-in-german",
            };
            text.push_str(&self.text(language, key, &[]));
            text.push_str("\n\n");
        }
        text.push_str("**");
        text.push_str(&escape_markdown(title));
        text.push_str("**");
        let body = body.trim();
        if !body.is_empty() {
            text.push_str("\n\n");
            text.push_str(body);
        }
        text
    }

    fn step(&self, language: Language, number: usize, total: usize, step: &str) -> String {
        let heading = self.text(language, "guide-step", &[("number", number.into()), ("total", total.into())]);
        let question = self.text(language, "did-that-help", &[]);
        format!("**{heading}**\n{}\n\n{question}", step.trim())
    }

    fn status(&self, language: Language, line: &TicketStatusLine) -> String {
        let TicketStatusLine { ticket, assignee, before } = line;
        let state = match (ticket.status, assignee) {
            (TicketStatus::New, _) => self.text(language, "status-new", &[("before", (*before).into())]),
            (TicketStatus::Open, Some(name)) => {
                self.text(language, "status-open", &[("name", escape_markdown(name).into())])
            }
            (TicketStatus::Open, None) => self.text(language, "status-open-nobody", &[]),
            (TicketStatus::WaitingForRequester, _) => self.text(language, "status-waiting-for-requester", &[]),
            (TicketStatus::OnHold, _) => self.text(language, "status-on-hold", &[]),
            (TicketStatus::Resolved, _) => self.text(language, "status-resolved", &[]),
            (TicketStatus::Closed, _) => self.text(language, "status-closed", &[]),
        };
        let number = ticket.number.to_string();
        self.text(
            language,
            "status-line",
            &[
                ("ticket", number.as_str().into()),
                ("summary", escape_markdown(&ticket.summary).into()),
                ("state", state.into()),
            ],
        )
    }
}
