//! Sending on Discord when it does not want to, or cannot be understood.

use firstline_tests::{
    both_databases,
    desk::Desk,
    discord::{Discord, Fault, Right, Scope, TOKEN, Trouble},
};

use crate::{discord::serve, discord_office::Office};

both_databases!(
    a_channel_that_has_to_wait_long_waits_alone,
    a_storm_of_refusals_loses_nothing,
    what_is_told_to_be_the_last_for_now_is,
    where_no_thread_is_left_the_quietest_makes_room,
    after_too_many_refusals_it_pauses_and_says_so,
);

/// Five minutes for one channel: it is not asked again before, and nobody else notices.
async fn a_channel_that_has_to_wait_long_waits_alone(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let (erika, mut ben) = (discord.person("Erika", "de"), discord.person("Ben", "de"));
    discord.has(Trouble::new(Fault::TooMany(Scope::User, 300.0)).on("POST /channels/{}/messages"));
    erika.says("ich komme von zu hause nicht ins vpn");
    discord.had_all_troubles().await;
    for _ in 0..2 {
        ben.says("mein drucker druckt nicht");
        ben.reads("").await;
    }
    assert_eq!(erika.chat().iter().filter(|it| it.by_bot).count(), 0);
    let path = discord.requests("POST /channels/{}/messages").remove(0).path;
    let asked =
        discord.journal().iter().filter(|it| it.route == "POST /channels/{}/messages" && it.path == path).count();
    assert_eq!(asked, 1, "it was told to wait");
    let checks = desk.run(&["doctor"]).await.stdout;
    assert!(checks.contains("1 messages wait"), "{checks}");
    assert_eq!(server.is_terminated().await, Some(0));
}

/// Something between us and Discord refuses everything for a while, in its own words: nothing is lost, nothing doubled.
async fn a_storm_of_refusals_loses_nothing(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    discord.has(Trouble::new(Fault::Refused(401)).on("POST /channels/{}/messages").times(2));
    discord.has(Trouble::new(Fault::Refused(403)).on("POST /channels/{}/messages").times(2));
    erika.says("ich komme von zu hause nicht ins vpn");
    erika.reads("Schritt 1 von 6").await;
    discord.had_all_troubles().await;
    desk.settles().await;
    assert_eq!(erika.count("Schritt 1 von 6"), 1);
    assert_eq!(server.is_terminated().await, Some(0));
}

/// Discord tells with an answer that it takes no more for a while: it is not asked, and so never has to refuse.
async fn what_is_told_to_be_the_last_for_now_is(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let (mut erika, mut ben) = (discord.person("Erika", "de"), discord.person("Ben", "de"));
    discord.has(Trouble::new(Fault::Last(300.0)).on("POST /channels/{}/messages"));
    erika.says("ich komme von zu hause nicht ins vpn");
    erika.reads("Schritt 1 von 6").await;
    erika.presses("Nein, geht nicht");
    for _ in 0..2 {
        ben.says("mein drucker druckt nicht");
        ben.reads("").await;
    }
    let checks = desk.run(&["doctor"]).await.stdout;
    assert!(checks.contains("1 messages wait"), "{checks}");
    assert_eq!(erika.count("Schritt 2 von 6"), 0, "it was told to wait");
    assert_eq!(server.is_terminated().await, Some(0));
}

/// Discord allows 1,000 open threads; here it is one.
async fn where_no_thread_is_left_the_quietest_makes_room(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    office.guild.has_room_for_threads(1);
    let (mut server, anna, erika, first) = office.has_a_ticket(desk, &discord).await;
    desk.settles().await;
    let mut ben = discord.person("Ben", "de");
    ben.says("mensch");
    ben.reads("Ich hole dir einen Menschen.").await;
    ben.says("mensch");
    ben.reads("Ich habe Ticket **#1002** eröffnet").await;
    let second = office.room.thread("#1002").await;
    first.becomes_archived(true).await;
    anna.in_thread(&second).sees("what Ben said", |it| it.by_bot && it.text.contains("mensch")).await;
    desk.settles().await;
    erika.says("Seid ihr noch da?");
    anna.in_thread(&first).reads("Seid ihr noch da?").await;
    first.becomes_archived(false).await;
    second.becomes_archived(true).await;
    desk.settles().await;
    let cards = anna.in_room(&office.room).chat().iter().filter(|it| it.text.contains("#100")).count();
    assert_eq!(cards, 2, "a card for each ticket, and no more");
    assert_eq!(server.is_terminated().await, Some(0));
}

/// The app is to look into five hundred channels and may see none of them. Long before Discord would ban it, it stops asking;
/// whoever uses a command is answered all the same, and `doctor` says what is wrong.
async fn after_too_many_refusals_it_pauses_and_says_so(desk: &Desk) {
    let discord = Discord::start().await;
    let guild = discord.guild("Acme");
    let channels: Vec<String> = (0..500)
        .map(|number| {
            let channel = guild.channel(&format!("hilfe-{number}"));
            channel.denies(Right::View);
            channel.id().to_string()
        })
        .collect();
    let (url, channels) = (discord.url(), channels.join(","));
    let mut server = desk
        .serve_with(&[
            ("FIRSTLINE_DISCORD__TOKEN", TOKEN),
            ("FIRSTLINE_DISCORD__API_URL", url.as_str()),
            ("FIRSTLINE_DISCORD__HELP_CHANNELS", &channels),
            ("FIRSTLINE_DISCORD__LOOK_AGAIN", "1s"),
            ("FIRSTLINE_DESK__LANGUAGE", "de"),
        ])
        .await;
    server.logs("Discord refuses too much").await;
    let refused = || {
        let is_refused = |answer: &(u16, serde_json::Value)| matches!(answer.0, 401 | 403 | 429);
        discord.journal().iter().filter(|it| it.answer.as_ref().is_some_and(is_refused)).count()
    };
    assert_eq!(refused(), 1_000, "Discord bans at 10,000");
    let asked = discord.journal().len();
    let erika = discord.person("Erika", "de");
    erika.says("ich komme von zu hause nicht ins vpn");
    let command = erika.commands("help", &[]);
    erika.answer_to(command).await;
    desk.until("doctor says so", async || {
        let checks = desk.run(&["doctor"]).await.stdout;
        checks.contains("Discord refuses so much that Firstline pauses").then_some(())
    })
    .await;
    let since: Vec<String> = discord.journal().into_iter().skip(asked).map(|it| it.route).collect();
    assert!(since.iter().all(|route| route.contains("/interactions/") || route.contains("/webhooks/")), "{since:?}");
    assert_eq!((refused(), erika.count("Schritt")), (1_000, 0));
    assert_eq!(server.is_terminated().await, Some(0));
}
