//! Reduces an article to a few numbers by which near-copies are found: MinHash over shingles of words.
//!
//! A sketch depends on its article alone, so nothing is regrouped when articles are added or removed. It tells how similar
//! two articles are, to about 0.04; it cannot tell where they differ.
//!
//! Invariant: after any number of shingles, `least[b]` is the smallest hash of the shingles that fall into bin `b`. Two
//! articles have the same smallest hash in a bin with a probability of about their Jaccard similarity, so the share of equal
//! bins estimates it, and equal rows give equal keys.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::article::{Article, SectionKind};
use crate::identifier::IdentifierKind;

/// The number of words of a shingle. If it were lower, different articles about one product would look alike; if it
/// were higher, one changed name would change too many shingles.
const SHINGLE: usize = 4;

/// The number of bins of the one-permutation hashing. Of the smallest hash in each bin, two bits are kept. The error of
/// the estimate is 0.034 at a similarity of 0.8, for articles of some hundred words.
const BINS: usize = 192;
const BINS_PER_WORD: usize = 32;
const SKETCH_WORDS: usize = BINS / BINS_PER_WORD;

/// An article with fewer filled bins has no sketch: it is too short to tell a copy from another article in the same few
/// words. Each word but the first three fills at most one more bin.
const MIN_FILLED: usize = 20;

/// The number of bands, each of two rows. Two articles share a band with a probability of 1 - (1 - s²)⁴: 0.93 at a
/// similarity s of 0.7, 0.98 at 0.8, 0.999 at 0.9, and 0.15 at 0.2. The title is one more band, so articles of one
/// title always share one.
const BANDS: usize = 4;
const ROWS: usize = 2 * BANDS;
const BINS_PER_ROW: usize = BINS / ROWS;

/// Bits of the key of a band, besides the number of the band. They are few, since the cost of keys at ingest grows with
/// the number of different keys. Of 57,000 articles about one shares each key by chance, which costs a look at its
/// sketch.
const BAND_BITS: u32 = 16;

/// Number of values of a stored sketch, without the keys.
pub(in crate::store) const STORED_WORDS: usize = SKETCH_WORDS + 2;

/// Number of keys of a sketch: one for each band, and last that of the title.
pub(in crate::store) const KEYS: usize = BANDS + 1;

/// The numbers to which an article is reduced to find its near-copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Sketch {
    /// Near-copies share at least one of these. The last is that of the title.
    pub(in crate::store) keys: [u64; KEYS],
    /// Hash of what near-copies must have in common: codes, events, replies, and numbers in the title.
    exact: u64,
    /// A set of the words of the title: each word sets one of 64 bits, which its hash selects.
    title: u64,
    /// Two bits of the smallest hash of each bin.
    bins: [u64; SKETCH_WORDS],
}

impl Sketch {
    /// Computes the sketch of an article; `None` when it is too short. Takes about 8 µs for 300 words.
    ///
    /// Leaves out the parts in which copies often differ: the prefix of the title, status, references, query words.
    pub(in crate::store) fn for_article(article: &Article) -> Option<Sketch> {
        let mut shingles = Shingles::new();
        shingles.add(&article.title);
        for section in &article.sections {
            match section.kind {
                SectionKind::Status | SectionKind::References | SectionKind::QueryWords => continue,
                SectionKind::Titled => shingles.add(&section.title),
                SectionKind::Body
                | SectionKind::Summary
                | SectionKind::Symptoms
                | SectionKind::Cause
                | SectionKind::Resolution
                | SectionKind::Workaround
                | SectionKind::MoreInformation => {}
            }
            shingles.add(&section.text);
        }
        let (rows, bins) = shingles.finish()?;
        let mut title = Vec::new();
        for_each_word(&article.title, |word| title.push(word));
        let mut keys = [0; KEYS];
        for (band, rows) in rows.chunks_exact(2).enumerate() {
            keys[band] = key_of(band, rows.iter().copied().map(u64::from));
        }
        keys[BANDS] = key_of(BANDS, title.iter().copied());
        debug_assert!(keys.iter().zip(0..).all(|(key, band)| key >> BAND_BITS == band), "keys of two bands never meet");
        let title = title.iter().fold(0, |bits, word| bits | 1 << (mixed(*word) >> 58));
        Some(Sketch { keys, exact: exact(article), title, bins })
    }

    /// Restores a sketch from [`stored`](Sketch::stored) and its keys, in the same order; `None` for another number of values.
    pub(in crate::store) fn from_stored(stored: &[u64], keys: &[u64]) -> Option<Sketch> {
        let ([exact, title], bins) = stored.split_first_chunk()?;
        Some(Sketch { keys: keys.try_into().ok()?, exact: *exact, title: *title, bins: bins.try_into().ok()? })
    }

    /// Returns the values to store beside the keys.
    pub(in crate::store) fn stored(&self) -> [u64; STORED_WORDS] {
        let mut words = [0; STORED_WORDS];
        (words[0], words[1]) = (self.exact, self.title);
        words[2..].copy_from_slice(&self.bins);
        words
    }

    /// Returns the similarity of the texts, 0–1, if the articles are near-copies, otherwise `None`. `a.near(b)` equals
    /// `b.near(a)`.
    pub(in crate::store) fn near(&self, other: &Sketch) -> Option<f32> {
        let share_key = || self.keys.iter().zip(&other.keys).any(|(a, b)| a == b);
        if self.exact != other.exact || !share_key() {
            return None;
        }
        let similarity = self.similarity(other);
        debug_assert_eq!((similarity, self.needed(other)), (other.similarity(self), other.needed(self)));
        (similarity >= self.needed(other)).then_some(similarity)
    }

    /// The estimated share of common shingles.
    fn similarity(&self, other: &Sketch) -> f32 {
        /// The lower bit of each pair of bits.
        const LOWER: u64 = 0x5555_5555_5555_5555;
        let differ = |(a, b): (&u64, &u64)| ((a ^ b) | ((a ^ b) >> 1)) & LOWER;
        let n_differ: u32 = self.bins.iter().zip(&other.bins).map(differ).map(u64::count_ones).sum();
        let same = 1.0 - n_differ as f32 / BINS as f32;
        // Two bits of different hashes are equal by chance in a quarter of cases.
        ((same - 0.25) / 0.75).clamp(0.0, 1.0)
    }

    /// The least similarity of texts, 0.5–0.9, at which two articles are near-copies: the less their titles have in
    /// common, the higher. Texts that are similar only by the set phrases of a vendor have different titles. The
    /// numbers come from reading pairs in the archive: with the same title, articles that share half their text are one
    /// article for two products. From a similarity of 0.9 on, this holds for any two articles; between these, for two
    /// pairs in three.
    fn needed(&self, other: &Sketch) -> f32 {
        if self.keys[BANDS] == other.keys[BANDS] && self.title == other.title {
            return 0.5;
        }
        let (shared, all) = ((self.title & other.title).count_ones(), (self.title | other.title).count_ones());
        (1.0 - 0.4 * shared as f32 / all.max(1) as f32).min(0.9)
    }
}

/// The smallest hash of each bin, while shingles are added.
struct Shingles {
    window: [u64; SHINGLE],
    n_words: usize,
    least: [u32; BINS],
}

/// The value of a bin into which no shingle fell. A shingle with this hash is ignored.
const EMPTY: u32 = u32::MAX;

impl Shingles {
    fn new() -> Self {
        Shingles { window: [0; SHINGLE], n_words: 0, least: [EMPTY; BINS] }
    }

    fn add(&mut self, text: &str) {
        for_each_word(text, |word| {
            let [_, a, b, c] = self.window;
            self.window = [a, b, c, word];
            self.n_words += 1;
            if self.n_words >= SHINGLE {
                let parts = [a, b.rotate_left(16), c.rotate_left(32), word.rotate_left(48)];
                let shingle = mixed(parts.into_iter().fold(0, u64::wrapping_add));
                let least = &mut self.least[bin_of(shingle)];
                *least = (*least).min(shingle as u32);
            }
        });
    }

    /// The rows of the bands and the bits of the bins, unless too few bins are filled.
    fn finish(self) -> Option<([u32; ROWS], [u64; SKETCH_WORDS])> {
        let filled = self.least.iter().filter(|&&least| least != EMPTY).count();
        if filled < MIN_FILLED {
            return None;
        }
        let mut bins = [0; SKETCH_WORDS];
        for (bin, &least) in self.least.iter().enumerate() {
            // Mixed with the number of the bin, so that bins that borrow from the same bin do not all agree by chance.
            let borrowed = || mixed(u64::from(self.borrowed(bin)) << 32 | bin as u64);
            let bits = if least == EMPTY { borrowed() } else { u64::from(least) };
            bins[bin / BINS_PER_WORD] |= (bits & 0b11) << (2 * (bin % BINS_PER_WORD));
        }
        let mut rows = [EMPTY; ROWS];
        for (row, bins) in rows.iter_mut().zip(self.least.chunks_exact(BINS_PER_ROW)) {
            *row = bins.iter().copied().min().unwrap_or(EMPTY);
        }
        for (row, value) in rows.iter_mut().enumerate().filter(|(_, value)| **value == EMPTY) {
            *value = self.borrowed(row * BINS_PER_ROW);
        }
        Some((rows, bins))
    }

    /// The substitute for the smallest hash of an empty bin: that of another bin, which every article chooses in the same
    /// order (optimal densification, Shrivastava 2017). Ends, since at least [`MIN_FILLED`] bins are filled.
    fn borrowed(&self, bin: usize) -> u32 {
        debug_assert!(self.least.iter().any(|&least| least != EMPTY), "there is a bin to end at");
        let mut place = mixed(bin as u64 + 1);
        while self.least[bin_of(place)] == EMPTY {
            place = mixed(place);
        }
        self.least[bin_of(place)]
    }
}

/// A hash of the codes of an article and the numbers in its title, which near-copies must have in common: two articles
/// in the same words about two error numbers are not copies. A number of two digits in a title, or a year, is a version
/// and does not count.
fn exact(article: &Article) -> u64 {
    let is_code = |kind| {
        matches!(kind, IdentifierKind::Code | IdentifierKind::Stop | IdentifierKind::Event | IdentifierKind::Reply)
    };
    let codes = article.identifiers.iter().filter(|found| is_code(found.kind)).map(|found| found.value.as_str());
    let is_year = |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let is_number = |word: &&str| word.len() > 2 && word.bytes().all(|b| b.is_ascii_digit()) && !is_year(word);
    let numbers = article.title.split(|c: char| !c.is_alphanumeric()).filter(is_number);
    let exact: BTreeSet<&str> = codes.chain(numbers).collect();
    let mut hash = 0;
    for part in exact {
        for_each_word(part, |word| hash = step(hash, word));
        hash = step(hash, 1);
    }
    hash
}

/// The lower case of each byte that can be part of a word, and 0 for the others. Words consist of letters, digits and the signs
/// that distinguish `C#` from `C++` and `operator==` from `operator>=`. Every byte beyond ASCII counts as a letter.
const IN_WORD: [u8; 256] = {
    let mut in_word = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let c = byte as u8;
        if c.is_ascii_alphanumeric() || !c.is_ascii() || matches!(c, b'+' | b'#' | b'=' | b'<' | b'>') {
            in_word[byte] = c.to_ascii_lowercase();
        }
        byte += 1;
    }
    in_word
};

/// Calls `visit` with a hash of each word, ignoring case. Reads eight bytes at a time.
fn for_each_word(text: &str, mut visit: impl FnMut(u64)) {
    let mut rest = text.as_bytes().iter().map(|&byte| IN_WORD[usize::from(byte)]);
    while let Some(first) = rest.find(|&letter| letter != 0) {
        let (mut hash, mut bits) = (0, u64::from(first));
        for letter in rest.by_ref().take_while(|&letter| letter != 0) {
            if bits >> 56 != 0 {
                (hash, bits) = (step(hash, bits), 0);
            }
            bits = bits << 8 | u64::from(letter);
        }
        visit(step(hash, bits));
    }
}

fn bin_of(hash: u64) -> usize {
    (((hash >> 32) * BINS as u64) >> 32) as usize
}

/// Combines several hashes to one that depends on their order.
fn chained(hashes: impl IntoIterator<Item = u64>) -> u64 {
    hashes.into_iter().fold(0, step)
}

fn step(all: u64, hash: u64) -> u64 {
    (all ^ hash).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
}

fn key_of(band: usize, parts: impl IntoIterator<Item = u64>) -> u64 {
    (band as u64) << BAND_BITS | mixed(chained(parts)) >> (64 - BAND_BITS)
}

/// Spreads a value over all 64 bits (the finaliser of SplitMix64).
fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
