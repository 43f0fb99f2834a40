//! The program is killed while a message is on its way, and comes back when Discord no longer recognises it by its nonce: what is in the
//! channel already is found there, and not said again.

use std::time::Duration;

use firstline_tests::{
    both_databases,
    desk::Desk,
    discord::{Discord, Fault, Trouble},
};

use crate::{
    discord::{asks_for_help, serve},
    discord_forum::serve_with_forum,
    discord_help::Help,
    discord_office::Office,
};

both_databases!(
    a_message_that_has_arrived_is_not_said_again,
    a_post_that_was_made_is_not_made_again,
    a_card_that_was_posted_is_not_posted_again,
    a_greeting_that_was_said_is_not_said_again,
);

async fn a_message_that_has_arrived_is_not_said_again(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    discord.has(Trouble::new(Fault::Hold).on("POST /channels/{}/messages").about("Schritt 1 von 6"));
    erika.says("ich komme von zu hause nicht ins vpn");
    erika.reads("Schritt 1 von 6").await;
    server.kill9().await;
    discord.forgets_nonces();
    desk.was_written_before(Duration::from_mins(10)).await;
    server = serve(desk, &discord).await;
    erika.says("geht nicht");
    erika.reads("Schritt 2 von 6").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(erika.count("Schritt 1 von 6"), 1);
    assert!(!discord.requests("GET /channels/{}/messages").is_empty(), "the channel was read back");
}

async fn a_post_that_was_made_is_not_made_again(desk: &Desk) {
    let discord = Discord::start().await;
    let guild = discord.guild("Acme");
    let forum = guild.forum("tickets");
    let mut server = serve_with_forum(desk, &discord, &forum).await;
    let anna = discord.person("Anna", "de");
    guild.takes_in(&anna, &[]);
    discord.has(Trouble::new(Fault::Hold).on("POST /channels/{}/threads"));
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let post = forum.thread("#1001").await;
    server.kill9().await;
    server = serve_with_forum(desk, &discord, &forum).await;
    anna.in_thread(&post).sees("the card", |it| it.id == post.id() && !it.buttons.is_empty()).await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(forum.threads().len(), 1, "{:?}", forum.threads());
}

async fn a_card_that_was_posted_is_not_posted_again(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let mut server = office.serve(desk, &discord).await;
    let anna = office.agent(desk, &discord, "Anna").await.in_room(&office.room);
    discord.has(Trouble::new(Fault::DropBefore).on("POST /channels/{}/messages/{}/threads"));
    discord.has(Trouble::new(Fault::Hold).on("POST /channels/{}/messages/{}/threads"));
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    office.room.thread("#1001").await;
    server.kill9().await;
    discord.forgets_nonces();
    server = office.serve(desk, &discord).await;
    anna.sees("the card", |it| it.text.contains("#1001") && !it.buttons.is_empty()).await;
    desk.settles().await;
    assert_eq!((anna.count("#1001"), office.room.threads().len()), (1, 1), "one card and its thread");
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn a_greeting_that_was_said_is_not_said_again(desk: &Desk) {
    let discord = Discord::start().await;
    let help = Help::open(&discord);
    let mut server = help.serve(desk, &discord, &[]).await;
    let erika = help.member(&discord, "Erika");
    discord.has(Trouble::new(Fault::Hold).on("POST /channels/{}/messages").about("<@"));
    erika.says("ich komme von zu hause nicht ins vpn");
    let mut inside = erika.in_thread(&help.channel.thread("Helpdesk für Erika").await);
    inside.reads("Außer dir liest nur der Helpdesk mit").await;
    server.kill9().await;
    discord.forgets_nonces();
    server = help.serve(desk, &discord, &[]).await;
    inside.reads("Schritt 1 von 6").await;
    desk.settles().await;
    assert_eq!(inside.count("Außer dir liest nur der Helpdesk mit"), 1);
    assert_eq!(server.is_terminated().await, Some(0));
}
