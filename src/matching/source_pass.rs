//! The pass over one source: finds the occurrences in its chunks of records, and reports on the source at its end.

use super::clock::{Clock, TimeSpan};
use super::finding::{Remark, Salient, SourceSummary, lossy_start};
use super::names::SourceNames;
use super::occurrence::Occurrence;
use super::plan::{MatchPlan, TargetSearches};
use crate::log::{Chunk, Format, Miner, Profile, Record, standouts};
use crate::rule::Program;
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
    records: u64,
    bytes: u64,
    lines_before: u64,
}

/// The result of reading a source, except its occurrences.
#[derive(Debug, Clone)]
pub(super) struct SourceReport {
    pub(super) summary: SourceSummary,
    pub(super) salient: Vec<Salient>,
    pub(super) remarks: Vec<Remark>,
}

impl<'p> SourcePass<'p> {
    /// Begins the pass over a source. `names` are the names by which `on` may refer to it.
    pub(super) fn new(program: &'p Program, id: SourceId, name: String, names: &[String], format: Format) -> Self {
        SourcePass {
            id,
            name,
            format,
            names: SourceNames::new(program, names, format),
            miner: Miner::new(id),
            clock: Clock::default(),
            span: TimeSpan::default(),
            records: 0,
            bytes: 0,
            lines_before: 0,
        }
    }

    /// Counts lines from the number after `lines`, for a source of which `lines` lines were read before.
    pub(super) fn after_lines(self, lines: u64) -> Self {
        SourcePass { lines_before: lines, ..self }
    }

    pub(super) fn n_records(&self) -> u64 {
        self.records
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Reads the next records, and passes their occurrences to `note` in the order of their lines.
    pub(super) fn take_chunk(&mut self, chunk: &Chunk<'_>, plan: &MatchPlan<'p>, note: impl FnMut(Occurrence<'_>)) {
        self.find_occurrences(chunk, plan, note);
        let (names, span) = (&mut self.names, &mut self.span);
        self.miner.observe(chunk, |record| {
            names.note(record);
            span.note(record);
        });
        self.clock.end_chunk(chunk, self.id);
        self.records += chunk.len() as u64;
        self.bytes += chunk.bytes.len() as u64;
    }

    fn find_occurrences(&mut self, chunk: &Chunk<'_>, plan: &MatchPlan<'p>, mut note: impl FnMut(Occurrence<'_>)) {
        let searches = plan.searches(chunk.has_escapes());
        for_candidates(chunk, self.id, searches, |index, record, candidates| {
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
            for (symptom, captures) in shown {
                let occurrence = Occurrence::new(symptom, captures, record, time);
                note(Occurrence { line: occurrence.line + self.lines_before, ..occurrence });
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
            text: lossy_start(&standout.text),
            weight: standout.weight,
        });
        let end = self.clock.time();
        SourceReport {
            salient: salient.collect(),
            remarks: self.span.remarks(source).chain(self.clock.remark(source)).collect(),
            summary: SourceSummary {
                name: self.name.clone(),
                format: self.format.name(),
                records: self.records,
                bytes: self.bytes,
                first: self.span.first(end),
                last: self.span.last(end),
                not_looked_for: self.names.not_looked_for(),
                cut: n_cut,
            },
        }
    }
}

/// Calls `confirm` for each record of the chunk that may match a target, with its index, the record, and those targets
/// in ascending order.
fn for_candidates(
    chunk: &Chunk<'_>,
    source: SourceId,
    searches: &TargetSearches,
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
