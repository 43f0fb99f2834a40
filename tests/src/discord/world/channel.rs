use std::collections::BTreeSet;

use super::Message;

/// A channel, a thread among them.
#[derive(Debug)]
pub(in crate::discord) struct Channel {
    pub(in crate::discord) id: u64,
    pub(in crate::discord) kind: Kind,
    pub(in crate::discord) name: String,
    pub(in crate::discord) messages: Vec<Message>,
    /// What the bot may not do here.
    pub(in crate::discord) denied: BTreeSet<Right>,
    /// The tags that posts can have, each with its id; of a post, those that it has.
    pub(in crate::discord) tags: Vec<(u64, String)>,
    /// A forum that takes no post without a tag.
    pub(in crate::discord) wants_tags: bool,
    /// Who was brought into it, where it is a private thread.
    pub(in crate::discord) members: BTreeSet<u64>,
}

/// What kind of channel it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::discord) enum Kind {
    /// Direct messages between the bot and somebody.
    Dm {
        /// Who.
        with: u64,
    },
    /// An ordinary channel of a server.
    Text {
        /// Its server.
        guild: u64,
    },
    /// A channel that has only posts.
    Forum {
        /// Its server.
        guild: u64,
    },
    /// A thread, or a post in a forum.
    Thread {
        /// Its server.
        guild: u64,
        /// Its channel.
        parent: u64,
        /// Only those who were added see it.
        private: bool,
        /// It is put away; whoever writes in it brings it back.
        archived: bool,
        /// Only moderators bring it back.
        locked: bool,
    },
}

/// What the bot may or may not do in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// See it at all.
    View,
    /// Write in it.
    Send,
    /// Begin threads in it that everybody sees.
    CreateThreads,
    /// Begin threads in it that only their members see.
    CreatePrivateThreads,
    /// Write in its threads.
    SendInThreads,
    /// Put away and bring back its threads, and change those of others.
    ManageThreads,
    /// Pin.
    PinMessages,
    /// React.
    AddReactions,
    /// Attach files.
    AttachFiles,
}

impl Right {
    /// All of them.
    pub(in crate::discord) const ALL: [Self; 9] = [
        Self::View,
        Self::Send,
        Self::CreateThreads,
        Self::CreatePrivateThreads,
        Self::SendInThreads,
        Self::ManageThreads,
        Self::PinMessages,
        Self::AddReactions,
        Self::AttachFiles,
    ];

    /// Discord's bit for it.
    pub(in crate::discord) const fn bit(self) -> u64 {
        1 << match self {
            Self::AddReactions => 6,
            Self::View => 10,
            Self::Send => 11,
            Self::AttachFiles => 15,
            Self::ManageThreads => 34,
            Self::CreateThreads => 35,
            Self::CreatePrivateThreads => 36,
            Self::SendInThreads => 38,
            Self::PinMessages => 51,
        }
    }
}

impl Channel {
    /// Somebody sees it.
    pub(in crate::discord) fn is_open_to(&self, user: u64) -> bool {
        !matches!(self.kind, Kind::Thread { private: true, .. }) || self.members.contains(&user)
    }

    pub(in crate::discord) fn new(id: u64, kind: Kind, name: &str) -> Self {
        Self {
            id,
            kind,
            name: name.to_owned(),
            messages: Vec::new(),
            denied: BTreeSet::new(),
            tags: Vec::new(),
            wants_tags: false,
            members: BTreeSet::new(),
        }
    }

    pub(in crate::discord) const fn guild(&self) -> Option<u64> {
        match self.kind {
            Kind::Dm { .. } => None,
            Kind::Text { guild } | Kind::Forum { guild } | Kind::Thread { guild, .. } => Some(guild),
        }
    }

    pub(in crate::discord) const fn parent(&self) -> Option<u64> {
        match self.kind {
            Kind::Thread { parent, .. } => Some(parent),
            _ => None,
        }
    }

    pub(in crate::discord) const fn is_archived(&self) -> bool {
        matches!(self.kind, Kind::Thread { archived: true, .. })
    }

    pub(in crate::discord) fn message(&self, id: u64) -> Option<&Message> {
        self.messages.iter().find(|message| message.id == id && !message.deleted)
    }

    pub(in crate::discord) fn message_mut(&mut self, id: u64) -> Option<&mut Message> {
        self.messages.iter_mut().find(|message| message.id == id && !message.deleted)
    }
}
