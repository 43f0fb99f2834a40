use std::io::{self, Read, Write};

/// Where a snapshot of the article library is kept from one start to the next. It is a copy of what can always be made anew:
/// losing it costs a slow start and nothing else.
pub trait Snapshots: Send + Sync + 'static {
    /// The snapshot that was kept last; `None` without one.
    fn open(&self) -> io::Result<Option<Box<dyn Read>>>;

    /// Keeps what `write` writes in place of it. As a whole or not at all: whoever opens it never sees a half of one.
    fn replace(&self, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) -> io::Result<()>;
}
