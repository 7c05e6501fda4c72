//! Statements of tests as people write them at first: `expect not a`, `expect a == 1`, `answer a maybe`.

use super::{Failed, statement, value};
use crate::diagnostic::Diagnostic;
use crate::rule::error;
use crate::source::Span;

pub(super) fn find(failed: &Failed<'_>) -> Option<Diagnostic> {
    match failed.form.word {
        "feed" => feed(failed),
        "answer" => answer(failed),
        _ => expect(failed),
    }
}

/// Replaces the tokens from `from` to `to` by `fixed`.
fn form(failed: &Failed<'_>, (from, to): (usize, usize), title: &str, fixed: &str) -> Option<Diagnostic> {
    let span = failed.span(from, to);
    Some(error::foreign_form(span, title, format!("write `{fixed}`")).replace(span, fixed))
}

/// Inserts `word` before the token where parsing failed.
fn insert(failed: &Failed<'_>, title: &str, word: &str) -> Option<Diagnostic> {
    let front = Span::new(failed.here().start, failed.here().start);
    let help = format!("write `{word} {}`", failed.found());
    Some(error::foreign_form(failed.here(), title, help).replace(front, format!("{word} ")))
}

/// Whether a percentage follows the comparison where parsing failed.
fn is_percent(failed: &Failed<'_>) -> bool {
    (1..=2).any(|n| failed.after(n).ends_with('%') && failed.is_number(failed.at + n))
}

fn feed(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if failed.found() == "x" && failed.before(2) == "every" && failed.is_number(at + 1) {
        let every = failed.before(1);
        let fixed = format!("x {} every {every}", failed.after(1));
        return form(failed, (at - 2, at + 1), "the number of lines comes before `every`", &fixed);
    }
    let times =
        failed.found().strip_prefix('x').filter(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()));
    if let Some(times) = times.filter(|_| failed.is_string(at - 1)) {
        return form(
            failed,
            (at, at),
            "how often a line is fed is written with `x` and a number",
            &format!("x {times}"),
        );
    }
    if at == failed.first + 1 && failed.is_number(at)
        || failed.found() == "x" && failed.is_number(at - 1) && at == failed.first + 2
    {
        let number = if failed.is_number(at) { at } else { at - 1 };
        let text = number + 1 + usize::from(matches!(failed.text_of(number + 1), "x" | "*" | "times"));
        if failed.is_string(text) {
            let title = "how often a line is fed is written after it";
            let line = failed.text_of(text);
            let count = failed.text_of(number).trim_end_matches('x');
            return form(failed, (number, text), title, &format!("{line} x {count}"));
        }
    }
    if failed.is_string(at - 1) && failed.is_number(at) {
        return insert(failed, "how often a line is fed is written with `x`", "x");
    }
    if failed.is_string(at - 1) && matches!(failed.found(), "times" | "*" | "X" | "repeat") && failed.is_number(at + 1)
    {
        return form(failed, (at, at), "how often a line is fed is written with `x`", "x");
    }
    if failed.is_string(at - 1) && failed.found() == "," {
        return Some(statement::needless(failed, at, at, "several lines follow one another without a sign"));
    }
    if failed.before(1) == "from" && failed.is_word(at) {
        let title = format!("`{}` is not a date", failed.found());
        return Some(error::foreign_form(failed.here(), title, "write `2027-01-31` or `\"2027-01-31T10:00:00Z\"`"));
    }
    value::unit(failed).or_else(|| statement::time(failed))
}

fn answer(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if at != failed.first + 2 {
        return None;
    }
    let quoted = if failed.is_string(at) { failed.inner(at) } else { failed.found() };
    let meant = match quoted.to_lowercase().as_str() {
        "=" | ":" => {
            let last = at + usize::from(failed.is_glued(at + 1) && failed.after(1) == "=");
            return Some(statement::needless(failed, at, last, "the answer follows the name directly"));
        }
        "true" | "y" | "yes" | "positive" | "seen" => "yes",
        "false" | "n" | "no" | "not" | "negative" | "absent" => "no",
        "" => return Some(error::missing_part(failed.here(), "the answer", "write `yes` or `no`")),
        found => {
            let title = format!("`{found}` is not an answer");
            return Some(error::foreign_form(
                failed.here(),
                title,
                "an answer is `yes` or `no`; leave it out if it is unknown",
            ));
        }
    };
    form(failed, (at, at), "an answer is `yes` or `no`", meant)
}

fn expect(failed: &Failed<'_>) -> Option<Diagnostic> {
    if failed.at == failed.first + 1 {
        return expected_kind(failed);
    }
    expected_part(failed).or_else(|| expected_condition(failed)).or_else(|| expected_number(failed))
}

/// `expect not a`, `expect symptom a`, `expect cause c`: parsing failed at the word after `expect`.
fn expected_kind(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    match failed.found() {
        "!" | "not" => {
            let span = failed.span(at, at);
            let no = if failed.is_glued(at + 1) { "no " } else { "no" };
            Some(
                error::foreign_form(span, "what must not be seen is written with `no`", "write `no`").replace(span, no),
            )
        }
        "resolution" if failed.after(2) == "first" => form(
            failed,
            (at, at + 2),
            "a resolution is expected to be the first",
            &format!("first resolution {}", failed.after(1)),
        ),
        "resolution" => insert(failed, "a resolution is expected to be the first", "first"),
        "symptom" => Some(statement::needless(failed, at, at, "the name of a symptom follows `expect` directly")),
        _ if failed.is_number(at) && failed.is_word(at + 1) => {
            let name = if failed.after(1) == "x" { failed.after(2) } else { failed.after(1) };
            let last = at + 1 + usize::from(failed.after(1) == "x");
            form(failed, (at, last), "the number follows the name", &format!("{name} x {}", failed.found()))
        }
        _ => None,
    }
}

/// The words between `expect` and the name: `expect first cause c`, `expect top c`, `expect cause c`.
fn expected_part(failed: &Failed<'_>) -> Option<Diagnostic> {
    let (at, first) = (failed.at, failed.text_of(failed.first + 1));
    let second = failed.text_of(failed.first + 2);
    let is_bound = matches!(failed.found(), ">" | "<");
    if first == "cause" && failed.is_word(failed.first + 2) && at == failed.first + 3 && !is_bound {
        let front = Span::new(failed.span(at - 2, at - 2).start, failed.span(at - 2, at - 2).start);
        let span = failed.span(at - 2, at - 1);
        let help =
            format!("write `expect top cause {second}`, or say how probable it is: `expect cause {second} >= 20%`");
        let title = "what is expected of the cause is missing";
        return Some(error::foreign_form(span, title, help).replace(front, "top ").proposed());
    }
    if at != failed.first + 2 {
        return None;
    }
    match (first, second) {
        ("first", "cause") => form(failed, (at - 1, at - 1), "the most probable cause is written `top cause`", "top"),
        ("top", "resolution") => {
            form(failed, (at - 1, at - 1), "the best resolution is written `first resolution`", "first")
        }
        ("top", _) if failed.is_word(at) => insert(failed, "`top` is followed by `cause`", "cause"),
        ("first", _) if failed.is_word(at) => insert(failed, "`first` is followed by `resolution`", "resolution"),
        ("no", "symptom") => Some(statement::needless(failed, at, at, "the name of a symptom follows `no` directly")),
        ("none" | "never" | "absent" | "not", _) if failed.is_word(at) => {
            form(failed, (at - 1, at - 1), "what must not be seen is written with `no`", "no")
        }
        _ => None,
    }
}

/// `expect a(n == 1)`, `expect a count == 1`, `expect a is true`: conditions without `with`.
fn expected_condition(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    match failed.found() {
        "(" if failed.is_glued(at) => {
            let close = (at..failed.end).find(|index| failed.text_of(*index) == ")")?;
            let wrong = error::foreign_form(
                failed.here(),
                "conditions of a finding are written after `with`",
                format!("write `{} with …`", failed.before(1)),
            );
            let wrong = wrong.replace(failed.here(), " with ").replace(failed.span(close, close), "");
            let is_single = |index: &usize| {
                let is_sign = |index: usize| matches!(failed.text_of(index), "=" | "<" | ">" | "!");
                failed.text_of(*index) == "=" && !is_sign(index + 1) && !is_sign(index - 1)
            };
            let equals = (at + 1..close).filter(is_single);
            let wrong = equals.fold(wrong, |wrong, index| wrong.replace(failed.span(index, index), " == "));
            let commas = (at + 1..close).filter(|index| failed.text_of(*index) == ",");
            Some(commas.fold(wrong, |wrong, index| wrong.replace(failed.span(index, index), " and")))
        }
        "count" if matches!(failed.after(1), "=" | ">" | "<" | "!") => {
            insert(failed, "conditions of a finding are written after `with`", "with")
        }
        "is" if matches!(failed.after(1).to_lowercase().as_str(), "true" | "seen" | "present") => {
            Some(statement::needless(failed, at, at + 1, "a symptom is expected by its name alone"))
        }
        "is" if matches!(failed.after(1).to_lowercase().as_str(), "false" | "absent" | "missing") => form(
            failed,
            (at - 1, at + 1),
            "what must not be seen is written with `no`",
            &format!("no {}", failed.before(1)),
        ),
        _ => None,
    }
}

/// `expect a == 1`, `expect a 2`, `expect a where …`, `expect top cause c > 60%`.
fn expected_number(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    let of_cause = failed.has_before(&["top", "cause"]);
    let found = failed.found();
    match found {
        ">" | "=" | "<" if !of_cause && is_percent(failed) => {
            let last = at + usize::from(failed.is_glued(at + 1) && failed.after(1) == "=");
            let name = failed.before(1);
            let title = "a probability is that of a cause";
            let wrong = form(failed, (at - 1, last), title, &format!("cause {name} >="))?;
            Some(if failed.slice(failed.span(at, last)) == ">=" { wrong } else { wrong.proposed() })
        }
        "where" | "when" | "if" | "having" => {
            form(failed, (at, at), "conditions of a finding are written after `with`", "with")
        }
        ">" | "=" | "<" | "!" if of_cause => {
            let last = at + usize::from(failed.is_glued(at + 1) && failed.after(1) == "=");
            form(failed, (at, last), "the probability of a cause is at least a value", ">=")
        }
        ">" | "=" | "<" | "!" => {
            let last = at + usize::from(failed.is_glued(at + 1) && failed.after(1) == "=");
            let sign = failed.slice(failed.span(at, last));
            match sign {
                "=" | "==" => {
                    let title = "the number of findings is written with `x`, that of records `with count == 3`";
                    form(failed, (at, last), title, "x").map(Diagnostic::proposed)
                }
                sign => form(
                    failed,
                    (at, last),
                    "`with count` compares the number of records",
                    &format!("with count {sign}"),
                ),
            }
        }
        _ if failed.is_number(at) && of_cause => insert(failed, "the probability of a cause is at least a value", ">="),
        _ if failed.is_number(at) => insert(failed, "the number of findings is written with `x`", "x"),
        _ => None,
    }
}
