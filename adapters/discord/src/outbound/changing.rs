//! Changing and deleting what was said.

use firstline_engine::{
    inbound::ExternalId,
    outbound::{Choice, Content, Earlier, OutboundMessage},
};
use serde::Serialize;
use serenity::{builder::EditMessage, model::id::ChannelId};

use super::{
    DiscordChannel,
    address::{self, message_id},
    choices,
    failures::{ARCHIVED, UNKNOWN_MESSAGE},
    no_mentions,
};
use crate::{
    markup,
    rest::{Failure, Method, NOTHING, Route},
};

impl DiscordChannel {
    /// Changes a message, part by part; what no longer fits follows below, and parts that are not needed any more go.
    pub(super) async fn edit(
        &self,
        channel_id: ChannelId,
        targets: &[ExternalId],
        message: &OutboundMessage,
        content: &Content,
        earlier: Option<&Earlier>,
    ) -> Result<Vec<ExternalId>, Failure> {
        let parts = parts(message, content)?;
        let mut ids = Vec::with_capacity(parts.len());
        for (index, (target, part)) in targets.iter().zip(&parts).enumerate() {
            let choices: &[Choice] = if index + 1 == parts.len() { &content.choices } else { &[] };
            let request = EditMessage::new()
                .content(part)
                .allowed_mentions(no_mentions())
                .components(choices::offered(choices, choices::is_staffs(message)));
            self.change(Method::PATCH, Route::Message(channel_id, message_id(target)?), channel_id, Some(&request))
                .await?;
            ids.push(target.clone());
        }
        ids.extend(self.post(channel_id, message, content, (targets.len(), &[]), None, earlier).await?);
        for left in targets.iter().skip(parts.len()) {
            self.delete(channel_id, left).await?;
        }
        Ok(ids)
    }

    pub(super) async fn delete(&self, channel_id: ChannelId, target: &ExternalId) -> Result<(), Failure> {
        let route = Route::Message(channel_id, message_id(target)?);
        match self.change(Method::DELETE, route, channel_id, NOTHING).await {
            // Somebody was faster; it is gone, which is what was wanted.
            Ok(()) | Err(Failure::Refused { code: UNKNOWN_MESSAGE, .. }) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// Changes something in a channel. A thread that was put away is brought back for it, as writing in it would do.
    pub(super) async fn change(
        &self,
        method: Method,
        route: Route<'_>,
        channel_id: ChannelId,
        body: Option<&impl Serialize>,
    ) -> Result<(), Failure> {
        match self.rest.call(method.clone(), route, body).await {
            Err(Failure::Refused { code: ARCHIVED, .. }) => {
                self.put_away(channel_id, false).await?;
                self.rest.call(method, route, body).await.map(drop)
            }
            done => done.map(drop),
        }
    }
}

fn parts(message: &OutboundMessage, content: &Content) -> Result<Vec<String>, Failure> {
    let parts = markup::parts(&message.speaker, content);
    if parts.is_empty() { Err(address::failed("the message has no text")) } else { Ok(parts) }
}
