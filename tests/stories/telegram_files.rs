//! Files on Telegram go both ways.
//!
//! ```text
//! erika (private): a photo of the error, before there is a ticket; two more as an album; a video that is too large
//! anna  (topic):   sees them, and answers with a PDF, whose words she changes
//! erika (private): reads the PDF
//! erika and anna:  change the words of albums, and take them away; the pictures stay
//! erika (private): a checklist, where she is, step by step, a word with an address behind it
//! ```

use firstline_tests::{
    both_databases,
    desk::Desk,
    server::Server,
    telegram::{Person, Telegram, people::Sent},
};
use serde_json::json;

use crate::telegram_staff::{agent, handed_over, serve, serve_with};

both_databases!(
    files_go_both_ways,
    the_words_of_an_album_change_and_its_pictures_stay,
    what_is_no_words_and_no_file_is_told_all_the_same,
    a_notes_picture_goes_where_the_note_goes,
);

async fn files_go_both_ways(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let mut server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    erika.sends(Sent::photo(b"a photo of the error"));
    erika.reads("Dateien").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let mut anna = anna.in_topic(&topic);
    let photo = anna.sees("the photo", |it| it.by_bot && it.files == ["photo"]).await;
    assert_eq!(anna.opens(photo.id), b"a photo of the error");
    anna.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;

    erika.sends_album(vec![Sent::photo(b"one").with("Vorher und nachher"), Sent::photo(b"two")]);
    anna.reads("Vorher und nachher").await;
    let albums = telegram.is_asked("sendmediagroup", 1).await;
    assert_eq!(albums.len(), 1);
    erika.sends(Sent::file("video", "../Film.mp4", Some("video/mp4"), b"x").of_size(30 << 20).with("Der ganze Film"));
    erika.reads("Film.mp4 ist zu groß").await;
    let left = anna.reads("Der ganze Film").await;
    assert!(left.text.contains("[Film.mp4: zu groß zum Weitergeben, höchstens 20 MB]"), "{left}");
    erika.sends_other(&json!({"contact": {"phone_number": "+49 30 1234", "first_name": "Ben"}}));
    anna.reads("👤 Ben, +49 30 1234").await;

    erika.sends_other(&json!({"location": {"latitude": 52.52, "longitude": 13.405}}));
    anna.reads("📍 52.52000, 13.40500").await;
    erika.forwards("Bei mir geht es auch nicht", "Ben");
    anna.reads("↪ Ben:\nBei mir geht es auch nicht").await;
    erika.sends(Sent::file("voice", "voice.ogg", Some("audio/ogg"), b"OggS"));
    anna.sees("the voice message", |it| it.by_bot && it.files == ["voice"]).await;
    erika.sends(Sent::file("video", "clip.mp4", Some("video/mp4"), b"mp4").with("So sieht es aus"));
    assert_eq!(anna.reads("So sieht es aus").await.files, ["clip.mp4"]);
    erika.sends(Sent::file("sticker", "sticker.webp", None, b"RIFF"));
    anna.sees("the sticker", |it| it.by_bot && it.files.iter().any(|name| name.contains("sticker"))).await;

    anna.sends(Sent::document("Anleitung.pdf", "application/pdf", b"%PDF-1.7 blue cable").with("So geht es."));
    let own = anna.last_own().id;
    let answer = erika.reads("So geht es.").await;
    assert_eq!(answer.files, ["Anleitung.pdf"]);
    assert_eq!(erika.opens(answer.id), b"%PDF-1.7 blue cable");
    anna.rewrites(own, "So geht es jetzt.");
    erika.sees("the changed words", |it| it.id == answer.id && it.text.contains("So geht es jetzt.")).await;
    anna.sends(Sent::file("video", "Demo.mp4", Some("video/mp4"), b"x").of_size(30 << 20).with("Das Video dazu."));
    anna.reads("Demo.mp4 ist zu groß").await;
    assert!(erika.reads("Das Video dazu.").await.text.contains("[Demo.mp4: zu groß zum Weitergeben"));
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    let ticket = desk.ticket(1001).await;
    let files = ticket.happened("said").filter(|line| !line["what"]["attachments"].is_null());
    assert_eq!(files.count(), 8, "{ticket}");
}

/// Erika's ticket, claimed by Anna in its topic.
async fn claimed<'t>(desk: &Desk, telegram: &'t Telegram, erika: &mut Person<'t>) -> (Server, Person<'t>) {
    let group = telegram.forum(-1001, "Helpdesk");
    let anna = telegram.person(77, "Anna", "de");
    let server = serve(desk, telegram).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(erika, &group, &anna).await;
    let anna = anna.in_topic(&topic);
    anna.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    (server, anna)
}

/// How many pictures of the bot's somebody sees.
fn pictures(person: &Person<'_>) -> usize {
    person.chat().iter().filter(|it| it.by_bot && it.files == ["photo"]).count()
}

async fn the_words_of_an_album_change_and_its_pictures_stay(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut erika = telegram.person(1234, "Erika", "de");
    let (mut server, mut anna) = claimed(desk, &telegram, &mut erika).await;
    erika.sends_album(vec![Sent::photo(b"one").with("Vorher"), Sent::photo(b"two"), Sent::photo(b"three")]);
    let shown = anna.reads("Vorher").await;
    let own = erika.sees("her words", |it| !it.by_bot && it.text == "Vorher").await.id;
    erika.rewrites(own, "Nachher");
    anna.sees("the changed words", |it| it.id == shown.id && it.text.contains("Nachher")).await;
    erika.rewrites(own, "");
    anna.sees("no words", |it| it.id == shown.id && it.text == "Erika:").await;
    assert_eq!(pictures(&anna), 3);

    // Words that do not fit below a picture any more answer it, and are changed there.
    anna.sends_album(vec![Sent::photo(b"four").with("So"), Sent::photo(b"five")]);
    let answer = erika.reads("So").await;
    let own = anna.sees("her words", |it| !it.by_bot && it.text == "So").await.id;
    anna.rewrites(own, &"Schritt für Schritt. ".repeat(60));
    let long = erika.reads("Schritt für Schritt. Schritt").await;
    assert_eq!(long.reply_to, Some(answer.id), "{long}");
    erika.sees("the picture without words", |it| it.id == answer.id && it.text.is_empty()).await;
    anna.rewrites(own, "Kurz.");
    erika.sees("the short words", |it| it.id == long.id && it.text.contains("Kurz.")).await;
    anna.rewrites(own, "");
    erika.sees("no words", |it| it.id == long.id && it.text == "Anna:").await;
    assert_eq!(pictures(&erika), 2);

    // Telegram cannot show one of them as a picture: it comes as a file, and the other all the same.
    anna.sends_album(vec![Sent::photo(b"too high a picture").with("Plan"), Sent::photo(b"six")]);
    let plan = erika.reads("Plan").await;
    assert_eq!(
        (plan.files.as_slice(), erika.opens(plan.id)),
        (["photo.jpg".to_owned()].as_slice(), b"too high a picture".to_vec())
    );
    desk.settles().await;
    assert_eq!(pictures(&erika), 3);
    assert_eq!((anna.count("nichts zu senden"), anna.count("nicht bei der anfragenden Person")), (0, 0));
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn what_is_no_words_and_no_file_is_told_all_the_same(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut erika = telegram.person(1234, "Erika", "de");
    let checklist = json!({"checklist": {"title": "Heute", "tasks": [{"id": 1, "text": "VPN"}]}});
    let mut otto = telegram.person(4, "Otto", "de");
    otto.sends_other(&checklist);
    let (mut server, mut anna) = claimed(desk, &telegram, &mut erika).await;
    otto.reads("Was genau geht nicht").await;
    erika.sends_other(&checklist);
    anna.reads("[etwas, das sich hier nicht zeigen lässt]").await;
    anna.sends_other(&checklist);
    anna.reads("Es gibt nichts zu senden.").await;

    // Somebody shares where they are: Telegram tells of every step.
    let at = |longitude: f64| json!({"location": {"latitude": 52.52, "longitude": longitude, "live_period": 900}});
    erika.sends_other(&at(13.405));
    let own = erika.last_own().id;
    let shown = anna.reads("📍 52.52000, 13.40500").await;
    anna.sends_other(&at(13.4));
    erika.reads("📍 52.52000, 13.40000").await;
    let annas = anna.last_own().id;
    for step in 1..=5 {
        erika.changes_other(own, &at(13.405 + f64::from(step)));
        anna.changes_other(annas, &at(13.4 + f64::from(step)));
    }
    let words = "hier steht es";
    let link = json!([{"type": "text_link", "offset": 0, "length": 4, "url": "https://intranet.example/vpn"}]);
    erika.sends_other(&json!({"text": words, "entities": link}));
    anna.reads("hier (https://intranet.example/vpn) steht es").await;
    // What another bot answered looks like this, and is newer than the description.
    let answer = json!({"blocks": [{"type": "heading", "size": 2, "text": "VPN"},
        {"type": "paragraph", "text": ["Nimm ", {"type": "bold", "text": "IKEv2"}]}]});
    erika.sends_other(&json!({"rich_message": answer}));
    anna.reads("VPN\nNimm IKEv2").await;
    desk.settles().await;
    assert_eq!((anna.count("nichts zu senden"), anna.count("14.40500")), (1, 0));
    anna.sees("where she was", |it| it.id == shown.id && !it.edited).await;
    let report = desk.run(&["doctor"]).await;
    assert!(report.stdout.contains("3 things arrived that this version does not understand"), "{}", report.stdout);
    assert_eq!(server.is_terminated().await, Some(0));
    let others: Vec<String> =
        telegram.takes_violations().into_iter().filter(|it| !it.contains("rich_message")).collect();
    assert!(others.is_empty(), "{others:?}");
}

/// Into the next room of staff's, and never to the requester. The Bot API server is one that names paths on its disk.
async fn a_notes_picture_goes_where_the_note_goes(desk: &Desk) {
    let telegram = Telegram::start().await;
    let (group, second) = (telegram.forum(-1001, "Helpdesk"), telegram.forum(-1002, "Second level"));
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let folder = desk.path("telegram-bot-api");
    std::fs::create_dir(&folder).expect("the desk's folder can be written to");
    telegram.is_local(&folder);
    let local = folder.display().to_string();
    let mut server = serve_with(desk, &telegram, &[("FIRSTLINE_TELEGRAM__LOCAL_FILES", &local)]).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let there = anna.in_topic(&topic);
    there.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    there.sends(Sent::photo(b"her screen").with("// so sah es bei ihr aus"));
    there.says("/transfer second-level");
    let topic = second.topic("#1001").await;
    let anna = anna.in_topic(&topic);
    let note = anna.sees("the note", |it| it.by_bot && it.text.contains("so sah es bei ihr aus")).await;
    assert_eq!((note.files.as_slice(), anna.opens(note.id)), (["photo".to_owned()].as_slice(), b"her screen".to_vec()));
    desk.settles().await;
    assert!(erika.chat().iter().all(|it| !it.by_bot || it.files.is_empty()), "a note left the staff side");
    assert_eq!(server.is_terminated().await, Some(0));
}
