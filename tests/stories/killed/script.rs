//! What is typed in the story, and what is seen then.

/// Who types, or is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Person {
    /// The employee.
    Erika,
    /// The agent.
    Anna,
    /// Nobody types there, but it can be killed as well.
    Server,
}

/// A line of the story.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) who: Person,
    pub(super) line: &'static str,
    /// What the one who typed it sees when the desk has it.
    pub(super) accepted: &'static str,
    /// What comes of it on erika's screen.
    pub(super) erika_sees: Option<&'static str>,
    /// What comes of it on anna's screen.
    pub(super) anna_sees: Option<&'static str>,
    /// What stands in the ticket's timeline when the desk has it.
    pub(super) kind: &'static str,
}

const fn to_the_bot(line: &'static str, accepted: &'static str, answer: &'static str) -> Part {
    Part { who: Person::Erika, line, accepted, erika_sees: Some(answer), anna_sees: None, kind: "said" }
}

const fn to_anna(line: &'static str, accepted: &'static str, seen: &'static str) -> Part {
    Part { who: Person::Erika, line, accepted, erika_sees: None, anna_sees: Some(seen), kind: "said" }
}

const fn by_anna(line: &'static str, accepted: &'static str, seen: Option<&'static str>, kind: &'static str) -> Part {
    Part { who: Person::Anna, line, accepted, erika_sees: seen, anna_sees: None, kind }
}

/// What the agent notes, and the employee must never read.
pub(super) const SECRET: &str = "Hotel-WLAN sperrt IPsec";

pub(super) const STORY: [Part; 15] = [
    to_the_bot(
        "ich komme von zu hause nicht ins vpn",
        "erika> ich komme von zu hause nicht ins vpn",
        "bot> Schritt 1 von 6",
    ),
    to_the_bot("geht nicht", "erika> geht nicht", "bot> Schritt 2 von 6"),
    to_the_bot(
        "geht immer noch nicht",
        "erika> geht immer noch nicht",
        "bot> Schade, dass das bisher nicht geholfen hat.",
    ),
    to_the_bot("ja bitte", "erika> ja bitte", "Wer ist betroffen?"),
    to_the_bot("nur ich", "erika> nur ich", "bot> Wie sehr hindert es dich an der Arbeit?"),
    to_the_bot("3", "erika> 3", "desk> Ich habe Ticket #1001 eröffnet"),
    by_anna(
        "/claim 1001",
        "ticket> Claimed by anna",
        Some("desk> anna vom Helpdesk hat Ticket #1001 übernommen"),
        "claimed",
    ),
    by_anna(
        "Welche Fehlermeldung kommt?",
        "anna> Welche Fehlermeldung kommt?",
        Some("anna> Welche Fehlermeldung kommt?"),
        "said",
    ),
    to_anna(
        "Zeitüberschreitung beim Verbinden",
        "erika> Zeitüberschreitung beim Verbinden",
        "requester(erika)> Zeitüberschreitung beim Verbinden",
    ),
    by_anna("//Hotel-WLAN sperrt IPsec", "note(anna)> Hotel-WLAN sperrt IPsec", None, "note"),
    by_anna(
        "Nimm bitte den Hotspot deines Handys.",
        "anna> Nimm bitte den Hotspot deines Handys.",
        Some("anna> Nimm bitte den Hotspot deines Handys."),
        "said",
    ),
    to_anna(
        "Damit geht es, ich bin verbunden.",
        "erika> Damit geht es, ich bin verbunden.",
        "requester(erika)> Damit geht es, ich bin verbunden.",
    ),
    by_anna("/resolve", "ticket> Resolved by anna", Some("desk> anna hat Ticket #1001 gelöst."), "resolved"),
    to_the_bot("5", "erika> 5", "bot> Danke! Möchtest du etwas dazu sagen?"),
    to_the_bot("super schnell", "erika> super schnell", "bot> Danke für deine Rückmeldung!"),
];

/// How what the requester is sent begins, in order: who speaks, and the first line.
pub(super) const SENT: [(&str, &str); 12] = [
    ("bot", "VPN verbindet sich von zu Hause nicht"),
    ("bot", "Schritt 2 von 6"),
    ("bot", "Schade, dass das bisher nicht geholfen hat."),
    ("bot", "Ich hole dir einen Menschen."),
    ("bot", "Wie sehr hindert es dich an der Arbeit?"),
    ("desk", "Ich habe Ticket #1001 eröffnet"),
    ("desk", "anna vom Helpdesk hat Ticket #1001 übernommen"),
    ("anna", "Welche Fehlermeldung kommt?"),
    ("anna", "Nimm bitte den Hotspot deines Handys."),
    ("desk", "anna hat Ticket #1001 gelöst."),
    ("bot", "Danke! Möchtest du etwas dazu sagen?"),
    ("bot", "Danke für deine Rückmeldung!"),
];
