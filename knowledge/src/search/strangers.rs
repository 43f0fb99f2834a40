//! What people say to a help desk that no help desk is for: that their car does not start, or that they want a poem.
//!
//! An encoder that was made for help desks finds something of a help desk in everything. But a message that is nearer to
//! these than to what help desks are asked most likely has no answer in the base, and is not to be moved towards any matter
//! of a help desk either; see [`super::matters`].
//!
//! They are written down in `data/strangers.jsonl`, and their vectors, the means over both languages, in
//! `data/strangers.vectors` ([`super::vector_file`]). After changing them or the encoder write those again with
//!
//! ```text
//! cargo test -p firstline-knowledge write_the_strangers -- --ignored
//! ```

use std::sync::LazyLock;

use super::{vector_file, vectors::Vectors};

static FILE: &[u8] = if cfg!(feature = "encoder") { include_bytes!("../../data/strangers.vectors") } else { &[] };

/// What the bilingual encoder makes of them; `None` if the program has none of it.
pub(super) fn bilingual() -> Option<&'static Vectors> {
    static STRANGERS: LazyLock<Option<Vectors>> = LazyLock::new(|| {
        let [strangers] = vector_file::read(FILE, firstline_encoder::bilingual()?)?;
        Some(strangers)
    });
    STRANGERS.as_ref()
}

#[cfg(all(test, feature = "encoder"))]
mod tests {
    use super::*;
    use crate::search::{
        vector_file::writing::{Texts, file, lines, mean, path, vectors},
        vectors::Asked,
    };

    const SOURCE: &str = "data/strangers.jsonl";

    #[test]
    #[ignore = "writes data/strangers.vectors; see the module's documentation"]
    fn write_the_strangers() {
        let encoder = firstline_encoder::bilingual().unwrap();
        let table = vectors(&lines::<Texts>(SOURCE), |texts| mean(encoder, [texts]));
        std::fs::write(path("data/strangers.vectors"), file(encoder, &[table])).unwrap();
    }

    #[test]
    fn the_file_holds_the_strangers_by_the_encoder_that_is_built_in() {
        const AGAIN: &str = "write the strangers again, see the module's documentation";
        let (strangers, texts) = (bilingual().expect(AGAIN), lines::<Texts>(SOURCE));
        assert_eq!(strangers.len(), texts.len(), "{AGAIN}");
        let encoder = firstline_encoder::bilingual().unwrap();
        for (at, texts) in texts.iter().enumerate().step_by(397) {
            let asked = Asked::new(&mean(encoder, [texts]));
            assert!(strangers.cosines(&asked, at..at + 1)[0] > 0.99, "{AGAIN}");
        }
    }
}
