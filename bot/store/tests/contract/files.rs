//! Files that came with messages.

use firstline_engine::{
    files::{File, FileKind, FileOutcome, FileState},
    ids::FileId,
    inbound::{Attachment, InboundEvent, InboundKind},
    people::Platform,
};

use crate::support::{Desk, EXPIRED, LONG, NOW, fresh, later, message, place};

fn with_file(text: &str, name: &str) -> (InboundEvent, FileId) {
    let mut event = message(&place("anna"), text);
    let file = FileId(fresh());
    let InboundKind::Message { attachments, .. } = &mut event.kind else { panic!("a message") };
    attachments.push(Attachment {
        name: name.to_owned(),
        media_type: Some("image/png".to_owned()),
        size: Some(3),
        handle: format!("handle of {name}"),
        kind: FileKind::Photo,
        file: Some(file),
    });
    (event, file)
}

pub(crate) async fn a_file_waits_to_be_copied_and_is_kept(desk: &Desk) {
    let (event, file) = with_file("look", "../Fehler\0.png");
    for _ in 0..2 {
        desk.store.accept(std::slice::from_ref(&event), None, NOW).await.unwrap();
    }
    let next = async |platform| desk.store.next_file(&[platform], LONG, NOW).await.unwrap();
    assert_eq!(next(Platform::Discord).await, None);
    let waiting = next(Platform::Telegram).await.unwrap();
    assert_eq!((waiting.id, waiting.size, waiting.attempt), (file, Some(3), 1));
    assert_eq!(waiting.handle, "handle of ../Fehler\u{FFFD}.png");
    assert_eq!(next(Platform::Telegram).await, None, "somebody copies it; a second delivery of the event adds none");
    let kept = async || desk.store.files(&[FileId(fresh()), file]).await.unwrap();
    assert_eq!(kept().await[0].state, FileState::Waiting);
    let stored = FileOutcome::Stored(vec![0, 1, 2, 255]);
    assert!(!desk.store.finish_file(file, 2, &stored).await.unwrap(), "not the attempt under way");
    assert!(desk.store.finish_file(file, 1, &stored).await.unwrap());
    assert!(!desk.store.finish_file(file, 1, &FileOutcome::Missing).await.unwrap(), "it is kept");
    let expected = File {
        id: file,
        kind: FileKind::Photo,
        name: "Fehler.png".to_owned(),
        media_type: Some("image/png".to_owned()),
        size: Some(4),
        state: FileState::Stored,
        bytes: vec![0, 1, 2, 255],
    };
    assert_eq!(kept().await, [expected]);
}

pub(crate) async fn a_file_that_cannot_be_had_is_tried_again_or_given_up(desk: &Desk) {
    let (events, files): (Vec<_>, Vec<_>) = ["a", "b"].map(|name| with_file("", name)).into_iter().unzip();
    desk.store.accept(&events, None, NOW).await.unwrap();
    let next = async |now| desk.store.next_file(&[Platform::Telegram], LONG, now).await.unwrap();
    let first = next(NOW).await.unwrap();
    assert!(desk.store.finish_file(first.id, 1, &FileOutcome::Retry(later(30))).await.unwrap());
    let second = next(NOW).await.unwrap();
    assert!(desk.store.finish_file(second.id, 1, &FileOutcome::TooLarge).await.unwrap());
    assert_eq!(next(later(29)).await, None);
    let again = next(later(30)).await.unwrap();
    assert_eq!((again.id, again.attempt), (first.id, 2));
    assert!(desk.store.finish_file(first.id, 2, &FileOutcome::Missing).await.unwrap());
    let states: Vec<_> = desk.store.files(&[first.id, second.id]).await.unwrap().iter().map(|it| it.state).collect();
    assert_eq!(states, [FileState::Missing, FileState::TooLarge]);
    assert_eq!(files.len(), 2);
}

pub(crate) async fn a_copier_that_died_is_replaced(desk: &Desk) {
    let (event, file) = with_file("", "a");
    desk.store.accept(&[event], None, NOW).await.unwrap();
    let died = desk.store.next_file(&[Platform::Telegram], EXPIRED, NOW).await.unwrap().unwrap();
    let next = desk.store.next_file(&[Platform::Telegram], LONG, NOW).await.unwrap().unwrap();
    assert_eq!((died.attempt, next.id, next.attempt), (1, file, 2));
    assert!(!desk.store.finish_file(file, 1, &FileOutcome::Missing).await.unwrap());
}
