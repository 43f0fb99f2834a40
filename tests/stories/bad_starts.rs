//! What cannot work says so at once, by name, and says what to do.

use std::fs;

use firstline_tests::{
    both_databases,
    cli::Ran,
    desk::{Desk, bare_command, run},
};
use tempfile::TempDir;

both_databases!(what_is_misspelt_is_named);

async fn what_is_misspelt_is_named(desk: &Desk) {
    for line in [&["serve"][..], &["chat", "--as", "erika"], &["ticket", "list"]] {
        fs::write(desk.path("firstline.toml"), "[desk]\nnam = \"Desk\"\n").expect("the file can be written");
        desk.run(line).await.fails(2, &["firstline.toml", "desk.nam", "desk.name"]);
        fs::write(desk.path("firstline.toml"), "[desk]\nname = \"Desk\n").expect("the file can be written");
        desk.run(line).await.fails(2, &["firstline.toml"]);
        fs::remove_file(desk.path("firstline.toml")).expect("the file can be removed");

        let mut misspelt = desk.command(line);
        misspelt.env("FIRSTLINE_DESK__NAEM", "Desk");
        run(misspelt, line).await.fails(2, &["FIRSTLINE_DESK__NAEM", "FIRSTLINE_DESK__NAME"]);
        let mut senseless = desk.command(line);
        senseless.env("FIRSTLINE_DESK__LEAVE_AFTER", "soon");
        run(senseless, line).await.fails(2, &["desk.leave_after", "FIRSTLINE_DESK__LEAVE_AFTER"]);
    }
    let _ = desk.run(&["ticket", "list"]).await.succeeds();
}

/// Runs a command in an empty folder.
async fn in_an_empty_folder(line: &[&str]) -> Ran {
    let folder = TempDir::new().expect("a temporary folder can be made");
    run(bare_command(folder.path(), line), line).await
}

#[tokio::test]
async fn a_postgres_that_is_not_there_is_no_riddle() {
    // Port 1 is nobody's.
    let url = "postgres://desk:hunter2@127.0.0.1:1/desk";
    for line in [&["--database", url, "serve"][..], &["--database", url, "chat", "--as", "erika"]] {
        let failed = in_an_empty_folder(line).await;
        failed.fails(1, &["127.0.0.1"]);
        assert!(!format!("{}{}", failed.stdout, failed.stderr).contains("hunter2"), "{}", failed.stderr);
    }
    let doctor = in_an_empty_folder(&["--database", url, "doctor", "--json"]).await;
    assert_eq!(doctor.code, Some(1));
    assert!(!doctor.stdout.contains("hunter2"), "{}", doctor.stdout);
    let checks = doctor.json()["checks"].take();
    let database = checks.as_array().into_iter().flatten().find(|check| check["name"] == "database").cloned();
    let database = database.expect("the database is checked");
    assert_eq!(database["status"], "fail", "{database}");
    assert!(database["mend"].as_str().is_some_and(|mend| mend.contains("database.url")), "{database}");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    for command in ["serve", "chat"] {
        let failed = in_an_empty_folder(&["--database", "sqlite:no/such/folder/desk.db", command]).await;
        failed.fails(1, &["no/such/folder"]);
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port can be had");
    let address = taken.local_addr().expect("it has an address");
    let mut command = bare_command(folder.path(), &["serve"]);
    command.env("FIRSTLINE_WEB__LISTEN", address.to_string());
    let port = address.port().to_string();
    run(command, &["serve"]).await.fails(1, &[&port, "Address already in use", "web.listen", "FIRSTLINE_WEB__LISTEN"]);
}
