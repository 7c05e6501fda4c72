//! Collects the templates of a source.
//!
//! It looks at all of the first records, then at a smaller and smaller share of them, and at every record with a word
//! for trouble, such as `error`. So it takes little time compared with the search for symptoms.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::Timestamp;

use super::fingerprint::fingerprint;
use super::model::{Template, kept_part};
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
    templates: TemplateMap<Template>,
    /// The number of taken records so far, whether they were looked at or not.
    seen: u64,
    /// The number of records that were looked at.
    sampled: u64,
    /// The time of the last stamped record that was looked at.
    time: Option<Timestamp>,
}

type TemplateMap<T> = HashMap<u64, T, foldhash::fast::FixedState>;

/// The templates of the records of one chunk, as far as they can be known without the records before it.
#[derive(Debug)]
pub(crate) struct MinedChunk {
    /// In the order of their first records.
    templates: Vec<ChunkTemplate>,
    /// The number of taken records, and of those that were looked at.
    seen: u64,
    sampled: u64,
    /// The time of the last stamped record that was looked at.
    time: Option<Timestamp>,
}

/// The records of a chunk that have the same template.
#[derive(Debug)]
struct ChunkTemplate {
    key: u64,
    first: Example,
    /// The stamped record that is earliest and, among equally early ones, whose gist sorts first.
    earliest: Option<(Timestamp, Example)>,
    /// What is kept of the gist of that record, if it had to be compared.
    gist: Option<Vec<u8>>,
    count: u64,
    /// The time of the latest stamped record at or before one of them.
    last: Option<Timestamp>,
    /// Whether one of them comes before the first stamped record of the chunk.
    is_carried: bool,
}

/// A record of a chunk, or a part of one.
#[derive(Debug, Clone, Copy)]
struct Example {
    index: usize,
    /// The part of a record that consists of several ([`Record::split_joined`]).
    part: Option<usize>,
    ordinal: u64,
    /// The time of the last stamped record of the chunk up to this one.
    time: Option<Timestamp>,
}

impl Miner {
    pub(crate) fn new(source: SourceId) -> Self {
        Miner { source, templates: HashMap::default(), seen: 0, sampled: 0, time: None }
    }

    /// Looks at those records of the next chunk that are `taken` and in the sample, and at those with a word for trouble.
    pub(crate) fn observe(&mut self, chunk: &Chunk<'_>, taken: &Taken) {
        let mined = mine(chunk, taken, self.source, self.seen, |_| {});
        self.learn(chunk, mined);
    }

    /// Adds what was found in a chunk. The chunks of a source are added in their order.
    pub(crate) fn learn(&mut self, chunk: &Chunk<'_>, mined: MinedChunk) {
        for template in mined.templates {
            self.add(chunk, template);
        }
        self.seen += mined.seen;
        self.sampled += mined.sampled;
        self.time = mined.time.or(self.time);
    }

    /// Returns the templates in the order of their examples ([`Template::in_order`]), and the number of records that
    /// were looked at.
    pub(super) fn templates(&self) -> (Vec<&Template>, u64) {
        let mut templates: Vec<&Template> = self.templates.values().collect();
        templates.sort_unstable_by(|a, b| Template::in_order(a, b));
        (templates, self.sampled)
    }

    fn add(&mut self, chunk: &Chunk<'_>, found: ChunkTemplate) {
        let has_room = self.templates.len() < MAX_TEMPLATES;
        let (source, before) = (self.source, self.time);
        let template = match self.templates.entry(found.key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) if has_room => {
                let first = found.first;
                let example = |record: &Record<'_>| Template::new(record, first.ordinal, first.time.or(before));
                new.insert(Template { count: 0, ..first.of(chunk, source, example) })
            }
            Entry::Vacant(_) => return,
        };
        template.count += found.count;
        template.last = template.last.max(found.last).max(before.filter(|_| found.is_carried));
        if let Some((time, earliest)) = found.earliest
            && template.time.is_some_and(|own| own >= time)
        {
            let better = earliest.of(chunk, source, |record| {
                template.is_later_than(time, record).then(|| Template::new(record, earliest.ordinal, Some(time)))
            });
            if let Some(better) = better {
                *template = Template { count: template.count, last: template.last, ..better };
            }
        }
    }
}

impl Example {
    /// Returns what `use_it` makes of the record.
    fn of<T>(self, chunk: &Chunk<'_>, source: SourceId, use_it: impl Fn(&Record<'_>) -> T) -> T {
        let record = chunk.record(self.index, source);
        let parts = self.part.and_then(|part| Some((part, record.split_joined()?)));
        use_it(parts.as_ref().and_then(|(part, parts)| parts.get(*part)).unwrap_or(&record))
    }
}

/// Looks at those records of a chunk that are `taken` and in the sample, and at those with a word for trouble. Calls
/// `visit` with each record in the sample. `seen` is the number of taken records before the chunk, so that the sample does not
/// depend on the size of the chunks.
pub(crate) fn mine(
    chunk: &Chunk<'_>,
    taken: &Taken,
    source: SourceId,
    seen: u64,
    mut visit: impl FnMut(&Record<'_>),
) -> MinedChunk {
    let mut mined = ChunkMiner::new();
    let mut severe = severe_places(chunk.bytes).peekable();
    let mut ordinal = seen;
    for index in (0..chunk.len()).filter(|index| taken.contains(*index)) {
        ordinal += 1;
        let in_sample = is_sampled(ordinal - 1);
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
        let record = chunk.record(index, source);
        if in_sample {
            visit(&record);
        }
        let example = |part| Example { index, part, ordinal: ordinal - 1, time: None };
        match record.split_joined() {
            None => mined.learn(chunk, &record, example(None)),
            Some(parts) => parts.iter().zip(0..).for_each(|(part, at)| mined.learn(chunk, part, example(Some(at)))),
        }
    }
    MinedChunk { seen: ordinal - seen, ..mined.found }
}

/// Collects the templates of one chunk.
struct ChunkMiner {
    found: MinedChunk,
    /// The index of each template by its key.
    known: TemplateMap<usize>,
}

impl ChunkMiner {
    fn new() -> Self {
        let found = MinedChunk { templates: Vec::new(), seen: 0, sampled: 0, time: None };
        ChunkMiner { found, known: HashMap::default() }
    }

    fn learn(&mut self, chunk: &Chunk<'_>, record: &Record<'_>, example: Example) {
        self.found.sampled += 1;
        let own_time = record.time();
        self.found.time = own_time.or(self.found.time);
        let time = self.found.time;
        let example = Example { time, ..example };
        let start = &record.bytes[..record.bytes.len().min(FINGERPRINT_BYTES)];
        let key = fingerprint(start);
        let templates = &mut self.found.templates;
        let index = *self.known.entry(key).or_insert_with(|| {
            templates.push(ChunkTemplate {
                key,
                first: example,
                earliest: None,
                gist: None,
                count: 0,
                last: None,
                is_carried: false,
            });
            templates.len() - 1
        });
        let template = &mut templates[index];
        template.count += 1;
        template.last = template.last.max(time);
        template.is_carried |= time.is_none();
        let Some(own) = own_time else { return };
        match template.earliest {
            Some((earliest, _)) if own > earliest => {}
            Some((earliest, known)) if own == earliest => {
                let kept = |record: &Record<'_>| kept_part(&record.gist()).to_vec();
                let gist = template.gist.get_or_insert_with(|| known.of(chunk, record.source, kept));
                if kept_part(&record.gist()) < gist.as_slice() {
                    (template.earliest, template.gist) = (Some((own, example)), Some(kept(record)));
                }
            }
            _ => (template.earliest, template.gist) = (Some((own, example)), None),
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
