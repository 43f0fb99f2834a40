//! Sending on Discord when it does not want to, or cannot be understood.

use firstline_tests::{
    both_databases,
    desk::Desk,
    discord::{Discord, Fault, Scope, Trouble},
};

use crate::{discord::serve, discord_staff::Office};

both_databases!(
    a_channel_that_has_to_wait_long_waits_alone,
    a_storm_of_refusals_loses_nothing,
    what_is_told_to_be_the_last_for_now_is,
    where_no_thread_is_left_the_quietest_makes_room,
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
    let mut server = office.serve(desk, &discord).await;
    let anna = office.agent(desk, &discord, "Anna").await;
    let mut erika = discord.person("Erika", "de");
    let first = office.handed_over(&mut erika, &anna).await;
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
