//! Keeps the vectors of all passages in memory and finds the nearest ones.
//!
//! A value takes one byte. Cosines of such vectors differ by less than 0.01 from those of the original floats, and comparing
//! 57,000 vectors takes some milliseconds.

mod direction;
mod file;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use rayon::prelude::*;

use super::PassageKey;
pub use direction::Direction;
use direction::{WideDirection, length};

/// Identifies the model that vectors were made with: a hash of all files of the model that they depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelFingerprint(pub u64);

impl ModelFingerprint {
    /// Takes the first eight bytes of `hash` as the fingerprint.
    pub fn from_hash(hash: &blake3::Hash) -> ModelFingerprint {
        let (first, _) = hash.as_bytes().split_first_chunk().expect("a hash has 32 bytes");
        ModelFingerprint(u64::from_le_bytes(*first))
    }
}

impl fmt::Display for ModelFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// A passage whose vector is near that of a query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearPassage {
    /// The key of the passage.
    pub passage: PassageKey,
    /// The cosine of the angle between the vectors of passage and query, -1–1.
    pub cosine: f32,
}

/// The vectors of one model, by passage.
#[derive(Debug, Clone, PartialEq)]
pub struct Vectors {
    model: ModelFingerprint,
    /// The number of values of each vector; 0 when there are no vectors.
    dimension: usize,
    /// The passages, sorted.
    keys: Vec<PassageKey>,
    /// The vectors one after the other, in the order of `keys`, with `dimension` values each.
    values: Vec<i8>,
    /// The Euclidean length of each vector, in the order of `keys`.
    lengths: Vec<f32>,
}

/// Each thread compares at least this many vectors, which takes about a tenth of a millisecond.
const PER_THREAD: usize = 2_048;

impl Vectors {
    /// Creates an empty collection of vectors of `model`.
    pub fn empty(model: ModelFingerprint) -> Vectors {
        Vectors { model, dimension: 0, keys: Vec::new(), values: Vec::new(), lengths: Vec::new() }
    }

    /// The number of passages that have a vector.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no passage has a vector.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether this passage has a vector.
    pub fn contains(&self, passage: PassageKey) -> bool {
        self.keys.binary_search(&passage).is_ok()
    }

    /// The cosine of the angle between the vector of a passage and `query`, -1–1. `None` if the passage has no vector,
    /// or `query` has another dimension.
    pub fn similarity(&self, passage: PassageKey, query: &Direction) -> Option<f32> {
        let index = self.keys.binary_search(&passage).ok()?;
        (query.dimension() == self.dimension)
            .then(|| WideDirection::new(query).cosine(self.row(index), self.lengths[index]))
    }

    /// The `limit` passages nearest to `query`, nearest first, ties by key; none for a query of another dimension. Compares all
    /// vectors, on all cores.
    pub fn nearest(&self, query: &Direction, limit: usize) -> Vec<NearPassage> {
        if query.dimension() != self.dimension || limit == 0 {
            return Vec::new();
        }
        let query = WideDirection::new(query);
        let compared = |index: usize| NearPassage {
            passage: self.keys[index],
            cosine: query.cosine(self.row(index), self.lengths[index]),
        };
        let mut all: Vec<NearPassage> =
            (0..self.keys.len()).into_par_iter().with_min_len(PER_THREAD).map(compared).collect();
        if limit < all.len() {
            all.select_nth_unstable_by(limit, nearer);
            all.truncate(limit);
        }
        all.sort_unstable_by(nearer);
        all
    }

    /// Returns these vectors and the `new` ones, which replace old ones with the same key, without those for which
    /// `is_held` is false or whose dimension is not that of the new ones.
    pub(crate) fn with(&self, new: &BTreeMap<PassageKey, Direction>, is_held: impl Fn(PassageKey) -> bool) -> Vectors {
        let dimension = new.values().next().map_or(self.dimension, Direction::dimension);
        let old = self.keys.iter().enumerate().map(|(index, &key)| (key, self.row(index)));
        let new = new.iter().map(|(&key, direction)| (key, direction.values()));
        let rows: BTreeMap<PassageKey, &[i8]> = old.chain(new).collect();
        let held = rows.into_iter().filter(|(key, row)| is_held(*key) && row.len() == dimension);
        let (keys, rows): (Vec<PassageKey>, Vec<&[i8]>) = held.unzip();
        Vectors::new(self.model, dimension, keys, rows.concat())
    }

    /// Creates vectors and computes their lengths. `keys` must be sorted, and `values` must have `dimension` values for
    /// each.
    fn new(model: ModelFingerprint, dimension: usize, keys: Vec<PassageKey>, values: Vec<i8>) -> Vectors {
        let rows = values.par_chunks_exact(dimension.max(1)).with_min_len(PER_THREAD);
        let lengths = rows.map(length).collect();
        Vectors { model, dimension, keys, values, lengths }
    }

    fn row(&self, index: usize) -> &[i8] {
        &self.values[index * self.dimension..][..self.dimension]
    }
}

/// Orders near passages: the greater cosine first, and of equal ones the lower key.
fn nearer(a: &NearPassage, b: &NearPassage) -> Ordering {
    b.cosine.total_cmp(&a.cosine).then(a.passage.cmp(&b.passage))
}
