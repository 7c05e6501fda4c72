//! Which bytes of a literal the filter looks for: those that are likely to be rarest in logs.

use std::cmp::Reverse;

use super::grams::MULTIPLIER;
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

/// Knows which pieces of text are frequent in logs.
#[derive(Debug)]
pub(super) struct Background {
    /// How often pieces with the same hash occur.
    times: Vec<u32>,
    /// Whether they were counted in a log.
    is_log: bool,
}

/// The rarity of a window of which nothing occurs in a log, in tenths of a bit.
const NOT_IN_LOG: u32 = 1_000;

impl Background {
    /// Counts the pieces of the literals of a program. They are pieces of messages, so what is frequent in them is frequent in
    /// logs.
    pub(super) fn of<'l>(literals: impl Iterator<Item = &'l Literal>) -> Self {
        let mut times = vec![0; 1 << LOG_SLOTS];
        for literal in literals {
            beginning(literal).windows(PIECE).for_each(|piece| times[slot(piece)] += 1);
        }
        Background { times, is_log: false }
    }

    /// Counts the pieces of a part of a log.
    pub(super) fn of_log(log: &[u8]) -> Self {
        let mut times = vec![0; 1 << LOG_SLOTS];
        log.windows(PIECE).for_each(|piece| times[slot(piece)] += 1);
        Background { times, is_log: true }
    }

    /// Returns the start of the rarest window in the first [`MAX_SEARCHED`] bytes of `literal`, and how rare it is. The window
    /// has `n_grams` grams of `gram` bytes, and the literal at least as many bytes.
    pub(super) fn rarest_window(&self, literal: &Literal, (gram, n_grams): (usize, usize)) -> (usize, u32) {
        let bytes = beginning(literal);
        let mut times = [1; MAX_SEARCHED];
        for (times, piece) in times.iter_mut().zip(bytes.windows(PIECE)) {
            *times = self.times[slot(piece)].max(1);
        }
        let len = gram + n_grams - 1;
        let information = information_before(literal, bytes.len());
        let starts = 0..=bytes.len() - len;
        let rarity = |start: usize| {
            let information = information[start + len] - information[start];
            if self.is_log {
                return rarity_in_log(&times[start..], gram, n_grams) + information / 10;
            }
            let pieces = &times[start..start + (len + 1).saturating_sub(PIECE)];
            // Twice as frequent is one bit less.
            information.saturating_sub(10 * pieces.iter().min().copied().unwrap_or(1).ilog2())
        };
        let rarest =
            starts.map(|start| (start, rarity(start))).max_by_key(|(start, rarity)| (*rarity, Reverse(*start)));
        rarest.unwrap_or((0, 0))
    }
}

/// Returns how rare the grams are that begin with these pieces. A gram is at most as frequent as the rarest of its pieces, and
/// each costs as much as it is frequent.
fn rarity_in_log(times: &[u32], gram: usize, n_grams: usize) -> u32 {
    let n_pieces = (gram + 1).saturating_sub(PIECE).max(1);
    let at_most = |first: usize| times[first..first + n_pieces].iter().min().copied().unwrap_or(1);
    let sum: u32 = (0..n_grams).map(at_most).sum();
    NOT_IN_LOG - 10 * sum.max(1).ilog2()
}

/// Returns the information of the bytes before each of the first `len` bytes of a literal, and of all of them.
fn information_before(literal: &Literal, len: usize) -> [u32; MAX_SEARCHED + 1] {
    let mut before = [0; MAX_SEARCHED + 1];
    for at in 0..len {
        let of_byte = if literal.common >> at & 1 == 0 { information(literal.bytes[at]) } else { IN_COMMON_WORD };
        before[at + 1] = before[at] + of_byte;
    }
    before
}

/// Returns the place of a piece in the table, whatever its case.
fn slot(piece: &[u8]) -> usize {
    let hash = piece.iter().fold(0_u64, |hash, byte| (hash << 8) | u64::from(byte | 0x20));
    (hash.wrapping_mul(MULTIPLIER) >> (u64::BITS - LOG_SLOTS)) as usize
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
    fn check(known: &[&str], text: &str, (gram, n_grams): (usize, usize), window: &str) {
        let known: Vec<_> = known.iter().map(|text| literal(text)).collect();
        let (start, _) = Background::of(known.iter()).rarest_window(&literal(text), (gram, n_grams));
        assert_eq!(&text[start..start + gram + n_grams - 1], window);
    }

    #[test]
    fn common_words_digits_and_blanks_come_last() {
        check(&[], "connection xyzzyplugh", (5, 2), "xyzzyp");
        check(&[], "000000zebras", (5, 2), "zebras");
        check(&[], "short", (3, 3), "short");
    }

    #[test]
    fn what_is_in_many_literals_comes_last() {
        let many = ["sprocket gadget"; 64];
        check(&[], "sprocket walrus", (5, 2), "sprock");
        check(&many, "sprocket walrus", (5, 2), "walrus");
    }

    #[test]
    fn what_is_in_the_log_comes_last() {
        let log = "gadget 7: sprocket ok\n".repeat(50);
        let window = |text: &str| Background::of_log(log.as_bytes()).rarest_window(&literal(text), (5, 2));
        let (start, rarity) = window("sprocket walrus");
        assert_eq!(start, 9);
        assert!(rarity > window("sprocket ok").1);
    }
}
