//! The starter base: common first-level articles in both languages, embedded in the binary.
//!
//! To add one, put a file into `knowledge/starter/en` and its translation, with the same id and the file name `<id>.md`,
//! into `knowledge/starter/de`. The tests of this module check every file.

use include_dir::{Dir, include_dir};

use crate::{Article, ArticleError};

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/starter");

/// Reads the starter base, ordered by file name within language.
pub fn articles() -> Result<Vec<Article>, ArticleError> {
    let mut files: Vec<_> = FILES.dirs().flat_map(Dir::files).collect();
    files.retain(|file| file.path().extension().is_some_and(|extension| extension == "md"));
    files.sort_by_key(|file| file.path());
    files
        .into_iter()
        .map(|file| {
            Article::from_markdown(&String::from_utf8_lossy(file.contents()))
                .map_err(|error| error.in_file(file.path().display().to_string()))
        })
        .collect()
}
