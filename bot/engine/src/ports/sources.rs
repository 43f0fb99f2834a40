//! Sources of events that only one of several instances takes in at a time.

/// The right to take in what a source tells. Another instance may take it over at any time; whoever has lost it finds that out at
/// the next commit, which is then void.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLease {
    /// Which source, for instance `discord/0/2`.
    pub source: String,
    /// The fencing token: grows with every lease of this source.
    pub epoch: i64,
}
