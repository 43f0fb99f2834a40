//! The server, started and stopped the way an operating system does it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
};

fn firstline(folder: &Path, line: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_firstline"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("FIRSTLINE_") {
            command.env_remove(name);
        }
    }
    command.args(line).current_dir(folder).env("FIRSTLINE_WEB__LISTEN", "127.0.0.1:0").stdin(Stdio::null());
    command
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Reads what a server says until it says this.
fn until(said: &mut impl Iterator<Item = std::io::Result<String>>, what: &str) -> String {
    let mut all = String::new();
    for line in said {
        let line = line.unwrap();
        all.push_str(&line);
        all.push('\n');
        if line.contains(what) {
            return all;
        }
    }
    panic!("the server ended without saying {what:?}: {all}");
}

#[test]
fn it_says_what_to_type_next_and_stops_when_told_to() {
    for name in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        // Without a command it serves.
        let mut server = firstline(folder.path(), &["--log-format", "json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(server.stdout.take().unwrap()).lines();
        let introduction = until(&mut said, "Ctrl-C stops.");
        for part in
            ["created firstline.db", "starter articles", " chat ", " chat --agent anna", "FIRSTLINE_TELEGRAM__TOKEN"]
        {
            assert!(introduction.contains(part), "{introduction:?} lacks {part:?}");
        }

        let (_, rest) = introduction.split_once("http://").unwrap();
        let address = rest.lines().next().unwrap();
        let mut page = TcpStream::connect(address).unwrap();
        page.write_all(format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        page.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

        // It shares its database with whoever else comes.
        let asked = firstline(folder.path(), &["kb", "ask", "vpn"]).output().unwrap();
        assert!(asked.status.success());

        signal(&server, name);
        assert!(server.wait().unwrap().success(), "SIG{name}");
        let mut log = String::new();
        server.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(lines.iter().any(|line| line["message"] == "the desk is closed"), "{log}");
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = firstline(folder.path(), &["serve"]).env("FIRSTLINE_WEB__LISTEN", &address).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains(&taken.local_addr().unwrap().port().to_string()) && said.contains("web.listen"), "{said}");
    assert_eq!(ended.stdout, b"", "nothing is announced that is not there");
}
