//! A PostgreSQL of a story's own, which can be ended, killed and started again under everybody's feet, and whose disk can be full.
//! It listens on a socket in its own folder, so that it needs no port, and is gone when this is dropped.

use std::{
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::{Command as Blocking, Stdio},
};

use tempfile::TempDir;
use tokio::process::Command;

use crate::{PATIENCE, program::Program};

/// How a server is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As an operator restarts it: what is under way is rolled back, the connections are closed (SIGINT).
    Restart,
    /// As if it had crashed: it has to recover from its log (SIGQUIT).
    Crash,
}

/// A PostgreSQL server.
#[derive(Debug)]
pub struct Postgres {
    folder: TempDir,
    /// Who runs it: PostgreSQL refuses to run as root.
    user: Option<(u32, u32)>,
    /// A disk of a few megabytes for its tables.
    disk: Option<SmallDisk>,
    running: Option<Program>,
}

impl Postgres {
    /// Starts one.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let user = unprivileged();
        let mut postgres = Self { folder, user, disk: None, running: None };
        postgres.gives(postgres.folder.path());
        let data = postgres.data();
        let mut initdb = Command::from(postgres.tool("initdb"));
        initdb.arg("-D").arg(data).args(["-U", "firstline", "--auth=trust", "--encoding=UTF8", "--no-locale", "-N"]);
        let made = initdb.stdin(Stdio::null()).output().await.expect("initdb can be run");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        postgres.starts().await;
        postgres
    }

    /// The address of its first database.
    pub fn url(&self) -> String {
        format!("postgres://firstline@localhost/postgres?host={}", self.folder.path().display())
    }

    /// Ends it, and waits until it has ended.
    pub async fn ends(&mut self, how: Ending) {
        let mut running = self.running.take().expect("it runs");
        running.signal(match how {
            Ending::Restart => "INT",
            Ending::Crash => "QUIT",
        });
        running.ends().await;
    }

    /// Starts it again, and waits until it takes connections.
    pub async fn starts(&mut self) {
        let mut command = self.tool("postgres");
        command.arg("-D").arg(self.data()).arg("-k").arg(self.folder.path());
        command.args(["-c", "listen_addresses=", "-c", "max_connections=50"]);
        let running = Program::start("PostgreSQL".to_owned(), Command::from(command));
        let ready = |lines: &[String]| lines.iter().any(|it| it.contains("ready to accept connections")).then_some(());
        if running.log.wait_for(PATIENCE, ready).await.is_none() {
            running.fail("it does not start");
        }
        self.running = Some(running);
    }

    /// A folder for tables on a disk of a few megabytes. `None` where `FIRSTLINE_TEST_WITHOUT_MOUNT` says that none can be had.
    pub fn small_disk(&mut self, megabytes: u32) -> Option<PathBuf> {
        if std::env::var_os("FIRSTLINE_TEST_WITHOUT_MOUNT").is_some() {
            return None;
        }
        let disk = SmallDisk::mount(self.folder.path().join("disk"), megabytes);
        let tables = disk.folder.join("tables");
        std::fs::create_dir(&tables).expect("the small disk can be written to");
        self.gives(&tables);
        self.disk = Some(disk);
        Some(tables)
    }

    /// The small disk is full to the last byte, or no longer.
    pub fn disk_is_full(&self, full: bool) {
        let ballast = self.disk.as_ref().expect("there is a small disk").folder.join("ballast");
        if !full {
            return std::fs::remove_file(ballast).expect("the ballast can be thrown off");
        }
        let mut file = std::fs::File::create(ballast).expect("the ballast can be made");
        let error = loop {
            match std::io::Write::write_all(&mut file, &[0; 4096]) {
                Ok(()) => {}
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull, "{error}");
    }

    /// Waits for a line with this in its log.
    pub async fn logs(&self, part: &str) {
        let running = self.running.as_ref().expect("it runs");
        let found = running.log.wait_for(PATIENCE, |lines| lines.iter().any(|it| it.contains(part)).then_some(()));
        if found.await.is_none() {
            running.fail(&format!("waited in vain for {part:?}"));
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn gives(&self, path: &Path) {
        if let Some((user, group)) = self.user {
            chown(path, Some(user), Some(group)).expect("root can give a folder away");
        }
    }

    fn tool(&self, name: &str) -> Blocking {
        use std::os::unix::process::CommandExt as _;

        let mut command = Blocking::new(tools().join(name));
        command.current_dir(self.folder.path());
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group).env("HOME", self.folder.path());
        }
        command
    }
}

/// A file system in memory. It is unmounted when this is dropped, and goes with the machine at the latest.
#[derive(Debug)]
struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    fn mount(folder: PathBuf, megabytes: u32) -> Self {
        std::fs::create_dir(&folder).expect("a folder can be made");
        let size = format!("size={megabytes}m,mode=755");
        let mounted = Blocking::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&folder).output();
        let mounted = mounted.expect("mount can be run");
        assert!(
            mounted.status.success(),
            "only root can mount a small disk: run this as root, or leave it out by FIRSTLINE_TEST_WITHOUT_MOUNT=1: {}",
            String::from_utf8_lossy(&mounted.stderr)
        );
        Self { folder }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a server that is being ended may still hold a file.
        let _ = Blocking::new("umount").arg("--lazy").arg(&self.folder).status();
    }
}

/// Where PostgreSQL's programs are.
fn tools() -> PathBuf {
    let has_both = |folder: &PathBuf| folder.join("initdb").exists() && folder.join("postgres").exists();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = std::env::split_paths(&path).chain(versions.map(|version| version.path().join("bin")));
    folders.find(has_both).expect("PostgreSQL is installed: `tests/run` sees to it")
}

/// Where we are root, the user and the group that run PostgreSQL.
fn unprivileged() -> Option<(u32, u32)> {
    let ask = |what: &str, user: &[&str]| {
        let told = Blocking::new("id").arg(what).args(user).output().ok().filter(|it| it.status.success())?;
        String::from_utf8_lossy(&told.stdout).trim().parse::<u32>().ok()
    };
    if ask("-u", &[]) != Some(0) {
        return None;
    }
    let of = |user| Some((ask("-u", &[user])?, ask("-g", &[user])?));
    Some(of("postgres").or_else(|| of("nobody")).expect("there is a user without rights"))
}
