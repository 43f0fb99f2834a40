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
