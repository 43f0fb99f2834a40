//! The ways that people find: a link from a group into the private chat, a topic in it, an album piece by piece.

use serde_json::{Value, json};

use super::{Person, Sent};
use crate::telegram::{
    Telegram,
    world::{Topic as Kept, body, buttons},
};

impl Person<'_> {
    /// Presses the newest button with this label that is a link into the private chat with the bot, and *Start* there. Returns
    /// what is said there by that, so that a story can send it again.
    pub fn follows(&self, label: &str) -> String {
        let found = self.telegram.change(|state| {
            let chat = state.world.chats.get(&self.seat.chat)?;
            let seen = chat.messages.iter().rev().filter(|message| !message.deleted && self.seat.sees(message));
            let mut links = seen.filter_map(|message| {
                let button = buttons(&message.keyboard).find(|button| button["text"] == label)?;
                Some(button["url"].as_str()?.to_owned())
            });
            links.next()
        });
        let Some(link) = found else { self.fail(&format!("there is no link {label:?}")) };
        let Some((address, payload)) = link.split_once("?start=") else { self.fail(&format!("{link} starts nothing")) };
        assert_eq!(address, "https://t.me/firstline_test_bot");
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        assert!(payload.len() <= 64 && payload.chars().all(plain), "Telegram refuses this payload: {payload:?}");
        let said = format!("/start {payload}");
        self.elsewhere(self.id(), None).says(&said);
        said
    }

    /// Answers a message, by its id, about a part of it that they choose.
    pub fn quotes(&self, to: i64, part: &str, text: &str) -> i64 {
        let told = self.telegram.change(|state| {
            let (before, _) = state.world.message(self.seat.chat, to)?.text().split_once(part)?;
            let position = before.encode_utf16().count();
            let mut body = body(text, None);
            body.insert("quote".to_owned(), json!({"text": part, "position": position, "is_manual": true}));
            Some(state.world.write(&self.seat, body, Some(to)))
        });
        told.unwrap_or_else(|| self.fail(&format!("{part:?} is no part of message {to}")))
    }

    /// Deletes the topic of the private chat in which they sit, with everything in it. Telegram tells the bot nothing.
    pub fn deletes_topic(&self) {
        let thread = self.seat.thread.unwrap_or_default();
        let deleted = self.telegram.change(|state| state.world.delete_topic(self.seat.chat, thread));
        assert!(deleted, "there is no topic {thread} any more");
    }

    /// Begins a topic in the private chat with the bot, which newer servers offer.
    #[must_use]
    pub fn begins(&self, name: &str) -> Self {
        let topic = Kept { name: name.to_owned(), color: 0, icon: None, closed: false };
        let thread = self.telegram.change(|state| {
            state.world.has_private_topics = true;
            state.world.begin_topic(self.id(), &self.seat.user, topic)
        });
        self.elsewhere(self.id(), Some(thread))
    }

    /// Changes something of a message of theirs that is no words: the `location` of one who shares where they are.
    pub fn changes_other(&self, message: i64, body: &Value) -> i64 {
        let body = body.as_object().cloned().unwrap_or_default();
        let told = self.telegram.change(|state| state.world.change(&self.seat, message, body));
        told.unwrap_or_else(|| self.fail(&format!("there is no message {message} to change")))
    }

    /// Sends one file of an album of several, and the others at other times.
    pub fn sends_part(&self, album: &str, file: Sent) -> i64 {
        self.telegram.change(|state| {
            let mut body = file.body(&mut state.world);
            body.insert("media_group_id".to_owned(), album.into());
            state.world.write(&self.seat, body, None)
        })
    }
}

impl Telegram {
    /// Where the bot was seen typing, and in which topic, in order.
    pub fn typing(&self) -> Vec<(i64, Option<i64>)> {
        let asked = self.requests("sendchataction").into_iter().filter(|it| it.parameters["action"] == "typing");
        let place = |parameters: &Value| {
            (parameters["chat_id"].as_i64().unwrap_or_default(), parameters["message_thread_id"].as_i64())
        };
        asked.map(|request| place(&request.parameters)).collect()
    }
}
