//! Runs of the program that share a store, and which of them are still there.

/// A run of the program, towards the others that share the store: its fencing epoch, higher than that of all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Instance(pub i64);

/// Another run of the program, believed to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Which.
    pub instance: Instance,
    /// Where it runs, in the words of its own [`Surroundings`].
    pub whereabouts: String,
}

/// The machine that the program runs on: what it knows of processes that have ended.
pub trait Surroundings: Send + Sync + 'static {
    /// Where this process runs, so that another on the same machine can tell later whether it still does.
    fn whereabouts(&self) -> String;

    /// A process that said so of itself has certainly ended. False whenever that cannot be known: it ran on another machine, it
    /// is stopped, it is merely silent.
    fn has_ended(&self, whereabouts: &str) -> bool;
}
