//! What Telegram allows is kept to, so that it never has to say so; and where it does, only the chat that is meant waits.
//!
//! ```text
//! erika writes 60 lines in no time     the staff group takes 20 in a while: all lines are there, in order, some of them together
//! bernd asks meanwhile                 and is answered at once
//! ```

use std::time::Duration;

use firstline_tests::{
    both_databases,
    desk::Desk,
    telegram::{Fault, Telegram, Trouble},
};

use crate::telegram_staff::{agent, handed_over, serve, serve_with};

both_databases!(
    a_group_gets_no_more_than_it_may_and_misses_nothing,
    a_chat_that_has_to_wait_waits_alone,
    a_wait_that_cannot_be_stored_is_waited_all_the_same,
    what_went_out_together_is_changed_and_answered,
);

/// A minute of Telegram's, in these stories.
const MINUTE: Duration = Duration::from_secs(30);

async fn a_group_gets_no_more_than_it_may_and_misses_nothing(desk: &Desk) {
    const LINES: usize = 60;
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    telegram.limits_groups(20, MINUTE);
    let mut erika = telegram.person(1234, "Erika", "de");
    let mut bernd = telegram.person(5678, "Bernd", "de");
    let anna = telegram.person(77, "Anna", "de");
    let pace = [("FIRSTLINE_TELEGRAM__PER_GROUP", "20"), ("FIRSTLINE_TELEGRAM__PER_GROUP_WITHIN", "30s")];
    let mut server = serve_with(desk, &telegram, &pace).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let mut anna = anna.in_topic(&topic);
    let line = |number: usize| format!("Zeile {number}.");
    for number in 1..=LINES / 2 {
        erika.says(&line(number));
    }
    // What was counted is not forgotten with the process.
    anna.reads(&line(5)).await;
    server.kill9().await;
    let mut server = serve_with(desk, &telegram, &pace).await;
    for number in LINES / 2 + 1..=LINES {
        erika.says(&line(number));
    }
    // Lists count, too, although they go past everything else that waits.
    for _ in 0..3 {
        anna.says("/queue");
    }
    bernd.says("ich komme von zu hause nicht ins vpn");
    bernd.reads("Schritt 1 von 6").await;
    let waiting = anna.count(&line(LINES)) == 0;
    anna.sees("the last line", |it| it.by_bot && it.text.contains(&line(LINES))).await;
    anna.sees("the lists", |it| it.by_bot && it.text.starts_with("Es warten:")).await;
    desk.settles().await;
    assert!(waiting, "the group's limit was not reached, and so nothing was shown");
    assert_eq!(telegram.told_to_wait(), 0, "Telegram never has to say so");

    // One of them may have been on its way when the server was killed.
    let ambiguous = anna.count("Vielleicht fehlt hier im Thema eine Nachricht");
    let text: Vec<String> = anna.chat().into_iter().filter(|it| it.by_bot).map(|it| it.text).collect();
    let shown: Vec<usize> = text
        .iter()
        .flat_map(|text| text.split("Zeile ").skip(1))
        .filter_map(|rest| rest.split('.').next()?.parse().ok())
        .collect();
    let missing = (1..=LINES).filter(|number| !shown.contains(number)).count();
    let in_order = shown.windows(2).all(|pair| pair[0] < pair[1]);
    assert!(in_order && missing <= ambiguous, "{shown:?}");
    let together = text.iter().filter(|text| text.matches("Zeile ").count() > 1).count();
    assert!(together > 0, "several lines go as one message: {text:#?}");
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn a_chat_that_has_to_wait_waits_alone(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let mut bernd = telegram.person(5678, "Bernd", "de");
    let anna = telegram.person(77, "Anna", "de");
    let _server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let anna = anna.in_topic(&topic);
    anna.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    desk.settles().await;

    telegram.has(Trouble::new(Fault::TooMany(Some(300))).on("sendmessage").in_chat(1234));
    anna.says("Bist du da?");
    telegram.had_all_troubles().await;
    let asked = telegram.requests("sendmessage").len();
    bernd.says("ich komme von zu hause nicht ins vpn");
    bernd.reads("Schritt 1 von 6").await;
    erika.says("Hallo?");
    anna.sees("her words", |it| it.by_bot && it.text.contains("Hallo?")).await;
    // A page of HTML that some proxy wrote asks for no time: the same message goes out a moment later, once.
    telegram.has(Trouble::new(Fault::TooMany(None)).on("sendmessage").in_chat(5678));
    bernd.presses("Nein, geht nicht");
    bernd.reads("Schritt 2 von 6").await;
    assert_eq!((bernd.count("Schritt 2 von 6"), erika.count("Bist du da?")), (1, 0));
    let to_erika = telegram.requests("sendmessage").into_iter().skip(asked);
    assert_eq!(to_erika.filter(|it| it.parameters["chat_id"] == 1234).count(), 0, "she is not written to meanwhile");
}

/// On PostgreSQL the store fails between the attempt and its end: that nothing was sent is known all the same.
async fn a_wait_that_cannot_be_stored_is_waited_all_the_same(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut erika = telegram.person(1234, "Erika", "de");
    let _server = serve(desk, &telegram).await;
    erika.says("ich komme von zu hause nicht ins vpn");
    erika.reads("Schritt 1 von 6").await;
    desk.settles().await;
    desk.break_at_commit_of("paces", "NEW.scope = 'telegram/1234' AND NEW.due_at = NEW.set_at + 2000", u32::MAX).await;
    telegram.has(Trouble::new(Fault::TooMany(Some(2))).on("sendmessage").in_chat(1234));
    erika.presses("Nein, geht nicht");
    let step = erika.reads("Schritt 2 von 6").await;
    assert!(step.text.starts_with("Schritt 2 von 6"), "nothing says that it was perhaps said before: {}", step.text);
    assert_eq!(erika.count("Schritt 2 von 6"), 1);
}

async fn what_went_out_together_is_changed_and_answered(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let pace = [("FIRSTLINE_TELEGRAM__PER_GROUP", "3"), ("FIRSTLINE_TELEGRAM__PER_GROUP_WITHIN", "30s")];
    let _server = serve_with(desk, &telegram, &pace).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let mut anna = anna.in_topic(&topic);
    anna.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    for line in ["*eins*", "1. zwei", "- drei <b>"] {
        erika.says(line);
    }
    let last = erika.last_own().id;
    let together = anna.reads("- drei <b>").await;
    assert!(together.text.contains("1. zwei\n"), "{together}");
    desk.settles().await;
    anna.replies(together.id, "Das dritte.");
    let reply = erika.reads("Das dritte.").await;
    assert_eq!(reply.reply_to, Some(last), "the last of them is answered");
    erika.rewrites(last, "vier");
    let changed = anna.reads("hat eine dieser Nachrichten geändert: vier").await;
    assert_eq!(changed.reply_to, Some(together.id));
    anna.sees("the others", |it| it.id == together.id && it.text.contains("*eins*")).await;
}
