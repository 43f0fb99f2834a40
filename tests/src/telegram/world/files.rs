//! Files: what people and the bot sent, to be fetched again.

use std::{collections::BTreeMap, path::PathBuf};

use serde_json::{Value, json};

/// The largest file that the bot can fetch.
pub(in crate::telegram) const LARGEST_FETCHED: u64 = 20 * 1024 * 1024;
/// The largest file that the bot can send.
pub(in crate::telegram) const LARGEST_SENT: usize = 50 * 1024 * 1024;

/// A file.
#[derive(Debug, Clone)]
pub(in crate::telegram) struct File {
    pub(in crate::telegram) name: String,
    pub(in crate::telegram) media_type: Option<String>,
    pub(in crate::telegram) bytes: Vec<u8>,
    /// What Telegram says is its size. A story can say more than there is.
    pub(in crate::telegram) size: u64,
}

impl File {
    pub(in crate::telegram) fn new(name: &str, media_type: Option<&str>, bytes: Vec<u8>) -> Self {
        let size = bytes.len() as u64;
        Self { name: name.to_owned(), media_type: media_type.map(str::to_owned), bytes, size }
    }
}

/// All files, by their id.
#[derive(Debug, Default)]
pub(in crate::telegram) struct Files {
    by_id: BTreeMap<String, File>,
    /// Whoever fetches a file is sent there.
    pub(in crate::telegram) elsewhere: Option<String>,
    /// Files are given out by naming their path here, as a server of one's own does that was started so.
    pub(in crate::telegram) folder: Option<PathBuf>,
}

impl Files {
    /// Keeps a file; its id.
    pub(in crate::telegram) fn keep(&mut self, file: File) -> String {
        // Longer than most columns think, as the real ones are.
        let id = format!("BQACAgIAAxkBAAIB{:0>48}", self.by_id.len() + 1);
        self.by_id.insert(id.clone(), file);
        id
    }

    pub(in crate::telegram) fn get(&self, id: &str) -> Option<&File> {
        self.by_id.get(id)
    }

    /// The path under which a file can be fetched.
    pub(in crate::telegram) fn path(id: &str) -> String {
        format!("documents/file_{}", id.trim_start_matches("BQACAgIAAxkBAAIB").trim_start_matches('0'))
    }

    /// The path that the bot is told. On this machine's disk there is a file.
    pub(in crate::telegram) fn told_path(&self, id: &str) -> String {
        let (Some(folder), Some(file)) = (&self.folder, self.by_id.get(id)) else { return Self::path(id) };
        let path = folder.join(Self::path(id).replace('/', "-"));
        std::fs::write(&path, &file.bytes).expect("the folder can be written to");
        path.display().to_string()
    }

    pub(in crate::telegram) fn by_path(&self, path: &str) -> Option<&File> {
        self.by_id.iter().find(|(id, _)| Self::path(id) == path).map(|(_, file)| file)
    }

    /// What a message says about a file of this kind.
    pub(in crate::telegram) fn described(&self, kind: &str, id: &str) -> Value {
        let Some(file) = self.by_id.get(id) else { return Value::Null };
        let unique = format!("AgAD{}", Self::path(id).trim_start_matches("documents/file_"));
        let mut described = json!({"file_id": id, "file_unique_id": unique, "file_size": file.size});
        let mut more = |fields: Value| {
            for (name, value) in fields.as_object().into_iter().flatten() {
                described[name] = value.clone();
            }
        };
        match kind {
            // Telegram keeps photos in several sizes, the largest last.
            "photo" => {
                let small = json!({"file_id": format!("{id}s"), "file_unique_id": format!("{unique}s"),
                                   "file_size": file.size.min(1200), "width": 90, "height": 67});
                more(json!({"width": 1280, "height": 960}));
                return json!([small, described]);
            }
            "sticker" => more(json!({"type": "regular", "width": 512, "height": 512, "is_animated": false,
                                     "is_video": false, "emoji": "👍"})),
            "voice" => more(json!({"duration": 3, "mime_type": "audio/ogg"})),
            "video_note" => more(json!({"duration": 3, "length": 240})),
            "video" | "animation" => more(json!({"duration": 3, "width": 640, "height": 480, "file_name": file.name,
                                                 "mime_type": "video/mp4"})),
            "audio" => more(json!({"duration": 3, "file_name": file.name, "mime_type": "audio/mpeg"})),
            _ => {
                more(json!({"file_name": file.name}));
                if let Some(media_type) = &file.media_type {
                    more(json!({"mime_type": media_type}));
                }
            }
        }
        described
    }
}
