//! Which comparison of a condition does not hold, and with what values.

use super::eval::{Scene, holds};
use crate::rule::program::{Condition, Operand, Right};
use crate::value::Value;

/// A comparison that does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmet {
    /// Without `and` and `or`, unless `not` stands before them.
    pub condition: Condition,
    /// What stands on its left side; `None` where nothing does.
    pub left: Option<Value<'static>>,
    /// What stands on its right side, where that is a field or a capture too.
    pub right: Option<Value<'static>>,
}

impl Unmet {
    /// The operand that the record does not have.
    pub fn missing(&self) -> Option<&Operand> {
        let (left, right) = operands(&self.condition);
        let absent = |operand, value: &Option<Value<'static>>| if value.is_none() { operand } else { None };
        absent(left, &self.left).or_else(|| absent(right, &self.right))
    }
}

/// What makes `condition` false: each part of an `and` that is, every part of an `or`. Empty where it holds.
pub(super) fn unmet(condition: &Condition, scene: &Scene<'_, '_>) -> Vec<Unmet> {
    if holds(condition, scene) {
        return Vec::new();
    }
    match condition {
        Condition::All(parts) | Condition::AnyOf(parts) => parts.iter().flat_map(|part| unmet(part, scene)).collect(),
        Condition::Not(_)
        | Condition::Exists(_)
        | Condition::Compare { .. }
        | Condition::Regex(..)
        | Condition::InCidr(..) => {
            let (left, right) = operands(condition);
            let value = |operand: Option<&Operand>| Some(scene.value(operand?)?.into_owned());
            vec![Unmet { condition: condition.clone(), left: value(left), right: value(right) }]
        }
    }
}

/// What the condition looks at, if it is a single comparison, maybe behind `not`.
fn operands(condition: &Condition) -> (Option<&Operand>, Option<&Operand>) {
    match condition {
        Condition::Not(inner) => operands(inner),
        Condition::Exists(left) | Condition::Regex(left, _) | Condition::InCidr(left, ..) => (Some(left), None),
        Condition::Compare { left, right: Right::Operand(right), .. } => (Some(left), Some(right)),
        Condition::Compare { left, .. } => (Some(left), None),
        Condition::All(_) | Condition::AnyOf(_) => (None, None),
    }
}
