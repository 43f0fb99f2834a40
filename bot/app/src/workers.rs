//! The loops that keep the desk going. They decide nothing: what there is to do, and how, is the engine's business.
//!
//! A loop never ends by itself. An error is logged once, with a reference, and tried again after a growing wait; a panic is an
//! error like any other. When the program is asked to stop, each loop finishes the piece of work in its hands and ends; the
//! piece is bounded, because every delivery has a timeout.

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use firstline_engine::{
    desk::{Channels, Desk, DeskError, Typing},
    inbound::PlaceRef,
    ports::{GivenUp, Lane},
};
use tokio::sync::Mutex;
use tokio_util::{either::Either, sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::compose::fresh_id;

/// How many conversations move at the same time. Turns are short and the database does most of their work.
const CONVERSATIONS_AT_ONCE: usize = 2;
/// How many messages of one lane are on their way at the same time; those of one conversation never are.
const DELIVERIES_AT_ONCE: usize = 4;
/// How many files are copied at the same time; each may take 20 MB of memory.
const FILES_AT_ONCE: usize = 2;
/// Workers wake by notification; this is how late they are when a notification is lost.
const POLL: Duration = Duration::from_secs(1);
/// How often this instance says that it is there.
const BEAT: Duration = Duration::from_secs(2);
/// How often expired attempts to deliver are given up.
const SWEEP: Duration = Duration::from_secs(1);
/// How often it is looked who waits for the bot.
const TYPING_POLL: Duration = Duration::from_millis(500);
/// How often, at least, the articles are compared with the database's.
const LIBRARY_POLL: Duration = Duration::from_secs(2);
/// How often, at most: on a busy desk something changes all the time, the articles hardly ever.
const LIBRARY_REST: Duration = Duration::from_millis(250);
/// The waits after errors.
const FIRST_BACKOFF: Duration = Duration::from_millis(100);
const LONGEST_BACKOFF: Duration = Duration::from_secs(5);

/// The loops that run. They stop when `stop` is cancelled.
pub(crate) struct Workers {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Workers {
    /// None yet.
    pub(crate) fn new(stop: CancellationToken) -> Self {
        Self { tracker: TaskTracker::new(), stop }
    }

    /// Makes the conversations' turns.
    pub(crate) fn conversations(&self, desk: &Desk) {
        for _ in 0..CONVERSATIONS_AT_ONCE {
            let (desk, idle) = (desk.clone(), desk.clone());
            self.spawn(
                "conversation worker",
                move || {
                    let desk = desk.clone();
                    async move { desk.work().await }
                },
                move || wait_for_change(idle.clone(), POLL),
            );
        }
    }

    /// Sends what is to be said in a lane.
    pub(crate) fn deliveries(&self, desk: &Desk, lane: &Lane, channels: &Channels) {
        let at_once = match lane {
            Lane::Platforms(_) => DELIVERIES_AT_ONCE,
            // One message at a time is in flight in a place.
            Lane::Place(_) => 1,
        };
        let (lane, channels) = (Arc::new(lane.clone()), Arc::new(channels.clone()));
        for _ in 0..at_once {
            let (desk, idle, lane, channels) = (desk.clone(), desk.clone(), Arc::clone(&lane), Arc::clone(&channels));
            self.spawn(
                "delivery worker",
                move || {
                    let (desk, lane, channels) = (desk.clone(), Arc::clone(&lane), Arc::clone(&channels));
                    async move { desk.deliver_one(&lane, &channels).await }
                },
                move || wait_for_change(idle.clone(), POLL),
            );
        }
    }

    /// Copies the files that arrive. Only for a process that has all channels.
    pub(crate) fn files(&self, desk: &Desk, channels: &Channels) {
        let channels = Arc::new(channels.clone());
        for _ in 0..FILES_AT_ONCE {
            let (desk, idle, channels) = (desk.clone(), desk.clone(), Arc::clone(&channels));
            self.spawn(
                "file worker",
                move || {
                    let (desk, channels) = (desk.clone(), Arc::clone(&channels));
                    async move { desk.copy_one_file(&channels).await }
                },
                move || wait_for_change(idle.clone(), POLL),
            );
        }
    }

    /// Tells staff rooms what has happened to their tickets.
    pub(crate) fn mirror(&self, desk: &Desk) {
        let (desk, idle) = (desk.clone(), desk.clone());
        self.spawn(
            "mirror",
            move || {
                let desk = desk.clone();
                async move { desk.mirror_one().await }
            },
            move || wait_for_change(idle.clone(), POLL),
        );
    }

    /// Shows where somebody waits for the bot that an answer is being prepared.
    pub(crate) fn typing(&self, desk: &Desk, channels: &Channels) {
        let (desk, channels) = (desk.clone(), Arc::new(channels.clone()));
        let typing = Arc::new(Mutex::new(Typing::default()));
        self.spawn(
            "typing",
            move || {
                let (desk, channels, typing) = (desk.clone(), Arc::clone(&channels), Arc::clone(&typing));
                async move { desk.show_typing(&channels, &mut *typing.lock().await).await.map(|()| false) }
            },
            || tokio::time::sleep(TYPING_POLL),
        );
    }

    /// Lets the other instances know that this one is there. On its own, so that nothing holds it up.
    pub(crate) fn presence(&self, desk: &Desk) {
        let desk = desk.clone();
        self.spawn(
            "presence",
            move || {
                let desk = desk.clone();
                async move { desk.stay().await.map(|()| false) }
            },
            || tokio::time::sleep(BEAT),
        );
    }

    /// Gives up attempts to deliver of which nothing will be heard: their time has passed, or whoever made them is gone.
    /// Only for a process that has all channels: it knows on
    /// which platforms an attempt may simply be repeated.
    pub(crate) fn sweeper(&self, desk: &Desk, channels: &Channels) {
        let (desk, channels) = (desk.clone(), Arc::new(channels.clone()));
        self.spawn(
            "sweeper",
            move || {
                let (desk, channels) = (desk.clone(), Arc::clone(&channels));
                async move {
                    let gone = desk.notice_who_is_gone().await?;
                    if gone > 0 {
                        tracing::warn!(gone, "other instances have ended without saying so");
                    }
                    sweep(&desk, GivenUp::Overdue, &channels).await
                }
            },
            || tokio::time::sleep(SWEEP),
        );
    }

    /// Does the same for the one place that this process serves.
    pub(crate) fn sweeper_of(&self, desk: &Desk, place: &PlaceRef, channels: &Channels) {
        let (desk, place, channels) = (desk.clone(), Arc::new(place.clone()), Arc::new(channels.clone()));
        self.spawn(
            "sweeper",
            move || {
                let (desk, place, channels) = (desk.clone(), Arc::clone(&place), Arc::clone(&channels));
                async move { sweep(&desk, GivenUp::OverdueIn(&place), &channels).await }
            },
            || tokio::time::sleep(SWEEP),
        );
    }

    /// Keeps the articles as they are in the database, and the snapshot of them up to date.
    pub(crate) fn library_watcher(&self, desk: &Desk) {
        let (desk, idle, settling) = (desk.clone(), desk.clone(), desk.clone());
        self.spawn(
            "library watcher",
            move || {
                let desk = desk.clone();
                async move { desk.refresh_library().await.map(|_| false) }
            },
            move || {
                let desk = idle.clone();
                async move {
                    tokio::time::sleep(LIBRARY_REST).await;
                    desk.wait_for_change(LIBRARY_POLL).await;
                }
            },
        );
        // On its own, because it may take seconds, in which the next change must not wait.
        self.spawn(
            "library settler",
            move || {
                let desk = settling.clone();
                async move { desk.settle_library().await }
            },
            || tokio::time::sleep(LIBRARY_POLL),
        );
    }

    /// Asks all loops to end, and returns when they have.
    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        self.finished().await;
    }

    async fn finished(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }

    /// Runs `work` again and again; when it says that there was nothing to do, after `idle`.
    fn spawn<Work, Working, Idle, Idling>(&self, name: &'static str, work: Work, idle: Idle)
    where
        Work: Fn() -> Working + Send + 'static,
        Working: Future<Output = Result<bool, DeskError>> + Send + 'static,
        Idle: Fn() -> Idling + Send + 'static,
        Idling: Future<Output = ()> + Send,
    {
        let stop = self.stop.clone();
        self.tracker.spawn(async move {
            let mut trouble: Option<Trouble> = None;
            while !stop.is_cancelled() {
                // In a task of its own, so that a panic ends that task and not this loop.
                let outcome = match tokio::spawn(work()).await {
                    Ok(Ok(more)) => Ok(more),
                    Ok(Err(error)) => Err(error.to_string()),
                    Err(failed) => Err(format!(
                        "the task failed: {}",
                        if failed.is_panic() { "it panicked" } else { "it was cancelled" }
                    )),
                };
                let wait = match outcome {
                    Ok(more) => {
                        if let Some(trouble) = trouble.take() {
                            trouble.recovered(name);
                        }
                        if more {
                            continue;
                        }
                        None
                    }
                    Err(error) => {
                        let trouble = trouble.get_or_insert_with(|| Trouble::begin(name, &error));
                        Some(trouble.next_wait())
                    }
                };
                let pause = match wait {
                    Some(wait) => Either::Left(tokio::time::sleep(wait)),
                    None => Either::Right(idle()),
                };
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = pause => {}
                }
            }
        });
    }
}

async fn sweep(desk: &Desk, which: GivenUp<'_>, channels: &Channels) -> Result<bool, DeskError> {
    let count = desk.give_up_deliveries(which, channels).await?;
    if count > 0 {
        tracing::warn!(count, "attempts to deliver were given up because nothing will be heard of them any more");
    }
    Ok(false)
}

async fn wait_for_change(desk: Desk, at_most: Duration) {
    desk.wait_for_change(at_most).await;
}

/// A series of errors without a success in between.
struct Trouble {
    reference: Uuid,
    since: Instant,
    failures: u32,
}

impl Trouble {
    fn begin(worker: &'static str, error: &str) -> Self {
        let reference = fresh_id();
        tracing::error!(worker, %reference, error, "a worker failed; it tries again until it succeeds");
        Self { reference, since: Instant::now(), failures: 0 }
    }

    /// Doubling from [`FIRST_BACKOFF`] to [`LONGEST_BACKOFF`].
    fn next_wait(&mut self) -> Duration {
        let wait = FIRST_BACKOFF.saturating_mul(2_u32.saturating_pow(self.failures)).min(LONGEST_BACKOFF);
        self.failures = self.failures.saturating_add(1);
        wait
    }

    fn recovered(&self, worker: &'static str) {
        let seconds = self.since.elapsed().as_secs();
        tracing::info!(worker, reference = %self.reference, failures = self.failures, seconds, "a worker has recovered");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use firstline_engine::ports::StoreError;

    use super::*;

    fn failure() -> DeskError {
        StoreError::LeaseLost.into()
    }

    /// Runs a loop whose work is `outcome(call)` until the call `last`, and returns how long that took on the paused clock.
    async fn run(last: u32, outcome: fn(u32) -> Result<bool, DeskError>) -> Duration {
        let stop = CancellationToken::new();
        let workers = Workers::new(stop.clone());
        let calls = Arc::new(AtomicU32::new(0));
        let began = tokio::time::Instant::now();
        workers.spawn(
            "test",
            move || {
                let call = calls.fetch_add(1, Ordering::SeqCst);
                if call == last {
                    stop.cancel();
                }
                async move { outcome(call) }
            },
            || tokio::time::sleep(POLL),
        );
        workers.finished().await;
        began.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn errors_and_panics_are_tried_again_after_a_growing_wait() {
        assert_eq!(run(3, |_| Err(failure())).await, Duration::from_millis(100 + 200 + 400));
        let panicking = run(2, |call| if call == 1 { panic!("on purpose") } else { Err(failure()) }).await;
        assert_eq!(panicking, Duration::from_millis(100 + 200));
    }

    #[tokio::test(start_paused = true)]
    async fn a_success_ends_the_trouble() {
        let outcome = |call| if call == 1 { Ok(true) } else { Err(failure()) };
        assert_eq!(run(3, outcome).await, Duration::from_millis(100 + 100));
    }

    #[tokio::test(start_paused = true)]
    async fn work_goes_on_while_there_is_some_and_rests_when_there_is_none() {
        assert_eq!(run(50, |_| Ok(true)).await, Duration::ZERO);
        assert_eq!(run(3, |_| Ok(false)).await, POLL * 3);
    }

    #[test]
    fn waits_double_and_end_at_five_seconds() {
        let mut trouble = Trouble { reference: Uuid::nil(), since: Instant::now(), failures: 0 };
        let waits: Vec<u128> = (0..8).map(|_| trouble.next_wait().as_millis()).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    }
}
