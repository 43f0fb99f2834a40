//! What is around the database: the configuration, the web page's port.

use std::io;

use tokio::net::TcpListener;

use super::Check;
use crate::config::{Settings, variable};

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
