//! Where the snapshot of the articles is kept: a file beside the SQLite database, or in the user's cache folder.

use std::{
    env,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use firstline_engine::ports::Snapshots;
use firstline_store::DatabaseUrl;

use super::{database_file, fresh_id};
use crate::config::{Settings, SnapshotSetting};

/// The snapshots that the settings ask for; `None` where there are none to be.
pub(super) fn of(settings: &Settings) -> Option<Arc<dyn Snapshots>> {
    let path = match &settings.snapshot {
        SnapshotSetting::Off => return None,
        SnapshotSetting::At(path) => path.clone(),
        SnapshotSetting::Default => default_path(&settings.database)?,
    };
    Some(Arc::new(SnapshotFile { path }))
}

/// Beside a SQLite file; for a server, one file for each database in the user's cache folder. None for a database in memory.
fn default_path(database: &DatabaseUrl) -> Option<PathBuf> {
    if let Some(file) = database_file(database) {
        let mut name = file.into_os_string();
        name.push(".index");
        return Some(name.into());
    }
    if database.is_in_memory() {
        return None;
    }
    let folder = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")))?;
    // As printed the URL has no password in it; what is not a plain name in a file system is left out.
    let name: String = database.to_string().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    Some(cache.join("firstline").join(format!("{name}.index")))
}

/// A snapshot in a file.
struct SnapshotFile {
    path: PathBuf,
}

impl Snapshots for SnapshotFile {
    fn open(&self) -> io::Result<Option<Box<dyn Read>>> {
        match File::open(&self.path) {
            Ok(file) => Ok(Some(Box::new(io::BufReader::new(file)))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes beside it and renames, so that other instances and a kill at any moment find the old one or the new one.
    fn replace(&self, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        if let Some(folder) = self.path.parent().filter(|folder| *folder != Path::new("")) {
            fs::create_dir_all(folder)?;
        }
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{}", fresh_id()));
        let beside = PathBuf::from(name);
        let written = private(&beside).and_then(|mut file| {
            write(&mut file)?;
            file.sync_all()
        });
        let replaced = written.and_then(|()| fs::rename(&beside, &self.path));
        if replaced.is_err() {
            // What was begun is of no use; if it cannot be removed either, it is only in the way.
            let _ = fs::remove_file(&beside);
        }
        replaced
    }
}

/// A new file that only its owner can read: the words of articles are in it, those for staff included.
fn private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(snapshots: &SnapshotFile) -> Option<String> {
        snapshots.open().unwrap().map(|mut file| io::read_to_string(&mut file).unwrap())
    }

    #[test]
    fn a_snapshot_is_replaced_as_a_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let snapshots = SnapshotFile { path: folder.path().join("new").join("desk.index") };
        assert_eq!(content(&snapshots), None);
        snapshots.replace(&mut |out| out.write_all(b"first")).unwrap();
        assert_eq!(content(&snapshots).as_deref(), Some("first"));
        let failed = snapshots.replace(&mut |out| {
            out.write_all(b"sec")?;
            Err(io::ErrorKind::Other.into())
        });
        assert!(failed.is_err());
        assert_eq!(content(&snapshots).as_deref(), Some("first"));
        snapshots.replace(&mut |out| out.write_all(b"second")).unwrap();
        assert_eq!(content(&snapshots).as_deref(), Some("second"));
        assert_eq!(fs::read_dir(folder.path().join("new")).unwrap().count(), 1);
    }

    #[test]
    fn the_file_is_beside_the_database_or_in_the_cache() {
        let path = |url: &str| default_path(&url.parse().unwrap());
        assert_eq!(path("sqlite:data/desk.db"), Some("data/desk.db.index".into()));
        assert_eq!(path("sqlite::memory:"), None);
        let server = path("postgres://anna:secret@host:5432/desk").unwrap();
        assert!(server.to_string_lossy().ends_with("5432-desk.index"), "{server:?}");
        assert!(!server.to_string_lossy().contains("secret"), "{server:?}");
    }
}
