//! What can be wrong with an article's file, in words for the person who wrote it.

/// Why a text is not an article. The messages say what to change; lines count from 1 at the top of the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArticleError {
    /// The file does not begin with front matter.
    #[error(
        "the article has no front matter: begin the file with a line of three dashes, then id, language, title and category, then three dashes again"
    )]
    NoFrontMatter,
    /// The front matter does not end.
    #[error("the front matter is not closed: put a line of three dashes between the last key and the text")]
    OpenFrontMatter,
    /// The front matter has a key that articles do not have.
    #[error("{place}the key \"{key}\" is unknown: use id, language, title, category, kind, audience, phrasings, not_for and steps", place = place(*.line))]
    UnknownKey {
        /// The key as written.
        key: String,
        /// Where it is.
        line: Option<u64>,
    },
    /// The front matter lacks a key that every article needs.
    #[error("the key \"{key}\" is missing: add it to the front matter")]
    MissingKey {
        /// The missing key.
        key: &'static str,
    },
    /// A text that may not be blank is.
    #[error("\"{key}\" has a blank text: fill it in or remove it")]
    Blank {
        /// The key whose text, or one of whose texts, is blank.
        key: &'static str,
    },
    /// The front matter is not YAML, or a value is not what its key takes.
    #[error("{place}the front matter cannot be read: {problem} (a text with a colon or a quotation mark in it must be in quotation marks)", place = place(*.line))]
    FrontMatter {
        /// What the YAML parser says.
        problem: String,
        /// Where it says so.
        line: Option<u64>,
    },
    /// A file of a collection is not an article.
    #[error("{path}: {error}")]
    File {
        /// The file, relative to the collection.
        path: String,
        /// What is wrong with it.
        error: Box<Self>,
    },
}

fn place(line: Option<u64>) -> String {
    line.map(|line| format!("line {line}: ")).unwrap_or_default()
}

impl ArticleError {
    /// The same error, saying in which file.
    #[must_use]
    pub fn in_file(self, path: impl Into<String>) -> Self {
        Self::File { path: path.into(), error: Box::new(self) }
    }
}
