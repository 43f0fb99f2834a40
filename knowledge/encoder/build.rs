//! Looks whether the model files are there, so that a checkout without them still builds: the functions in `lib.rs`
//! that give a built-in encoder then answer `None`, and the build says so. And says in `FIRSTLINE_ENCODER_SOURCE` what the
//! encoders are made of.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

/// Bytes of a model file in which its checksum stands, see `src/file.rs`.
const HEAD: u64 = 48;

fn main() -> io::Result<()> {
    let mut made_of: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    println!("cargo::rerun-if-changed=src");
    for entry in fs::read_dir("src")? {
        let path = entry?.path();
        let text = fs::read(&path)?;
        made_of.insert(path, text);
    }
    for (feature, condition, file) in [
        ("BILINGUAL", "bilingual_present", "models/bilingual.flenc"),
        ("MINILM", "minilm_present", "models/minilm-l6.flenc"),
        ("MULTILINGUAL", "multilingual_present", "models/use-multilingual-de-en.flenc"),
    ] {
        println!("cargo::rustc-check-cfg=cfg({condition})");
        println!("cargo::rerun-if-changed={file}");
        if std::env::var_os(format!("CARGO_FEATURE_{feature}")).is_none() {
            continue;
        }
        if Path::new(file).is_file() {
            println!("cargo::rustc-cfg={condition}");
            let mut head = Vec::new();
            File::open(file)?.take(HEAD).read_to_end(&mut head)?;
            made_of.insert(file.into(), head);
        } else {
            println!(
                "cargo::warning={file} is missing; built without this encoder (to make it: knowledge/encoder/recipe)"
            );
        }
    }
    // FNV-1a, 64 bits.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for (path, bytes) in made_of {
        for byte in path.to_string_lossy().bytes().chain(bytes) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    println!("cargo::rustc-env=FIRSTLINE_ENCODER_SOURCE={hash:016x}");
    Ok(())
}
