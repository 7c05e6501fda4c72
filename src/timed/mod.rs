//! Conditions on time (`when`): which records of one key, taken together, show a symptom, and when.
//!
//! [`evaluate`] is a pure function from the records of one key to the [`Episode`]s in them. It knows neither logs nor
//! rules nor reports: a record is a time, a place and the slots that it fills, where a slot is one of the things that a
//! [`When`] speaks about. So a diagnosis of whole files, a watch, and tests use the same engine.
//!
//! The cost is linear in the number of records, up to a logarithm for `p95`, whatever the records are. The part that decides
//! (`ends`) keeps for each record only the latest start of a match that ends there. A later start never makes a match
//! longer, so if any start fits into a window, the latest one does.

mod absence;
mod ends;
mod episode;
mod moment;
#[cfg(test)]
mod naive;
mod shortfall;
#[cfg(test)]
mod tests;
mod when;
mod window;

#[cfg(test)]
pub(crate) use moment::LOOKS;

pub use episode::{Carried, Episode, Kept, Known, evaluate};
pub use moment::{Event, NO_RECORD, Place};
pub use shortfall::{Shortfall, shortfall};
pub use when::{
    Bound, Edge, Expr, Measure, Micros, Ordering, Rearm, Side, Slot, SlotSet, Step, When, slot_set, usual_gap,
};
