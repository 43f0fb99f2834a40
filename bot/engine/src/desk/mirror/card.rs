//! A ticket's card: what an agent has to know before answering, and the buttons.

use super::View;
use crate::{
    outbound::{Choice, Content},
    phrases::escape_markdown,
    room::{Button, Menu, Thread},
    ticket::{Priority, Ticket},
    time::Timestamp,
    timeline::{Tried, TriedOutcome},
};

impl View<'_> {
    pub(super) fn card(&self, thread: &Thread) -> Content {
        let ticket = self.ticket;
        let field = |key: &str, value: &str| self.say(key, &[("value", value)]);
        let priority = self.say(&format!("priority-{}", ticket.priority.as_str()), &[]);
        let requester =
            format!("{} ({})", escape_markdown(&self.loaded.requester.name), self.loaded.conversation.place.platform);
        let category = self.desk.phrases().category(self.desk.policy().default_language, &ticket.category);
        let mut lines = vec![
            format!("**{} {}**", ticket.number, escape_markdown(&ticket.summary)),
            field("room-card-requester", &requester),
            field("room-card-status", &self.status()),
            field("room-card-priority", &priority),
            field("room-card-category", &escape_markdown(&category)),
            field("room-card-queue", &escape_markdown(&ticket.queue)),
            field("room-card-opened", &moment(ticket.opened_at)),
        ];
        let moments = [("room-card-answered", ticket.first_response_at), ("room-card-resolved", ticket.resolved_at)];
        lines.extend(moments.into_iter().filter_map(|(key, at)| Some(field(key, &moment(at?)))));
        lines.extend(ticket.rating.map(|stars| field("room-card-rating", &stars.to_string())));
        lines.extend(self.tried());
        // Two spaces before the end keep a line a line.
        let labels =
            vec![format!("status-name-{}", ticket.status.as_str()), format!("priority-{}", ticket.priority.as_str())];
        Content { choices: self.buttons(thread), labels, ..Content::markdown(lines.join("  \n")) }
    }

    fn status(&self) -> String {
        let status = self.say(&format!("status-name-{}", self.ticket.status.as_str()), &[]);
        match &self.assignee {
            Some(person) => [&status, ", ", &escape_markdown(&person.name)].concat(),
            None => status,
        }
    }

    /// What the bot tried, and how it ended.
    fn tried(&self) -> Vec<String> {
        let tried = &self.loaded.conversation.state.tried;
        if tried.is_empty() {
            return vec![self.say("room-card-nothing-tried", &[])];
        }
        let mut lines = vec![self.say("room-card-tried", &[])];
        lines.extend(tried.iter().map(|Tried { title, steps, outcome, .. }| {
            let outcome = match outcome {
                TriedOutcome::Failed => "room-tried-failed",
                TriedOutcome::Left => "room-tried-left",
                TriedOutcome::Helped => "room-tried-helped",
            };
            let arguments = [("title", &*escape_markdown(title)), ("steps", &steps.len().to_string())];
            self.say(outcome, &arguments)
        }));
        lines
    }

    fn buttons(&self, thread: &Thread) -> Vec<Choice> {
        let Ticket { status, assignee, queue, priority, .. } = self.ticket;
        if !status.is_open() {
            return Vec::new();
        }
        let button = |button: Button, label: String| Choice { token: button.token(), label };
        let own = |it: Button, key: &str| button(it, self.say(key, &[]));
        let queues = &self.desk.policy().queues;
        let mut buttons: Vec<Choice> = match thread.menu {
            Some(Menu::Priority) => Priority::ALL
                .iter()
                .filter(|it| *it != priority)
                .map(|&it| own(Button::Priority(it), &format!("priority-{}", it.as_str())))
                .collect(),
            Some(Menu::Transfer) => (0..)
                .zip(queues)
                .filter(|(_, name)| *name != queue)
                .map(|(index, name)| button(Button::Queue(index), name.clone()))
                .collect(),
            None => {
                let mut buttons = Vec::new();
                buttons.push(match assignee {
                    None => own(Button::Claim, "room-button-claim"),
                    Some(_) => own(Button::Release, "room-button-release"),
                });
                buttons.push(own(Button::Priorities, "room-button-priority"));
                buttons.push(if thread.notes {
                    own(Button::Notes(false), "room-button-reply")
                } else {
                    own(Button::Notes(true), "room-button-note")
                });
                if queues.len() > 1 {
                    buttons.push(own(Button::Queues, "room-button-transfer"));
                }
                buttons.push(own(Button::Resolve, "room-button-resolve"));
                buttons.push(own(Button::Close, "room-button-close"));
                return buttons;
            }
        };
        buttons.push(own(Button::Back, "room-button-back"));
        buttons
    }
}

/// A moment for people in several places: `2026-11-25 17:42 UTC`. The calendar is Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>).
fn moment(at: Timestamp) -> String {
    let minutes = at.0.div_euclid(60_000);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_by_the_calendar() {
        let check = |millis, expected: &str| assert_eq!(moment(Timestamp(millis)), expected);
        check(0, "1970-01-01 00:00 UTC");
        check(951_782_340_000, "2000-02-28 23:59 UTC");
        check(951_782_400_000, "2000-02-29 00:00 UTC");
        check(1_795_628_520_000, "2026-11-25 17:42 UTC");
        check(-60_000, "1969-12-31 23:59 UTC");
    }
}
