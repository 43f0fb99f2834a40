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
impl<'d> Person<'d> {
    /// Writes a message; its id.
    pub fn says(&self, text: &str) -> u64 {
        self.writes(Content { text: text.to_owned(), ..Content::default() })
    }

    /// Begins a post in the forum they sit in.
    pub fn posts(&self, name: &str, text: &str) -> Thread<'d> {
        let id = self.discord.change(|state| {
            let guild = state.world.channels.get(&self.channel).and_then(super::world::Channel::guild);
            let id = state.world.id();
            let (guild, parent) = (guild.expect("they sit in a forum"), self.channel);
            let kind = super::world::Kind::Thread { guild, parent, private: false, archived: false, locked: false };
            state.world.begin_thread(id, name, kind);
            state.world.write_as(Some(id), id, self.user, Content { text: text.to_owned(), ..Content::default() })
        });
        Thread::at(self.discord, id)
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

    /// Deletes several messages at once, as a moderator or a bot of theirs.
    pub fn purges(&self, messages: &[u64]) {
        self.discord.change(|state| state.world.remove_many(self.channel, messages));
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

    /// Presses the button with this label on a message, by its id; the interaction.
    pub fn presses_on(&self, message: u64, label: &str) -> u64 {
        let pressed = self.discord.change(|state| {
            let data = state.world.channels.get(&self.channel)?.message(message)?.press(label)?;
            Some(state.world.interact(self.user, self.channel, 3, &data, Some(message)))
        });
        pressed.unwrap_or_else(|| self.fail(&format!("message {message} has no button {label:?}")))
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

    /// Uses a command below a command.
    pub fn commands_below(&self, name: &str, below: &str) -> u64 {
        let data = json!({"id": "1", "name": name, "type": 1,
            "options": [{"name": below, "type": 1, "options": []}]});
        self.interacts(2, &data, None)
    }

    /// Uses a command in the menu of a message.
    pub fn commands_on(&self, message: u64, name: &str) -> u64 {
        let data = self.discord.change(|state| {
            let channel = state.world.channels.get(&self.channel)?;
            let resolved = state.world.described(channel, channel.message(message)?);
            Some(json!({"id": "1", "name": name, "type": 3, "target_id": message.to_string(),
                "resolved": {"messages": {message.to_string(): resolved}}}))
        });
        let data = data.unwrap_or_else(|| self.fail(&format!("there is no message {message}")));
        self.interacts(2, &data, None)
    }

    /// Types into the option of a command, and returns what is suggested.
    pub async fn types(&self, name: &str, option: &str, text: &str) -> Vec<String> {
        let options = json!([{"name": option, "type": 3, "value": text, "focused": true}]);
        let id = self.interacts(4, &json!({"id": "1", "name": name, "type": 1, "options": options}), None);
        let answer = self.answer_to(id).await;
        let choices = answer["choices"].as_array().cloned().unwrap_or_default();
        choices.iter().map(|choice| choice["name"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Fills in the form with which something was answered, and hands it in: each field by its label. What is not named stays as
    /// the form has it.
    pub async fn fills_in(&self, opened_by: u64, fields: &[(&str, &str)]) -> u64 {
        let form = self.answer_to(opened_by).await;
        let mut parts = form["components"].as_array().cloned().unwrap_or_default();
        for (label, _) in fields {
            let is_there = parts.iter().any(|part| part["label"] == *label);
            assert!(is_there, "the form has no field {label:?}: {form}");
        }
        for (number, part) in (1_u64..).zip(&mut parts) {
            let given = fields.iter().find(|(label, _)| part["label"] == *label).map(|(_, value)| *value);
            let value = given.or_else(|| part["component"]["value"].as_str()).unwrap_or_default().to_owned();
            let name = part["component"]["custom_id"].clone();
            *part = json!({"type": 18, "id": 2 * number,
                "component": {"type": 4, "id": 2 * number + 1, "custom_id": name, "value": value}});
        }
        let below = self.discord.change(|state| state.world.interactions.get(&opened_by).and_then(|it| it.original));
        self.interacts(5, &json!({"custom_id": form["custom_id"], "components": parts}), below)
    }

    /// What something was answered with at once.
    pub async fn answer_to(&self, interaction: u64) -> Value {
        let look = |state: &mut State| {
            let found = state.world.interactions.get(&interaction)?;
            found.answered.map(|_| found.data.clone())
        };
        match self.discord.finds(look).await {
            Some(data) => data,
            None => self.fail(&format!("the interaction {interaction} is not answered")),
        }
    }

    fn interacts(&self, kind: u64, data: &Value, message: Option<u64>) -> u64 {
        self.discord.change(|state| state.world.interact(self.user, self.channel, kind, data, message))
    }
}

/// What they see.
impl Person<'_> {
    /// Waits for a message of the bot's with this in it, after those read before, and returns it.
    pub async fn reads(&mut self, part: &str) -> Shown {
        let next = self.next;
        let look = |state: &mut State| {
            let channel = state.world.channels.get(&self.channel).filter(|it| it.is_open_to(self.user))?;
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
