//! The server: it begins with nothing, says what to do next, ends when asked to, and what was accepted is there afterwards.

use firstline_tests::{
    both_databases,
    desk::{Desk, bare_command},
    server::Server,
};
use tempfile::TempDir;

use crate::people::asks_for_help_with_the_vpn;

both_databases!(
    it_says_what_to_do_next_and_ends_when_asked,
    what_was_accepted_is_there_after_a_restart,
    several_processes_share_a_desk,
    what_was_shown_holds_nothing_up,
    broken_connections_come_back
);

/// With nothing configured at all but a port that is free.
#[tokio::test]
async fn an_empty_folder_is_enough() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let start = || {
        let mut command = bare_command(folder.path(), &["serve"]);
        command.env("FIRSTLINE_WEB__LISTEN", "127.0.0.1:0");
        Server::with(command)
    };
    let mut server = start().await;
    let created = server.says("Firstline created firstline.db").await;
    assert!(created.contains("starter articles"), "{created}");
    assert!(folder.path().join("firstline.db").exists());
    assert_eq!(server.is_terminated().await, Some(0));

    let mut again = start().await;
    again.says("Firstline uses firstline.db").await;
    assert_eq!(again.is_terminated().await, Some(0));
}

async fn it_says_what_to_do_next_and_ends_when_asked(desk: &Desk) {
    let mut server = desk.serve().await;
    server.says("starter articles").await;
    server.says(" chat ").await;
    server.says(" chat --agent anna").await;
    server.says("FIRSTLINE_TELEGRAM__TOKEN").await;
    let (status, _) = server.get("/healthz").await;
    assert_eq!(status, 200);
    let (status, _) = server.get("/readyz").await;
    assert_eq!(status, 200);
    let (status, _) = server.get("/").await;
    assert_eq!(status, 200);
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn what_was_accepted_is_there_after_a_restart(desk: &Desk) {
    let mut server = desk.serve().await;
    let mut erika = desk.employee("erika");
    asks_for_help_with_the_vpn(&mut erika).await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(erika.is_terminated().await, Some(0));

    let mut server = desk.serve().await;
    let mut erika = desk.employee("erika");
    erika.reads("terminal> Vorher:").await;
    erika.reads("Ich habe Ticket #1001 eröffnet").await;
    erika.says("/status").await;
    erika.reads("#1001").await;
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    erika.reads("anna vom Helpdesk hat Ticket #1001 übernommen").await;
    for chat in [&mut erika, &mut anna] {
        assert_eq!(chat.is_terminated().await, Some(0));
    }
    assert_eq!(server.is_terminated().await, Some(0));
}

/// A server and two chats, and the conversation may be worked on by any of them.
async fn several_processes_share_a_desk(desk: &Desk) {
    let mut server = desk.serve().await;
    let mut anna = desk.agent("anna");
    let mut erika = desk.employee("erika");
    asks_for_help_with_the_vpn(&mut erika).await;
    anna.claims(1001).await;
    for round in 0..5 {
        anna.says(&format!("question {round}")).await;
        erika.reads(&format!("anna> question {round}")).await;
        erika.says(&format!("answer {round}")).await;
        anna.reads(&format!("requester(erika)> answer {round}")).await;
    }
    erika.leaves().await;
    anna.leaves().await;
    assert_eq!(server.is_terminated().await, Some(0));
    let ticket = desk.ticket(1001).await;
    let expected: Vec<String> = (0..5).map(|round| format!("question {round}")).collect();
    assert_eq!(ticket.said_by("anna"), expected, "{ticket}");
    for round in 0..5 {
        assert_eq!(erika.count(&format!("anna> question {round}")), 1, "{}", erika.screen().transcript());
    }
}

/// On PostgreSQL: what was shown is hard to record, or cannot be; the chat goes on, and no server has to be there for that.
async fn what_was_shown_holds_nothing_up(desk: &Desk) {
    let mut erika = desk.employee("erika");
    erika.says("ich komme von zu hause nicht ins vpn").await;
    erika.reads("bot> Schritt 1 von 6").await;
    desk.break_at_commit_of("outbox", "NEW.state = 'sent'", 3).await;
    erika.says("geht nicht").await;
    erika.reads("bot> Schritt 2 von 6").await;
    desk.break_at_commit_of("outbox", "NEW.state = 'sent' AND NEW.operation::text LIKE '%Schade, dass%'", u32::MAX)
        .await;
    erika.says("geht nicht").await;
    erika.reads("bot> Schade, dass das bisher nicht geholfen hat.").await;
    erika.says("mensch").await;
    erika.reads("Wer ist betroffen?").await;
    erika.says("mensch").await;
    erika.reads("Ich habe Ticket #1001 eröffnet").await;
    erika.leaves().await;
    let ticket = desk.ticket(1001).await;
    for shown in ["bot> Schritt 2 von 6", "bot> Schade, dass das"] {
        assert_eq!(erika.count(shown), 1, "{}", erika.screen().transcript());
    }
    let unsure = ticket.sent().into_iter().filter(|said| said.delivery.as_deref() == Some("ambiguous")).count();
    let expected = usize::from(desk.database_file().is_none());
    assert_eq!(unsure, expected, "only that of which the end could not be recorded: {ticket}");
}

/// On PostgreSQL: the server is restarted under everybody's feet. (On SQLite there is nothing to break.)
async fn broken_connections_come_back(desk: &Desk) {
    let mut erika = desk.employee("erika");
    erika.says("ich komme von zu hause nicht ins vpn").await;
    erika.reads("bot> Schritt 1 von 6").await;
    let mut anna = desk.agent("anna");
    anna.reads("ticket> No ticket is waiting.").await;
    desk.break_connections().await;
    erika.says("geht nicht").await;
    erika.reads("bot> Schritt 2 von 6").await;
    desk.break_connections().await;
    erika.says("mensch").await;
    erika.reads("Wer ist betroffen?").await;
    erika.says("mensch").await;
    erika.reads("Ich habe Ticket #1001 eröffnet").await;
    anna.reads("#1001 ").await;
    desk.break_connections().await;
    anna.types("/claim 1001").await;
    // Who was in the middle of something is told that it failed, and tries again.
    while anna.reads_any(&["ticket> Claimed by anna", "Reference:"]).await.contains("Reference:") {
        anna.types("/claim 1001").await;
    }
    erika.reads("anna vom Helpdesk hat Ticket #1001 übernommen").await;
    erika.leaves().await;
    anna.leaves().await;
    let ticket = desk.ticket(1001).await;
    assert_eq!(ticket.said_by("requester").len(), 4, "{ticket}");
    assert_eq!(ticket.count("claimed"), 1, "{ticket}");
}
