//! Log bytes to records: which format a source has, where its records begin and end, and what stands in them.
//!
//! Works on bytes and in bounded memory, whatever the size of the input.

pub mod timestamp;
