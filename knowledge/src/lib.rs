//! The knowledge base: articles in, verdict out.
//!
//! Pure: no clock, no network, no database, no async. The way of a question:
//!
//! 1. [`Library::ask`] takes a [`Question`] and says which articles the asker may see.
//! 2. `text` turns it into words and terms, in the same way as the articles.
//! 3. `search` corrects misspellings, ranks the articles of both languages, and says how sure it is.
//! 4. `verdict` draws the conclusion: [`Conclusion::Answer`], [`Conclusion::Ambiguous`] or [`Conclusion::Unknown`].
//!
//! Better matching goes behind `search`; nothing else knows how articles are compared.
//!
//! ```
//! use firstline_knowledge::{Article, Audience, Conclusion, Library, MatchSettings, Question};
//!
//! let article = Article::from_markdown(
//!     "---\nid: vpn-cannot-connect\nlanguage: en\ntitle: I cannot connect to the VPN\ncategory: network\n---\n\nRestart it.\n",
//! )?;
//! let library = Library::build(vec![article], &MatchSettings::default());
//! let verdict = library.ask(&Question { text: "cannot conect to vpn", language: None, audience: Audience::Everyone, not: &[] });
//! assert_eq!(verdict.conclusion, Conclusion::Answer);
//! assert_eq!(verdict.candidates[0].id.as_str(), "vpn-cannot-connect");
//! # Ok::<(), firstline_knowledge::ArticleError>(())
//! ```

mod article;
pub mod evaluation;
mod explanation;
mod language;
mod library;
mod search;
pub mod secrets;
mod selftest;
mod settings;
pub mod starter;
mod text;
mod verdict;

pub use crate::{
    article::{Article, ArticleError, ArticleId, ArticleIdError, ArticleKind, Audience},
    explanation::{CandidateExplained, Explanation, FieldName, Nearest, WordFound, WordRead},
    language::{Language, LanguageError, detect_language},
    library::Library,
    search::snapshot::SnapshotError,
    selftest::{SelfTest, SelfTestFailure, SelfTestProblem},
    settings::MatchSettings,
    verdict::{Candidate, Conclusion, Correction, Question, Thresholds, Verdict},
};
