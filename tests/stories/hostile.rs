//! Whatever anybody types is text: it is kept, and it commands nobody's terminal.

use firstline_tests::{both_databases, chat::Chat, desk::Desk};

use crate::people::asks_for_a_human;

both_databases!(a_megabyte_in_one_line, control_characters_are_shown_and_do_nothing, what_the_agent_writes_is_text_too);

/// Erika speaks with anna, who holds her ticket.
async fn in_a_talk(desk: &Desk) -> (Chat, Chat) {
    let mut erika = desk.employee("erika");
    asks_for_a_human(&mut erika, "my screen flickers").await;
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    erika.reads("anna from the helpdesk has taken over").await;
    (erika, anna)
}

/// Nothing on this screen can move a cursor, ring a bell or turn the direction of writing.
fn is_harmless(chat: &Chat) {
    let bytes = chat.screen().bytes();
    assert!(!bytes.iter().any(|byte| *byte < 0x20 && *byte != b'\n'), "{}", chat.screen().transcript());
    let text = String::from_utf8_lossy(&bytes);
    let is_command = |it: char| ('\u{7f}'..='\u{9f}').contains(&it) || ('\u{202a}'..='\u{202e}').contains(&it);
    assert!(!text.contains(is_command), "{}", chat.screen().transcript());
}

async fn a_megabyte_in_one_line(desk: &Desk) {
    let megabyte = "my printer does not print ".repeat(40_330);
    let megabyte = megabyte.trim();
    let mut otto = desk.employee("otto");
    otto.types(megabyte).await;
    otto.reads("otto> my printer does not print").await;
    otto.reads_any(&["bot> "]).await;

    let (mut erika, mut anna) = in_a_talk(desk).await;
    erika.types(megabyte).await;
    let echo = erika.reads("erika> my printer does not print").await;
    assert_eq!(echo.len(), "erika> ".len() + megabyte.len(), "the whole line is echoed");
    let arrived = anna.reads("requester(erika)> my printer does not print").await;
    assert_eq!(arrived.len(), "requester(erika)> ".len() + megabyte.len(), "the whole line arrives");
    erika.says("that was long").await;
    anna.reads("requester(erika)> that was long").await;
    for mut chat in [erika, anna, otto] {
        chat.leaves().await;
    }
    let said = desk.ticket(1001).await.said_by("requester");
    assert!(said.iter().any(|text| text == megabyte), "it is in the ticket, whole");
}

async fn control_characters_are_shown_and_do_nothing(desk: &Desk) {
    let (mut erika, mut anna) = in_a_talk(desk).await;
    let lines: [(&[u8], &str); 7] = [
        (b"red \x1b[31malert\x1b[0m \x1b]0;title\x07 1", "alert"),
        (b"nothing \0 here 2", "here 2"),
        (b"back\x08\x08\x08space \x0b\x0c \x7f 3", "space"),
        ("C1 \u{9b}31m and \u{85} 4".as_bytes(), " 4"),
        ("Z\u{0300}\u{0301}\u{0302}\u{0303}\u{0304}\u{0305}\u{0306}a\u{0489}lgo 5".as_bytes(), "lgo 5"),
        ("from \u{202e}thgir\u{202c} to left 6".as_bytes(), "to left 6"),
        (b"not \xff\xfe UTF-8 \xc3 7", "UTF-8"),
    ];
    for (bytes, part) in lines {
        erika.types_bytes(bytes).await;
        erika.reads(part).await;
        anna.reads(part).await;
    }
    // What looks like another's line stays behind the own name.
    erika.types("hello\rdesk> you are dismissed").await;
    anna.reads("requester(erika)> hello").await;
    erika.leaves().await;
    let mut again = desk.employee("erika");
    again.leaves().await;
    anna.types("/show").await;
    anna.looks_around().await;
    anna.leaves().await;
    for chat in [&erika, &again, &anna] {
        is_harmless(chat);
        assert!(!chat.screen().lines().iter().any(|line| line.starts_with("desk> you are")));
    }
    let ticket = desk.ticket(1001).await;
    let said = ticket.said_by("requester");
    for (_, part) in lines {
        assert_eq!(said.iter().filter(|text| text.contains(part)).count(), 1, "{part:?} is kept: {ticket}");
    }
    let shown = desk.run(&["ticket", "show", "1001"]).await.succeeds();
    assert!(!shown.stdout.contains(['\u{1b}', '\0', '\u{7}', '\u{9b}', '\u{202e}']), "{}", shown.stdout);
    let _ = desk.run(&["ticket", "list"]).await.succeeds();
}

async fn what_the_agent_writes_is_text_too(desk: &Desk) {
    let (mut erika, mut anna) = in_a_talk(desk).await;
    anna.types_bytes(b"look \x1b[2J\x1b[Hhere \0 and **there** [x](http://a) <b>").await;
    erika.reads("**there** [x](http://a) <b>").await;
    anna.types(" /resolve is how it ends").await;
    erika.reads("anna> /resolve is how it ends").await;
    erika.types("/claim 1001").await;
    anna.reads("requester(erika)> /claim 1001").await;
    erika.leaves().await;
    anna.leaves().await;
    is_harmless(&erika);
    is_harmless(&anna);
    let ticket = desk.ticket(1001).await;
    assert_eq!((ticket.count("resolved"), ticket.count("claimed")), (0, 1), "{ticket}");
}
