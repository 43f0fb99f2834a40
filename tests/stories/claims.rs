//! Several agents want one ticket: one gets it, the others are told who.
//!
//! ```text
//! anna: /claim 1001          bert: /claim 1001
//! desk: Claimed by anna      desk: anna was faster and has this ticket.
//! ```

use firstline_tests::{both_databases, chat::Chat, desk::Desk};

use crate::people::asks_for_a_human;

both_databases!(of_two_claims_one_wins, of_eight_claims_one_wins, who_takes_the_next_gets_another_one);

async fn of_two_claims_one_wins(desk: &Desk) {
    let mut erika = desk.employee("erika");
    asks_for_a_human(&mut erika, "my screen flickers").await;
    claim_at_once(desk, &["anna", "bert"], &mut erika).await;
}

async fn of_eight_claims_one_wins(desk: &Desk) {
    let mut erika = desk.employee("erika");
    asks_for_a_human(&mut erika, "my screen flickers").await;
    claim_at_once(desk, &["anna", "bert", "cleo", "dora", "emil", "fred", "gina", "hans"], &mut erika).await;
}

async fn claim_at_once(desk: &Desk, names: &[&str], erika: &mut Chat) {
    let mut agents: Vec<Chat> = names.iter().map(|name| desk.agent(name)).collect();
    for agent in &mut agents {
        agent.reads("#1001 medium, new: my screen flickers").await;
    }
    for agent in &mut agents {
        agent.types("/claim 1001").await;
    }
    let mut winners = Vec::new();
    let mut told = Vec::new();
    for (agent, name) in agents.iter_mut().zip(names) {
        let line = agent.reads_any(&["ticket> Claimed by", "was faster and has this ticket"]).await;
        match line.strip_prefix("ticket> Claimed by ") {
            Some(_) => winners.push((*name).to_owned()),
            None => told.push(line),
        }
    }
    let [winner] = winners.as_slice() else { panic!("these have it: {winners:?}; these were told: {told:?}") };
    for line in &told {
        assert_eq!(*line, format!("ticket> {winner} was faster and has this ticket."));
    }
    assert_eq!(told.len(), names.len() - 1);

    erika.reads(&format!("desk> {winner} from the helpdesk has taken over ticket #1001")).await;
    // Nobody but the winner speaks with her.
    for (agent, name) in agents.iter_mut().zip(names) {
        agent.types(&format!("hello from {name}")).await;
        if name == winner {
            agent.reads(&format!("{name}> hello from {name}")).await;
        } else {
            agent.reads("No ticket is current").await;
        }
        agent.leaves().await;
    }
    erika.reads(&format!("{winner}> hello from {winner}")).await;
    erika.leaves().await;
    assert_eq!(erika.count("has taken over"), 1, "{}", erika.screen().transcript());
    assert_eq!(erika.count("hello from"), 1, "{}", erika.screen().transcript());
    let ticket = desk.ticket(1001).await;
    assert_eq!(ticket.count("claimed"), 1, "{ticket}");
    assert_eq!(ticket.assignee(), Some(winner.as_str()), "{ticket}");
}

/// "The next one", typed by two at once, is two different tickets.
async fn who_takes_the_next_gets_another_one(desk: &Desk) {
    let mut erika = desk.employee("erika");
    asks_for_a_human(&mut erika, "my screen flickers").await;
    let mut otto = desk.employee("otto");
    otto.says("human").await;
    otto.reads("What is it about?").await;
    otto.says("human").await;
    otto.reads("I have opened ticket #1002").await;

    let mut agents = [desk.agent("anna"), desk.agent("bert")];
    for agent in &mut agents {
        agent.reads("#1001 ").await;
        agent.looks_around().await;
    }
    for agent in &mut agents {
        agent.types("/claim").await;
    }
    for agent in &mut agents {
        agent.reads("ticket> Claimed by").await;
        agent.types("/mine").await;
        agent.reads("ticket> Yours:").await;
        agent.leaves().await;
    }
    let mut assignees = Vec::new();
    for number in [1001, 1002] {
        let ticket = desk.ticket(number).await;
        assert_eq!(ticket.count("claimed"), 1, "{ticket}");
        assignees.push(ticket.assignee().unwrap_or("nobody").to_owned());
    }
    assignees.sort();
    assert_eq!(assignees, ["anna", "bert"]);
}
