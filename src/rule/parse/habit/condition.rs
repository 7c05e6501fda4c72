//! Conditions as other languages write them: their comparisons and the words between them.

use super::{Failed, call, operand, value};
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

/// Comparisons of other languages that are the opposite of one here, in lower case.
const OPPOSITES: &[(&str, &str)] = &[
    ("hasnt", "has"),
    ("hasno", "has"),
    ("doesntcontain", "has"),
    ("not_contains", "has"),
    ("notcontains", "has"),
    ("excludes", "has"),
    ("lacks", "has"),
    ("nin", "in"),
    ("notin", "in"),
    ("not_in", "in"),
    ("notlike", "like"),
    ("not_like", "like"),
    ("unlike", "like"),
    ("notmatches", "~"),
    ("not_matches", "~"),
    ("startsnotwith", "starts"),
    ("endsnotwith", "ends"),
    ("missing", "exists"),
    ("notexists", "exists"),
];

pub(super) fn find(failed: &Failed<'_>) -> Option<Diagnostic> {
    value::number(failed)
        .or_else(|| call::find(failed))
        .or_else(|| selector(failed))
        .or_else(|| of_list(failed))
        .or_else(|| of_them(failed))
        .or_else(|| share_of(failed))
        .or_else(|| any_text(failed))
        .or_else(|| opposite(failed))
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

/// `http_requests_total{code="500"} > 5`.
fn selector(failed: &Failed<'_>) -> Option<Diagnostic> {
    if failed.found() != "{" || !failed.is_glued(failed.at) || !failed.is_word(failed.at - 1) {
        return None;
    }
    let name = failed.before(1);
    let help = format!("write `.name == \"{name}\" and .labels.{} == \"…\" and .value > 5`", failed.after(1));
    Some(error::foreign_form(failed.span(failed.at - 1, failed.at), "labels of a metric are fields here", help))
}

/// `.id == [1, 2]`, `.text has ["a", "b"]`, `.text has any ["a"]`.
fn of_list(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if failed.found() != "[" || failed.is_glued(at) && failed.is_word(at - 1) {
        return None;
    }
    let front = Span::new(failed.here().start, failed.here().start);
    let before = failed.before(1);
    match before {
        "any" | "all" => {
            let wrong =
                error::missing_part(failed.span(at - 1, at - 1), "`of` after this", format!("write `{before} of […]`"));
            Some(wrong.replace(front, "of "))
        }
        "has" | "starts" | "ends" | "like" => {
            let title = format!("`{before}` compares with one text, or with `any of` or `all of` a list");
            Some(
                error::foreign_form(failed.span(at - 1, at - 1), title, format!("write `{before} any of […]`"))
                    .replace(front, "any of "),
            )
        }
        "=" => {
            let from = at.checked_sub(2).filter(|from| matches!(failed.text_of(*from), "=" | "!"))?;
            let start = operand::start(failed, from.checked_sub(1)?)?;
            let span = failed.span(from, at - 1);
            let title = format!("`{}` compares with one value", failed.slice(span));
            let operand = operand_text(failed, from - 1);
            let first = failed.span(start, start).start;
            Some(match failed.text_of(from) {
                "!" => error::foreign_form(span, title, format!("write `not {operand} in […]`"))
                    .replace(Span::new(first, first), "not ")
                    .replace(span, "in"),
                _ => error::foreign_form(span, title, format!("write `{operand} in […]`")).replace(span, "in"),
            })
        }
        _ => None,
    }
}

/// `all of them`, `1 of them`: all conditions that the file defines.
fn of_them(failed: &Failed<'_>) -> Option<Diagnostic> {
    if !matches!(failed.found(), "them" | "selection" | "these") || failed.before(1) != "of" {
        return None;
    }
    let text =
        |index: usize| failed.tokens.get(index).map_or("", |token| &failed.text[token.span.start..token.span.end]);
    let defined =
        (1..failed.tokens.len()).filter(|index| text(index - 1) == "define" && text(index + 2) == "where").map(text);
    let prefix = defined.reduce(|prefix, name| {
        let same = prefix.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
        &prefix[..same]
    });
    let whole = format!("{} of", failed.before(2));
    let title = format!("`{whole}` is followed by the beginning of names and `*`");
    let wrong = error::foreign_form(
        failed.here(),
        title,
        match prefix {
            Some(prefix) if !prefix.is_empty() => format!("write `{whole} {prefix}*`"),
            _ => format!("name the conditions alike, such as `sel_a` and `sel_b`, and write `{whole} sel_*`"),
        },
    );
    Some(match prefix {
        Some(prefix) if !prefix.is_empty() => wrong.replace(failed.here(), format!("{prefix}*")).proposed(),
        _ => wrong,
    })
}

/// `u > 90% of m`.
fn share_of(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    if failed.found() != "of" || !failed.before(1).ends_with('%') || !failed.is_word(at + 1) && failed.after(1) != "." {
        return None;
    }
    let mut last = at + 1;
    while failed.is_glued(last + 1) && (failed.is_word(last + 1) || failed.text_of(last + 1) == ".") {
        last += 1;
    }
    let whole = failed.span(at - 1, last);
    let fixed = format!("{} * {}", failed.slice(failed.span(at + 1, last)), failed.before(1));
    let title = "a share is written as a product";
    Some(error::foreign_form(whole, title, format!("write `{fixed}`")).replace(whole, fixed))
}

/// `* has "x"`: any field.
fn any_text(failed: &Failed<'_>) -> Option<Diagnostic> {
    let is_first = matches!(failed.before(1), "where" | "and" | "or" | "not" | "(");
    let is_text = comparison(failed.after(1)).is_some();
    if failed.found() != "*" || !is_first || !is_text {
        return None;
    }
    let wrong =
        error::foreign_word(failed.here(), "*", "any field").help(format!("write `any field {} …`", failed.after(1)));
    Some(wrong.replace(failed.here(), "any field"))
}

/// `.a notin [...]`, `.a hasnt "x"`.
fn opposite(failed: &Failed<'_>) -> Option<Diagnostic> {
    let lower = failed.found().to_lowercase();
    let (_, meant) = OPPOSITES.iter().find(|(word, _)| *word == lower)?;
    let start = operand::start(failed, failed.at.checked_sub(1)?)?;
    let front = failed.span(start, start).start;
    let operand = operand_text(failed, failed.at - 1);
    let title = format!("`{}` is not a comparison", failed.found());
    let wrong = error::foreign_form(
        failed.here(),
        title,
        format!("`not` is written before the field: `not {operand} {meant} …`"),
    );
    let wrong = wrong.replace(Span::new(front, front), "not ").replace(failed.here(), *meant);
    Some(to_regex(failed, wrong, meant, failed.at + 1))
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
    Some(
        error::foreign_form(span, format!("`{field}` is compared with nothing"), help)
            .replace(end, " exists")
            .guessed(),
    )
}

/// The comparison that the word `written` means.
pub(super) fn comparison(written: &str) -> Option<&'static str> {
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

/// Modifiers of Sigma that change how text is compared, and have no word here.
const MODIFIERS: &[&str] =
    &["base64", "base64offset", "utf16", "utf16le", "wide", "windash", "expand", "fieldref", "cased"];

/// `.CommandLine|contains "x"`, `.CommandLine|contains|all ["a", "b"]`.
fn modifier(failed: &Failed<'_>) -> Option<Diagnostic> {
    if failed.found() != "|" || failed.at == failed.first || !failed.is_word(failed.at + 1) {
        return None;
    }
    let mut last = failed.at - 1;
    let mut words: Vec<String> = Vec::new();
    while failed.text_of(last + 1) == "|" && failed.is_word(last + 2) {
        last += 2;
        words.push(failed.text_of(last).to_lowercase());
    }
    let end = last;
    while matches!(failed.text_of(last + 1), ":" | "=") {
        last += 1;
    }
    let compared = words.iter().find_map(|word| if word == "cidr" { Some("in cidr") } else { comparison(word) });
    let all = words.iter().any(|word| word == "all");
    let unknown = words.iter().find(|word| MODIFIERS.contains(&word.as_str()));
    let is_list = failed.text_of(last + 1) == "[";
    let meant = match (compared?, all, is_list) {
        (meant @ ("has" | "starts" | "ends" | "like"), true, _) => format!("{meant} all of"),
        (meant @ ("has" | "starts" | "ends" | "like"), false, true) => format!("{meant} any of"),
        (meant, ..) => meant.to_owned(),
    };
    let written = failed.span(failed.at, end);
    let before = failed.span(failed.at - 1, failed.at - 1).end;
    let wrong = error::foreign_word(written, failed.slice(written), &meant)
        .help(format!("write `{} {meant} …`", operand_text(failed, failed.at - 1)))
        .replace(Span::new(before, failed.span(last, last).end), format!(" {meant}"));
    let wrong = to_regex(failed, wrong, &meant, last + 1);
    Some(match unknown {
        Some(word) => wrong
            .help(format!("there is nothing like `{word}`; write the text as it is in the record, with `{meant}`"))
            .guessed(),
        None => wrong,
    })
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

/// Comparisons that are written with signs, and the one that is meant.
const SIGNS: &[(&str, &str)] = &[
    ("=", "=="),
    ("===", "=="),
    (":", "=="),
    (":=", "=="),
    ("==~", "~"),
    ("=~", "~"),
    (":~", "~"),
    ("~~", "~"),
    ("~=", "~"),
    ("<>", "!="),
    ("><", "!="),
    ("!==", "!="),
    ("=!", "!="),
    ("=!=", "!="),
    ("!", "!="),
    ("=<", "<="),
    ("<==", "<="),
    ("=>", ">="),
    (">==", ">="),
    ("^=", "starts"),
    ("$=", "ends"),
    ("*=", "has"),
    ("|=", "has"),
];

/// `=`, `<>`, `=~`, `===`, `:`. The signs that follow one another without a blank are one comparison.
fn sign(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    let is_sign =
        |index: usize| matches!(failed.text_of(index), "=" | "!" | "<" | ">" | "~" | ":" | "^" | "$" | "*" | "|");
    let start =
        if is_sign(at) { at } else { at.checked_sub(1).filter(|before| is_sign(*before) && *before > failed.first)? };
    let (mut from, mut to) = (start, start);
    while from > failed.first + 1 && is_sign(from - 1) && failed.is_glued(from) {
        from -= 1;
    }
    while is_sign(to + 1) && failed.is_glued(to + 1) {
        to += 1;
    }
    let mut written = failed.slice(failed.span(from, to)).to_owned();
    if written == "=" && matches!(failed.text_of(from - 1), "<" | ">" | "!") {
        // `> =`, with a blank.
        from -= 1;
        written = format!("{}=", failed.text_of(from));
        let span = failed.span(from, to);
        let wrong = error::foreign_word(span, failed.slice(span), &written).replace(span, written.as_str());
        return Some(with_example(failed, wrong, from, &written));
    }
    if written == "!~" {
        return not_regex(&Failed { at: from, ..*failed });
    }
    let (_, meant) = SIGNS.iter().find(|(other, _)| *other == written)?;
    if at < from {
        return None;
    }
    let span = failed.span(from, to);
    let blank = |is_glued: bool| if is_glued && meant.starts_with(char::is_alphabetic) { " " } else { "" };
    let text = format!("{}{meant}{}", blank(failed.is_glued(from)), blank(failed.is_glued(to + 1)));
    let wrong = error::foreign_word(span, &written, meant).replace(span, text);
    // In some languages `~=` is "not equal", and `=>` an arrow.
    let is_clear = written != "~=" && (written != "=>" || failed.is_number(to + 1));
    let wrong = if is_clear { wrong } else { wrong.proposed() };
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
