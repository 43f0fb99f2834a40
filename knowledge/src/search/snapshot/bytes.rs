//! Numbers and texts as bytes: little-endian, lists preceded by their length, a checksum (CRC-32) of everything at the end.

use std::io::{self, Read, Write};

/// How much is read at a time: a damaged length must not make room for what is not there.
const PIECE: usize = 1 << 20;

/// Writes, and sums up what was written.
pub(super) struct Writer<W> {
    out: W,
    sum: crc32fast::Hasher,
}

/// Reads, and sums up what was read.
pub(super) struct Reader<R> {
    input: R,
    sum: crc32fast::Hasher,
}

/// A number in its bytes.
pub(super) trait Number: Copy + Default {
    /// Number of bytes.
    const SIZE: usize;
    fn put(self, bytes: &mut [u8]);
    fn get(bytes: &[u8]) -> Self;
}

macro_rules! number {
    ($($number:ty),*) => {$(
        impl Number for $number {
            const SIZE: usize = size_of::<Self>();
            fn put(self, bytes: &mut [u8]) {
                bytes.copy_from_slice(&self.to_le_bytes());
            }
            fn get(bytes: &[u8]) -> Self {
                bytes.try_into().map(Self::from_le_bytes).unwrap_or_default()
            }
        }
    )*};
}

number!(u8, i8, u32, u64, f32);

impl<W: Write> Writer<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, sum: crc32fast::Hasher::new() }
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sum.update(bytes);
        self.out.write_all(bytes)
    }

    pub(super) fn number<N: Number>(&mut self, number: N) -> io::Result<()> {
        self.piece(&[number])
    }

    pub(super) fn length(&mut self, length: usize) -> io::Result<()> {
        self.number(length as u64)
    }

    pub(super) fn list<N: Number>(&mut self, list: &[N]) -> io::Result<()> {
        self.length(list.len())?;
        list.chunks(PIECE).try_for_each(|piece| self.piece(piece))
    }

    fn piece<N: Number>(&mut self, list: &[N]) -> io::Result<()> {
        let mut bytes = vec![0; list.len() * N::SIZE];
        for (number, bytes) in list.iter().zip(bytes.chunks_exact_mut(N::SIZE)) {
            number.put(bytes);
        }
        self.bytes(&bytes)
    }

    /// Texts, joined and with their lengths.
    #[expect(clippy::cast_possible_truncation, reason = "words and ids are short")]
    pub(super) fn texts<'t>(&mut self, texts: impl Iterator<Item = &'t str> + Clone) -> io::Result<()> {
        self.list(&texts.clone().map(|text| text.len() as u32).collect::<Vec<_>>())?;
        self.list(texts.collect::<String>().as_bytes())
    }

    /// Ends with the checksum.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let sum = self.sum.clone().finalize();
        self.out.write_all(&sum.to_le_bytes())?;
        self.out.flush()
    }
}

impl<R: Read> Reader<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, sum: crc32fast::Hasher::new() }
    }

    fn fill(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.input.read_exact(bytes)?;
        self.sum.update(bytes);
        Ok(())
    }

    pub(super) fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    pub(super) fn number<N: Number>(&mut self) -> io::Result<N> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes[..N::SIZE])?;
        Ok(N::get(&bytes[..N::SIZE]))
    }

    pub(super) fn length(&mut self) -> io::Result<usize> {
        usize::try_from(self.number::<u64>()?).map_err(|_| damaged())
    }

    pub(super) fn list<N: Number>(&mut self) -> io::Result<Vec<N>> {
        let length = self.length()?;
        let mut list = Vec::with_capacity(length.min(PIECE));
        let mut bytes = vec![0; length.min(PIECE) * N::SIZE];
        while list.len() < length {
            let now = (length - list.len()).min(PIECE);
            let bytes = &mut bytes[..now * N::SIZE];
            self.fill(bytes)?;
            list.extend(bytes.chunks_exact(N::SIZE).map(N::get));
        }
        Ok(list)
    }

    pub(super) fn texts(&mut self) -> io::Result<Vec<Box<str>>> {
        let lengths: Vec<u32> = self.list()?;
        let all = String::from_utf8(self.list()?).map_err(|_| damaged())?;
        let mut rest = all.as_str();
        let texts: Option<Vec<Box<str>>> = lengths
            .into_iter()
            .map(|length| {
                let (text, after) = rest.split_at_checked(length as usize)?;
                rest = after;
                Some(text.into())
            })
            .collect();
        texts.ok_or_else(damaged)
    }

    /// Whether the checksum that follows is the right one.
    pub(super) fn finish(mut self) -> io::Result<bool> {
        let mut sum = [0; 4];
        self.input.read_exact(&mut sum)?;
        Ok(u32::from_le_bytes(sum) == self.sum.finalize())
    }
}

/// What was read makes no sense.
pub(super) fn damaged() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = Vec::new();
        let mut writer = Writer::new(&mut bytes);
        let long: Vec<u32> = (0..3_000_000).collect();
        writer.list(&long).unwrap();
        writer.number(-1_i8).unwrap();
        writer.number(0.5_f32).unwrap();
        writer.texts(["a", "", "größe"].into_iter()).unwrap();
        writer.finish().unwrap();
        let mut reader = Reader::new(&*bytes);
        assert_eq!(reader.list::<u32>().unwrap(), long);
        assert_eq!(reader.number::<i8>().unwrap(), -1);
        assert!((reader.number::<f32>().unwrap() - 0.5).abs() < f32::EPSILON);
        assert_eq!(reader.texts().unwrap().join("|"), "a||größe");
        assert!(reader.finish().unwrap());
        // A length that is not there makes no room.
        assert!(Reader::new(&u64::MAX.to_le_bytes()[..]).list::<u64>().is_err());
    }
}
