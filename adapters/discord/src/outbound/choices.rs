//! What can be chosen below a message.

use firstline_engine::outbound::{Choice, OutboundMessage};
use serenity::{
    builder::{CreateActionRow, CreateButton, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption},
    model::application::ButtonStyle,
};

const ROWS: usize = 5;
const IN_A_ROW: usize = 5;
const IN_A_LIST: usize = 25;

/// The message is for staff, who want all that they can do in sight.
pub(super) fn is_staffs(message: &OutboundMessage) -> bool {
    message.place.key.starts_with("thread:")
}

/// A row of buttons, or lists where there are too many for one. Staff have up to five rows of buttons. What is beyond five full
/// lists cannot be offered.
pub(super) fn offered(choices: &[Choice], is_staffs: bool) -> Vec<CreateActionRow> {
    let rows = if is_staffs { ROWS } else { 1 };
    if choices.len() <= rows * IN_A_ROW {
        return choices
            .chunks(IN_A_ROW)
            .map(|row| CreateActionRow::Buttons(row.iter().map(button).collect()))
            .collect();
    }
    let lists = choices.chunks(IN_A_LIST).take(ROWS).enumerate();
    lists
        .map(|(index, entries)| {
            let options = entries.iter().map(|choice| CreateSelectMenuOption::new(label(&choice.label), &choice.token));
            let kind = CreateSelectMenuKind::String { options: options.collect() };
            CreateActionRow::SelectMenu(CreateSelectMenu::new(format!("choose:{index}"), kind))
        })
        .collect()
}

fn button(choice: &Choice) -> CreateButton {
    CreateButton::new(&choice.token).label(label(&choice.label)).style(ButtonStyle::Secondary)
}

/// At most 80 characters, which is what Discord shows.
fn label(text: &str) -> String {
    const LONGEST: usize = 80;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// The button that opens a form for words, below an answer that only one person sees: there is nowhere else to write.
pub(super) fn with_words(mut rows: Vec<CreateActionRow>, id: &str, text: &str) -> Vec<CreateActionRow> {
    let button = CreateButton::new(id).label(label(text)).style(ButtonStyle::Primary);
    if let Some(CreateActionRow::Buttons(row)) = rows.last_mut()
        && row.len() < IN_A_ROW
    {
        row.push(button);
    } else if rows.len() < ROWS {
        rows.push(CreateActionRow::Buttons(vec![button]));
    }
    rows
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn choices(count: usize) -> Vec<Choice> {
        (0..count).map(|index| Choice { token: format!("t{index}"), label: format!("Choice {index}") }).collect()
    }

    fn rows(count: usize, is_staffs: bool) -> Value {
        serde_json::to_value(offered(&choices(count), is_staffs)).expect("JSON")
    }

    fn lengths(rows: &Value) -> Vec<usize> {
        rows.as_array().into_iter().flatten().map(|row| row["components"].as_array().map_or(0, Vec::len)).collect()
    }

    #[test]
    fn few_choices_are_buttons_and_staff_have_more_of_them() {
        assert_eq!(lengths(&rows(7, true)), [5, 2]);
        assert_eq!(lengths(&rows(5, false)), [5]);
        assert_eq!(
            rows(5, false)[0]["components"][0],
            json!({"type": 2, "style": 2, "custom_id": "t0", "label": "Choice 0", "disabled": false})
        );
    }

    #[test]
    fn many_choices_are_lists_of_25() {
        for (count, is_staffs, expected) in
            [(6, false, vec![6]), (60, false, vec![25, 25, 10]), (26, true, vec![25, 1])]
        {
            let rows = rows(count, is_staffs);
            let lists = rows.as_array().into_iter().flatten().map(|row| &row["components"][0]);
            let lengths: Vec<usize> = lists.map(|list| list["options"].as_array().map_or(0, Vec::len)).collect();
            assert_eq!(lengths, expected);
            assert_eq!(rows[0]["components"][0]["custom_id"], "choose:0");
            assert_eq!(rows[0]["components"][0]["options"][5]["value"], "t5");
        }
    }

    #[test]
    fn labels_are_cut_at_80_characters() {
        assert_eq!(label("kurz"), "kurz");
        assert_eq!(label(&"ü".repeat(80)), "ü".repeat(80));
        assert_eq!(label(&"ü".repeat(81)), "ü".repeat(79) + "…");
    }

    #[test]
    fn words_are_offered_where_there_is_room() {
        let added =
            |count| serde_json::to_value(with_words(offered(&choices(count), false), "w", "Write")).expect("JSON");
        assert_eq!(lengths(&added(0)), [1]);
        assert_eq!(lengths(&added(3)), [4]);
        assert_eq!(lengths(&added(5)), [5, 1]);
        assert_eq!(lengths(&added(9)), [1, 1], "a list and a button");
    }
}
