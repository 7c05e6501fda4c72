//! Collects the templates of a source.
//!
//! It looks at all of the first records, then at a smaller and smaller share of them, and at every record with a word
//! for trouble, such as `error`. So it takes little time compared with the search for symptoms.

use std::collections::HashMap;

use jiff::Timestamp;

use super::fingerprint::fingerprint;
use super::model::Template;
use super::severity::severe_places;
use crate::log::record_buffer::Chunk;
use crate::log::{Record, Taken};
use crate::source::SourceId;

/// The number of records at the start of a log that are all looked at. Each time the log doubles after that, half as many
/// more are looked at: about 60,000 records of a log of ten million.
const SAMPLED_AT_START: u64 = 10_000;

/// The most templates of a source that are kept; further ones are ignored. In a source with more, templates say
/// nothing.
const MAX_TEMPLATES: usize = 10_000;

/// The template of a record is determined by this number of bytes at its beginning.
const FINGERPRINT_BYTES: usize = 256;

/// Collects the templates of one source.
#[derive(Debug, Clone)]
pub(crate) struct Miner {
    source: SourceId,
    templates: HashMap<u64, Template>,
    /// The number of taken records so far, whether they were looked at or not.
    seen: u64,
    /// The number of records that were looked at.
    sampled: u64,
    /// The time of the last stamped record that was looked at.
    time: Option<Timestamp>,
}

impl Miner {
    pub(crate) fn new(source: SourceId) -> Self {
        Miner { source, templates: HashMap::new(), seen: 0, sampled: 0, time: None }
    }

    /// Looks at those records of a chunk that are `taken` and in the sample, and at those with a word for trouble. Calls
    /// `visit` with each record in the sample. The sample does not depend on the size of the chunks.
    pub(crate) fn observe(&mut self, chunk: &Chunk<'_>, taken: &Taken, mut visit: impl FnMut(&Record<'_>)) {
        let mut severe = severe_places(chunk.bytes).peekable();
        for index in (0..chunk.len()).filter(|index| taken.contains(*index)) {
            let ordinal = self.seen;
            self.seen += 1;
            let in_sample = is_sampled(ordinal);
            if !in_sample {
                // Words for trouble are searched for only here, because while the sample contains every record, they do
                // not matter.
                let end = chunk.record_end(index);
                let start = end - chunk.record_len(index);
                while severe.next_if(|place| *place < start).is_some() {}
                if severe.next_if(|place| *place < end).is_none() {
                    continue;
                }
            }
            let record = chunk.record(index, self.source);
            if in_sample {
                visit(&record);
            }
            match record.split_joined() {
                None => self.learn(&record, ordinal),
                Some(parts) => parts.iter().for_each(|part| self.learn(part, ordinal)),
            }
        }
    }

    /// Returns the templates in the order of their examples ([`Template::in_order`]), and the number of records that
    /// were looked at.
    pub(super) fn templates(&self) -> (Vec<&Template>, u64) {
        let mut templates: Vec<&Template> = self.templates.values().collect();
        templates.sort_unstable_by(|a, b| Template::in_order(a, b));
        (templates, self.sampled)
    }

    fn learn(&mut self, record: &Record<'_>, ordinal: u64) {
        self.sampled += 1;
        let own_time = record.time();
        self.time = own_time.or(self.time);
        let start = &record.bytes[..record.bytes.len().min(FINGERPRINT_BYTES)];
        let key = fingerprint(start);
        if let Some(template) = self.templates.get_mut(&key) {
            template.count += 1;
            template.last = template.last.max(self.time);
            if own_time.is_some_and(|time| template.is_later_than(time, record)) {
                *template = Template {
                    count: template.count,
                    last: template.last,
                    ..Template::new(record, ordinal, self.time)
                };
            }
        } else if self.templates.len() < MAX_TEMPLATES {
            self.templates.insert(key, Template::new(record, ordinal, self.time));
        }
    }
}

fn is_sampled(ordinal: u64) -> bool {
    let stride = (ordinal / SAMPLED_AT_START + 1).next_power_of_two();
    ordinal.is_multiple_of(stride)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_thins_out() {
        let sampled = |records: u64| (0..records).filter(|ordinal| is_sampled(*ordinal)).count();
        assert_eq!(sampled(10_000), 10_000);
        assert_eq!(sampled(20_000), 15_000);
        assert!(sampled(10_000_000) < 100_000);
    }
}
