//! Why bytes are no usable model.

/// What is wrong with a model file.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The bytes do not start like a model file.
    #[error("this is not a model file")]
    NotAModel,
    /// Written for another version of this crate.
    #[error("model file version {0} is not supported")]
    Version(u32),
    /// A kind of model that this crate does not know.
    #[error("model architecture {0} is not known")]
    Architecture(u32),
    /// The content does not match the checksum in its head.
    #[error("the model file is damaged: its checksum does not match")]
    Checksum,
    /// A part is missing, cut short or has another shape than the architecture needs.
    #[error("the model file's part `{0}` is missing or has the wrong shape")]
    Section(String),
}
