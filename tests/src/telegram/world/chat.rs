//! A chat: who is in it, its topics, and what was written.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{BOT, Message, World};

/// A chat.
#[derive(Debug)]
pub(in crate::telegram) struct Chat {
    pub(in crate::telegram) id: i64,
    pub(in crate::telegram) kind: Kind,
    pub(in crate::telegram) members: BTreeMap<i64, Member>,
    pub(in crate::telegram) messages: Vec<Message>,
    /// Topics by their thread id, which is the id of the message that began them.
    pub(in crate::telegram) topics: BTreeMap<i64, Topic>,
    /// The pinned messages, the newest last.
    pub(in crate::telegram) pinned: Vec<i64>,
    /// The supergroup that it has become.
    pub(in crate::telegram) migrated_to: Option<i64>,
    /// The account behind a private chat is gone.
    pub(in crate::telegram) deactivated: bool,
    pub(super) next_message: i64,
}

/// The kinds of chats.
#[derive(Debug)]
pub(in crate::telegram) enum Kind {
    /// One person and the bot.
    Private {
        /// The person, as Telegram describes users.
        user: Value,
    },
    /// A small group, without ids of its own for messages.
    Group {
        /// Its name.
        title: String,
    },
    /// A large group.
    Supergroup {
        /// Its name.
        title: String,
        /// It has topics.
        is_forum: bool,
    },
}

/// Somebody's place in a group, the bot's among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::telegram) struct Member {
    pub(in crate::telegram) user: Value,
    /// `creator`, `administrator`, `member`, `left` or `kicked`.
    pub(in crate::telegram) status: &'static str,
    pub(in crate::telegram) rights: BTreeSet<Right>,
}

/// What an administrator may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Make, close, reopen and rename topics.
    ManageTopics,
    /// Pin messages.
    PinMessages,
    /// Delete what others wrote.
    DeleteMessages,
}

impl Right {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ManageTopics, Self::PinMessages, Self::DeleteMessages];
}

/// A topic of a forum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::telegram) struct Topic {
    pub(in crate::telegram) name: String,
    pub(in crate::telegram) color: i64,
    pub(in crate::telegram) icon: Option<String>,
    pub(in crate::telegram) closed: bool,
}

impl Member {
    pub(in crate::telegram) fn new(user: Value, status: &'static str) -> Self {
        Self { user, status, rights: BTreeSet::new() }
    }

    pub(in crate::telegram) fn may(&self, right: Right) -> bool {
        self.status == "creator" || (self.status == "administrator" && self.rights.contains(&right))
    }

    /// As the Bot API describes members.
    pub(in crate::telegram) fn described(&self) -> Value {
        match self.status {
            "creator" => json!({"status": "creator", "user": self.user, "is_anonymous": false}),
            "administrator" => json!({
                "status": "administrator", "user": self.user, "can_be_edited": false, "is_anonymous": false,
                "can_manage_chat": true, "can_delete_messages": self.may(Right::DeleteMessages),
                "can_manage_video_chats": false, "can_restrict_members": false, "can_promote_members": false,
                "can_change_info": false, "can_invite_users": true, "can_post_stories": false,
                "can_edit_stories": false, "can_delete_stories": false,
                "can_pin_messages": self.may(Right::PinMessages),
                "can_manage_topics": self.may(Right::ManageTopics),
            }),
            "kicked" => json!({"status": "kicked", "user": self.user, "until_date": 0}),
            status => json!({"status": status, "user": self.user}),
        }
    }
}

impl Chat {
    fn new(id: i64, kind: Kind) -> Self {
        Self {
            id,
            kind,
            members: BTreeMap::new(),
            messages: Vec::new(),
            topics: BTreeMap::new(),
            pinned: Vec::new(),
            migrated_to: None,
            deactivated: false,
            // The first message of a supergroup tells that it was made; General has that number, too.
            next_message: 2,
        }
    }

    pub(in crate::telegram) fn private(user: &Value) -> Self {
        let id = user["id"].as_i64().unwrap_or_default();
        let mut chat = Self::new(id, Kind::Private { user: user.clone() });
        chat.members.insert(BOT, Member::new(World::bot(), "member"));
        chat
    }

    pub(in crate::telegram) fn group(id: i64, kind: Kind, bot: Member) -> Self {
        let mut chat = Self::new(id, kind);
        chat.members.insert(BOT, bot);
        chat
    }

    pub(in crate::telegram) fn is_private(&self) -> bool {
        matches!(self.kind, Kind::Private { .. })
    }

    pub(in crate::telegram) fn is_supergroup(&self) -> bool {
        matches!(self.kind, Kind::Supergroup { .. })
    }

    pub(in crate::telegram) fn is_forum(&self) -> bool {
        matches!(self.kind, Kind::Supergroup { is_forum: true, .. })
    }

    /// The bot's place in it.
    pub(in crate::telegram) fn bot(&self) -> Option<&Member> {
        self.members.get(&BOT)
    }

    /// The bot may do this here. In a private chat it may.
    pub(in crate::telegram) fn bot_may(&self, right: Right) -> bool {
        self.is_private() || self.bot().is_some_and(|bot| bot.may(right))
    }

    /// The bot is in it.
    pub(in crate::telegram) fn has_bot(&self) -> bool {
        self.bot().is_some_and(|bot| !matches!(bot.status, "left" | "kicked"))
    }

    /// As messages describe their chat.
    pub(in crate::telegram) fn described(&self) -> Value {
        let id = self.id;
        match &self.kind {
            Kind::Private { user } => {
                let mut chat = json!({"id": id, "type": "private", "first_name": user["first_name"]});
                for name in ["last_name", "username"] {
                    if user[name].is_string() {
                        chat[name] = user[name].clone();
                    }
                }
                chat
            }
            Kind::Group { title } => json!({"id": id, "type": "group", "title": title}),
            Kind::Supergroup { title, is_forum: false } => json!({"id": id, "type": "supergroup", "title": title}),
            Kind::Supergroup { title, is_forum: true } => {
                json!({"id": id, "type": "supergroup", "title": title, "is_forum": true})
            }
        }
    }
}
