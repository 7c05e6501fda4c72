//! Finding what words cannot: passages of articles as vectors, compared by their angle.
//!
//! An [`Encoder`] turns a sentence into a unit vector, near in direction to those of sentences that mean the same. Each
//! article is one [`passage()`], known by its [`PassageKey`] alone, so that a text that did not change is never encoded
//! again. [`build()`] encodes the passages that have no vector yet, [`Vectors`] finds the nearest ones by looking at all
//! of them: some milliseconds for 57,000, which no index of neighbours is worth.
//!
//! Good for: other words for the same thing. Not good for: codes, names and messages, which have to be found as they stand;
//! a vector says nothing of them. The model is the user's: without one nothing here runs, and without the feature
//! `semantic` there is no encoder at all, while passages keep their keys, so that a store is the same with it and without.

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
