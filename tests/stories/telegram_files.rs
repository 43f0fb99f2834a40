//! Files on Telegram go both ways.
//!
//! ```text
//! erika (private): a photo of the error, before there is a ticket; two more as an album; a video that is too large
//! anna  (topic):   sees them, and answers with a PDF, whose words she changes
//! erika (private): reads the PDF
//! ```

use firstline_tests::{
    both_databases,
    desk::Desk,
    telegram::{Telegram, people::Sent},
};
use serde_json::json;

use crate::telegram_staff::{agent, handed_over, serve};

both_databases!(files_go_both_ways);

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
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    let ticket = desk.ticket(1001).await;
    let files = ticket.happened("said").filter(|line| !line["what"]["attachments"].is_null());
    assert_eq!(files.count(), 7, "{ticket}");
}
