//! Whether people can be reached: somebody blocks the bot and lets it in again, deletes their account; a group throws the bot out.

use firstline_tests::{
    both_databases,
    desk::Desk,
    telegram::{Right, Telegram},
};

use crate::{
    telegram_intake::have_tickets,
    telegram_staff::{agent, handed_over, serve},
};

both_databases!(who_blocks_the_bot_is_told_of_at_once, a_desk_without_its_group_works_from_the_console);

async fn who_blocks_the_bot_is_told_of_at_once(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let mut server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let mut anna = anna.in_topic(&topic);
    anna.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;

    erika.blocks();
    anna.reads("Erika hat den Bot blockiert").await;
    anna.says("Noch da?");
    let told = anna.reads("Das ist nicht bei der anfragenden Person angekommen").await;
    assert!(told.text.contains("Sie hat den Bot blockiert"), "{told}");
    erika.unblocks();
    anna.reads("Erika ist wieder erreichbar").await;
    anna.presses("Noch einmal senden");
    erika.reads("Noch da?").await;
    // Nobody tells of an account that is deleted, until somebody writes to it.
    erika.is_gone();
    anna.says("Und jetzt?");
    let told = anna.reads("Das ist nicht bei der anfragenden Person angekommen").await;
    assert!(told.text.contains("Das Konto gibt es nicht mehr"), "{told}");
    desk.settles().await;
    let tried = telegram.requests("sendmessage").into_iter().filter(|it| it.parameters["text"] == "Anna: Und jetzt?");
    assert!(tried.count() <= 1, "nothing is tried for ever");
    let ticket = desk.ticket(1001).await;
    assert_eq!((ticket.happened("blocked").count(), ticket.happened("unblocked").count()), (1, 1), "{ticket}");
    // Somebody whom the desk has never met blocks it: that concerns nobody.
    let stranger = telegram.person(4321, "Otto", "de");
    stranger.blocks();
    telegram.is_done_with_everything().await;
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn a_desk_without_its_group_works_from_the_console(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut people = [telegram.person(1234, "Erika", "de")];
    let mut server = serve(desk, &telegram).await;
    assert_eq!(have_tickets(&mut people).await, [1001]);
    group.topic("#1001").await;
    group.takes_the_bots_rights();
    server.logs("the bot lacks rights in a staff room").await;
    group.throws_the_bot_out();
    server.logs("the bot was removed from a staff room").await;
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    let [erika] = &mut people;
    erika.reads("anna vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.says("Ich helfe dir von hier.").await;
    erika.reads("Ich helfe dir von hier.").await;
    anna.leaves().await;
    group.lets_the_bot(&Right::ALL);
    server.logs("the bot may do in a staff room").await;
    assert_eq!(server.is_terminated().await, Some(0));
}
