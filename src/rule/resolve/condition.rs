//! Resolves conditions: looks up operands, and gives each literal the type of the operand that it is compared with.

use std::net::IpAddr;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Severity};
use crate::level::Level;
use crate::pattern::quantity::{duration_prefix, size_prefix};
use crate::pattern::{HoleKind, Pattern};
use crate::rule::ast::{self, ListRef, LiteralKind, LiteralValue, Spanned};
use crate::rule::error;
use crate::rule::program::{Comparison, Condition, FieldPath, Operand, PathStep, RegexTest, Right, SeverityTest};
use crate::source::Span;
use crate::value::Value;

use super::contradiction;
use super::template::Captures;
use super::value::unescape;

/// The values that a condition can use.
pub(super) struct ConditionScope<'a> {
    pub(super) captures: &'a Captures,
    pub(super) of: ConditionSubject,
    pub(super) list: &'a FindList<'a>,
}

/// Looks up the list that a `define` contains. `Err(None)` if a mistake in the `define` itself is reported elsewhere.
pub(super) type FindList<'a> = dyn Fn(&ast::Reference) -> Result<Vec<LiteralValue>, Option<Diagnostic>> + 'a;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConditionSubject {
    /// A record. The condition can use its fields and captures.
    Record,
    /// A finding. The condition can use its captures and `count`.
    Finding,
}

/// The type of an operand, as far as it is known before a record is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ValueType {
    Text,
    Number,
    Duration,
    Size,
    Ip,
    Time,
    /// A field, whose type depends on the record.
    Any,
}

impl ValueType {
    fn of_hole(kind: HoleKind) -> ValueType {
        match kind {
            HoleKind::Int | HoleKind::Num => ValueType::Number,
            HoleKind::Dur => ValueType::Duration,
            HoleKind::Size => ValueType::Size,
            HoleKind::Ip => ValueType::Ip,
            HoleKind::Time => ValueType::Time,
            HoleKind::Word
            | HoleKind::Hex
            | HoleKind::Uuid
            | HoleKind::Email
            | HoleKind::Host
            | HoleKind::Path
            | HoleKind::Url
            | HoleKind::Quoted
            | HoleKind::Stretch
            | HoleKind::Rest
            | HoleKind::Group => ValueType::Text,
        }
    }

    fn name(self) -> &'static str {
        match self {
            ValueType::Text => "text",
            ValueType::Number => "a number",
            ValueType::Duration => "a time",
            ValueType::Size => "a size",
            ValueType::Ip => "an address",
            ValueType::Time => "a date",
            ValueType::Any => "a field",
        }
    }
}

/// Returns whether a condition uses `count`. If so, it is about a finding, not about a record.
pub(super) fn uses_count(condition: &ast::Condition) -> bool {
    let is_count = |operand: &ast::Operand| matches!(operand, ast::Operand::Word(word) if word.node == "count");
    match condition {
        ast::Condition::All(parts) | ast::Condition::AnyOf(parts) => parts.iter().any(uses_count),
        ast::Condition::Not(part) => uses_count(part),
        ast::Condition::Compare { left, right, .. } => {
            is_count(left) || matches!(right, ast::Right::Operand(right) if is_count(right))
        }
        ast::Condition::Exists(left)
        | ast::Condition::Regex { left, .. }
        | ast::Condition::InCidr(left, _)
        | ast::Condition::In(left, _) => is_count(left),
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

struct ConditionCheck<'a, 'd> {
    scope: &'a ConditionScope<'a>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl ConditionCheck<'_, '_> {
    fn report<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
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
            ast::Condition::InCidr(left, network) => return self.cidr(left, network),
            ast::Condition::In(left, list) if is_severity(left) => {
                return self.severity(left, Comparison::Equal, &ast::Right::AnyOf(list.clone()));
            }
            ast::Condition::In(left, list) => {
                let (operand, of) = self.operand(left, false)?;
                let values = self.list(list, of, left, Comparison::Equal)?;
                Condition::Compare { left: operand, op: Comparison::Equal, right: Right::AnyOf(values) }
            }
        })
    }

    fn operand(&mut self, written: &ast::Operand, on_the_right: bool) -> Option<(Operand, ValueType)> {
        match written {
            ast::Operand::Field(field) => match self.scope.of {
                ConditionSubject::Finding => self.report(error::field_of_finding(field.span)),
                ConditionSubject::Record => {
                    self.diagnostics.extend(unknown_field(field));
                    let steps = field.node.iter().map(|step| step.clone().map_or(PathStep::Each, PathStep::Name));
                    Some((Operand::Field(FieldPath(steps.collect())), ValueType::Any))
                }
            },
            // A condition that uses `count` is never about a record: see `uses_count`.
            ast::Operand::Word(word) if word.node == "count" => Some((Operand::Count, ValueType::Number)),
            ast::Operand::Word(word) => match self.scope.captures.kind(&word.node) {
                Some(kind) => Some((Operand::Capture(word.node.clone()), ValueType::of_hole(kind))),
                None if self.scope.captures.incomplete => Some((Operand::Capture(word.node.clone()), ValueType::Any)),
                None => {
                    let unknown = self.unknown_capture(word, on_the_right);
                    self.report(unknown)
                }
            },
        }
    }

    fn unknown_capture(&self, word: &Spanned<String>, on_the_right: bool) -> Diagnostic {
        let names = self.scope.captures.names();
        let diagnostic = error::unknown_capture(word.span, &word.node, &names);
        let name = &word.node;
        match error::did_you_mean(name, names.iter().copied()) {
            Some(_) => diagnostic,
            None if on_the_right => {
                let quoted = format!("\"{name}\"");
                diagnostic.help(format!("text is written in quotes: `{quoted}`")).replace(word.span, quoted)
            }
            None if self.scope.of == ConditionSubject::Record => {
                let field = format!(".{name}");
                diagnostic
                    .help(format!("a field of the record is written with a dot: `{field}`"))
                    .replace(word.span, field)
            }
            None if names.is_empty() => diagnostic.help("the pattern has no captures; the condition can use `count`"),
            None => diagnostic,
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
            ast::Right::Operand(ast::Operand::Field(_)) => None,
        };
        let needs_all = matches!(right, ast::Right::AllOf(_));
        let (operand, _) = operand?;
        Some(Condition::Severity(operand, SeverityTest { op, levels: levels?, needs_all }))
    }

    fn level(&mut self, word: &str, span: Span) -> Option<Level> {
        Level::by_word(word.as_bytes()).or_else(|| self.report(error::unknown_severity(span, word)))
    }

    fn compare(&mut self, left: &ast::Operand, op: &Spanned<Comparison>, right: &ast::Right) -> Option<Condition> {
        let with_field = matches!(right, ast::Right::Operand(ast::Operand::Field(_)));
        if is_severity(left) && !searches_text(op.node) && !with_field && !self.is_capture(right) {
            return self.severity(left, op.node, right);
        }
        let checked = self.operand(left, false);
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
        let op = self.fitting(left, op, of)?;
        let right = match right {
            ast::Right::Literal(literal) => Right::Value(self.value(literal, of, left, op)?),
            ast::Right::AnyOf(list) => Right::AnyOf(self.list(list, of, left, op)?),
            ast::Right::AllOf(list) => Right::AllOf(self.list(list, of, left, op)?),
            ast::Right::Operand(_) => return None,
        };
        Some(Condition::Compare { left: operand, op, right })
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
        Some(Condition::Regex(operand, RegexTest(regex)))
    }

    fn cidr(&mut self, left: &ast::Operand, network: &ast::Quoted) -> Option<Condition> {
        let checked = self.operand(left, false);
        let Some((address, prefix)) = parse_cidr(&network.node) else {
            let wrong = error::bad_value(network.span, &network.node, "is not a network");
            return self.report(wrong.help("write `\"192.0.2.0/24\"` or `\"2001:db8::/32\"`"));
        };
        let (operand, of) = checked?;
        if !matches!(of, ValueType::Ip | ValueType::Text | ValueType::Any) {
            return self.report(error::type_mismatch(left.span(), &show(left), of.name(), "cannot be in a network"));
        }
        Some(Condition::InCidr(operand, address, prefix))
    }

    fn literals(&mut self, list: &ListRef) -> Option<Vec<LiteralValue>> {
        match list {
            ListRef::Here(list) => Some(list.node.clone()),
            ListRef::Named(name) => match (self.scope.list)(name) {
                Ok(literals) => Some(literals),
                Err(Some(unknown)) => self.report(unknown),
                // The mistake of the definition was reported; its values do not matter.
                Err(None) => Some(Vec::new()),
            },
        }
    }

    fn list(
        &mut self,
        list: &ListRef,
        of: ValueType,
        left: &ast::Operand,
        op: Comparison,
    ) -> Option<Vec<Value<'static>>> {
        let literals = self.literals(list)?;
        let values: Vec<Option<Value<'static>>> =
            literals.iter().map(|literal| self.value(literal, of, left, op)).collect();
        values.into_iter().collect()
    }

    /// Converts a literal to the type `of` that it is compared with. Reports it if that is impossible.
    fn value(
        &mut self,
        literal: &LiteralValue,
        of: ValueType,
        left: &ast::Operand,
        op: Comparison,
    ) -> Option<Value<'static>> {
        let (value, is) = match typed(literal, of) {
            Ok(typed) => typed,
            Err(wrong) => return self.report(wrong),
        };
        let into_other = searches_text(op) && op != Comparison::Has && is != ValueType::Text;
        if (of == ValueType::Any && !into_other) || of == is {
            return Some(value);
        }
        if of == ValueType::Any {
            let wrong = error::bad_value(literal.span, &literal.text, "is not text");
            let quoted = format!("\"{}\"", literal.text);
            return self.report(wrong.help(format!("put it in quotes: `{quoted}`")).replace(literal.span, quoted));
        }
        let cannot = format!("cannot be compared with {} (`{}`)", is.name(), literal.text);
        let wrong = error::type_mismatch(literal.span, &show(left), of.name(), &cannot);
        let wrong = match of {
            ValueType::Duration if is == ValueType::Number => {
                let end = Span::new(literal.span.end, literal.span.end);
                wrong.help(format!("give it a unit, such as `{}s`", literal.text)).replace(end, "s")
            }
            ValueType::Duration => wrong.help("give it a unit, such as `5s`"),
            ValueType::Size => wrong.help("give it a unit, such as `10MiB`"),
            ValueType::Number if is == ValueType::Text && literal.text.parse::<f64>().is_ok() => {
                let quoted = Span::new(literal.span.start - 1, literal.span.end + 1);
                wrong.help(format!("write `{}` without quotes", literal.text)).replace(quoted, literal.text.as_str())
            }
            ValueType::Text if is == ValueType::Number => wrong
                .help(format!("give the hole a type, such as `{{{}:int}}`, or put the number in quotes", show(left))),
            _ => wrong,
        };
        self.report(wrong)
    }
}

/// Warns of a field whose name is nearly that of a field that records have in every format.
fn unknown_field(field: &Spanned<Vec<Option<String>>>) -> Option<Diagnostic> {
    // Short names have too many neighbours that logs use, such as `port` and `cost` for `host`.
    const FIELDS: [&str; 7] = ["program", "level", "severity", "reply", "direction", "message", "timestamp"];
    let [Some(name)] = field.node.as_slice() else { return None };
    if name.starts_with('@') {
        return None;
    }
    let near = FIELDS.into_iter().find(|known| {
        let is_longer = name.starts_with(known) || known.starts_with(name.as_str());
        let most = if known.len() >= 8 { 2 } else { 1 };
        !is_longer && strsim::damerau_levenshtein(name, known) <= most
    })?;
    let same = FIELDS.contains(&name.as_str()) || name.eq_ignore_ascii_case(near);
    (!same).then(|| error::unknown_field(field.span, name, near))
}

/// Whether the operand is `.severity`.
fn is_severity(operand: &ast::Operand) -> bool {
    matches!(operand, ast::Operand::Field(field) if matches!(field.node.as_slice(), [Some(name)] if name == "severity"))
}

fn show(operand: &ast::Operand) -> String {
    match operand {
        ast::Operand::Word(word) => word.node.clone(),
        ast::Operand::Field(field) => {
            field.node.iter().map(|step| step.as_ref().map_or("[*]".to_string(), |name| format!(".{name}"))).collect()
        }
    }
}

/// Returns the value of a literal and its type. Text becomes an address or a date if `of` is that type.
fn typed(literal: &LiteralValue, of: ValueType) -> Result<(Value<'static>, ValueType), Diagnostic> {
    let text = literal.text.as_str();
    let bad = |why: &str| error::bad_value(literal.span, text, why);
    Ok(match (literal.kind, of) {
        (LiteralKind::Text, ValueType::Ip) => {
            let address: IpAddr = text.parse().map_err(|_| bad("is not an address"))?;
            (Value::Ip(address), ValueType::Ip)
        }
        (LiteralKind::Text, ValueType::Time) => {
            let written = Spanned { node: text.to_string(), span: literal.span };
            (Value::Time(super::value::instant(&written)?), ValueType::Time)
        }
        (LiteralKind::Text, _) => (Value::Text(unescape(text).into_bytes().into()), ValueType::Text),
        (LiteralKind::Word, _) => return Err(error::unquoted(literal.span, text)),
        (LiteralKind::Percent, _) => {
            let percent: f64 = text.trim_end_matches('%').parse().map_err(|_| bad("is not a percentage"))?;
            (Value::Num(percent / 100.0), ValueType::Number)
        }
        (LiteralKind::Quantity, _) => {
            quantity(text).ok_or_else(|| error::wrong_unit(literal.span, text, "has an unknown unit"))?
        }
        (LiteralKind::Number, ValueType::Size) => {
            (Value::Size(text.parse().map_err(|_| bad("is not a size"))?), ValueType::Size)
        }
        (LiteralKind::Number, _) => match text.parse::<i64>() {
            Ok(whole) => (Value::Int(whole), ValueType::Number),
            Err(_) => (Value::Num(text.parse().map_err(|_| bad("is not a number"))?), ValueType::Number),
        },
        (LiteralKind::Boolean, _) => (Value::Bool(text == "true"), ValueType::Any),
    })
}

fn quantity(text: &str) -> Option<(Value<'static>, ValueType)> {
    let whole = |len: &usize| *len == text.len();
    let duration = duration_prefix(text.as_bytes()).filter(|(_, len)| whole(len));
    let size = || size_prefix(text.as_bytes()).filter(|(_, len)| whole(len));
    match duration {
        Some((duration, _)) => Some((Value::Duration(duration), ValueType::Duration)),
        None => size().map(|(size, _)| (Value::Size(size), ValueType::Size)),
    }
}

fn parse_cidr(network: &str) -> Option<(IpAddr, u8)> {
    let (address, prefix) = network.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    let prefix: u8 = prefix.parse().ok()?;
    (prefix <= if address.is_ipv4() { 32 } else { 128 }).then_some((address, prefix))
}

/// Whether a comparison looks for text in a value.
fn searches_text(comparison: Comparison) -> bool {
    matches!(comparison, Comparison::Has | Comparison::Starts | Comparison::Ends | Comparison::Like)
}
