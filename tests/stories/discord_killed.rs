//! `kill -9` again and again at random, while people write to Discord all the time and an agent answers: everything that was written is
//! in its ticket once, in order, and every answer is in its chat once, although nobody knows of some whether they had arrived: sent
//! again with the same nonce, Discord shows them once.
//!
//! How often is `FIRSTLINE_TEST_KILLS` (the default keeps it short, `FIRSTLINE_TEST_KILLS=100` is a long run); when is drawn from
//! `FIRSTLINE_TEST_SEED`, which is printed, so that a run can be repeated.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    io::Write as _,
    time::Duration,
};

use firstline_tests::{
    both_databases,
    chat::Chat,
    desk::Desk,
    discord::{Discord, Person},
    ticket::Said,
};
use tokio::time::interval;

use crate::{
    discord::serve,
    telegram_killed::{Dice, number_from},
};

both_databases!(killed_at_random);

/// So many messages a second are written: 20.
const PACE: Duration = Duration::from_millis(50);
/// An agent answers every so many messages.
const ANSWERED: usize = 8;
const PEOPLE: usize = 3;

/// Somebody's ticket, of this number.
async fn has_ticket(person: &mut Person<'_>, number: i64) {
    person.says("mensch");
    person.reads("Ich hole dir einen Menschen.").await;
    person.says("mensch");
    person.reads(&format!("Ich habe Ticket **#{number}** eröffnet")).await;
}

async fn killed_at_random(desk: &Desk) {
    let kills = number_from("FIRSTLINE_TEST_KILLS", 4);
    let seed = number_from("FIRSTLINE_TEST_SEED", u64::from(std::process::id()));
    let _ = writeln!(std::io::stderr(), "{kills} kills, FIRSTLINE_TEST_SEED={seed}");
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut people: Vec<Person<'_>> = ["Erika", "Bernd", "Carla"].map(|name| discord.person(name, "de")).into();
    let mut consoles: Vec<Chat> = Vec::new();
    for (who, person) in people.iter_mut().enumerate() {
        let number = 1001 + i64::try_from(who).expect("a small number");
        has_ticket(person, number).await;
        let mut anna = desk.agent(&format!("anna{who}"));
        anna.claims(number).await;
        consoles.push(anna);
    }

    let over = Cell::new(false);
    let written: RefCell<BTreeMap<usize, Vec<String>>> = RefCell::default();
    let answers: RefCell<BTreeMap<usize, Vec<String>>> = RefCell::default();
    let talk = async {
        let mut clock = interval(PACE);
        let mut count = 0;
        while !over.get() {
            clock.tick().await;
            count += 1;
            let who = count % PEOPLE;
            let line = format!("Zeile {count}.");
            people[who].says(&line);
            written.borrow_mut().entry(who).or_default().push(line);
            if count % ANSWERED == 0 {
                let who = (count / ANSWERED) % PEOPLE;
                let line = format!("Antwort {count}.");
                consoles[who].types(&line).await;
                answers.borrow_mut().entry(who).or_default().push(line);
            }
        }
        count
    };
    let kill = async {
        let mut dice = Dice(seed);
        for _ in 0..kills {
            let asked = discord.journal().len();
            // Before it sends anything, between two messages, while one is on its way.
            let more = usize::try_from(dice.roll(6)).unwrap_or(0);
            discord.is_asked_anything(asked + more).await;
            server.kill9().await;
            server = serve(desk, &discord).await;
        }
        over.set(true);
    };
    let (count, ()) = tokio::join!(talk, kill);
    for (who, anna) in consoles.iter_mut().enumerate() {
        // Whatever was typed is on the desk when its last line is on the screen.
        let last = answers.borrow().get(&who).and_then(|lines| lines.last().cloned());
        if let Some(last) = last {
            anna.reads(&format!("anna{who}> {last}")).await;
        }
    }
    for (who, person) in people.iter().enumerate() {
        let number = 1001 + i64::try_from(who).expect("a small number");
        let lines = written.borrow().get(&who).cloned().unwrap_or_default();
        let ticket = desk
            .until("all is there, and nothing on its way any more", async || {
                let ticket = desk.ticket(number).await;
                let is_on_its_way = |said: &Said| said.delivery.as_deref() != Some("sent");
                let last = lines.last().is_none_or(|last| ticket.said_by("requester").contains(last));
                (last && !ticket.sent().iter().any(is_on_its_way)).then_some(ticket)
            })
            .await;
        let began = |who: &str, beginning: &str| {
            ticket.said_by(who).into_iter().filter(|text| text.starts_with(beginning)).collect::<Vec<_>>()
        };
        assert_eq!(began("requester", "Zeile"), lines, "seed {seed}: what {who} wrote");
        let answered = answers.borrow().get(&who).cloned().unwrap_or_default();
        assert_eq!(began(&format!("anna{who}"), "Antwort"), answered, "seed {seed}: what was answered to {who}");
        let shown: Vec<String> = person
            .chat()
            .into_iter()
            .filter(|it| it.by_bot && it.text.contains("Antwort "))
            .map(|it| it.text)
            .collect();
        let expected: Vec<String> = answered.iter().map(|text| format!("**anna{who}:**\n{text}")).collect();
        assert_eq!(shown, expected, "seed {seed}: once and in order");
    }
    for anna in &mut consoles {
        anna.leaves().await;
    }
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(desk.count_tickets().await, PEOPLE);
    let looks = discord.requests("GET /channels/{}/messages").len();
    let _ = writeln!(std::io::stderr(), "{kills} kills, {count} messages, {looks} looks into channels");
}
