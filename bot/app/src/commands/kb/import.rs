//! `firstline kb import`: articles from Markdown files. All files are read first; one error anywhere, and nothing is imported.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use firstline_engine::{
    desk::Desk,
    knowledge::{Article, ArticleId, Language, Library},
};
use serde::Serialize;

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
    let files = find(&import.paths)?;
    if files.is_empty() {
        bail!("there are no articles (*.md) in {}", shown(&import.paths));
    }
    let articles = read(&files).map_err(|errors| {
        let count = errors.len();
        anyhow::anyhow!(
            "nothing was imported because of {count} {}:\n  {}",
            plural(count, "error"),
            errors.join("\n  ")
        )
    })?;
    let desk = compose_to_answer(settings).await?.desk;
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

/// The articles in these files, or everything that is wrong with them.
fn read(files: &[PathBuf]) -> Result<Vec<Article>, Vec<String>> {
    let mut articles = Vec::new();
    let mut errors = Vec::new();
    let mut seen: BTreeMap<(ArticleId, Language), &Path> = BTreeMap::new();
    for path in files {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                errors.push(format!("{}: cannot be read: {error}", path.display()));
                continue;
            }
        };
        match Article::from_markdown(&text) {
            Ok(article) => match seen.insert((article.id.clone(), article.language), path) {
                Some(other) => errors.push(format!(
                    "{}: has the id {} and the language {}, like {}: change one of them",
                    path.display(),
                    article.id,
                    article.language,
                    other.display()
                )),
                None => articles.push(article),
            },
            Err(error) => errors.push(error.in_file(path.display().to_string()).to_string()),
        }
    }
    if errors.is_empty() { Ok(articles) } else { Err(errors) }
}

/// The files that were named and those in the folders that were named, in order of their names.
fn find(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        let kind = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
        if kind.is_dir() {
            let before = files.len();
            search(path, &mut files)?;
            files[before..].sort();
        } else {
            files.push(path.clone());
        }
    }
    // The same file may have been named twice, by itself and with its folder.
    let mut seen = std::collections::BTreeSet::new();
    files.retain(|file| seen.insert(fs::canonicalize(file).unwrap_or_else(|_| file.clone())));
    Ok(files)
}

fn search(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if name.starts_with('.') {
            continue;
        }
        // A link to a folder is not followed: it could lead back up.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            search(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("md")) && name != "readme.md"
        {
            files.push(path);
        }
    }
    Ok(())
}

fn shown(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
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

    #[test]
    fn folders_are_searched_and_each_file_counts_once() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in ["b.md", "README.md", ".hidden.md", "notes.txt", "de/a.md", ".git/x.md"] {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = find(&[root.to_owned(), root.join("b.md")]).unwrap();
        assert_eq!(found, [root.join("b.md"), root.join("de/a.md")]);
    }
}
