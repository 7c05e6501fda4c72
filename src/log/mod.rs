//! Log bytes to records: the format of a source, the borders of its records, and their fields.
//!
//! Works on bytes, in bounded memory whatever the size of the input.

mod format;
mod input;
mod reader;
mod record;
mod template;
#[cfg(test)]
mod tests;
pub mod timestamp;

pub use format::{FieldStep, Format, Level};
pub use input::{Input, InputError, InputKind};
pub(crate) use reader::{Chunk, Reader};
pub use reader::{MAX_RECORD_BYTES, MAX_RECORD_LINES, ReadOptions};
pub use record::Record;
pub(crate) use template::Miner;
pub use template::Profile;
