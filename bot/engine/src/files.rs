//! Files that come with messages. What arrives is copied at once, within limits, because platforms keep files for a while only
//! and other platforms cannot reach them; what is passed on is the copy.

use serde::{Deserialize, Serialize};

use crate::{
    ids::FileId,
    people::{Platform, UnknownName},
};

/// The largest file that is copied, in bytes: what Telegram lets a bot fetch (20 MB), and twice what Discord takes without a paid
/// plan.
pub const LARGEST: u64 = 20 * 1024 * 1024;

/// The longest name that is passed on, in characters.
const LONGEST_NAME: usize = 100;

/// What kind of file it is, as far as platforms show some in a way of their own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A picture.
    Photo,
    /// A moving picture.
    Video,
    /// A piece of music, a recording.
    Audio,
    /// Somebody's spoken words.
    Voice,
    /// Anything.
    #[default]
    Document,
}

impl FileKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Photo, Self::Video, Self::Audio, Self::Voice, Self::Document];

    /// The name used in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Voice => "voice",
            Self::Document => "document",
        }
    }
}

impl std::str::FromStr for FileKind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| UnknownName::new("kind of file", name))
    }
}

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// It is still to be copied.
    Waiting,
    /// There is a copy.
    Stored,
    /// It is larger than [`LARGEST`].
    TooLarge,
    /// The platform does not give it out, or no longer.
    Missing,
}

impl FileState {
    /// The name used in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Stored => "stored",
            Self::TooLarge => "too_large",
            Self::Missing => "missing",
        }
    }
}

impl std::str::FromStr for FileState {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        [Self::Waiting, Self::Stored, Self::TooLarge, Self::Missing]
            .into_iter()
            .find(|state| state.as_str() == name)
            .ok_or_else(|| UnknownName::new("state of a file", name))
    }
}

/// A file to be copied, in the hands of the one who does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingFile {
    /// Its id.
    pub id: FileId,
    /// Where it is.
    pub platform: Platform,
    /// The platform's handle to fetch it.
    pub handle: String,
    /// Its size, as the platform tells.
    pub size: Option<u64>,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

/// How copying a file ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileOutcome {
    /// Here it is.
    Stored(Vec<u8>),
    /// It is too large.
    TooLarge,
    /// It cannot be had.
    Missing,
    /// Try again at this time.
    Retry(crate::time::Timestamp),
}

/// A file as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// What kind it is.
    pub kind: FileKind,
    /// Its name, safe to be passed on.
    pub name: String,
    /// Its media type, as the platform told.
    pub media_type: Option<String>,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// Where it stands.
    pub state: FileState,
    /// The copy. Empty unless it is stored.
    pub bytes: Vec<u8>,
}

/// A name that cannot harm whoever gets it: no folders, no control characters, nothing that turns the direction of the text
/// around (`"gpj.exe"` shown as `"exe.jpg"`), not too long, its ending kept.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let harmless = |character: &char| {
        !character.is_control()
            && !matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    let name: String = last.chars().filter(harmless).collect();
    let name = name.trim().trim_start_matches('.').trim();
    if name.is_empty() {
        return "file".to_owned();
    }
    let length = name.chars().count();
    if length <= LONGEST_NAME {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending = if ending.chars().count() <= 10 { ending } else { "" };
    let kept = LONGEST_NAME.saturating_sub(ending.chars().count() + 1);
    let start: String = name.chars().take(kept).collect();
    if ending.is_empty() { start } else { format!("{start}.{ending}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_harmless() {
        let check = |name: &str, expected: &str| assert_eq!(safe_name(name), expected, "{name:?}");
        check("Fehler.png", "Fehler.png");
        check("../../etc/passwd", "passwd");
        check("C:\\Windows\\a.txt", "a.txt");
        check("exe.\u{202E}gpj", "exe.gpj");
        check("a\0b\nc.txt", "abc.txt");
        check(" \u{200B} ", "file");
        check("...", "file");
        check(".bashrc", "bashrc");
        let long = safe_name(&format!("{}.pdf", "ä".repeat(300)));
        assert_eq!((long.chars().count(), long.strip_suffix(".pdf").is_some()), (100, true));
    }
}
