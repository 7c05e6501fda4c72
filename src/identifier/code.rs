//! Error codes: 32-bit numbers in hex, as negative decimals, or by name. All become `0x` and eight lower-case digits.

use super::{Found, IdentifierKind};
use crate::source::Span;

/// The HRESULTs and NTSTATUS values that logs and articles name rather than number.
const SYMBOLS: [(&str, u32); 30] = [
    ("CLASS_E_CLASSNOTAVAILABLE", 0x8004_0111),
    ("CO_E_CLASSSTRING", 0x8004_01f3),
    ("CO_E_NOTINITIALIZED", 0x8004_01f0),
    ("CO_E_SERVER_EXEC_FAILURE", 0x8008_0005),
    ("DISP_E_EXCEPTION", 0x8002_0009),
    ("DISP_E_TYPEMISMATCH", 0x8002_0005),
    ("DISP_E_UNKNOWNNAME", 0x8002_0006),
    ("E_ABORT", 0x8000_4004),
    ("E_ACCESSDENIED", 0x8007_0005),
    ("E_FAIL", 0x8000_4005),
    ("E_HANDLE", 0x8007_0006),
    ("E_INVALIDARG", 0x8007_0057),
    ("E_NOINTERFACE", 0x8000_4002),
    ("E_NOTIMPL", 0x8000_4001),
    ("E_OUTOFMEMORY", 0x8007_000e),
    ("E_PENDING", 0x8000_000a),
    ("E_POINTER", 0x8000_4003),
    ("E_UNEXPECTED", 0x8000_ffff),
    ("MAPI_E_CALL_FAILED", 0x8000_4005),
    ("MAPI_E_LOGON_FAILED", 0x8004_0111),
    ("MAPI_E_NETWORK_ERROR", 0x8004_0115),
    ("MAPI_E_NOT_FOUND", 0x8004_010f),
    ("REGDB_E_CLASSNOTREG", 0x8004_0154),
    ("RPC_E_CALL_REJECTED", 0x8001_0001),
    ("RPC_E_SERVERFAULT", 0x8001_0105),
    ("RPC_E_WRONG_THREAD", 0x8001_010e),
    ("STATUS_ACCESS_VIOLATION", 0xc000_0005),
    ("STATUS_ACCESS_DENIED", 0xc000_0022),
    ("STATUS_NO_MEMORY", 0xc000_0017),
    ("STATUS_OBJECT_NAME_NOT_FOUND", 0xc000_0034),
];

/// Bytes of the longest name in [`SYMBOLS`]: further from a hit nothing is looked at, however long the word around it.
const LONGEST_SYMBOL: usize = "STATUS_OBJECT_NAME_NOT_FOUND".len();

/// Words after which a short hex number is a code. Code listings are full of other short ones.
const CODE_WORDS: [&str; 6] = ["error", "code", "stop", "status", "hresult", "result"];

/// A hex code whose `0x` stands at `at`: eight digits, or fewer after a word such as `error` or `STOP`.
pub(super) fn hex(text: &str, at: usize) -> Option<Found> {
    let digits = &text.as_bytes()[at + 2..];
    let n_digits = digits.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let end = at + 2 + n_digits;
    if !is_apart(text, at, end) || !(1..=8).contains(&n_digits) {
        return None;
    }
    let value = u32::from_str_radix(&text[at + 2..end], 16).ok().filter(|&value| value != 0)?;
    (n_digits == 8 || follows_code_word(text, at)).then(|| code(value, at, end))
}

/// An HRESULT or NTSTATUS printed as a negative number whose `-` stands at `at`.
pub(super) fn decimal(text: &str, at: usize) -> Option<Found> {
    let n_digits = text.as_bytes()[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let end = at + 1 + n_digits;
    if n_digits != 10 || !is_apart(text, at, end) {
        return None;
    }
    let value: i32 = text[at..end].parse().ok()?;
    Some(code(value.cast_unsigned(), at, end))
}

/// A named code around `at`, if the table knows it.
pub(super) fn symbolic(text: &str, at: usize) -> Option<Found> {
    let is_part = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
    let (before, after) = text.as_bytes().split_at(at);
    let start = at - before.iter().rev().take(LONGEST_SYMBOL).take_while(|b| is_part(b)).count();
    let end = at + after.iter().take(LONGEST_SYMBOL).take_while(|b| is_part(b)).count();
    let (_, value) = SYMBOLS.iter().find(|(name, _)| *name == &text[start..end])?;
    is_apart(text, start, end).then(|| code(*value, start, end))
}

fn code(value: u32, start: usize, end: usize) -> Found {
    Found { kind: IdentifierKind::Code, value: format!("{value:#010x}"), span: Span::new(start, end) }
}

/// Whether `start..end` is not a part of a longer word or number.
fn is_apart(text: &str, start: usize, end: usize) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    !text[..start].ends_with(is_word) && !text[end..].starts_with(is_word)
}

/// `error 0x6ba`, `Error Code: 0x5`, `STOP (0xA`.
fn follows_code_word(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches([' ', ':', '=', '(', '#', '\t', '\n']);
    CODE_WORDS.iter().any(|word| {
        before
            .len()
            .checked_sub(word.len())
            .and_then(|from| before.get(from..))
            .is_some_and(|end| end.eq_ignore_ascii_case(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_symbol_is_found_as_a_whole_word_alone() {
        for (name, value) in SYMBOLS {
            let at = name.find("E_").or_else(|| name.find("STATUS_")).expect("every name holds a trigger");
            assert_eq!(symbolic(name, at), Some(code(value, 0, name.len())));
            assert_eq!(symbolic(&format!("A{name}"), at + 1), None);
            assert_eq!(symbolic(&format!("{name}_A"), at), None);
        }
        assert_eq!(SYMBOLS.iter().map(|(name, _)| name.len()).max(), Some(LONGEST_SYMBOL));
    }
}
