//! What agents can do besides answering, on Telegram: by words in a ticket's topic, and by the buttons of its card.
//!
//! ```text
//! anna (topic #1001): /macro gruss        erika reads it in her language
//! anna (topic #1002): /merge 1001         refused: #1002 is kim's;  /merge 1001 confirm
//! kim  (private):     und bei mir auch    anna reads it in #1001, and what she answers there only erika reads
//! anna (topic #1001): /duty off
//! ```

use firstline_tests::{
    both_databases,
    desk::Desk,
    telegram::{Right, Telegram},
};

use crate::telegram_staff::{agent, handed_over, serve};

/// A private chat can have topics, each with a conversation of its own; the agent works in a terminal.
async fn two_topics_of_a_private_chat_become_one_ticket(desk: &Desk) {
    let telegram = Telegram::start().await;
    let erika = telegram.person(1234, "Erika", "de");
    erika.says("hallo");
    let (mut printer, mut screen) = (erika.begins("Drucker"), erika.begins("Bildschirm"));
    let mut server = crate::telegram::serve(desk, &telegram).await;
    for (topic, number) in [(&mut printer, 1001), (&mut screen, 1002)] {
        topic.says("mensch");
        topic.reads("Ich hole dir einen Menschen.").await;
        topic.says("mensch");
        topic.reads(&format!("Ich habe Ticket #{number} eröffnet")).await;
    }
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    anna.claims(1002).await;
    anna.types("/merge 1001").await;
    screen.reads("wird ab jetzt zusammen mit #1001 bearbeitet").await;
    anna.types("/switch 1001").await;
    anna.reads("Now in #1001").await;
    screen.says("beides seit gestern");
    anna.reads("requester(Erika)> beides seit gestern").await;
    anna.says("Zieh bitte den Stecker.").await;
    screen.reads("Zieh bitte den Stecker.").await;
    printer.says("und jetzt?");
    anna.reads("requester(Erika)> und jetzt?").await;
    anna.says("Steck ihn wieder ein.").await;
    printer.reads("Steck ihn wieder ein.").await;
    anna.leaves().await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!((screen.count("wieder ein"), printer.count("Stecker")), (0, 0), "answered where she wrote");
    drop(telegram.takes_violations());
}

both_databases!(
    tickets_of_two_people_are_merged_and_nobody_reads_the_others_answers,
    two_topics_of_a_private_chat_become_one_ticket,
    a_card_offers_other_queues_and_an_end,
);

async fn tickets_of_two_people_are_merged_and_nobody_reads_the_others_answers(desk: &Desk) {
    let telegram = Telegram::start().await;
    let (group, _second) = (telegram.forum(-1001, "Helpdesk"), telegram.forum(-1002, "Second level"));
    let (mut erika, mut kim) = (telegram.person(1234, "Erika", "de"), telegram.person(1235, "Kim", "de"));
    let anna = telegram.person(77, "Anna", "de");
    let mut server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    let texts = ["--en", "Hi {requester}", "--de", "Guten Tag {requester}, hier ist {agent}."];
    let _ = desk.run(&[&["macro", "set", "gruss"], &texts[..]].concat()).await.succeeds();
    let first = handed_over(&mut erika, &group, &anna).await;
    kim.says("mensch");
    kim.reads("Ich hole dir einen Menschen.").await;
    kim.says("mensch");
    kim.reads("Ich habe Ticket #1002 eröffnet").await;
    let second = group.topic("#1002").await;
    let (mut first, mut second) = (anna.in_topic(&first), anna.in_topic(&second));
    first.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    first.says("/macro");
    first.reads("Es gibt: gruss").await;
    first.says("/macro gruss");
    erika.reads("Guten Tag Erika, hier ist Anna.").await;
    first.reads("Guten Tag Erika, hier ist Anna.").await;

    second.says("/merge 1001");
    second.reads("#1001 ist ein Ticket von Erika, also von jemand anderem").await;
    second.says("/merge 1001 confirm");
    kim.reads("wird ab jetzt zusammen mit #1001 bearbeitet").await;
    first.reads("mit diesem Ticket zusammengeführt").await;
    second.reads("mit #1001 zusammengeführt").await;
    kim.says("und bei mir auch");
    first.reads("und bei mir auch").await;
    kim.reads("denen weitergegeben, die daran arbeiten").await;
    first.says("Das liegt am Server, Erika.");
    erika.reads("Das liegt am Server, Erika.").await;
    // Kim, too, is waited for by whoever works the ticket.
    first
        .sees("the card that waits", |it| it.text.contains("#1001") && it.text.contains("wartet auf Anfragende"))
        .await;
    kim.says("wann geht es wieder?");
    first.reads("wann geht es wieder?").await;
    first.sees("the open card", |it| it.text.contains("#1001") && it.text.contains("offen, Anna")).await;
    first.says("/duty off");
    first.reads("Du bist nicht im Dienst.").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(kim.count("Server"), 0, "what erika is told is for her");
    let (left, merged) = (desk.ticket(1001).await, desk.ticket(1002).await);
    assert_eq!((merged.status(), merged.field("merged_into")), ("closed".to_owned(), "1001".to_owned()), "{merged}");
    assert_eq!((left.count("merged_from"), left.count("passed_on")), (1, 2), "{left}");
    assert!(merged.said_by("requester").contains(&"und bei mir auch".to_owned()), "{merged}");
}

async fn a_card_offers_other_queues_and_an_end(desk: &Desk) {
    let telegram = Telegram::start().await;
    let (group, second) = (telegram.forum(-1001, "Helpdesk"), telegram.forum(-1002, "Second level"));
    let mut erika = telegram.person(1234, "Erika", "de");
    let (anna, ben) = (telegram.person(77, "Anna", "de"), telegram.person(78, "Ben", "de"));
    let mut server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    agent(desk, &ben, "Ben").await;
    // A card that could not be pinned is pinned when it changes.
    group.lets_the_bot(&[Right::ManageTopics, Right::DeleteMessages]);
    let topic = handed_over(&mut erika, &group, &anna).await;
    telegram.is_asked("pinchatmessage", 1).await;
    assert_eq!(topic.pinned().len(), 0);
    group.lets_the_bot(&Right::ALL);
    let mut anna = anna.in_topic(&topic);
    anna.as_channel(-100_777, "Neuigkeiten").says("Ich bin ein Kanal");
    anna.reads("Das dürfen nur Agenten und Admins.").await;
    anna.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    telegram.is_asked("pinchatmessage", 2).await;
    assert_eq!(topic.pinned().len(), 1);

    anna.presses("Verschieben");
    anna.sees("the queues", |it| it.buttons.contains(&"second-level".to_owned())).await;
    anna.presses("second-level");
    topic.becomes_closed(true).await;
    let there = second.topic("#1001").await;
    let ben = ben.in_topic(&there);
    ben.sees("the card", |it| it.buttons.contains(&"Übernehmen".to_owned())).await;
    ben.presses("Übernehmen");
    erika.reads("Ben vom Helpdesk hat Ticket #1001 übernommen").await;
    ben.presses("Schließen");
    there.becomes_closed(true).await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    let ticket = desk.ticket(1001).await;
    assert_eq!((ticket.status().as_str(), ticket.assignee()), ("closed", Some("Ben")), "{ticket}");
    assert_eq!(erika.count("Ich bin ein Kanal"), 0);
}
