//! Numbers that the records of a sliding window have together: sums, means, percentiles, ratios.
//!
//! A window ends with a record and reaches back a fixed time, both ends included. Sums are of whole millionths, so they do
//! not depend on the order in which values come and go.

use std::collections::VecDeque;

use super::ends::Segment;
use super::moment::Moment;
use super::when::{Bound, Measure, Micros, Ordering, Slot, slot_set};

/// The most earlier windows with which the present one is compared.
pub(super) const MOST_WINDOWS: u8 = 20;

/// With fewer earlier windows, it is open whether a number is unusual.
pub(super) const FEWEST_WINDOWS: usize = 5;

/// A window whose number is on the right side of the limit.
pub(super) struct Measured {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_open: bool,
    number: f64,
}

/// Returns the windows that meet the bound, by their ends.
pub(super) fn measured(measure: Measure, bound: Bound, window: Micros, segment: Segment<'_, '_>) -> Vec<Measured> {
    match measure {
        Measure::Sum(slot, value) => sums(slot, value, bound, window, segment),
        Measure::Mean(slot, value) => of_values(Mean::default(), (slot, value), bound, window, segment),
        Measure::P95(slot, value) => {
            let ranks = Percentile::new(segment, slot, value);
            of_values(ranks, (slot, value), bound, window, segment)
        }
        Measure::Min(slot, value) => of_values(Extreme::new(-1.0), (slot, value), bound, window, segment),
        Measure::Max(slot, value) => of_values(Extreme::new(1.0), (slot, value), bound, window, segment),
        Measure::Ratio(slot, among) => ratios((slot, among), bound, window, segment),
        Measure::Unusual(slot) => unusual(slot, bound, window, segment),
    }
}

/// Returns the number of a window that comes nearest to the bound, in millionths; `None` if there are no windows.
pub(super) fn nearest(measure: Measure, bound: Bound, window: Micros, segment: Segment<'_, '_>) -> Option<i64> {
    // This bound holds for all windows, and does not make a sum leave records out.
    let any = Bound { ordering: Ordering::LessOrEqual, limit: f64::INFINITY };
    let numbers = measured(measure, any, window, segment).into_iter().map(|measured| measured.number);
    let nearest = match bound.ordering {
        Ordering::Greater | Ordering::GreaterOrEqual => numbers.reduce(f64::max),
        Ordering::Less | Ordering::LessOrEqual => numbers.reduce(f64::min),
    };
    nearest.map(|number| i64::try_from(millionths(number)).unwrap_or(i64::MAX))
}

/// A number of the values in a window, which come and go in the same order.
trait Gathered {
    fn add(&mut self, index: usize, value: f64);
    fn remove(&mut self, index: usize, value: f64);
    fn number(&self) -> Option<f64>;
}

fn of_values(
    mut gathered: impl Gathered,
    (slot, value): (Slot, usize),
    bound: Bound,
    window: Micros,
    segment: Segment<'_, '_>,
) -> Vec<Measured> {
    let mut found = Vec::new();
    let mut inside: VecDeque<(usize, Micros, f64)> = VecDeque::new();
    for (index, moment) in segment.with(slot) {
        let Some(number) = moment.number(slot, value) else { continue };
        inside.push_back((index, moment.time, number));
        gathered.add(index, number);
        while let Some(&(oldest, time, number)) = inside.front()
            && moment.time - time > window
        {
            inside.pop_front();
            gathered.remove(oldest, number);
        }
        let start = inside.front().map_or(index, |(start, ..)| *start);
        if let Some(number) = gathered.number().filter(|number| bound.is_met(*number)) {
            found.push(Measured { start, end: index, is_open: false, number });
        }
    }
    found
}

/// As `of_values`. If more can only help, the first records are left out as long as the sum is still met, so that the
/// match is short.
fn sums(slot: Slot, value: usize, bound: Bound, window: Micros, segment: Segment<'_, '_>) -> Vec<Measured> {
    let mut found = Vec::new();
    let mut inside: VecDeque<(usize, Micros, i128)> = VecDeque::new();
    let mut sum = 0_i128;
    let has_negative = segment.with(slot).any(|(_, moment)| moment.number(slot, value).is_some_and(|n| n < 0.0));
    let can_shrink = matches!(bound.ordering, Ordering::Greater | Ordering::GreaterOrEqual) && !has_negative;
    for (index, moment) in segment.with(slot) {
        let Some(number) = moment.number(slot, value).map(millionths) else { continue };
        inside.push_back((index, moment.time, number));
        sum += number;
        while let Some(&(_, time, number)) = inside.front()
            && (moment.time - time > window || (can_shrink && inside.len() > 1 && bound.is_met(units(sum - number))))
        {
            inside.pop_front();
            sum -= number;
        }
        let number = units(sum);
        if bound.is_met(number) {
            let start = inside.front().map_or(index, |(start, ..)| *start);
            found.push(Measured { start, end: index, is_open: false, number });
        }
    }
    found
}

#[expect(clippy::cast_possible_truncation, reason = "a float outside the range becomes the nearest integer")]
fn millionths(number: f64) -> i128 {
    (number * 1e6).round() as i128
}

#[expect(clippy::cast_precision_loss, reason = "a sum of more than 2^53 millionths is rounded")]
fn units(millionths: i128) -> f64 {
    millionths as f64 / 1e6
}

#[derive(Default)]
struct Mean {
    sum: i128,
    n: u32,
}

impl Gathered for Mean {
    fn add(&mut self, _: usize, value: f64) {
        self.sum += millionths(value);
        self.n += 1;
    }

    fn remove(&mut self, _: usize, value: f64) {
        self.sum -= millionths(value);
        self.n -= 1;
    }

    fn number(&self) -> Option<f64> {
        (self.n > 0).then(|| units(self.sum) / f64::from(self.n))
    }
}

/// The greatest value, or with the sign −1 the least. Only values that can still become the greatest are kept.
struct Extreme {
    sign: f64,
    candidates: VecDeque<(usize, f64)>,
}

impl Extreme {
    fn new(sign: f64) -> Self {
        Extreme { sign, candidates: VecDeque::new() }
    }
}

impl Gathered for Extreme {
    fn add(&mut self, index: usize, value: f64) {
        while self.candidates.back().is_some_and(|(_, last)| (value - last) * self.sign >= 0.0) {
            self.candidates.pop_back();
        }
        self.candidates.push_back((index, value));
    }

    fn remove(&mut self, index: usize, _: f64) {
        if self.candidates.front().is_some_and(|(first, _)| *first == index) {
            self.candidates.pop_front();
        }
    }

    fn number(&self) -> Option<f64> {
        self.candidates.front().map(|(_, value)| *value)
    }
}

/// The values of the window as counts by rank among all values, in a Fenwick tree.
struct Percentile {
    sorted: Vec<f64>,
    /// Node `i` has the number of values whose ranks are in the `i & -i` ranks up to `i`, counted from 1.
    tree: Vec<u32>,
    n: usize,
}

impl Percentile {
    fn new(segment: Segment<'_, '_>, slot: Slot, value: usize) -> Self {
        let mut sorted: Vec<f64> = segment.with(slot).filter_map(|(_, moment)| moment.number(slot, value)).collect();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        Percentile { tree: vec![0; sorted.len() + 1], sorted, n: 0 }
    }

    fn change(&mut self, value: f64, change: impl Fn(u32) -> u32) {
        let mut node = 1 + self.sorted.partition_point(|other| other.total_cmp(&value).is_lt());
        while node < self.tree.len() {
            self.tree[node] = change(self.tree[node]);
            node += node & node.wrapping_neg();
        }
    }
}

impl Gathered for Percentile {
    fn add(&mut self, _: usize, value: f64) {
        self.change(value, |n| n + 1);
        self.n += 1;
    }

    fn remove(&mut self, _: usize, value: f64) {
        self.change(value, |n| n - 1);
        self.n -= 1;
    }

    fn number(&self) -> Option<f64> {
        // The value with so many values up to it is the percentile.
        let mut wanted = (self.n * 95).div_ceil(100);
        let mut node = 0;
        let mut step = (self.tree.len()).next_power_of_two();
        while step > 0 {
            if let Some(&n) = self.tree.get(node + step)
                && (n as usize) < wanted
            {
                node += step;
                wanted -= n as usize;
            }
            step /= 2;
        }
        self.sorted.get(node).copied()
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of records are far below 2^53")]
fn share(part: usize, whole: f64) -> f64 {
    part as f64 / whole
}

fn ratios((of, among): (Slot, Slot), bound: Bound, window: Micros, segment: Segment<'_, '_>) -> Vec<Measured> {
    let (of, among) = (slot_set(of), slot_set(among));
    let mut found = Vec::new();
    let mut inside: VecDeque<(usize, &Moment<'_>)> = VecDeque::new();
    let (mut n_of, mut n_among) = (0, 0);
    for (index, moment) in segment.records().filter(|(_, moment)| moment.has(of | among)) {
        inside.push_back((index, moment));
        (n_of, n_among) = (n_of + usize::from(moment.has(of)), n_among + usize::from(moment.has(among)));
        while let Some(&(_, oldest)) = inside.front()
            && moment.time - oldest.time > window
        {
            inside.pop_front();
            (n_of, n_among) = (n_of - usize::from(oldest.has(of)), n_among - usize::from(oldest.has(among)));
        }
        let start = inside.front().map_or(index, |(start, _)| *start);
        let number = share(n_of, share(n_among, 1.0));
        if n_among > 0 && bound.is_met(number) {
            found.push(Measured { start, end: index, is_open: false, number });
        }
    }
    found
}

/// Compares the number of records in a window with that in the windows before it, of all records of the key.
fn unusual(slot: Slot, bound: Bound, window: Micros, segment: Segment<'_, '_>) -> Vec<Measured> {
    let seen = segment.past.samples(slot_set(slot)).map_or(&[][..], |samples| samples.records.as_slice());
    let before = |time: Micros| seen.partition_point(|(_, seen)| *seen < time);
    let Some(known_from) = segment.past.known_from.or(seen.first().map(|(_, time)| *time)) else { return Vec::new() };
    let mut found = Vec::new();
    for (index, moment) in segment.with(slot) {
        let (end, begin) = (before(moment.time + 1).min(before_index(seen, index + 1)), moment.time - window);
        let complete = (begin - known_from) / window.max(1);
        let n_windows = usize::try_from(complete.clamp(0, i64::from(MOST_WINDOWS))).unwrap_or(0);
        if n_windows == 0 {
            continue;
        }
        let first = before(begin);
        let earliest = before(begin - window * i64::try_from(n_windows).unwrap_or(i64::MAX));
        let usual = share(first - earliest, share(n_windows, 1.0)).max(1.0);
        let number = share(end - first, usual);
        if bound.is_met(number) {
            let start = seen[first].0.max(segment.from);
            found.push(Measured { start, end: index, is_open: n_windows < FEWEST_WINDOWS, number });
        }
    }
    found
}

/// The number of records in `seen` before the one with this index.
fn before_index(seen: &[(usize, Micros)], index: usize) -> usize {
    seen.partition_point(|(at, _)| *at < index)
}
