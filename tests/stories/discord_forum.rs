//! Staff work from a forum on Discord: a post per ticket, with tags for its status and priority.

use firstline_tests::{
    both_databases,
    desk::{Desk, run},
    discord::{Discord, Room, TOKEN},
    server::Server,
};

use crate::discord::asks_for_help;

both_databases!(a_ticket_is_worked_in_its_post, a_forum_that_wants_tags_gets_its_posts);

/// A server whose tickets are posts of this forum.
pub(crate) async fn serve_with_forum(desk: &Desk, discord: &Discord, forum: &Room<'_>) -> Server {
    let (url, rooms) = (discord.url(), format!("helpdesk={}", forum.id()));
    let settings = [
        ("FIRSTLINE_DISCORD__TOKEN", TOKEN),
        ("FIRSTLINE_DISCORD__API_URL", url.as_str()),
        ("FIRSTLINE_DISCORD__ROOMS", &rooms),
        ("FIRSTLINE_DESK__LANGUAGE", "de"),
    ];
    let server = desk.serve_with(&settings).await;
    discord.is_heard().await;
    server
}

async fn a_ticket_is_worked_in_its_post(desk: &Desk) {
    let discord = Discord::start().await;
    let guild = discord.guild("Acme");
    let forum = guild.forum("tickets");
    forum.has_tags(&["Neu", "Offen", "Gelöst", "hoch", "kritisch", "VIP"]);
    let mut server = serve_with_forum(desk, &discord, &forum).await;
    let anna = discord.person("Anna", "de");
    guild.takes_in(&anna, &[]);
    let id = anna.id().to_string();
    let _ = desk.run(&["agent", "add", "Anna", "--platform", "discord", "--user-id", &id]).await.succeeds();
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let post = forum.thread("#1001").await;
    let mut inside = anna.in_thread(&post);
    inside.sees("the card", |it| it.id == post.id() && !it.buttons.is_empty()).await;
    post.becomes_tagged(&["Neu", "hoch"]).await;

    inside.presses("Übernehmen");
    erika.reads("**Anna** vom Helpdesk hat Ticket #1001 übernommen").await;
    post.becomes_tagged(&["Offen", "hoch"]).await;
    inside.commands("priority", &[("level", "critical")]);
    post.becomes_tagged(&["Offen", "kritisch"]).await;
    inside.says("Nimm bitte den Hotspot.");
    erika.reads("Nimm bitte den Hotspot.").await;

    // Put away by hand, it comes back when the requester writes; deleted, it is made again.
    desk.settles().await;
    post.is_put_away();
    erika.says("Welchen Hotspot?");
    inside.reads("Welchen Hotspot?").await;
    post.becomes_archived(false).await;
    desk.settles().await;
    post.is_deleted();
    erika.says("Seid ihr noch da?");
    let second = forum.thread("#1001").await;
    assert_ne!(second.id(), post.id());
    let mut inside = anna.in_thread(&second);
    inside.reads("Seid ihr noch da?").await;
    second.becomes_tagged(&["Offen", "kritisch"]).await;
    inside.commands("resolve", &[]);
    erika.reads("Anna hat Ticket #1001 gelöst.").await;
    second.becomes_tagged(&["Gelöst", "kritisch"]).await;
    second.becomes_archived(true).await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
}

/// Its posts begin with the tag that there is, and keep it where none fits better; `firstline doctor` says which to add.
async fn a_forum_that_wants_tags_gets_its_posts(desk: &Desk) {
    let discord = Discord::start().await;
    let guild = discord.guild("Acme");
    let forum = guild.forum("tickets");
    forum.wants_tags();
    forum.has_tags(&["VIP", "Neu"]);
    let mut server = serve_with_forum(desk, &discord, &forum).await;
    let anna = discord.person("Anna", "de");
    guild.takes_in(&anna, &[]);
    let id = anna.id().to_string();
    let _ = desk.run(&["agent", "add", "Anna", "--platform", "discord", "--user-id", &id]).await.succeeds();
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let post = forum.thread("#1001").await;
    let inside = anna.in_thread(&post);
    inside.sees("the card", |it| it.id == post.id() && !it.buttons.is_empty()).await;
    post.becomes_tagged(&["Neu"]).await;
    inside.presses("Übernehmen");
    inside.sees("the claimed card", |it| it.id == post.id() && it.text.contains("offen, Anna")).await;
    desk.settles().await;
    post.becomes_tagged(&["Neu"]).await;
    assert_eq!(server.is_terminated().await, Some(0));
    let refused = |it: &firstline_tests::discord::Request| it.answer.as_ref().is_some_and(|(status, _)| *status >= 400);
    assert_eq!(discord.journal().iter().filter(|it| refused(it)).count(), 0);

    let (url, rooms) = (discord.url(), format!("helpdesk={}", forum.id()));
    let mut doctor = desk.command(&["doctor"]);
    doctor.env("FIRSTLINE_DISCORD__TOKEN", TOKEN).env("FIRSTLINE_DISCORD__API_URL", url);
    doctor.env("FIRSTLINE_DISCORD__ROOMS", rooms);
    let said = run(doctor, &["doctor"]).await.stdout;
    assert!(
        said.contains("add tags to the forum #tickets of Acme (discord.rooms)") && said.contains("critical"),
        "{said}"
    );
}
