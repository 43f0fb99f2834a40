//! `firstline kb`: the articles, in, out, and tried.

mod ask;
mod eval;
mod export;
mod files;
mod import;
mod list;
mod test;

use crate::{cli::Kb, compose::compose_to_answer, config::Settings};

pub(super) async fn run(settings: &Settings, kb: &Kb) -> anyhow::Result<()> {
    let desk = match kb {
        // Reads all files before it touches the database.
        Kb::Import(import) => return import::run(settings, import).await,
        Kb::Eval(eval) => return eval::run(eval, &settings.matching),
        _ => {
            let desk = compose_to_answer(settings).await?.desk;
            if matches!(kb, Kb::Ask(_) | Kb::Test(_)) {
                // Whoever looks this closely gets what the desk will answer when it has caught up with the last change.
                while desk.settle_library().await? {}
            }
            desk
        }
    };
    match kb {
        Kb::Import(_) | Kb::Eval(_) => Ok(()),
        Kb::Export(export) => export::run(&desk, export),
        Kb::List(list) => list::run(&desk, list),
        Kb::Ask(ask) => ask::run(&desk, ask),
        Kb::Test(output) => test::run(&desk, output.json),
    }
}
