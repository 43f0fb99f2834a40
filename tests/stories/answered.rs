//! What the bot does alone.
//!
//! ```text
//! erika: wo schicke ich meine krankmeldung hin      erika: ich komme von zu hause nicht ins vpn
//! bot:   Wohin mit der Krankmeldung? …              bot:   Schritt 1 von 6 …      erika: geht nicht
//! erika: danke, hat geholfen                        bot:   Schritt 2 von 6 …      erika: ja, geht jetzt
//! bot:   Das freut mich!                            bot:   Das freut mich!
//! ```

use firstline_tests::{both_databases, desk::Desk};

both_databases!(
    an_answer_is_confirmed, a_guide_that_helps_ends, an_ambiguous_word_is_clarified, what_is_not_known_is_said
);

async fn an_answer_is_confirmed(desk: &Desk) {
    let mut erika = desk.employee("erika");
    erika.says("wo schicke ich meine krankmeldung hin").await;
    erika.reads("bot> Wohin mit der Krankmeldung?").await;
    erika.reads("Personalabteilung").await;
    erika.reads("bot> Hat das geholfen?").await;
    erika.reads("[1] Ja, es geht").await;
    erika.says("danke, hat geholfen").await;
    erika.reads("bot> Das freut mich!").await;
    erika.leaves().await;
    assert_eq!(desk.count_tickets().await, 0, "nobody needed a human");
}

async fn a_guide_that_helps_ends(desk: &Desk) {
    let mut erika = desk.employee("erika");
    erika.says("ich komme von zu hause nicht ins vpn").await;
    erika.reads("bot> VPN verbindet sich von zu Hause nicht").await;
    erika.reads("bot> Schritt 1 von 6").await;
    erika.says("geht nicht").await;
    erika.reads("bot> Schritt 2 von 6").await;
    erika.says("ja, geht jetzt").await;
    erika.reads("bot> Das freut mich!").await;
    erika.leaves().await;
    assert!(!erika.shows("Schritt 3"), "{}", erika.screen().transcript());
    assert_eq!(desk.count_tickets().await, 0, "nobody needed a human");
}

async fn an_ambiguous_word_is_clarified(desk: &Desk) {
    let mut erika = desk.employee("erika");
    erika.says("drucker").await;
    erika.reads("bot> Ich habe mehrere Antworten, die passen könnten.").await;
    let first = erika.reads("bot> [1] ").await;
    erika.reads("bot> [2] ").await;
    erika.reads("Nichts davon").await;
    erika.reads("Mit einem Menschen sprechen").await;
    erika.says("1").await;
    let title = first.trim_start_matches("bot> [1] ");
    erika.reads(&format!("bot> {title}")).await;
    erika.reads("Hat das geholfen?").await;
    erika.leaves().await;
}

async fn what_is_not_known_is_said(desk: &Desk) {
    let mut erika = desk.employee("erika");
    erika.says("what is the capital of France").await;
    erika.reads("bot> I don't know the answer to that").await;
    erika.reads("bot> [1] Talk to a human").await;
    erika.reads("bot> [2] No, thank you").await;
    erika.leaves().await;
    assert!(!erika.shows("Paris"), "it does not guess");
    assert_eq!(desk.count_tickets().await, 0, "nobody has asked for a human yet");
}
