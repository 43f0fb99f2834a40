use serde_json::json;

use super::*;

fn choices(count: usize) -> Vec<Choice> {
    (0..count).map(|index| Choice { token: format!("t{index}"), label: format!("Choice {index}") }).collect()
}

fn rows(count: usize) -> Value {
    serde_json::to_value(components(&choices(count))).expect("JSON")
}

#[test]
fn few_choices_are_buttons_five_in_a_row() {
    let rows = rows(7);
    let lengths: Vec<usize> =
        rows.as_array().into_iter().flatten().map(|row| row["components"].as_array().map_or(0, Vec::len)).collect();
    assert_eq!(lengths, [5, 2]);
    assert_eq!(
        rows[0]["components"][0],
        json!({"type": 2, "style": 2, "custom_id": "t0", "label": "Choice 0", "disabled": false})
    );
}

#[test]
fn many_choices_are_lists_of_25() {
    let rows = rows(60);
    let lists: Vec<(&str, usize)> = rows
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| &row["components"][0])
        .map(|list| (list["custom_id"].as_str().unwrap_or_default(), list["options"].as_array().map_or(0, Vec::len)))
        .collect();
    assert_eq!(lists, [("choose:0", 25), ("choose:1", 25), ("choose:2", 10)]);
    assert_eq!(rows[2]["components"][0]["options"][9]["value"], "t59");
}

#[test]
fn labels_are_cut_at_80_characters() {
    assert_eq!(label("kurz"), "kurz");
    assert_eq!(label(&"ü".repeat(80)), "ü".repeat(80));
    assert_eq!(label(&"ü".repeat(81)), "ü".repeat(79) + "…");
}

#[test]
fn a_nonce_is_short_and_always_the_same() {
    let id = OutboundId("ffffffff-ffff-ffff-ffff-ffffffffffff".parse().expect("an id"));
    assert!(nonce(id, 99).len() <= 25);
    assert_eq!(nonce(id, 1), nonce(id, 1));
    assert_ne!(nonce(id, 1), nonce(id, 2));
    let other = OutboundId("ffffffff-ffff-ffff-ffff-fffffffffffe".parse().expect("an id"));
    assert_ne!(nonce(id, 1), nonce(other, 1));
}
