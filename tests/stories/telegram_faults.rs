//! What must not hurt on the way in: copies, disorder, changes that overtake their message, texts and files that mean no good.
//! docs/faults.md lists all of it.

use std::{io::ErrorKind, net::TcpListener};

use firstline_tests::{
    both_databases,
    desk::Desk,
    telegram::{HALF, Telegram, people::Sent},
};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::{
    telegram::serve,
    telegram_intake::{SECRET, have_tickets, lines_of, serve_by_webhook},
    telegram_staff::{self, agent, handed_over},
};

both_databases!(
    of_a_hundred_copies_one_counts_and_a_change_may_come_first,
    what_comes_backwards_is_read_forwards,
    of_five_quick_changes_the_last_one_counts,
    what_is_deleted_meanwhile_is_answered_all_the_same,
    what_cannot_be_stored_is_not_acknowledged,
    no_text_does_harm,
    no_file_does_harm,
);

/// An update as Telegram would tell it, of a message of person 1 in their private chat.
fn update(id: i64, kind: &str, message: i64, text: &str) -> Value {
    json!({"update_id": id, kind: {"message_id": message, "date": 1, "text": text, "chat": {"id": 1, "type": "private"},
           "from": {"id": 1, "is_bot": false, "first_name": "Erika"}}})
}

async fn of_a_hundred_copies_one_counts_and_a_change_may_come_first(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut people = [telegram.person(1, "Erika", "de")];
    let mut server = serve_by_webhook(desk, &telegram).await;
    telegram.is_asked("setwebhook", 1).await;
    assert_eq!(have_tickets(&mut people).await, [1001]);
    let copy = update(900, "message", 500, "Zeile 1").to_string();
    let statuses = join_all((0..100).map(|_| telegram.is_imitated(SECRET, &copy))).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");

    let tell = async |update: Value| assert_eq!(telegram.is_imitated(SECRET, &update.to_string()).await, 200);
    tell(update(902, "edited_message", 501, "Zeile 2, erster Stand")).await;
    tell(update(903, "edited_message", 501, "Zeile 2, letzter Stand")).await;
    tell(update(901, "message", 501, "Zeile 2")).await;
    tell(update(904, "message", 502, "Zeile 3")).await;
    desk.settles().await;
    assert_eq!(lines_of(desk, 1001, "Zeile").await, ["Zeile 1", "Zeile 2, letzter Stand", "Zeile 3"]);
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn what_comes_backwards_is_read_forwards(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut people = [telegram.person(1, "Erika", "de")];
    let mut server = serve(desk, &telegram).await;
    assert_eq!(have_tickets(&mut people).await, [1001]);
    telegram.is_done_with_everything().await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    for number in 1..=5 {
        people[0].says(&format!("Zeile {number}"));
    }
    telegram.tells_backwards();
    let mut server = serve(desk, &telegram).await;
    telegram.is_done_with_everything().await;
    desk.settles().await;
    assert_eq!(lines_of(desk, 1001, "Zeile").await, ["Zeile 1", "Zeile 2", "Zeile 3", "Zeile 4", "Zeile 5"]);
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn of_five_quick_changes_the_last_one_counts(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let mut server = telegram_staff::serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    // A question is answered as it was changed last.
    let mut otto = telegram.person(4, "Otto", "de");
    otto.says("was ist die hauptstadt von frankreich");
    let asked = otto.last_own().id;
    for text in ["was", "ist", "die hauptstadt", "von spanien", "ich komme von zu hause nicht ins vpn"] {
        otto.rewrites(asked, text);
    }
    otto.reads("Schritt 1 von 6").await;

    let topic = handed_over(&mut erika, &group, &anna).await;
    let anna = anna.in_topic(&topic);
    erika.says("Zeile 0");
    let line = erika.last_own().id;
    for number in 1..=5 {
        erika.rewrites(line, &format!("Zeile {number}"));
    }
    anna.sees("the last change", |it| it.by_bot && it.text.contains("Zeile 5")).await;
    desk.settles().await;
    let shown = anna.chat().iter().filter(|it| it.by_bot && it.text.contains("Zeile")).count();
    assert_eq!((shown, topic.count("Zeile 5")), (1, 1));
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn what_is_deleted_meanwhile_is_answered_all_the_same(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.supergroup(-2001, "Büro");
    let erika = telegram.person(1234, "Erika", "de");
    let mut here = erika.in_group(&group);
    here.says("@firstline_test_bot was ist die hauptstadt von frankreich");
    here.deletes(here.last_own().id);
    let mut server = serve(desk, &telegram).await;
    let answer = here.reads("Das sehen wir uns unter vier Augen an.").await;
    assert_eq!(answer.reply_to, None);
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn what_cannot_be_stored_is_not_acknowledged(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut people = [telegram.person(1, "Erika", "de")];
    let mut server = serve(desk, &telegram).await;
    assert_eq!(have_tickets(&mut people).await, [1001]);
    telegram.is_done_with_everything().await;
    desk.settles().await;
    desk.disk_is_full(true).await;
    people[0].says("Zeile 1");
    server.logs("cannot store what came from Telegram").await;
    people[0].says("Zeile 2");
    assert_eq!(telegram.waiting(), 2, "nothing is acknowledged");
    desk.disk_is_full(false).await;
    telegram.is_done_with_everything().await;
    desk.settles().await;
    assert_eq!(lines_of(desk, 1001, "Zeile").await, ["Zeile 1", "Zeile 2"]);
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn no_text_does_harm(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut people = [telegram.person(1, "Erika", "de")];
    let mut otto = telegram.person(2, "Otto", "de");
    let mut server = serve(desk, &telegram).await;
    assert_eq!(have_tickets(&mut people).await, [1001]);
    let zalgo = "Z\u{300}\u{301}\u{302}\u{489}a\u{315}lgo ".repeat(1 << 16);
    assert!(zalgo.len() > 1_000_000);
    let nested = format!("{}vpn{}", "**_> - [".repeat(12_500), "](x)_**".repeat(100));
    let texts = [
        ("Zeile 1", zalgo.as_str()),
        ("Zeile 2", nested.as_str()),
        ("Zeile 3", "\u{202e}thgir\u{2066}\u{2069} \u{200f}to left"),
        ("Zeile 4", "nothing \0 here"),
        ("Zeile 5", HALF),
    ];
    for (line, text) in texts {
        people[0].says(&format!("{line} {text}"));
        otto.says(text);
    }
    people[0].says("Zeile 6");
    otto.says("/new");
    otto.says("ich komme von zu hause nicht ins vpn");
    otto.reads("Schritt 1 von 6").await;
    telegram.is_done_with_everything().await;
    desk.settles().await;
    let lines = lines_of(desk, 1001, "Zeile").await;
    let beginnings: Vec<&str> = lines.iter().map(|line| &line[..7]).collect();
    assert_eq!(beginnings, ["Zeile 1", "Zeile 2", "Zeile 3", "Zeile 4", "Zeile 5", "Zeile 6"]);
    assert!(lines[0].len() >= zalgo.trim().len() && lines[1].contains(nested.as_str()), "what was said is kept whole");
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn no_file_does_harm(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let mut server = telegram_staff::serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let mut anna = anna.in_topic(&topic);
    // Nothing is opened or shown: a picture that can hold a script goes on as the file that it is.
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    erika.sends(Sent::document("../../etc/logo.svg", "image/svg+xml", svg).with("Zeile 1"));
    let shown = anna.reads("Zeile 1").await;
    assert_eq!(anna.opens(shown.id), svg);
    assert_eq!(shown.files, ["logo.svg"]);
    let bomb = vec![0_u8; 1 << 20];
    erika.sends(Sent::document("bomb.zip", "application/zip", &bomb).with("Zeile 2"));
    let shown = anna.reads("Zeile 2").await;
    assert_eq!(anna.opens(shown.id).len(), bomb.len());
    erika.sends(Sent::file("video", "all.mp4", Some("video/mp4"), b"x").of_size(20 << 30).with("Zeile 3"));
    erika.reads("all.mp4 ist zu groß").await;
    assert!(anna.reads("Zeile 3").await.text.contains("zu groß zum Weitergeben"));

    // Whoever sends us elsewhere with our token in hand is not followed.
    let trap = TcpListener::bind("127.0.0.1:0").expect("a port");
    trap.set_nonblocking(true).expect("a port");
    telegram.sends_fetchers_to(&format!("http://{}/latest/meta-data", trap.local_addr().expect("an address")));
    erika.sends(Sent::document("inside.txt", "text/plain", b"x").with("Zeile 4"));
    let shown = anna.reads("Zeile 4").await;
    assert!(shown.text.contains("[inside.txt: ließ sich nicht abholen]") && shown.files.is_empty(), "{shown}");
    assert_eq!(trap.accept().expect_err("nobody came").kind(), ErrorKind::WouldBlock);
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
}
