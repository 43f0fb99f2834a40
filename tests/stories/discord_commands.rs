//! Commands, forms and menus, in a channel where others read along: the answers are for one person alone, and what comes later
//! comes as a direct message.
//!
//! ```text
//! erika (#allgemein): /ask ich komme von zu hause nicht ins vpn
//! bot   (to her):     Schritt 1 von 6 …  [Ja, es geht] [Nein, geht nicht] [Mit einem Menschen sprechen] [Antwort schreiben]
//! erika               presses her way to ticket #1001, in the same message
//! anna  (terminal):   Welche Fehlermeldung kommt?                       comes as a direct message
//! ```

use firstline_tests::{
    both_databases,
    desk::Desk,
    discord::{Discord, Person},
};

use crate::{discord::serve, discord_office::Office};

both_databases!(
    a_question_is_answered_to_her_alone,
    forms_and_menus_open_tickets,
    a_form_takes_words_where_nothing_can_be_written,
    a_late_answer_comes_as_a_message,
    commands_speak_the_language_of_their_user,
);

const QUESTION: &str = "ich komme von zu hause nicht ins vpn";

/// Erika and Ben in a channel of a server in which the desk has nothing else to do.
fn in_general<'d>(discord: &'d Discord, locale: &str) -> (Person<'d>, Person<'d>, Person<'d>) {
    let guild = discord.guild("Acme");
    let general = guild.channel("allgemein");
    let (erika, ben) = (discord.person("Erika", locale), discord.person("Ben", "de"));
    for person in [&erika, &ben] {
        guild.takes_in(person, &[]);
    }
    (erika.in_room(&general), ben.in_room(&general), erika)
}

async fn sees(erika: &Person<'_>, part: &str) {
    let shown = erika.sees(part, |it| it.by_bot && it.text.contains(part)).await;
    assert!(shown.secret, "others read along: {shown}");
}

/// Leaves out everything that is asked about a ticket.
async fn skips_what_is_asked(erika: &Person<'_>) {
    for question in ["Worum geht es ungefähr?", "Wer ist betroffen?", "Wie sehr hindert es dich an der Arbeit?"] {
        sees(erika, question).await;
        erika.presses("Weglassen");
    }
}

async fn a_question_is_answered_to_her_alone(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let (erika, ben, mut direct) = in_general(&discord, "de");
    let suggested = erika.types("ask", "question", "vpn").await;
    assert!(!suggested.is_empty() && suggested.len() <= 25, "{suggested:?}");
    assert!(suggested[0].contains("VPN"), "{suggested:?}");
    assert!(!erika.types("ask", "question", "").await.is_empty(), "there is something to begin with");

    erika.commands("ask", &[("question", &suggested[0])]);
    let answer = erika.sees("an answer", |it| it.by_bot && it.text.contains("VPN")).await;
    assert!(answer.secret, "{answer}");
    erika.presses("Ja, es geht");
    sees(&erika, "Das freut mich!").await;

    erika.commands("ask", &[("question", QUESTION)]);
    sees(&erika, "Schritt 1 von 6").await;
    erika.presses("Nein, geht nicht");
    sees(&erika, "Schritt 2 von 6").await;
    assert_eq!(erika.count("Schritt 1 von 6"), 0, "the answer has become the next step");
    erika.presses("Mit einem Menschen sprechen");
    sees(&erika, "Wer ist betroffen?").await;
    erika.presses("Nur ich");
    sees(&erika, "Wie sehr hindert es dich an der Arbeit?").await;
    erika.presses("Ich kann gar nicht arbeiten");
    sees(&erika, "Ich habe Ticket **#1001** eröffnet").await;

    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    direct.reads("**anna** vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.says("Welche Fehlermeldung kommt?").await;
    direct.reads("Welche Fehlermeldung kommt?").await;
    erika.commands("ask", &[("question", "geht es bald weiter?")]);
    anna.reads("requester(Erika)> geht es bald weiter?").await;
    erika
        .sees("that it has arrived", |it| it.secret && it.text.contains("#1001") && !it.text.contains("eröffnet"))
        .await;
    anna.leaves().await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert!(ben.chat().is_empty(), "{:?}", ben.chat());
    assert_eq!(discord.unanswered(), 0);
    let ticket = desk.ticket(1001).await;
    assert!(ticket.sent().iter().all(|said| said.delivery.as_deref() == Some("sent")), "{ticket}");
}

async fn forms_and_menus_open_tickets(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let mut server = office.serve(desk, &discord).await;
    let anna = office.agent(desk, &discord, "Anna").await;
    let (erika, ben, direct) = in_general(&discord, "de");
    let opened = erika.commands_below("ticket", "new");
    let fields = [
        ("Worum geht es, in einem Satz?", "Neuer Monitor für Erika"),
        ("Was sollten wir noch wissen?", "24 Zoll, bis Freitag. Mein Passwort ist Sommer2024!"),
    ];
    erika.fills_in(opened, &fields).await;
    sees(&erika, "Worum geht es ungefähr?").await;
    erika.presses("Weglassen");
    sees(&erika, "Wer ist betroffen?").await;
    erika.presses("Nur ich");
    sees(&erika, "Wie sehr hindert es dich an der Arbeit?").await;
    erika.presses("Weglassen");
    sees(&erika, "Ich habe Ticket **#1001** eröffnet").await;
    let ticket = desk.ticket(1001).await;
    assert_eq!(ticket.field("summary"), "Neuer Monitor für Erika", "{ticket}");
    assert!(ticket.said_by("requester").iter().any(|text| text.contains("24 Zoll")), "{ticket}");
    assert!(!desk.everything_stored().await.contains("Sommer2024"), "a secret is blacked out in a form, too");

    erika.commands_below("ticket", "status");
    sees(&erika, "Neuer Monitor für Erika").await;
    erika.commands_below("ticket", "close");
    sees(&erika, "Ticket #1001 ist geschlossen").await;
    desk.until("it is closed", async || (desk.ticket(1001).await.status() == "closed").then_some(())).await;

    // From a message that Ben wrote, with its picture.
    let text = "Der Drucker im Flur druckt nur leere Seiten.\nSeit gestern.";
    let said = ben.sends("seite.png", "image/png", b"nothing on it", text);
    let opened = erika.commands_on(said, "Create ticket from this message");
    erika.fills_in(opened, &[]).await;
    erika.sees("a question", |it| it.secret && it.text.contains("Worum geht es ungefähr")).await;
    let before = erika.chat().len();
    skips_what_is_asked(&erika).await;
    sees(&erika, "Ich habe Ticket **#1002** eröffnet").await;
    assert_eq!(erika.chat().len(), before, "the answer changes in its place");
    let ticket = desk.ticket(1002).await;
    assert_eq!(ticket.field("summary"), "Der Drucker im Flur druckt nur leere Seiten.", "{ticket}");
    assert!(ticket.said_by("requester").iter().any(|text| text.contains("Ben schrieb: Der Drucker")), "{ticket}");
    let thread = office.room.thread("#1002").await;
    let shown = anna.in_thread(&thread).sees("the picture", |it| it.by_bot && it.files == ["seite.png"]).await;
    assert_eq!(anna.in_thread(&thread).opens(shown.id), b"nothing on it");
    assert!(ben.chat().iter().all(|it| !it.by_bot) && direct.chat().iter().all(|it| !it.by_bot));
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(discord.unanswered(), 0);
}

async fn a_form_takes_words_where_nothing_can_be_written(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let (erika, _ben, _direct) = in_general(&discord, "de");
    erika.commands("human", &[]);
    sees(&erika, "Worum geht es?").await;
    let form = erika.presses("Antwort schreiben");
    erika.fills_in(form, &[("Deine Antwort", "Mein Bildschirm flackert")]).await;
    skips_what_is_asked(&erika).await;
    sees(&erika, "Ich habe Ticket **#1001** eröffnet").await;
    let ticket = desk.ticket(1001).await;
    assert_eq!(ticket.field("summary"), "Mein Bildschirm flackert", "{ticket}");
    assert_eq!(server.is_terminated().await, Some(0));
}

/// The quarter of an hour is over, or Discord has forgotten the interaction: what was to be said is said in direct messages, once.
async fn a_late_answer_comes_as_a_message(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let (erika, ben, mut direct) = in_general(&discord, "de");
    discord.forgets_interactions();
    erika.commands("ask", &[("question", QUESTION)]);
    direct.reads("Schritt 1 von 6").await;
    direct.presses("Nein, geht nicht");
    direct.reads("Schritt 2 von 6").await;
    desk.settles().await;
    assert_eq!(direct.count("Schritt 1 von 6"), 1);
    assert!(erika.chat().is_empty() && ben.chat().is_empty());
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn commands_speak_the_language_of_their_user(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let (erika, _ben, mut direct) = in_general(&discord, "en-GB");
    erika.commands("privacy", &[]);
    sees(&erika, "What you write here is stored").await;
    erika.commands("help", &[]);
    sees(&erika, "talk to a person").await;
    erika.commands("language", &[("name", "de")]);
    sees(&erika, "Ich spreche ab jetzt Deutsch mit dir.").await;
    direct.commands("help", &[]);
    sees(&direct, "The answer comes as a message in a moment").await;
    direct.reads("mit einem Menschen sprechen").await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(discord.unanswered(), 0);
}
