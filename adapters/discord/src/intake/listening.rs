//! Listening: to each shard, whenever it is this instance's turn.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use firstline_engine::{desk::Desk, ports::Watermark};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use twilight_gateway::ShardId;

use super::{
    Intake, Position, SOURCE,
    channels::Channels,
    debts::Debts,
    gap::Gap,
    gateway::{Gateway, hint},
    patience::Patience,
    place::Places,
    shift::Shift,
    source::{Next, Source},
};
use crate::{DiscordError, DiscordSettings, rest::Rest};

/// Where the store has when Discord last refused so much that we paused, in milliseconds since 1970.
pub const REFUSED: &str = "discord:refused";

/// How often it is looked whether that has to be said.
const REPORT: Duration = Duration::from_secs(2);

/// Takes in dispatches until cancelled, or until Discord refuses for good.
pub(crate) async fn run(
    rest: &Arc<Rest>,
    settings: &Arc<DiscordSettings>,
    desk: &Desk,
    cancel: &CancellationToken,
) -> Result<(), DiscordError> {
    let Some(gateway) = Gateway::ask(rest, settings, cancel).await else { return Ok(()) };
    // Where one of them is refused for good, so are the others.
    let shards = gateway.shards().map(|shard| listen(rest, settings, desk, cancel, &gateway, shard));
    tokio::select! {
        ended = futures::future::try_join_all(shards) => ended.map(drop),
        () = report_refusals(rest, desk) => Ok(()),
    }
}

/// Says in the store when Discord refuses so much that we pause, for `doctor`, which is another process.
async fn report_refusals(rest: &Rest, desk: &Desk) {
    loop {
        tokio::time::sleep(REPORT).await;
        if rest.refused().is_some() {
            let mark = Watermark { source: REFUSED.to_owned(), position: desk.now().0.to_string() };
            if let Err(error) = desk.accept(&[], Some(&mark)).await {
                tracing::debug!(%error, "nobody is told that Discord refuses too much");
            }
        }
    }
}

/// Takes in what one shard tells, whenever it is this instance's turn.
async fn listen(
    rest: &Arc<Rest>,
    settings: &Arc<DiscordSettings>,
    desk: &Desk,
    cancel: &CancellationToken,
    gateway: &Gateway,
    shard: ShardId,
) -> Result<(), DiscordError> {
    let mut by_force = true;
    while let Some(shift) = Shift::begin(desk, shard, by_force, cancel).await {
        by_force = false;
        let ended = during(&shift, rest, settings, desk, gateway, shard).await;
        if ended.is_ok() && !cancel.is_cancelled() {
            tracing::info!(source = shift.lease.source, "another instance listens to Discord now; this one stands by");
            continue;
        }
        shift.end(desk).await;
        return ended;
    }
    Ok(())
}

/// Takes in what one shard tells until the shift is over, or until Discord refuses for good.
async fn during(
    shift: &Shift,
    rest: &Arc<Rest>,
    settings: &Arc<DiscordSettings>,
    desk: &Desk,
    gateway: &Gateway,
    shard: ShardId,
) -> Result<(), DiscordError> {
    let (cancel, source) = (&shift.over, &shift.lease.source);
    let Some((position, has_been_here)) = stored_position(desk, source, cancel).await else { return Ok(()) };
    let mut intake = Intake {
        rest,
        desk,
        settings,
        cancel,
        lease: &shift.lease,
        shard,
        has_been_here,
        places: Places::new(settings),
        channels: Channels::default(),
        debts: Debts::default(),
        gap: Gap::default(),
        strangers: BTreeSet::new(),
        looked_at: String::new(),
        away_since: None,
    };
    if intake.remember().await.is_err() {
        return Ok(());
    }
    let mut source = Source::new(rest, desk, settings, gateway, shard, position);
    let mut rounds = tokio::time::interval(settings.look_again.max(Duration::from_secs(1)));
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    rounds.reset();
    tracing::info!(source = shift.lease.source, "listening to Discord");
    loop {
        let due = intake.debts.due();
        let next = tokio::select! {
            next = source.next(cancel) => next,
            () = until(due) => {
                if !matches!(source.meanwhile(intake.pay(), cancel).await, Some(Ok(()))) {
                    return Ok(());
                }
                continue;
            }
            _ = rounds.tick() => {
                intake.look_around();
                continue;
            }
        };
        let (text, position) = match next {
            Next::Text(text, position) => (text, position),
            Next::Cancelled => return Ok(()),
            Next::Closed(code) => return Err(DiscordError::Closed { code, hint: hint(code).to_owned() }),
        };
        if !matches!(source.meanwhile(intake.take(&text, position), cancel).await, Some(Ok(()))) {
            return Ok(());
        }
    }
}

/// Waits until a moment has come; for ever where there is none.
async fn until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

/// Where we were, and whether we ever were anywhere; `None` outside when cancelled.
async fn stored_position(desk: &Desk, source: &str, cancel: &CancellationToken) -> Option<(Option<Position>, bool)> {
    let mut patience = Patience::default();
    loop {
        match desk.watermarks(SOURCE).await {
            Ok(marks) => {
                let stored = marks.iter().find(|mark| mark.source == source);
                let position = stored.map(|mark| serde_json::from_str(&mark.position)).transpose();
                let position = position.unwrap_or_else(|error| {
                    tracing::error!(%error, "the stored position in Discord's stream cannot be read; a new session begins");
                    None
                });
                // With another number of shards before, too, something may have been missed.
                return Some((position, !marks.is_empty()));
            }
            Err(error) => tracing::error!(%error, "cannot read how far Discord was taken in; trying again"),
        }
        patience.wait(None, cancel).await.ok()?;
    }
}
