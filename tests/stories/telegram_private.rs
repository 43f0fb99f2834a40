//! The private chat as people use it: topics where the server offers them, albums however they arrive, and the sign that somebody
//! is typing.

use firstline_tests::{
    both_databases,
    desk::Desk,
    telegram::{Fault, Telegram, Trouble, people::Sent},
};

use crate::{telegram::serve, telegram_intake::serve_by_webhook};

both_databases!(
    each_topic_of_a_private_chat_is_answered_in_it,
    an_album_is_one_message_however_it_arrives,
    an_album_calls_one_by_one_and_a_kill_loses_nothing_of_it,
    somebody_types_while_an_answer_is_awaited,
    what_the_menu_has_is_answered_and_old_buttons_say_so,
);

async fn each_topic_of_a_private_chat_is_answered_in_it(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut erika = telegram.person(1234, "Erika", "de");
    erika.says("hallo");
    let (mut vpn, mut printer) = (erika.begins("VPN"), erika.begins("Drucker"));
    let mut server = serve(desk, &telegram).await;
    vpn.says("ich komme von zu hause nicht ins vpn");
    printer.says("mensch");
    vpn.reads("Schritt 1 von 6").await;
    vpn.presses("Nein, geht nicht");
    vpn.reads("Schritt 2 von 6").await;
    printer.reads("Ich hole dir einen Menschen.").await;
    printer.says("mensch");
    printer.reads("Ich habe Ticket #1001 eröffnet").await;
    erika.reads("Hallo, ich bin").await;
    assert_eq!((erika.count("Schritt"), printer.count("Schritt"), vpn.count("Mensch")), (0, 0, 0));
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    printer.reads("anna vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.says("Welcher Drucker?").await;
    printer.reads("Welcher Drucker?").await;
    // A topic that somebody has deleted does not keep an answer from them.
    printer.deletes_topic();
    anna.says("Schick mir bitte ein Foto.").await;
    erika.reads("Schick mir bitte ein Foto.").await;
    // Whoever blocks the bot does so for all of it.
    erika.blocks();
    anna.reads("has blocked the bot").await;
    anna.leaves().await;
    assert_eq!(server.is_terminated().await, Some(0));
    // That getMe tells of it is newer than the description.
    let others: Vec<String> =
        telegram.takes_violations().into_iter().filter(|it| !it.contains("has_topics_enabled")).collect();
    assert!(others.is_empty(), "{others:?}");
}

async fn an_album_is_one_message_however_it_arrives(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut erika = telegram.person(2, "Erika", "de");
    let group = telegram.supergroup(-2001, "Büro");
    telegram.has_privacy_mode(false);
    // A hundred updates come at a time: the album lies across two answers.
    let others = telegram.person(1, "Otto", "de").in_group(&group);
    for number in telegram.waiting()..98 {
        others.says(&format!("Zeile {number}, die niemanden angeht"));
    }
    erika.sends_album(vec![Sent::photo(b"1"), Sent::photo(b"2"), Sent::photo(b"3").with("mensch"), Sent::photo(b"4")]);
    let mut server = serve(desk, &telegram).await;
    erika.reads("Ich hole dir einen Menschen.").await;
    erika.says("mensch");
    erika.reads("Ich habe Ticket #1001 eröffnet").await;
    desk.settles().await;
    let ticket = desk.ticket(1001).await;
    let with_files = ticket.happened("said").filter(|line| !line["what"]["attachments"].is_null());
    let counts: Vec<usize> =
        with_files.map(|line| line["what"]["attachments"].as_array().map_or(0, Vec::len)).collect();
    assert_eq!(counts, [4], "{ticket}");
    assert_eq!(erika.count("Ich hole dir einen Menschen."), 1);
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn an_album_calls_one_by_one_and_a_kill_loses_nothing_of_it(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut erika = telegram.person(2, "Erika", "de");
    let mut server = serve_by_webhook(desk, &telegram).await;
    telegram.is_asked("setwebhook", 1).await;
    erika.sends_album(vec![Sent::photo(b"1").with("mensch"), Sent::photo(b"2"), Sent::photo(b"3")]);
    erika.reads("Ich hole dir einen Menschen.").await;
    erika.says("mensch");
    erika.reads("Ich habe Ticket #1001 eröffnet").await;
    // A part is kept, the server dies, and the others come to the next one.
    let first = erika.sends_part("77", Sent::document("a.txt", "text/plain", b"a").with("drei Dateien"));
    telegram.is_done_with(first).await;
    server.kill9().await;
    erika.sends_part("77", Sent::document("b.txt", "text/plain", b"b"));
    erika.sends_part("77", Sent::document("c.txt", "text/plain", b"c"));
    let mut server = serve_by_webhook(desk, &telegram).await;
    telegram.is_done_with_everything().await;
    desk.settles().await;
    let ticket = desk.ticket(1001).await;
    let files: Vec<String> = ticket
        .happened("said")
        .flat_map(|line| line["what"]["attachments"].as_array().cloned().unwrap_or_default())
        .map(|file| file["name"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(files, ["photo.jpg", "photo.jpg", "photo.jpg", "a.txt", "b.txt", "c.txt"], "{ticket}");
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn somebody_types_while_an_answer_is_awaited(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.supergroup(-2001, "Büro");
    let mut erika = telegram.person(1234, "Erika", "de");
    let ben = telegram.person(1235, "Ben", "de");
    let mut server = serve(desk, &telegram).await;
    // Telegram takes its time with the answer: it is shown, and shown again.
    telegram.has(Trouble::new(Fault::Hold).on("sendmessage").in_chat(1234));
    erika.says("ich komme von zu hause nicht ins vpn");
    telegram.is_asked("sendchataction", 2).await;
    ben.in_group(&group).says("@firstline_test_bot hallo");
    telegram.lets_go();
    erika.reads("Schritt 1 von 6").await;
    desk.settles().await;
    assert!(telegram.typing().iter().all(|place| *place == (1234, None)), "{:?}", telegram.typing());
    let shown = telegram.typing().len();
    // Answered, nobody types any more: a whole exchange later nothing was added for her.
    let mut bens = ben.in_group(&group);
    bens.reads("Erwähne mich").await;
    assert_eq!(telegram.typing().len(), shown);
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn what_the_menu_has_is_answered_and_old_buttons_say_so(desk: &Desk) {
    let telegram = Telegram::start().await;
    let (mut erika, mut ben) = (telegram.person(1234, "Erika", "de"), telegram.person(1235, "Ben", "de"));
    let mut server = serve(desk, &telegram).await;
    erika.says("/start");
    erika.says("/help");
    erika.says("/privacy");
    ben.says("drucker");
    let list = ben.reads("Ich habe mehrere Antworten, die passen könnten.").await;
    let candidate = list.buttons[0].clone();
    ben.presses(&candidate);
    ben.reads(&candidate).await;
    ben.presses("Nichts davon");
    ben.reads("Diese Auswahl gilt nicht mehr.").await;
    ben.says("/new");
    ben.reads("eine neue Frage").await;
    ben.says("/language en");
    ben.reads("I'll speak English with you from now on.").await;

    erika.reads("Hallo, ich bin").await;
    let help = erika.reads("/status wie deine Tickets stehen").await;
    erika.reads("Was du hier schreibst, wird gespeichert").await;
    erika.says("/status");
    erika.reads("keine offenen Tickets").await;
    erika.says("/human");
    erika.reads("Ich hole dir einen Menschen.").await;
    erika.says("mensch");
    erika.reads("Ich habe Ticket #1001 eröffnet").await;
    erika.says("/status");
    erika.reads("#1001").await;
    erika.says("/close");
    erika.reads("Ticket #1001 ist geschlossen.").await;
    desk.settles().await;
    assert_eq!(desk.ticket(1001).await.status(), "closed");
    assert_eq!(telegram.unanswered_presses(), 0);
    // A command is a link there as long as it is not marked as anything else.
    let said = telegram.requests("sendmessage").into_iter().find(|it| it.parameters["text"] == help.text.as_str());
    let marked = said.map(|it| it.parameters["entities"].as_array().map_or(0, Vec::len));
    assert_eq!(marked, Some(2), "only what has an argument");
    assert_eq!(server.is_terminated().await, Some(0));
}
