//! What an agent types.
//!
//! ```text
//! line     = "//" note | "/" name [ argument ] | words for the requester
//! number   = [ "#" ] digits
//! priority = "low" | "medium" | "high" | "critical" | the same in German
//! ```
//!
//! Names are read in any case, in English and German. A word after a slash that is no command is refused rather than said,
//! because the requester should not read a mistyped command; with a space before the slash the line is said as it is.

use firstline_engine::{
    conversation::StaffAction,
    outbound::Content,
    room,
    ticket::{Priority, TicketNumber},
};

/// What a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Typed {
    /// Nothing.
    Nothing,
    /// Leave.
    Quit,
    /// How does this work?
    Help,
    /// The tickets that wait.
    Queue,
    /// The tickets I have.
    Mine,
    /// Take this one, or the one to be worked on first.
    Claim(Option<TicketNumber>),
    /// Show this one, or the current one.
    Show(Option<TicketNumber>),
    /// Go on with this one of mine.
    Switch(TicketNumber),
    /// Do this to the current one.
    Act(StaffAction),
    /// Send again what did not arrive.
    Resend,
    /// Be on duty, or not, or tell whether.
    Duty(Option<bool>),
    /// It cannot be understood; this sentence tells why.
    Wrong {
        /// The sentence's key.
        phrase: &'static str,
        /// What was typed.
        typed: String,
    },
}

impl Typed {
    /// Reads a line.
    pub(crate) fn read(line: &str) -> Self {
        if line.trim().is_empty() {
            return Self::Nothing;
        }
        if let Some(note) = line.strip_prefix("//") {
            return note_of(note, line);
        }
        let Some(rest) = line.strip_prefix('/') else {
            return Self::Act(StaffAction::Say(Content::plain(line.trim())));
        };
        let (name, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let argument = argument.trim();
        let wrong = |phrase| Self::Wrong { phrase, typed: line.trim().to_owned() };
        match name.to_lowercase().as_str() {
            "quit" | "exit" | "ende" | "beenden" => Self::Quit,
            "help" | "hilfe" => Self::Help,
            "queue" | "schlange" | "warteschlange" => Self::Queue,
            "mine" | "meine" => Self::Mine,
            "claim" | "take" | "übernehmen" | "uebernehmen" | "nehmen" => {
                optional_number(argument, Self::Claim, wrong)
            }
            "open" | "show" | "zeigen" | "öffnen" | "oeffnen" => optional_number(argument, Self::Show, wrong),
            "switch" | "wechseln" => argument.parse().map_or_else(|_| wrong("terminal-needs-number"), Self::Switch),
            "note" | "notiz" => note_of(argument, line),
            "release" | "freigeben" => Self::Act(StaffAction::Release),
            "transfer" | "verschieben" | "weitergeben" if argument.is_empty() => wrong("terminal-needs-queue"),
            "transfer" | "verschieben" | "weitergeben" => {
                Self::Act(StaffAction::Transfer { queue: argument.to_owned(), reason: None })
            }
            "macro" | "makro" | "baustein" => Self::Act(StaffAction::Macro { name: argument.to_owned() }),
            "merge" | "zusammenführen" | "zusammenfuehren" => {
                room::merge(argument).map_or_else(|| wrong("terminal-needs-number"), Self::Act)
            }
            "duty" | "dienst" => match argument.to_lowercase().as_str() {
                "" => Self::Duty(None),
                "on" | "an" => Self::Duty(Some(true)),
                "off" | "aus" => Self::Duty(Some(false)),
                _ => wrong("terminal-needs-on-or-off"),
            },
            "priority" | "priorität" | "prioritaet" | "prio" => priority(argument)
                .map_or_else(|| wrong("terminal-needs-priority"), |to| Self::Act(StaffAction::SetPriority(to))),
            "hold" | "warten" | "zurückstellen" | "zurueckstellen" => Self::Act(StaffAction::Hold),
            "resume" | "weiter" | "fortsetzen" => Self::Act(StaffAction::Resume),
            "bot" => Self::Act(StaffAction::ReturnToBot),
            "resolve" | "lösen" | "loesen" | "gelöst" | "geloest" => Self::Act(StaffAction::Resolve),
            "close" | "schließen" | "schliessen" => Self::Act(StaffAction::Close),
            "resend" | "nochmal" | "wiederholen" => Self::Resend,
            _ => wrong("terminal-unknown-command"),
        }
    }
}

fn note_of(text: &str, line: &str) -> Typed {
    let text = text.trim();
    if text.is_empty() {
        return Typed::Wrong { phrase: "terminal-needs-text", typed: line.trim().to_owned() };
    }
    Typed::Act(StaffAction::Note(text.to_owned()))
}

fn optional_number(
    argument: &str,
    typed: impl FnOnce(Option<TicketNumber>) -> Typed,
    wrong: impl FnOnce(&'static str) -> Typed,
) -> Typed {
    if argument.is_empty() {
        return typed(None);
    }
    argument.parse().map_or_else(|_| wrong("terminal-needs-number"), |number| typed(Some(number)))
}

fn priority(word: &str) -> Option<Priority> {
    Some(match word.to_lowercase().as_str() {
        "low" | "niedrig" => Priority::Low,
        "medium" | "normal" | "mittel" => Priority::Medium,
        "high" | "hoch" => Priority::High,
        "critical" | "kritisch" => Priority::Critical,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "reads better at the calls")]
    fn check(line: &str, expected: Typed) {
        assert_eq!(Typed::read(line), expected, "{line:?}");
    }

    fn say(text: &str) -> Typed {
        Typed::Act(StaffAction::Say(Content::plain(text)))
    }

    fn wrong(phrase: &'static str, typed: &str) -> Typed {
        Typed::Wrong { phrase, typed: typed.to_owned() }
    }

    #[test]
    fn commands_are_read_in_both_languages() {
        check("/queue", Typed::Queue);
        check("/Warteschlange", Typed::Queue);
        check("/mine", Typed::Mine);
        check("/claim", Typed::Claim(None));
        check("/claim 1042", Typed::Claim(Some(TicketNumber(1042))));
        check("/ÜBERNEHMEN #1042", Typed::Claim(Some(TicketNumber(1042))));
        check("/open #7", Typed::Show(Some(TicketNumber(7))));
        check("/show", Typed::Show(None));
        check("/zeigen 7", Typed::Show(Some(TicketNumber(7))));
        check("/switch 7", Typed::Switch(TicketNumber(7)));
        check("/release", Typed::Act(StaffAction::Release));
        check(
            "/transfer  second-level ",
            Typed::Act(StaffAction::Transfer { queue: "second-level".to_owned(), reason: None }),
        );
        check("/makro vpn", Typed::Act(StaffAction::Macro { name: "vpn".to_owned() }));
        check("/merge 7", Typed::Act(StaffAction::Merge { into: TicketNumber(7), confirmed: false }));
        check("/Dienst aus", Typed::Duty(Some(false)));
        check("/duty", Typed::Duty(None));
        check("/prio Hoch", Typed::Act(StaffAction::SetPriority(Priority::High)));
        check("/priority critical", Typed::Act(StaffAction::SetPriority(Priority::Critical)));
        check("/hold", Typed::Act(StaffAction::Hold));
        check("/weiter", Typed::Act(StaffAction::Resume));
        check("/bot", Typed::Act(StaffAction::ReturnToBot));
        check("/gelöst", Typed::Act(StaffAction::Resolve));
        check("/schließen", Typed::Act(StaffAction::Close));
        check("/resend", Typed::Resend);
        check("/hilfe", Typed::Help);
        check("/ende", Typed::Quit);
        check("  ", Typed::Nothing);
    }

    #[test]
    fn notes_stay_notes_however_they_are_typed() {
        let note = |text: &str| Typed::Act(StaffAction::Note(text.to_owned()));
        check("//asks again", note("asks again"));
        check("// asks again", note("asks again"));
        check("/note  asks again", note("asks again"));
        check("/Notiz fragt nach", note("fragt nach"));
        check("///path", note("/path"));
        check("//", wrong("terminal-needs-text", "//"));
        check("/note", wrong("terminal-needs-text", "/note"));
    }

    #[test]
    fn what_is_no_command_is_said_and_what_is_mistyped_is_not() {
        check("Hello **Anna** ", say("Hello **Anna**"));
        check("1", say("1"));
        check(" /etc/hosts", say("/etc/hosts"));
        check("/etc/hosts", wrong("terminal-unknown-command", "/etc/hosts"));
        check("/realese", wrong("terminal-unknown-command", "/realese"));
        check("/claim the first", wrong("terminal-needs-number", "/claim the first"));
        check("/switch", wrong("terminal-needs-number", "/switch"));
        check("/transfer", wrong("terminal-needs-queue", "/transfer"));
        check("/merge", wrong("terminal-needs-number", "/merge"));
        check("/duty perhaps", wrong("terminal-needs-on-or-off", "/duty perhaps"));
        check("/priority urgent", wrong("terminal-needs-priority", "/priority urgent"));
    }
}
