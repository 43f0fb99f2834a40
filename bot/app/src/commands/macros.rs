//! `firstline macro`: the canned answers of agents.

use std::{collections::BTreeMap, fs};

use anyhow::{Context as _, bail};
use firstline_engine::{
    desk::Desk,
    knowledge::Language,
    macros::{Macro, MacroAction, MacroName},
};
use serde::{Deserialize, Serialize};

use super::agent::BY;
use crate::{
    cli::macros::{Macro as Command, MacroImport, MacroNamed, MacroSet, MacroShow},
    compose::compose,
    config::Settings,
    output,
};

/// The file of `import` and `export`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Macros {
    #[serde(default, rename = "macro")]
    macros: Vec<Written>,
}

/// A macro as it is written in the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    en: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    de: Option<String>,
    #[serde(default, rename = "do", skip_serializing_if = "Vec::is_empty")]
    actions: Vec<String>,
}

pub(super) async fn run(settings: &Settings, command: &Command) -> anyhow::Result<()> {
    let desk = compose(settings).await?.desk;
    match command {
        Command::List(output) => list(&desk, output.json).await,
        Command::Show(shown) => show(&desk, shown).await,
        Command::Set(set) => self::set(&desk, set).await,
        Command::Import(import) => self::import(&desk, import).await,
        Command::Export => export(&desk).await,
        Command::Delete(named) => delete(&desk, named).await,
    }
}

async fn list(desk: &Desk, json: bool) -> anyhow::Result<()> {
    let macros = desk.macros().await?;
    if json {
        output::json(&macros)?;
    } else if macros.is_empty() {
        output::line("There are no macros yet. `firstline macro set NAME --en TEXT` makes one.")?;
    } else {
        let rows: Vec<Vec<String>> = macros.iter().map(row).collect();
        output::table(&["NAME", "LANGUAGES", "DOES", "TEXT"], &rows)?;
    }
    Ok(())
}

fn row(one: &Macro) -> Vec<String> {
    const BEGINNING: usize = 60;
    let languages: Vec<String> = one.texts.keys().map(ToString::to_string).collect();
    let actions: Vec<String> = one.actions.iter().map(ToString::to_string).collect();
    let text: String =
        one.texts.values().next().map(String::as_str).unwrap_or_default().chars().take(BEGINNING).collect();
    let does = if actions.is_empty() { "-".to_owned() } else { actions.join(", ") };
    vec![one.name.to_string(), languages.join(", "), does, output::tame_line(&text)]
}

async fn find(desk: &Desk, name: &MacroName) -> anyhow::Result<Option<Macro>> {
    Ok(desk.macros().await?.into_iter().find(|one| one.name == *name))
}

async fn show(desk: &Desk, shown: &MacroShow) -> anyhow::Result<()> {
    let name = &shown.named.name;
    let Some(found) = find(desk, name).await? else { bail!("{}", missing(name)) };
    if shown.output.json {
        output::json(&found)?;
    } else {
        output::line(written(vec![found])?.trim_end())?;
    }
    Ok(())
}

fn missing(name: &MacroName) -> String {
    format!("there is no macro {name}: `firstline macro list` shows which there are")
}

async fn set(desk: &Desk, set: &MacroSet) -> anyhow::Result<()> {
    let name = &set.named.name;
    let before = find(desk, name).await?;
    let (mut texts, mut actions) = before.map(|one| (one.texts, one.actions)).unwrap_or_default();
    for (language, text) in [(Language::En, &set.en), (Language::De, &set.de)] {
        match text.as_deref().map(str::trim) {
            None => {}
            Some("") => drop(texts.remove(&language)),
            Some(text) => drop(texts.insert(language, text.to_owned())),
        }
    }
    if set.only_text || !set.actions.is_empty() {
        actions.clone_from(&set.actions);
    }
    let made = Macro::new(name.clone(), texts, actions).with_context(|| format!("{name} cannot be a macro"))?;
    desk.put_macros(&[made], false, BY).await?;
    output::line(format_args!("{name} can be used now: /macro {name}"))?;
    Ok(())
}

async fn import(desk: &Desk, import: &MacroImport) -> anyhow::Result<()> {
    let path = import.file.display();
    let text = fs::read_to_string(&import.file).with_context(|| format!("cannot read {path}"))?;
    let macros = read(&text).with_context(|| format!("{path} cannot be taken in"))?;
    let changes = desk.put_macros(&macros, import.prune, BY).await?;
    if import.output.json {
        output::json(&changes)?;
    } else {
        output::line(format_args!(
            "{} new, {} changed, {} as before, {} removed.",
            changes.added, changes.replaced, changes.unchanged, changes.removed
        ))?;
    }
    Ok(())
}

/// The macros of a file, or what is wrong with the first one that cannot be one.
fn read(text: &str) -> anyhow::Result<Vec<Macro>> {
    let file: Macros =
        toml::from_str(text).context("it is no list of macros; `firstline macro export` shows what one looks like")?;
    let mut macros: Vec<Macro> = Vec::new();
    for one in file.macros {
        let name: MacroName = one.name.parse()?;
        if macros.iter().any(|other| other.name == name) {
            bail!("{name} is there twice: remove one");
        }
        let texts: BTreeMap<Language, String> = [(Language::En, one.en), (Language::De, one.de)]
            .into_iter()
            .filter_map(|(language, text)| Some((language, text?.trim().to_owned())))
            .collect();
        let wrong = || format!("{name} cannot be a macro");
        let actions =
            one.actions.iter().map(|it| it.parse()).collect::<Result<Vec<MacroAction>, _>>().with_context(wrong)?;
        macros.push(Macro::new(name.clone(), texts, actions).with_context(wrong)?);
    }
    Ok(macros)
}

async fn export(desk: &Desk) -> anyhow::Result<()> {
    output::line(written(desk.macros().await?)?.trim_end())?;
    Ok(())
}

fn written(macros: Vec<Macro>) -> anyhow::Result<String> {
    let macros = macros
        .into_iter()
        .map(|mut one| Written {
            name: one.name.to_string(),
            en: one.texts.remove(&Language::En),
            de: one.texts.remove(&Language::De),
            actions: one.actions.iter().map(ToString::to_string).collect(),
        })
        .collect();
    toml::to_string_pretty(&Macros { macros }).context("the macros cannot be written as TOML")
}

async fn delete(desk: &Desk, named: &MacroNamed) -> anyhow::Result<()> {
    if !desk.remove_macro(&named.name, BY).await? {
        bail!("{}", missing(&named.name));
    }
    output::line(format_args!("{} is gone.", named.name))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let text = "[[macro]]\nname = \"vpn\"\nen = \"Hi {requester}\"\nde = \"\"\"Hallo\nzwei\"\"\"\ndo = [\"priority=high\", \"resolve\"]\n";
        let macros = read(text).unwrap();
        assert_eq!(macros[0].texts[&Language::De], "Hallo\nzwei");
        assert_eq!(read(&written(macros.clone()).unwrap()).unwrap(), macros);
        for wrong in [
            "macro = 1", "[[macro]]\nname = \"a\"", "[[macro]]\nname = \"a\"\nfr = \"x\"",
            "[[macro]]\nname=\"a\"\nen=\"{x}\"",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
