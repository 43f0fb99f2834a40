//! What goes wrong between Discord and us, and what must not come of it: nothing is lost, nothing doubled, nothing out of order,
//! and nobody is hurt by what people send.

use firstline_tests::{
    both_databases,
    desk::Desk,
    discord::{Discord, Fault, Person, Trouble},
    ticket::Ticket,
};
use serde_json::{Value, json};

use crate::discord::{asks_for_help, serve};

both_databases!(
    a_hundred_copies_of_a_message_are_one,
    of_five_quick_edits_the_last_counts,
    an_edit_may_come_before_its_message,
    a_dead_connection_is_noticed_and_resumed,
    a_thousand_messages_of_an_absence_are_answered_once_and_in_order,
    hostile_messages_hurt_nobody,
    what_is_written_while_answers_cannot_be_sent_is_answered_later,
    a_changed_question_is_answered_anew_and_a_deleted_one_is_followed,
    long_answers_come_in_parts_and_call_nobody,
);

fn lines(ticket: &Ticket) -> Vec<String> {
    ticket.said_by("requester").into_iter().filter(|text| text.starts_with("Zeile")).collect()
}

/// A message of hers as the gateway tells it.
pub(crate) fn told(erika: &Person<'_>, id: u64, text: &str, more: &Value) -> Value {
    let mut told = json!({"id": id.to_string(), "channel_id": erika.channel().to_string(), "type": 0, "content": text,
        "author": {"id": erika.id().to_string(), "username": "erika", "global_name": "Erika", "discriminator": "0",
            "avatar": null},
        "timestamp": "2026-01-01T00:00:00.000000+00:00", "edited_timestamp": null, "tts": false,
        "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "pinned": false});
    for (name, value) in more.as_object().into_iter().flatten() {
        told[name] = value.clone();
    }
    told
}

async fn a_hundred_copies_of_a_message_are_one(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    erika.says("Zeile 0");
    discord.repeats_itself(100);
    erika.says("Zeile 1");
    desk.until("the last line is there", async || (lines(&desk.ticket(1001).await).len() > 1).then_some(())).await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(lines(&desk.ticket(1001).await), ["Zeile 0", "Zeile 1"]);
}

async fn of_five_quick_edits_the_last_counts(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    let said = erika.says("Zeile 0");
    for number in 1..=5 {
        erika.rewrites(said, &format!("Fassung {number}"));
    }
    anna.reads("Fassung 5").await;
    desk.settles().await;
    anna.leaves().await;
    assert_eq!(server.is_terminated().await, Some(0));
    let edits = desk.ticket(1001).await;
    let texts: Vec<String> =
        edits.happened("edited").map(|line| line["what"]["text"].as_str().unwrap_or("?").to_owned()).collect();
    assert_eq!(texts.last().map(String::as_str), Some("Fassung 5"), "{edits}");
    assert!(texts.is_sorted(), "{texts:?}");
}

async fn an_edit_may_come_before_its_message(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let erika = discord.person("Erika", "de");
    let said = erika.says("hallo");
    erika.sees("an answer", |it| it.by_bot).await;
    let id = said + (1 << 22);
    let edited = json!({"edited_timestamp": "2026-01-01T00:00:05.000000+00:00"});
    discord.tells("MESSAGE_UPDATE", &told(&erika, id, "ich komme von zu hause nicht ins vpn", &edited));
    discord.tells("MESSAGE_CREATE", &told(&erika, id, "ich komme nicht", &json!({})));
    erika.sees("the answer to what she meant", |it| it.by_bot && it.text.contains("Schritt 1 von 6")).await;
    assert_eq!(server.is_terminated().await, Some(0));
}

/// No heartbeat is answered, and no connection closed: it is noticed, and what was told meanwhile comes with the resumed session.
async fn a_dead_connection_is_noticed_and_resumed(desk: &Desk) {
    let discord = Discord::start().await;
    discord.wants_a_heartbeat_every(300);
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    discord.falls_silent();
    erika.says("Zeile 0");
    discord.has_resumed(1).await;
    erika.says("Zeile 1");
    desk.until("the last line is there", async || (lines(&desk.ticket(1001).await).len() > 1).then_some(())).await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(lines(&desk.ticket(1001).await), ["Zeile 0", "Zeile 1"]);
    assert_eq!(discord.sessions(), (1, 1));
}

async fn a_thousand_messages_of_an_absence_are_answered_once_and_in_order(desk: &Desk) {
    const PEOPLE: usize = 10;
    const EACH: usize = 100;
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let people: Vec<Person<'_>> = (0..PEOPLE).map(|number| discord.person(&format!("Person {number}"), "en")).collect();
    for person in &people {
        person.says("/help");
        person.sees("an answer", |it| it.by_bot).await;
    }
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    discord.forgets_sessions();
    for number in 0..EACH {
        for person in &people {
            person.says(if number % 2 == 0 { "/help" } else { "/privacy" });
        }
    }
    server = serve(desk, &discord).await;
    server.logs("has been fetched").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    for person in &people {
        let answers: Vec<bool> =
            person.chat().iter().filter(|it| it.by_bot).map(|it| it.text.contains("wird gespeichert, damit")).collect();
        let expected: Vec<bool> = std::iter::once(false).chain((0..EACH).map(|number| number % 2 == 1)).collect();
        assert_eq!(answers, expected, "each is answered once, in order");
    }
}

/// Marks without end, bytes that no text has, files that are somewhere else or larger than anything: words arrive all the same.
async fn hostile_messages_hurt_nobody(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    let first = erika.says("Zeile 0");
    let zalgo = format!("Zeile 1 {}", "z\u{335}\u{321}\u{35a}".repeat(400));
    erika.says(&zalgo);
    erika.says("Zeile 2 \u{202e}lecrap\u{2066}\u{0} <@&1> @everyone [x](javascript:alert(1))");
    erika.says(&format!("Zeile 3 {}", "> ".repeat(900)));
    let files = json!({"attachments": [
        {"id": "1", "filename": "a.svg", "size": 10, "url": "http://169.254.169.254/latest/meta-data", "proxy_url": "x",
            "content_type": "image/svg+xml"},
        {"id": "2", "filename": "bomb.zip", "size": 21_474_836_480_u64, "url": format!("{}/attachments/1/2", discord.url()),
            "proxy_url": "x"},
        {"id": "3", "filename": "../../etc/passwd", "size": 10, "url": "file:///etc/passwd", "proxy_url": "x"},
    ]});
    discord.tells("MESSAGE_CREATE", &told(&erika, first + (1 << 40), "Zeile 4", &files));
    anna.reads("Zeile 4").await;
    erika.reads("bomb.zip").await;
    anna.says("Ich habe alles bekommen.").await;
    erika.reads("Ich habe alles bekommen.").await;
    desk.settles().await;
    anna.leaves().await;
    assert_eq!(server.is_terminated().await, Some(0));
    let said = lines(&desk.ticket(1001).await);
    assert_eq!(said.len(), 5, "{said:?}");
    assert_eq!(said[1], zalgo);
    assert!(erika.chat().iter().all(|it| it.pings == 0));
}

async fn what_is_written_while_answers_cannot_be_sent_is_answered_later(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    discord.has(Trouble::new(Fault::Broken(503)).on("POST /channels/{}/messages").times(3));
    erika.says("/help");
    erika.says("/privacy");
    erika.reads("mit einem Menschen sprechen").await;
    erika.reads("gespeichert").await;
    desk.settles().await;
    assert_eq!(erika.chat().iter().filter(|it| it.by_bot).count(), 2);
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn a_changed_question_is_answered_anew_and_a_deleted_one_is_followed(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    let asked = erika.says("wie setze ich mein passwort zurück?");
    erika.sees("an answer", |it| it.by_bot).await;
    erika.rewrites(asked, "ich komme von zu hause nicht ins vpn");
    erika.reads("Schritt 1 von 6").await;
    desk.until("typing was shown", async || (discord.typing_in(erika.channel()) > 0).then_some(())).await;
    erika.says("mensch");
    erika.reads("Wer ist betroffen?").await;
    let slip = erika.says("weglassen");
    erika.reads("Wie sehr hindert es dich").await;
    erika.presses("Weglassen");
    erika.reads("Ich habe Ticket **#1001** eröffnet").await;
    erika.deletes(slip);
    desk.until("the deletion is there", async || (desk.ticket(1001).await.count("deleted") == 1).then_some(())).await;
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn long_answers_come_in_parts_and_call_nobody(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    let long = (0..600).map(|number| format!("Wort{number}")).collect::<Vec<_>>().join(" ");
    anna.says(&format!("{long} @everyone <@{}> Ende.", erika.id())).await;
    erika.reads("Wort0 ").await;
    erika.reads("Ende.").await;
    desk.settles().await;
    anna.leaves().await;
    assert_eq!(server.is_terminated().await, Some(0));
    let parts: Vec<_> = erika.chat().into_iter().filter(|it| it.by_bot && it.text.contains("Wort")).collect();
    assert!(parts.len() > 1 && parts.iter().all(|it| it.text.chars().count() <= 2_000 && it.pings == 0));
    let words = parts.iter().map(|it| it.text.matches("Wort").count()).sum::<usize>();
    assert_eq!(words, 600, "nothing is lost at a cut");
}
