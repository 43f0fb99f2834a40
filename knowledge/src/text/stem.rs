//! Word stems, by the Snowball algorithms (Porter 2001).

use rust_stemmers::{Algorithm, Stemmer};

use crate::Language;

/// The stem of a folded word. Words with digits are names and codes and stay as they are.
///
/// The German stemmer knows umlauts, which folding has spelt out. So after stemming `ae oe ue` become `a o u`: plurals
/// (`passwoerter`), and words whose writer dropped the dots (`gerat`), meet the singular. It also shortens a few words
/// without umlauts (`neue`), in questions and articles alike.
pub(crate) fn stem(language: Language, folded: &str) -> String {
    if folded.len() < 3 || folded.bytes().any(|b| b.is_ascii_digit()) {
        return folded.to_owned();
    }
    match language {
        Language::En => Stemmer::create(Algorithm::English).stem(folded).into_owned(),
        Language::De => {
            let stem = Stemmer::create(Algorithm::German).stem(folded);
            let stem = stem.replace("ae", "a").replace("oe", "o").replace("ue", "u");
            if stem.len() < 2 { folded.to_owned() } else { stem }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_meet() {
        fn check(language: Language, words: &[&str]) {
            let first = stem(language, words[0]);
            for word in words {
                assert_eq!(stem(language, word), first, "{word}");
            }
        }
        check(Language::En, &["connect", "connects", "connected", "connecting", "connection"]);
        check(Language::En, &["printer", "printers"]);
        check(Language::De, &["passwort", "passwoerter", "passworter", "passwortes"]);
        check(Language::De, &["geraet", "geraete", "gerate", "gerat"]);
        check(Language::De, &["drucker", "druckers"]);
        check(Language::De, &["anmelden", "anmeldung"]);
    }

    #[test]
    fn codes_stay() {
        assert_eq!(stem(Language::En, "0x80070057"), "0x80070057");
        assert_eq!(stem(Language::De, "365"), "365");
    }
}
