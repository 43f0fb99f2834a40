//! Files that a Bot API server of one's own gives out by naming a path on its disk (`--local`) instead of over HTTP. Only what lies in
//! the folder that the operator has named is read, wherever a path or a link in it leads.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use firstline_engine::ports::FetchError;

/// Reads a file in the folder, and nothing beyond so many bytes. Paths have the token in them: no error names one.
pub(super) async fn read(folder: Option<&Path>, path: &str, limit: u64) -> Result<Vec<u8>, FetchError> {
    let gone = |reason: &str| FetchError::Gone { reason: reason.to_owned() };
    let Some(folder) = folder.map(Path::to_owned) else {
        return Err(gone("the Bot API server runs with --local and names a path: telegram.local_files is not set"));
    };
    let path = PathBuf::from(path);
    let read = tokio::task::spawn_blocking(move || read_in(&folder, &path, limit)).await;
    match read.unwrap_or_else(|error| Err(io::Error::other(error))) {
        Ok(Some(bytes)) if bytes.len() as u64 > limit => Err(FetchError::TooLarge),
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(gone("the Bot API server names a path that is not in telegram.local_files")),
        Err(error) => Err(gone(&format!("a file in telegram.local_files cannot be read: {}", error.kind()))),
    }
}

/// One byte more than the limit shows that there is more. `None` where the path leads out of the folder, or to no file.
fn read_in(folder: &Path, path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let (folder, path) = (folder.canonicalize()?, path.canonicalize()?);
    if !path.starts_with(&folder) || !path.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink};

    use super::*;

    #[tokio::test]
    async fn only_what_lies_in_the_folder_is_read() {
        let base = std::env::temp_dir().join(format!("firstline-local-{}", std::process::id()));
        let folder = base.join("files");
        fs::create_dir_all(folder.join("photos")).expect("a folder");
        fs::write(base.join("secret"), "secret").expect("a file");
        fs::write(folder.join("photos/1.jpg"), "jpeg").expect("a file");
        symlink(base.join("secret"), folder.join("link")).expect("a link");
        let read =
            async |path: &str, limit: u64| read(Some(&folder), &format!("{}/{path}", base.display()), limit).await;
        assert_eq!(read("files/photos/1.jpg", 4).await.expect("it is there"), b"jpeg");
        assert_eq!(read("files/../files/photos/1.jpg", 4).await.expect("it is there"), b"jpeg");
        assert!(matches!(read("files/photos/1.jpg", 3).await, Err(FetchError::TooLarge)));
        for path in ["secret", "files/../secret", "files/link", "files/photos", "files/none"] {
            let refused = read(path, 100).await;
            assert!(
                matches!(&refused, Err(FetchError::Gone { reason }) if !reason.contains("secret")),
                "{path}: {refused:?}"
            );
        }
        let unset = super::read(None, &format!("{}/files/photos/1.jpg", base.display()), 100).await;
        assert!(matches!(unset, Err(FetchError::Gone { .. })));
        fs::remove_dir_all(&base).expect("it can be tidied up");
    }
}
