//! Test data: what the original implementations make of some texts (see `recipe/golden.py`).

#![expect(clippy::unwrap_used, reason = "a test")]

use serde::Deserialize;

use crate::file::{ModelBytes, ModelFile};

#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) text: String,
    #[serde(rename = "use")]
    pub(crate) use_multilingual: Vec<String>,
    #[cfg(minilm_present)]
    pub(crate) minilm: Vec<String>,
}

pub(crate) fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../tests/data/golden.json")).unwrap()
}

pub(crate) fn file(name: &str) -> ModelFile {
    let bytes = std::fs::read(format!("{}/models/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    ModelFile::read(&ModelBytes::Shared(bytes.into())).unwrap()
}
