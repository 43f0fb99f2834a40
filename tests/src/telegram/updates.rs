//! What the bot is told, in which order and by which way, as far as a story has a say in it.

use std::time::Duration;

use serde_json::Value;

use super::{
    State, Telegram,
    webhook::{self, Webhook},
    world::Disorder,
};

/// By asking.
impl Telegram {
    /// Waits until an update was handed to the bot. Whether the bot has kept it is not known then.
    pub async fn hands_out(&self, update: i64) {
        let seen = self.finds(|state| state.world.updates.was_handed_out(update).then_some(())).await;
        assert!(seen.is_some(), "the bot does not ask for update {update}");
    }

    /// Waits until the bot has asked past an update, which is its word that it keeps it.
    pub async fn is_done_with(&self, update: i64) {
        let seen = self.finds(|state| (!state.world.updates.is_kept(update)).then_some(())).await;
        assert!(seen.is_some(), "the bot never confirms update {update}");
    }

    /// Waits until the bot has asked past everything. There may be much of it: it is in vain only when for a while nothing has
    /// become less.
    pub async fn is_done_with_everything(&self) {
        let mut waiting = self.waiting();
        while waiting > 0 {
            let fewer = |state: &mut State| Some(state.world.updates.count()).filter(|count| *count < waiting);
            let Some(fewer) = self.finds(fewer).await else { panic!("the bot does not confirm {waiting} updates") };
            waiting = fewer;
        }
    }

    /// Another program that has the token asks for updates, once, which ends the bot's own asking, or its next.
    pub fn is_asked_by_another_program(&self) {
        self.change(|state| state.is_intruded = true);
    }

    /// How many updates the bot has not asked past.
    pub fn waiting(&self) -> usize {
        self.platform.state().world.updates.count()
    }

    /// Tells the bot whatever a story thinks of, unchanged but for the id (where it is an object); the id of the update.
    pub fn tells(&self, update: Value) -> i64 {
        self.change(|state| state.world.updates.add_raw(update, state.world.now))
    }

    /// The next answer with updates has each of them twice.
    pub fn repeats_itself(&self) {
        self.change(|state| state.world.updates.disturb(Disorder::Twice));
    }

    /// The next answer with updates has the newest one first.
    pub fn tells_backwards(&self) {
        self.change(|state| state.world.updates.disturb(Disorder::Backwards));
    }

    /// From now on update ids begin there, higher or lower, as they do after a week without updates.
    pub fn jumps_to(&self, update: i64) {
        self.change(|state| state.world.updates.jump(update));
    }

    /// Time passes on the platform. Updates that nobody fetched for a day are gone.
    pub fn passes(&self, time: Duration) {
        self.change(|state| state.world.pass(time));
    }
}

/// By being called.
impl Telegram {
    /// Where the bot wants to be called, and with which secret.
    pub fn webhook(&self) -> Option<(String, String)> {
        self.platform.state().webhook.as_ref().map(|webhook| (webhook.url.clone(), webhook.secret.clone()))
    }

    /// Another program had this token before, and wants to be called there.
    pub fn calls_another_program(&self, url: &str) {
        self.change(|state| state.webhook = Some(Webhook::new(url, "")));
    }

    /// Waits until calls of the bot have failed so often.
    pub async fn calls_in_vain(&self, times: usize) {
        let failures = |state: &mut State| state.webhook.as_ref().filter(|it| it.failures >= times).map(drop);
        assert!(self.finds(failures).await.is_some(), "calls of the bot have not failed {times} times");
    }

    /// Calls the bot as a stranger would, with this secret; the status of the answer.
    pub async fn is_imitated(&self, secret: &str, body: &str) -> u16 {
        let Some((url, _)) = self.webhook() else { panic!("the bot has no webhook") };
        let (address, path) = url.trim_start_matches("http://").split_once('/').expect("a URL with a path");
        webhook::post(address, path, secret, body).await.expect("the bot answers")
    }

    /// Begins to call the bot as a stranger would, says that much comes, and sends nothing of it; the status of the answer.
    pub async fn is_imitated_without_an_end(&self, secret: &str) -> u16 {
        let Some((url, _)) = self.webhook() else { panic!("the bot has no webhook") };
        let (address, path) = url.trim_start_matches("http://").split_once('/').expect("a URL with a path");
        let answered = webhook::post_of(address, path, secret, "", 1 << 20);
        tokio::time::timeout(crate::PATIENCE, answered).await.expect("it waits for no body").expect("the bot answers")
    }
}
