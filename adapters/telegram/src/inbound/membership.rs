//! The bot's own place in a chat: a person blocks it or lets it in again, a group makes it an administrator, or throws it out.

use firstline_engine::inbound::InboundKind;
use serde::Deserialize;

use super::{Chat, Done, User, account};

/// The bot's place has changed.
#[derive(Deserialize)]
pub(super) struct Membership {
    pub(super) chat: Chat,
    from: User,
    date: i64,
    old_chat_member: Member,
    new_chat_member: Member,
}

/// The bot's place in a chat.
#[derive(Deserialize)]
struct Member {
    status: String,
    #[serde(default)]
    can_manage_topics: bool,
}

impl Membership {
    /// What a person has done. What a group has done is the operator's to see to, who is told in the log.
    pub(super) fn read(self, is_room: bool, key: String) -> Option<Done> {
        let Self { chat, from, date, old_chat_member: old, new_chat_member: new } = self;
        if is_room {
            new.tell_of_room(&key);
            return None;
        }
        let kind = match (chat.kind.as_str(), old.status.as_str(), new.status.as_str()) {
            ("private", _, "kicked") => InboundKind::Blocked,
            ("private", "kicked", _) => InboundKind::Unblocked,
            _ => return None,
        };
        Some((account(from), key, Some(date), kind))
    }
}

impl Member {
    fn tell_of_room(&self, room: &str) {
        match self.status.as_str() {
            "left" | "kicked" => tracing::error!(
                room,
                "the bot was removed from a staff room on Telegram: its tickets can be worked on in the terminal only, until the                  bot is in the group again"
            ),
            "administrator" | "creator" if self.can_manage_topics || self.status == "creator" => {
                tracing::info!(room, "the bot may do in a staff room on Telegram what it has to");
            }
            status => tracing::error!(
                room,
                status,
                "the bot lacks rights in a staff room on Telegram: tickets have no topics there, until it is an administrator who                  may manage them; `firstline telegram setup` says what to click"
            ),
        }
    }
}
