//! From text to updates, whatever the text is. A message can hold half of a character that takes two (JSON writes it `\ud83d`),
//! an update can be nested deeper than we read, or be nothing we know: each is an update like any other, to be kept and passed.

use firstline_engine::ports::SetAside;
use serde_json::Value;

use super::ALLOWED_UPDATES;

/// The longest text that is kept of something that is not even JSON, in bytes.
const LONGEST_KEPT: usize = 256 * 1024;

/// What came, sorted into what may be read and what is not understood.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Heard {
    /// Updates of the kinds that we know, in order.
    pub(super) updates: Vec<Value>,
    /// All else.
    pub(super) strange: Vec<SetAside>,
    /// The highest update id among all of them.
    pub(super) last: Option<i64>,
}

impl Heard {
    /// Sorts updates that are JSON.
    pub(super) fn sort(updates: Vec<Value>) -> Self {
        let mut heard = Self::default();
        for update in updates {
            heard.add(update);
        }
        heard.in_order()
    }

    /// Telegram numbers updates in the order in which things happened; an answer is not always in it.
    fn in_order(mut self) -> Self {
        self.updates.sort_by_key(|update| update.get("update_id").and_then(Value::as_i64));
        self
    }

    fn add(&mut self, update: Value) {
        let id = update.get("update_id").and_then(Value::as_i64);
        self.last = self.last.max(id);
        if id.is_some() && ALLOWED_UPDATES.iter().any(|kind| update.get(kind).is_some()) {
            self.updates.push(update);
            return;
        }
        let fields: Vec<&str> = update.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        let reason = format!("of no kind that is known: {}", fields.join(", "));
        self.strange.push(set_aside(update, reason));
    }

    /// Adds one update as text.
    fn add_text(&mut self, text: &str) {
        match parse(text) {
            Ok(update) => self.add(update),
            Err(reason) => {
                self.last = self.last.max(id_in(text));
                let mut end = text.len().min(LONGEST_KEPT);
                while !text.is_char_boundary(end) {
                    end -= 1;
                }
                let kept = text.get(..end).unwrap_or_default();
                let key = id_in(text).map_or_else(|| key_of(kept), |id| id.to_string());
                self.strange.push(SetAside { key, reason, raw: kept.into() });
            }
        }
    }
}

/// What is kept of an update that is JSON.
pub(super) fn set_aside(update: Value, reason: String) -> SetAside {
    let id = update.get("update_id").and_then(Value::as_i64);
    let key = id.map_or_else(|| key_of(&update.to_string()), |id| id.to_string());
    SetAside { key, reason, raw: update }
}

/// Reads one update, as a webhook gets it.
pub(super) fn one(text: &str) -> Heard {
    let mut heard = Heard::default();
    heard.add_text(text);
    heard
}

/// Reads an answer that the client could not read as a whole, update by update. `None` when it is no answer with updates.
pub(super) fn many(text: &str) -> Option<Heard> {
    if !text.contains("\"ok\":true") && !text.contains("\"ok\": true") {
        return None;
    }
    let begin = text.find("\"result\"")? + "\"result\"".len();
    let list = text.get(begin..)?.trim_start().strip_prefix(':')?.trim_start().strip_prefix('[')?;
    let mut heard = Heard::default();
    for update in elements(list) {
        heard.add_text(update);
    }
    Some(heard.in_order())
}

/// Reads JSON; where that fails, once more with every half character replaced.
fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&without_half_characters(text)))
        .map_err(|error| format!("not JSON: {error}"))
}

/// Replaces each `\uD800` to `\uDFFF` that has no partner by `\uFFFD`.
fn without_half_characters(text: &str) -> String {
    let unit = |at: usize| {
        let escape = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(escape, 16).ok()
    };
    let mut mended = String::with_capacity(text.len());
    let (mut at, mut kept) = (0, 0);
    let bytes = text.as_bytes();
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        match unit(at) {
            Some(0xD800..=0xDBFF) if unit(at + 6).is_some_and(|low| (0xDC00..=0xDFFF).contains(&low)) => at += 12,
            Some(0xD800..=0xDFFF) => {
                mended.push_str(text.get(kept..at).unwrap_or_default());
                mended.push_str("\\ufffd");
                at += 6;
                kept = at;
            }
            Some(_) => at += 6,
            // Whatever is escaped is no backslash that begins something.
            None => at += 2,
        }
    }
    mended.push_str(text.get(kept..).unwrap_or_default());
    mended
}

/// The elements of a list whose bracket is open already, as texts.
fn elements(list: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut depth, mut in_string, mut escaped, mut begin) = (0_usize, false, false, 0);
    for (at, byte) in list.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b',' if depth == 0 => {
                found.push(&list[begin..at]);
                begin = at + 1;
            }
            b']' if depth == 0 => {
                found.push(&list[begin..at]);
                found.retain(|text| !text.trim().is_empty());
                return found;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    // The list has no end: what is cut off will come again, whole.
    found
}

/// The update id in a text that is not read as JSON.
fn id_in(text: &str) -> Option<i64> {
    let (_, rest) = text.split_once("\"update_id\"")?;
    let digits = rest.trim_start().strip_prefix(':')?.trim_start();
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits.get(..end)?.parse().ok()
}

/// A key for something without an id: the same for the same text.
fn key_of(text: &str) -> String {
    // FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/): it has to tell apart, not to resist anybody.
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("text:{hash:016x}:{}", text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn half_characters_are_replaced_and_whole_ones_kept() {
        let check = |text: &str, expected: &str| assert_eq!(without_half_characters(text), expected);
        check(r"a\ud83d", r"a\ufffd");
        check(r"\ud83d\ude00 \ude00 \ud83dx", r"\ud83d\ude00 \ufffd \ufffdx");
        check(r"C:\\ud83d \\\ud83d", r"C:\\ud83d \\\ufffd");
        check(r"ä\u00e4\n", r"ä\u00e4\n");
        let update = r#"{"update_id":5,"message":{"text":"so \ud83d"}}"#;
        assert_eq!(one(update).updates[0]["message"]["text"], "so \u{fffd}");
    }

    #[test]
    fn one_bad_update_does_not_spoil_the_others() {
        let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
        let text = format!(
            r#"{{"ok":true,"result":[{{"update_id":1,"message":{{"text":"a,]}}\""}}}}, {{"update_id": 2,"message":{deep}}},
               {{"update_id":3,"message":{{"text":"\udc00"}}}},{{"update_id":4,"new_kind":{{}}}},17]}}"#
        );
        let heard = many(&text).expect("an answer");
        let ids: Vec<_> = heard.updates.iter().map(|update| update["update_id"].as_i64()).collect();
        assert_eq!(ids, [Some(1), Some(3)]);
        let kept: Vec<_> = heard.strange.iter().map(|item| item.key.clone()).collect();
        assert_eq!((kept[0].as_str(), kept[1].as_str(), kept.len()), ("2", "4", 3));
        assert_eq!(heard.last, Some(4));
        assert_eq!(many("<html>502</html>"), None);
        assert_eq!(many(r#"{"ok":false,"description":"result"}"#), None);
        assert_eq!(many(r#"{"ok":true,"result":[]}"#), Some(Heard::default()));
    }

    #[test]
    fn an_answer_that_is_cut_off_gives_what_is_whole() {
        let heard =
            many(r#"{"ok":true,"result":[{"update_id":1,"message":{}},{"update_id":2,"mess"#).expect("an answer");
        assert_eq!((heard.updates.len(), heard.last), (1, Some(1)));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fail(text in "\\PC*", escape in "(\\\\u?[0-9a-fD]{0,5}|\"|[{\\[\\]},:])*") {
            for text in [text.clone(), format!("{{\"ok\":true,\"result\":[{text}{escape}")] {
                let _ = (one(&text), many(&text));
            }
        }
    }
}
