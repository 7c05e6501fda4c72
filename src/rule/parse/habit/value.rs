//! Values as other languages write them: `5 minutes`, `10.0.0.1`, `in ("a", "b")`.

use super::Failed;
use crate::diagnostic::Diagnostic;
use crate::rule::error;
use crate::rule::unit_words::short_unit;
use crate::source::Span;

pub(super) fn find(failed: &Failed<'_>) -> Option<Diagnostic> {
    unit(failed)
        .or_else(|| bare_text(failed))
        .or_else(|| percent(failed))
        .or_else(|| list(failed))
        .or_else(|| regex(failed))
        .or_else(|| counted(failed))
}

/// `5 minutes`: a number, a blank and a unit. Parsing fails at either.
pub(super) fn unit(failed: &Failed<'_>) -> Option<Diagnostic> {
    let number = if failed.is_number(failed.at) { failed.at } else { failed.at.checked_sub(1)? };
    let is_plain = failed.text_of(number).bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if number <= failed.first || !failed.is_number(number) || !is_plain || !failed.is_word(number + 1) {
        return None;
    }
    let short = short_unit(failed.text_of(number + 1))?;
    let span = failed.span(number, number + 1);
    let fixed = format!("{}{short}", failed.text_of(number));
    Some(error::foreign_word(span, failed.slice(span), &fixed).help(format!("write `{fixed}`")).replace(span, fixed))
}

/// `.ip == 10.0.0.1`, `.day == 2027-01-31`: text without quotes that begins with a digit.
fn bare_text(failed: &Failed<'_>) -> Option<Diagnostic> {
    if let Some(wrong) = time_of_day(failed) {
        return Some(wrong);
    }
    let text = failed.found();
    let is_text = failed.is_number(failed.at) && (text.matches('.').count() > 1 || text.contains(['-', ':', '/']));
    if !is_text
        || !matches!(failed.before(1), "=" | "<" | ">" | "in" | "[" | "," | "cidr" | "starts" | "has" | "like" | "ends")
    {
        return None;
    }
    if let Some((from, to)) = text.split_once('-').filter(|(from, to)| from.contains(':') && to.contains(':')) {
        let fixed = format!("{from}..{to}");
        let wrong = error::foreign_word(failed.here(), text, &fixed).help(format!("write `.time in {fixed}`"));
        return Some(wrong.replace(failed.here(), fixed));
    }
    let quoted = format!("\"{text}\"");
    let title = format!("`{text}` is text and needs quotes");
    let network = failed.before(1) == "in" && text.contains('/');
    let fixed = if network { format!("cidr {quoted}") } else { quoted };
    Some(error::foreign_form(failed.here(), title, format!("write `{fixed}`")).replace(failed.here(), fixed))
}

/// `22` or `22:00` as `22:00`. `None` if it is no time of day.
fn clock(text: &str) -> Option<String> {
    let (hour, minute) = text.split_once(':').unwrap_or((text, "00"));
    let hour: u8 = hour.parse().ok().filter(|hour| *hour <= 24)?;
    let minute: u8 = minute.parse().ok().filter(|minute| *minute < 60)?;
    Some(format!("{hour:02}:{minute:02}"))
}

/// `.time in 8..17`, `.time in "22:00..06:00"`, `.time > 22:00`, `.time on Mon-Fri`.
fn time_of_day(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at;
    let is_time =
        |index: usize| matches!(failed.text_of(index), "time" | "timestamp") && failed.text_of(index - 1) == ".";
    let write = |span: Span, fixed: String| {
        let title = "a part of the day is written `22:00..06:00`, days `mon..fri`";
        Some(error::foreign_form(span, title, format!("write `{fixed}`")).replace(span, fixed))
    };
    if at >= failed.first + 4
        && failed.found() == "-"
        && failed.before(2) == "on"
        && is_time(at - 3)
        && failed.is_word(at + 1)
    {
        let day = |index: usize| failed.text_of(index).to_lowercase().chars().take(3).collect::<String>();
        return write(failed.span(at - 1, at + 1), format!("{}..{}", day(at - 1), day(at + 1)));
    }
    if at < failed.first + 4 {
        return None;
    }
    if failed.before(1) == "in" && is_time(at - 2) {
        let inner = failed.inner(at);
        let range = inner.split_once("..").or_else(|| inner.split_once('-')).or_else(|| inner.split_once(" to "));
        let (from, to) = range.map(|(from, to)| (from.trim(), to.trim()))?;
        return write(failed.here(), format!("{}..{}", clock(from)?, clock(to)?));
    }
    let sign = (1..=2).find(|before| matches!(failed.before(*before), "<" | ">"))?;
    let is_clock = failed.found().contains(':') && clock(failed.found()).is_some();
    if !is_clock || !is_time(at - sign - 1) {
        return None;
    }
    let time = clock(failed.found())?;
    let range = if failed.before(sign) == ">" { format!("{time}..24:00") } else { format!("00:00..{time}") };
    let whole = failed.span(at - sign, at);
    let title = "`.time` is compared with a part of the day";
    Some(error::foreign_form(whole, title, format!("write `.time in {range}`")).replace(whole, format!("in {range}")))
}

/// `1,000`, `1_000`, `0x10`, `1e6`.
pub(super) fn number(failed: &Failed<'_>) -> Option<Diagnostic> {
    let (at, found) = (failed.at, failed.found());
    let is_group = found == "," && failed.is_number(at - 1) && failed.is_glued(at) && failed.after(1).len() == 3;
    let span = if is_group { failed.span(at - 1, at + 1) } else { failed.here() };
    let written = failed.slice(span);
    let hex = found.strip_prefix("0x").or_else(|| found.strip_prefix("0X"));
    let plain = match hex {
        _ if is_group || (failed.is_number(at) && found.contains('_')) => written.replace([',', '_'], ""),
        Some(digits) => i64::from_str_radix(digits, 16).ok()?.to_string(),
        None if failed.is_number(at) && found.contains(['e', 'E']) => {
            let value = found.parse::<f64>().ok().filter(|value| value.is_finite() && value.abs() < 1e15)?;
            format!("{value}")
        }
        None => return None,
    };
    let is_number = plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let wrong = error::foreign_word(span, written, &plain).help(format!("write `{plain}`"));
    is_number.then(|| wrong.replace(span, plain))
}

/// A parenthesis or bracket that is not closed, or a comma that is missing in a list.
pub(super) fn brackets(failed: &Failed<'_>) -> Option<Diagnostic> {
    let at = failed.at.min(failed.end);
    let opened = |open: &str, close: &str| {
        let count = |sign: &str| (failed.first..at).filter(|index| failed.text_of(*index) == sign).count();
        count(open) > count(close)
    };
    let is_value = |index: usize| failed.is_string(index) || failed.is_number(index);
    let end = failed.span(at - 1, at - 1).end;
    if opened("[", "]") {
        if is_value(at) && is_value(at - 1) {
            let wrong = error::missing_part(failed.here(), "`,` before this", "values in a list are separated by `,`");
            return Some(wrong.replace(Span::new(end, end), ","));
        }
        let last = failed.span(at - 1, at - 1);
        return Some(error::missing_part(last, "`]` after this", "close the list").replace(Span::new(end, end), "]"));
    }
    let is_end = at >= failed.end || !matches!(failed.found(), "and" | "or" | ")");
    if opened("(", ")") && is_end {
        let last = failed.span(at - 1, at - 1);
        return Some(
            error::missing_part(last, "`)` after this", "close the parenthesis").replace(Span::new(end, end), ")"),
        );
    }
    let is_closed = failed.found() == ")" && !opened("(", ")");
    is_closed.then(|| super::statement::needless(failed, at, at, "no parenthesis is open: remove it"))
}

/// `5 %`, `1/20%`.
pub(super) fn percent(failed: &Failed<'_>) -> Option<Diagnostic> {
    let found = failed.found();
    if let Some(ratio) = found.strip_suffix('%').filter(|ratio| ratio.contains('/') && failed.is_number(failed.at)) {
        let wrong = error::foreign_form(
            failed.here(),
            "a chance is a ratio or a percentage, not both",
            format!("write `{ratio}`"),
        );
        return Some(wrong.replace(failed.here(), ratio));
    }
    if failed.found() != "%" || !failed.is_number(failed.at - 1) {
        return None;
    }
    let span = failed.span(failed.at - 1, failed.at);
    let fixed = failed.slice(span).replace(' ', "");
    // `1/20%`: the sign makes no sense after a ratio.
    let fixed = if fixed.contains('/') { fixed.replace('%', "") } else { fixed };
    let wrong = error::foreign_word(span, failed.slice(span), &fixed);
    Some(wrong.help(format!("write `{fixed}`")).replace(span, fixed))
}

/// `in "10.0.0.0/8"`, `in ("a", "b")`.
fn list(failed: &Failed<'_>) -> Option<Diagnostic> {
    if failed.before(1) != "in" {
        return None;
    }
    let at = failed.at;
    let front = Span::new(failed.here().start, failed.here().start);
    if failed.found() == "(" {
        let close = (at..failed.end).find(|index| failed.text_of(*index) == ")")?;
        let wrong = error::foreign_form(failed.here(), "a list is written in brackets", "write `in [\"…\", \"…\"]`");
        return Some(wrong.replace(failed.here(), "[").replace(failed.span(close, close), "]"));
    }
    if !failed.is_string(at) {
        return None;
    }
    if let Some(wrong) = time_of_day(failed) {
        return Some(wrong);
    }
    let text = failed.found();
    if failed.inner(at).split_once('/').is_some_and(|(address, _)| address.parse::<std::net::IpAddr>().is_ok()) {
        let title = format!("`{text}` is a network, which `in cidr` compares with");
        return Some(
            error::foreign_form(failed.here(), title, format!("write `in cidr {text}`")).replace(front, "cidr "),
        );
    }
    let end = Span::new(failed.here().end, failed.here().end);
    let wrong = error::foreign_form(failed.here(), "a list is written in brackets", format!("write `in [{text}]`"));
    Some(wrong.replace(front, "[").replace(end, "]"))
}

/// `.a ~ "foo"`, `.a like /foo/`.
fn regex(failed: &Failed<'_>) -> Option<Diagnostic> {
    let (at, before) = (failed.at, failed.before(1));
    if before == "~" && failed.is_string(at) {
        let fixed = failed.as_regex(at);
        let wrong = error::foreign_form(
            failed.here(),
            "`~` compares with a regex, not with text",
            format!("write `~ {fixed}`"),
        );
        return Some(wrong.replace(failed.here(), fixed));
    }
    if !failed.is_regex(at) || at < failed.first + 2 {
        return None;
    }
    let double = before == "=" && matches!(failed.before(2), "=" | "!");
    let from = at - 1 - usize::from(double);
    if !(double || matches!(before, "like" | "has" | "starts" | "ends")) || failed.before(2) == "!" {
        return None;
    }
    let span = failed.span(from, at - 1);
    let title = format!("`{}` compares with text, not with a regex", failed.slice(span));
    let wrong = error::foreign_form(span, title, format!("write `~ {}`", failed.found()));
    Some(wrong.replace(span, "~"))
}

/// `count > 5 within 2m`.
fn counted(failed: &Failed<'_>) -> Option<Diagnostic> {
    let is_time =
        matches!(failed.found(), "within" | "in" | "per" | "every" | "during") && failed.is_number(failed.at + 1);
    if !is_time || !failed.has_before(&["count"]) || !failed.is_number(failed.at - 1) {
        return None;
    }
    let span = failed.span(failed.at, failed.at + 1);
    let limit = failed.before(1);
    let title = "`count` in a condition counts all records, without regard to time";
    Some(error::foreign_form(span, title, format!("write `when count(name) >= {limit} within {}`", failed.after(1))))
}
