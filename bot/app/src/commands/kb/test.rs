//! `firstline kb test`: whether every article is found by its own title and phrasings. Fails if one is not, so that
//! publishing can wait for it.

use firstline_engine::{
    desk::Desk,
    knowledge::{ArticleId, SelfTestFailure},
};

use crate::{commands::Told, output};

pub(super) fn run(desk: &Desk, json: bool) -> anyhow::Result<()> {
    let test = desk.library().self_test();
    if json {
        output::json(&test)?;
    } else {
        for failure in &test.failures {
            output::line(line(failure))?;
        }
        let failed = test.failures.len();
        output::line(format_args!("{} titles and phrasings asked, {failed} do not find their article.", test.asked))?;
    }
    if test.failures.is_empty() { Ok(()) } else { Err(Told.into()) }
}

fn line(failure: &SelfTestFailure) -> String {
    let SelfTestFailure { id, language, text, found, .. } = failure;
    let found: Vec<&str> = found.iter().map(ArticleId::as_str).collect();
    let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
    format!("{id} ({language}): {:?} finds {found}", output::tame_line(text))
}
