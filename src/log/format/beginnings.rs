//! How the records of one source begin, as far as their first bytes tell. A line that begins like the records of the
//! sample is recognised without parsing its stamp.

/// The number of bytes that are compared.
const BYTES: usize = 16;

/// Fewer bytes are not typical enough of a record.
const MIN_BYTES: usize = 8;

/// The most beginnings of a source.
const MAX_BEGINNINGS: usize = 8;

/// Beginnings of records. Two lines begin alike if their first bytes are of the same kinds: a digit, a letter or the same
/// sign. The signs that follow the digits and the letters in ASCII count as one of them, which makes the comparison one
/// operation on a number of 128 bits.
#[derive(Debug, Clone, Default)]
pub(super) struct Beginnings(Vec<Beginning>);

/// The first bytes of a record, one in each byte of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Beginning {
    /// The bits that are compared: all of a sign, the upper bits of a digit or letter, none after the stamp.
    mask: u128,
    bits: u128,
}

impl Beginnings {
    /// Adds the beginning of `line`, which begins with a stamp that ends at the offset `end`.
    pub(super) fn add(&mut self, line: &[u8], end: usize) {
        let len = end.min(line.len()).min(BYTES);
        if len < MIN_BYTES || self.0.len() == MAX_BEGINNINGS {
            return;
        }
        let mut mask = [0; BYTES];
        for (mask, byte) in mask.iter_mut().zip(&line[..len]) {
            *mask = compared_bits(*byte);
        }
        let mask = u128::from_le_bytes(mask);
        let beginning = Beginning { mask, bits: first_bytes(line) & mask };
        if !self.0.contains(&beginning) {
            self.0.push(beginning);
        }
    }

    /// Whether `line` begins like one of the lines that were added.
    pub(super) fn contain(&self, line: &[u8]) -> bool {
        let bytes = first_bytes(line);
        self.0.iter().any(|known| bytes & known.mask == known.bits)
    }
}

/// Returns the bits by which `byte` is compared.
fn compared_bits(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => 0xf0,
        b'a'..=b'z' | b'A'..=b'Z' => 0xc0,
        _ => 0xff,
    }
}

/// Returns the first bytes of `line`, the first one lowest; 0 after its end.
fn first_bytes(line: &[u8]) -> u128 {
    if let Some(bytes) = line.first_chunk::<BYTES>() {
        return u128::from_le_bytes(*bytes);
    }
    let mut bytes = [0; BYTES];
    bytes[..line.len()].copy_from_slice(line);
    u128::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_that_begin_alike_are_known() {
        let mut beginnings = Beginnings::default();
        beginnings.add(b"Jun 14 15:16:01 a", 15);
        beginnings.add(b"1 2 3", 5);
        let contain = |line: &str| beginnings.contain(line.as_bytes());
        assert!(contain("Jul 02 03:00:00 b") && contain("Abc 99 99:99:99"));
        assert!(!contain("Jul  2 03:00:00 b") && !contain("Jul 02 03:00") && !contain("1 2 3") && !contain(""));
    }

    proptest! {
        #[test]
        fn comparing_numbers_is_comparing_bytes(known in "[a0 -]{8,20}", end in 8_usize..20, line in "[a0 -]{0,20}") {
            let mut beginnings = Beginnings::default();
            beginnings.add(known.as_bytes(), end);
            let len = end.min(known.len()).min(BYTES);
            prop_assert_eq!(beginnings.contain(line.as_bytes()), line.starts_with(&known[..len]));
        }
    }
}
