//! Passes the records of an export to a visitor, each with a unique key.

use std::ops::ControlFlow;

use super::bytes;
use super::canonical::CanonicalRecord;
use super::field_map::FieldMap;
use super::fields::RecordFields;
use super::name::CanonicalName;
use super::record::{ExportRecord, NotARecord};
use crate::article::list::DistinctNames;

/// The greatest length of a key in bytes. A longer one is cut.
const LONGEST_KEY: usize = 120;

/// Passes records to the visitor, and keeps the keys of the records so far to make each key unique.
pub(super) struct RecordVisitor<'v> {
    pub(super) map: &'v FieldMap,
    keys: DistinctNames,
    visitor: &'v mut dyn FnMut(ExportRecord) -> ControlFlow<()>,
}

impl<'v> RecordVisitor<'v> {
    pub(super) fn new(map: &'v FieldMap, visitor: &'v mut dyn FnMut(ExportRecord) -> ControlFlow<()>) -> Self {
        RecordVisitor { map, keys: DistinctNames::default(), visitor }
    }

    /// Passes the record that begins at `line` to the visitor, with a unique key. Passes an error too; its key is made from
    /// `line`.
    pub(super) fn visit(&mut self, line: u64, fields: Result<RecordFields, NotARecord>) -> ControlFlow<()> {
        let canonical = fields.and_then(|fields| CanonicalRecord::from_fields(fields, self.map));
        let key = canonical.as_ref().map_or_else(|_| String::new(), key_of);
        let key = self.keys.name(if key.is_empty() { line.to_string() } else { key });
        (self.visitor)(ExportRecord { key, line, content: canonical.map(|canonical| canonical.to_json()) })
    }
}

/// Returns the key of a record: the stated id, otherwise the title as a slug; empty if there is neither.
fn key_of(canonical: &CanonicalRecord) -> String {
    let id = canonical.first(CanonicalName::Id);
    let key = if id.is_empty() {
        slug(canonical.first(CanonicalName::Title))
    } else {
        id.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    };
    bytes::cut(&key, LONGEST_KEY).trim_end_matches(['-', ' ']).to_owned()
}

/// Turns a title into a slug: `how-mail-waits-5-5` for `How mail waits (5.5)`.
fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}
