//! The story of a hand-over, and `kill -9` at eleven different points of it: restarted, it goes on and ends, and nothing is lost
//! or doubled. `script` has the story's lines; here is where it is interrupted.

mod play;
mod script;

use firstline_tests::{both_databases, desk::Desk};

use play::{Kill, Moment::*, Play};
use script::Person::*;

both_databases!(
    a_question_just_typed,
    a_failed_step_just_accepted,
    an_offer_just_shown,
    the_last_answer_before_the_ticket,
    a_failed_step_that_a_server_takes_over,
    a_claim_just_typed,
    an_agents_words_just_typed,
    an_agents_words_while_the_employee_is_away,
    both_sides_in_the_middle_of_their_talk,
    the_resolution_and_the_rating,
    everything_at_once_with_the_server,
);

/// Perhaps nobody has read the line: then it is typed again.
async fn a_question_just_typed(desk: &Desk) {
    Play::begin(desk).await.interrupted(&[Kill(Erika, Typed, "ich komme von zu hause nicht ins vpn")]).await;
}

/// The line is on the desk; the bot may be at its answer.
async fn a_failed_step_just_accepted(desk: &Desk) {
    Play::begin(desk).await.interrupted(&[Kill(Erika, Accepted, "geht nicht")]).await;
}

/// The answer is on the screen, and perhaps not yet recorded as sent.
async fn an_offer_just_shown(desk: &Desk) {
    Play::begin(desk).await.interrupted(&[Kill(Erika, Seen, "geht immer noch nicht")]).await;
}

/// The ticket is opened, or is not.
async fn the_last_answer_before_the_ticket(desk: &Desk) {
    Play::begin(desk).await.interrupted(&[Kill(Erika, Typed, "3"), Kill(Erika, Seen, "3")]).await;
}

/// While the employee is away a server alone goes on with the conversation.
async fn a_failed_step_that_a_server_takes_over(desk: &Desk) {
    let server = desk.serve().await;
    let play = Play::begin(desk).await.with_server(server);
    play.interrupted(&[Kill(Erika, Accepted, "geht nicht"), Kill(Erika, Accepted, "nur ich")]).await;
}

/// The agent has the ticket, or has not.
async fn a_claim_just_typed(desk: &Desk) {
    Play::begin(desk).await.interrupted(&[Kill(Anna, Typed, "/claim 1001"), Kill(Anna, Accepted, "/claim 1001")]).await;
}

/// The requester reads them once, whether they were accepted or typed again.
async fn an_agents_words_just_typed(desk: &Desk) {
    let line = "Welche Fehlermeldung kommt?";
    Play::begin(desk).await.interrupted(&[Kill(Anna, Typed, line), Kill(Anna, Accepted, line)]).await;
}

/// The words wait for the employee, who comes back and reads them; the agent is gone by then.
async fn an_agents_words_while_the_employee_is_away(desk: &Desk) {
    let line = "Nimm bitte den Hotspot deines Handys.";
    Play::begin(desk).await.interrupted(&[Kill(Erika, Before, line), Kill(Anna, Accepted, line)]).await;
}

/// Both programs end while they talk.
async fn both_sides_in_the_middle_of_their_talk(desk: &Desk) {
    let line = "Zeitüberschreitung beim Verbinden";
    Play::begin(desk).await.interrupted(&[Kill(Anna, Before, line), Kill(Erika, Typed, line)]).await;
}

/// The end is reached once.
async fn the_resolution_and_the_rating(desk: &Desk) {
    let kills = [Kill(Anna, Typed, "/resolve"), Kill(Erika, Accepted, "5"), Kill(Erika, Typed, "super schnell")];
    Play::begin(desk).await.interrupted(&kills).await;
}

/// The power fails: the server, which may hold the conversation, goes with the programs.
async fn everything_at_once_with_the_server(desk: &Desk) {
    let server = desk.serve().await;
    let line = "Damit geht es, ich bin verbunden.";
    let kills = [Kill(Anna, Before, line), Kill(Erika, Accepted, line), Kill(Server, Accepted, line)];
    Play::begin(desk).await.with_server(server).interrupted(&kills).await;
}
