//! The tags of a forum's posts: those that are called like a ticket's status or priority, in either language, are put on its post
//! and taken off again. Which of them there are is up to whoever manages the server; all other tags are left alone.

use std::collections::BTreeSet;

use firstline_engine::{
    knowledge::Language,
    phrases::Phrases,
    ticket::{Priority, TicketStatus},
};
use serde_json::{Value, json};
use serenity::model::id::ChannelId;

use super::DiscordChannel;
use crate::rest::{Method, Route};

/// So many tags can be on a post.
const MOST: usize = 5;

impl DiscordChannel {
    /// Puts the right tags on a post. A post without them is only harder to find, so nothing fails here.
    pub(super) async fn put_tags(&self, forum: &Value, post: &Value, labels: &[String]) {
        let Some(tags) = wanted(&self.phrases, forum, post, labels) else { return };
        let id = post.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok()).filter(|&id| id != 0);
        let Some(id) = id.map(ChannelId::new) else { return };
        let change = json!({ "applied_tags": tags });
        if let Err(failure) = self.rest.call(Method::PATCH, Route::Channel(id), Some(&change)).await {
            tracing::warn!(reason = %failure, "a post's tags could not be changed");
        }
    }
}

/// The tags that a post should have; `None` when it has them.
fn wanted(phrases: &Phrases, forum: &Value, post: &Value, labels: &[String]) -> Option<Vec<String>> {
    let names = |key: &str| [Language::En, Language::De].map(|language| phrases.ui(language, key, &[]).to_lowercase());
    let statuses = TicketStatus::ALL.iter().map(|it| format!("status-name-{}", it.as_str()));
    let priorities = Priority::ALL.iter().map(|it| format!("priority-{}", it.as_str()));
    let ours: BTreeSet<String> = statuses.chain(priorities).flat_map(|key| names(&key)).collect();
    let available: Vec<(String, String)> = forum
        .get("available_tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|tag| Some((tag.get("id")?.as_str()?.to_owned(), tag.get("name")?.as_str()?.trim().to_lowercase())))
        .collect();
    let is_ours = |id: &str| available.iter().any(|(tag, name)| tag == id && ours.iter().any(|it| is_called(it, name)));
    let applied: Vec<String> = post
        .get("applied_tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|id| id.as_str().map(str::to_owned))
        .collect();
    let fitting = labels.iter().filter_map(|key| {
        let names = names(key);
        available.iter().find(|(_, name)| names.iter().any(|it| is_called(it, name))).map(|(id, _)| id.clone())
    });
    let mut wanted: Vec<String> = fitting.collect();
    wanted.extend(applied.iter().filter(|id| !is_ours(id)).cloned());
    wanted.truncate(MOST);
    let set = |tags: &[String]| tags.iter().cloned().collect::<BTreeSet<_>>();
    (set(&wanted) != set(&applied)).then_some(wanted)
}

/// A tag has at most 20 characters, so the beginning will do: "waiting" for "waiting for the requester".
fn is_called(label: &str, tag: &str) -> bool {
    !tag.is_empty() && label.strip_prefix(tag).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_long_name_will_do() {
        assert!(is_called("wartet auf anfragende", "wartet") && is_called("offen", "offen"));
        assert!(!is_called("offen", "off") && !is_called("offen", ""));
    }

    #[test]
    fn tags_of_a_status_and_a_priority_follow_and_others_stay() {
        let phrases = Phrases::new();
        let tags = ["neu", "open", "Kritisch", "hoch", "VIP", "a", "b", "c", "d"];
        let tags: Vec<Value> = (1..).zip(tags).map(|(id, name)| json!({"id": id.to_string(), "name": name})).collect();
        let forum = json!({ "available_tags": tags });
        let labels = ["status-name-open", "priority-critical"].map(str::to_owned);
        let check = |applied: &[&str], expected: Option<&[&str]>| {
            let expected = expected.map(|ids| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
            assert_eq!(wanted(&phrases, &forum, &json!({ "applied_tags": applied }), &labels), expected);
        };
        check(&["1", "4"], Some(&["2", "3"]));
        check(&["5", "1"], Some(&["2", "3", "5"]));
        check(&["3", "2"], None);
        check(&["5", "6", "7", "8", "9"], Some(&["2", "3", "5", "6", "7"]));
        assert_eq!(wanted(&phrases, &json!({}), &json!({}), &labels), None, "a channel that has no tags");
    }
}
