//! What was deleted: messages and threads.

use firstline_engine::{
    inbound::{ExternalId, InboundEvent},
    people::{AccountRef, Platform},
};
use serde_json::Value;

use super::{Intake, hindrance::Step, patience::Patience};
use crate::inbound::{self, Author};

impl Intake<'_> {
    /// What was deleted counts only when it had been accepted; its author is the one who deleted it, for all we know.
    pub(super) async fn deletion(
        &mut self,
        message: String,
        channel: String,
        server: Option<String>,
        raw: &Value,
    ) -> Step<Option<InboundEvent>> {
        let Some(account) = self.author(&message).await? else { return Ok(None) };
        let Some(server) = server else { return Ok(Some(inbound::deleted(message, &channel, account, raw))) };
        let roles = self.roles_of(&server, &account.user_id).await?;
        let deed = inbound::deleted_in_server(message, Author { account, roles, server, channel }, raw);
        self.event_of(deed).await
    }

    async fn author(&self, message: &str) -> Step<Option<AccountRef>> {
        let mut patience = Patience::default();
        loop {
            match self.desk.author(Platform::Discord, &inbound::message_key(message)).await {
                Ok(found) => return Ok(found),
                Err(error) => tracing::error!(%error, "cannot find whose message was deleted; trying again"),
            }
            patience.wait(None, self.cancel).await?;
        }
    }

    /// A channel is gone, and nobody has told us: where it was a ticket's thread, what would follow the telling follows now. It is
    /// not asked for again.
    pub(super) async fn is_gone(&mut self, channel: &str) -> Step<()> {
        let Some(mut reached) = self.channels.get(channel).filter(|it| !it.is_direct()).cloned() else {
            return Ok(());
        };
        for room in self.places.rooms().to_vec() {
            self.show_again(&room, channel.to_owned()).await?;
        }
        reached.sleeps();
        self.channels.learn(channel.to_owned(), reached);
        Ok(())
    }

    /// A ticket's thread was deleted: it is shown anew, so that nobody has to wait for somebody to write.
    pub(super) async fn show_again(&self, room: &str, thread: String) -> Step<()> {
        let (room, thread) = (inbound::place(room), ExternalId(thread));
        let mut patience = Patience::default();
        loop {
            match self.desk.show_again(&room, &thread).await {
                Ok(shown) => {
                    if shown {
                        tracing::warn!("a ticket's thread on Discord was deleted: it is made again");
                    }
                    return Ok(());
                }
                Err(error) => tracing::error!(%error, "cannot note that a thread was deleted; trying again"),
            }
            patience.wait(None, self.cancel).await?;
        }
    }
}
