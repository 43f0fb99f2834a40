//! Which database to use, as an admin writes it.

use std::{fmt, path::PathBuf, str::FromStr};

use sqlx::postgres::PgConnectOptions;

use crate::error::DatabaseUrlError;

/// Names a database: `sqlite:PATH`, `sqlite::memory:` or `postgres://USER:PASSWORD@HOST:PORT/NAME`. Never shows a password.
#[derive(Clone)]
pub struct DatabaseUrl {
    pub(crate) target: Target,
}

#[derive(Clone)]
pub(crate) enum Target {
    Sqlite(SqliteFile),
    Postgres(Box<PgConnectOptions>),
}

/// Where a SQLite database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SqliteFile {
    Path(PathBuf),
    Memory,
}

impl DatabaseUrl {
    /// It vanishes when it is closed, and nobody else can open it.
    #[must_use]
    pub fn is_in_memory(&self) -> bool {
        matches!(self.target, Target::Sqlite(SqliteFile::Memory))
    }

    /// `SQLite` or `PostgreSQL`, for people to read.
    #[must_use]
    pub fn product(&self) -> &'static str {
        match self.target {
            Target::Sqlite(_) => "SQLite",
            Target::Postgres(_) => "PostgreSQL",
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(url: &str) -> Result<Self, DatabaseUrlError> {
        let url = url.trim();
        let target = if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            match path {
                ":memory:" => Target::Sqlite(SqliteFile::Memory),
                "" => return Err(DatabaseUrlError::NoPath),
                // SQLite's own URI parameters would set what the store relies on being otherwise.
                path if path.contains('?') => return Err(DatabaseUrlError::Parameters),
                path => Target::Sqlite(SqliteFile::Path(path.into())),
            }
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Target::Postgres(Box::new(url.parse().map_err(|_| DatabaseUrlError::Postgres)?))
        } else {
            return Err(DatabaseUrlError::Unknown);
        };
        Ok(Self { target })
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target {
            Target::Sqlite(SqliteFile::Memory) => f.write_str("sqlite::memory:"),
            Target::Sqlite(SqliteFile::Path(path)) => write!(f, "sqlite:{}", path.display()),
            Target::Postgres(server) => f.write_str(&server_name(server)),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

/// A server as people may read it: without user and password.
pub(crate) fn server_name(server: &PgConnectOptions) -> String {
    let database = server.get_database().unwrap_or_else(|| server.get_username());
    match server.get_socket() {
        Some(socket) => format!("postgres://{}/{database}", socket.display()),
        None => format!("postgres://{}:{}/{database}", server.get_host(), server.get_port()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_and_shown_without_passwords() {
        let shown =
            |url: &str| url.parse::<DatabaseUrl>().map(|url| url.to_string()).map_err(|error| error.to_string());
        assert_eq!(shown("sqlite:desk.db").as_deref(), Ok("sqlite:desk.db"));
        assert_eq!(shown("sqlite:///var/lib/desk.db").as_deref(), Ok("sqlite:/var/lib/desk.db"));
        assert_eq!(shown(" sqlite::memory: ").as_deref(), Ok("sqlite::memory:"));
        assert_eq!(shown("postgres://anna:hunter2@db.example/desk").as_deref(), Ok("postgres://db.example:5432/desk"));
        assert_eq!(
            shown("postgresql://anna:hunter2@db.example:6000/desk").as_deref(),
            Ok("postgres://db.example:6000/desk")
        );
        for refused in [
            "", "desk.db", "sqlite:", "sqlite:desk.db?mode=ro", "mysql://a:hunter2@h/d",
            "postgres://a:hunter2@h:port/d",
        ] {
            let error = shown(refused).unwrap_err();
            assert!(error.contains("write"), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
        let debug = format!("{:?}", "postgres://anna:hunter2@db.example/desk".parse::<DatabaseUrl>().unwrap());
        assert!(!debug.contains("hunter2"), "{debug}");
    }
}
