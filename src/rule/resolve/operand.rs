//! Resolves the operands of conditions: captures, fields, the count, and arithmetic on them.

use crate::diagnostic::Diagnostic;
use crate::pattern::HoleKind;
use crate::rule::ast::{self, Spanned};
use crate::rule::error;
use crate::rule::program::{Arithmetic, FieldPath, Operand, PathStep};

use super::condition::{ConditionCheck, ConditionSubject};

/// The type of an operand, as far as it is known before a record is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueType {
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
    pub(super) fn of_hole(kind: HoleKind) -> ValueType {
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

    pub(super) fn name(self) -> &'static str {
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

impl ConditionCheck<'_, '_> {
    pub(super) fn operand(&mut self, written: &ast::Operand, on_the_right: bool) -> Option<(Operand, ValueType)> {
        match written {
            ast::Operand::Field(field) => self.field(field),
            ast::Operand::AnyField(span) => match self.scope.of {
                ConditionSubject::Finding => self.report(error::field_of_finding(*span)),
                ConditionSubject::Record => Some((Operand::AnyField, ValueType::Any)),
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
            ast::Operand::Number(literal) => {
                let (value, of) = self.number(literal)?;
                Some((Operand::Number(value), of))
            }
            ast::Operand::Computed(left, op, right) => self.computed(left, op, right),
        }
    }

    /// A field of the record; of a finding, a field that the texts of its symptom show.
    fn field(&mut self, field: &Spanned<Vec<PathStep>>) -> Option<(Operand, ValueType)> {
        let path = FieldPath(field.node.clone());
        let name = path.to_string();
        match self.scope.of {
            ConditionSubject::Finding if self.scope.captures.kind(&name).is_some() => {
                Some((Operand::Capture(name), ValueType::Any))
            }
            ConditionSubject::Finding => self.report(error::field_of_finding(field.span)),
            ConditionSubject::Record => {
                self.diagnostics.extend(unknown_field(field));
                Some((Operand::Field(path), ValueType::Any))
            }
        }
    }

    fn computed(
        &mut self,
        left: &ast::Operand,
        op: &Spanned<Arithmetic>,
        right: &ast::Operand,
    ) -> Option<(Operand, ValueType)> {
        let (first, second) = (self.operand(left, false), self.operand(right, true));
        let ((first, of_first), (second, of_second)) = first.zip(second)?;
        let is_number = |of| matches!(of, ValueType::Number | ValueType::Duration | ValueType::Size | ValueType::Any);
        for (operand, of) in [(left, of_first), (right, of_second)] {
            if !is_number(of) {
                let wrong = error::type_mismatch(operand.span(), &show(operand), of.name(), "cannot be computed with");
                let help = format!("give its hole a type, such as `{{{}:num}}`", show(operand));
                return self.report(if of == ValueType::Text { wrong.help(help) } else { wrong });
            }
        }
        let of = match (of_first, op.node, of_second) {
            (ValueType::Any, ..) | (.., ValueType::Any) => ValueType::Any,
            (a, Arithmetic::By, b) if a == b => ValueType::Number,
            (a, Arithmetic::Plus | Arithmetic::Minus, b) if a == b => a,
            (a, Arithmetic::Times | Arithmetic::By, ValueType::Number) => a,
            (ValueType::Number, Arithmetic::Times, b) => b,
            (a, _, b) => {
                let cannot = format!("cannot be computed with {}", b.name());
                return self.report(error::type_mismatch(op.span, &show(left), a.name(), &cannot));
            }
        };
        Some((Operand::Computed(Box::new(first), op.node, Box::new(second)), of))
    }

    fn unknown_capture(&self, word: &Spanned<String>, on_the_right: bool) -> Diagnostic {
        let names = self.scope.captures.names();
        let diagnostic = error::unknown_capture(word.span, &word.node, &names);
        let name = &word.node;
        match error::did_you_mean(name, names.iter().copied()) {
            Some(_) => diagnostic,
            None if on_the_right && constant(name).is_some() => {
                let meant = constant(name).unwrap_or_default();
                diagnostic.help(format!("write `{meant}`, or text in quotes: `\"{name}\"`")).replace(word.span, meant)
            }
            None if on_the_right => {
                let quoted = format!("\"{name}\"");
                diagnostic.help(format!("text is written in quotes: `{quoted}`")).replace(word.span, quoted)
            }
            None if self.scope.of == ConditionSubject::Record => {
                let field = format!(".{name}");
                let help = format!("a field of the record is written with a dot: `{field}`");
                diagnostic.help(help).replace(word.span, field).proposed()
            }
            None if names.is_empty() => diagnostic.help("the pattern has no captures; the condition can use `count`"),
            None => diagnostic,
        }
    }

    /// Returns what 100 % of an operand is: 100 for a capture that is followed by `%` and a field that is called so, 1 for a ratio.
    /// `None` if it is unknown.
    pub(super) fn whole(&self, operand: &ast::Operand) -> Option<f64> {
        match operand {
            ast::Operand::Word(word) => self.scope.captures.is_percent(&word.node).then_some(100.0),
            ast::Operand::Field(field) => {
                let [.., PathStep::Name(name)] = field.node.as_slice() else { return None };
                let name = name.to_lowercase();
                let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
                match field.node.len() {
                    _ if has(&["percent", "pct"]) => Some(100.0),
                    _ if has(&["ratio", "fraction", "utilization", "utilisation"]) => Some(1.0),
                    // The value of a metric, whose base units make ratios of shares.
                    1 if name == "value" => Some(1.0),
                    _ => None,
                }
            }
            ast::Operand::Computed(_, op, _) => (op.node == Arithmetic::By).then_some(1.0),
            ast::Operand::AnyField(_) | ast::Operand::Number(_) => None,
        }
    }
}

/// The constant that a word of other languages means.
fn constant(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        "true" | "yes" => Some("true"),
        "false" | "no" => Some("false"),
        "null" | "nil" | "none" | "undefined" => Some("null"),
        _ => None,
    }
}

/// Prints an operand as rules write it.
pub(super) fn show(operand: &ast::Operand) -> String {
    match operand {
        ast::Operand::Word(word) => word.node.clone(),
        ast::Operand::Field(field) => FieldPath(field.node.clone()).to_string(),
        ast::Operand::AnyField(_) => "any field".to_owned(),
        ast::Operand::Number(literal) => literal.text.clone(),
        ast::Operand::Computed(left, op, right) => format!("{} {} {}", show(left), op.node.sign(), show(right)),
    }
}

/// Fields that records have in every format that has them, whatever their name in the log.
const FIELDS: &[&str] = &[
    "program",
    "level",
    "severity",
    "reply",
    "direction",
    "message",
    "timestamp",
    "host",
    "time",
    "event.id",
    "user.name",
    "source.ip",
    "destination.ip",
    "process.name",
];

/// Names of fields in logs in JSON, and the field that every format has.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("loglevel", "level"),
    ("log_level", "level"),
    ("eventid", "event.id"),
    ("event_id", "event.id"),
    ("msg_text", "message"),
    ("programm", "program"),
];

/// Warns of a field whose name is nearly that of a field that records have in every format.
fn unknown_field(field: &Spanned<Vec<PathStep>>) -> Option<Diagnostic> {
    let names: Option<Vec<&str>> = field
        .node
        .iter()
        .map(|step| match step {
            PathStep::Name(name) => Some(name.as_str()),
            PathStep::Each | PathStep::Index(_) => None,
        })
        .collect();
    let name = names?.join(".");
    if name.starts_with('@') || name.contains(' ') || FIELDS.contains(&name.as_str()) {
        return None;
    }
    if let Some((_, meant)) = OTHER_NAMES.iter().find(|(other, _)| *other == name) {
        return Some(error::unknown_field(field.span, &name, meant));
    }
    let near = FIELDS.iter().find(|known| {
        let is_longer = name.starts_with(**known) || known.starts_with(name.as_str());
        // Short names have too many neighbours that logs use, such as `port` and `cost` for `host`.
        let is_near = match known.len() {
            8.. => strsim::damerau_levenshtein(&name, known) <= 2,
            6..8 => strsim::damerau_levenshtein(&name, known) <= 1,
            _ => crate::diagnostic::is_slip(&name, known) && name.len() == known.len(),
        };
        !is_longer && is_near && !name.eq_ignore_ascii_case(known)
    })?;
    Some(error::unknown_field(field.span, &name, near))
}
