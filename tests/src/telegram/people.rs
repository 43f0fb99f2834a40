//! Whoever uses the platform: in a private chat with the bot, in a group, or in a topic.

mod ways;

use serde_json::{Map, Value, json};

use super::{
    Group, State, Telegram, Topic,
    world::{ANONYMOUS, CHANNEL, Chat, File, Seat, Shown, World, body},
};

/// Somebody, where they sit. What is read is read in order, as in [`crate::chat::Chat`].
#[derive(Debug)]
pub struct Person<'t> {
    pub(super) telegram: &'t Telegram,
    pub(super) seat: Seat,
    /// The first message that has not been read yet.
    next: usize,
}

/// A file to be sent. Its kind is one of the Bot API's: `photo`, `document`, `video`, `voice`, `audio`, `sticker`, …
#[derive(Debug, Clone)]
pub struct Sent {
    kind: &'static str,
    name: String,
    media_type: Option<&'static str>,
    bytes: Vec<u8>,
    size: Option<u64>,
    caption: String,
}

impl Sent {
    /// A file of this kind.
    pub fn file(kind: &'static str, name: &str, media_type: Option<&'static str>, bytes: &[u8]) -> Self {
        let caption = String::new();
        Self { kind, name: name.to_owned(), media_type, bytes: bytes.to_vec(), size: None, caption }
    }

    /// A photo.
    pub fn photo(bytes: &[u8]) -> Self {
        Self::file("photo", "photo.jpg", Some("image/jpeg"), bytes)
    }

    /// A document.
    pub fn document(name: &str, media_type: &'static str, bytes: &[u8]) -> Self {
        Self::file("document", name, Some(media_type), bytes)
    }

    /// With words to it.
    #[must_use]
    pub fn with(self, caption: &str) -> Self {
        Self { caption: caption.to_owned(), ..self }
    }

    /// Of this size, as far as Telegram tells; the bytes are not that many.
    #[must_use]
    pub fn of_size(self, size: u64) -> Self {
        Self { size: Some(size), ..self }
    }

    fn body(self, world: &mut World) -> Map<String, Value> {
        let mut file = File::new(&self.name, self.media_type, self.bytes);
        file.size = self.size.unwrap_or(file.size);
        let id = world.files.keep(file);
        body(&self.caption, Some((self.kind, world.files.described(self.kind, &id))))
    }
}

impl Telegram {
    /// Somebody with an account, in a private chat with the bot.
    pub fn person(&self, id: i64, first_name: &str, language_code: &str) -> Person<'_> {
        let user = super::user(id, first_name, language_code);
        self.change(|state| state.world.open(Chat::private(&user)));
        Person::at(self, Seat { user, sender_chat: Value::Null, chat: id, thread: None })
    }

    fn seen(&self, seat: &Seat) -> Vec<Shown> {
        let state = self.platform.state();
        let messages = state.world.chats.get(&seat.chat).into_iter().flat_map(|chat| &chat.messages);
        messages.filter(|message| !message.deleted && seat.sees(message)).map(super::world::Message::shown).collect()
    }
}

/// Where they sit.
impl<'t> Person<'t> {
    pub(super) fn at(telegram: &'t Telegram, seat: Seat) -> Self {
        Self { telegram, seat, next: 0 }
    }

    /// The user's id.
    pub fn id(&self) -> i64 {
        self.seat.user["id"].as_i64().unwrap_or_default()
    }

    fn elsewhere(&self, chat: i64, thread: Option<i64>) -> Self {
        Self::at(self.telegram, Seat { chat, thread, ..self.seat.clone() })
    }

    /// The same person in a group: in General, where it has topics. They join if they are not in it.
    #[must_use]
    pub fn in_group(&self, group: &Group<'t>) -> Self {
        group.takes_in(self);
        self.elsewhere(group.id(), None)
    }

    /// The same person in a topic.
    #[must_use]
    pub fn in_topic(&self, topic: &Topic<'t>) -> Self {
        self.telegram.change(|state| state.world.join(topic.chat, &self.seat.user));
        self.elsewhere(topic.chat, Some(topic.thread))
    }

    /// Somebody who leads the group and hides behind it: everybody who does so has the same id.
    #[must_use]
    pub fn anonymously(&self) -> Self {
        let user = json!({"id": ANONYMOUS, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"});
        let sender_chat = self.chat_described();
        Self::at(self.telegram, Seat { user, sender_chat, ..self.seat.clone() })
    }

    /// Somebody who writes in the name of a channel.
    #[must_use]
    pub fn as_channel(&self, id: i64, title: &str) -> Self {
        let user = json!({"id": CHANNEL, "is_bot": true, "first_name": "Channel", "username": "Channel_Bot"});
        let sender_chat = json!({"id": id, "type": "channel", "title": title});
        Self::at(self.telegram, Seat { user, sender_chat, ..self.seat.clone() })
    }

    fn chat_described(&self) -> Value {
        self.telegram.platform.state().world.chats.get(&self.seat.chat).map(Chat::described).unwrap_or_default()
    }
}

/// What they do. Everything returns the id of the update that tells the bot, or 0 where Telegram tells it nothing.
impl Person<'_> {
    /// Writes a message.
    pub fn says(&self, text: &str) -> i64 {
        self.telegram.change(|state| state.world.write(&self.seat, body(text, None), None))
    }

    /// Answers a message, by its id.
    pub fn replies(&self, to: i64, text: &str) -> i64 {
        self.telegram.change(|state| state.world.write(&self.seat, body(text, None), Some(to)))
    }

    /// Sends a file.
    pub fn sends(&self, file: Sent) -> i64 {
        self.telegram.change(|state| {
            let body = file.body(&mut state.world);
            state.world.write(&self.seat, body, None)
        })
    }

    /// Sends several files as one album; the ids of the updates, one for each file.
    pub fn sends_album(&self, files: Vec<Sent>) -> Vec<i64> {
        self.telegram.change(|state| {
            let album = format!("1359{:0>13}", state.world.updates.count() + state.journal.len());
            let mut updates = Vec::new();
            for file in files {
                let mut body = file.body(&mut state.world);
                body.insert("media_group_id".to_owned(), album.clone().into());
                updates.push(state.world.write(&self.seat, body, None));
            }
            updates
        })
    }

    /// Sends whatever the Bot API has a field for: `contact`, `location`, `dice`, ….
    pub fn sends_other(&self, body: &Value) -> i64 {
        let body = body.as_object().cloned().unwrap_or_default();
        self.telegram.change(|state| state.world.write(&self.seat, body, None))
    }

    /// Sends on what somebody else wrote.
    pub fn forwards(&self, text: &str, by: &str) -> i64 {
        self.telegram.change(|state| {
            let mut body = body(text, None);
            let origin = json!({"type": "hidden_user", "date": state.world.now, "sender_user_name": by});
            body.insert("forward_origin".to_owned(), origin);
            state.world.write(&self.seat, body, None)
        })
    }

    /// Changes the words of a message of theirs, by its id.
    pub fn rewrites(&self, message: i64, text: &str) -> i64 {
        let told = self.telegram.change(|state| state.world.rewrite(&self.seat, message, text));
        told.unwrap_or_else(|| self.fail(&format!("there is no message {message} to change")))
    }

    /// Deletes a message of theirs, by its id. Telegram tells the bot nothing.
    pub fn deletes(&self, message: i64) {
        let deleted = self.telegram.change(|state| state.world.remove(&self.seat, message));
        if !deleted {
            self.fail(&format!("there is no message {message} to delete"));
        }
    }

    /// Presses the newest button with this label. Fails where there is no such button that lives.
    pub fn presses(&self, label: &str) -> i64 {
        let pressed = self.telegram.change(|state| state.world.press(&self.seat, label));
        pressed.unwrap_or_else(|| self.fail(&format!("there is no button {label:?}")))
    }

    /// Presses every button with this label, one after the other; how many there are.
    pub fn presses_each(&self, label: &str) -> usize {
        self.telegram.change(|state| state.world.press_each(&self.seat, label))
    }

    /// Sends the press of a button that may have been taken away, as an old screen does: the message's id and the button's data.
    pub fn presses_again(&self, message: i64, data: &str) -> i64 {
        let pressed = self.telegram.change(|state| state.world.press_again(&self.seat, message, data));
        pressed.unwrap_or_else(|| self.fail(&format!("there is no message {message}")))
    }

    /// Puts an emoji on a message, by its id.
    pub fn reacts(&self, message: i64, emoji: &str) -> i64 {
        let told = self.telegram.change(|state| state.world.react(&self.seat, message, emoji));
        told.unwrap_or_else(|| self.fail(&format!("there is no message {message}")))
    }

    /// Blocks the bot.
    pub fn blocks(&self) -> i64 {
        self.telegram.change(|state| state.world.place_bot(self.seat.chat, &self.seat.user, "kicked", &[]))
    }

    /// Lets the bot in again.
    pub fn unblocks(&self) -> i64 {
        self.telegram.change(|state| state.world.place_bot(self.seat.chat, &self.seat.user, "member", &[]))
    }

    /// Deletes their account.
    pub fn is_gone(&self) {
        self.telegram.change(|state| {
            if let Some(chat) = state.world.chats.get_mut(&self.seat.chat) {
                chat.deactivated = true;
            }
        });
    }
}

/// What they see.
impl Person<'_> {
    /// Waits for a message of the bot's with this in it, after those read before, and returns it.
    pub async fn reads(&mut self, part: &str) -> Shown {
        let (seat, next) = (self.seat.clone(), self.next);
        let look = |state: &mut State| {
            let chat = state.world.chats.get(&seat.chat)?;
            let seen = chat.messages.iter().filter(|message| !message.deleted && seat.sees(message));
            let mut fresh = seen.enumerate().skip(next).map(|(at, message)| (at, message.shown()));
            fresh.find(|(_, message)| message.by_bot && message.text.contains(part))
        };
        let Some((position, message)) = self.telegram.finds(look).await else {
            self.fail(&format!("waited in vain for {part:?}"));
        };
        self.next = position + 1;
        message
    }

    /// Waits until a message, whoever wrote it and whether read or not, is as `fits` says, and returns it.
    pub async fn sees(&self, what: &str, fits: impl Fn(&Shown) -> bool) -> Shown {
        let look = |state: &mut State| {
            let chat = state.world.chats.get(&self.seat.chat)?;
            let seen = chat.messages.iter().filter(|message| !message.deleted && self.seat.sees(message));
            seen.map(super::world::Message::shown).find(|message| fits(message))
        };
        match self.telegram.finds(look).await {
            Some(found) => found,
            None => self.fail(&format!("waited in vain for {what}")),
        }
    }

    /// Everything that they see here, in order.
    pub fn chat(&self) -> Vec<Shown> {
        self.telegram.seen(&self.seat)
    }

    /// The newest message that they see here and that was not written by the bot.
    pub fn last_own(&self) -> Shown {
        let own = self.chat().into_iter().rev().find(|message| !message.by_bot && message.service.is_none());
        own.unwrap_or_else(|| self.fail("there is no message of theirs"))
    }

    /// How many messages of the bot's have this in them.
    pub fn count(&self, part: &str) -> usize {
        self.chat().iter().filter(|message| message.by_bot && message.text.contains(part)).count()
    }

    /// What the file of a message is made of, by the message's id.
    pub fn opens(&self, message: i64) -> Vec<u8> {
        let state = self.telegram.platform.state();
        let world = &state.world;
        let found = world.message(self.seat.chat, message).and_then(|message| {
            let file = super::world::WITH_FILE.iter().find_map(|kind| message.body.get(*kind))?;
            let id = file["file_id"].as_str().or_else(|| file.as_array()?.last()?["file_id"].as_str())?;
            world.files.get(id).map(|file| file.bytes.clone())
        });
        drop(state);
        found.unwrap_or_else(|| self.fail(&format!("message {message} has no file")))
    }

    /// Fails the test with everything that they see.
    #[track_caller]
    pub fn fail(&self, why: &str) -> ! {
        let messages: Vec<String> = self.chat().iter().map(ToString::to_string).collect();
        let requests = self.telegram.journal();
        let last: Vec<String> = requests
            .iter()
            .rev()
            .filter(|request| request.method != "getupdates")
            .take(8)
            .map(|request| format!("  {} {} -> {:?}", request.method, request.parameters, request.answer))
            .collect();
        panic!(
            "Telegram, chat {} thread {:?}: {why}\n{}\n({} requests, the last ones, newest first)\n{}",
            self.seat.chat,
            self.seat.thread,
            messages.join("\n"),
            requests.len(),
            last.join("\n")
        )
    }
}
