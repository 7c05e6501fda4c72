//! Prints conditions and texts as rules write them: conditions to show which one did not hold. Parsing the printed text gives the same
//! condition, except for the flags of a regex, which are not kept.

use std::fmt::{self, Display, Formatter};

use super::program::{
    Comparison, Condition, FieldPath, Operand, PathStep, Right, SeverityTest, Template, TemplatePiece,
};
use crate::value::Value;

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Condition::All(parts) => joined(f, parts, " and "),
            Condition::AnyOf(parts) => joined(f, parts, " or "),
            Condition::Not(inner) => write!(f, "not {}", NestedCondition(inner)),
            Condition::Exists(operand) => write!(f, "{operand} exists"),
            Condition::Compare { left, op: Comparison::Equal, right: Right::AnyOf(values) } => {
                write!(f, "{left} in {}", WrittenList(values))
            }
            Condition::Compare { left, op, right } => write!(f, "{left} {op} {right}"),
            Condition::Severity(operand, test) => write!(f, "{operand} {test}"),
            Condition::Regex(operand, test) => write!(f, "{operand} ~ {}", test.0.written()),
            Condition::InCidr(operand, network, prefix) => write!(f, "{operand} in cidr \"{network}/{prefix}\""),
            Condition::Each(path, inner) => write!(f, "any {path}[*] where {}", NestedCondition(inner)),
            Condition::TimeOfDay(from, to) => {
                write!(f, ".time in {:02}:{:02}..{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
            }
            Condition::Weekdays(days) => {
                let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
                let named: Vec<&str> = (0..7).filter(|day| days >> day & 1 == 1).map(|day: usize| names[day]).collect();
                write!(f, ".time on {}", named.join(", "))
            }
        }
    }
}

fn joined(f: &mut Formatter<'_>, parts: &[Condition], by: &str) -> fmt::Result {
    parts.iter().enumerate().try_for_each(|(at, part)| {
        f.write_str(if at == 0 { "" } else { by })?;
        NestedCondition(part).fmt(f)
    })
}

/// Prints the text with the names of captures in braces. Escapes of the rule are not printed.
impl Display for Template {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            TemplatePiece::Text(text) => f.write_str(text),
            TemplatePiece::Capture(name) => write!(f, "{{{name}}}"),
        })
    }
}

/// A condition in another one, in parentheses if needed.
struct NestedCondition<'a>(&'a Condition);

impl Display for NestedCondition<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            chain @ (Condition::All(_) | Condition::AnyOf(_)) => write!(f, "({chain})"),
            other => other.fmt(f),
        }
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Operand::Field(path) => path.fmt(f),
            Operand::Capture(name) => f.write_str(name),
            Operand::Count => f.write_str("count"),
            Operand::AnyField => f.write_str("any field"),
            Operand::Number(number) => WrittenValue(number).fmt(f),
            Operand::Computed(left, op, right) => {
                let nested = |f: &mut Formatter<'_>, operand: &Operand| match operand {
                    Operand::Computed(..) => write!(f, "({operand})"),
                    other => other.fmt(f),
                };
                nested(f, left)?;
                write!(f, " {} ", op.sign())?;
                nested(f, right)
            }
        }
    }
}

impl Display for FieldPath {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| match step {
            PathStep::Name(name) if is_plain(name) => write!(f, ".{name}"),
            PathStep::Name(name) => write!(f, ".\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
            PathStep::Index(index) => write!(f, "[{index}]"),
            PathStep::Each => f.write_str("[*]"),
        })
    }
}

/// Whether a name in a path needs no quotes.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '@' | '-'))
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
            Comparison::Has => "has",
            Comparison::Starts => "starts",
            Comparison::Ends => "ends",
            Comparison::Like => "like",
        })
    }
}

impl Display for SeverityTest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.levels.iter().map(|level| level.name()).collect();
        match (self.levels.as_slice(), self.op, self.needs_all) {
            ([level], op, _) => write!(f, "{op} {}", level.name()),
            (_, Comparison::Equal, false) => write!(f, "in [{}]", names.join(", ")),
            (_, op, false) => write!(f, "{op} any of [{}]", names.join(", ")),
            (_, op, true) => write!(f, "{op} all of [{}]", names.join(", ")),
        }
    }
}

impl Display for Right {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Right::Operand(operand) => operand.fmt(f),
            Right::Value(value) => WrittenValue(value).fmt(f),
            Right::AnyOf(values) => write!(f, "any of {}", WrittenList(values)),
            Right::AllOf(values) => write!(f, "all of {}", WrittenList(values)),
            Right::IgnoringCase(right) => {
                // Only texts ignore case, so each value begins with a quote.
                let list = |values: &[Value<'static>]| {
                    let values: Vec<String> = values.iter().map(|value| format!("i{}", WrittenValue(value))).collect();
                    values.join(", ")
                };
                match &**right {
                    Right::AnyOf(values) => write!(f, "any of [{}]", list(values)),
                    Right::AllOf(values) => write!(f, "all of [{}]", list(values)),
                    Right::Value(value) => f.write_str(&list(std::slice::from_ref(value))),
                    other => other.fmt(f),
                }
            }
        }
    }
}

/// Prints values as a list in brackets.
struct WrittenList<'a>(&'a [Value<'static>]);

impl Display for WrittenList<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let values: Vec<String> = self.0.iter().map(|value| WrittenValue(value).to_string()).collect();
        write!(f, "[{}]", values.join(", "))
    }
}

/// Prints a value as a rule writes it, with quotes around text, addresses and dates.
struct WrittenValue<'a>(&'a Value<'static>);

impl Display for WrittenValue<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Text(_) | Value::Ip(_) | Value::Time(_) => {
                write!(f, "\"{}\"", self.0.to_string().replace('\\', "\\\\").replace('"', "\\\""))
            }
            Value::List(values) => WrittenList(values).fmt(f),
            Value::Size(bytes) => size(f, *bytes),
            Value::Int(_) | Value::Num(_) | Value::Bool(_) | Value::Duration(_) => self.0.fmt(f),
        }
    }
}

/// Prints a size in the largest unit that divides it.
fn size(f: &mut Formatter<'_>, bytes: u64) -> fmt::Result {
    let units = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match units.iter().find(|(unit, _)| bytes > 0 && bytes.is_multiple_of(*unit)) {
        Some((unit, name)) => write!(f, "{}{name}", bytes / unit),
        None => write!(f, "{bytes}B"),
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::rule::{Condition, RuleText, load};

    /// Loads the condition `written` from a symptom with the captures `n`, `ip`, `w`, `d` and `s`.
    fn condition(written: &str) -> Condition {
        let pattern = "{n:int} {ip:ip} {w} {d:dur} {s:size}";
        let text = format!("symptom a \"t\" {{ match \"{pattern}\" where {written} }}");
        let (program, found) = load(&[RuleText { path: "a.rules".to_owned(), text }], None);
        assert!(found.iter().all(|(_, found)| found.severity == Severity::Warning), "{written}: {found:?}");
        let symptom = program.symptoms.into_iter().next().expect("a symptom");
        symptom.bindings.into_iter().next().and_then(|binding| binding.filter).expect("a condition")
    }

    #[track_caller]
    fn check(written: &str) {
        assert_eq!(condition(written).to_string(), written);
        assert_eq!(condition(&condition(written).to_string()), condition(written));
    }

    #[test]
    fn a_title_is_written_with_its_captures_in_braces() {
        let text = r#"symptom a "\"{dev}\" is full" { match "write to {dev:path} failed" }"#;
        let (program, _) = load(&[RuleText { path: "a.rules".to_owned(), text: text.to_owned() }], None);
        assert_eq!(program.symptoms[0].title.to_string(), r#""{dev}" is full"#);
    }

    #[test]
    fn conditions_are_written_as_they_are_read() {
        check(".event.id == 9035");
        check(".labels[*].name has any of [\"a\", \"b\"]");
        check("n in [1, 2] and not (w starts \"C:\\\\x\" or .level exists)");
        check("ip in cidr \"10.0.0.0/8\" or ip == \"192.0.2.7\"");
        check("d >= 1m30s and s < 10MiB and w ~ /^a+$/");
        check("w != .host and w like \"say \\\"*\\\"\"");
        check(".severity >= warning and not .severity in [info, error]");
        check(".severity != all of [info, error]");
        check("w has i\"x\" and .a in [\"b\"] and .a ends any of [i\"x\", i\"y\"]");
        check("any .items[*] where (.name == \"x\" and .restarts > 3)");
        check(".items[0].\"a.b/c\" == 5 and .used > .max * 0.9 and (.a + n) * 2 > 5s");
        check(".time in 22:00..06:00 and .time on mon, tue, sun and any field has \"x\"");
        assert_eq!(condition(".a == null and .b != null").to_string(), "not .a exists and .b exists");
        assert_eq!(condition(".severity > any of [\"err\"]").to_string(), ".severity > error");
        check("n > 2.5 and w ends all of [\"x\"]");
    }
}
