//! The platforms' tokens: whether there are any, whether the platform accepts them, and who can read their files. No token is
//! ever shown.

use std::{fmt::Display, path::Path, time::Duration};

use firstline_discord::DiscordError;
use tokio::time::timeout;

use super::Check;
use crate::{
    compose::platforms,
    config::{Settings, Token, variable},
    output,
};

/// How long a platform may take to answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn discord(settings: &Settings) -> Check {
    const NAME: &str = "discord";
    match platforms::discord(settings) {
        Ok(None) => absent(NAME),
        Ok(Some(discord)) => match timeout(PATIENCE, discord.check()).await {
            Ok(Ok(who)) => match timeout(PATIENCE, discord.inspect()).await {
                Ok(Ok(to_do)) if to_do.is_empty() => accepted(NAME, &who),
                Ok(Ok(to_do)) => {
                    let message = format!("the token is that of {}, but something is missing", output::tame_line(&who));
                    Check::warn(NAME, message, output::tame_line(&to_do.join("; ")))
                }
                Ok(Err(error)) => unknown(NAME, &error),
                Err(late) => unknown(NAME, &late),
            },
            Ok(Err(error @ DiscordError::Token)) => refused(NAME, &error),
            Ok(Err(error)) => unknown(NAME, &error),
            Err(late) => unknown(NAME, &late),
        },
        Err(error) => unusable(NAME, &error),
    }
}

pub(super) fn absent(name: &'static str) -> Check {
    Check::ok(name, format!("not connected; to connect it, set {}", variable(&format!("{name}.token"))))
}

pub(super) fn accepted(name: &'static str, who: &str) -> Check {
    Check::ok(name, format!("the token is that of {}", output::tame_line(who)))
}

pub(super) fn refused(name: &'static str, error: &dyn Display) -> Check {
    Check::fail(name, "the token is not accepted", error.to_string())
}

pub(super) fn unknown(name: &'static str, reason: &dyn Display) -> Check {
    let mend = format!("check that this machine is online and that {name}.api_url is right");
    Check::warn(name, format!("there is a token, but it could not be checked: {reason}"), mend)
}

pub(super) fn unusable(name: &'static str, error: &anyhow::Error) -> Check {
    Check::fail(name, output::reasons(error), format!("correct the settings under [{name}]"))
}

/// The files of tokens that others can read, too.
pub(super) fn files(settings: &Settings) -> Vec<Check> {
    [("telegram", &settings.telegram.token), ("discord", &settings.discord.token)]
        .into_iter()
        .filter_map(|(name, token)| file(name, token.as_ref()?))
        .collect()
}

fn file(name: &'static str, token: &Token) -> Option<Check> {
    let file = token.file.as_ref()?;
    let mode = readable_by_others(file)?;
    let message = format!("{} holds a token and other users can read it (mode {mode:o})", file.display());
    Some(Check::warn(name, message, format!("chmod 600 {}", file.display())))
}

/// The file's permissions, when they let others read it.
#[cfg(unix)]
fn readable_by_others(file: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file).ok()?.permissions().mode() & 0o777;
    (mode & 0o044 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn readable_by_others(_file: &Path) -> Option<u32> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_token_that_others_can_read_is_a_warning() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "hunter2").unwrap();
        let check = |mode, warned| {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let found = file("telegram", &Token { secret: "hunter2".into(), file: Some(path.clone()) });
            assert_eq!(found.is_some(), warned, "{mode:o}");
            assert!(!format!("{found:?}").contains("hunter2"));
        };
        check(0o600, false);
        check(0o640, true);
        check(0o644, true);
    }
}
