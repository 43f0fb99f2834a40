//! Whether a word looks like a password.

use std::{collections::HashSet, sync::LazyLock};

use crate::{
    Language,
    text::{tokens, words::is_everyday},
};

/// Marks that passwords have and words have not, unless at their end.
const MARKS: &str = "!@#$%^&*+=?~§€";
/// What may stand around a word without being part of it.
const AROUND: &[char] =
    &['"', '\'', '`', '*', '_', '(', ')', '[', ']', '<', '>', '„', '“', '”', '‚', '‘', '’', '«', '»'];
/// What may follow a word without being part of it.
const AFTER: &[char] = &['.', ',', ';', ':', '!', '?'];

/// Names that are written with numbers: `office365`, `iphone13`, `wpa2`.
const NAMES: &str = "
    office win windows m o ms outlook teams exchange sharepoint onedrive azure aad entra ad excel word access visio project
    adobe reader acrobat citrix vdi rdp sql oracle db web ie edge chrome firefox opera mac macos ios ipados iphone ipad android
    galaxy samsung pixel huawei xiaomi sap s4hana hana s4 hp dell lenovo thinkpad latitude elitebook surface macbook canon epson
    brother kyocera ricoh drucker printer laptop notebook rechner computer pc server vpn wlan wifi lan tls ssl wpa wep md sha aes
    utf base ntlm smb usb hdmi mfa fa 2fa otp b2b b2c h2 level teil part version v nr no kw q raum room etage zimmer gebaeude
    konto account user test id covid corona java python php node net dotnet ubuntu debian centos rhel vmware esx esxi kb inc req";

/// What follows a number: `90days`, `3x`, `24h`.
const UNITS: &str = "
    h min mins s sec sek std x mal st nd rd th te ter tes ten days day tage tagen weeks wochen monate monaten months years jahre
    jahren stunden hours minuten minutes zeichen chars characters stellen digits gb mb kb tb mbit ghz mhz eur euro er am pm uhr
    mm cm m km kg g k d w y zoll inch";

/// What is said of a password, and of nothing that is one.
const STATES: &str = "
    abgelaufen vergessen gesperrt falsch ungueltig geaendert zurueckgesetzt zuruecksetzen aendern weg verloren gehackt unbekannt
    leer keine keins keines kaputt abgelehnt verweigert gestohlen sicher unsicher schwach stark lang kurz neu alt noetig
    erforderlich hilfe bitte danke problem fehler fehlermeldung login anmeldung anmelden outlook windows teams sap vpn wlan
    expired forgotten forgot wrong invalid incorrect locked changed reset missing lost unknown empty required needed rejected
    accepted denied hidden hacked stolen leaked weak strong same help please thanks none null error failed failure expiring
    expires change recovery manager policy richtlinie passwort password kennwort benutzername username user";

static NAME: LazyLock<HashSet<&str>> = LazyLock::new(|| NAMES.split_whitespace().collect());
static UNIT: LazyLock<HashSet<&str>> = LazyLock::new(|| UNITS.split_whitespace().collect());
static STATE: LazyLock<HashSet<&str>> = LazyLock::new(|| STATES.split_whitespace().collect());

/// How much speaks for a password before the word itself is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// "password: …".
    Named,
    /// "my password is …".
    Said,
    /// "password …".
    Beside,
}

/// A word without what stands around it.
pub(super) fn core(word: &str) -> &str {
    word.trim_matches(AROUND).trim_end_matches(AFTER).trim_matches(AROUND)
}

/// Whether the word looks like a password, standing in that place.
pub(super) fn is_strong(word: &str, place: Place) -> bool {
    let core = core(word);
    let length = core.chars().count();
    let shortest = if place == Place::Beside { 6 } else { 4 };
    if length < shortest || is_address(core) || is_nothing(core) {
        return false;
    }
    let letters = core.chars().filter(|c| c.is_alphabetic()).count();
    let digits = core.chars().filter(char::is_ascii_digit).count();
    let marks = core.chars().filter(|&c| MARKS.contains(c)).count();
    if letters == 0 {
        // Dates, versions, prices and telephone numbers have other marks; years have four digits.
        let number = digits == length && (place == Place::Named || length >= 5);
        return number || (digits > 0 && marks > 0 && !core.ends_with('%') && !core.ends_with('€') && length >= 6);
    }
    if digits == 0 {
        return marks > 0;
    }
    if place == Place::Beside && marks == 0 && is_code(core) {
        return false;
    }
    marks > 0 || !(is_name(core) || is_measure(core) || is_hexadecimal(core))
}

/// Whether a word that does not look like a password is none: it says something about one.
pub(super) fn is_plain(word: &str) -> bool {
    if is_nothing(core(word)) {
        return true;
    }
    let folded = tokens(core(word)).into_iter().next().map_or_else(String::new, |token| token.folded);
    let everyday = Language::ALL.into_iter().any(|language| is_everyday(language, &folded));
    folded.chars().count() < 4 || everyday || STATE.contains(folded.as_str())
}

/// Whether the whole word is a password beyond doubt: `Sommer2024!`, with all that the rules ask for.
pub(super) fn is_unmistakable(word: &str) -> bool {
    let bare = word.trim_matches(AROUND);
    let has = |what: fn(char) -> bool| bare.chars().any(what);
    (8..=40).contains(&bare.chars().count())
        && has(char::is_lowercase)
        && has(char::is_uppercase)
        && has(|c| c.is_ascii_digit())
        && has(|c| "!@#$%^&*+=~§€".contains(c))
        && bare.chars().all(|c| c.is_alphanumeric() || MARKS.contains(c) || "-_.,".contains(c))
        && !is_address(bare)
        && !is_name(core(bare))
}

/// Something that was hidden already, or a gap to be filled in.
fn is_nothing(core: &str) -> bool {
    core.chars().all(|c| !c.is_alphanumeric()) || core.chars().all(|c| c == 'x' || c == 'X')
}

/// A mail or web address.
fn is_address(core: &str) -> bool {
    let mail = core.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    mail || core.contains("://") || core.starts_with("www.")
}

/// The number of an error, a ticket or a device: capitals, then digits only. Also a user's: `m.mueller2`.
fn is_code(core: &str) -> bool {
    let letters = core.trim_end_matches(|c: char| c.is_ascii_digit());
    let capitals = letters.trim_end_matches(['-', '_']);
    (capitals.len() <= 7 && capitals.chars().all(|c| c.is_ascii_uppercase())) || core.contains(['.', '\\', '/'])
}

fn is_hexadecimal(core: &str) -> bool {
    core.strip_prefix("0x").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_hexdigit()))
}

/// A name with a number.
fn is_name(core: &str) -> bool {
    let folded = core.to_lowercase();
    let letters: String = folded.chars().filter(|c| c.is_alphabetic()).collect();
    NAME.contains(letters.as_str()) || NAME.contains(folded.as_str())
}

/// A number with a unit.
fn is_measure(core: &str) -> bool {
    let unit = core.trim_start_matches(|c: char| c.is_ascii_digit() || ".,-:".contains(c));
    unit.len() < core.len() && UNIT.contains(unit.to_lowercase().as_str())
}
