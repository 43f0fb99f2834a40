//! `firstline ticket show`: a ticket with everything that happened in it, deliveries that went wrong among it.

use anyhow::bail;
use firstline_engine::{
    desk::{Desk, TicketView},
    knowledge::Language,
    outbound::DeliveryState,
    sla::Clocks,
    ticket::{Impact, Ticket, Urgency},
    timeline::{Actor, Entry, Happening, SaidElsewhere, Tried, TriedOutcome},
};
use serde::Serialize;

use super::{moment, words};
use crate::{cli::TicketShow, output};

/// How many lines are read at once.
const PAGE: u32 = 500;

/// What `--json` prints.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    view: &'a TicketView,
    clocks: Clocks,
    timeline: &'a [Entry],
}

pub(super) async fn run(desk: &Desk, show: &TicketShow) -> anyhow::Result<()> {
    let Some(view) = desk.ticket_view(show.number).await? else {
        bail!("there is no ticket {}: `firstline ticket list --all` shows which there are", show.number);
    };
    let timeline = whole_timeline(desk, &view.ticket).await?;
    if show.output.json {
        output::json(&Shown { view: &view, clocks: desk.clocks(&view.ticket), timeline: &timeline })?;
        return Ok(());
    }
    for line in head(&view, &desk.clock_lines(Language::En, &desk.clocks(&view.ticket))) {
        output::line(line)?;
    }
    for entry in &timeline {
        for line in entry_lines(entry, &view.requester.name) {
            output::line(line)?;
        }
    }
    Ok(())
}

async fn whole_timeline(desk: &Desk, ticket: &Ticket) -> anyhow::Result<Vec<Entry>> {
    let mut timeline: Vec<Entry> = Vec::new();
    loop {
        let after = timeline.last().map_or(0, |entry| entry.seq);
        let page = desk.ticket_timeline(ticket, after, PAGE).await?;
        if page.is_empty() {
            return Ok(timeline);
        }
        timeline.extend(page);
    }
}

fn head(view: &TicketView, clocks: &[String]) -> Vec<String> {
    let TicketView { ticket, requester, assignee, platform } = view;
    let or_dash = |text: Option<&str>| text.map_or_else(|| "-".to_owned(), words);
    let impact = or_dash(ticket.impact.map(Impact::as_str));
    let urgency = or_dash(ticket.urgency.map(Urgency::as_str));
    let mut lines = vec![
        format!("{}  {}", ticket.number, output::tame_line(&ticket.summary)),
        format!("status     {}", words(ticket.status.as_str())),
        format!("priority   {}  (impact {impact}, urgency {urgency})", ticket.priority.as_str()),
        format!("kind       {}, {}", words(ticket.kind.as_str()), output::tame_line(&ticket.category)),
        format!("queue      {}", output::tame_line(&ticket.queue)),
        format!("requester  {} ({platform})", output::tame_line(&requester.name)),
        format!(
            "assignee   {}",
            assignee.as_ref().map_or_else(|| "-".to_owned(), |person| output::tame_line(&person.name))
        ),
        format!("opened     {}", moment(ticket.opened_at, "%Y-%m-%d %H:%M")),
    ];
    lines.extend(clocks.iter().map(|clock| format!("promised   {}", clock.replace("**", ""))));
    if let Some(resolution) = ticket.resolution {
        lines.push(format!("resolution {}", resolution.as_str()));
    }
    if let Some(into) = ticket.merged_into {
        lines.push(format!("merged     into {into}"));
    }
    if let Some(stars) = ticket.rating {
        let comment = ticket.rating_comment.as_deref().map(output::tame_line).unwrap_or_default();
        lines.push(format!("rating     {stars} of 5  {comment}").trim_end().to_owned());
    }
    lines.push(String::new());
    lines
}

/// How far the words of a line are set in.
const INDENT: usize = 22;

fn entry_lines(entry: &Entry, requester: &str) -> Vec<String> {
    let who = match &entry.actor {
        Actor::Requester => requester,
        Actor::Bot => "bot",
        Actor::Agent { name, .. } => name,
        Actor::Desk => "desk",
    };
    let mut texts = happening(&entry.what);
    if let Some(trouble) = delivery_trouble(entry) {
        texts.push(trouble);
    }
    let start = format!("{}  {}", moment(entry.at, "%m-%d %H:%M"), output::tame_line(who));
    let lines = texts.iter().flat_map(|text| text.lines());
    let indented = |(position, line): (usize, &str)| {
        let start = if position == 0 { start.as_str() } else { "" };
        format!("{start:<INDENT$}  {line}").trim_end().to_owned()
    };
    lines.enumerate().map(indented).collect()
}

fn delivery_trouble(entry: &Entry) -> Option<String> {
    let delivery = entry.delivery.as_ref()?;
    let reason = delivery.reason.as_deref().map(output::tame_line).unwrap_or_default();
    match delivery.state {
        DeliveryState::Sent => None,
        DeliveryState::Pending | DeliveryState::Sending => Some("! not delivered yet".to_owned()),
        DeliveryState::Retry => Some(format!("! not delivered yet, it will be tried again: {reason}")),
        DeliveryState::Ambiguous => Some(format!("! nobody knows whether this arrived: {reason}")),
        DeliveryState::Dead => Some(format!("! this will not be delivered: {reason}")),
    }
}

/// The lines of what happened. Words that were said stand as they are; what was done stands in brackets.
fn happening(what: &Happening) -> Vec<String> {
    let done = |text: &str| vec![format!("[{text}]")];
    match what {
        Happening::Said { text, attachments, .. } => {
            let mut lines = vec![output::tame(text)];
            lines.extend(attachments.iter().map(|file| format!("[file: {}]", output::tame_line(&file.name))));
            lines.retain(|line| !line.trim().is_empty());
            if lines.is_empty() { done("an empty message") } else { lines }
        }
        Happening::Edited { text, .. } => vec!["[changed a message to]".to_owned(), output::tame(text)],
        Happening::Deleted { .. } => done("deleted a message"),
        Happening::Note { text, attachments } => {
            let files = attachments.iter().map(|file| format!("[file: {}]", output::tame_line(&file.name)));
            ["[note]".to_owned(), output::tame(text)].into_iter().chain(files).collect()
        }
        Happening::Opened { ticket, tried } => {
            let mut lines = done(&format!("opened ticket {ticket}"));
            lines.extend(tried.iter().flat_map(tried_lines));
            lines
        }
        Happening::Claimed => done("claimed the ticket"),
        Happening::Released => done("laid it back into the queue"),
        Happening::Transferred { from, to, reason } => {
            let because =
                reason.as_deref().map(|reason| format!(": {}", output::tame_line(reason))).unwrap_or_default();
            done(&format!("transferred it from {} to {}{because}", output::tame_line(from), output::tame_line(to)))
        }
        Happening::UsedMacro { name } => done(&format!("used the macro {}", output::tame_line(name))),
        Happening::MergedInto { ticket } => done(&format!("merged it into {ticket}")),
        Happening::MergedFrom { ticket, summary, said } => {
            let mut lines = done(&format!("merged {ticket} ({}) into it", output::tame_line(summary)));
            lines.extend(said.iter().map(said_elsewhere));
            lines
        }
        Happening::PassedOn { ticket, said } => {
            let mut lines = done(&format!("was passed on from {ticket}, which was merged into it"));
            lines.push(said_elsewhere(said));
            lines
        }
        Happening::PrioritySet { priority } => done(&format!("set the priority to {}", priority.as_str())),
        Happening::PutOnHold => done("put it on hold"),
        Happening::Resumed => done("took it off hold"),
        Happening::ReturnedToBot => done("gave it back to the bot"),
        Happening::Resolved { resolution } => done(&format!("resolved it: {}", resolution.as_str())),
        Happening::Reopened => done("reopened it"),
        Happening::Closed { resolution } => done(&format!("closed it: {}", resolution.as_str())),
        Happening::Rated { stars } => done(&format!("rated the help with {stars} of 5")),
        Happening::Reacted { emoji, .. } => match emoji {
            Some(emoji) => done(&format!("reacted with {}", output::tame(emoji))),
            None => done("took a reaction away"),
        },
        Happening::RatingComment { text } => vec!["[about the help]".to_owned(), output::tame(text)],
        Happening::Blocked => done("blocked the bot"),
        Happening::Unblocked => done("can be reached again"),
        Happening::Missed { from, until } => {
            done(&format!("messages written between {} and {} may be lost", from.to_text(), until.to_text()))
        }
        Happening::Rerouted => done("the requester takes no messages; what is said goes to a thread made for them"),
        Happening::Unreachable => done("the requester takes no messages, and there is no other way"),
        Happening::LeftOut { name, limit } => {
            let why = match limit {
                Some(limit) => format!("at most {limit} MB can be sent there"),
                None => "it could not be fetched".to_owned(),
            };
            done(&format!("{} did not go to the requester: {why}", output::tame_line(name)))
        }
        Happening::Excused { reason } => done(&format!(
            "the requester cannot be answered where they asked, and was told what to do instead: {}",
            output::tame_line(reason)
        )),
        Happening::Unheard { reason } => {
            done(&format!("what the bot answered did not arrive: {}", output::tame_line(reason)))
        }
        Happening::Failed { reference } => done(&format!("the bot failed; look for {reference} in the log")),
    }
}

fn said_elsewhere(said: &SaidElsewhere) -> String {
    format!("{}: {}", output::tame_line(&said.name), output::tame_line(&said.text))
}

fn tried_lines(tried: &Tried) -> Vec<String> {
    let outcome = match tried.outcome {
        TriedOutcome::Failed => "did not help",
        TriedOutcome::Left => "was left for something else",
        TriedOutcome::Helped => "helped at first",
    };
    let mut lines = vec![format!("tried: {} ({}), {outcome}", output::tame_line(&tried.title), tried.article)];
    lines.extend(tried.steps.iter().map(|step| format!("  - {}", output::tame_line(step))));
    lines
}

#[cfg(test)]
mod tests {
    use firstline_engine::{
        ids::{EntryId, OutboundId},
        ticket::TicketNumber,
        time::Timestamp,
        timeline::EntryDelivery,
    };
    use uuid::Uuid;

    use super::*;

    fn entry(actor: Actor, what: Happening, delivery: Option<EntryDelivery>) -> Entry {
        Entry { id: EntryId(Uuid::nil()), seq: 1, at: Timestamp(0), actor, what, delivery }
    }

    #[test]
    fn the_timeline_tells_what_was_tried() {
        let tried = Tried {
            article: "vpn".parse().unwrap(),
            title: "VPN".to_owned(),
            steps: vec!["Restart.".to_owned()],
            outcome: TriedOutcome::Failed,
        };
        let opened = Happening::Opened { ticket: TicketNumber(1001), tried: vec![tried] };
        assert_eq!(happening(&opened), ["[opened ticket #1001]", "tried: VPN (vpn), did not help", "  - Restart."]);
    }

    #[test]
    fn a_message_that_did_not_arrive_says_so() {
        let said = Happening::Said {
            text: "Hello\nthere\u{1b}[31m".to_owned(),
            message: None,
            attachments: Vec::new(),
            reply_to: None,
        };
        let delivery = EntryDelivery {
            message: OutboundId(Uuid::nil()),
            state: DeliveryState::Ambiguous,
            reason: Some("no answer in time".to_owned()),
        };
        let lines = entry_lines(&entry(Actor::Bot, said, Some(delivery)), "kim");
        assert!(lines[0].ends_with("bot        Hello") || lines[0].contains("bot"), "{lines:?}");
        assert_eq!(lines[1].trim(), "there\u{fffd}[31m");
        assert_eq!(lines[2].trim(), "! nobody knows whether this arrived: no answer in time");
    }
}
