//! The bot cannot help, so a human does.
//!
//! ```text
//! erika: geht nicht … geht immer noch nicht … ja bitte … nur ich … 3
//! desk:  Ich habe Ticket #1001 eröffnet …              anna: /claim 1001     (the card, with the steps tried)
//! desk:  anna vom Helpdesk hat Ticket #1001 übernommen
//! anna:  Welche Fehlermeldung kommt?                   erika: Zeitüberschreitung beim Verbinden
//!                                                      anna: //Hotel-WLAN sperrt IPsec          (erika never sees it)
//! anna:  Dann nimm bitte den Hotspot deines Handys.    anna: /resolve
//! desk:  anna hat Ticket #1001 gelöst …                erika: 5, super schnell
//! ```

use firstline_tests::{both_databases, desk::Desk};

use crate::people::asks_for_help_with_the_vpn;

both_databases!(a_human_helps);

async fn a_human_helps(desk: &Desk) {
    let mut anna = desk.agent("anna");
    anna.reads("ticket> No ticket is waiting.").await;
    let mut erika = desk.employee("erika");
    asks_for_help_with_the_vpn(&mut erika).await;

    anna.reads("#1001 high, new: ich komme von zu hause nicht ins vpn (erika").await;
    anna.types("/claim 1001").await;
    anna.reads("ticket> #1001 ich komme von zu hause nicht ins vpn").await;
    anna.reads("Requester: erika (terminal)").await;
    anna.reads("Priority: high").await;
    anna.reads("What the bot tried:").await;
    anna.reads("VPN verbindet sich von zu Hause nicht: did not help").await;
    anna.reads("ticket>   1. Trenne das VPN").await;
    anna.reads("ticket>   2. Beende das VPN-Programm").await;
    anna.reads("What was said and done:").await;
    anna.reads("requester(erika)> geht immer noch nicht").await;
    anna.reads("ticket> Claimed by anna").await;

    erika.reads("desk> anna vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.says("Welche Fehlermeldung kommt?").await;
    erika.reads("anna> Welche Fehlermeldung kommt?").await;
    erika.says("Zeitüberschreitung beim Verbinden").await;
    anna.reads("requester(erika)> Zeitüberschreitung beim Verbinden").await;
    anna.notes("Hotel-WLAN sperrt IPsec").await;
    anna.says("Dann nimm bitte den Hotspot deines Handys.").await;
    erika.reads("anna> Dann nimm bitte den Hotspot deines Handys.").await;
    anna.resolves().await;
    erika.reads("desk> anna hat Ticket #1001 gelöst.").await;
    erika.says("5").await;
    erika.reads("bot> Danke! Möchtest du etwas dazu sagen?").await;
    erika.says("super schnell, danke an anna").await;
    erika.reads("bot> Danke für deine Rückmeldung!").await;
    anna.reads("5 of 5").await;
    anna.reads("super schnell, danke an anna").await;
    erika.leaves().await;
    anna.leaves().await;

    let mut looking_back = desk.employee("erika");
    looking_back.leaves().await;
    for screen in [erika.screen(), looking_back.screen()] {
        assert!(!screen.transcript().contains("IPsec"), "a note left the staff side:\n{}", screen.transcript());
    }
    assert!(looking_back.shows("anna> Dann nimm bitte den Hotspot"), "{}", looking_back.screen().transcript());
    let bot_while_human = ["Hat das geholfen", "Darauf weiß ich", "Soll ich dich"];
    let since = erika.screen().lines().into_iter().skip_while(|line| !line.contains("übernommen")).collect::<Vec<_>>();
    assert!(!since.iter().any(|line| bot_while_human.iter().any(|it| line.contains(it))), "{since:?}");

    let ticket = desk.ticket(1001).await;
    assert_eq!(ticket.status(), "resolved", "{ticket}");
    assert_eq!((ticket.field("impact"), ticket.field("urgency")), ("person".to_owned(), "high".to_owned()), "{ticket}");
    assert_eq!(ticket.field("priority"), "high", "{ticket}");
    assert_eq!(ticket.field("category"), "network", "{ticket}");
    assert_eq!(ticket.assignee(), Some("anna"), "{ticket}");
    assert_eq!(ticket.field("rating"), "5", "{ticket}");
    assert_eq!(ticket.field("rating_comment"), "super schnell, danke an anna", "{ticket}");
    assert_eq!(ticket.tried(), [("vpn-cannot-connect".to_owned(), 2, "failed".to_owned())], "{ticket}");
    assert_eq!(ticket.count("note"), 1, "{ticket}");
    let undelivered = ticket.sent().into_iter().filter(|said| said.delivery.as_deref() != Some("sent"));
    assert_eq!(undelivered.count(), 0, "{ticket}");
}
