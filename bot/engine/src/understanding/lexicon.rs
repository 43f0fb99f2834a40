//! The expressions that [`super::understand`] knows. Written as people write them; they are folded before they are compared, so
//! capitals, accents, punctuation and [`FILLERS`] do not matter.

use firstline_knowledge::Language;

use super::Utterance;

/// Words that change nothing about what is meant. Folded. A message of nothing else is compared with them.
pub(super) const FILLERS: &[&str] = &[
    // English
    "please", "pls", "plz", "the", "a", "an", "it", "its", "this", "that", "just", "really", "so", "well", "oh", "ah",
    "hm", "hmm", "um", "very", "much", "now", "still", "unfortunately", "sadly", "sorry", "ok", "okay", "for", "me",
    "all", "also", "then", "thanks", "thank", "you", "one", "there", "but", "has", "have", "does", "do", "did", "is",
    "at", "here", "lot", "again", "finally", "actually", // German
    "bitte", "mal", "doch", "leider", "immer", "noch", "es", "das", "der", "die", "den", "dem", "ein", "eine", "einen",
    "einem", "dir", "mir", "ich", "auch", "so", "ja", "halt", "eben", "jetzt", "nun", "danke", "dank", "schoen",
    "vielen", "ach", "naja", "na", "dann", "sehr", "ganz", "hier", "wieder", "nur", "gar", "aber", "ist", "hat", "hab",
    "habe", "endlich", "soweit", "also", "dankeschoen",
];

/// What whole messages mean. Where two mean different things, the first in this list counts.
pub(super) const EXPRESSIONS: &[(Utterance, &[&str])] = &[
    (
        Utterance::Thanks,
        &[
            "thanks", "thank you", "thank you very much", "thanks a lot", "many thanks", "thx", "ty", "cheers",
            "danke", "dankeschön", "danke schön", "vielen dank", "danke dir", "danke sehr", "merci", "besten dank",
            "super danke", "great thanks", "perfect thanks", "top danke", "herzlichen dank", "tausend dank",
            "thank you so much",
        ],
    ),
    (
        Utterance::Hello,
        &[
            "hi", "hello", "hey", "hallo", "hallo zusammen", "moin", "servus", "grüezi", "grüß gott", "guten morgen",
            "guten tag", "guten abend", "good morning", "good afternoon", "good evening", "hi there", "hello there",
            "hallo bot", "hi bot", "mahlzeit", "tach", "huhu", "hallöchen",
        ],
    ),
    (
        Utterance::SmallTalk,
        &[
            "how are you", "how are you doing", "hows it going", "whats up", "wie gehts", "wie geht es dir",
            "wie gehts dir", "was geht", "who are you", "wer bist du", "are you a bot", "bist du ein bot",
            "are you a robot", "bist du ein mensch", "are you human", "are you real", "tell me a joke",
            "erzähl einen witz", "bist du eine ki",
        ],
    ),
    (
        Utterance::WhatCanYouDo,
        &[
            "what can you do", "what can i ask", "how does this work", "was kannst du", "was kannst du alles",
            "wie funktioniert das", "help menu", "was kann ich dich fragen", "wobei kannst du helfen",
            "what can you help with",
        ],
    ),
    (
        Utterance::HelpMe,
        &[
            "help", "help me", "i need help", "can you help me", "could you help me", "i have a problem",
            "i have a question", "hilfe", "hilf mir", "ich brauche hilfe", "kannst du mir helfen",
            "können sie mir helfen", "ich habe ein problem", "ich habe eine frage", "hab ein problem",
            "ich hab da ein problem", "problem", "frage", "question", "i need some help", "i need support", "support",
        ],
    ),
    (
        Utterance::NeverMind,
        &[
            "never mind", "nevermind", "forget it", "forget about it", "cancel", "stop", "abort", "no longer needed",
            "not needed anymore", "nvm", "vergiss es", "egal", "ist egal", "hat sich erledigt", "erledigt",
            "schon erledigt", "schon gut", "abbrechen", "abbruch", "lass gut sein", "lassen wir es",
            "brauche ich nicht mehr", "ist nicht mehr nötig", "passt schon", "vergessen sie es", "doch nicht",
        ],
    ),
    (
        Utterance::Failed,
        &[
            "it does not work", "doesnt work", "does not work", "dont work", "not working", "still not working",
            "isnt working", "wont work", "didnt work", "did not work", "didnt help", "did not help", "doesnt help",
            "does not help", "not helpful", "no luck", "no success", "no change", "nothing changed", "same problem",
            "same issue", "same error", "the same", "still the same", "still broken", "broken", "no difference",
            "nothing happens", "failed", "fails", "no good", "useless", "not solved", "not fixed", "nothing works",
            "nothing helped", "hasnt helped", "still nothing", "nothing", "not yet", "negative", "already tried",
            "already tried that", "tried that", "already did that", "i tried that already", "same as before",
            "still happening", "still the same problem", "still the same error", "geht nicht", "geht immer noch nicht",
            "geht net", "geht ned", "geht nich", "klappt nicht", "klappt net", "funktioniert nicht",
            "funktioniert net", "funzt nicht", "tut nicht", "läuft nicht", "hilft nicht", "hat nicht geholfen",
            "hat nichts geholfen", "hilft nichts", "hilft mir nicht", "hat mir nicht geholfen",
            "hat nicht funktioniert", "hat nicht geklappt", "bringt nichts", "hat nichts gebracht", "ging nicht",
            "keine änderung", "keine besserung", "keine veränderung", "nichts passiert", "passiert nichts",
            "gleiches problem", "selbes problem", "das gleiche", "dasselbe", "der gleiche fehler", "gleicher fehler",
            "fehlanzeige", "ohne erfolg", "erfolglos", "kaputt", "nicht gelöst", "nicht hilfreich", "nützt nichts",
            "nutzt nichts", "schon versucht", "schon probiert", "habe ich schon gemacht", "nichts",
            "schon alles versucht", "hab ich schon probiert", "problem besteht weiter", "problem besteht weiterhin",
            "fehler bleibt", "bleibt so", "war es nicht", "daran liegt es nicht", "daran lag es nicht", "will nicht",
        ],
    ),
    (
        Utterance::Worked,
        &[
            "it works", "works", "works now", "it works now", "working", "working now", "it is working",
            "working again", "works again", "that worked", "worked", "it worked", "that helped", "helped", "it helped",
            "solved", "problem solved", "fixed", "its fixed", "issue resolved", "resolved", "all good", "all good now",
            "works fine", "works perfectly", "success", "that did it", "did the trick", "that fixed it",
            "done it works", "geht", "geht jetzt", "geht wieder", "es geht", "jetzt geht es", "geht jetzt wieder",
            "klappt", "klappt jetzt", "klappt wieder", "hat geklappt", "funktioniert", "funktioniert jetzt",
            "funktioniert wieder", "hat funktioniert", "läuft", "läuft wieder", "läuft jetzt", "hat geholfen",
            "das hat geholfen", "geholfen", "gelöst", "problem gelöst", "ist gelöst", "behoben", "problem behoben",
            "alles gut", "alles wieder gut", "passt", "passt jetzt", "passt alles", "alles klar geht",
            "geht einwandfrei", "super geht", "funzt", "das wars", "tut wieder", "tuts wieder", "bin drin",
            "das war es", "läuft alles", "geht alles", "yes it works", "ja es geht", "it did",
        ],
    ),
    (
        Utterance::Skip,
        &[
            "skip", "skip it", "pass", "dont know", "i dont know", "no idea", "not sure", "dunno", "weglassen",
            "überspringen", "weiß nicht", "weiß ich nicht", "keine ahnung", "kein plan", "keine angabe", "auslassen",
            "k a", "ka",
        ],
    ),
    (
        Utterance::Next,
        &[
            "next", "next step", "go on", "continue", "and now", "what next", "try the next step", "weiter",
            "nächster schritt", "nächsten schritt", "weiter gehts", "und jetzt", "was jetzt", "mach weiter",
            "nächsten schritt versuchen", "nächster",
        ],
    ),
    (
        Utterance::Yes,
        &[
            "yes", "yes please", "y", "yep", "yeah", "yup", "sure", "of course", "ok", "okay", "alright", "do it",
            "go ahead", "please do", "ja", "j", "jo", "jap", "jep", "ja gern", "ja bitte", "ja gerne", "gern", "gerne",
            "klar", "na klar", "natürlich", "in ordnung", "mach das", "bitte", "unbedingt", "auf jeden fall", "jawohl",
            "sicher", "einverstanden", "okidoki", "please", "mach", "bitte ja", "true", "correct", "richtig", "genau",
            "stimmt", "yes i did",
        ],
    ),
    (
        Utterance::No,
        &[
            "no", "n", "nope", "nah", "no thanks", "no thank you", "not really", "nein", "nein danke", "nö", "nee",
            "ne", "lieber nicht", "eher nicht", "nicht wirklich", "not now", "none of these", "none", "nichts davon",
            "keins", "keines", "keine davon", "keins davon", "nicht nötig",
        ],
    ),
    (
        Utterance::Human,
        &[
            "human", "a human", "human please", "agent", "agent please", "operator", "real person", "a real person",
            "person please", "someone real", "mensch", "ein mensch", "menschen", "einen menschen", "mensch bitte",
            "mitarbeiter", "mitarbeiter bitte", "echter mensch", "echte person", "support mitarbeiter", "second level",
            "helpdesk", "callcenter", "live agent", "live chat", "ticket", "new ticket", "neues ticket", "connect me",
            "hand over", "escalate", "eskalieren", "talk to a human", "speak to someone", "talk to someone",
            "mit jemandem sprechen", "mit jemandem reden", "let me speak to someone", "ruf mich an", "call me",
            "rückruf", "rückruf bitte",
        ],
    ),
    (
        Utterance::TicketStatus,
        &[
            "status", "ticket status", "my tickets", "meine tickets", "my ticket", "mein ticket", "any news",
            "any update", "any updates", "update", "gibt es was neues", "gibts was neues", "gibt es neuigkeiten",
            "wie ist der stand", "was ist der stand", "wie weit seid ihr", "stand", "neuigkeiten",
            "wie lange dauert das noch", "wie lange noch", "how much longer", "how long will it take",
            "whats the status",
        ],
    ),
    (
        Utterance::Speak(Language::De),
        &[
            "deutsch", "auf deutsch", "sprich deutsch", "in german", "german", "speak german",
            "können wir deutsch sprechen", "kannst du deutsch", "deutsch sprechen",
        ],
    ),
    (
        Utterance::Speak(Language::En),
        &[
            "english", "in english", "speak english", "englisch", "auf englisch", "sprich englisch",
            "can we speak english", "do you speak english",
        ],
    ),
    (
        Utterance::Number(1),
        &[
            "1", "one", "first", "the first", "first one", "eins", "erste", "erstes", "das erste", "ersteres",
            "nummer 1", "number 1", "nr 1", "option 1",
        ],
    ),
    (
        Utterance::Number(2),
        &[
            "2", "two", "second", "the second", "second one", "zwei", "zweite", "zweites", "das zweite", "nummer 2",
            "number 2", "nr 2", "option 2",
        ],
    ),
    (
        Utterance::Number(3),
        &[
            "3", "three", "third", "the third", "third one", "drei", "dritte", "drittes", "das dritte", "nummer 3",
            "number 3", "nr 3", "option 3",
        ],
    ),
    (
        Utterance::Number(4),
        &["4", "four", "fourth", "vier", "vierte", "viertes", "das vierte", "nummer 4", "number 4", "nr 4", "option 4"],
    ),
    (
        Utterance::Number(5),
        &["5", "five", "fifth", "fünf", "fünfte", "fünftes", "das fünfte", "nummer 5", "number 5", "nr 5", "option 5"],
    ),
    (Utterance::Number(6), &["6", "sechs", "six"]),
    (Utterance::Number(7), &["7", "sieben", "seven"]),
    (Utterance::Number(8), &["8", "acht", "eight"]),
    (Utterance::Number(9), &["9", "neun", "nine"]),
    (Utterance::Number(10), &["10", "zehn", "ten"]),
    (Utterance::Number(11), &["11", "elf", "eleven"]),
    (Utterance::Number(12), &["12", "zwölf", "twelve"]),
    (Utterance::Number(13), &["13"]),
    (Utterance::Number(14), &["14"]),
    (Utterance::Number(15), &["15"]),
];

/// Pictures that say something by themselves.
pub(super) const EMOJI: &[(&str, Utterance)] = &[
    ("👍", Utterance::Yes),
    ("✅", Utterance::Yes),
    ("👌", Utterance::Yes),
    ("👎", Utterance::No),
    ("❌", Utterance::No),
    ("🙏", Utterance::Thanks),
    ("❤", Utterance::Thanks),
    ("👋", Utterance::Hello),
];

/// Wishes are put together from these; all folded.
pub(super) const HUMANS: &[&str] = &["human", "humans", "mensch", "menschen"];
/// Those who work here; they are talked about in questions, too, so a word for talking has to stand with them.
pub(super) const STAFF: &[&str] = &[
    "agent", "operator", "person", "someone", "somebody", "anyone", "mitarbeiter", "mitarbeiterin", "mitarbeitern",
    "jemand", "jemandem", "jemanden", "techniker", "support", "helpdesk", "kollegen", "kollege", "colleague",
    "technician", "supporter", "betreuer",
];
/// Talking.
pub(super) const TALK: &[&str] = &[
    "talk", "speak", "chat", "sprechen", "reden", "unterhalten", "chatten", "connect", "verbinden", "verbinde",
    "weiterleiten",
];
/// Wanting.
pub(super) const WANT: &[&str] = &[
    "want", "need", "please", "get", "give", "real", "would", "will", "moechte", "brauche", "brauch", "bitte", "hol",
    "echten", "echter", "haette", "wuerde", "kann", "lieber",
];
/// Tickets.
pub(super) const TICKET: &[&str] = &["ticket", "tickets", "case", "anfrage", "vorgang"];
/// Opening one.
pub(super) const OPEN: &[&str] = &[
    "open", "create", "raise", "file", "submit", "new", "erstellen", "erstelle", "aufmachen", "eroeffnen", "eroeffne",
    "anlegen", "aufgeben", "oeffnen", "stellen",
];
/// Asking about one.
pub(super) const STATUS: &[&str] = &[
    "status", "stand", "steht", "news", "update", "about", "progress", "was", "wie", "wann", "when", "where", "how",
    "what", "neues", "neuigkeiten", "bearbeitet", "weit", "whats", "wo",
];

/// Something that had been solved is back.
pub(super) const RELAPSE: &[&str] = &[
    "again", "still", "back", "wieder", "immer", "weiterhin", "erneut", "nochmal", "schon", "same", "gleiche", "selbe",
    "dasselbe", "doch",
];
