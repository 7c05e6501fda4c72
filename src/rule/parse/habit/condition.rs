//! Conditions as other languages write them: their comparisons and the words between them.

use super::{Failed, operand, value};
use crate::diagnostic::Diagnostic;
use crate::rule::error;
use crate::source::Span;

/// Comparisons of other languages, in lower case, and the one that is meant.
const COMPARISONS: &[(&str, &str)] = &[
    ("is", "=="),
    ("eq", "=="),
    ("equal", "=="),
    ("equals", "=="),
    ("isnt", "!="),
    ("ne", "!="),
    ("neq", "!="),
    ("gt", ">"),
    ("gte", ">="),
    ("ge", ">="),
    ("lt", "<"),
    ("lte", "<="),
    ("le", "<="),
    ("contains", "has"),
    ("contain", "has"),
    ("containing", "has"),
    ("includes", "has"),
    ("include", "has"),
    ("icontains", "has"),
    ("hasnt", "has"),
    ("starts_with", "starts"),
    ("startswith", "starts"),
    ("beginswith", "starts"),
    ("begins_with", "starts"),
    ("begins", "starts"),
    ("hasprefix", "starts"),
    ("prefix", "starts"),
    ("ends_with", "ends"),
    ("endswith", "ends"),
    ("hassuffix", "ends"),
    ("suffix", "ends"),
    ("matches", "~"),
    ("match", "~"),
    ("matching", "~"),
    ("regex", "~"),
    ("regexp", "~"),
    ("rlike", "~"),
    ("re", "~"),
    ("ilike", "like"),
    ("wildcard", "like"),
    ("exist", "exists"),
    ("isset", "exists"),
    ("present", "exists"),
    ("has", "has"),
    ("starts", "starts"),
    ("ends", "ends"),
    ("like", "like"),
    ("in", "in"),
    ("exists", "exists"),
];

pub(super) fn find(failed: &Failed<'_>) -> Option<Diagnostic> {
    value::number(failed)
        .or_else(|| call(failed))
        .or_else(|| joint(failed))
        .or_else(|| operand::no_dot(failed))
        .or_else(|| modifier(failed))
        .or_else(|| negated(failed))
        .or_else(|| between(failed))
        .or_else(|| sign(failed))
        .or_else(|| word(failed))
        .or_else(|| value::find(failed))
        .or_else(|| operand::find(failed))
        .or_else(|| value::brackets(failed))
        .or_else(|| no_comparison(failed))
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

/// `where .ok and …`: an operand that is compared with nothing.
fn no_comparison(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    let is_end = at >= failed.end || matches!(failed.found(), "and" | "or" | ")");
    let last = at.checked_sub(1)?;
    let start = operand::start(failed, last).filter(|start| failed.text_of(*start) == "." && is_end)?;
    if !matches!(failed.text_of(start.checked_sub(1)?), "where" | "and" | "or" | "not" | "(") {
        return None;
    }
    let span = failed.span(start, last);
    let field = failed.slice(span);
    let end = Span::new(span.end, span.end);
    let help = format!("write `{field} exists` or `{field} == true`");
    Some(error::foreign_form(span, format!("`{field}` is compared with nothing"), help).replace(end, " exists"))
}

/// The comparison that the word `written` means.
fn comparison(written: &str) -> Option<&'static str> {
    let lower = written.to_lowercase();
    COMPARISONS.iter().find(|(word, _)| *word == lower).map(|(_, meant)| *meant)
}

/// `&&`, `||`, `!`, `AND`, `,`: words between conditions.
fn joint(failed: &Failed<'_>) -> Option<Diagnostic> {
    let found = failed.found();
    let before = failed.before(1);
    if before != "not" && before.eq_ignore_ascii_case("not") {
        let span = failed.span(failed.at - 1, failed.at - 1);
        return Some(error::foreign_word(span, before, "not").help("write `not`").replace(span, "not"));
    }
    let lower = found.to_lowercase();
    let doubled = failed.after(1) == found && failed.is_glued(failed.at + 1);
    let span = failed.span(failed.at, failed.at + usize::from(doubled));
    let meant = match found {
        "&" => "and",
        "|" if doubled || !failed.is_word(failed.at + 1) => "or",
        "!" if failed.after(1) != "=" && failed.after(1) != "~" => "not",
        "," => "and",
        _ if matches!(lower.as_str(), "and" | "or" | "not") && found != lower => lower.as_str(),
        _ => return None,
    };
    let last = failed.at + usize::from(doubled);
    let blank = if failed.is_glued(last + 1) { " " } else { "" };
    let before = if failed.is_glued(failed.at) { " " } else { "" };
    let wrong = error::foreign_word(span, failed.slice(span), meant);
    Some(wrong.help(format!("write `{meant}`")).replace(span, format!("{before}{meant}{blank}")))
}

/// `.CommandLine|contains "x"`, with anything between the modifier and the value.
fn modifier(failed: &Failed<'_>) -> Option<Diagnostic> {
    let word = failed.after(1).to_lowercase();
    let meant = match word.as_str() {
        "cidr" => "in cidr",
        word => comparison(word)?,
    };
    if failed.found() != "|" || failed.at == failed.first {
        return None;
    }
    let mut last = failed.at + 1;
    while failed.text_of(last + 1) == "|" && failed.is_word(last + 2) {
        last += 2;
    }
    while matches!(failed.text_of(last + 1), ":" | "=") {
        last += 1;
    }
    let written = failed.span(failed.at, failed.at + 1);
    let before = failed.span(failed.at - 1, failed.at - 1).end;
    let wrong = error::foreign_word(written, failed.slice(written), meant)
        .help(format!("write `{} {meant} …`", operand_text(failed, failed.at - 1)))
        .replace(Span::new(before, failed.span(last, last).end), format!(" {meant}"));
    Some(to_regex(failed, wrong, meant, last + 1))
}

/// `.a not in [...]`, `.a is not "x"`, `.a does not contain "x"`.
fn negated(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    let lower = |index: usize| failed.text_of(index).to_lowercase();
    let is_first = |word: &str| matches!(word, "not" | "doesnt" | "dont" | "isnt" | "is" | "does" | "do");
    let first = lower(at);
    if !is_first(&first) || at == failed.first + 1 {
        return None;
    }
    let mut last = at;
    if matches!(first.as_str(), "is" | "does" | "do") {
        last += 1;
        if lower(last) != "not" {
            return None;
        }
    }
    let start = operand::start(failed, at - 1)?;
    let operator = lower(last + 1);
    let span = failed.span(at, last);
    let not_equal = first.starts_with("is") && comparison(&operator).is_none_or(|meant| meant == "==");
    if not_equal {
        let wrong = error::foreign_word(span, failed.slice(span), "!=").replace(span, "!=");
        return Some(wrong.help(format!("write `{} != …`", operand_text(failed, at - 1))));
    }
    let meant = comparison(&operator)?;
    let whole = failed.span(at, last + 1);
    let front = failed.span(start, start).start;
    let wrong = error::foreign_form(
        whole,
        format!("`{}` is not a comparison", failed.slice(whole)),
        format!("`not` is written before the field: `not {} {meant} …`", operand_text(failed, at - 1)),
    );
    let wrong = wrong.replace(Span::new(front, front), "not ").replace(whole, meant);
    Some(to_regex(failed, wrong, meant, last + 2))
}

/// `.a between 5 and 6`.
fn between(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if !failed.found().eq_ignore_ascii_case("between") || failed.after(2) != "and" {
        return None;
    }
    let operand = operand_text(failed, at - 1);
    let start = operand::start(failed, at - 1)?;
    let (low, high) = (failed.after(1), failed.after(3));
    let is_clock = low.contains(':') && high.contains(':');
    let fixed = match is_clock {
        true => format!("{operand} in {low}..{high}"),
        false => format!("({operand} >= {low} and {operand} <= {high})"),
    };
    let whole = Span::new(failed.span(start, start).start, failed.span(at + 3, at + 3).end);
    let title = "`between` is written as two comparisons here";
    Some(error::foreign_form(failed.here(), title, format!("write `{fixed}`")).replace(whole, fixed))
}

/// `=`, `<>`, `=~`, `===`, `:`.
fn sign(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    let (before, found, after) = (failed.before(1), failed.found(), failed.after(1));
    let glued = failed.is_glued(at + 1);
    if glued && found == "=" && after == "=" && before != "=" {
        // `==` is right; what is before it is wrong.
        return None;
    }
    let (from, to, meant) = match (before, found, after) {
        ("=", "=", _) => (at - 2, at, "=="),
        ("<", ">", _) => (at - 1, at, "!="),
        ("~", "=", _) => (at - 1, at, "~"),
        ("<" | ">" | "!", "=", _) => (
            at - 1,
            at,
            if before == "<" {
                "<="
            } else if before == ">" {
                ">="
            } else {
                "!="
            },
        ),
        (_, "=", "<") if glued => (at, at + 1, "<="),
        (_, "=", ">") if glued => (at, at + 1, ">="),
        (_, "=" | ":", "~") if glued => (at, at + 1, "~"),
        (_, ":", "=") if glued => (at, at + 1, "=="),
        (_, "=" | ":", _) => (at, at, "=="),
        (_, "!", "~") if glued => return not_regex(failed),
        _ => return None,
    };
    let span = failed.span(from.max(failed.first), to);
    let wrong = error::foreign_word(span, failed.slice(span), meant).replace(span, meant);
    Some(to_regex(failed, with_example(failed, wrong, from, meant), meant, to + 1))
}

fn not_regex(failed: &Failed<'_>) -> Option<Diagnostic> {
    let start = operand::start(failed, failed.at.checked_sub(1)?)?;
    let front = failed.span(start, start).start;
    let span = failed.span(failed.at, failed.at + 1);
    let operand = operand_text(failed, failed.at - 1);
    let wrong = error::foreign_form(span, "`!~` is not a comparison", format!("write `not {operand} ~ /…/`"));
    let wrong = wrong.replace(Span::new(front, front), "not ").replace(span, "~");
    Some(to_regex(failed, wrong, "~", failed.at + 2))
}

/// `contains`, `startswith`, `is`, `matches`.
fn word(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    // `with` after `starts` is read as a capture, so parsing fails behind it.
    if failed.before(1) == "with" && matches!(failed.before(2), "starts" | "ends") {
        let span = failed.span(at - 2, at - 1);
        let meant = failed.before(2);
        let wrong = error::foreign_word(span, failed.slice(span), meant).replace(span, meant);
        return Some(with_example(failed, wrong, at - 2, meant));
    }
    let meant = comparison(failed.found())?;
    if meant == failed.found() || operand::start(failed, at.checked_sub(1)?).is_none() {
        return None;
    }
    let lower = failed.found().to_lowercase();
    let is_two = matches!((lower.as_str(), failed.after(1)), ("begins", "with") | ("equal" | "equals", "to"));
    let to = at + usize::from(is_two);
    let span = failed.span(at, to);
    let mut wrong = error::foreign_word(span, failed.slice(span), meant).replace(span, meant);
    if matches!(lower.as_str(), "ilike" | "icontains") && failed.text_of(to + 1).starts_with('"') {
        let start = failed.span(to + 1, to + 1).start;
        wrong = wrong.replace(Span::new(start, start), "i");
    }
    Some(to_regex(failed, with_example(failed, wrong, at, meant), meant, to + 1))
}

/// The text of the operand that ends at token `last`.
fn operand_text<'t>(failed: &Failed<'t>, last: usize) -> &'t str {
    let start = operand::start(failed, last).unwrap_or(last);
    failed.slice(failed.span(start, last))
}

/// Adds the whole comparison as help. Its operator is token `at` and is written `meant`.
fn with_example(failed: &Failed<'_>, wrong: Diagnostic, at: usize, meant: &str) -> Diagnostic {
    let operand = match at.checked_sub(1).filter(|last| *last > failed.first) {
        Some(last) => operand_text(failed, last),
        None => return wrong.help(format!("write `{meant}`")),
    };
    wrong.help(format!("write `{operand} {meant} …`"))
}

/// A text after `~` must be a regex, and the string after the comparison is token `value`.
fn to_regex(failed: &Failed<'_>, wrong: Diagnostic, meant: &str, value: usize) -> Diagnostic {
    if meant != "~" || !failed.is_string(value) {
        return wrong;
    }
    wrong.replace(failed.span(value, value), failed.as_regex(value))
}
