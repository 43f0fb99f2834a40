//! Commands of staff that ask and change nothing: `/queue`, `/mine`. They are answered at once, to nobody but the one who asks, and
//! are no event.

use firstline_engine::{desk::List, people::AccountRef};
use serde::Deserialize as _;
use serde_json::Value;

use super::wire::{Interaction, Used};

/// A list that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Which.
    pub(crate) list: List,
    /// Who asks.
    pub(crate) account: AccountRef,
    /// Their roles, by their ids.
    pub(crate) roles: Vec<String>,
    /// The app, as whose answer it is shown.
    pub(crate) app: u64,
}

/// The list that a command asks for.
pub(super) fn list(data: &Used) -> Option<List> {
    match data.name.as_deref()? {
        "queue" => Some(List::Waiting),
        "mine" => Some(List::Own),
        _ => None,
    }
}

/// The list that an interaction asks for.
pub(super) fn asked(data: &Value) -> Option<Asked> {
    let interaction = Interaction::deserialize(data).ok().filter(|it| it.kind == super::COMMAND)?;
    let list = list(&interaction.data)?;
    let app = interaction.application_id.parse().ok().filter(|&id| id != 0)?;
    let member = interaction.member?;
    let account = member.user?.account(interaction.locale.as_deref());
    Some(Asked { list, account, roles: member.roles, app })
}
