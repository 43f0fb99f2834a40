//! Threads for those who ask in a help channel: none is begun twice, and where none can be had nobody is left in silence.

use firstline_tests::{
    both_databases,
    desk::Desk,
    discord::{Discord, Fault, Right, Trouble},
};

use crate::discord_help::{Help, asks_for_a_human};

both_databases!(
    who_cannot_be_answered_where_they_asked_is_told_what_to_do,
    staff_are_told_why_somebody_cannot_be_answered,
    a_thread_that_was_half_made_is_used,
);

const QUESTION: &str = "ich komme von zu hause nicht ins vpn";

/// No right to begin a thread, none to write in one, and no room for another.
async fn who_cannot_be_answered_where_they_asked_is_told_what_to_do(desk: &Desk) {
    let discord = Discord::start().await;
    let help = Help::open(&discord);
    help.channel.denies(Right::CreatePrivateThreads);
    help.channel.denies(Right::CreateThreads);
    let mut server = help.serve(desk, &discord, &[]).await;
    let mut erika = discord.person("Erika", "de");
    help.guild.takes_in(&erika, &[]);
    let asked = erika.in_room(&help.channel).says(QUESTION);
    let told = erika.reads("Dort kann ich dir gerade nicht antworten").await;
    assert!(told.text.contains(&format!("/{}/{asked} ", help.channel.id())), "a link to the question: {told}");
    erika.says(QUESTION);
    erika.reads("Schritt 1 von 6").await;

    // Who takes no direct messages is told below the question.
    let ben = help.member(&discord, "Ben");
    ben.closes_dms(true);
    let asked = ben.says(QUESTION);
    let mut ben = ben;
    let told = ben.reads("Direktnachrichten nimmst du von mir nicht an").await;
    assert_eq!((told.reply_to, told.pings, told.text.contains("/frage")), (Some(asked), 1, true), "{told}");
    assert!(help.channel.threads().is_empty());

    help.channel.allows_everything();
    help.channel.denies(Right::SendInThreads);
    let mut carla = discord.person("Carla", "de");
    help.guild.takes_in(&carla, &[]);
    carla.in_room(&help.channel).says(QUESTION);
    carla.reads("Dort kann ich dir gerade nicht antworten").await;

    help.channel.allows_everything();
    help.guild.has_room_for_threads(0);
    let mut dora = discord.person("Dora", "de");
    help.guild.takes_in(&dora, &[]);
    dora.in_room(&help.channel).says(QUESTION);
    dora.reads("Dort kann ich dir gerade nicht antworten").await;
    desk.settles().await;
    for person in [&erika, &carla, &dora] {
        assert_eq!(person.count("Dort kann ich dir gerade nicht antworten"), 1, "once for each question");
    }
    assert_eq!(ben.count("Direktnachrichten nimmst du von mir nicht an"), 1);
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn staff_are_told_why_somebody_cannot_be_answered(desk: &Desk) {
    let discord = Discord::start().await;
    let help = Help::open(&discord);
    let mut server = help.serve(desk, &discord, &[]).await;
    let erika = help.member(&discord, "Erika");
    erika.says(QUESTION);
    let thread = help.channel.thread("Helpdesk für Erika").await;
    asks_for_a_human(&mut erika.in_thread(&thread)).await;
    desk.settles().await;
    thread.is_deleted();
    help.channel.denies(Right::CreatePrivateThreads);
    help.channel.denies(Right::CreateThreads);
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    anna.says("Ich sehe es mir an.").await;
    anna.reads("cannot be answered where they asked, and knows what to do instead: Missing Permissions").await;
    anna.leaves().await;
    desk.settles().await;
    let ticket = desk.ticket(1001).await;
    assert!(ticket.sent().iter().any(|said| said.delivery.as_deref() == Some("dead")), "{ticket}");
    assert_eq!(server.is_terminated().await, Some(0));
}

/// The answer to beginning it is lost; the program is killed before its requester is in it.
async fn a_thread_that_was_half_made_is_used(desk: &Desk) {
    let discord = Discord::start().await;
    let help = Help::open(&discord);
    let mut server = help.serve(desk, &discord, &[]).await;
    discord.has(Trouble::new(Fault::DropAfter).on("POST /channels/{}/threads"));
    let erika = help.member(&discord, "Erika");
    erika.says(QUESTION);
    discord.had_all_troubles().await;
    let thread = help.channel.thread("Helpdesk für Erika").await;
    erika.in_thread(&thread).reads("Schritt 1 von 6").await;
    assert_eq!(help.channel.threads().len(), 1, "{:?}", help.channel.threads());

    discord.has(Trouble::new(Fault::Hold).on("PUT /channels/{}/thread-members/{}"));
    erika.says("mein outlook startet nicht");
    discord.had_all_troubles().await;
    server.kill9().await;
    discord.lets_go();
    server = help.serve(desk, &discord, &[]).await;
    let thread = help.channel.thread("Helpdesk für Erika").await;
    erika.in_thread(&thread).reads("Outlook").await;
    desk.settles().await;
    assert_eq!(help.channel.threads().len(), 2, "one for each question: {:?}", help.channel.threads());
    assert_eq!(server.is_terminated().await, Some(0));
}
