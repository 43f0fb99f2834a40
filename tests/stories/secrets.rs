//! Somebody writes a password into a question. It is answered, and the password is nowhere.
//!
//! ```text
//! erika: mein passwort ist Sommer2024! und ich komme von zu hause nicht ins vpn
//! desk:  In deiner Nachricht stand anscheinend ein Passwort …          bot: VPN verbindet sich von zu Hause nicht …
//! erika: Mensch …                    anna: /claim 1001                 (reads █████)
//! erika: nimm doch pw: Winter2025!   anna: requester(erika)> nimm doch pw: █████
//! ```

use firstline_tests::{
    both_databases,
    desk::Desk,
    telegram::{TOKEN, Telegram},
};

both_databases!(a_password_is_stored_nowhere, a_password_sent_by_telegram_is_stored_nowhere);

const WARNING: &str = "In deiner Nachricht stand anscheinend ein Passwort";

async fn a_password_is_stored_nowhere(desk: &Desk) {
    let mut erika = desk.employee("erika");
    erika.says("mein passwort ist Sommer2024! und ich komme von zu hause nicht ins vpn").await;
    erika.reads(&format!("desk> {WARNING}")).await;
    erika.reads("bot> VPN verbindet sich von zu Hause nicht").await;
    erika.reads("Hat das geholfen?").await;
    erika.says("Mensch").await;
    erika.reads("Wer ist betroffen?").await;
    erika.says("nur ich").await;
    erika.reads("Wie sehr hindert es dich an der Arbeit?").await;
    erika.says("3").await;
    erika.reads("Ich habe Ticket #1001 eröffnet").await;

    let mut anna = desk.agent("anna");
    anna.reads("#1001 high, new: mein passwort ist █████ und ich komme von zu hause nicht ins vpn").await;
    anna.claims(1001).await;
    erika.reads("anna vom Helpdesk hat Ticket #1001 übernommen").await;
    erika.says("nimm doch einfach pw: Winter2025!").await;
    anna.reads("requester(erika)> nimm doch einfach pw: █████").await;
    erika.types("/edit oder mein altes passwort ist Herbst2023! mit umlaut").await;
    anna.reads("oder mein altes passwort ist █████ mit umlaut").await;
    erika.leaves().await;
    anna.leaves().await;
    assert_eq!(erika.count(WARNING), 1, "once is enough:\n{}", erika.screen().transcript());

    // Who reads it again later reads no password either.
    let mut again = desk.employee("erika");
    again.reads("mein passwort ist █████ und ich komme").await;
    again.leaves().await;
    desk.settles().await;

    let ticket = desk.ticket(1001).await;
    assert_eq!(ticket.field("summary"), "mein passwort ist █████ und ich komme von zu hause nicht ins vpn", "{ticket}");
    let stored = desk.everything_stored().await;
    assert!(stored.contains("nimm doch einfach pw"), "this looks where the texts are");
    let shown = [stored, anna.screen().transcript(), again.screen().transcript(), erika.log(), anna.log()];
    for secret in ["Sommer2024", "Winter2025", "Herbst2023"] {
        assert!(shown.iter().all(|text| !text.contains(secret)), "{secret} was kept");
    }
}

async fn a_password_sent_by_telegram_is_stored_nowhere(desk: &Desk) {
    let telegram = Telegram::start().await;
    let url = telegram.url();
    let settings = [("FIRSTLINE_TELEGRAM__TOKEN", TOKEN), ("FIRSTLINE_TELEGRAM__API_URL", url.as_str())];
    let mut server = desk.serve_with(&settings).await;
    let mut erika = telegram.person(1234, "Erika", "de");
    let said = erika.says("mein passwort Sommer2024! geht nicht, ich komme von zu hause nicht ins vpn");
    erika.reads(WARNING).await;
    erika.reads("Schritt 1 von 6").await;
    telegram.is_done_with(said).await;
    desk.settles().await;

    // Telegram sends what it thinks was not taken in once more: it is still known, and nothing is said twice.
    server.kill9().await;
    server = desk.serve_with(&settings).await;
    erika.says("danke, hat geholfen");
    erika.reads("Das freut mich!").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!((erika.count(WARNING), erika.count("Schritt 1 von 6")), (1, 1));
    let stored = desk.everything_stored().await;
    assert!(stored.contains("ich komme von zu hause nicht ins vpn"), "this looks where the texts are");
    assert!(!stored.contains("Sommer2024") && !server.everything().contains("Sommer2024"));
}
