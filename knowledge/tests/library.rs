//! How a library behaves whatever its articles, and whatever it is asked.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use firstline_knowledge::{
    Article, ArticleId, Audience, Conclusion, Language, Library, MatchSettings, Question, Verdict, starter,
};
use proptest::prelude::*;

static STARTER: LazyLock<Library> =
    LazyLock::new(|| Library::build(starter::articles().unwrap(), &MatchSettings::default()));

fn article(id: &str, language: Language, title: &str) -> Article {
    let text = format!("---\nid: {id}\nlanguage: {language}\ntitle: {title}\ncategory: test\n---\n");
    Article::from_markdown(&text).unwrap()
}

fn library(articles: Vec<Article>) -> Library {
    Library::build(articles, &MatchSettings::default())
}

fn question(text: &str) -> Question<'_> {
    Question { text, language: None, audience: Audience::Everyone, not: &[] }
}

fn first(verdict: &Verdict) -> Option<&str> {
    verdict.candidates.first().map(|candidate| candidate.id.as_str())
}

fn id(text: &str) -> ArticleId {
    text.parse().unwrap()
}

#[test]
fn an_empty_library_knows_nothing() {
    let library = library(Vec::new());
    assert!(library.is_empty());
    let verdict = library.ask(&question("my printer is broken"));
    assert_eq!(
        (verdict.conclusion, verdict.candidates.len(), verdict.language),
        (Conclusion::Unknown, 0, Language::En)
    );
    assert!(verdict.confidence.abs() < f64::EPSILON);
}

#[test]
fn later_duplicates_replace_earlier_ones() {
    let library = library(vec![
        article("a", Language::En, "Printer is broken"),
        article("a", Language::De, "Drucker kaputt"),
        article("a", Language::En, "Scanner is broken"),
    ]);
    assert_eq!(library.articles().count(), 2);
    assert_eq!(library.article(&id("a"), Language::En).unwrap().title, "Scanner is broken");
    assert_eq!(library.categories().iter().collect::<Vec<_>>(), ["test"]);
}

#[test]
fn an_article_is_there_in_the_other_language_if_need_be() {
    let library = library(vec![article("a", Language::En, "Printer")]);
    assert_eq!(library.article(&id("a"), Language::De).unwrap().language, Language::En);
    assert_eq!(library.article(&id("b"), Language::De), None);
}

#[test]
fn staff_articles_are_for_staff() {
    let mut secret = article("unlock-a-user", Language::En, "Unlock a locked user in the directory");
    secret.audience = Audience::Staff;
    let library = library(vec![secret, article("printer", Language::En, "Printer is broken")]);
    let text = "unlock a locked user in the directory";
    assert_eq!(first(&library.ask(&question(text))), None);
    let staff = library.ask(&Question { audience: Audience::Staff, ..question(text) });
    assert_eq!((first(&staff), staff.conclusion), (Some("unlock-a-user"), Conclusion::Answer));
}

#[test]
fn a_staff_translation_is_not_shown_to_others() {
    let mut secret = article("a", Language::De, "Drucker kaputt");
    secret.audience = Audience::Staff;
    let library = library(vec![secret, article("a", Language::En, "Printer broken")]);
    let verdict = library.ask(&Question { language: Some(Language::De), ..question("drucker kaputt") });
    assert_eq!((first(&verdict), verdict.candidates[0].language), (Some("a"), Language::En));
}

#[test]
fn what_was_tried_is_left_out() {
    let tried = [id("vpn-cannot-connect")];
    let verdict = STARTER.ask(&Question { not: &tried, ..question("vpn geht nicht") });
    assert!(verdict.candidates.iter().all(|candidate| candidate.id != tried[0]));
    assert!(first(&verdict).is_some_and(|id| id.contains("vpn")), "{verdict:?}");
}

#[test]
fn a_german_question_finds_an_english_article() {
    let library = library(vec![
        article("reset", Language::En, "I forgot my password"),
        article("paper", Language::En, "Paper jam"),
    ]);
    let verdict = library.ask(&question("ich habe mein kennwort vergessen"));
    assert_eq!((first(&verdict), verdict.language), (Some("reset"), Language::De));
}

#[test]
fn an_article_shows_in_the_language_of_the_question() {
    let library =
        library(vec![article("vpn", Language::En, "VPN Timeout"), article("vpn", Language::De, "VPN Timeout")]);
    for language in Language::ALL {
        let verdict = library.ask(&Question { language: Some(language), ..question("vpn timeout") });
        assert_eq!((verdict.candidates.len(), verdict.candidates[0].language), (1, language));
    }
}

#[test]
fn the_author_has_the_last_word() {
    let mut one = article("one", Language::En, "Something about printers");
    one.phrasings = vec!["red light blinks".to_owned()];
    let mut other = article("other", Language::En, "Red light blinks on the printer, red light, blinks");
    other.body = "red light blinks ".repeat(20);
    let verdict = library(vec![one, other]).ask(&question("Red light blinks!"));
    assert_eq!((first(&verdict), verdict.conclusion), (Some("one"), Conclusion::Answer));
}

#[test]
fn corrections_are_reported() {
    let verdict = STARTER.ask(&question("my outloook wont conect"));
    let corrections: Vec<_> = verdict.corrections.iter().map(|c| (c.from.as_str(), c.to.as_str())).collect();
    assert_eq!(corrections, [("outloook", "outlook"), ("conect", "connect")]);
    assert!(STARTER.ask(&question("ich komme nicht ins vpn")).corrections.is_empty());
}

#[test]
fn shared_between_threads() {
    fn check<T: Send + Sync>(_: &T) {}
    check(&Arc::new(library(Vec::new())));
}

#[test]
fn hostile_texts_take_bounded_time() {
    let trace =
        "Exception in thread \"main\" java.lang.NullPointerException\n    at com.example.Foo.bar(Foo.java:42)\n";
    let texts = [
        "a".repeat(1_000_000),
        "drucker ".repeat(200_000),
        (b'a'..=b'z').cycle().take(200_000).map(|c| ["wrod", "x"].join(&char::from(c).to_string()) + " ").collect(),
        format!("vpn {}", "\u{301}".repeat(100_000)),
        "\u{fdfa}".repeat(100_000),
        "👩‍👩‍👧‍👦".repeat(50_000),
        "-a".repeat(500_000),
        trace.repeat(10_000),
        "Не работает принтер".repeat(10_000),
        "\0\u{202e}\u{feff}".repeat(10_000),
    ];
    let _ = STARTER.is_empty();
    for text in texts {
        let start = Instant::now();
        let verdict = STARTER.ask(&question(&text));
        let time = start.elapsed();
        let beginning: String = text.chars().take(20).collect();
        assert!(time < Duration::from_secs(2), "{beginning:?}: {time:?}");
        assert!((0.0..=1.0).contains(&verdict.confidence), "{beginning:?}");
    }
}

#[test]
fn odd_texts_get_a_sensible_verdict() {
    let trace = "Traceback (most recent call last):\n  File \"/opt/app/main.py\", line 42, in run\n    value = rows[key]\nKeyError: 'total'\n";
    let unknown = [
        String::new(),
        " \n\t ".to_owned(),
        "🙂".to_owned(),
        "?!?!".to_owned(),
        "\u{301}".repeat(100_000),
        "打印机坏了".to_owned(),
        "Принтер не печатает".to_owned(),
        "الطابعة لا تعمل".to_owned(),
        trace.to_owned(),
        trace.repeat(1_000),
        "lorem ipsum dolor sit amet ".repeat(40_000),
        "a".repeat(1_000_000),
        "pw: hunter2".to_owned(),
    ];
    for text in unknown {
        let verdict = STARTER.ask(&question(&text));
        let beginning: String = text.chars().take(20).collect();
        assert_ne!(verdict.conclusion, Conclusion::Answer, "{beginning:?}: {verdict:?}");
    }
    // What is asked above a trace is what counts.
    let asked = format!("der drucker druckt nicht\n{trace}");
    let found = STARTER.ask(&question(&asked)).candidates;
    assert!(found.iter().take(4).any(|found| found.id.as_str().contains("print")), "{found:?}");
}

#[test]
fn a_secret_changes_nothing_and_is_no_word() {
    let secret = STARTER.ask(&question("my password Outlook#Printer7 does not work"));
    assert_eq!(secret, STARTER.ask(&question("my password   does not work")));
    assert_eq!(secret, STARTER.ask(&question("my password █████ does not work")));
}

#[test]
fn what_is_after_the_cap_is_not_read() {
    let text = format!("{} drucker druckt nicht", ". ".repeat(3_000));
    assert_eq!(STARTER.ask(&question(&text)).conclusion, Conclusion::Unknown);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_verdict_is_well_formed(
        text in prop_oneof![any::<String>(), "[a-zäöüß ]{0,80}", "((vpn|drucker|my|ist|passwort|outlook|-|é|🙂|printr) ?){0,12}"],
        language in prop_oneof![Just(None), Just(Some(Language::En)), Just(Some(Language::De))],
    ) {
        let verdict = STARTER.ask(&Question { language, ..question(&text) });
        let scores: Vec<f64> = verdict.candidates.iter().map(|candidate| candidate.score).collect();
        prop_assert!((0.0..=1.0).contains(&verdict.confidence));
        prop_assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)));
        prop_assert!(scores.windows(2).all(|pair| pair[0] >= pair[1]));
        prop_assert!(scores.len() <= Verdict::MAX_CANDIDATES);
        prop_assert_eq!(language.unwrap_or(verdict.language), verdict.language);
        let offered = verdict.offered;
        prop_assert!(offered <= scores.len());
        let well_offered = match verdict.conclusion {
            Conclusion::Answer => offered == 1,
            Conclusion::Ambiguous => (2..=4).contains(&offered) || (offered == 1 && scores.len() == 1),
            Conclusion::Unknown => offered == 0,
        };
        prop_assert!(well_offered);
        let mut ids: Vec<_> = verdict.candidates.iter().map(|candidate| &candidate.id).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), scores.len());
        prop_assert_eq!(&verdict, &STARTER.ask(&Question { language, ..question(&text) }));
    }
}
