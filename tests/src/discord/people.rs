//! Whoever uses the platform: in direct messages with the bot, in a channel, or in a thread.

use serde_json::{Value, json};

use super::{
    Discord, Room, State, Thread,
    world::{Content, Message, Shown, User},
};

/// Somebody, where they sit. What is read is read in order, as in [`crate::chat::Chat`].
#[derive(Debug)]
pub struct Person<'d> {
    discord: &'d Discord,
    user: u64,
    channel: u64,
    /// The first message that has not been read yet.
    next: usize,
}

impl Discord {
    /// Somebody with an account, in direct messages with the bot.
    pub fn person(&self, name: &str, locale: &str) -> Person<'_> {
        let (user, channel) = self.change(|state| {
            let id = state.world.id();
            let user = User { id, name: name.to_owned(), locale: locale.to_owned(), bot: false, closed: false };
            state.world.users.insert(id, user);
            (id, state.world.open_dm(id))
        });
        Person { discord: self, user, channel, next: 0 }
    }
}

/// Where they sit.
impl<'d> Person<'d> {
    /// The user's id.
    pub fn id(&self) -> u64 {
        self.user
    }

    /// The id of the channel they sit in.
    pub fn channel(&self) -> u64 {
        self.channel
    }

    /// The same person in a channel.
    #[must_use]
    pub fn in_room(&self, room: &Room<'d>) -> Self {
        Self { discord: self.discord, user: self.user, channel: room.id(), next: 0 }
    }

    /// The same person in a thread.
    #[must_use]
    pub fn in_thread(&self, thread: &Thread<'d>) -> Self {
        Self { discord: self.discord, user: self.user, channel: thread.id(), next: 0 }
    }
}

/// What they do.
impl Person<'_> {
    /// Writes a message; its id.
    pub fn says(&self, text: &str) -> u64 {
        self.writes(Content { text: text.to_owned(), ..Content::default() })
    }

    /// Answers a message, by its id.
    pub fn replies(&self, to: u64, text: &str) -> u64 {
        self.writes(Content { text: text.to_owned(), reply_to: Some(to), ..Content::default() })
    }

    /// Sends a file, with words to it.
    pub fn sends(&self, name: &str, media_type: &str, bytes: &[u8], text: &str) -> u64 {
        let files = vec![(name.to_owned(), Some(media_type.to_owned()), bytes.to_vec())];
        self.writes(Content { text: text.to_owned(), files, ..Content::default() })
    }

    fn writes(&self, content: Content) -> u64 {
        self.discord.change(|state| state.world.write(self.channel, self.user, content))
    }

    /// Changes the words of a message of theirs.
    pub fn rewrites(&self, message: u64, text: &str) {
        let done = self.discord.change(|state| {
            state.world.rewrite(self.channel, message, |message| text.clone_into(&mut message.content))
        });
        assert!(done, "there is no message {message}");
    }

    /// Deletes a message, theirs or as a moderator.
    pub fn deletes(&self, message: u64) {
        let done = self.discord.change(|state| state.world.remove(self.channel, message));
        assert!(done, "there is no message {message}");
    }

    /// Presses the newest button, or picks the newest entry of a list, with this label; the interaction.
    pub fn presses(&self, label: &str) -> u64 {
        let pressed = self.discord.change(|state| {
            let channel = state.world.channels.get(&self.channel)?;
            let mut live = channel.messages.iter().rev().filter(|it| !it.deleted && self.sees_it(it));
            let (message, data) = live.find_map(|it| Some((it.id, it.press(label)?)))?;
            Some(state.world.interact(self.user, self.channel, 3, &data, Some(message)))
        });
        pressed.unwrap_or_else(|| self.fail(&format!("there is no button {label:?}")))
    }

    /// Uses a command with these options; the interaction.
    pub fn commands(&self, name: &str, options: &[(&str, &str)]) -> u64 {
        let options: Vec<Value> =
            options.iter().map(|(name, value)| json!({"name": name, "type": 3, "value": value})).collect();
        let data = json!({"id": "1", "name": name, "type": 1, "options": options});
        self.discord.change(|state| state.world.interact(self.user, self.channel, 2, &data, None))
    }

    /// Takes no direct messages from the bot any more, or again.
    pub fn closes_dms(&self, closed: bool) {
        self.discord.change(|state| {
            if let Some(user) = state.world.users.get_mut(&self.user) {
                user.closed = closed;
            }
        });
    }

    fn sees_it(&self, message: &Message) -> bool {
        message.only_for.is_none_or(|user| user == self.user)
    }
}

/// What they see.
impl Person<'_> {
    /// Waits for a message of the bot's with this in it, after those read before, and returns it.
    pub async fn reads(&mut self, part: &str) -> Shown {
        let next = self.next;
        let look = |state: &mut State| {
            let channel = state.world.channels.get(&self.channel)?;
            let fresh =
                channel.messages.iter().enumerate().skip(next).filter(|(_, it)| !it.deleted && self.sees_it(it));
            let mut fresh = fresh.map(|(at, message)| (at, message.shown()));
            fresh.find(|(_, message)| message.by_bot && message.text.contains(part))
        };
        let Some((position, message)) = self.discord.finds(look).await else {
            self.fail(&format!("waited in vain for {part:?}"));
        };
        self.next = position + 1;
        message
    }

    /// Waits until a message, whoever wrote it and whether read or not, is as `fits` says, and returns it.
    pub async fn sees(&self, what: &str, fits: impl Fn(&Shown) -> bool) -> Shown {
        let look = |state: &mut State| {
            let channel = state.world.channels.get(&self.channel)?;
            let seen = channel.messages.iter().filter(|it| !it.deleted && self.sees_it(it));
            seen.map(Message::shown).find(|message| fits(message))
        };
        match self.discord.finds(look).await {
            Some(found) => found,
            None => self.fail(&format!("waited in vain for {what}")),
        }
    }

    /// Everything that they see here, in order.
    pub fn chat(&self) -> Vec<Shown> {
        let state = self.discord.platform.state();
        let messages = state.world.channels.get(&self.channel).into_iter().flat_map(|channel| &channel.messages);
        messages.filter(|it| !it.deleted && self.sees_it(it)).map(Message::shown).collect()
    }

    /// How many messages of the bot's have this in them.
    pub fn count(&self, part: &str) -> usize {
        self.chat().iter().filter(|message| message.by_bot && message.text.contains(part)).count()
    }

    /// What the first file of a message is made of.
    pub fn opens(&self, message: u64) -> Vec<u8> {
        let state = self.discord.platform.state();
        let channel = state.world.channels.get(&self.channel);
        let file = channel.and_then(|channel| channel.message(message)?.files.first().map(|file| file.id));
        let bytes = file.and_then(|id| state.world.files.get(&id).cloned());
        drop(state);
        bytes.unwrap_or_else(|| self.fail(&format!("message {message} has no file")))
    }

    /// Fails the test with everything that they see.
    #[track_caller]
    pub fn fail(&self, why: &str) -> ! {
        let messages: Vec<String> = self.chat().iter().map(ToString::to_string).collect();
        let requests = self.discord.journal();
        let last = requests.iter().rev().take(8).map(|it| format!("  {} {} -> {:?}", it.path, it.body, it.answer));
        panic!(
            "Discord, channel {}: {why}\n{}\n({} requests, the last ones, newest first)\n{}",
            self.channel,
            messages.join("\n"),
            requests.len(),
            last.collect::<Vec<_>>().join("\n")
        )
    }
}
