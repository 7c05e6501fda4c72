//! A compiled `when`. It can express everything about the order, number and distance of the records of one key. It cannot
//! express what a record looks like: a [`Slot`] stands for that.

use serde::{Deserialize, Serialize};

/// A time or a span of time in microseconds.
pub type Micros = i64;

/// Something that a record can be for a `when`, such as a match of one of its bindings; less than 64.
pub type Slot = u8;

/// A set of slots, as bits.
pub type SlotSet = u64;

/// The set of one slot.
pub fn slot_set(slot: Slot) -> SlotSet {
    debug_assert!(slot < 64, "a `when` has at most 64 slots");
    1 << slot
}

/// What must be seen, and what it means to see it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct When {
    /// The records that must be seen.
    pub expr: Expr,
    /// The longest time from the first to the last of them; `None` if there is no limit.
    pub within: Option<Micros>,
    /// Records that must not be seen near them.
    pub edges: Vec<Edge>,
    /// The slots of records that are evidence. The number of these is the count of an episode.
    pub evidence: SlotSet,
    /// The slots after which everything begins anew.
    pub resets: SlotSet,
    /// The slots that end an episode.
    pub ended_by: SlotSet,
    /// When a new episode can begin after another.
    pub rearm: Rearm,
}

/// A condition on records that is met at some of them, each of which ends a match.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Expr {
    /// A record with this slot.
    Seen(Slot),
    /// One of these.
    Any(Vec<Expr>),
    /// All of these, in any order.
    All(Vec<Expr>),
    /// These one after another.
    Then(Vec<Step>),
    /// So many records with the slot.
    Count {
        /// The slot.
        of: Slot,
        /// The least number.
        at_least: u64,
    },
    /// Records with so many different values.
    Distinct {
        /// The slot.
        of: Slot,
        /// The index of the value among those of an event.
        value: usize,
        /// The least number of different values.
        at_least: u64,
    },
    /// A number that the records of a window have together.
    Measured {
        /// The number.
        measure: Measure,
        /// What the number must be.
        bound: Bound,
        /// The length of the window, which ends with the record.
        window: Micros,
    },
    /// No other record with the slot in this time before.
    First {
        /// The slot.
        of: Slot,
        /// The time.
        window: Micros,
    },
    /// Records with the slot over this time, with none of `counter` among them and no long gap.
    Lasting {
        /// The slot.
        of: Slot,
        /// The slots of samples that say the opposite.
        counter: SlotSet,
        /// The time.
        span: Micros,
    },
    /// The same, in a shorter time than the whole.
    Within(Box<Expr>, Micros),
}

/// A part of a sequence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The slots of which no record may be between the part before and this one.
    pub without: SlotSet,
    /// The part.
    pub expr: Expr,
}

/// A number that the records of a window have together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Measure {
    /// The sum of a value (an index among the values of an event).
    Sum(Slot, usize),
    /// The least value.
    Min(Slot, usize),
    /// The greatest value.
    Max(Slot, usize),
    /// The mean of the values.
    Mean(Slot, usize),
    /// The 95th percentile of the values: the least of them that is not less than 95 % of them.
    P95(Slot, usize),
    /// The number of records with the first slot, divided by the number of those with the second.
    Ratio(Slot, Slot),
    /// The number of records with the slot, divided by its usual number: the mean of the same number in earlier windows of
    /// the same length, counted back from the present one, but at least 1.
    Unusual(Slot),
}

/// A comparison with a limit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// The comparison.
    pub ordering: Ordering,
    /// The limit.
    pub limit: f64,
}

/// How a number is compared with a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ordering {
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

impl Bound {
    /// Whether `value` is on the right side of the limit.
    pub fn is_met(self, value: f64) -> bool {
        match self.ordering {
            Ordering::Greater => value > self.limit,
            Ordering::GreaterOrEqual => value >= self.limit,
            Ordering::Less => value < self.limit,
            Ordering::LessOrEqual => value <= self.limit,
        }
    }
}

/// Records that must not be seen near a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// The slots of these records.
    pub slots: SlotSet,
    /// Where they must not be.
    pub side: Side,
    /// How near.
    pub span: Micros,
}

/// Where records must not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// Before the first record of the match.
    Before,
    /// After its last record.
    After,
    /// Before, after, or between them.
    Around,
}

/// When a new episode can begin after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rearm {
    /// After this time without evidence; `None` if all evidence is one episode.
    After(Option<Micros>),
    /// At once: each match is an episode.
    EveryMatch,
    /// After a record with one of these slots.
    On(SlotSet),
}

impl Expr {
    /// The slots of records with which a match can begin.
    pub(super) fn initial(&self) -> SlotSet {
        match self {
            Expr::Seen(slot) => slot_set(*slot),
            Expr::Any(parts) | Expr::All(parts) => parts.iter().fold(0, |all, part| all | part.initial()),
            Expr::Then(steps) => steps.first().map_or(0, |step| step.expr.initial()),
            Expr::Count { of, .. } | Expr::Distinct { of, .. } | Expr::First { of, .. } | Expr::Lasting { of, .. } => {
                slot_set(*of)
            }
            Expr::Measured { measure, .. } => slot_set(measure.slot()),
            Expr::Within(inner, _) => inner.initial(),
        }
    }

    /// The slots of records that must not be between some parts.
    pub(super) fn forbidden(&self) -> SlotSet {
        match self {
            Expr::Any(parts) | Expr::All(parts) => parts.iter().fold(0, |all, part| all | part.forbidden()),
            Expr::Then(steps) => steps.iter().fold(0, |all, step| all | step.without | step.expr.forbidden()),
            Expr::Within(inner, _) => inner.forbidden(),
            Expr::Seen(_)
            | Expr::Count { .. }
            | Expr::Distinct { .. }
            | Expr::Measured { .. }
            | Expr::First { .. }
            | Expr::Lasting { .. } => 0,
        }
    }

    /// Adds the sets of slots of which the records before a segment matter too.
    pub(super) fn asked_of_past(&self, slots: &mut Vec<SlotSet>) {
        match self {
            Expr::Any(parts) | Expr::All(parts) => parts.iter().for_each(|part| part.asked_of_past(slots)),
            Expr::Then(steps) => steps.iter().for_each(|step| step.expr.asked_of_past(slots)),
            Expr::Within(inner, _) => inner.asked_of_past(slots),
            Expr::First { of, .. } | Expr::Measured { measure: Measure::Unusual(of), .. } => slots.push(slot_set(*of)),
            Expr::Lasting { of, counter, .. } => slots.push(slot_set(*of) | counter),
            Expr::Seen(_) | Expr::Count { .. } | Expr::Distinct { .. } | Expr::Measured { .. } => {}
        }
    }

    /// Whether the order of records matters.
    pub(super) fn has_order(&self) -> bool {
        match self {
            Expr::Then(_) => true,
            Expr::Any(parts) | Expr::All(parts) => parts.iter().any(Expr::has_order),
            Expr::Within(inner, _) => inner.has_order(),
            _ => false,
        }
    }

    fn natural_gap(&self) -> Option<Micros> {
        match self {
            Expr::Seen(_) | Expr::Count { .. } | Expr::Distinct { .. } => None,
            Expr::Any(parts) | Expr::All(parts) => parts.iter().filter_map(Expr::natural_gap).max(),
            Expr::Then(steps) => steps.iter().filter_map(|step| step.expr.natural_gap()).max(),
            Expr::Measured { window, .. } | Expr::First { window, .. } => Some(*window),
            Expr::Lasting { span, .. } => Some(*span),
            Expr::Within(_, within) => Some(*within),
        }
    }

    /// How far before its last record a match looks back at most, beyond the limit of the whole.
    fn look_back(&self) -> Micros {
        match self {
            Expr::Any(parts) | Expr::All(parts) => parts.iter().map(Expr::look_back).max().unwrap_or(0),
            Expr::Then(steps) => steps.iter().map(|step| step.expr.look_back()).max().unwrap_or(0),
            Expr::Measured { measure: Measure::Unusual(_), window, .. } => {
                window.saturating_mul(i64::from(super::window::MOST_WINDOWS) + 1)
            }
            Expr::Measured { window, .. } | Expr::First { window, .. } => *window,
            Expr::Lasting { span, .. } => *span,
            Expr::Within(inner, window) => (*window).max(inner.look_back()),
            Expr::Seen(_) | Expr::Count { .. } | Expr::Distinct { .. } => 0,
        }
    }
}

impl Measure {
    /// The slot whose records end a window.
    pub fn slot(self) -> Slot {
        match self {
            Measure::Sum(slot, _)
            | Measure::Min(slot, _)
            | Measure::Max(slot, _)
            | Measure::Mean(slot, _)
            | Measure::P95(slot, _)
            | Measure::Ratio(slot, _)
            | Measure::Unusual(slot) => slot,
        }
    }
}

/// How long an episode can be without evidence if no rule says so: the limit of the whole, or else the longest time that a part
/// looks at. `None` if there is none.
pub fn usual_gap(expr: &Expr, within: Option<Micros>, edges: &[Edge]) -> Option<Micros> {
    let after = edges.iter().filter(|edge| edge.side == Side::After).map(|edge| edge.span).max();
    within.or(after.max(expr.natural_gap()))
}

impl When {
    /// The longest time between two records that matter for each other. Records that are older than the present time by
    /// more than this decide nothing any more. `None` if there is no limit.
    pub fn horizon(&self) -> Option<Micros> {
        let edges = self.edges.iter().map(|edge| edge.span).max().unwrap_or(0);
        let rearm = match self.rearm {
            Rearm::After(Some(span)) => span,
            Rearm::After(None) | Rearm::EveryMatch | Rearm::On(_) => 0,
        };
        let single = matches!(self.expr, Expr::Seen(_) | Expr::First { .. } | Expr::Lasting { .. });
        let whole = match (self.within, single || !self.needs_within()) {
            (Some(within), _) => within,
            (None, true) => 0,
            (None, false) => return None,
        };
        Some(whole.saturating_add(self.expr.look_back()).saturating_add(edges).saturating_add(rearm))
    }

    /// Whether a match can consist of several records that may be any time apart, so that it needs a limit.
    pub fn needs_within(&self) -> bool {
        needs_within(&self.expr)
    }
}

fn needs_within(expr: &Expr) -> bool {
    match expr {
        Expr::Seen(_) | Expr::First { .. } | Expr::Lasting { .. } | Expr::Measured { .. } | Expr::Within(..) => false,
        Expr::Any(parts) => parts.iter().any(needs_within),
        Expr::Count { at_least, .. } | Expr::Distinct { at_least, .. } => *at_least > 1,
        Expr::All(parts) => parts.len() > 1 || parts.iter().any(needs_within),
        Expr::Then(steps) => steps.len() > 1 || steps.iter().any(|step| needs_within(&step.expr)),
    }
}
