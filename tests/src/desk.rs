//! One desk of a story: a folder and a database of its own, and the programs that run on them.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use firstline_store::testing::TestDatabase;
use tempfile::TempDir;
use tokio::{
    process::Command,
    time::{Instant, sleep, timeout},
};

use crate::{
    PATIENCE,
    chat::Chat,
    cli::Ran,
    program::{self, Program},
    server::Server,
    ticket::Ticket,
};

/// How often a state is looked at while it is waited for. Looking starts a process, which takes longer than this.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A desk. Its folder and its database are gone when this is dropped.
#[derive(Debug)]
pub struct Desk {
    folder: TempDir,
    database: TestDatabase,
}

impl Desk {
    /// On a fresh SQLite file.
    pub async fn on_sqlite() -> Self {
        Self::on(TestDatabase::sqlite().await)
    }

    /// On a fresh PostgreSQL database, of the server that `FIRSTLINE_TEST_POSTGRES_URL` names.
    pub async fn on_postgres() -> Self {
        Self::on(TestDatabase::postgres().await)
    }

    /// On a fresh database of the PostgreSQL server at this address.
    pub async fn on_server(url: &str) -> Self {
        Self::on(TestDatabase::on_server(url).await)
    }

    /// On a fresh database of the PostgreSQL server at this address, with its tables in a folder of that server's.
    pub async fn on_server_in(url: &str, folder: &Path) -> Self {
        Self::on(TestDatabase::on_server_in(url, folder).await)
    }

    fn on(database: TestDatabase) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        Self { folder, database }
    }

    /// Its folder, in which everything is run.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file in its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Breaks every connection to the database, where it is a server: the programs have to come back by themselves.
    pub async fn break_connections(&self) -> u64 {
        self.database.break_connections().await
    }

    /// On PostgreSQL: the connection breaks at the end of each transaction that makes such a row (`NEW`) of a table, `times` times.
    pub async fn break_at_commit_of(&self, table: &str, row: &str, times: u32) {
        self.database.break_at_commit_of(table, row, times).await;
    }

    /// The file that the database is, where it is one.
    pub fn database_file(&self) -> Option<PathBuf> {
        self.database.file()
    }

    /// Every text in the database, as it lies there.
    pub async fn everything_stored(&self) -> String {
        self.database.everything().await
    }

    /// From now on, or no longer, no event can be stored, as on a full disk.
    pub async fn disk_is_full(&self, full: bool) {
        self.database.refuse_events(full).await;
    }

    /// As if the desk had heard of a platform for the last time so long ago.
    pub async fn has_heard_nothing_of(&self, platform: &str, since: Duration) {
        self.database.backdate_hearing(platform, since).await;
    }

    /// As if everything that is to be sent had been written so long before it was.
    pub async fn was_written_before(&self, by: Duration) {
        self.database.backdate_messages(by).await;
    }

    /// The program with this command line, on this desk's database and with no settings but ours.
    pub fn command(&self, line: &[&str]) -> Command {
        let mut command = bare_command(self.folder(), line);
        command.env("FIRSTLINE_DATABASE__URL", self.database.url()).env("FIRSTLINE_WEB__LISTEN", "127.0.0.1:0");
        command.env("FIRSTLINE_KNOWLEDGE__SNAPSHOT", self.path("desk.index"));
        command
    }

    /// Runs a command to its end.
    pub async fn run(&self, line: &[&str]) -> Ran {
        run(self.command(line), line).await
    }

    /// Somebody opens their chat: their screen is blank until the first line comes.
    pub fn employee(&self, name: &str) -> Chat {
        self.chat(name, &["chat", "--as", name])
    }

    /// An agent opens their console.
    pub fn agent(&self, name: &str) -> Chat {
        self.chat(name, &["chat", "--agent", name])
    }

    /// Somebody opens their chat with further flags.
    pub fn chat(&self, name: &str, line: &[&str]) -> Chat {
        Chat::new(name, Program::start(format!("{name}'s terminal (firstline {})", line.join(" ")), self.command(line)))
    }

    /// Starts a server and waits until it is open.
    pub async fn serve(&self) -> Server {
        Server::start(self.command(&["serve"])).await
    }

    /// Starts a server with further settings, as environment variables, and waits until it is open.
    pub async fn serve_with(&self, environment: &[(&str, &str)]) -> Server {
        let mut command = self.command(&["serve"]);
        command.envs(environment.iter().copied());
        Server::start(command).await
    }

    /// A server stands still (SIGSTOP) until it goes on, and not while it writes: where the database is a file, nobody else could
    /// write until then.
    pub async fn stops(&self, server: &Server) {
        self.until("it stands still without writing", async || {
            server.is_stopped();
            let free = self.database.can_be_written().await;
            if !free {
                server.goes_on();
            }
            free.then_some(())
        })
        .await;
    }

    /// Runs a server with further settings that cannot be used, until it has ended by itself.
    pub async fn serve_with_ended(&self, environment: &[(&str, &str)]) -> Ran {
        let mut command = self.command(&["serve"]);
        command.envs(environment.iter().copied());
        run(command, &["serve"]).await
    }

    /// A ticket as it is now.
    pub async fn ticket(&self, number: i64) -> Ticket {
        let number = number.to_string();
        Ticket::read(self.run(&["ticket", "show", &number, "--json"]).await.succeeds().json())
    }

    /// The ticket, if there is one of that number yet.
    pub async fn find_ticket(&self, number: i64) -> Option<Ticket> {
        let number = number.to_string();
        let ran = self.run(&["ticket", "show", &number, "--json"]).await;
        (ran.code == Some(0)).then(|| Ticket::read(ran.json()))
    }

    /// How many tickets there are, closed ones among them.
    pub async fn count_tickets(&self) -> usize {
        let list = self.run(&["ticket", "list", "--all", "--json"]).await.succeeds().json();
        list.as_array().map_or(0, Vec::len)
    }

    /// Waits until everything that was accepted is handled and everything that is to be said is sent. There may be much of it:
    /// it is in vain only when for a while nothing has become less or more.
    pub async fn settles(&self) {
        self.settles_but_for(0).await;
    }

    /// The same, but for so many messages that are held back while they are sent.
    pub async fn settles_but_for(&self, held_back: u64) {
        let mut waiting = [u64::MAX; 2];
        let mut deadline = Instant::now() + PATIENCE;
        loop {
            let now @ [inbox, outbox] = self.waiting().await;
            if inbox == 0 && outbox <= held_back {
                return;
            }
            if now != waiting {
                waiting = now;
                deadline = Instant::now() + PATIENCE;
            }
            assert!(Instant::now() < deadline, "waited in vain: {inbox} in the inbox, {outbox} in the outbox");
            sleep(LOOK_AGAIN).await;
        }
    }

    /// How many messages are still to be handled, and how many to be sent.
    async fn waiting(&self) -> [u64; 2] {
        let checks = self.run(&["doctor", "--json"]).await.succeeds().json()["checks"].take();
        ["inbox", "outbox"].map(|name| {
            let checks = checks.as_array().into_iter().flatten().filter(|check| check["name"] == name);
            let texts = checks.filter_map(|check| check["message"].as_str()?.split_once(" messages wait"));
            let counts: Vec<u64> = texts.filter_map(|(count, _)| count.parse().ok()).collect();
            assert!(!counts.is_empty(), "doctor does not say how much waits in the {name}");
            counts.into_iter().sum()
        })
    }

    /// Waits for a state: looks again and again until `look` finds what it looks for.
    pub async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look().await {
                return found;
            }
            assert!(Instant::now() < deadline, "waited in vain until {what}");
            sleep(LOOK_AGAIN).await;
        }
    }
}

/// The program with this command line, in this folder and with no settings at all.
pub fn bare_command(folder: &Path, line: &[&str]) -> Command {
    let mut command = Command::new(program::path());
    command.args(line).current_dir(folder).env("RUST_BACKTRACE", "0");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("FIRSTLINE_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command to its end.
pub async fn run(mut command: Command, line: &[&str]) -> Ran {
    command.stdin(Stdio::null()).kill_on_drop(true);
    let Ok(output) = timeout(PATIENCE, command.output()).await else {
        panic!("`{}` does not end", line.join(" "));
    };
    Ran::new(line, &output.expect("the program can be run"))
}
