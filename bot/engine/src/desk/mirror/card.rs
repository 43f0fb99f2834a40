//! A ticket's card: what an agent has to know before answering, and the buttons.

use super::View;
use crate::{
    outbound::{Choice, Content},
    phrases::escape_markdown,
    room::{Button, Menu, Thread},
    ticket::{Priority, Ticket},
    timeline::{Tried, TriedOutcome},
};

impl View<'_> {
    pub(super) fn card(&self, thread: &Thread) -> Content {
        let ticket = self.ticket;
        let field = |key: &str, value: &str| self.say(key, &[("value", value)]);
        let priority = self.say(&format!("priority-{}", ticket.priority.as_str()), &[]);
        let requester =
            format!("{} ({})", escape_markdown(&self.loaded.requester.name), self.loaded.conversation.place.platform);
        let category = self.desk.phrases().category(self.language, &ticket.category);
        let mut lines = vec![
            format!("**{} {}**", ticket.number, escape_markdown(&ticket.summary)),
            field("room-card-requester", &requester),
            field("room-card-status", &self.status()),
            field("room-card-priority", &priority),
            field("room-card-category", &escape_markdown(&category)),
            field("room-card-queue", &escape_markdown(&ticket.queue)),
            field("room-card-opened", &self.desk.tell_time(ticket.opened_at)),
        ];
        lines.extend(self.desk.clock_lines(self.language, &self.clocks));
        lines.extend(ticket.rating.map(|stars| field("room-card-rating", &stars.to_string())));
        lines.extend(self.tried());
        // Two spaces before the end keep a line a line.
        let labels =
            vec![format!("status-name-{}", ticket.status.as_str()), format!("priority-{}", ticket.priority.as_str())];
        Content { choices: self.buttons(thread), labels, ..Content::markdown(lines.join("  \n")) }
    }

    fn status(&self) -> String {
        let status = self.say(&format!("status-name-{}", self.ticket.status.as_str()), &[]);
        if let Some(into) = self.ticket.merged_into {
            return self.say("room-card-merged", &[("status", &status), ("ticket", &into.to_string())]);
        }
        match self.assignee {
            Some(person) => {
                let name = escape_markdown(&person.name);
                let is_away = !person.on_duty && self.ticket.status.is_open();
                let name = if is_away { self.say("room-card-away", &[("name", &name)]) } else { name };
                [&status, ", ", &name].concat()
            }
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
