//! For each record, whether a match ends there, and the latest record at which it can begin.
//!
//! A match of an expression is an interval of records. Of all matches that end at one record, only the one with the latest
//! start is kept, because it is the shortest: if any fits into a window, it does. Parts are joined from these, so the cost
//! is linear in the records for each part of the expression.

use std::collections::{HashMap, VecDeque};

use super::moment::Moment;
use super::when::{Expr, Micros, Slot, SlotSet, Step, slot_set};
use super::window;

/// The records between two resets, among all records of the key.
#[derive(Clone, Copy)]
pub(super) struct Segment<'s, 'e> {
    pub(super) all: &'s [Moment<'e>],
    pub(super) from: usize,
    /// One past the last.
    pub(super) to: usize,
    pub(super) past: &'s Past,
}

/// What is asked about the records of the whole key, also about those before a segment. It is computed once, so that many
/// segments cost no more than one.
pub(super) struct Past {
    /// The time since which the records of the key are known.
    pub(super) known_from: Option<Micros>,
    samples: Vec<Samples>,
}

/// All records of the key with one of some slots.
pub(super) struct Samples {
    slots: SlotSet,
    /// The index and the time of each.
    pub(super) records: Vec<(usize, Micros)>,
    /// The median of their distances; `None` if there are fewer than two.
    usual_gap: Option<Micros>,
}

impl Past {
    pub(super) fn new(expr: &Expr, all: &[Moment<'_>], known_from: Option<Micros>) -> Past {
        let mut slots = Vec::new();
        expr.asked_of_past(&mut slots);
        slots.sort_unstable();
        slots.dedup();
        Past { known_from, samples: slots.into_iter().map(|slots| Samples::new(slots, all)).collect() }
    }

    pub(super) fn samples(&self, slots: SlotSet) -> Option<&Samples> {
        self.samples.iter().find(|samples| samples.slots == slots)
    }
}

impl Samples {
    fn new(slots: SlotSet, all: &[Moment<'_>]) -> Samples {
        let records = all.iter().enumerate().filter(|(_, moment)| moment.has(slots));
        let records: Vec<(usize, Micros)> = records.map(|(index, moment)| (index, moment.time)).collect();
        let mut gaps: Vec<Micros> = records.windows(2).map(|pair| pair[1].1 - pair[0].1).collect();
        let middle = gaps.len().checked_sub(1).map(|last| last / 2);
        let usual_gap = middle.map(|middle| *gaps.select_nth_unstable(middle).1);
        Samples { slots, records, usual_gap }
    }

    /// The time of the last of them before the record with this index.
    fn last_before(&self, index: usize) -> Option<Micros> {
        let n = self.records.partition_point(|(at, _)| *at < index);
        n.checked_sub(1).map(|last| self.records[last].1)
    }
}

/// The shortest match that ends at a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    /// The index of its first record.
    pub(super) start: usize,
    /// Whether it depends on something that is not certain yet.
    pub(super) is_open: bool,
    /// Whether it depends on something that happened before the records begin.
    pub(super) is_assumed: bool,
}

impl End {
    fn at(start: usize) -> End {
        End { start, is_open: false, is_assumed: false }
    }

    fn with(self, other: End) -> End {
        End {
            start: self.start.min(other.start),
            is_open: self.is_open || other.is_open,
            is_assumed: self.is_assumed || other.is_assumed,
        }
    }
}

/// The better of two matches with the same end: the shorter one; of equally short ones, the more certain one.
fn better(a: Option<End>, b: Option<End>) -> Option<End> {
    let certain = |end: &End| (end.start, !end.is_open, !end.is_assumed);
    match (a, b) {
        (Some(a), Some(b)) => Some(if certain(&b) > certain(&a) { b } else { a }),
        (a, b) => a.or(b),
    }
}

impl<'s, 'e> Segment<'s, 'e> {
    pub(super) fn len(self) -> usize {
        self.to - self.from
    }

    /// The records of the segment, each with its index among all.
    pub(super) fn records(self) -> impl Iterator<Item = (usize, &'s Moment<'e>)> {
        (self.from..).zip(&self.all[self.from..self.to])
    }

    /// The records of the segment with this slot.
    pub(super) fn with(self, slot: Slot) -> impl Iterator<Item = (usize, &'s Moment<'e>)> {
        self.records().filter(move |(_, moment)| moment.has(slot_set(slot)))
    }

    fn nothing(self) -> Vec<Option<End>> {
        vec![None; self.len()]
    }
}

/// Returns for each record of the segment the best match of `expr` that ends there.
pub(super) fn ends(expr: &Expr, segment: Segment<'_, '_>) -> Vec<Option<End>> {
    match expr {
        Expr::Seen(slot) => counted(*slot, 1, segment),
        Expr::Count { of, at_least } => counted(*of, *at_least, segment),
        Expr::Distinct { of, value, at_least } => distinct(*of, *value, *at_least, segment),
        Expr::Any(parts) => any(parts, segment),
        Expr::All(parts) => all(parts, segment),
        Expr::Then(steps) => then(steps, segment),
        Expr::Within(inner, longest) => {
            let mut found = ends(inner, segment);
            for (at, end) in found.iter_mut().enumerate() {
                let time = segment.all[segment.from + at].time;
                end.take_if(|end| time - segment.all[end.start].time > *longest);
            }
            found
        }
        Expr::First { of, window } => first(*of, *window, segment),
        Expr::Lasting { of, counter, span } => lasting(*of, *counter, *span, segment),
        Expr::Measured { measure, bound, window } => {
            let mut found = segment.nothing();
            let open = open_before(segment, measure.slot());
            for measured in window::measured(*measure, *bound, *window, segment) {
                let n_open =
                    open[measured.end + 1 - segment.from] - open[measured.start.max(segment.from) - segment.from];
                let end = End { is_open: measured.is_open || n_open > 0, ..End::at(measured.start) };
                found[measured.end - segment.from] = Some(end);
            }
            found
        }
    }
}

fn counted(of: Slot, at_least: u64, segment: Segment<'_, '_>) -> Vec<Option<End>> {
    let mut found = segment.nothing();
    let wanted = usize::try_from(at_least.max(1)).unwrap_or(usize::MAX);
    let mut latest: VecDeque<(usize, bool)> = VecDeque::new();
    let mut n_open = 0;
    for (index, moment) in segment.with(of) {
        let is_open = moment.is_open(slot_set(of));
        latest.push_back((index, is_open));
        n_open += usize::from(is_open);
        if latest.len() > wanted {
            n_open -= usize::from(latest.pop_front().is_some_and(|(_, is_open)| is_open));
        }
        if latest.len() == wanted {
            let start = latest.front().map_or(index, |(start, _)| *start);
            found[index - segment.from] = Some(End { is_open: n_open > 0, ..End::at(start) });
        }
    }
    found
}

/// The number of records with the slot that are not certain, before each record of the segment.
fn open_before(segment: Segment<'_, '_>, of: Slot) -> Vec<usize> {
    let mut n = 0;
    let mut before = vec![0];
    for (_, moment) in segment.records() {
        n += usize::from(moment.has(slot_set(of)) && moment.is_open(slot_set(of)));
        before.push(n);
    }
    before
}

fn distinct(of: Slot, value: usize, at_least: u64, segment: Segment<'_, '_>) -> Vec<Option<End>> {
    let mut found = segment.nothing();
    let mut window: VecDeque<(usize, u64)> = VecDeque::new();
    let mut seen: HashMap<u64, u64> = HashMap::new();
    let open = open_before(segment, of);
    for (index, moment) in segment.with(of) {
        let Some(hash) = moment.value(of, value) else { continue };
        window.push_back((index, hash));
        *seen.entry(hash).or_default() += 1;
        // The first record of the window can go if another one has its value.
        while let Some(&(_, oldest)) = window.front()
            && (seen.len() as u64 > at_least || seen[&oldest] > 1)
        {
            window.pop_front();
            let left = seen.entry(oldest).or_default();
            *left -= 1;
            if *left == 0 {
                seen.remove(&oldest);
            }
        }
        if seen.len() as u64 >= at_least.max(1)
            && let Some((start, _)) = window.front()
        {
            let n_open = open[index + 1 - segment.from] - open[*start - segment.from];
            found[index - segment.from] = Some(End { is_open: n_open > 0, ..End::at(*start) });
        }
    }
    found
}

fn any(parts: &[Expr], segment: Segment<'_, '_>) -> Vec<Option<End>> {
    let mut found = segment.nothing();
    for part in parts {
        let of_part = ends(part, segment);
        found.iter_mut().zip(of_part).for_each(|(end, other)| *end = better(*end, other));
    }
    found
}

/// The last part to be met ends the match; each other one must have been met before or at the same record.
fn all(parts: &[Expr], segment: Segment<'_, '_>) -> Vec<Option<End>> {
    let Some((first, others)) = parts.split_first() else { return segment.nothing() };
    let mut found = ends(first, segment);
    for other in others {
        let of_other = ends(other, segment);
        let (mut best, mut best_other) = (None, None);
        for (end, other) in found.iter_mut().zip(of_other) {
            (best, best_other) = (better(best, *end), better(best_other, other));
            let ends_here = |this: Option<End>, before: Option<End>| Some(this?.with(before?));
            *end = better(ends_here(*end, best_other), ends_here(other, best));
        }
    }
    found
}

fn then(steps: &[Step], segment: Segment<'_, '_>) -> Vec<Option<End>> {
    let Some((first, others)) = steps.split_first() else { return segment.nothing() };
    let mut found = ends(&first.expr, segment);
    for step in others {
        found = followed(&found, step, segment);
    }
    found
}

/// The matches of `before`, each followed by a match of `step`.
fn followed(before: &[Option<End>], step: &Step, segment: Segment<'_, '_>) -> Vec<Option<End>> {
    let next = ends(&step.expr, segment);
    let mut best = None;
    // The best match of `before` that ends before the record with this index, with nothing forbidden after it.
    let mut best_before = Vec::with_capacity(before.len());
    for (end, (_, moment)) in before.iter().zip(segment.records()) {
        best_before.push(best);
        best = if moment.has(step.without) { *end } else { better(best, *end) };
    }
    let joined = next.into_iter().map(|end| {
        let end = end?;
        Some(end.with(best_before[end.start - segment.from]?))
    });
    joined.collect()
}

fn first(of: Slot, window: Micros, segment: Segment<'_, '_>) -> Vec<Option<End>> {
    let mut found = segment.nothing();
    let mut before = segment.past.samples(slot_set(of)).and_then(|samples| samples.last_before(segment.from));
    for (index, moment) in segment.with(of) {
        let is_first = before.is_none_or(|before| moment.time - before > window);
        let history = segment.past.known_from.map_or(0, |from| moment.time - from);
        if is_first {
            let is_assumed = before.is_none() && history < window;
            let is_open = (is_assumed && history <= 0) || moment.is_open(slot_set(of));
            found[index - segment.from] = Some(End { start: index, is_open, is_assumed });
        }
        before = Some(moment.time);
    }
    found
}

/// The longest gap between samples, in usual distances of samples.
const MAX_GAPS: i64 = 3;

fn lasting(of: Slot, counter: SlotSet, span: Micros, segment: Segment<'_, '_>) -> Vec<Option<End>> {
    let mut found = segment.nothing();
    let samples = segment.past.samples(slot_set(of) | counter);
    let Some(usual) = samples.and_then(|samples| samples.usual_gap) else { return found };
    let longest = usual.saturating_mul(MAX_GAPS);
    let mut run: VecDeque<usize> = VecDeque::new();
    let mut before: Option<Micros> = None;
    for (index, moment) in segment.records() {
        if !moment.has(slot_set(of) | counter) {
            continue;
        }
        if !moment.has(slot_set(of)) || before.is_some_and(|before| moment.time - before > longest) {
            run.clear();
        }
        before = Some(moment.time);
        if !moment.has(slot_set(of)) {
            continue;
        }
        run.push_back(index);
        // The latest start from which the run is long enough.
        while run.get(1).is_some_and(|&second| moment.time - segment.all[second].time >= span) {
            run.pop_front();
        }
        let start = run[0];
        if run.len() > 1 && moment.time - segment.all[start].time >= span {
            found[index - segment.from] = Some(End::at(start));
        }
    }
    found
}
