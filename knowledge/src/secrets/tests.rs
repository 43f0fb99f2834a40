//! What is a secret, and what is only talk about one.

use std::fmt::Write as _;

use super::*;

/// The secrets of a text, joined by `|`.
fn secrets(text: &str) -> String {
    find(text).into_iter().map(|range| text.get(range).expect("whole characters")).collect::<Vec<_>>().join("|")
}

fn check_all(table: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (text, expected) in table {
        let found = secrets(text);
        if found != *expected {
            let _ = writeln!(wrong, "{text:?}: {found:?} instead of {expected:?}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn passwords_are_found() {
    check_all(&[
        ("mein passwort ist Sommer2024!", "Sommer2024!"),
        ("mein passwort ist immer noch Sommer2024! und es geht nicht", "Sommer2024!"),
        ("pw: hunter2", "hunter2"),
        ("PW:hunter2", "hunter2"),
        ("password hunter2 doesn't work", "hunter2"),
        ("my password is hunter2, why is it not accepted?", "hunter2"),
        ("my password is still hunter2", "hunter2"),
        ("Passwort: geheim99", "geheim99"),
        ("Passwort: schnurrbart", "schnurrbart"),
        ("Passwort = \"Kaffee mit Milch 3\"", "Kaffee mit Milch 3"),
        ("das kennwort lautet Rosenkohl", "Rosenkohl"),
        ("das Passwort vom Gäste WLAN ist Willkommen2024", "Willkommen2024"),
        ("the password for the guest wifi is Welcome#1 but it fails", "Welcome#1"),
        ("ich habe mein passwort auf Winter2025! geändert", "Winter2025!"),
        ("I changed my password to Tr0ub4dor&3 yesterday", "Tr0ub4dor&3"),
        ("ich logge mich mit dem passwort S0nnenblume ein", "S0nnenblume"),
        ("hunter2 is my password", "hunter2"),
        ("Sommer2024! ist mein altes passwort", "Sommer2024!"),
        ("benutzer mmuster kennwort: Abc123$", "Abc123$"),
        ("user: max pw: hunter2", "hunter2"),
        ("DB_PASSWORD=hunter2 reicht nicht", "hunter2"),
        ("{\"user\": \"max\", \"password\": \"hunter2\"}", "hunter2"),
        ("mein passwort (hunter2) geht nicht", "hunter2"),
        ("Mein Windows-Passwort: Fr3itag.", "Fr3itag"),
        ("outlookpasswort P@ssw0rt geht nicht", "P@ssw0rt"),
        ("my pin is 4711", "4711"),
        ("PIN 4711 wird nicht angenommen", "4711"),
        ("meine PIN lautet 123456", "123456"),
        ("passphrase: correct horse battery staple", "correct horse battery staple"),
        ("**Passwort:** hunter2", "hunter2"),
        ("Passwort:\nhunter2\ngeht nicht", "hunter2"),
        ("Sommer2024!", "Sommer2024!"),
        ("  Tr0ub4dor&3 ", "Tr0ub4dor&3"),
        ("passwort 123456 geht nicht", "123456"),
        ("zugangsdaten: max2 / hunter2", "max2"),
    ]);
}

#[test]
fn talk_about_passwords_is_left_alone() {
    let harmless = [
        "",
        "passwort",
        "mein passwort ist abgelaufen",
        "password is not accepted",
        "passwort vergessen",
        "pw?",
        "my password",
        "my password is wrong",
        "mein passwort ist falsch",
        "mein passwort ist weg",
        "passwort geht nicht",
        "ich habe mein passwort vergessen",
        "forgot my password again",
        "how do I change my password?",
        "Passwort: vergessen",
        "Passwort: wie ändere ich es?",
        "Betreff Passwort: Hilfe, ich komme nicht rein",
        "password: not accepted",
        "password: expired",
        "kennwort: abgelaufen",
        "my password expired 3 days ago",
        "passwort ist seit 3 tagen abgelaufen",
        "mein passwort ist 12 Zeichen lang",
        "password is 90days old",
        "password must be 12 characters",
        "passwort windows 11 ändern",
        "passwort windows11 vergessen",
        "password office365 reset",
        "passwort für office365 ist falsch",
        "my password for sap is not accepted",
        "password reset for user mmuster01",
        "reset password mmuster01",
        "passwort mmuster01 zurücksetzen bitte",
        "ich brauche das passwort für max.muster@firma.de",
        "passwort max.muster@firma.de falsch",
        "password error 0x80070057",
        "passwort falsch fehler AADSTS50126",
        "passwort KB5034441",
        "mein passwort ist 2023 abgelaufen",
        "passwort am 12.05.2024 geändert",
        "passwort seit 8:30 gesperrt",
        "PIN vergessen",
        "pin 3x falsch eingegeben",
        "iPhone PIN gesperrt",
        "sim puk",
        "die tan kommt nicht an",
        "Passwort: ******",
        "password: xxxx",
        "passwort: <passwort>",
        "passwort: [...]",
        "passwort iphone13 vergessen",
        "wlan passwort wpa2",
        "password manager 1password",
        "the password is in the vault",
        "my password is being rejected",
        "mein Passwort ist bei Outlook immer falsch",
        "passwort ist richtig aber konto gesperrt",
        "das passwort wird nicht angenommen",
        "nach dem passwort reset geht teams nicht",
        "which password rules apply?",
        "password: Outlook",
        "token expired",
        "my api key does not work",
        "schlüssel: abc",
        "Outlook2016!",
        "Warum?!",
        "KB5034441",
        "Windows11",
        "VPN-Client_2",
        "INC0012345!",
        "is that my password",
        "what is my password",
        "wo ist mein passwort",
        "der pin code geht nicht",
        "pin: vergessen",
        "i keep getting asked for a password",
        "passwort zurücksetzen: wie?",
        "password policy: at least 12 characters",
        "passwort läuft in 5 tagen ab",
        "compass: nord",
        "encompass hunter2 pw",
        "hunter2 ist kaputt",
        "credentials are wrong",
        "zugangsdaten fehlen",
    ];
    check_all(&harmless.map(|text| (text, "")));
}

#[test]
fn numbers_prove_themselves() {
    check_all(&[
        ("meine karte 4111 1111 1111 1111 wird abgelehnt", "4111 1111 1111 1111"),
        ("card 4111111111111111.", "4111111111111111"),
        ("amex 3782-822463-10005", "3782-822463-10005"),
        ("5500-0000-0000-0004", "5500-0000-0000-0004"),
        ("4111 1111 1111 1112", ""),
        ("4111111111111112", ""),
        ("order 1111111111111111", ""),
        ("ticket 41111111111111111", ""),
        ("1000000000000000001", ""),
        ("+49 4111 1111 1111", ""),
        ("IMEI 356938035643809", ""),
        ("meine iban: DE89 3704 0044 0532 0130 00 ist falsch hinterlegt", "DE89 3704 0044 0532 0130 00"),
        ("de89370400440532013000", "de89370400440532013000"),
        ("GB82WEST12345698765432", "GB82WEST12345698765432"),
        ("DE89 3704 0044 0532 0130 01", ""),
        ("DE12 ist ein raum", ""),
        ("at home", ""),
    ]);
}

#[test]
fn tokens_have_their_forms() {
    let digits = "0123456789abcdefghijklmnopqrstuvwxyzABCD";
    let web = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9";
    let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----";
    let of = |text: &str, expected: &str| assert_eq!(secrets(text), expected, "{text}");
    let github = format!("ghp_{}", &digits[..36]);
    of(&format!("git push mit {github} geht nicht"), &github);
    of(&format!("use sk-{digits}"), &format!("sk-{digits}"));
    of("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE");
    of(&format!("Authorization: Bearer {digits}"), digits);
    of(&format!("der header ist {web}!"), web);
    of(&format!("bot 123456789:{}", &digits[..35]), &format!("123456789:{}", &digits[..35]));
    of(&format!("api_key: {digits}"), digits);
    of(&format!("hier:\n{key}\nund nun?"), key);
    of("-----BEGIN PRIVATE KEY-----\nMIIE", "-----BEGIN PRIVATE KEY-----\nMIIE");
    of("-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----", "");
    of("postgres://desk:hunter2@db.example/desk geht nicht", "hunter2");
    of("https://example.org:8080/a@b", "");
    of("the path is sk-lib/readme and npm_config_prefix", "");
}

#[test]
fn they_are_blacked_out_and_not_searched_for() {
    assert_eq!(masked("pw: hunter2 geht nicht").as_deref(), Some("pw: █████ geht nicht"));
    assert_eq!(masked("passwort vergessen"), None);
    let again = masked("mein passwort ist Sommer2024! und pin 4711").unwrap();
    assert_eq!(again, "mein passwort ist █████ und pin █████");
    assert_eq!(masked(&again), None, "what is blacked out is no secret");
    assert!(was_masked(&again) && !was_masked("pw"));
    assert_eq!(searchable("pw: hunter2 geht nicht"), "pw:   geht nicht");
    assert_eq!(searchable("mein passwort █████ geht nicht"), "mein passwort   geht nicht");
    assert!(matches!(searchable("passwort vergessen"), Cow::Borrowed(_)));
    assert_eq!(searchable(&"ä".repeat(1_000_000)).chars().count(), MAX_CHARS);
}

#[test]
fn the_starter_base_has_none() {
    for article in crate::starter::articles().unwrap() {
        let texts = article.phrasings.iter().chain(&article.steps).chain([&article.title, &article.body]);
        for text in texts {
            assert_eq!(secrets(text), "", "{text}");
        }
    }
}

#[test]
fn real_questions_have_none() {
    let questions = [
        include_str!("../../questions/de.jsonl"),
        include_str!("../../questions/en.jsonl"),
        include_str!("../../questions/de_unanswerable.jsonl"),
        include_str!("../../questions/en_unanswerable.jsonl"),
    ];
    for line in questions.iter().flat_map(|file| file.lines()) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = line["text"].as_str().unwrap();
        assert_eq!(secrets(text), "", "{text}");
    }
}

#[test]
fn any_text_takes_bounded_time() {
    let pieces = [
        "pw ", "pw: ", "password is ", "a://b:c@", "-----BEGIN ", "DE89 ", "4111 ", "\"", "eyJ.", "ist ", "e\u{301}",
        "🔑",
    ];
    for piece in pieces {
        let text = piece.repeat(1_000_000 / piece.len());
        let found = find(&text);
        assert!(found.windows(2).all(|pair| pair[0].end < pair[1].start), "{piece}");
        assert!(found.iter().all(|range| text.get(range.clone()).is_some()), "{piece}");
    }
}

proptest::proptest! {
    #[test]
    fn ranges_are_whole_characters_and_masking_settles(text in "(pw|passwort|PIN|is|ist|:|=|\"|„| |\n|[a-zA-Z0-9äß!@#.,-]{1,9}|\\PC){0,30}") {
        for range in find(&text) {
            proptest::prop_assert!(text.get(range).is_some_and(|part| !part.is_empty()));
        }
        let masked = masked(&text).unwrap_or(text);
        let _ = searchable(&masked);
    }
}
