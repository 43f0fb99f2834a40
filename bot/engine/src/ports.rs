//! What the engine needs from the world outside, as traits that others implement: a store, a channel per platform, a clock, a
//! source of ids.

mod agents;
mod channel;
mod clock;
mod instances;
mod rooms;
mod rows;
mod snapshots;
mod sources;
mod store;

pub use agents::{AgentStore, MacroChanges};
pub use channel::{Channel, FetchError, Greeting, Limits, Opened, Pacing, Rate, SendError, WayWanted};
pub use clock::{Clock, Ids};
pub use instances::{Instance, Neighbour, Surroundings};
pub use rooms::{Appended, Copies, Crowded, Ended, EntryCopy, News, Shown, Telling, WaitingLine};
pub use rows::{
    Acceptance, ArticleChanges, AuditEntry, ConversationRow, GivenUp, Lane, Lease, Loaded, Merge, PendingEvent,
    QueueHealth, SetAside, TicketFilter, TicketWrite, Turn, Via, Watermark,
};
pub use snapshots::Snapshots;
pub use sources::SourceLease;
pub use store::{Store, StoreError};
