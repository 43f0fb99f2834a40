//! A PostgreSQL that is restarted and that crashes while somebody writes on Discord.

use firstline_tests::{
    desk::Desk,
    discord::Discord,
    postgres::{Ending, Postgres},
};

use crate::{
    discord::{asks_for_help, serve},
    discord_gateway::has_lines,
};

#[tokio::test]
async fn postgresql_is_restarted_while_somebody_writes_on_discord() {
    let mut postgres = Postgres::start().await;
    let desk = Desk::on_server(&postgres.url()).await;
    let discord = Discord::start().await;
    let mut server = serve(&desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let mut count = 0;
    let mut says = || {
        erika.says(&format!("Zeile {count}"));
        count += 1;
    };
    for how in [Ending::Restart, Ending::Crash] {
        says();
        postgres.ends(how).await;
        says();
        server.logs("cannot store what came from Discord").await;
        postgres.starts().await;
        says();
    }
    has_lines(&desk, 6).await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(discord.sessions(), (1, 0), "the session goes on all the while");
}
