//! Changes of conditions.

use super::{MutantKind, excerpt};
use crate::rule::ast::{Condition, ListRef, LiteralKind, LiteralValue, Operand, Right};
use crate::rule::program::Comparison;
use crate::source::Span;

/// A changed part of a rule.
pub(super) struct Change<T> {
    pub(super) new: T,
    pub(super) span: Span,
    pub(super) kind: MutantKind,
    pub(super) text: String,
}

/// Returns the changes of a condition. `None` leaves it out.
pub(super) fn condition_changes(condition: &Condition, text: &str) -> Vec<Change<Option<Condition>>> {
    match condition {
        Condition::All(parts) => joined(parts, text, Condition::All, condition_changes),
        Condition::AnyOf(parts) => joined(parts, text, Condition::AnyOf, branch_changes),
        Condition::Not(inner) => {
            let negated = condition_changes(inner, text).into_iter().filter_map(|change| {
                let new = change.new?;
                // What is not there twice is the condition without `not`, which the other changes make.
                let new = if matches!(new, Condition::Not(_)) { return None } else { Condition::Not(Box::new(new)) };
                Some(Change { new: Some(new), ..change })
            });
            let mut changes: Vec<_> = negated.collect();
            changes.extend(left_out(condition, text));
            changes.push(opposite(condition, text));
            changes
        }
        Condition::Each(path, inner) => {
            let each = condition_changes(inner, text).into_iter().map(|change| {
                let new = change.new.map(|new| Condition::Each(path.clone(), Box::new(new)));
                Change { new, ..change }
            });
            each.collect()
        }
        leaf => {
            let mut changes: Vec<_> = left_out(leaf, text).into_iter().collect();
            changes.push(opposite(leaf, text));
            changes.extend(numbers(leaf).into_iter().chain(values(leaf, text)));
            changes
        }
    }
}

/// Changes of parts that are joined by `and` or `or`, of which `of_part` gives the changes of each.
fn joined(
    parts: &[Condition],
    text: &str,
    join: fn(Vec<Condition>) -> Condition,
    of_part: fn(&Condition, &str) -> Vec<Change<Option<Condition>>>,
) -> Vec<Change<Option<Condition>>> {
    let mut changes = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        for change in of_part(part, text) {
            let mut rest = parts.to_vec();
            match change.new {
                Some(new) => rest[at] = new,
                None => {
                    rest.remove(at);
                }
            }
            let new = if rest.len() == 1 { rest.pop() } else { Some(join(rest)) };
            changes.push(Change { new, ..change });
        }
    }
    changes
}

/// Changes of one branch of an `or`: without it, the branch is never met.
fn branch_changes(branch: &Condition, text: &str) -> Vec<Change<Option<Condition>>> {
    let mut changes = condition_changes(branch, text);
    // The opposite of one branch says little more than that it is never met.
    let opposite = opposite(branch, text).text;
    changes.retain(|change| change.text != opposite);
    for change in changes.iter_mut().filter(|change| change.new.is_none()) {
        change.kind = MutantKind::Branch;
        change.text = format!("`{}` is never true", excerpt(text, change.span));
    }
    changes
}

fn left_out(condition: &Condition, text: &str) -> Option<Change<Option<Condition>>> {
    let span = span_of(condition)?;
    let text = format!("`{}` is left out", excerpt(text, span));
    Some(Change { new: None, span, kind: MutantKind::Condition, text })
}

fn opposite(condition: &Condition, text: &str) -> Change<Option<Condition>> {
    let span = span_of(condition).unwrap_or_default();
    let new = match condition {
        Condition::Not(inner) => (**inner).clone(),
        other => Condition::Not(Box::new(other.clone())),
    };
    let text = format!("`{}` says the opposite", excerpt(text, span));
    Change { new: Some(new), span, kind: MutantKind::Condition, text }
}

/// Moves a limit by one.
fn numbers(condition: &Condition) -> Vec<Change<Option<Condition>>> {
    let Condition::Compare { left, op, right: Right::Literal(literal) } = condition else { return Vec::new() };
    let is_limit = matches!(
        op.node,
        Comparison::Less | Comparison::LessOrEqual | Comparison::Greater | Comparison::GreaterOrEqual
    );
    let number = literal.text.parse::<i64>().ok().filter(|_| is_limit && literal.kind == LiteralKind::Number);
    let Some(number) = number else { return Vec::new() };
    let moved = [number.checked_sub(1), number.checked_add(1)].into_iter().flatten().map(|moved| {
        let right = Right::Literal(LiteralValue { text: moved.to_string(), ..literal.clone() });
        let new = Condition::Compare { left: left.clone(), op: op.clone(), right };
        let text = format!("the limit is {moved}, not {number}");
        Change { new: Some(new), span: literal.span, kind: MutantKind::Number, text }
    });
    moved.collect()
}

/// Leaves out one value of a list.
fn values(condition: &Condition, text: &str) -> Vec<Change<Option<Condition>>> {
    let with = |list: ListRef| match condition {
        Condition::In(left, _) => Some(Condition::In(left.clone(), list)),
        Condition::Compare { left, op, right: Right::AnyOf(_) } => {
            Some(Condition::Compare { left: left.clone(), op: op.clone(), right: Right::AnyOf(list) })
        }
        _ => None,
    };
    let list = match condition {
        Condition::In(_, ListRef::Here(list)) | Condition::Compare { right: Right::AnyOf(ListRef::Here(list)), .. } => {
            list
        }
        _ => return Vec::new(),
    };
    if list.node.len() < 2 {
        return Vec::new();
    }
    let changed = list.node.iter().enumerate().filter_map(|(at, value)| {
        let mut rest = list.clone();
        rest.node.remove(at);
        let text = format!("`{}` is not in the list", excerpt(text, value.span));
        Some(Change { new: Some(with(ListRef::Here(rest))?), span: value.span, kind: MutantKind::Branch, text })
    });
    changed.collect()
}

/// Returns the place of a condition, as far as its parts have places.
fn span_of(condition: &Condition) -> Option<Span> {
    let to = |left: &Operand, end: usize| Some(Span::new(left.span().start, end.max(left.span().end)));
    let list_end = |list: &ListRef| match list {
        ListRef::Here(list) => list.span.end,
        ListRef::Named(name) => name.span.end,
    };
    match condition {
        Condition::All(parts) | Condition::AnyOf(parts) => {
            Some(Span::new(span_of(parts.first()?)?.start, span_of(parts.last()?)?.end))
        }
        Condition::Not(inner) => span_of(inner),
        Condition::Exists(operand) => Some(operand.span()),
        Condition::Compare { left, right, .. } => to(
            left,
            match right {
                Right::Operand(operand) => operand.span().end,
                // The place of a text is that between its quotes.
                Right::Literal(literal) => {
                    literal.span.end
                        + usize::from(matches!(literal.kind, LiteralKind::Text | LiteralKind::TextIgnoringCase))
                }
                Right::AnyOf(list) | Right::AllOf(list) => list_end(list),
            },
        ),
        Condition::Regex { left, source, flags } => to(left, flags.span.end.max(source.span.end + 1)),
        Condition::InCidr(left, list) | Condition::In(left, list) => to(left, list_end(list)),
        Condition::Each(path, inner) => Some(Span::new(path.span.start, span_of(inner)?.end)),
        Condition::Named(name) => Some(name.span),
        Condition::Several { name, .. } => Some(name.span),
        Condition::TimeOfDay(field, [_, last]) => to(field, last.span.end),
        Condition::Weekdays(field, days) => to(field, days.last().map_or(0, |[_, last]| last.span.end)),
    }
}
