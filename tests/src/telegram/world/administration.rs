//! What happens to chats: topics are made and closed, people come and go, the bot is blocked, a group grows.

use serde_json::{Map, Value, json};

use super::{BOT, Chat, Kind, Member, Message, Right, Topic, World};

/// The colour of a topic that nobody chose one for.
const COLOR: i64 = 7_322_096;

impl World {
    /// A message that a group writes by itself, told to the bot; the message's id.
    pub(in crate::telegram) fn announce(
        &mut self,
        chat: i64,
        by: &Value,
        thread: Option<i64>,
        kind: &str,
        what: Value,
    ) -> i64 {
        let id = self.next_message(chat);
        let mut message = Message::new(id, self.now, by.clone());
        message.body = Map::from_iter([(kind.to_owned(), what)]);
        if kind == "forum_topic_created" {
            message.thread = Some(id);
            message.in_topic = true;
        } else if let Some(thread) = thread {
            message.thread = Some(thread);
            message.in_topic = true;
            message.reply_to = Some(thread);
        }
        let is_told = self.is_for_the_bot(chat, &message);
        let described = self.put(chat, message);
        if is_told {
            self.tell("message", &described);
        }
        id
    }

    /// Begins a topic; its thread id.
    pub(in crate::telegram) fn begin_topic(&mut self, chat: i64, by: &Value, mut topic: Topic) -> i64 {
        if topic.color == 0 {
            topic.color = COLOR;
        }
        let mut created = json!({"name": topic.name, "icon_color": topic.color});
        if let Some(icon) = &topic.icon {
            created["icon_custom_emoji_id"] = icon.clone().into();
        }
        let thread = self.announce(chat, by, None, "forum_topic_created", created);
        if let Some(chat) = self.chats.get_mut(&chat) {
            chat.topics.insert(thread, topic);
        }
        thread
    }

    /// Closes or reopens a topic. False when it is so already.
    pub(in crate::telegram) fn close_topic(&mut self, chat: i64, by: &Value, thread: i64, closed: bool) -> bool {
        let topic = self.chats.get_mut(&chat).and_then(|chat| chat.topics.get_mut(&thread));
        let Some(topic) = topic.filter(|topic| topic.closed != closed) else { return false };
        topic.closed = closed;
        let kind = if closed { "forum_topic_closed" } else { "forum_topic_reopened" };
        self.announce(chat, by, Some(thread), kind, json!({}));
        true
    }

    /// Deletes a topic with everything in it. Telegram tells the bot nothing.
    pub(in crate::telegram) fn delete_topic(&mut self, chat: i64, thread: i64) -> bool {
        let Some(chat) = self.chats.get_mut(&chat) else { return false };
        for message in chat.messages.iter_mut().filter(|message| message.in_topic && message.thread == Some(thread)) {
            message.deleted = true;
        }
        chat.topics.remove(&thread).is_some()
    }

    /// Somebody comes into a group.
    pub(in crate::telegram) fn join(&mut self, chat: i64, user: &Value) {
        let id = user["id"].as_i64().unwrap_or_default();
        let Some(found) = self.chats.get_mut(&chat) else { return };
        if found.members.contains_key(&id) {
            return;
        }
        let new = Member::new(user.clone(), "member");
        let old = Member::new(user.clone(), "left");
        found.members.insert(id, new.clone());
        self.announce(chat, user, None, "new_chat_members", json!([user]));
        self.tell_member("chat_member", chat, user, &old, &new);
    }

    /// The bot's place changes: a person blocks it, a group takes it in, throws it out, gives it rights.
    pub(in crate::telegram) fn place_bot(
        &mut self,
        chat: i64,
        by: &Value,
        status: &'static str,
        rights: &[Right],
    ) -> i64 {
        let new = Member { user: World::bot(), status, rights: rights.iter().copied().collect() };
        let Some(found) = self.chats.get_mut(&chat) else { return 0 };
        let old = found.members.insert(BOT, new.clone()).unwrap_or_else(|| Member::new(World::bot(), "left"));
        self.tell_member("my_chat_member", chat, by, &old, &new)
    }

    fn tell_member(&mut self, kind: &str, chat: i64, by: &Value, old: &Member, new: &Member) -> i64 {
        let chat = self.chats.get(&chat).map(Chat::described).unwrap_or_default();
        let what = json!({"chat": chat, "from": by, "date": self.now,
                          "old_chat_member": old.described(), "new_chat_member": new.described()});
        self.tell(kind, &what)
    }

    /// A small group becomes a supergroup, with another id. The old one answers nothing but where it went.
    pub(in crate::telegram) fn migrate(&mut self, old: i64, new: i64, is_forum: bool) {
        let Some(group) = self.chats.get_mut(&old) else { return };
        let Kind::Group { title } = &group.kind else { return };
        let kind = Kind::Supergroup { title: title.clone(), is_forum };
        group.migrated_to = Some(new);
        let members = group.members.clone();
        let by = members.values().find(|member| member.user["id"] != BOT).map(|member| member.user.clone());
        let by = by.unwrap_or_else(World::bot);
        let mut grown = Chat::group(new, kind, Member::new(World::bot(), "member"));
        grown.members = members;
        self.open(grown);
        self.announce(old, &by, None, "migrate_to_chat_id", new.into());
        self.announce(new, &by, None, "migrate_from_chat_id", old.into());
    }
}
