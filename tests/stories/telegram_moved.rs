//! A staff group becomes a supergroup, which has another id, in the middle of a ticket. The settings go on naming the old one.

use firstline_tests::{
    both_databases,
    desk::{Desk, run},
    telegram::{Fault, TOKEN, Telegram, Trouble},
};

use crate::{
    telegram::asks_for_help,
    telegram_staff::{agent, serve},
};

both_databases!(a_ticket_goes_along_when_its_group_moves);

async fn a_ticket_goes_along_when_its_group_moves(desk: &Desk) {
    let telegram = Telegram::start().await;
    let small = telegram.group(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let mut server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    asks_for_help(&mut erika).await;
    let mut before = anna.in_group(&small);
    before.sees("the card", |it| it.text.contains("#1001") && !it.buttons.is_empty()).await;
    let mut bert = desk.agent("bert");
    bert.claims(1001).await;
    erika.reads("bert vom Helpdesk hat Ticket #1001 übernommen").await;
    before.reads("bert").await;
    desk.settles().await;

    // The bot meets the move before it is told of it: the message that meets it goes to the new group, once.
    telegram.has(Trouble::new(Fault::Hold).on("getupdates"));
    let kept = erika.says("Wann denn?");
    before.reads("Wann denn?").await;
    telegram.is_done_with(kept).await;
    let large = small.grows(-1_005, false);
    let mut after = anna.in_group(&large);
    bert.notes("Anna kennt das besser").await;
    after.reads("Anna kennt das besser").await;
    after.sees("the card", |it| it.text.contains("#1001") && it.text.contains("offen, bert")).await;
    telegram.lets_go();
    bert.types("/release").await;
    bert.leaves().await;
    after.sees("the free card", |it| it.buttons.contains(&"Übernehmen".to_owned())).await;
    after.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    let card = after.sees("the claimed card", |it| it.text.contains("offen, Anna")).await;
    after.replies(card.id, "Jetzt gleich.");
    erika.reads("Jetzt gleich.").await;
    desk.settles().await;
    assert_eq!((after.count("Anna kennt das besser"), after.count("Wann denn?")), (1, 0));

    // After a restart it is still known.
    assert_eq!(server.is_terminated().await, Some(0));
    let mut server = serve(desk, &telegram).await;
    erika.says("Prima!");
    after.reads("Prima!").await;
    after.presses("Lösen");
    erika.reads("Anna hat Ticket #1001 gelöst.").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    let mut doctor = desk.command(&["doctor"]);
    doctor
        .env("FIRSTLINE_TELEGRAM__TOKEN", TOKEN)
        .env("FIRSTLINE_TELEGRAM__API_URL", telegram.url())
        .env("FIRSTLINE_TELEGRAM__ROOMS", "helpdesk=-1001");
    let report = run(doctor, &["doctor"]).await;
    assert!(report.stdout.contains("write -1005 in place of -1001"), "{}", report.stdout);
    let ticket = desk.ticket(1001).await;
    assert!(ticket.sent().iter().all(|said| said.delivery.as_deref() == Some("sent")), "{ticket}");
}
