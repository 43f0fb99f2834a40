use super::*;

/// A moment from how it is written: `2026-03-29T01:00Z`.
fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().expect("a moment").as_millisecond())
}

fn hours(count: u64) -> Duration {
    Duration::from_hours(count)
}

fn shift(from: u16, until: u16) -> Shift {
    Shift::new(from * 60, until * 60).expect("a shift")
}

/// In Berlin, from Monday to Friday.
fn office(shifts: &[Shift]) -> Calendar {
    let mut week: [Vec<Shift>; 7] = std::array::from_fn(|_| shifts.to_vec());
    week[5].clear();
    week[6].clear();
    Calendar::in_zone("Europe/Berlin").expect("a zone").open(week, BTreeSet::new())
}

fn every_day(shifts: &[Shift], holidays: &[Holiday]) -> Calendar {
    let week = std::array::from_fn(|_| shifts.to_vec());
    Calendar::in_zone("Europe/Berlin").expect("a zone").open(week, holidays.iter().copied().collect())
}

#[track_caller]
fn check(calendar: &Calendar, from: &str, span: Duration, expected: &str) {
    let due = calendar.after(at(from), span);
    assert_eq!(calendar.tell(due), expected, "{span:?} after {from}");
    assert_eq!(calendar.between(at(from), due), span, "what is left of it");
}

#[test]
fn without_hours_it_is_there_day_and_night() {
    let always = Calendar::default();
    check(&always, "2026-03-28T23:00Z", hours(48), "2026-03-30 23:00 UTC");
    let berlin = Calendar::in_zone("Europe/Berlin").expect("a zone");
    check(&berlin, "2026-03-28T23:00Z", hours(48), "2026-03-31 01:00 CEST");
    assert_eq!(Calendar::in_zone("Europe/Berlln"), None);
    assert!(Calendar::default().open(Default::default(), BTreeSet::new()).is_round_the_clock());
}

#[test]
fn clocks_stand_still_over_night_and_over_the_weekend() {
    let office = office(&[shift(9, 12), shift(13, 17)]);
    // A Wednesday in winter: 9:00 in Berlin is 8:00 by UTC.
    check(&office, "2026-11-25T08:00Z", hours(3), "2026-11-25 12:00 CET");
    check(&office, "2026-11-25T08:00Z", hours(4), "2026-11-25 14:00 CET");
    check(&office, "2026-11-25T11:30Z", hours(1), "2026-11-25 14:00 CET");
    check(&office, "2026-11-25T15:00Z", hours(2), "2026-11-26 10:00 CET");
    // From Friday afternoon to Monday, and from the middle of a weekend.
    check(&office, "2026-11-27T15:00Z", hours(4), "2026-11-30 12:00 CET");
    check(&office, "2026-11-28T20:00Z", hours(1), "2026-11-30 10:00 CET");
    check(&office, "2026-11-27T16:00Z", hours(14), "2026-12-01 17:00 CET");
    let none = office.between(at("2026-11-27T16:00Z"), at("2026-11-30T08:00Z"));
    assert_eq!(none, Duration::ZERO, "nobody is there from Friday evening to Monday morning");
    assert_eq!(office.between(at("2026-11-30T12:00Z"), at("2026-11-27T12:00Z")), Duration::ZERO, "backwards");
}

#[test]
fn a_change_of_the_clock_neither_gives_nor_takes() {
    let office = office(&[shift(9, 17)]);
    // On 2026-03-29 the clock is put forward, on 2026-10-25 back; both are Sundays.
    check(&office, "2026-03-27T15:00Z", hours(2), "2026-03-30 10:00 CEST");
    check(&office, "2026-10-23T14:00Z", hours(2), "2026-10-26 10:00 CET");
    // At night somebody is there: that night has 7 hours in spring, and 9 in autumn.
    let night = every_day(&[shift(22, 6)], &[]);
    check(&night, "2026-03-28T21:00Z", hours(7), "2026-03-29 06:00 CEST");
    check(&night, "2026-10-24T20:00Z", hours(9), "2026-10-25 06:00 CET");
    assert_eq!(night.between(at("2026-03-28T12:00Z"), at("2026-03-29T12:00Z")), hours(7));
    assert_eq!(night.between(at("2026-10-24T12:00Z"), at("2026-10-25T12:00Z")), hours(9));
}

#[test]
fn a_shift_may_begin_and_end_where_the_clock_jumps() {
    let half_past = |from, until| Shift::new(from, until).expect("a shift");
    // From 2:30, which the clock does not show on that morning: from 3:00, to which it jumps.
    let early = every_day(&[half_past(150, 600)], &[]);
    check(&early, "2026-03-28T20:00Z", hours(7), "2026-03-29 10:00 CEST");
    let late = every_day(&[half_past(1_320, 150)], &[]);
    check(&late, "2026-03-28T21:00Z", hours(4), "2026-03-29 03:00 CEST");
    // Where it shows 2:30 twice, the first time counts, for an end as for a beginning.
    let end = late.after(at("2026-10-24T20:00Z"), Duration::from_mins(270));
    assert_eq!(end, at("2026-10-25T00:30Z"));
    let beginning = early.after(at("2026-10-24T20:00Z"), Duration::from_mins(1));
    assert_eq!(beginning, at("2026-10-25T00:31Z"));
}

#[test]
fn no_shift_begins_on_a_holiday() {
    let holiday = |year, month, day| Holiday::new(year, month, day).expect("a day");
    let holidays = [holiday(None, 12, 25), holiday(Some(2026), 11, 26)];
    let day = every_day(&[shift(9, 17)], &holidays);
    check(&day, "2026-11-25T15:00Z", hours(2), "2026-11-27 10:00 CET");
    check(&day, "2027-11-25T15:00Z", hours(2), "2027-11-26 10:00 CET");
    check(&day, "2026-12-24T15:00Z", hours(2), "2026-12-26 10:00 CET");
    check(&day, "2031-12-24T15:00Z", hours(2), "2031-12-26 10:00 CET");
    // The night before it goes on to its end; the one of the holiday does not begin.
    let night = every_day(&[shift(22, 6)], &holidays);
    check(&night, "2026-12-24T21:00Z", hours(9), "2026-12-26 23:00 CET");
    assert_eq!(Holiday::new(None, 2, 30), None);
    assert_eq!(Holiday::new(Some(2026), 2, 29), None);
    assert!(Holiday::new(None, 2, 29).is_some());
}

#[test]
fn shifts_may_touch_overlap_and_fill_the_day() {
    let doubled = every_day(&[shift(9, 13), shift(12, 17), shift(10, 11)], &[]);
    check(&doubled, "2026-11-25T08:00Z", hours(8), "2026-11-25 17:00 CET");
    let touching = every_day(&[shift(12, 17), shift(9, 12)], &[]);
    check(&touching, "2026-11-25T08:00Z", hours(8), "2026-11-25 17:00 CET");
    let whole = every_day(&[shift(0, 24)], &[]);
    check(&whole, "2026-03-28T23:00Z", hours(47), "2026-03-31 00:00 CEST");
    check(&whole, "2026-03-28T23:00Z", hours(48), "2026-03-31 01:00 CEST");
    assert_eq!((Shift::new(1_440, 60), Shift::new(0, 1_441)), (None, None));
}

#[test]
fn who_is_hardly_ever_there_is_not_looked_for_without_an_end() {
    let mut week: [Vec<Shift>; 7] = Default::default();
    week[0].push(Shift::new(540, 541).expect("a minute"));
    let calendar = Calendar::default().open(week, BTreeSet::new());
    let from = at("2026-11-25T08:00Z");
    assert_eq!(calendar.after(from, hours(24 * 365)), from.after(DAY * HORIZON_DAYS));
    assert_eq!(calendar.after(Timestamp(i64::MAX), hours(1)), Timestamp(i64::MAX));
    assert_eq!(calendar.between(Timestamp(i64::MIN), Timestamp(i64::MAX)), Duration::ZERO);
}
