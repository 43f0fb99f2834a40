use firstline_engine::knowledge::{Audience, Library, MatchSettings, Question};

use super::*;

fn library() -> Library {
    let article = |id: &str, title: &str, body: &str| {
        let text = format!(
            "---\nid: {id}\nlanguage: en\ntitle: {title}\ncategory: network\nsteps: [Restart it.]\n---\n\n{body}\n"
        );
        Article::from_markdown(&text).expect("an article")
    };
    let articles = vec![
        article("vpn", "I cannot connect to the VPN", "Use the **new** client. <script>alert(1)</script>"),
        article("printer", "The printer does not print", "Is there paper in it?"),
    ];
    Library::build(articles, &MatchSettings::default())
}

fn page(language: Language, platforms: &[Platform], question: Option<&str>, conclusion: Option<Conclusion>) -> String {
    let library = library();
    let answer = question.map(|text| {
        let mut verdict =
            library.ask(&Question { text, language: Some(Language::En), audience: Audience::Everyone, not: &[] });
        if let Some(conclusion) = conclusion {
            verdict.conclusion = conclusion;
            verdict.offered = verdict.candidates.len();
        }
        Answer::of(verdict, &library)
    });
    let phrases = Phrases::new();
    let desk_name = "IT <Help> & Co";
    Landing { phrases: &phrases, language, desk_name, platforms, question, answer: answer.as_ref() }
        .render()
        .into_string()
}

#[test]
fn the_page_speaks_the_readers_language() {
    let english = page(Language::En, &[], None, None);
    assert!(english.contains("<html lang=\"en\">") && english.contains("Start a conversation"), "{english}");
    assert!(english.contains("href=\"/?language=de\"") && english.contains("Deutsch"), "{english}");
    let german = page(Language::De, &[], None, None);
    assert!(german.contains("<html lang=\"de\">") && german.contains("Ein Gespräch anfangen"), "{german}");
}

#[test]
fn the_page_names_the_chats_there_are() {
    let platforms = [Platform::Discord, Platform::Telegram, Platform::Web];
    assert!(page(Language::En, &platforms, None, None).contains("in Discord, Telegram."));
    assert!(page(Language::En, &[], None, None).contains("not connected to Discord or Telegram"));
}

#[test]
fn an_answer_is_shown_with_its_article_and_its_steps() {
    let shown = page(Language::En, &[], Some("cannot connect to the vpn"), Some(Conclusion::Answer));
    assert!(shown.contains("<h2>I cannot connect to the VPN</h2>"), "{shown}");
    assert!(shown.contains("<strong>new</strong>") && shown.contains("Restart it."), "{shown}");
    assert!(!shown.contains("<script"), "{shown}");
}

#[test]
fn what_may_be_meant_is_offered_and_what_is_unknown_is_said() {
    let several = page(Language::En, &[], Some("the printer vpn"), Some(Conclusion::Ambiguous));
    assert!(several.contains("<summary>The printer does not print</summary>"), "{several}");
    let unknown = page(Language::De, &[], Some("the vpn"), Some(Conclusion::Unknown));
    assert!(unknown.contains("Darauf weiß ich keine Antwort."), "{unknown}");
    assert!(!unknown.contains("I cannot connect to the VPN"), "what only came near is no answer: {unknown}");
}

#[test]
fn nothing_that_is_typed_or_configured_becomes_markup() {
    let shown = page(Language::En, &[], Some("\"><script>alert(1)</script>"), None);
    assert!(!shown.contains("<script"), "{shown}");
    assert!(shown.contains("IT &lt;Help&gt; &amp; Co"), "{shown}");
}
