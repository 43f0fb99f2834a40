//! The articles.

use std::collections::{HashMap, HashSet};

use firstline_engine::{
    ports::{ArticleChanges, AuditEntry},
    time::Timestamp,
};
use firstline_knowledge::{Article, ArticleId, ArticleKind, Audience, Language};
use serde_json::{Value, json};
use sqlx::types::Json;

use super::{Connection, Database, audit, commit};
use crate::{
    columns::{self, from_json, name, text, unreadable},
    error::Failure,
};

const VERSION: &str = "SELECT value FROM counters WHERE name = 'library'";

/// Whoever changes the articles does this first, so that changes come one after the other.
const LOCK: &str = concat!("SELECT value FROM counters WHERE name = 'library'", lock_row!());

const COUNT_UP: &str = "UPDATE counters SET value = value + 1 WHERE name = 'library'";

const ALL: &str = "
    SELECT id, language, title, category, kind, audience, phrasings, not_for, steps, body FROM articles ORDER BY id, language";

const CHANGED: &str = "
    SELECT id, language, title, category, kind, audience, phrasings, not_for, steps, body FROM articles WHERE revision > $1
    ORDER BY id, language";

const RETIRED: &str = "SELECT id, language FROM retired_articles WHERE revision > $1 ORDER BY id, language";

/// How many changes since are recorded: one that was made by an older program, or of which nothing is left, is not.
const RECORDED: &str = "
    SELECT COUNT(*) FROM (
        SELECT revision FROM articles WHERE revision > $1
        UNION
        SELECT revision FROM retired_articles WHERE revision > $1
    ) AS revisions";

const PUT: &str = "
    INSERT INTO articles (id, language, title, category, kind, audience, phrasings, not_for, steps, body, updated_at, revision)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    ON CONFLICT (id, language) DO UPDATE SET
        title = EXCLUDED.title, category = EXCLUDED.category, kind = EXCLUDED.kind, audience = EXCLUDED.audience,
        phrasings = EXCLUDED.phrasings, not_for = EXCLUDED.not_for, steps = EXCLUDED.steps, body = EXCLUDED.body,
        updated_at = EXCLUDED.updated_at, revision = EXCLUDED.revision";

const BACK: &str = "DELETE FROM retired_articles WHERE id = $1 AND language = $2";

const RETIRE: &str = "
    INSERT INTO retired_articles (id, language, revision)
    SELECT id, language, $3 FROM articles WHERE id = $1 AND ($2 IS NULL OR language = $2)
    ON CONFLICT (id, language) DO UPDATE SET revision = EXCLUDED.revision";

const REMOVE: &str = "DELETE FROM articles WHERE id = $1 AND ($2 IS NULL OR language = $2)";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    language: String,
    title: String,
    category: String,
    kind: String,
    audience: String,
    phrasings: Json<Value>,
    not_for: Json<Value>,
    steps: Json<Value>,
    body: String,
}

impl TryFrom<Row> for Article {
    type Error = Failure;

    fn try_from(row: Row) -> Result<Self, Failure> {
        const TABLE: &str = "articles";
        Ok(Self {
            id: name(TABLE, &row.id)?,
            language: name(TABLE, &row.language)?,
            title: row.title,
            category: row.category,
            kind: kind(&row.kind)?,
            audience: audience(&row.audience)?,
            phrasings: from_json(TABLE, row.phrasings)?,
            not_for: from_json(TABLE, row.not_for)?,
            steps: from_json(TABLE, row.steps)?,
            body: row.body,
        })
    }
}

fn kind(name: &str) -> Result<ArticleKind, Failure> {
    [ArticleKind::Incident, ArticleKind::ServiceRequest]
        .into_iter()
        .find(|kind| kind.as_str() == name)
        .ok_or_else(|| unreadable("articles", &format!("{name:?} is not a known kind")))
}

fn audience(name: &str) -> Result<Audience, Failure> {
    [Audience::Everyone, Audience::Staff]
        .into_iter()
        .find(|audience| audience.as_str() == name)
        .ok_or_else(|| unreadable("articles", &format!("{name:?} is not a known audience")))
}

pub(super) async fn version(database: &Database) -> Result<i64, Failure> {
    Ok(sqlx::query_scalar(VERSION).fetch_one(&database.readers).await?)
}

pub(super) async fn articles(database: &Database) -> Result<(i64, Vec<Article>), Failure> {
    let mut transaction = database.read().await?;
    let version = sqlx::query_scalar(VERSION).fetch_one(&mut *transaction).await?;
    Ok((version, all(&mut transaction).await?))
}

pub(super) async fn since(database: &Database, since: i64) -> Result<Option<ArticleChanges>, Failure> {
    const TABLE: &str = "retired_articles";
    let mut transaction = database.read().await?;
    let version: i64 = sqlx::query_scalar(VERSION).fetch_one(&mut *transaction).await?;
    let recorded: i64 = sqlx::query_scalar(RECORDED).bind(since).fetch_one(&mut *transaction).await?;
    if since < 0 || recorded != version - since {
        return Ok(None);
    }
    let rows: Vec<Row> = sqlx::query_as(CHANGED).bind(since).fetch_all(&mut *transaction).await?;
    let keys: Vec<(String, String)> = sqlx::query_as(RETIRED).bind(since).fetch_all(&mut *transaction).await?;
    let retired = keys.into_iter().map(|(id, language)| Ok((name(TABLE, &id)?, name(TABLE, &language)?)));
    Ok(Some(ArticleChanges {
        version,
        changed: rows.into_iter().map(Article::try_from).collect::<Result<_, Failure>>()?,
        retired: retired.collect::<Result<_, Failure>>()?,
    }))
}

/// Lets changes come one after the other, and returns the revision of the one that is being made.
async fn lock(connection: &mut Connection) -> Result<i64, Failure> {
    let version: i64 = sqlx::query_scalar(LOCK).fetch_one(connection).await?;
    Ok(version + 1)
}

async fn all(connection: &mut Connection) -> Result<Vec<Article>, Failure> {
    let rows: Vec<Row> = sqlx::query_as(ALL).fetch_all(connection).await?;
    rows.into_iter().map(Article::try_from).collect()
}

pub(super) async fn put(
    database: &Database,
    articles: &[Article],
    prune: bool,
    by: &str,
    now: Timestamp,
) -> Result<(u64, u64, u64, u64), Failure> {
    let mut transaction = database.write().await?;
    let revision = lock(&mut transaction).await?;
    let mut stored: HashMap<_, _> =
        all(&mut transaction).await?.into_iter().map(|it| ((it.id.clone(), it.language), it)).collect();
    let (mut inserted, mut replaced, mut unchanged, mut removed) = (0, 0, 0, 0);
    let mut given = HashSet::new();
    for article in articles {
        let article = cleaned(article);
        let key = (article.id.clone(), article.language);
        given.insert(key.clone());
        match stored.get(&key) {
            Some(known) if *known == article => {
                unchanged += 1;
                continue;
            }
            Some(_) => replaced += 1,
            None => inserted += 1,
        }
        put_one(&mut transaction, &article, revision, now).await?;
        stored.insert(key, article);
    }
    if prune {
        for (id, language) in stored.keys().filter(|key| !given.contains(key)) {
            removed += remove_one(&mut transaction, id, Some(*language), revision).await?;
        }
    }
    if inserted + replaced + removed > 0 {
        let detail = json!({ "inserted": inserted, "replaced": replaced, "unchanged": unchanged, "removed": removed });
        changed(&mut transaction, "articles.put", "library", detail, by, now).await?;
        commit(transaction).await?;
    }
    Ok((inserted, replaced, unchanged, removed))
}

pub(super) async fn remove(
    database: &Database,
    id: &ArticleId,
    language: Option<Language>,
    by: &str,
    now: Timestamp,
) -> Result<u64, Failure> {
    let mut transaction = database.write().await?;
    let revision = lock(&mut transaction).await?;
    let removed = remove_one(&mut transaction, id, language, revision).await?;
    if removed > 0 {
        let detail = json!({ "language": language.map(Language::as_str), "removed": removed });
        changed(&mut transaction, "article.remove", id.as_str(), detail, by, now).await?;
        commit(transaction).await?;
    }
    Ok(removed)
}

/// The article as it will be read again, so that it can be compared.
fn cleaned(article: &Article) -> Article {
    let clean = |words: &str| text(words).into_owned();
    Article {
        title: clean(&article.title),
        category: clean(&article.category),
        phrasings: article.phrasings.iter().map(|it| clean(it)).collect(),
        not_for: article.not_for.iter().map(|it| clean(it)).collect(),
        steps: article.steps.iter().map(|it| clean(it)).collect(),
        body: clean(&article.body),
        ..article.clone()
    }
}

async fn put_one(connection: &mut Connection, article: &Article, revision: i64, now: Timestamp) -> Result<(), Failure> {
    sqlx::query(PUT)
        .bind(article.id.as_str())
        .bind(article.language.as_str())
        .bind(&article.title)
        .bind(&article.category)
        .bind(article.kind.as_str())
        .bind(article.audience.as_str())
        .bind(columns::json(&article.phrasings)?)
        .bind(columns::json(&article.not_for)?)
        .bind(columns::json(&article.steps)?)
        .bind(&article.body)
        .bind(now.0)
        .bind(revision)
        .execute(&mut *connection)
        .await?;
    sqlx::query(BACK).bind(article.id.as_str()).bind(article.language.as_str()).execute(connection).await?;
    Ok(())
}

async fn remove_one(
    connection: &mut Connection,
    id: &ArticleId,
    language: Option<Language>,
    revision: i64,
) -> Result<u64, Failure> {
    let retire = sqlx::query(RETIRE).bind(id.as_str()).bind(language.map(Language::as_str)).bind(revision);
    retire.execute(&mut *connection).await?;
    let query = sqlx::query(REMOVE).bind(id.as_str()).bind(language.map(Language::as_str));
    Ok(query.execute(connection).await?.rows_affected())
}

async fn changed(
    connection: &mut Connection,
    action: &str,
    subject: &str,
    detail: Value,
    by: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    sqlx::query(COUNT_UP).execute(&mut *connection).await?;
    let line =
        AuditEntry { at: now, actor: by.to_owned(), action: action.to_owned(), subject: subject.to_owned(), detail };
    audit::add(connection, &line).await
}
