//! How near the records of a key come to a `when` that they do not meet.

use super::absence::Absence;
use super::absence::Watched;
use super::ends::{Segment, ends};
use super::episode::Known;
use super::moment::{Event, Moment, Place, moments};
use super::when::{Expr, Micros, Slot, When, slot_set};

/// What is missing, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    /// So many of so many records or parts were seen.
    Few {
        /// The number that was seen.
        seen: u64,
        /// The number that is wanted.
        wanted: u64,
    },
}

/// Returns what is missing, and the place of the last record that was looked at for it. `None` if nothing was seen, or if the
/// records meet `when`. `events` must be sorted by [`Event::rank`].
pub fn shortfall(when: &When, events: &[Event], known: &Known<'_>) -> Option<(Shortfall, Place)> {
    let all = moments(events);
    let whole = Segment { all: &all, from: 0, to: all.len(), known_from: None };
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

/// How many of the parts were seen.
fn few(when: &When, whole: Segment<'_, '_>) -> Option<Shortfall> {
    let is_met = |expr: &Expr| ends(expr, whole).iter().any(Option::is_some);
    let (seen, wanted) = match &when.expr {
        Expr::Count { of, at_least } => (most_within(when, whole.all, *of), *at_least),
        Expr::Then(steps) => {
            let met = (1..=steps.len()).take_while(|n| is_met(&Expr::Then(steps[..*n].to_vec()))).count();
            (met as u64, steps.len() as u64)
        }
        Expr::All(parts) => (parts.iter().filter(|part| is_met(part)).count() as u64, parts.len() as u64),
        _ => return None,
    };
    (seen > 0 && seen < wanted).then_some(Shortfall::Few { seen, wanted })
}
