//! `firstline agent`: who may work tickets.

use anyhow::bail;
use firstline_engine::{
    desk::Desk,
    people::{AccountRef, Platform, Role},
};
use firstline_terminal::AgentOptions;

use crate::{
    cli::{Agent, AgentAccount, AgentAdd},
    compose::compose,
    config::Settings,
    output,
};

/// Who acts, in the audit log.
pub(super) const BY: &str = "cli";

pub(super) async fn run(settings: &Settings, agent: &Agent) -> anyhow::Result<()> {
    let desk = compose(settings).await?.desk;
    match agent {
        Agent::Add(added) => add(&desk, added).await,
        Agent::List(output) => list(&desk, output.json).await,
        Agent::Remove(removed) => remove(&desk, removed).await,
    }
}

async fn add(desk: &Desk, add: &AgentAdd) -> anyhow::Result<()> {
    let account = account(&add.account)?;
    let role = if add.admin { Role::Admin } else { Role::Agent };
    let person = desk.set_role(&account, role, BY).await?;
    output::line(format_args!(
        "{} is {} now ({}).",
        output::tame_line(&person.name),
        role_name(role),
        place(&account)
    ))?;
    Ok(())
}

async fn list(desk: &Desk, json: bool) -> anyhow::Result<()> {
    let staff = desk.staff().await?;
    if json {
        output::json(&staff)?;
    } else if staff.is_empty() {
        output::line("Nobody is an agent yet. `firstline agent add NAME` makes one.")?;
    } else {
        let rows: Vec<Vec<String>> = staff
            .iter()
            .map(|person| {
                let role = person.role.as_str().to_owned();
                let duty = if person.on_duty { "on" } else { "off" }.to_owned();
                vec![output::tame_line(&person.name), role, duty, person.language.to_string(), person.id.to_string()]
            })
            .collect();
        output::table(&["NAME", "ROLE", "DUTY", "LANGUAGE", "PERSON"], &rows)?;
    }
    Ok(())
}

async fn remove(desk: &Desk, removed: &AgentAccount) -> anyhow::Result<()> {
    let account = account(removed)?;
    match desk.person_by_account(account.platform, &account.user_id).await? {
        Some(person) if person.role.is_staff() => {
            let person = desk.set_role(&account, Role::Requester, BY).await?;
            output::line(format_args!("{} is no agent any more.", output::tame_line(&person.name)))?;
            Ok(())
        }
        Some(person) => bail!("{} is no agent", output::tame_line(&person.name)),
        None => bail!("there is no account {}; `firstline agent list` shows who is an agent", place(&account)),
    }
}

/// The account as the platform's adapter would name it.
fn account(given: &AgentAccount) -> anyhow::Result<AccountRef> {
    match (given.platform, &given.user_id) {
        (Platform::Terminal, None) => Ok(terminal_account(&given.name)),
        (Platform::Terminal, Some(_)) => bail!("in the terminal the name is the account: leave out --user-id"),
        (_, None) => bail!("--user-id is missing"),
        (platform, Some(id)) => {
            let id = id.trim();
            let numeric = matches!(platform, Platform::Discord | Platform::Telegram);
            if id.is_empty() || (numeric && !id.chars().all(|digit| digit.is_ascii_digit())) {
                bail!(
                    "{id:?} is no user id of {platform}: it is a number that {platform} gives and never changes, not a name"
                );
            }
            Ok(AccountRef { platform, user_id: id.to_owned(), display_name: given.name.clone(), language: None })
        }
    }
}

/// The account of `firstline chat --agent NAME`; another one than that of `firstline chat --as NAME`, so that nobody becomes
/// an agent by having asked a question.
fn terminal_account(name: &str) -> AccountRef {
    AgentOptions::new(name).account()
}

fn place(account: &AccountRef) -> String {
    format!("{} {}", account.platform, output::tame_line(&account.user_id))
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Requester => "a requester",
        Role::Agent => "an agent",
        Role::Admin => "an admin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_named_by_ids_that_cannot_be_changed() {
        let given = |platform, id: Option<&str>| AgentAccount {
            name: "Anna".to_owned(),
            platform,
            user_id: id.map(str::to_owned),
        };
        let check = |platform, id, good| assert_eq!(account(&given(platform, id)).is_ok(), good, "{platform} {id:?}");
        check(Platform::Terminal, None, true);
        check(Platform::Terminal, Some("1"), false);
        check(Platform::Telegram, Some("123"), true);
        check(Platform::Telegram, Some("@anna"), false);
        check(Platform::Discord, Some("anna#1"), false);
        check(Platform::Discord, None, false);
        check(Platform::Web, Some("anna@example.org"), true);
    }
}
