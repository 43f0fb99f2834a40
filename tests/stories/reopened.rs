//! It is not over when it seems over.
//!
//! ```text
//! anna: /resolve                 erika: weglassen            erika: es geht schon wieder nicht
//! desk: Ich habe Ticket #1001 wieder geöffnet                anna: requester(erika)> es geht schon wieder nicht
//! ```

use firstline_tests::{both_databases, chat::Chat, desk::Desk};

use crate::people::{asks_for_a_human, asks_for_help_with_the_vpn};

both_databases!(a_relapse_reopens, the_bot_takes_over_again, another_queue_takes_over);

async fn a_relapse_reopens(desk: &Desk) {
    let mut erika = desk.employee("erika");
    asks_for_help_with_the_vpn(&mut erika).await;
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    anna.resolves().await;
    erika.reads("anna hat Ticket #1001 gelöst.").await;
    erika.says("weglassen").await;
    erika.reads("bot> Danke für deine Rückmeldung!").await;
    erika.says("es geht schon wieder nicht").await;
    erika.reads("desk> Ich habe Ticket #1001 wieder geöffnet").await;
    anna.reads("requester(erika)> es geht schon wieder nicht").await;
    anna.reads("ticket> Reopened by erika").await;
    anna.says("Dann sehe ich noch einmal nach.").await;
    erika.reads("anna> Dann sehe ich noch einmal nach.").await;
    erika.leaves().await;
    anna.leaves().await;

    let ticket = desk.ticket(1001).await;
    assert!(["open", "waiting_for_requester"].contains(&&*ticket.status()), "{ticket}");
    assert_eq!((ticket.count("resolved"), ticket.count("reopened")), (1, 1), "{ticket}");
    assert_eq!(ticket.assignee(), Some("anna"), "{ticket}");
    assert_eq!(desk.count_tickets().await, 1);
}

async fn the_bot_takes_over_again(desk: &Desk) {
    let (mut erika, mut anna) = helped(desk).await;
    anna.types("/bot").await;
    anna.reads("You no longer have ticket #1001").await;
    erika.reads("bot> I am back.").await;
    erika.says("where do i send my sick note").await;
    erika.reads("bot> Where do I send my sick note?").await;
    erika.says("human").await;
    erika.reads("#1001").await;
    anna.reads("#1001 medium, new: my screen flickers").await;
    erika.leaves().await;
    anna.leaves().await;

    let ticket = desk.ticket(1001).await;
    assert_eq!(ticket.status(), "new", "back in its queue: {ticket}");
    assert_eq!(desk.count_tickets().await, 1, "at most one open ticket per conversation");
}

async fn another_queue_takes_over(desk: &Desk) {
    let (mut erika, mut anna) = helped(desk).await;
    anna.types("/transfer nowhere").await;
    anna.reads("second-level").await;
    anna.types("/transfer second-level").await;
    anna.reads("You no longer have ticket #1001").await;
    erika.reads("desk> Ticket #1001 has been passed on to colleagues").await;
    anna.types("are you still there?").await;
    anna.reads("No ticket is current").await;

    let mut bert = desk.agent("bert");
    bert.claims(1001).await;
    assert!(bert.shows("Queue: second-level"), "{}", bert.screen().transcript());
    erika.reads("desk> bert from the helpdesk has taken over ticket #1001").await;
    bert.says("I know this screen.").await;
    erika.reads("bert> I know this screen.").await;
    erika.leaves().await;
    anna.leaves().await;
    bert.leaves().await;
    assert!(!erika.shows("still there?"), "{}", erika.screen().transcript());

    let ticket = desk.ticket(1001).await;
    assert_eq!(ticket.field("queue"), "second-level", "{ticket}");
    assert_eq!(ticket.assignee(), Some("bert"), "{ticket}");
    assert_eq!((ticket.count("claimed"), ticket.count("transferred")), (2, 1), "{ticket}");
}

/// Anna has taken erika's ticket and greeted her.
async fn helped(desk: &Desk) -> (Chat, Chat) {
    let mut erika = desk.employee("erika");
    asks_for_a_human(&mut erika, "my screen flickers").await;
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    anna.says("Hello erika").await;
    erika.reads("anna> Hello erika").await;
    (erika, anna)
}
