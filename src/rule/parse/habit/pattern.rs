//! Patterns as other languages write them: `match: "x"`, `"a" and "b"`, `regex "x"`.

use super::Failed;
use super::statement::needless;
use crate::diagnostic::Diagnostic;
use crate::rule::error;
use crate::source::Span;

pub(super) fn find(failed: &Failed<'_>) -> Option<Diagnostic> {
    slash(failed)
        .or_else(|| no_pattern(failed))
        .or_else(|| command(failed))
        .or_else(|| joint(failed))
        .or_else(|| negated(failed))
        .or_else(|| introduced(failed))
        .or_else(|| grouped(failed))
        .or_else(|| condition_without_where(failed))
}

/// `/GET /api/users/`: a slash ends the regex.
fn slash(failed: &Failed<'_>) -> Option<Diagnostic> {
    let first = (failed.first + 1..=failed.at.min(failed.end - 1)).find(|index| failed.is_regex(*index))?;
    let start = failed.span(first, first).start;
    if failed.at <= first && failed.is_glued(failed.at + 1) || failed.at > first && !failed.is_glued(failed.at) {
        // Nothing follows the regex directly, unless its flags are no flags.
        let flags = failed.text_of(first).rsplit('/').next().unwrap_or_default();
        if flags.chars().all(|flag| "isx".contains(flag)) {
            return None;
        }
    }
    let line_end = failed.text[start..].find('\n').map_or(failed.text.len(), |end| start + end);
    let line = &failed.text[start..line_end];
    // The last slash of the line that can end a regex.
    let is_end = |at: &usize| {
        let rest = &line[at + 1..];
        let flags = rest.len() - rest.trim_start_matches(['i', 's', 'x']).len();
        rest[flags..].is_empty() || rest[flags..].starts_with([' ', '}', '\r', ')'])
    };
    let close = line.rmatch_indices('/').map(|(at, _)| at).find(is_end).filter(|close| *close > 1)?;
    let inner = &line[1..close];
    let mut wrong = error::foreign_form(
        Span::new(start, start + close + 1),
        "a `/` ends the regex",
        "within a regex a slash is written `\\/`",
    );
    let mut escaped = false;
    let mut n_slashes = 0;
    for (at, c) in inner.char_indices() {
        if c == '/' && !escaped {
            let place = start + 1 + at;
            wrong = wrong.replace(Span::new(place, place), "\\");
            n_slashes += 1;
        }
        escaped = c == '\\' && !escaped;
    }
    (n_slashes > 0).then_some(wrong)
}

/// `match where …`, and `match {app="x"} |= "error"` of Loki.
fn no_pattern(failed: &Failed<'_>) -> Option<Diagnostic> {
    if failed.at != failed.first + 1 {
        return None;
    }
    let front = Span::new(failed.here().start, failed.here().start);
    match failed.found() {
        "where" => Some(
            error::missing_part(failed.here(), "the pattern before this", "write `match any where …` for all records")
                .replace(front, "any "),
        ),
        "{" if failed.is_word(failed.at + 1) => {
            let help = format!("write `match \"text\" where .{} == \"…\"`", failed.after(1));
            Some(error::foreign_form(failed.here(), "a selector of labels is a condition here", help))
        }
        _ => None,
    }
}

/// A pattern in backticks or in three quotes.
fn command(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if failed.is_command(at) {
        let fixed = format!("\"{}\"", failed.found().trim_matches('`').replace('"', "\\\""));
        let wrong = error::foreign_form(failed.here(), "a pattern is written in quotes", format!("write `{fixed}`"));
        return Some(wrong.replace(failed.here(), fixed));
    }
    if failed.before(1) != "\"\"" || !failed.is_string(at) || failed.after(1) != "\"\"" {
        return None;
    }
    let whole = failed.span(at - 1, at + 1);
    let wrong =
        error::foreign_form(whole, "a text is written in one pair of quotes", format!("write `{}`", failed.found()));
    Some(wrong.replace(whole, failed.found()))
}

/// `"a" and "b"`, `"a" OR "b"`, `"a", "b"`.
fn joint(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    let found = failed.found();
    let doubled = failed.after(1) == found && failed.is_glued(at + 1);
    let mark = failed.span(at.min(failed.end - 1), (at + usize::from(doubled)).min(failed.end - 1));
    // A comma at the end of a statement.
    let is_last = failed.is_word(at + 1) && super::begins_statement(failed.text_of(at + 1))
        || failed.after(1) == "}"
        || at + 1 >= failed.end;
    if found == "," && is_last {
        return Some(needless(failed, at, at, "a statement ends where the next one begins: remove it"));
    }
    let both = failed.is_string(at - 1) && failed.is_string(at + 1);
    if found == "+" && both {
        let span = Span::new(failed.span(at - 1, at - 1).end - 1, failed.span(at + 1, at + 1).start + 1);
        let whole = failed.span(at - 1, at + 1);
        let fixed = format!("\"{}{}\"", failed.inner(at - 1), failed.inner(at + 1));
        return Some(
            error::foreign_form(whole, "texts are not joined by `+`", format!("write `{fixed}`")).replace(span, ""),
        );
    }
    match found.to_lowercase().as_str() {
        "or" | "|" | "," if found != "or" => {
            let wrong = error::foreign_word(mark, failed.slice(mark), "or");
            Some(wrong.help("alternatives are joined by `or`").replace(mark, "or"))
        }
        "and" | "&" | "+" => all_of(failed, at + 1 + usize::from(doubled)),
        _ => None,
    }
}

/// `"a" and not "b"`: the second part is a condition. It begins at token `next`.
fn all_of(failed: &Failed<'_>, next: usize) -> Option<Diagnostic> {
    let not = matches!(failed.text_of(next).to_lowercase().as_str(), "not" | "!");
    let part = next + usize::from(not);
    let condition = condition(failed, part, not)?;
    let whole = failed.span(failed.at, part);
    let title = "a record is matched by one pattern; what else it must contain is a condition";
    let wrong = error::foreign_form(failed.here(), title, format!("write `where {condition}`"));
    Some(wrong.replace(whole, format!("where {condition}")))
}

/// The condition that the message contains the pattern at token `index`. `None` if it has holes.
fn condition(failed: &Failed<'_>, index: usize, negated: bool) -> Option<String> {
    let not = if negated { "not " } else { "" };
    let pattern = failed.text_of(index);
    if failed.is_regex(index) {
        return Some(format!("{not}.message ~ {pattern}"));
    }
    (failed.is_string(index) && !pattern.contains('{')).then(|| format!("{not}.message has {pattern}"))
}

/// `match not "x"`.
fn negated(failed: &Failed<'_>) -> Option<Diagnostic> {
    let is_first = failed.at == failed.first + 1;
    if !is_first || !matches!(failed.found().to_lowercase().as_str(), "not" | "!" | "no") {
        return None;
    }
    let condition = condition(failed, failed.at + 1, true)?;
    let title = "a pattern says what a record contains; what it must not contain is a condition";
    let wrong = error::foreign_form(failed.here(), title, format!("write `any where {condition}`"));
    Some(wrong.replace(failed.span(failed.at, failed.at + 1), format!("any where {condition}")))
}

/// A sign or word between `match` and the pattern: `match: "x"`, `match contains "x"`, `match r"x"`, `match i/x/`.
fn introduced(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if at == failed.first + 1 && matches!(failed.found(), ":" | "=" | "~") {
        let more = failed.is_glued(at + 1) && matches!(failed.after(1), "=" | "~");
        return Some(needless(failed, at, at + usize::from(more), "the pattern follows `match` directly"));
    }
    let word = failed.before(1).to_lowercase();
    let is_pattern = failed.is_string(at) || failed.is_regex(at);
    if !is_pattern || !failed.is_word(at - 1) || at - 1 == failed.first {
        return None;
    }
    let whole = failed.span(at - 1, at);
    let glued = failed.is_glued(at);
    let fixed = match word.as_str() {
        "i" if failed.is_regex(at) => format!("{}i", failed.found()),
        "r" | "m" | "re" | "qr" if glued && failed.is_string(at) => failed.as_regex(at),
        "r" | "m" | "re" | "qr" if glued => failed.found().to_owned(),
        "regex" | "regexp" | "re" | "matches" | "pattern" if failed.is_string(at) => failed.as_regex(at),
        "regex" | "regexp" | "re" | "matches" | "pattern" => failed.found().to_owned(),
        "contains" | "has" | "text" | "line" | "message" | "msg" | "like" | "glob" | "string" | "substring"
        | "icontains" | "starts" | "ends" | "f" | "b" | "u" => failed.found().to_owned(),
        _ => return None,
    };
    let title = format!("`{}` is not a pattern", failed.slice(whole));
    Some(error::foreign_form(whole, title, format!("write `{fixed}`")).replace(whole, fixed))
}

/// `match ("a" or "b")`, `match ["a", "b"]`.
fn grouped(failed: &Failed<'_>) -> Option<Diagnostic> {
    let (at, open) = (failed.at, failed.found());
    let closing = match open {
        "(" => ")",
        "[" => "]",
        _ => return None,
    };
    let close = (at..failed.end).find(|index| failed.text_of(*index) == closing)?;
    let title = "patterns are written without parentheses";
    let mut wrong = error::foreign_form(failed.here(), title, "join alternatives by `or`");
    wrong = wrong.replace(failed.here(), "").replace(failed.span(close, close), "");
    if open == "[" {
        let commas = (at..close).filter(|index| failed.text_of(*index) == ",");
        wrong = commas.fold(wrong, |wrong, comma| wrong.replace(failed.span(comma, comma), " or"));
    }
    Some(wrong)
}

/// `match "x" .level == "error"`, `match "x" if .level == "error"`.
fn condition_without_where(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    let is_pattern = failed.is_string(at - 1) || failed.is_regex(at - 1) || failed.before(1) == "any";
    if !is_pattern {
        return None;
    }
    if matches!(failed.found(), "if" | "with" | "having" | "filter" | "WHERE" | "Where") {
        let wrong = error::foreign_word(failed.here(), failed.found(), "where");
        return Some(wrong.help("write `where` before the condition").replace(failed.here(), "where"));
    }
    if failed.found() != "." && failed.found() != "count" {
        return None;
    }
    let front = Span::new(failed.here().start, failed.here().start);
    Some(error::missing_part(failed.here(), "`where` before the condition", "write `where`").replace(front, "where "))
}
