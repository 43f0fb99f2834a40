//! Chats that get another address, as a Telegram group does that becomes a supergroup. The settings go on naming the old one until
//! somebody changes them, so what has moved is remembered.

use crate::{
    desk::{Desk, DeskError},
    inbound::PlaceRef,
};

impl Desk {
    /// A chat has another address from now on. What happens in it, and its tickets, go along. Nothing happens when that is known.
    pub async fn room_moved(&self, from: &PlaceRef, to: &PlaceRef) -> Result<(), DeskError> {
        let threads = self.store().move_room(from, to).await?;
        tracing::warn!(
            platform = %from.platform, from = from.key, to = to.key, threads,
            "a group has another id now, and what is in it goes along; put the new id into the settings when you can"
        );
        Ok(())
    }

    /// The chats that have another address now: which they had, and which they have.
    pub async fn moved_rooms(&self) -> Result<Vec<(PlaceRef, PlaceRef)>, DeskError> {
        Ok(self.store().moved_rooms().await?)
    }
}

/// Where a room is now.
pub(super) fn now_at(room: &PlaceRef, moved: &[(PlaceRef, PlaceRef)]) -> PlaceRef {
    moved.iter().find(|(from, _)| from == room).map_or(room, |(_, to)| to).clone()
}
