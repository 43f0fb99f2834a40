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
