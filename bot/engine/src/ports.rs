//! What the engine needs from the world outside, as traits that others implement: a store, a channel per platform, a clock, a
//! source of ids.

mod channel;
mod clock;
mod snapshots;
mod store;

pub use channel::{Channel, SendError};
pub use clock::{Clock, Ids};
pub use snapshots::Snapshots;
pub use store::{
    Acceptance, ArticleChanges, AuditEntry, ConversationRow, Lane, Lease, Loaded, PendingEvent, QueueHealth, Store,
    StoreError, TicketFilter, TicketWrite, Turn, Watermark,
};
