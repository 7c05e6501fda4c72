//! The records of one key in their order.

use super::when::{Micros, Slot, SlotSet, slot_set};

/// An event of which nothing but its place is kept.
pub const NO_RECORD: u32 = u32::MAX;

/// A record with a slot. A record with several slots is several events.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its time; 0 if no record has a time.
    pub time: Micros,
    /// Its place, which decides the order of equal times.
    pub place: Place,
    /// The slot.
    pub slot: Slot,
    /// Whether it is not certain yet that there is such a record. A match with it is open.
    pub is_open: bool,
    /// The index of its text with the caller; [`NO_RECORD`] if that is not kept.
    pub record: u32,
    /// Its values, for the slots of which a number or different values are wanted: a number as the bits of an `f64`, or a
    /// hash.
    pub values: Box<[Option<u64>]>,
    /// A hash of what else the record says. Equal hashes say that it is the same.
    pub other: u64,
}

/// Where a record is: a source, and a line of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The source.
    pub source: u32,
    /// The line.
    pub line: u64,
}

impl Event {
    /// What decides the order: the time, then the source, then the line.
    pub fn rank(&self) -> (Micros, Place) {
        (self.time, self.place)
    }
}

/// One record, with everything that it is.
#[derive(Debug, Clone)]
pub(super) struct Moment<'e> {
    pub(super) time: Micros,
    pub(super) place: Place,
    pub(super) slots: SlotSet,
    /// Its events, one for each slot.
    pub(super) events: &'e [Event],
}

/// Joins the events of the same record. They must be sorted by [`Event::rank`].
pub(super) fn moments(events: &[Event]) -> Vec<Moment<'_>> {
    debug_assert!(events.is_sorted_by_key(Event::rank), "the events of a key are in order");
    let same_record = |a: &Event, b: &Event| a.rank() == b.rank();
    let moment = |events: &'_ [Event]| {
        let slots = events.iter().fold(0, |slots, event| slots | slot_set(event.slot));
        (events[0].time, events[0].place, slots)
    };
    let chunks = events.chunk_by(same_record);
    chunks
        .map(|events| {
            let (time, place, slots) = moment(events);
            Moment { time, place, slots, events }
        })
        .collect()
}

#[cfg(test)]
thread_local! {
    /// How often this thread asked what a record is. Tests measure the cost by it, since unlike time it is exact.
    pub(crate) static LOOKS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

impl Moment<'_> {
    pub(super) fn has(&self, slots: SlotSet) -> bool {
        #[cfg(test)]
        LOOKS.set(LOOKS.get() + 1);
        self.slots & slots != 0
    }

    pub(super) fn event(&self, slot: Slot) -> Option<&Event> {
        self.events.iter().find(|event| event.slot == slot)
    }

    /// The value with this index of the event with this slot.
    pub(super) fn value(&self, slot: Slot, value: usize) -> Option<u64> {
        self.event(slot)?.values.get(value).copied().flatten()
    }

    pub(super) fn number(&self, slot: Slot, value: usize) -> Option<f64> {
        self.value(slot, value).map(f64::from_bits)
    }

    pub(super) fn is_open(&self, slots: SlotSet) -> bool {
        self.events.iter().filter(|event| slot_set(event.slot) & slots != 0).all(|event| event.is_open)
    }

    /// Whether the order of the two records is not certain: their stamps are equal, as far as the coarser of them tells, and
    /// they are in different sources.
    pub(super) fn may_precede(&self, other: &Moment<'_>) -> bool {
        const SECOND: Micros = 1_000_000;
        let is_coarse = |time: Micros| time.rem_euclid(SECOND) == 0;
        let same_second = self.time.div_euclid(SECOND) == other.time.div_euclid(SECOND);
        self.place.source != other.place.source
            && (self.time == other.time || (same_second && (is_coarse(self.time) || is_coarse(other.time))))
    }
}
