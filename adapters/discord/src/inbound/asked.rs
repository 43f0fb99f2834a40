//! Commands of staff that are answered at once, to nobody but the one who asks, and are about no ticket: `/queue`, `/mine`,
//! `/duty`. They are no event; whoever gets no answer asks again.

use firstline_engine::{desk::List, people::AccountRef};
use serde::Deserialize as _;
use serde_json::Value;

use super::wire::{Interaction, Used};

/// Something that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// What.
    pub(crate) what: Wanted,
    /// Who asks.
    pub(crate) by: Member,
    /// The app, as whose answer it is shown.
    pub(crate) app: u64,
}

/// Somebody in a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// Who.
    pub(crate) account: AccountRef,
    /// Their roles, by their ids.
    pub(crate) roles: Vec<String>,
}

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Tickets.
    List(List),
    /// To be on duty or not, or only to know.
    Duty(Option<bool>),
}

/// What a command asks for.
pub(super) fn wanted(data: &Used) -> Option<Wanted> {
    match data.name.as_deref()? {
        "queue" => Some(Wanted::List(List::Waiting)),
        "mine" => Some(Wanted::List(List::Own)),
        "duty" => Some(Wanted::Duty(match data.first_option().as_deref() {
            Some("on") => Some(true),
            Some("off") => Some(false),
            _ => None,
        })),
        _ => None,
    }
}

/// What an interaction asks for.
pub(super) fn asked(data: &Value) -> Option<Asked> {
    let interaction = Interaction::deserialize(data).ok().filter(|it| it.kind == super::COMMAND)?;
    let what = wanted(&interaction.data)?;
    let app = interaction.application_id.parse().ok().filter(|&id| id != 0)?;
    Some(Asked { what, by: member(interaction)?, app })
}

/// Who types the name of a macro.
pub(super) fn looks_for_a_macro(data: &Value) -> Option<Member> {
    let interaction = Interaction::deserialize(data).ok()?;
    if interaction.data.name.as_deref() == Some("macro") { member(interaction) } else { None }
}

fn member(interaction: Interaction) -> Option<Member> {
    let member = interaction.member?;
    let account = member.user?.account(interaction.locale.as_deref());
    Some(Member { account, roles: member.roles })
}
