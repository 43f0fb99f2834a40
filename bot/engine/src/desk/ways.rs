//! Other ways to a place: a question in a channel is answered in a thread, and so is who takes no messages. The thread is made
//! when the first message goes out, kept, and begun with a greeting that calls its requester; where it is lost, another is made.

use std::time::Duration;

use firstline_knowledge::Language;

use crate::{
    desk::{Desk, DeskError},
    ids::EntryId,
    outbound::{Delivery, Operation, Why},
    ports::{Channel, Greeting, Opened, SendError, WayWanted},
    timeline::{Actor, Happening, NewEntry},
};

impl Desk {
    /// Says on a new way what it begins with.
    pub(super) async fn greet(
        &self,
        channel: &dyn Channel,
        delivery: &mut Delivery,
    ) -> Result<Result<(), SendError>, DeskError> {
        let Some(way) = delivery.way.as_ref().filter(|_| delivery.via.is_none()) else { return Ok(Ok(())) };
        let (Some(greeting), Some((user, _))) = (way.greeting, self.correspondent(delivery).await?) else {
            return Ok(Ok(()));
        };
        let text = self.say_to(delivery, &user, &format!("way-{}", greeting.as_str()), &[]).await?;
        let done = match tokio::time::timeout(channel.send_timeout(), channel.greet(&way.address, &user, &text)).await {
            Ok(done) => done,
            Err(_) => Err(SendError::NotSent { reason: "no answer in time".to_owned(), wait: None }),
        };
        match &done {
            Ok(()) => self.store().way_greeted(&delivery.message.place, &way.address).await?,
            Err(SendError::Refused { reason }) => {
                self.excuse(channel, delivery, reason).await?;
            }
            Err(_) => {}
        }
        Ok(done)
    }

    /// What to do about an attempt that did not get anywhere: certainly nothing was sent, and the next attempt takes another way
    /// if there is one.
    pub(super) async fn without_way(
        &self,
        channel: &dyn Channel,
        delivery: &mut Delivery,
        error: SendError,
    ) -> Result<SendError, DeskError> {
        let reason = match error {
            SendError::NoWay { reason } => reason,
            // Perhaps the greeting was said; it is said again, and shown once.
            SendError::Unknown { reason } => return Ok(SendError::NotSent { reason, wait: None }),
            other => return Ok(other),
        };
        let at_once = |reason| SendError::NotSent { reason, wait: Some(Duration::ZERO) };
        let place = &delivery.message.place;
        if delivery.via.is_some() {
            self.store().via_lost(delivery.message.id).await?;
            return Ok(at_once(reason));
        }
        if let Some(way) = &delivery.way {
            self.store().way_lost(place, &way.address).await?;
            return Ok(at_once(reason));
        }
        if self.store().take_known_way(place).await? {
            return Ok(at_once(reason));
        }
        let Some((user, name)) = self.correspondent(delivery).await? else { return Ok(SendError::Refused { reason }) };
        let language = self.language_of(delivery, &user).await?;
        let title = self.phrases().ui(language, "way-title", &[("name", &name)]);
        let wanted = WayWanted { place, user: &user, title: &title, language, again: delivery.attempt > 1 };
        let opened = tokio::time::timeout(channel.send_timeout(), channel.open_way(&wanted)).await;
        match opened {
            Ok(Ok(Some(Opened { address, greeting }))) => {
                self.store().way_opened(place, &address, greeting, self.now()).await?;
                if greeting == Greeting::Moved {
                    self.note(delivery, Happening::Rerouted).await?;
                }
                Ok(at_once(reason))
            }
            Ok(Err(error @ (SendError::NotSent { .. } | SendError::NotLetIn { .. }))) => Ok(error),
            // Perhaps a thread was made, and stays empty: nobody was called to it.
            Ok(Err(SendError::Unknown { reason })) => Ok(SendError::NotSent { reason, wait: None }),
            Err(_) => Ok(SendError::NotSent { reason: "no answer in time".to_owned(), wait: None }),
            Ok(Ok(None)) => {
                self.note(delivery, Happening::Unreachable).await?;
                Ok(SendError::Refused { reason })
            }
            Ok(Err(SendError::Refused { reason: why })) if self.excuse(channel, delivery, &why).await? => {
                Ok(SendError::Refused { reason: why })
            }
            Ok(Err(error)) => {
                self.note(delivery, Happening::Unreachable).await?;
                Ok(SendError::Refused { reason: format!("{reason}; {error}") })
            }
        }
    }

    /// Somebody who waits for an answer and cannot have it where they asked is told so elsewhere, and staff are told why. False where
    /// nothing could be said.
    pub(super) async fn excuse(
        &self,
        channel: &dyn Channel,
        delivery: &mut Delivery,
        reason: &str,
    ) -> Result<bool, DeskError> {
        let is_said = matches!(delivery.message.operation, Operation::Post { .. });
        let Some((user, _)) = self.correspondent(delivery).await?.filter(|_| is_said && delivery.thread.is_none())
        else {
            return Ok(false);
        };
        let language = self.language_of(delivery, &user).await?;
        let wanted = WayWanted { place: &delivery.message.place, user: &user, title: "", language, again: true };
        let told = tokio::time::timeout(channel.send_timeout(), channel.excuse(&wanted)).await.unwrap_or_default();
        if told {
            tracing::warn!(reason, "somebody cannot be answered where they asked; they were told elsewhere what to do");
            let said = Why::of(reason).and_then(|_| reason.split_once(": ")).map_or(reason, |(_, said)| said);
            self.note(delivery, Happening::Excused { reason: said.to_owned() }).await?;
            delivery.excused = true;
        }
        Ok(told)
    }

    /// The requester's id on the platform, and what they are called.
    async fn correspondent(&self, delivery: &Delivery) -> Result<Option<(String, String)>, DeskError> {
        let message = &delivery.message;
        let found = self.store().correspondent(message.conversation, message.place.platform).await?;
        Ok(found.map(|account| (account.user_id, account.display_name)))
    }

    /// A sentence in the language of the requester that a message goes to.
    pub(super) async fn say_to_requester(&self, delivery: &Delivery, key: &str) -> Result<String, DeskError> {
        match self.correspondent(delivery).await? {
            Some((user, _)) => self.say_to(delivery, &user, key, &[]).await,
            None => Ok(self.phrases().ui(self.policy().default_language, key, &[])),
        }
    }

    async fn say_to(
        &self,
        delivery: &Delivery,
        user: &str,
        key: &str,
        arguments: &[(&str, &str)],
    ) -> Result<String, DeskError> {
        Ok(self.phrases().ui(self.language_of(delivery, user).await?, key, arguments))
    }

    /// The language of the requester that a message goes to.
    async fn language_of(&self, delivery: &Delivery, user: &str) -> Result<Language, DeskError> {
        let person = self.person_by_account(delivery.message.place.platform, user).await?;
        Ok(person.map_or(self.policy().default_language, |person| person.language))
    }

    /// Tells the ticket what became of its messages.
    pub(super) async fn note(&self, delivery: &Delivery, what: Happening) -> Result<(), DeskError> {
        let id = EntryId(self.inner.ids.fresh());
        let entry = NewEntry { id, actor: Actor::Desk, what, outbound: None, origins: Vec::new() };
        Ok(self.store().record(delivery.message.conversation, &entry, self.now()).await?)
    }
}
