//! A slow evaluator that the fast one is tested against. It knows nothing of latest starts or of sliding: for each record
//! it tries every record before it as the start of a match, and looks at everything in between.

use super::when::{Edge, Expr, Measure, Micros, Ordering, Rearm, Side, Slot, SlotSet, Step, When, slot_set};

/// A record: its time, its source, its slots, and a value for each slot.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) time: Micros,
    pub(super) slots: SlotSet,
    pub(super) value: u8,
}

/// An episode: the times of its first and last record, the number of records, and whether it is open.
pub(super) type Found = (Micros, Micros, u64, bool);

pub(super) struct Naive<'n> {
    pub(super) when: &'n When,
    pub(super) all: &'n [Record],
    /// The first and the last time at which records are known.
    pub(super) known: (Micros, Micros),
}

impl Naive<'_> {
    fn has(&self, at: usize, slots: SlotSet) -> bool {
        self.all[at].slots & slots != 0
    }

    fn times(&self, of: Slot, from: usize, to: usize) -> Vec<usize> {
        (from..=to).filter(|&at| self.has(at, slot_set(of))).collect()
    }

    /// Whether the records from `from` to `to`, both of which must be part of it, meet the expression. `segment` is the
    /// first record since the last reset.
    fn matches(&self, expr: &Expr, from: usize, to: usize, segment: usize) -> bool {
        match expr {
            Expr::Seen(slot) => from == to && self.has(from, slot_set(*slot)),
            Expr::Count { of, at_least } => {
                let ends = self.has(from, slot_set(*of)) && self.has(to, slot_set(*of));
                ends && self.times(*of, from, to).len() as u64 >= *at_least
            }
            Expr::Distinct { of, at_least, .. } => {
                let mut values: Vec<u8> = self.times(*of, from, to).iter().map(|&at| self.all[at].value).collect();
                values.sort_unstable();
                values.dedup();
                let ends = self.has(from, slot_set(*of)) && self.has(to, slot_set(*of));
                ends && values.len() as u64 >= *at_least
            }
            Expr::Any(parts) => parts.iter().any(|part| self.matches(part, from, to, segment)),
            Expr::All(parts) => self.all_within(parts, from, to, segment),
            Expr::Then(steps) => self.sequence(steps, from, to, segment),
            Expr::Within(inner, longest) => {
                self.all[to].time - self.all[from].time <= *longest && self.matches(inner, from, to, segment)
            }
            Expr::First { of, window } => {
                let before = (0..from).filter(|&at| self.has(at, slot_set(*of)));
                let near = before.filter(|&at| self.all[from].time - self.all[at].time <= *window).count();
                from == to && self.has(from, slot_set(*of)) && near == 0
            }
            Expr::Lasting { of, counter, span } => self.lasting(*of, *counter, *span, from, to),
            Expr::Measured { measure, bound, window } => {
                let ends_here = match measure {
                    Measure::Ratio(a, b) => self.has(to, slot_set(*a) | slot_set(*b)),
                    other => self.has(to, slot_set(other.slot())),
                };
                if let Measure::Unusual(of) = measure {
                    let ratio = self.unusual(*of, *window, to);
                    let starts_here = self.first_since(*of, self.all[to].time - window).max(segment) == from;
                    return ends_here && starts_here && ratio.is_some_and(|ratio| bound.is_met(ratio));
                }
                let slots = match measure {
                    Measure::Ratio(a, b) => slot_set(*a) | slot_set(*b),
                    other => slot_set(other.slot()),
                };
                let inside: Vec<usize> = (segment..=to)
                    .filter(|&at| self.has(at, slots) && self.all[to].time - self.all[at].time <= *window)
                    .collect();
                let shrinks = matches!(measure, Measure::Sum(..))
                    && matches!(bound.ordering, Ordering::Greater | Ordering::GreaterOrEqual);
                let starts_here = if shrinks { inside.contains(&from) } else { inside.first() == Some(&from) };
                let measured: Vec<usize> = inside.into_iter().filter(|&at| at >= from).collect();
                ends_here && starts_here && self.measure(*measure, &measured).is_some_and(|n| bound.is_met(n))
            }
        }
    }

    fn measure(&self, measure: Measure, inside: &[usize]) -> Option<f64> {
        let mut values: Vec<f64> = inside.iter().map(|&at| f64::from(self.all[at].value)).collect();
        let n = values.len() as f64;
        match measure {
            Measure::Sum(..) => Some(values.iter().sum()),
            Measure::Mean(..) => Some(values.iter().sum::<f64>() / n),
            Measure::Min(..) => values.into_iter().reduce(f64::min),
            Measure::Max(..) => values.into_iter().reduce(f64::max),
            Measure::P95(..) => {
                values.sort_by(f64::total_cmp);
                values.get((values.len() * 95).div_ceil(100).checked_sub(1)?).copied()
            }
            Measure::Ratio(a, b) => {
                let count = |slot| inside.iter().filter(|&&at| self.has(at, slot_set(slot))).count() as f64;
                (count(b) > 0.0).then(|| count(a) / count(b))
            }
            Measure::Unusual(_) => None,
        }
    }

    /// The number of complete windows before the one that ends at the record, at most twenty.
    fn n_windows(&self, window: Micros, to: usize) -> i64 {
        ((self.all[to].time - window - self.known.0) / window).clamp(0, 20)
    }

    /// The first record with the slot that is not before the time.
    fn first_since(&self, of: Slot, time: Micros) -> usize {
        (0..self.all.len()).find(|&at| self.has(at, slot_set(of)) && self.all[at].time >= time).unwrap_or(0)
    }

    /// The number of records in the window that ends at the record, in usual numbers.
    fn unusual(&self, of: Slot, window: Micros, to: usize) -> Option<f64> {
        let (end, n_windows) = (self.all[to].time, self.n_windows(window, to));
        let of_slot = (0..self.all.len()).filter(|&at| self.has(at, slot_set(of)));
        let (mut now, mut before) = (0.0, 0.0);
        for at in of_slot {
            let age = end - self.all[at].time;
            now += if at <= to && age <= window { 1.0 } else { 0.0 };
            before += if age > window && age <= window * (n_windows + 1) { 1.0 } else { 0.0 };
        }
        (n_windows > 0).then(|| now / (before / n_windows as f64).max(1.0))
    }

    /// Whether it is not certain that the match is one.
    fn is_open(&self, to: usize) -> bool {
        match &self.when.expr {
            Expr::Measured { measure: Measure::Unusual(_), window, .. } => self.n_windows(*window, to) < 5,
            _ => false,
        }
    }

    fn lasting(&self, of: Slot, counter: SlotSet, span: Micros, from: usize, to: usize) -> bool {
        let samples: Vec<usize> = (0..self.all.len()).filter(|&at| self.has(at, slot_set(of) | counter)).collect();
        let mut gaps: Vec<Micros> =
            samples.windows(2).map(|pair| self.all[pair[1]].time - self.all[pair[0]].time).collect();
        gaps.sort_unstable();
        let Some(usual) = gaps.get(gaps.len().saturating_sub(1) / 2) else { return false };
        let run: Vec<usize> = samples.into_iter().filter(|at| (from..=to).contains(at)).collect();
        let near = |pair: &[usize]| self.all[pair[1]].time - self.all[pair[0]].time <= 3 * usual;
        let is_run = run.first() == Some(&from) && run.last() == Some(&to) && run.len() > 1;
        is_run
            && run.iter().all(|&at| self.has(at, slot_set(of)))
            && run.windows(2).all(near)
            && self.all[to].time - self.all[from].time >= span
    }

    /// Whether each part is met somewhere in the records, one at the first of them and one at the last.
    fn all_within(&self, parts: &[Expr], from: usize, to: usize, segment: usize) -> bool {
        let inside = |part: &Expr, begins: bool, ends: bool| {
            (from..=to).any(|start| {
                (start..=to).any(|end| {
                    (!begins || start == from) && (!ends || end == to) && self.matches(part, start, end, segment)
                })
            })
        };
        let n = parts.len();
        (0..n).any(|first| {
            (0..n).any(|last| parts.iter().enumerate().all(|(at, part)| inside(part, at == first, at == last)))
        })
    }

    fn sequence(&self, steps: &[Step], from: usize, to: usize, segment: usize) -> bool {
        let Some((last, before)) = steps.split_last() else { return false };
        if before.is_empty() {
            return self.matches(&last.expr, from, to, segment);
        }
        let follows = |start: &usize| self.matches(&last.expr, *start, to, segment);
        let is_preceded = |start: usize| {
            (from..start).any(|end| {
                (end + 1..start).all(|at| !self.has(at, last.without)) && self.sequence(before, from, end, segment)
            })
        };
        // What follows a gap without records is as short as it can be.
        match last.without {
            0 => (from + 1..=to).filter(follows).any(is_preceded),
            _ => (from + 1..=to).rev().find(follows).is_some_and(is_preceded),
        }
    }

    fn judge(&self, edge: &Edge, from: usize, to: usize) -> Option<bool> {
        let watched = |at: usize| self.has(at, edge.slots);
        let before = || (0..from).any(|at| watched(at) && self.all[from].time - self.all[at].time <= edge.span);
        let after =
            || (to + 1..self.all.len()).any(|at| watched(at) && self.all[at].time - self.all[to].time <= edge.span);
        let open_before = self.known.0 > self.all[from].time - edge.span;
        let open_after = self.known.1 <= self.all[to].time + edge.span;
        match edge.side {
            Side::Before if before() => None,
            Side::Before => Some(open_before),
            Side::After if after() => None,
            Side::After => Some(open_after),
            Side::Around if before() || after() || (from..=to).any(watched) => None,
            Side::Around => Some(open_after),
        }
    }

    /// The latest start of a match that ends at the record, if it fits, and whether it is open; `None` also if something
    /// that must not be near is near.
    fn match_at(&self, to: usize, segment: usize) -> Option<(usize, bool)> {
        let starts = (segment..=to).rev().filter(|&from| self.matches(&self.when.expr, from, to, segment));
        let fits =
            |from: &usize| self.when.within.is_none_or(|within| self.all[to].time - self.all[*from].time <= within);
        let start = starts.into_iter().find(fits)?;
        let judged: Option<Vec<bool>> = self.when.edges.iter().map(|edge| self.judge(edge, start, to)).collect();
        let is_open = judged?.into_iter().any(|is_open| is_open);
        Some((start, is_open || self.is_open(to)))
    }

    pub(super) fn episodes(&self) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let (mut is_going_on, mut free, mut segment) = (false, 0, 0);
        for at in 0..self.all.len() {
            if let Rearm::On(slots) = self.when.rearm
                && self.has(at, slots)
            {
                is_going_on = false;
            }
            let goes_on = is_going_on
                && match (self.when.rearm, found.last()) {
                    (Rearm::After(Some(gap)), Some((_, last, ..))) => self.all[at].time - last <= gap,
                    (Rearm::EveryMatch, _) | (_, None) => false,
                    (Rearm::After(None) | Rearm::On(_), Some(_)) => true,
                };
            let ends = self.match_at(at, segment);
            let is_evidence = |at: usize| self.has(at, self.when.evidence);
            match (ends, found.last_mut()) {
                (Some((_, is_open)), Some(last)) if goes_on => {
                    let n = (free..=at).filter(|&at| is_evidence(at)).count() as u64;
                    *last = (last.0, self.all[at].time, last.2 + n, last.3 && is_open);
                    free = at + 1;
                }
                (None, Some(last)) if goes_on && self.when.edges.is_empty() && is_evidence(at) => {
                    let n = (free..=at).filter(|&at| is_evidence(at)).count() as u64;
                    *last = (last.0, self.all[at].time, last.2 + n, last.3);
                    free = at + 1;
                }
                (Some((start, is_open)), _) if start >= free => {
                    let n = (start..=at).filter(|&at| is_evidence(at)).count() as u64;
                    found.push((self.all[start].time, self.all[at].time, n, is_open));
                    (is_going_on, free) = (true, at + 1);
                }
                _ => {}
            }
            if self.has(at, self.when.resets | self.when.ended_by) {
                (is_going_on, segment, free) = (false, at + 1, at + 1);
            }
        }
        found
    }
}
