//! `kill -9` again and again at random, while people write to Discord all the time and agents answer, on consoles and in a thread:
//! everything that was written is in its ticket once, in order, every line in the ticket's thread once, and every answer in its chat
//! once, although nobody knows of some whether they had arrived: sent
//! again with the same nonce, Discord shows them once.
//!
//! How often is `FIRSTLINE_TEST_KILLS` (the default keeps it short, `FIRSTLINE_TEST_KILLS=100` is a long run); when is drawn from
//! `FIRSTLINE_TEST_SEED`, which is printed, so that a run can be repeated.

use std::{cell::Cell, io::Write as _};

use firstline_tests::{
    both_databases,
    chat::Chat,
    desk::Desk,
    discord::{Discord, Person, Shown},
    ticket::{Said, Ticket},
};

use crate::{
    discord_office::Office,
    steady::{
        Dice, PEOPLE, Steady, number_from,
        room::{InRoom, Seen, cards, shown_status},
    },
};

/// The one who is answered from the thread; the others are from consoles.
const IN_THREAD: usize = PEOPLE - 1;

both_databases!(killed_at_random);

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
    let office = Office::open(&discord);
    let mut server = office.serve(desk, &discord).await;
    let mut people: Vec<Person<'_>> = ["Erika", "Bernd", "Carla"].map(|name| discord.person(name, "de")).into();
    let mut consoles: Vec<Chat> = Vec::new();
    for (who, person) in people.iter_mut().enumerate() {
        let number = 1001 + i64::try_from(who).expect("a small number");
        has_ticket(person, number).await;
        if who == IN_THREAD {
            continue;
        }
        let mut anna = desk.agent(&format!("anna{who}"));
        anna.claims(number).await;
        consoles.push(anna);
    }

    let anna = office.agent(desk, &discord, &format!("anna{IN_THREAD}")).await;
    let number_of = |who: usize| 1001 + i64::try_from(who).expect("a small number");
    let thread = office.room.thread(&format!("#{}", number_of(IN_THREAD))).await;
    let in_room = anna.in_room(&office.room);
    let card = format!("#{}", number_of(IN_THREAD));
    in_room.sees("the card", |it| it.text.contains(&card) && !it.buttons.is_empty()).await;
    in_room.presses_on(thread.id(), "Übernehmen");
    people[IN_THREAD].reads("hat Ticket").await;
    let anna = anna.in_thread(&thread);

    let over = Cell::new(false);
    let flow = Steady::flows(
        &over,
        |who, line| {
            people[who].says(line);
        },
        async |who, line| match consoles.get_mut(who) {
            Some(console) => console.types(line).await,
            None => {
                anna.says(line);
            }
        },
    );
    let kill = async {
        let mut dice = Dice(seed);
        for _ in 0..kills {
            let asked = discord.journal().len();
            // Before it sends anything, between two messages, while one is on its way.
            let more = usize::try_from(dice.roll(6)).unwrap_or(0);
            discord.is_asked_anything(asked + more).await;
            server.kill9().await;
            server = office.serve(desk, &discord).await;
        }
        over.set(true);
    };
    let (steady, ()) = tokio::join!(flow, kill);
    steady.is_on_the_desk(&mut consoles).await;
    // There is much to be sent, and Discord takes it slowly.
    desk.settles().await;
    for (who, person) in people.iter().enumerate() {
        let number = 1001 + i64::try_from(who).expect("a small number");
        let lines = steady.written_by(who);
        let ticket = desk
            .until("all is there, and nothing on its way any more", async || {
                let ticket = desk.ticket(number).await;
                let is_on_its_way = |said: &Said| said.delivery.as_deref() != Some("sent");
                let last = lines.last().is_none_or(|last| ticket.said_by("requester").contains(last));
                (last && !ticket.sent().iter().any(is_on_its_way)).then_some(ticket)
            })
            .await;
        steady.is_in(&ticket, who, seed);
        let shown: Vec<String> = person
            .chat()
            .into_iter()
            .filter(|it| it.by_bot && it.text.contains("Antwort "))
            .map(|it| it.text)
            .collect();
        let expected: Vec<String> =
            steady.answered_to(who).iter().map(|text| format!("**anna{who}:**\n{text}")).collect();
        assert_eq!(shown, expected, "seed {seed}: once and in order");
        check_thread(&office, &anna, &ticket, who, seed).await;
    }
    for anna in &mut consoles {
        anna.leaves().await;
    }
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(desk.count_tickets().await, PEOPLE);
    let looks = discord.requests("GET /channels/{}/messages").len();
    let _ = writeln!(std::io::stderr(), "{kills} kills, {} messages, {looks} looks into channels", steady.count);
}

/// Everything written elsewhere is in the thread once, in order; the ticket has one card, which shows it as it is.
async fn check_thread(office: &Office<'_>, anna: &Person<'_>, ticket: &Ticket, who: usize, seed: u64) {
    let number: i64 = ticket.field("number").parse().expect("a number");
    let title = format!("#{number}");
    let thread = office.room.thread(&title).await;
    let from_elsewhere =
        |said: &Said| said.text.starts_with("Zeile") || (said.text.starts_with("Antwort") && who != IN_THREAD);
    let written: Vec<String> = ticket.said().into_iter().filter(from_elsewhere).map(|said| said.text).collect();
    let last = written.last().cloned().unwrap_or_default();
    anna.in_thread(&thread).sees("the last line", |it| it.by_bot && it.text.contains(&last)).await;
    let shown: Vec<Seen> = thread.messages().into_iter().map(seen).collect();
    let found = InRoom::of(&shown, &written, seed);
    assert!(found.missing.is_empty() && found.notices == 0, "seed {seed}: {:?} are missing", found.missing);
    let (in_room, status) = (anna.in_room(&office.room), shown_status(&ticket.status()));
    let is_current = |text: &str| text.contains(&title) && text.contains(&format!("{status}, anna{who}"));
    in_room.sees("the card as the ticket is", |it| !it.buttons.is_empty() && is_current(&it.text)).await;
    let room: Vec<Seen> = in_room.chat().into_iter().map(seen).collect();
    assert_eq!(cards(&room, number), 1, "seed {seed}: {room:#?}");
    assert_eq!(office.room.threads().iter().filter(|name| name.contains(&title)).count(), 1, "seed {seed}");
}

fn seen(message: Shown) -> Seen {
    Seen { by_bot: message.by_bot, text: message.text, buttons: message.buttons.len() }
}
