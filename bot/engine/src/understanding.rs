//! What a short message means in a conversation: thanks, "it works now", "never mind", "talk to a human". Everything else is a
//! question, or words about one, and goes to the knowledge base.
//!
//! A message is compared as a whole: folded to lower case without accents and punctuation, with polite and filling words left
//! out, against the expressions in [`lexicon`], of both languages at once because people mix them. A misspelling or two are
//! forgiven in longer ones. Wishes for a human or about a ticket are recognised inside a sentence, too.

mod lexicon;

use std::{collections::HashMap, sync::LazyLock};

use firstline_knowledge::Language;

/// What a message means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Utterance {
    /// "Hello".
    Hello,
    /// "Thanks".
    Thanks,
    /// "How are you?"
    SmallTalk,
    /// "Help!", "I have a problem", and nothing more.
    HelpMe,
    /// "What can you do?"
    WhatCanYouDo,
    /// "Yes".
    Yes,
    /// "No".
    No,
    /// "It works now".
    Worked,
    /// "It doesn't work".
    Failed,
    /// "Next", "go on".
    Next,
    /// "Skip", "I don't know".
    Skip,
    /// "Never mind".
    NeverMind,
    /// "I want to talk to a human", "open a ticket".
    Human,
    /// "What about my ticket?"
    TicketStatus,
    /// "1", "the first one".
    Number(u8),
    /// "Speak German, please".
    Speak(Language),
    /// Anything else.
    Other,
}

/// Longer messages are never a mere "yes" or "thanks"; looking at their beginning would only find what they do not mean.
const LONGEST: usize = 200;

/// More words than this are a story, not a wish for a human.
const WISH_WORDS: usize = 12;

/// What a message means.
#[must_use]
pub fn understand(text: &str) -> Utterance {
    if text.chars().nth(LONGEST).is_some() {
        return Utterance::Other;
    }
    if let Some(meaning) = lexicon::EMOJI.iter().find(|(emoji, _)| text.trim().trim_end_matches('\u{fe0f}') == *emoji) {
        return meaning.1;
    }
    let words = words(text);
    if words.is_empty() {
        return Utterance::Other;
    }
    whole(&words).or_else(|| wish(&words)).unwrap_or(Utterance::Other)
}

/// Says that something is back that had been solved: "again", "still", "schon wieder".
#[must_use]
pub fn sounds_like_relapse(text: &str) -> bool {
    let words = words(text);
    words.iter().any(|word| lexicon::RELAPSE.contains(&word.as_str()))
}

/// A text as [`understand`] compares it: folded words without fillers. Two texts that are equal in this form say the same.
#[must_use]
pub fn gist(text: &str) -> Vec<String> {
    let words = words(text);
    let kept: Vec<String> = words.iter().filter(|word| !lexicon::FILLERS.contains(&word.as_str())).cloned().collect();
    if kept.is_empty() { words } else { kept }
}

/// Lower case, umlauts written out, letters and digits only.
fn words(text: &str) -> Vec<String> {
    let mut folded = String::with_capacity(text.len());
    for character in text.chars().take(LONGEST).flat_map(char::to_lowercase) {
        match character {
            'ä' => folded.push_str("ae"),
            'ö' => folded.push_str("oe"),
            'ü' => folded.push_str("ue"),
            'ß' => folded.push_str("ss"),
            // "doesn't", "geht's": written together and apart alike.
            '\'' | '’' | '`' | '´' => {}
            other if other.is_alphanumeric() => folded.push(other),
            _ => folded.push(' '),
        }
    }
    folded.split_whitespace().map(str::to_owned).collect()
}

static EXPRESSIONS: LazyLock<HashMap<String, Utterance>> = LazyLock::new(|| {
    let mut map = HashMap::new();
    for (meaning, expressions) in lexicon::EXPRESSIONS {
        for expression in *expressions {
            map.entry(gist(expression).join(" ")).or_insert(*meaning);
        }
    }
    map
});

fn whole(words: &[String]) -> Option<Utterance> {
    let meaning = exact(words).or_else(|| {
        // "Yes, it works", "no, still nothing": the second half says more than the first.
        let (first, rest) = words.split_first()?;
        let answer = exact(std::slice::from_ref(first))?;
        if rest.is_empty() || !matches!(answer, Utterance::Yes | Utterance::No | Utterance::Thanks | Utterance::Hello) {
            return None;
        }
        exact(rest).map(|second| if second == Utterance::Thanks { answer } else { second })
    });
    meaning.or_else(|| nearly(words))
}

fn exact(words: &[String]) -> Option<Utterance> {
    EXPRESSIONS.get(&gist(&words.join(" ")).join(" ")).copied()
}

/// Forgives one wrong letter in expressions of seven letters and more, two in those of sixteen and more.
fn nearly(words: &[String]) -> Option<Utterance> {
    let said = gist(&words.join(" ")).join(" ");
    let length = said.chars().count();
    let forgiven = match length {
        0..7 => return None,
        7..16 => 1,
        _ => 2,
    };
    EXPRESSIONS
        .iter()
        .filter(|(expression, _)| expression.chars().count().abs_diff(length) <= forgiven)
        .map(|(expression, meaning)| (strsim::osa_distance(expression, &said), expression, *meaning))
        .filter(|(distance, ..)| *distance <= forgiven)
        // The expression decides between equally near ones, so that the same text always means the same.
        .min_by(|one, other| one.0.cmp(&other.0).then_with(|| one.1.cmp(other.1)))
        .map(|(_, _, meaning)| meaning)
}

/// A wish for a human, or about a ticket, inside a sentence.
fn wish(words: &[String]) -> Option<Utterance> {
    if words.len() > WISH_WORDS {
        return None;
    }
    let any = |set: &[&str]| words.iter().any(|word| set.contains(&word.as_str()));
    let talk = any(lexicon::TALK);
    if any(lexicon::HUMANS) && (talk || any(lexicon::WANT)) || any(lexicon::STAFF) && talk {
        return Some(Utterance::Human);
    }
    if any(lexicon::TICKET) {
        if any(lexicon::OPEN) {
            return Some(Utterance::Human);
        }
        if any(lexicon::STATUS) {
            return Some(Utterance::TicketStatus);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: Utterance, texts: &[&str]) {
        for text in texts {
            assert_eq!(understand(text), expected, "{text:?}");
        }
    }

    #[test]
    fn short_messages_are_understood_in_both_languages() {
        check(Utterance::Hello, &["Hi", "hallo!", "Guten Morgen", "hello there", "moin", "Hey :)"]);
        check(Utterance::Thanks, &["danke", "Vielen Dank!", "thanks a lot", "thx", "dankeschön", "🙏"]);
        check(Utterance::Yes, &["ja", "Ja bitte", "ja danke", "yes please", "yep", "klar", "gerne", "ok", "👍"]);
        check(Utterance::No, &["nein", "nö", "no thanks", "Nein danke", "nope", "👎"]);
        check(Utterance::Skip, &["skip", "weglassen", "weiß ich nicht", "no idea", "keine Ahnung", "überspringen"]);
        check(
            Utterance::NeverMind,
            &["never mind", "vergiss es", "egal", "hat sich erledigt", "nevermind", "schon gut", "forget it"],
        );
        check(Utterance::Number(2), &["2", "2.", "[2]", "the second one", "das zweite", "zwei", "nummer 2"]);
        check(Utterance::Next, &["weiter", "next", "nächster Schritt", "next step please"]);
        check(Utterance::SmallTalk, &["how are you?", "wie geht's?", "Wie geht es dir?", "who are you"]);
        check(Utterance::Speak(Language::De), &["deutsch bitte", "sprich deutsch", "in german please"]);
    }

    #[test]
    fn whether_it_worked_is_understood() {
        check(
            Utterance::Worked,
            &[
                "it works now", "geht jetzt", "Jetzt geht es wieder!", "danke, hat geklappt", "yes, that worked",
                "Problem gelöst", "hat geholfen", "läuft wieder", "ja, funktioniert", "solved, thanks", "fixed!",
                "nein, jetzt geht es", "it is wroking now, thanks",
            ],
        );
        check(
            Utterance::Failed,
            &[
                "geht nicht", "geht immer noch nicht", "Geht leider nicht", "still not working", "didn't help",
                "doesn't work", "hat nicht geholfen", "nein, geht nicht", "klappt nicht", "no luck",
                "nope, still the same", "bringt nichts", "funktioniert nicht", "geht nihct",
                "das hat leider nichts gebracht", "it does not work",
            ],
        );
    }

    #[test]
    fn a_wish_for_a_human_is_heard_inside_a_sentence() {
        check(
            Utterance::Human,
            &[
                "human",
                "Mensch",
                "I want to talk to a human",
                "kann ich bitte mit einem Menschen sprechen?",
                "agent please",
                "ich möchte mit einem Mitarbeiter reden",
                "real person please",
                "bitte ein ticket erstellen",
                "open a ticket please",
                "let me speak to someone",
                "Mitarbeiter sprechen",
                "can i talk to a real person",
                "ich brauch einen menschen",
            ],
        );
        check(
            Utterance::TicketStatus,
            &[
                "what about my ticket?", "was ist mit meinem Ticket?", "status", "wie ist der Stand von meinem Ticket",
                "any news on my ticket",
            ],
        );
    }

    #[test]
    fn questions_stay_questions() {
        check(
            Utterance::Other,
            &[
                "ich komme von zu hause nicht ins vpn", "vpn geht nicht", "drucker druckt nicht",
                "a new employee needs an account", "neuer mitarbeiter braucht einen laptop", "outlook does not work",
                "no sound in teams", "my mouse is not working", "ich kann mich nicht anmelden",
                "what is the capital of France", "passwort vergessen", "help with excel", "geht das auch mit dem mac?",
                "someone sent me a strange mail", "die person im bild bin ich nicht", "yes but now outlook is broken",
            ],
        );
    }

    #[test]
    fn odd_texts_are_no_utterance() {
        check(Utterance::Other, &["", " ", "🦀", "...", "\u{202e}", "123456"]);
        assert_eq!(understand(&"ja ".repeat(100_000)), Utterance::Other);
    }

    #[test]
    fn relapses_are_noticed() {
        for text in
            ["es geht schon wieder nicht", "it broke again", "das Problem ist immer noch da", "still the same error"]
        {
            assert!(sounds_like_relapse(text), "{text:?}");
        }
        assert!(!sounds_like_relapse("wie verbinde ich den drucker"));
    }
}
