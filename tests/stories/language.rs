//! Everybody is answered in the language they write in, until they choose one.

use firstline_tests::{both_databases, desk::Desk};

both_databases!(
    the_answer_is_in_the_language_of_the_question,
    a_chosen_language_stays,
    an_article_that_is_only_in_the_other_language_says_so
);

async fn the_answer_is_in_the_language_of_the_question(desk: &Desk) {
    let mut erika = desk.employee("erika");
    erika.says("ich komme von zu hause nicht ins vpn").await;
    erika.reads("bot> VPN verbindet sich von zu Hause nicht").await;
    erika.reads("bot> Hat das geholfen?").await;
    erika.leaves().await;

    let mut john = desk.employee("john");
    john.says("i cannot get into the vpn from home").await;
    john.reads("bot> Step 1 of").await;
    john.reads("bot> Did that help?").await;
    john.leaves().await;
    for german in ["Schritt", "Hat das geholfen"] {
        assert!(!john.shows(german), "{}", john.screen().transcript());
    }
}

async fn a_chosen_language_stays(desk: &Desk) {
    let mut erika = desk.employee("erika");
    erika.says("ich komme von zu hause nicht ins vpn").await;
    erika.reads("bot> Schritt 1 von 6").await;
    erika.reads("Hat das geholfen?").await;
    erika.says("/language en").await;
    erika.reads("desk> I'll speak English with you from now on.").await;
    erika.leaves().await;

    let mut again = desk.employee("erika");
    again.reads("terminal> Earlier:").await;
    again.says("geht nicht").await;
    again.reads("bot> Step 2 of 6").await;
    again.says("/new").await;
    again.reads("All right, a new question").await;
    again.says("wo schicke ich meine krankmeldung hin").await;
    again.reads("bot> Where do I send my sick note?").await;
    again.says("/sprache de").await;
    again.reads("desk> Ich spreche ab jetzt Deutsch mit dir.").await;
    again.leaves().await;

    let mut other = desk.employee("otto");
    other.says("/language").await;
    other.reads("I speak English and German").await;
    other.leaves().await;
}

async fn an_article_that_is_only_in_the_other_language_says_so(desk: &Desk) {
    let article =
        "---\nid: vpn-timeout\nlanguage: en\ntitle: VPN Timeout\ncategory: network\n---\n\nWait, and try again.\n";
    std::fs::write(desk.path("vpn-timeout.md"), article).expect("the desk's folder can be written to");
    let _ = desk.run(&["kb", "import", "vpn-timeout.md", "--prune"]).await.succeeds();

    let mut erika = desk.employee("erika");
    erika.says("ich bekomme immer VPN Timeout").await;
    erika.reads("bot> Das habe ich nur auf Englisch:").await;
    erika.reads("VPN Timeout").await;
    erika.reads("Wait, and try again.").await;
    erika.reads("bot> Hat das geholfen?").await;
    erika.says("ja, geht jetzt").await;
    erika.reads("bot> Das freut mich!").await;
    erika.leaves().await;

    // Once there is a translation, it is shown.
    let translation = article.replace("language: en", "language: de").replace("Wait, and try again.", "Warte kurz.");
    std::fs::write(desk.path("vpn-timeout.de.md"), translation).expect("the desk's folder can be written to");
    let _ = desk.run(&["kb", "import", "vpn-timeout.de.md"]).await.succeeds();
    let mut otto = desk.employee("otto");
    otto.says("ich bekomme immer VPN Timeout").await;
    otto.reads("Warte kurz.").await;
    otto.reads("bot> Hat das geholfen?").await;
    otto.leaves().await;
    assert!(!otto.shows("nur auf Englisch"), "{}", otto.screen().transcript());
}
