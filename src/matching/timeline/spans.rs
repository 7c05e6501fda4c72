//! How far the records of sources are known.

use super::LATE;
use crate::matching::finding::SourceSummary;
use crate::timed::{Micros, Slot, SlotSet, slot_set};

/// The times for which sources are known.
pub(super) struct Spans<'s> {
    sources: &'s [SourceSummary],
    late: Micros,
}

impl<'s> Spans<'s> {
    pub(super) fn new(sources: &'s [SourceSummary], is_live: bool) -> Self {
        Spans { sources, late: if is_live { LATE } else { 0 } }
    }

    /// Returns the time for which records like those of `source`, and like those with `slots`, are known. Sources of one
    /// format count as parts of one log, since logs are split, rotated and collected in pieces.
    pub(super) fn known(&self, source: u32, slots: SlotSet, of_slots: &[Vec<u32>]) -> Option<(Micros, Micros)> {
        let with_slots = of_slots
            .iter()
            .enumerate()
            .filter(|(slot, _)| Slot::try_from(*slot).is_ok_and(|slot| slots & slot_set(slot) != 0));
        let others = with_slots.flat_map(|(_, sources)| sources.iter().copied());
        let spans = std::iter::once(source).chain(others).map(|source| self.of_log(source));
        let mut known = (Micros::MIN, Micros::MAX);
        for span in spans {
            let (first, last) = span?;
            known = (known.0.max(first), known.1.min(last));
        }
        Some((known.0, known.1.saturating_sub(self.late)))
    }

    /// The time of all sources in the format of this one.
    fn of_log(&self, source: u32) -> Option<(Micros, Micros)> {
        let format = &self.sources.get(source as usize)?.format;
        let alike = || self.sources.iter().filter(|other| other.format == *format);
        let first = alike().filter_map(|source| source.first).min()?;
        let last = alike().filter_map(|source| source.last).max()?;
        Some((first.as_microsecond(), last.as_microsecond()))
    }
}
