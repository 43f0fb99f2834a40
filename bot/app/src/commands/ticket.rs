//! `firstline ticket`: what waits, and what happened.

mod list;
mod show;

use chrono::{DateTime, Local};
use firstline_engine::{desk::Desk, ids::PersonId, people::Person, time::Timestamp};

use crate::{cli::Ticket, compose::compose, config::Settings};

pub(super) async fn run(settings: &Settings, ticket: &Ticket) -> anyhow::Result<()> {
    let desk = compose(settings).await?.desk;
    match ticket {
        Ticket::List(list) => list::run(&desk, list).await,
        Ticket::Show(show) => show::run(&desk, show).await,
    }
}

/// A moment as the clock on the wall shows it.
fn moment(at: Timestamp, format: &str) -> String {
    match DateTime::from_timestamp_millis(at.0) {
        Some(moment) => moment.with_timezone(&Local).format(format).to_string(),
        None => at.0.to_string(),
    }
}

/// The names of agents by their ids.
async fn staff(desk: &Desk) -> anyhow::Result<Vec<Person>> {
    Ok(desk.staff().await?)
}

fn name_of(staff: &[Person], id: Option<PersonId>) -> String {
    match id {
        None => "-".to_owned(),
        Some(id) => {
            staff.iter().find(|person| person.id == id).map_or_else(|| id.to_string(), |person| person.name.clone())
        }
    }
}

/// A name of the database as words: `waiting_for_requester` as `waiting for requester`.
fn words(name: &str) -> String {
    name.replace('_', " ")
}
