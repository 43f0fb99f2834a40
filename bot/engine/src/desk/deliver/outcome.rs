//! What an attempt's result means for the message, and how long it waits.

use std::time::Duration;

use crate::{
    inbound::ExternalId,
    outbound::{Delivery, DeliveryOutcome, Operation, Speaker, Why},
    ports::SendError,
    time::Timestamp,
};

/// A message of which certainly nothing was sent is given up after this many attempts, and not before it is this old: what a
/// person has to mend (a right that is missing, a wrong token) may take them a weekend, however often it was tried until then.
const MAX_ATTEMPTS: u32 = 300;
const KEPT_FOR: Duration = Duration::from_hours(7 * 24);

/// While a platform does not let us in, one message at a time finds out whether it does again, at least this often.
const LONGEST_LOCKOUT: Duration = Duration::from_mins(1);

/// How long after an attempt of which nothing is known the same is said once more.
pub(super) const BEFORE_ONCE_MORE: Duration = Duration::from_secs(3);

/// What the bot or the desk says to a requester: an agent asks whether their own words arrived, and whoever works the ticket is told
/// what did not; of this nobody knows but the one who waits for it.
pub(super) fn nobody_would_notice(delivery: &Delivery) -> bool {
    !delivery.repeats
        && delivery.thread.is_none()
        && matches!(delivery.message.speaker, Speaker::Bot | Speaker::Desk)
        && matches!(delivery.message.operation, Operation::Post { .. })
}

/// What the bot says is waited for by the requester alone. Somebody who has blocked us, is gone, or was told elsewhere what to do waits
/// for nothing.
pub(super) fn is_waited_for(delivery: &Delivery, reason: &str) -> bool {
    delivery.message.speaker == Speaker::Bot
        && matches!(delivery.message.operation, Operation::Post { .. })
        && !delivery.message.place.is_public()
        && !delivery.excused
        && !matches!(Why::of(reason), Some(Why::Blocked | Why::AccountGone))
}

/// Repeating the attempt shows no more than making it once.
pub(super) fn is_repeatable(delivery: &Delivery) -> bool {
    match delivery.message.operation {
        // A card that is shown already is changed.
        Operation::Card { .. } => delivery.thread.as_ref().is_some_and(|thread| thread.card_id.is_some()),
        ref operation => operation.is_repeatable(),
    }
}

/// What an attempt's result means for the message.
pub(super) fn outcome_of(
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

pub(super) fn retry(reason: String, wait: Option<Duration>, delivery: &Delivery, now: Timestamp) -> DeliveryOutcome {
    let attempt = delivery.attempt;
    let age = delivery.earlier.as_ref().map_or(Duration::ZERO, |earlier| earlier.ago);
    if attempt >= MAX_ATTEMPTS && age >= KEPT_FOR {
        return DeliveryOutcome::Dead { reason: format!("given up after {attempt} attempts: {reason}") };
    }
    DeliveryOutcome::Retry { at: now.after(wait.unwrap_or_else(|| wait_before(attempt))), reason }
}

/// How long a platform that does not let us in is left alone.
pub(super) fn lockout(attempt: u32) -> Duration {
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
        inbound::PlaceRef,
        outbound::{Content, Earlier, OutboundMessage},
        people::Platform,
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
    fn who_waits_for_the_bot_does_not_wait_in_vain() {
        let (bot, desk) = (delivery(Speaker::Bot, 1, Duration::ZERO), delivery(Speaker::Desk, 1, Duration::ZERO));
        assert!(is_waited_for(&bot, "Bad Request: message is too strange"));
        assert!(is_waited_for(&bot, &Why::ChatGone.because("Bad Request: chat not found")));
        assert!(!is_waited_for(&bot, &Why::Blocked.because("Forbidden: bot was blocked by the user")));
        assert!(!is_waited_for(&desk, "Bad Request: message is too strange"), "it tells of what a human sees");
        assert!(!is_waited_for(&Delivery { excused: true, ..bot.clone() }, "Missing Permissions"));
        let mut in_public = bot;
        in_public.message.place.key = "-5/0/1".to_owned();
        assert!(!is_waited_for(&in_public, "Bad Request: message is too strange"));
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
