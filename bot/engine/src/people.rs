//! Who talks to the desk: people, their accounts, and what they may do.

use firstline_knowledge::Language;
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, PersonId};

/// A chat platform, or another way to reach the desk. The engine knows their names and nothing else about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// A chat on standard input and output.
    Terminal,
    /// Discord.
    Discord,
    /// Telegram.
    Telegram,
    /// The web console and portal.
    Web,
}

impl Platform {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Terminal, Self::Discord, Self::Telegram, Self::Web];

    /// The name used in the database, the configuration and the logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Discord => "discord",
            Self::Telegram => "telegram",
            Self::Web => "web",
        }
    }
}

impl std::fmt::Display for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Platform {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL
            .into_iter()
            .find(|platform| platform.as_str() == name)
            .ok_or_else(|| UnknownName::new("platform", name))
    }
}

/// A word that names nothing we know, for instance in a database written by a newer version.
#[derive(Debug, thiserror::Error)]
#[error("{name:?} is not a known {what}")]
pub struct UnknownName {
    what: &'static str,
    name: String,
}

impl UnknownName {
    /// `name` is not one of the `what`s.
    pub fn new(what: &'static str, name: impl Into<String>) -> Self {
        Self { what, name: name.into() }
    }
}

/// An account as a platform shows it to us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRef {
    /// Which platform.
    pub platform: Platform,
    /// The platform's immutable id of this user; never a display name, which its owner can change.
    pub user_id: String,
    /// What the platform calls the user, for people to read. Untrusted text.
    pub display_name: String,
    /// The language the user has set on the platform, if it tells and we speak it.
    pub language: Option<Language>,
}

/// A person on one platform, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Whose it is.
    pub person: PersonId,
    /// Which platform.
    pub platform: Platform,
    /// The platform's immutable id of this user.
    pub user_id: String,
    /// What the platform called the user last.
    pub display_name: String,
}

/// What a person may do. Everybody may ask; this is about more than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Asks for help.
    Requester,
    /// Works tickets.
    Agent,
    /// Curates knowledge and settings, and may do what agents may.
    Admin,
}

impl Role {
    /// The name used in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Agent => "agent",
            Self::Admin => "admin",
        }
    }

    /// May claim and answer tickets.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::Agent | Self::Admin)
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        [Self::Requester, Self::Agent, Self::Admin]
            .into_iter()
            .find(|role| role.as_str() == name)
            .ok_or_else(|| UnknownName::new("role", name))
    }
}

/// How we know which language a person wants. A later source in this list wins over an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LanguageSource {
    /// Nobody said; the desk's default.
    Default,
    /// The platform told us.
    Platform,
    /// Recognised from what the person writes.
    Detected,
    /// The person chose it.
    Chosen,
}

impl LanguageSource {
    /// The name used in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Platform => "platform",
            Self::Detected => "detected",
            Self::Chosen => "chosen",
        }
    }
}

impl std::str::FromStr for LanguageSource {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        [Self::Default, Self::Platform, Self::Detected, Self::Chosen]
            .into_iter()
            .find(|source| source.as_str() == name)
            .ok_or_else(|| UnknownName::new("language source", name))
    }
}

/// A human being, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Its id.
    pub id: PersonId,
    /// What to call the person. Untrusted text.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The language to speak with the person.
    pub language: Language,
    /// How we know.
    pub language_source: LanguageSource,
    /// Works at the moment. Everybody does who did not say otherwise; of requesters it means nothing.
    #[serde(default = "yes")]
    pub on_duty: bool,
}

const fn yes() -> bool {
    true
}
