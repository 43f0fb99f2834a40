//! The articles change while the desk is open, and it is started again.
//!
//! An article is imported by another process: every instance answers from it within seconds, and not any more when it is
//! gone. A start takes the articles from the snapshot; one that is damaged is made anew. Where there are many and no snapshot, they
//! are found by their words until the desk has read them.

use std::fs;

use firstline_tests::{both_databases, desk::Desk, server::Server};

both_databases!(
    every_instance_sees_a_change,
    a_start_uses_the_snapshot_and_survives_without,
    many_articles_are_answered_from_before_they_are_read,
);

const COFFEE: &str = "---
id: coffee-machine-broken
language: en
title: The coffee machine in the kitchen is broken
category: workplace
phrasings:
- no espresso on our floor
---

Empty the drip tray and switch the machine off and on.
";

/// The article that comes first for somebody who misses their espresso.
async fn first(server: &Server) -> String {
    let (status, answer) = server.get("/api/v1/ask?q=no+espresso+on+our+floor&language=en").await;
    assert_eq!(status, 200, "{answer}");
    let answer: serde_json::Value = serde_json::from_str(&answer).expect("the answer is JSON");
    answer["articles"][0]["id"].as_str().unwrap_or_default().to_owned()
}

async fn until_first(desk: &Desk, servers: &[&Server], is_coffee: bool) {
    for server in servers {
        desk.until("the article comes or goes", async || {
            ((first(server).await == "coffee-machine-broken") == is_coffee).then_some(())
        })
        .await;
    }
}

async fn import(desk: &Desk, prune: bool) {
    let folder = desk.path("articles");
    let line = if prune { vec!["kb", "import", "articles", "--prune"] } else { vec!["kb", "import", "articles"] };
    assert!(folder.is_dir());
    let _ = desk.run(&line).await.succeeds();
}

async fn every_instance_sees_a_change(desk: &Desk) {
    let mut servers = [desk.serve().await, desk.serve().await];
    let _ = desk.run(&["kb", "export", "articles"]).await.succeeds();
    assert_ne!(first(&servers[0]).await, "coffee-machine-broken");
    let file = desk.path("articles").join("coffee.md");
    fs::write(&file, COFFEE).expect("an article can be written");
    import(desk, false).await;
    until_first(desk, &[&servers[0], &servers[1]], true).await;
    servers[1].logs("the articles were brought up to date").await;

    fs::remove_file(&file).expect("an article can be removed");
    import(desk, true).await;
    until_first(desk, &[&servers[0], &servers[1]], false).await;
    for server in &mut servers {
        assert_eq!(server.is_terminated().await, Some(0));
    }
}

async fn a_start_uses_the_snapshot_and_survives_without(desk: &Desk) {
    let snapshot = desk.path("desk.index");
    let mut server = desk.serve().await;
    server.logs("snapshot=false").await;
    desk.until("the snapshot is written", async || snapshot.exists().then_some(())).await;
    server.kill9().await;

    let mut server = desk.serve().await;
    server.logs("snapshot=true").await;
    assert_eq!(server.is_terminated().await, Some(0));

    let mut bytes = fs::read(&snapshot).expect("the snapshot can be read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&snapshot, &bytes).expect("the snapshot can be damaged");
    let mut server = desk.serve().await;
    server.logs("the snapshot of the articles was not used").await;
    let (_, answer) = server.get("/api/v1/ask?q=i+forgot+my+password").await;
    assert!(answer.contains("password-forgotten"), "{answer}");
    desk.until("the snapshot is mended", async || (fs::read(&snapshot).ok()? != bytes).then_some(())).await;
    assert_eq!(server.is_terminated().await, Some(0));
}

/// More than are read while somebody waits.
const MANY: usize = 210;

async fn many_articles_are_answered_from_before_they_are_read(desk: &Desk) {
    let folder = desk.path("articles");
    fs::create_dir_all(&folder).expect("a folder can be made");
    fs::write(folder.join("coffee.md"), COFFEE).expect("an article can be written");
    for room in 0..MANY {
        let article = format!(
            "---\nid: room-{room}\nlanguage: en\ntitle: Meeting room {room}\ncategory: rooms\n---\n\nThe key is at desk {room}.\n"
        );
        fs::write(folder.join(format!("room-{room}.md")), article).expect("an article can be written");
    }
    import(desk, false).await;
    let snapshot = desk.path("desk.index");
    if snapshot.exists() {
        fs::remove_file(&snapshot).expect("the snapshot can be removed");
    }
    let mut server = desk.serve().await;
    assert_eq!(first(&server).await, "coffee-machine-broken");
    server.logs("100 % of the articles are read").await;
    desk.until("the snapshot is written", async || snapshot.exists().then_some(())).await;
    assert_eq!(first(&server).await, "coffee-machine-broken");
    assert_eq!(server.is_terminated().await, Some(0));

    let mut server = desk.serve().await;
    server.logs("snapshot=true").await;
    assert_eq!(server.is_terminated().await, Some(0));
}
