//! What is written in a ticket's thread: an answer, a note, or a command.
//!
//! Grammar: `"//" text` and `"/note" text` are notes; `"/" command [ " " argument ]` is a command, the name in any case, with an
//! optional `@botname` behind it; everything else is an answer, or a note while the thread takes notes (then `"/reply" text` is
//! an answer).

use crate::{conversation::StaffAction, outbound::Content, ticket::Priority};

/// What is meant by what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// Do this.
    Act(StaffAction),
    /// Take notes from now on, or answers.
    Notes(bool),
    /// Be on duty, or not, or tell whether.
    Duty(Option<bool>),
    /// A command that there is not, or that lacks something.
    Unknown,
}

/// Reads what was written in a thread that takes notes, or answers.
#[must_use]
pub fn read(text: &str, notes: bool) -> Words {
    let text = text.trim();
    if let Some(note) = text.strip_prefix("//") {
        return Words::Act(StaffAction::Note(note.trim().to_owned()));
    }
    let Some((name, argument)) = command(text) else {
        return Words::Act(if notes { StaffAction::Note(text.to_owned()) } else { say(text) });
    };
    Words::Act(match (name.as_str(), argument) {
        ("note" | "notiz", "") => return Words::Notes(true),
        ("note" | "notiz", text) => StaffAction::Note(text.to_owned()),
        ("reply" | "antwort", "") => return Words::Notes(false),
        ("reply" | "antwort", text) => say(text),
        ("claim", "") => StaffAction::Claim,
        ("release", "") => StaffAction::Release,
        ("transfer", queue) if !queue.is_empty() => StaffAction::Transfer { queue: queue.to_owned(), reason: None },
        // Without a name the answer tells which there are.
        ("macro" | "makro", name) => StaffAction::Macro { name: name.to_owned() },
        ("merge", argument) => match merge(argument) {
            Some(action) => action,
            None => return Words::Unknown,
        },
        ("duty" | "dienst", state) => match state.to_lowercase().as_str() {
            "" => return Words::Duty(None),
            "on" | "an" => return Words::Duty(Some(true)),
            "off" | "aus" => return Words::Duty(Some(false)),
            _ => return Words::Unknown,
        },
        ("priority", name) => match name.to_lowercase().parse::<Priority>() {
            Ok(priority) => StaffAction::SetPriority(priority),
            Err(_) => return Words::Unknown,
        },
        ("hold", "") => StaffAction::Hold,
        ("resume", "") => StaffAction::Resume,
        ("bot", "") => StaffAction::ReturnToBot,
        ("resolve", "") => StaffAction::Resolve,
        ("close", "") => StaffAction::Close,
        _ => return Words::Unknown,
    })
}

/// Reads `number [ "confirm" ]`.
#[must_use]
pub fn merge(argument: &str) -> Option<StaffAction> {
    let (number, confirmed) = match argument.split_once(char::is_whitespace) {
        Some((number, word)) if ["confirm", "bestätigt"].contains(&word.trim().to_lowercase().as_str()) => {
            (number, true)
        }
        Some(_) => return None,
        None => (argument, false),
    };
    Some(StaffAction::Merge { into: number.parse().ok()?, confirmed })
}

fn say(text: &str) -> StaffAction {
    StaffAction::Say(Content::plain(text))
}

/// The name and the argument of a command. A path is none: "/etc/hosts" is something to talk about.
fn command(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix('/')?;
    let (name, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let name = name.split('@').next().unwrap_or_default();
    let is_name = !name.is_empty() && name.chars().all(char::is_alphabetic);
    is_name.then(|| (name.to_lowercase(), argument.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::TicketNumber;

    #[test]
    fn answers_notes_and_commands_are_told_apart() {
        let note = |text: &str| Words::Act(StaffAction::Note(text.to_owned()));
        let check = |text: &str, notes: bool, expected: Words| assert_eq!(read(text, notes), expected, "{text:?}");
        check("Hallo", false, Words::Act(say("Hallo")));
        check("Hallo", true, note("Hallo"));
        check("// nur intern", false, note("nur intern"));
        check("/note@desk_bot nur\nintern", false, note("nur\nintern"));
        check("/note", false, Words::Notes(true));
        check("/reply", true, Words::Notes(false));
        check("/Antwort Hallo", true, Words::Act(say("Hallo")));
        check("/claim", false, Words::Act(StaffAction::Claim));
        check("/priority HIGH", false, Words::Act(StaffAction::SetPriority(Priority::High)));
        check("/priority", false, Words::Unknown);
        check(
            "/transfer second-level",
            true,
            Words::Act(StaffAction::Transfer { queue: "second-level".to_owned(), reason: None }),
        );
        check("/macro vpn-reset", false, Words::Act(StaffAction::Macro { name: "vpn-reset".to_owned() }));
        check("/macro", false, Words::Act(StaffAction::Macro { name: String::new() }));
        let merge = |confirmed| Words::Act(StaffAction::Merge { into: TicketNumber(1001), confirmed });
        check("/merge #1001", false, merge(false));
        check("/merge 1001 Confirm", false, merge(true));
        check("/merge 1001 please", false, Words::Unknown);
        check("/merge", false, Words::Unknown);
        check("/duty", false, Words::Duty(None));
        check("/dienst aus", true, Words::Duty(Some(false)));
        check("/duty ON", false, Words::Duty(Some(true)));
        check("/duty maybe", false, Words::Unknown);
        check("/etc/hosts prüfen", false, Words::Act(say("/etc/hosts prüfen")));
        check("/frobnicate", false, Words::Unknown);
    }
}
