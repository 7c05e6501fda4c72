//! Turns the bytes of logs into records: detects the format of a source, finds where each record begins and ends, and
//! parses its fields.
//!
//! Works on bytes, in bounded memory whatever the size of the input.

mod clean;
mod format;
mod input;
mod reader;
mod record;
mod record_buffer;
mod template;
#[cfg(test)]
mod tests;
pub mod timestamp;

pub(crate) use clean::TextCleaner;
pub(crate) use format::SourceFormat;
pub use format::{FieldStep, Format, Level};
pub(crate) use input::OpenedInput;
pub use input::{Input, InputError, InputKind};
pub use reader::ReadOptions;
pub(crate) use reader::{HEAD_BYTES, Reader};
pub use record::Record;
pub(crate) use record_buffer::{Chunk, RecordBuffer};
pub use record_buffer::{MAX_RECORD_BYTES, MAX_RECORD_LINES};
pub use template::Profile;
pub(crate) use template::{Miner, standouts};
