//! The times of a source: of its records, stamped or not, and of the source as a whole.

use std::ops::Range;

use jiff::Timestamp;

use super::finding::Remark;
use crate::log::{Chunk, Record};
use crate::source::SourceId;

/// If more than one line in so many has no time, although others have one, a remark says so.
const UNTIMED_SHARE: u64 = 5;

/// Gives each record of a chunk without a stamp the time of the last record before it that has one.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    /// The time of the last stamped record before `looked_at`.
    time: Option<Timestamp>,
    /// The number of records at the beginning of the chunk that need not be looked at any more.
    looked_at: usize,
    /// Whether some record was given the time of another.
    pub(super) inherited: bool,
}

impl Clock {
    /// Begins a chunk. The last stamped record before it has the time `time`.
    pub(super) fn after(time: Option<Timestamp>) -> Self {
        Clock { time, looked_at: 0, inherited: false }
    }

    /// Returns the time of `record`, which is at `index` in the chunk: its own, or that of the last stamped record
    /// before it. The index must not be less than in the last call, so that no record is looked at twice.
    pub(super) fn time_of(&mut self, record: &Record<'_>, chunk: &Chunk<'_>, index: usize) -> Option<Timestamp> {
        if record.time().is_some() || !chunk.is_stamped() {
            return record.time();
        }
        debug_assert!(self.looked_at <= index, "records are asked for in order");
        self.time = last_time(chunk, record.source, self.looked_at..index).or(self.time);
        self.looked_at = index;
        self.inherited |= self.time.is_some();
        self.time
    }
}

/// Returns the time of the last stamped record among some of a chunk.
pub(super) fn last_time(chunk: &Chunk<'_>, source: SourceId, among: Range<usize>) -> Option<Timestamp> {
    if !chunk.is_stamped() {
        return None;
    }
    among.rev().find_map(|index| chunk.record(index, source).time())
}

/// The span from the earliest to the latest stamp of a source, and whether its first stamp lacks a zone or a year.
///
/// Logs are written in order or newest first, and several joined logs are in neither order, so the earliest stamp may
/// be anywhere. The span covers the sampled records and the last stamped record.
#[derive(Debug, Clone, Default)]
pub(super) struct TimeSpan {
    /// The earliest and the latest time of the noted records.
    noted: Option<(Timestamp, Timestamp)>,
    has_no_zone: bool,
    has_no_year: bool,
    /// The lines of the noted records, and those of them that belong to records without a time.
    lines: u64,
    untimed_lines: u64,
}

impl TimeSpan {
    pub(super) fn note(&mut self, record: &Record<'_>) {
        let lines = record.line_count();
        self.lines += lines;
        let Some(time) = record.time() else {
            self.untimed_lines += lines;
            return;
        };
        if self.noted.is_none() {
            self.has_no_zone = record.stamp().is_some_and(|stamp| !stamp.zoned());
            self.has_no_year = record.stamp().is_some_and(|stamp| !stamp.has_year());
        }
        self.noted = Some(self.noted.map_or((time, time), |(first, last)| (first.min(time), last.max(time))));
    }

    /// Adds what was noted of later records.
    pub(super) fn add(&mut self, later: &TimeSpan) {
        self.lines += later.lines;
        self.untimed_lines += later.untimed_lines;
        let Some((from, to)) = later.noted else { return };
        match &mut self.noted {
            Some((first, last)) => (*first, *last) = (from.min(*first), to.max(*last)),
            noted => {
                *noted = Some((from, to));
                (self.has_no_zone, self.has_no_year) = (later.has_no_zone, later.has_no_year);
            }
        }
    }

    /// The earliest and the latest of the noted times and `end`, the last time in the source.
    pub(super) fn noted(&self, end: Option<Timestamp>) -> Option<(Timestamp, Timestamp)> {
        match (self.noted, end) {
            (Some((first, last)), Some(end)) => Some((first.min(end), last.max(end))),
            (noted, end) => noted.or(end.map(|end| (end, end))),
        }
    }

    /// Returns what was assumed about the source. `assumes_zone` says that nobody stated the zone of its stamps.
    pub(super) fn remarks(&self, source: SourceId, assumes_zone: bool) -> impl Iterator<Item = Remark> + use<> {
        let lacks_times = self.noted.is_some() && self.untimed_lines * UNTIMED_SHARE > self.lines;
        let percent = self.untimed_lines * 100 / self.lines.max(1);
        let utc = (self.has_no_zone && assumes_zone).then_some(Remark::AssumedUtc(source));
        let year = self.has_no_year.then_some(Remark::AssumedYear(source));
        let untimed = lacks_times.then_some(Remark::LacksTimes { source, percent });
        utc.into_iter().chain(year).chain(untimed)
    }
}
