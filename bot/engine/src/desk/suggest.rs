//! Titles of articles while somebody is still typing a question.

use std::collections::BTreeSet;

use firstline_knowledge::{Article, Audience, Language, Question};

use crate::desk::Desk;

/// So many of what the knowledge base thinks of come first.
const BEST: usize = 10;

impl Desk {
    /// Titles of articles that fit what was typed so far, the likeliest first, in this language where an article speaks it. Only
    /// articles that everybody may see.
    #[must_use]
    pub fn suggest(&self, typed: &str, language: Option<Language>, at_most: usize) -> Vec<String> {
        let language = language.unwrap_or(self.policy().default_language);
        let library = self.library();
        let mut articles: Vec<&Article> =
            library.articles().filter(|article| Audience::Everyone.may_see(article.audience)).collect();
        // An article that speaks the language hides its translations.
        let spoken: BTreeSet<_> = articles.iter().filter(|it| it.language == language).map(|it| &it.id).collect();
        articles.retain(|it| it.language == language || !spoken.contains(&it.id));
        let typed = typed.trim().to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let named = |article: &Article| {
            let title = article.title.to_lowercase();
            words.iter().all(|word| title.contains(word))
        };
        let question = Question { text: &typed, language: Some(language), audience: Audience::Everyone, not: &[] };
        let verdict = (!typed.is_empty()).then(|| library.ask_listing(&question, BEST));
        let thought_of = verdict
            .iter()
            .flat_map(|verdict| &verdict.candidates)
            .filter_map(|it| articles.iter().find(|article| article.id == it.id).copied());
        let mut titles: Vec<&str> = Vec::new();
        for article in articles.iter().copied().filter(|it| named(it)).chain(thought_of) {
            if !titles.contains(&article.title.as_str()) {
                titles.push(&article.title);
            }
        }
        titles.into_iter().take(at_most).map(str::to_owned).collect()
    }
}
