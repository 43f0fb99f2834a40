//! Articles: what the desk can answer.
//!
//! An article is one problem or request in one language. The same [`ArticleId`] in the other language is its translation.
//! As a file it is Markdown with front matter ([`Article::from_markdown`], [`Article::to_markdown`]).

mod error;
mod id;
mod markdown;
mod yaml;

use serde::{Deserialize, Serialize};

pub use self::{
    error::ArticleError,
    id::{ArticleId, ArticleIdError},
};
use crate::Language;

/// One knowledge entry in one language.
///
/// The fields are plain text as the author wrote it; only `body` is Markdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Names the article in every language; the pair of id and language is unique in a [`crate::Library`].
    pub id: ArticleId,
    /// The language of all the texts below.
    pub language: Language,
    /// The problem or request in one line, as an employee would put it.
    pub title: String,
    /// Where tickets about it are filed, for example `network`. Free text; the base's set is [`crate::Library::categories`].
    pub category: String,
    /// Whether something is broken or something is wanted.
    #[serde(default)]
    pub kind: ArticleKind,
    /// Who may see it.
    #[serde(default)]
    pub audience: Audience,
    /// Other ways in which employees word the same question.
    #[serde(default)]
    pub phrasings: Vec<String>,
    /// Questions that look as if they were about it and are not. The article does not answer them; [`crate::Library::self_test`]
    /// makes sure of it.
    #[serde(default)]
    pub not_for: Vec<String>,
    /// The guide: what to try, in order, one action each. Empty for an article that only informs.
    #[serde(default)]
    pub steps: Vec<String>,
    /// The answer, in Markdown.
    #[serde(default)]
    pub body: String,
}

/// What an article is about, in the terms of ITIL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArticleKind {
    /// Something does not work. Written `incident`.
    #[default]
    Incident,
    /// Somebody wants something: access, equipment, advice. Written `service-request`.
    ServiceRequest,
}

impl ArticleKind {
    /// As written in front matter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::ServiceRequest => "service-request",
        }
    }
}

/// Who asks, and who may see an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// All employees. As an asker: sees only articles for everyone.
    #[default]
    Everyone,
    /// Agents and admins. As an asker: sees all articles.
    Staff,
}

impl Audience {
    /// As written in front matter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Staff => "staff",
        }
    }

    /// Whether someone of this audience may see an article meant for `article`.
    pub const fn may_see(self, article: Self) -> bool {
        matches!((self, article), (Self::Staff, _) | (_, Self::Everyone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_names_are_the_serde_names() {
        for kind in [ArticleKind::Incident, ArticleKind::ServiceRequest] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        for audience in [Audience::Everyone, Audience::Staff] {
            assert_eq!(serde_json::to_value(audience).unwrap(), audience.as_str());
        }
    }

    #[test]
    fn only_staff_sees_staff_articles() {
        assert!(Audience::Staff.may_see(Audience::Staff));
        assert!(Audience::Staff.may_see(Audience::Everyone));
        assert!(Audience::Everyone.may_see(Audience::Everyone));
        assert!(!Audience::Everyone.may_see(Audience::Staff));
    }
}
