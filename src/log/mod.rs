//! Log bytes to records: which format a source has, where its records begin and end, and what stands in them.
//!
//! Works on bytes and in bounded memory, whatever the size of the input.

mod format;
mod input;
mod reader;
mod record;
mod template;
#[cfg(test)]
mod tests;
pub mod timestamp;

pub use format::{Format, Level, Step};
pub use input::{Input, InputError, InputKind};
pub(crate) use reader::{Chunk, Reader};
pub use reader::{MAX_RECORD_BYTES, MAX_RECORD_LINES, ReadOptions};
pub use record::Record;
pub(crate) use template::Miner;
pub use template::Profile;
