//! Resolves the literals of conditions: gives each the type of the operand that it is compared with.

use std::net::IpAddr;

use crate::diagnostic::Diagnostic;
use crate::pattern::quantity::{duration_prefix, size_prefix};
use crate::rule::ast::{self, ListRef, LiteralKind, LiteralValue, Spanned};
use crate::rule::error;
use crate::rule::program::Comparison;
use crate::source::Span;
use crate::value::Value;

use super::condition::{ConditionCheck, searches_text};
use super::operand::{ValueType, show};
use super::value::unescape;

impl ConditionCheck<'_, '_> {
    /// Returns the value of a number in an expression. 100 % is 1 there.
    pub(super) fn number(&mut self, literal: &LiteralValue) -> Option<(Value<'static>, ValueType)> {
        match typed(literal, ValueType::Any, 1.0) {
            Ok(number) => Some(number),
            Err(wrong) => self.report(wrong),
        }
    }

    pub(super) fn literals(&mut self, list: &ListRef) -> Option<Vec<LiteralValue>> {
        match list {
            ListRef::Here(list) => Some(list.node.clone()),
            ListRef::Named(name) => match self.scope.names.list(name) {
                Ok(literals) => Some(literals),
                Err(Some(unknown)) => self.report(unknown),
                // The mistake of the definition was reported. What uses it is left out.
                Err(None) => None,
            },
        }
    }

    /// Returns the values of a list: those that are compared as they are, and texts whose case does not matter.
    pub(super) fn list(
        &mut self,
        list: &ListRef,
        of: ValueType,
        left: &ast::Operand,
        op: Comparison,
    ) -> Option<(Vec<Value<'static>>, Vec<Value<'static>>)> {
        let literals = self.literals(list)?;
        let (mut exact, mut caseless) = (Vec::new(), Vec::new());
        let mut is_sound = true;
        for literal in &literals {
            let is_caseless = self.is_caseless(literal, left);
            match self.value(literal, of, left, op) {
                Some(value) if is_caseless => caseless.push(value),
                Some(value) => exact.push(value),
                None => is_sound = false,
            }
        }
        is_sound.then_some((exact, caseless))
    }

    /// Converts a literal to the type `of` that it is compared with. Reports it if that is impossible.
    pub(super) fn value(
        &mut self,
        literal: &LiteralValue,
        of: ValueType,
        left: &ast::Operand,
        op: Comparison,
    ) -> Option<Value<'static>> {
        let whole = if literal.kind == LiteralKind::Percent { self.whole(left) } else { None };
        if literal.kind == LiteralKind::Percent && whole.is_none() {
            return self.report(error::percent_of_what(literal.span, &show(left), &literal.text));
        }
        let (value, is) = match typed(literal, of, whole.unwrap_or(1.0)) {
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
                wrong.help(format!("give it a unit, such as `{}s`", literal.text)).replace(end, "s").guessed()
            }
            ValueType::Duration => wrong.help("give it a unit, such as `5s`"),
            ValueType::Size => wrong.help("give it a unit, such as `10MiB`"),
            ValueType::Number if is == ValueType::Text && literal.text.parse::<f64>().is_ok() => {
                let quoted = Span::new(literal.span.start - 1, literal.span.end + 1);
                wrong.help(format!("write `{}` without quotes", literal.text)).replace(quoted, literal.text.as_str())
            }
            ValueType::Text if is == ValueType::Number => wrong
                .help(format!("give the hole a type, such as `{{{}:int}}`, or put the number in quotes", show(left))),
            ValueType::Number if is == ValueType::Text && literal.text.ends_with('%') => {
                let quoted = Span::new(literal.span.start - 1, literal.span.end + 1);
                wrong.help(format!("write `{}` without quotes", literal.text)).replace(quoted, literal.text.as_str())
            }
            ValueType::Number if matches!(is, ValueType::Duration | ValueType::Size) => {
                let kind = if is == ValueType::Duration { "dur" } else { "size" };
                let left = show(left);
                wrong.help(format!("write a number in the unit of the log, or read the unit too: `{{{left}:{kind}}}`"))
            }
            _ => wrong,
        };
        self.report(wrong)
    }
}

/// Returns the value of a literal and its type. 100 % is `whole`. Text becomes an address or a date if `of` is that type.
fn typed(literal: &LiteralValue, of: ValueType, whole: f64) -> Result<(Value<'static>, ValueType), Diagnostic> {
    let text = literal.text.as_str();
    let bad = |why: &str| error::bad_value(literal.span, text, why);
    Ok(match (literal.kind, of) {
        (LiteralKind::Text, ValueType::Ip) => {
            let address: IpAddr = text.parse().map_err(|_| {
                bad("is not an address").help("write one address, or compare with a network: `in cidr \"10.0.0.0/24\"`")
            })?;
            (Value::Ip(address), ValueType::Ip)
        }
        (LiteralKind::Text, ValueType::Time) => {
            let written = Spanned { node: text.to_string(), span: literal.span };
            (Value::Time(super::value::instant(&written)?), ValueType::Time)
        }
        (LiteralKind::TextIgnoringCase, _) => (Value::Text(unescape(text).into_bytes().into()), ValueType::Text),
        (LiteralKind::Null, _) => return Err(bad("cannot be in a list").help("write `== null` or `!= null`")),
        (LiteralKind::Text, _) => (Value::Text(unescape(text).into_bytes().into()), ValueType::Text),
        (LiteralKind::Word, _) => return Err(error::unquoted(literal.span, text)),
        (LiteralKind::Percent, _) => {
            let percent: f64 = text.trim_end_matches('%').parse().map_err(|_| bad("is not a percentage"))?;
            (Value::Num(percent / 100.0 * whole), ValueType::Number)
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

pub(super) fn parse_cidr(network: &str) -> Option<(IpAddr, u8)> {
    let (address, prefix) = network.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    let prefix: u8 = prefix.parse().ok()?;
    (prefix <= if address.is_ipv4() { 32 } else { 128 }).then_some((address, prefix))
}
