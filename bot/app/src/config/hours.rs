//! When the desk is there: `sla.hours`, `sla.time_zone`, `sla.holidays`.
//!
//! ```text
//! hours    = "always" | [ shifts, ... ]
//! shifts   = days " " time "-" time { " " time "-" time }        mon-fri 08:00-12:00 13:00-17:00
//! days     = day | day "-" day                                   sat      fri-mon
//! holiday  = YYYY-MM-DD | MM-DD                                  2026-12-24      12-25
//! ```

use std::collections::BTreeSet;

use firstline_engine::sla::{Calendar, Holiday, Shift};

use super::{raw, settings::Checks};

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MINUTES_OF_A_DAY: u16 = 24 * 60;

type Week = [Vec<Shift>; 7];

pub(super) fn calendar(
    hours: Option<raw::Names>,
    time_zone: Option<String>,
    holidays: Option<raw::Names>,
    checks: &mut Checks<'_>,
) -> Calendar {
    let zone = checks.value("sla.time_zone", time_zone, Calendar::default(), |name| zone(name.trim()));
    let week = checks.value("sla.hours", hours, Week::default(), |names| week(&names.into_vec()));
    let holidays = checks.value("sla.holidays", holidays, BTreeSet::new(), |names| self::holidays(&names.into_vec()));
    zone.open(week, holidays)
}

fn zone(name: &str) -> Result<Calendar, String> {
    // So that the default is one and the same, however it is written.
    if name.eq_ignore_ascii_case("utc") {
        return Ok(Calendar::default());
    }
    Calendar::in_zone(name)
        .ok_or_else(|| format!("there is no time zone {name:?}: write for instance \"Europe/Berlin\" or \"UTC\""))
}

fn week(entries: &[String]) -> Result<Week, String> {
    let mut week = Week::default();
    if entries.iter().all(|entry| entry.is_empty() || entry == "always") {
        return Ok(week);
    }
    for entry in entries.iter().filter(|entry| !entry.is_empty()) {
        let wrong = || {
            format!(
                "{entry:?} is no hours: write days and times, for instance \"mon-fri 08:00-17:00\" or \"sat 09:00-12:00 13:00-15:00\", or \"always\" alone"
            )
        };
        let mut words = entry.split_whitespace();
        let days = words.next().and_then(days).ok_or_else(wrong)?;
        let shifts: Vec<Shift> = words.map(shift).collect::<Option<_>>().ok_or_else(wrong)?;
        if shifts.is_empty() {
            return Err(wrong());
        }
        for day in days {
            week[day].extend_from_slice(&shifts);
        }
    }
    Ok(week)
}

/// `fri-mon` is Friday, Saturday, Sunday and Monday.
fn days(text: &str) -> Option<Vec<usize>> {
    let Some((first, last)) = text.split_once('-') else { return Some(vec![day(text)?]) };
    let (first, last) = (day(first)?, day(last)?);
    let days = (first..first + DAYS.len()).map(|day| day % DAYS.len());
    let count = (last + DAYS.len() - first) % DAYS.len() + 1;
    Some(days.take(count).collect())
}

/// A weekday by its English name, or the first letters of it.
fn day(text: &str) -> Option<usize> {
    const SHORTEST: usize = 3;
    let text = text.to_ascii_lowercase();
    DAYS.iter().position(|day| text.len() >= SHORTEST && day.starts_with(&text))
}

/// `22:00-06:00` goes on in the next day.
fn shift(text: &str) -> Option<Shift> {
    let (from, until) = text.split_once('-')?;
    Shift::new(minute(from)?, minute(until)?)
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str, most: u16| {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|number| digits && *number <= most)
    };
    let minutes = number(hour, 24)? * 60 + number(minute, 59)?;
    (minutes <= MINUTES_OF_A_DAY).then_some(minutes)
}

fn holidays(days: &[String]) -> Result<BTreeSet<Holiday>, String> {
    let days = days.iter().filter(|day| !day.is_empty());
    days.map(|day| {
        holiday(day).ok_or_else(|| {
            format!("{day:?} is no day: write \"2026-12-24\", or \"12-25\" for every year, in quotation marks")
        })
    })
    .collect()
}

fn holiday(text: &str) -> Option<Holiday> {
    let mut parts = text.split('-').rev();
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() || year.is_some_and(|year| year.len() != 4) || day.len() != 2 || month.len() != 2 {
        return None;
    }
    let year = year.map(str::parse).transpose().ok()?;
    Holiday::new(year, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(entries: &[&str]) -> Result<Week, String> {
        week(&entries.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        let shift = |from, until| Shift::new(from, until).expect("a shift");
        let week =
            read(&["mon-Fri 08:00-12:00 13:00-17:00", "saturday 9:00-12:00", "fri-sun 22:00-06:00"]).expect("hours");
        let office = vec![shift(480, 720), shift(780, 1_020)];
        assert_eq!(week[0], office);
        assert_eq!(week[4], [office, vec![shift(1_320, 360)]].concat());
        assert_eq!(week[5], [shift(540, 720), shift(1_320, 360)]);
        assert_eq!(week[6], [shift(1_320, 360)]);
        assert_eq!(read(&["sun-mon 0:00-24:00"]).map(|week| week.map(|day| day.len())), Ok([1, 0, 0, 0, 0, 0, 1]));
        assert_eq!(read(&["mon-sun 9:00-17:00"]).map(|week| week.map(|day| day.len())), Ok([1; 7]));
        for always in [&[][..], &[""], &["always"]] {
            assert_eq!(read(always), Ok(Week::default()));
        }
        let wrong = [
            "mon", "mo 8:00-9:00", "8:00-9:00", "mon 8-9", "mon 08:00-25:00", "mon 24:01-3:00", "mon 24:00-3:00",
            "mon 8:60-9:00", "mon +8:00-9:00", "mon-fri-sun 8:00-9:00", "mon 8:00-9:00 always",
        ];
        for wrong in wrong {
            assert!(read(&[wrong]).is_err_and(|problem| problem.contains("mon-fri 08:00-17:00")), "{wrong}");
        }
    }

    #[test]
    fn holidays_are_days_that_exist() {
        assert_eq!(holiday("2026-12-24"), Holiday::new(Some(2026), 12, 24));
        assert_eq!(holiday("12-25"), Holiday::new(None, 12, 25));
        for wrong in ["2026-02-30", "13-01", "24.12.2026", "1-1", "26-12-24", "2026-12", "christmas", "2026-12-24-1"] {
            assert_eq!(holiday(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_zone_has_a_name() {
        assert_eq!(zone("UTC"), Ok(Calendar::default()));
        assert!(zone("Europe/Berlin").is_ok());
        for wrong in ["", "Berlin", "CEST", "+01:00"] {
            assert!(zone(wrong).is_err(), "{wrong}");
        }
    }
}
