//! Numbers of cards and accounts, which prove themselves by their check digits.

use std::ops::Range;

/// Lengths of IBANs by country (SWIFT, IBAN Registry); those of other countries are not recognised.
const IBANS: [(&str, usize); 34] = [
    ("AD", 24),
    ("AT", 20),
    ("BE", 16),
    ("BG", 22),
    ("CH", 21),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("EE", 20),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IS", 26),
    ("IT", 27),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
];
/// How the digits of cards are grouped on them; the first three also without a gap.
const GROUPS: [&[usize]; 4] = [&[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4], &[4, 4, 4, 4, 3]];

/// Where they are.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let begins = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        let end = if begins { card(bytes, at).or_else(|| iban(bytes, at)) } else { None };
        match end {
            Some(end) => {
                found.push(at..end);
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// The end of the card number that begins here.
fn card(bytes: &[u8], start: usize) -> Option<usize> {
    if !bytes[start].is_ascii_digit() || (start > 0 && matches!(bytes[start - 1], b'.' | b'-' | b'/' | b'#')) {
        return None;
    }
    let run = digits_at(bytes, start);
    if matches!(run, 14..=16) {
        return is_card(&bytes[start..start + run]).then_some(start + run).filter(|&end| ends(bytes, end));
    }
    GROUPS.iter().find_map(|groups| {
        let mut digits = Vec::with_capacity(19);
        let mut at = start;
        for (number, &length) in groups.iter().enumerate() {
            if number > 0 {
                at += usize::from(matches!(bytes.get(at), Some(b' ' | b'-')));
            }
            if digits_at(bytes, at) != length {
                return None;
            }
            digits.extend_from_slice(&bytes[at..at + length]);
            at += length;
        }
        (ends(bytes, at) && is_card(&digits)).then_some(at)
    })
}

/// Digits in a row, at most 20.
fn digits_at(bytes: &[u8], at: usize) -> usize {
    bytes.get(at..).unwrap_or_default().iter().take(20).take_while(|byte| byte.is_ascii_digit()).count()
}

fn ends(bytes: &[u8], at: usize) -> bool {
    !bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// A number of an issuer (ISO/IEC 7812) with the check digit of Luhn.
fn is_card(digits: &[u8]) -> bool {
    let issued = match digits {
        [b'4', ..] => matches!(digits.len(), 16 | 19),
        [b'5', b'1'..=b'5', ..] | [b'2', b'2'..=b'7', ..] | [b'3', b'5', ..] => digits.len() == 16,
        [b'3', b'4' | b'7', ..] => digits.len() == 15,
        [b'3', b'0' | b'6' | b'8', ..] => digits.len() == 14,
        [b'6', b'0' | b'4' | b'5' | b'7', ..] | [b'5', b'0' | b'6'..=b'8', ..] => matches!(digits.len(), 16 | 19),
        _ => false,
    };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0') * if place % 2 == 1 { 2 } else { 1 };
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    let repeated = digits.iter().all(|digit| *digit == digits[0]);
    issued && !repeated && sum.is_multiple_of(10)
}

/// The end of the IBAN that begins here: the remainder by 97 is 1 (ISO 13616).
fn iban(bytes: &[u8], start: usize) -> Option<usize> {
    let country: String =
        bytes.get(start..start + 2)?.iter().map(|byte| char::from(byte.to_ascii_uppercase())).collect();
    let &(_, length) = IBANS.iter().find(|(code, _)| *code == country)?;
    if !bytes.get(start + 2..start + 4)?.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut characters = Vec::with_capacity(length);
    let mut at = start;
    while characters.len() < length {
        let byte = *bytes.get(at)?;
        let gap = matches!(byte, b' ' | b'-') && bytes.get(at - 1).is_some_and(u8::is_ascii_alphanumeric);
        if byte.is_ascii_alphanumeric() {
            characters.push(byte.to_ascii_uppercase());
        } else if !gap || characters.len() < 4 {
            return None;
        }
        at += 1;
    }
    let rearranged = characters.iter().skip(4).chain(&characters[..4]);
    let remainder = rearranged.fold(0_u32, |remainder, &byte| match byte {
        b'0'..=b'9' => (remainder * 10 + u32::from(byte - b'0')) % 97,
        _ => (remainder * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    (remainder == 1 && ends(bytes, at)).then_some(at)
}
