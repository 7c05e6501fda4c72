//! Functions in conditions, which are comparisons here or nothing at all: `startswith(.a, "x")`, `lower(.user) == "root"`.

use super::condition::comparison;
use super::{Failed, operand};
use crate::diagnostic::Diagnostic;
use crate::rule::error;
use crate::source::Span;

/// Functions of other languages: whether they only change case, and what to do.
const CALLS: &[(&[&str], &str)] = &[
    (
        &["lower", "upper", "tolower", "toupper", "lcase", "ucase", "casefold", "to_lower", "lowercase"],
        "to ignore case, compare with `i\"…\"`",
    ),
    (
        &["len", "length", "strlen", "size", "char_length"],
        "the length of a text cannot be compared; capture what matters, or use a regex such as `~ /.{100}/`",
    ),
    (
        &["int", "float", "number", "tonumber", "str", "string", "tostring", "cast", "parseint"],
        "values are compared as what they are: leave the function out",
    ),
    (&["trim", "strip", "coalesce", "ifnull", "nvl"], "leave the function out"),
    (
        &["now", "date", "time", "hour", "date_hour", "dayofweek", "weekday"],
        "write `.time in 22:00..06:00` or `.time on mon..fri`",
    ),
];

pub(super) fn find(failed: &Failed<'_>) -> Option<Diagnostic> {
    call(failed).or_else(|| other_call(failed))
}

/// `.message.contains("x")`, `contains(.message, "x")`, `count()`.
fn call(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if failed.found() != "(" || !failed.is_glued(at) || !failed.is_word(at - 1) || at - 1 == failed.first {
        return None;
    }
    let close = (at..failed.end).find(|index| failed.text_of(*index) == ")")?;
    let name = failed.before(1).to_lowercase();
    if name == "count" {
        let span = failed.span(at, close);
        let title = "`count` is written without parentheses";
        return Some(error::foreign_form(span, title, "write `count`").replace(span, ""));
    }
    let meant = comparison(&name)?;
    let start = operand::start(failed, at - 1)?;
    let inner = failed.slice(Span::new(failed.span(at, at).end, failed.span(close, close).start)).trim();
    let (operand, value) = match start + 1 < at {
        // The last step of the path is the name of the function.
        true => (failed.slice(failed.span(start, at - 3)), inner),
        false => inner.split_once(',')?,
    };
    let value = value.trim();
    let fixed = match meant {
        "~" if value.starts_with('"') => format!("{operand} ~ /{}/", value.trim_matches('"').replace('/', "\\/")),
        "exists" => format!("{operand} exists"),
        _ => format!("{operand} {meant} {value}"),
    };
    let whole = failed.span(start, close);
    let title = format!("there are no functions; `{name}` is written `{meant}`");
    Some(error::foreign_form(failed.span(at - 1, at - 1), title, format!("write `{fixed}`")).replace(whole, fixed))
}

/// `lower(.user) == "root"`, `len(.message) > 100`.
fn other_call(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if failed.found() != "(" || !failed.is_glued(at) || !failed.is_word(at - 1) || at - 1 == failed.first {
        return None;
    }
    let close = (at..failed.end).find(|index| failed.text_of(*index) == ")")?;
    let name = failed.before(1);
    let lower = name.to_lowercase();
    let (words, help) = CALLS.iter().find(|(words, _)| words.contains(&lower.as_str()))?;
    let inner = failed.slice(Span::new(failed.span(at, at).end, failed.span(close, close).start));
    let title = format!("there is no function `{name}`");
    let wrong = error::foreign_form(failed.span(at - 1, at - 1), title, *help);
    let wrong = wrong.replace(failed.span(at - 1, close), inner.trim());
    let mut text = close + 1;
    while matches!(failed.text_of(text), "=" | "!") {
        text += 1;
    }
    if words[0] == "lower" && failed.is_string(text) && !failed.text_of(text).starts_with('i') {
        let start = failed.span(text, text).start;
        return Some(wrong.replace(Span::new(start, start), "i"));
    }
    Some(if words[0] == "int" { wrong.proposed() } else { wrong.guessed() })
}
