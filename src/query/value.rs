//! Checks the value of a filter and brings it into canonical form.

use jiff::civil::Date;

use super::model::{FilterField, FilterValue};
use crate::article::{self, ArticleState, SectionKind};
use crate::identifier::{self, IdentifierKind};
use crate::normal_form::composed;

/// A value has at most this many bytes. A longer text is not a name, number or date.
const LONGEST: usize = 120;

/// Texts that are put before a value in turn. If an identifier is recognised in the result, the value is a code of that
/// kind.
const BEFORE_CODE: [&str; 5] = ["", "error ", "system error ", "socket error ", STOP];

/// The text that makes the value behind it the code of a STOP screen.
const STOP: &str = "stop ";

/// The names of the protocols whose replies can be searched for as codes: `smtp 421`.
const PROTOCOLS: [&str; 4] = ["smtp", "nntp", "ftp", "http"];

/// Other spellings of kinds of articles, in lower case, each with the canonical one.
const KINDS: [(&str, &str); 9] = [
    ("problem", "prb"),
    ("issue", "prb"),
    ("how-to", "howto"),
    ("how_to", "howto"),
    ("inf", "info"),
    ("information", "info"),
    ("docs", "doc"),
    ("hotfix", "fix"),
    ("patch", "fix"),
];

impl FilterValue {
    /// Parses a value; `None` if it is not valid for the field.
    pub(super) fn parse(field: FilterField, written: &str) -> Option<FilterValue> {
        if written.is_empty() || written.len() > LONGEST || written.contains("//") {
            return None;
        }
        let written = &*composed(written);
        match field {
            FilterField::Product => is_name(written).then(|| FilterValue::Product(written.to_owned())),
            FilterField::Version => is_version(written).then(|| FilterValue::Version(written.to_owned())),
            FilterField::Kind => is_name(written).then(|| FilterValue::Kind(kind(written))),
            FilterField::Section => section(written).map(FilterValue::Section),
            FilterField::Code => Some(codes(written)).filter(|codes| !codes.is_empty()).map(FilterValue::Code),
            FilterField::Event => event(written),
            FilterField::Source => is_name(written).then(|| FilterValue::Source(written.to_lowercase())),
            FilterField::File => file(written).map(FilterValue::File),
            FilterField::Id => is_id(written).then(|| FilterValue::Id(article::canonical_id(written))),
            FilterField::Since => days(written).map(|(first, _)| FilterValue::Since(first)),
            FilterField::Until => days(written).map(|(_, last)| FilterValue::Until(last)),
            FilterField::In => is_id(written).then(|| FilterValue::In(written.to_owned())),
            FilterField::State => state(written).map(FilterValue::State),
        }
    }
}

/// Returns the canonical spelling of a kind of article, in lower case and without blanks: `howto` for `HOW TO` or
/// `how-to`.
pub(crate) fn kind(written: &str) -> String {
    let lower = written.to_lowercase();
    let joined: String = lower.split_whitespace().collect();
    let known = KINDS.iter().find(|(spelling, _)| *spelling == joined).map(|(_, kind)| (*kind).to_owned());
    known.unwrap_or(joined)
}

fn state(written: &str) -> Option<ArticleState> {
    ArticleState::ALL.into_iter().find(|state| written.eq_ignore_ascii_case(state.name()))
}

/// Whether a text can be a name rather than a path or an expression.
fn is_name(text: &str) -> bool {
    text.starts_with(char::is_alphanumeric)
        && text.contains(char::is_alphabetic)
        && text.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '+' | '#' | ')' | '!'))
        && !text.contains(['\\', ':', '=', '<', '>', '|', ';'])
}

fn is_version(text: &str) -> bool {
    const NAMES: [&str; 5] = ["me", "nt", "vista", "xp", "beta"];
    let is_named = || NAMES.iter().any(|name| text.eq_ignore_ascii_case(name));
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | ' ' | '-' | '+' | '(' | ')');
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(is_part)
        && (text.contains(|c: char| c.is_ascii_digit()) || is_named())
        && !text.ends_with(['.', '-'])
}

/// Whether a text can be an id, which may be a slug or a path: `mail/queue-stuck`.
fn is_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || c == '(')
        && text.ends_with(|c: char| c.is_alphanumeric() || c == ')')
        && !text.contains(['\\', ':', '=', '<', '>', '|', ';', ','])
}

fn section(text: &str) -> Option<SectionKind> {
    let own = [SectionKind::Body, SectionKind::Titled].into_iter().find(|kind| kind.name().eq_ignore_ascii_case(text));
    own.or_else(|| Some(article::section_kind(text)).filter(|kind| *kind != SectionKind::Titled))
}

/// Returns the identifiers that a code in any spelling may mean, in canonical form, sorted, each once. Empty if it is
/// no code.
fn codes(text: &str) -> Vec<String> {
    let mut codes: Vec<String> = match text.get(..STOP.len()).filter(|start| start.eq_ignore_ascii_case(STOP)) {
        Some(_) => code_after(STOP, &text[STOP.len()..]).into_iter().collect(),
        None => BEFORE_CODE.iter().filter_map(|before| code_after(before, text)).chain(replies(text)).collect(),
    };
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Puts `before` and `text` together. If a code is recognised that includes all of `text`, returns it in canonical
/// form.
fn code_after(before: &str, text: &str) -> Option<String> {
    let sentence = format!("{before}{text}");
    let found = identifier::find(&sentence).into_iter().find(|found| found.span.end == sentence.len())?;
    let is_code = matches!(found.kind, IdentifierKind::Code | IdentifierKind::Stop | IdentifierKind::Reply);
    (is_code && found.span.start <= before.len()).then_some(found.value)
}

/// Returns the protocol replies that a text may mean: `421` of each protocol, `smtp 421` of one, and `5.7.1` of SMTP.
fn replies(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let named = lower.split_once(' ').filter(|(protocol, _)| PROTOCOLS.contains(protocol));
    let (protocols, number) = match named {
        Some((protocol, number)) => (vec![protocol], number.trim_start()),
        None => (PROTOCOLS.to_vec(), lower.as_str()),
    };
    let numbers: Vec<&str> = number.split('.').collect();
    let is_number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    // One number is a reply of any protocol (`421`), two are HTTP's (`403.4`), three are SMTP's enhanced ones
    // (`5.7.1`).
    let is_reply = |protocol: &str| match numbers.as_slice() {
        [reply] => reply.len() == 3,
        [reply, _] => reply.len() == 3 && protocol == "http",
        [class, _, _] => class.len() == 1 && protocol == "smtp",
        _ => false,
    };
    let refuses = number.starts_with(['4', '5']) && numbers.iter().all(is_number);
    let fitting = protocols.into_iter().filter(|protocol| refuses && is_reply(protocol));
    fitting.map(|protocol| format!("{protocol} {number}")).collect()
}

/// Parses an event id, with or without its source: `9035`, `MSExchangeIMC/9035`.
fn event(text: &str) -> Option<FilterValue> {
    let (source, number) = match text.rsplit_once('/') {
        Some((source, number)) => {
            (Some(source).filter(|source| is_name(source)).map(str::to_lowercase)?.into(), number)
        }
        None => (None, text),
    };
    let is_number = (1..=10).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| FilterValue::Event { source, number: number.to_owned() })
}

/// Returns the canonical form of the name of an executable file, with its version if there is one. `None` for any other
/// text, such as a path.
fn file(text: &str) -> Option<String> {
    let found = identifier::find(text);
    match found.as_slice() {
        [one] if one.kind == IdentifierKind::File && one.span.start == 0 && one.span.end == text.len() => {
            Some(one.value.clone())
        }
        _ => None,
    }
}

/// Returns the first and the last day of the year, month or day that `text` names: `2000`, `2000-03`, `2000-03-31`.
fn days(text: &str) -> Option<(Date, Date)> {
    let mut parts = text.split('-');
    let number = |part: &str, n_digits: usize| {
        let is_number = part.len() == n_digits && part.bytes().all(|b| b.is_ascii_digit());
        if is_number { part.parse::<i16>().ok() } else { None }
    };
    let year = number(parts.next()?, 4).filter(|year| (1970..=2999).contains(year))?;
    let Some(month) = parts.next() else { return Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?)) };
    let month = i8::try_from(number(month, 2)?).ok()?;
    let Some(day) = parts.next() else {
        let first = Date::new(year, month, 1).ok()?;
        return Some((first, first.last_of_month()));
    };
    let day = Date::new(year, month, i8::try_from(number(day, 2)?).ok()?).ok()?;
    parts.next().is_none().then_some((day, day))
}
