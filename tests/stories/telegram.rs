//! Somebody asks in Telegram, and an agent answers from a terminal.
//!
//! ```text
//! erika (Telegram): ich komme von zu hause nicht ins vpn          presses [Nein, geht nicht] twice
//! bot   (Telegram): Soll ich dich an einen Menschen weitergeben?  erika presses [Mit einem Menschen sprechen]
//! anna  (terminal): /claim 1001, Welche Fehlermeldung kommt?
//! anna  (Telegram): Welche Fehlermeldung kommt?
//! Telegram:         is away; breaks off in the middle of a message, which anna sends again
//! ```

use firstline_tests::{
    both_databases,
    desk::Desk,
    server::Server,
    telegram::{Fault, Person, TOKEN, Telegram, Trouble},
};

both_databases!(an_agent_in_a_terminal_helps, a_killed_server_loses_and_doubles_nothing);

pub(crate) async fn serve(desk: &Desk, telegram: &Telegram) -> Server {
    let url = telegram.url();
    let settings = [("FIRSTLINE_TELEGRAM__TOKEN", TOKEN), ("FIRSTLINE_TELEGRAM__API_URL", &url)];
    desk.serve_with(&settings).await
}

/// Erika is led through the VPN article in vain and presses her way to ticket #1001.
pub(crate) async fn asks_for_help(erika: &mut Person<'_>) {
    erika.says("ich komme von zu hause nicht ins vpn");
    let first = erika.reads("Schritt 1 von 6").await;
    assert_eq!(first.buttons, ["Ja, es geht", "Nein, geht nicht", "Mit einem Menschen sprechen"]);
    erika.presses("Nein, geht nicht");
    erika.reads("Schritt 2 von 6").await;
    erika.presses("Nein, geht nicht");
    erika.reads("Soll ich dich an einen Menschen weitergeben?").await;
    erika.presses("Mit einem Menschen sprechen");
    erika.reads("Wer ist betroffen?").await;
    erika.presses("Nur ich");
    erika.reads("Wie sehr hindert es dich an der Arbeit?").await;
    erika.presses("Ich kann gar nicht arbeiten");
    erika.reads("Ich habe Ticket #1001 eröffnet").await;
}

async fn an_agent_in_a_terminal_helps(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut server = serve(desk, &telegram).await;
    let mut erika = telegram.person(1234, "Erika", "de");
    asks_for_help(&mut erika).await;

    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    assert!(anna.shows("Requester: Erika (telegram)"), "{}", anna.screen().transcript());
    erika.reads("anna vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.says("Welche Fehlermeldung kommt?").await;
    erika.reads("Welche Fehlermeldung kommt?").await;
    erika.says("Zeitüberschreitung beim Verbinden");
    anna.reads("requester(Erika)> Zeitüberschreitung beim Verbinden").await;
    anna.notes("Hotel-WLAN sperrt IPsec").await;
    // Nobody answers at Telegram's port for a while; then the connection is lost in the middle of a message.
    telegram.goes_away().await;
    anna.says("Welches WLAN ist das?").await;
    server.logs("no connection to Telegram").await;
    telegram.comes_back().await;
    erika.reads("Welches WLAN ist das?").await;
    telegram.has(Trouble::new(Fault::DropBefore).on("sendmessage").about("Seit wann"));
    anna.says("Seit wann ist das so?").await;
    anna.reads("Perhaps not delivered").await;
    anna.types("/resend").await;
    erika.reads("Seit wann ist das so?").await;
    // Longer than a message may be.
    let long = "Zuerst das, dann das andere. ".repeat(170);
    anna.types(&long).await;
    let (first, rest) = (erika.reads("Zuerst das").await, erika.reads("Zuerst das").await);
    let whole = [&first.text, " ", &rest.text].concat();
    assert!(whole.contains(long.trim()) && first.text.ends_with("andere."), "{whole}");
    anna.says("Nimm <b>bitte</b> den *Hotspot* @anna.").await;
    erika.reads("Nimm <b>bitte</b> den *Hotspot* @anna.").await;
    assert_eq!((erika.count("Welches WLAN"), erika.count("Seit wann")), (1, 1));
    anna.resolves().await;
    erika.reads("anna hat Ticket #1001 gelöst.").await;
    let last_press = erika.presses("5");
    erika.reads("Möchtest du etwas dazu sagen?").await;
    telegram.is_done_with(last_press).await;
    erika.says("super schnell");
    erika.reads("Danke für deine Rückmeldung!").await;
    anna.reads("super schnell").await;
    anna.leaves().await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));

    let ticket = desk.ticket(1001).await;
    assert_eq!((ticket.status(), ticket.platform()), ("resolved".to_owned(), Some("telegram")), "{ticket}");
    assert_eq!((ticket.field("rating"), ticket.language()), ("5".to_owned(), Some("de")), "{ticket}");
    assert_eq!(ticket.tried(), [("vpn-cannot-connect".to_owned(), 2, "failed".to_owned())], "{ticket}");
    assert!(ticket.sent().iter().all(|said| said.delivery.as_deref() == Some("sent")), "{ticket}");

    let requests = telegram.journal();
    let refused = requests.iter().filter(|request| request.answer.as_ref().is_some_and(|(status, _)| *status != 200));
    assert_eq!(refused.count(), 0, "{requests:?}");
    assert!(!format!("{requests:?}").contains("IPsec"), "a note left the staff side: {requests:?}");
    assert!(requests.iter().all(|request| request.parameters["parse_mode"].is_null()), "people's words are no markup");
    assert_eq!(telegram.requests("answercallbackquery").len(), 6, "every press is answered");
    assert!(!server.everything().contains(TOKEN), "the token is printed nowhere");
}

/// `kill -9` at four moments: an update was handed out and perhaps not kept; it was kept; several are on their way; an agent
/// speaks while there is no server.
async fn a_killed_server_loses_and_doubles_nothing(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut server = serve(desk, &telegram).await;
    let mut erika = telegram.person(1234, "Erika", "de");
    asks_for_help(&mut erika).await;
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    erika.reads("anna vom Helpdesk hat Ticket #1001 übernommen").await;
    desk.settles().await;

    let handed_out = erika.says("Zeile 1");
    telegram.hands_out(handed_out).await;
    server.kill9().await;
    server = serve(desk, &telegram).await;
    anna.reads("requester(Erika)> Zeile 1").await;

    let kept = erika.says("Zeile 2");
    telegram.is_done_with(kept).await;
    server.kill9().await;
    let several = ["Zeile 3", "Zeile 4", "Zeile 5"].map(|line| erika.says(line));
    server = serve(desk, &telegram).await;
    telegram.hands_out(several[1]).await;
    server.kill9().await;
    erika.says("Zeile 6");

    anna.says("Bist du noch da?").await;
    server = serve(desk, &telegram).await;
    erika.reads("Bist du noch da?").await;
    anna.reads_again();
    for number in 1..=6 {
        anna.reads(&format!("requester(Erika)> Zeile {number}")).await;
    }
    desk.settles().await;
    anna.leaves().await;
    assert_eq!(server.is_terminated().await, Some(0));

    assert_eq!(erika.count("Bist du noch da?"), 1);
    let ticket = desk.ticket(1001).await;
    let lines: Vec<String> = ticket.said_by("requester").into_iter().filter(|text| text.starts_with("Zeile")).collect();
    assert_eq!(lines, ["Zeile 1", "Zeile 2", "Zeile 3", "Zeile 4", "Zeile 5", "Zeile 6"], "{ticket}");
    for said in ticket.sent() {
        assert_eq!(said.delivery.as_deref(), Some("sent"), "{ticket}");
        assert_eq!(erika.count(&said.first_line()), 1, "{said:?}");
    }
}
