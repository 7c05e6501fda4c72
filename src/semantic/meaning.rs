//! What a query means, and how a search comes to know it.

use std::fmt;
use std::sync::Arc;

use super::{Direction, PassageKey, Vectors};

/// What a query means, beside the vectors that it is compared with.
#[derive(Debug, Clone)]
pub struct Meaning {
    /// Of the query.
    pub direction: Direction,
    /// Of the passages.
    pub vectors: Arc<Vectors>,
}

impl Meaning {
    /// The cosine of the angle between the query and a passage, -1–1; `None` for one that has no vector yet.
    pub fn similarity(&self, passage: PassageKey) -> Option<f32> {
        self.vectors.similarity(passage, &self.direction)
    }
}

/// Finds what texts mean, if that is possible. A function, so that nothing is loaded before it is needed, and that searching
/// does not depend on how texts are encoded.
#[derive(Clone)]
pub struct FindMeaning(Arc<Find>);

type Find = dyn Fn(&str) -> Option<Meaning> + Send + Sync;

impl FindMeaning {
    /// Finds it like this.
    pub fn new(find: impl Fn(&str) -> Option<Meaning> + Send + Sync + 'static) -> FindMeaning {
        FindMeaning(Arc::new(find))
    }

    /// What a text means.
    pub fn find(&self, text: &str) -> Option<Meaning> {
        (self.0)(text)
    }
}

impl fmt::Debug for FindMeaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FindMeaning")
    }
}
