//! What can be typed after `firstline macro`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use firstline_engine::macros::{MacroAction, MacroName};

use super::Json;

const MACRO_HELP: &str = "\
A macro is a canned answer that agents send with /macro NAME, in the language of whoever asked. In its text {requester}, {agent}
and {ticket} are replaced. It can also set the priority, and put the ticket on hold or resolve it.

Examples:
  firstline macro set vpn-reset --en \"Hi {requester}, I have reset your VPN.\" --de \"Hallo {requester}, dein VPN ist zurückgesetzt.\"
  firstline macro set duplicate --do priority=low --do resolve
  firstline macro export > macros.toml
  firstline macro import macros.toml --prune";

#[derive(Debug, Subcommand)]
#[command(after_help = MACRO_HELP)]
pub(crate) enum Macro {
    /// List the macros
    List(Json),
    /// Show a macro with all its texts
    Show(MacroShow),
    /// Make a macro, or change what is given of one
    #[command(after_help = MACRO_HELP)]
    Set(MacroSet),
    /// Take in macros from a TOML file, as `macro export` writes it
    Import(MacroImport),
    /// Write all macros as TOML to standard output
    Export,
    /// Remove a macro
    Delete(MacroNamed),
}

#[derive(Debug, Args)]
pub(crate) struct MacroNamed {
    /// Its name
    #[arg(value_name = "NAME")]
    pub(crate) name: MacroName,
}

#[derive(Debug, Args)]
pub(crate) struct MacroShow {
    #[command(flatten)]
    pub(crate) named: MacroNamed,
    #[command(flatten)]
    pub(crate) output: Json,
}

#[derive(Debug, Args)]
pub(crate) struct MacroSet {
    #[command(flatten)]
    pub(crate) named: MacroNamed,
    /// The text in English; an empty one takes it away
    #[arg(long, value_name = "TEXT")]
    pub(crate) en: Option<String>,
    /// The text in German; an empty one takes it away
    #[arg(long, value_name = "TEXT")]
    pub(crate) de: Option<String>,
    /// What is done besides, in this order: priority=low|medium|high|critical, and hold or resolve
    #[arg(long = "do", value_name = "ACTION", conflicts_with = "only_text")]
    pub(crate) actions: Vec<MacroAction>,
    /// Do nothing besides sending the text
    #[arg(long)]
    pub(crate) only_text: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MacroImport {
    /// The file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Remove all macros that are not in the file
    #[arg(long)]
    pub(crate) prune: bool,
    #[command(flatten)]
    pub(crate) output: Json,
}
