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

/// A forum with this flag takes no post without a tag
/// (<https://discord.com/developers/docs/resources/channel#channel-object-channel-flags>).
const REQUIRES_TAG: u64 = 1 << 4;

fn requires_a_tag(forum: &Value) -> bool {
    forum.get("flags").and_then(Value::as_u64).is_some_and(|flags| flags & REQUIRES_TAG != 0)
}

/// The tag with which a post is made, where the forum wants one: "new", or another of ours, or any. The right ones follow with the
/// card.
pub(super) fn first(phrases: &Phrases, forum: &Value) -> Option<String> {
    if !requires_a_tag(forum) {
        return None;
    }
    let available = available(forum);
    let ours = labels().into_iter().find_map(|key| called(phrases, &available, &key));
    ours.or_else(|| available.first().map(|(id, _)| id.clone()))
}

/// The names of tags that a forum lacks, if it takes no post without one: without them a post stands there with a wrong one.
pub(crate) fn missing(phrases: &Phrases, forum: &Value) -> Vec<String> {
    if !requires_a_tag(forum) {
        return Vec::new();
    }
    let available = available(forum);
    let lacking = labels().into_iter().filter(|key| called(phrases, &available, key).is_none());
    lacking.map(|key| phrases.ui(Language::En, &key, &[])).collect()
}

/// The phrases of all statuses and priorities, "new" first.
fn labels() -> Vec<String> {
    let statuses = TicketStatus::ALL.iter().map(|it| format!("status-name-{}", it.as_str()));
    let priorities = Priority::ALL.iter().map(|it| format!("priority-{}", it.as_str()));
    statuses.chain(priorities).collect()
}

fn names(phrases: &Phrases, key: &str) -> [String; 2] {
    [Language::En, Language::De].map(|language| phrases.ui(language, key, &[]).to_lowercase())
}

/// The ids and names of the tags that there are.
fn available(forum: &Value) -> Vec<(String, String)> {
    forum
        .get("available_tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|tag| Some((tag.get("id")?.as_str()?.to_owned(), tag.get("name")?.as_str()?.trim().to_lowercase())))
        .collect()
}

/// The tag that is called like this status or priority.
fn called(phrases: &Phrases, available: &[(String, String)], key: &str) -> Option<String> {
    let names = names(phrases, key);
    available.iter().find(|(_, name)| names.iter().any(|it| is_called(it, name))).map(|(id, _)| id.clone())
}

/// The tags that a post should have; `None` when it has them, or has to keep what it has.
fn wanted(phrases: &Phrases, forum: &Value, post: &Value, fitting: &[String]) -> Option<Vec<String>> {
    let ours: BTreeSet<String> = labels().iter().flat_map(|key| names(phrases, key)).collect();
    let available = available(forum);
    let is_ours = |id: &str| available.iter().any(|(tag, name)| tag == id && ours.iter().any(|it| is_called(it, name)));
    let applied: Vec<String> = post
        .get("applied_tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|id| id.as_str().map(str::to_owned))
        .collect();
    let mut wanted: Vec<String> = fitting.iter().filter_map(|key| called(phrases, &available, key)).collect();
    wanted.extend(applied.iter().filter(|id| !is_ours(id)).cloned());
    wanted.truncate(MOST);
    if wanted.is_empty() && requires_a_tag(forum) {
        return None;
    }
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

    #[test]
    fn where_a_tag_is_wanted_no_post_is_without_one() {
        let phrases = Phrases::new();
        let forum = |flags: u64, names: &[&str]| {
            let tags: Vec<Value> =
                (1..).zip(names).map(|(id, name)| json!({"id": id.to_string(), "name": name})).collect();
            json!({"flags": flags, "available_tags": tags})
        };
        let check = |names: &[&str], expected: Option<&str>| {
            assert_eq!(first(&phrases, &forum(REQUIRES_TAG, names)), expected.map(str::to_owned), "{names:?}");
        };
        check(&["VIP", "hoch", "Neu"], Some("3"));
        check(&["VIP", "hoch"], Some("2"));
        check(&["VIP"], Some("1"));
        check(&[], None);
        assert_eq!(first(&phrases, &forum(0, &["Neu"])), None, "where none is wanted, the right ones follow");

        let post = json!({"applied_tags": ["1"]});
        let solved = ["status-name-resolved".to_owned()];
        assert_eq!(wanted(&phrases, &forum(REQUIRES_TAG, &["Neu"]), &post, &solved), None);
        assert_eq!(wanted(&phrases, &forum(0, &["Neu"]), &post, &solved), Some(Vec::new()));
        assert_eq!(missing(&phrases, &forum(0, &[])), Vec::<String>::new());
        let lacking = missing(&phrases, &forum(REQUIRES_TAG, &["Neu", "offen", "hoch"]));
        assert!(lacking.iter().any(|it| it == "low") && !lacking.iter().any(|it| it == "high"), "{lacking:?}");
    }
}
