//! Finds passages by their meaning: each is a vector, and vectors are compared by their angle.
//!
//! An [`Encoder`] turns a sentence into a unit vector whose direction is similar for sentences of similar meaning. Each
//! article has one [`passage()`], identified by its [`PassageKey`], so a text that did not change is never encoded again.
//! [`build()`] encodes the passages that have no vector yet. [`Vectors`] finds the nearest passages by comparing all of them,
//! which takes some milliseconds for 57,000; an index of neighbours would not pay.
//!
//! Good for: other words for the same thing. Not good for: codes, names and messages, which must be found literally. The
//! user provides the model; without one nothing here runs. Without the feature `semantic` there is no encoder, but passages
//! keep their keys, so a store is the same with and without the feature.

mod build;
#[cfg(feature = "semantic")]
mod encoder;
mod error;
mod meaning;
mod passage;
#[cfg(feature = "semantic")]
mod settings;
#[cfg(feature = "semantic")]
mod tokenizer;
mod vectors;

pub use build::{BuildProgress, BuildSummary, build};
#[cfg(feature = "semantic")]
pub use encoder::Encoder;
pub use error::SemanticError;
pub use meaning::{FindMeaning, Meaning};
pub use passage::{PassageKey, passage};
pub use vectors::{Direction, ModelFingerprint, NearPassage, Vectors};
