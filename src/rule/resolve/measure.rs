//! Resolves the functions of a `when`: `count(a) >= 5`, `distinct(a.user) >= 3`, `ratio(bad, all) > 5%`.

use crate::pattern::HoleKind;
use crate::pattern::quantity::{duration_prefix, size_prefix};
use crate::rule::ast::{LiteralKind, LiteralValue, Measured, Reference, Spanned};
use crate::rule::error;
use crate::rule::program::{Comparison, FieldPath, PathStep, ValueUse};
use crate::source::Span;
use crate::timed::{Bound, Expr, Measure, Ordering, Slot};

use super::ItemContext;
use super::key::binding_value;
use super::when::SlotPlan;

/// The binding in `a.user`.
pub(super) fn binding_name(written: &Spanned<String>) -> Reference {
    let name = written.node.split('.').next().unwrap_or_default();
    Spanned { node: name.to_owned(), span: Span::new(written.span.start, written.span.start + name.len()) }
}

/// The bindings that a function speaks of. What is no binding, such as the capture in `distinct(user)`, is reported with the function.
pub(super) fn names(measured: &Measured) -> Vec<Reference> {
    let of_value = !matches!(measured.function.node.as_str(), "count" | "ratio");
    let mut names = measured.of.iter();
    let first = names.next().filter(|of| !of_value || of.node.contains('.'));
    let rest = names.filter(|_| !of_value);
    first.into_iter().chain(rest).map(binding_name).collect()
}

impl SlotPlan<'_> {
    pub(super) fn measured(&mut self, measured: &Measured, cx: &mut ItemContext<'_>) -> Option<Expr> {
        let function = measured.function.node.as_str();
        match function {
            "count" => self.count(measured, cx),
            "distinct" => {
                let (of, value) = self.value(measured, ValueUse::Identity, cx)?;
                Some(Expr::Distinct { of, value, at_least: at_least(measured, cx)? })
            }
            "ratio" => self.ratio(measured, cx),
            "sum" | "min" | "max" | "avg" | "p95" => {
                let (of, value) = self.value(measured, ValueUse::Number, cx)?;
                let kind = self.kind(measured);
                let limit = self.limit(measured, kind, cx)?;
                let measure = match function {
                    "sum" => Measure::Sum(of, value),
                    "min" => Measure::Min(of, value),
                    "max" => Measure::Max(of, value),
                    "avg" => Measure::Mean(of, value),
                    _ => Measure::P95(of, value),
                };
                self.windowed(measure, measured, limit, cx)
            }
            _ => {
                cx.diagnostics.push(error::unknown_function(measured.function.span, function));
                None
            }
        }
    }

    fn count(&mut self, measured: &Measured, cx: &mut ItemContext<'_>) -> Option<Expr> {
        let [name] = measured.of.as_slice() else { return one_binding(measured, cx) };
        if name.node.contains('.') {
            return one_binding(measured, cx);
        }
        let binding = self.named(&name.node)?;
        let of = self.slot(binding, false);
        if measured.usual.is_none() {
            return Some(Expr::Count { of, at_least: at_least(measured, cx)? });
        }
        let factor = match &measured.limit {
            None => 1.0,
            Some(limit) => number(limit, cx)?,
        };
        self.windowed(Measure::Unusual(of), measured, factor, cx)
    }

    fn ratio(&mut self, measured: &Measured, cx: &mut ItemContext<'_>) -> Option<Expr> {
        let [of, among] = measured.of.as_slice() else {
            let help =
                "write `ratio(bad, all) > 5%`: the number of records of the first, divided by that of the second";
            cx.diagnostics.push(error::wrong_function(measured.span, "`ratio` needs two bindings", help));
            return None;
        };
        let (of, among) = (self.named(&of.node)?, self.named(&among.node)?);
        let measure = Measure::Ratio(self.slot(of, false), self.slot(among, false));
        let limit = self.limit(measured, None, cx)?;
        let is_never = match measured.op.node {
            Comparison::Greater => limit >= 1.0,
            Comparison::GreaterOrEqual => limit > 1.0,
            _ => false,
        };
        if let (true, Some(written)) = (is_never, &measured.limit) {
            let percent = format!("{}%", written.text.trim_end_matches('%'));
            let wrong = error::never_true(measured.span, None, "a ratio is between 0 and 1, so it is never more");
            let wrong = wrong.help(format!("write `{percent}` for a share of 100"));
            cx.diagnostics.push(if limit <= 100.0 && written.kind == LiteralKind::Number {
                wrong.replace(written.span, percent)
            } else {
                wrong
            });
        }
        self.windowed(measure, measured, limit, cx)
    }

    fn windowed(
        &mut self,
        measure: Measure,
        measured: &Measured,
        limit: f64,
        cx: &mut ItemContext<'_>,
    ) -> Option<Expr> {
        let Some(window) = self.within else {
            cx.diagnostics.push(error::no_limit(measured.span, "within 10m"));
            return None;
        };
        let Some(ordering) = ordering(measured.op.node) else {
            let help = "compare it with `>`, `>=`, `<` or `<=`";
            cx.diagnostics.push(error::wrong_function(measured.op.span, "a window has no exact number", help));
            return None;
        };
        Some(Expr::Measured { measure, bound: Bound { ordering, limit }, window })
    }

    /// The slot of the records, and the index of the value that is measured.
    fn value(&mut self, measured: &Measured, how: ValueUse, cx: &mut ItemContext<'_>) -> Option<(Slot, usize)> {
        let path = match measured.of.as_slice() {
            [of] => of.node.split_once('.').map(|(_, path)| path),
            _ => None,
        };
        let Some(path) = path else {
            self.report_value(measured, cx);
            return None;
        };
        let binding = self.named(&binding_name(&measured.of[0]).node)?;
        let steps: Vec<PathStep> = path.split('.').map(|step| PathStep::Name(step.to_owned())).collect();
        let name = binding_value(&steps, &self.bindings.each[binding].0);
        let (captures, of) = (&self.bindings.each[binding].0, &measured.of[0]);
        if let ([PathStep::Name(step)], None) = (steps.as_slice(), captures.kind(path)) {
            let near = error::did_you_mean(step, captures.names());
            let span = Span::new(of.span.end - path.len(), of.span.end);
            cx.diagnostics.extend(near.map(|near| error::field_like_capture(span, step, near)));
        }
        if self.bindings.each[binding].0.kind(&name).is_none() {
            self.fields.push((name.clone(), FieldPath(steps)));
        }
        let value = (binding, name, how);
        let known = self.values.iter().position(|known| *known == value);
        let at = known.unwrap_or(self.values.len());
        if known.is_none() {
            self.values.push(value);
        }
        Some((self.slot(binding, false), at))
    }

    /// Reports a function without the value of a binding: `distinct(user)`, `distinct(a, user)`.
    fn report_value(&self, measured: &Measured, cx: &mut ItemContext<'_>) {
        let function = &measured.function.node;
        let names: Vec<&str> = measured.of.iter().map(|of| of.node.as_str()).collect();
        let has = |binding: usize, name: &str| self.bindings.each[binding].0.kind(name).is_some();
        let all = 0..self.bindings.bindings.len();
        let meant = match names.as_slice() {
            [capture] => {
                let mut owners = all.filter(|binding| has(*binding, capture));
                let owner = owners.next().filter(|_| owners.next().is_none());
                owner.map(|owner| format!("{}.{capture}", self.bindings.bindings[owner].name))
            }
            [binding, capture] => self.named(binding).map(|_| format!("{binding}.{capture}")),
            _ => None,
        };
        let what = format!("`{function}` needs a value of a binding");
        let wrong = match &meant {
            Some(meant) => error::wrong_function(measured.span, &what, &format!("write `{function}({meant})`")),
            None => {
                let help = format!("write `{function}(a.user)`: a capture or field of the binding `a`");
                error::wrong_function(measured.span, &what, &help)
            }
        };
        let place =
            measured.of.first().zip(measured.of.last()).map(|(first, last)| Span::new(first.span.start, last.span.end));
        cx.diagnostics.push(match (meant, place) {
            (Some(meant), Some(place)) => wrong.replace(place, meant),
            _ => wrong,
        });
    }

    /// The kind of the hole whose value is measured; `None` for a field.
    fn kind(&self, measured: &Measured) -> Option<HoleKind> {
        let (binding, capture) = measured.of.first()?.node.split_once('.')?;
        self.bindings.each[self.named(binding)?].0.kind(capture)
    }

    fn limit(&self, measured: &Measured, kind: Option<HoleKind>, cx: &mut ItemContext<'_>) -> Option<f64> {
        match &measured.limit {
            Some(limit) if measured.usual.is_none() => quantity(limit, kind, measured, cx),
            _ => {
                let span = measured.usual.unwrap_or(measured.span);
                let help = "write a number: `usual` is known for `count(a)` alone";
                cx.diagnostics.push(error::wrong_function(span, "`usual` is not known here", help));
                None
            }
        }
    }
}

fn one_binding(measured: &Measured, cx: &mut ItemContext<'_>) -> Option<Expr> {
    let help = "write `count(a) >= 5`; the different values of a capture are `distinct(a.user)`";
    cx.diagnostics.push(error::wrong_function(measured.span, "`count` needs one binding", help));
    None
}

fn ordering(op: Comparison) -> Option<Ordering> {
    Some(match op {
        Comparison::Greater => Ordering::Greater,
        Comparison::GreaterOrEqual => Ordering::GreaterOrEqual,
        Comparison::Less => Ordering::Less,
        Comparison::LessOrEqual => Ordering::LessOrEqual,
        _ => return None,
    })
}

/// The least number in `count(a) >= 5`.
fn at_least(measured: &Measured, cx: &mut ItemContext<'_>) -> Option<u64> {
    let function = &measured.function.node;
    let more = match measured.op.node {
        Comparison::GreaterOrEqual => 0,
        Comparison::Greater => 1,
        _ => {
            let what = format!("`{function}` is compared with `>=` or `>`");
            let help = format!("write `{function}(…) >= 5`; that nothing is seen is `no a for 10m`");
            cx.diagnostics.push(error::wrong_function(measured.op.span, &what, &help));
            return None;
        }
    };
    let written = measured.limit.as_ref().filter(|limit| limit.kind == LiteralKind::Number);
    let number = written.and_then(|limit| limit.text.parse::<u32>().ok()).map(|n| u64::from(n) + more);
    if number == Some(1) && measured.function.node == "distinct" {
        let help = "write the least number that is worth a finding, such as `>= 3`";
        cx.diagnostics.push(error::always_true(measured.span, None, "every record has at least one value", help));
    }
    if number.is_none_or(|number| number == 0) || measured.usual.is_some() {
        let what = format!("`{function}` is compared with a whole number of 1 or more");
        cx.diagnostics.push(error::wrong_function(measured.span, &what, &format!("write `{function}(…) >= 5`")));
        return None;
    }
    number
}

fn number(limit: &LiteralValue, cx: &mut ItemContext<'_>) -> Option<f64> {
    let number = limit.text.parse::<f64>().ok().filter(|_| limit.kind == LiteralKind::Number);
    if number.is_none() {
        cx.diagnostics.push(error::bad_value(limit.span, &limit.text, "is not a number"));
    }
    number
}

/// Reads a limit: a number, a size in bytes, a span of time in seconds; for a ratio, a share.
fn quantity(
    limit: &LiteralValue,
    kind: Option<HoleKind>,
    measured: &Measured,
    cx: &mut ItemContext<'_>,
) -> Option<f64> {
    let text = limit.text.as_str();
    let whole = |len: usize| len == text.len();
    let duration =
        || duration_prefix(text.as_bytes()).filter(|(_, len)| whole(*len)).map(|(span, _)| span.as_secs_f64());
    #[expect(clippy::cast_precision_loss, reason = "a limit of more than 2^53 bytes is rounded")]
    let size = || size_prefix(text.as_bytes()).filter(|(_, len)| whole(*len)).map(|(bytes, _)| bytes as f64);
    let is_ratio = measured.function.node == "ratio";
    let value = match limit.kind {
        LiteralKind::Number => text.parse::<f64>().ok(),
        LiteralKind::Percent if is_ratio => text.trim_end_matches('%').trim().parse::<f64>().ok().map(|n| n / 100.0),
        LiteralKind::Quantity if is_ratio => None,
        LiteralKind::Quantity => match kind {
            Some(HoleKind::Size) => size(),
            Some(HoleKind::Dur) => duration(),
            _ => duration().or_else(size),
        },
        LiteralKind::Percent
        | LiteralKind::Text
        | LiteralKind::TextIgnoringCase
        | LiteralKind::Null
        | LiteralKind::Boolean
        | LiteralKind::Word => None,
    };
    if value.is_none() {
        let help = match is_ratio {
            true => "a ratio is compared with a share such as `5%` or `0.05`",
            false => "write a number, a size such as `10MiB`, or a time such as `5s`",
        };
        cx.diagnostics.push(error::bad_value(limit.span, text, "is not a limit").help(help.to_owned()));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binding_is_what_is_before_the_first_dot() {
        let written = |text: &str| Spanned { node: text.to_owned(), span: Span::new(3, 3 + text.len()) };
        assert_eq!(binding_name(&written("a.user.name")).span, Span::new(3, 4));
        assert_eq!(binding_name(&written("login")).node, "login");
    }
}
