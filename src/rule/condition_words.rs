//! Says a condition in words.

use super::program::{Comparison, Condition, Operand, Right};

/// Returns the condition in words: `the field .port is at least 1024 and user is not "root"`.
pub fn condition_words(condition: &Condition) -> String {
    match condition {
        Condition::All(parts) => joined(parts, " and "),
        Condition::AnyOf(parts) => joined(parts, " or "),
        Condition::Not(inner) => format!("it is not true that {}", nested(inner)),
        Condition::Exists(operand) => format!("there is {}", operand_words(operand)),
        Condition::Compare { left, op, right } => {
            format!("{} {} {}", operand_words(left), comparison_words(*op), right_words(right))
        }
        Condition::Severity(_, test) => match test.levels.as_slice() {
            [level] => format!("the severity {} {}", comparison_words(test.op), level.name()),
            _ => format!("the severity is {test}"),
        },
        Condition::Regex(operand, test) => format!("{} matches {}", operand_words(operand), test.0.written()),
        Condition::InCidr(operand, network, prefix) => {
            format!("{} is an address in {network}/{prefix}", operand_words(operand))
        }
        Condition::Each(path, inner) => format!("for one element of {path}, {}", nested(inner)),
        Condition::TimeOfDay(from, to) => {
            let clock = |minutes: &u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
            format!("the time of day is from {} to before {}", clock(from), clock(to))
        }
        Condition::Weekdays(_) => condition.to_string().replace(".time on", "the day is one of"),
    }
}

fn joined(parts: &[Condition], by: &str) -> String {
    parts.iter().map(nested).collect::<Vec<_>>().join(by)
}

/// A condition in another one, in parentheses if it has several parts.
fn nested(condition: &Condition) -> String {
    match condition {
        Condition::All(_) | Condition::AnyOf(_) => format!("({})", condition_words(condition)),
        other => condition_words(other),
    }
}

fn operand_words(operand: &Operand) -> String {
    match operand {
        Operand::Field(path) => format!("the field {path}"),
        Operand::Count => "the number of records".to_owned(),
        Operand::AnyField => "the value of a field".to_owned(),
        Operand::Capture(_) | Operand::Number(_) | Operand::Computed(..) => operand.to_string(),
    }
}

fn comparison_words(op: Comparison) -> &'static str {
    match op {
        Comparison::Equal => "is",
        Comparison::NotEqual => "is not",
        Comparison::Less => "is less than",
        Comparison::LessOrEqual => "is at most",
        Comparison::Greater => "is more than",
        Comparison::GreaterOrEqual => "is at least",
        Comparison::Has => "contains",
        Comparison::Starts => "begins with",
        Comparison::Ends => "ends with",
        Comparison::Like => "fits",
    }
}

fn right_words(right: &Right) -> String {
    match right {
        Right::AnyOf(_) => right.to_string().replacen("any of", "one of", 1),
        Right::IgnoringCase(inner) => format!("{} (in any case of letters)", right_words(inner)),
        Right::Operand(operand) => operand_words(operand),
        Right::Value(_) | Right::AllOf(_) => right.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{RuleText, load};

    #[track_caller]
    fn check(written: &str, words: &str) {
        let text = format!("symptom a \"t\" {{ match \"from {{ip:ip}} {{user}} {{n:int}}\" where {written} }}");
        let (program, found) = load(&[RuleText { path: "a.rules".to_owned(), text }], None);
        let filter = program.symptoms.get(0).and_then(|symptom| symptom.bindings[0].filter.as_ref());
        let filter = filter.unwrap_or_else(|| panic!("{found:?}"));
        assert_eq!(condition_words(filter), words);
    }

    #[test]
    fn conditions_are_told_in_words() {
        check(
            ".reply >= 500 and not user == \"root\"",
            "the field .reply is at least 500 and it is not true that user is \"root\"",
        );
        check("user in [\"a\", \"b\"] or n < 3", "user is one of [\"a\", \"b\"] or n is less than 3");
        check("ip in cidr \"10.0.0.0/8\"", "ip is an address in 10.0.0.0/8");
        check(".Image ends i\"x\"", "the field .Image ends with \"x\" (in any case of letters)");
        check(".severity >= warning", "the severity is at least warning");
        check(".time in 22:00..06:00", "the time of day is from 22:00 to before 06:00");
        check(
            "any .items[*] where (.a == 1 and .b exists)",
            "for one element of .items, (the field .a is 1 and there is the field .b)",
        );
    }
}
