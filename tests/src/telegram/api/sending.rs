//! What the bot says.

use serde_json::{Map, Value, json};

use super::{
    Answer, Given, Refusal, chat,
    entities::{LONGEST_TEXT, marked},
};
use crate::telegram::world::{Message, Right, World, buttons};

/// The longest data of a button, in bytes.
const LONGEST_DATA: usize = 64;
/// The topic that is none: it is addressed by naming no topic.
const GENERAL: i64 = 1;

/// What the bot can be seen doing.
const ACTIONS: [&str; 11] = [
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
];

pub(super) fn message(world: &mut World, given: &Given) -> Answer {
    let mut place = Place::of(world, given)?;
    let Some((text, marks)) = marked(given, "text", "entities", LONGEST_TEXT)? else {
        return Err(Refusal::bad("message text is empty"));
    };
    place.body.insert("text".to_owned(), text.into());
    if marks.as_array().is_some_and(|marks| !marks.is_empty()) {
        place.body.insert("entities".to_owned(), marks);
    }
    Ok(place.post(world))
}

pub(super) fn location(world: &mut World, given: &Given) -> Answer {
    let mut place = Place::of(world, given)?;
    let of = |name: &str| given.field(name).as_f64().or_else(|| given.text(name).parse().ok());
    let (Some(latitude), Some(longitude)) = (of("latitude"), of("longitude")) else {
        return Err(Refusal::bad("latitude is empty"));
    };
    place.body.insert("location".to_owned(), json!({"latitude": latitude, "longitude": longitude}));
    Ok(place.post(world))
}

pub(super) fn contact(world: &mut World, given: &Given) -> Answer {
    let mut place = Place::of(world, given)?;
    let contact = json!({"phone_number": given.text("phone_number"), "first_name": given.text("first_name")});
    place.body.insert("contact".to_owned(), contact);
    Ok(place.post(world))
}

pub(super) fn copy(world: &mut World, given: &Given) -> Answer {
    let from = given.number("from_chat_id").unwrap_or_default();
    let source = given.number("message_id").and_then(|id| world.message(from, id)).cloned();
    let Some(source) = source.filter(|source| source.service().is_none()) else {
        return Err(Refusal::bad("message to copy not found"));
    };
    let mut place = Place::of(world, given)?;
    place.body = source.body;
    let sent = place.post(world);
    Ok(json!({"message_id": sent["message_id"]}))
}

pub(super) fn chat_action(world: &World, given: &Given) -> Answer {
    let chat = chat(world, given)?;
    // Of all methods only this one takes General by its number.
    let thread = given.number("message_thread_id").filter(|thread| *thread != GENERAL);
    if thread.is_some_and(|thread| !chat.topics.contains_key(&thread)) {
        return Err(Refusal::bad("message thread not found"));
    }
    if ACTIONS.contains(&given.text("action")) {
        Ok(json!(true))
    } else {
        Err(Refusal::bad("wrong parameter action in request"))
    }
}

/// Where a message is to go, checked, and what goes with it.
pub(super) struct Place {
    chat: i64,
    thread: Option<i64>,
    reply_to: Option<i64>,
    keyboard: Value,
    pub(super) body: Map<String, Value>,
}

impl Place {
    pub(super) fn of(world: &World, given: &Given) -> Result<Self, Refusal> {
        let chat = chat(world, given)?;
        let thread = given.number("message_thread_id").filter(|thread| *thread != 0);
        if let Some(thread) = thread {
            let Some(topic) = chat.topics.get(&thread).filter(|_| thread != GENERAL) else {
                return Err(Refusal::bad("message thread not found"));
            };
            if topic.closed && !chat.bot_may(Right::ManageTopics) {
                return Err(Refusal::bad("TOPIC_CLOSED"));
            }
        }
        let parameters = given.structured("reply_parameters")?;
        let answered = super::given::number(&parameters["message_id"]);
        let reply_to = answered.filter(|id| world.message(chat.id, *id).is_some());
        if answered.is_some() && reply_to.is_none() && parameters["allow_sending_without_reply"] != true {
            return Err(Refusal::bad("message to be replied not found"));
        }
        Ok(Self { chat: chat.id, thread, reply_to, keyboard: keyboard(given)?, body: Map::new() })
    }

    /// Posts it, and describes it.
    pub(super) fn post(self, world: &mut World) -> Value {
        let mut message = Message::new(world.next_message(self.chat), world.now, World::bot());
        message.thread = self.thread;
        message.in_topic = self.thread.is_some();
        message.reply_to = self.reply_to;
        message.keyboard = self.keyboard;
        message.body = self.body;
        world.put(self.chat, message)
    }
}

/// The inline keyboard, each button with a label and data that fits.
pub(super) fn keyboard(given: &Given) -> Result<Value, Refusal> {
    let keyboard = given.structured("reply_markup")?;
    for button in buttons(&keyboard) {
        if button["text"].as_str().is_none_or(str::is_empty) {
            return Err(Refusal::bad("inline keyboard button text is empty"));
        }
        let data = button["callback_data"].as_str();
        let fits = data.is_some_and(|data| !data.is_empty() && data.len() <= LONGEST_DATA);
        let opens = button["url"].as_str().is_some_and(|url| !url.is_empty());
        if data.is_some() && !fits {
            return Err(Refusal::bad("BUTTON_DATA_INVALID"));
        }
        if !fits && !opens {
            return Err(Refusal::bad("BUTTON_TYPE_INVALID"));
        }
    }
    // A keyboard without a button is none.
    Ok(if buttons(&keyboard).next().is_some() { keyboard } else { Value::Null })
}
