//! Whether records that must not be seen are absent: no, not yet known, yes. A log that ends too
//! early proves nothing.

use super::episode::Known;
use super::moment::Moment;
use super::when::{Edge, Micros, Side};

/// The answer to the question whether nothing was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Absence {
    /// Nothing was seen, and the records go on for long enough to know.
    Confirmed,
    /// Nothing was seen, but the records do not go back far enough to know.
    Assumed,
    /// Nothing was seen so far.
    Open,
    /// Something was seen.
    Refuted,
}

/// The records that refute an edge.
pub(super) struct Watched<'m, 'e> {
    edge: Edge,
    all: &'m [Moment<'e>],
    /// The indices of the records that must not be near, in order.
    at: Vec<usize>,
}

impl<'m, 'e> Watched<'m, 'e> {
    pub(super) fn new(edge: Edge, all: &'m [Moment<'e>]) -> Self {
        let at = (0..all.len()).filter(|&index| all[index].has(edge.slots)).collect();
        Watched { edge, all, at }
    }

    /// The time of the first watched record after the record with this index.
    pub(super) fn next_after(&self, index: usize) -> Option<Micros> {
        self.at.get(self.at.partition_point(|&at| at <= index)).map(|&at| self.all[at].time)
    }

    /// Judges the match from the record `start` to the record `end`.
    pub(super) fn judge(&self, start: usize, end: usize, known: &Known<'_>) -> Absence {
        let (is_before, is_after) = match self.edge.side {
            Side::Before => (true, false),
            Side::After => (false, true),
            Side::Around => (true, true),
        };
        let mut answer = Absence::Confirmed;
        if self.edge.side == Side::Around && self.is_between(start, end) {
            return Absence::Refuted;
        }
        if is_before {
            answer = answer.max(match (self.before(start, known), self.edge.side) {
                // That a log begins with what is looked for is usual, and no reason to doubt it.
                (Absence::Open, Side::Around) if known.is_timed => Absence::Assumed,
                (before, _) => before,
            });
        }
        if is_after {
            answer = answer.max(self.after(end, known));
        }
        answer
    }

    fn is_between(&self, start: usize, end: usize) -> bool {
        self.at.get(self.at.partition_point(|&at| at < start)).is_some_and(|&at| at <= end)
    }

    fn before(&self, start: usize, known: &Known<'_>) -> Absence {
        let time = self.all[start].time;
        let last = self.at.partition_point(|&at| at < start).checked_sub(1).map(|last| self.all[self.at[last]].time);
        if last.is_some_and(|last| !known.is_timed || time - last <= self.edge.span) {
            return Absence::Refuted;
        }
        let since = (known.span)(self.all[start].place.source, self.edge.slots).map(|(since, _)| since);
        match since {
            Some(since) if known.is_timed && since <= time - self.edge.span => Absence::Confirmed,
            _ => Absence::Open,
        }
    }

    fn after(&self, end: usize, known: &Known<'_>) -> Absence {
        let time = self.all[end].time;
        if self.next_after(end).is_some_and(|next| !known.is_timed || next - time <= self.edge.span) {
            return Absence::Refuted;
        }
        let until = (known.span)(self.all[end].place.source, self.edge.slots).map(|(_, until)| until);
        match until {
            // A record at the very end of the time could still be followed by one of the same time.
            Some(until) if known.is_timed && until > time + self.edge.span => Absence::Confirmed,
            _ => Absence::Open,
        }
    }
}
