//! Throw-away databases for tests: an empty, migrated one for each test, gone when the test is over.
//!
//! A file in a temporary folder for SQLite. For PostgreSQL, a database of its own on the server that `FIRSTLINE_TEST_POSTGRES_URL`
//! names, cloned from a template which the first test makes.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test without a database fails, and says why"
)]

use std::{
    hash::Hasher as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use firstline_engine::{
    ports::{Store, Watermark},
    time::Timestamp,
};
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, postgres::PgConnectOptions,
    sqlite::SqliteConnectOptions,
};
use tempfile::TempDir;

use crate::{DatabaseUrl, Options, columns::fresh_id, connect, migrate};

/// The variable that names the server: an address with the right to create databases, ending in an existing database.
pub const POSTGRES_URL: &str = "FIRSTLINE_TEST_POSTGRES_URL";

/// Locks the making of the template, over all test processes.
const TEMPLATE_LOCK: i64 = 7_306_070_903;

/// An empty, migrated database. It is removed when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Sqlite(TempDir),
    Postgres { admin: String, name: String },
}

impl TestDatabase {
    /// A SQLite file.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let url = format!("sqlite:{}", folder.path().join("firstline.db").display());
        migrate(&parse(&url)).await.expect("a new SQLite file can be migrated");
        Self { url, kind: Kind::Sqlite(folder) }
    }

    /// A PostgreSQL database. Fails when no server is named: a test that is skipped in silence proves nothing.
    pub async fn postgres() -> Self {
        let Ok(admin) = std::env::var(POSTGRES_URL) else {
            panic!("{POSTGRES_URL} is not set: run the tests with `tests/run`, which starts a PostgreSQL for them");
        };
        Self::on_server(&admin).await
    }

    /// A PostgreSQL database on the server of this address.
    pub async fn on_server(admin: &str) -> Self {
        Self::made_on(admin, "").await
    }

    /// A PostgreSQL database on the server of this address whose tables are in a folder of that server's.
    pub async fn on_server_in(admin: &str, folder: &Path) -> Self {
        let made = format!("CREATE TABLESPACE firstline_test LOCATION '{}'", folder.display());
        run(&mut open(admin).await, made).await;
        Self::made_on(admin, "TABLESPACE firstline_test").await
    }

    async fn made_on(admin: &str, options: &str) -> Self {
        let template = template(admin).await;
        let name = format!("firstline_test_{}", fresh_id().simple());
        let mut connection = open(admin).await;
        run(&mut connection, format!("CREATE DATABASE {name} TEMPLATE {template} {options}")).await;
        Self { url: with_database(admin, &name), kind: Kind::Postgres { admin: admin.to_owned(), name } }
    }

    /// Its address, as the configuration takes it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Opens it once more.
    pub async fn connect(&self) -> Arc<dyn Store> {
        connect(&parse(&self.url), &Options::default()).await.expect("the database of this test can be opened")
    }

    /// Where a SQLite database lies.
    pub fn file(&self) -> Option<PathBuf> {
        match &self.kind {
            Kind::Sqlite(folder) => Some(folder.path().join("firstline.db")),
            Kind::Postgres { .. } => None,
        }
    }

    /// Everything that is in it, as text: what is not found here is not stored.
    pub async fn everything(&self) -> String {
        match &self.kind {
            Kind::Sqlite(folder) => {
                let mut bytes = Vec::new();
                for entry in std::fs::read_dir(folder.path()).expect("the folder of the database can be read") {
                    let path = entry.expect("the folder of the database can be read").path();
                    bytes.extend(std::fs::read(path).expect("the files of the database can be read"));
                }
                String::from_utf8_lossy(&bytes).into_owned()
            }
            Kind::Postgres { .. } => {
                let mut connection = open(&self.url).await;
                let tables: Vec<String> =
                    sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
                        .fetch_all(&mut connection)
                        .await
                        .expect("the tables can be listed");
                let mut all = String::new();
                for table in tables {
                    let rows = format!("SELECT COALESCE(string_agg(r::text, ' '), '') FROM \"{table}\" r");
                    let rows: String = sqlx::query_scalar(AssertSqlSafe(rows))
                        .fetch_one(&mut connection)
                        .await
                        .expect("the tables can be read");
                    all.push_str(&rows);
                }
                all
            }
        }
    }

    /// Runs a statement on it, as another program would.
    pub async fn execute(&self, statement: &str) {
        match &self.kind {
            Kind::Sqlite(_) => {
                let connection = SqliteConnection::connect(&self.url).await;
                let mut connection = connection.expect("the file of this test can be opened");
                let done = sqlx::query(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await;
                done.expect("the statement can be run");
            }
            Kind::Postgres { .. } => run(&mut open(&self.url).await, statement.to_owned()).await,
        }
    }

    /// Whether others may write now. Who stands still in the middle of writing to a file keeps everybody else from it; a server
    /// ends such a transaction by itself.
    pub async fn can_be_written(&self) -> bool {
        let Kind::Sqlite(_) = &self.kind else { return true };
        let options: SqliteConnectOptions = self.url.parse().expect("the address of a test's database is valid");
        let connection = SqliteConnection::connect_with(&options.busy_timeout(Duration::from_millis(200))).await;
        let mut connection = connection.expect("the file of this test can be opened");
        sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.is_ok()
    }

    /// As if a platform had been heard for the last time so long before it was.
    pub async fn backdate_hearing(&self, platform: &str, by: Duration) {
        let (store, source) = (self.connect().await, format!("{platform}/heard"));
        let heard = store.watermark(&source).await.expect("the database answers");
        let heard: i64 = heard.and_then(|text| text.parse().ok()).expect("the platform was heard");
        let position = (heard - crate::columns::millis(by)).to_string();
        let watermark = Watermark { source, position };
        store.accept(&[], Some(&watermark), Timestamp(heard)).await.expect("the database answers");
    }

    /// As if all messages had been written so long before they were.
    pub async fn backdate_messages(&self, by: Duration) {
        self.execute(&format!("UPDATE outbox SET created_at = created_at - {}", crate::columns::millis(by))).await;
    }

    /// From now on, or no longer, no event can be stored, as on a full disk.
    pub async fn refuse_events(&self, refuse: bool) {
        let statements: &[&str] = match (&self.kind, refuse) {
            (Kind::Sqlite(_), true) => &[
                "CREATE TRIGGER full_disk BEFORE INSERT ON inbox BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
            ],
            (Kind::Sqlite(_), false) => &["DROP TRIGGER full_disk"],
            (Kind::Postgres { .. }, true) => &[
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$",
                "CREATE TRIGGER full_disk BEFORE INSERT ON inbox EXECUTE FUNCTION full_disk()",
            ],
            (Kind::Postgres { .. }, false) => &["DROP TRIGGER full_disk ON inbox"],
        };
        for statement in statements {
            self.execute(statement).await;
        }
    }

    /// On PostgreSQL: from now on the connection breaks at the end of each transaction that makes such a row (`NEW`) of a table,
    /// `times` times. (On SQLite there is no connection.)
    pub async fn break_at_commit_of(&self, table: &str, row: &str, times: u32) {
        let Kind::Postgres { .. } = &self.kind else { return };
        let name = format!("break_{}", fresh_id().simple());
        for statement in [
            // A sequence counts what is rolled back, too.
            format!("CREATE SEQUENCE {name}"),
            format!(
                "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF nextval('{name}') <= {times} THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
                    RETURN NULL;
                END $$"
            ),
            format!(
                "CREATE CONSTRAINT TRIGGER {name} AFTER INSERT OR UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW WHEN ({row}) EXECUTE FUNCTION {name}()"
            ),
        ] {
            self.execute(&statement).await;
        }
    }

    /// Breaks every connection to a PostgreSQL database, as a server that is restarted does. Returns how many there were.
    pub async fn break_connections(&self) -> u64 {
        let Kind::Postgres { admin, name } = &self.kind else { return 0 };
        let mut connection = open(admin).await;
        sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1")
            .bind(name)
            .execute(&mut connection)
            .await
            .expect("the connections of a test database can be broken")
            .rows_affected()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Kind::Postgres { admin, name } = &self.kind else { return };
        let (admin, statement) = (admin.clone(), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        // The test's own runtime may be shutting down. What is left over goes with the throw-away server.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.expect("a runtime can be built");
            runtime.block_on(async { run(&mut open(&admin).await, statement).await });
        });
        let _ = dropping.join();
    }
}

/// The name of a database that is migrated and that nobody uses, made where it is missing.
async fn template(admin: &str) -> String {
    let mut hasher = std::hash::DefaultHasher::new();
    for migration in firstline_migrations::ALL {
        hasher.write(migration.postgres.as_bytes());
    }
    let name = format!("firstline_template_{:016x}", hasher.finish());
    let mut connection = open(admin).await;
    let lock = sqlx::query("SELECT pg_advisory_lock($1)").bind(TEMPLATE_LOCK).execute(&mut connection).await;
    lock.expect("the template can be locked");
    let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)")
        .bind(&name)
        .fetch_one(&mut connection)
        .await
        .expect("the databases can be listed");
    if !exists {
        // Renamed when it is complete, so that a half-made one is never cloned.
        let making = format!("{name}_making");
        run(&mut connection, format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)")).await;
        run(&mut connection, format!("CREATE DATABASE {making}")).await;
        migrate(&parse(&with_database(admin, &making))).await.expect("a new PostgreSQL database can be migrated");
        run(&mut connection, format!("ALTER DATABASE {making} RENAME TO {name}")).await;
    }
    // Closing the connection releases the lock.
    connection.close().await.expect("the connection can be closed");
    name
}

fn parse(url: &str) -> DatabaseUrl {
    url.parse().expect("a test database has a proper URL")
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_once('?').map_or((url, String::new()), |(it, rest)| (it, format!("?{rest}")));
    let server = match address.strip_prefix("postgres://").or(address.strip_prefix("postgresql://")) {
        Some(rest) => rest.split('/').next().unwrap_or_default(),
        None => panic!("{POSTGRES_URL} must be postgres://USER@HOST:PORT/NAME"),
    };
    format!("postgres://{server}/{name}{parameters}")
}

async fn open(url: &str) -> PgConnection {
    let options: PgConnectOptions = url.parse().expect("FIRSTLINE_TEST_POSTGRES_URL can be read");
    PgConnection::connect_with(&options).await.expect("the PostgreSQL of FIRSTLINE_TEST_POSTGRES_URL answers")
}

async fn run(connection: &mut PgConnection, statement: String) {
    let done = sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await;
    done.expect("the PostgreSQL of FIRSTLINE_TEST_POSTGRES_URL lets this user create and drop databases");
}
