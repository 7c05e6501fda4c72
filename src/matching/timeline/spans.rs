//! How far the records of sources are known.

use std::collections::HashMap;

use super::LATE;
use crate::matching::finding::SourceSummary;
use crate::timed::{Micros, Slot, SlotSet, slot_set};

/// The first and the last time of something.
type Span = (Micros, Micros);

/// The times for which sources are known.
pub(super) struct Spans {
    /// For each source, the time of all sources in its format; `None` if they have no times.
    sources: Vec<Option<Span>>,
    late: Micros,
}

/// The times for which the records of slots are known: of each slot that must not be seen, the time that is known of all
/// sources in which it was seen. `None` if one of them has no times.
pub(super) struct SlotSpans(Vec<Option<Span>>);

/// No limit.
const ALWAYS: Span = (Micros::MIN, Micros::MAX);

impl Spans {
    pub(super) fn new(sources: &[SourceSummary], is_live: bool) -> Self {
        let mut of_format: HashMap<&str, Span> = HashMap::new();
        for source in sources {
            let (first, last) = (source.first.or(source.last), source.last.or(source.first));
            let Some((first, last)) = first.zip(last) else { continue };
            let known = of_format.entry(&source.format).or_insert((Micros::MAX, Micros::MIN));
            *known = (known.0.min(first.as_microsecond()), known.1.max(last.as_microsecond()));
        }
        let sources = sources.iter().map(|source| of_format.get(source.format.as_str()).copied()).collect();
        Spans { sources, late: if is_live { LATE } else { 0 } }
    }

    /// Returns the times for which slots are known, given the sources in which each was seen.
    pub(super) fn of_slots(&self, sources: &[Vec<u32>]) -> SlotSpans {
        let of_slot = |sources: &Vec<u32>| {
            sources.iter().try_fold(ALWAYS, |known, source| Some(both(known, self.of_log(*source)?)))
        };
        SlotSpans(sources.iter().map(of_slot).collect())
    }

    /// Returns the time for which records like those of `source`, and like those with `slots`, are known. Sources of one
    /// format count as parts of one log, since logs are split, rotated and collected in pieces.
    pub(super) fn known(&self, source: u32, slots: SlotSet, of_slots: &SlotSpans) -> Option<Span> {
        let with_slots = of_slots
            .0
            .iter()
            .enumerate()
            .filter(|(slot, _)| Slot::try_from(*slot).is_ok_and(|slot| slots & slot_set(slot) != 0));
        let mut known = self.of_log(source)?;
        for (_, span) in with_slots {
            known = both(known, (*span)?);
        }
        Some((known.0, known.1.saturating_sub(self.late)))
    }

    /// The time of all sources in the format of this one.
    fn of_log(&self, source: u32) -> Option<Span> {
        self.sources.get(source as usize).copied().flatten()
    }
}

/// The time that is in both spans.
fn both(a: Span, b: Span) -> Span {
    (a.0.max(b.0), a.1.min(b.1))
}
