//! `firstline init`: writes the commented default file.

use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    path::Path,
};

use anyhow::{Context as _, bail};

use crate::{
    cli::Init,
    config::{DEFAULT_FILE, FILE_NAME},
    output,
};

pub(super) fn run(path: Option<&Path>, init: &Init) -> anyhow::Result<()> {
    let path = path.unwrap_or(Path::new(FILE_NAME));
    let mut options = OpenOptions::new();
    options.write(true);
    if init.force {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    // Sooner or later there is a token in it.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path).and_then(|mut file| file.write_all(DEFAULT_FILE.as_bytes())) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            bail!("{} is there already: `--force` replaces it, `--config PATH` writes another", path.display())
        }
        Err(error) => return Err(error).with_context(|| format!("cannot write {}", path.display())),
    }
    output::line(format_args!(
        "Wrote {}. Every setting in it is explained and has its default; change what you like.",
        path.display()
    ))?;
    Ok(())
}
