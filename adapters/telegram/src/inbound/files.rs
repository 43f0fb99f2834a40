//! What comes with a message besides words: files, and what can be said in words (a place, somebody's number).

use firstline_engine::{files::FileKind, inbound::Attachment};
use serde::Deserialize;

use super::rich::Rich;

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
    rich_message: Option<Rich>,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are Telegram's")]
pub(super) struct File {
    pub(super) file_id: String,
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

    /// The words of a message that is rich.
    pub(super) fn rich_words(&self) -> Option<String> {
        self.rich_message.as_ref()?.words()
    }

    /// The files, and the words of stickers.
    pub(super) fn into_attachments(self) -> Vec<Attachment> {
        // Telegram sends a photo in several sizes, the largest last, and an animation once more as a document.
        let photo = self.photo.and_then(|mut sizes| sizes.pop());
        let document = self.document.filter(|_| self.animation.is_none());
        let own = [
            (photo, Shape::Photo),
            (self.animation, Shape::Animation),
            (document, Shape::Document),
            (self.audio, Shape::Audio),
            (self.video, Shape::Video),
            (self.video_note, Shape::VideoNote),
            (self.voice, Shape::Voice),
            (self.sticker, Shape::Sticker),
        ];
        let rich = self.rich_message.map(|rich| rich.files()).unwrap_or_default();
        own.into_iter().filter_map(|(file, shape)| Some((file?, shape))).chain(rich).map(attachment).collect()
    }
}

fn attachment((file, shape): (File, Shape)) -> Attachment {
    let (name, media_type, kind) = shape.usual();
    let name = match &file.emoji {
        Some(emoji) => format!("{name} {emoji}"),
        None => name.to_owned(),
    };
    Attachment {
        name: file.file_name.unwrap_or(name),
        media_type: file.mime_type.or_else(|| media_type.map(str::to_owned)),
        size: file.file_size,
        handle: file.file_id,
        kind,
        file: None,
    }
}

/// As what a file is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Photo,
    Animation,
    Document,
    Audio,
    Video,
    VideoNote,
    Voice,
    Sticker,
}

impl Shape {
    /// All that rich messages have.
    pub(super) const IN_RICH_MESSAGES: &'static [Self] =
        &[Self::Photo, Self::Animation, Self::Audio, Self::Video, Self::Voice];

    /// What it is called in a rich message.
    pub(super) const fn in_rich_messages(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Animation => "animation",
            Self::Document => "document",
            Self::Audio => "audio",
            Self::Video => "video",
            Self::VideoNote => "video_note",
            Self::Voice => "voice_note",
            Self::Sticker => "sticker",
        }
    }

    /// Its name and its media type, where Telegram tells none, and what kind of file it is.
    const fn usual(self) -> (&'static str, Option<&'static str>, FileKind) {
        match self {
            Self::Photo => ("photo.jpg", Some("image/jpeg"), FileKind::Photo),
            Self::Animation => ("animation.mp4", None, FileKind::Video),
            Self::Document => ("document", None, FileKind::Document),
            Self::Audio => ("audio", None, FileKind::Audio),
            Self::Video => ("video.mp4", None, FileKind::Video),
            Self::VideoNote => ("video-note.mp4", Some("video/mp4"), FileKind::Video),
            Self::Voice => ("voice.ogg", Some("audio/ogg"), FileKind::Voice),
            Self::Sticker => ("sticker", None, FileKind::Document),
        }
    }
}
