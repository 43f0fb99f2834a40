//! `firstline kb list`: which articles there are.

use firstline_engine::{
    desk::Desk,
    knowledge::{Article, ArticleId, ArticleKind, Audience, Language},
};
use serde::Serialize;

use crate::{cli::KbList, output};

/// One line of `--json`'s list.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a ArticleId,
    language: Language,
    title: &'a str,
    category: &'a str,
    kind: ArticleKind,
    audience: Audience,
    phrasings: usize,
    steps: usize,
}

pub(super) fn run(desk: &Desk, list: &KbList) -> anyhow::Result<()> {
    let library = desk.library();
    let articles: Vec<&Article> = library
        .articles()
        .filter(|article| list.language.is_none_or(|language| article.language == language))
        .collect();
    if list.output.json {
        let rows: Vec<Row<'_>> = articles.into_iter().map(row).collect();
        output::json(&rows)?;
        return Ok(());
    }
    let cells: Vec<Vec<String>> = articles
        .iter()
        .map(|article| {
            let Row { id, language, title, category, steps, .. } = row(article);
            vec![
                id.to_string(),
                language.to_string(),
                output::tame_line(category),
                steps.to_string(),
                output::tame_line(title),
            ]
        })
        .collect();
    output::table(&["ID", "LANGUAGE", "CATEGORY", "STEPS", "TITLE"], &cells)?;
    Ok(())
}

fn row(article: &Article) -> Row<'_> {
    Row {
        id: &article.id,
        language: article.language,
        title: &article.title,
        category: &article.category,
        kind: article.kind,
        audience: article.audience,
        phrasings: article.phrasings.len(),
        steps: article.steps.len(),
    }
}
