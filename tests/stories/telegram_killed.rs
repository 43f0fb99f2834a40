//! `kill -9` again and again at random, while people write all the time and agents answer, on consoles and in a topic: everything
//! that was written is in its ticket once, in order, every answer is in its chat once, and every line in the ticket's topic once,
//! unless it is marked ambiguous; then a person can send it again, and it is there.
//!
//! How often is `FIRSTLINE_TEST_KILLS` (the default keeps it short, `FIRSTLINE_TEST_KILLS=100` is a long run); when is drawn from
//! `FIRSTLINE_TEST_SEED`, which is printed, so that a run can be repeated.

use std::{cell::Cell, io::Write as _};

use firstline_tests::{
    both_databases,
    chat::Chat,
    desk::Desk,
    telegram::{Group, Person, Shown, Telegram, Topic},
    ticket::{Said, Ticket},
};

use crate::{
    steady::{
        Dice, PEOPLE, Steady, number_from,
        room::{InRoom, Seen, cards, shown_status},
    },
    telegram_intake::have_tickets,
    telegram_staff::{agent, serve},
};

/// The one who is answered from the topic; the others are from consoles.
const IN_TOPIC: usize = PEOPLE - 1;

both_databases!(killed_at_random);

async fn killed_at_random(desk: &Desk) {
    let kills = number_from("FIRSTLINE_TEST_KILLS", 5);
    let seed = number_from("FIRSTLINE_TEST_SEED", u64::from(std::process::id()));
    let _ = writeln!(std::io::stderr(), "{kills} kills, FIRSTLINE_TEST_SEED={seed}");
    let telegram = Telegram::start().await;
    let (group, _second) = (telegram.forum(-1001, "Helpdesk"), telegram.forum(-1002, "Second level"));
    let mut server = serve(desk, &telegram).await;
    let mut people: Vec<Person<'_>> =
        (1..).zip(["Erika", "Bernd", "Carla"]).map(|(id, name)| telegram.person(id, name, "de")).collect();
    let tickets = have_tickets(&mut people).await;
    // One console for each ticket: what is typed there goes to the ticket that was claimed there.
    let mut consoles: Vec<Chat> = Vec::new();
    for (who, ticket) in tickets.iter().enumerate().take(IN_TOPIC) {
        let mut anna = desk.agent(&format!("anna{who}"));
        anna.claims(*ticket).await;
        consoles.push(anna);
    }
    let anna = telegram.person(77, &format!("anna{IN_TOPIC}"), "de");
    agent(desk, &anna, &format!("anna{IN_TOPIC}")).await;
    let topic = group.topic(&format!("#{}", tickets[IN_TOPIC])).await;
    let anna = anna.in_topic(&topic);
    anna.sees("the card", |it| it.buttons.contains(&"Übernehmen".to_owned())).await;
    anna.presses("Übernehmen");
    people[IN_TOPIC].reads("hat Ticket").await;

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
    let (mut ambiguous, mut missing, mut notices) = (0, 0, 0);
    for ((who, person), number) in people.iter().enumerate().zip(&tickets) {
        let (ticket, topic) = (desk.ticket(*number).await, group.topic(&format!("#{number}")).await);
        steady.is_in(&ticket, who, seed);
        ambiguous += check_chat(person, &ticket, seed);
        // Last, because there what may be missing is sent again.
        let found = check_topic(&anna.in_topic(&topic), &ticket, who, seed).await;
        (missing, notices) = (missing + found.missing.len(), notices + found.notices);
    }
    check_topics(&group, &tickets, seed);
    for anna in &mut consoles {
        anna.leaves().await;
    }
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(desk.count_tickets().await, PEOPLE);
    let _ = writeln!(
        std::io::stderr(),
        "{kills} kills, {} messages, {ambiguous} answers marked ambiguous, {missing} lines missing in topics, {notices} notices",
        steady.count
    );
}

/// Everything written elsewhere is in the topic once, in order, or is said to be missing, perhaps; what is sent again then is there.
/// Returns what was missing.
async fn check_topic(anna: &Person<'_>, ticket: &Ticket, who: usize, seed: u64) -> InRoom {
    let from_elsewhere =
        |said: &Said| said.text.starts_with("Zeile") || (said.text.starts_with("Antwort") && who != IN_TOPIC);
    let written: Vec<String> = ticket.said().into_iter().filter(from_elsewhere).map(|said| said.text).collect();
    let in_topic = || anna.chat().into_iter().map(as_seen).collect::<Vec<_>>();
    let number = ticket.field("number").parse().expect("a number");
    let found = InRoom::of(&in_topic(), &written, seed);
    found.is_honest(seed);
    assert_eq!(cards(&in_topic(), number), 1, "seed {seed}: {:#?}", in_topic());
    let status = shown_status(&ticket.status());
    let is_card = |it: &Shown| it.buttons.len() > 1 && it.text.contains(&format!("{status}, anna{who}"));
    anna.sees("the card as the ticket is", is_card).await;
    if who == IN_TOPIC {
        check_receipts(anna, ticket, seed);
    }
    if found.notices > 0 {
        anna.presses_each("Noch einmal senden");
        for line in &found.missing {
            anna.sees("what was sent again", |it| it.by_bot && it.text.contains(line)).await;
        }
    }
    found
}

fn as_seen(message: Shown) -> Seen {
    Seen { by_bot: message.by_bot, text: message.text, buttons: message.buttons.len() }
}

/// Who answers in the topic sees on each message that it has arrived, or below it that it has perhaps not.
fn check_receipts(anna: &Person<'_>, ticket: &Ticket, seed: u64) {
    let chat = anna.chat();
    for said in ticket.sent().iter().filter(|said| said.text.starts_with("Antwort")) {
        let own = chat.iter().find(|it| !it.by_bot && it.text == said.text).expect("her own message is there");
        let is_told = match said.delivery.as_deref() {
            Some("sent") => !own.bots_reactions.is_empty(),
            _ => chat.iter().any(|it| it.by_bot && it.reply_to == Some(own.id)),
        };
        assert!(is_told, "seed {seed}: nobody is told of {said:?}\n{own}");
    }
}

/// Each ticket has one topic; another one that was being made when the server was killed stays empty.
fn check_topics(group: &Group<'_>, tickets: &[i64], seed: u64) {
    for number in tickets {
        let used = |topic: &Topic<'_>| topic.messages().iter().any(|it| it.by_bot && it.service.is_none());
        let used = group.all_topics(&format!("#{number}")).iter().filter(|topic| used(topic)).count();
        assert_eq!(used, 1, "seed {seed}: topics of #{number}");
    }
}

/// What was sent is in the chat once, in order; what is marked ambiguous, once or not at all. Returns how many are. What the desk
/// says is said once more instead of being ambiguous, and says so.
fn check_chat(person: &Person<'_>, ticket: &Ticket, seed: u64) -> usize {
    let sent = ticket.sent();
    for said in &sent {
        let (all, line) = (person.chat(), said.first_line());
        let all = || all.iter().filter(|it| it.by_bot && it.text.contains(&line));
        let times = all().filter(|it| !it.text.contains("Noch einmal, falls es nicht angekommen ist")).count();
        match said.delivery.as_deref() {
            Some("sent") if said.who == "desk" => assert!(times <= 1 && all().count() > 0, "seed {seed}: {said:?}"),
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
