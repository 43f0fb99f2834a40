//! Being there, towards the other instances on the same store, and knowing who is not any more. What an instance had under way
//! when it ended is given up as soon as its end is known: at once where its process can be seen to have ended, and otherwise
//! when it has not been heard of for a while.
//!
//! Nobody who is alive is given up. An instance that could not say that it is there, because the store was away or the process
//! was stopped, may simply go on saying so, unless another one has declared it gone meanwhile; and only one who has been heard of
//! all the time itself may do that. One that was declared gone begins anew under a higher number. It sends nothing under the old
//! one: `next_delivery` refuses, and what was taken before is looked at once more right before it goes out ([`Presence`]).

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    desk::{Desk, DeskError},
    ports::{Instance, Surroundings},
};

/// For so long an instance that said that it is there is believed to be.
const BELIEVED: Duration = Duration::from_secs(10);

/// So much longer it is waited for before it is declared gone, by one that was there all the while.
const GRACE: Duration = Duration::from_secs(5);

/// Whether this process is there, as far as others know.
#[derive(Default)]
pub(super) struct Presence {
    known: Mutex<Option<Known>>,
}

struct Known {
    instance: Instance,
    /// By this process's own clock, and counted from before the store was asked: never later than what the store believes.
    until: Instant,
    surroundings: Arc<dyn Surroundings>,
}

impl Presence {
    /// Who we are; `None` for a process that says nothing of itself.
    pub(super) fn instance(&self) -> Option<Instance> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|known| known.instance)
    }

    /// Nobody can have declared us gone. A process that says nothing of itself is believed by the time of each attempt alone.
    pub(super) fn is_certain(&self) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().is_none_or(|known| Instant::now() < known.until)
    }

    fn set(&self, known: Option<Known>) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = known;
    }

    fn surroundings(&self) -> Option<Arc<dyn Surroundings>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().map(|known| Arc::clone(&known.surroundings))
    }
}

impl Desk {
    /// Lets the other instances know that this one is there. [`Self::stay`] has to be called again and again from now on.
    pub async fn appear(&self, surroundings: Arc<dyn Surroundings>) -> Result<(), DeskError> {
        let until = Instant::now() + BELIEVED;
        let instance = self.store().appear(&self.inner.owner, &surroundings.whereabouts(), BELIEVED).await?;
        self.inner.presence.set(Some(Known { instance, until, surroundings }));
        Ok(())
    }

    /// Says that this instance is still there, every few seconds. Where it has been declared gone, it begins anew.
    pub async fn stay(&self) -> Result<(), DeskError> {
        let (Some(instance), Some(surroundings)) = (self.inner.presence.instance(), self.inner.presence.surroundings())
        else {
            return Ok(());
        };
        let until = Instant::now() + BELIEVED;
        if self.store().stay(instance, BELIEVED).await? {
            self.inner.presence.set(Some(Known { instance, until, surroundings }));
            return Ok(());
        }
        tracing::warn!("this instance was not heard of for so long that it was declared gone; it begins anew");
        self.appear(surroundings).await
    }

    /// Looks for instances that are gone, so that what they had under way can be given up. Returns how many were found.
    pub async fn notice_who_is_gone(&self) -> Result<u64, DeskError> {
        let (Some(instance), Some(surroundings)) = (self.inner.presence.instance(), self.inner.presence.surroundings())
        else {
            return Ok(0);
        };
        let mut gone = 0;
        for neighbour in self.store().neighbours(instance).await? {
            if surroundings.has_ended(&neighbour.whereabouts) && self.store().leave(neighbour.instance).await? {
                gone += 1;
            }
        }
        Ok(gone + self.store().declare_gone(instance, GRACE).await?)
    }

    /// Nothing is under way any more and nothing will be: the others need not wait for this instance.
    pub async fn leave(&self) -> Result<(), DeskError> {
        if let Some(instance) = self.inner.presence.instance() {
            self.store().leave(instance).await?;
            self.inner.presence.set(None);
        }
        Ok(())
    }
}
