//! The articles.

use firstline_engine::ports::AuditEntry;
use firstline_knowledge::{Article, ArticleKind, Audience, Language};

use crate::support::{Desk, NOW, later};

fn article(id: &str, language: Language, title: &str) -> Article {
    Article {
        id: id.parse().unwrap(),
        language,
        title: title.to_owned(),
        category: "network".to_owned(),
        kind: ArticleKind::ServiceRequest,
        audience: Audience::Staff,
        phrasings: vec!["it does not work".to_owned(), "ääh".to_owned()],
        not_for: vec!["it works".to_owned()],
        steps: vec!["Restart it.".to_owned()],
        body: "Some **text**.\n".to_owned(),
    }
}

fn base() -> Vec<Article> {
    vec![
        article("mail", Language::De, "E-Mail"),
        article("vpn", Language::De, "VPN geht nicht"),
        article("vpn", Language::En, "VPN is down"),
    ]
}

async fn put(desk: &Desk, articles: &[Article], prune: bool) -> (u64, u64, u64, u64) {
    desk.store.put_articles(articles, prune, "cli", NOW).await.unwrap()
}

pub(crate) async fn articles_are_inserted_replaced_and_left_alone(desk: &Desk) {
    assert_eq!(desk.store.articles().await.unwrap(), (0, vec![]));
    assert_eq!(put(desk, &base(), false).await, (3, 0, 0, 0));
    assert_eq!(desk.store.articles().await.unwrap().1, base());
    let changed = Article { kind: ArticleKind::Incident, audience: Audience::Everyone, ..base()[2].clone() };
    let given = [base()[0].clone(), changed.clone(), article("wifi", Language::En, "No wireless")];
    assert_eq!(put(desk, &given, false).await, (1, 1, 1, 0));
    let (_, stored) = desk.store.articles().await.unwrap();
    assert_eq!(stored, [base()[0].clone(), base()[1].clone(), changed, given[2].clone()]);
    // Given twice, the last counts.
    let twice = [article("new", Language::En, "first"), article("new", Language::En, "second")];
    assert_eq!(put(desk, &twice, false).await, (1, 1, 0, 0));
    assert!(desk.store.articles().await.unwrap().1.contains(&twice[1]));
}

pub(crate) async fn pruning_removes_the_others(desk: &Desk) {
    put(desk, &base(), false).await;
    assert_eq!(put(desk, &base()[1..2], true).await, (0, 0, 1, 2));
    assert_eq!(desk.store.articles().await.unwrap().1, base()[1..2]);
    assert_eq!(put(desk, &[], true).await, (0, 0, 0, 1));
    assert_eq!(desk.store.articles().await.unwrap().1, []);
}

pub(crate) async fn articles_are_removed_in_one_language_or_in_all(desk: &Desk) {
    put(desk, &base(), false).await;
    let remove = async |id: &str, language| {
        desk.store.remove_article(&id.parse().unwrap(), language, "anna", later(1)).await.unwrap()
    };
    assert_eq!(remove("mail", Some(Language::En)).await, 0);
    assert_eq!(remove("vpn", Some(Language::En)).await, 1);
    assert_eq!(desk.store.articles().await.unwrap().1, base()[..2]);
    put(desk, &base(), false).await;
    assert_eq!(remove("vpn", None).await, 2);
    assert_eq!(remove("vpn", None).await, 0);
    assert_eq!(desk.store.articles().await.unwrap().1, base()[..1]);
}

pub(crate) async fn the_version_changes_with_the_articles_only(desk: &Desk) {
    let version = async || {
        let version = desk.store.library_version().await.unwrap();
        assert_eq!(desk.store.articles().await.unwrap().0, version);
        (version, desk.store.audit(100).await.unwrap().len())
    };
    assert_eq!(version().await, (0, 0));
    put(desk, &[], false).await;
    put(desk, &[], true).await;
    assert_eq!(version().await, (0, 0));
    put(desk, &base(), false).await;
    assert_eq!(version().await, (1, 1));
    put(desk, &base(), true).await;
    assert_eq!(version().await, (1, 1));
    put(desk, &base()[..1], true).await;
    assert_eq!(version().await, (2, 2));
    let (mail, vpn) = ("mail".parse().unwrap(), "vpn".parse().unwrap());
    desk.store.remove_article(&vpn, None, "anna", NOW).await.unwrap();
    assert_eq!(version().await, (2, 2));
    desk.store.remove_article(&mail, None, "anna", NOW).await.unwrap();
    assert_eq!(version().await, (3, 3));
    let done: Vec<AuditEntry> = desk.store.audit(3).await.unwrap();
    let acts: Vec<_> = done.iter().map(|it| (it.actor.as_str(), it.action.as_str(), it.subject.as_str())).collect();
    assert_eq!(
        acts,
        [("anna", "article.remove", "mail"), ("cli", "articles.put", "library"), ("cli", "articles.put", "library")]
    );
}

async fn since(desk: &Desk, version: i64) -> Option<(i64, Vec<Article>, Vec<String>)> {
    let changes = desk.store.articles_since(version).await.unwrap()?;
    let retired = changes.retired.iter().map(|(id, language)| format!("{id} {language}")).collect();
    Some((changes.version, changes.changed, retired))
}

pub(crate) async fn what_has_changed_since_a_version_is_told(desk: &Desk) {
    let none: Vec<String> = Vec::new();
    assert_eq!(since(desk, 0).await, Some((0, vec![], none.clone())));
    put(desk, &base(), false).await;
    assert_eq!(since(desk, 0).await, Some((1, base(), none.clone())));
    assert_eq!(since(desk, 1).await, Some((1, vec![], none.clone())));
    // What was put in as it was is no change.
    let changed = Article { title: "VPN".to_owned(), ..base()[2].clone() };
    put(desk, &[base()[0].clone(), changed.clone()], false).await;
    assert_eq!(since(desk, 1).await, Some((2, vec![changed.clone()], none.clone())));
    desk.store.remove_article(&"mail".parse().unwrap(), None, "anna", later(1)).await.unwrap();
    assert_eq!(since(desk, 1).await, Some((3, vec![changed.clone()], vec!["mail de".to_owned()])));
    assert_eq!(since(desk, 2).await, Some((3, vec![], vec!["mail de".to_owned()])));
    // What is there again is not gone.
    put(desk, &base()[..1], false).await;
    assert_eq!(since(desk, 3).await, Some((4, base()[..1].to_vec(), none)));
    put(desk, &base()[..1], true).await;
    assert_eq!(since(desk, 4).await, Some((5, vec![], vec!["vpn de".to_owned(), "vpn en".to_owned()])));
}

/// The caller then reads all articles, which is never wrong.
pub(crate) async fn changes_that_nobody_recorded_are_not_guessed(desk: &Desk) {
    put(desk, &base(), false).await;
    for never in [-1, 2, i64::MAX, i64::MIN] {
        assert_eq!(since(desk, never).await, None, "{never}");
    }
    // Of a change that was overtaken by the next one nothing is left to tell it by.
    for title in ["first", "second"] {
        put(desk, &[article("mail", Language::De, title)], false).await;
    }
    assert_eq!(since(desk, 1).await, None);
    assert_eq!(since(desk, 2).await.unwrap().1, [article("mail", Language::De, "second")]);
    // A program from before revisions counts the version up and records nothing.
    desk.database.execute("UPDATE counters SET value = value + 1 WHERE name = 'library'").await;
    assert_eq!(since(desk, 3).await, None);
}

/// Whoever reads while others write sees every change, in whichever order they are committed.
pub(crate) async fn changes_at_the_same_time_are_all_told(desk: &Desk) {
    const WRITERS: usize = 8;
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            let store = desk.store.clone();
            tokio::spawn(async move {
                for round in 0..4 {
                    let article = article(&format!("a{number}-{round}"), Language::En, "New");
                    store.put_articles(&[article], false, "cli", NOW).await.unwrap();
                }
            })
        })
        .collect();
    let (mut version, mut seen) = (0, std::collections::BTreeSet::new());
    while seen.len() < 4 * WRITERS {
        let (now, changed, _) = since(desk, version).await.unwrap();
        version = now;
        for article in changed {
            assert!(seen.insert(article.id.clone()), "{} was told twice", article.id);
        }
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(version, 32);
}
