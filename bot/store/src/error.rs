//! What can go wrong, towards the caller and inside.

use firstline_engine::ports::StoreError;

/// Why a text names no database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// Another kind of database, or none.
    #[error(
        "this is no database URL that Firstline knows: write sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME"
    )]
    Unknown,
    /// `sqlite:` and nothing behind it.
    #[error("the database URL has no path: write sqlite:PATH, for example sqlite:firstline.db")]
    NoPath,
    /// `sqlite:PATH?...`.
    #[error("a SQLite database URL takes no parameters: write sqlite:PATH without the part from the question mark on")]
    Parameters,
    /// `postgres:` and something unreadable.
    #[error(
        "the database URL cannot be read: write postgres://USER:PASSWORD@HOST:PORT/NAME, \
         and any of :/?#[]@% in the password as percent codes"
    )]
    Postgres,
}

/// Why a database cannot be used. The texts say what to do and carry no password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// There is no such file.
    #[error("there is no database at {path}: run `firstline migrate` to create it, or correct the path")]
    NoFile {
        /// Where it was looked for.
        path: String,
    },
    /// The file's folder is missing.
    #[error("there is no folder {path} to keep the database in: create it")]
    NoFolder {
        /// Which.
        path: String,
    },
    /// The file cannot be made.
    #[error("cannot create the database {path}: check that this user may write there")]
    Create {
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The bundled SQLite is one that can damage a database.
    #[error(
        "SQLite {version} can damage a database that several processes use (WAL reset): \
         build with 3.51.3 or later, or with 3.50.7 or 3.44.6"
    )]
    SqliteVersion {
        /// Its version.
        version: String,
    },
    /// It did not answer, refused, or is no database.
    #[error("cannot open the database {database}: check that it is running, reachable, and accepts this user")]
    Open {
        /// Which.
        database: String,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// It stores texts in something else than UTF-8.
    #[error("the database {database} has encoding {encoding}: create it with ENCODING 'UTF8'")]
    Encoding {
        /// Which.
        database: String,
        /// Its encoding.
        encoding: String,
    },
    /// The schema is older than this program.
    #[error("the database {database} is {pending} migrations behind this version: run `firstline migrate`")]
    Pending {
        /// Which.
        database: String,
        /// How many steps are missing.
        pending: usize,
    },
    /// A step that was applied reads otherwise now.
    #[error(
        "migration {version} was applied to the database {database} with another text than this version has: \
         use the version that applied it, or restore a backup"
    )]
    Altered {
        /// Which database.
        database: String,
        /// Which step.
        version: i64,
    },
    /// A step failed; nothing was applied.
    #[error("the migration of the database {database} failed and nothing was changed")]
    Migrate {
        /// Which.
        database: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Why a method failed, before it is known what to call the operation.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Before the commit: nothing was done.
    Sql(sqlx::Error),
    /// At the commit: what was done is unknown, unless the database says that it was rolled back.
    Commit(sqlx::Error),
    /// [`StoreError::LeaseLost`].
    LeaseLost,
    /// [`StoreError::Unreadable`].
    Unreadable { table: &'static str, reason: String },
    /// What was asked for contradicts what is stored.
    Contradiction(String),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl Failure {
    /// The transaction was certainly rolled back for a reason that may be gone the next time.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Sql(sqlx::Error::Io(_)) => true,
            Self::Sql(error) => {
                sql_state(error).is_some_and(|state| is_rolled_back(&state) || is_shutting_down(&state))
            }
            Self::Commit(error) => sql_state(error).is_some_and(|state| is_rolled_back(&state)),
            _ => false,
        }
    }

    /// The same; and also that the connection was lost at the commit, so that nobody knows whether the transaction counts. Only for
    /// operations that come to the same when they are done twice.
    pub(crate) fn may_pass(&self) -> bool {
        self.is_passing()
            || match self {
                Self::Commit(sqlx::Error::Io(_)) => true,
                Self::Commit(error) => sql_state(error).is_some_and(|state| is_shutting_down(&state)),
                _ => false,
            }
    }

    /// The error as the engine knows it.
    pub(crate) fn told(self, operation: &'static str) -> StoreError {
        match self {
            Self::LeaseLost => StoreError::LeaseLost,
            Self::Unreadable { table, reason } => StoreError::Unreadable { table, reason },
            Self::Sql(source) | Self::Commit(source) => StoreError::Database { operation, source: source.into() },
            Self::Contradiction(reason) => StoreError::Database { operation, source: reason.into() },
        }
    }
}

fn sql_state(error: &sqlx::Error) -> Option<String> {
    error.as_database_error()?.code().map(std::borrow::Cow::into_owned)
}

/// PostgreSQL: serialization failure, deadlock.
fn is_rolled_back(state: &str) -> bool {
    matches!(state, "40001" | "40P01")
}

/// PostgreSQL: the server was stopped, crashed, or is starting; the connection is gone.
fn is_shutting_down(state: &str) -> bool {
    matches!(state, "57P01" | "57P02" | "57P03") || state.starts_with("08")
}
