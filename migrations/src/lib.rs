//! The database schema of Firstline, as migrations for both databases. Data only: the store applies them.
//!
//! To add one, write `sqlite/NNNN_name.sql` and `postgres/NNNN_name.sql` and list the pair at the end of [`ALL`]. Read
//! `README.md` next to this crate first: what has been released is never edited.

/// One step of the schema, in both dialects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// Its number; they are applied in this order.
    pub version: i64,
    /// What it is about.
    pub name: &'static str,
    /// The step for SQLite.
    pub sqlite: &'static str,
    /// The same step for PostgreSQL.
    pub postgres: &'static str,
}

macro_rules! migration {
    ($version:literal, $name:literal, $file:literal) => {
        Migration {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../sqlite/", $file)),
            postgres: include_str!(concat!("../postgres/", $file)),
        }
    };
}

/// All migrations, in order.
pub const ALL: &[Migration] = &[
    migration!(1, "people", "0001_people.sql"),
    migration!(2, "conversations", "0002_conversations.sql"),
    migration!(3, "tickets", "0003_tickets.sql"),
    migration!(4, "messages", "0004_messages.sql"),
    migration!(5, "knowledge", "0005_knowledge.sql"),
    migration!(6, "audit", "0006_audit.sql"),
    migration!(7, "staff_rooms", "0007_staff_rooms.sql"),
    migration!(8, "files", "0008_files.sql"),
    migration!(9, "paces", "0009_paces.sql"),
    migration!(10, "set_aside", "0010_set_aside.sql"),
    migration!(11, "article_revisions", "0011_article_revisions.sql"),
    migration!(12, "article_counter_examples", "0012_article_counter_examples.sql"),
    migration!(13, "moved_rooms", "0013_moved_rooms.sql"),
    migration!(14, "telegram_staff", "0014_telegram_staff.sql"),
    migration!(15, "ways", "0015_ways.sql"),
    migration!(16, "source_leases", "0016_source_leases.sql"),
    migration!(20, "duty", "0020_duty.sql"),
    migration!(21, "macros", "0021_macros.sql"),
    migration!(22, "merged_tickets", "0022_merged_tickets.sql"),
    migration!(23, "said_again", "0023_said_again.sql"),
    migration!(24, "taken_at", "0024_taken_at.sql"),
    migration!(25, "wanted_conversations", "0025_wanted_conversations.sql"),
];

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    fn files(folder: &str) -> BTreeSet<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        fs::read_dir(path).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn both_folders_hold_exactly_what_is_listed() {
        let listed: BTreeSet<String> = ALL.iter().map(|it| format!("{:04}_{}.sql", it.version, it.name)).collect();
        assert_eq!(files("sqlite"), listed);
        assert_eq!(files("postgres"), listed);
    }

    /// A number may be missing: those who write migrations at the same time take one each.
    #[test]
    fn versions_grow() {
        let versions: Vec<i64> = ALL.iter().map(|it| it.version).collect();
        assert!(versions.windows(2).all(|pair| pair[0] < pair[1]), "{versions:?}");
        assert_eq!(versions.first(), Some(&1));
    }

    /// The two dialects differ in types only, so the names of tables, columns and indexes can be compared word by word.
    #[test]
    fn both_dialects_declare_the_same_columns() {
        let names = |sql: &str| -> Vec<String> {
            sql.lines()
                .filter(|line| !line.trim_start().starts_with("--"))
                .filter_map(|line| {
                    line.split_whitespace().find(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
                })
                .map(str::to_owned)
                .collect()
        };
        for migration in ALL {
            assert_eq!(names(migration.sqlite), names(migration.postgres), "{}", migration.name);
        }
    }

    #[test]
    fn every_sqlite_table_is_strict() {
        for migration in ALL {
            let tables = migration.sqlite.matches("CREATE TABLE").count();
            assert_eq!(tables, migration.sqlite.matches(") STRICT;").count(), "{}", migration.name);
        }
    }
}
