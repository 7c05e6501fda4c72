//! What kinds of records a source has, and which of them stand out.
//!
//! Records that differ in numbers, addresses and names with digits only are of one template. Mining looks at the first
//! records, then at ever fewer, and at every record with a word of trouble in it; so it costs little beside the scan.

mod fingerprint;
mod group;
mod severity;
mod weight;

use std::cmp::Ordering;
use std::collections::HashMap;

use jiff::Timestamp;

use super::reader::Chunk;
use super::record::Record;
use crate::source::SourceId;

pub(crate) use weight::Standout;

/// So many records at the beginning are all looked at; then about three quarters as many for each doubling of the log,
/// so that a log of ten million records has under 100,000 looked at.
const SAMPLED_AT_START: u64 = 10_000;

/// Templates kept. A source with more has no templates worth the name; further ones are not learnt.
const MAX_TEMPLATES: usize = 10_000;

/// A template is told from so much of a record.
const FINGERPRINT_BYTES: usize = 256;

/// Bytes kept of the first record of each template.
const EXAMPLE_BYTES: usize = 1024;

/// Collects the templates of one source.
#[derive(Debug)]
pub(crate) struct Miner {
    source: SourceId,
    templates: HashMap<u64, Template>,
    /// Records that went by.
    seen: u64,
    /// Records that were looked at.
    sampled: u64,
    /// Time of the last record looked at that has one.
    time: Option<Timestamp>,
}

/// Records of one kind. The earliest is its example, of equally early ones the one whose gist comes first, so that the order
/// of lines says nothing where stamps do.
#[derive(Debug)]
struct Template {
    /// Position of the example among the records of its source, from 0.
    ordinal: u64,
    line: u64,
    /// When the example was written, or the record before it that says so.
    time: Option<Timestamp>,
    /// The gist of the example, cut at [`EXAMPLE_BYTES`].
    message: Vec<u8>,
    /// What kind of stamp it has; `None` when it is not written as records of its source usually are.
    form: Option<u8>,
    level: Option<super::Level>,
    count: u64,
}

impl Miner {
    pub(crate) fn new(source: SourceId) -> Self {
        Miner { source, templates: HashMap::new(), seen: 0, sampled: 0, time: None }
    }

    /// Looks at the records of a chunk that are in the sample, shows each of these to `visit`, and then at those with a
    /// word of trouble. What is in the sample does not depend on the size of the chunks.
    pub(crate) fn observe(&mut self, chunk: &Chunk<'_>, mut visit: impl FnMut(&Record<'_>)) {
        let first = self.seen;
        let mut severe = severity::severe_places(chunk.bytes).peekable();
        for index in 0..chunk.len() {
            let ordinal = first + index as u64;
            let in_sample = is_sampled(ordinal);
            if !in_sample {
                // Looking for words of trouble starts only where not every record is looked at anyhow.
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
            self.learn(&record, ordinal);
        }
        self.seen += chunk.len() as u64;
    }

    /// The records that stand out, the most striking first, at most twelve.
    pub(crate) fn standouts(self) -> Vec<Standout> {
        let sampled = self.sampled;
        let mut templates: Vec<Template> = self.templates.into_values().collect();
        templates.sort_unstable_by(Template::in_order);
        weight::standouts(templates, sampled)
    }

    fn learn(&mut self, record: &Record<'_>, ordinal: u64) {
        self.sampled += 1;
        let own_time = record.time();
        self.time = own_time.or(self.time);
        let start = &record.bytes[..record.bytes.len().min(FINGERPRINT_BYTES)];
        let key = fingerprint::fingerprint(start);
        if let Some(template) = self.templates.get_mut(&key) {
            template.count += 1;
            if own_time.is_some_and(|time| template.is_later_than(time, record)) {
                *template = Template { count: template.count, ..Template::of(record, ordinal, self.time) };
            }
        } else if self.templates.len() < MAX_TEMPLATES {
            self.templates.insert(key, Template::of(record, ordinal, self.time));
        }
    }
}

impl Template {
    fn of(record: &Record<'_>, ordinal: u64, time: Option<Timestamp>) -> Self {
        let message = record.gist();
        let kept = message.len().min(EXAMPLE_BYTES);
        let form = record.is_usual().then(|| record.stamp().map_or(u8::MAX, |stamp| stamp.form.kind()));
        let level = record.level();
        Template { ordinal, line: record.line, time, message: message[..kept].to_vec(), form, level, count: 1 }
    }

    /// Whether a record of this time is to be the example in place of the one that is.
    fn is_later_than(&self, time: Timestamp, record: &Record<'_>) -> bool {
        match self.time {
            Some(own) if own == time => record.gist()[..] < self.message[..],
            own => own.is_some_and(|own| own > time),
        }
    }

    /// By time; of one time, records without a stamp of their own follow in the order of their places, others by gist.
    fn in_order(a: &Template, b: &Template) -> Ordering {
        let key = |template: &Template| (template.time, template.form.is_none().then_some(template.ordinal));
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message)).then(a.ordinal.cmp(&b.ordinal))
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
