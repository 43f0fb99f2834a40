//! Sending on Discord when it does not want to, or cannot be understood.

use firstline_tests::{
    both_databases,
    desk::Desk,
    discord::{Discord, Fault, Scope, Trouble},
};

use crate::discord::serve;

both_databases!(a_channel_that_has_to_wait_long_waits_alone, a_storm_of_refusals_loses_nothing);

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
