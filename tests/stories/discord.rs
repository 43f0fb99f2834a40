//! Somebody asks in Discord, and an agent answers from a terminal.
//!
//! ```text
//! erika (Discord):  ich komme von zu hause nicht ins vpn          presses [Nein, geht nicht] twice
//! bot   (Discord):  Soll ich dich an einen Menschen weitergeben?  erika presses [Mit einem Menschen sprechen]
//! anna  (terminal): /claim 1001, Welche Fehlermeldung kommt?
//! anna  (Discord):  Welche Fehlermeldung kommt?
//! ```

use firstline_tests::{
    both_databases,
    desk::Desk,
    discord::{Discord, Fault, Person, Scope, TOKEN, Trouble},
    server::Server,
};
use serde_json::json;

both_databases!(
    an_agent_in_a_terminal_helps,
    a_killed_server_resumes_and_loses_nothing,
    what_was_written_during_an_absence_is_answered_once,
    troubles_of_the_gateway_lose_nothing,
    troubles_of_the_api_double_nothing,
    what_cannot_be_read_is_fetched,
);

pub(crate) async fn serve(desk: &Desk, discord: &Discord) -> Server {
    let url = discord.url();
    let settings =
        [("FIRSTLINE_DISCORD__TOKEN", TOKEN), ("FIRSTLINE_DISCORD__API_URL", &url), ("FIRSTLINE_DESK__LANGUAGE", "de")];
    let server = desk.serve_with(&settings).await;
    discord.is_heard().await;
    server
}

/// Erika is led through the VPN article in vain and presses her way to ticket #1001.
pub(crate) async fn asks_for_help(erika: &mut Person<'_>) {
    erika.says("ich komme von zu hause nicht ins vpn");
    let first = erika.reads("Schritt 1 von 6").await;
    assert_eq!(first.buttons, ["Ja, es geht", "Nein, geht nicht", "Mit einem Menschen sprechen"]);
    erika.presses("Nein, geht nicht");
    erika.reads("Schritt 2 von 6").await;
    erika.presses("Nein, geht nicht");
    erika.reads("Soll ich dich an einen Menschen weitergeben?").await;
    erika.presses("Mit einem Menschen sprechen");
    erika.reads("Wer ist betroffen?").await;
    erika.presses("Nur ich");
    erika.reads("Wie sehr hindert es dich an der Arbeit?").await;
    erika.presses("Ich kann gar nicht arbeiten");
    erika.reads("Ich habe Ticket **#1001** eröffnet").await;
}

async fn an_agent_in_a_terminal_helps(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;

    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    assert!(anna.shows("Requester: Erika (discord)"), "{}", anna.screen().transcript());
    erika.reads("**anna** vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.says("Welche Fehlermeldung kommt?").await;
    erika.reads("Welche Fehlermeldung kommt?").await;
    let said = erika.says("Zeitüberschreitung beim Verbinden");
    anna.reads("requester(Erika)> Zeitüberschreitung beim Verbinden").await;
    erika.rewrites(said, "Zeitüberschreitung beim Anmelden");
    anna.reads("Zeitüberschreitung beim Anmelden").await;
    anna.notes("Hotel-WLAN sperrt IPsec").await;
    anna.says(&format!("Nimm **bitte** <@{}> den Hotspot @everyone.", erika.id())).await;
    let shown = erika.reads("den Hotspot").await;
    assert!(shown.text.contains(r"\*\*bitte\*\*") && shown.pings == 0, "an agent's words are no markup: {shown}");
    anna.resolves().await;
    erika.reads("anna hat Ticket #1001 gelöst.").await;
    erika.presses("5");
    erika.reads("Möchtest du etwas dazu sagen?").await;
    erika.says("super schnell");
    erika.reads("Danke für deine Rückmeldung!").await;
    anna.reads("super schnell").await;
    anna.leaves().await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));

    let ticket = desk.ticket(1001).await;
    assert_eq!((ticket.status(), ticket.platform()), ("resolved".to_owned(), Some("discord")), "{ticket}");
    assert_eq!((ticket.field("rating"), ticket.language()), ("5".to_owned(), Some("de")), "{ticket}");
    assert!(ticket.sent().iter().all(|said| said.delivery.as_deref() == Some("sent")), "{ticket}");

    let requests = discord.journal();
    let refused = requests.iter().filter(|request| request.answer.as_ref().is_some_and(|(status, _)| *status >= 400));
    assert_eq!(refused.count(), 0, "{requests:?}");
    assert!(!format!("{requests:?}").contains("IPsec"), "a note left the staff side: {requests:?}");
    assert_eq!(discord.unanswered(), 0, "every press is acknowledged");
    assert!(!server.everything().contains(TOKEN), "the token is printed nowhere");
}

/// `kill -9` while messages are on their way: the session is resumed, and everything is there once and in order.
async fn a_killed_server_resumes_and_loses_nothing(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    for round in 0..3 {
        erika.says(&format!("Zeile {}", 2 * round));
        server.kill9().await;
        erika.says(&format!("Zeile {}", 2 * round + 1));
        server = serve(desk, &discord).await;
    }
    for number in 0..6 {
        anna.reads(&format!("requester(Erika)> Zeile {number}")).await;
    }
    anna.says("Bist du noch da?").await;
    erika.reads("Bist du noch da?").await;
    desk.settles().await;
    anna.leaves().await;
    assert_eq!(server.is_terminated().await, Some(0));
    let (begun, resumed) = discord.sessions();
    assert!(begun == 1 && resumed == 3, "{begun} sessions, {resumed} resumed");
    let ticket = desk.ticket(1001).await;
    let lines: Vec<String> = ticket.said_by("requester").into_iter().filter(|text| text.starts_with("Zeile")).collect();
    assert_eq!(lines, ["Zeile 0", "Zeile 1", "Zeile 2", "Zeile 3", "Zeile 4", "Zeile 5"], "{ticket}");
    for said in ticket.sent() {
        assert_eq!(said.delivery.as_deref(), Some("sent"), "{ticket}");
        assert_eq!(erika.count(said.text.lines().next().unwrap_or_default()), 1, "{said:?}");
    }
}

/// Six hours away, the session forgotten: everybody is answered once, in order, page after page. Who wrote for the very first time
/// meanwhile is, too, as soon as they write again: Discord does not tell of them before.
async fn what_was_written_during_an_absence_is_answered_once(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let ben = discord.person("Ben", "en");
    ben.says("hello");
    ben.sees("an answer", |it| it.by_bot).await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));

    discord.forgets_sessions();
    for number in 0..250 {
        erika.says(&format!("Zeile {number}"));
    }
    ben.says("/help");
    let mut carla = discord.person("Carla", "de");
    carla.says("ich komme von zu hause nicht ins vpn");
    carla.says("nein");
    discord.has(Trouble::new(Fault::TooMany(Scope::User, 0.2)).on("GET /channels/{}/messages"));
    server = serve(desk, &discord).await;
    server.logs("has been fetched").await;
    discord.had_all_troubles().await;
    let last = erika.says("und jetzt?");
    erika.deletes(last);
    carla.says("/privacy");
    for answer in ["Schritt 1 von 6", "Schritt 2 von 6", "Was du hier schreibst"] {
        carla.reads(answer).await;
    }
    desk.settles().await;
    assert_eq!(carla.chat().iter().filter(|it| it.by_bot).count(), 3);
    assert_eq!(server.is_terminated().await, Some(0));
    let ticket = desk.ticket(1001).await;
    let lines: Vec<String> = ticket.said_by("requester").into_iter().filter(|text| text.starts_with("Zeile")).collect();
    let expected: Vec<String> = (0..250).map(|number| format!("Zeile {number}")).collect();
    assert_eq!(lines, expected, "once and in order");
    assert_eq!(discord.sessions(), (2, 0));
}

/// Asked to reconnect, cut off, told that the session is invalid: nothing is lost and nothing doubled.
async fn troubles_of_the_gateway_lose_nothing(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    discord.asks_to_reconnect();
    erika.says("Zeile 0");
    discord.has_resumed(1).await;
    discord.hangs_up();
    erika.says("Zeile 1");
    discord.has_resumed(2).await;
    discord.closes(4000);
    erika.says("Zeile 2");
    discord.has_resumed(3).await;
    discord.invalidates(true);
    erika.says("Zeile 3");
    discord.has_resumed(4).await;
    discord.invalidates(false);
    erika.says("Zeile 4");
    discord.has_begun(2).await;
    server.logs("has been fetched").await;
    erika.says("Zeile 5");
    desk.until("the last line is there", async || {
        desk.ticket(1001).await.said_by("requester").contains(&"Zeile 5".to_owned()).then_some(())
    })
    .await;
    assert_eq!(server.is_terminated().await, Some(0));
    let ticket = desk.ticket(1001).await;
    let lines: Vec<String> = ticket.said_by("requester").into_iter().filter(|text| text.starts_with("Zeile")).collect();
    assert_eq!(lines, ["Zeile 0", "Zeile 1", "Zeile 2", "Zeile 3", "Zeile 4", "Zeile 5"], "{ticket}");
    assert!(discord.came_to_resume() > 0, "sessions are resumed where Discord wants it");
}

/// 429 of each scope, a page of HTML, a server error, an answer that is lost on its way: each message is there once.
async fn troubles_of_the_api_double_nothing(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    let faults = [
        Fault::TooMany(Scope::User, 0.3),
        Fault::TooMany(Scope::Shared, 0.3),
        Fault::TooMany(Scope::Global, 0.3),
        Fault::Blocked,
        Fault::Broken(502),
        Fault::DropBefore,
        Fault::DropAfter,
    ];
    for (number, fault) in faults.into_iter().enumerate() {
        discord.has(Trouble::new(fault).on("POST /channels/{}/messages").about(&format!("Antwort {number}")));
        anna.says(&format!("Antwort {number}")).await;
    }
    erika.reads("Antwort 6").await;
    discord.had_all_troubles().await;
    desk.settles().await;
    let order: Vec<String> = erika.chat().into_iter().map(|it| it.text).filter(|it| it.contains("Antwort ")).collect();
    let expected: Vec<String> = (0..7).map(|number| format!("**anna:**\nAntwort {number}")).collect();
    assert_eq!(order, expected, "once and in order");
    anna.leaves().await;
    assert_eq!(server.is_terminated().await, Some(0));
}

/// A dispatch that is none of those we know: what was in it is fetched by the other door, and nothing else is.
async fn what_cannot_be_read_is_fetched(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    asks_for_help(&mut erika).await;
    let ben = discord.person("Ben", "de");
    ben.says("/help");
    ben.sees("an answer", |it| it.by_bot).await;
    let has = async |line: &str| {
        desk.until("the line is there", async || {
            desk.ticket(1001).await.said_by("requester").contains(&line.to_owned()).then_some(())
        })
        .await;
    };
    discord.loses(1);
    erika.says("Zeile 0");
    discord.tells("MESSAGE_CREATE", &json!({"id": 5, "channel_id": erika.channel().to_string(), "author": []}));
    has("Zeile 0").await;
    let asked = discord.requests("GET /channels/{}/messages");
    assert!(asked.iter().all(|it| it.path.contains(&erika.channel().to_string())), "only hers: {asked:?}");

    discord.loses(1);
    erika.says("Zeile 1");
    discord.tells("MESSAGE_CREATE", &json!({"id": 5, "channel_id": {}, "author": []}));
    has("Zeile 1").await;
    server.logs("has been fetched").await;
    let checks = desk.run(&["doctor"]).await.stdout;
    assert!(checks.contains("does not understand"), "{checks}");
    erika.says("noch etwas");
    has("noch etwas").await;
    assert_eq!(server.is_terminated().await, Some(0));
}
