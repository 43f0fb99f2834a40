//! From Telegram's updates to events. Reads only the fields that are needed, so that an update with anything new in it is
//! still understood.

use firstline_engine::{
    inbound::{Attachment, ExternalId, InboundEvent, InboundKind, PlaceRef},
    knowledge::Language,
    people::{AccountRef, Platform},
    time::Timestamp,
};
use serde::Deserialize;
use serde_json::Value;

/// What one answer of Telegram's held.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Batch {
    /// What is for the desk, in order.
    pub(crate) events: Vec<InboundEvent>,
    /// The presses that wait for an answer; until then the button shows a spinner.
    pub(crate) presses: Vec<String>,
    /// The highest update id, whether understood or not.
    pub(crate) last: Option<i64>,
    /// How many updates are not for the desk, or not understood.
    pub(crate) left_out: usize,
}

impl Batch {
    /// Reads updates.
    pub(crate) fn read(updates: Vec<Value>) -> Self {
        let mut batch = Self::default();
        for raw in updates {
            batch.last = batch.last.max(raw.get("update_id").and_then(Value::as_i64));
            if let Some(id) = raw.pointer("/callback_query/id").and_then(Value::as_str) {
                batch.presses.push(id.to_owned());
            }
            match Update::deserialize(&raw).map(|update| event(update, &raw)) {
                Ok(Some(event)) => batch.events.push(event),
                Ok(None) => batch.leave_out(&raw, "not for the desk"),
                Err(error) => batch.leave_out(&raw, &error.to_string()),
            }
        }
        batch
    }

    fn leave_out(&mut self, raw: &Value, reason: &str) {
        self.left_out += 1;
        let fields: Vec<&str> = raw.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        tracing::debug!(?fields, reason, "an update from Telegram was left out");
    }
}

#[derive(Deserialize)]
struct Update {
    update_id: i64,
    message: Option<Message>,
    edited_message: Option<Message>,
    callback_query: Option<CallbackQuery>,
}

#[derive(Deserialize)]
struct Message {
    message_id: i64,
    date: i64,
    edit_date: Option<i64>,
    chat: Chat,
    from: Option<User>,
    text: Option<String>,
    caption: Option<String>,
    reply_to_message: Option<Quoted>,
    photo: Option<Vec<File>>,
    animation: Option<File>,
    document: Option<File>,
    audio: Option<File>,
    video: Option<File>,
    video_note: Option<File>,
    voice: Option<File>,
    sticker: Option<File>,
}

#[derive(Deserialize)]
struct Quoted {
    message_id: i64,
}

#[derive(Deserialize)]
struct Chat {
    id: i64,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct User {
    id: i64,
    #[serde(default)]
    is_bot: bool,
    #[serde(default)]
    first_name: String,
    last_name: Option<String>,
    username: Option<String>,
    language_code: Option<String>,
}

#[derive(Deserialize)]
struct File {
    file_id: String,
    file_name: Option<String>,
    mime_type: Option<String>,
    file_size: Option<u64>,
}

#[derive(Deserialize)]
struct CallbackQuery {
    from: User,
    message: Option<Pressed>,
    data: Option<String>,
}

/// The message whose button was pressed. Of one that is too old only this is told.
#[derive(Deserialize)]
struct Pressed {
    chat: Chat,
}

/// The event in an update; `None` when there is none for the desk.
fn event(update: Update, raw: &Value) -> Option<InboundEvent> {
    let Update { update_id, message, edited_message, callback_query } = update;
    let (chat, from, at, kind) = if let Some(query) = callback_query {
        (query.message?.chat, query.from, None, InboundKind::Choice { token: query.data? })
    } else if let Some(message) = message {
        let at = message.date;
        let (chat, from, kind) = written(message)?;
        (chat, from, Some(at), kind)
    } else {
        let message = edited_message?;
        let at = message.edit_date.unwrap_or(message.date);
        let text = message.text.or(message.caption).unwrap_or_default();
        let kind = InboundKind::Edited { message: external(message.message_id), text };
        (message.chat, message.from?, Some(at), kind)
    };
    if chat.kind != "private" || from.is_bot {
        return None;
    }
    Some(InboundEvent {
        dedupe_key: format!("update:{update_id}"),
        account: account(from),
        place: PlaceRef { platform: Platform::Telegram, key: chat.id.to_string() },
        kind,
        sent_at: at.map(|seconds| Timestamp(seconds.saturating_mul(1000))),
        raw: raw.clone(),
    })
}

/// A new message; `None` when it has neither words nor files: somebody pinned something, shared a place.
fn written(mut message: Message) -> Option<(Chat, User, InboundKind)> {
    let text = message.text.take().or_else(|| message.caption.take());
    let attachments = attachments(&mut message);
    if text.is_none() && attachments.is_empty() {
        return None;
    }
    let kind = InboundKind::Message {
        message: external(message.message_id),
        text: text.unwrap_or_default(),
        reply_to: message.reply_to_message.map(|quoted| external(quoted.message_id)),
        attachments,
    };
    Some((message.chat, message.from?, kind))
}

fn attachments(message: &mut Message) -> Vec<Attachment> {
    // Telegram sends a photo in several sizes, the largest last, and an animation once more as a document.
    let photo = message.photo.take().and_then(|mut sizes| sizes.pop());
    let animation = message.animation.take();
    let document = message.document.take().filter(|_| animation.is_none());
    [
        (photo, "photo.jpg", Some("image/jpeg")),
        (animation, "animation.mp4", None),
        (document, "document", None),
        (message.audio.take(), "audio", None),
        (message.video.take(), "video.mp4", None),
        (message.video_note.take(), "video-note.mp4", Some("video/mp4")),
        (message.voice.take(), "voice.ogg", None),
        (message.sticker.take(), "sticker", None),
    ]
    .into_iter()
    .filter_map(|(file, name, media_type)| {
        let file = file?;
        Some(Attachment {
            name: file.file_name.unwrap_or_else(|| name.to_owned()),
            media_type: file.mime_type.or_else(|| media_type.map(str::to_owned)),
            size: file.file_size,
            handle: file.file_id,
        })
    })
    .collect()
}

fn account(user: User) -> AccountRef {
    let name = [Some(user.first_name), user.last_name].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    AccountRef {
        platform: Platform::Telegram,
        display_name: name.or(user.username).unwrap_or_else(|| user.id.to_string()),
        user_id: user.id.to_string(),
        language: user.language_code.as_deref().and_then(language),
    }
}

/// The language of an IETF tag such as `de-AT`, if we speak it.
fn language(tag: &str) -> Option<Language> {
    tag.split('-').next().unwrap_or_default().to_lowercase().parse().ok()
}

fn external(message_id: i64) -> ExternalId {
    ExternalId(message_id.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn erika() -> Value {
        json!({"id": 4711, "is_bot": false, "first_name": "Erika", "last_name": "Muster", "username": "erika",
               "language_code": "de-AT"})
    }

    fn message(more: &Value) -> Value {
        let mut message = json!({"message_id": 7, "date": 1_700_000_000, "from": erika(),
                                 "chat": {"id": 4711, "type": "private", "first_name": "Erika"}});
        merge(&mut message, more);
        json!({"update_id": 100, "message": message})
    }

    fn merge(into: &mut Value, more: &Value) {
        for (name, value) in more.as_object().expect("an object") {
            into[name] = value.clone();
        }
    }

    fn read_one(update: Value) -> InboundEvent {
        let mut batch = Batch::read(vec![update]);
        assert_eq!((batch.events.len(), batch.left_out), (1, 0), "{batch:?}");
        batch.events.remove(0)
    }

    #[test]
    fn a_text_becomes_a_message() {
        let update = message(&json!({"text": "mein VPN geht nicht", "reply_to_message": {"message_id": 5, "date": 1}}));
        let event = read_one(update.clone());
        assert_eq!(event.dedupe_key, "update:100");
        assert_eq!(event.account.user_id, "4711");
        assert_eq!(event.account.display_name, "Erika Muster");
        assert_eq!(event.account.language, Some(Language::De));
        assert_eq!(event.place, PlaceRef { platform: Platform::Telegram, key: "4711".to_owned() });
        assert_eq!(event.sent_at, Some(Timestamp(1_700_000_000_000)));
        assert_eq!(event.raw, update);
        let InboundKind::Message { message, text, reply_to, attachments } = event.kind else { panic!("{event:?}") };
        assert_eq!((message, text.as_str()), (ExternalId("7".to_owned()), "mein VPN geht nicht"));
        assert_eq!(reply_to, Some(ExternalId("5".to_owned())));
        assert!(attachments.is_empty());
    }

    #[test]
    fn files_are_told_with_their_caption() {
        let check = |more: Value, text: &str, expected: (&str, Option<&str>, Option<u64>, &str)| {
            let event = read_one(message(&more));
            let InboundKind::Message { text: said, attachments, .. } = event.kind else { panic!("{event:?}") };
            assert_eq!(said, text);
            let [file] = attachments.as_slice() else { panic!("{attachments:?}") };
            let told = (file.name.as_str(), file.media_type.as_deref(), file.size, file.handle.as_str());
            assert_eq!(told, expected);
        };
        check(
            json!({"caption": "so sieht das aus", "photo": [{"file_id": "small", "file_size": 10, "width": 1, "height": 1},
                                                          {"file_id": "big", "file_size": 99, "width": 9, "height": 9}]}),
            "so sieht das aus",
            ("photo.jpg", Some("image/jpeg"), Some(99), "big"),
        );
        check(
            json!({"document": {"file_id": "d", "file_name": "log.txt", "mime_type": "text/plain", "file_size": 3}}),
            "",
            ("log.txt", Some("text/plain"), Some(3), "d"),
        );
        check(
            json!({"voice": {"file_id": "v", "duration": 2, "mime_type": "audio/ogg"}}),
            "",
            ("voice.ogg", Some("audio/ogg"), None, "v"),
        );
        check(
            json!({"animation": {"file_id": "a", "mime_type": "video/mp4"}, "document": {"file_id": "a"}}),
            "",
            ("animation.mp4", Some("video/mp4"), None, "a"),
        );
    }

    #[test]
    fn an_edit_tells_the_new_text_and_its_time() {
        let mut update = message(&json!({"text": "mein WLAN geht nicht", "edit_date": 1_700_000_100}));
        update["edited_message"] = update["message"].take();
        let event = read_one(update);
        assert_eq!(event.sent_at, Some(Timestamp(1_700_000_100_000)));
        let expected = InboundKind::Edited { message: ExternalId("7".to_owned()), text: "mein WLAN geht nicht".to_owned() };
        assert_eq!(event.kind, expected);
    }

    #[test]
    fn a_press_becomes_a_choice_and_waits_for_its_answer() {
        let update = json!({"update_id": 101, "callback_query": {"id": "988", "from": erika(), "chat_instance": "1",
            "data": "token", "message": {"message_id": 8, "date": 0, "chat": {"id": 4711, "type": "private"}}}});
        let batch = Batch::read(vec![update]);
        assert_eq!(batch.presses, ["988"]);
        assert_eq!(batch.events[0].kind, InboundKind::Choice { token: "token".to_owned() });
        assert_eq!(batch.events[0].sent_at, None);
    }

    #[test]
    fn what_is_not_for_the_desk_is_left_out_and_the_position_moves_on() {
        let mut group = message(&json!({"text": "hi", "chat": {"id": -5, "type": "group"}}));
        group["update_id"] = json!(200);
        let mut bot = message(&json!({"text": "hi"}));
        bot["message"]["from"]["is_bot"] = json!(true);
        let in_group = json!({"update_id": 204, "callback_query": {"id": "989", "from": erika(), "data": "x",
            "message": {"message_id": 8, "date": 1, "chat": {"id": -5, "type": "supergroup"}}}});
        let updates = vec![
            message(&json!({"text": "first"})),
            group,
            bot,
            message(&json!({"pinned_message": {"message_id": 1}})),
            json!({"update_id": 203, "something_new": {"a": 1}}),
            json!({"update_id": 202, "message": {"some fields are missing": true}}),
            in_group,
            json!("nonsense"),
        ];
        let batch = Batch::read(updates);
        assert_eq!(batch.events.len(), 1);
        assert_eq!(batch.left_out, 7);
        assert_eq!(batch.last, Some(204));
        assert_eq!(batch.presses, ["989"]);
        assert_eq!(Batch::read(Vec::new()), Batch::default());
    }

    #[test]
    fn names_and_languages() {
        let user = |value: Value| account(User::deserialize(value).expect("a user"));
        assert_eq!(user(json!({"id": 1, "first_name": "A"})).display_name, "A");
        assert_eq!(user(json!({"id": 1, "first_name": "", "username": "u"})).display_name, "u");
        assert_eq!(user(json!({"id": 1})).display_name, "1");
        let check = |tag, expected| assert_eq!(language(tag), expected, "{tag}");
        check("de", Some(Language::De));
        check("en-US", Some(Language::En));
        check("pt-br", None);
        check("", None);
    }
}
