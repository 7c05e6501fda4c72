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
        .or_else(|| signs_around(failed))
        .or_else(|| other_name(failed))
        .or_else(|| date(failed))
        .or_else(|| lasting(failed))
        .or_else(|| level_number(failed))
        .or_else(|| starts_with(failed))
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
        let help = format!("write `{found}s` for seconds or `{found}m` for minutes");
        return Some(error::missing_part(failed.here(), "the unit", help).replace(end, "s").guessed());
    }
    if let Some(short) = other_time(found) {
        let title = format!("`{found}` is not how a time is written");
        return Some(
            error::foreign_form(failed.here(), title, format!("write `{short}`")).replace(failed.here(), short),
        );
    }
    if !failed.is_string(at) {
        return None;
    }
    let inner = failed.inner(at);
    let title = "a time is written without quotes";
    Some(error::foreign_form(failed.here(), title, format!("write `{inner}`")).replace(failed.here(), inner))
}

/// `00:05:00` or `PT30M` as `5m` or `30m`. `None` if it is neither.
fn other_time(text: &str) -> Option<String> {
    let parts: Vec<u64> = text.split(':').map(str::parse).collect::<Result<_, _>>().ok().unwrap_or_default();
    let seconds = match parts.as_slice() {
        [hours, minutes, seconds] => {
            hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(*seconds)?
        }
        [hours, minutes] => hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?,
        _ => {
            let short = text.strip_prefix("PT").or_else(|| text.strip_prefix('P'))?.to_lowercase().replace('t', "");
            let is_time = short.starts_with(|c: char| c.is_ascii_digit()) && short.ends_with(['h', 'm', 's', 'd', 'w']);
            return is_time.then_some(short);
        }
    };
    let (unit, by) = [("h", 3600), ("m", 60), ("s", 1)].into_iter().find(|(_, by)| seconds % by == 0)?;
    (seconds > 0).then(|| format!("{}{unit}", seconds / by))
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
    if matches!(failed.before(1), "run") && failed.is_word(at) && failed.is_command(at + 1) {
        let title = format!("`run` knows the shell of the system and `powershell`, not `{}`", failed.found());
        let help = format!("write `run {}` if it is a command of that shell", failed.after(1));
        return Some(error::foreign_form(failed.here(), title, help));
    }
    if let Some(wrong) = bare_command(failed) {
        return Some(wrong);
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
            .replace(front, "\"Run the command\" run ")
            .guessed(),
    )
}

/// `run df -h /var`: the command ends with its line, or before the next statement.
fn bare_command(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if !matches!(failed.before(1), "run" | "powershell") || !failed.is_word(at) && !matches!(failed.found(), "/" | ".")
    {
        return None;
    }
    let is_end = |index: usize| {
        let gap = Span::new(failed.span(index - 1, index - 1).end, failed.span(index, index).start);
        failed.slice(gap).contains('\n')
            || matches!(failed.text_of(index), "step" | "verify" | "undo" | "risk" | "cost" | "needs" | "}")
    };
    let end = (at + 1..failed.end).find(|index| is_end(*index)).unwrap_or(failed.end);
    let span = failed.span(at, end - 1);
    let command = failed.slice(span);
    let fixed = format!("`{command}`");
    let wrong = error::foreign_form(span, "a command is written in backticks", format!("write {fixed}"));
    let is_plain = !command.contains(['`', '"', '\'', '{', '\n']);
    Some(if is_plain { wrong.replace(span, fixed) } else { wrong })
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
    let wrong = error::missing_part(failed.span(name, name), what, help);
    Some(wrong.replace(Span::new(end, end), format!(" {word}")).guessed())
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
    let wrong = error::missing_part(failed.span(at - 1, at - 1), "the time", help);
    Some(wrong.replace(Span::new(end, end), " for 1h").guessed())
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
    if let Some(wrong) = version_range(failed) {
        return Some(wrong);
    }
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
            Some(error::missing_part(failed.here(), "the comparison", help).replace(front, "== ").guessed())
        }
        _ => None,
    }
}

/// `=> 9.0`, `=< 9.8`, `~> 9.0`, `between 8.5 and 9.8`, `8.5-9.8`.
fn version_range(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    let form = |from: usize, to: usize, title: &str, fixed: String| {
        let span = failed.span(from, to);
        Some(error::foreign_form(span, title, format!("write `{fixed}`")).replace(span, fixed))
    };
    let range = "ranges are written with two bounds";
    match (failed.found(), failed.after(1)) {
        ("=", sign @ (">" | "<")) => {
            form(at, at + 1, &format!("`={sign}` is written `{sign}=` here"), format!("{sign}="))
        }
        ("~", ">") if failed.is_number(at + 2) => {
            let version = failed.after(2);
            let above = version.split('.').next().and_then(|major| major.parse::<u64>().ok())? + 1;
            // `~> 9.0.1` stays below 9.1.
            let wrong = form(at, at + 2, range, format!(">= {version}, < {above}"))?;
            Some(if version.matches('.').count() == 1 { wrong } else { wrong.guessed() })
        }
        ("between" | "from", low) if failed.is_number(at + 1) && failed.is_number(at + 3) => {
            form(at, at + 3, range, format!(">= {low}, <= {}", failed.after(3)))
        }
        (found, _) if failed.is_number(at) && found.matches('-').count() == 1 && at == failed.first + 2 => {
            let (low, high) = found.split_once('-')?;
            let is_version = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
            (is_version(low) && is_version(high)).then_some(())?;
            // `2.4-1` is also a version of a package.
            form(at, at, range, format!(">= {low}, <= {high}")).map(Diagnostic::proposed)
        }
        _ => None,
    }
}

/// Signs around what follows a keyword: `kb ["Q1"]`, `by (user, ip)`, `meta { author = "me" }`.
fn signs_around(failed: &Failed<'_>) -> Option<Diagnostic> {
    let (at, keyword) = (failed.at, failed.form.word);
    let close = match (failed.found(), keyword) {
        ("[", "kb" | "files" | "hides" | "needs" | "by" | "resets") => "]",
        ("(", "kb" | "by" | "on" | "hides") => ")",
        ("=" | ":", "meta") => return Some(needless(failed, at, at, "the text follows the key directly")),
        ("=", "answer" | "risk" | "severity" | "cost") => {
            return Some(needless(failed, at, at, "the value follows directly"));
        }
        ("|", _) if failed.is_word(at - 1) || failed.is_number(at - 1) => {
            return Some(error::foreign_form(
                failed.here(),
                "`|` separates the words of which one is written",
                format!("write one of them, such as `{keyword} {}`", failed.before(1)),
            ));
        }
        (_, "meta") if failed.is_number(at) || failed.is_word(at) && failed.is_word(at - 1) => {
            let fixed = format!("\"{}\"", failed.found());
            return Some(
                error::foreign_form(failed.here(), "text is written in quotes", format!("write `{fixed}`"))
                    .replace(failed.here(), fixed),
            );
        }
        _ => return None,
    };
    let last = (at..failed.end).find(|index| failed.text_of(*index) == close)?;
    let inner = failed.slice(Span::new(failed.here().end, failed.span(last, last).start)).trim();
    let wrong = error::foreign_form(
        failed.here(),
        format!("what follows `{keyword}` is written without brackets"),
        format!("write `{keyword} {inner}`"),
    );
    Some(wrong.replace(failed.here(), "").replace(failed.span(last, last), ""))
}

/// A name that is written with other signs: `disk-full`, `storage/disk_full`, `mine::a`.
fn other_name(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if !failed.is_glued(at) || !failed.is_word(at - 1) || at - 1 == failed.first {
        return None;
    }
    let sign = match failed.found() {
        "-" if failed.is_glued(at + 1) => "-",
        "/" if failed.is_glued(at + 1) && failed.is_word(at + 1) => "/",
        ":" if failed.after(1) == ":" && failed.is_word(at + 2) => "::",
        _ => return None,
    };
    let mut last = at;
    while failed.is_glued(last + 1)
        && (failed.is_word(last + 1) || failed.is_number(last + 1) || matches!(failed.text_of(last + 1), "-" | ":"))
    {
        last += 1;
    }
    let span = failed.span(at - 1, last);
    let written = failed.slice(span);
    if sign == "-" {
        return Some(error::bad_name(span, written, &super::head::plain_name(written)));
    }
    let fixed = written.replace(sign, ".");
    Some(
        error::foreign_form(span, "the pack of a name is written before a dot", format!("write `{fixed}`"))
            .replace(span, fixed),
    )
}

/// `until 31.12.2026`, `until tomorrow`.
fn date(failed: &Failed<'_>) -> Option<Diagnostic> {
    if !matches!(failed.before(1), "until" | "now" | "from") {
        return None;
    }
    let found = failed.found();
    let parts: Vec<&str> = found.split(['.', '/']).collect();
    let title = format!("`{found}` is not a date");
    let wrong = |help: &str| error::foreign_form(failed.here(), title.clone(), help);
    if let ([day, month, year], true) = (parts.as_slice(), failed.is_number(failed.at)) {
        let (day, month): (u8, u8) = (day.parse().ok()?, month.parse().ok()?);
        if year.len() == 4 && (1..=31).contains(&day) && (1..=12).contains(&month) {
            let fixed = format!("{year}-{month:02}-{day:02}");
            let is_clear = found.contains('.') || day > 12;
            let wrong = wrong(&format!("write `{fixed}`")).replace(failed.here(), fixed);
            return Some(if is_clear { wrong } else { wrong.guessed() });
        }
    }
    failed.is_word(failed.at).then(|| wrong("write a date such as `2027-01-31`"))
}

/// `for 10m`: a state that lasts.
fn lasting(failed: &Failed<'_>) -> Option<Diagnostic> {
    let is_time = failed.form.word == "for" && failed.at == failed.first + 1 && failed.is_number(failed.at);
    let title = "`for` names another symptom; a state that lasts belongs to a `when`";
    is_time.then(|| {
        let help = format!("name the match, `match hot: \"…\"`, and write `when hot for {}`", failed.found());
        error::foreign_form(failed.here(), title, help)
    })
}

/// `severity 3`.
fn level_number(failed: &Failed<'_>) -> Option<Diagnostic> {
    let words = match failed.form.word {
        "severity" => "`low`, `medium`, `high` or `critical`",
        "risk" => "`low`, `medium` or `high`",
        _ => return None,
    };
    (failed.at == failed.first + 1 && failed.is_number(failed.at)).then(|| {
        error::foreign_form(
            failed.here(),
            format!("a {} is a word, not a number", failed.form.word),
            format!("write {words}"),
        )
    })
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

/// `record starts with /…/`.
fn starts_with(failed: &Failed<'_>) -> Option<Diagnostic> {
    if failed.form.word != "record" || !matches!(failed.found(), "starts" | "startswith" | "begins" | "start") {
        return None;
    }
    let last = failed.at + usize::from(failed.after(1) == "with");
    let span = failed.span(failed.at, last);
    Some(
        error::foreign_word(span, failed.slice(span), "starts_with")
            .help("write `record starts_with`")
            .replace(span, "starts_with"),
    )
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
        let mut last = at;
        while failed.is_glued(last + 1)
            && !matches!(failed.text_of(last + 1), "," | "{" | "}")
            && !failed.is_string(last + 1)
        {
            last += 1;
        }
        if last > at {
            let span = failed.span(at, last);
            let fixed = format!("\"{}\"", failed.slice(span));
            return Some(
                error::foreign_form(span, "text is written in quotes", format!("write `{fixed}`")).replace(span, fixed),
            );
        }
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
