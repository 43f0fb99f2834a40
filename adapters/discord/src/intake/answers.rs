//! The first answers to what people do with commands and buttons, within Discord's three seconds.

use std::sync::Arc;

use firstline_engine::{
    desk::{Desk, StaffError},
    knowledge::Language,
    outbound::{Content, Speaker},
};
use serde_json::{Value, json};

use crate::{
    DiscordSettings,
    inbound::{
        Acknowledgement, Asked, DESCRIPTION, Form, Member, OF_STAFF, Quoted, REQUEST, SUMMARY, WORDS, Waiting, Wanted,
    },
    markup,
    rest::{Method, Rest, Route},
};

/// Nobody but the one who did it sees the answer.
const SECRET: u64 = 1 << 6;

/// The most suggestions, and the longest, in characters.
const MOST: usize = 25;
const LONGEST: usize = 100;

/// The longest texts of a form, in characters: what becomes a line of a list, and what Discord takes.
const LONGEST_SUMMARY: usize = 150;
const LONGEST_TEXT: usize = 2_000;

/// Tells Discord that something has arrived; without that it shows the one who did it a failure after three seconds.
pub(super) async fn acknowledge(rest: Arc<Rest>, desk: Desk, settings: Arc<DiscordSettings>, waiting: Waiting) {
    let answer = answer(&desk, &settings, &waiting).await;
    if let Err(failure) = rest.acknowledge(waiting.id, &waiting.token, &answer).await {
        tracing::warn!(reason = %failure, "what somebody did could not be acknowledged: Discord shows them that it failed");
    }
    if let Acknowledgement::Asked(asked) = &waiting.with {
        show(&rest, &desk, &settings, &waiting, asked).await;
    }
}

/// Shows somebody what they asked for, in the place that Discord keeps for it. What fails can be asked for again.
async fn show(rest: &Rest, desk: &Desk, settings: &DiscordSettings, waiting: &Waiting, asked: &Asked) {
    let (account, granted) = (&asked.by.account, settings.right_of(&asked.by.roles).is_staff());
    let content = match asked.what {
        Wanted::List(list) => desk.list(list, account, granted, waiting.language).await.map(Content::markdown),
        Wanted::Duty(to) => desk.duty(to, account, granted, waiting.language).await.map(Content::plain),
    };
    let content = content.unwrap_or_else(|error| {
        let language = waiting.language.unwrap_or(desk.policy().default_language);
        Content::plain(desk.explain(language, &StaffError::Desk(error)))
    });
    let parts = markup::parts(&Speaker::Desk, &content);
    let shown = json!({"content": parts.first(), "allowed_mentions": {"parse": []}});
    let route = Route::Answer(asked.app, &waiting.token);
    if let Err(failure) = rest.call(Method::PATCH, route, Some(&shown)).await {
        tracing::warn!(reason = %failure, "what somebody asked for could not be shown");
    }
}

async fn answer(desk: &Desk, settings: &DiscordSettings, waiting: &Waiting) -> Value {
    let language = waiting.language.unwrap_or(desk.policy().default_language);
    match &waiting.with {
        // "Deferred update": nothing changes by itself.
        Acknowledgement::Silent => json!({ "type": 6 }),
        Acknowledgement::Later | Acknowledgement::Word | Acknowledgement::Asked(_) => {
            json!({"type": 5, "data": {"flags": SECRET}})
        }
        Acknowledgement::NotHere => word(&desk.phrases().ui(language, "discord-not-here", &[])),
        Acknowledgement::Suggestions(typed) => {
            // Discord takes nothing longer, and what is cut off is found all the same.
            let titles = desk.suggest(typed, Some(language), MOST);
            suggestions(titles.iter().map(|title| shortened(title, LONGEST)))
        }
        Acknowledgement::Macros(member, typed) => suggestions(macros(desk, settings, member, typed).await.into_iter()),
        Acknowledgement::Form(form) => json!({"type": 9, "data": described(desk, language, form)}),
    }
}

/// The macros that somebody can be offered; where that cannot be found out, none, and they type the name.
async fn macros(desk: &Desk, settings: &DiscordSettings, member: &Member, typed: &str) -> Vec<String> {
    let granted = settings.right_of(&member.roles).is_staff();
    desk.suggest_macros(typed, &member.account, granted, MOST).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "no macros could be offered");
        Vec::new()
    })
}

fn suggestions(names: impl Iterator<Item = String>) -> Value {
    let choices: Vec<Value> = names.map(|name| json!({"name": name, "value": name})).collect();
    json!({"type": 8, "data": {"choices": choices}})
}

fn word(text: &str) -> Value {
    json!({"type": 4, "data": {"content": text, "flags": SECRET, "allowed_mentions": {"parse": []}}})
}

fn described(desk: &Desk, language: Language, form: &Form) -> Value {
    let text = |key: &str| desk.phrases().ui(language, key, &[]);
    match form {
        Form::Request { about } => {
            let quoted = about.as_ref().map(|Quoted { author, text, files, .. }| {
                let files = files.iter().map(|name| format!("[{name}]"));
                let what = std::iter::once(text.clone()).filter(|text| !text.is_empty()).chain(files);
                let what = what.collect::<Vec<_>>().join("\n");
                let all = desk.phrases().ui(language, "discord-form-quoted", &[("who", author), ("text", &what)]);
                (text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned(), all)
            });
            let (summary, description) = quoted.unwrap_or_default();
            let id = about.as_ref().map_or_else(|| REQUEST.to_owned(), Quoted::form);
            json!({"custom_id": id, "title": text("discord-form-request"), "components": [
                field(&text("discord-form-summary"), SUMMARY, 1, &summary, (true, LONGEST_SUMMARY)),
                field(&text("discord-form-description"), DESCRIPTION, 2, &description, (false, LONGEST_TEXT)),
            ]})
        }
        Form::Words => json!({"custom_id": WORDS, "title": text("discord-form-words"), "components": [
            field(&text("discord-form-answer"), DESCRIPTION, 2, "", (true, LONGEST_TEXT)),
        ]}),
        Form::Note(token) => of_staff(token, &text("discord-form-note"), &text("discord-form-note-text"), true),
        Form::Reason(token) => {
            of_staff(token, &text("discord-form-transfer"), &text("discord-form-transfer-reason"), false)
        }
    }
}

fn of_staff(token: &str, title: &str, label: &str, required: bool) -> Value {
    json!({"custom_id": format!("{OF_STAFF}{token}"), "title": title, "components": [
        field(label, DESCRIPTION, 2, "", (required, LONGEST_TEXT)),
    ]})
}

/// A field with a line (`style` 1) or several (2).
fn field(label: &str, name: &str, style: u8, value: &str, (required, longest): (bool, usize)) -> Value {
    let mut input = json!({"type": 4, "custom_id": name, "style": style, "required": required, "max_length": longest});
    if !value.trim().is_empty() {
        input["value"] = shortened(value, longest).into();
    }
    json!({"type": 18, "label": label, "component": input})
}

fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    text.chars().take(longest - 1).chain(['…']).collect()
}
