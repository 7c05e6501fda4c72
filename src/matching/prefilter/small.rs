//! The search for the literals of many targets in a small text: it asks of each literal whether it may be in the text, so nothing is
//! built from the literals. For a large text, looking at each of its places is less work.

use super::blanks::blanks_len;
use super::{Candidate, Found, beginning_of, folds, is_found, signs};
use crate::rule::literal_table::{LiteralRef, LiteralTable};

/// The logarithm of the number of bits in the table of what is in the text.
const LOG_BITS: u32 = 18;

/// The bytes of a piece of the text. Literals have at least as many.
const PIECE: usize = 3;

/// The most pieces of a literal that are looked up.
const MAX_PIECES: usize = 8;

/// Which pieces of three bytes are in a text, whatever their case.
struct TextPieces(Vec<u64>);

impl TextPieces {
    fn of(text: &[u8]) -> Self {
        let mut bits = vec![0; 1 << (LOG_BITS - u64::BITS.ilog2())];
        for piece in text.windows(PIECE) {
            let (word, bit) = place(piece);
            bits[word] |= 1 << bit;
        }
        TextPieces(bits)
    }

    /// Whether the text may contain the literal, a blank of which matches one blank.
    fn may_contain(&self, literal: &[u8]) -> bool {
        literal.windows(PIECE).take(MAX_PIECES).all(|piece| {
            let (word, bit) = place(piece);
            self.0[word] >> bit & 1 != 0
        })
    }
}

fn place(piece: &[u8]) -> (usize, u32) {
    let number = piece.iter().fold(0_u32, |number, byte| (number << 8) | u32::from(byte | 0x20));
    let hash = number.wrapping_mul(0x9E37_79B1) >> (u32::BITS - LOG_BITS);
    ((hash >> u64::BITS.ilog2()) as usize, hash % u64::BITS)
}

/// Finds the targets of which `text` contains a literal of each set, and returns all places where a literal of the first set
/// occurs, in the order of their offsets. If a target has no sets, they are the places of its first run.
pub(crate) fn candidates(table: &LiteralTable, text: &[u8]) -> Vec<Candidate> {
    let pieces = TextPieces::of(text);
    let signs: Vec<usize> = signs(text).collect();
    let mut candidates = Vec::new();
    table.for_each(|target, required| {
        let mut add = |at: usize| candidates.push(Candidate { at, target });
        let is_there = |literal: &LiteralRef<'_>| {
            pieces.may_contain(beginning_of(literal.bytes)) && is_found(literal.bytes, literal.ignore_case, text)
                || literal.ignore_case && !signs.is_empty() && folds(beginning_of(literal.bytes))
        };
        if !required.sets().all(|any_of| any_of.iter().any(is_there)) {
            return;
        }
        match required.sets().next() {
            Some(any_of) => any_of.iter().for_each(|literal| {
                let bytes = beginning_of(literal.bytes);
                if pieces.may_contain(bytes) {
                    Found::new(bytes, literal.ignore_case, text).for_each(&mut add);
                }
                if literal.ignore_case && folds(bytes) {
                    signs.iter().copied().for_each(&mut add);
                }
            }),
            None => required.runs.iter().take(1).for_each(|run| runs(*run, text).for_each(&mut add)),
        }
    });
    candidates.sort_unstable();
    candidates.dedup();
    candidates
}

/// Returns where a run of words begins in `text`.
fn runs<'t>(run: LiteralRef<'t>, text: &'t [u8]) -> impl Iterator<Item = usize> {
    let bytes = beginning_of(run.bytes);
    let run_of_words = bytes.trim_ascii_start();
    let word = run_of_words.split(|byte| *byte == b' ').next().unwrap_or_default();
    let is_here = move |at: &usize| is_run_at(run_of_words, run.ignore_case, &text[*at..]);
    Found::new(word, run.ignore_case, text).filter(is_here)
}

/// Whether `text` begins with the run, a blank of which matches any run of blanks.
fn is_run_at(run: &[u8], ignore_case: bool, text: &[u8]) -> bool {
    let mut at = 0;
    run.iter().all(|wanted| {
        let Some(byte) = text.get(at) else { return false };
        let is_equal = byte == wanted || (ignore_case && byte.eq_ignore_ascii_case(wanted));
        at += match *wanted {
            b' ' => blanks_len(&text[at..]),
            _ => usize::from(is_equal),
        };
        is_equal || (*wanted == b' ' && *byte == b'\t')
    })
}
