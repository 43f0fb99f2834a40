//! Time as a value. The engine never looks at a clock; it is told what time it is.

use serde::{Deserialize, Serialize};

/// A moment, in milliseconds since 1970-01-01T00:00:00Z (leap seconds not counted).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment plus a span; stays at the end of time rather than wrapping.
    #[must_use]
    pub fn after(self, span: std::time::Duration) -> Self {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(millis))
    }

    /// How long ago `earlier` was; zero when it lies in the future.
    #[must_use]
    pub fn since(self, earlier: Self) -> std::time::Duration {
        let millis = self.0.saturating_sub(earlier.0).max(0);
        std::time::Duration::from_millis(millis.unsigned_abs())
    }

    /// This moment for people in several places: `2026-11-25 17:42 UTC`. The calendar is Howard Hinnant's `civil_from_days`
    /// (<https://howardhinnant.github.io/date_algorithms.html>).
    #[must_use]
    pub fn to_text(self) -> String {
        let minutes = self.0.div_euclid(60_000);
        let (days, minute) = (minutes.div_euclid(24 * 60), minutes.rem_euclid(24 * 60));
        let z = days + 719_468;
        let (era, day_of_era) = (z.div_euclid(146_097), z.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        format!("{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", minute / 60, minute % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_by_the_calendar() {
        let check = |millis, expected: &str| assert_eq!(Timestamp(millis).to_text(), expected);
        check(0, "1970-01-01 00:00 UTC");
        check(951_782_340_000, "2000-02-28 23:59 UTC");
        check(951_782_400_000, "2000-02-29 00:00 UTC");
        check(1_795_628_520_000, "2026-11-25 17:42 UTC");
        check(-60_000, "1969-12-31 23:59 UTC");
    }
}
