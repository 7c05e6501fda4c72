//! One symptom and one record: whether the patterns match and the conditions are true.

use super::compare::{address, computed, in_network, lower_case, order, printed};
use super::finding::{Captures, Finding};
use crate::log::{FieldStep, Record};
use crate::pattern::wildcard::is_like;
use crate::rule::program::{Binding, Comparison, Condition, FieldPath, Matcher, Operand, PathStep, Right, Symptom};
use crate::value::Value;

/// The values that a condition may use. A missing value makes its comparisons false.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s, 'r> {
    pub(crate) record: Option<&'s Record<'r>>,
    pub(crate) captures: &'s Captures,
    pub(crate) count: Option<u64>,
}

/// One way in which a record shows a symptom.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    /// The index of the binding that matches.
    pub(crate) binding: usize,
    /// Whether the record is on the wrong side of a limit, for a symptom that must last.
    pub(crate) is_counter: bool,
    pub(crate) captures: Captures,
}

/// Returns the binding and the captures with which `record` shows the symptom, or `None`. They are those of the first
/// alternative, in the order of the rule, that matches and meets its condition. A pattern may match the text of the record
/// with or without the level before it. Only alternatives with `may_match(binding, alternative)` are tried.
pub(crate) fn shown(symptom: &Symptom, record: &Record<'_>, may_match: impl Fn(usize, usize) -> bool) -> Option<Shown> {
    let texts = Texts::new(record);
    let of_record = |captures: &Captures| {
        let scope = Scope { record: Some(record), captures, count: None };
        parts(symptom.filter.as_ref()).filter(|part| !mentions_count(part)).all(|part| holds(part, &scope))
    };
    symptom.bindings.iter().enumerate().find_map(|(at, binding)| {
        let matched = texts.matches(binding, |alternative| may_match(at, alternative));
        let mut meeting = matched.filter(|captures| meets_filter(binding, record, captures) && of_record(captures));
        meeting.next().map(|captures| Shown { binding: at, is_counter: false, captures })
    })
}

/// Returns all bindings that `record` matches, for a symptom with conditions on time. A binding that must last is returned
/// as well if the record is on the wrong side of its limit.
pub(crate) fn shown_by_each(
    symptom: &Symptom,
    record: &Record<'_>,
    may_match: impl Fn(usize, usize) -> bool,
) -> Vec<Shown> {
    let texts = Texts::new(record);
    let slots = symptom.time.iter().flat_map(|time| &time.slots);
    let has_counter = |at| slots.clone().any(|slot| slot.binding == at && slot.is_counter);
    let each = symptom.bindings.iter().enumerate().filter_map(|(at, binding)| {
        let matched = || texts.matches(binding, |alternative| may_match(at, alternative));
        if let Some(captures) = matched().find(|captures| meets_filter(binding, record, captures)) {
            return Some(Shown { binding: at, is_counter: false, captures });
        }
        let mut counters = matched().filter(|captures| has_counter(at) && fails_limit_alone(binding, record, captures));
        counters.next().map(|captures| Shown { binding: at, is_counter: true, captures })
    });
    each.collect()
}

/// The texts of a record that patterns are matched with.
struct Texts<'r> {
    text: std::borrow::Cow<'r, [u8]>,
    leveled: Option<std::borrow::Cow<'r, [u8]>>,
}

impl<'r> Texts<'r> {
    fn new(record: &'r Record<'_>) -> Self {
        Texts { text: record.text(), leveled: record.leveled_message() }
    }

    fn matches<'b>(
        &'b self,
        binding: &'b Binding,
        may_match: impl Fn(usize) -> bool + 'b,
    ) -> impl Iterator<Item = Captures> + 'b {
        let alternatives = binding.alternatives.iter().enumerate();
        alternatives.filter(move |(alternative, _)| may_match(*alternative)).filter_map(|(_, matcher)| {
            captures(matcher, &self.text).or_else(|| captures(matcher, self.leveled.as_deref()?))
        })
    }
}

/// Whether the record meets the condition of a binding.
pub(crate) fn meets_filter(binding: &Binding, record: &Record<'_>, captures: &Captures) -> bool {
    let scope = Scope { record: Some(record), captures, count: None };
    binding.filter.as_ref().is_none_or(|filter| holds(filter, &scope))
}

/// Whether the record meets the condition of a binding except for comparisons with `<`, `<=`, `>` and `>=`. It is a sample
/// of the same thing then, and says that the thing is not so.
fn fails_limit_alone(binding: &Binding, record: &Record<'_>, captures: &Captures) -> bool {
    let scope = Scope { record: Some(record), captures, count: None };
    let is_limit = |part: &&Condition| {
        use Comparison::{Greater, GreaterOrEqual, Less, LessOrEqual};
        matches!(part, Condition::Compare { op: Greater | GreaterOrEqual | Less | LessOrEqual, .. })
    };
    let has_value = |part: &Condition| matches!(part, Condition::Compare { left, .. } if scope.value(left).is_some());
    let (limits, others): (Vec<&Condition>, Vec<&Condition>) = parts(binding.filter.as_ref()).partition(is_limit);
    !limits.is_empty() && limits.iter().all(|part| has_value(part)) && others.iter().all(|part| holds(part, &scope))
}

/// Adds the fields of `record` that the texts of the symptom show.
pub(crate) fn with_fields(mut captures: Captures, symptom: &Symptom, record: &Record<'_>) -> Captures {
    for (name, path) in &symptom.fields {
        if let Some(value) = field(record, path, &[]) {
            captures.insert(name.clone(), value.into_owned());
        }
    }
    captures
}

/// Whether the finding meets the parts of the symptom's condition that mention the count. The other parts were checked
/// with each record.
pub(crate) fn meets_count_condition(symptom: &Symptom, finding: &Finding) -> bool {
    parts(symptom.filter.as_ref()).filter(|part| mentions_count(part)).all(|part| holds_for(part, finding))
}

/// Whether `condition` is true for the captures and the count of `finding`. Fields of records have no value here.
pub fn holds_for(condition: &Condition, finding: &Finding) -> bool {
    holds(condition, &Scope { record: None, captures: &finding.captures, count: Some(finding.count) })
}

/// Whether `condition` is true.
pub(crate) fn holds(condition: &Condition, scope: &Scope<'_, '_>) -> bool {
    holds_in(condition, scope, &[])
}

/// Whether `condition` is true for the element to which `element` leads; for the whole record if that is empty.
fn holds_in(condition: &Condition, scope: &Scope<'_, '_>, element: &[FieldStep<'_>]) -> bool {
    let value = |operand: &Operand| scope.value_in(operand, element);
    match condition {
        Condition::All(parts) => parts.iter().all(|part| holds_in(part, scope, element)),
        Condition::AnyOf(parts) => parts.iter().any(|part| holds_in(part, scope, element)),
        Condition::Not(inner) => !holds_in(inner, scope, element),
        Condition::Exists(operand) => value(operand).is_some(),
        Condition::Compare { left, op, right } => {
            value(left).is_some_and(|left| compares_any(&left, *op, right, &|operand| scope.value_in(operand, element)))
        }
        Condition::Severity(_, test) => scope.record.and_then(Record::level).is_some_and(|level| test.is_met(level)),
        Condition::Regex(operand, test) => {
            value(operand).is_some_and(|value| any_element(&value, &|value| test.0.find(&printed(value)).is_some()))
        }
        Condition::InCidr(operand, network, prefix) => value(operand).is_some_and(|value| {
            any_element(&value, &|value| address(value).is_some_and(|address| in_network(address, *network, *prefix)))
        }),
        Condition::Each(path, inner) => {
            let Some(record) = scope.record else { return false };
            let mut list = [element, &steps(path)].concat();
            let n = record.len_at(&list).unwrap_or_default();
            list.push(FieldStep::Index(0));
            (0..n).any(|index| {
                let last = list.len() - 1;
                list[last] = FieldStep::Index(index);
                holds_in(inner, scope, &list)
            })
        }
        Condition::TimeOfDay(from, to) => local_time(scope).is_some_and(|time| {
            let minute = u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs());
            if from <= to { (*from..*to).contains(&minute) } else { minute >= *from || minute < *to }
        }),
        Condition::Weekdays(days) => {
            local_time(scope).is_some_and(|time| days >> time.weekday().to_monday_zero_offset().unsigned_abs() & 1 == 1)
        }
    }
}

fn local_time(scope: &Scope<'_, '_>) -> Option<jiff::civil::DateTime> {
    scope.record?.local_time()
}

/// Returns the captures of the matcher in `message`; `None` if it does not match.
pub(crate) fn captures(matcher: &Matcher, message: &[u8]) -> Option<Captures> {
    match matcher {
        Matcher::Pattern(pattern) => pattern.captures(message),
        Matcher::Any => Some(Captures::new()),
    }
}

/// Returns the conditions that must all be true for `condition` to be true.
pub(crate) fn parts(condition: Option<&Condition>) -> impl Iterator<Item = &Condition> {
    match condition {
        Some(Condition::All(parts)) => parts.as_slice(),
        Some(other) => std::slice::from_ref(other),
        None => &[],
    }
    .iter()
}

/// Whether the condition mentions the count, so that it can be checked only for a whole finding.
pub(crate) fn mentions_count(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::AnyOf(parts) => parts.iter().any(mentions_count),
        Condition::Not(inner) => mentions_count(inner),
        Condition::Exists(operand) | Condition::Regex(operand, _) | Condition::InCidr(operand, ..) => {
            operand.mentions_count()
        }
        Condition::Severity(..) | Condition::Each(..) | Condition::TimeOfDay(..) | Condition::Weekdays(_) => false,
        Condition::Compare { left, right, .. } => {
            left.mentions_count() || matches!(right, Right::Operand(right) if right.mentions_count())
        }
    }
}

impl<'s> Scope<'s, '_> {
    /// The value of the operand, if there is one.
    pub(crate) fn value(&self, operand: &Operand) -> Option<Value<'s>> {
        self.value_in(operand, &[])
    }

    /// The value of the operand, whose fields are those of the element to which `element` leads.
    fn value_in(&self, operand: &Operand, element: &[FieldStep<'_>]) -> Option<Value<'s>> {
        match operand {
            Operand::Field(path) => field(self.record?, path, element),
            Operand::Capture(name) => self.captures.get(name).cloned(),
            Operand::Count => self.count.map(Value::Size),
            Operand::AnyField => Some(Value::List(self.record?.all_values())),
            Operand::Number(number) => Some(number.clone()),
            Operand::Computed(left, op, right) => {
                computed(&self.value_in(left, element)?, *op, &self.value_in(right, element)?)
            }
        }
    }
}

fn field<'s>(record: &'s Record<'_>, path: &FieldPath, element: &[FieldStep<'_>]) -> Option<Value<'s>> {
    record.field(&[element, &steps(path)].concat())
}

fn steps(path: &FieldPath) -> Vec<FieldStep<'_>> {
    let step = |step| match step {
        &PathStep::Index(index) => FieldStep::Index(index),
        PathStep::Name(name) => FieldStep::Name(name),
        PathStep::Each => FieldStep::Each,
    };
    path.0.iter().map(step).collect()
}

/// Whether `test` is true for the value or, if it is a list, for any element.
fn any_element(value: &Value<'_>, test: &dyn Fn(&Value<'_>) -> bool) -> bool {
    match value {
        Value::List(values) => values.iter().any(|value| any_element(value, test)),
        value => test(value),
    }
}

/// Compares a value, or the elements of a list, of which one is enough. A list `has all of` some texts, or `== all of` them, if
/// for each of these there is such an element.
fn compares_any<'v>(
    left: &Value<'_>,
    op: Comparison,
    right: &Right,
    value: &dyn Fn(&Operand) -> Option<Value<'v>>,
) -> bool {
    use Comparison::{Ends, Equal, Has, Like, Starts};
    let (inner, ignores_case) = match right {
        Right::IgnoringCase(inner) => (&**inner, true),
        right => (right, false),
    };
    let is_one = |left: &Value<'_>, one: &Value<'_>| match ignores_case {
        true => compares(&lower_case(left), op, &lower_case(one)),
        false => compares(left, op, one),
    };
    match inner {
        Right::AllOf(values) if matches!(op, Equal | Has | Starts | Ends | Like) => {
            values.iter().all(|one| any_element(left, &|left| is_one(left, one)))
        }
        _ => any_element(left, &|left| compares_with(left, op, right, value)),
    }
}

fn compares_with<'v>(
    left: &Value<'_>,
    op: Comparison,
    right: &Right,
    value: &dyn Fn(&Operand) -> Option<Value<'v>>,
) -> bool {
    match right {
        Right::Operand(operand) => {
            value(operand).is_some_and(|right| any_element(&right, &|right| compares(left, op, right)))
        }
        Right::Value(right) => compares(left, op, right),
        Right::AnyOf(values) => values.iter().any(|right| compares(left, op, right)),
        Right::AllOf(values) => values.iter().all(|right| compares(left, op, right)),
        Right::IgnoringCase(right) => {
            let left = lower_case(left);
            match &**right {
                Right::AnyOf(values) => values.iter().any(|right| compares(&left, op, &lower_case(right))),
                Right::AllOf(values) => values.iter().all(|right| compares(&left, op, &lower_case(right))),
                Right::Value(right) => compares(&left, op, &lower_case(right)),
                other => compares_with(&left, op, other, value),
            }
        }
    }
}

fn compares(left: &Value<'_>, op: Comparison, right: &Value<'_>) -> bool {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let order = || order(left, right);
    let (text, part) = (|| printed(left), || printed(right));
    match op {
        Comparison::Equal => order() == Some(Equal),
        Comparison::NotEqual => order() != Some(Equal),
        Comparison::Less => order() == Some(Less),
        Comparison::LessOrEqual => matches!(order(), Some(Less | Equal)),
        Comparison::Greater => order() == Some(Greater),
        Comparison::GreaterOrEqual => matches!(order(), Some(Greater | Equal)),
        Comparison::Has => memchr::memmem::find(&text(), &part()).is_some(),
        Comparison::Starts => text().starts_with(&part()),
        Comparison::Ends => text().ends_with(&part()),
        Comparison::Like => is_like(&text(), &part()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::level::Level;
    use crate::log::timestamp::StampRules;
    use crate::log::{RecordBuffer, SourceFormat};
    use crate::pattern::Pattern;
    use crate::rule::SeverityTest;
    use crate::rule::program::RegexTest;
    use crate::source::SourceId;

    fn text(text: &str) -> Value<'static> {
        Value::Text(text.as_bytes().to_vec().into())
    }

    fn compare(name: &str, op: Comparison, right: Right) -> Condition {
        Condition::Compare { left: Operand::Capture(name.to_owned()), op, right }
    }

    /// Checks whether `condition` is true for the captures `n` = 7, `ip` = 192.0.2.7, `word` = "disk_full" and `all` =
    /// [1, 5], and a count of 3.
    #[track_caller]
    fn check(condition: Condition, expected: bool) {
        let captures = Captures::from([
            ("n".to_owned(), Value::Int(7)),
            ("ip".to_owned(), Value::Ip([192, 0, 2, 7].into())),
            ("word".to_owned(), text("disk_full")),
            ("all".to_owned(), Value::List(vec![Value::Int(1), Value::Int(5)])),
        ]);
        let scope = Scope { record: None, captures: &captures, count: Some(3) };
        assert_eq!(holds(&condition, &scope), expected, "{condition:?}");
    }

    #[test]
    fn a_missing_operand_makes_a_comparison_false_and_its_negation_true() {
        let missing = || compare("nothing", Comparison::NotEqual, Right::Value(Value::Int(1)));
        check(missing(), false);
        check(Condition::Not(Box::new(missing())), true);
        check(Condition::Exists(Operand::Capture("nothing".to_owned())), false);
        check(Condition::Exists(Operand::Capture("n".to_owned())), true);
        check(Condition::Exists(Operand::Field(FieldPath(vec![]))), false);
    }

    #[test]
    fn any_of_and_all_of_differ() {
        let numbers = || vec![Value::Int(6), Value::Int(7)];
        check(compare("n", Comparison::Equal, Right::AnyOf(numbers())), true);
        check(compare("n", Comparison::Equal, Right::AllOf(numbers())), false);
        check(compare("n", Comparison::GreaterOrEqual, Right::AllOf(numbers())), true);
    }

    #[test]
    fn one_element_of_a_list_is_enough() {
        check(compare("all", Comparison::Greater, Right::Value(Value::Int(4))), true);
        check(compare("all", Comparison::Greater, Right::Value(Value::Int(5))), false);
        check(compare("n", Comparison::Greater, Right::Operand(Operand::Capture("all".to_owned()))), true);
    }

    #[test]
    fn text_is_searched_in_the_printed_value() {
        check(compare("word", Comparison::Has, Right::Value(text("k_f"))), true);
        check(compare("word", Comparison::Starts, Right::Value(text("full"))), false);
        check(compare("word", Comparison::Ends, Right::Value(text("full"))), true);
        check(compare("ip", Comparison::Starts, Right::Value(text("192.0."))), true);
        check(compare("word", Comparison::Like, Right::Value(text("d?sk*"))), true);
        let regex = |source| RegexTest(Arc::new(Pattern::regex(source, "").expect("a valid regex")));
        check(Condition::Regex(Operand::Capture("word".to_owned()), regex("^disk")), true);
        check(Condition::Regex(Operand::Capture("word".to_owned()), regex("^full")), false);
    }

    #[test]
    fn severities_compare_by_rank() {
        let captures = Captures::new();
        let holds_for = |line: &str, op, needs_all, levels: &[Level]| {
            let head = SourceFormat::detect(line.as_bytes(), StampRules::default(), None);
            let mut records = RecordBuffer::new(head);
            records.append(line.as_bytes());
            records.end();
            records.find_records();
            let record = records.chunk().expect("a record").record(0, SourceId(0));
            let operand = Operand::Field(FieldPath(vec![PathStep::Name("severity".to_owned())]));
            let condition = Condition::Severity(operand, SeverityTest { op, levels: levels.to_vec(), needs_all });
            holds(&condition, &Scope { record: Some(&record), captures: &captures, count: None })
        };
        let warn = "2026-01-01 10:00:00 WARN a.B: x\n";
        let (info, warning, error) = (Level::Info, Level::Warning, Level::Error);
        let ops = |levels: &[Level], needs_all| {
            use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
            [Less, LessOrEqual, Equal, NotEqual, GreaterOrEqual, Greater]
                .map(|op| holds_for(warn, op, needs_all, levels))
        };
        assert_eq!(ops(&[info], false), [false, false, false, true, true, true]);
        assert_eq!(ops(&[warning], false), [false, true, true, false, true, false]);
        assert_eq!(ops(&[error], false), [true, true, false, true, false, false]);
        assert_eq!(ops(&[info, error], false), [true, true, false, true, true, true]);
        assert_eq!(ops(&[info, error], true), [false, false, false, true, false, false]);
        let no_level = "2026-01-01 10:00:00 x\n";
        assert!(!holds_for(no_level, Comparison::NotEqual, false, &[error]));
    }

    #[test]
    fn networks_contain_their_addresses() {
        let within = |prefix| Condition::InCidr(Operand::Capture("ip".to_owned()), [192, 0, 2, 0].into(), prefix);
        check(within(24), true);
        check(within(30), false);
        check(within(0), true);
    }

    #[test]
    fn count_is_that_of_the_finding() {
        let at_least = |n| Condition::Compare {
            left: Operand::Count,
            op: Comparison::GreaterOrEqual,
            right: Right::Value(Value::Int(n)),
        };
        check(at_least(3), true);
        check(at_least(4), false);
        check(Condition::All(vec![at_least(3), at_least(4)]), false);
        check(Condition::AnyOf(vec![at_least(3), at_least(4)]), true);
    }
}
