//! Resolves conditions: looks up operands, and gives each literal the type of the operand that it is compared with.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Severity};
use crate::level::Level;
use crate::pattern::Pattern;
use crate::rule::ast::{self, ListRef, LiteralKind, LiteralValue, Spanned};
use crate::rule::error;
use crate::rule::program::{Comparison, Condition, FieldPath, Operand, PathStep, RegexTest, Right, SeverityTest};
use crate::source::Span;

use super::literal::parse_cidr;
use super::operand::{ValueType, show};
use super::template::Captures;
use super::{calendar, contradiction, plain_text};

/// The values that a condition can use.
pub(super) struct ConditionScope<'a> {
    pub(super) captures: &'a Captures,
    pub(super) of: ConditionSubject,
    pub(super) names: &'a dyn FindDefinition,
    /// The names of the definitions around the condition, to find those that contain themselves.
    pub(super) within: Vec<String>,
}

/// Looks up what a `define` contains.
pub(super) trait FindDefinition {
    /// Returns a list. `Err(None)` if a mistake in the `define` itself is reported elsewhere.
    fn list(&self, name: &ast::Reference) -> Result<Vec<LiteralValue>, Option<Diagnostic>>;

    /// Returns a condition and its full name. `Err(None)` if a mistake in the `define` itself is reported elsewhere.
    fn condition(&self, name: &ast::Reference) -> Result<(String, &ast::Condition), Option<Diagnostic>>;

    /// Returns a group such as `sel_*` to which conditions belong, and whose beginning is like `start`.
    fn near_group(&self, start: &str) -> Option<String>;
    /// Whether the comparisons of a field ignore case by a definition of the pack.
    fn ignores_case(&self, path: &[PathStep]) -> bool;

    /// Returns the names of the conditions whose names begin as `start` does.
    fn conditions(&self, start: &str) -> Vec<String>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConditionSubject {
    /// A record. The condition can use its fields and captures.
    Record,
    /// A finding. The condition can use its captures and `count`.
    Finding,
}

/// Returns whether a condition uses `count`. If so, it is about a finding, not about a record.
pub(super) fn uses_count(condition: &ast::Condition) -> bool {
    match condition {
        ast::Condition::All(parts) | ast::Condition::AnyOf(parts) => parts.iter().any(uses_count),
        ast::Condition::Not(part) => uses_count(part),
        ast::Condition::Compare { left, right, .. } => {
            mentions_count(left) || matches!(right, ast::Right::Operand(right) if mentions_count(right))
        }
        ast::Condition::Exists(left)
        | ast::Condition::Regex { left, .. }
        | ast::Condition::InCidr(left, _)
        | ast::Condition::In(left, _) => mentions_count(left),
        // A definition is about a record, and elements and times are parts of records.
        ast::Condition::Each(..)
        | ast::Condition::Named(_)
        | ast::Condition::Several { .. }
        | ast::Condition::TimeOfDay(..)
        | ast::Condition::Weekdays(..) => false,
    }
}

fn mentions_count(operand: &ast::Operand) -> bool {
    match operand {
        ast::Operand::Word(word) => word.node == "count",
        ast::Operand::Computed(left, _, right) => mentions_count(left) || mentions_count(right),
        ast::Operand::Field(_) | ast::Operand::AnyField(_) | ast::Operand::Number(_) => false,
    }
}

/// Checks a condition. `None` if it has a mistake, which is added to `diagnostics`.
pub(super) fn condition(
    written: &ast::Condition,
    scope: &ConditionScope<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Condition> {
    let known = diagnostics.len();
    let mut check = ConditionCheck { scope, diagnostics };
    let condition = check.condition(written)?;
    let is_error = |found: &Diagnostic| found.severity == Severity::Error;
    (!diagnostics[known..].iter().any(is_error)).then_some(condition)
}

pub(super) struct ConditionCheck<'a, 'd> {
    pub(super) scope: &'a ConditionScope<'a>,
    pub(super) diagnostics: &'d mut Vec<Diagnostic>,
}

impl ConditionCheck<'_, '_> {
    pub(super) fn report<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.diagnostics.push(diagnostic);
        None
    }

    /// Checks all parts, so that each mistake is reported.
    fn all(&mut self, parts: &[ast::Condition]) -> Option<Vec<Condition>> {
        let checked: Vec<Option<Condition>> = parts.iter().map(|part| self.condition(part)).collect();
        checked.into_iter().collect()
    }

    fn condition(&mut self, written: &ast::Condition) -> Option<Condition> {
        let checked = self.checked(written)?;
        match (written, &checked) {
            (ast::Condition::All(written), Condition::All(parts)) => {
                self.diagnostics.extend(contradiction::of_chain(written, parts, true));
            }
            (ast::Condition::AnyOf(written), Condition::AnyOf(parts)) => {
                self.diagnostics.extend(contradiction::of_chain(written, parts, false));
            }
            _ => self.diagnostics.extend(contradiction::of_comparison(written, &checked)),
        }
        Some(checked)
    }

    fn checked(&mut self, written: &ast::Condition) -> Option<Condition> {
        Some(match written {
            ast::Condition::All(parts) => Condition::All(self.all(parts)?),
            ast::Condition::AnyOf(parts) => Condition::AnyOf(self.all(parts)?),
            ast::Condition::Not(part) => Condition::Not(Box::new(self.condition(part)?)),
            ast::Condition::Exists(left) => Condition::Exists(self.operand(left, false)?.0),
            ast::Condition::Compare { left, op, right } => return self.compare(left, op, right),
            ast::Condition::Regex { left, source, flags } => return self.regex(left, source, flags),
            ast::Condition::InCidr(left, networks) => return self.cidr(left, networks),
            ast::Condition::Each(path, inner) => {
                if self.scope.of == ConditionSubject::Finding {
                    return self.report(error::field_of_finding(path.span));
                }
                Condition::Each(FieldPath(path.node.clone()), Box::new(self.condition(inner)?))
            }
            ast::Condition::Named(name) => return self.named(name),
            ast::Condition::Several { at_least, name } => return self.several(at_least.as_ref(), name),
            ast::Condition::TimeOfDay(field, times) => {
                self.time_field(field)?;
                let [from, to] = times.each_ref().map(calendar::minutes);
                Condition::TimeOfDay(self.ok(from)?, self.ok(to)?)
            }
            ast::Condition::Weekdays(field, ranges) => {
                self.time_field(field)?;
                let days = calendar::weekdays(ranges);
                Condition::Weekdays(self.ok(days)?)
            }
            ast::Condition::In(left, list) if is_severity(left) => {
                return self.severity(left, Comparison::Equal, &ast::Right::AnyOf(list.clone()));
            }
            ast::Condition::In(left, list) => {
                let (operand, of) = self.operand(left, false)?;
                return self.among(operand, Comparison::Equal, (list, of, left), false);
            }
        })
    }

    fn ok<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|wrong| self.diagnostics.push(wrong)).ok()
    }

    /// Checks a comparison with a list. Its texts whose case does not matter are compared apart from the other values.
    fn among(
        &mut self,
        left: Operand,
        op: Comparison,
        (list, of, written): (&ListRef, ValueType, &ast::Operand),
        all: bool,
    ) -> Option<Condition> {
        let (exact, caseless) = self.list(list, of, written, op)?;
        let right = |values| if all { Right::AllOf(values) } else { Right::AnyOf(values) };
        let compare = |left, right| Condition::Compare { left, op, right };
        if caseless.is_empty() {
            return Some(compare(left, right(exact)));
        }
        let ignoring = compare(left.clone(), Right::IgnoringCase(Box::new(right(caseless))));
        if exact.is_empty() {
            return Some(ignoring);
        }
        let parts = vec![compare(left, right(exact)), ignoring];
        Some(if all { Condition::All(parts) } else { Condition::AnyOf(parts) })
    }

    /// Puts the condition of a definition in place of its name. Mistakes in it are reported at the definition, except for captures
    /// that this pattern does not have.
    fn named(&mut self, name: &ast::Reference) -> Option<Condition> {
        let (full, condition) = match self.scope.names.condition(name) {
            Ok(found) => found,
            Err(Some(wrong)) => return self.report(wrong),
            Err(None) => return self.report(error::in_definition(name.span, &name.node, "there is a mistake")),
        };
        if self.scope.within.contains(&full) {
            return self.report(error::circular_define(name.span, &name.node));
        }
        let within = self.scope.within.iter().cloned().chain([full]).collect();
        let scope = ConditionScope { within, ..*self.scope };
        let mut found = Vec::new();
        let checked = ConditionCheck { scope: &scope, diagnostics: &mut found }.condition(condition);
        let is_error = |wrong: &Diagnostic| wrong.severity == Severity::Error;
        match found.into_iter().find(is_error) {
            Some(wrong) if error::is_circular(&wrong) => self.report(error::circular_define(name.span, &name.node)),
            Some(wrong) => self.report(error::in_definition(name.span, &name.node, &wrong.title)),
            None => checked,
        }
    }

    /// `2 of sel_*`, `all of sel_*`.
    fn several(&mut self, at_least: Option<&Spanned<String>>, name: &Spanned<String>) -> Option<Condition> {
        let names = self.scope.names.conditions(name.node.trim_end_matches('*'));
        if names.is_empty() {
            let near = self.scope.names.near_group(name.node.trim_end_matches('*'));
            return self.report(error::no_conditions(name.span, &name.node, near.as_deref()));
        }
        let parts: Vec<Option<Condition>> =
            names.into_iter().map(|node| self.named(&Spanned { node, span: name.span })).collect();
        let parts: Vec<Condition> = parts.into_iter().collect::<Option<_>>()?;
        let Some(number) = at_least else { return Some(Condition::All(parts)) };
        let wanted = number.node.parse::<usize>().ok().filter(|wanted| (1..=parts.len()).contains(wanted));
        let Some(wanted) = wanted else {
            let most = parts.len();
            let help =
                format!("write a number from 1 to {most}, since so many conditions have such a name, or `all of`");
            return self
                .report(error::bad_value(number.span, &number.node, "is more or less than there are").help(help));
        };
        match some_of(&parts, wanted) {
            Some(condition) => Some(condition),
            None => {
                let wrong = error::bad_value(number.span, &number.node, "of so many conditions is too much to try");
                self.report(wrong.help("write `1 of` or `all of`, or give fewer conditions this name"))
            }
        }
    }

    /// Checks that a field is `.time`, which is compared with times of day.
    fn time_field(&mut self, field: &ast::Operand) -> Option<()> {
        let is_time = |steps: &[PathStep]| matches!(steps, [PathStep::Name(name)] if name == "time" || name == "timestamp" || name == "@timestamp");
        match field {
            ast::Operand::Field(path) if self.scope.of == ConditionSubject::Finding => {
                self.report(error::field_of_finding(path.span))
            }
            ast::Operand::Field(path) if is_time(&path.node) => Some(()),
            other => self.report(error::not_the_time(other.span(), &show(other))),
        }
    }

    /// Checks a comparison of `.severity`, whose right side consists of words for levels.
    fn severity(&mut self, left: &ast::Operand, op: Comparison, right: &ast::Right) -> Option<Condition> {
        let operand = self.operand(left, false);
        let levels = match right {
            ast::Right::Operand(ast::Operand::Word(word)) => self.level(&word.node, word.span).map(|level| vec![level]),
            ast::Right::Literal(literal) => self.level(&literal.text, literal.span).map(|level| vec![level]),
            ast::Right::AnyOf(list) | ast::Right::AllOf(list) => {
                let literals = self.literals(list)?;
                let levels: Vec<_> = literals.iter().map(|literal| self.level(&literal.text, literal.span)).collect();
                levels.into_iter().collect()
            }
            ast::Right::Operand(_) => None,
        };
        let needs_all = matches!(right, ast::Right::AllOf(_));
        let (operand, _) = operand?;
        Some(Condition::Severity(operand, SeverityTest { op, levels: levels?, needs_all }))
    }

    fn level(&mut self, word: &str, span: Span) -> Option<Level> {
        Level::by_word(word.as_bytes()).or_else(|| self.report(error::unknown_severity(span, word)))
    }

    fn compare(&mut self, left: &ast::Operand, op: &Spanned<Comparison>, right: &ast::Right) -> Option<Condition> {
        let with_field = matches!(right, ast::Right::Operand(operand) if !matches!(operand, ast::Operand::Word(_)));
        if let ast::Right::Literal(literal) = right
            && literal.kind == LiteralKind::Null
        {
            return self.null(left, op);
        }
        if is_severity(left) && !searches_text(op.node) && !with_field && !self.is_capture(right) {
            return self.severity(left, op.node, right);
        }
        if is_nearly_severity(left) && !searches_text(op.node) && self.is_level(right) {
            // The name of the field is reported.
            return self.severity(left, op.node, right);
        }
        let checked = self.operand(left, false);
        if let (Some(wrong), ast::Right::Operand(_)) = (plain_text::level_by_alphabet(left, op, right), right) {
            return self.report(wrong);
        }
        if let ast::Right::Operand(right) = right {
            let right_checked = self.operand(right, true);
            let ((operand, of), (other, of_other)) = checked.zip(right_checked)?;
            if of != of_other && of != ValueType::Any && of_other != ValueType::Any {
                let cannot = format!("cannot be compared with {}", of_other.name());
                return self.report(error::type_mismatch(right.span(), &show(left), of.name(), &cannot));
            }
            return Some(Condition::Compare { left: operand, op: op.node, right: Right::Operand(other) });
        }
        let (operand, of) = checked?;
        self.diagnostics.extend(plain_text::level_by_alphabet(left, op, right));
        match right {
            ast::Right::Literal(literal) if of != ValueType::Ip => {
                self.diagnostics.extend(plain_text::remark(left, op, literal))
            }
            ast::Right::AnyOf(ListRef::Here(list)) | ast::Right::AllOf(ListRef::Here(list)) => {
                self.diagnostics.extend(list.node.iter().find_map(|literal| plain_text::remark(left, op, literal)));
            }
            _ => {}
        }
        let op = self.fitting(left, op, of)?;
        let written_right = right;
        let right = match right {
            ast::Right::Literal(literal) => Right::Value(self.value(literal, of, left, op)?),
            ast::Right::AnyOf(list) => return self.among(operand, op, (list, of, left), false),
            ast::Right::AllOf(list) => return self.among(operand, op, (list, of, left), true),
            ast::Right::Operand(_) => return None,
        };
        let is_caseless = matches!(written_right, ast::Right::Literal(literal) if self.is_caseless(literal, left));
        let right = if is_caseless { Right::IgnoringCase(Box::new(right)) } else { right };
        Some(Condition::Compare { left: operand, op, right })
    }

    /// Whether a text is compared with a field without regard to case.
    pub(super) fn is_caseless(&self, literal: &LiteralValue, left: &ast::Operand) -> bool {
        let of_field = || matches!(left, ast::Operand::Field(path) if self.scope.names.ignores_case(&path.node));
        match literal.kind {
            LiteralKind::TextIgnoringCase => true,
            LiteralKind::Text => of_field(),
            _ => false,
        }
    }

    /// `.a == null`: the field is missing, or it is null.
    fn null(&mut self, left: &ast::Operand, op: &Spanned<Comparison>) -> Option<Condition> {
        let (operand, _) = self.operand(left, false)?;
        let exists = Condition::Exists(operand);
        match op.node {
            Comparison::Equal => Some(Condition::Not(Box::new(exists))),
            Comparison::NotEqual => Some(exists),
            _ => {
                let left = show(left);
                self.report(error::bad_value(op.span, &op.node.to_string(), "cannot compare with null").help(format!(
                    "write `{left} == null` for a field that is missing or null, `{left} != null` for any other"
                )))
            }
        }
    }

    /// Whether `right` is a word for a level and no capture.
    fn is_level(&self, right: &ast::Right) -> bool {
        let ast::Right::Operand(ast::Operand::Word(word)) = right else { return false };
        Level::by_word(word.node.as_bytes()).is_some() && self.scope.captures.kind(&word.node).is_none()
    }

    /// Whether `right` is a capture. A word for a level is none, even if a capture has that name.
    fn is_capture(&self, right: &ast::Right) -> bool {
        let ast::Right::Operand(ast::Operand::Word(word)) = right else { return false };
        Level::by_word(word.node.as_bytes()).is_none() && self.scope.captures.kind(&word.node).is_some()
    }

    /// Returns the comparison if it makes sense for a value of type `of`, and reports it otherwise.
    fn fitting(&mut self, left: &ast::Operand, op: &Spanned<Comparison>, of: ValueType) -> Option<Comparison> {
        if searches_text(op.node) && !matches!(of, ValueType::Text | ValueType::Any) {
            let wrong = error::type_mismatch(op.span, &show(left), of.name(), "has no text to search");
            let wrong = if of == ValueType::Ip { wrong.help("use `in cidr \"10.0.0.0/8\"`") } else { wrong };
            return self.report(wrong);
        }
        Some(op.node)
    }

    fn regex(&mut self, left: &ast::Operand, source: &ast::Quoted, flags: &Spanned<String>) -> Option<Condition> {
        let checked = self.operand(left, false);
        let regex = match Pattern::regex(&source.node, &flags.node) {
            Ok(regex) => Arc::new(regex),
            Err(wrong) => return self.report(error::bad_pattern(&wrong, source.span.start)),
        };
        let (operand, of) = checked?;
        if !matches!(of, ValueType::Text | ValueType::Any) {
            let wrong = error::type_mismatch(left.span(), &show(left), of.name(), "has no text to search");
            return self.report(wrong);
        }
        let whole = Span::new(left.span().start, flags.span.end.max(source.span.end + 1));
        if super::pattern::matches_all(&regex) {
            let help = "write what must be in the text, or `exists`";
            self.diagnostics.push(error::always_true(whole, None, "the regex matches every text", help));
        }
        self.diagnostics.extend(super::pattern::odd_regex(&source.node, source.span.start));
        Some(Condition::Regex(operand, RegexTest(regex)))
    }

    fn cidr(&mut self, left: &ast::Operand, networks: &ListRef) -> Option<Condition> {
        let checked = self.operand(left, false);
        let literals = self.literals(networks)?;
        let mut found = Vec::new();
        for network in &literals {
            match parse_cidr(&network.text) {
                Some((address, prefix)) => {
                    self.diagnostics.extend(host_bits(network, address, prefix));
                    found.push((address, prefix));
                }
                None if let Some(range) = as_network(&network.text) => {
                    let wrong = error::bad_value(network.span, &network.text, "is not a network");
                    self.diagnostics.push(wrong.help(format!("write `\"{range}\"`")).replace(network.span, range));
                }
                None if network.text.contains('-') => {
                    let wrong = error::bad_value(network.span, &network.text, "is a range of addresses, not a network");
                    self.diagnostics.push(
                        wrong.help(
                            "write the networks that it consists of: `in cidr [\"10.0.0.1/32\", \"10.0.0.2/31\"]`",
                        ),
                    );
                }
                None => {
                    let wrong = error::bad_value(network.span, &network.text, "is not a network");
                    self.diagnostics.push(wrong.help("write `\"192.0.2.0/24\"` or `\"2001:db8::/32\"`"));
                }
            }
        }
        let (operand, of) = checked?;
        if !matches!(of, ValueType::Ip | ValueType::Text | ValueType::Any) {
            return self.report(error::type_mismatch(left.span(), &show(left), of.name(), "cannot be in a network"));
        }
        if found.len() < literals.len() {
            return None;
        }
        let in_network = |(address, prefix)| Condition::InCidr(operand.clone(), address, prefix);
        let mut networks: Vec<Condition> = found.into_iter().map(in_network).collect();
        Some(if networks.len() == 1 { networks.remove(0) } else { Condition::AnyOf(networks) })
    }
}

/// The network that `10.0.0.*` or a single address means.
fn as_network(text: &str) -> Option<String> {
    if text.parse::<std::net::Ipv4Addr>().is_ok() {
        return Some(format!("{text}/32"));
    }
    let bytes: Vec<&str> = text.split('.').collect();
    let n = bytes.iter().take_while(|byte| byte.parse::<u8>().is_ok()).count();
    let is_wild =
        (1..4).contains(&n) && bytes[n..].iter().all(|byte| matches!(*byte, "*" | "x" | "")) && bytes.len() <= 4;
    let address: Vec<&str> =
        bytes[..n.min(bytes.len())].iter().copied().chain(std::iter::repeat("0")).take(4).collect();
    is_wild.then(|| format!("{}/{}", address.join("."), n * 8))
}

/// Warns of a network whose address has bits behind the prefix.
fn host_bits(written: &LiteralValue, address: std::net::IpAddr, prefix: u8) -> Option<Diagnostic> {
    let std::net::IpAddr::V4(address) = address else { return None };
    let mask = u32::MAX.checked_shl(32 - u32::from(prefix.min(32))).unwrap_or(0);
    let network = std::net::Ipv4Addr::from(u32::from(address) & mask);
    (network != address).then(|| error::host_bits(written.span, &written.text, &format!("{network}/{prefix}")))
}

/// Whether the operand is `.severity` with a slip.
fn is_nearly_severity(operand: &ast::Operand) -> bool {
    let ast::Operand::Field(field) = operand else { return false };
    matches!(field.node.as_slice(), [PathStep::Name(name)] if crate::diagnostic::is_slip(name, "severity"))
}

/// The most choices of conditions that are tried for `3 of sel_*`.
const MOST_CHOICES: usize = 1_000;

/// At least `wanted` of the parts hold: one of the choices of so many parts holds as a whole. `None` if there are too many.
fn some_of(parts: &[Condition], wanted: usize) -> Option<Condition> {
    if wanted == 1 {
        return Some(Condition::AnyOf(parts.to_vec()));
    }
    let mut choices: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..wanted {
        let longer = choices.iter().flat_map(|choice| {
            let from = choice.last().map_or(0, |last| last + 1);
            (from..parts.len()).map(move |next| choice.iter().copied().chain([next]).collect::<Vec<usize>>())
        });
        choices = longer.take(MOST_CHOICES + 1).collect();
    }
    let all_of = |choice: Vec<usize>| Condition::All(choice.into_iter().map(|at| parts[at].clone()).collect());
    (choices.len() <= MOST_CHOICES).then(|| match choices.len() {
        1 => Condition::All(parts.to_vec()),
        _ => Condition::AnyOf(choices.into_iter().map(all_of).collect()),
    })
}

/// Whether the operand is `.severity`.
fn is_severity(operand: &ast::Operand) -> bool {
    matches!(operand, ast::Operand::Field(field) if matches!(field.node.as_slice(), [PathStep::Name(name)] if name == "severity"))
}

/// Whether a comparison looks for text in a value.
pub(super) fn searches_text(comparison: Comparison) -> bool {
    matches!(comparison, Comparison::Has | Comparison::Starts | Comparison::Ends | Comparison::Like)
}
