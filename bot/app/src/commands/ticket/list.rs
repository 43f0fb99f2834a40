//! `firstline ticket list`: those to be worked on first at the top.

use firstline_engine::{desk::Desk, ports::TicketFilter, ticket::TicketStatus};

use super::{moment, name_of, staff, words};
use crate::{cli::TicketList, output};

/// More than anybody reads; who needs all of them asks per queue.
const MOST: u32 = 1_000;

pub(super) async fn run(desk: &Desk, list: &TicketList) -> anyhow::Result<()> {
    let statuses = if list.all {
        Vec::new()
    } else {
        TicketStatus::ALL.iter().copied().filter(|status| status.is_open()).collect()
    };
    let filter = TicketFilter { statuses, queue: list.queue.clone(), limit: MOST, ..TicketFilter::default() };
    let tickets = desk.tickets(&filter).await?;
    if list.output.json {
        output::json(&tickets)?;
        return Ok(());
    }
    if tickets.is_empty() {
        output::line(if list.all { "There are no tickets." } else { "There are no open tickets." })?;
        return Ok(());
    }
    let staff = staff(desk).await?;
    let rows: Vec<Vec<String>> = tickets
        .iter()
        .map(|ticket| {
            vec![
                ticket.number.to_string(),
                ticket.priority.as_str().to_owned(),
                words(ticket.status.as_str()),
                output::tame_line(&ticket.queue),
                output::tame_line(&name_of(&staff, ticket.assignee)),
                moment(ticket.opened_at, "%Y-%m-%d %H:%M"),
                output::tame_line(&ticket.summary),
            ]
        })
        .collect();
    output::table(&["TICKET", "PRIORITY", "STATUS", "QUEUE", "ASSIGNEE", "OPENED", "SUMMARY"], &rows)?;
    Ok(())
}
