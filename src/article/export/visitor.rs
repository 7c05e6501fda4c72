//! Visits each record of an export under a key of its own.

use std::ops::ControlFlow;

use super::bytes;
use super::canonical::Canonical;
use super::field_map::FieldMap;
use super::fields::Fields;
use super::name::Name;
use super::record::{NotARecord, Record, Summary};
use crate::article::list::Distinct;

/// A longer key is cut.
const LONGEST_KEY: usize = 120;

/// The visitor of an export's records, and what it has seen.
pub(super) struct Records<'v> {
    pub(super) map: &'v FieldMap,
    keys: Distinct,
    pub(super) summary: Summary,
    visit: &'v mut dyn FnMut(Record) -> ControlFlow<()>,
}

impl<'v> Records<'v> {
    pub(super) fn new(map: &'v FieldMap, visit: &'v mut dyn FnMut(Record) -> ControlFlow<()>) -> Self {
        Records { map, keys: Distinct::default(), summary: Summary::default(), visit }
    }

    /// Hands on the record with these fields.
    pub(super) fn give(&mut self, line: u64, fields: Result<Fields, NotARecord>) -> ControlFlow<()> {
        let canonical = fields.and_then(|fields| Canonical::from_fields(fields, self.map));
        match &canonical {
            Ok(_) => self.summary.articles += 1,
            Err(_) => self.summary.skipped += 1,
        }
        let key = canonical.as_ref().map_or_else(|_| String::new(), key_of);
        let key = self.keys.name(if key.is_empty() { line.to_string() } else { key });
        (self.visit)(Record { key, line, content: canonical.map(|canonical| canonical.to_json()) })
    }
}

/// The stated id, else the title as a slug; empty if there is neither.
fn key_of(canonical: &Canonical) -> String {
    let id = canonical.first(Name::Id);
    let key = if id.is_empty() {
        slug(canonical.first(Name::Title))
    } else {
        id.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    };
    bytes::cut(&key, LONGEST_KEY).trim_end_matches(['-', ' ']).to_owned()
}

/// `How mail waits (5.5)` as `how-mail-waits-5-5`.
fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}
