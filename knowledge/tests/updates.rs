//! A base that changes: what is new is found at once, and when it has settled it answers as one that was built anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::{cell::RefCell, collections::BTreeMap, sync::LazyLock};

use firstline_knowledge::{Article, ArticleId, Audience, Language, Library, MatchSettings, Question, Verdict, starter};
use proptest::prelude::*;

/// Articles in both languages, and some whose translation is not among them.
static POOL: LazyLock<Vec<Article>> = LazyLock::new(|| {
    let articles = starter::articles().unwrap().into_iter().enumerate();
    articles.filter(|(at, _)| at % 70 < 8 || (70..75).contains(&(at % 75))).map(|(_, article)| article).collect()
});

const QUESTIONS: [&str; 6] = [
    "my outloook wont conect", "passwort vergessen", "drucker", "the screen stays black",
    "Netzlaufwerksverbindung weg", "what is the capital of France",
];

#[derive(Clone, Debug)]
enum Change {
    /// Puts an article of the pool in, without some of its phrasings and steps.
    Put(usize, usize),
    Retire(usize),
    Settle,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => (0..POOL.len(), 0..4_usize).prop_map(|(at, variant)| Change::Put(at, variant)),
        2 => (0..POOL.len()).prop_map(Change::Retire),
        1 => Just(Change::Settle),
    ]
}

fn variant(at: usize, variant: usize) -> Article {
    let mut article = POOL[at].clone();
    let mut place = 0;
    article.phrasings.retain(|_| (variant == 0 || place % 3 != variant - 1, place += 1).0);
    if variant == 2 {
        article.steps.clear();
        article.audience = Audience::Staff;
    }
    article
}

fn ask(library: &Library, text: &str) -> Verdict {
    library.ask(&Question { text, language: None, audience: Audience::Staff, not: &[] })
}

fn key(article: &Article) -> (ArticleId, Language) {
    (article.id.clone(), article.language)
}

fn assert_same(left: &Library, right: &Library) {
    assert!(left.articles().eq(right.articles()));
    assert_eq!(left.categories(), right.categories());
    for text in QUESTIONS.into_iter().chain(POOL.iter().map(|article| article.title.as_str())) {
        assert_eq!(ask(left, text), ask(right, text), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_settled_base_is_as_if_built_anew(
        first in prop::collection::vec(0..POOL.len(), 0..12),
        changes in prop::collection::vec(change(), 1..10),
    ) {
        let settings = MatchSettings::default();
        let mut articles: BTreeMap<(ArticleId, Language), Article> =
            first.iter().map(|&at| (key(&POOL[at]), POOL[at].clone())).collect();
        let mut library = Library::build(articles.values().cloned().collect(), &settings);
        prop_assert!(library.is_settled());
        for change in changes {
            match change {
                Change::Put(at, number) => {
                    let article = variant(at, number);
                    let known = articles.insert(key(&article), article.clone());
                    let updated = library.updated(vec![article.clone()], &[]);
                    prop_assert_eq!(updated.is_none(), known.as_ref() == Some(&article));
                    if let Some(updated) = updated {
                        prop_assert!(!updated.is_settled());
                        library = updated;
                    }
                    // Found at once, by its own words.
                    let text = article.phrasings.last().unwrap();
                    let verdict = library.ask(&Question {
                        text, language: Some(article.language), audience: Audience::Staff, not: &[],
                    });
                    prop_assert_eq!(&verdict.candidates[0].id, &article.id);
                }
                Change::Retire(at) => {
                    let gone = key(&POOL[at]);
                    let updated = library.updated(Vec::new(), std::slice::from_ref(&gone));
                    prop_assert_eq!(updated.is_some(), articles.remove(&gone).is_some());
                    library = updated.unwrap_or(library);
                    let shown = |verdict: Verdict| verdict.candidates.iter().any(|it| (&it.id, it.language) == (&gone.0, gone.1));
                    prop_assert!(!shown(ask(&library, &POOL[at].title)));
                }
                Change::Settle => library = library.settled(),
            }
            prop_assert!(library.articles().eq(articles.values()));
        }
        assert_same(&library.settled(), &Library::build(articles.into_values().collect(), &settings));
    }
}

#[test]
fn a_change_is_found_by_its_meaning_before_anything_has_settled() {
    let library = Library::build(POOL.clone(), &MatchSettings::default());
    let mut article = POOL.iter().find(|article| article.language == Language::En).unwrap().clone();
    article.id = "coffee-machine".parse().unwrap();
    article.title = "The coffee machine in the kitchen is broken".to_owned();
    article.phrasings = vec!["no espresso on our floor".to_owned()];
    article.body = "Empty the drip tray and switch the machine off and on.".to_owned();
    let updated = library.updated(vec![article.clone()], &[]).unwrap();
    let verdict = ask(&updated, "i would like a cappuccino but nothing comes out of it");
    assert_eq!(verdict.candidates[0].id, article.id, "{verdict:?}");
    // A misspelt word of the new article is known.
    assert_eq!(ask(&updated, "broken epsresso").corrections[0].to, "espresso");
    let back = updated.updated(Vec::new(), &[key(&article)]).unwrap();
    assert!(back.article(&article.id, Language::En).is_none());
    assert_same(&back.settled(), &library);
}

fn snapshot(library: &Library) -> Vec<u8> {
    let mut bytes = Vec::new();
    assert!(library.write_snapshot(&mut bytes).unwrap());
    bytes
}

#[test]
fn a_snapshot_answers_as_the_library_that_wrote_it() {
    let settings = MatchSettings::default();
    let library = Library::build(POOL.clone(), &settings);
    let bytes = snapshot(&library);
    let (restored, error) = Library::restore(POOL.clone(), &settings, &*bytes);
    assert!(error.is_none() && restored.is_settled());
    assert_same(&restored, &library);
    assert_eq!(snapshot(&restored), bytes);
    // What changed since is brought up to date.
    let mut articles = POOL.clone();
    articles.remove(3);
    articles[0].audience = Audience::Staff;
    articles[1].phrasings.push("a new phrasing".to_owned());
    let (restored, error) = Library::restore(articles.clone(), &settings, &*bytes);
    assert!(error.is_none() && !restored.is_settled());
    assert!(!restored.write_snapshot(&mut Vec::new()).unwrap());
    let new = restored.ask(&Question {
        text: "a new phrasing",
        language: Some(articles[1].language),
        audience: Audience::Staff,
        not: &[],
    });
    assert_eq!(new.candidates[0].id, articles[1].id);
    assert_same(&restored.settled(), &Library::build(articles, &settings));
}

#[test]
fn building_tells_how_far_it_is() {
    let told = RefCell::new(Vec::new());
    let _ = Library::build_telling(POOL.clone(), &MatchSettings::default(), &|share| told.borrow_mut().push(share));
    let told = told.into_inner();
    assert!(told.is_sorted() && told[0] > 0.0 && told.last() == Some(&1.0), "{told:?}");
}

/// More articles than are encoded while somebody waits.
fn crowd() -> Vec<Article> {
    let copy = |(at, article): (usize, Article)| Article {
        id: format!("{}-{}", article.id, at % 2).parse().unwrap(),
        phrasings: article.phrasings.iter().take(3).cloned().collect(),
        ..article
    };
    let twice = starter::articles().unwrap().into_iter().flat_map(|article| [article.clone(), article]);
    twice.enumerate().map(copy).collect()
}

/// Reads on until all is read and the library has settled; how far it was after each time.
fn read(mut library: Library) -> (Library, Vec<f64>) {
    let mut shares = vec![library.share_read()];
    while let Some(more) = library.read_on(90) {
        library = more;
        shares.push(library.share_read());
    }
    (library.settled(), shares)
}

#[test]
fn a_crowd_is_found_by_words_at_once_and_by_meaning_when_it_is_read() {
    let settings = MatchSettings::default();
    let library = Library::build_at_once(crowd(), &settings);
    assert!(!library.is_settled() && library.share_read() < 0.1);
    let title = &library.articles().next().unwrap().title;
    assert_eq!(&ask(&library, title).candidates[0].title, title);
    let (library, shares) = read(library);
    assert!(shares.len() > 3 && shares.is_sorted() && shares.last() == Some(&1.0), "{shares:?}");
    assert_same(&library, &Library::build(crowd(), &settings));
}

#[test]
fn a_crowd_that_comes_later_is_found_at_once_too() {
    let settings = MatchSettings::default();
    let library = Library::build(POOL.clone(), &settings).updated(crowd(), &[]).unwrap();
    let title = &crowd()[0].title;
    assert!(!library.is_settled() && &ask(&library, title).candidates[0].title == title);
    // While it is being read one more comes.
    let late = Article {
        id: "coffee".parse().unwrap(),
        title: "The coffee machine is broken".to_owned(),
        body: "Call the facility team.".to_owned(),
        phrasings: Vec::new(),
        ..POOL[0].clone()
    };
    let library = library.read_on(90).unwrap().updated(vec![late.clone()], &[]).unwrap();
    assert_eq!(ask(&library, "coffee machine broken").candidates[0].title, late.title);
    let mut articles = [POOL.clone(), crowd()].concat();
    articles.push(late);
    assert_same(&read(library).0, &Library::build(articles, &settings));
}

#[test]
fn a_snapshot_that_is_not_one_is_left_alone() {
    let settings = MatchSettings::default();
    let articles = POOL[..4].to_vec();
    let library = Library::build(articles.clone(), &settings);
    let bytes = snapshot(&library);
    let check = |bytes: &[u8], problem: &str| {
        let (built, error) = Library::restore(articles.clone(), &settings, bytes);
        assert!(error.unwrap().to_string().contains(problem), "{problem}");
        assert_same(&built, &library);
    };
    check(b"", "damaged");
    check(b"SQLite format 3\0 and so on", "no snapshot");
    check(&bytes[..bytes.len() / 2], "damaged");
    check(&bytes[..bytes.len() - 1], "damaged");
    let with = |at: usize, bit: u8| {
        let mut bytes = bytes.clone();
        bytes[at] ^= bit;
        bytes
    };
    check(&with(9, 1), "another version");
    // Wherever a bit is wrong, and whatever length it makes.
    for part in 1..8 {
        check(&with(bytes.len() * part / 8, 128), "damaged");
    }
    for at in 16..32 {
        check(&with(at, 64), "damaged");
    }
}
