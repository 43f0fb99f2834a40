//! The desk is away for longer than Telegram keeps messages, and says so to everybody who works a ticket there.

use std::time::Duration;

use firstline_tests::{
    both_databases,
    desk::{Desk, run},
    telegram::{Fault, TOKEN, Telegram, Trouble},
};

use crate::{
    telegram_intake::serve_by_webhook_with,
    telegram_staff::{agent, handed_over, serve},
};

both_databases!(an_absence_of_more_than_a_day_is_declared, that_we_run_says_nothing_about_whether_telegram_reaches_us);

async fn an_absence_of_more_than_a_day_is_declared(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let mut server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let mut anna = anna.in_topic(&topic);
    telegram.is_done_with_everything().await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));

    // A few hours are no gap.
    desk.has_heard_nothing_of("telegram", Duration::from_hours(23)).await;
    let mut server = serve(desk, &telegram).await;
    erika.says("Das ist angekommen.");
    anna.reads("Das ist angekommen.").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(anna.count("kann verloren sein"), 0);

    erika.says("Das liest niemand.");
    telegram.passes(Duration::from_hours(30));
    assert_eq!(telegram.waiting(), 0);
    desk.has_heard_nothing_of("telegram", Duration::from_hours(30)).await;
    let mut server = serve(desk, &telegram).await;
    server.logs("what was written meanwhile may be lost").await;
    anna.reads("kann verloren sein").await;
    erika.says("Hallo?");
    anna.reads("Hallo?").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    // It is told once.
    let mut server = serve(desk, &telegram).await;
    erika.says("Noch einmal hallo?");
    anna.reads("Noch einmal hallo?").await;
    desk.settles().await;
    assert_eq!((anna.count("kann verloren sein"), desk.ticket(1001).await.happened("missed").count()), (1, 1));
    let mut doctor = desk.command(&["doctor"]);
    doctor.env("FIRSTLINE_TELEGRAM__TOKEN", TOKEN).env("FIRSTLINE_TELEGRAM__API_URL", telegram.url());
    let report = run(doctor, &["doctor"]).await;
    assert!(report.stdout.contains("may be lost"), "{}", report.stdout);
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn that_we_run_says_nothing_about_whether_telegram_reaches_us(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let staff = [("FIRSTLINE_TELEGRAM__ROOMS", "helpdesk=-1001"), ("FIRSTLINE_DESK__LANGUAGE", "de")];
    let mut server = serve_by_webhook_with(desk, &telegram, &staff).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let mut anna = anna.in_topic(&topic);
    telegram.is_done_with_everything().await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));

    // It runs again, and Telegram cannot be told where to call. Then it calls.
    desk.has_heard_nothing_of("telegram", Duration::from_hours(30)).await;
    telegram.has(Trouble::new(Fault::Broken(502)).on("setwebhook").times(3));
    let before = telegram.requests("setwebhook").len();
    let mut server = serve_by_webhook_with(desk, &telegram, &staff).await;
    telegram.is_asked("setwebhook", before + 3).await;
    assert_eq!(desk.ticket(1001).await.count("missed"), 0, "nobody knows yet what is missing");
    erika.says("Das kommt danach.");
    telegram.is_asked("setwebhook", before + 4).await;
    anna.reads("kann verloren sein").await;
    anna.reads("Das kommt danach.").await;
    desk.settles().await;
    assert_eq!(desk.ticket(1001).await.count("missed"), 1);
    assert_eq!(server.is_terminated().await, Some(0));
}
