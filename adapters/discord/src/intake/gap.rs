//! What nobody told us: fetched from the channels in which it may be, page after page, and taken in like everything else. What is
//! known already is absorbed.
//!
//! A gap is noted before anything is fetched, in one commit with the place in the session that is behind it: each channel is owed,
//! and so are the threads of the servers. So nothing waits for Discord to answer, and whoever dies goes on where the others were.
//! Where a channel is owed, what was changed and deleted in it lately is looked for as well.

use std::time::Duration;

use firstline_engine::ports::Watermark;
use tokio::time::Instant;

use super::{
    Intake,
    channels::{CHANNELS, Channels, mark},
    debts::Errand,
    fetch::{Known, Roles},
    gateway,
    hindrance::{Hindrance, Step},
    patience::Patience,
};

/// Everything is fetched anew at most so often.
const AT_MOST: Duration = Duration::from_mins(1);
/// What the source of a gap is called, behind the name of its shard.
const GAP: &str = ":gap";
/// How much of a gap is not noted at its channels yet.
const EVERYTHING: &str = "everything";
const SERVERS: &str = "servers";

/// What one gap is filled with.
#[derive(Default)]
pub(super) struct Gap {
    /// When it was noted last that everything is owed.
    noted: Option<Instant>,
    /// Messages that were accepted lately; `None` until somebody asks.
    pub(super) known: Option<Known>,
    /// Roles of members, as long as they count.
    pub(super) roles: Roles,
    /// Messages that were fetched.
    pub(super) fetched: usize,
    /// There is one.
    is_open: bool,
}

impl Intake<'_> {
    /// Reads what is known of channels, and what is owed from before.
    pub(super) async fn remember(&mut self) -> Step<()> {
        self.remember_absences().await?;
        self.channels = Channels::read(&self.watermarks(CHANNELS).await?);
        let owed: Vec<String> =
            self.channels.iter().filter(|(_, reached)| reached.owed).map(|(channel, _)| channel.clone()).collect();
        for channel in owed {
            self.owe_in_mind(&channel);
        }
        let gap = self.gap_source();
        match self.watermarks(&gap).await?.iter().find(|mark| mark.source == gap).map(|mark| mark.position.as_str()) {
            Some(EVERYTHING) => self.owe(Errand::Everything, None),
            Some(SERVERS) => self.owe(Errand::Servers, None),
            _ => {}
        }
        Ok(())
    }

    pub(super) async fn watermarks(&self, prefix: &str) -> Step<Vec<Watermark>> {
        let mut patience = Patience::default();
        loop {
            match self.desk.watermarks(prefix).await {
                Ok(marks) => return Ok(marks),
                Err(error) => tracing::error!(%error, "cannot read how far the channels were taken in; trying again"),
            }
            patience.wait(None, self.cancel).await?;
        }
    }

    fn gap_source(&self) -> String {
        format!("{}{GAP}", self.lease.source)
    }

    pub(super) fn gap_mark(&self, position: &str) -> Watermark {
        Watermark { source: self.gap_source(), position: position.to_owned() }
    }

    /// Notes that everything is owed; the marks are to be committed with the place in the session that is behind the gap.
    pub(super) fn note_gap(&mut self) -> Vec<Watermark> {
        let now = self.desk.now();
        self.gap.noted = Some(Instant::now());
        self.gap.known = None;
        let owed: Vec<String> = self
            .channels
            .iter()
            .filter(|(_, reached)| gateway::is_told(self.shard, reached.server_id()))
            .filter(|(channel, reached)| reached.is_awake(now) || self.places.is_help(channel))
            .map(|(channel, _)| channel.clone())
            .collect();
        let mut marks: Vec<Watermark> = owed.iter().filter_map(|channel| self.note(channel)).collect();
        marks.push(self.gap_mark(SERVERS));
        self.owe(Errand::Servers, None);
        marks
    }

    /// The same, where that need not be at once: at most once a minute.
    pub(super) fn note_gap_soon(&mut self) -> Vec<Watermark> {
        match self.gap.noted.map(|noted| noted + AT_MOST).filter(|due| *due > Instant::now()) {
            None => self.note_gap(),
            Some(due) => {
                self.owe(Errand::Everything, Some(due));
                vec![self.gap_mark(EVERYTHING)]
            }
        }
    }

    /// Notes that a channel is owed; `None` where it is none that is known.
    pub(super) fn note(&mut self, channel: &str) -> Option<Watermark> {
        let mut reached = self.channels.get(channel)?.clone();
        reached.owed = true;
        let mark = mark(channel, &reached);
        self.channels.learn(channel.to_owned(), reached);
        self.owe_in_mind(channel);
        Some(mark)
    }

    fn owe_in_mind(&mut self, channel: &str) {
        self.owe(Errand::Channel(channel.to_owned()), None);
    }

    fn owe(&mut self, errand: Errand, due: Option<Instant>) {
        self.gap.is_open = true;
        self.debts.owe(errand, due);
    }

    /// Does the next part of what is due.
    pub(super) async fn pay(&mut self) -> Step<()> {
        let Some(errand) = self.debts.next() else { return Ok(()) };
        self.pay_for(&errand).await
    }

    /// Fetches what is owed in a channel before something else of it is taken in, so that all of it comes in order. Not where
    /// that has failed before: then what comes need not wait.
    pub(super) async fn pay_first(&mut self, channel: &str) -> Step<()> {
        let errand = Errand::Channel(channel.to_owned());
        while self.debts.can_be_paid(&errand) {
            self.pay_for(&errand).await?;
        }
        Ok(())
    }

    async fn pay_for(&mut self, errand: &Errand) -> Step<()> {
        let begun = Instant::now();
        let done = match errand {
            Errand::Everything => {
                let marks = self.note_gap();
                self.commit(&[], &marks).await?;
                self.debts.done(errand);
                Ok(())
            }
            Errand::Servers => self.look_into_servers().await,
            Errand::Channel(channel) => self.fetch(channel, errand).await,
        };
        match done {
            Err(Hindrance::Later(asked)) => self.debts.failed(errand, begun.elapsed(), asked),
            other => other?,
        }
        if self.gap.is_open && self.debts.is_even() {
            let Gap { fetched, noted, .. } = std::mem::take(&mut self.gap);
            self.gap.noted = noted;
            tracing::info!(fetched, "what was written while there was no session has been fetched");
        }
        Ok(())
    }
}
