//! One identifier type per entity, so that a ticket's id can never be passed where a person's is meant.
//!
//! All are version 7 UUIDs: unique without asking the database, and ordered by the time they were made.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// A human being: employee, agent or admin.
    PersonId
);
id!(
    /// A person on one platform.
    AccountId
);
id!(
    /// Where a conversation happens: a private chat, a thread, a terminal.
    PlaceId
);
id!(
    /// One requester's exchange with the desk in one place.
    ConversationId
);
id!(
    /// Something that arrived from a platform.
    EventId
);
id!(
    /// Something we say on a platform.
    OutboundId
);
id!(
    /// A ticket. People see its [`crate::ticket::TicketNumber`] instead.
    TicketId
);
id!(
    /// One line of a conversation's timeline.
    EntryId
);
id!(
    /// A ticket's thread in a staff room.
    ThreadId
);
id!(
    /// A file that came with a message.
    FileId
);
