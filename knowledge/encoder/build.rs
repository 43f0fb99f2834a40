//! Looks whether the model files are there, so that a checkout without them still builds: the functions in `lib.rs`
//! that give a built-in encoder then answer `None`, and the build says so.

use std::path::Path;

fn main() {
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
        } else {
            println!(
                "cargo::warning={file} is missing; built without this encoder (to make it: knowledge/encoder/recipe)"
            );
        }
    }
}
