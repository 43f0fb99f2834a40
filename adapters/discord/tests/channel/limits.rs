//! Slow lines, and what Discord has refused too often.

use std::time::Duration;

use firstline_engine::{
    files::{File, FileKind, FileState},
    ids::FileId,
    outbound::Content,
    ports::SendError,
};
use serde_json::json;
use uuid::Uuid;

use crate::{fake_and_channel, post};

/// Ten megabytes take two minutes on a slow line. Words that take that long are lost.
#[tokio::test]
async fn a_large_file_has_the_time_that_a_slow_line_needs() {
    let (fake, channel) = fake_and_channel().await;
    let mut delivery = post(Content::plain("Hallo"));
    fake.is_slow(Duration::from_mins(2));
    let error = channel.send(&delivery).await.expect_err("too late");
    assert!(matches!(error, SendError::Unknown { .. }), "{error}");
    delivery.files = vec![File {
        id: FileId(Uuid::from_u128(4)),
        kind: FileKind::Document,
        name: "protokoll.bin".to_owned(),
        media_type: None,
        size: None,
        state: FileState::Stored,
        bytes: vec![7; 10 * 1024 * 1024],
    }];
    fake.is_slow(Duration::from_mins(2));
    channel.send(&delivery).await.expect("sent");
    assert!(channel.send_timeout() > Duration::from_mins(2));
}

/// Long before Discord would ban us nothing is asked for a while, and that can be seen.
#[tokio::test]
async fn after_a_thousand_refusals_nothing_is_asked() {
    let (fake, channel) = fake_and_channel().await;
    for _ in 0..1_000 {
        fake.answer_next(403, json!({"message": "Missing Permissions", "code": 50013}));
        let error = channel.send(&post(Content::plain("Hallo"))).await.expect_err("refused");
        assert!(matches!(error, SendError::Refused { .. }), "{error}");
    }
    let error = channel.send(&post(Content::plain("Hallo"))).await.expect_err("a pause");
    let SendError::NotSent { wait: Some(wait), .. } = error else { panic!("{error}") };
    assert!(wait > Duration::from_secs(50), "{wait:?}");
    assert_eq!(fake.calls().len(), 1_000, "the last one was not even asked for");
}
