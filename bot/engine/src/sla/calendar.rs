//! When the desk is there. Clocks run only then, and its times are told by the clock on its wall.
//!
//! A shift belongs to the day on which it begins: on a holiday none begins, and one that began the evening before goes on to its
//! end. Where the clock is put back or forward, a shift begins and ends at the first moment at which the clock on the wall shows
//! its time or a later one.

use std::{collections::BTreeSet, time::Duration};

use jiff::{
    civil::{Date, Weekday},
    tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase},
};

use crate::time::Timestamp;

/// Nothing is promised for longer than this, and a desk that is hardly ever there shall not be looked for without an end.
const HORIZON_DAYS: u32 = 3_660;
const DAY: Duration = Duration::from_hours(24);
/// Longest shift, in minutes: one that begins at the end of a day and ends at the end of the next.
const LONGEST: u16 = 2 * 24 * 60;

/// When the desk is there, and what time it is there. The default is round the clock, by UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    zone: TimeZone,
    /// The shifts of each weekday, Monday first; `None` for round the clock.
    week: Option<[Vec<Shift>; 7]>,
    holidays: BTreeSet<Holiday>,
}

/// A stretch of a day, in minutes since its midnight as the clock on the wall shows it. One that ends after 24:00 goes on in the
/// next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    from: u16,
    until: u16,
}

impl Shift {
    /// From a minute of a day until a later one; until one that is not later means: of the next day. `None` where a minute is
    /// beyond the end of the day.
    #[must_use]
    pub const fn new(from: u16, until: u16) -> Option<Self> {
        if from >= LONGEST / 2 || until > LONGEST / 2 {
            return None;
        }
        Some(Self { from, until: if until > from { until } else { until + LONGEST / 2 } })
    }
}

/// A day on which no shift begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holiday {
    /// Every year, where it is `None`.
    year: Option<i16>,
    month: i8,
    day: i8,
}

impl Holiday {
    /// One that exists: 29 February does every year, 30 February never.
    #[must_use]
    pub fn new(year: Option<i16>, month: i8, day: i8) -> Option<Self> {
        const A_LEAP_YEAR: i16 = 2_000;
        Date::new(year.unwrap_or(A_LEAP_YEAR), month, day).ok()?;
        Some(Self { year, month, day })
    }
}

impl Default for Calendar {
    fn default() -> Self {
        Self { zone: TimeZone::UTC, week: None, holidays: BTreeSet::new() }
    }
}

impl Calendar {
    /// Round the clock, in the time zone of this name (`Europe/Berlin`); `None` where there is no such zone. The zones are those
    /// that were built in, so that all instances agree.
    #[must_use]
    pub fn in_zone(name: &str) -> Option<Self> {
        let zone = TimeZoneDatabase::bundled().get(name).ok()?;
        Some(Self { zone, ..Self::default() })
    }

    /// There in the shifts of each weekday, Monday first, and not on the holidays. Without any shift: round the clock.
    #[must_use]
    pub fn open(self, mut week: [Vec<Shift>; 7], holidays: BTreeSet<Holiday>) -> Self {
        for shifts in &mut week {
            shifts.sort();
        }
        let week = week.iter().any(|shifts| !shifts.is_empty()).then_some(week);
        Self { week, holidays, ..self }
    }

    /// It is there day and night.
    #[must_use]
    pub const fn is_round_the_clock(&self) -> bool {
        self.week.is_none()
    }

    /// The moment at which the desk has been there for a span of time since `from`.
    #[must_use]
    pub fn after(&self, from: Timestamp, span: Duration) -> Timestamp {
        if self.is_round_the_clock() {
            return from.after(span);
        }
        let mut left = span;
        for (start, end) in self.openings(from) {
            let there = end.since(start);
            if there >= left {
                return start.after(left);
            }
            left -= there;
        }
        from.after(DAY * HORIZON_DAYS)
    }

    /// For how long the desk is there between two moments.
    #[must_use]
    pub fn between(&self, from: Timestamp, until: Timestamp) -> Duration {
        if self.is_round_the_clock() {
            return until.since(from);
        }
        let openings = self.openings(from).take_while(|(start, _)| *start < until);
        openings.map(|(start, end)| end.min(until).since(start)).sum()
    }

    /// A moment as the clock on the desk's wall shows it: `2026-11-25 18:42 CET`.
    #[must_use]
    pub fn tell(&self, at: Timestamp) -> String {
        match jiff::Timestamp::from_millisecond(at.0) {
            Ok(moment) if self.zone != TimeZone::UTC => {
                let there = self.zone.to_offset_info(moment);
                let shown = there.offset().to_datetime(moment);
                let (date, hour, minute) = (shown.date(), shown.hour(), shown.minute());
                format!("{date} {hour:02}:{minute:02} {}", there.abbreviation())
            }
            _ => at.to_text(),
        }
    }

    /// When it is there from a moment on: stretches that do not touch each other's insides, in order, up to the horizon.
    fn openings(&self, from: Timestamp) -> impl Iterator<Item = (Timestamp, Timestamp)> + '_ {
        let today = jiff::Timestamp::from_millisecond(from.0).ok().map(|moment| self.zone.to_datetime(moment).date());
        // A shift of yesterday may go on today.
        let first = today.and_then(|today| today.yesterday().ok());
        let days = std::iter::successors(first, |day| day.tomorrow().ok()).take(HORIZON_DAYS as usize);
        let mut told_until = from;
        days.flat_map(|day| self.shifts(day).iter().map(move |shift| (day, *shift))).filter_map(move |(day, shift)| {
            let start = self.moment(day, shift.from)?.max(told_until);
            let end = self.moment(day, shift.until)?;
            if start >= end {
                return None;
            }
            told_until = end;
            Some((start, end))
        })
    }

    fn shifts(&self, day: Date) -> &[Shift] {
        let is_off = |year| self.holidays.contains(&Holiday { year, month: day.month(), day: day.day() });
        match &self.week {
            Some(week) if !(is_off(None) || is_off(Some(day.year()))) => {
                let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = week;
                match day.weekday() {
                    Weekday::Monday => monday,
                    Weekday::Tuesday => tuesday,
                    Weekday::Wednesday => wednesday,
                    Weekday::Thursday => thursday,
                    Weekday::Friday => friday,
                    Weekday::Saturday => saturday,
                    Weekday::Sunday => sunday,
                }
            }
            _ => &[],
        }
    }

    /// The first moment at which the clock on the wall shows a minute of a day, or a later one.
    fn moment(&self, day: Date, minute: u16) -> Option<Timestamp> {
        let day = if minute < LONGEST / 2 { day } else { day.tomorrow().ok()? };
        let minute = minute % (LONGEST / 2);
        let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
        let shown = self.zone.to_ambiguous_timestamp(day.at(hour, minute, 0, 0));
        let moment = match shown.offset() {
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => shown.earlier().ok()?,
            // The clock never shows it: it jumps over it, at that moment.
            AmbiguousOffset::Gap { .. } => {
                let behind = shown.later().ok()?.checked_add(jiff::SignedDuration::from_secs(1)).ok()?;
                self.zone.preceding(behind).next()?.timestamp()
            }
        };
        Some(Timestamp(moment.as_millisecond()))
    }
}

#[cfg(test)]
mod tests;
