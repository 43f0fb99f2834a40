//! What has to be set up at Discord, and whether it is: the commands, the link that invites the app, the intents and rights.

mod commands;
mod rights;

use firstline_engine::phrases::Phrases;
use serde_json::Value;
use serenity::model::id::{ApplicationId, GuildId};

use self::commands::Reach;
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

/// The app may read what is written in servers: for apps in many of them, and for all others.
const READS_MESSAGES: u64 = 1 << 18 | 1 << 19;

impl Discord {
    /// Registers the commands, in both languages, and tells what else there is to do. Where only some servers are served, each
    /// of them has its commands of its own, and no other server shows any.
    pub async fn set_up(&self, queues: &[String]) -> Result<SetUp, DiscordError> {
        let app = self.rest.call(Method::GET, Route::Application, NOTHING).await?;
        let id = id_of(&app)?;
        let phrases = Phrases::new();
        let reach = if self.settings.guilds.is_empty() { Reach::Everywhere } else { Reach::DirectMessages };
        let all = commands::commands(&phrases, queues, reach);
        let kept = self.rest.call(Method::PUT, Route::Commands(ApplicationId::new(id)), Some(&all)).await?;
        let mut registered = kept.as_array().map_or(0, Vec::len);
        for &server in self.settings.guilds.iter().filter(|&&server| server != 0) {
            let all = commands::commands(&phrases, queues, Reach::Server);
            let route = Route::CommandsIn(ApplicationId::new(id), GuildId::new(server));
            match self.rest.call(Method::PUT, route, Some(&all)).await {
                Ok(kept) => registered += kept.as_array().map_or(0, Vec::len),
                // Not invited yet, which is said below.
                Err(Failure::Refused { .. }) => {}
                Err(failure) => return Err(failure.into()),
            }
        }
        Ok(SetUp {
            app: app.get("name").and_then(Value::as_str).unwrap_or("?").to_owned(),
            commands: registered,
            invitation: format!(
                "https://discord.com/oauth2/authorize?client_id={id}&scope=bot+applications.commands&permissions={}",
                self.rights().bits()
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
        if self.settings.reads_servers() && flags & READS_MESSAGES == 0 {
            to_do.push(
                "switch on \"Message Content Intent\" in the developer portal (Bot > Privileged Gateway Intents): without it \
                 nothing can be read that is written in staff rooms and help channels (direct messages need no intent)"
                    .to_owned(),
            );
        }
        to_do.extend(self.missing(id_of(app)?).await?);
        Ok(to_do)
    }
}

/// The app's id, which is its bot's, too.
fn id_of(app: &Value) -> Result<u64, DiscordError> {
    let id = app.get("id").and_then(Value::as_str).and_then(|id| id.parse::<u64>().ok()).filter(|&id| id != 0);
    id.ok_or_else(|| DiscordError::Request("the app has no id".to_owned()))
}
