//! Databases that cannot be opened: what is said, and what must not be.

use std::{error::Error, fmt::Write as _, time::Duration};

use firstline_store::{ConnectError, DatabaseUrl, Options, connect, migrate, migration_status};

fn impatient() -> Options {
    Options { patience: Duration::from_millis(200), ..Options::default() }
}

/// An error with all its causes, as a log would show it.
fn whole(error: &dyn Error) -> String {
    let mut text = format!("{error} {error:?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, " {error} {error:?}");
        cause = error.source();
    }
    text
}

async fn refused(url: &str) -> ConnectError {
    let url: DatabaseUrl = url.parse().unwrap();
    let Err(error) = connect(&url, &impatient()).await else { panic!("it was opened") };
    error
}

#[tokio::test]
async fn a_missing_file_is_not_created_by_opening_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let error = refused(&format!("sqlite:{}", path.display())).await;
    assert!(matches!(error, ConnectError::NoFile { .. }), "{error}");
    assert!(error.to_string().contains("firstline migrate"), "{error}");
    let url: DatabaseUrl = format!("sqlite:{}", path.display()).parse().unwrap();
    assert_eq!(migration_status(&url).await.unwrap().pending.len(), firstline_migrations::ALL.len());
    assert!(!path.exists());
    assert_eq!(migrate(&url).await.unwrap().len(), firstline_migrations::ALL.len());
    connect(&url, &impatient()).await.unwrap().ping().await.unwrap();
    let url: DatabaseUrl = format!("sqlite:{}/missing/desk.db", folder.path().display()).parse().unwrap();
    let error = migrate(&url).await.unwrap_err();
    assert!(matches!(error, ConnectError::NoFolder { .. }), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "x".repeat(10_000)).unwrap();
    let error = refused(&format!("sqlite:{}", path.display())).await;
    assert!(error.to_string().contains("notes.txt"), "{error}");
}

#[tokio::test]
async fn a_database_in_memory_is_ready_at_once() {
    let url: DatabaseUrl = "sqlite::memory:".parse().unwrap();
    let store = connect(&url, &impatient()).await.unwrap();
    let desk = crate::support::place("anna");
    let events = [crate::support::message(&desk, "hello")];
    let accepted = store.accept(&events, None, crate::support::NOW).await.unwrap();
    assert_eq!(store.load(accepted[0].conversation).await.unwrap().unwrap().events.len(), 1);
}

#[tokio::test]
async fn a_password_is_never_shown() {
    // Nobody listens on port 1.
    let error = refused("postgres://anna:hunter2@127.0.0.1:1/desk").await;
    let text = whole(&error);
    assert!(text.contains("127.0.0.1:1/desk") && text.to_lowercase().contains("refused"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    let error = migrate(&"postgres://anna:hunter2@127.0.0.1:1/desk".parse().unwrap()).await.unwrap_err();
    assert!(!whole(&error).contains("hunter2"));
}
