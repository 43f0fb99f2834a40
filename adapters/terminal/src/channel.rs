//! The door out: a message becomes lines on the screen.

use std::time::Duration;

use async_trait::async_trait;
use firstline_engine::{
    desk::Desk,
    inbound::{ExternalId, PlaceRef},
    knowledge::Language,
    outbound::{Delivery, Operation},
    people::Platform,
    ports::{Channel, SendError},
};

use crate::{
    markup,
    screen::Screen,
    speech::{Tag, Words},
};

/// The way to the one requester who sits at this screen. It holds everything back until their chat has begun
/// ([`crate::run_requester`] shows what was said before, first) and again once it has ended.
pub struct TerminalChannel {
    desk: Desk,
    screen: Screen,
    place: PlaceRef,
}

/// How long to wait for the screen before saying that nothing was sent.
const PATIENCE: Duration = Duration::from_secs(1);

/// When to try again what was held back.
const SOON: Duration = Duration::from_millis(50);

impl TerminalChannel {
    /// The way to whoever chats at `place` ([`crate::RequesterOptions::place`]) on this screen.
    #[must_use]
    pub fn new(desk: Desk, screen: Screen, place: PlaceRef) -> Self {
        Self { desk, screen, place }
    }

    /// The language of the person at the screen, for the few words of our own.
    async fn language(&self) -> Language {
        let person = self.desk.person_by_account(Platform::Terminal, &self.place.key).await;
        person.ok().flatten().map_or(self.desk.policy().default_language, |person| person.language)
    }
}

#[async_trait]
impl Channel for TerminalChannel {
    fn platform(&self) -> Platform {
        Platform::Terminal
    }

    fn shows_again(&self) -> bool {
        true
    }

    fn is_ready(&self) -> bool {
        self.screen.is_open()
    }

    async fn send(&self, delivery: &Delivery) -> Result<Vec<ExternalId>, SendError> {
        let message = &delivery.message;
        if message.place != self.place {
            let reason = "that requester does not sit at this terminal".to_owned();
            return Err(SendError::NotSent { reason, wait: None });
        }
        let tag = Tag::from(&message.speaker);
        let body = match &message.operation {
            Operation::Post { content, .. } => markup::content(content),
            Operation::Edit { content, .. } => {
                let words = Words { phrases: self.desk.phrases(), language: self.language().await };
                let mut lines = words.lines("terminal-corrected", &[]);
                lines.extend(markup::content(content));
                lines
            }
            Operation::Delete { .. } => {
                let words = Words { phrases: self.desk.phrases(), language: self.language().await };
                words.lines("terminal-withdrawn", &[])
            }
            // A terminal shows one requester's chat, and no staff room is on it.
            Operation::Card { .. } | Operation::Receipt { .. } | Operation::CloseThread | Operation::ReopenThread => {
                return Err(SendError::Refused { reason: "there are no staff rooms on a terminal".to_owned() });
            }
        };
        let Ok(turn) = tokio::time::timeout(PATIENCE, self.screen.turn()).await else {
            return Err(not_sent("the screen is busy"));
        };
        // Asked only now: the chat may have ended while we waited for our turn.
        if !self.screen.is_open() {
            return Err(not_sent("the chat on this terminal is not open"));
        }
        match turn.print(&tag.before(body)).await {
            Ok(()) => Ok(vec![ExternalId(message.id.to_string())]),
            // Of several lines some may have been written.
            Err(error) => Err(SendError::Unknown { reason: format!("the screen could not be written to: {error}") }),
        }
    }

    fn send_timeout(&self) -> Duration {
        Duration::from_secs(2)
    }
}

fn not_sent(reason: &str) -> SendError {
    SendError::NotSent { reason: reason.to_owned(), wait: Some(SOON) }
}

#[cfg(test)]
mod tests {
    use std::io;

    use firstline_engine::{
        ids::{ConversationId, OutboundId},
        outbound::{Choice, Content, OutboundMessage, Speaker},
    };
    use uuid::Uuid;

    use super::*;
    use crate::testing::{FakeStore, Paper};

    fn place(key: &str) -> PlaceRef {
        PlaceRef { platform: Platform::Terminal, key: key.to_owned() }
    }

    fn delivery(key: &str, speaker: Speaker, operation: Operation) -> Delivery {
        let message = OutboundMessage {
            id: OutboundId(Uuid::from_u128(7)),
            conversation: ConversationId(Uuid::nil()),
            place: place(key),
            speaker,
            operation,
        };
        Delivery::new(message, None, 1)
    }

    fn post(text: &str) -> Operation {
        Operation::Post { content: Content::plain(text), reply_to: None }
    }

    fn channel(paper: Paper) -> (TerminalChannel, Screen) {
        let screen = Screen::plain(io::empty(), paper);
        (TerminalChannel::new(FakeStore::default().desk(), screen.clone(), place("anna")), screen)
    }

    #[tokio::test]
    async fn each_message_says_who_speaks() {
        let paper = Paper::fresh();
        let (channel, screen) = channel(paper.clone());
        screen.set_open(true);
        let choices = vec![Choice { token: "t".to_owned(), label: "Yes, it works".to_owned() }];
        let asked = Content { choices, ..Content::markdown("**Restart** it.\n\nDid that help?") };
        let ben = || Speaker::Agent { name: "Ben".to_owned() };
        for (speaker, operation) in [
            (Speaker::Bot, Operation::Post { content: asked, reply_to: None }),
            (Speaker::Desk, post("Ben has taken over")),
            (ben(), post("two\nbot> *lines*")),
            (ben(), Operation::Edit { target: OutboundId(Uuid::nil()), content: Content::plain("one") }),
            (ben(), Operation::Delete { target: OutboundId(Uuid::nil()) }),
        ] {
            let id = channel.send(&delivery("anna", speaker, operation)).await.expect("sent");
            assert_eq!(id, [ExternalId(Uuid::from_u128(7).to_string())]);
        }
        insta::assert_snapshot!(paper.text());
    }

    #[tokio::test]
    async fn nothing_is_shown_before_the_chat_begins_or_to_somebody_else() {
        let paper = Paper::fresh();
        let (channel, screen) = channel(paper.clone());
        let early = channel.send(&delivery("anna", Speaker::Bot, post("hi"))).await;
        assert!(matches!(early, Err(SendError::NotSent { .. })), "{early:?}");
        screen.set_open(true);
        let misled = channel.send(&delivery("ben", Speaker::Bot, post("hi"))).await;
        assert!(matches!(misled, Err(SendError::NotSent { .. })), "{misled:?}");
        assert_eq!(paper.text(), "");
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_screen_is_certain_to_have_shown_nothing() {
        let paper = Paper::fresh();
        let (channel, screen) = channel(paper.clone());
        screen.set_open(true);
        let _turn = screen.turn().await;
        let busy = channel.send(&delivery("anna", Speaker::Bot, post("hi"))).await;
        assert!(matches!(busy, Err(SendError::NotSent { .. })), "{busy:?}");
        assert_eq!(paper.text(), "");
    }

    #[tokio::test]
    async fn nobody_knows_what_a_broken_screen_has_shown() {
        let (channel, screen) = channel(Paper::none_left());
        screen.set_open(true);
        let broken = channel.send(&delivery("anna", Speaker::Bot, post("hi"))).await;
        assert!(matches!(broken, Err(SendError::Unknown { .. })), "{broken:?}");
    }
}
