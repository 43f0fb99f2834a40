//! `kill -9` again and again at random, while people write all the time and an agent answers: everything that was written is in
//! its ticket once, in order, and every answer is in its chat once, unless it is marked ambiguous.
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
    telegram::{Person, Telegram},
    ticket::{Said, Ticket},
};
use tokio::time::interval;

use crate::{telegram::serve, telegram_intake::have_tickets};

both_databases!(killed_at_random);

/// So many messages a second are written: 20.
const PACE: Duration = Duration::from_millis(50);
/// An agent answers every so many messages.
const ANSWERED: usize = 8;
const PEOPLE: usize = 3;

pub(crate) fn number_from(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Pseudo-random numbers (`SplitMix64`, <https://prng.di.unimi.it/splitmix64.c>).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }
}

async fn killed_at_random(desk: &Desk) {
    let kills = number_from("FIRSTLINE_TEST_KILLS", 5);
    let seed = number_from("FIRSTLINE_TEST_SEED", u64::from(std::process::id()));
    let _ = writeln!(std::io::stderr(), "{kills} kills, FIRSTLINE_TEST_SEED={seed}");
    let telegram = Telegram::start().await;
    let mut server = serve(desk, &telegram).await;
    let mut people: Vec<Person<'_>> =
        (1..).zip(["Erika", "Bernd", "Carla"]).map(|(id, name)| telegram.person(id, name, "de")).collect();
    let tickets = have_tickets(&mut people).await;
    // One console for each ticket: what is typed there goes to the ticket that was claimed there.
    let mut consoles: Vec<Chat> = Vec::new();
    for (who, ticket) in tickets.iter().enumerate() {
        let mut anna = desk.agent(&format!("anna{who}"));
        anna.claims(*ticket).await;
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
            let line = format!("Zeile {count}");
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
            let asked = telegram.journal().len();
            // Before it asks for the first update, after it, while answers go out, right after a confirmation.
            let more = usize::try_from(dice.roll(14)).unwrap_or(0);
            telegram.is_asked_anything(asked + more).await;
            server.kill9().await;
            server = serve(desk, &telegram).await;
        }
        over.set(true);
    };
    let (count, ()) = tokio::join!(talk, kill);
    telegram.is_done_with_everything().await;
    for (who, anna) in consoles.iter_mut().enumerate() {
        // Whatever was typed is on the desk when its last line is on the screen.
        let last = answers.borrow().get(&who).and_then(|lines| lines.last().cloned());
        if let Some(last) = last {
            anna.reads(&format!("anna{who}> {last}")).await;
        }
    }
    desk.settles().await;
    // What was on its way when the server was killed is known to be ambiguous only after a while.
    for ticket in &tickets {
        desk.until("nothing is on its way any more", async || {
            let on_its_way = |said: &Said| said.delivery.as_deref() == Some("sending");
            (!desk.ticket(*ticket).await.sent().iter().any(on_its_way)).then_some(())
        })
        .await;
    }
    for anna in &mut consoles {
        anna.leaves().await;
    }
    assert_eq!(server.is_terminated().await, Some(0));

    let mut ambiguous = 0;
    for ((who, person), ticket) in people.iter().enumerate().zip(&tickets) {
        let ticket = desk.ticket(*ticket).await;
        let of = |lines: &RefCell<BTreeMap<usize, Vec<String>>>| lines.borrow().get(&who).cloned().unwrap_or_default();
        let began = |who: &str, beginning: &str| {
            ticket.said_by(who).into_iter().filter(|text| text.starts_with(beginning)).collect::<Vec<_>>()
        };
        assert_eq!(began("requester", "Zeile"), of(&written), "seed {seed}: what {who} wrote");
        assert_eq!(began(&format!("anna{who}"), "Antwort"), of(&answers), "seed {seed}: what was answered to {who}");
        ambiguous += check_chat(person, &ticket, seed);
    }
    assert_eq!(desk.count_tickets().await, PEOPLE);
    let _ = writeln!(std::io::stderr(), "{kills} kills, {count} messages, {ambiguous} answers marked ambiguous");
}

/// What was sent is in the chat once, in order; what is marked ambiguous, once or not at all. Returns how many are.
fn check_chat(person: &Person<'_>, ticket: &Ticket, seed: u64) -> usize {
    let sent = ticket.sent();
    for said in &sent {
        let times = person.count(&said.first_line());
        match said.delivery.as_deref() {
            Some("sent") => assert_eq!(times, 1, "seed {seed}: {said:?}"),
            Some("ambiguous") => assert!(times <= 1, "seed {seed}: {said:?} is doubled"),
            _ => panic!("seed {seed}: {said:?}"),
        }
    }
    let chat: Vec<String> = person.chat().into_iter().filter(|message| message.by_bot).map(|it| it.text).collect();
    let place = |line: &str| chat.iter().position(|text| text.contains(line));
    let places: Vec<usize> = sent.iter().filter_map(|said| place(&said.first_line())).collect();
    assert!(places.is_sorted(), "seed {seed}: out of order\n{}", chat.join("\n"));
    sent.iter().filter(|said| said.delivery.as_deref() == Some("ambiguous")).count()
}
