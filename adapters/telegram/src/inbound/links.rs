//! Addresses that stand behind words instead of being written out. Where the words are read elsewhere they would be lost, so they
//! are written behind them: `here (https://example.org/guide)`.

use super::group::Entity;

/// A text with all addresses written out. What marks other pieces of it moves along. Places are counted in UTF-16 units.
pub(super) fn written_out(text: &str, entities: &mut [Entity]) -> String {
    let mut units: Vec<u16> = text.encode_utf16().collect();
    let mut links: Vec<(usize, String)> = Vec::new();
    for entity in &*entities {
        let (Some(url), Some(end)) = (&entity.url, entity.offset.checked_add(entity.length)) else { continue };
        // What cannot be true is left alone.
        let Some(words) = units.get(entity.offset..end) else { continue };
        let words = String::from_utf16_lossy(words);
        let bare = |text: &str| text.trim().trim_end_matches('/').trim_start_matches("https://").to_lowercase();
        if entity.kind == "text_link" && bare(&words) != bare(url) {
            links.push((end, format!(" ({url})")));
        }
    }
    // From behind, so that the places of those before stay true.
    links.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
    for (at, written) in links {
        let written: Vec<u16> = written.encode_utf16().collect();
        make_room(entities, at, written.len());
        units.splice(at..at, written);
    }
    String::from_utf16_lossy(&units)
}

/// Moves what marks pieces of a text into which something is inserted.
pub(super) fn make_room(entities: &mut [Entity], at: usize, length: usize) {
    for entity in entities {
        if entity.offset >= at {
            entity.offset = entity.offset.saturating_add(length);
        } else if entity.offset.saturating_add(entity.length) > at {
            entity.length = entity.length.saturating_add(length);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(text: &str, entities: Value, expected: &str, places: &[(usize, usize)]) {
        let mut entities: Vec<Entity> = serde_json::from_value(entities).expect("entities");
        assert_eq!(written_out(text, &mut entities), expected);
        let moved: Vec<_> = entities.iter().map(|entity| (entity.offset, entity.length)).collect();
        assert_eq!(moved, places, "{text:?}");
    }

    #[test]
    fn addresses_behind_words_are_written_behind_them() {
        let link = |offset: usize, length: usize, url: &str| json!({"type": "text_link", "offset": offset, "length": length, "url": url});
        check("see 🙂 here, ok", json!([link(4, 7, "https://a.de/x")]), "see 🙂 here (https://a.de/x), ok", &[(4, 7)]);
        check(
            "a b @bot",
            json!([link(0, 1, "https://a.de"), link(2, 1, "https://b.de"), {"type": "mention", "offset": 4, "length": 4}]),
            "a (https://a.de) b (https://b.de) @bot",
            &[(0, 1), (17, 1), (34, 4)],
        );
        // Around a link: the mark grows with what is in it.
        check(
            "bold link",
            json!([{"type": "bold", "offset": 0, "length": 9}, link(0, 4, "https://a.de")]),
            "bold (https://a.de) link",
            &[(0, 24), (0, 4)],
        );
    }

    #[test]
    fn what_is_written_out_already_or_cannot_be_true_stays() {
        let link = |length: usize, url: &str| json!([{"type": "text_link", "offset": 0, "length": length, "url": url}]);
        check("a.de", link(4, "https://a.de/"), "a.de", &[(0, 4)]);
        check("a.de", link(40, "https://b.de/"), "a.de", &[(0, 40)]);
        check("a.de", link(usize::MAX, "https://b.de/"), "a.de", &[(0, usize::MAX)]);
        check("a.de", json!([{"type": "url", "offset": 0, "length": 4}]), "a.de", &[(0, 4)]);
        check("", link(0, "https://b.de/"), " (https://b.de/)", &[(16, 0)]);
    }
}
