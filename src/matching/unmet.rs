//! The comparisons of a condition that are false, with their values.

use super::eval::{Scope, holds};
use crate::rule::program::{Condition, Operand, Right};
use crate::value::Value;

/// A comparison that is false.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmet {
    /// The false comparison; if a `not` is false, the whole `not`.
    pub condition: Condition,
    /// The value of its left side, if there is one.
    pub left: Option<Value<'static>>,
    /// The value of its right side, if that is a field or a capture.
    pub right: Option<Value<'static>>,
}

impl Unmet {
    /// Returns the operand of the comparison that has no value, if there is one.
    pub fn missing(&self) -> Option<&Operand> {
        let (left, right) = operands(&self.condition);
        let absent = |operand, value: &Option<Value<'static>>| if value.is_none() { operand } else { None };
        absent(left, &self.left).or_else(|| absent(right, &self.right))
    }
}

/// Returns the comparisons that make `condition` false: of an `and`, the false parts; of an `or`, all parts. Empty if
/// it is true.
pub(super) fn unmet(condition: &Condition, scope: &Scope<'_, '_>) -> Vec<Unmet> {
    if holds(condition, scope) {
        return Vec::new();
    }
    match condition {
        Condition::All(parts) | Condition::AnyOf(parts) => parts.iter().flat_map(|part| unmet(part, scope)).collect(),
        Condition::Not(_)
        | Condition::Exists(_)
        | Condition::Compare { .. }
        | Condition::Severity(..)
        | Condition::Regex(..)
        | Condition::InCidr(..)
        | Condition::Each(..)
        | Condition::TimeOfDay(..)
        | Condition::Weekdays(_) => {
            let (left, right) = operands(condition);
            let value = |operand: Option<&Operand>| Some(scope.value(operand?)?.into_owned());
            vec![Unmet { condition: condition.clone(), left: value(left), right: value(right) }]
        }
    }
}

/// Returns the left and right operands of a single comparison, or of one after `not`. `None` for a side that is not an
/// operand.
fn operands(condition: &Condition) -> (Option<&Operand>, Option<&Operand>) {
    match condition {
        Condition::Not(inner) => operands(inner),
        Condition::Exists(left)
        | Condition::Severity(left, _)
        | Condition::Regex(left, _)
        | Condition::InCidr(left, ..) => (Some(left), None),
        Condition::Compare { left, right: Right::Operand(right), .. } => (Some(left), Some(right)),
        Condition::Compare { left, .. } => (Some(left), None),
        Condition::All(_) | Condition::AnyOf(_) => (None, None),
        Condition::Each(..) | Condition::TimeOfDay(..) | Condition::Weekdays(_) => (None, None),
    }
}
