//! Attaching to a name: a lock on a file beside the database. The operating system holds it, and releases it however the
//! process ends, `kill -9` included.

use std::{
    ffi::OsString,
    fs::{File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// As long as this lives nobody else can attach to the name.
pub(super) struct Attached {
    _lock: File,
}

/// `None` when somebody else is attached. The file stays behind: removing it would let two processes each lock a file of that
/// name.
pub(super) fn attach(path: &Path) -> io::Result<Option<Attached>> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Attached { _lock: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// `firstline.db.chat-kim.lock`. What could be trouble in a file's name is written as its bytes in hexadecimal.
pub(super) fn lock_file(database: &Path, role: &str, name: &str) -> PathBuf {
    let mut safe = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_".contains(&byte) {
            safe.push(char::from(byte));
        } else {
            safe.extend(format!("%{byte:02x}").chars());
        }
    }
    let mut file = OsString::from(database);
    file.push(format!(".{role}-{safe}.lock"));
    file.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_is_attached_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = lock_file(&folder.path().join("desk.db"), "chat", "kim");
        let first = attach(&path).unwrap();
        assert!(first.is_some());
        assert!(attach(&path).unwrap().is_none());
        drop(first);
        assert!(attach(&path).unwrap().is_some());
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let name = |name| lock_file(Path::new("/data/desk.db"), "chat", name).display().to_string();
        assert_eq!(name("kim"), "/data/desk.db.chat-kim.lock");
        assert_eq!(name("../x"), "/data/desk.db.chat-%2e%2e%2fx.lock");
        assert_eq!(name("Jörg M"), "/data/desk.db.chat-J%c3%b6rg%20M.lock");
    }
}
