//! Albums in groups that are meant for the bot. Telegram tells of each part by itself, in one answer or in several, and only one of them
//! says whom it is for. What comes before that one in an earlier answer is nobody's: it could be anybody's pictures.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// So many are remembered: those of the last minutes even in a busy place.
const MOST: usize = 64;

/// The last albums that were meant for the bot.
#[derive(Debug, Clone, Default)]
pub(crate) struct Albums(Arc<Mutex<VecDeque<String>>>);

impl Albums {
    fn ids(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn has(&self, album: &str) -> bool {
        self.ids().iter().any(|id| id == album)
    }

    pub(super) fn add(&self, album: &str) {
        if self.has(album) {
            return;
        }
        let mut ids = self.ids();
        ids.push_back(album.to_owned());
        let surplus = ids.len().saturating_sub(MOST);
        ids.drain(..surplus);
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
        assert_eq!(read(&[part(1, &json!({}))]), [], "nobody's yet");
        let album = || Some("m".to_owned());
        assert_eq!(
            read(&[part(2, &json!({})), part(3, &named)]),
            [(String::new(), 1, album()), ("look".to_owned(), 1, album())],
            "the words need not come first"
        );
        assert_eq!(read(&[part(4, &json!({}))]), [(String::new(), 1, album())], "in a later answer");
        assert_eq!(read(&[part(5, &json!({"media_group_id": "n"}))]), []);
    }
}
