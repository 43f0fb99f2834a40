//! Looking around: from time to time, and a few channels at a time, whether something was written of which the gateway has told
//! nothing. It tells everything, as far as anybody knows; this is for what nobody knows.

use super::{Intake, channels::id_before, debts::Errand};

/// So many channels of direct messages are looked at in one round. Of thousands each has its turn once in a while, and Discord
/// is not asked for all of them at once.
const AT_ONCE: usize = 20;

impl Intake<'_> {
    /// Notes what is to be looked at next: a few channels of direct messages, and what is done in servers. What was written just
    /// now is left to the gateway.
    pub(super) fn look_around(&mut self) {
        self.gap.roles.clear();
        let until = id_before(self.desk.now(), self.settings.look_again);
        let direct = self.channels.behind(&self.looked_at).filter(|(_, it)| it.is_direct() && self.is_told(it));
        let turn: Vec<String> = direct.take(AT_ONCE).map(|(channel, _)| channel.clone()).collect();
        self.looked_at = turn.last().filter(|_| turn.len() == AT_ONCE).cloned().unwrap_or_default();
        for channel in turn {
            self.debts.look(Errand::Channel(channel), until);
        }
        self.look_into_servers_soon();
    }
}
