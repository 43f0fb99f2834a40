use std::fmt;

use serenity::model::id::{ApplicationId, ChannelId, GuildId, MessageId, UserId};

/// What a request is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Route<'a> {
    /// The app's bot.
    Me,
    /// The app.
    Application,
    /// The commands of the app, everywhere.
    Commands(ApplicationId),
    /// Where the gateway is.
    Gateway,
    /// A channel, or a thread.
    Channel(ChannelId),
    /// The messages of a channel.
    Messages(ChannelId),
    /// The last hundred messages of a channel.
    LastMessages(ChannelId),
    /// A page of the messages behind one.
    MessagesAfter(ChannelId, u64),
    /// One message.
    Message(ChannelId, MessageId),
    /// Our reaction to a message.
    Reaction(ChannelId, MessageId, &'a str),
    /// A message as one of those that are pinned.
    Pin(ChannelId, MessageId),
    /// The thread that begins with a message.
    ThreadOf(ChannelId, MessageId),
    /// The threads of a channel.
    Threads(ChannelId),
    /// The open threads of a server.
    ActiveThreads(GuildId),
    /// A member of a server.
    Member(GuildId, UserId),
    /// The sign that somebody is typing.
    Typing(ChannelId),
    /// The first answer to an interaction, by its id and its token.
    InteractionCallback(u64, &'a str),
    /// Its answer, by the app and the token.
    Answer(u64, &'a str),
    /// Another answer to it.
    FollowUp(u64, &'a str),
    /// The channels of direct messages.
    DirectMessages,
    /// The commands of the app in one server.
    CommandsIn(ApplicationId, GuildId),
    /// Somebody as a member of a thread.
    ThreadMember(ChannelId, UserId),
    /// The app's bot as a member of a server.
    Guild(GuildId),
}

impl Route<'_> {
    /// It answers what somebody did, which Discord counts apart: "Interaction endpoints are not bound to the bot's Global Rate
    /// Limit" (<https://discord.com/developers/docs/interactions/receiving-and-responding#endpoints>).
    pub(super) const fn answers_interaction(&self) -> bool {
        matches!(self, Self::InteractionCallback(..) | Self::Answer(..) | Self::FollowUp(..))
    }

    /// What shares a limit: requests of one kind about one channel or server. Not how Discord counts, which it does not tell, but
    /// never wider.
    pub(super) fn bucket(&self) -> String {
        match self {
            Self::Message(channel, _) => format!("/channels/{channel}/messages/{{}}"),
            Self::MessagesAfter(channel, _) | Self::LastMessages(channel) => format!("/channels/{channel}/messages"),
            Self::Reaction(channel, ..) => format!("/channels/{channel}/messages/{{}}/reactions"),
            Self::Pin(channel, _) => format!("/channels/{channel}/pins"),
            Self::ThreadOf(channel, _) => format!("/channels/{channel}/messages/{{}}/threads"),
            Self::Member(server, _) => format!("/guilds/{server}/members/{{}}"),
            // Each interaction has limits of its own.
            Self::InteractionCallback(id, _) => format!("/interactions/{id}"),
            Self::Answer(app, token) | Self::FollowUp(app, token) => format!("/webhooks/{app}/{token}"),
            Self::ThreadMember(thread, _) => format!("/channels/{thread}/thread-members"),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Route<'_> {
    /// The path behind the version.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Me => f.write_str("/users/@me"),
            Self::Application => f.write_str("/applications/@me"),
            Self::Commands(app) => write!(f, "/applications/{app}/commands"),
            Self::Gateway => f.write_str("/gateway/bot"),
            Self::Channel(channel) => write!(f, "/channels/{channel}"),
            Self::Messages(channel) => write!(f, "/channels/{channel}/messages"),
            Self::LastMessages(channel) => write!(f, "/channels/{channel}/messages?limit=100"),
            Self::MessagesAfter(channel, after) => write!(f, "/channels/{channel}/messages?after={after}&limit=100"),
            Self::Message(channel, message) => write!(f, "/channels/{channel}/messages/{message}"),
            Self::Reaction(channel, message, emoji) => {
                write!(f, "/channels/{channel}/messages/{message}/reactions/{emoji}/@me")
            }
            Self::Pin(channel, message) => write!(f, "/channels/{channel}/messages/pins/{message}"),
            Self::ThreadOf(channel, message) => write!(f, "/channels/{channel}/messages/{message}/threads"),
            Self::Threads(channel) => write!(f, "/channels/{channel}/threads"),
            Self::ActiveThreads(server) => write!(f, "/guilds/{server}/threads/active"),
            Self::Member(server, user) => write!(f, "/guilds/{server}/members/{user}"),
            Self::Typing(channel) => write!(f, "/channels/{channel}/typing"),
            Self::InteractionCallback(id, token) => write!(f, "/interactions/{id}/{token}/callback"),
            Self::Answer(app, token) => write!(f, "/webhooks/{app}/{token}/messages/@original"),
            Self::FollowUp(app, token) => write!(f, "/webhooks/{app}/{token}"),
            Self::DirectMessages => f.write_str("/users/@me/channels"),
            Self::CommandsIn(app, server) => write!(f, "/applications/{app}/guilds/{server}/commands"),
            Self::ThreadMember(thread, user) => write!(f, "/channels/{thread}/thread-members/{user}"),
            Self::Guild(server) => write!(f, "/guilds/{server}"),
        }
    }
}
