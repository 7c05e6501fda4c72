//! One pass over all sources, which turns bytes into records, records into occurrences, and occurrences into findings.
//!
//! [`scan`] reads inputs from beginning to end. A caller that receives bytes as they come, such as one that follows a
//! log, opens a source for each stream and feeds it. Both ways end in the same [`Scan`].

use std::cell::RefCell;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::fed_source::FedSource;
use super::finding::{Finding, LineNo, Remark, Salient, Scan, SourceSummary, Status, Unreadable};
use super::grouping::{Grouping, sort};
use super::in_order::map_in_order;
use super::not_seen::TimedMiss;
use super::occurrence::Occurrence;
use super::plan::MatchPlan;
use super::silence;
use super::source_pass::{SourcePart, SourcePass, SourceReport};
use super::timeline::Timeline;
use crate::log::{
    Format, Input, InputError, OpenedInput, Period, Profile, ReadOptions, Reader, SourceZones, ZoneOrigin,
};
use crate::own_format::OwnFormats;
use crate::rule::{Program, SymptomId};
use crate::source::SourceId;

/// The most salient records that a scan keeps, of all sources together.
const MAX_SALIENT: usize = 1_000;

/// The most threads. One thread reads and adds up for all, so more would wait for it.
const MAX_THREADS: usize = 16;

/// How to scan.
#[derive(Debug, Clone)]
pub struct ScanOptions {
    /// Bytes read at a time; affects speed and memory, never the result. The default is 1 MiB.
    pub chunk_bytes: usize,
    /// The threads that read a log of more than one chunk, the calling thread included; 0 for as many as the process may run at
    /// a time. Affects speed and memory, never the result. A pass whose bytes are fed uses the calling thread alone.
    pub n_threads: usize,
    /// The format of all sources, if the user stated it; `None` to detect it for each source.
    pub format: Option<Format>,
    /// The formats that the user describes, apart from those in the rules.
    pub own_formats: OwnFormats,
    /// The current time. A stamp without a year is read as at most a day after it; in a file, as at most a day after
    /// the modification time of the file.
    pub now: Timestamp,
    /// The zones of stamps that name none; UTC if nothing is known.
    pub zones: SourceZones,
    /// The part of the logs to scan; by default, all of them.
    pub period: Period,
    /// The profile of normal operation: records that it contains stand out less.
    pub normal: Option<Arc<Profile>>,
}

impl ScanOptions {
    /// Returns the default options; `now` is the current time.
    pub fn at(now: Timestamp) -> Self {
        ScanOptions {
            chunk_bytes: 1 << 20,
            n_threads: 0,
            format: None,
            own_formats: OwnFormats::default(),
            now,
            zones: SourceZones::default(),
            period: Period::default(),
            normal: None,
        }
    }

    /// Returns the number of threads, the calling thread included.
    fn n_threads(&self) -> usize {
        let all = || std::thread::available_parallelism().map_or(1, NonZero::get);
        let n_threads = if self.n_threads == 0 { all() } else { self.n_threads };
        n_threads.min(MAX_THREADS)
    }

    /// Returns the options with the formats that the rules describe.
    pub(super) fn with_formats_of(self, program: &Program) -> Self {
        ScanOptions { own_formats: self.own_formats.and(&program.formats), ..self }
    }

    /// Returns the options for reading the source with these names, which is at `path` if it is a file.
    pub(super) fn reading(&self, names: &[String], path: Option<&Path>) -> ReadOptions {
        let (zone, zone_origin) = self.zones.of(names, path);
        ReadOptions { zone, zone_origin, ..self.all_reading() }
    }

    /// Returns the options for reading a source, except its zone.
    pub fn all_reading(&self) -> ReadOptions {
        let (format, own_formats) = (self.format.clone(), self.own_formats.clone());
        ReadOptions { chunk_bytes: self.chunk_bytes, format, own_formats, ..ReadOptions::at(self.now) }
    }

    /// Returns the part of that source to scan, and what is known about its stamps.
    pub(super) fn part(&self, names: &[String], path: Option<&Path>) -> SourcePart {
        let (_, origin) = self.zones.of(names, path);
        SourcePart { period: self.period, assumes_zone: origin == ZoneOrigin::Assumed }
    }
}

/// Reads all inputs and finds the symptoms of `program` in them. An input that cannot be read goes to
/// [`Scan::unreadable`] and does not affect the others. The order of the inputs affects only the order of evidence.
pub fn scan(program: &Program, inputs: Vec<Input>, options: &ScanOptions) -> Scan {
    let mut pass = Pass::new(program, options.clone());
    inputs.into_iter().for_each(|input| pass.read(input));
    pass.finish()
}

/// A pass over sources that has not ended.
///
/// Each source has a state of its own, so sources may be fed in turns, in portions of any size. Memory is bounded for
/// each open source and for all findings, whatever the size of the sources.
#[derive(Debug, Clone)]
pub struct Pass<'p> {
    program: &'p Program,
    plan: Arc<MatchPlan<'p>>,
    options: ScanOptions,
    /// The sources, in the order of their [`SourceId`]s.
    sources: Vec<SourceState<'p>>,
    found: Found,
    /// The most salient records of the closed sources.
    salient: Vec<Salient>,
    unreadable: Vec<Unreadable>,
}

#[derive(Debug, Clone)]
enum SourceState<'p> {
    Open(FedSource<'p>),
    Closed(SourceReport),
}

impl<'p> Pass<'p> {
    /// Begins a pass that looks for the symptoms of `program` that are read from records.
    pub fn new(program: &'p Program, options: ScanOptions) -> Self {
        Pass::with_plan(program, MatchPlan::new(program), options)
    }

    /// Begins a pass that looks only for the symptoms for which `is_wanted` is true.
    pub(crate) fn looking_for(
        program: &'p Program,
        options: ScanOptions,
        is_wanted: &dyn Fn(SymptomId) -> bool,
    ) -> Self {
        Pass::with_plan(program, MatchPlan::looking_for(program, is_wanted), options)
    }

    fn with_plan(program: &'p Program, plan: MatchPlan<'p>, options: ScanOptions) -> Self {
        Pass {
            program,
            plan: Arc::new(plan),
            options: options.with_formats_of(program),
            sources: Vec::new(),
            found: Found::default(),
            salient: Vec::new(),
            unreadable: Vec::new(),
        }
    }

    /// Begins a pass that follows logs and has found `findings` before. A finding keeps its latest records instead of
    /// its first ones. The evidence of `findings` must be in the sources that are opened next.
    pub fn following(program: &'p Program, options: ScanOptions, findings: Vec<Finding>) -> Self {
        let (timed, others) = findings.into_iter().partition(|finding| finding.timing.is_episode);
        let (grouping, timeline) = (Grouping::following(program, others), Timeline::following(timed));
        Pass { found: Found { grouping, timeline, muted: Vec::new() }, ..Pass::new(program, options) }
    }

    /// Begins a pass that continues `self` with other sources: it has found `findings` of symptoms that each record shows by
    /// itself, and keeps the records of conditions on time. `rename` gives the id that a source of `self` has in the new pass.
    pub fn continued(
        &self,
        options: ScanOptions,
        findings: Vec<Finding>,
        rename: &mut dyn FnMut(SourceId) -> SourceId,
    ) -> Pass<'p> {
        let mut pass = Pass::following(self.program, options, findings);
        pass.found.timeline = self.found.timeline.clone().continuing(rename);
        pass
    }

    /// Reads an input to its end; of a folder or archive, all files in it.
    pub fn read(&mut self, input: Input) {
        input.visit(&mut |opened| match opened {
            Ok(opened) => self.read_text(opened),
            Err(failed) => self.note_unreadable(&failed.name, &failed.error),
        });
    }

    /// Begins a source whose bytes the caller feeds. `input` only gives the names by which `on` may refer to the
    /// source; it is not read.
    pub fn open(&mut self, input: &Input) -> SourceId {
        let (source, fed) = self.fed(input);
        self.sources.push(SourceState::Open(fed));
        source
    }

    /// Begins a source like [`open`](Self::open), of which the bytes before those that are fed were read before. `head`
    /// are the first of these, at most 64 KiB, as they came; they decide on the format together with what is fed. `line`
    /// is the number of the first line that is fed.
    pub fn open_at(&mut self, input: &Input, head: &[u8], line: LineNo) -> SourceId {
        let (source, fed) = self.fed(input);
        self.sources.push(SourceState::Open(fed.after(head, line)));
        source
    }

    /// Returns the last bytes that were fed to an open source and are not part of a complete record yet, as they came.
    /// Nothing that was found so far is in them. Empty for a closed source.
    ///
    /// They begin with a line, except after a record that ends within a line: one of several JSON records in the line, or
    /// the beginning of a line that is too long. If the rest of such a line was changed by cleaning, it is not in them.
    /// At most 4 MiB are kept; of a longer open record, the beginning is missing.
    ///
    /// # Panics
    ///
    /// Panics if `source` is not from this pass.
    pub fn pending(&self, source: SourceId) -> &[u8] {
        match &self.sources[source.0 as usize] {
            SourceState::Open(fed) => fed.pending(),
            SourceState::Closed(_) => &[],
        }
    }

    /// Returns the number of complete records of an open source, and of bytes in them; 0 for a closed one.
    ///
    /// # Panics
    ///
    /// Panics if `source` is not from this pass.
    pub fn complete(&self, source: SourceId) -> (u64, u64) {
        match &self.sources[source.0 as usize] {
            SourceState::Open(fed) => fed.complete(),
            SourceState::Closed(_) => (0, 0),
        }
    }

    /// Returns the findings in the complete records of symptoms that each record shows by itself, including those that do
    /// not meet the condition on the count of their symptom.
    pub fn single_findings_so_far(&self) -> Vec<Finding> {
        self.found.grouping.clone().ungated().0
    }

    /// Returns the findings in the complete records, including those that do not meet the condition on the count of
    /// their symptom.
    pub fn findings_so_far(&self) -> Vec<Finding> {
        let mut findings = self.single_findings_so_far();
        findings.extend(self.snapshot().findings.into_iter().filter(|finding| finding.timing.is_episode));
        findings
    }

    /// Adds the next bytes of an open source: text in UTF-8, decompressed. It is cleaned as that of a file. Bytes after
    /// [`close`](Self::close) are ignored.
    ///
    /// # Panics
    ///
    /// Panics if `source` is not from this pass.
    pub fn feed(&mut self, source: SourceId, bytes: &[u8]) {
        if let SourceState::Open(fed) = &mut self.sources[source.0 as usize] {
            fed.feed(bytes, self.program);
            fed.find_occurrences(&self.plan, |occurrence| self.found.note(self.program, occurrence));
        }
    }

    /// Ends a source, so that its last line counts as complete. Frees its memory, except for the report on it.
    ///
    /// # Panics
    ///
    /// Panics if `source` is not from this pass.
    pub fn close(&mut self, source: SourceId) {
        let state = &mut self.sources[source.0 as usize];
        let SourceState::Open(fed) = state else { return };
        fed.end(self.program);
        fed.find_occurrences(&self.plan, |occurrence| self.found.note(self.program, occurrence));
        let (report, error) = fed.report(self.program, self.options.normal.as_deref());
        let name = report.summary.name.clone();
        *state = SourceState::Closed(keep_most_salient(report, &mut self.salient));
        if let Some(error) = error {
            self.note_unreadable(&name, &error);
        }
    }

    /// Returns the scan that [`finish`](Self::finish) would return now. Copies the findings and the state of the open
    /// sources.
    pub fn snapshot(&self) -> Scan {
        self.clone().finish()
    }

    /// Closes all sources and returns what was found in them.
    pub fn finish(mut self) -> Scan {
        for source in (0..).map(SourceId).take(self.sources.len()) {
            self.close(source);
        }
        let mut scan = Scan { salient: self.salient, unreadable: self.unreadable, ..Scan::default() };
        let period = self.options.period;
        scan.remarks.extend((!period.is_unlimited()).then_some(Remark::Period(period)));
        for state in self.sources {
            let SourceState::Closed(report) = state else { unreachable!("all sources were closed above") };
            scan.sources.push(report.summary);
            scan.remarks.extend(report.remarks);
        }
        self.found.finish(self.program, &mut scan);
        scan.silent = silence::silent(self.program, &scan);
        scan
    }

    /// Closes all sources and returns the keys whose records come nearest to a symptom with conditions on time.
    pub(super) fn shortfalls(mut self, symptom: SymptomId) -> Vec<TimedMiss> {
        for source in (0..).map(SourceId).take(self.sources.len()) {
            self.close(source);
        }
        let summaries = self.sources.into_iter().filter_map(|state| match state {
            SourceState::Closed(report) => Some(report.summary),
            SourceState::Open(_) => None,
        });
        let summaries: Vec<SourceSummary> = summaries.collect();
        self.found.timeline.shortfalls(self.program, &summaries, symptom)
    }

    fn read_text(&mut self, opened: OpenedInput<'_>) {
        let (name, names) = (opened.name.clone(), opened.names.clone());
        let reading = self.options.reading(&names, opened.path.as_deref());
        let part = self.options.part(&names, opened.path.as_deref());
        let mut reader = Reader::new(opened, &reading);
        let mut source = SourcePass::new(self.program, self.next_source(), (name, &names), reader.format(), part);
        loop {
            match reader.next_chunk() {
                Ok(Some(chunk)) => {
                    source.take_chunk(&chunk, &self.plan, |occurrence| self.found.note(self.program, occurrence));
                }
                Ok(None) => break,
                Err(error) => self.note_unreadable(source.name(), &error),
            }
            // A small log is read before a thread has begun.
            let n_threads = if reader.is_at_end() { 1 } else { self.options.n_threads() };
            if n_threads > 1 {
                self.read_on_threads(&mut reader, &mut source, n_threads);
                break;
            }
        }
        let report = source.report(reader.n_cut(), self.options.normal.as_deref());
        self.sources.push(SourceState::Closed(keep_most_salient(report, &mut self.salient)));
    }

    /// Reads the rest of a text. This thread reads chunks ahead and adds up what all threads find in them.
    fn read_on_threads(&mut self, reader: &mut Reader<'_>, source: &mut SourcePass<'p>, n_threads: usize) {
        let (ahead, search, summary) = source.parts();
        let (plan, name) = (&self.plan, summary.name().to_owned());
        let (mut failed, used) = (Vec::new(), RefCell::new(Vec::new()));
        let next = || {
            loop {
                match reader.detach_next(used.borrow_mut().pop()) {
                    Ok(chunk) => {
                        let chunk = chunk?;
                        plan.prepare(&chunk.chunk());
                        let start = ahead.begin(&chunk.chunk());
                        return Some((chunk, start));
                    }
                    Err(error) => failed.push(error),
                }
            }
        };
        let look = |(chunk, start)| search.look(chunk, start, plan);
        let take = |finds| {
            let note = |occurrence: Occurrence<'_>| self.found.note(self.program, occurrence);
            used.borrow_mut().push(summary.take(finds, (search, plan), note));
        };
        map_in_order(n_threads, next, look, take);
        failed.iter().for_each(|error| self.note_unreadable(&name, error));
    }

    fn note_unreadable(&mut self, name: &str, error: &InputError) {
        let (name, reason) = (name.to_owned(), error.to_string());
        self.unreadable.push(Unreadable { name, reason, is_partial: error.is_partial() });
    }

    fn fed(&self, input: &Input) -> (SourceId, FedSource<'p>) {
        let source = self.next_source();
        let (names, path) = (input.names(), input.file());
        let (reading, part) = (self.options.reading(&names, path), self.options.part(&names, path));
        (source, FedSource::new(source, input, reading, part))
    }

    fn next_source(&self) -> SourceId {
        SourceId(u32::try_from(self.sources.len()).expect("fewer than four billion sources"))
    }
}

/// What was found so far.
#[derive(Debug, Clone, Default)]
struct Found {
    /// The symptoms that each record shows by itself.
    grouping: Grouping,
    /// The symptoms with conditions on time.
    timeline: Timeline,
    /// The number of records that each mute leaves out, by its index in the program.
    muted: Vec<u64>,
}

impl Found {
    /// Adds an occurrence. A source passes its occurrences in the order of their lines.
    fn note(&mut self, program: &Program, occurrence: Occurrence<'_>) {
        if let Some(mute) = occurrence.muted {
            self.muted.resize(program.mutes.len(), 0);
            self.muted[mute] += 1;
            return;
        }
        let symptom = program.symptom(occurrence.symptom);
        match symptom.time {
            Some(_) => self.timeline.add(symptom, &occurrence),
            None => self.grouping.add(symptom, occurrence),
        }
    }

    /// Adds the findings to a scan, whose sources are known.
    fn finish(mut self, program: &Program, scan: &mut Scan) {
        let (findings, forgotten) = self.grouping.finish(program);
        self.muted.resize(program.mutes.len(), 0);
        let (timed, remarks) = self.timeline.finish(program, &scan.sources, &mut self.muted);
        scan.findings = findings;
        scan.findings.extend(timed);
        sort(&mut scan.findings);
        scan.remarks.extend(forgotten.into_iter().chain(remarks));
        for (mute, n) in program.mutes.iter().zip(self.muted).filter(|(_, n)| *n > 0) {
            scan.remarks.push(Remark::Muted(mute.symptom, n, mute.reason.clone()));
        }
        hide(program, scan);
    }
}

/// Leaves out the findings that others hide: those with equal values for all captures that both have, which were seen
/// while the other one was.
fn hide(program: &Program, scan: &mut Scan) {
    let hiding: Vec<Finding> = scan.findings.iter().filter(|finding| is_hiding(program, finding)).cloned().collect();
    for by in &hiding {
        for &hidden in &program.symptom(by.symptom).hides {
            let known = scan.findings.len();
            scan.findings.retain(|finding| finding.symptom != hidden || !finding.is_covered_by(by));
            let n = (known - scan.findings.len()) as u64;
            scan.remarks.extend((n > 0).then_some(Remark::Hidden(hidden, by.symptom, n)));
        }
    }
}

fn is_hiding(program: &Program, finding: &Finding) -> bool {
    !program.symptom(finding.symptom).hides.is_empty() && finding.status == Status::Confirmed
}

/// Moves the salient records of a source to those of the sources before it, sorts them by weight, and keeps the first
/// [`MAX_SALIENT`]. So memory does not grow with the number of sources. The order of equal weights does not depend on the
/// order of the sources.
fn keep_most_salient(mut report: SourceReport, salient: &mut Vec<Salient>) -> SourceReport {
    salient.append(&mut report.salient);
    salient.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then_with(|| (a.time, &a.text, a.line, a.source).cmp(&(b.time, &b.text, b.line, b.source)))
    });
    salient.truncate(MAX_SALIENT);
    report
}
