//! Looking around: from time to time, and a few channels at a time, whether something was written of which the gateway has told
//! nothing. It tells everything, as far as anybody knows; this is for what nobody knows.

use std::collections::HashMap;

use super::{
    Intake,
    gap::{Reached, Roles},
};

/// So many channels of direct messages are looked at in one round. Of thousands each has its turn once in a while, and Discord
/// is not asked for all of them at once.
const AT_ONCE: usize = 20;

impl Intake<'_> {
    /// Looks at the next few channels of direct messages, and, when all of them have had their turn, at what is done in servers.
    /// What was written just now is left to the gateway. `None` when cancelled.
    pub(super) async fn look_around(&mut self) -> Option<()> {
        let (direct, in_servers): (Vec<_>, Vec<_>) = self.reached().await?.into_iter().partition(Reached::is_direct);
        let until = super::again_until(self.desk.now(), self.settings.look_again);
        let mut roles = Roles::new();
        let mut fetched = 0;
        let turn: Vec<Reached> =
            direct.into_iter().filter(|it| *it.channel() > *self.looked_at).take(AT_ONCE).collect();
        let is_last = turn.len() < AT_ONCE;
        self.looked_at =
            if is_last { String::new() } else { turn.last().map_or_else(String::new, |it| it.channel().to_owned()) };
        if self.is_told(None) {
            for reached in turn {
                fetched += self.fetch(reached, &mut roles, Some(until)).await?;
            }
        }
        if is_last {
            let known: HashMap<String, Reached> =
                in_servers.into_iter().map(|reached| (reached.channel().to_owned(), reached)).collect();
            fetched += self.fill_servers(&known, &mut roles, Some(until)).await?;
        }
        if fetched > 0 {
            tracing::warn!(fetched, "something was written of which the gateway had not told: it has been fetched");
        }
        Some(())
    }
}
