//! Decompresses streams. The format is detected by the first bytes, never by a name.

use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use lz4_flex::frame::FrameDecoder;
use lzma_rust2::XzReader;

use super::failing::Failing;
use super::peek::{Peeked, peek};

/// The number of first bytes from which the format of a stream is detected: one block of a tar archive.
pub(super) const START_BYTES: usize = 512;

/// The most formats of compression around each other, such as a `.gz` file that was compressed again by `xz`.
const MAX_LAYERS: usize = 3;

/// A stream that expands beyond this number of bytes, and to more than [`MAX_RATIO`] times its size, is not read on: it
/// was made to exhaust the reader.
const MAX_EXPANDED_BYTES: u64 = 1 << 30;

/// See [`MAX_EXPANDED_BYTES`].
const MAX_RATIO: u64 = 1000;

/// The most memory that decompressing xz may take, in KiB. `xz -9` needs 65 MiB.
const XZ_KIB: u32 = 256 * 1024;

/// A decompressed stream.
pub(super) struct Decompressed<'a> {
    pub(super) bytes: Peeked<Box<dyn Read + 'a>>,
    pub(super) was_compressed: bool,
}

/// Decompresses `bytes` as often as they are compressed.
pub(super) fn decompressed<'a>(bytes: impl Read + 'a) -> Decompressed<'a> {
    let mut bytes = peek(Box::new(bytes) as Box<dyn Read + 'a>, START_BYTES);
    let mut layers = 0;
    while layers < MAX_LAYERS
        && let Some(compression) = Compression::of(bytes.start())
    {
        bytes = peek(compression.decompress(bytes), START_BYTES);
        layers += 1;
    }
    Decompressed { bytes, was_compressed: layers > 0 }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compression {
    Gzip,
    Zstd,
    Xz,
    Bzip2,
    Lz4,
}

impl Compression {
    /// Detects the format of a stream by its first bytes.
    fn of(start: &[u8]) -> Option<Compression> {
        match start {
            [0x1f, 0x8b, ..] => Some(Compression::Gzip),
            // A frame, or the skippable frame that pzstd writes before it.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50, 0x2a, 0x4d, 0x18, ..] => Some(Compression::Zstd),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Compression::Xz),
            // The level, then the start of a block or of the end mark.
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31 | 0x17, ..] => Some(Compression::Bzip2),
            [0x04, 0x22, 0x4d, 0x18, ..] | [0x02, 0x21, 0x4c, 0x18, ..] => Some(Compression::Lz4),
            _ => None,
        }
    }

    /// Returns the decompressed bytes of all members of `bytes`. Reading them fails at the first damage.
    fn decompress<'a>(self, bytes: impl Read + 'a) -> Box<dyn Read + 'a> {
        let (bytes, size) = Counted::new(bytes);
        let input = BufReader::with_capacity(64 * 1024, bytes);
        match self {
            Compression::Gzip => Box::new(Guarded::new(MultiGzDecoder::new(input), size)),
            Compression::Xz => Box::new(Guarded::new(XzReader::new_mem_limit(input, true, XZ_KIB), size)),
            Compression::Bzip2 => Box::new(Guarded::new(MultiBzDecoder::new(input), size)),
            Compression::Lz4 => Box::new(Guarded::new(Lz4Frames::new(input), size)),
            Compression::Zstd => match zstd::stream::read::Decoder::with_buffer(input) {
                Ok(decoder) => Box::new(Guarded::new(decoder, size)),
                Err(error) => Box::new(Failing(Some(error))),
            },
        }
    }
}

/// Returns the command that unpacks a stream to standard output, if its first bytes show a format that is not supported.
pub(super) fn unsupported(start: &[u8]) -> Option<&'static str> {
    const FORMATS: &[(&[u8], &str)] = &[
        (b"\x1f\x9d", "uncompress -c"),
        (b"LZIP\x01", "lzip -dc"),
        (b"\x89LZO\0\r\n\x1a\n", "lzop -dc"),
        (b"7z\xbc\xaf\x27\x1c", "7z x -so"),
        (b"Rar!\x1a\x07", "unrar p -inul"),
        (b"MSCF\0\0\0\0", "cabextract -p"),
    ];
    FORMATS.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, command)| *command)
}

/// A reader that counts the bytes read.
struct Counted<R> {
    input: R,
    read: Rc<Cell<u64>>,
}

impl<R> Counted<R> {
    /// Returns the reader, and the number of bytes that it has read.
    fn new(input: R) -> (Self, Rc<Cell<u64>>) {
        let read = Rc::new(Cell::new(0));
        (Counted { input, read: Rc::clone(&read) }, read)
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let len = self.input.read(target)?;
        self.read.set(self.read.get() + len as u64);
        Ok(len)
    }
}

/// A reader of expanded bytes that fails once they are too many for the compressed bytes.
pub(super) struct Guarded<R> {
    input: R,
    compressed: Rc<Cell<u64>>,
    expanded: u64,
}

impl<R> Guarded<R> {
    /// `compressed` is the number of compressed bytes, or of those read so far.
    pub(super) fn new(input: R, compressed: Rc<Cell<u64>>) -> Self {
        Guarded { input, compressed, expanded: 0 }
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.expanded > MAX_EXPANDED_BYTES && self.expanded / MAX_RATIO > self.compressed.get() {
            return Err(io::Error::other("it expands to more than 1000 times its size"));
        }
        let len = self.input.read(target)?;
        self.expanded += len as u64;
        Ok(len)
    }
}

/// A reader of all frames of an lz4 file.
struct Lz4Frames<R: Read>(FrameDecoder<Watched<R>>);

/// A reader that notes whether its end was reached.
struct Watched<R> {
    input: R,
    at_end: bool,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let len = self.input.read(target)?;
        self.at_end |= len == 0 && !target.is_empty();
        Ok(len)
    }
}

impl<R: Read> Lz4Frames<R> {
    fn new(input: R) -> Self {
        Lz4Frames(FrameDecoder::new(Watched { input, at_end: false }))
    }
}

impl<R: Read> Read for Lz4Frames<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        loop {
            // The decoder returns 0 at the end of each frame.
            let len = self.0.read(target)?;
            if len > 0 || target.is_empty() || self.0.get_ref().at_end {
                return Ok(len);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).expect("writing to memory");
        encoder.finish().expect("writing to memory")
    }

    fn bzip2(text: &[u8]) -> Vec<u8> {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        encoder.write_all(text).expect("writing to memory");
        encoder.finish().expect("writing to memory")
    }

    fn xz(text: &[u8]) -> Vec<u8> {
        let options = lzma_rust2::XzOptions::with_preset(1);
        let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).expect("valid options");
        encoder.write_all(text).expect("writing to memory");
        encoder.finish().expect("writing to memory")
    }

    fn zstd(text: &[u8]) -> Vec<u8> {
        zstd::encode_all(text, 1).expect("writing to memory")
    }

    fn lz4(text: &[u8]) -> Vec<u8> {
        let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
        // The first write decides the size of the blocks.
        text.chunks(10_000).for_each(|text| encoder.write_all(text).expect("writing to memory"));
        encoder.finish().expect("writing to memory")
    }

    type Compress = fn(&[u8]) -> Vec<u8>;

    const FORMATS: [Compress; 5] = [gzip, bzip2, xz, zstd, lz4];

    /// Decompresses `bytes`, and returns the text before the end or an error, and the error.
    fn read(bytes: &[u8]) -> (Vec<u8>, Option<String>) {
        let mut text = Vec::new();
        let error = decompressed(bytes).bytes.read_to_end(&mut text).err();
        (text, error.map(|error| error.to_string()))
    }

    #[test]
    fn all_members_of_a_compressed_file_are_read() {
        for compress in FORMATS {
            let whole = [compress(b"one\n"), compress(b""), compress(b"two\n")].concat();
            assert_eq!(read(&whole), (b"one\ntwo\n".to_vec(), None));
            assert_eq!(read(&xz(&compress(b"one\n"))), (b"one\n".to_vec(), None));
        }
        assert_eq!(read(b"plain\n"), (b"plain\n".to_vec(), None));
        assert_eq!(read(b""), (Vec::new(), None));
    }

    #[test]
    fn a_damaged_file_is_read_up_to_the_damage() {
        let text: Vec<u8> =
            (0..200_000_u32).flat_map(|n| format!("line {}\n", n.wrapping_mul(97)).into_bytes()).collect();
        for compress in FORMATS {
            let whole = compress(&text);
            let (read, error) = read(&whole[..whole.len() - whole.len() / 8]);
            assert!(
                text.starts_with(&read) && read.len() > text.len() / 3,
                "{} of {}, {:?}",
                read.len(),
                text.len(),
                &whole[..4]
            );
            assert!(error.is_some(), "{:?}", &whole[..4]);
        }
    }

    #[test]
    fn text_that_begins_like_a_compressed_file_is_text() {
        assert_eq!(read(b"BZh is a prefix\n").0, b"BZh is a prefix\n");
        assert_eq!(unsupported(b"7z is a program\n"), None);
        assert_eq!(unsupported(b"7z\xbc\xaf\x27\x1c\0\x04"), Some("7z x -so"));
    }

    #[test]
    fn a_stream_that_expands_without_bounds_is_not_read_on() {
        let expanded = io::repeat(0).take(3 << 30);
        let mut guarded = Guarded::new(expanded, Rc::new(Cell::new(1 << 20)));
        let mut block = vec![0; 1 << 20];
        let mut total = 0;
        let error = loop {
            match guarded.read(&mut block) {
                Ok(0) => break None,
                Ok(len) => total += len as u64,
                Err(error) => break Some(error.to_string()),
            }
        };
        assert_eq!(error.as_deref(), Some("it expands to more than 1000 times its size"));
        assert_eq!(total, (1 << 30) + (1 << 20));
        let mut harmless = Guarded::new(io::repeat(0).take(2 << 30), Rc::new(Cell::new(4 << 20)));
        assert_eq!(io::copy(&mut harmless, &mut io::sink()).expect("it may expand so much"), 2 << 30);
    }
}
