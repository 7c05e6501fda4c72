//! Which bytes of a literal the filter looks for: those that are likely to be rarest in logs.

use super::{MAX_SEARCHED, beginning};
use crate::pattern::Literal;

/// The estimated information of a byte, in tenths of a bit, when it is in a window. The estimates are coarse: what matters
/// is that words of every log come last.
const IN_COMMON_WORD: u32 = 7;
const LETTER: u32 = 30;
const DIGIT: u32 = 12;
const BLANK: u32 = 12;
const OTHER: u32 = 20;

/// The length of the pieces whose frequency among all literals is counted.
const PIECE: usize = 5;

/// The logarithm of the number of slots in the table of frequencies. Pieces that share a slot only make each other look more
/// frequent.
const LOG_SLOTS: u32 = 16;

/// Knows how often pieces of text occur in the literals of a program. They are pieces of messages, so what is frequent in them
/// is frequent in logs.
#[derive(Debug)]
pub(super) struct Background {
    /// How often pieces with the same hash occur.
    times: Vec<u32>,
}

impl Background {
    pub(super) fn of<'l>(literals: impl Iterator<Item = &'l Literal>) -> Self {
        let mut times = vec![0; 1 << LOG_SLOTS];
        for literal in literals {
            beginning(literal).windows(PIECE).for_each(|piece| times[slot(piece)] += 1);
        }
        Background { times }
    }

    /// Returns the start of the rarest window of `len` bytes in the first [`MAX_SEARCHED`] bytes of `literal`, which has at
    /// least as many, and how rare it is.
    pub(super) fn rarest_window(&self, literal: &Literal, len: usize) -> (usize, u32) {
        let bytes = beginning(literal);
        let information = |at: usize| match literal.common >> at & 1 {
            0 => information(bytes[at]),
            _ => IN_COMMON_WORD,
        };
        let mut times = [1; MAX_SEARCHED];
        for (times, piece) in times.iter_mut().zip(bytes.windows(PIECE)) {
            *times = self.times[slot(piece)].max(1);
        }
        let mut sum: u32 = (0..len).map(information).sum();
        let mut rarest = (0, 0);
        for start in 0..=bytes.len() - len {
            // Twice as frequent is one bit less.
            let pieces = &times[start..start + (len + 1).saturating_sub(PIECE)];
            let rarity = sum.saturating_sub(10 * pieces.iter().min().copied().unwrap_or(1).ilog2());
            if rarity > rarest.1 {
                rarest = (start, rarity);
            }
            sum += if start + len < bytes.len() { information(start + len) } else { 0 };
            sum -= information(start);
        }
        rarest
    }
}

/// Returns the place of a piece in the table, whatever its case.
fn slot(piece: &[u8]) -> usize {
    let hash = piece.iter().fold(0_u64, |hash, byte| (hash << 8) | u64::from(byte | 0x20));
    (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - LOG_SLOTS)) as usize
}

fn information(byte: u8) -> u32 {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' => LETTER,
        b'0'..=b'9' => DIGIT,
        b' ' | b'\t' => BLANK,
        _ => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> Literal {
        Literal::new(text.as_bytes().to_vec(), false)
    }

    #[track_caller]
    fn check(known: &[&str], text: &str, len: usize, window: &str) {
        let known: Vec<_> = known.iter().map(|text| literal(text)).collect();
        let (start, _) = Background::of(known.iter()).rarest_window(&literal(text), len);
        assert_eq!(&text[start..start + len], window);
    }

    #[test]
    fn common_words_digits_and_blanks_come_last() {
        check(&[], "connection xyzzyplugh", 6, "xyzzyp");
        check(&[], "000000zebras", 6, "zebras");
        check(&[], "short", 5, "short");
    }

    #[test]
    fn what_is_in_many_literals_comes_last() {
        let many = ["sprocket gadget"; 64];
        check(&[], "sprocket walrus", 6, "sprock");
        check(&many, "sprocket walrus", 6, "walrus");
    }
}
