//! The conversation as a whole: stories that people live through, and properties that hold whatever happens.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod agents;
mod phrases;
mod properties;
mod stories;
mod talk;
