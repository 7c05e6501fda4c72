//! A filter that finds many literals in one pass over a text, looking only at every few bytes of it.
//!
//! Each literal has a window of `Q + S - 1` bytes. The filter looks at the `Q` bytes (a gram) at each offset that is a
//! multiple of `S`. Exactly one such offset is among the first `S` of an occurrence of the window, and the gram there
//! lies in the window. So the filter knows the `S` grams of each window and finds every occurrence once. Whether a gram
//! may be known is one bit in a table that fits in the processor's cache; nearly all offsets end there.
//!
//! The case of ASCII letters is ignored by setting bit 5 of each byte. This also makes other pairs of bytes equal, such
//! as `@` and a grave accent, so a hit must be compared.

/// The number of bytes that are loaded at an offset. A gram is the first `Q` of them.
const LOADED: usize = 8;

/// Bit 5 of each byte.
const FOLD: u64 = 0x2020_2020_2020_2020;

/// An odd number with well mixed bits (2^64 divided by the golden ratio), for multiplicative hashing (Knuth 1998, 6.4).
pub(super) const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// The words of the small table, which fits in the first cache, and of the large one, which fits in the second.
const SMALL: usize = 1 << 11;
const LARGE: usize = 1 << 16;

/// The most grams for which the small table is used: one offset in sixty passes it without need.
const MAX_SMALL: usize = SMALL;

/// The grams of the windows of all literals.
#[derive(Debug)]
pub(super) struct GramFilter<const Q: usize, const S: usize> {
    table: Table,
    /// Sorted by hash, then by gram.
    grams: Vec<Gram>,
    /// For each value of the upper [`BUCKET_BITS`] bits of a hash, the first of `grams` with it.
    buckets: Vec<u32>,
}

/// One bit for each value of the upper bits of a hash: whether a gram has it. The sizes are constants, so that no offset is
/// checked while a text is scanned.
#[derive(Debug)]
enum Table {
    Small(Box<[u64; SMALL]>),
    Large(Box<[u64; LARGE]>),
}

/// The upper bits of a hash by which grams are looked up.
const BUCKET_BITS: u32 = 14;

/// A gram of the window of a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Gram {
    hash: u64,
    literal: u32,
    /// Its offset in the literal.
    offset: u32,
}

/// A place where a gram of a literal occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// The offset of the gram in the text.
    pub(super) at: usize,
    /// The number of the literal.
    pub(super) literal: u32,
    /// The offset of the gram in the literal.
    pub(super) offset: usize,
}

impl<const Q: usize, const S: usize> GramFilter<Q, S> {
    /// The number of bytes of a window. A literal must have as many.
    pub(super) const WINDOW: usize = Q + S - 1;

    /// Builds the filter from the literals: their numbers, their bytes, and where their windows begin.
    pub(super) fn new<'l>(literals: impl Iterator<Item = (u32, &'l [u8], usize)>) -> Self {
        let mut grams: Vec<Gram> = literals
            .flat_map(|(literal, bytes, window)| {
                (window..window + S).map(move |offset| {
                    let hash = hash::<Q>(load(&bytes[offset..offset + Q]));
                    Gram { hash, literal, offset: u32::try_from(offset).expect("literals are short") }
                })
            })
            .collect();
        grams.sort_unstable();
        let table = match grams.len() {
            ..=MAX_SMALL => Table::Small(table(&grams)),
            _ => Table::Large(table(&grams)),
        };
        let buckets = buckets(&grams);
        GramFilter { table, grams, buckets }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.grams.is_empty()
    }

    /// Calls `found` for each place in `text` where a gram occurs, in the order of their offsets. Every window that
    /// occurs in `text`, ignoring case, has such a place.
    pub(super) fn hits(&self, text: &[u8], found: impl FnMut(Hit)) {
        match &self.table {
            _ if self.is_empty() => {}
            Table::Small(table) => self.scan(table, text, found),
            Table::Large(table) => self.scan(table, text, found),
        }
    }

    fn scan<const WORDS: usize>(&self, table: &[u64; WORDS], text: &[u8], mut found: impl FnMut(Hit)) {
        let mut at = 0;
        while let Some(block) = text.get(at..at + 7 * S + LOADED) {
            let mut known = 0_u32;
            for probe in 0..8 {
                let loaded = u64::from_le_bytes(*block[probe * S..].first_chunk().expect("the block is long enough"));
                known |= u32::from(may_know(table, hash::<Q>(loaded))) << probe;
            }
            while known != 0 {
                let offset = known.trailing_zeros() as usize * S;
                known &= known - 1;
                self.hits_at(at + offset, load(&block[offset..offset + LOADED]), &mut found);
            }
            at += 8 * S;
        }
        while at + Q <= text.len() {
            let loaded = load(&text[at..text.len().min(at + LOADED)]);
            if may_know(table, hash::<Q>(loaded)) {
                self.hits_at(at, loaded, &mut found);
            }
            at += S;
        }
    }

    #[inline(never)]
    fn hits_at(&self, at: usize, loaded: u64, found: &mut impl FnMut(Hit)) {
        let hash = hash::<Q>(loaded);
        let bucket = bucket(hash);
        let grams = &self.grams[self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize];
        let from = grams.partition_point(|gram| gram.hash < hash);
        for gram in grams[from..].iter().take_while(|gram| gram.hash == hash) {
            found(Hit { at, literal: gram.literal, offset: gram.offset as usize });
        }
    }
}

fn table<const WORDS: usize>(grams: &[Gram]) -> Box<[u64; WORDS]> {
    let mut table: Box<[u64; WORDS]> = vec![0; WORDS].try_into().expect("as many words");
    for gram in grams {
        let (word, bit) = place::<WORDS>(gram.hash);
        table[word] |= 1 << bit;
    }
    table
}

fn may_know<const WORDS: usize>(table: &[u64; WORDS], hash: u64) -> bool {
    let (word, bit) = place::<WORDS>(hash);
    table[word] >> bit & 1 != 0
}

/// Returns the word and the bit of a hash in a table of so many words, a power of two.
fn place<const WORDS: usize>(hash: u64) -> (usize, u32) {
    let upper = hash >> (u64::BITS - WORDS.ilog2() - u64::BITS.ilog2());
    ((upper >> u64::BITS.ilog2()) as usize % WORDS, (upper % u64::from(u64::BITS)) as u32)
}

/// Returns the first of the sorted `grams` of each bucket, and the number of grams at the end.
fn buckets(grams: &[Gram]) -> Vec<u32> {
    let mut buckets = vec![0; (1 << BUCKET_BITS) + 1];
    for gram in grams {
        buckets[bucket(gram.hash) + 1] += 1;
    }
    for index in 1..buckets.len() {
        buckets[index] += buckets[index - 1];
    }
    buckets
}

fn bucket(hash: u64) -> usize {
    (hash >> (u64::BITS - BUCKET_BITS)) as usize
}

/// Loads up to eight bytes; those that are missing are 0.
fn load(bytes: &[u8]) -> u64 {
    let mut loaded = [0; LOADED];
    let n = bytes.len().min(LOADED);
    loaded[..n].copy_from_slice(&bytes[..n]);
    u64::from_le_bytes(loaded)
}

/// The hash of the first `Q` bytes. Different grams have different hashes, except for case, because the multiplier is odd.
fn hash<const Q: usize>(loaded: u64) -> u64 {
    let unused = u64::BITS - 8 * Q as u32;
    ((loaded | FOLD) << unused).wrapping_mul(MULTIPLIER)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns all hits of the literals, each with its window at its beginning: offset of the literal, and its number.
    fn hits<const Q: usize, const S: usize>(literals: &[&str], text: &str) -> Vec<(usize, u32)> {
        let numbered = (0..).zip(literals).map(|(number, literal)| (number, literal.as_bytes(), 0));
        let mut found = Vec::new();
        GramFilter::<Q, S>::new(numbered).hits(text.as_bytes(), |hit| {
            // A gram may occur where the literal would have to begin before the text.
            found.extend(hit.at.checked_sub(hit.offset).map(|start| (start, hit.literal)));
        });
        found
    }

    #[test]
    fn each_occurrence_is_found_once_wherever_it_begins() {
        for before in 0..40 {
            let text = format!("{}CONNECTION refused{}", "-".repeat(before), "-".repeat(60 - before));
            assert_eq!(hits::<8, 4>(&["connection", "connection refused"][1..], &text), [(before, 0)]);
            assert_eq!(hits::<5, 2>(&["refused"], &text), [(before + 11, 0)]);
            assert_eq!(hits::<3, 1>(&["ion"], &text), [(before + 7, 0)]);
        }
    }

    #[test]
    fn a_literal_at_the_very_end_is_found() {
        assert_eq!(hits::<3, 1>(&["abc"], "abc"), [(0, 0)]);
        assert_eq!(hits::<3, 1>(&["abc"], "ab"), []);
        assert_eq!(hits::<8, 4>(&["abcdefghijk"], "  abcdefghijk"), [(2, 0)]);
    }

    proptest! {
        #[test]
        fn finds_what_a_plain_search_finds(text in "[abAB ]{0,200}", literal in "[ab]{6,9}") {
            let lower = text.to_ascii_lowercase();
            let mut plain: Vec<_> = (0..lower.len()).filter(|at| lower[*at..].starts_with(&literal[..6])).collect();
            let mut found: Vec<_> = hits::<5, 2>(&[&literal], &text).into_iter().map(|(at, _)| at).collect();
            found.retain(|at| lower[*at..].starts_with(&literal[..6]));
            plain.sort_unstable();
            found.sort_unstable();
            prop_assert_eq!(found, plain);
        }
    }
}
