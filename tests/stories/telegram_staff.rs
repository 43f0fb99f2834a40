//! Staff work from a group on Telegram: a topic per ticket.
//!
//! ```text
//! erika (private): ich komme von zu hause nicht ins vpn … presses her way to ticket #1001
//! bot   (topic):   the pinned card with [Übernehmen] …            anna presses it
//! anna  (topic):   // a note      an answer, changed once         both ways, the note stays
//! anna  (topic):   presses [Lösen]                                erika rates 5; the topic is closed
//! ```

use firstline_tests::{
    both_databases,
    desk::Desk,
    server::Server,
    telegram::{Fault, Group, Person, Shown, TOKEN, Telegram, Topic, Trouble},
};

use crate::telegram::asks_for_help;

both_databases!(
    a_ticket_is_worked_in_its_topic,
    of_two_who_press_claim_at_once_one_has_it,
    a_deleted_topic_is_made_again,
    what_may_not_have_arrived_is_shown_and_sent_again,
    only_staff_work_tickets,
    what_the_bot_said_is_quoted_in_the_topic,
    what_is_perhaps_missing_in_the_topic_is_shown_again,
    what_was_changed_before_there_was_a_topic_is_shown_as_it_is,
);

pub(crate) async fn serve(desk: &Desk, telegram: &Telegram) -> Server {
    serve_with(desk, telegram, &[]).await
}

pub(crate) async fn serve_with(desk: &Desk, telegram: &Telegram, more: &[(&str, &str)]) -> Server {
    let url = telegram.url();
    let mut settings = vec![
        ("FIRSTLINE_TELEGRAM__TOKEN", TOKEN),
        ("FIRSTLINE_TELEGRAM__API_URL", &url),
        ("FIRSTLINE_TELEGRAM__ROOMS", "helpdesk=-1001,second-level=-1002"),
        ("FIRSTLINE_TELEGRAM__PER_GROUP", "1000"),
        ("FIRSTLINE_DESK__LANGUAGE", "de"),
    ];
    settings.extend_from_slice(more);
    desk.serve_with(&settings).await
}

/// Somebody of the staff, by their account on Telegram.
pub(crate) async fn agent(desk: &Desk, person: &Person<'_>, name: &str) {
    let id = person.id().to_string();
    let _ = desk.run(&["agent", "add", name, "--platform", "telegram", "--user-id", &id]).await.succeeds();
}

/// Erika is handed over: her ticket's topic, with its card.
pub(crate) async fn handed_over<'t>(erika: &mut Person<'_>, group: &Group<'t>, anna: &Person<'t>) -> Topic<'t> {
    asks_for_help(erika).await;
    let topic = group.topic("#1001").await;
    anna.in_topic(&topic).sees("the card", |it| it.text.contains("#1001") && !it.buttons.is_empty()).await;
    topic
}

async fn a_ticket_is_worked_in_its_topic(desk: &Desk) {
    let telegram = Telegram::start().await;
    let (group, second) = (telegram.forum(-1001, "Helpdesk"), telegram.forum(-1002, "Second level"));
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let mut server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let mut anna = anna.in_topic(&topic);
    let card = anna.reads("#1001").await;
    assert!(card.text.contains("Anfrage von: Erika (telegram)"), "{card}");
    assert!(card.text.contains("(Schritte: 2): hat nicht geholfen"), "{card}");
    assert_eq!(card.buttons[0], "Übernehmen");
    anna.reads("ich komme von zu hause nicht ins vpn").await;
    assert_eq!(topic.pinned().len(), 1);

    anna.says("Hallo?");
    anna.reads("Übernimm dieses Ticket zuerst.").await;
    anna.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.sees("the claimed card", |it| it.id == card.id && it.text.contains("offen, Anna")).await;
    anna.says("// Hotel-WLAN sperrt IPsec");
    anna.says("Nimm <b>bitte</b> den *Hotspot*.");
    let answer = anna.last_own().id;
    erika.reads("Nimm <b>bitte</b> den *Hotspot*.").await;
    telegram.is_asked("setmessagereaction", 1).await;
    anna.rewrites(answer, "Nimm bitte das Kabel.");
    let changed = erika.sees("the changed answer", |it| it.text.contains("Nimm bitte das Kabel.")).await;

    // What the requester puts on it, its author sees on their own message.
    erika.reacts(changed.id, "👍");
    anna.sees("the sign", |it| it.id == answer && it.bots_reactions == ["👍"]).await;

    // A reply is shown as one, in both directions, with the part that was chosen of what it answers.
    erika.quotes(changed.id, "das Kabel", "Welches Kabel?");
    let asked = anna.reads("> das Kabel\nWelches Kabel?").await;
    assert_eq!(asked.reply_to, Some(answer), "{asked}");
    // Nobody answers before it is noted which message it became.
    desk.settles().await;
    anna.quotes(asked.id, "Welches", "Das blaue.");
    let own = erika.last_own().id;
    let reply = |it: &Shown| it.text.contains("> Welches\nDas blaue.") && it.reply_to == Some(own);
    erika.sees("the reply", reply).await;
    // An answer that becomes a note is taken back, and nothing of the note leaves the topic.
    anna.rewrites(anna.last_own().id, "// Kabelfarbe ist gelogen");
    anna.reads("Anna: Das war bisher eine Antwort").await;
    desk.until("the answer is gone", async || (erika.count("Das blaue.") == 0).then_some(())).await;
    erika.rewrites(own, "Welches Netzwerkkabel?");
    anna.sees("the changed question", |it| it.id == asked.id && it.text.contains("Welches Netzwerkkabel?")).await;

    anna.presses("Priorität");
    anna.sees("the priorities", |it| it.buttons.contains(&"kritisch".to_owned())).await;
    anna.presses("kritisch");
    anna.sees("the new priority", |it| it.id == card.id && it.text.contains("Priorität: kritisch")).await;
    anna.sees("the usual buttons", |it| it.id == card.id && it.buttons.contains(&"Lösen".to_owned())).await;
    anna.presses("Lösen");
    erika.reads("Anna hat Ticket #1001 gelöst.").await;
    topic.becomes_closed(true).await;
    erika.presses("5");
    anna.sees("the rating", |it| it.id == card.id && it.text.contains("Bewertung: 5 von 5")).await;

    // A word of the requester's opens it again.
    erika.reads("Möchtest du etwas dazu sagen?").await;
    erika.says("es geht wieder nicht");
    erika.reads("wieder geöffnet").await;
    topic.becomes_closed(false).await;
    anna.reads("es geht wieder nicht").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));

    let ticket = desk.ticket(1001).await;
    assert_eq!((ticket.assignee(), ticket.field("rating")), (Some("Anna"), "5".to_owned()), "{ticket}");
    assert_eq!(ticket.field("priority"), "critical");
    let notes: Vec<&str> = ticket.happened("note").filter_map(|entry| entry["what"]["text"].as_str()).collect();
    assert_eq!(notes, ["Hotel-WLAN sperrt IPsec", "> Welches\nKabelfarbe ist gelogen"], "{ticket}");
    let to_erika = |it: &firstline_tests::telegram::Request| it.parameters["chat_id"] == 1234;
    let to_erika = format!("{:?}", telegram.journal().into_iter().filter(to_erika).collect::<Vec<_>>());
    assert!(!to_erika.contains("IPsec") && !to_erika.contains("gelogen"), "a note left the staff side: {to_erika}");
    assert_eq!((group.topics().len(), second.topics().len()), (1, 0));
    let in_general = telegram
        .requests("sendmessage")
        .into_iter()
        .filter(|request| request.parameters["chat_id"] == -1001 && request.parameters["message_thread_id"].is_null());
    assert_eq!(in_general.count(), 0, "nothing falls into General");
    assert_eq!(telegram.unanswered_presses(), 0);
}

async fn of_two_who_press_claim_at_once_one_has_it(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let (anna, ben) = (telegram.person(77, "Anna", "de"), telegram.person(78, "Ben", "de"));
    let _server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    agent(desk, &ben, "Ben").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let (mut anna, ben) = (anna.in_topic(&topic), ben.in_topic(&topic));
    let card = anna.reads("#1001").await;
    anna.presses("Übernehmen");
    ben.presses("Übernehmen");
    erika.reads("vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.reads("war schneller und hat dieses Ticket.").await;
    desk.settles().await;
    let ticket = desk.ticket(1001).await;
    assert_eq!(ticket.happened("claimed").count(), 1, "{ticket}");
    let winner = ticket.assignee().expect("somebody has it").to_owned();
    anna.sees("the winner", |it| it.id == card.id && it.text.contains(&format!("offen, {winner}"))).await;
    assert_eq!(erika.count("hat Ticket #1001 übernommen"), 1);
}

async fn a_deleted_topic_is_made_again(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let _server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    anna.in_topic(&topic).presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    desk.settles().await;
    topic.is_deleted();
    erika.says("Seid ihr noch da?");
    telegram.is_asked("createforumtopic", 2).await;
    let again = group.topic("#1001").await;
    assert_ne!(again.thread(), topic.thread());
    let mut anna = anna.in_topic(&again);
    anna.reads("Seid ihr noch da?").await;
    anna.sees("the card", |it| it.text.contains("offen, Anna") && !it.buttons.is_empty()).await;
    anna.says("Ja, ich bin da.");
    erika.reads("Ja, ich bin da.").await;
    let general = anna.in_group(&group).chat();
    assert!(general.iter().all(|it| !it.by_bot || it.service.is_some()), "nothing falls into General: {general:?}");
}

async fn what_may_not_have_arrived_is_shown_and_sent_again(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let _server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let mut anna = anna.in_topic(&topic);
    anna.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    desk.settles().await;

    telegram.has(Trouble::new(Fault::DropBefore).on("sendmessage").in_chat(1234));
    anna.says("Bist du da?");
    let notice = anna.reads("Vielleicht ist das nicht bei der anfragenden Person angekommen: Die Verbindung ist").await;
    assert_eq!(notice.buttons, ["Noch einmal senden"]);
    assert_eq!(erika.count("Bist du da?"), 0);
    anna.presses("Noch einmal senden");
    erika.reads("Bist du da?").await;
    telegram.is_asked("setmessagereaction", 1).await;
    assert_eq!(erika.count("Bist du da?"), 1);

    erika.blocks();
    anna.says("Noch da?");
    anna.reads("Das ist nicht bei der anfragenden Person angekommen: Sie hat den Bot blockiert.").await;
    erika.unblocks();
    anna.presses("Noch einmal senden");
    erika.reads("Noch da?").await;
}

async fn only_staff_work_tickets(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let (anna, carl) = (telegram.person(77, "Anna", "de"), telegram.person(79, "Carl", "de"));
    let _server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let (mut anna, carl) = (anna.in_topic(&topic), carl.in_topic(&topic));
    anna.reads("#1001").await;
    carl.presses("Übernehmen");
    anna.reads("Carl: Das dürfen nur Agenten und Admins.").await;
    anna.anonymously().says("ich bin wer");
    anna.reads("Das dürfen nur Agenten und Admins.").await;
    anna.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    carl.says("Ich bin auch noch da");
    anna.reads("Carl: Das dürfen nur Agenten und Admins.").await;
    // A role that is taken away stops working at once.
    let _ = desk.run(&["agent", "remove", "Anna", "--platform", "telegram", "--user-id", "77"]).await.succeeds();
    anna.says("Kommt das noch an?");
    anna.reads("Anna: Das dürfen nur Agenten und Admins.").await;
    desk.settles().await;
    assert_eq!((erika.count("Ich bin auch noch da"), erika.count("Kommt das noch an?")), (0, 0));
}

async fn what_the_bot_said_is_quoted_in_the_topic(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let _server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let mut anna = anna.in_topic(&topic);
    let said = erika.chat().into_iter().find(|it| it.by_bot && it.text.contains("Schritt 1 von 6")).expect("the bot's");
    erika.replies(said.id, "Das hier ging nicht.");
    let shown = anna.reads("Das hier ging nicht.").await;
    assert!(shown.text.contains("↪ „"), "{shown}");
}

async fn what_is_perhaps_missing_in_the_topic_is_shown_again(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let _server = serve(desk, &telegram).await;
    agent(desk, &anna, "Anna").await;
    let topic = handed_over(&mut erika, &group, &anna).await;
    let mut anna = anna.in_topic(&topic);
    desk.settles().await;
    telegram.has(Trouble::new(Fault::DropBefore).on("sendmessage").about("Hört ihr mich?"));
    erika.says("Hört ihr mich?");
    let notice = anna.reads("Vielleicht fehlt hier im Thema eine Nachricht").await;
    assert_eq!(notice.buttons, ["Noch einmal senden"]);
    anna.presses("Noch einmal senden");
    anna.reads("Hört ihr mich?").await;
    desk.settles().await;
    assert_eq!(anna.count("Hört ihr mich?"), 1);
}

/// What somebody said before their ticket was opened may have been changed since.
async fn what_was_changed_before_there_was_a_topic_is_shown_as_it_is(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-1001, "Helpdesk");
    let mut erika = telegram.person(1234, "Erika", "de");
    let anna = telegram.person(77, "Anna", "de");
    let _server = serve(desk, &telegram).await;
    erika.says("mensch");
    erika.reads("Ich hole dir einen Menschen.").await;
    let changed = erika.rewrites(erika.last_own().id, "mensch, am Empfang");
    telegram.is_done_with(changed).await;
    erika.says("mensch");
    erika.reads("Ich habe Ticket #1001 eröffnet").await;
    let topic = group.topic("#1001").await;
    anna.in_topic(&topic).reads("mensch, am Empfang").await;
    desk.settles().await;
    assert_eq!(topic.count("Erika:\nmensch"), 2, "each line once: {:?}", topic.messages());
}
