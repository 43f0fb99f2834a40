//! Which part of the desk something belongs to that was done in a server: a staff room, a question in a help channel, its
//! thread, or somebody's own conversation with the desk.

use std::time::Duration;

use firstline_engine::{
    desk::Whose,
    inbound::{Attachment, InboundEvent, InboundKind, PlaceRef},
    knowledge::Language,
    people::AccountRef,
};
use serde_json::{Value, json};
use serenity::model::id::{ChannelId, MessageId};

use super::{
    Intake,
    hindrance::{Hindrance, Step},
    patience::Patience,
};
use crate::{
    inbound::{self, BESIDE, Deed},
    rest::{Failure, Method, NOTHING, Route},
};

/// So often, and with such pauses, somebody is told something that follows our first answer.
const ATTEMPTS: u32 = 12;
const PAUSE: Duration = Duration::from_millis(300);

/// The place of a question that was asked in a channel: its thread need not be there yet.
pub(crate) fn question(channel: &str, message: &str) -> PlaceRef {
    inbound::place(&format!("help:{channel}:{message}"))
}

/// The channel and the message of such a place.
pub(crate) fn asked_in(place: &str) -> Option<(u64, u64)> {
    let (channel, message) = place.strip_prefix("help:")?.split_once(':')?;
    let id = |text: &str| text.parse().ok().filter(|&id| id != 0);
    Some((id(channel)?, id(message)?))
}

/// Whether Discord shows that an answer is coming.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Awaited {
    Yes,
    No,
}

impl Intake<'_> {
    /// The event that something in a server is; `None` for what is nobody's business here.
    pub(super) async fn event_of(&mut self, deed: Deed) -> Step<Option<InboundEvent>> {
        if !self.settings.serves(&deed.server) {
            if self.strangers.insert(deed.server.clone()) {
                tracing::warn!(
                    server = deed.server,
                    "the app is in a server that discord.guilds does not name: it is left alone"
                );
            }
            return Ok(None);
        }
        let thread = self.help_thread(&deed).await?;
        if deed.is_personal() {
            let place = match thread {
                // A command in one's own thread is about what is asked there.
                Some((place, Whose::Theirs)) => place,
                _ => match self.direct(&deed.account).await? {
                    Some(place) => place,
                    None => return Ok(None),
                },
            };
            let files = self.files_wanted_by(deed.raw()).await?;
            let mut event = deed.by_requester(place, false);
            if let InboundKind::Request { attachments, .. } = &mut event.kind {
                *attachments = files;
            }
            return Ok(Some(event));
        }
        if let Some(room) = self.room_of(&deed.channel).await? {
            return Ok(deed.in_room(&room, self.settings));
        }
        if deed.is_staffs() {
            self.tell_alone(deed.raw(), deed.account.language, "discord-not-in-a-ticket", Awaited::Yes);
            return Ok(None);
        }
        match thread {
            Some((place, Whose::Theirs)) => Ok(Some(deed.by_requester(place, true))),
            Some((_, Whose::SomebodyElses)) => {
                if deed.is_press() {
                    // Whoever presses somebody else's button is told so, and nobody else is.
                    self.tell_alone(deed.raw(), deed.account.language, "discord-not-yours", Awaited::No);
                }
                Ok(None)
            }
            Some((_, Whose::Nobodys)) | None => Ok(self.asked(deed)),
        }
    }

    /// The files of the message that a ticket is made from. Its words name them, so without them it is worth more than nothing.
    async fn files_wanted_by(&self, raw: &Value) -> Step<Vec<Attachment>> {
        let Some((channel, message)) = inbound::files_wanted(raw) else { return Ok(Vec::new()) };
        let route = Route::Message(ChannelId::new(channel), MessageId::new(message));
        match self.ask(Method::GET, route, NOTHING).await {
            Ok(message) => Ok(message.as_ref().map(inbound::files_of).unwrap_or_default()),
            Err(Hindrance::Later(_)) => Ok(Vec::new()),
            Err(over) => Err(over),
        }
    }

    /// The conversation's place of a thread in a help channel, and whose it is.
    async fn help_thread(&mut self, deed: &Deed) -> Step<Option<(PlaceRef, Whose)>> {
        if !self.places.has_help() {
            return Ok(None);
        }
        let keys = if self.places.is_help(&deed.channel) {
            // What is done in the channel itself can be about the question that a thread has come from.
            let Some(message) = deed.message() else { return Ok(None) };
            vec![question(&deed.channel, message)]
        } else {
            let Some(parent) = self.parent(&deed.channel).await? else { return Ok(None) };
            if !self.places.is_help(&parent) {
                return Ok(None);
            }
            // A thread that begins with the question has its id, and may be written in before we know of it.
            vec![inbound::place(&deed.channel), question(&parent, &deed.channel)]
        };
        for place in keys {
            match self.whose(&place, &deed.account).await? {
                Whose::Nobodys => {}
                whose => return Ok(Some((place, whose))),
            }
        }
        Ok(None)
    }

    /// A question that begins a conversation: written in a help channel, or a post where that is a forum.
    fn asked(&self, deed: Deed) -> Option<InboundEvent> {
        if !deed.begins_something() {
            return None;
        }
        let message = deed.message()?.to_owned();
        let channel = if self.places.is_help(&deed.channel) {
            deed.channel.clone()
        } else {
            // The first message of a post has the post's id.
            let parent = self.places.parent_of_known(&deed.channel)?;
            if message != deed.channel || !self.places.is_help(&parent) {
                return None;
            }
            parent
        };
        Some(deed.by_requester(question(&channel, &message), true))
    }

    async fn whose(&self, place: &PlaceRef, account: &AccountRef) -> Step<Whose> {
        let mut patience = Patience::default();
        loop {
            match self.desk.whose(place, account).await {
                Ok(whose) => return Ok(whose),
                Err(error) => tracing::error!(%error, "cannot find whose thread it is; trying again"),
            }
            patience.wait(None, self.cancel).await?;
        }
    }

    /// The channel of direct messages with somebody; `None` where Discord does not give it.
    async fn direct(&mut self, account: &AccountRef) -> Step<Option<PlaceRef>> {
        if let Some(known) = self.places.direct(&account.user_id) {
            return Ok(Some(inbound::place(known)));
        }
        let wanted = json!({"recipient_id": account.user_id});
        let channel = self.ask(Method::POST, Route::DirectMessages, Some(&wanted)).await?;
        let Some(id) = channel.as_ref().and_then(|channel| channel.get("id")?.as_str()) else { return Ok(None) };
        self.places.learn_direct(account.user_id.clone(), id.to_owned());
        Ok(Some(inbound::place(id)))
    }

    /// Tells whoever waits for a word what became of what they did, once it is committed, or that it was nobody's.
    pub(super) fn tell_what_became_of(&self, event: &InboundEvent, is_somebodys: bool) {
        let language = event.account.language;
        match &event.circumstances.via {
            // It belongs to no ticket, so nobody else will answer it.
            Some(via) if !is_somebodys => {
                let awaited = if via.starts_with(BESIDE) { Awaited::No } else { Awaited::Yes };
                self.tell_alone(&event.raw, language, "discord-not-in-a-ticket", awaited);
            }
            _ if inbound::awaits_a_word(&event.raw) => {
                self.tell_alone(&event.raw, language, "discord-command-taken", Awaited::Yes);
            }
            _ => {}
        }
    }

    /// Tells whoever did something a word that nobody else sees.
    pub(super) fn tell_alone(&self, raw: &Value, language: Option<Language>, key: &str, awaited: Awaited) {
        let Some((app, token)) = inbound::answer_at(raw) else { return };
        let text = self.desk.phrases().ui(language.unwrap_or(self.desk.policy().default_language), key, &[]);
        let rest = std::sync::Arc::clone(self.rest);
        tokio::spawn(async move {
            let mut body = json!({"content": text, "allowed_mentions": {"parse": []}});
            let (method, route) = match awaited {
                Awaited::Yes => (Method::PATCH, Route::Answer(app, &token)),
                Awaited::No => {
                    body["flags"] = 64.into();
                    (Method::POST, Route::FollowUp(app, &token))
                }
            };
            for _ in 0..ATTEMPTS {
                match rest.call(method.clone(), route, Some(&body)).await {
                    // Our first answer to it may still be on its way.
                    Err(Failure::Refused { .. } | Failure::NotReached(_)) => tokio::time::sleep(PAUSE).await,
                    Err(failure) => {
                        tracing::debug!(reason = %failure, "somebody was not told why nothing happens");
                        return;
                    }
                    Ok(_) => return,
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_question_says_where_it_was_asked() {
        assert_eq!(asked_in(&question("5", "7").key), Some((5, 7)));
        for other in ["5", "help:5", "help:0:7", "help:5:x", "thread:5:7"] {
            assert_eq!(asked_in(other), None, "{other}");
        }
    }
}
