//! People and their accounts.

use firstline_engine::{
    ids::{AccountId, PersonId},
    people::{Account, AccountRef, LanguageSource, Person, Platform, Role},
    ports::AuditEntry,
    time::Timestamp,
};
use firstline_knowledge::Language;
use serde_json::json;

use super::{Connection, Database, audit, commit};
use crate::{
    columns::{fresh_id, id, name, slots, text},
    error::Failure,
};

const PERSON: &str = "SELECT id, name, role, language, language_source, off_duty FROM persons WHERE id = $1";

const ACCOUNT: &str = "
    SELECT a.id AS account_id, a.display_name, p.id, p.name, p.role, p.language, p.language_source, p.off_duty
    FROM accounts a JOIN persons p ON p.id = a.person_id
    WHERE a.platform = $1 AND a.user_id = $2";

const STAFF: &str = "SELECT id, name, role, language, language_source, off_duty FROM persons WHERE role <> 'requester'";

const AT_WORK: &str = "
    SELECT id, name, role, language, language_source, off_duty FROM persons
    WHERE role <> 'requester' OR off_duty OR id IN (
        SELECT assignee_id FROM tickets WHERE assignee_id IS NOT NULL AND status NOT IN ('resolved', 'closed')
    )";

const ADD_PERSON: &str = "
    INSERT INTO persons (id, name, role, language, language_source, created_at) VALUES ($1, $2, 'requester', $3, $4, $5)";

const ADD_ACCOUNT: &str = "
    INSERT INTO accounts (id, person_id, platform, user_id, display_name, created_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (platform, user_id) DO NOTHING";

const REMOVE_PERSON: &str = "DELETE FROM persons WHERE id = $1";
const NAME_ACCOUNT: &str = "UPDATE accounts SET display_name = $2 WHERE id = $1";
const NAME_PERSON: &str = "UPDATE persons SET name = $2 WHERE id = $1";

const LEARN_LANGUAGE: &str = "
    UPDATE persons SET language = $2, language_source = $3 WHERE id = $1 AND language_source IN ($4, $5, $6, $7)";

const LOCK_PERSON: &str = concat!("SELECT role FROM persons WHERE id = $1", lock_row!());
const SET_DUTY: &str = "UPDATE persons SET off_duty = $2 WHERE id = $1 AND off_duty <> $2";

/// The cards of their tickets say so.
const TELL_OF_DUTY: &str = "
    UPDATE tickets SET news = news + 1 WHERE assignee_id = $1 AND status NOT IN ('resolved', 'closed')";

/// Of who is no staff any more, duty means nothing.
const SET_ROLE: &str = "UPDATE persons SET role = $2, off_duty = off_duty AND $2 <> 'requester' WHERE id = $1";

#[derive(sqlx::FromRow)]
pub(super) struct PersonRow {
    id: String,
    name: String,
    role: String,
    language: String,
    language_source: String,
    off_duty: bool,
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    account_id: String,
    display_name: String,
    #[sqlx(flatten)]
    person: PersonRow,
}

impl TryFrom<PersonRow> for Person {
    type Error = Failure;

    fn try_from(row: PersonRow) -> Result<Self, Failure> {
        const TABLE: &str = "persons";
        Ok(Self {
            id: PersonId(id(TABLE, &row.id)?),
            name: row.name,
            role: name(TABLE, &row.role)?,
            language: name(TABLE, &row.language)?,
            language_source: name(TABLE, &row.language_source)?,
            on_duty: !row.off_duty,
        })
    }
}

pub(super) async fn person(database: &Database, id: PersonId) -> Result<Option<Person>, Failure> {
    find_person(&mut *database.readers.acquire().await?, id).await
}

pub(super) async fn find_person(connection: &mut Connection, id: PersonId) -> Result<Option<Person>, Failure> {
    let row: Option<PersonRow> = sqlx::query_as(PERSON).bind(id.to_string()).fetch_optional(connection).await?;
    row.map(Person::try_from).transpose()
}

pub(super) async fn account(
    database: &Database,
    platform: Platform,
    user_id: &str,
) -> Result<Option<(Account, Person)>, Failure> {
    find_account(&mut *database.readers.acquire().await?, platform, user_id).await
}

async fn find_account(
    connection: &mut Connection,
    platform: Platform,
    user_id: &str,
) -> Result<Option<(Account, Person)>, Failure> {
    let user_id = text(user_id);
    let row: Option<AccountRow> =
        sqlx::query_as(ACCOUNT).bind(platform.as_str()).bind(&user_id).fetch_optional(connection).await?;
    let Some(row) = row else { return Ok(None) };
    let person = Person::try_from(row.person)?;
    let account = Account {
        id: AccountId(id("accounts", &row.account_id)?),
        person: person.id,
        platform,
        user_id: user_id.into_owned(),
        display_name: row.display_name,
    };
    Ok(Some((account, person)))
}

pub(super) async fn ensure_account(
    database: &Database,
    account: &AccountRef,
    now: Timestamp,
) -> Result<(Account, Person), Failure> {
    let mut transaction = database.write().await?;
    let found = ensure(&mut transaction, account, now).await?;
    commit(transaction).await?;
    Ok(found)
}

/// The account and its person, made where they are missing and brought up to date where they are not.
pub(super) async fn ensure(
    connection: &mut Connection,
    account: &AccountRef,
    now: Timestamp,
) -> Result<(Account, Person), Failure> {
    loop {
        if let Some((found, person)) = find_account(connection, account.platform, &account.user_id).await? {
            return refresh(connection, account, found, person).await;
        }
        // The next round finds what was added here, or by somebody else in the same moment.
        add(connection, account, now).await?;
    }
}

async fn add(connection: &mut Connection, account: &AccountRef, now: Timestamp) -> Result<(), Failure> {
    let (language, source) = match account.language {
        Some(language) => (language, LanguageSource::Platform),
        None => (Language::En, LanguageSource::Default),
    };
    let person = fresh_id().to_string();
    sqlx::query(ADD_PERSON)
        .bind(&person)
        .bind(text(&account.display_name))
        .bind(language.as_str())
        .bind(source.as_str())
        .bind(now.0)
        .execute(&mut *connection)
        .await?;
    let added = sqlx::query(ADD_ACCOUNT)
        .bind(fresh_id().to_string())
        .bind(&person)
        .bind(account.platform.as_str())
        .bind(text(&account.user_id))
        .bind(text(&account.display_name))
        .bind(now.0)
        .execute(&mut *connection)
        .await?;
    if added.rows_affected() == 0 {
        sqlx::query(REMOVE_PERSON).bind(&person).execute(connection).await?;
    }
    Ok(())
}

/// Takes over what the platform tells now. Writes only what is different: an update of every person who says something would
/// make transactions wait for each other.
async fn refresh(
    connection: &mut Connection,
    told: &AccountRef,
    mut account: Account,
    mut person: Person,
) -> Result<(Account, Person), Failure> {
    let display_name = text(&told.display_name);
    if account.display_name != display_name && !display_name.is_empty() {
        for (sql, id) in [(NAME_ACCOUNT, account.id.to_string()), (NAME_PERSON, person.id.to_string())] {
            sqlx::query(sql).bind(id).bind(&display_name).execute(&mut *connection).await?;
        }
        account.display_name = display_name.clone().into_owned();
        person.name = display_name.into_owned();
    }
    if let Some(language) = told.language
        && (language, LanguageSource::Platform) != (person.language, person.language_source)
        && learn_language(connection, person.id, language, LanguageSource::Platform).await?
    {
        (person.language, person.language_source) = (language, LanguageSource::Platform);
    }
    Ok((account, person))
}

/// Remembers the language of a person, unless it is known from something better. Returns whether it was taken.
pub(super) async fn learn_language(
    connection: &mut Connection,
    person: PersonId,
    language: Language,
    source: LanguageSource,
) -> Result<bool, Failure> {
    const SOURCES: [LanguageSource; 4] =
        [LanguageSource::Default, LanguageSource::Platform, LanguageSource::Detected, LanguageSource::Chosen];
    let [a, b, c, d] = slots(SOURCES.into_iter().filter(|other| *other <= source).map(LanguageSource::as_str));
    let result = sqlx::query(LEARN_LANGUAGE)
        .bind(person.to_string())
        .bind(language.as_str())
        .bind(source.as_str())
        .bind(a)
        .bind(b)
        .bind(c)
        .bind(d)
        .execute(connection)
        .await?;
    Ok(result.rows_affected() > 0)
}

pub(super) async fn set_role(
    database: &Database,
    person: PersonId,
    role: Role,
    by: &str,
    now: Timestamp,
) -> Result<bool, Failure> {
    let mut transaction = database.write().await?;
    let before: Option<String> =
        sqlx::query_scalar(LOCK_PERSON).bind(person.to_string()).fetch_optional(&mut *transaction).await?;
    let Some(before) = before else { return Ok(false) };
    sqlx::query(SET_ROLE).bind(person.to_string()).bind(role.as_str()).execute(&mut *transaction).await?;
    let line = AuditEntry {
        at: now,
        actor: by.to_owned(),
        action: "role.set".to_owned(),
        subject: person.to_string(),
        detail: json!({ "from": before, "to": role.as_str() }),
    };
    audit::add(&mut transaction, &line).await?;
    commit(transaction).await?;
    Ok(true)
}

pub(super) async fn set_duty(database: &Database, person: PersonId, on: bool, now: Timestamp) -> Result<bool, Failure> {
    let mut transaction = database.write().await?;
    let changed = sqlx::query(SET_DUTY).bind(person.to_string()).bind(!on).execute(&mut *transaction).await?;
    if changed.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query(TELL_OF_DUTY).bind(person.to_string()).execute(&mut *transaction).await?;
    let line = AuditEntry {
        at: now,
        actor: person.to_string(),
        action: "duty.set".to_owned(),
        subject: person.to_string(),
        detail: json!({ "on": on }),
    };
    audit::add(&mut transaction, &line).await?;
    commit(transaction).await?;
    Ok(true)
}

pub(super) async fn staff(database: &Database) -> Result<Vec<Person>, Failure> {
    by_name(database, STAFF).await
}

pub(super) async fn at_work(database: &Database) -> Result<Vec<Person>, Failure> {
    by_name(database, AT_WORK).await
}

async fn by_name(database: &Database, sql: &'static str) -> Result<Vec<Person>, Failure> {
    let rows: Vec<PersonRow> = sqlx::query_as(sql).fetch_all(&database.readers).await?;
    let mut staff = rows.into_iter().map(Person::try_from).collect::<Result<Vec<_>, _>>()?;
    // Sorted here, since the databases do not agree on how.
    staff.sort_by_cached_key(|person| (person.name.to_lowercase(), person.id));
    Ok(staff)
}
