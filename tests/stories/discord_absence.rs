//! What happened while nobody listened, and what Discord does not want to tell at once: it is owed, and holds up nothing else.

use firstline_tests::{
    both_databases,
    desk::Desk,
    discord::{Discord, Fault, Scope, TOKEN, Trouble},
};
use serde_json::json;

use crate::{
    discord::{asks_for_help, serve},
    discord_gateway::has_lines,
    discord_intake::told,
    discord_office::Office,
};

both_databases!(
    a_channel_that_cannot_be_read_holds_up_no_other,
    what_was_changed_and_deleted_during_an_absence_is_followed,
    what_is_deleted_together_or_while_it_is_sent_is_deleted,
    a_thread_that_was_deleted_during_an_absence_is_made_again,
    what_cannot_be_placed_is_to_be_tried_again,
    what_cannot_be_stored_comes_again,
    ids_may_jump_and_come_out_of_order,
);

/// Discord has her channel wait for five minutes. Others are answered, what she writes now is there at once, and what she wrote
/// during the absence is not forgotten, whatever happens meanwhile.
async fn a_channel_that_cannot_be_read_holds_up_no_other(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let mut ben = discord.person("Ben", "en");
    ben.says("hello");
    ben.sees("an answer", |it| it.by_bot).await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));

    discord.forgets_sessions();
    erika.says("Zeile 1");
    ben.says("/help");
    let hers = erika.channel().to_string();
    discord.has(Trouble::new(Fault::TooMany(Scope::User, 300.0)).on("GET /channels/{}/messages").about(&hers));
    server = serve(desk, &discord).await;
    ben.reads("how your tickets stand").await;
    discord.had_all_troubles().await;
    erika.says("Zeile 0");
    has_lines(desk, 1).await;

    server.kill9().await;
    server = serve(desk, &discord).await;
    has_lines(desk, 2).await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(discord.sessions(), (2, 1));
}

async fn what_was_changed_and_deleted_during_an_absence_is_followed(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let (slip, meant) = (erika.says("weglassen"), erika.says("Zeile null"));
    erika.says("Zeile 0");
    has_lines_of(desk, "Zeile 0").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));

    discord.forgets_sessions();
    erika.deletes(slip);
    erika.rewrites(meant, "gemeint");
    erika.says("Zeile 1");
    server = serve(desk, &discord).await;
    let ticket = desk
        .until("all of it is known", async || {
            let ticket = desk.ticket(1001).await;
            let is_there = ticket.said_by("requester").contains(&"Zeile 1".to_owned());
            (is_there && ticket.count("deleted") > 0 && ticket.count("edited") > 0).then_some(ticket)
        })
        .await;
    assert_eq!((ticket.count("deleted"), ticket.count("edited")), (1, 1), "{ticket}");
    assert_eq!(ticket.happened("edited").next().map(|line| line["what"]["text"].clone()), Some(json!("gemeint")));
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn has_lines_of(desk: &Desk, last: &str) {
    let is_there = async || desk.ticket(1001).await.said_by("requester").contains(&last.to_owned()).then_some(());
    desk.until("the last line is there", is_there).await;
}

/// A moderator deletes two answers at once; an agent takes one back that is just on its way.
async fn what_is_deleted_together_or_while_it_is_sent_is_deleted(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let (mut server, anna, mut erika, thread) = office.has_a_claimed_ticket(desk, &discord).await;
    let here = anna.in_thread(&thread);
    let answers = [here.says("Antwort 0"), here.says("Antwort 1")];
    erika.reads("Antwort 1").await;
    desk.settles().await;
    here.purges(&answers);
    desk.until("they are gone", async || (erika.count("Antwort ") == 0).then_some(())).await;

    discord.has(Trouble::new(Fault::Hold).on("POST /channels/{}/messages").about("Antwort 2"));
    let slip = here.says("Antwort 2");
    discord.had_all_troubles().await;
    here.deletes(slip);
    desk.until("the deletion is known", async || (desk.ticket(1001).await.count("deleted") == 3).then_some(())).await;
    discord.lets_go();
    desk.until("it is gone", async || (erika.count("Antwort ") == 0).then_some(())).await;
    desk.settles().await;
    assert_eq!(erika.count("Antwort "), 0);
    assert_eq!(server.is_terminated().await, Some(0));
}

/// Nobody has to write for it.
async fn a_thread_that_was_deleted_during_an_absence_is_made_again(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let (mut server, anna, _, first) = office.has_a_ticket(desk, &discord).await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));

    discord.forgets_sessions();
    first.is_deleted();
    server = office.serve(desk, &discord).await;
    let second = office.room.thread("#1001").await;
    assert_ne!(second.id(), first.id());
    let in_room = anna.in_room(&office.room);
    in_room.sees("the new card", |it| it.id == second.id() && it.buttons.contains(&"Übernehmen".to_owned())).await;
    desk.settles().await;
    let cards = in_room.chat().iter().filter(|it| it.text.contains("#1001")).count();
    assert_eq!(cards, 1, "the old one is gone");
    assert_eq!(server.is_terminated().await, Some(0));
}

/// Discord does not open her direct messages now, so nobody knows where her command belongs. She is told, and others are answered.
async fn what_cannot_be_placed_is_to_be_tried_again(desk: &Desk) {
    let discord = Discord::start().await;
    let guild = discord.guild("Acme");
    let room = guild.channel("allgemein");
    let mut server = serve(desk, &discord).await;
    let (erika, ben) = (discord.person("Erika", "de"), discord.person("Ben", "de"));
    guild.takes_in(&erika, &[]);
    let mut here = erika.in_room(&room);
    discord.has(Trouble::new(Fault::TooMany(Scope::User, 300.0)).on("POST /users/@me/channels"));
    here.commands("human", &[]);
    ben.says("/help");
    ben.sees("an answer", |it| it.by_bot).await;
    here.reads("Das hat gerade nicht geklappt.").await;
    assert_eq!(discord.unanswered(), 0);
    assert_eq!(server.is_terminated().await, Some(0));
}

/// Nothing that cannot be stored is behind us in the session: whoever is started again is told it again.
async fn what_cannot_be_stored_comes_again(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    desk.settles().await;
    desk.disk_is_full(true).await;
    erika.says("Zeile 0");
    server.logs("cannot store what came from Discord").await;
    server.kill9().await;
    erika.says("Zeile 1");
    server = serve(desk, &discord).await;
    server.logs("cannot store what came from Discord").await;
    desk.disk_is_full(false).await;
    has_lines(desk, 2).await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(discord.sessions(), (1, 1));
}

/// The order is that in which Discord tells, whatever the ids are. A file whose address leads elsewhere is not fetched from there.
async fn ids_may_jump_and_come_out_of_order(desk: &Desk) {
    let discord = Discord::start().await;
    let url = discord.url();
    let settings = [
        ("FIRSTLINE_DISCORD__TOKEN", TOKEN),
        ("FIRSTLINE_DISCORD__API_URL", url.as_str()),
        ("FIRSTLINE_DISCORD__LOOK_AGAIN", "1s"),
        ("FIRSTLINE_DESK__LANGUAGE", "de"),
    ];
    let mut server = desk.serve_with(&settings).await;
    discord.is_heard().await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let first = erika.says("Zeile 0");
    for (number, id) in [(1, first + (9 << 40)), (2, first + (1 << 22)), (3, first + (1 << 50)), (4, first + (2 << 22))]
    {
        discord.tells("MESSAGE_CREATE", &told(&erika, id, &format!("Zeile {number}"), &json!({})));
    }
    has_lines(desk, 5).await;
    discord.loses(1);
    erika.says("nicht vergessen");
    has_lines_of(desk, "nicht vergessen").await;

    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    discord.leads_astray();
    erika.sends("bild.png", "image/png", b"not secret", "mit Bild");
    anna.reads("mit Bild").await;
    assert_eq!(discord.has_led_astray().await, 0);
    desk.settles().await;
    anna.leaves().await;
    assert_eq!(server.is_terminated().await, Some(0));
}
