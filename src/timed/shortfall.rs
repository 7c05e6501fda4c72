//! How near the records of a key come to a `when` that they do not meet.

use super::absence::Absence;
use super::absence::Watched;
use super::ends::{End, Past, Segment, ends};
use super::episode::Known;
use super::moment::{Event, Moment, Place, moments};
use super::when::{Expr, Micros, Slot, When, slot_set};
use super::window;

/// What is missing. In order, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortfall {
    /// Something that must not be seen was seen, here.
    Refuted(Place),
    /// All was seen, but everything began anew in between, here.
    Reset(Place),
    /// So many of so many records were seen within the limit, and the others came so much too late.
    Late {
        /// The most records within the limit.
        seen: u64,
        /// The number that is wanted.
        wanted: u64,
        /// By how much the limit would have to be longer.
        by: Micros,
    },
    /// All was seen, but over a time that is so much longer than the limit.
    TooLong(Micros),
    /// So many of so many records, parts or different values were seen.
    Few {
        /// The number that was seen.
        seen: u64,
        /// The number that is wanted.
        wanted: u64,
    },
    /// It lasted for this time, and longer is wanted.
    Short {
        /// The longest time.
        lasted: Micros,
        /// The time that is wanted.
        wanted: Micros,
    },
    /// The number that comes nearest to what is wanted of a window, in millionths. The limit is in the `when`.
    Number(i64),
}

impl Shortfall {
    /// The kind, how much is missing, and the place or time that decides between others.
    fn rank(self) -> (u8, u64, Option<Place>, i64) {
        match self {
            Shortfall::Refuted(place) => (0, 0, Some(place), 0),
            Shortfall::Reset(place) => (1, 0, Some(place), 0),
            Shortfall::Late { seen, wanted, by } => (2, wanted.saturating_sub(seen), None, by),
            Shortfall::TooLong(by) => (3, 0, None, by),
            Shortfall::Few { seen, wanted } => (4, wanted.saturating_sub(seen), None, 0),
            Shortfall::Short { lasted, wanted } => (5, wanted.abs_diff(lasted), None, 0),
            Shortfall::Number(number) => (6, 0, None, number),
        }
    }
}

impl PartialOrd for Shortfall {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Shortfall {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

/// Returns what is missing, and the place of the last record that was looked at for it. `None` if nothing was seen, or if the
/// records meet `when`. `events` must be sorted by [`Event::rank`].
pub fn shortfall(when: &When, events: &[Event], known: &Known<'_>) -> Option<(Shortfall, Place)> {
    let all = moments(events);
    let past = Past::new(&when.expr, &all, None);
    let whole = Segment { all: &all, from: 0, to: all.len(), past: &past };
    let edges: Vec<Watched<'_, '_>> = when.edges.iter().map(|edge| Watched::new(*edge, &all)).collect();
    let found = ends(&when.expr, whole).into_iter().enumerate().filter_map(|(at, end)| Some((at, end?.start)));
    let missing = found.filter_map(|(at, start)| {
        let span = all[at].time - all[start].time;
        let excess = when.within.filter(|_| known.is_timed).map_or(0, |within| span - within);
        let breaks = all[start..at].iter().find(|moment| moment.has(when.resets | when.ended_by));
        let refuted = edges.iter().find(|edge| edge.judge(start, at, known) == Absence::Refuted);
        let shortfall = match (breaks, refuted) {
            _ if excess > 0 => too_long(when, &all, excess),
            (Some(breaks), _) => Shortfall::Reset(breaks.place),
            (None, Some(refuted)) => Shortfall::Refuted(refuted.nearest(start, at)?),
            (None, None) => return None,
        };
        Some((shortfall, all[at].place))
    });
    missing.min().or_else(|| Some((few(when, whole)?, all.last()?.place)))
}

fn too_long(when: &When, all: &[Moment<'_>], by: Micros) -> Shortfall {
    match when.expr {
        Expr::Count { of, at_least } => Shortfall::Late { seen: most_within(when, all, of), wanted: at_least, by },
        _ => Shortfall::TooLong(by),
    }
}

/// The most records with the slot within the limit.
fn most_within(when: &When, all: &[Moment<'_>], of: Slot) -> u64 {
    let times: Vec<Micros> = all.iter().filter(|moment| moment.has(slot_set(of))).map(|moment| moment.time).collect();
    let within = when.within.unwrap_or(Micros::MAX);
    let mut first = 0;
    let mut most = 0;
    for (last, time) in times.iter().enumerate() {
        while time - times[first] > within {
            first += 1;
        }
        most = most.max(last - first + 1);
    }
    most as u64
}

/// How much was seen of what is wanted.
fn few(when: &When, whole: Segment<'_, '_>) -> Option<Shortfall> {
    let longest = when.within.unwrap_or(Micros::MAX);
    let fits = |at: usize, end: End| whole.all[at].time - whole.all[end.start].time <= longest;
    let is_met =
        |expr: &Expr| ends(expr, whole).into_iter().enumerate().any(|(at, end)| end.is_some_and(|end| fits(at, end)));
    let (seen, wanted) = match &when.expr {
        Expr::Count { of, at_least } => (most_within(when, whole.all, *of), *at_least),
        Expr::Distinct { of, value, at_least } => {
            let distinct = |at_least| Expr::Distinct { of: *of, value: *value, at_least };
            (greatest(*at_least, |n| is_met(&distinct(n))), *at_least)
        }
        Expr::Lasting { of, counter, span } => {
            let lasting = |span: u64| Expr::Lasting { of: *of, counter: *counter, span: span.cast_signed() };
            let lasted = greatest(span.unsigned_abs(), |span| is_met(&lasting(span))).cast_signed();
            return (lasted > 0).then_some(Shortfall::Short { lasted, wanted: *span });
        }
        Expr::Measured { measure, bound, window } => {
            return window::nearest(*measure, *bound, *window, whole).map(Shortfall::Number);
        }
        Expr::Then(steps) => {
            let met = (1..=steps.len()).take_while(|n| is_met(&Expr::Then(steps[..*n].to_vec()))).count();
            (met as u64, steps.len() as u64)
        }
        Expr::All(parts) => (parts.iter().filter(|part| is_met(part)).count() as u64, parts.len() as u64),
        Expr::Seen(_) | Expr::Any(_) | Expr::First { .. } | Expr::Within(..) => return None,
    };
    (seen > 0 && seen < wanted).then_some(Shortfall::Few { seen, wanted })
}

/// The greatest number below `wanted` for which `is_met`, which holds for all numbers below it too; 0 if there is none.
fn greatest(wanted: u64, is_met: impl Fn(u64) -> bool) -> u64 {
    let (mut met, mut unmet) = (0, wanted);
    while unmet - met > 1 {
        let middle = met + (unmet - met) / 2;
        *(if is_met(middle) { &mut met } else { &mut unmet }) = middle;
    }
    met
}
