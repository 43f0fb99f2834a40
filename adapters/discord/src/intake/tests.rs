use twilight_gateway::Intents;

use super::{
    gateway::Gateway,
    source::{position_of, shard},
    *,
};

pub(crate) fn settings() -> DiscordSettings {
    let api_url = DiscordSettings::PUBLIC_API.parse().expect("a URL");
    DiscordSettings {
        token: "test-token".into(),
        api_url,
        gateway_url: None,
        rooms: Vec::new(),
        help_channels: Vec::new(),
        private_threads: true,
        guilds: Vec::new(),
        staff_roles: Vec::new(),
        look_again: DiscordSettings::LOOK_AGAIN,
    }
}

#[tokio::test]
async fn a_stored_position_is_where_the_shard_goes_on() {
    let gateway = Gateway::new("ws://127.0.0.1:1/".parse().expect("a URL"), 1, 1);
    let fresh = shard(&settings(), &gateway, ShardId::ONE, None);
    assert_eq!(position_of(&fresh), None);
    assert_eq!(fresh.config().proxy_url(), Some("ws://127.0.0.1:1"));
    assert_eq!(fresh.config().intents(), Intents::DIRECT_MESSAGES);
    let with_staff = DiscordSettings { rooms: vec![1], ..settings() };
    assert!(shard(&with_staff, &gateway, ShardId::ONE, None).config().intents().contains(Intents::MESSAGE_CONTENT));

    let stored = r#"{"session":"abc","sequence":42,"resume_url":"ws://127.0.0.1:2"}"#;
    let stored: Position = serde_json::from_str(stored).expect("a position");
    let resumed = shard(&settings(), &gateway, ShardId::ONE, Some(stored.clone()));
    assert_eq!(position_of(&resumed), Some(stored.clone()));

    let gateway_url = Some("ws://127.0.0.1:1/".parse().expect("a URL"));
    let configured = DiscordSettings { gateway_url, ..settings() };
    let resumed = shard(&configured, &gateway, ShardId::ONE, Some(stored.clone()));
    assert_eq!(
        (resumed.session().map(twilight_gateway::Session::sequence), resumed.resume_url()),
        (Some(42), None),
        "and no other"
    );

    let nonsense = Position { resume_url: Some("nonsense".to_owned()), ..stored };
    let resumed = shard(&settings(), &gateway, ShardId::ONE, Some(nonsense));
    assert_eq!(resumed.resume_url(), None, "the usual gateway then");
}

#[test]
fn envelopes_are_read_whatever_else_is_in_them() {
    let read = |text: &str| serde_json::from_str::<Envelope>(text).map(|envelope| (envelope.op, envelope.t));
    assert_eq!(
        read(r#"{"t":"RESUMED","s":7,"op":0,"d":null,"new":1}"#).expect("an envelope"),
        (0, "RESUMED".to_owned())
    );
    assert_eq!(read(r#"{"t":null,"s":null,"op":11}"#).expect("an envelope"), (11, String::new()));
    assert!(read(r#"{"op":0,"t":"X","d":"\ud800"}"#).is_err());
}
