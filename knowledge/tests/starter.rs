//! The starter base: complete, and able to answer what it is there for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use firstline_knowledge::{
    Article, ArticleId, Audience, Conclusion, Language, Library, MatchSettings, Question, Verdict, starter,
};

static LIBRARY: LazyLock<Library> =
    LazyLock::new(|| Library::build(starter::articles().unwrap(), &MatchSettings::default()));

fn ask(text: &str) -> Verdict {
    LIBRARY.ask(&Question { text, language: None, audience: Audience::Everyone, not: &[] })
}

fn ids(verdict: &Verdict) -> Vec<&str> {
    verdict.candidates.iter().map(|candidate| candidate.id.as_str()).collect()
}

#[test]
fn every_article_is_there_in_both_languages() {
    let mut languages: BTreeMap<ArticleId, BTreeSet<Language>> = BTreeMap::new();
    for article in starter::articles().unwrap() {
        assert!(languages.entry(article.id.clone()).or_default().insert(article.language), "{} twice", article.id);
    }
    assert!(!languages.is_empty());
    for (id, languages) in languages {
        assert_eq!(languages, BTreeSet::from(Language::ALL), "{id}");
    }
}

#[test]
fn translations_agree() {
    for article in LIBRARY.articles() {
        let other = LIBRARY.article(&article.id, article.language.other()).unwrap();
        assert_eq!(
            (&article.category, article.kind, article.audience),
            (&other.category, other.kind, other.audience),
            "{}",
            article.id
        );
    }
}

#[test]
fn every_article_has_at_least_five_phrasings_of_its_own() {
    let mut seen: BTreeMap<(Language, String), &Article> = BTreeMap::new();
    for article in LIBRARY.articles() {
        assert!(article.phrasings.len() >= 5, "{} ({})", article.id, article.language);
        for phrasing in &article.phrasings {
            let key = (article.language, phrasing.trim().to_lowercase());
            if let Some(other) = seen.insert(key, article) {
                panic!("{phrasing:?} is in {} and in {}", article.id, other.id);
            }
        }
    }
}

#[test]
fn every_title_finds_its_article_first() {
    for article in LIBRARY.articles() {
        let question =
            Question { text: &article.title, language: Some(article.language), audience: Audience::Staff, not: &[] };
        let verdict = LIBRARY.ask(&question);
        assert_eq!(ids(&verdict).first(), Some(&article.id.as_str()), "{:?}: {:?}", article.title, ids(&verdict));
        assert_eq!(verdict.candidates[0].title, article.title);
        assert_ne!(verdict.conclusion, Conclusion::Unknown, "{:?} {}", article.title, verdict.confidence);
    }
}

#[test]
fn every_phrasing_is_answered_or_offered() {
    let mut all = 0;
    let mut lost = Vec::new();
    for article in LIBRARY.articles() {
        for text in &article.phrasings {
            let verdict =
                LIBRARY.ask(&Question { text, language: Some(article.language), audience: Audience::Staff, not: &[] });
            all += 1;
            if !ids(&verdict)[..verdict.offered].contains(&article.id.as_str()) {
                lost.push(text);
            }
        }
    }
    assert!(lost.len() * 100 <= all, "{} of {all}: {lost:#?}", lost.len());
}

#[test]
fn questions_that_must_be_answered() {
    fn check(text: &str, language: Language, id: &str) {
        let verdict = ask(text);
        assert_eq!(
            (verdict.language, verdict.conclusion),
            (language, Conclusion::Answer),
            "{text}: {} {:?}",
            verdict.confidence,
            ids(&verdict)
        );
        assert_eq!((ids(&verdict)[0], verdict.candidates[0].language, verdict.offered), (id, language, 1), "{text}");
    }
    check("ich komme von zu hause nicht ins vpn", Language::De, "vpn-cannot-connect");
    check("my outloook wont conect", Language::En, "outlook-cannot-connect");
}

#[test]
fn questions_that_must_be_answered_or_offered() {
    fn check(text: &str, language: Language, right: &[&str]) {
        let verdict = ask(text);
        assert_eq!(verdict.language, language, "{text}");
        assert_ne!(verdict.conclusion, Conclusion::Unknown, "{text}: {} {:?}", verdict.confidence, ids(&verdict));
        let offered = &ids(&verdict)[..verdict.offered];
        assert!(offered.iter().any(|id| right.contains(id)), "{text}: {offered:?} {}", verdict.confidence);
        assert!(
            verdict.candidates.iter().take(verdict.offered).all(|candidate| candidate.language == language),
            "{text}"
        );
    }
    check("vpn geht nicht", Language::De, &["vpn-cannot-connect"]);
    check("drucker druckt nicht", Language::De, &["printer-does-not-print"]);
    check("passwort vergessen", Language::De, &["password-forgotten"]);
    check("i forgot my password", Language::En, &["password-forgotten"]);
    check(
        "mein laptop crashed nach dem update",
        Language::De,
        &["update-stuck-or-restart-loop", "program-crashes-or-hangs", "laptop-does-not-start"],
    );
    check("Firmenlaptop langsam", Language::De, &["laptop-slow"]);
    check("my priinter is not printing", Language::En, &["printer-does-not-print"]);
    check("konto gesperrt", Language::De, &["account-locked"]);
}

#[test]
fn one_word_is_a_question_back() {
    fn check(text: &str, beginning: &str) {
        let verdict = ask(text);
        assert_eq!(verdict.conclusion, Conclusion::Ambiguous, "{text}: {} {:?}", verdict.confidence, ids(&verdict));
        assert!((2..=4).contains(&verdict.offered), "{text}");
        assert!(
            ids(&verdict)[..verdict.offered].iter().all(|id| id.contains(beginning)),
            "{text}: {:?}",
            ids(&verdict)
        );
    }
    check("drucker", "print");
    check("printer", "print");
    check("vpn", "vpn");
    check("VPN!!", "vpn");
}

#[test]
fn what_is_not_the_desks_is_unknown() {
    for text in [
        "what is the capital of France", "wie wird das wetter morgen", "write me a poem", "wer ist bundeskanzler",
        "how do i bake a cake", "hello", "guten tag", "geht nicht", "bitte um hilfe", "can you help me please", "",
        "   ", "🙂", "打印机坏了", "مرحبا",
    ] {
        let verdict = ask(text);
        assert_eq!(
            (verdict.conclusion, verdict.offered),
            (Conclusion::Unknown, 0),
            "{text}: {} {:?}",
            verdict.confidence,
            ids(&verdict)
        );
    }
}
