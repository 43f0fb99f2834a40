//! What goes wrong between the desk, Telegram and the database while messages go out, and what people notice of it: little, and
//! never nothing. docs/faults.md lists all of it.

use std::time::{Duration, Instant};

use firstline_tests::{
    both_databases,
    desk::Desk,
    server::Server,
    telegram::{Fault, Person, Telegram, Topic, Trouble},
};

use crate::telegram_staff::{agent, handed_over, serve};

both_databases!(
    what_was_on_its_way_at_a_kill_is_known_at_once,
    a_server_that_was_stopped_is_fenced,
    a_wrong_token_holds_everything_up_and_loses_nothing,
    what_the_bot_perhaps_did_not_say_is_said_once_more,
    refusals_are_told_where_they_belong,
    what_the_bot_cannot_say_ends_at_a_human,
    what_a_broken_telegram_was_told_is_uncertain,
    a_topic_of_which_nobody_knows_whether_it_was_made_is_made_again,
    a_database_that_comes_and_goes_doubles_nothing,
);

/// Erika's ticket, claimed by Anna in its topic.
async fn claimed<'t>(desk: &Desk, telegram: &'t Telegram, erika: &mut Person<'t>) -> (Server, Person<'t>, Topic<'t>) {
    let group = telegram.forum(-1001, "Helpdesk");
    let anna = telegram.person(77, "Anna", "de");
    let server = serve(desk, telegram).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(erika, &group, &anna).await;
    let anna = anna.in_topic(&topic);
    anna.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    desk.settles().await;
    (server, anna, topic)
}

async fn delivery_of(desk: &Desk, text: &str) -> Option<String> {
    desk.ticket(1001).await.sent().into_iter().find(|said| said.text == text).and_then(|said| said.delivery)
}

async fn what_was_on_its_way_at_a_kill_is_known_at_once(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut erika = telegram.person(1234, "Erika", "de");
    let (mut server, mut anna, _topic) = claimed(desk, &telegram, &mut erika).await;
    telegram.has(Trouble::new(Fault::Hold).on("sendmessage").about("Bist du da?"));
    anna.says("Bist du da?");
    erika.reads("Bist du da?").await;
    server.kill9().await;
    let _server = serve(desk, &telegram).await;
    let open = Instant::now();
    anna.reads("Vielleicht ist das nicht bei der anfragenden Person angekommen: Firstline wurde beendet").await;
    // An attempt alone is believed for more than a minute; that its process has ended is known at once.
    assert!(open.elapsed() < Duration::from_secs(30), "after {:?}", open.elapsed());
    assert_eq!(erika.count("Bist du da?"), 1, "nothing is repeated by itself");
    assert_eq!(delivery_of(desk, "Bist du da?").await.as_deref(), Some("ambiguous"));
}

async fn a_server_that_was_stopped_is_fenced(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut erika = telegram.person(1234, "Erika", "de");
    let (mut stopped, mut anna, _topic) = claimed(desk, &telegram, &mut erika).await;
    telegram.has(Trouble::new(Fault::Hold).on("sendmessage").about("Bist du da?"));
    anna.says("Bist du da?");
    erika.reads("Bist du da?").await;
    desk.settles_but_for(1).await;
    desk.stops(&stopped).await;
    let mut other = serve(desk, &telegram).await;
    anna.reads("Vielleicht ist das nicht bei der anfragenden Person angekommen").await;
    other.logs("other instances have ended without saying so").await;
    // It wakes. What it may have heard too late changes nothing; it begins anew before it sends anything.
    telegram.lets_go();
    stopped.goes_on();
    stopped.logs("it begins anew").await;
    anna.says("Noch da?");
    erika.reads("Noch da?").await;
    desk.settles().await;
    assert_eq!((erika.count("Bist du da?"), erika.count("Noch da?")), (1, 1));
    let state = delivery_of(desk, "Bist du da?").await;
    assert!(matches!(state.as_deref(), Some("ambiguous" | "sent")), "{state:?}");
    assert_eq!(other.is_terminated().await, Some(0));
    assert_eq!(stopped.is_terminated().await, Some(0));
}

async fn a_wrong_token_holds_everything_up_and_loses_nothing(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut erika = telegram.person(1234, "Erika", "de");
    let (_server, anna, _topic) = claimed(desk, &telegram, &mut erika).await;
    telegram.has(Trouble::new(Fault::Refused(401, "Unauthorized")).on("sendmessage").times(3));
    anna.says("eins");
    anna.says("zwei");
    telegram.had_all_troubles().await;
    erika.reads("zwei").await;
    desk.settles().await;
    let chat: Vec<String> = erika.chat().into_iter().filter(|it| it.by_bot).map(|it| it.text).collect();
    let place = |word: &str| chat.iter().position(|text| text.ends_with(word));
    assert!(place("eins") < place("zwei") && place("eins").is_some(), "{chat:?}");
    assert_eq!((erika.count("eins"), erika.count("zwei")), (1, 1));
}

/// Nobody but the one who waits for it would notice; once there is a ticket, staff are told as well.
async fn what_the_bot_perhaps_did_not_say_is_said_once_more(desk: &Desk) {
    const ONCE_MORE: &str = "(Noch einmal, falls es nicht angekommen ist:)";
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let _server = serve(desk, &telegram).await;
    let broken = || Trouble::new(Fault::Broken(502)).on("sendmessage").in_chat(1234);
    telegram.has(broken());
    erika.says("ich komme von zu hause nicht ins vpn");
    let again = erika.reads(ONCE_MORE).await;
    assert!(
        again.text.contains("Schritt 1 von 6") && again.buttons.contains(&"Nein, geht nicht".to_owned()),
        "{again}"
    );
    erika.says("mensch");
    erika.reads("Ich hole dir einen Menschen.").await;
    telegram.has(broken().about("Ich habe Ticket").times(2));
    erika.says("mensch");
    let topic = group.topic("#1001").await;
    let notice = anna.in_topic(&topic).reads("Vielleicht ist das nicht bei der anfragenden Person angekommen").await;
    assert!(notice.text.contains("Ich habe Ticket #1001"), "{notice}");
    anna.in_topic(&topic).sees("the card", |it| it.text.contains("#1001")).await;
    assert_eq!(erika.count(ONCE_MORE), 1, "what came at once is said once");
}

async fn refusals_are_told_where_they_belong(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut erika = telegram.person(1234, "Erika", "de");
    let (_server, mut anna, _topic) = claimed(desk, &telegram, &mut erika).await;
    let refusals = [
        (400, "Bad Request: chat not found", "Den Chat gibt es nicht mehr"),
        (403, "Forbidden: user is deactivated", "Das Konto gibt es nicht mehr."),
        (413, "Request Entity Too Large", "Es ist größer, als die Plattform erlaubt."),
        (400, "Bad Request: not enough rights to send text messages to the chat", "Dem Bot fehlt dort ein Recht."),
        (400, "Bad Request: SOMETHING_NEW", "Bad Request: SOMETHING_NEW"),
    ];
    for (status, said, told) in refusals {
        telegram.has(Trouble::new(Fault::Refused(status, said)).on("sendmessage").in_chat(1234));
        anna.says(&format!("Versuch {status}"));
        let notice = anna.reads("Das ist nicht bei der anfragenden Person angekommen").await;
        assert!(notice.text.contains(told), "{notice}");
        assert_eq!(notice.buttons, ["Noch einmal senden"]);
    }
    // None of that holds up what comes next.
    anna.says("Und jetzt?");
    erika.reads("Und jetzt?").await;
    assert_eq!(erika.count("Versuch"), 0);
}

async fn a_topic_of_which_nobody_knows_whether_it_was_made_is_made_again(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let _server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    telegram.has(Trouble::new(Fault::DropAfter).on("createforumtopic"));
    crate::telegram::asks_for_help(&mut erika).await;
    telegram.is_asked("createforumtopic", 2).await;
    let topic = group.topic("#1001").await;
    let anna = anna.in_topic(&topic);
    anna.sees("the card", |it| it.text.contains("#1001") && !it.buttons.is_empty()).await;
    anna.sees("her words", |it| it.text.contains("ich komme von zu hause nicht ins vpn")).await;
    desk.settles().await;
    assert_eq!(group.topics().len(), 2, "the first stays empty");
    let cards = telegram.requests("sendmessage").into_iter().filter(|it| it.parameters["chat_id"] == -1001);
    assert!(cards.into_iter().all(|it| it.parameters["message_thread_id"] == topic.thread()), "all is in one of them");
}

async fn a_database_that_comes_and_goes_doubles_nothing(desk: &Desk) {
    const LINES: usize = 12;
    let telegram = Telegram::start().await;
    let mut erika = telegram.person(1234, "Erika", "de");
    let (_server, mut anna, _topic) = claimed(desk, &telegram, &mut erika).await;
    for number in 1..=LINES {
        anna.says(&format!("Antwort {number}."));
        erika.says(&format!("Zeile {number}."));
        // On SQLite there is no connection to be lost.
        desk.break_connections().await;
    }
    anna.reads(&format!("Zeile {LINES}.")).await;
    erika.reads(&format!("Antwort {LINES}.")).await;
    desk.settles().await;
    let ticket = desk.ticket(1001).await;
    for number in 1..=LINES {
        let (answer, line) = (format!("Antwort {number}."), format!("Zeile {number}."));
        assert_eq!(ticket.said().iter().filter(|said| said.text == answer || said.text == line).count(), 2, "{ticket}");
        let sent = ticket.sent().into_iter().find(|said| said.text == answer).and_then(|said| said.delivery);
        let times = erika.count(&answer);
        assert!(times == 1 || (times == 0 && sent.as_deref() == Some("ambiguous")), "{answer} {times} times, {sent:?}");
    }
}

/// Only they would notice that nothing comes; and who has blocked the bot waits for nothing.
async fn what_the_bot_cannot_say_ends_at_a_human(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let (ben, anna) = (telegram.person(1235, "Ben", "de"), telegram.person(77, "Anna", "de"));
    let _server = serve(desk, &telegram).await;
    let refused = |status, why, chat| Trouble::new(Fault::Refused(status, why)).on("sendmessage").in_chat(chat);
    telegram.has(refused(403, "Forbidden: bot was blocked by the user", 1235));
    ben.says("ich komme von zu hause nicht ins vpn");
    telegram.had_all_troubles().await;
    telegram.has(refused(400, "Bad Request: TEXT_TOO_STRANGE", 1234));
    erika.says("ich komme von zu hause nicht ins vpn");
    erika.reads("deshalb habe ich einen Menschen gebeten").await;
    erika.reads("Ich habe Ticket #1001 eröffnet").await;
    let topic = group.topic("#1001").await;
    anna.in_topic(&topic).reads("TEXT_TOO_STRANGE").await;
    desk.settles().await;
    assert_eq!(desk.count_tickets().await, 1);
}

async fn what_a_broken_telegram_was_told_is_uncertain(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut erika = telegram.person(1234, "Erika", "de");
    let (_server, mut anna, _topic) = claimed(desk, &telegram, &mut erika).await;
    telegram.has(Trouble::new(Fault::Broken(502)).on("getupdates"));
    telegram.has(Trouble::new(Fault::Broken(500)).on("sendmessage").in_chat(1234));
    anna.says("Bist du da?");
    let notice = anna.reads("Vielleicht ist das nicht bei der anfragenden Person angekommen").await;
    assert_eq!(notice.buttons, ["Noch einmal senden"]);
    anna.presses("Noch einmal senden");
    let said = erika.reads("Bist du da?").await;
    // A change shows no more when it is made twice, so it is made again by itself.
    telegram.has(Trouble::new(Fault::Broken(503)).on("editmessagetext").in_chat(1234));
    let own = anna.sees("her words", |it| !it.by_bot && it.text == "Bist du da?").await.id;
    anna.rewrites(own, "Bist du noch da?");
    erika.sees("the change", |it| it.id == said.id && it.text.contains("Bist du noch da?")).await;
    telegram.had_all_troubles().await;
    desk.settles().await;
    assert_eq!((erika.count("da?"), anna.count("Vielleicht")), (1, 1));

    // What is taken back while it is being sent is taken back.
    telegram.has(Trouble::new(Fault::Hold).on("sendmessage").about("Mein Kennwort"));
    anna.says("Mein Kennwort ist 1234");
    erika.reads("Mein Kennwort ist 1234").await;
    let taken_back = anna.rewrites(anna.last_own().id, "// lieber nicht");
    telegram.is_done_with(taken_back).await;
    telegram.lets_go();
    desk.until("it is gone", async || (erika.count("Mein Kennwort") == 0).then_some(())).await;
}
