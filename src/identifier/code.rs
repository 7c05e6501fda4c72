//! Error codes: HRESULT, NTSTATUS and Win32 in hex, in decimal, or by name. All become `0x` and eight lower-case
//! digits.
//!
//! A Win32 error becomes the HRESULT that wraps it, so `ERROR_ACCESS_DENIED`, `System error 5` and `E_ACCESSDENIED` are
//! one code. Most products have small error numbers of their own, so a small number counts as a Win32 error only if the
//! text says so. `error 0x5` becomes `0x00000005`.

use std::ops::{Range, RangeInclusive};

use super::around::{self, is_apart};
use super::{FoundIdentifier, IdentifierKind, symbol};
use crate::source::Span;

/// The HRESULT of Win32 error 0. Other Win32 errors have their number in its low 16 bits.
const WIN32: u32 = 0x8007_0000;

/// From this value on, a number with the form of an error code is taken as one. Below it there are few error codes
/// (`0x80000003` is a breakpoint), and bit masks look like them.
const FIRST_ERROR: u32 = 0x8000_4000;

/// Names in lower case after which a number is a Win32 error, each with the range of possible numbers.
pub(super) const OWNERS: [(&str, RangeInclusive<u32>); 9] = [
    ("system error", 1..=15_999),
    ("win32 error", 1..=15_999),
    ("windows error", 1..=15_999),
    ("windows nt error", 1..=15_999),
    ("dos error", 1..=999),
    ("socket error", 10_000..=11_999),
    ("sockets error", 10_000..=11_999),
    ("winsock error", 10_000..=11_999),
    ("net helpmsg", 1..=3_999),
];

/// The hex code whose `0x` is at `at`: eight digits of an error, or any number after a word such as `error`.
pub(super) fn hex(text: &str, at: usize) -> Option<FoundIdentifier> {
    let (value, n_digits) = hex_digits(text, at + 2)?;
    let end = at + 2 + n_digits;
    if !is_apart(text, at, end) || value == 0 {
        return None;
    }
    if around::is_stop(text, at) {
        return Some(stop(value, at, end));
    }
    let is_code = n_digits == 8 && is_severe(value) && value != 0x8000_0000 || around::is_code(text, at);
    is_code.then(|| code(value, at, end))
}

/// The code in Visual Basic's spelling whose `&H` is at `at`: `&H80070005`, `&H80070005&`.
pub(super) fn basic_hex(text: &str, at: usize) -> Option<FoundIdentifier> {
    let (value, n_digits) = hex_digits(text, at + 2)?;
    let end = at + 2 + n_digits;
    if n_digits != 8 || !is_apart(text, at, end) {
        return None;
    }
    is_certain(value, text, at).then(|| code(value, at, end))
}

/// The code of eight hex digits that begin at `at`: `80070005h`, `error c0000005`, `(80040e14)`. If no word before them
/// says that they are a code, they must be in quotes or parentheses and contain a letter.
pub(super) fn bare_hex(text: &str, at: usize) -> Option<FoundIdentifier> {
    let (value, n_digits) = hex_digits(text, at)?;
    let end = at + n_digits;
    let has_suffix = text[end..].starts_with(['h', 'H']);
    let after = end + usize::from(has_suffix);
    let continues = text[..at].ends_with(['-', '.', '{']) || text[after..].starts_with('-');
    if n_digits != 8 || continues || !is_severe(value) || !is_apart(text, at, after) {
        return None;
    }
    if around::is_stop(text, at) {
        return Some(stop(value, at, after));
    }
    let has_letter = text[at..end].bytes().any(|b| b.is_ascii_alphabetic());
    let is_enclosed = text[..at].ends_with(['(', '"', '\'', '[']) && text[after..].starts_with([')', '"', '\'', ']']);
    let is_code = has_suffix && value >= FIRST_ERROR || has_letter && is_enclosed || around::is_number(text, at);
    is_code.then(|| code(value, at, after))
}

/// The HRESULT or NTSTATUS printed as a negative number whose `-` is at `at`.
pub(super) fn negative(text: &str, at: usize) -> Option<FoundIdentifier> {
    let end = decimal_end(text, at + 1);
    if end - at != 11 || !is_apart(text, at, end) {
        return None;
    }
    let value = text[at..end].parse::<i32>().ok()?.cast_unsigned();
    is_certain(value, text, at).then(|| code(value, at, end))
}

/// The HRESULT or NTSTATUS printed as an unsigned number that begins at `at`. Only the first 64 facilities count,
/// because large numbers of other kinds have the values of later ones.
pub(super) fn unsigned(text: &str, at: usize) -> Option<FoundIdentifier> {
    let end = decimal_end(text, at);
    if end - at != 10 || !is_apart(text, at, end) || text[..at].ends_with(['-', '.', ',']) {
        return None;
    }
    let value: u32 = text[at..end].parse().ok()?;
    let facility = value >> 16 & 0x0fff;
    (facility < 0x40 && is_certain(value, text, at)).then(|| code(value, at, end))
}

/// The Win32 error after one of the names in [`OWNERS`]: `System error 5 has occurred`, `Win32 Error = 0x57`. The name
/// begins at `at` and has the index `owner`.
pub(super) fn owned(text: &str, at: usize, owner: usize) -> Option<FoundIdentifier> {
    let (name, numbers) = &OWNERS[owner];
    let after = &text[at + name.len()..];
    let word =
        [" code", " number"].iter().find(|word| after.get(..word.len()).is_some_and(|w| w.eq_ignore_ascii_case(word)));
    let after = after[word.map_or(0, |word| word.len())..].trim_start_matches([' ', ':', '=', '#', '(']);
    let start = text.len() - after.len();
    if around::ends_in_word(&text[..at]) || start - at > name.len() + 12 {
        return None;
    }
    let is_hex = after.get(..2).is_some_and(|prefix| prefix.eq_ignore_ascii_case("0x"));
    let (value, end) = match hex_digits(text, start + 2).filter(|_| is_hex) {
        Some((value, n_digits)) => (value, start + 2 + n_digits),
        None => {
            let end = decimal_end(text, start);
            (text[start..end].parse().ok()?, end)
        }
    };
    let goes_on = text[end..].starts_with(['.', ',']) && text[end + 1..].starts_with(|c: char| c.is_ascii_digit());
    let is_code = is_apart(text, start, end) && numbers.contains(&value) && !goes_on && !counts(&text[end..]);
    is_code.then(|| code(WIN32 | value, start, end))
}

/// The code or STOP code whose name is `word`.
pub(super) fn symbolic(text: &str, word: Range<usize>) -> Option<FoundIdentifier> {
    let name = &text[word.clone()];
    // Names begin like `E_FAIL` and `NERR_UserNotFound`. Other words are not looked up.
    if !name.as_bytes().iter().take(2).all(|b| b.is_ascii_uppercase() || *b == b'_') {
        return None;
    }
    let found = symbol::code(name).map(|value| code(value, word.start, word.end));
    found.or_else(|| symbol::stop(name).map(|value| stop(value, word.start, word.end)))
}

/// A STOP screen prints at most this many numbers with its code.
const PARAMETERS: usize = 4;

/// The numbers that follow a STOP code, with their places: in parentheses, or at least two in a row without them.
pub(super) fn stop_parameters(text: &str, code_end: usize) -> Vec<(u32, Range<usize>)> {
    /// At most this many blanks and signs can be between two numbers.
    const BETWEEN: usize = 16;
    let after = |at: usize| {
        let between = text.as_bytes()[at..].iter().take(BETWEEN);
        at + between.take_while(|b| b.is_ascii_whitespace() || b",:(".contains(b)).count()
    };
    let number = |start: usize| {
        let is_prefixed = text.get(start..start + 2).is_some_and(|prefix| prefix.eq_ignore_ascii_case("0x"));
        let prefix = if is_prefixed { 2 } else { 0 };
        let (value, n_digits) = hex_digits(text, start + prefix)?;
        let end = start + prefix + n_digits;
        ((is_prefixed || n_digits == 8) && is_apart(text, start, end)).then_some((value, start..end))
    };
    let mut parameters: Vec<(u32, Range<usize>)> = Vec::new();
    while parameters.len() < PARAMETERS {
        let end = parameters.last().map_or(code_end, |(_, place)| place.end);
        let start = after(end);
        let Some(parameter) = number(start).filter(|_| start > end) else { break };
        parameters.push(parameter);
    }
    let is_enclosed = text[code_end..after(code_end)].contains('(');
    if is_enclosed || parameters.len() > 1 { parameters } else { Vec::new() }
}

/// Returns the STOP code with the 4 KiB page of system memory that contains the address `value`, one of its numbers:
/// `stop 0x0000000a at 0x80139xxx`. The same fault in the same version of a driver has the same page. `None` if the
/// number is not an address in system memory, or is a status.
pub(super) fn stop_page(stop: &FoundIdentifier, value: u32, place: Range<usize>) -> Option<FoundIdentifier> {
    const PAGE_BITS: u32 = 12;
    let is_status = matches!(value >> 24, 0xc0 | 0xc1) || matches!(value >> 16, 0x8004 | 0x8007);
    let page = || format!("{} at {:#07x}xxx", stop.value, value >> PAGE_BITS);
    let found = || FoundIdentifier { kind: stop.kind, value: page(), span: Span::new(place.start, place.end) };
    (value >= 0x8000_0000 && !is_status).then(found)
}

/// Returns whether a code among the numbers of a STOP code is an identifier as well. Only an NTSTATUS `0xc000…` is.
pub(super) fn is_status(found: &FoundIdentifier) -> bool {
    found.value.starts_with("0xc000")
}

fn code(value: u32, start: usize, end: usize) -> FoundIdentifier {
    FoundIdentifier { kind: IdentifierKind::Code, value: format!("{value:#010x}"), span: Span::new(start, end) }
}

fn stop(value: u32, start: usize, end: usize) -> FoundIdentifier {
    FoundIdentifier { kind: IdentifierKind::Stop, value: format!("stop {value:#010x}"), span: Span::new(start, end) }
}

/// The value of the hex digits at `at` and their number, one to eight.
fn hex_digits(text: &str, at: usize) -> Option<(u32, usize)> {
    let n_digits = text.as_bytes()[at.min(text.len())..].iter().take(9).take_while(|b| b.is_ascii_hexdigit()).count();
    let value = u32::from_str_radix(text.get(at..at + n_digits)?, 16).ok()?;
    Some((value, n_digits))
}

/// Where the decimal digits that begin at `at` end. At most eleven are read, since no code has as many.
fn decimal_end(text: &str, at: usize) -> usize {
    at + text.as_bytes()[at..].iter().take(11).take_while(|b| b.is_ascii_digit()).count()
}

/// Whether `value` is a failed HRESULT, or an NTSTATUS that is an error or a warning.
fn is_severe(value: u32) -> bool {
    matches!(value >> 28, 0x8 | 0xc)
}

/// Returns whether a number is a code although its spelling is also used for other numbers. A value below
/// [`FIRST_ERROR`] needs a word such as `error` before it: `&H80000002` is a registry root.
fn is_certain(value: u32, text: &str, at: usize) -> bool {
    is_severe(value) && (value >= FIRST_ERROR || around::is_code(text, at))
}

/// Returns whether the text after a number shows that it counts something: `System error 5 times`.
fn counts(after: &str) -> bool {
    [" time", " of "].iter().any(|word| after.starts_with(word))
}
