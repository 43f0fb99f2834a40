//! What is around the database: the configuration, the web page's port, the tokens.

use std::{io, path::Path};

use tokio::net::TcpListener;

use super::Check;
use crate::config::{Settings, Token, variable};

pub(super) fn configuration(settings: &Settings) -> Check {
    let source = match &settings.file {
        Some(file) => format!("{} and the environment are in order", file.display()),
        None => "no firstline.toml, which is fine: defaults and the environment".to_owned(),
    };
    Check::ok("configuration", source)
}

pub(super) async fn web(settings: &Settings) -> Check {
    let Some(address) = settings.web else { return Check::ok("web", "turned off") };
    match TcpListener::bind(address).await {
        Ok(_) if !address.ip().is_loopback() => Check::warn(
            "web",
            format!("{address} can be reached from other machines, without encryption"),
            "put a proxy that encrypts before it, and let web.listen be on 127.0.0.1",
        ),
        Ok(_) => Check::ok("web", format!("{address} is free")),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Check::warn(
            "web",
            format!("{address} is in use"),
            format!("if that is not Firstline itself, set web.listen or {} to another port", variable("web.listen")),
        ),
        Err(error) => Check::fail("web", format!("cannot listen on {address}: {error}"), "correct web.listen"),
    }
}

/// Whether there is a token, and who else can read its file. The token itself is never shown.
pub(super) fn platform(name: &'static str, token: Option<&Token>) -> Vec<Check> {
    let Some(token) = token else {
        let message = format!("not connected; to connect it, set {}", variable(&format!("{name}.token")));
        return vec![Check::ok(name, message)];
    };
    let mut checks = vec![Check::ok(name, "there is a token; whether it is valid was not checked")];
    if let Some(file) = &token.file {
        checks.extend(readable_by_others(file).map(|mode| {
            let message = format!("{} holds a token and other users can read it (mode {mode:o})", file.display());
            Check::warn(name, message, format!("chmod 600 {}", file.display()))
        }));
    }
    checks
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

    use super::{super::Status, *};

    #[test]
    fn a_token_that_others_can_read_is_a_warning_and_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        std::fs::write(&file, "hunter2").unwrap();
        let check = |mode, warnings| {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            let token = Token { secret: "hunter2".into(), file: Some(file.clone()) };
            let checks = platform("telegram", Some(&token));
            assert_eq!(checks.iter().filter(|check| check.status == Status::Warn).count(), warnings, "{mode:o}");
            assert!(!format!("{checks:?}").contains("hunter2"));
        };
        check(0o600, 0);
        check(0o640, 1);
        check(0o644, 1);
    }
}
