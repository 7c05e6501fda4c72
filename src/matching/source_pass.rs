//! The pass over one source: finds the occurrences in its chunks of records, and reports on the source at its end.
//!
//! A chunk is read in three steps, so that threads can share the work. [`ReadAhead`] notes what the chunk says about the records
//! after it, [`Search`] looks at its records, and [`Summary`] adds up what was found. The first and the last step take the chunks
//! in their order. The second one needs nothing of other chunks but what the first one returns.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::Timestamp;

use super::clock::{Clock, TimeSpan, last_time};
use super::elements::elements;
use super::eval::{Shown, meets_filter, with_fields};
use super::finding::{MAX_MESSAGE_BYTES, Remark, Salient, SourceSummary, lossy_start};
use super::mute;
use super::names::{SourceNames, SourceReads};
use super::occurrence::Occurrence;
use super::plan::{MatchPlan, TargetSearches, spelling_of};
use crate::log::{
    Chunk, Format, MinedChunk, Miner, OwnedChunk, Period, PeriodFilter, Profile, Record, Taken, mine, standouts,
};
use crate::rule::{Program, SymptomId};
use crate::source::SourceId;

/// The most that is kept of a chunk until it is its turn: the number of occurrences and programs, and the bytes of their texts.
/// The records after that are looked at when it is. Small in tests, so that they reach it.
const MAX_KEPT: usize = if cfg!(test) { 3 } else { 16_000 };
const MAX_KEPT_BYTES: usize = 4 << 20;

/// A source that is being read. Nothing in it is shared with other sources.
#[derive(Debug, Clone)]
pub(super) struct SourcePass<'p> {
    search: Search<'p>,
    ahead: ReadAhead,
    summary: Summary<'p>,
}

/// What is looked for in a source. It does not change while the source is read.
#[derive(Debug, Clone)]
pub(super) struct Search<'p> {
    id: SourceId,
    reads: Arc<SourceReads<'p>>,
    lines_before: u64,
}

/// What the chunks of a source so far say about the records after them.
#[derive(Debug, Clone)]
pub(super) struct ReadAhead {
    id: SourceId,
    filter: PeriodFilter,
    /// The time of the last stamped record.
    time: Option<Timestamp>,
    /// The number of records that were taken.
    seen: u64,
}

/// What must be known of the records before a chunk to look at its records.
pub(super) struct ChunkStart {
    /// The records of the chunk that are taken.
    taken: Taken,
    /// The time of the last stamped record before the chunk.
    time: Option<Timestamp>,
    /// The number of records that were taken before the chunk.
    seen: u64,
}

/// All that was found in the chunks of a source so far, except occurrences.
#[derive(Debug, Clone)]
pub(super) struct Summary<'p> {
    name: String,
    format: Format,
    names: SourceNames<'p>,
    miner: Miner,
    span: TimeSpan,
    inherited: bool,
    assumes_zone: bool,
    records: u64,
    left_out: u64,
    bytes: u64,
}

/// A chunk whose records were looked at.
pub(super) struct ChunkFinds {
    chunk: OwnedChunk,
    start: ChunkStart,
    kept: Kept,
    /// The number of records that were matched; the others are when it is the turn of the chunk.
    n_matched: usize,
    sampled: Sampled,
}

/// What the sampled records of a chunk say.
struct Sampled {
    mined: MinedChunk,
    span: TimeSpan,
    programs: Vec<Vec<u8>>,
}

/// Takes what is found in records, in their order.
trait Finds {
    /// Notes that the symptom may be shown by `record`, which is one of those in which it is looked for only if `on` names their
    /// program.
    fn candidate(&mut self, symptom: SymptomId, record: &Record<'_>);

    fn occurrence(&mut self, occurrence: Occurrence<'_>);

    fn inherited(&mut self);

    /// Whether there is room for more.
    fn has_room(&self) -> bool;
}

/// Passes everything on at once.
struct Direct<'s, 'p, N> {
    summary: &'s mut Summary<'p>,
    note: N,
}

/// Keeps what is found in a chunk until it is its turn.
#[derive(Default)]
struct Kept {
    finds: Vec<Find>,
    /// The programs in `finds`, by symptom.
    programs: HashMap<SymptomId, HashSet<Vec<u8>>>,
    n_bytes: usize,
    inherited: bool,
}

enum Find {
    Program(SymptomId, Vec<u8>),
    /// An occurrence without its text, and the text.
    Occurrence(Occurrence<'static>, Vec<u8>),
}

/// The part of a source to scan, and what is known about its stamps.
#[derive(Debug, Clone, Copy)]
pub(super) struct SourcePart {
    pub(super) period: Period,
    /// Whether nobody said in which zone stamps are that name none.
    pub(super) assumes_zone: bool,
}

/// The result of reading a source, except its occurrences.
#[derive(Debug, Clone)]
pub(super) struct SourceReport {
    pub(super) summary: SourceSummary,
    pub(super) salient: Vec<Salient>,
    pub(super) remarks: Vec<Remark>,
}

impl<'p> SourcePass<'p> {
    /// Begins the pass over the `part` of a source. It has a name, and names by which `on` may refer to it.
    pub(super) fn new(
        program: &'p Program,
        id: SourceId,
        (name, names): (String, &[String]),
        format: Format,
        part: SourcePart,
    ) -> Self {
        let reads = Arc::new(SourceReads::new(program, names, &format));
        SourcePass {
            ahead: ReadAhead { id, filter: PeriodFilter::new(part.period), time: None, seen: 0 },
            summary: Summary {
                name,
                names: SourceNames::new(Arc::clone(&reads)),
                miner: Miner::new(id),
                span: TimeSpan::default(),
                inherited: false,
                assumes_zone: part.assumes_zone && format.zone().is_none(),
                format,
                records: 0,
                left_out: 0,
                bytes: 0,
            },
            search: Search { id, reads, lines_before: 0 },
        }
    }

    /// Counts lines from the number after `lines`, for a source of which `lines` lines were read before.
    pub(super) fn after_lines(self, lines: u64) -> Self {
        SourcePass { search: Search { lines_before: lines, ..self.search }, ..self }
    }

    /// Returns the number of records so far, and of bytes in them.
    pub(super) fn size(&self) -> (u64, u64) {
        (self.summary.records, self.summary.bytes)
    }

    pub(super) fn name(&self) -> &str {
        &self.summary.name
    }

    /// The three parts, for a caller that reads chunks on several threads.
    pub(super) fn parts(&mut self) -> (&mut ReadAhead, &Search<'p>, &mut Summary<'p>) {
        (&mut self.ahead, &self.search, &mut self.summary)
    }

    /// Reads the next records, and passes their occurrences to `note` in the order of their lines.
    pub(super) fn take_chunk(&mut self, chunk: &Chunk<'_>, plan: &MatchPlan<'p>, note: impl FnMut(Occurrence<'_>)) {
        let start = self.ahead.begin(chunk);
        let mut direct = Direct { summary: &mut self.summary, note };
        self.search.find(chunk, &start, plan, 0, &mut direct);
        let sampled = self.search.sample(chunk, &start);
        self.summary.add(chunk, &start.taken, sampled);
    }

    /// Returns the report on the source. `n_cut` is the number of its records that were cut; `normal` is the profile of
    /// normal operation.
    pub(super) fn report(&self, n_cut: u64, normal: Option<&Profile>) -> SourceReport {
        let (source, lines_before) = (self.search.id, self.search.lines_before);
        let SourcePass { ahead: ReadAhead { filter, time, .. }, summary, .. } = self;
        let salient = standouts(&summary.miner, normal).into_iter().map(|standout| Salient {
            source,
            line: standout.line + lines_before,
            time: standout.time,
            is_stamped: standout.is_stamped,
            text: lossy_start(&standout.text, MAX_MESSAGE_BYTES),
            weight: standout.weight,
            last: standout.last,
            count: standout.count,
            level: standout.level,
            severity: standout.severity,
            is_new: standout.is_new,
            is_normal: standout.is_normal,
        });
        let noted = summary.span.noted(*time);
        let (first, last) = if filter.period().is_some() { filter.span() } else { noted }.unzip();
        let whole = (filter.period().is_some() && !filter.has_times() && summary.records > 0)
            .then_some(Remark::TakenWhole(source));
        SourceReport {
            salient: salient.collect(),
            remarks: whole
                .into_iter()
                .chain(summary.span.remarks(source, summary.assumes_zone))
                .chain(summary.inherited.then_some(Remark::InheritedTime(source)))
                .collect(),
            summary: SourceSummary {
                name: summary.name.clone(),
                format: summary.format.name().to_owned(),
                records: summary.records,
                bytes: summary.bytes,
                left_out: summary.left_out,
                first,
                last,
                not_looked_for: summary.names.not_looked_for(),
                cut: n_cut,
            },
        }
    }
}

impl ReadAhead {
    /// Begins the next chunk.
    pub(super) fn begin(&mut self, chunk: &Chunk<'_>) -> ChunkStart {
        let start = ChunkStart { taken: self.filter.taken(chunk, self.id), time: self.time, seen: self.seen };
        self.time = last_time(chunk, self.id, 0..chunk.len()).or(self.time);
        self.seen += start.taken.count(chunk.len());
        start
    }
}

impl<'p> Search<'p> {
    /// Looks at the records of a chunk.
    pub(super) fn look(&self, chunk: OwnedChunk, start: ChunkStart, plan: &MatchPlan<'p>) -> ChunkFinds {
        let mut kept = Kept::default();
        let n_matched = self.find(&chunk.chunk(), &start, plan, 0, &mut kept);
        let sampled = self.sample(&chunk.chunk(), &start);
        ChunkFinds { chunk, start, kept, n_matched, sampled }
    }

    fn sample(&self, chunk: &Chunk<'_>, start: &ChunkStart) -> Sampled {
        let (mut span, mut programs, mut known) = (TimeSpan::default(), Vec::new(), HashSet::new());
        let mined = mine(chunk, &start.taken, self.id, start.seen, |record| {
            span.note(record);
            if let Some(program) = record.program()
                && !known.contains(&*program)
            {
                known.insert(program.to_vec());
                programs.push(program.into_owned());
            }
        });
        Sampled { mined, span, programs }
    }

    /// Passes what is found in the records of a chunk, from record `from` on, to `finds`, in their order, while that has room.
    /// Returns the number of records that were matched.
    fn find(
        &self,
        chunk: &Chunk<'_>,
        start: &ChunkStart,
        plan: &MatchPlan<'p>,
        from: usize,
        finds: &mut impl Finds,
    ) -> usize {
        let searches = plan.searches(spelling_of(chunk), chunk.bytes);
        let mut clock = Clock::after(start.time);
        let n_matched =
            for_candidates(chunk, self.id, (plan.program(), searches), from, |index, record, candidates| {
                if !start.taken.contains(index) {
                    return ControlFlow::Continue(());
                }
                let symptoms = candidates.iter().map(|target| plan.symptom(*target));
                for symptom in symptoms.filter(|symptom| !self.reads.is_read_from_all(*symptom)) {
                    finds.candidate(symptom, record);
                }
                candidates.retain(|target| searches.may_match(*target, record.bytes));
                let is_read = |symptom| self.reads.is_read_from(symptom, record);
                let shown: Vec<_> = plan.shown(record, candidates, is_read).collect();
                if !shown.is_empty() {
                    let time = clock.time_of(record, chunk, index);
                    self.occurrences_in(record, (shown, candidates), time, plan, finds);
                }
                if finds.has_room() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
        if clock.inherited {
            finds.inherited();
        }
        n_matched
    }

    /// Passes the occurrences of the symptoms that `record` shows, or that elements of it show.
    fn occurrences_in(
        &self,
        record: &Record<'_>,
        (shown, candidates): (Vec<(SymptomId, Shown)>, &[u32]),
        time: Option<Timestamp>,
        plan: &MatchPlan<'p>,
        finds: &mut impl Finds,
    ) {
        let mut note = |symptom, shown, record: &Record<'_>| {
            occurrences(plan.program(), symptom, shown, record, time, &mut |occurrence| {
                finds.occurrence(Occurrence { line: occurrence.line + self.lines_before, ..occurrence });
            });
        };
        let elements = elements(record);
        for (symptom, shown) in shown {
            let is_same = |other: &Shown| {
                (other.binding, other.is_counter) == (shown.binding, shown.is_counter) || !plan.is_timed(symptom)
            };
            let mut is_in_element = false;
            for element in &elements {
                for (symptom, shown) in plan.shown(element, candidates, |id| id == symptom) {
                    if is_same(&shown) {
                        is_in_element = true;
                        note(symptom, shown, element);
                    }
                }
            }
            if !is_in_element {
                note(symptom, shown, record);
            }
        }
    }
}

impl<'p> Summary<'p> {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Adds what was found in the next chunk, and passes the occurrences to `note` in the order of their lines. Returns the
    /// chunk, whose memory can be used again.
    pub(super) fn take(
        &mut self,
        finds: ChunkFinds,
        (search, plan): (&Search<'p>, &MatchPlan<'p>),
        note: impl FnMut(Occurrence<'_>),
    ) -> OwnedChunk {
        let ChunkFinds { chunk: owned, start, kept, n_matched, sampled } = finds;
        let chunk = owned.chunk();
        let mut direct = Direct { summary: self, note };
        for find in kept.finds {
            match find {
                Find::Program(symptom, program) => direct.program(symptom, &program),
                Find::Occurrence(occurrence, text) => direct.occurrence(Occurrence { text: &text, ..occurrence }),
            }
        }
        if kept.inherited {
            direct.inherited();
        }
        if n_matched < chunk.len() {
            search.find(&chunk, &start, plan, n_matched, &mut direct);
        }
        self.add(&chunk, &start.taken, sampled);
        owned
    }

    fn add(&mut self, chunk: &Chunk<'_>, taken: &Taken, sampled: Sampled) {
        sampled.programs.iter().for_each(|program| self.names.note(program));
        self.span.add(&sampled.span);
        self.miner.learn(chunk, sampled.mined);
        let n_taken = taken.count(chunk.len());
        self.records += n_taken;
        self.left_out += chunk.len() as u64 - n_taken;
        self.bytes += chunk.n_bytes();
    }
}

impl<N: FnMut(Occurrence<'_>)> Direct<'_, '_, N> {
    fn program(&mut self, symptom: SymptomId, program: &[u8]) {
        if self.summary.names.awaits(symptom) {
            self.summary.names.note(program);
        }
    }
}

impl<N: FnMut(Occurrence<'_>)> Finds for Direct<'_, '_, N> {
    fn candidate(&mut self, symptom: SymptomId, record: &Record<'_>) {
        if self.summary.names.awaits(symptom)
            && let Some(program) = record.program()
        {
            self.summary.names.note(&program);
        }
    }

    fn occurrence(&mut self, occurrence: Occurrence<'_>) {
        (self.note)(occurrence);
    }

    fn inherited(&mut self) {
        self.summary.inherited = true;
    }

    fn has_room(&self) -> bool {
        true
    }
}

impl Finds for Kept {
    fn candidate(&mut self, symptom: SymptomId, record: &Record<'_>) {
        let Some(program) = record.program() else { return };
        let known = self.programs.entry(symptom).or_default();
        if !known.contains(&*program) {
            known.insert(program.to_vec());
            self.n_bytes += program.len();
            self.finds.push(Find::Program(symptom, program.into_owned()));
        }
    }

    fn occurrence(&mut self, occurrence: Occurrence<'_>) {
        let text = occurrence.text.to_vec();
        self.n_bytes += text.len();
        let Occurrence { symptom, binding, is_counter, captures, time, source, line, muted, text: _ } = occurrence;
        let occurrence = Occurrence { symptom, binding, is_counter, captures, time, source, line, muted, text: &[] };
        self.finds.push(Find::Occurrence(occurrence, text));
    }

    fn inherited(&mut self) {
        self.inherited = true;
    }

    fn has_room(&self) -> bool {
        self.finds.len() < MAX_KEPT && self.n_bytes < MAX_KEPT_BYTES
    }
}

/// Passes the occurrence of a symptom to `note`, and those of the symptoms that match its records.
fn occurrences(
    program: &Program,
    symptom: SymptomId,
    shown: Shown,
    record: &Record<'_>,
    time: Option<Timestamp>,
    note: &mut dyn FnMut(Occurrence<'_>),
) {
    let definition = program.symptom(symptom);
    // The findings of a symptom with conditions on time are passed on once they are known.
    let feeds = if definition.time.is_none() { definition.feeds.as_slice() } else { &[] };
    for &(target, binding) in feeds {
        let matched = program.symptom(target);
        if meets_filter(&matched.bindings[binding], record, &shown.captures) {
            let shown = Shown { binding, is_counter: false, captures: shown.captures.clone() };
            note(occurrence(program, target, shown, record, time));
        }
    }
    note(occurrence(program, symptom, shown, record, time));
}

fn occurrence<'r>(
    program: &Program,
    symptom: SymptomId,
    mut shown: Shown,
    record: &Record<'r>,
    time: Option<Timestamp>,
) -> Occurrence<'r> {
    shown.captures = with_fields(shown.captures, program.symptom(symptom), record);
    let muted = mute::of_record(program, symptom, &shown, record, time);
    Occurrence { muted, ..Occurrence::new(symptom, shown, record, time) }
}

/// Calls `confirm` for each record of the chunk, from record `from` on, that may match a target, with its index, the record, and
/// those targets in ascending order, until it breaks off. Returns the number of records that need not be looked at again.
fn for_candidates(
    chunk: &Chunk<'_>,
    source: SourceId,
    (program, searches): (&Program, &TargetSearches),
    from: usize,
    mut confirm: impl FnMut(usize, &Record<'_>, &mut Vec<u32>) -> ControlFlow<()>,
) -> usize {
    let start = from.checked_sub(1).map_or(0, |last| chunk.record_end(last));
    let mut candidates = searches.candidates(program, chunk.bytes).into_iter().peekable();
    while candidates.next_if(|candidate| candidate.at < start).is_some() {}
    let mut targets = Vec::new();
    let mut index = from;
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
        let is_done = confirm(index, &chunk.record(index, source), &mut targets).is_break();
        index += 1;
        if is_done {
            return index;
        }
    }
    chunk.len()
}
