//! The domain of Firstline: what a helpdesk's first level does, without a database, a network or a clock.

pub mod command;
pub mod conversation;
pub mod desk;
pub mod files;
pub mod ids;
pub mod inbound;
pub mod macros;
pub mod outbound;
pub mod people;
pub mod phrases;
pub mod ports;
pub mod room;
pub mod sla;
pub mod ticket;
pub mod time;
pub mod timeline;
pub mod understanding;

pub use firstline_knowledge as knowledge;
