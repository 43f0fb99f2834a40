//! Blacks out secrets before anything is stored, so that they are nowhere: not in the inbox, the timeline, a ticket, on an
//! agent's screen or in what is searched for. Dedupe keys are the platform's own ids and are not touched.

use firstline_knowledge::secrets;
use serde_json::Value;

use crate::inbound::{InboundEvent, InboundKind};

/// Shorter ones are looked for only where a sentence shows what they are: they could be a part of an id.
const TELLING: usize = 8;

/// The event without secrets.
pub(super) fn blacked_out(event: &InboundEvent) -> InboundEvent {
    let mut event = event.clone();
    let mut known = Vec::new();
    let texts: Vec<&mut String> = match &mut event.kind {
        // They may quote what they had better not have written.
        InboundKind::Message { text, quote, .. } => std::iter::once(text).chain(quote).collect(),
        InboundKind::Public { text, .. } | InboundKind::Edited { text, .. } => vec![text],
        InboundKind::Request { summary, description, .. } => vec![summary, description],
        InboundKind::Deleted { .. }
        | InboundKind::Reacted { .. }
        | InboundKind::Choice { .. }
        | InboundKind::Command { .. }
        | InboundKind::Blocked
        | InboundKind::Unblocked
        | InboundKind::Staff(_)
        | InboundKind::PassedOn { .. }
        | InboundKind::Unheard { .. } => Vec::new(),
    };
    for text in texts {
        let found = secrets::find(text);
        if !found.is_empty() {
            let secrets = found.into_iter().filter_map(|range| text.get(range)).map(str::to_owned);
            let is_telling =
                |secret: &String| secret.len() >= TELLING && !secret.bytes().all(|byte| byte.is_ascii_digit());
            known.extend(secrets.filter(is_telling));
            let whole = std::mem::take(text);
            *text = secrets::masked(&whole).unwrap_or_default();
            known.push(whole);
        }
    }
    black_out(&mut event.raw, &known);
    event
}

/// Blacks out every text in it. `known` are those of the event, and the whole texts with them.
fn black_out(value: &mut Value, known: &[String]) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
        Value::Array(values) => values.iter_mut().for_each(|value| black_out(value, known)),
        Value::Object(values) => values.values_mut().for_each(|value| black_out(value, known)),
        Value::String(text) => {
            for secret in known {
                if text.contains(secret.as_str()) {
                    let masked = secrets::masked(secret);
                    *text = text.replace(secret.as_str(), masked.as_deref().unwrap_or(secrets::MASK));
                }
            }
            // What has no space in it is an id or a name; it may look like the number of a card.
            if text.contains(char::is_whitespace)
                && let Some(masked) = secrets::masked(text)
            {
                *text = masked;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        inbound::{Circumstances, ExternalId, PlaceRef},
        people::{AccountRef, Platform},
    };

    fn event(text: &str, raw: Value) -> InboundEvent {
        let platform = Platform::Telegram;
        InboundEvent {
            dedupe_key: "update:4111111111111111".to_owned(),
            account: AccountRef {
                platform,
                user_id: "4111111111111111".to_owned(),
                display_name: "Erika".to_owned(),
                language: None,
            },
            place: PlaceRef { platform, key: "4111111111111111".to_owned() },
            kind: InboundKind::Message {
                message: ExternalId("7".to_owned()),
                text: text.to_owned(),
                reply_to: None,
                quote: None,
                attachments: Vec::new(),
                album: None,
            },
            sent_at: None,
            raw,
            circumstances: Circumstances::default(),
        }
    }

    #[test]
    fn a_secret_is_nowhere_and_ids_stay() {
        let raw = json!({
            "id": "4111111111111111", "from": {"id": 4_111_111_111_111_111_u64},
            "text": "mein passwort ist Sommer2024! hilfe",
            "reply_to": {"text": "pw: hunter2"},
            "entities": [{"url": "x:Sommer2024!"}],
        });
        let masked = blacked_out(&event("mein passwort ist Sommer2024! hilfe", raw));
        let all = serde_json::to_string(&masked).unwrap();
        assert!(!all.contains("Sommer2024") && !all.contains("hunter2"), "{all}");
        assert!(all.contains("mein passwort ist █████ hilfe"), "{all}");
        assert_eq!(masked.raw["id"], "4111111111111111");
        assert_eq!(
            (masked.dedupe_key.as_str(), masked.place.key.as_str()),
            ("update:4111111111111111", "4111111111111111")
        );
        assert!(masked.kind.hides_a_secret());
    }

    #[test]
    fn a_message_that_is_nothing_but_a_secret_is_blacked_out_everywhere() {
        for (text, left) in [("pw:4711xy", "pw:█████"), ("Sommer2024!", "█████")] {
            let masked = blacked_out(&event(text, json!({"text": text})));
            assert_eq!(masked.raw["text"], left);
        }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        let harmless = event("mein passwort ist abgelaufen", json!({"text": "mein passwort ist abgelaufen", "id": 1}));
        assert_eq!(blacked_out(&harmless), harmless);
        assert!(!harmless.kind.hides_a_secret());
    }
}
