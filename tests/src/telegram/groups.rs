//! Where several people meet: groups, and the topics of those that have some.

use serde_json::Value;

use super::{
    Person, State, Telegram,
    world::{BOT, Chat, Kind, Member, Message, Right, Shown, Topic as Kept, World},
};

/// A group.
#[derive(Debug)]
pub struct Group<'t> {
    telegram: &'t Telegram,
    id: i64,
    /// Who made it.
    owner: Value,
}

/// A topic of a forum.
#[derive(Debug)]
pub struct Topic<'t> {
    telegram: &'t Telegram,
    pub(super) chat: i64,
    pub(super) thread: i64,
    owner: Value,
}

impl Telegram {
    /// A supergroup with topics, in which the bot is an administrator with all rights.
    pub fn forum(&self, id: i64, title: &str) -> Group<'_> {
        self.new_group(id, Kind::Supergroup { title: title.to_owned(), is_forum: true }, &Right::ALL)
    }

    /// A supergroup without topics, in which the bot is an ordinary member.
    pub fn supergroup(&self, id: i64, title: &str) -> Group<'_> {
        self.new_group(id, Kind::Supergroup { title: title.to_owned(), is_forum: false }, &[])
    }

    /// A small group, in which the bot is an ordinary member.
    pub fn group(&self, id: i64, title: &str) -> Group<'_> {
        self.new_group(id, Kind::Group { title: title.to_owned() }, &[])
    }

    fn new_group(&self, id: i64, kind: Kind, rights: &[Right]) -> Group<'_> {
        let owner = super::user(999_000 + id.abs() % 1000, "Owner", "en");
        let status = if rights.is_empty() { "member" } else { "administrator" };
        let bot = Member { rights: rights.iter().copied().collect(), ..Member::new(World::bot(), status) };
        let mut chat = Chat::group(id, kind, bot);
        let owner_id = owner["id"].as_i64().unwrap_or_default();
        chat.members.insert(owner_id, Member::new(owner.clone(), "creator"));
        self.change(|state| state.world.open(chat));
        Group { telegram: self, id, owner }
    }
}

impl<'t> Group<'t> {
    /// Its id, as the settings name it.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Somebody comes in.
    pub fn takes_in(&self, person: &Person<'_>) {
        self.telegram.change(|state| state.world.join(self.id, &person.seat.user));
    }

    /// The bot becomes an administrator with these rights, or loses them.
    pub fn lets_the_bot(&self, rights: &[Right]) {
        self.telegram.change(|state| state.world.place_bot(self.id, &self.owner, "administrator", rights));
    }

    /// The bot becomes an ordinary member.
    pub fn takes_the_bots_rights(&self) {
        self.telegram.change(|state| state.world.place_bot(self.id, &self.owner, "member", &[]));
    }

    /// The bot is thrown out.
    pub fn throws_the_bot_out(&self) {
        self.telegram.change(|state| state.world.place_bot(self.id, &self.owner, "kicked", &[]));
    }

    /// It becomes a supergroup with another id, with topics or without; the new one.
    #[must_use]
    pub fn grows(&self, new: i64, is_forum: bool) -> Group<'t> {
        self.telegram.change(|state| state.world.migrate(self.id, new, is_forum));
        Group { telegram: self.telegram, id: new, owner: self.owner.clone() }
    }

    /// Whoever made the group begins a topic by hand.
    pub fn begins(&self, name: &str) -> Topic<'t> {
        let topic = Kept { name: name.to_owned(), color: 0, icon: None, closed: false };
        let thread = self.telegram.change(|state| state.world.begin_topic(self.id, &self.owner, topic));
        self.at(thread)
    }

    /// Waits for a topic with this in its name; of several, the newest.
    pub async fn topic(&self, part: &str) -> Topic<'t> {
        let look = |state: &mut State| {
            let topics = &state.world.chats.get(&self.id)?.topics;
            topics.iter().rev().find(|(_, topic)| topic.name.contains(part)).map(|(thread, _)| *thread)
        };
        match self.telegram.finds(look).await {
            Some(thread) => self.at(thread),
            None => panic!("there is no topic {part:?} in {}; there are {:?}", self.id, self.topics()),
        }
    }

    /// All topics with this in their names, in the order in which they were begun.
    pub fn all_topics(&self, part: &str) -> Vec<Topic<'t>> {
        let state = self.telegram.platform.state();
        let topics = state.world.chats.get(&self.id).into_iter().flat_map(|chat| &chat.topics);
        topics.filter(|(_, topic)| topic.name.contains(part)).map(|(thread, _)| self.at(*thread)).collect()
    }

    /// The names of its topics, in the order in which they were begun.
    pub fn topics(&self) -> Vec<String> {
        let state = self.telegram.platform.state();
        let topics = state.world.chats.get(&self.id).into_iter().flat_map(|chat| chat.topics.values());
        topics.map(|topic| topic.name.clone()).collect()
    }

    fn at(&self, thread: i64) -> Topic<'t> {
        Topic { telegram: self.telegram, chat: self.id, thread, owner: self.owner.clone() }
    }
}

impl Topic<'_> {
    /// Its thread id.
    pub fn thread(&self) -> i64 {
        self.thread
    }

    fn look<T>(&self, look: impl FnOnce(&Chat) -> T) -> T {
        let state = self.telegram.platform.state();
        match state.world.chats.get(&self.chat) {
            Some(chat) => look(chat),
            None => panic!("there is no chat {}", self.chat),
        }
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.look(|chat| chat.topics.get(&self.thread).map(|topic| topic.name.clone()).unwrap_or_default())
    }

    /// It is closed.
    pub fn is_closed(&self) -> bool {
        self.look(|chat| chat.topics.get(&self.thread).is_some_and(|topic| topic.closed))
    }

    /// Waits until it is closed, or open.
    pub async fn becomes_closed(&self, closed: bool) {
        let (id, thread) = (self.chat, self.thread);
        let look = move |state: &mut State| {
            let topic = state.world.chats.get(&id)?.topics.get(&thread)?;
            (topic.closed == closed).then_some(())
        };
        assert!(self.telegram.finds(look).await.is_some(), "topic {thread} does not become closed: {closed}");
    }

    /// Everything in it, in order.
    pub fn messages(&self) -> Vec<Shown> {
        let here = |message: &&Message| !message.deleted && message.in_topic && message.thread == Some(self.thread);
        self.look(|chat| chat.messages.iter().filter(here).map(Message::shown).collect())
    }

    /// Its pinned messages, in the order in which they were pinned.
    pub fn pinned(&self) -> Vec<Shown> {
        let messages = self.messages();
        let pinned = self.look(|chat| chat.pinned.clone());
        pinned.into_iter().filter_map(|id| messages.iter().find(|message| message.id == id).cloned()).collect()
    }

    /// Whoever made the group closes it, or opens it again.
    pub fn is_closed_by_hand(&self, closed: bool) {
        self.telegram.change(|state| state.world.close_topic(self.chat, &self.owner, self.thread, closed));
    }

    /// Whoever made the group deletes it, with everything in it. Telegram tells the bot nothing.
    pub fn is_deleted(&self) {
        let deleted = self.telegram.change(|state| state.world.delete_topic(self.chat, self.thread));
        assert!(deleted, "there is no topic {} any more", self.thread);
    }

    /// How many messages of the bot's in it have this in them.
    pub fn count(&self, part: &str) -> usize {
        self.messages().iter().filter(|message| message.by_bot && message.text.contains(part)).count()
    }
}

/// A story never sees the bot's own id but in comparisons.
impl Telegram {
    /// The bot's id.
    pub const BOT: i64 = BOT;
}
