//! Turns the bytes of logs into records: detects the format of a source, finds where each record begins and ends, and
//! parses its fields.
//!
//! Works on bytes, in bounded memory whatever the size of the input.

#[cfg(test)]
mod annotated_files;
mod clean;
mod format;
mod heading;
mod input;
mod json_document;
mod json_scan;
mod period;
mod reader;
mod record;
mod record_buffer;
mod survey;
mod template;
#[cfg(test)]
mod tests;
pub mod timestamp;
mod written_time;
mod years;
mod zone;

pub(crate) use clean::TextCleaner;
pub(crate) use format::SourceFormat;
pub use format::{FieldStep, Format, Level};
pub use input::{Input, InputError, InputKind};
pub(crate) use input::{OpenedInput, may_be_log};
pub use period::{Period, latest_time};
pub(crate) use period::{PeriodFilter, Taken};
pub use reader::ReadOptions;
pub(crate) use reader::{HEAD_BYTES, Reader};
pub use record::Record;
pub(crate) use record_buffer::{Chunk, OwnedChunk, RecordBuffer};
pub use record_buffer::{MAX_RECORD_BYTES, MAX_RECORD_LINES};
pub use survey::{
    FormatChoice, Listed, ListedRecord, Longest, MAX_UNREAD_LINES, StampSurvey, Survey, SurveyOptions, Surveys,
    UnreadLine, survey,
};
pub use template::Profile;
pub(crate) use template::{MinedChunk, Miner, mine, standouts};
pub use written_time::{before, instant, span};
pub use zone::{SourceSelector, SourceZone, SourceZones, ZoneOrigin, zone_name, zone_named};
