//! Opening databases and bringing them up to date.

use firstline_engine::ports::Pacing;
use firstline_store::{ConnectError, DatabaseUrl, Options, connect, migrate, migration_status};
use sqlx::{AssertSqlSafe, Connection as _};

use crate::support::{Desk, LONG, NOW, handled, place, post, said};

fn url(desk: &Desk) -> DatabaseUrl {
    desk.database.url().parse().unwrap()
}

/// Does to the database what the store has no method for.
async fn tamper(desk: &Desk, sql: &'static str) {
    let sql = AssertSqlSafe(sql);
    if let Some(file) = desk.database.file() {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = sqlx::PgConnection::connect(desk.database.url()).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }
}

pub(crate) async fn what_was_committed_is_there_after_reopening(desk: &Desk) {
    let here = place("anna");
    let first = desk.receive(&here, "hello").await;
    let message = post(first.conversation, &here, "answer");
    let mut saying = handled([first]);
    saying.outbound = vec![message.clone()];
    saying.entries = vec![said("hello")];
    desk.turn(first.conversation, saying).await;
    let second = desk.receive(&here, "and now?").await;

    let again = desk.database.connect().await;
    let lease = again.lease_next("a", LONG, NOW).await.unwrap().unwrap();
    let loaded = again.load(lease.conversation).await.unwrap().unwrap();
    assert_eq!(Some(loaded.events[0].id), second.event);
    assert_eq!(again.timeline(lease.conversation, 0, 9, true).await.unwrap().len(), 1);
    assert_eq!(again.next_delivery(&crate::support::everywhere(), &Pacing::default(), None, LONG, NOW).await.unwrap().unwrap().message, message);
}

pub(crate) async fn only_its_owner_may_read_a_database_file(desk: &Desk) {
    use std::os::unix::fs::PermissionsExt as _;

    // A server guards its own files.
    if let Some(file) = desk.database.file() {
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

pub(crate) async fn migrating_twice_does_nothing(desk: &Desk) {
    let url = url(desk);
    assert_eq!(migrate(&url).await.unwrap(), []);
    let status = migration_status(&url).await.unwrap();
    assert!(status.pending.is_empty() && status.newer.is_empty());
    assert_eq!(status.applied.len(), firstline_migrations::ALL.len());
    assert_eq!((status.applied[0].version, status.applied[0].name), (1, "people"));
    // A newer version that has been here does not shut this one out.
    tamper(desk, "INSERT INTO _sqlx_migrations SELECT 999, 'new', installed_on, success, checksum, 0 FROM _sqlx_migrations LIMIT 1")
        .await;
    assert_eq!(migration_status(&url).await.unwrap().newer, [999]);
    assert_eq!(migrate(&url).await.unwrap(), []);
    connect(&url, &Options::default()).await.unwrap().ping().await.unwrap();
}

/// Takes everything away, so that the database is as new.
async fn empty(desk: &Desk) {
    match desk.database.file() {
        Some(_) => {
            tamper(
                desk,
                "DROP TABLE macros; DROP TABLE source_leases; DROP TABLE ways; DROP TABLE moved_rooms; DROP TABLE instances; DROP TABLE set_aside;
                DROP TABLE retired_articles; DROP TABLE paces; DROP TABLE file_contents;
                DROP TABLE files; DROP TABLE outbox_parts; DROP TABLE copies; DROP TABLE threads; DROP TABLE audit;
                DROP TABLE articles;
                DROP TABLE entries; DROP TABLE outbox; DROP TABLE counters;
                DROP TABLE tickets; DROP TABLE watermarks; DROP TABLE inbox; DROP TABLE conversations; DROP TABLE places;
                DROP TABLE accounts; DROP TABLE persons; DROP TABLE _sqlx_migrations",
            )
            .await;
        }
        None => tamper(desk, "DROP SCHEMA public CASCADE; CREATE SCHEMA public").await,
    }
}

pub(crate) async fn migrations_at_the_same_time_are_applied_once(desk: &Desk) {
    empty(desk).await;
    let url = url(desk);
    assert_eq!(migration_status(&url).await.unwrap().applied, []);
    let (a, b, c) = tokio::join!(migrate(&url), migrate(&url), migrate(&url));
    let applied: Vec<_> = [a, b, c].into_iter().flat_map(Result::unwrap).map(|step| step.version).collect();
    assert_eq!(applied, firstline_migrations::ALL.iter().map(|it| it.version).collect::<Vec<_>>());
    connect(&url, &Options::default()).await.unwrap().ping().await.unwrap();
}

pub(crate) async fn an_altered_migration_is_refused(desk: &Desk) {
    tamper(desk, "UPDATE _sqlx_migrations SET checksum = (SELECT checksum FROM _sqlx_migrations WHERE version = 1) WHERE version = 3")
        .await;
    let error = migrate(&url(desk)).await.unwrap_err();
    assert!(matches!(error, ConnectError::Altered { version: 3, .. }), "{error}");
}

pub(crate) async fn a_schema_behind_is_refused_with_advice(desk: &Desk) {
    tamper(desk, "DELETE FROM _sqlx_migrations WHERE version >= 5").await;
    let behind = firstline_migrations::ALL.len() - 4;
    let Err(error) = connect(&url(desk), &Options::default()).await else { panic!("it was opened") };
    assert!(matches!(error, ConnectError::Pending { pending, .. } if pending == behind), "{error}");
    assert!(error.to_string().contains("firstline migrate"), "{error}");
    assert_eq!(migration_status(&url(desk)).await.unwrap().pending.len(), behind);
    // The steps are applied already, so applying them again fails, and changes nothing.
    let error = migrate(&url(desk)).await.unwrap_err();
    assert!(error.to_string().contains("nothing was changed"), "{error}");
    assert_eq!(migration_status(&url(desk)).await.unwrap().pending.len(), behind);
}
