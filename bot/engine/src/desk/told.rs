//! What somebody of the staff is told of what they did: in their thread, or, where the platform can, so that nobody else sees it.

use firstline_knowledge::Language;

use crate::{
    conversation::StaffAction,
    desk::Desk,
    outbound::{Content, OutboundMessage},
    people::{LanguageSource, Person},
    ports::{PendingEvent, Via},
    room::{StaffDid, StaffInput, Thread},
};

/// Who did something in a thread, and how they can be told of it.
pub(super) struct Teller<'a> {
    pub(super) desk: &'a Desk,
    pub(super) thread: &'a Thread,
    pub(super) person: &'a Person,
    input: &'a StaffInput,
    via: Option<&'a str>,
    /// The language that was chosen for the room.
    chosen: Option<Language>,
}

impl<'a> Teller<'a> {
    pub(super) fn new(
        desk: &'a Desk,
        thread: &'a Thread,
        person: &'a Person,
        pending: &'a PendingEvent,
        input: &'a StaffInput,
    ) -> Self {
        Self { desk, thread, person, input, via: pending.via.as_deref(), chosen: None }
    }

    /// Where they alone are told, if they can be.
    pub(super) fn via(&self) -> Option<Via> {
        self.via.map(|address| Via { place: self.thread.place(), address: address.to_owned() })
    }

    /// What others in the room read as well is in this language, if one was chosen.
    pub(super) fn in_language(self, chosen: Option<Language>) -> Self {
        Self { chosen, ..self }
    }

    pub(super) fn language(&self) -> Language {
        if let (None, Some(chosen)) = (self.via, self.chosen) {
            return chosen;
        }
        match self.person.language_source {
            LanguageSource::Default => self.desk.policy().default_language,
            _ => self.person.language,
        }
    }

    /// Tells it. In the thread, where others read along, their name stands before it.
    pub(super) fn tell(&self, text: &str) -> OutboundMessage {
        if self.via.is_some() {
            return self.desk.to_thread(self.thread, Content::plain(text), None);
        }
        let reply_to = match &self.input.what {
            StaffDid::Said { message, .. } | StaffDid::Edited { message, .. } => Some(message.clone()),
            StaffDid::Deleted { .. } | StaffDid::Pressed { .. } | StaffDid::Filled { .. } => None,
        };
        let arguments = [("name", self.person.name.as_str()), ("text", text)];
        let text = self.say("room-notice", &arguments);
        self.desk.to_thread(self.thread, Content::plain(text), reply_to)
    }

    pub(super) fn say(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        self.desk.phrases().ui(self.language(), key, arguments)
    }

    /// They wait for a word, whatever comes of it. Of a press the card shows that it is done.
    fn awaits_a_word(&self) -> bool {
        self.via.is_some() && !matches!(self.input.what, StaffDid::Pressed { .. })
    }

    /// Where they are told what they wait for.
    pub(super) fn via_if_awaited(&self) -> Option<Via> {
        self.via().filter(|_| self.awaits_a_word())
    }

    /// That it is done, where they wait for a word, or may have meant something else: otherwise the thread shows it.
    pub(super) fn done(&self, action: &StaffAction) -> Option<OutboundMessage> {
        if !self.awaits_a_word() && !matches!(action, StaffAction::Retract { .. }) {
            return None;
        }
        let key = match action {
            StaffAction::Claim => "done-claim",
            StaffAction::Say(_) | StaffAction::Edit { .. } | StaffAction::Delete { .. } => "done-say",
            StaffAction::Retract { .. } => "done-retract",
            StaffAction::Note(_) => "done-note",
            StaffAction::Release => "done-release",
            StaffAction::Macro { .. } => "done-macro",
            StaffAction::Merge { into, .. } => {
                return Some(self.tell(&self.say("done-merge", &[("ticket", &into.to_string())])));
            }
            StaffAction::Transfer { .. } => "done-transfer",
            StaffAction::SetPriority(_) => "done-priority",
            StaffAction::Hold => "done-hold",
            StaffAction::Resume => "done-resume",
            StaffAction::ReturnToBot => "done-bot",
            StaffAction::Resolve => "done-resolve",
            StaffAction::Close => "done-close",
        };
        Some(self.tell(&self.say(key, &[])))
    }

    /// The same of how the thread takes what is written.
    pub(super) fn done_with_notes(&self, notes: bool) -> Option<OutboundMessage> {
        if !self.awaits_a_word() {
            return None;
        }
        Some(self.tell(&self.say(if notes { "done-notes-on" } else { "done-notes-off" }, &[])))
    }
}
