//! What people live through with Firstline: the real program, on both databases. One module per story; each begins with what
//! happens in it.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod across;
mod answered;
mod articles;
mod bad_starts;
mod claims;
mod discord;
mod discord_agents;
mod discord_commands;
mod discord_forum;
mod discord_gateway;
mod discord_help;
mod discord_intake;
mod discord_killed;
mod discord_read_back;
mod discord_sending;
mod discord_setup;
mod discord_staff;
mod handed_over;
mod hostile;
mod killed;
mod language;
mod people;
mod reopened;
mod secrets;
mod served;
mod steady;
mod telegram;
mod telegram_agents;
mod telegram_faults;
mod telegram_files;
mod telegram_flat;
mod telegram_gap;
mod telegram_groups;
mod telegram_intake;
mod telegram_killed;
mod telegram_moved;
mod telegram_pace;
mod telegram_private;
mod telegram_reached;
mod telegram_sending;
mod telegram_setup;
mod telegram_staff;
