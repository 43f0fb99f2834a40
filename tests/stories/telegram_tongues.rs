//! Two groups, two languages: what the desk says in a group is in the group's own, whatever the requester's and the agent's is.

use firstline_tests::{both_databases, desk::Desk, telegram::Telegram};

use crate::telegram_staff::{agent, handed_over, serve_with};

both_databases!(each_group_is_spoken_to_in_its_language);

async fn each_group_is_spoken_to_in_its_language(desk: &Desk) {
    let telegram = Telegram::start().await;
    let (group, second) = (telegram.forum(-1001, "Helpdesk"), telegram.forum(-1002, "Zweite Ebene"));
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let rooms = [("FIRSTLINE_TELEGRAM__ROOMS", "helpdesk=-1001:en,second-level=-1002")];
    let _server = serve_with(desk, &telegram, &rooms).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let mut there = anna.in_topic(&topic);
    let card = there.reads("#1001").await;
    assert!(card.text.contains("Requester: Erika (telegram)") && card.text.contains("First answer: due 2"), "{card}");
    assert_eq!(card.buttons[0], "Claim");
    // What is said to Anna is read by the whole group.
    there.says("Hello?");
    there.reads("Claim this ticket first.").await;
    there.presses("Claim");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    there.says("/transfer second-level");

    let topic = second.topic("#1001").await;
    let mut there = telegram.person(78, "Ben", "en").in_topic(&topic);
    let card = there.reads("#1001").await;
    assert!(card.text.contains("Anfrage von: Erika (telegram)"), "{card}");
    assert_eq!(card.buttons[0], "Übernehmen");
    there.says("Hello?");
    there.reads("Ben: Only agents and admins may do this.").await;
}
