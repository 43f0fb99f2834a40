//! What is promised, in words for staff: on cards, in lists, in the console.

use std::time::Duration;

use firstline_knowledge::Language;

use crate::{
    desk::Desk,
    sla::{Calendar, Clock, Clocks},
    ticket::Ticket,
    time::Timestamp,
};

impl Desk {
    /// A ticket's clocks, as they stand now.
    #[must_use]
    pub fn clocks(&self, ticket: &Ticket) -> Clocks {
        Clocks::of(ticket, &self.policy().sla, self.now())
    }

    /// A moment as the clock on the desk's wall shows it.
    #[must_use]
    pub fn tell_time(&self, at: Timestamp) -> String {
        self.calendar().tell(at)
    }

    /// A line for each clock, as Markdown: until when there is time, that it has run out, or how it ended.
    #[must_use]
    pub fn clock_lines(&self, language: Language, clocks: &Clocks) -> Vec<String> {
        let line = |(which, clock): (crate::sla::Which, Clock)| {
            let say = |how: &str, value: &str, due: &str| {
                let key = format!("room-clock-{}-{how}", which.as_str());
                self.phrases().ui(language, &key, &[("value", value), ("due", due)])
            };
            match clock {
                Clock::Due(at) => say("due", &self.tell_time(at), ""),
                Clock::Breached(at) => say("breached", &self.tell_time(at), ""),
                Clock::Paused(left) => say("paused", &length(left, self.calendar()), ""),
                Clock::Met(at) => say("met", &self.tell_time(at), ""),
                Clock::MetLate { at, due } => say("late", &self.tell_time(at), &self.tell_time(due)),
            }
        };
        clocks.all().map(line).collect()
    }

    /// For a ticket in a list, as Markdown: the clock to be looked at first, and how much of the desk's time is left. Nothing
    /// where none runs.
    #[must_use]
    pub fn pressing(&self, language: Language, ticket: &Ticket) -> Option<String> {
        let (which, clock) = self.clocks(ticket).pressing()?;
        let which = which.as_str();
        let say =
            |how: &str, left: &str| self.phrases().ui(language, &format!("room-list-{which}-{how}"), &[("left", left)]);
        match clock {
            Clock::Due(at) => {
                let left = self.calendar().between(self.now(), at);
                Some(say("due", &length(left, self.calendar())))
            }
            _ => Some(say("breached", "")),
        }
    }

    fn calendar(&self) -> &Calendar {
        &self.policy().sla.calendar
    }
}

/// A length of time for people: `2 d 3 h`, `3 h 40 min`. Where the desk is not there day and night, a day is no measure.
fn length(span: Duration, calendar: &Calendar) -> String {
    let minutes = span.as_secs() / 60;
    let (days, hours) =
        if calendar.is_round_the_clock() { (minutes / (24 * 60), minutes / 60 % 24) } else { (0, minutes / 60) };
    match (days, hours, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, _, minutes) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sla::Shift;

    #[test]
    fn lengths_are_told_as_people_do() {
        let check = |calendar: &Calendar, minutes, expected: &str| {
            assert_eq!(length(Duration::from_mins(minutes), calendar), expected);
        };
        let always = Calendar::default();
        check(&always, 0, "0 min");
        check(&always, 59, "59 min");
        check(&always, 220, "3 h 40 min");
        check(&always, 3 * 24 * 60 + 125, "3 d 2 h");
        let mut week: [Vec<Shift>; 7] = Default::default();
        week[0].extend(Shift::new(540, 1_020));
        check(&Calendar::default().open(week, [].into()), 3 * 24 * 60 + 125, "74 h 5 min");
    }
}
