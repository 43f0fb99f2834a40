//! The door in, for an employee: each line that is typed is handed to the desk, and counts as sent when the desk has it.
//!
//! ```text
//! terminal> Earlier:
//! anna> ich komme von zu hause nicht ins vpn
//! bot> VPN verbindet sich von zu Hause nicht
//! …
//! > geht nicht                                   typed; accepted before anything else happens
//! bot> Schritt 2 von 6                           delivered by the worker, through the channel
//! ```
//!
//! Beyond the desk's own commands: `/edit TEXT` changes the last message, `/quit` leaves.

mod chat;

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use firstline_engine::{
    desk::Desk,
    inbound::PlaceRef,
    knowledge::Language,
    people::{AccountRef, Platform},
};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{TerminalError, hint::Commands, input::Input, screen::Screen};
use chat::Chat;

/// How an employee's chat is held.
#[derive(Debug, Clone)]
pub struct RequesterOptions {
    /// What to call them; also who they are, on this platform.
    pub name: String,
    /// The language their terminal is set to, if that is known.
    pub language: Option<Language>,
    /// How many lines of what was said before to show at the start.
    pub history: u32,
    /// Where lines are piped in: how long to wait for the answer to one before the next is read.
    pub settle: Duration,
    /// Where lines are piped in: how long to wait, at their end, for what is still to come.
    pub settle_at_end: Duration,
}

impl RequesterOptions {
    /// The usual way.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            language: None,
            history: 20,
            settle: Duration::from_secs(5),
            settle_at_end: Duration::from_secs(10),
        }
    }

    /// Who they are. On this platform a name is all there is, so the name is the id.
    #[must_use]
    pub fn account(&self) -> AccountRef {
        AccountRef {
            platform: Platform::Terminal,
            user_id: format!("requester:{}", self.name),
            display_name: self.name.clone(),
            language: self.language,
        }
    }

    /// Where they chat: the only place that this process delivers to.
    #[must_use]
    pub fn place(&self) -> PlaceRef {
        // In an address a slash leads to a part of a chat, and a terminal has none.
        PlaceRef { platform: Platform::Terminal, key: format!("requester:{}", self.name.replace('/', "\u{2215}")) }
    }
}

/// What is hinted at while an employee types.
const COMMANDS: &[&str] =
    &["/help", "/human", "/status", "/new", "/edit ", "/close", "/language de", "/language en", "/privacy", "/quit"];

/// Holds an employee's chat until they leave, the input ends or `cancel` is called. Somebody else has to do the desk's work
/// and deliver to [`RequesterOptions::place`] through a [`crate::TerminalChannel`] meanwhile.
pub async fn run_requester(
    desk: Desk,
    screen: Screen,
    options: RequesterOptions,
    cancel: CancellationToken,
) -> Result<(), TerminalError> {
    let input = Input::start(screen.take_input()?, Commands::new(COMMANDS, screen.has_colours()));
    let _closed_at_the_end = Closing(screen.clone());
    let session = session(&desk, &options);
    let chat = Chat::new(desk, screen, options, session, cancel.clone());
    tokio::select! {
        result = chat.run(input) => result,
        () = overdue(&cancel) => Ok(()),
    }
}

/// A name for this chat that no other has had: who, when, in which process, the how-manieth there.
fn session(desk: &Desk, options: &RequesterOptions) -> String {
    static CHATS: AtomicU64 = AtomicU64::new(0);
    let nth = CHATS.fetch_add(1, Ordering::Relaxed);
    format!("{}:{}-{}-{nth}", options.account().user_id, desk.now().0, std::process::id())
}

/// Whoever is told to stop gets this long to finish what it is doing.
const GRACE: Duration = Duration::from_secs(2);

pub(crate) async fn overdue(cancel: &CancellationToken) {
    cancel.cancelled().await;
    sleep(GRACE).await;
}

/// Lets nothing more through to the screen once the chat has ended, however it ended.
struct Closing(Screen);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.set_open(false);
    }
}

#[cfg(test)]
mod tests {
    use firstline_engine::{
        command::Command,
        ids::{EntryId, OutboundId},
        inbound::{ExternalId, InboundEvent, InboundKind},
        outbound::DeliveryState,
        time::Timestamp,
        timeline::{Actor, Entry, EntryDelivery, Happening},
    };
    use uuid::Uuid;

    use super::*;
    use crate::testing::{FakeStore, Paper};

    /// Chats as anna, typing `input`.
    async fn chat(
        store: &FakeStore,
        input: &'static str,
        cancel: &CancellationToken,
    ) -> (Result<(), TerminalError>, String) {
        let paper = Paper::fresh();
        let screen = Screen::plain(input.as_bytes(), paper.clone());
        let result = run_requester(store.desk(), screen.clone(), RequesterOptions::new("anna"), cancel.clone()).await;
        assert!(!screen.is_open(), "nothing is shown after the end");
        (result, paper.text())
    }

    fn said(seq: u128, actor: Actor, text: &str, state: Option<DeliveryState>) -> Entry {
        let message = OutboundId(Uuid::from_u128(seq));
        let own = state.is_none().then(|| ExternalId(format!("message {seq}")));
        Entry {
            id: EntryId(Uuid::from_u128(seq)),
            seq: i64::try_from(seq).expect("a small number"),
            at: Timestamp(0),
            actor,
            what: Happening::Said { text: text.to_owned(), message: own, attachments: Vec::new(), reply_to: None },
            delivery: state.map(|state| EntryDelivery { message, state, reason: None }),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_typed_is_accepted_in_order_and_then_echoed() {
        let store = FakeStore::default();
        let (result, shown) =
            chat(&store, "hi\n\n/status\n/edit hello\n/quit\nnever\n", &CancellationToken::new()).await;
        result.expect("a chat");
        assert_eq!(shown, "anna> hi\nanna> /status\nanna> /edit hello\n");
        let accepted = store.with(|fake| fake.accepted.clone());
        let [first, second, third] = &accepted[..] else { panic!("three events, not {accepted:?}") };
        let InboundKind::Message { message, text, .. } = &first.kind else { panic!("a message, not {first:?}") };
        assert_eq!(text, "hi");
        assert_eq!(second.kind, InboundKind::Command { command: Command::Status });
        assert_eq!(third.kind, InboundKind::Edited { message: message.clone(), text: "hello".to_owned() });
        assert!(first.dedupe_key != second.dedupe_key && second.dedupe_key != third.dedupe_key);
        assert_eq!(first.place, RequesterOptions::new("anna").place());
    }

    #[tokio::test(start_paused = true)]
    async fn two_chats_never_use_the_same_keys() {
        let store = FakeStore::default();
        for _ in 0..2 {
            chat(&store, "hi\n", &CancellationToken::new()).await.0.expect("a chat");
        }
        let keys = store.with(|fake| fake.accepted.iter().map(|event| event.dedupe_key.clone()).collect::<Vec<_>>());
        assert!(keys.len() == 2 && keys[0] != keys[1], "{keys:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_that_the_desk_cannot_take_is_kept_until_it_can() {
        let store = FakeStore::default();
        store.with(|fake| fake.failures = 5);
        let (result, shown) = chat(&store, "my vpn is broken\nthanks\n", &CancellationToken::new()).await;
        result.expect("a chat");
        let lines: Vec<_> = shown.lines().collect();
        assert!(lines[0].starts_with("terminal> This is not sent yet"), "{shown}");
        assert_eq!(lines[1..], ["anna> my vpn is broken", "anna> thanks"]);
        assert_eq!(store.with(|fake| fake.accepted.len()), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_leaves_while_a_line_cannot_be_taken_learns_that_it_was_not_sent() {
        let store = FakeStore::default();
        store.with(|fake| fake.failures = u32::MAX);
        let cancel = CancellationToken::new();
        let leave = async {
            while store.with(|fake| fake.failures) > u32::MAX - 3 {
                tokio::task::yield_now().await;
                tokio::time::advance(Duration::from_millis(100)).await;
            }
            cancel.cancel();
        };
        let ((result, _), ()) = tokio::join!(chat(&store, "my vpn is broken\n", &cancel), leave);
        assert!(matches!(result, Err(TerminalError::NotSent)), "{result:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_said_before_is_shown_first_and_tells_the_truth() {
        let store = FakeStore::default();
        let agent = Actor::Agent { person: firstline_engine::ids::PersonId(Uuid::nil()), name: "Ben".to_owned() };
        store.with(|fake| {
            fake.before = vec![
                said(1, Actor::Requester, "my *vpn*", None),
                said(2, Actor::Bot, "**VPN**\n\nDid that help?", Some(DeliveryState::Sent)),
                said(3, Actor::Bot, "superseded", Some(DeliveryState::Dead)),
                said(4, agent, "Hello **Anna**", Some(DeliveryState::Ambiguous)),
            ];
        });
        let (result, shown) = chat(&store, "/edit my wifi\n", &CancellationToken::new()).await;
        result.expect("a chat");
        assert_eq!(
            shown,
            "terminal> Earlier:\nanna> my *vpn*\nbot> VPN\nbot>\nbot> Did that help?\nBen> Hello **Anna**\nterminal> Now:\nanna> /edit my wifi\n"
        );
        assert_eq!(store.with(|fake| fake.confirmed.clone()), [OutboundId(Uuid::from_u128(4))]);
        let edited: Vec<InboundEvent> = store.with(|fake| fake.accepted.clone());
        let message = ExternalId("message 1".to_owned());
        assert_eq!(edited[0].kind, InboundKind::Edited { message, text: "my wifi".to_owned() });
    }
}
