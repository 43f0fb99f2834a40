//! `firstline kb export`: all articles as files that `kb import` reads back without loss.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use firstline_engine::desk::Desk;

use crate::{cli::KbExport, output};

pub(super) fn run(desk: &Desk, export: &KbExport) -> anyhow::Result<()> {
    let folder = &export.directory;
    if !export.force && !is_empty(folder)? {
        bail!("{} is not empty: choose another folder, or `--force` to write into it", folder.display());
    }
    let library = desk.library();
    let mut count = 0_u32;
    for article in library.articles() {
        let path = file(folder, article.language.as_str(), article.id.as_str());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
        }
        fs::write(&path, article.to_markdown()).with_context(|| format!("cannot write {}", path.display()))?;
        count += 1;
    }
    output::line(format_args!("Wrote {count} articles to {}.", folder.display()))?;
    Ok(())
}

fn file(folder: &Path, language: &str, id: &str) -> PathBuf {
    folder.join(language).join(format!("{id}.md"))
}

/// A folder that is not there is empty, too.
fn is_empty(folder: &Path) -> anyhow::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", folder.display())),
    }
}
