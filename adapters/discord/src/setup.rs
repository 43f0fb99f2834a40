//! What has to be set up at Discord, and whether it is: the commands, the link that invites the app, the intents and rights.

use firstline_engine::{knowledge::Language, phrases::Phrases};
use serde_json::{Value, json};
use serenity::model::{
    Permissions,
    id::{ApplicationId, ChannelId},
};

use crate::{
    Discord, DiscordError,
    rest::{Failure, Method, NOTHING, Route},
};

/// What was set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetUp {
    /// The app's name.
    pub app: String,
    /// How many commands it has now.
    pub commands: usize,
    /// Whoever may manage a server invites the app with this link, with exactly the rights that it needs.
    pub invitation: String,
    /// What is still to be done by hand, a sentence each.
    pub to_do: Vec<String>,
}

/// Exactly what the app does in the channels of staff.
const RIGHTS: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::CREATE_PUBLIC_THREADS)
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(Permissions::MANAGE_THREADS)
    .union(Permissions::MANAGE_MESSAGES)
    .union(Permissions::READ_MESSAGE_HISTORY)
    .union(Permissions::ADD_REACTIONS)
    .union(Permissions::ATTACH_FILES);

/// The app may read what is written in servers: for apps in many of them, and for all others.
const READS_MESSAGES: u64 = 1 << 18 | 1 << 19;

/// Where a command can be used: in a server, in direct messages with the app.
const IN_SERVERS: u8 = 0;
const IN_DIRECT_MESSAGES: u8 = 1;

impl Discord {
    /// Registers the commands, in both languages, and tells what else there is to do.
    pub async fn set_up(&self, queues: &[String]) -> Result<SetUp, DiscordError> {
        let app = self.rest.call(Method::GET, Route::Application, NOTHING).await?;
        let id = app.get("id").and_then(Value::as_str).and_then(|id| id.parse::<u64>().ok()).filter(|&id| id != 0);
        let id = id.ok_or_else(|| DiscordError::Request("the app has no id".to_owned()))?;
        let commands = commands(&Phrases::new(), queues);
        let kept = self.rest.call(Method::PUT, Route::Commands(ApplicationId::new(id)), Some(&commands)).await?;
        Ok(SetUp {
            app: app.get("name").and_then(Value::as_str).unwrap_or("?").to_owned(),
            commands: kept.as_array().map_or(0, Vec::len),
            invitation: format!(
                "https://discord.com/oauth2/authorize?client_id={id}&scope=bot+applications.commands&permissions={}",
                RIGHTS.bits()
            ),
            to_do: self.to_do(&app).await?,
        })
    }

    /// Looks for what is missing at Discord; a sentence for each.
    pub async fn inspect(&self) -> Result<Vec<String>, DiscordError> {
        let app = self.rest.call(Method::GET, Route::Application, NOTHING).await?;
        self.to_do(&app).await
    }

    async fn to_do(&self, app: &Value) -> Result<Vec<String>, DiscordError> {
        let mut to_do = Vec::new();
        let flags = app.get("flags").and_then(Value::as_u64).unwrap_or_default();
        if !self.settings.rooms.is_empty() && flags & READS_MESSAGES == 0 {
            to_do.push(
                "switch on \"Message Content Intent\" in the developer portal (Bot, Privileged Gateway Intents): without it \
                 nothing that staff write can be read (direct messages need no intent)"
                    .to_owned(),
            );
        }
        for &room in self.settings.rooms.iter().filter(|&&room| room != 0) {
            match self.rest.call(Method::GET, Route::Channel(ChannelId::new(room)), NOTHING).await {
                Ok(channel) if matches!(channel.get("type").and_then(Value::as_i64), Some(0 | 15)) => {}
                Ok(_) => to_do.push(format!("choose another channel than {room} (discord.rooms): a text channel or a forum")),
                Err(Failure::Refused { text, .. }) => to_do.push(format!(
                    "let the app see the channel {room} (discord.rooms): Discord says {text:?}. It has to be invited to the \
                     server, and allowed to view the channel"
                )),
                Err(failure) => return Err(failure.into()),
            }
        }
        Ok(to_do)
    }
}

/// A command: its name, where it is offered, and its argument with what may be chosen.
type Offered<'a> = (&'a str, &'a [u8], Option<(&'a str, Vec<Value>)>);

fn commands(phrases: &Phrases, queues: &[String]) -> Vec<Value> {
    let everywhere: &[u8] = &[IN_SERVERS, IN_DIRECT_MESSAGES];
    let (direct, servers): (&[u8], &[u8]) = (&[IN_DIRECT_MESSAGES], &[IN_SERVERS]);
    let languages = [("English", "en"), ("Deutsch", "de")].map(|(name, value)| json!({"name": name, "value": value}));
    let priorities = ["low", "medium", "high", "critical"].map(|name| {
        let text = |language| phrases.ui(language, &format!("priority-{name}"), &[]);
        json!({"name": text(Language::En), "name_localizations": {"de": text(Language::De)}, "value": name})
    });
    let queues: Vec<Value> = queues.iter().take(25).map(|name| json!({"name": name, "value": name})).collect();
    let all: [Offered<'_>; 15] = [
        ("help", direct, None),
        ("new", direct, None),
        ("status", direct, None),
        ("human", direct, None),
        ("language", direct, Some(("name", languages.to_vec()))),
        ("privacy", direct, None),
        ("close", everywhere, None),
        ("claim", servers, None),
        ("release", servers, None),
        ("note", servers, Some(("text", Vec::new()))),
        ("priority", servers, Some(("level", priorities.to_vec()))),
        ("transfer", servers, Some(("queue", queues))),
        ("hold", servers, None),
        ("resume", servers, None),
        ("resolve", servers, None),
    ];
    all.into_iter().map(|(name, contexts, option)| command(phrases, name, contexts, option)).collect()
}

fn command(phrases: &Phrases, name: &str, contexts: &[u8], option: Option<(&str, Vec<Value>)>) -> Value {
    let text = |language, key: &str| phrases.ui(language, key, &[]);
    let described = |key: &str| (text(Language::En, key), json!({"de": text(Language::De, key)}));
    let (description, translated) = described(&format!("discord-command-{name}"));
    let mut command = json!({"name": name, "type": 1, "description": description,
        "description_localizations": translated, "contexts": contexts, "integration_types": [0]});
    if let Some((option, choices)) = option {
        let (description, translated) = described(&format!("discord-option-{option}"));
        command["options"] = json!([{"type": 3, "name": option, "description": description,
            "description_localizations": translated, "required": true, "choices": choices}]);
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_within_discords_limits_and_in_both_languages() {
        let commands = commands(&Phrases::new(), &["helpdesk".to_owned()]);
        assert!(commands.len() <= 100);
        for command in &commands {
            let options = command["options"].as_array().into_iter().flatten();
            for described in std::iter::once(command).chain(options) {
                for text in [&described["description"], &described["description_localizations"]["de"]] {
                    let text = text.as_str().unwrap_or_default();
                    assert!((1..=100).contains(&text.chars().count()) && !text.starts_with("discord-"), "{described}");
                }
            }
        }
    }
}
