//! Albums in groups. Telegram tells of each part by itself, in one answer or in several, and only one of them says whom the album is
//! for. What comes before that one could be anybody's pictures: it is nobody's as long as nothing says that it is meant for the bot,
//! and is kept in memory alone until then.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;

/// So many are remembered: those of the last minutes even in a busy place.
const MOST: usize = 64;

/// No album has more parts.
const MOST_PARTS: usize = 10;

/// The last albums.
#[derive(Debug, Clone, Default)]
pub(crate) struct Albums(Arc<Mutex<VecDeque<Album>>>);

#[derive(Debug, Default)]
struct Album {
    id: String,
    /// One of its parts says that it is for the bot.
    is_meant: bool,
    /// What was told of it before that, as it came.
    parts: Vec<Value>,
}

impl Albums {
    fn all(&self) -> MutexGuard<'_, VecDeque<Album>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is meant for the bot, as far as is known.
    pub(super) fn is_meant(&self, album: &str) -> bool {
        self.all().iter().any(|it| it.id == album && it.is_meant)
    }

    /// It is meant for the bot; the parts of it that nobody had asked for before. They are given to whoever says so again, too: what
    /// was read may have to be read once more.
    pub(super) fn mean(&self, album: &str) -> Vec<Value> {
        self.of(album, |it| {
            it.is_meant = true;
            it.parts.clone()
        })
    }

    /// Keeps a part of which nobody knows yet whom it is for.
    pub(super) fn keep(&self, album: &str, part: &Value) {
        self.of(album, |it| {
            if it.parts.len() < MOST_PARTS && !it.parts.contains(part) {
                it.parts.push(part.clone());
            }
        });
    }

    fn of<T>(&self, album: &str, what: impl FnOnce(&mut Album) -> T) -> T {
        let mut all = self.all();
        let place = all.iter().position(|it| it.id == album);
        let mut found = place.and_then(|place| all.remove(place)).unwrap_or_default();
        album.clone_into(&mut found.id);
        let told = what(&mut found);
        all.push_back(found);
        let surplus = all.len().saturating_sub(MOST);
        all.drain(..surplus);
        told
    }
}

#[cfg(test)]
mod tests {
    use firstline_engine::inbound::{InboundEvent, InboundKind};
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        identity::Me,
        inbound::{
            Batch, Rooms,
            tests::{merge, message},
        },
    };

    #[test]
    fn of_an_album_that_is_meant_every_part_is() {
        let me = Me { id: 7, username: "desk_bot".to_owned(), has_topics_enabled: false };
        let albums = Albums::default();
        let part = |id: i64, more: &Value| {
            let mut all = json!({"chat": {"id": -5, "type": "supergroup"}, "media_group_id": "m",
                                 "photo": [{"file_id": id.to_string()}]});
            merge(&mut all, more);
            message(&all)
        };
        let named =
            json!({"caption": "@desk_bot look", "caption_entities": [{"type": "mention", "offset": 0, "length": 9}]});
        let read = |updates: &[Value]| {
            let batch = Batch::read(updates, &Rooms::default(), &me, &albums);
            let told = |event: InboundEvent| match event.kind {
                InboundKind::Public { text, attachments, album, .. } => (text, attachments.len(), album),
                other => panic!("{other:?}"),
            };
            batch.events.into_iter().map(told).collect::<Vec<_>>()
        };
        let album = || Some("m".to_owned());
        let silent = || (String::new(), 1, album());
        assert_eq!(read(&[part(1, &json!({}))]), [], "nobody's yet");
        let words = [part(2, &json!({})), part(3, &named)];
        let all = [silent(), silent(), ("look".to_owned(), 1, album())];
        assert_eq!(read(&words), all, "the words need not come first, nor in the first answer");
        assert_eq!(read(&words), all, "what could not be stored is read again");
        assert_eq!(read(&[part(4, &json!({}))]), [silent()], "in a later answer");
        assert_eq!(read(&[part(5, &json!({"media_group_id": "n"}))]), []);
    }
}
