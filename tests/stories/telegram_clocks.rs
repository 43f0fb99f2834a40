//! What is promised, as staff see it: on the card in the topic, in the console's lists, on the command line.

use firstline_tests::{both_databases, desk::Desk, telegram::Telegram};

use crate::telegram_staff::{agent, handed_over, serve, serve_with};

both_databases!(
    a_card_shows_its_clocks_and_is_changed_when_one_runs_out,
    clocks_run_in_the_hours_of_the_desk_and_tell_its_time,
);

async fn a_card_shows_its_clocks_and_is_changed_when_one_runs_out(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let promised = [("FIRSTLINE_SLA__FIRST_RESPONSE", "3s,3s,3s,3s"), ("FIRSTLINE_SLA__RESOLUTION", "1d,1d,1d,1d")];
    let _server = serve_with(desk, &telegram, &promised).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let anna = anna.in_topic(&topic);
    let card = anna.sees("the card", |it| it.text.contains("Lösung: bis 2")).await;
    anna.sees("the clock that has run out", |it| {
        it.id == card.id && it.text.contains("Erste Antwort überfällig seit 2")
    })
    .await;
    anna.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.says("Moment.");
    erika.reads("Moment.").await;
    anna.sees("how it ended", |it| it.id == card.id && it.text.contains("(zu spät, fällig war sie 2")).await;
    anna.sees("the stopped clock", |it| it.id == card.id && it.text.contains("Lösung: Die Uhr steht")).await;
    desk.settles().await;
    let cards = anna.chat().into_iter().filter(|it| it.by_bot && it.text.starts_with("#1001")).count();
    assert_eq!((cards, topic.pinned().len()), (1, 1), "changed, and not posted again");
}

async fn clocks_run_in_the_hours_of_the_desk_and_tell_its_time(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    // Somebody is there for a minute a day, at noon in India, where the clocks are never changed.
    let settings = r#"
        [sla]
        hours = ["mon-sun 12:00-12:01"]
        time_zone = "Asia/Kolkata"
        first_response = ["9m", "9m", "9m", "9m"]
        resolution = "off"
    "#;
    std::fs::write(desk.path("firstline.toml"), settings).expect("the desk's folder can be written to");
    let _server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let card = anna.in_topic(&topic).sees("the card", |it| it.text.contains("Erste Antwort: bis 2")).await;
    let due = card.text.lines().find(|line| line.starts_with("Erste Antwort: bis 2")).expect("the clock");
    // At noon exactly when the story is told at noon, in which case that minute counts as well.
    assert!(due.ends_with(" 12:01 IST") || due.ends_with(" 12:00 IST"), "{card}");
    assert!(card.text.contains(" IST\n"), "{card}");

    // In the group, outside of every topic; only staff are shown it.
    let mut general = anna.in_group(&group);
    general.says("/queue");
    let left = general.reads("Es warten:").await;
    assert!(left.text.contains("#1001") && left.text.contains("– erste Antwort: noch "), "{left}");
    let mut otto = telegram.person(78, "Otto", "de").in_group(&group);
    otto.says("/mine");
    otto.reads("Das dürfen nur Agenten und Admins.").await;

    let mut ben = desk.agent("ben");
    ben.types("/queue").await;
    let left = ben.reads("first answer: ").await;
    assert!(left.contains("first answer: 9 min left") || left.contains("first answer: 8 min left"), "{left}");
    ben.leaves().await;
    let shown = desk.run(&["ticket", "show", "1001"]).await.succeeds().stdout;
    assert!(shown.contains("promised   First answer: due 2") && shown.contains(" IST"), "{shown}");
}
