//! The beginning of a source, from which it is decided whether the source is text, and how its lines end.

/// The number of bytes, not counting NUL bytes, from which this is decided.
const HEAD_BYTES: usize = 64 * 1024;

/// A run of at least this many NUL bytes is a hole: bytes that were never written, because the file was truncated while
/// a program had it open, or the machine lost power.
const HOLE_BYTES: u64 = 32;

/// The beginning of a source.
///
/// A source without NUL bytes is text, unless it has many control bytes and is not UTF-8. A source with NUL bytes is
/// text if it has few control bytes, and not more runs of NUL bytes than lines; a hole at its end or beginning is
/// harmless. So logs with holes are text, as is ASCII to which UTF-16 was appended (PowerShell does that). Programs,
/// images, databases and the login records of Unix (`wtmp`, `lastlog`) are not.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    /// The bytes without NUL bytes.
    pub(super) text: Vec<u8>,
    /// The length of the run of NUL bytes that is being read.
    run: u64,
    /// The number of bytes of text between that run and the one before it.
    segment: usize,
    n_short_runs: usize,
    n_holes: usize,
}

/// What a source is, by its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeadKind {
    /// Text whose lines end with `\n`.
    Lines,
    /// Text with `\r` and without `\n`.
    CarriageReturns,
    Binary,
}

impl Head {
    /// Takes bytes until the head is full, and returns their number.
    pub(super) fn take(&mut self, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        while !rest.is_empty() && !self.is_full() {
            let nuls = rest.iter().position(|byte| *byte != 0).unwrap_or(rest.len());
            self.run += nuls as u64;
            rest = &rest[nuls..];
            if rest.is_empty() {
                break;
            }
            self.end_run();
            let text = memchr::memchr(0, rest).unwrap_or(rest.len()).min(HEAD_BYTES - self.text.len());
            self.text.extend_from_slice(&rest[..text]);
            self.segment += text;
            rest = &rest[text..];
        }
        bytes.len() - rest.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.text.len() == HEAD_BYTES
    }

    fn end_run(&mut self) {
        match (self.run, self.segment) {
            (0, _) => return,
            // The high byte of an ASCII character in UTF-16.
            (1, 1) => {}
            (1..HOLE_BYTES, _) => self.n_short_runs += 1,
            _ => self.n_holes += 1,
        }
        (self.run, self.segment) = (0, 0);
    }

    /// Decides what the source is. No more bytes may be added.
    pub(super) fn kind(&mut self) -> HeadKind {
        self.end_run();
        if self.is_binary() {
            return HeadKind::Binary;
        }
        match memchr::memchr(b'\n', &self.text) {
            None if self.text.contains(&b'\r') => HeadKind::CarriageReturns,
            _ => HeadKind::Lines,
        }
    }

    fn is_binary(&self) -> bool {
        let controls = self.text.iter().filter(|byte| is_control(**byte)).count();
        if self.n_short_runs == 0 && self.n_holes == 0 {
            // Fields of the FIX protocol are separated by a control byte, but they are ASCII.
            return controls * 20 > self.text.len() && !is_utf8_start(&self.text);
        }
        let lines = self.text.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
        self.text.is_empty() || controls * 50 > self.text.len() || self.n_short_runs > lines || self.n_holes > lines + 1
    }
}

/// Whether `byte` is a control byte that texts do not contain.
fn is_control(byte: u8) -> bool {
    matches!(byte, 0x01..=0x06 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f)
}

/// Whether `bytes` is UTF-8, except perhaps for a character that is cut at its end.
fn is_utf8_start(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true)
}
