//! The literals that a record must contain to match a pattern and the condition on it.

use std::borrow::Cow;

use super::program::{Comparison, Condition, FieldPath, Matcher, Operand, PathStep, Right};
use crate::pattern::{Literal, MIN_REQUIRED};
use crate::value::Value;

/// How texts and values are written in the records of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// Texts are in the bytes of the record as they are.
    Plain,
    /// Texts may contain escapes.
    Escaped,
    /// Texts may contain escapes, and some values are not in the bytes of the record.
    WithResources,
}

/// The literals that each match of a pattern contains.
#[derive(Debug, Clone, Default)]
pub(super) struct RequiredLiterals<'p> {
    /// Sets of literals, the rarest first. A match contains one of each set.
    pub(super) sets: Cow<'p, [Vec<Literal>]>,
    /// Literals in which a blank matches any run of blanks. A match contains all of them.
    pub(super) runs: &'p [Literal],
}

impl RequiredLiterals<'_> {
    fn is_empty(&self) -> bool {
        self.sets.is_empty() && self.runs.is_empty()
    }
}

/// Returns the literals of a pattern and of the condition on its records.
pub(super) fn required_literals<'p>(
    matcher: &'p Matcher,
    filter: Option<&Condition>,
    kind: Spelling,
) -> RequiredLiterals<'p> {
    let mut literals = match matcher {
        Matcher::Pattern(pattern) if kind == Spelling::Plain => {
            RequiredLiterals { sets: pattern.required().into(), runs: pattern.runs() }
        }
        Matcher::Pattern(pattern) => RequiredLiterals { sets: unescaped(pattern.required()).into(), runs: &[] },
        Matcher::Any => RequiredLiterals::default(),
    };
    if literals.is_empty() && kind != Spelling::WithResources {
        literals.sets = filter.map(required_by).unwrap_or_default().into();
    }
    literals
}

/// Returns sets of literals. A record for which the condition holds contains one of each set. They are parts that no format
/// escapes, because also a format without escapes may quote fields.
fn required_by(condition: &Condition) -> Vec<Vec<Literal>> {
    match condition {
        Condition::All(parts) => parts.iter().flat_map(required_by).collect(),
        Condition::AnyOf(parts) => {
            let of_each: Option<Vec<_>> = parts.iter().map(|part| required_by(part).into_iter().next()).collect();
            of_each.map(|literals| literals.concat()).into_iter().collect()
        }
        Condition::Compare { left: Operand::Field(path), op: Comparison::Equal, right } if is_written(path) => {
            let values = match right {
                Right::Value(value) => std::slice::from_ref(value),
                Right::AnyOf(values) => values.as_slice(),
                Right::Operand(_) | Right::AllOf(_) | Right::IgnoringCase(_) => return Vec::new(),
            };
            let literals: Option<Vec<_>> = values.iter().map(digits).collect();
            literals.into_iter().collect()
        }
        Condition::Regex(Operand::Field(path), test) if is_written(path) => unescaped(test.0.required()),
        _ => Vec::new(),
    }
}

/// Whether the value of a field is written in its record. Levels and times are read from many spellings.
fn is_written(path: &FieldPath) -> bool {
    let [PathStep::Name(name), ..] = path.0.as_slice() else { return false };
    !matches!(name.as_str(), "severity" | "level" | "time" | "timestamp")
}

/// Returns the digits of a whole number of at least three digits. A number that is written with an exponent has others; no
/// program prints the numbers that are compared for equality, such as ids and codes, in that way.
fn digits(value: &Value<'_>) -> Option<Literal> {
    let Value::Int(number) = value else { return None };
    let bytes = number.unsigned_abs().to_string().into_bytes();
    (bytes.len() >= MIN_REQUIRED).then_some(Literal::new(bytes, false))
}

fn unescaped(sets: &[Vec<Literal>]) -> Vec<Vec<Literal>> {
    sets.iter().filter_map(|any_of| any_of.iter().map(unescaped_part).collect()).collect()
}

/// Returns the longest part of `literal` that JSON never escapes; `None` if it has fewer than three bytes. Encoders
/// write quotes, backslashes, slashes, the signs of HTML (`<>&'`), control characters and everything that is not ASCII
/// in more than one way.
fn unescaped_part(literal: &Literal) -> Option<Literal> {
    let same_in_json = |byte: &u8| (b' '..=b'~').contains(byte) && !b"\"\\/<>&'".contains(byte);
    let parts = literal.bytes.split(|byte| !same_in_json(byte));
    let longest = parts.max_by_key(|part| part.len()).filter(|part| part.len() >= MIN_REQUIRED)?;
    Some(Literal::new(longest.to_vec(), literal.ignore_case))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::pattern::Pattern;
    use crate::rule::program::RegexTest;

    fn literal(text: &str) -> Literal {
        Literal::new(text.as_bytes().to_vec(), false)
    }

    fn field(names: &[&str]) -> Operand {
        Operand::Field(FieldPath(names.iter().map(|name| PathStep::Name((*name).to_owned())).collect()))
    }

    fn equals(names: &[&str], values: &[i64]) -> Condition {
        let values = values.iter().map(|value| Value::Int(*value)).collect();
        Condition::Compare { left: field(names), op: Comparison::Equal, right: Right::AnyOf(values) }
    }

    fn matches(names: &[&str], source: &str) -> Condition {
        Condition::Regex(field(names), RegexTest(Arc::new(Pattern::regex(source, "").expect("a valid regex"))))
    }

    #[test]
    fn the_longest_part_that_json_never_escapes_remains() {
        assert_eq!(unescaped_part(&literal("say \"no\"/never again")), Some(literal("never again")));
        assert_eq!(unescaped_part(&literal("C:\\ab\\zwölf")), None);
    }

    #[test]
    fn a_condition_on_numbers_and_names_requires_them() {
        let id = || equals(&["event", "id"], &[4625, 4740]);
        let ids = vec![literal("4625"), literal("4740")];
        assert_eq!(required_by(&id()), std::slice::from_ref(&ids));
        let both = Condition::All(vec![id(), matches(&["event", "source"], "^Audit(?:ing)?/x")]);
        assert_eq!(required_by(&both), [ids, vec![literal("Audit")]]);
        let either = Condition::AnyOf(vec![equals(&["code"], &[500]), matches(&["name"], "gateway")]);
        assert_eq!(required_by(&either), [vec![literal("500"), literal("gateway")]]);
    }

    #[test]
    fn other_conditions_require_nothing() {
        let short = equals(&["event", "id"], &[4625, 41]);
        assert_eq!(required_by(&short), [] as [Vec<Literal>; 0]);
        assert_eq!(required_by(&matches(&["severity"], "error")), [] as [Vec<Literal>; 0]);
        assert_eq!(required_by(&Condition::Not(Box::new(equals(&["code"], &[500])))), [] as [Vec<Literal>; 0]);
        let either = Condition::AnyOf(vec![equals(&["code"], &[500]), short]);
        assert_eq!(required_by(&either), [] as [Vec<Literal>; 0]);
        let filter = equals(&["code"], &[500]);
        assert!(required_literals(&Matcher::Any, Some(&filter), Spelling::WithResources).is_empty());
        assert!(!required_literals(&Matcher::Any, Some(&filter), Spelling::Escaped).is_empty());
    }
}
