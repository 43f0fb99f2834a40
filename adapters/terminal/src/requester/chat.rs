//! One employee's chat, line by line.

use std::time::Duration;

use firstline_engine::{
    command::Command,
    desk::Desk,
    inbound::{Circumstances, ExternalId, InboundEvent, InboundKind, PlaceRef},
    knowledge::Language,
    outbound::DeliveryState,
    people::{AccountRef, Platform},
    timeline::{Actor, Entry, Happening},
};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::{
    TerminalError,
    input::Input,
    line::{Line, Style},
    markup,
    requester::RequesterOptions,
    screen::Screen,
    speech::{Tag, Words, said},
};

/// An employee's chat.
pub(super) struct Chat {
    desk: Desk,
    screen: Screen,
    options: RequesterOptions,
    cancel: CancellationToken,
    account: AccountRef,
    place: PlaceRef,
    /// Different for every chat, so that the numbers of the lines are unique within it only.
    session: String,
    /// The number of the line read last.
    count: u64,
    /// What `/edit` changes.
    last_message: Option<ExternalId>,
}

/// What a line asks for.
#[derive(Debug, PartialEq, Eq)]
enum Typed<'a> {
    Nothing,
    Quit,
    Edit(&'a str),
    Command(Command),
    Message(&'a str),
}

impl<'a> Typed<'a> {
    fn read(line: &'a str) -> Self {
        let line = line.trim();
        if line.is_empty() {
            return Self::Nothing;
        }
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match word.to_lowercase().as_str() {
            "/quit" | "/exit" | "/ende" | "/beenden" => Self::Quit,
            "/edit" | "/ändern" | "/aendern" => Self::Edit(rest.trim()),
            _ => Command::parse(line).map_or(Self::Message(line), Self::Command),
        }
    }
}

impl Chat {
    /// A chat that has not begun. No other may ever have had the same `session`.
    pub(super) fn new(
        desk: Desk,
        screen: Screen,
        options: RequesterOptions,
        session: String,
        cancel: CancellationToken,
    ) -> Self {
        let (account, place) = (options.account(), options.place());
        Self { desk, screen, options, cancel, account, place, session, count: 0, last_message: None }
    }

    /// Holds the chat until they leave, the input ends, or it is cancelled.
    pub(super) async fn run(mut self, mut input: Input) -> Result<(), TerminalError> {
        self.begin().await?;
        let person = self.screen.is_for_a_person();
        if !person {
            self.settle(self.options.settle).await;
        }
        loop {
            let line = tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Ok(()),
                line = input.next("> ") => line,
            };
            let Some(line) = line else { break };
            let line = line?;
            self.count += 1;
            match Typed::read(&line) {
                Typed::Nothing => continue,
                Typed::Quit => break,
                Typed::Edit("") => self.notice("terminal-edit-what").await?,
                Typed::Edit(text) => match self.last_message.clone() {
                    Some(message) => self.send(&line, InboundKind::Edited { message, text: text.to_owned() }).await?,
                    None => self.notice("terminal-edit-nothing").await?,
                },
                Typed::Command(command) => self.send(&line, InboundKind::Command { command }).await?,
                Typed::Message(text) => {
                    let message = ExternalId(self.key());
                    self.last_message = Some(message.clone());
                    self.send(&line, InboundKind::said(message, text.to_owned())).await?;
                }
            }
            if !person {
                self.settle(self.options.settle).await;
            }
        }
        if !person && !self.settle(self.options.settle_at_end).await && !self.cancel.is_cancelled() {
            self.notice("terminal-unsettled").await?;
        }
        Ok(())
    }

    /// Shows what was said before, and lets the new in.
    async fn begin(&mut self) -> Result<(), TerminalError> {
        let lines = self.desk.attach(&self.place, self.options.history).await?;
        self.last_message = lines.iter().rev().find_map(|line| match (&line.actor, &line.what) {
            (Actor::Requester, Happening::Said { message, .. }) => message.clone(),
            _ => None,
        });
        let language = self.language().await;
        let words = Words { phrases: self.desk.phrases(), language };
        let mut shown = history(words, &self.options.name, &lines);
        if !shown.is_empty() {
            let offered = self.desk.on_offer(&self.place).await?;
            shown.extend(dimmed(Tag::Bot.before(markup::choices(&offered).collect())));
            // A person sees by the colours where the present begins.
            if !self.screen.is_for_a_person() {
                shown.extend(Tag::Terminal.before(words.lines("terminal-now", &[])));
            }
        }
        if self.screen.is_for_a_person() {
            shown.extend(dimmed(Tag::Terminal.before(words.lines("terminal-requester-hint", &[]))));
        }
        self.screen.print(&shown).await.map_err(TerminalError::Write)?;
        self.desk.shown(&lines).await?;
        self.screen.set_open(true);
        self.desk.channel_is_ready();
        Ok(())
    }

    /// Hands something to the desk, and tries again until the desk has it: what was typed is not lost while there is somebody
    /// to wait.
    async fn send(&self, line: &str, kind: InboundKind) -> Result<(), TerminalError> {
        let event = InboundEvent {
            dedupe_key: self.key(),
            account: self.account.clone(),
            place: self.place.clone(),
            kind,
            sent_at: Some(self.desk.now()),
            raw: serde_json::Value::Null,
            circumstances: Circumstances::default(),
        };
        let events = [event];
        let mut wait = Duration::from_millis(200);
        let mut failed = false;
        loop {
            // The answer must not be shown before the echo of what it answers.
            let turn = self.screen.turn().await;
            match self.desk.accept(&events, None).await {
                Ok(_) if self.screen.is_for_a_person() => break,
                Ok(_) => {
                    let echo = Tag::Person(&self.options.name).before(markup::plain(line.trim()));
                    return turn.print(&echo).await.map_err(TerminalError::Write);
                }
                Err(error) => {
                    tracing::warn!(%error, "a line could not be handed to the desk; it is kept and tried again");
                }
            }
            drop(turn);
            if !failed {
                failed = true;
                self.alarm("terminal-not-stored").await?;
            }
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(TerminalError::NotSent),
                () = sleep(wait) => wait = (wait * 2).min(Duration::from_secs(5)),
            }
        }
        if failed {
            self.notice("terminal-stored").await?;
        }
        Ok(())
    }

    /// Waits until everything that was handed in is answered and the answers are on the screen. False when that takes too
    /// long.
    async fn settle(&self, at_most: Duration) -> bool {
        let deadline = Instant::now() + at_most;
        loop {
            match self.desk.is_settled(&self.place).await {
                Ok(true) => return true,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "the desk could not say whether everything is answered"),
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || self.cancel.is_cancelled() {
                return false;
            }
            self.desk.wait_for_change(left.min(Duration::from_millis(50))).await;
        }
    }

    /// The key of the line read last.
    fn key(&self) -> String {
        format!("{}:{}", self.session, self.count)
    }

    async fn notice(&self, key: &str) -> Result<(), TerminalError> {
        let words = Words { phrases: self.desk.phrases(), language: self.language().await };
        let lines = dimmed(Tag::Terminal.before(words.lines(key, &[])));
        self.screen.print(&lines).await.map_err(TerminalError::Write)
    }

    async fn alarm(&self, key: &str) -> Result<(), TerminalError> {
        let words = Words { phrases: self.desk.phrases(), language: self.language().await };
        let text = words.say(key, &[]);
        let lines = Tag::Terminal.before(vec![Line::of(Style::Alarm, text)]);
        self.screen.print(&lines).await.map_err(TerminalError::Write)
    }

    /// The language for our own hints: the one the desk speaks with them.
    async fn language(&self) -> Language {
        let known = self.desk.person_by_account(Platform::Terminal, &self.account.user_id).await.ok().flatten();
        known.map_or(self.options.language.unwrap_or(self.desk.policy().default_language), |person| person.language)
    }
}

/// What was said before, in the background and under a heading; nothing where nothing was said.
fn history(words: Words<'_>, own_name: &str, lines: &[Entry]) -> Vec<Line> {
    let mut shown = Vec::new();
    for line in lines {
        // What will never be sent was not said.
        if line
            .delivery
            .as_ref()
            .is_some_and(|delivery| !matches!(delivery.state, DeliveryState::Sent | DeliveryState::Ambiguous))
        {
            continue;
        }
        let tag = match &line.actor {
            Actor::Requester => Tag::Person(own_name),
            Actor::Bot => Tag::Bot,
            Actor::Desk => Tag::Desk,
            Actor::Agent { name, .. } => Tag::Person(name),
        };
        if let Some(body) = said(words, &line.actor, &line.what) {
            shown.extend(tag.before(body));
        }
    }
    if !shown.is_empty() {
        shown.splice(0..0, Tag::Terminal.before(words.lines("terminal-earlier", &[])));
    }
    dimmed(shown)
}

fn dimmed(lines: Vec<Line>) -> Vec<Line> {
    lines.into_iter().map(Line::dimmed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_message_unless_it_is_a_command() {
        let check = |line, expected| assert_eq!(Typed::read(line), expected, "{line:?}");
        check("  my vpn is broken ", Typed::Message("my vpn is broken"));
        check("/etc/hosts is broken", Typed::Message("/etc/hosts is broken"));
        check("/help", Typed::Command(Command::Help));
        check("/Sprache de", Typed::Command(Command::Language(Some(Language::De))));
        check("/quit", Typed::Quit);
        check(" /EXIT ", Typed::Quit);
        check("/edit  I meant wifi ", Typed::Edit("I meant wifi"));
        check("/edit", Typed::Edit(""));
        check("/editor crashes", Typed::Message("/editor crashes"));
        check("   ", Typed::Nothing);
        check("1", Typed::Message("1"));
    }
}
