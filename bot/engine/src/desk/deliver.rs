//! Sending what is to be said: one message in flight per place, in order; what cannot be known is never repeated blindly.

mod outcome;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::time::Instant;

use self::outcome::{BEFORE_ONCE_MORE, is_repeatable, is_waited_for, lockout, nobody_would_notice, outcome_of, retry};
use crate::{
    desk::{Desk, DeskError},
    inbound::{ExternalId, PlaceRef},
    outbound::{Delivery, DeliveryOutcome, Operation, Speaker, Why},
    people::Platform,
    ports::{Channel, GivenUp, Lane, Pacing, SendError, StoreError},
    time::Timestamp,
    timeline::Happening,
};

/// The ways out, one per platform.
#[derive(Clone, Default)]
pub struct Channels {
    by_platform: BTreeMap<Platform, Arc<dyn Channel>>,
}

impl Channels {
    /// Adds a way out; the last one added for a platform counts.
    #[must_use]
    pub fn with(mut self, channel: Arc<dyn Channel>) -> Self {
        self.by_platform.insert(channel.platform(), channel);
        self
    }

    /// The platforms that can be reached.
    #[must_use]
    pub fn platforms(&self) -> Vec<Platform> {
        self.by_platform.keys().copied().collect()
    }

    /// The way to a platform.
    #[must_use]
    pub fn get(&self, platform: Platform) -> Option<&Arc<dyn Channel>> {
        self.by_platform.get(&platform)
    }

    /// The part of a lane in which messages can go out now; `None` when there is none. A platform without a channel counts as
    /// ready: what is to be sent there has to end somewhere.
    fn ready_part_of(&self, lane: &Lane) -> Option<Lane> {
        let ready = |platform: Platform| self.get(platform).is_none_or(|channel| channel.is_ready());
        match lane {
            Lane::Place(place) => ready(place.platform).then(|| lane.clone()),
            Lane::Platforms(platforms) => {
                let platforms: Vec<Platform> = platforms.iter().copied().filter(|&platform| ready(platform)).collect();
                (!platforms.is_empty()).then_some(Lane::Platforms(platforms))
            }
        }
    }

    /// The platforms on which an attempt with an unknown result may be repeated.
    fn repeatable(&self) -> Vec<Platform> {
        self.by_platform
            .values()
            .filter(|channel| channel.absorbs_repeats())
            .map(|channel| channel.platform())
            .collect()
    }

    /// The platforms on which what perhaps did not arrive is said once more where nobody else would notice.
    fn once_more(&self) -> Vec<Platform> {
        let channels = self.by_platform.values();
        channels.filter(|channel| !channel.shows_again()).map(|channel| channel.platform()).collect()
    }

    /// How much may be sent on each platform.
    fn pacing(&self) -> Pacing {
        let limits = |channel: &Arc<dyn Channel>| Some((channel.platform(), channel.limits()?));
        Pacing(self.by_platform.values().filter_map(limits).collect())
    }

    /// The longest that an attempt may take on any platform.
    fn longest_timeout(&self) -> Duration {
        self.by_platform.values().map(|channel| channel.send_timeout()).max().unwrap_or(Duration::from_secs(30))
    }
}

/// Time added to a channel's own limit before others may think the attempt dead: the result still has to be recorded.
const RECORDING: Duration = Duration::from_secs(5);

/// The pauses between attempts to record a result double from the first one to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

impl Desk {
    /// Sends the next message of a lane. False when there is none to send now.
    pub async fn deliver_one(&self, lane: &Lane, channels: &Channels) -> Result<bool, DeskError> {
        let Some(lane) = channels.ready_part_of(lane) else {
            return Ok(false);
        };
        let ttl = channels.longest_timeout() + RECORDING;
        let until = Instant::now() + ttl;
        let (pacing, sender) = (channels.pacing(), self.inner.presence.instance());
        let Some(mut delivery) = self.store().next_delivery(&lane, &pacing, sender, ttl, self.now()).await? else {
            return Ok(false);
        };
        let message = delivery.message.id;
        let platform = delivery.message.place.platform;
        let mut heeded = Ok(());
        let outcome = match channels.get(platform) {
            None => DeliveryOutcome::Dead { reason: format!("no channel to {platform} is configured") },
            // This process was stopped for so long that others may have given the attempt up.
            Some(_) if !self.inner.presence.is_certain() => {
                retry("the attempt was taken too long ago".to_owned(), None, &delivery, self.now())
            }
            Some(channel) => {
                let result = self.try_to_send(channel.as_ref(), &mut delivery).await;
                let now = self.now();
                // Where that fails, how the attempt ended is known all the same.
                heeded = self.heed(&delivery, &result, now).await;
                let result = result.map(|(sent, _)| sent);
                let repeatable = channel.absorbs_repeats() || is_repeatable(&delivery);
                match outcome_of(result, &delivery, repeatable, now) {
                    DeliveryOutcome::Ambiguous { reason }
                        if !channel.shows_again() && nobody_would_notice(&delivery) =>
                    {
                        DeliveryOutcome::OnceMore { at: now.after(BEFORE_ONCE_MORE), reason }
                    }
                    outcome => outcome,
                }
            }
        };
        let outcome = match outcome {
            DeliveryOutcome::Dead { reason } if is_waited_for(&delivery, &reason) => DeliveryOutcome::InVain { reason },
            outcome => outcome,
        };
        let goes_on_at_once = matches!(outcome, DeliveryOutcome::Retry { at, .. } if at <= self.now());
        if goes_on_at_once {
            tracing::debug!(%message, %platform, attempt = delivery.attempt, ?outcome, "a message takes another way");
        } else if !matches!(outcome, DeliveryOutcome::Sent(_)) {
            tracing::warn!(%message, %platform, attempt = delivery.attempt, ?outcome, "a message was not delivered at this attempt");
        }
        if !self.record(&delivery, &outcome, &pacing, until).await? {
            tracing::warn!(%message, %platform, "the result of an attempt came after the attempt was given up");
        }
        heeded.map(|()| true)
    }

    /// Makes the attempt: what was sent, and the files that could not go along. The store is asked for nothing once the message is
    /// sent, so where it fails certainly nothing was.
    async fn try_to_send(
        &self,
        channel: &dyn Channel,
        delivery: &mut Delivery,
    ) -> Result<(Vec<ExternalId>, Vec<Happening>), SendError> {
        let not_sent = |error: DeskError| SendError::NotSent { reason: error.to_string(), wait: None };
        let left_out = self.take_files(channel, delivery).await.map_err(|error| not_sent(error.into()))??;
        self.mark_repeated(delivery).await.map_err(not_sent)?;
        let sent = self.send(channel, delivery).await.map_err(not_sent)??;
        Ok((sent, left_out))
    }

    /// Does what a result asks for besides being recorded.
    async fn heed(
        &self,
        delivery: &Delivery,
        result: &Result<(Vec<ExternalId>, Vec<Happening>), SendError>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let place = &delivery.message.place;
        match result {
            Ok((_, left_out)) => self.tell_what_was_left_out(delivery, left_out).await?,
            // The platform means the chat, and with it everything else that is to be sent there.
            Err(SendError::NotSent { wait: Some(wait), .. }) if !wait.is_zero() => {
                self.store().hold(place, now.after(*wait), now).await?;
            }
            Err(SendError::NotLetIn { .. }) => {
                let until = now.after(lockout(delivery.attempt));
                self.store().hold_platform(place.platform, until, now).await?;
            }
            Err(_) => {}
        }
        Ok(())
    }

    /// Records how an attempt ended, or tries until `until`. What is known of a message must not be forgotten because the store is
    /// away at that moment: its place would be held up, and then nobody would know whether it arrived. False when the attempt had
    /// been given up before.
    async fn record(
        &self,
        delivery: &Delivery,
        outcome: &DeliveryOutcome,
        pacing: &Pacing,
        until: Instant,
    ) -> Result<bool, DeskError> {
        let (message, attempt) = (delivery.message.id, delivery.attempt);
        let (mut pause, mut perhaps_recorded) = (FIRST_PAUSE, false);
        loop {
            match self.store().finish_delivery(message, attempt, outcome, pacing, self.now()).await {
                Ok(recorded) => return Ok(recorded || perhaps_recorded),
                Err(error @ StoreError::Database { .. }) if Instant::now() + pause < until => {
                    tracing::debug!(%message, %error, "the result of an attempt will be recorded once more");
                    perhaps_recorded = true;
                }
                Err(error) => return Err(error.into()),
            }
            tokio::time::sleep(pause).await;
            pause = LONGEST_PAUSE.min(2 * pause);
        }
    }

    /// Sends a message. A thread that the platform does not have is made first, and one that it has lost is made again.
    async fn send(
        &self,
        channel: &dyn Channel,
        delivery: &mut Delivery,
    ) -> Result<Result<Vec<ExternalId>, SendError>, DeskError> {
        let limit = channel.send_timeout();
        let late = || SendError::Unknown { reason: Why::NoAnswer.because("no answer in time") };
        if let Some(thread) = &mut delivery.thread
            && !thread.opened
        {
            let opening = channel.open_thread(&thread.room.key, &thread.title);
            match tokio::time::timeout(limit, opening).await {
                Ok(Ok(external)) => {
                    self.store().thread_opened(thread.id, external.as_ref()).await?;
                    thread.opened = true;
                    thread.external = external;
                }
                // Perhaps it was made, and stays empty. The message certainly was not sent.
                Ok(Err(SendError::Unknown { reason })) => return Ok(Err(SendError::NotSent { reason, wait: None })),
                Ok(Err(SendError::Moved { reason, to })) => return self.follow(delivery, reason, to).await.map(Err),
                Ok(Err(error)) => return Ok(Err(error)),
                Err(_) => return Ok(Err(SendError::NotSent { reason: late().to_string(), wait: None })),
            }
        }
        if let Err(error) = self.greet(channel, delivery).await? {
            return self.without_way(channel, delivery, error).await.map(Err);
        }
        let result = match tokio::time::timeout(limit, channel.send(delivery)).await.unwrap_or_else(|_| Err(late())) {
            Err(SendError::Moved { reason, to }) => return self.follow(delivery, reason, to).await.map(Err),
            Err(error @ SendError::NoWay { .. }) => return self.without_way(channel, delivery, error).await.map(Err),
            // Whoever speaks learns from the ticket what was refused; but who waits for the bot would wait in silence.
            Err(SendError::Refused { reason }) if nobody_would_notice(delivery) => {
                self.excuse(channel, delivery, &reason).await?;
                return Ok(Err(SendError::Refused { reason }));
            }
            result => result,
        };
        let (reason, card_only) = match &result {
            Err(SendError::ThreadGone { reason }) => (reason, false),
            Err(SendError::MessageGone { reason }) => (reason, true),
            _ => return Ok(result),
        };
        let Some(thread) = &delivery.thread else { return Ok(Err(SendError::Refused { reason: reason.clone() })) };
        match delivery.message.operation {
            Operation::Post { .. } | Operation::Card { .. } => {
                self.store().thread_lost(thread, card_only).await?;
                Ok(Err(SendError::NotSent { reason: reason.clone(), wait: Some(Duration::ZERO) }))
            }
            // Nothing of it is left to change.
            _ => Ok(Err(SendError::Refused { reason: reason.clone() })),
        }
    }

    /// The chat has another address: everything in it goes along, and the message that met this is sent there at once.
    async fn follow(&self, delivery: &Delivery, reason: String, to: String) -> Result<SendError, DeskError> {
        let place = &delivery.message.place;
        let from = delivery.thread.as_ref().map_or_else(|| place.chat(), |thread| &thread.room.key).to_owned();
        let at = |key| PlaceRef { platform: place.platform, key };
        self.room_moved(&at(from), &at(to)).await?;
        Ok(SendError::NotSent { reason, wait: Some(Duration::ZERO) })
    }

    /// Gives up attempts of which nothing was heard. Returns how many.
    pub async fn give_up_deliveries(&self, which: GivenUp<'_>, channels: &Channels) -> Result<u64, DeskError> {
        let (repeatable, once_more) = (channels.repeatable(), channels.once_more());
        Ok(self.store().give_up_deliveries(which, &repeatable, &once_more, self.now()).await?)
    }

    /// An agent whose file did not go along would think that it did.
    async fn tell_what_was_left_out(&self, delivery: &Delivery, left_out: &[Happening]) -> Result<(), DeskError> {
        if delivery.thread.is_none() && matches!(delivery.message.speaker, Speaker::Agent { .. }) {
            for file in left_out {
                self.note(delivery, file.clone()).await?;
            }
        }
        Ok(())
    }

    /// What is said once more says so: its reader has perhaps read it before.
    async fn mark_repeated(&self, delivery: &mut Delivery) -> Result<(), DeskError> {
        if !delivery.repeats {
            return Ok(());
        }
        let said = self.say_to_requester(delivery, "once-more").await?;
        if let Operation::Post { content, .. } = &mut delivery.message.operation {
            content.text = format!("{said}\n\n{}", content.text);
        }
        Ok(())
    }
}
