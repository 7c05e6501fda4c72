//! The pass over one source: finds the occurrences in its chunks of records, and reports on the source at its end.

use jiff::Timestamp;

use super::clock::{Clock, TimeSpan};
use super::elements::elements;
use super::eval::{Shown, meets_filter, with_fields};
use super::finding::{MAX_MESSAGE_BYTES, Remark, Salient, SourceSummary, lossy_start};
use super::mute;
use super::names::SourceNames;
use super::occurrence::Occurrence;
use super::plan::{MatchPlan, TargetSearches};
use super::required::SourceKind;
use crate::log::{Chunk, Format, Miner, Period, PeriodFilter, Profile, Record, Taken, standouts};
use crate::rule::{Program, SymptomId};
use crate::source::SourceId;

/// A source that is being read. Nothing in it is shared with other sources.
#[derive(Debug, Clone)]
pub(super) struct SourcePass<'p> {
    id: SourceId,
    name: String,
    format: Format,
    names: SourceNames<'p>,
    miner: Miner,
    clock: Clock,
    span: TimeSpan,
    filter: PeriodFilter,
    assumes_zone: bool,
    records: u64,
    left_out: u64,
    bytes: u64,
    lines_before: u64,
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
        SourcePass {
            id,
            name,
            names: SourceNames::new(program, names, &format),
            miner: Miner::new(id),
            clock: Clock::default(),
            span: TimeSpan::default(),
            filter: PeriodFilter::new(part.period),
            assumes_zone: part.assumes_zone && format.zone().is_none(),
            format,
            records: 0,
            left_out: 0,
            bytes: 0,
            lines_before: 0,
        }
    }

    /// Counts lines from the number after `lines`, for a source of which `lines` lines were read before.
    pub(super) fn after_lines(self, lines: u64) -> Self {
        SourcePass { lines_before: lines, ..self }
    }

    /// Returns the number of records so far, and of bytes in them.
    pub(super) fn size(&self) -> (u64, u64) {
        (self.records, self.bytes)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Reads the next records, and passes their occurrences to `note` in the order of their lines.
    pub(super) fn take_chunk(&mut self, chunk: &Chunk<'_>, plan: &MatchPlan<'p>, note: impl FnMut(Occurrence<'_>)) {
        let taken = self.filter.taken(chunk, self.id);
        self.find_occurrences(chunk, &taken, plan, note);
        let (names, span) = (&mut self.names, &mut self.span);
        self.miner.observe(chunk, &taken, |record| {
            names.note(record);
            span.note(record);
        });
        self.clock.end_chunk(chunk, self.id);
        let n_taken = taken.count(chunk.len());
        self.records += n_taken;
        self.left_out += chunk.len() as u64 - n_taken;
        self.bytes += chunk.bytes.len() as u64;
    }

    fn find_occurrences(
        &mut self,
        chunk: &Chunk<'_>,
        taken: &Taken,
        plan: &MatchPlan<'p>,
        mut note: impl FnMut(Occurrence<'_>),
    ) {
        let searches = plan.searches(SourceKind::of(chunk), chunk.bytes);
        for_candidates(chunk, self.id, searches, |index, record, candidates| {
            if !taken.contains(index) {
                return;
            }
            if candidates.iter().any(|target| self.names.awaits(plan.symptom(*target))) {
                self.names.note(record);
            }
            candidates.retain(|target| searches.prefilter.may_match(*target, record.bytes));
            let is_read = |symptom| self.names.is_read_from(symptom, record);
            let shown: Vec<_> = plan.shown(record, candidates, is_read).collect();
            if shown.is_empty() {
                return;
            }
            let time = self.clock.time_of(record, chunk, index);
            let lines_before = self.lines_before;
            let mut note = |symptom, shown, record: &Record<'_>| {
                occurrences(plan.program(), symptom, shown, record, time, &mut |occurrence| {
                    note(Occurrence { line: occurrence.line + lines_before, ..occurrence });
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
        });
    }

    /// Returns the report on the source. `n_cut` is the number of its records that were cut; `normal` is the profile of
    /// normal operation.
    pub(super) fn report(&self, n_cut: u64, normal: Option<&Profile>) -> SourceReport {
        let source = self.id;
        let salient = standouts(&self.miner, normal).into_iter().map(|standout| Salient {
            source,
            line: standout.line + self.lines_before,
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
        let noted = self.span.noted(self.clock.time());
        let (first, last) = if self.filter.period().is_some() { self.filter.span() } else { noted }.unzip();
        let whole = (self.filter.period().is_some() && !self.filter.has_times() && self.records > 0)
            .then_some(Remark::TakenWhole(source));
        SourceReport {
            salient: salient.collect(),
            remarks: whole
                .into_iter()
                .chain(self.span.remarks(source, self.assumes_zone))
                .chain(self.clock.remark(source))
                .collect(),
            summary: SourceSummary {
                name: self.name.clone(),
                format: self.format.name().to_owned(),
                records: self.records,
                bytes: self.bytes,
                left_out: self.left_out,
                first,
                last,
                not_looked_for: self.names.not_looked_for(),
                cut: n_cut,
            },
        }
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

/// Calls `confirm` for each record of the chunk that may match a target, with its index, the record, and those targets
/// in ascending order.
fn for_candidates(
    chunk: &Chunk<'_>,
    source: SourceId,
    searches: &TargetSearches,
    mut confirm: impl FnMut(usize, &Record<'_>, &mut Vec<u32>),
) {
    let mut candidates = searches.prefilter.candidates(chunk.bytes).into_iter().peekable();
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
