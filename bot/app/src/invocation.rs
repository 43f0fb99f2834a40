//! How the program was started, so that the commands it tells people to type work where they are.

use std::{env, path::Path};

use firstline_store::DatabaseUrl;
use secrecy::ExposeSecret as _;

use crate::cli::Common;

/// What to type to run the program again the way it was run: `cargo run --release --`, `./target/debug/firstline`, `firstline`,
/// with the flags that say which desk it is.
pub(crate) fn command(common: &Common) -> String {
    let program = program(
        env::args().next().as_deref(),
        // Cargo sets this for what it runs; the path makes sure that it was not inherited by an installed program.
        env::var_os("CARGO_PKG_NAME").is_some_and(|name| name == env!("CARGO_PKG_NAME")),
    );
    let mut words = vec![program];
    if let Some(config) = &common.config {
        words.extend(["--config".to_owned(), quoted(&config.display().to_string())]);
    }
    if let Some(database) = &common.database {
        // A password is not repeated on the screen.
        if let Ok(url) = database.expose_secret().parse::<DatabaseUrl>() {
            words.extend(["--database".to_owned(), quoted(&url.to_string())]);
        }
    }
    words.join(" ")
}

fn program(argument: Option<&str>, by_cargo: bool) -> String {
    let typed = argument.unwrap_or("firstline");
    let within = |folder: &str| Path::new(typed).parent().is_some_and(|parent| parent.ends_with(folder));
    match by_cargo {
        true if within("release") => "cargo run --release --".to_owned(),
        true if within("debug") => "cargo run --".to_owned(),
        _ => quoted(typed),
    }
}

/// A word as a shell reads it back.
pub(crate) fn quoted(text: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "-_./:=@,+".contains(character);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_shown_as_they_were_typed() {
        let check = |argument: &str, by_cargo, expected: &str| assert_eq!(program(Some(argument), by_cargo), expected);
        check("target/release/firstline", true, "cargo run --release --");
        check("/src/target/debug/firstline", true, "cargo run --");
        check("/src/target/debug/firstline", false, "/src/target/debug/firstline");
        check("firstline", false, "firstline");
        check("firstline", true, "firstline");
        check("/my programs/it's", false, r"'/my programs/it'\''s'");
    }
}
