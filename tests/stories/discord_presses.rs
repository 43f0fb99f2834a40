//! What people press and which commands they use counts once and is answered, whatever happens between Discord and us.

use firstline_tests::{
    both_databases,
    desk::Desk,
    discord::{Discord, Fault, Scope, Trouble},
};

use crate::discord_office::Office;

both_databases!(
    a_press_is_acknowledged_whatever_else_has_to_wait,
    killed_between_the_acknowledgement_and_the_answer_nothing_is_lost_or_doubled,
);

const CALLBACK: &str = "POST /interactions/{}/{}/callback";

/// Everything else has to wait for five minutes, the first try gets nowhere, the answer to another is lost: who presses is told in
/// time that it has arrived, and it counts once.
async fn a_press_is_acknowledged_whatever_else_has_to_wait(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let (mut server, anna, erika, _) = office.has_a_ticket(desk, &discord).await;
    desk.settles().await;
    let anna = anna.in_room(&office.room);
    discord.has(Trouble::new(Fault::DropBefore).on(CALLBACK));
    let pressed = anna.presses("Priorität");
    anna.answer_to(pressed).await;
    anna.sees("the priorities", |it| it.buttons.contains(&"kritisch".to_owned())).await;
    discord.has(Trouble::new(Fault::DropAfter).on(CALLBACK));
    let pressed = anna.presses("kritisch");
    anna.answer_to(pressed).await;
    anna.sees("the new priority", |it| it.text.contains("Priorität: kritisch")).await;

    discord.has(Trouble::new(Fault::TooMany(Scope::Global, 300.0)).on("POST /channels/{}/messages"));
    erika.says("Seid ihr da?");
    discord.had_all_troubles().await;
    let pressed = anna.presses("Übernehmen");
    anna.answer_to(pressed).await;
    desk.until("it is hers", async || (desk.ticket(1001).await.count("claimed") == 1).then_some(())).await;
    assert_eq!(discord.unanswered(), 0);
    assert_eq!(server.is_terminated().await, Some(0));
}

/// Discord has been told that it has arrived, and the program is killed: a press, a command of staff's and one in direct messages.
async fn killed_between_the_acknowledgement_and_the_answer_nothing_is_lost_or_doubled(desk: &Desk) {
    let discord = Discord::start().await;
    discord.is_patient();
    let office = Office::open(&discord);
    let (mut server, anna, erika, thread) = office.has_a_ticket(desk, &discord).await;
    desk.settles().await;
    let (in_room, anna) = (anna.in_room(&office.room), anna.in_thread(&thread));
    let does: [&dyn Fn() -> u64; 3] =
        [&|| in_room.presses("Übernehmen"), &|| anna.commands("priority", &[("level", "critical")]), &|| {
            erika.commands("privacy", &[])
        }];
    for deed in does {
        let asked = discord.requests(CALLBACK).len();
        discord.has(Trouble::new(Fault::Hold).on(CALLBACK));
        deed();
        discord.is_asked(CALLBACK, asked + 1).await;
        server.kill9().await;
        server = office.serve(desk, &discord).await;
    }
    let done = "Die Priorität ist geändert.";
    anna.sees("that it is done", |it| it.secret && it.text.contains(done)).await;
    let word = |it: &firstline_tests::discord::Shown| it.secret && it.text.contains("Die Antwort kommt gleich");
    erika.sees("that it has arrived", word).await;
    let answer = "Was du hier schreibst";
    erika.sees("the answer", |it| it.by_bot && it.text.contains(answer)).await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    let ticket = desk.ticket(1001).await;
    assert_eq!((ticket.count("claimed"), ticket.field("priority")), (1, "critical".to_owned()), "{ticket}");
    assert_eq!((erika.count("hat Ticket #1001 übernommen"), erika.count(answer), anna.count(done)), (1, 1, 1));
    assert_eq!(discord.unanswered(), 0);
}
