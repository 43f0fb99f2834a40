//! `firstline kb import`: articles from Markdown files. All files are read first; one error anywhere, and nothing is imported.
//! With `--test`, nothing is imported either if an article would not be found by its own words, or answer what it is not for.

use std::collections::BTreeMap;

use anyhow::bail;
use firstline_engine::{
    desk::Desk,
    knowledge::{Article, ArticleId, Language, Library},
};
use serde::Serialize;

use super::{
    files::{self, ReadError},
    test,
};
use crate::{cli::KbImport, compose::compose_to_answer, config::Settings, output};

/// What was done, or with `--dry-run` would be.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Changes {
    dry_run: bool,
    inserted: u64,
    replaced: u64,
    unchanged: u64,
    removed: u64,
}

pub(super) async fn run(settings: &Settings, import: &KbImport) -> anyhow::Result<()> {
    let articles = files::articles(&import.paths).map_err(|error| match error {
        ReadError::Articles(errors) => {
            let count = errors.len();
            anyhow::anyhow!(
                "nothing was imported because of {count} {}:\n  {}",
                plural(count, "error"),
                errors.join("\n  ")
            )
        }
        other => other.into(),
    })?;
    let desk = compose_to_answer(settings).await?.desk;
    if import.test {
        let broken = test::broken_by(&desk.library(), &articles, import.prune);
        if !broken.is_empty() {
            let lines: Vec<String> = broken.iter().map(test::line).collect();
            bail!("nothing was imported, because of what would not work:\n  {}", lines.join("\n  "));
        }
    }
    let changes = apply(&desk, &articles, import).await?;
    if import.output.json {
        output::json(&changes)?;
        return Ok(());
    }
    let Changes { dry_run, inserted, replaced, unchanged, removed } = changes;
    let would = if dry_run { "Would be: " } else { "" };
    output::line(format_args!(
        "{would}{inserted} added, {replaced} replaced, {unchanged} unchanged, {removed} removed."
    ))?;
    Ok(())
}

async fn apply(desk: &Desk, articles: &[Article], import: &KbImport) -> anyhow::Result<Changes> {
    if import.dry_run {
        return Ok(preview(&desk.library(), articles, import.prune));
    }
    let (inserted, replaced, unchanged, removed) = desk.put_articles(articles, import.prune, "cli").await?;
    Ok(Changes { dry_run: false, inserted, replaced, unchanged, removed })
}

/// What putting these articles in would change.
fn preview(library: &Library, articles: &[Article], prune: bool) -> Changes {
    let present: BTreeMap<(&ArticleId, Language), &Article> =
        library.articles().map(|article| ((&article.id, article.language), article)).collect();
    let mut changes = Changes { dry_run: true, ..Changes::default() };
    for article in articles {
        match present.get(&(&article.id, article.language)) {
            None => changes.inserted += 1,
            Some(&same) if same == article => changes.unchanged += 1,
            Some(_) => changes.replaced += 1,
        }
    }
    if prune {
        let total = u64::try_from(present.len()).unwrap_or(u64::MAX);
        changes.removed = total - changes.replaced - changes.unchanged;
    }
    changes
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

#[cfg(test)]
mod tests {
    use firstline_engine::knowledge::MatchSettings;

    use super::*;

    fn article(id: &str, title: &str) -> Article {
        let text = format!("---\nid: {id}\nlanguage: en\ntitle: {title}\ncategory: network\n---\n\nText\n");
        Article::from_markdown(&text).unwrap()
    }

    #[test]
    fn a_dry_run_tells_what_would_change() {
        let present = vec![article("a", "A"), article("b", "B"), article("c", "C")];
        let library = Library::build(present, &MatchSettings::default());
        let given = [article("a", "A"), article("b", "Better"), article("d", "D")];
        let check = |prune, removed| {
            let expected = Changes { dry_run: true, inserted: 1, replaced: 1, unchanged: 1, removed };
            assert_eq!(preview(&library, &given, prune), expected);
        };
        check(false, 0);
        check(true, 1);
    }
}
