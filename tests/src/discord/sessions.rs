//! What a story does with the gateway: sessions begin, break, are resumed and forgotten.

use serde_json::Value;

use super::{
    Discord,
    gateway::{Out, intent},
};

impl Discord {
    /// Waits until the app listens.
    pub async fn is_heard(&self) {
        let heard = self.finds(|state| state.world.gateway.is_heard().then_some(())).await;
        assert!(heard.is_some(), "the app does not come to the gateway");
    }

    /// Waits until the app has begun so many sessions.
    pub async fn has_begun(&self, sessions: usize) {
        let begun = self.finds(|state| (state.world.gateway.identified >= sessions).then_some(())).await;
        assert!(begun.is_some(), "the app has not begun {sessions} sessions");
    }

    /// How many sessions were begun, and how many resumed.
    pub fn sessions(&self) -> (usize, usize) {
        let state = self.platform.state();
        (state.world.gateway.identified, state.world.gateway.resumed)
    }

    /// How often the app came to the address at which Discord wants sessions to be resumed.
    pub fn came_to_resume(&self) -> usize {
        self.platform.state().world.gateway.came_elsewhere
    }

    /// Waits until the app has resumed a session so often.
    pub async fn has_resumed(&self, times: usize) {
        let resumed = self.finds(|state| (state.world.gateway.resumed >= times).then_some(())).await;
        assert!(resumed.is_some(), "the app has not resumed {times} times");
    }

    /// The sequence of the last thing that was told.
    pub fn sequence(&self) -> u64 {
        self.platform.state().world.gateway.sequence()
    }

    /// From now on whoever fetches a file is sent to another address.
    pub fn leads_astray(&self) {
        self.change(|state| state.world.leads_astray = Some((0, 0)));
    }

    /// Waits until somebody was sent there; how often anybody went.
    pub async fn has_led_astray(&self) -> usize {
        let sent = self.finds(|state| state.world.leads_astray.filter(|(sent, _)| *sent > 0).map(drop)).await;
        assert!(sent.is_some(), "nobody fetches a file");
        self.platform.state().world.leads_astray.map_or(0, |(_, went)| went)
    }

    /// Every session is lost: none can be resumed.
    pub fn forgets_sessions(&self) {
        self.change(|state| state.world.gateway.forget());
    }

    /// Asks to connect again (operation 7).
    pub fn asks_to_reconnect(&self) {
        self.change(|state| {
            state.world.gateway.send_all(|| Out::Text(r#"{"op":7,"d":null,"s":null,"t":null}"#.to_owned()));
        });
    }

    /// Says that the session is not valid (operation 9), and whether it can be resumed.
    pub fn invalidates(&self, resumable: bool) {
        self.change(|state| {
            if !resumable {
                state.world.gateway.forget();
            }
            let text = format!(r#"{{"op":9,"d":{resumable},"s":null,"t":null}}"#);
            state.world.gateway.send_all(|| Out::Text(text.clone()));
        });
    }

    /// Closes every connection with this code.
    pub fn closes(&self, code: u16) {
        self.change(|state| state.world.gateway.send_all(|| Out::Close(code)));
    }

    /// Connections to come have to show that they are there so often, in milliseconds.
    pub fn wants_a_heartbeat_every(&self, millis: u64) {
        self.change(|state| state.world.gateway.heartbeat = Some(millis));
    }

    /// The open connections are dead, and nobody has noticed: nothing is told through them, and no heartbeat answered.
    pub fn falls_silent(&self) {
        self.change(|state| state.world.gateway.deafen());
    }

    /// Tells the last thing once more, so often, with the same sequence.
    pub fn repeats_itself(&self, times: usize) {
        self.change(|state| state.world.gateway.repeat(times));
    }

    /// From now on every answer to what people do is too late, but for the first.
    pub fn forgets_interactions(&self) {
        self.change(|state| state.world.forgetful = true);
    }

    /// It waits longer than its three seconds for the first answer to what people do: for a story of restarts, on a busy machine.
    pub fn is_patient(&self) {
        self.change(|state| state.world.patience = std::time::Duration::from_mins(1));
    }

    /// No message is recognised by its nonce any more, and none shows it.
    pub fn forgets_nonces(&self) {
        self.change(|state| {
            state.world.nonces.clear();
            let messages = state.world.channels.values_mut().flat_map(|channel| &mut channel.messages);
            messages.for_each(|message| message.nonce = Value::Null);
        });
    }

    /// Apps should listen in so many parts.
    pub fn advises_shards(&self, count: u64) {
        self.change(|state| state.world.gateway.advised = count);
    }

    /// So many dispatches to come are lost, without a gap in the sequence.
    pub fn loses(&self, dispatches: usize) {
        self.change(|state| state.world.gateway.lost = dispatches);
    }

    /// Every connection ends without a word.
    pub fn hangs_up(&self) {
        self.change(|state| state.world.gateway.send_all(|| Out::Cut));
    }

    /// The next connection is closed with this code.
    pub fn turns_away(&self, code: u16) {
        self.change(|state| state.world.gateway.turned_away.push(code));
    }

    /// Tells a dispatch that a story thinks of, whatever it is.
    pub fn tells(&self, kind: &str, data: &Value) {
        self.change(|state| state.world.gateway.tell_raw(kind, data));
    }

    /// The intent to read what people write in servers is switched on in the developer portal, or not.
    pub fn lets_read_messages(&self, on: bool) {
        self.change(|state| state.world.gateway.refused = if on { 0 } else { intent::MESSAGE_CONTENT });
    }
}
