//! `kill -9` again and again at random, while people write all the time and an agent answers: everything that was written is in
//! its ticket once, in order, and every answer is in its chat once, unless it is marked ambiguous.
//!
//! How often is `FIRSTLINE_TEST_KILLS` (the default keeps it short, `FIRSTLINE_TEST_KILLS=100` is a long run); when is drawn from
//! `FIRSTLINE_TEST_SEED`, which is printed, so that a run can be repeated.

use std::{cell::Cell, io::Write as _};

use firstline_tests::{
    both_databases,
    chat::Chat,
    desk::Desk,
    telegram::{Person, Telegram},
    ticket::{Said, Ticket},
};

use crate::{
    steady::{Dice, PEOPLE, Steady, number_from},
    telegram::serve,
    telegram_intake::have_tickets,
};

both_databases!(killed_at_random);

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
    let flow = Steady::flows(&over, &mut consoles, |who, line| {
        people[who].says(line);
    });
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
    let (steady, ()) = tokio::join!(flow, kill);
    telegram.is_done_with_everything().await;
    steady.is_on_the_desk(&mut consoles).await;
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
        steady.is_in(&ticket, who, seed);
        ambiguous += check_chat(person, &ticket, seed);
    }
    assert_eq!(desk.count_tickets().await, PEOPLE);
    let _ =
        writeln!(std::io::stderr(), "{kills} kills, {} messages, {ambiguous} answers marked ambiguous", steady.count);
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
