//! Finds conditions that can never be true, or are always true.
//!
//! Compares comparisons of the same field, capture or count with literals. A field can be missing and can be a list, so a
//! condition on fields that is "always true" is true whenever the field is there.

use std::cmp::Ordering::{self, Equal, Greater, Less};

use crate::diagnostic::Diagnostic;
use crate::level::Level;
use crate::rule::ast;
use crate::rule::error;
use crate::rule::program::{Comparison, Condition, Operand, PathStep, Right};
use crate::source::Span;
use crate::value::Value;

/// A comparison with one literal.
#[derive(Clone, Copy)]
struct Bound<'c> {
    operand: &'c Operand,
    op: Comparison,
    value: &'c Value<'static>,
}

/// The most parts of a condition that are compared with one another.
const MOST_PARTS: usize = 64;

/// Warns of parts of an `and` of which two are never true together, and of parts of an `or` of which one is always true.
pub(super) fn of_chain(written: &[ast::Condition], parts: &[Condition], is_and: bool) -> Vec<Diagnostic> {
    let parts: Vec<(&ast::Condition, &Condition)> = written.iter().zip(parts).take(MOST_PARTS).collect();
    let mut found = Vec::new();
    for (index, (written, part)) in parts.iter().enumerate() {
        let wrong = parts[..index].iter().find_map(|(other_written, other)| {
            let why = if is_and { never(other, part) } else { always(other, part) }?;
            let (span, other_span) = (span(written)?, span(other_written)?);
            Some(match is_and {
                true => error::never_true(span, Some(other_span), &why),
                false => error::always_true(span, Some(other_span), &why, "write `and` if both must hold"),
            })
        });
        found.extend(wrong);
    }
    found
}

/// Checks a single comparison.
pub(super) fn of_comparison(written: &ast::Condition, part: &Condition) -> Option<Diagnostic> {
    let span = span(written)?;
    if let Condition::Compare { right: Right::AnyOf(values) | Right::AllOf(values), .. } = part
        && values.is_empty()
    {
        return matches!(written, ast::Condition::In(_, ast::ListRef::Here(_)))
            .then(|| error::never_true(span, None, "nothing is in an empty list"));
    }
    let Bound { operand, op, value } = bound(part)?;
    if op == Comparison::Like
        && matches!(value, Value::Text(text) if !text.is_empty() && text.iter().all(|byte| *byte == b'*'))
    {
        let why = "`*` is any text, so this matches every value";
        return Some(error::always_true(span, None, why, "write what must be in the text, or `exists`"));
    }
    let searches = matches!(op, Comparison::Has | Comparison::Starts | Comparison::Ends);
    if searches && matches!(value, Value::Text(text) if text.is_empty()) {
        let why = "every text contains the empty text";
        return Some(error::always_true(span, None, why, "write the text that is looked for, or `exists`"));
    }
    if *operand != Operand::Count {
        return None;
    }
    let literal = literal_span(written)?;
    let number = value.as_number()?;
    if number.fract() != 0.0 {
        let help = format!("`count` is a number of records; write `{}`", number.ceil());
        return Some(error::bad_value(literal, &value.to_string(), "is not a whole number").help(help));
    }
    // A finding has at least one record.
    let (never, always) = match op {
        Comparison::Less => (number <= 1.0, false),
        Comparison::LessOrEqual | Comparison::Equal => (number < 1.0, false),
        Comparison::Greater | Comparison::NotEqual => (false, number < 1.0),
        Comparison::GreaterOrEqual => (false, number <= 1.0),
        Comparison::Has | Comparison::Starts | Comparison::Ends | Comparison::Like => (false, false),
    };
    let why = "a finding has at least one record";
    match (never, always) {
        (true, _) => Some(error::never_true(span, None, &format!("never true: {why}"))),
        (_, true) => Some(error::always_true(span, None, &format!("always true: {why}"), "leave it out")),
        _ => None,
    }
}

/// Returns why two conditions are never true together.
fn never(a: &Condition, b: &Condition) -> Option<String> {
    if negates(a, b) {
        return Some("this is the opposite of another part of the `and`".to_owned());
    }
    if let Some(((operand, values), one)) = one_of(a).zip(bound(b)).or_else(|| one_of(b).zip(bound(a))) {
        let differs = |value: &Value<'static>| {
            order(value, one.value).is_some_and(|order| excludes(Comparison::Equal, order, one.op))
        };
        let is_out = one.operand == operand && values.iter().all(differs);
        return is_out.then(|| format!("`{}` cannot be in the list and have this value", shown(operand)));
    }
    if let Some(why) = disjoint(a, b).or_else(|| missing_and_compared(a, b)).or_else(|| missing_and_compared(b, a)) {
        return Some(why);
    }
    if let (Condition::Severity(_, a), Condition::Severity(_, b)) = (a, b) {
        let both = Level::ALL.iter().any(|level| a.is_met(*level) && b.is_met(*level));
        return (!both).then(|| "no level meets both comparisons".to_owned());
    }
    let (a, b) = (bound(a)?, bound(b)?);
    if let Some(why) = texts_apart(a, b) {
        return Some(why);
    }
    let order = (a.operand == b.operand).then(|| order(a.value, b.value)).flatten()?;
    excludes(a.op, order, b.op).then(|| format!("`{}` cannot meet both comparisons", shown(a.operand)))
}

/// Returns why a value cannot be in two networks, or a record at two times.
fn disjoint(a: &Condition, b: &Condition) -> Option<String> {
    match (a, b) {
        (Condition::InCidr(of, address, prefix), Condition::InCidr(other, second, other_prefix)) => {
            let is_apart = of == other && is_single(of) && !same_network((*address, *prefix), (*second, *other_prefix));
            is_apart.then(|| format!("`{}` cannot be in both networks", shown(of)))
        }
        (Condition::TimeOfDay(from, to), Condition::TimeOfDay(second, end)) => {
            let within =
                |from: u16, to: u16, at: u16| if from <= to { from <= at && at < to } else { at >= from || at < to };
            let both = (0..24 * 60).any(|at| within(*from, *to, at) && within(*second, *end, at));
            (!both).then(|| "no time of day is in both ranges".to_owned())
        }
        (Condition::Weekdays(days), Condition::Weekdays(other)) => {
            (days & other == 0).then(|| "no day is in both ranges".to_owned())
        }
        _ => None,
    }
}

/// Whether one of two networks contains the other.
fn same_network(a: (std::net::IpAddr, u8), b: (std::net::IpAddr, u8)) -> bool {
    use std::net::IpAddr::{V4, V6};
    let prefix = u32::from(a.1.min(b.1));
    match (a.0, b.0) {
        (V4(a), V4(b)) => (u32::from(a) ^ u32::from(b)).checked_shr(32 - prefix.min(32)).unwrap_or(0) == 0,
        (V6(a), V6(b)) => (u128::from(a) ^ u128::from(b)).checked_shr(128 - prefix.min(128)).unwrap_or(0) == 0,
        // An address can be written in both ways.
        (V4(_), V6(_)) | (V6(_), V4(_)) => true,
    }
}

/// `.user == null and .user == "root"`.
fn missing_and_compared(missing: &Condition, compared: &Condition) -> Option<String> {
    let Condition::Not(inner) = missing else { return None };
    let Condition::Exists(field) = &**inner else { return None };
    let other = match compared {
        Condition::Compare { left, .. } | Condition::Severity(left, _) | Condition::Regex(left, _) => left,
        Condition::InCidr(left, ..) => left,
        _ => return None,
    };
    (field == other && is_single(field)).then(|| format!("`{}` cannot be missing and have a value", shown(field)))
}

/// `starts "foo" and starts "bar"`, `== "foo" and ends "bar"`.
fn texts_apart(a: Bound<'_>, b: Bound<'_>) -> Option<String> {
    let (Value::Text(first), Value::Text(second)) = (a.value, b.value) else { return None };
    let (first, second): (&[u8], &[u8]) = (first, second);
    let is_apart = match (a.op, b.op) {
        (Comparison::Starts, Comparison::Starts) => !first.starts_with(second) && !second.starts_with(first),
        (Comparison::Ends, Comparison::Ends) => !first.ends_with(second) && !second.ends_with(first),
        (Comparison::Equal, Comparison::Starts) => !first.starts_with(second),
        (Comparison::Starts, Comparison::Equal) => !second.starts_with(first),
        (Comparison::Equal, Comparison::Ends) => !first.ends_with(second),
        (Comparison::Ends, Comparison::Equal) => !second.ends_with(first),
        (Comparison::Equal, Comparison::Has) => {
            !first.windows(second.len().max(1)).any(|part| part == second) && !second.is_empty()
        }
        (Comparison::Has, Comparison::Equal) => {
            !second.windows(first.len().max(1)).any(|part| part == first) && !first.is_empty()
        }
        _ => false,
    };
    (a.operand == b.operand && is_apart).then(|| format!("`{}` cannot meet both comparisons", shown(a.operand)))
}

/// Returns why one of two conditions is always true.
fn always(a: &Condition, b: &Condition) -> Option<String> {
    if negates(a, b) {
        return Some("this is the opposite of another part of the `or`, so one of them is always true".to_owned());
    }
    if let (Condition::Severity(_, a), Condition::Severity(_, b)) = (a, b) {
        let all = Level::ALL.iter().all(|level| a.is_met(*level) || b.is_met(*level));
        return all.then(|| "one of the comparisons of `.severity` is always true".to_owned());
    }
    let (a, b) = (bound(a)?, bound(b)?);
    let order = (a.operand == b.operand).then(|| order(a.value, b.value)).flatten()?;
    covers_all(a.op, order, b.op).then(|| format!("one of the comparisons of `{}` is always true", shown(a.operand)))
}

/// Whether one condition is `not` the other.
fn negates(a: &Condition, b: &Condition) -> bool {
    let is_not = |a: &Condition, b: &Condition| matches!(a, Condition::Not(inner) if **inner == *b);
    (is_not(a, b) || is_not(b, a)) && operand(a).is_some_and(is_single)
}

fn operand(condition: &Condition) -> Option<&Operand> {
    match condition {
        Condition::Not(inner) => operand(inner),
        Condition::Exists(left) | Condition::Compare { left, .. } | Condition::Severity(left, _) => Some(left),
        Condition::Regex(left, _) | Condition::InCidr(left, ..) => Some(left),
        Condition::All(_) | Condition::AnyOf(_) => None,
        Condition::Each(..) | Condition::TimeOfDay(..) | Condition::Weekdays(_) => None,
    }
}

/// The comparison with one literal that `condition` is.
fn bound(condition: &Condition) -> Option<Bound<'_>> {
    match condition {
        Condition::Compare { left, op, right: Right::Value(value) } if is_single(left) => {
            Some(Bound { operand: left, op: *op, value })
        }
        Condition::Not(inner) => {
            let bound = bound(inner)?;
            let op = match bound.op {
                Comparison::Equal => Comparison::NotEqual,
                Comparison::NotEqual => Comparison::Equal,
                Comparison::Less => Comparison::GreaterOrEqual,
                Comparison::LessOrEqual => Comparison::Greater,
                Comparison::Greater => Comparison::LessOrEqual,
                Comparison::GreaterOrEqual => Comparison::Less,
                Comparison::Has | Comparison::Starts | Comparison::Ends | Comparison::Like => return None,
            };
            Some(Bound { op, ..bound })
        }
        _ => None,
    }
}

/// The operand and the values of `x in [...]`.
fn one_of(condition: &Condition) -> Option<(&Operand, &[Value<'static>])> {
    match condition {
        Condition::Compare { left, op: Comparison::Equal, right: Right::AnyOf(values) } if is_single(left) => {
            Some((left, values))
        }
        _ => None,
    }
}

/// Whether the operand has one value. `[*]` has several.
fn is_single(operand: &Operand) -> bool {
    match operand {
        Operand::Field(path) => !path.0.contains(&PathStep::Each),
        Operand::Capture(_) | Operand::Count => true,
        Operand::Computed(..) => true,
        Operand::AnyField | Operand::Number(_) => false,
    }
}

fn shown(operand: &Operand) -> String {
    operand.to_string()
}

fn order(a: &Value<'_>, b: &Value<'_>) -> Option<Ordering> {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        (Value::Ip(a), Value::Ip(b)) => Some(a.to_canonical().cmp(&b.to_canonical())),
        _ => a.as_number()?.partial_cmp(&b.as_number()?),
    }
}

/// Whether no value meets both comparisons. `order` is that of the first literal to the second.
fn excludes(a: Comparison, order: Ordering, b: Comparison) -> bool {
    use Comparison as C;
    match (a, b) {
        (C::Equal, C::Equal) => order.is_ne(),
        (C::Equal, C::NotEqual) | (C::NotEqual, C::Equal) => order.is_eq(),
        (C::Equal, C::Less) => order.is_ge(),
        (C::Equal, C::LessOrEqual) => order.is_gt(),
        (C::Equal, C::Greater) => order.is_le(),
        (C::Equal, C::GreaterOrEqual) => order.is_lt(),
        (C::Less | C::LessOrEqual | C::Greater | C::GreaterOrEqual, C::Equal) => excludes(b, order.reverse(), a),
        (C::Less, C::Greater | C::GreaterOrEqual) | (C::LessOrEqual, C::Greater) => order.is_le(),
        (C::LessOrEqual, C::GreaterOrEqual) => order.is_lt(),
        (C::Greater | C::GreaterOrEqual, C::Less | C::LessOrEqual) => excludes(b, order.reverse(), a),
        _ => false,
    }
}

/// Whether every value meets one of the comparisons. `order` is that of the first literal to the second.
fn covers_all(a: Comparison, order: Ordering, b: Comparison) -> bool {
    use Comparison as C;
    match (a, b) {
        (C::NotEqual, C::NotEqual) => order.is_ne(),
        (C::NotEqual, C::Equal) | (C::Equal, C::NotEqual) => order.is_eq(),
        (C::NotEqual, C::Less) => order == Less,
        (C::NotEqual, C::LessOrEqual) => order != Greater,
        (C::NotEqual, C::Greater) => order == Greater,
        (C::NotEqual, C::GreaterOrEqual) => order != Less,
        (C::Less | C::LessOrEqual | C::Greater | C::GreaterOrEqual, C::NotEqual) => covers_all(b, order.reverse(), a),
        (C::Less, C::Greater) => order == Greater,
        (C::Less, C::GreaterOrEqual) | (C::LessOrEqual, C::Greater | C::GreaterOrEqual) => {
            order == Greater || order == Equal
        }
        (C::Greater | C::GreaterOrEqual, C::Less | C::LessOrEqual) => covers_all(b, order.reverse(), a),
        _ => false,
    }
}

/// The place of a condition in the file.
fn span(condition: &ast::Condition) -> Option<Span> {
    let from = |left: &ast::Operand, end: usize| Some(Span::new(left.span().start, end.max(left.span().end)));
    match condition {
        ast::Condition::Not(inner) => span(inner),
        ast::Condition::Exists(left) => from(left, left.span().end),
        ast::Condition::Compare { left, right, .. } => from(left, right_end(right)),
        ast::Condition::In(left, list) => from(left, list_end(list)),
        ast::Condition::Regex { left, source, flags } => from(left, (source.span.end + 1).max(flags.span.end)),
        ast::Condition::InCidr(left, networks) => from(left, list_end(networks)),
        ast::Condition::All(_) | ast::Condition::AnyOf(_) => None,
        ast::Condition::TimeOfDay(field, times) => from(field, times[1].span.end),
        ast::Condition::Weekdays(field, days) => from(field, days.last().map_or(0, |days| days[1].span.end)),
        ast::Condition::Each(..) | ast::Condition::Named(_) | ast::Condition::Several { .. } => None,
    }
}

fn right_end(right: &ast::Right) -> usize {
    match right {
        ast::Right::Operand(operand) => operand.span().end,
        ast::Right::Literal(literal) => {
            literal.span.end
                + usize::from(matches!(literal.kind, ast::LiteralKind::Text | ast::LiteralKind::TextIgnoringCase))
        }
        ast::Right::AnyOf(list) | ast::Right::AllOf(list) => list_end(list),
    }
}

fn list_end(list: &ast::ListRef) -> usize {
    match list {
        ast::ListRef::Here(list) => list.span.end,
        ast::ListRef::Named(name) => name.span.end,
    }
}

fn literal_span(condition: &ast::Condition) -> Option<Span> {
    match condition {
        ast::Condition::Not(inner) => literal_span(inner),
        ast::Condition::Compare { right: ast::Right::Literal(literal), .. } => Some(literal.span),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPS: [Comparison; 6] = [
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ];

    fn meets(value: f64, op: Comparison, bound: f64) -> bool {
        match op {
            Comparison::Equal => value == bound,
            Comparison::NotEqual => value != bound,
            Comparison::Less => value < bound,
            Comparison::LessOrEqual => value <= bound,
            Comparison::Greater => value > bound,
            _ => value >= bound,
        }
    }

    /// Tries every pair of comparisons with numbers below, between and above the literals.
    #[test]
    fn pairs_of_comparisons_agree_with_all_values() {
        let values = [0.0, 1.0, 1.5, 2.0, 3.0];
        for a in OPS {
            for b in OPS {
                for (x, y) in [(1.0, 1.0), (1.0, 2.0), (2.0, 1.0)] {
                    let order = f64::partial_cmp(&x, &y).expect("numbers");
                    let both = values.iter().any(|value| meets(*value, a, x) && meets(*value, b, y));
                    let either = values.iter().all(|value| meets(*value, a, x) || meets(*value, b, y));
                    assert_eq!(excludes(a, order, b), !both, "{a} {x} and {b} {y}");
                    assert_eq!(covers_all(a, order, b), either, "{a} {x} or {b} {y}");
                }
            }
        }
    }
}
