//! What comes with a message besides words: files, and what can be said in words (a place, somebody's number).

use firstline_engine::{files::FileKind, inbound::Attachment};
use serde::Deserialize;

/// The parts of a message that are no words.
#[derive(Deserialize)]
pub(super) struct Things {
    photo: Option<Vec<File>>,
    animation: Option<File>,
    document: Option<File>,
    audio: Option<File>,
    video: Option<File>,
    video_note: Option<File>,
    voice: Option<File>,
    sticker: Option<File>,
    location: Option<Location>,
    venue: Option<Venue>,
    contact: Option<Contact>,
    poll: Option<Poll>,
    dice: Option<Dice>,
    story: Option<Story>,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are Telegram's")]
struct File {
    file_id: String,
    file_name: Option<String>,
    mime_type: Option<String>,
    file_size: Option<u64>,
    /// Of a sticker: what it means.
    emoji: Option<String>,
}

#[derive(Deserialize)]
struct Location {
    latitude: f64,
    longitude: f64,
}

#[derive(Deserialize)]
struct Venue {
    title: String,
    address: String,
}

#[derive(Deserialize)]
struct Poll {
    question: String,
    #[serde(default)]
    options: Vec<PollOption>,
}

#[derive(Deserialize)]
struct PollOption {
    text: String,
}

#[derive(Deserialize)]
struct Dice {
    emoji: String,
    value: i64,
}

/// A story, of which a bot is told only that there is one.
#[derive(Deserialize)]
struct Story {}

#[derive(Deserialize)]
struct Contact {
    phone_number: String,
    first_name: String,
    last_name: Option<String>,
}

impl Things {
    /// What of it can be said in words, without a word of ours: `📍 52.52000, 13.40500`, `👤 Ben Müller, +49 30 1234`.
    pub(super) fn words(&self) -> Option<String> {
        if let Some(Contact { phone_number, first_name, last_name }) = &self.contact {
            let name = [Some(first_name.as_str()), last_name.as_deref()].into_iter().flatten().collect::<Vec<_>>();
            return Some(format!("👤 {}, {phone_number}", name.join(" ")));
        }
        if let Some(Poll { question, options }) = &self.poll {
            let options: Vec<&str> = options.iter().map(|option| option.text.as_str()).collect();
            return Some(format!("📊 {question}\n{}", options.join("\n")));
        }
        if let Some(Dice { emoji, value }) = &self.dice {
            return Some(format!("{emoji} {value}"));
        }
        if self.story.is_some() {
            return Some("🎞".to_owned());
        }
        let Location { latitude, longitude } = self.location.as_ref()?;
        let point = format!("📍 {latitude:.5}, {longitude:.5}");
        Some(match &self.venue {
            Some(Venue { title, address }) => format!("{point} ({title}, {address})"),
            None => point,
        })
    }

    /// Words can stand below it.
    pub(super) const fn can_have_words(&self) -> bool {
        self.photo.is_some()
            || self.animation.is_some()
            || self.document.is_some()
            || self.audio.is_some()
            || self.video.is_some()
            || self.voice.is_some()
    }

    /// The files, and the words of stickers.
    pub(super) fn into_attachments(self) -> Vec<Attachment> {
        // Telegram sends a photo in several sizes, the largest last, and an animation once more as a document.
        let photo = self.photo.and_then(|mut sizes| sizes.pop());
        let document = self.document.filter(|_| self.animation.is_none());
        [
            (photo, "photo.jpg", Some("image/jpeg"), FileKind::Photo),
            (self.animation, "animation.mp4", None, FileKind::Video),
            (document, "document", None, FileKind::Document),
            (self.audio, "audio", None, FileKind::Audio),
            (self.video, "video.mp4", None, FileKind::Video),
            (self.video_note, "video-note.mp4", Some("video/mp4"), FileKind::Video),
            (self.voice, "voice.ogg", Some("audio/ogg"), FileKind::Voice),
            (self.sticker, "sticker", None, FileKind::Document),
        ]
        .into_iter()
        .filter_map(|(file, name, media_type, kind)| {
            let file = file?;
            let name = match &file.emoji {
                Some(emoji) => format!("{name} {emoji}"),
                None => name.to_owned(),
            };
            Some(Attachment {
                name: file.file_name.unwrap_or(name),
                media_type: file.mime_type.or_else(|| media_type.map(str::to_owned)),
                size: file.file_size,
                handle: file.file_id,
                kind,
                file: None,
            })
        })
        .collect()
    }
}
