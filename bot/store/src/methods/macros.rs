//! Macros.

use std::collections::BTreeMap;

use firstline_engine::{
    macros::{Macro, MacroAction, MacroName},
    ports::{AuditEntry, MacroChanges},
    time::Timestamp,
};
use firstline_knowledge::Language;
use serde_json::Value;

use super::{Connection, Database, audit, commit};
use crate::{columns::text, error::Failure};

const TABLE: &str = "macros";

const ALL: &str = "SELECT name, text_en, text_de, actions FROM macros ORDER BY name";

/// What is the same already is left alone, so that only a change is counted as one.
const PUT: &str = "
    INSERT INTO macros (name, text_en, text_de, actions, updated_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (name) DO UPDATE SET
        text_en = EXCLUDED.text_en, text_de = EXCLUDED.text_de, actions = EXCLUDED.actions, updated_at = EXCLUDED.updated_at
    WHERE COALESCE(macros.text_en, '') <> COALESCE(EXCLUDED.text_en, '')
        OR COALESCE(macros.text_de, '') <> COALESCE(EXCLUDED.text_de, '') OR macros.actions <> EXCLUDED.actions";

const REMOVE: &str = "DELETE FROM macros WHERE name = $1";

#[derive(sqlx::FromRow)]
struct Row {
    name: String,
    text_en: Option<String>,
    text_de: Option<String>,
    actions: String,
}

impl TryFrom<Row> for Macro {
    type Error = Failure;

    fn try_from(row: Row) -> Result<Self, Failure> {
        let unreadable = |reason: String| Failure::Unreadable { table: TABLE, reason };
        let name: MacroName = row.name.parse().map_err(|_| unreadable(format!("{:?} is no name", row.name)))?;
        let texts: BTreeMap<Language, String> = [(Language::En, row.text_en), (Language::De, row.text_de)]
            .into_iter()
            .filter_map(|(language, text)| Some((language, text?)))
            .collect();
        let actions = row.actions.split_whitespace().map(str::parse).collect::<Result<Vec<MacroAction>, _>>();
        let actions = actions.map_err(|error| unreadable(error.to_string()))?;
        // What was stored by a version that allows more is used as it is.
        Ok(Self { name, texts, actions })
    }
}

pub(super) async fn all(database: &Database) -> Result<Vec<Macro>, Failure> {
    let rows: Vec<Row> = sqlx::query_as(ALL).fetch_all(&database.readers).await?;
    rows.into_iter().map(Macro::try_from).collect()
}

pub(super) async fn put(
    database: &Database,
    macros: &[Macro],
    prune: bool,
    by: &str,
    now: Timestamp,
) -> Result<MacroChanges, Failure> {
    let mut transaction = database.write().await?;
    let before: Vec<Row> = sqlx::query_as(ALL).fetch_all(&mut *transaction).await?;
    let mut counts = MacroChanges::default();
    for one in macros {
        let actions: Vec<String> = one.actions.iter().map(ToString::to_string).collect();
        let put = sqlx::query(PUT)
            .bind(text(one.name.as_str()))
            .bind(one.texts.get(&Language::En).map(|it| text(it)))
            .bind(one.texts.get(&Language::De).map(|it| text(it)))
            .bind(actions.join(" "))
            .bind(now.0)
            .execute(&mut *transaction)
            .await?;
        if put.rows_affected() == 0 {
            counts.unchanged += 1;
            continue;
        }
        if before.iter().any(|it| it.name == one.name.as_str()) {
            counts.replaced += 1;
        } else {
            counts.added += 1;
        }
        note(&mut transaction, "macro.set", one.name.as_str(), by, now).await?;
    }
    for gone in before.iter().filter(|it| prune && !macros.iter().any(|one| one.name.as_str() == it.name)) {
        counts.removed += u64::from(remove_one(&mut transaction, &gone.name, by, now).await?);
    }
    commit(transaction).await?;
    Ok(counts)
}

pub(super) async fn remove(database: &Database, name: &MacroName, by: &str, now: Timestamp) -> Result<bool, Failure> {
    let mut transaction = database.write().await?;
    let removed = remove_one(&mut transaction, name.as_str(), by, now).await?;
    commit(transaction).await?;
    Ok(removed)
}

async fn remove_one(connection: &mut Connection, name: &str, by: &str, now: Timestamp) -> Result<bool, Failure> {
    let removed = sqlx::query(REMOVE).bind(text(name)).execute(&mut *connection).await?.rows_affected() > 0;
    if removed {
        note(connection, "macro.remove", name, by, now).await?;
    }
    Ok(removed)
}

async fn note(connection: &mut Connection, action: &str, name: &str, by: &str, now: Timestamp) -> Result<(), Failure> {
    let line = AuditEntry {
        at: now,
        actor: by.to_owned(),
        action: action.to_owned(),
        subject: name.to_owned(),
        detail: Value::Null,
    };
    audit::add(connection, &line).await
}
