//! Committing a turn: all of it or nothing.

use std::time::Duration;

use firstline_engine::{
    conversation::{Phase, State},
    ids::{ConversationId, EventId, PersonId, TicketId},
    people::LanguageSource,
    ports::{AuditEntry, StoreError, TicketWrite, Turn},
    ticket::{Ticket, TicketStatus},
};
use firstline_knowledge::Language;
use futures::future::join_all;
use serde_json::json;

use crate::support::{Desk, LONG, NOW, fresh, handled, held, later, message, note, place, post, said, turn};

pub(crate) async fn a_turn_is_committed_as_a_whole(desk: &Desk) {
    let here = place("anna");
    let event = desk.receive(&here, "hello").await;
    let conversation = event.conversation;
    let ticket = desk.ticket_of(conversation).await;
    let message = post(conversation, &here, "A human will look at it.");
    let line = AuditEntry {
        at: NOW,
        actor: "cli".to_owned(),
        action: "ticket.open".to_owned(),
        subject: ticket.id.to_string(),
        detail: json!({ "queue": "helpdesk" }),
    };
    let state = State { phase: Phase::WaitingForHuman { reassured: false }, ticket: Some(ticket.id), ..State::default() };
    let committed = Turn {
        state: state.clone(),
        wake_at: Some(later(60)),
        ticket: Some(TicketWrite::Open(ticket.clone())),
        language: Some((Language::De, LanguageSource::Chosen)),
        outbound: vec![message.clone()],
        entries: vec![said("hello"), note("looks bad")],
        audit: vec![line.clone()],
        ..handled([event])
    };
    desk.turn(conversation, committed).await;

    let loaded = desk.load(conversation).await;
    assert_eq!((loaded.conversation.state, loaded.conversation.wake_at), (state, Some(later(60))));
    assert_eq!((loaded.ticket, loaded.events), (Some(ticket), vec![]));
    assert_eq!((loaded.requester.language, loaded.requester.language_source), (Language::De, LanguageSource::Chosen));
    assert_eq!(desk.timeline(conversation).await.len(), 2);
    assert_eq!(desk.store.audit(10).await.unwrap(), [line]);
    assert_eq!(desk.next().await.unwrap().message, message);
}

pub(crate) async fn a_turn_that_fails_leaves_nothing(desk: &Desk) {
    let here = place("anna");
    let event = desk.receive(&here, "hello").await;
    let conversation = event.conversation;
    let before = desk.load(conversation).await;
    let ticket = desk.ticket_of(conversation).await;
    let doomed = Turn {
        state: held(),
        wake_at: Some(NOW),
        handled: vec![event.event.unwrap()],
        given_up: vec![EventId(fresh())],
        ticket: Some(TicketWrite::Open(ticket)),
        language: Some((Language::De, LanguageSource::Chosen)),
        outbound: vec![post(conversation, &here, "nobody hears this")],
        entries: vec![said("nor this")],
        ..turn()
    };
    let lease = desk.lease(conversation).await;
    for result in [
        desk.store.commit_turn(&lease, &doomed, NOW).await,
        desk.store.renew(&lease, &doomed, ConversationId(fresh()), NOW).await,
    ] {
        assert!(matches!(result, Err(StoreError::Database { .. })), "{result:?}");
    }
    assert_eq!(desk.load(conversation).await, before);
    assert!(desk.timeline(conversation).await.is_empty());
    assert_eq!(desk.next().await, None);
    // The lease is still good.
    desk.store.commit_turn(&lease, &handled([event]), NOW).await.unwrap();
    assert_eq!(desk.timeline(conversation).await.len(), 0);
}

pub(crate) async fn events_that_are_given_up_do_not_wait_any_more(desk: &Desk) {
    let event = desk.receive(&place("anna"), "hello").await;
    desk.turn(event.conversation, Turn { given_up: vec![event.event.unwrap()], ..turn() }).await;
    assert!(desk.load(event.conversation).await.events.is_empty());
    assert_eq!(desk.store.lease_next("a", LONG, NOW).await.unwrap(), None);
    let health = desk.store.health(NOW).await.unwrap();
    assert_eq!((health.events_pending, health.events_failed), (0, 1));
}

pub(crate) async fn a_second_ticket_is_refused(desk: &Desk) {
    let first = desk.open_ticket(&place("anna")).await;
    let second = desk.ticket_of(first.conversation).await;
    let lease = desk.lease(first.conversation).await;
    let doomed = Turn { ticket: Some(TicketWrite::Open(second.clone())), entries: vec![said("x")], ..turn() };
    assert!(desk.store.commit_turn(&lease, &doomed, NOW).await.is_err());
    let doomed = Turn { ticket: Some(TicketWrite::Change(second.clone())), entries: vec![said("x")], ..turn() };
    assert!(desk.store.commit_turn(&lease, &doomed, NOW).await.is_err());
    assert_eq!(desk.store.ticket(second.number).await.unwrap(), None);
    assert!(desk.timeline(first.conversation).await.is_empty());
}

pub(crate) async fn a_ticket_of_another_conversation_is_refused(desk: &Desk) {
    let ticket = desk.open_ticket(&place("anna")).await;
    let other = desk.conversation(&place("bert")).await;
    let lease = desk.lease(other).await;
    let stolen = Ticket { status: TicketStatus::Closed, ..ticket.clone() };
    let doomed = Turn { ticket: Some(TicketWrite::Change(stolen)), ..turn() };
    assert!(desk.store.commit_turn(&lease, &doomed, NOW).await.is_err());
    assert_eq!(desk.store.ticket(ticket.number).await.unwrap(), Some(ticket));
}

pub(crate) async fn a_better_known_language_is_kept(desk: &Desk) {
    use LanguageSource::{Chosen, Detected};
    let conversation = desk.conversation(&place("anna")).await;
    let learn = async |language, source| {
        desk.turn(conversation, Turn { language: Some((language, source)), ..turn() }).await;
        let person = desk.load(conversation).await.requester;
        (person.language, person.language_source)
    };
    assert_eq!(learn(Language::De, Detected).await, (Language::De, Detected));
    assert_eq!(learn(Language::En, Chosen).await, (Language::En, Chosen));
    assert_eq!(learn(Language::De, Detected).await, (Language::En, Chosen));
    assert_eq!(learn(Language::De, Chosen).await, (Language::De, Chosen));
}

pub(crate) async fn of_fifty_claims_at_once_one_wins(desk: &Desk) {
    let ticket = desk.open_ticket(&place("anna")).await;
    let mut agents = Vec::new();
    for n in 0..50 {
        agents.push(desk.person(&n.to_string(), &format!("Agent {n}")).await);
    }
    let claims = agents.iter().map(|&agent| {
        let (store, conversation) = (desk.store.clone(), ticket.conversation);
        tokio::spawn(async move {
            let lease = loop {
                match store.lease(conversation, &agent.to_string(), LONG).await.unwrap() {
                    Some(lease) => break lease,
                    None => store.wait_for_change(Duration::from_millis(100)).await,
                }
            };
            let ticket = store.load(conversation).await.unwrap().unwrap().ticket.unwrap();
            let claim = (ticket.assignee.is_none()).then(|| {
                let ticket = Ticket { assignee: Some(agent), status: TicketStatus::Open, ..ticket.clone() };
                Turn { state: held(), ticket: Some(TicketWrite::Change(ticket)), entries: vec![said("claimed")], ..turn() }
            });
            if let Some(claim) = &claim {
                store.commit_turn(&lease, claim, NOW).await.unwrap();
            }
            store.release(&lease).await.unwrap();
            (claim.is_some(), ticket.assignee.unwrap_or(agent))
        })
    });
    let results: Vec<(bool, PersonId)> = join_all(claims).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(results.iter().filter(|(won, _)| *won).count(), 1);
    let winner = desk.store.ticket(ticket.number).await.unwrap().unwrap().assignee.unwrap();
    assert!(results.iter().all(|(_, told)| *told == winner), "all are told who has it");
    assert_eq!(desk.timeline(ticket.conversation).await.len(), 1);
}

pub(crate) async fn renewing_moves_what_is_pending(desk: &Desk) {
    let here = place("anna");
    let ticket = desk.open_ticket(&here).await;
    let old = ticket.conversation;
    let known = message(&here, "done");
    let first = desk.store.accept(std::slice::from_ref(&known), None, NOW).await.unwrap()[0];
    let second = desk.receive(&here, "something new").await;
    let lease = desk.store.lease_next("a", LONG, NOW).await.unwrap().unwrap();
    let fresh = ConversationId(fresh());
    let state = State { ticket: Some(TicketId(ticket.id.0)), ..State::default() };
    let last = Turn { state: state.clone(), wake_at: Some(later(60)), entries: vec![said("bye")], ..handled([first]) };
    desk.store.renew(&lease, &last, fresh, later(5)).await.unwrap();
    desk.store.release(&lease).await.unwrap();

    let ended = desk.load(old).await;
    assert_eq!((ended.conversation.state, ended.conversation.wake_at), (state, Some(later(60))));
    assert!(ended.events.is_empty());
    assert_eq!(ended.ticket, Some(ticket));
    let begun = desk.load(fresh).await;
    assert_eq!(desk.store.active_conversation(&here).await.unwrap().as_ref(), Some(&begun.conversation));
    assert_eq!((&begun.conversation.state, begun.conversation.began_at), (&State::default(), later(5)));
    assert_eq!((begun.requester, begun.ticket), (ended.requester, None));
    assert_eq!(begun.events.iter().map(|it| Some(it.id)).collect::<Vec<_>>(), [second.event]);
    // The new one has something to do, the old one has not until its wake time.
    let next = desk.store.lease_next("a", LONG, NOW).await.unwrap().unwrap();
    assert_eq!(next.conversation, fresh);
    assert_eq!(desk.store.lease_next("a", LONG, NOW).await.unwrap(), None);
    assert_eq!(desk.store.lease_next("a", LONG, later(60)).await.unwrap().unwrap().conversation, old);
    // What comes now goes to the new one; what came is still known, and where it went.
    assert_eq!(desk.receive(&here, "hello").await.conversation, fresh);
    assert_eq!(desk.store.accept(&[known], None, NOW).await.unwrap()[0].conversation, old);
}

pub(crate) async fn renewing_an_ended_conversation_is_refused(desk: &Desk) {
    let conversation = desk.conversation(&place("anna")).await;
    let lease = desk.lease(conversation).await;
    let fresh_one = ConversationId(fresh());
    desk.store.renew(&lease, &turn(), fresh_one, NOW).await.unwrap();
    assert!(desk.store.renew(&lease, &turn(), ConversationId(fresh()), NOW).await.is_err());
    assert_eq!(desk.store.active_conversation(&place("anna")).await.unwrap().unwrap().id, fresh_one);
}

pub(crate) async fn no_event_is_lost_while_a_conversation_is_renewed(desk: &Desk) {
    let here = place("anna");
    let mut active = desk.receive(&here, "0").await.conversation;
    let mut accepted = 1;
    for _ in 0..15 {
        let lease = desk.lease(active).await;
        let next = ConversationId(fresh());
        let accepting = (0..4).map(|_| {
            let (store, event) = (desk.store.clone(), message(&here, "more"));
            tokio::spawn(async move { store.accept(&[event], None, NOW).await.unwrap() })
        });
        let last = turn();
        let (renewed, arrived) = tokio::join!(desk.store.renew(&lease, &last, next, NOW), join_all(accepting));
        renewed.unwrap();
        accepted += arrived.into_iter().flat_map(Result::unwrap).count();
        assert!(desk.load(active).await.events.is_empty(), "nothing stays behind");
        active = next;
        let pending = desk.load(active).await.events;
        assert_eq!(pending.len(), accepted.min(32));
        if accepted > 20 {
            desk.turn(active, Turn { handled: pending.iter().map(|it| it.id).collect(), ..turn() }).await;
            accepted -= pending.len();
        }
    }
    assert_eq!(desk.store.health(NOW).await.unwrap().events_pending, u64::try_from(accepted).unwrap());
    let lease = desk.store.lease_next("a", LONG, NOW).await.unwrap();
    assert_eq!(lease.map(|it| it.conversation), (accepted > 0).then_some(active));
}
