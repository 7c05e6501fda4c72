//! Statements as people write them at first: a time without a unit, a chance that is missing, a command in quotes.

use super::{Failed, value};
use crate::diagnostic::Diagnostic;
use crate::rule::error;
use crate::source::Span;

pub(super) fn find(failed: &Failed<'_>) -> Option<Diagnostic> {
    value::unit(failed)
        .or_else(|| value::percent(failed))
        .or_else(|| time(failed))
        .or_else(|| command(failed))
        .or_else(|| several(failed))
        .or_else(|| chance(failed))
        .or_else(|| verify(failed))
        .or_else(|| applies(failed))
        .or_else(|| sources(failed))
        .or_else(|| quotes(failed))
}

/// Reports tokens that have no meaning where they are. `help` says what is right.
pub(super) fn needless(failed: &Failed<'_>, from: usize, to: usize, help: &str) -> Diagnostic {
    let span = failed.span(from, to);
    error::foreign_sign(span, &format!("`{}` has no meaning here", failed.slice(span)), help).replace(span, "")
}

/// A `:` or `=` after a keyword or name, and a `,` at the end of a statement.
pub(super) fn needless_sign(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    let is_last = at + 1 >= failed.end || failed.is_word(at + 1);
    match failed.found() {
        ":" | "=" if at <= failed.first + 2 => Some(needless(failed, at, at, "the value follows directly")),
        "," if is_last && at > failed.first + 1 => {
            Some(needless(failed, at, at, "a statement ends where the next one begins: remove it"))
        }
        _ => None,
    }
}

/// A time without a unit, or in quotes: `cost 5`, `cost "5m"`.
pub(super) fn time(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if !matches!(failed.before(1), "cost" | "for" | "every" | "within" | "late") {
        return None;
    }
    let found = failed.found();
    if failed.is_number(at) && found.bytes().all(|byte| byte.is_ascii_digit()) {
        let end = Span::new(failed.here().end, failed.here().end);
        return Some(
            error::missing_part(failed.here(), "the unit", format!("write `{found}m` or `{found}s`")).replace(end, "m"),
        );
    }
    if !failed.is_string(at) {
        return None;
    }
    let inner = failed.inner(at);
    let title = "a time is written without quotes";
    Some(error::foreign_form(failed.here(), title, format!("write `{inner}`")).replace(failed.here(), inner))
}

/// `run "df -h"`, a command without `run`, and a command without the text before it.
fn command(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if matches!(failed.before(1), "run" | "powershell") && failed.is_string(at) {
        let fixed = format!("`{}`", failed.inner(at).replace("\\\"", "\"").replace("\\\\", "\\"));
        let wrong = error::foreign_form(failed.here(), "a command is written in backticks", format!("write {fixed}"));
        return Some(wrong.replace(failed.here(), fixed));
    }
    if failed.found() == ":" && matches!(failed.before(1), "run" | "powershell") {
        return Some(needless(failed, at, at, "the command follows `run` directly"));
    }
    if !failed.is_command(at) || !matches!(failed.form.word, "step" | "verify" | "probe") {
        return None;
    }
    let front = Span::new(failed.here().start, failed.here().start);
    if failed.is_string(at - 1) {
        return Some(
            error::missing_part(failed.here(), "`run`", "write `run` before the command").replace(front, "run "),
        );
    }
    let keyword = failed.form.word;
    let help = format!("write `{keyword} \"what it shows\" run {}`", failed.found());
    Some(
        error::missing_part(failed.here(), "the text before the command", help)
            .replace(front, "\"Run the command\" run "),
    )
}

/// `resolves c, d usually`: each name needs a statement of its own.
fn several(failed: &Failed<'_>) -> Option<Diagnostic> {
    let keyword = failed.form.word;
    let at = failed.at;
    if !matches!(keyword, "resolves" | "shows" | "against")
        || !matches!(failed.found(), "," | "and")
        || at != failed.first + 2
    {
        return None;
    }
    let mut names = vec![failed.before(1)];
    let mut next = at;
    while matches!(failed.text_of(next), "," | "and") && failed.is_word(next + 1) {
        names.push(failed.text_of(next + 1));
        next += 2;
    }
    let chance = failed.text_of(next);
    let statements: Vec<String> = names.iter().map(|name| format!("{keyword} {name} {chance}")).collect();
    if !failed.is_word(next) && !failed.is_number(next) {
        return None;
    }
    let fixed = statements.join(" ");
    let title = format!("`{keyword}` is about one item");
    let whole = failed.span(failed.first, next);
    Some(error::foreign_form(failed.here(), title, format!("write `{fixed}`")).replace(whole, fixed))
}

/// `leads to c` and `against a` without a chance, and `leads c often` without `to`.
fn chance(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    let keyword = failed.form.word;
    if keyword == "leads" && at == failed.first + 1 && failed.is_word(at) {
        let front = Span::new(failed.here().start, failed.here().start);
        return Some(error::missing_part(failed.here(), "`to`", "write `leads to`").replace(front, "to "));
    }
    let name = match keyword {
        "leads" => failed.first + 2,
        "against" => failed.first + 1,
        _ => return None,
    };
    if at != name + 1 || !failed.is_word(name) {
        return None;
    }
    let (what, word) = if keyword == "leads" { ("the chance", "often") } else { ("the strength", "strongly") };
    let end = failed.span(name, name).end;
    let span = failed.span(failed.first, name);
    let help = format!("write `{} {word}`", failed.slice(span));
    Some(error::missing_part(failed.span(name, name), what, help).replace(Span::new(end, end), format!(" {word}")))
}

/// `verify no a` without a time, and `verify no a within 1h`.
fn verify(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if failed.form.word != "verify" || failed.text_of(failed.first + 1) != "no" || at != failed.first + 3 {
        return None;
    }
    if matches!(failed.found(), "within" | "during" | "in" | "after") {
        let wrong = error::foreign_word(failed.here(), failed.found(), "for");
        return Some(wrong.help("write `for 1h`").replace(failed.here(), "for"));
    }
    let end = failed.span(at - 1, at - 1).end;
    let help = format!("write `verify no {} for 1h`", failed.before(1));
    Some(error::missing_part(failed.span(at - 1, at - 1), "the time", help).replace(Span::new(end, end), " for 1h"))
}

/// Bounds of versions: `> 8.5 and < 9.8`, `^9.0`, `9.0`.
fn applies(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if failed.form.word != "applies" {
        return None;
    }
    let (found, after) = (failed.found(), failed.after(1));
    let form = |span: Span, title: &str, fixed: String| {
        Some(error::foreign_form(span, title, format!("write `{fixed}`")).replace(span, fixed))
    };
    let major = |version: &str| version.split('.').next().and_then(|major| major.parse::<u64>().ok());
    match found {
        ">" | "<" | "=" if at == failed.first + 1 => {
            let title = "the product before the versions";
            Some(error::missing_part(failed.here(), title, "write `applies product >= 5.0, < 6.0`"))
        }
        "and" | "&" => Some(
            error::foreign_word(failed.here(), found, ",").help("bounds are joined by `,`").replace(failed.here(), ","),
        ),
        "=" => form(failed.here(), "`=` is written `==` here", "==".to_owned()),
        "^" | "~" if failed.is_number(at + 1) => {
            let above = major(after)? + 1;
            form(failed.span(at, at + 1), "ranges are written with two bounds", format!(">= {after}, < {above}"))
        }
        _ if failed.is_number(at) && at == failed.first + 2 => {
            let front = Span::new(failed.here().start, failed.here().start);
            let help = format!("write `== {found}` or `>= {found}`");
            Some(error::missing_part(failed.here(), "the comparison", help).replace(front, "== "))
        }
        _ => None,
    }
}

/// `on ssh or kernel`.
fn sources(failed: &Failed<'_>) -> Option<Diagnostic> {
    if failed.form.word == "on" && failed.found() == "[" {
        let close = (failed.at..failed.end).find(|index| failed.text_of(*index) == "]")?;
        let wrong =
            error::foreign_form(failed.here(), "sources are written without brackets", "write `on sshd, kernel`");
        return Some(wrong.replace(failed.here(), "").replace(failed.span(close, close), ""));
    }
    if failed.form.word != "on" || !matches!(failed.found().to_lowercase().as_str(), "or" | "and" | "|") {
        return None;
    }
    let front = failed.span(failed.at - 1, failed.at - 1).end;
    let whole = Span::new(front, failed.here().end);
    Some(error::foreign_word(failed.here(), failed.found(), ",").help("sources are joined by `,`").replace(whole, ","))
}

/// A word without quotes where text is needed, and quotes where a word is needed.
fn quotes(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    let keyword = failed.form.word;
    let is_bare = (failed.is_word(at) || failed.is_number(at)) && !super::super::is_reserved(failed.found());
    let takes_text =
        matches!(keyword, "step" | "ask" | "how" | "kb" | "needs" | "note" | "undo" | "probe" | "files" | "zone");
    let form = |title: &str, fixed: String| {
        Some(error::foreign_form(failed.here(), title, format!("write `{fixed}`")).replace(failed.here(), fixed))
    };
    if takes_text && is_bare && (at == failed.first + 1 || failed.before(1) == ",") {
        let next = failed.after(1);
        let is_alone = next.is_empty() || next == "," || next == "run" || super::super::is_reserved(next);
        if is_alone {
            return form("text is written in quotes", format!("\"{}\"", failed.found()));
        }
        let title = "text is written in quotes";
        return Some(error::foreign_form(failed.here(), title, format!("write `{keyword} \"{} …\"`", failed.found())));
    }
    let takes_word =
        matches!(keyword, "severity" | "risk" | "prior" | "shows" | "resolves" | "against" | "leads" | "leak");
    let is_word = !failed.inner(at).is_empty()
        && failed.inner(at).bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if takes_word && failed.is_string(at) && is_word {
        return form("a word of the language is written without quotes", failed.inner(at).to_owned());
    }
    None
}
