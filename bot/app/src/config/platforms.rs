//! How the platforms are reached: `[telegram]` and `[discord]`.

use std::{path::PathBuf, time::Duration};

use firstline_discord::{DiscordSettings, StaffRole};
use firstline_engine::people::Role;
use firstline_knowledge::Language;
use firstline_telegram::{Mode, TelegramSettings};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::{raw, settings::Checks, values, webhook};

/// How to reach Telegram.
#[derive(Debug, Clone)]
pub(crate) struct Telegram {
    /// The bot's token; without one Telegram is off.
    pub(crate) token: Option<Token>,
    /// Where the Bot API is.
    pub(crate) api_url: Url,
    /// Where a Bot API server on this machine lays files down.
    pub(crate) local_files: Option<PathBuf>,
    /// Which queue's tickets have their topics in which group.
    pub(crate) rooms: Vec<Room<i64>>,
    /// How many messages one group may have within a while, and how long that is.
    pub(crate) per_group: u32,
    pub(crate) per_group_within: Duration,
    /// How updates come here.
    pub(crate) mode: Mode,
}

/// How to reach Discord.
#[derive(Debug, Clone)]
pub(crate) struct Discord {
    /// The bot's token; without one Discord is off.
    pub(crate) token: Option<Token>,
    /// Where the REST API is.
    pub(crate) api_url: Url,
    /// Where the gateway is; asked of the API when not given.
    pub(crate) gateway_url: Option<Url>,
    /// Which queue's tickets have their threads in which channel.
    pub(crate) rooms: Vec<Room<u64>>,
    /// The roles that give their holders a right.
    pub(crate) staff_roles: Vec<StaffRole>,
    /// The channels in which people ask.
    pub(crate) help_channels: Vec<u64>,
    /// They are answered in threads that nobody else sees.
    pub(crate) private_threads: bool,
    /// The only servers to serve; none for all.
    pub(crate) guilds: Vec<u64>,
    /// How often it is looked whether something was written of which the gateway has told nothing.
    pub(crate) look_again: Duration,
}

/// A queue's tickets are worked on in a room of a platform.
#[derive(Debug, Clone)]
pub(crate) struct Room<T> {
    /// The queue.
    pub(crate) queue: String,
    /// The platform's id of the room.
    pub(crate) id: T,
    /// The language of what the desk says in it, where one was chosen.
    pub(crate) language: Option<Language>,
}

/// A bot's token.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// The token itself.
    pub(crate) secret: SecretString,
    /// The file it was read from.
    pub(crate) file: Option<PathBuf>,
}

pub(super) fn telegram(raw: raw::Telegram, queues: &[String], checks: &mut Checks<'_>) -> Telegram {
    let api_url = checks.value("telegram.api_url", raw.api_url, built_in(TelegramSettings::PUBLIC_API), |text| {
        values::endpoint(&text, "https", "http")
    });
    Telegram {
        token: token("telegram", raw.token, raw.token_file, checks),
        local_files: checks.value("telegram.local_files", raw.local_files, None, |text| folder(&text)),
        per_group: checks.value("telegram.per_group", raw.per_group, TelegramSettings::PER_GROUP, |count| {
            match u32::try_from(count) {
                Ok(count @ 1..=10_000) => Ok(count),
                _ => Err("write a number from 1 to 10000"),
            }
        }),
        per_group_within: checks.value(
            "telegram.per_group_within",
            raw.per_group_within,
            TelegramSettings::PER_GROUP_WITHIN,
            |text| values::duration(&text),
        ),
        rooms: checks.value("telegram.rooms", raw.rooms, Vec::new(), |rooms| {
            self::rooms(rooms.into_vec(), queues, "-1001234567890", telegram_group)
        }),
        mode: webhook::mode(raw.mode, raw.webhook, &api_url, checks),
        api_url,
    }
}

/// Reads `queue=room`, or `queue=room:language`.
fn rooms<T>(
    rooms: Vec<String>,
    queues: &[String],
    example: &str,
    id: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<Room<T>>, String> {
    let mut read = Vec::new();
    for room in rooms.into_iter().filter(|room| !room.is_empty()) {
        let (queue, room) = room
            .rsplit_once('=')
            .ok_or_else(|| format!("{room:?} is no room: write for instance \"helpdesk={example}\""))?;
        let queue = queue.trim().to_owned();
        if !queues.contains(&queue) {
            return Err(format!("there is no queue {queue:?}: the queues are {}", queues.join(", ")));
        }
        let (room, language) = match room.split_once(':') {
            Some((room, language)) => (room, Some(values::language(language)?)),
            None => (room, None),
        };
        read.push(Room { queue, id: id(room.trim())?, language });
    }
    Ok(read)
}

/// A folder that is there, or none where the text is blank.
fn folder(text: &str) -> Result<Option<PathBuf>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let folder = PathBuf::from(text);
    if folder.is_absolute() && folder.is_dir() {
        return Ok(Some(folder));
    }
    Err(format!(
        "there is no folder {text:?}: write the whole path of the one that the Bot API server was given as --dir"
    ))
}

fn telegram_group(text: &str) -> Result<i64, String> {
    let id = text.parse::<i64>().ok().filter(|&id| id < 0);
    id.ok_or_else(|| format!("{text:?} is no group of Telegram's: its id is a number below zero"))
}

fn discord_id(text: &str) -> Result<u64, String> {
    let id = text.parse::<u64>().ok().filter(|&id| id != 0);
    id.ok_or_else(|| {
        format!("{text:?} is no id of Discord's: switch on the developer mode there, and copy the id from the menu")
    })
}

pub(super) fn discord(raw: raw::Discord, queues: &[String], checks: &mut Checks<'_>) -> Discord {
    Discord {
        token: token("discord", raw.token, raw.token_file, checks),
        api_url: checks.value("discord.api_url", raw.api_url, built_in(DiscordSettings::PUBLIC_API), |text| {
            values::endpoint(&text, "https", "http")
        }),
        gateway_url: checks
            .value("discord.gateway_url", raw.gateway_url, None, |text| values::endpoint(&text, "wss", "ws").map(Some)),
        rooms: checks.value("discord.rooms", raw.rooms, Vec::new(), |rooms| {
            self::rooms(rooms.into_vec(), queues, "1234567890123456789", discord_id)
        }),
        staff_roles: checks.value("discord.staff_roles", raw.staff_roles, Vec::new(), staff_roles),
        help_channels: checks.value("discord.help_channels", raw.help_channels, Vec::new(), discord_ids),
        private_threads: checks.value("discord.help_threads", raw.help_threads, true, |text| match text.trim() {
            "private" => Ok(true),
            "public" => Ok(false),
            other => Err(format!("{other:?} is no kind of thread: write \"private\" or \"public\"")),
        }),
        guilds: checks.value("discord.guilds", raw.guilds, Vec::new(), discord_ids),
        look_again: checks
            .value("discord.look_again", raw.look_again, DiscordSettings::LOOK_AGAIN, |text| values::duration(&text)),
    }
}

/// Reads roles, each as `right=id`, or only the id of one whose holders are agents.
fn staff_roles(roles: raw::Names) -> Result<Vec<StaffRole>, String> {
    let mut read: Vec<StaffRole> = Vec::new();
    for role in roles.into_vec().iter().filter(|role| !role.is_empty()) {
        let (right, id) = match role.rsplit_once('=') {
            None => (Role::Agent, role.as_str()),
            Some((right, id)) => match right.trim().parse() {
                Ok(right @ (Role::Agent | Role::Admin)) => (right, id.trim()),
                _ => return Err(format!("{right:?} is no right: write agent or admin, as in \"admin={}\"", id.trim())),
            },
        };
        let id = discord_id(id)?;
        if read.iter().any(|it| it.id == id && it.right != right) {
            return Err(format!(
                "the role {id} is there with two rights: an admin may do what agents may, so keep that one"
            ));
        }
        read.push(StaffRole { id, right });
    }
    Ok(read)
}

fn discord_ids(ids: raw::Names) -> Result<Vec<u64>, String> {
    ids.into_vec().iter().filter(|id| !id.is_empty()).map(|id| discord_id(id)).collect()
}

/// A blank token is none: that is how a variable is left out in a file of variables.
fn token(section: &str, given: Option<SecretString>, file: Option<String>, checks: &mut Checks<'_>) -> Option<Token> {
    let (token_key, file_key) = (format!("{section}.token"), format!("{section}.token_file"));
    let given = given.filter(|token| !token.expose_secret().trim().is_empty());
    let file = file.filter(|path| !path.trim().is_empty());
    match (given, file) {
        (None, None) => None,
        (Some(token), None) => Some(Token { secret: token.expose_secret().trim().into(), file: None }),
        (Some(_), Some(_)) => {
            let file_origin = checks.origin(&file_key).to_owned();
            checks.problem(&token_key, &format!("{file_key} is set, too ({file_origin}): remove one of them"));
            None
        }
        (None, Some(path)) => {
            let path = PathBuf::from(path.trim());
            match std::fs::read_to_string(&path) {
                Ok(text) if text.trim().is_empty() => {
                    checks.problem(&file_key, &format!("the file {} is empty: put the token into it", path.display()));
                    None
                }
                Ok(text) => Some(Token { secret: text.trim().into(), file: Some(path) }),
                Err(problem) => {
                    checks.problem(&file_key, &format!("the file {} cannot be read: {problem}", path.display()));
                    None
                }
            }
        }
    }
}

fn built_in(url: &str) -> Url {
    match Url::parse(url) {
        Ok(url) => url,
        Err(problem) => unreachable!("a built-in URL is refused: {problem}"),
    }
}
