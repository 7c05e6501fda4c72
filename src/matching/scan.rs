//! All sources, one after another: chunks of raw bytes to candidates, candidates to findings.

use std::sync::Arc;

use jiff::Timestamp;

use super::finding::{Finding, Remark, Salient, Scan, SourceSummary, Unreadable};
use super::grouping::{Grouping, empty_finding, lossy_start};
use super::names::SourceNames;
use super::plan::{Plan, Searches};
use super::{eval, silence};
use crate::log::{Chunk, Format, Input, InputError, Miner, Profile, ReadOptions, Reader, Record};
use crate::rule::{Program, SymptomId};
use crate::source::SourceId;

/// Salient records kept of a whole scan.
const MAX_SALIENT: usize = 12;

/// How to scan.
#[derive(Debug, Clone)]
pub struct ScanOptions {
    /// Bytes read at a time; affects speed and memory, never the result. The default is 1 MiB.
    pub chunk_bytes: usize,
    /// The format of all sources, where the user says it.
    pub format: Option<Format>,
    /// The present: no stamp without a year is taken to lie later, unless its file was written later.
    pub now: Timestamp,
    /// What is normal, so that what is not stands out more.
    pub normal: Option<Arc<Profile>>,
}

impl ScanOptions {
    /// The usual options at the present `now`.
    pub fn at(now: Timestamp) -> Self {
        ScanOptions { chunk_bytes: 1 << 20, format: None, now, normal: None }
    }

    /// How each source is read.
    pub fn reading(&self) -> ReadOptions {
        ReadOptions { chunk_bytes: self.chunk_bytes, format: self.format, now: self.now }
    }
}

/// Reads all inputs and finds the symptoms of `program` in them. An input that cannot be read costs no other one: it
/// goes to [`Scan::unreadable`]. The findings depend on the order of the inputs only in the order of their evidence.
pub fn scan(program: &Program, inputs: Vec<Input>, options: &ScanOptions) -> Scan {
    let mut pass = Pass { program, plan: Plan::new(program), grouping: Grouping::default(), scan: Scan::default() };
    for input in inputs {
        let name = input.name.clone();
        for member in input.members() {
            match member {
                Ok(input) => pass.read_source(input, options),
                Err(error) => pass.unreadable(&name, &error),
            }
        }
    }
    pass.finish()
}

/// Reads the pasted output of the command that a symptom's `probe` asks for. The finding has no evidence, since the
/// output is no source of a scan. `None` when the output does not show the symptom.
pub(super) fn read_probe(program: &Program, symptom: SymptomId, output: &[u8]) -> Option<Finding> {
    let record = Record::bare(SourceId(0), 1, output);
    let definition = program.symptom(symptom);
    let captures = eval::shown(definition, &record, |_, _| true)?;
    let finding = Finding { count: 1, ..empty_finding(symptom, captures) };
    eval::stands(definition, &finding).then_some(finding)
}

struct Pass<'p> {
    program: &'p Program,
    plan: Plan<'p>,
    grouping: Grouping,
    scan: Scan,
}

impl<'p> Pass<'p> {
    fn read_source(&mut self, input: Input, options: &ScanOptions) {
        let name = input.name.clone();
        let names = input.names();
        match Reader::open(input, &options.reading()) {
            Ok(reader) => self.scan_source(reader, name, names, options.normal.as_deref()),
            Err(error) => self.unreadable(&name, &error),
        }
    }

    fn unreadable(&mut self, name: &str, error: &InputError) {
        self.scan.unreadable.push(Unreadable { name: name.to_owned(), reason: error.to_string() });
    }

    fn scan_source(&mut self, mut reader: Reader, name: String, names: Vec<String>, normal: Option<&Profile>) {
        let source = SourceId(u32::try_from(self.scan.sources.len()).expect("fewer than four billion sources"));
        let format = reader.format();
        let mut names = SourceNames::new(self.program, &names, format);
        let mut miner = Miner::new(source);
        let mut span = TimeSpan::default();
        let mut clock = Clock::default();
        let (mut records, mut bytes) = (0, 0);
        loop {
            match reader.next_chunk() {
                Ok(Some(chunk)) => {
                    self.match_chunk(&chunk, source, &mut names, &mut clock);
                    miner.observe(&chunk, |record| {
                        names.note(record);
                        span.note(record);
                    });
                    clock.end_chunk(&chunk, source);
                    records += chunk.len() as u64;
                    bytes += chunk.bytes.len() as u64;
                }
                Ok(None) => break,
                Err(error) => self.unreadable(&name, &error),
            }
        }
        span.end = clock.time;
        self.scan.remarks.extend(span.remarks(source));
        self.scan.remarks.extend(clock.inherited.then_some(Remark::InheritedTime(source)));
        self.scan.salient.extend(miner.standouts(normal).into_iter().map(|standout| Salient {
            source,
            line: standout.line,
            time: standout.time,
            is_stamped: standout.is_stamped,
            text: lossy_start(&standout.text),
            weight: standout.weight,
        }));
        self.scan.sources.push(SourceSummary {
            name,
            format: format.name(),
            records,
            bytes,
            first: span.first(),
            last: span.last(),
            not_looked_for: names.not_looked_for(),
            cut: reader.cut(),
        });
    }

    fn match_chunk(&mut self, chunk: &Chunk<'_>, source: SourceId, names: &mut SourceNames<'p>, clock: &mut Clock) {
        let searches = self.plan.searches(chunk.has_escapes());
        for_candidates(chunk, source, searches, |index, record, candidates| {
            if candidates.iter().any(|target| names.awaits(self.plan.symptom(*target))) {
                names.note(record);
            }
            candidates.retain(|target| searches.prefilter.may_match(*target, record.bytes));
            let fits = |symptom| names.fit(symptom, record);
            let shown: Vec<_> = self.plan.shown(record, candidates, fits).collect();
            if shown.is_empty() {
                return;
            }
            let time = clock.time_of(record, chunk, index);
            for (symptom, captures) in shown {
                self.grouping.add(symptom, captures, record, time);
            }
        });
    }

    fn finish(mut self) -> Scan {
        let (findings, remarks) = self.grouping.finish(self.program);
        self.scan.findings = findings;
        self.scan.remarks.extend(remarks);
        // Which of equals are kept must not depend on the order of the sources.
        self.scan.salient.sort_by(|a, b| {
            b.weight
                .total_cmp(&a.weight)
                .then_with(|| (a.time, &a.text, a.line, a.source).cmp(&(b.time, &b.text, b.line, b.source)))
        });
        self.scan.salient.truncate(MAX_SALIENT);
        self.scan.silent = silence::silent(self.program, &self.scan);
        self.scan
    }
}

/// Calls `confirm` with each record of the chunk that may match something, its index and the targets that may, in order.
fn for_candidates(
    chunk: &Chunk<'_>,
    source: SourceId,
    searches: &Searches,
    mut confirm: impl FnMut(usize, &Record<'_>, &mut Vec<u32>),
) {
    let mut candidates = searches.prefilter.candidates(chunk.bytes).peekable();
    let mut targets = Vec::new();
    let mut index = 0;
    while index < chunk.len() {
        targets.clear();
        if searches.everywhere.is_empty() {
            let Some(next) = candidates.peek() else { break };
            index = chunk.record_at(next.at, index);
        } else {
            targets.extend_from_slice(&searches.everywhere);
        }
        let end = chunk.record_end(index);
        while let Some(candidate) = candidates.next_if(|candidate| candidate.at < end) {
            if targets.last() != Some(&candidate.target) {
                targets.push(candidate.target);
            }
        }
        targets.sort_unstable();
        targets.dedup();
        confirm(index, &chunk.record(index, source), &mut targets);
        index += 1;
    }
}

/// Tells when records were written that do not say so: at the time of the last one before them in their source that does.
#[derive(Default)]
struct Clock {
    /// Of the last record before `looked_at` that has one.
    time: Option<Timestamp>,
    /// Records of the present chunk that were looked at, or need not be.
    looked_at: usize,
    /// Some record was given the time of another.
    inherited: bool,
}

impl Clock {
    /// When `record`, the one at `index`, was written. Each is asked for after those before it, so that none is looked at
    /// twice.
    fn time_of(&mut self, record: &Record<'_>, chunk: &Chunk<'_>, index: usize) -> Option<Timestamp> {
        if record.time().is_some() || !chunk.is_stamped() {
            return record.time();
        }
        self.advance(chunk, record.source, index);
        self.inherited |= self.time.is_some();
        self.time
    }

    /// Leaves the chunk, with the last time in it.
    fn end_chunk(&mut self, chunk: &Chunk<'_>, source: SourceId) {
        if chunk.is_stamped() {
            self.advance(chunk, source, chunk.len());
        }
        self.looked_at = 0;
    }

    fn advance(&mut self, chunk: &Chunk<'_>, source: SourceId, index: usize) {
        let mut times = (self.looked_at..index).rev().map(|index| chunk.record(index, source).time());
        self.time = times.find_map(|time| time).or(self.time);
        self.looked_at = index;
    }
}

/// From the earliest to the latest stamp of a source, as far as it was looked at, and what its first stamp leaves out.
///
/// Logs are written in order or newest first, and several that were joined in neither, so that no place of a source is
/// known to hold the earliest.
#[derive(Default)]
struct TimeSpan {
    /// Earliest and latest of the records noted.
    noted: Option<(Timestamp, Timestamp)>,
    /// Of the last record with a stamp: the end of a source is a place that does not depend on the size of chunks.
    end: Option<Timestamp>,
    assumes_utc: bool,
    assumes_year: bool,
}

impl TimeSpan {
    fn note(&mut self, record: &Record<'_>) {
        let Some(time) = record.time() else { return };
        if self.noted.is_none() {
            self.assumes_utc = record.stamp().is_some_and(|stamp| !stamp.zoned());
            self.assumes_year = record.stamp().is_some_and(|stamp| !stamp.has_year());
        }
        self.noted = Some(self.noted.map_or((time, time), |(first, last)| (first.min(time), last.max(time))));
    }

    fn first(&self) -> Option<Timestamp> {
        self.noted.map(|(first, _)| first).into_iter().chain(self.end).min()
    }

    fn last(&self) -> Option<Timestamp> {
        self.noted.map(|(_, last)| last).into_iter().chain(self.end).max()
    }

    fn remarks(&self, source: SourceId) -> impl Iterator<Item = Remark> + use<> {
        let utc = self.assumes_utc.then_some(Remark::AssumedUtc(source));
        let year = self.assumes_year.then_some(Remark::AssumedYear(source));
        utc.into_iter().chain(year)
    }
}
