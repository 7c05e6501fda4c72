//! Groups the records of a source by their templates, and finds the records that stand out.
//!
//! Records that differ only in words with digits, such as numbers, addresses and ids, have the same template.

mod fingerprint;
mod group;
mod miner;
mod model;
mod profile;
mod severity;
mod weight;

pub(crate) use miner::{MinedChunk, Miner, mine};
pub use profile::Profile;
pub(crate) use weight::standouts;
