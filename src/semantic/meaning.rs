//! The meaning of a query, and the function by which a search gets it.

use std::fmt;
use std::sync::Arc;

use super::{Direction, PassageKey, Vectors};

/// The meaning of a query, with the vectors to compare it with.
#[derive(Debug, Clone)]
pub struct Meaning {
    /// The direction of the vector of the query.
    pub direction: Direction,
    /// The vectors of the passages.
    pub vectors: Arc<Vectors>,
}

impl Meaning {
    /// The cosine of the angle between the query and a passage, -1–1; `None` when the passage has no vector yet.
    pub fn similarity(&self, passage: PassageKey) -> Option<f32> {
        self.vectors.similarity(passage, &self.direction)
    }
}

/// A function that finds the meaning of a text, if possible. It may load the model on the first call. With it, the
/// search does not depend on the encoder.
#[derive(Clone)]
pub struct FindMeaning(Arc<Find>);

type Find = dyn Fn(&str) -> Option<Meaning> + Send + Sync;

impl FindMeaning {
    /// Wraps `find`, which returns `None` for a text that it cannot encode.
    pub fn new(find: impl Fn(&str) -> Option<Meaning> + Send + Sync + 'static) -> FindMeaning {
        FindMeaning(Arc::new(find))
    }

    /// The meaning of a text; `None` when it cannot be encoded.
    pub fn find(&self, text: &str) -> Option<Meaning> {
        (self.0)(text)
    }
}

impl fmt::Debug for FindMeaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FindMeaning")
    }
}
