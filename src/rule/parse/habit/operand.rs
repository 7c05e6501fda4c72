//! Fields and captures as other languages write them: `event.id`, `$message`, `@timestamp`, `5 < .n`.

use super::Failed;
use crate::diagnostic::Diagnostic;
use crate::rule::error;
use crate::source::Span;

/// Returns the first token of the operand that ends at token `last`; `None` if there is none.
pub(super) fn start(failed: &Failed<'_>, last: usize) -> Option<usize> {
    let is_part = |index: usize| {
        failed.is_word(index)
            || failed.is_string(index)
            || matches!(failed.text_of(index), "." | "[" | "*" | "]" | "@" | "-")
            || failed.is_number(index)
    };
    if last <= failed.first
        || !is_part(last)
        || failed.is_number(last)
        || failed.is_string(last) && !failed.is_glued(last)
    {
        return None;
    }
    let mut first = last;
    while first > failed.first + 1 && failed.is_glued(first) && is_part(first - 1) {
        first -= 1;
    }
    Some(first)
}

pub(super) fn find(failed: &Failed<'_>) -> Option<Diagnostic> {
    other_mark(failed)
        .or_else(|| second_value(failed))
        .or_else(|| turned_around(failed))
        .or_else(|| name_with_blank(failed))
}

/// `event.id == 4625`. It is read as the name of a condition in another pack, so parsing fails behind it.
pub(super) fn no_dot(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    let is_comparison = matches!(
        failed.found(),
        "=" | "!"
            | "<"
            | ">"
            | "~"
            | ":"
            | "."
            | "in"
            | "has"
            | "starts"
            | "ends"
            | "like"
            | "exists"
            | "contains"
            | "is"
            | "["
    );
    let mut last = if failed.found() == "." && failed.is_glued(at) { at } else { at.checked_sub(1)? };
    let first = start(failed, if last == at { at - 1 } else { last })?;
    while last + 1 < failed.end
        && failed.is_glued(last + 1)
        && (failed.is_word(last + 1) || failed.text_of(last + 1) == ".")
    {
        last += 1;
    }
    let is_path = failed.is_word(first) && failed.text_of(first + 1) == "." && failed.is_glued(first + 1);
    if !is_comparison || !is_path {
        return None;
    }
    let whole = failed.span(first, last);
    let start = Span::new(whole.start, whole.start);
    let field = failed.slice(whole);
    let title = "the name of a field begins with a dot";
    Some(error::foreign_form(whole, title, format!("write `.{field}`")).replace(start, "."))
}

/// `$message`, `@timestamp`, `%level`.
fn other_mark(failed: &Failed<'_>) -> Option<Diagnostic> {
    let mark = failed.found();
    let at = failed.at;
    if !matches!(mark, "$" | "@" | "%" | "#") || !failed.is_glued(at + 1) || !failed.is_word(at + 1) {
        return None;
    }
    let mut last = at + 1;
    while failed.is_glued(last + 1) && failed.text_of(last + 1) == "." && failed.is_word(last + 2) {
        last += 2;
    }
    let whole = failed.span(at, last);
    let name = failed.slice(failed.span(at + 1, last));
    let (span, text) = match mark {
        "@" => (Span::new(whole.start, whole.start), format!(".@{name}")),
        _ => (failed.here(), format!(".{name}")),
    };
    let title = "the name of a field begins with a dot";
    Some(error::foreign_form(whole, title, format!("write `{text}`")).replace(span, "."))
}

/// `.a == "x" or "y"`: a second value without a comparison.
fn second_value(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    let is_value = |index: usize| failed.is_string(index) || failed.is_number(index);
    if !matches!(failed.before(1), "or" | "and") || !is_value(at) || at < failed.first + 4 || !is_value(at - 2) {
        return None;
    }
    let is_op =
        |index: usize| matches!(failed.text_of(index), "=" | "<" | ">" | "!" | "has" | "starts" | "ends" | "like");
    let mut op = at - 3;
    if !is_op(op) {
        return None;
    }
    while is_op(op - 1) && failed.is_glued(op) {
        op -= 1;
    }
    let start = start(failed, op - 1)?;
    let repeated = failed.slice(Span::new(failed.span(start, start).start, failed.span(at - 2, at - 2).start));
    let front = Span::new(failed.here().start, failed.here().start);
    let title = format!("`{}` is compared with nothing", failed.found());
    let help = format!("repeat the field: `{} {repeated}{}`", failed.before(1), failed.found());
    Some(error::foreign_form(failed.here(), title, help).replace(front, repeated))
}

/// `5 < .n`, `"x" in .tags`: the value first.
fn turned_around(failed: &Failed<'_>) -> Option<Diagnostic> {
    // A number can begin an expression, so parsing fails behind it.
    let at = if failed.is_number(failed.at - 1) { failed.at - 1 } else { failed.at };
    let before = at.checked_sub(1).map_or("", |before| failed.text_of(before));
    let is_value = failed.is_string(at) || failed.is_number(at);
    if !is_value || !matches!(before, "where" | "and" | "or" | "not" | "(" | "with") {
        return None;
    }
    if at + 2 >= failed.end {
        return None;
    }
    let two = failed.text_of(at + 2) == "=" && failed.is_glued(at + 2);
    let op = failed.slice(failed.span(at + 1, (at + 1 + usize::from(two)).min(failed.end - 1)));
    let turned = match op {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        "==" | "!=" => op,
        "=" | "in" => "==",
        _ => return None,
    };
    let first = at + 2 + usize::from(two);
    let mut last = first;
    while last + 1 < failed.end && failed.is_glued(last + 1) {
        last += 1;
    }
    if first >= failed.end || start(failed, last) != Some(first) {
        return None;
    }
    let field = failed.slice(failed.span(first, last));
    let each = if op == "in" && field.starts_with('.') { "[*]" } else { "" };
    let mut fixed = format!("{field}{each} {turned} {}", failed.text_of(at));
    let mut whole = failed.span(at, last);
    // `500 <= .reply <= 599`.
    let is_bound = matches!(failed.text_of(last + 1), "<" | ">");
    let limit = last + 2 + usize::from(failed.text_of(last + 2) == "=" && failed.is_glued(last + 2));
    if is_bound && (failed.is_number(limit) || failed.is_string(limit)) {
        let second = failed.slice(failed.span(last + 1, limit));
        fixed = format!("{fixed} and {field} {second}");
        whole = failed.span(at, limit);
        let title = "each comparison is written with its own field";
        return Some(error::foreign_form(whole, title, format!("write `{fixed}`")).replace(whole, fixed));
    }
    let title = "the value comes after the field";
    Some(error::foreign_form(whole, title, format!("write `{fixed}`")).replace(whole, fixed))
}

/// `.user name == "x"`.
fn name_with_blank(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    let is_comparison =
        matches!(failed.after(1), "=" | "!" | "<" | ">" | "has" | "in" | "like" | "~" | "starts" | "ends");
    if !failed.is_word(at) || !failed.is_word(at - 1) || !is_comparison || failed.before(2) != "." {
        return None;
    }
    let whole = failed.span(at - 1, at);
    let name = failed.slice(whole);
    let title = "a name with a blank is written in quotes";
    Some(error::foreign_form(whole, title, format!("write `.\"{name}\"`")).replace(whole, format!("\"{name}\"")))
}
