//! How messages from Telegram come in: after a day away, in whatever form and order, by webhook, with several servers at once.

use std::net::TcpListener;

use firstline_tests::{
    both_databases,
    desk::Desk,
    server::Server,
    telegram::{Fault, HALF, Person, TOKEN, Telegram, Trouble},
};
use serde_json::json;

use crate::telegram::serve;

both_databases!(
    a_day_away_and_a_thousand_updates_wait, nothing_that_arrives_stops_the_intake, telegram_calls_by_webhook,
    of_two_servers_one_listens,
);

/// All of them ask for a human and skip the questions, which makes a ticket for each; their numbers.
pub(crate) async fn have_tickets(people: &mut [Person<'_>]) -> Vec<i64> {
    // Side by side: each chat is written to once a second only.
    for person in &*people {
        person.says("mensch");
    }
    for person in &mut *people {
        person.reads("Ich hole dir einen Menschen.").await;
    }
    for person in &*people {
        person.says("mensch");
    }
    let mut tickets = Vec::new();
    for person in people {
        let said = person.reads("Ich habe Ticket #").await.text;
        let digits = said.split('#').nth(1).unwrap_or_default().chars().take_while(char::is_ascii_digit);
        tickets.push(digits.collect::<String>().parse().expect("a number"));
    }
    tickets
}

/// Asks for a human and skips the questions, which makes the first ticket.
async fn has_a_ticket(person: &mut Person<'_>) {
    assert_eq!(have_tickets(std::slice::from_mut(person)).await, [1001]);
}

/// The lines of a ticket that begin so, in the order of its timeline.
pub(crate) async fn lines_of(desk: &Desk, ticket: i64, beginning: &str) -> Vec<String> {
    let ticket = desk.ticket(ticket).await;
    ticket.said_by("requester").into_iter().filter(|text| text.starts_with(beginning)).collect()
}

async fn a_day_away_and_a_thousand_updates_wait(desk: &Desk) {
    const PEOPLE: i64 = 10;
    const EACH: usize = 100;
    let telegram = Telegram::start().await;
    let mut server = serve(desk, &telegram).await;
    let mut people: Vec<Person<'_>> = (1..=PEOPLE).map(|id| telegram.person(id, &format!("P{id}"), "de")).collect();
    let tickets = have_tickets(&mut people).await;
    telegram.is_done_with_everything().await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));

    for number in 1..=EACH {
        for person in &people {
            person.says(&format!("Zeile {number}"));
        }
    }
    telegram.passes(std::time::Duration::from_hours(23));
    assert_eq!(telegram.waiting(), 1000);
    let mut server = serve(desk, &telegram).await;
    telegram.is_done_with_everything().await;
    desk.settles().await;
    let expected: Vec<String> = (1..=EACH).map(|number| format!("Zeile {number}")).collect();
    for ticket in tickets {
        assert_eq!(lines_of(desk, ticket, "Zeile").await, expected, "ticket {ticket}");
    }
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn nothing_that_arrives_stops_the_intake(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut erika = telegram.person(1, "Erika", "de");
    let mut server = serve(desk, &telegram).await;
    has_a_ticket(&mut erika).await;

    erika.says(&format!("Zeile 1 {HALF}"));
    telegram.tells(json!({"message": {"chat": "is no chat"}}));
    telegram.tells(json!({"newer_than_we_are": {"a": [1, 2, 3]}}));
    telegram.tells(json!({}));
    telegram.repeats_itself();
    let last = erika.says("Zeile 2");
    telegram.is_done_with(last).await;
    telegram.has(Trouble::new(Fault::TooMany(Some(1))).on("getupdates"));
    telegram.has(Trouble::new(Fault::TooMany(None)).on("getupdates"));
    telegram.has(Trouble::new(Fault::DropAfter).on("getupdates"));
    telegram.has(Trouble::new(Fault::DropBefore).on("getupdates"));
    erika.says("Zeile 3");
    telegram.had_all_troubles().await;
    telegram.is_done_with_everything().await;
    // After a week without updates their ids begin anew, higher or lower.
    telegram.jumps_to(5_000_000_000);
    telegram.is_done_with(erika.says("Zeile 4")).await;
    telegram.jumps_to(17);
    telegram.is_done_with(erika.says("Zeile 5")).await;
    desk.settles().await;

    let lines = lines_of(desk, 1001, "Zeile").await;
    assert_eq!(lines, ["Zeile 1 \u{fffd}", "Zeile 2", "Zeile 3", "Zeile 4", "Zeile 5"]);
    let report = desk.run(&["doctor"]).await;
    assert!(report.stdout.contains("3 things arrived that this version does not understand"), "{}", report.stdout);
    assert_eq!(server.is_terminated().await, Some(0));
    // What was meant to be strange is.
    telegram.takes_violations();
}

pub(crate) const SECRET: &str = "a-secret-that-nobody-guesses";

/// A server that Telegram calls.
pub(crate) async fn serve_by_webhook(desk: &Desk, telegram: &Telegram) -> Server {
    serve_by_webhook_with(desk, telegram, &[]).await
}

pub(crate) async fn serve_by_webhook_with(desk: &Desk, telegram: &Telegram, more: &[(&str, &str)]) -> Server {
    // A port that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let (url, listen, public) = (telegram.url(), free.to_string(), format!("http://{free}/from-telegram"));
    let mut settings = vec![
        ("FIRSTLINE_TELEGRAM__TOKEN", TOKEN),
        ("FIRSTLINE_TELEGRAM__API_URL", url.as_str()),
        ("FIRSTLINE_TELEGRAM__MODE", "webhook"),
        ("FIRSTLINE_TELEGRAM__WEBHOOK__LISTEN", listen.as_str()),
        ("FIRSTLINE_TELEGRAM__WEBHOOK__PUBLIC_URL", public.as_str()),
        ("FIRSTLINE_TELEGRAM__WEBHOOK__SECRET", SECRET),
    ];
    settings.extend_from_slice(more);
    desk.serve_with(&settings).await
}

async fn telegram_calls_by_webhook(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut erika = telegram.person(1, "Erika", "de");
    // A port that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let (url, listen, public) = (telegram.url(), free.to_string(), format!("http://{free}/from-telegram"));
    let settings = [
        ("FIRSTLINE_TELEGRAM__TOKEN", TOKEN),
        ("FIRSTLINE_TELEGRAM__API_URL", url.as_str()),
        ("FIRSTLINE_TELEGRAM__MODE", "webhook"),
        ("FIRSTLINE_TELEGRAM__WEBHOOK__LISTEN", listen.as_str()),
        ("FIRSTLINE_TELEGRAM__WEBHOOK__PUBLIC_URL", public.as_str()),
        ("FIRSTLINE_TELEGRAM__WEBHOOK__SECRET", SECRET),
    ];
    let refused = desk.serve_with_ended(&settings[..5]).await;
    refused.fails(2, &["telegram.webhook.secret"]);

    let mut server = desk.serve_with(&settings).await;
    telegram.is_asked("setwebhook", 1).await;
    assert_eq!(telegram.webhook(), Some((public.clone(), SECRET.to_owned())));
    has_a_ticket(&mut erika).await;
    let update = json!({"update_id": 1, "message": {"message_id": 99, "date": 1, "text": "Zeile 0",
        "chat": {"id": 1, "type": "private"}, "from": {"id": 1, "is_bot": false, "first_name": "Erika"}}});
    for wrong in ["", "a-secret-that-nobody-guessed", "a-secret"] {
        assert_eq!(telegram.is_imitated(wrong, &update.to_string()).await, 401, "{wrong:?}");
    }
    // Of what a stranger sends nothing is read, and the log is not filled with them.
    assert_eq!(telegram.is_imitated_without_an_end("a-secret").await, 401);
    assert_eq!(server.everything().matches("does not know the secret").count(), 1);
    assert_eq!(telegram.is_imitated(SECRET, "\u{1}nonsense").await, 200, "kept, and not told again for ever");

    erika.says(&format!("Zeile 1 {HALF}"));
    let kept = erika.says("Zeile 2");
    telegram.is_done_with(kept).await;
    server.kill9().await;
    erika.says("Zeile 3");
    erika.says("Zeile 4");
    telegram.calls_in_vain(2).await;
    let mut server = desk.serve_with(&settings).await;
    telegram.is_done_with_everything().await;
    desk.settles().await;
    assert_eq!(lines_of(desk, 1001, "Zeile").await, ["Zeile 1 \u{fffd}", "Zeile 2", "Zeile 3", "Zeile 4"]);
    assert!(telegram.requests("getupdates").is_empty());
    assert!(!server.everything().contains(SECRET), "the secret is printed nowhere");
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn of_two_servers_one_listens(desk: &Desk) {
    let telegram = Telegram::start().await;
    let mut erika = telegram.person(1, "Erika", "de");
    let mut first = serve(desk, &telegram).await;
    has_a_ticket(&mut erika).await;
    // A program of somebody else's that has the token is none of ours, which would be left to it.
    telegram.is_asked_by_another_program();
    first.logs("(409)").await;
    let mut second = serve(desk, &telegram).await;
    first.logs("another instance polls Telegram").await;
    telegram.is_done_with(erika.says("Zeile 1")).await;
    let ended =
        telegram.requests("getupdates").iter().filter(|it| it.answer.as_ref().is_some_and(|it| it.0 == 409)).count();
    assert!(ended <= 3, "they end each other: {ended} times");
    // The one that listens goes, and the other takes over.
    assert_eq!(second.is_terminated().await, Some(0));
    telegram.is_done_with(erika.says("Zeile 2")).await;
    // It comes back and is killed: the other takes over when nothing is heard of it any more.
    let mut third = serve(desk, &telegram).await;
    third.logs("listening to Telegram").await;
    telegram.is_done_with(erika.says("Zeile 3")).await;
    third.kill9().await;
    telegram.is_done_with(erika.says("Zeile 4")).await;
    desk.settles().await;
    assert_eq!(lines_of(desk, 1001, "Zeile").await, ["Zeile 1", "Zeile 2", "Zeile 3", "Zeile 4"]);
    assert_eq!(first.is_terminated().await, Some(0));
}
