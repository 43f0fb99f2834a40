//! Getting a bot ready: what it says of itself, how its updates come, and what is still to be clicked by a human.

use firstline_engine::{knowledge::Language, phrases::Phrases};
use serde_json::Value;
use teloxide::{
    payloads::{
        DeleteWebhook, GetChat, GetChatMember, GetMe, GetWebhookInfo, SetMyCommands, SetMyCommandsSetters as _,
        SetMyDescription, SetMyDescriptionSetters as _, SetMyShortDescription, SetMyShortDescriptionSetters as _,
    },
    types::{BotCommand, BotCommandScope, ChatId, Recipient, UserId},
};

use crate::{Mode, Telegram, TelegramError, failure::Failure, identity::ask, intake::webhook};

/// The commands in the menu of a private chat, the likeliest first.
const IN_PRIVATE: &[&str] = &["new", "human", "status", "close", "language", "privacy", "help"];
/// The commands in the menu of a group of employees: where others read along, they lead into the private chat.
const IN_GROUPS: &[&str] = &["help", "human", "status"];
/// The commands in the menu of a staff room: lists, and what staff need in a ticket's topic.
const IN_ROOMS: &[&str] = &["queue", "mine", "claim", "note", "reply", "macro", "merge", "resolve", "duty"];

/// How a bot stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "they are Telegram's: each is a switch of its own")]
pub struct Examination {
    /// Its name, without the `@`.
    pub username: String,
    /// It may be added to groups.
    pub can_join_groups: bool,
    /// Privacy mode is off: it is sent everything in every group.
    pub reads_everything: bool,
    /// People can have topics in their private chats with it.
    pub has_private_topics: bool,
    /// They begin them themselves.
    pub people_begin_topics: bool,
    /// How its updates come.
    pub way: Way,
    /// Each staff room: its chat id, and how the bot stands there or why that cannot be told.
    pub rooms: Vec<(i64, Result<Room, String>)>,
}

/// How a bot's updates come, compared with how they are to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// As they are to; so many wait.
    AsConfigured {
        /// How many wait.
        waiting: u64,
        /// Why Telegram's last call failed, if it did.
        failed: Option<String>,
    },
    /// A webhook is set where none is to be, or another one; only its host is told, because some put secrets into the path.
    OtherWebhook {
        /// The host that is called.
        host: String,
    },
    /// No webhook is set where one is to be.
    NoWebhook,
}

/// How the bot stands in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "they are Telegram's: each is a right of its own")]
pub struct Room {
    /// It has another id now.
    pub moved_to: Option<i64>,
    /// The group's name.
    pub title: String,
    /// It has topics.
    pub is_forum: bool,
    /// The bot is an administrator.
    pub is_administrator: bool,
    /// It may make, close and reopen topics.
    pub can_manage_topics: bool,
    /// It may pin a ticket's card.
    pub can_pin_messages: bool,
    /// It may delete a message whose original was deleted.
    pub can_delete_messages: bool,
}

impl Telegram {
    /// Looks at everything and changes nothing.
    pub async fn examine(&self) -> Result<Examination, TelegramError> {
        let me = ask(&self.bot, GetMe::new()).await.map_err(told)?;
        let info = ask(&self.bot, GetWebhookInfo::new()).await.map_err(told)?;
        let id = me["id"].as_u64().unwrap_or_default();
        let mut rooms = Vec::new();
        for chat in self.rooms.iter() {
            rooms.push((chat, self.room(chat, UserId(id)).await.map_err(|failure| failure.to_string())));
        }
        Ok(Examination {
            username: me["username"].as_str().unwrap_or_default().to_owned(),
            can_join_groups: me["can_join_groups"] == true,
            reads_everything: me["can_read_all_group_messages"] == true,
            has_private_topics: me["has_topics_enabled"] == true,
            // Servers that do not tell leave it to people.
            people_begin_topics: me["allows_users_to_create_topics"] != false,
            way: self.way(&info),
            rooms,
        })
    }

    /// A group that has become a supergroup is looked at where it is now.
    async fn room(&self, chat: i64, bot: UserId) -> Result<Room, Failure> {
        match self.room_at(chat, bot).await {
            Err(Failure::Moved { to, .. }) => {
                self.room_at(to, bot).await.map(|room| Room { moved_to: Some(to), ..room })
            }
            found => found,
        }
    }

    async fn room_at(&self, chat: i64, bot: UserId) -> Result<Room, Failure> {
        let found = ask(&self.bot, GetChat::new(ChatId(chat))).await?;
        let member = ask(&self.bot, GetChatMember::new(ChatId(chat), bot)).await?;
        let is_administrator = member["status"] == "administrator" || member["status"] == "creator";
        let may = |right: &str| member[right] == true || member["status"] == "creator";
        Ok(Room {
            moved_to: None,
            title: found["title"].as_str().unwrap_or_default().to_owned(),
            is_forum: found["is_forum"] == true,
            is_administrator,
            can_manage_topics: may("can_manage_topics"),
            can_pin_messages: may("can_pin_messages"),
            can_delete_messages: may("can_delete_messages"),
        })
    }

    fn way(&self, info: &Value) -> Way {
        let url = info["url"].as_str().unwrap_or_default();
        let wanted = match &self.mode {
            Mode::Polling => "",
            Mode::Webhook(settings) => settings.public_url.as_str(),
        };
        if url == wanted {
            let failed = info["last_error_message"].as_str().map(str::to_owned);
            return Way::AsConfigured { waiting: info["pending_update_count"].as_u64().unwrap_or_default(), failed };
        }
        if url.is_empty() {
            return Way::NoWebhook;
        }
        let host = url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
        Way::OtherWebhook { host: host.unwrap_or_else(|| "somewhere".to_owned()) }
    }

    /// Makes the updates come the way that is configured: sets the webhook, or removes it.
    pub async fn set_way(&self) -> Result<(), TelegramError> {
        match &self.mode {
            Mode::Polling => ask(&self.bot, DeleteWebhook::new()).await.map(drop).map_err(told),
            Mode::Webhook(settings) => webhook::set(&self.bot, settings).await.map_err(told),
        }
    }

    /// Tells Telegram what the bot says of itself: the menus of commands and the descriptions, in each language, and for people
    /// who speak none of them in `default`.
    pub async fn introduce(&self, phrases: &Phrases, default: Language) -> Result<(), TelegramError> {
        let languages = [(default, None), (Language::En, Some("en")), (Language::De, Some("de"))];
        for (language, code) in languages {
            let everywhere =
                [(BotCommandScope::AllPrivateChats, IN_PRIVATE), (BotCommandScope::AllGroupChats, IN_GROUPS)];
            let room = |chat| BotCommandScope::Chat { chat_id: Recipient::Id(ChatId(chat)) };
            let rooms = self.rooms.iter().map(|chat| (room(chat), IN_ROOMS));
            for (scope, names) in everywhere.into_iter().chain(rooms) {
                let is_room = matches!(scope, BotCommandScope::Chat { .. });
                let command = |name: &&str| {
                    BotCommand::new(*name, phrases.ui(language, &format!("telegram-command-{name}"), &[]))
                };
                let mut request = SetMyCommands::new(names.iter().map(command)).scope(scope);
                request.language_code = code.map(str::to_owned);
                match ask(&self.bot, request).await {
                    // A group that cannot be reached is what the examination tells of.
                    Err(Failure::Refused(_) | Failure::Moved { .. }) if is_room => {}
                    told_or_not => drop(told_or_not.map_err(told)?),
                }
            }
            let mut description =
                SetMyDescription::new().description(phrases.ui(language, "telegram-description", &[]));
            description.language_code = code.map(str::to_owned);
            ask(&self.bot, description).await.map_err(told)?;
            let mut short =
                SetMyShortDescription::new().short_description(phrases.ui(language, "telegram-short-description", &[]));
            short.language_code = code.map(str::to_owned);
            ask(&self.bot, short).await.map_err(told)?;
        }
        Ok(())
    }
}

fn told(failure: Failure) -> TelegramError {
    match failure {
        Failure::Token => TelegramError::Token,
        other => TelegramError::Request(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_bot_says_of_itself_fits() {
        let phrases = Phrases::new();
        for language in [Language::En, Language::De] {
            let length = |key: &str| {
                let text = phrases.ui(language, key, &[]);
                assert_ne!(text, key, "{key} is missing");
                text.encode_utf16().count()
            };
            assert!(length("telegram-description") <= 512, "{language}");
            assert!(length("telegram-short-description") <= 120, "{language}");
            for name in IN_PRIVATE.iter().chain(IN_GROUPS).chain(IN_ROOMS) {
                assert!((3..=256).contains(&length(&format!("telegram-command-{name}"))), "{language} {name}");
                assert!(name.chars().all(|c| c.is_ascii_lowercase()), "{name}");
            }
        }
    }
}
