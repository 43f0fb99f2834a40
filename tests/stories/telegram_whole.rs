//! The whole of it, by webhook: from a question that an article answers to a rating of five.
//!
//! ```text
//! erika (private): wo schicke ich meine krankmeldung hin     answered, and that helped
//! erika (private): ich komme von zu hause nicht ins vpn      led through two steps in vain, photographs the error, is handed over
//! anna  (topic):   claims it, notes, answers, changes the answer, sends a PDF, resolves it
//! erika (private): rates it with 5
//! ```

use firstline_tests::{
    both_databases,
    desk::Desk,
    telegram::{Telegram, people::Sent},
};

use crate::{telegram_intake::serve_by_webhook_with, telegram_staff::agent};

both_databases!(from_a_question_to_a_rating);

async fn from_a_question_to_a_rating(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let staff = [("FIRSTLINE_TELEGRAM__ROOMS", "helpdesk=-1001"), ("FIRSTLINE_DESK__LANGUAGE", "de")];
    let mut server = serve_by_webhook_with(desk, &telegram, &staff).await;
    agent(desk, &anna, "Anna").await;

    erika.says("wo schicke ich meine krankmeldung hin");
    erika.reads("Wohin mit der Krankmeldung?").await;
    erika.presses("Ja, es geht");
    erika.reads("Das freut mich!").await;

    erika.says("ich komme von zu hause nicht ins vpn");
    erika.reads("Schritt 1 von 6").await;
    erika.presses("Nein, geht nicht");
    erika.reads("Schritt 2 von 6").await;
    erika.sends(Sent::photo(b"the error"));
    erika.reads("In Dateien und Bilder kann ich selbst nicht hineinsehen").await;
    erika.presses("Nein, geht nicht");
    erika.reads("Soll ich dich an einen Menschen weitergeben?").await;
    erika.presses("Mit einem Menschen sprechen");
    erika.reads("Wer ist betroffen?").await;
    erika.presses("Nur ich");
    erika.reads("Wie sehr hindert es dich an der Arbeit?").await;
    erika.presses("Ich kann gar nicht arbeiten");
    erika.reads("Ich habe Ticket #1001 eröffnet").await;

    let topic = group.topic("#1001").await;
    let mut anna = anna.in_topic(&topic);
    let card = anna.reads("#1001").await;
    assert!(card.text.starts_with("#1001 ich komme von zu hause nicht ins vpn"), "{card}");
    assert!(card.text.contains("(Schritte: 2): hat nicht geholfen"), "{card}");
    let photo = anna.sees("the photo", |it| it.by_bot && it.files == ["photo"]).await;
    assert_eq!(anna.opens(photo.id), b"the error");
    anna.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.sees("the claimed card", |it| it.id == card.id && it.text.contains("offen, Anna")).await;
    anna.presses("Notizen schreiben");
    anna.sees("that she writes notes", |it| it.buttons.contains(&"Antworten schreiben".to_owned())).await;
    anna.says("Das Hotel sperrt IPsec.");
    anna.presses("Antworten schreiben");
    anna.sees("that she answers", |it| it.id == card.id && it.buttons.contains(&"Notizen schreiben".to_owned())).await;
    anna.says("/note Das Gäste-WLAN auch.");
    anna.says("Nimm den Hotspot.");
    let own = anna.last_own().id;
    let answer = erika.reads("Nimm den Hotspot.").await;
    anna.rewrites(own, "Nimm den Hotspot deines Telefons.");
    erika.sees("the changed answer", |it| it.id == answer.id && it.text.contains("deines Telefons")).await;
    anna.sends(Sent::document("Anleitung.pdf", "application/pdf", b"%PDF-1.7 hotspot").with("So geht es."));
    let guide = erika.reads("So geht es.").await;
    assert_eq!(
        (guide.files.as_slice(), erika.opens(guide.id).as_slice()),
        (&["Anleitung.pdf".to_owned()][..], &b"%PDF-1.7 hotspot"[..])
    );
    erika.says("Jetzt geht es, vielen Dank!");
    anna.reads("Jetzt geht es, vielen Dank!").await;
    anna.presses("Lösen");
    erika.reads("Anna hat Ticket #1001 gelöst.").await;
    topic.becomes_closed(true).await;
    erika.presses("5");
    anna.sees("the rating", |it| it.id == card.id && it.text.contains("Bewertung: 5 von 5")).await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));

    let ticket = desk.ticket(1001).await;
    assert_eq!(
        (ticket.status().as_str(), ticket.assignee(), ticket.count("note")),
        ("resolved", Some("Anna"), 2),
        "{ticket}"
    );
    assert_eq!((ticket.field("rating"), desk.count_tickets().await), ("5".to_owned(), 1), "{ticket}");
    assert!(ticket.sent().iter().all(|said| said.delivery.as_deref() == Some("sent")), "{ticket}");
    let is_note = |text: &str| text.contains("IPsec") || text.contains("Gäste-WLAN");
    assert!(erika.chat().iter().all(|it| !is_note(&it.text)), "a note left the staff side");
    assert_eq!(telegram.unanswered_presses(), 0);
    assert!(telegram.requests("getupdates").is_empty());
}
