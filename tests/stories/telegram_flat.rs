//! Staff work from a group without topics: everything about a ticket answers its card, and who answers it is understood.
//!
//! ```text
//! bot  (group): the card of #1001 [Übernehmen] …      anna presses it
//! anna (group): answers the card: Hallo?              it goes to the requester
//! anna (group): answers what came back: // a note     it stays
//! anna (group): something that answers nothing        it is about no ticket
//! ```

use firstline_tests::{both_databases, desk::Desk, telegram::Telegram};

use crate::{
    telegram::asks_for_help,
    telegram_intake::have_tickets,
    telegram_staff::{agent, serve},
};

both_databases!(a_ticket_is_worked_by_replies, two_tickets_in_one_group_are_told_apart);

async fn a_ticket_is_worked_by_replies(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.supergroup(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let mut anna = telegram.person(77, "Anna", "de").in_group(&group);
    let mut server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    asks_for_help(&mut erika).await;
    let card = anna.reads("#1001").await;
    assert!(card.buttons.contains(&"Übernehmen".to_owned()), "{card}");
    let asked = anna.reads("ich komme von zu hause nicht ins vpn").await;
    assert_eq!(asked.reply_to, Some(card.id), "what belongs to a ticket answers its card");

    anna.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.sees("the claimed card", |it| it.id == card.id && it.text.contains("offen, Anna")).await;
    anna.replies(card.id, "Nimm bitte den Hotspot.");
    let answer = anna.last_own().id;
    let answered = erika.reads("Nimm bitte den Hotspot.").await;
    erika.replies(answered.id, "Welchen?");
    let question = anna.reads("Welchen?").await;
    assert_eq!(question.reply_to, Some(answer), "{question}");
    anna.replies(question.id, "// Gäste-WLAN sperrt IPsec");
    anna.replies(question.id, "Den vom Telefon.");
    let own = erika.last_own().id;
    erika.sees("the reply", |it| it.text.contains("Den vom Telefon.") && it.reply_to == Some(own)).await;
    // Nobody is meant, and so nothing is passed on.
    anna.says("Geht jemand mit essen?");
    anna.replies(card.id, "/resolve");
    erika.reads("Anna hat Ticket #1001 gelöst.").await;
    erika.presses("5");
    anna.sees("the rating", |it| it.id == card.id && it.text.contains("Bewertung: 5 von 5")).await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));

    let ticket = desk.ticket(1001).await;
    assert_eq!((ticket.assignee(), ticket.field("rating")), (Some("Anna"), "5".to_owned()), "{ticket}");
    assert_eq!(ticket.count("note"), 1, "{ticket}");
    assert!(erika.chat().iter().all(|it| !it.text.contains("IPsec") && !it.text.contains("essen")));
    assert_eq!(telegram.unanswered_presses(), 0);
}

async fn two_tickets_in_one_group_are_told_apart(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.supergroup(-1001, "Helpdesk");
    let mut people = vec![telegram.person(1, "Erika", "de"), telegram.person(2, "Bernd", "de")];
    let anna = telegram.person(77, "Anna", "de").in_group(&group);
    let _server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    let tickets = have_tickets(&mut people).await;
    let mut cards = Vec::new();
    for number in &tickets {
        let title = format!("#{number}");
        cards.push(anna.sees("the card", |it| it.text.starts_with(&title) && !it.buttons.is_empty()).await);
    }
    desk.settles().await;
    for card in &cards {
        anna.replies(card.id, "/claim");
    }
    for person in &mut people {
        person.reads("Anna vom Helpdesk hat Ticket").await;
    }
    anna.replies(cards[1].id, "Hallo Bernd");
    anna.replies(cards[0].id, "Hallo Erika");
    people[0].reads("Hallo Erika").await;
    people[1].reads("Hallo Bernd").await;
    desk.settles().await;
    assert_eq!((people[0].count("Hallo Bernd"), people[1].count("Hallo Erika")), (0, 0));
}
