//! Articles in Markdown files, wherever somebody points at.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use firstline_engine::knowledge::{Article, ArticleId, Language};

/// Why there are no articles.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    /// A folder or file is not there or not ours to read.
    #[error("cannot read {path}")]
    Path {
        /// Which.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Nothing in them.
    #[error("there are no articles (*.md) in {0}")]
    None(String),
    /// Everything that is wrong with the articles.
    #[error("the articles have errors:\n  {}", .0.join("\n  "))]
    Articles(Vec<String>),
}

/// The articles in these files and folders; at least one.
pub(super) fn articles(paths: &[PathBuf]) -> Result<Vec<Article>, ReadError> {
    let files = find(paths)?;
    if files.is_empty() {
        return Err(ReadError::None(shown(paths)));
    }
    read(&files).map_err(ReadError::Articles)
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
fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, ReadError> {
    let mut files = Vec::new();
    for path in paths {
        let kind = fs::metadata(path).map_err(|source| unreadable(path, source))?;
        if kind.is_dir() {
            let before = files.len();
            search(path, &mut files)?;
            files[before..].sort();
        } else {
            files.push(path.clone());
        }
    }
    // The same file may have been named twice, by itself and with its folder.
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(fs::canonicalize(file).unwrap_or_else(|_| file.clone())));
    Ok(files)
}

fn search(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), ReadError> {
    for entry in fs::read_dir(folder).map_err(|source| unreadable(folder, source))? {
        let entry = entry.map_err(|source| unreadable(folder, source))?;
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

fn unreadable(path: &Path, source: io::Error) -> ReadError {
    ReadError::Path { path: path.display().to_string(), source }
}

fn shown(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

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
