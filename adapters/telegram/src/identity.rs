//! Who the bot is, as Telegram tells it: its id, its name, and what its server can. Asked once, when it is needed first.

use std::sync::Arc;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use teloxide::{
    Bot,
    payloads::GetMe,
    requests::{JsonRequest, Payload},
};
use tokio::sync::OnceCell;

use crate::failure::Failure;

/// Who the bot is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Me {
    pub(crate) id: i64,
    /// Its name, without the `@`.
    #[serde(default)]
    pub(crate) username: String,
    /// People can have topics in their private chat with it (Bot API 9.3 and newer).
    #[serde(default)]
    pub(crate) has_topics_enabled: bool,
}

/// Who the bot is, once it is known.
#[derive(Clone)]
pub(crate) struct Identity {
    bot: Bot,
    known: Arc<OnceCell<Me>>,
}

impl Identity {
    pub(crate) fn of(bot: Bot) -> Self {
        Self { bot, known: Arc::default() }
    }

    pub(crate) async fn get(&self) -> Result<&Me, Failure> {
        let ask = async {
            let me = ask(&self.bot, GetMe::new()).await?;
            Me::deserialize(me).map_err(|error| Failure::Unclear(format!("the answer to getMe: {error}")))
        };
        self.known.get_or_try_init(|| ask).await
    }
}

impl Me {
    /// The address that leads a person into their private chat with the bot, and says `/start` with this there.
    pub(crate) fn link(&self, payload: &str) -> String {
        format!("https://t.me/{}?start={payload}", self.username)
    }
}

/// Makes a request and takes the answer as it is, so that what is newer than the client does no harm.
pub(crate) async fn ask<P>(bot: &Bot, payload: P) -> Result<Value, Failure>
where
    P: Payload + Serialize + 'static,
    P::Output: DeserializeOwned,
{
    JsonRequest::new(bot.clone(), AsItIs(payload)).await.map_err(|error| Failure::of(&error, bot.token()))
}

#[derive(Clone, Serialize)]
#[serde(transparent)]
struct AsItIs<P>(P);

impl<P: Payload> Payload for AsItIs<P> {
    type Output = Value;

    const NAME: &'static str = P::NAME;
}
