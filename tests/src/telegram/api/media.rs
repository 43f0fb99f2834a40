//! Files that the bot sends and fetches.

use serde_json::{Value, json};

use super::{
    Answer, Given, Refusal,
    entities::{LONGEST_CAPTION, check, marked},
    sending::Place,
};
use crate::telegram::world::{File, Files, LARGEST_FETCHED, LARGEST_SENT, WITH_FILE, World};

/// The largest picture that is shown as one, in bytes.
const LARGEST_PHOTO: usize = 10 << 20;
/// What a picture begins with that cannot be shown, because it is twenty times as high as it is wide.
const TOO_HIGH: &[u8] = b"too high a picture";

/// Sends one file; the parameter is named like the kind.
pub(super) fn send(world: &mut World, given: &Given, kind: &str) -> Answer {
    let mut place = Place::of(world, given)?;
    let caption = marked(given, "caption", "caption_entities", LONGEST_CAPTION)?;
    let id = file(world, given, given.field(kind), kind)?;
    can_be_shown(world.files.get(&id), kind).map_err(|why| Refusal::bad(&why))?;
    place.body.insert(kind.to_owned(), world.files.described(kind, &id));
    if let Some((text, marks)) = caption {
        place.body.insert("caption".to_owned(), text.into());
        if marks.as_array().is_some_and(|marks| !marks.is_empty()) {
            place.body.insert("caption_entities".to_owned(), marks);
        }
    }
    Ok(place.post(world))
}

/// Sends 2 to 10 files that are shown together.
pub(super) fn send_group(world: &mut World, given: &Given) -> Answer {
    let media = given.structured("media")?;
    let Some(items) = media.as_array().filter(|items| (2..=10).contains(&items.len())) else {
        return Err(Refusal::bad("expected 2-10 items in media group"));
    };
    // All of them are looked at before any of them is sent.
    let mut places = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let kind = item["type"].as_str().filter(|kind| WITH_FILE.contains(kind));
        let Some(kind) = kind else { return Err(Refusal::bad("can't parse InputMedia: unknown type")) };
        let caption = item["caption"].as_str().unwrap_or_default();
        check(caption, &item["caption_entities"], LONGEST_CAPTION)?;
        let mut place = Place::of(world, given)?;
        let id = file(world, given, &item["media"], "media")?;
        can_be_shown(world.files.get(&id), kind).map_err(|why| {
            Refusal::bad(&format!("failed to send message #{} with the error message \"{why}\"", index + 1))
        })?;
        place.body.insert(kind.to_owned(), world.files.described(kind, &id));
        place.body.insert("media_group_id".to_owned(), format!("1{:0>16}", world.now).into());
        if !caption.is_empty() {
            place.body.insert("caption".to_owned(), caption.into());
            if item["caption_entities"].as_array().is_some_and(|marks| !marks.is_empty()) {
                place.body.insert("caption_entities".to_owned(), item["caption_entities"].clone());
            }
        }
        places.push(place);
    }
    Ok(places.into_iter().map(|place| place.post(world)).collect())
}

/// A picture can be shown as one, or why not.
fn can_be_shown(file: Option<&File>, kind: &str) -> Result<(), String> {
    let Some(file) = file.filter(|_| kind == "photo") else { return Ok(()) };
    if file.bytes.len() > LARGEST_PHOTO {
        let size = file.bytes.len();
        return Err(format!(
            "file of size {size} bytes is too big for a photo; the maximum size is {LARGEST_PHOTO} bytes"
        ));
    }
    if file.bytes.starts_with(TOO_HIGH) { Err("PHOTO_INVALID_DIMENSIONS".to_owned()) } else { Ok(()) }
}

/// The file that a parameter means: one that came with the request, or one that Telegram has already.
fn file(world: &mut World, given: &Given, named: &Value, part: &str) -> Result<String, Refusal> {
    let named = named.as_str().unwrap_or_default();
    let upload = given.uploads.get(named.strip_prefix("attach://").unwrap_or(part));
    if let Some(upload) = upload {
        if upload.bytes.is_empty() {
            return Err(Refusal::bad("file must be non-empty"));
        }
        if upload.bytes.len() > LARGEST_SENT {
            return Err(Refusal::too_large());
        }
        return Ok(world.files.keep(upload.clone()));
    }
    if world.files.get(named).is_some() {
        return Ok(named.to_owned());
    }
    Err(Refusal::bad(if named.is_empty() {
        "there is no file in the request"
    } else {
        "wrong file identifier/HTTP URL specified"
    }))
}

pub(super) fn get_file(world: &World, given: &Given) -> Answer {
    let id = given.text("file_id");
    let Some(file) = world.files.get(id) else {
        return Err(Refusal::bad("wrong file_id or the file is temporarily unavailable"));
    };
    if file.size > LARGEST_FETCHED {
        return Err(Refusal::bad("file is too big"));
    }
    let unique = format!("U{}", Files::path(id).replace('/', "-"));
    Ok(json!({"file_id": id, "file_unique_id": unique, "file_size": file.size, "file_path": world.files.told_path(id)}))
}
