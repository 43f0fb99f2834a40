//! Who listens to Discord, and to how much of it: several servers on one token, several shards, and what nobody was told.

use firstline_tests::{
    both_databases,
    desk::Desk,
    discord::{Discord, Guild, TOKEN},
    server::Server,
};

use crate::{
    discord::{asks_for_help, serve},
    discord_office::Office,
};

both_databases!(
    of_two_servers_one_listens, what_the_gateway_does_not_tell_is_found, the_configured_gateway_is_stayed_with,
    each_shard_is_listened_to,
);

pub(crate) async fn has_lines(desk: &Desk, count: usize) {
    let last = format!("Zeile {}", count - 1);
    desk.until("the last line is there", async || {
        desk.ticket(1001).await.said_by("requester").contains(&last).then_some(())
    })
    .await;
    let ticket = desk.ticket(1001).await;
    let lines: Vec<String> = ticket.said_by("requester").into_iter().filter(|text| text.starts_with("Zeile")).collect();
    let expected: Vec<String> = (0..count).map(|number| format!("Zeile {number}")).collect();
    assert_eq!(lines, expected, "once and in order: {ticket}");
}

/// The newer one listens. It is stopped for so long that the older one takes over; when it wakes up it believes that it still
/// listens, and what it then wants to commit is refused.
async fn of_two_servers_one_listens(desk: &Desk) {
    let discord = Discord::start().await;
    let mut older = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let mut newer = serve(desk, &discord).await;
    newer.logs("listening to Discord").await;
    older.logs("this one stands by").await;
    discord.has_resumed(1).await;
    erika.says("Zeile 0");
    has_lines(desk, 1).await;
    desk.settles().await;

    desk.stops(&newer).await;
    erika.says("Zeile 1");
    discord.has_resumed(2).await;
    has_lines(desk, 2).await;
    erika.says("Zeile 2");
    newer.goes_on();
    newer.logs("this one stands by").await;
    erika.says("Zeile 3");
    has_lines(desk, 4).await;

    // A server that ends in peace is followed at once.
    assert_eq!(older.is_terminated().await, Some(0));
    discord.has_resumed(3).await;
    erika.says("Zeile 4");
    has_lines(desk, 5).await;
    assert_eq!(newer.is_terminated().await, Some(0));
    assert_eq!(discord.sessions().0, 1, "one session, whoever listens");
}

/// In direct messages, in a help channel, and in a ticket's thread.
async fn what_the_gateway_does_not_tell_is_found(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let help = office.guild.channel("hilfe");
    let channel = help.id().to_string();
    let more = [("FIRSTLINE_DISCORD__LOOK_AGAIN", "1s"), ("FIRSTLINE_DISCORD__HELP_CHANNELS", channel.as_str())];
    let mut server = office.serve_with(desk, &discord, &more).await;
    let anna = office.agent(desk, &discord, "Anna").await;
    let mut erika = discord.person("Erika", "de");
    let thread = office.handed_over(&mut erika, &anna).await;
    anna.in_room(&office.room).presses("Übernehmen");
    erika.reads("hat Ticket #1001 übernommen").await;
    desk.settles().await;
    discord.loses(1);
    anna.in_thread(&thread).says("Ich sehe es mir an.");
    erika.reads("Ich sehe es mir an.").await;
    let ben = discord.person("Ben", "de");
    office.guild.takes_in(&ben, &[]);
    discord.loses(1);
    ben.in_room(&help).says("mein drucker druckt nicht");
    let asked = help.thread("Helpdesk für Ben").await;
    ben.in_thread(&asked).reads("Drucker").await;
    desk.settles().await;
    discord.loses(1);
    erika.says("Zeile 0");
    has_lines(desk, 1).await;
    server.logs("of which the gateway had not told").await;
    erika.says("Zeile 1");
    has_lines(desk, 2).await;

    // That the gateway tells what comes next makes up for nothing.
    discord.loses(1);
    erika.says("Zeile 3");
    erika.says("Zeile 2");
    desk.until("both are there, and each once", async || {
        let said = desk.ticket(1001).await.said_by("requester");
        said.contains(&"Zeile 3".to_owned()).then(|| assert_eq!(said.iter().filter(|it| *it == "Zeile 2").count(), 1))
    })
    .await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(discord.sessions(), (1, 0));
}

/// Discord names another address for resuming; where one is configured, nothing else is asked, after a restart either.
async fn the_configured_gateway_is_stayed_with(desk: &Desk) {
    let discord = Discord::start().await;
    let (url, gateway) = (discord.url(), discord.gateway_url());
    let settings = [
        ("FIRSTLINE_DISCORD__TOKEN", TOKEN),
        ("FIRSTLINE_DISCORD__API_URL", url.as_str()),
        ("FIRSTLINE_DISCORD__GATEWAY_URL", &gateway),
        ("FIRSTLINE_DESK__LANGUAGE", "de"),
    ];
    let mut server = desk.serve_with(&settings).await;
    discord.is_heard().await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    discord.asks_to_reconnect();
    erika.says("Zeile 0");
    discord.has_resumed(1).await;
    discord.hangs_up();
    erika.says("Zeile 1");
    discord.has_resumed(2).await;
    has_lines(desk, 2).await;
    assert_eq!(server.is_terminated().await, Some(0));
    erika.says("Zeile 2");
    server = desk.serve_with(&settings).await;
    discord.has_resumed(3).await;
    discord.closes(4000);
    erika.says("Zeile 3");
    discord.has_resumed(4).await;
    has_lines(desk, 4).await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!((discord.sessions(), discord.came_to_resume()), ((1, 4), 0));
}

/// Discord advises two shards. Direct messages are told to the first, a server to the second, and both reach the same ticket.
async fn each_shard_is_listened_to(desk: &Desk) {
    let discord = Discord::start().await;
    discord.advises_shards(2);
    let guild = told_to_the_second(&discord);
    let room = guild.channel("helpdesk");
    let (url, rooms) = (discord.url(), format!("helpdesk={}", room.id()));
    let settings = [
        ("FIRSTLINE_DISCORD__TOKEN", TOKEN),
        ("FIRSTLINE_DISCORD__API_URL", url.as_str()),
        ("FIRSTLINE_DISCORD__ROOMS", &rooms),
        ("FIRSTLINE_DESK__LANGUAGE", "de"),
    ];
    let mut server: Server = desk.serve_with(&settings).await;
    discord.has_begun(2).await;
    let anna = discord.person("Anna", "de");
    guild.takes_in(&anna, &[]);
    let id = anna.id().to_string();
    let _ = desk.run(&["agent", "add", "Anna", "--platform", "discord", "--user-id", &id]).await.succeeds();
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let thread = room.thread("#1001").await;
    let in_room = anna.in_room(&room);
    in_room.sees("the card", |it| it.text.contains("#1001") && !it.buttons.is_empty()).await;
    in_room.presses("Übernehmen");
    erika.reads("**Anna** vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.in_thread(&thread).says("Ich sehe es mir an.");
    erika.reads("Ich sehe es mir an.").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));

    // Both go on where they were.
    erika.says("Zeile 0");
    anna.in_thread(&thread).says("Noch da?");
    server = desk.serve_with(&settings).await;
    discord.has_resumed(2).await;
    has_lines(desk, 1).await;
    erika.reads("Noch da?").await;

    // Each has one holder: a newer instance takes both over, and gives both back.
    let mut newer: Server = desk.serve_with(&settings).await;
    discord.has_resumed(4).await;
    erika.says("Zeile 1");
    anna.in_thread(&thread).says("Auch jetzt?");
    has_lines(desk, 2).await;
    erika.reads("Auch jetzt?").await;
    assert_eq!(newer.is_terminated().await, Some(0));
    discord.has_resumed(6).await;
    erika.says("Zeile 2");
    has_lines(desk, 3).await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(discord.sessions(), (2, 6));
}

/// A server whose id puts it into the second of two shards.
fn told_to_the_second(discord: &Discord) -> Guild<'_> {
    loop {
        let guild = discord.guild("Acme");
        if (guild.id() >> 22) % 2 == 1 {
            return guild;
        }
    }
}
