//! Sending what is to be said: one message in flight per place, in order; what cannot be known is never repeated blindly.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use crate::{
    desk::{Desk, DeskError},
    inbound::{ExternalId, PlaceRef},
    outbound::{Delivery, DeliveryOutcome, Operation, Speaker, Why},
    people::Platform,
    ports::{Channel, Lane, Pacing, SendError},
    time::Timestamp,
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

/// A message of which certainly nothing was sent is given up after this many attempts, and not before it is this old: what a
/// person has to mend (a right that is missing, a wrong token) may take them a weekend, however often it was tried until then.
const MAX_ATTEMPTS: u32 = 300;
const KEPT_FOR: Duration = Duration::from_hours(7 * 24);

/// While a platform does not let us in, one message at a time finds out whether it does again, at least this often.
const LONGEST_LOCKOUT: Duration = Duration::from_mins(1);

/// How long after an attempt of which nothing is known the same is said once more.
const BEFORE_ONCE_MORE: Duration = Duration::from_secs(3);

/// Time added to a channel's own limit before others may think the attempt dead: the result still has to be recorded.
const RECORDING: Duration = Duration::from_secs(5);

impl Desk {
    /// Sends the next message of a lane. False when there is none to send now.
    pub async fn deliver_one(&self, lane: &Lane, channels: &Channels) -> Result<bool, DeskError> {
        let Some(lane) = channels.ready_part_of(lane) else {
            return Ok(false);
        };
        let ttl = channels.longest_timeout() + RECORDING;
        let (pacing, sender) = (channels.pacing(), self.inner.presence.instance());
        let Some(mut delivery) = self.store().next_delivery(&lane, &pacing, sender, ttl, self.now()).await? else {
            return Ok(false);
        };
        let message = delivery.message.id;
        let platform = delivery.message.place.platform;
        let outcome = match channels.get(platform) {
            None => DeliveryOutcome::Dead { reason: format!("no channel to {platform} is configured") },
            Some(channel) if !self.take_files(channel.largest_file(), &mut delivery).await? => {
                let reason = "a file is still being copied".to_owned();
                // With growing waits: every look counts as a message that the chat has had.
                retry(reason, None, &delivery, self.now())
            }
            // This process was stopped for so long that others may have given the attempt up.
            Some(_) if !self.inner.presence.is_certain() => {
                retry("the attempt was taken too long ago".to_owned(), None, &delivery, self.now())
            }
            Some(channel) => {
                self.mark_repeated(&mut delivery).await?;
                let result = self.send(channel.as_ref(), &mut delivery).await?;
                let now = self.now();
                match &result {
                    // The platform means the chat, and with it everything else that is to be sent there.
                    Err(SendError::NotSent { wait: Some(wait), .. }) if !wait.is_zero() => {
                        self.store().hold(&delivery.message.place, now.after(*wait), now).await?;
                    }
                    Err(SendError::NotLetIn { .. }) => {
                        self.store().hold_platform(platform, now.after(lockout(delivery.attempt)), now).await?;
                    }
                    _ => {}
                }
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
        let goes_on_at_once = matches!(outcome, DeliveryOutcome::Retry { at, .. } if at <= self.now());
        if goes_on_at_once {
            tracing::debug!(%message, %platform, attempt = delivery.attempt, ?outcome, "a message takes another way");
        } else if !matches!(outcome, DeliveryOutcome::Sent(_)) {
            tracing::warn!(%message, %platform, attempt = delivery.attempt, ?outcome, "a message was not delivered at this attempt");
        }
        if !self.store().finish_delivery(message, delivery.attempt, &outcome, &pacing, self.now()).await? {
            tracing::warn!(%message, %platform, "the result of an attempt came after the attempt was given up");
        }
        Ok(true)
    }

    /// Makes the attempt. A thread that the platform does not have is made first, and one that it has lost is made again.
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
        let result = tokio::time::timeout(limit, channel.send(delivery)).await.unwrap_or_else(|_| Err(late()));
        match result {
            Err(SendError::Moved { reason, to }) => return self.follow(delivery, reason, to).await.map(Err),
            Err(error @ SendError::NoWay { .. }) => return self.without_way(channel, delivery, error).await.map(Err),
            _ => {}
        }
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

    /// Gives up attempts of which nothing was heard in time. Returns how many.
    pub async fn give_up_deliveries(&self, channels: &Channels) -> Result<u64, DeskError> {
        let (repeatable, once_more) = (channels.repeatable(), channels.once_more());
        Ok(self.store().give_up_deliveries(None, &repeatable, &once_more, self.now()).await?)
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

/// What the bot or the desk says to a requester: an agent asks whether their own words arrived, and whoever works the ticket is told
/// what did not; of this nobody knows but the one who waits for it.
fn nobody_would_notice(delivery: &Delivery) -> bool {
    !delivery.repeats
        && delivery.thread.is_none()
        && matches!(delivery.message.speaker, Speaker::Bot | Speaker::Desk)
        && matches!(delivery.message.operation, Operation::Post { .. })
}

/// Repeating the attempt shows no more than making it once.
fn is_repeatable(delivery: &Delivery) -> bool {
    match delivery.message.operation {
        // A card that is shown already is changed.
        Operation::Card { .. } => delivery.thread.as_ref().is_some_and(|thread| thread.card_id.is_some()),
        ref operation => operation.is_repeatable(),
    }
}

/// What an attempt's result means for the message.
fn outcome_of(
    result: Result<Vec<ExternalId>, SendError>,
    delivery: &Delivery,
    absorbs_repeats: bool,
    now: Timestamp,
) -> DeliveryOutcome {
    match result {
        Ok(ids) => DeliveryOutcome::Sent(ids),
        Err(
            SendError::Refused { reason }
            | SendError::NoWay { reason }
            | SendError::ThreadGone { reason }
            | SendError::MessageGone { reason },
        ) => DeliveryOutcome::Dead { reason },
        // Followed before this; what was not is sent to where the chat was, and told the same again.
        Err(SendError::Moved { reason, .. }) => retry(reason, None, delivery, now),
        Err(SendError::NotSent { reason, wait }) => retry(reason, wait, delivery, now),
        Err(SendError::NotLetIn { reason }) => retry(reason, Some(lockout(delivery.attempt)), delivery, now),
        Err(SendError::Unknown { reason }) if absorbs_repeats => retry(reason, None, delivery, now),
        Err(SendError::Unknown { reason } | SendError::Undecided { reason }) => DeliveryOutcome::Ambiguous { reason },
    }
}

fn retry(reason: String, wait: Option<Duration>, delivery: &Delivery, now: Timestamp) -> DeliveryOutcome {
    let attempt = delivery.attempt;
    let age = delivery.earlier.as_ref().map_or(Duration::ZERO, |earlier| earlier.ago);
    if attempt >= MAX_ATTEMPTS && age >= KEPT_FOR {
        return DeliveryOutcome::Dead { reason: format!("given up after {attempt} attempts: {reason}") };
    }
    DeliveryOutcome::Retry { at: now.after(wait.unwrap_or_else(|| wait_before(attempt))), reason }
}

/// How long a platform that does not let us in is left alone.
fn lockout(attempt: u32) -> Duration {
    wait_before(attempt).min(LONGEST_LOCKOUT)
}

/// How long to wait after the given attempt: doubling from half a second to five minutes.
fn wait_before(attempt: u32) -> Duration {
    const FIRST: Duration = Duration::from_millis(500);
    const LONGEST: Duration = Duration::from_mins(5);
    FIRST.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1))).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        ids::{ConversationId, OutboundId},
        outbound::{Content, Earlier, OutboundMessage},
    };

    fn delivery(speaker: Speaker, attempt: u32, age: Duration) -> Delivery {
        let message = OutboundMessage {
            id: OutboundId(Uuid::nil()),
            conversation: ConversationId(Uuid::nil()),
            place: PlaceRef { platform: Platform::Telegram, key: "1".to_owned() },
            speaker,
            operation: Operation::Post { content: Content::plain("hello"), reply_to: None },
        };
        let earlier = Earlier { since: Timestamp(0), ago: age, others: Vec::new() };
        Delivery { earlier: (attempt > 1).then_some(earlier), ..Delivery::new(message, None, attempt) }
    }

    #[test]
    fn nothing_is_given_up_before_somebody_could_mend_it() {
        let check = |attempt, age, is_dead| {
            let delivery = delivery(Speaker::Desk, attempt, age);
            for error in [
                SendError::NotSent { reason: "no right".to_owned(), wait: Some(Duration::from_mins(1)) },
                SendError::NotSent { reason: "down".to_owned(), wait: None },
                SendError::NotLetIn { reason: "Unauthorized".to_owned() },
            ] {
                let outcome = outcome_of(Err(error), &delivery, false, Timestamp(0));
                assert_eq!(matches!(outcome, DeliveryOutcome::Dead { .. }), is_dead, "{attempt} {age:?}: {outcome:?}");
            }
        };
        check(MAX_ATTEMPTS, Duration::from_hours(5), false);
        check(10 * MAX_ATTEMPTS, Duration::from_hours(72), false);
        check(MAX_ATTEMPTS - 1, 2 * KEPT_FOR, false);
        check(MAX_ATTEMPTS, KEPT_FOR, true);
    }

    #[test]
    fn only_what_nobody_would_notice_is_said_once_more() {
        let first = delivery(Speaker::Bot, 1, Duration::ZERO);
        assert!(nobody_would_notice(&first) && nobody_would_notice(&delivery(Speaker::Desk, 3, Duration::ZERO)));
        assert!(!nobody_would_notice(&Delivery { repeats: true, ..first }), "once is enough");
        assert!(!nobody_would_notice(&delivery(Speaker::Agent { name: "Anna".to_owned() }, 1, Duration::ZERO)));
    }

    #[test]
    fn waits_double_and_end_at_five_minutes() {
        let check =
            |attempt, millis| assert_eq!(wait_before(attempt), Duration::from_millis(millis), "attempt {attempt}");
        check(1, 500);
        check(2, 1_000);
        check(5, 8_000);
        check(11, 300_000);
        check(u32::MAX, 300_000);
    }

    #[test]
    fn only_what_is_certain_is_decided() {
        let now = Timestamp(1_000);
        let attempt = |attempt| delivery(Speaker::Bot, attempt, Duration::ZERO);
        let (first, second) = (attempt(1), attempt(2));
        let unknown = || Err(SendError::Unknown { reason: "gone".to_owned() });
        let undecided = Err(SendError::Undecided { reason: "gone".to_owned() });
        assert_eq!(outcome_of(undecided, &second, true, now), DeliveryOutcome::Ambiguous { reason: "gone".to_owned() });
        assert_eq!(outcome_of(unknown(), &first, false, now), DeliveryOutcome::Ambiguous { reason: "gone".to_owned() });
        assert_eq!(
            outcome_of(unknown(), &first, true, now),
            DeliveryOutcome::Retry { at: Timestamp(1_500), reason: "gone".to_owned() }
        );
        let asked = Err(SendError::NotSent { reason: "slow down".to_owned(), wait: Some(Duration::from_mins(5)) });
        assert_eq!(
            outcome_of(asked, &first, false, now),
            DeliveryOutcome::Retry { at: Timestamp(301_000), reason: "slow down".to_owned() }
        );
        let refused = Err(SendError::Refused { reason: "blocked".to_owned() });
        assert_eq!(outcome_of(refused, &first, true, now), DeliveryOutcome::Dead { reason: "blocked".to_owned() });
    }
}
