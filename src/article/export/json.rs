//! Reads the fields of one JSON record, and repairs errors that some exporters make.

use std::borrow::Cow;

use super::fields::{EXPORTED, RecordFields};
use super::record::NotARecord;

/// Reads the fields of a record whose text is the JSON object `json`.
pub(super) fn fields(json: &str) -> Result<RecordFields, NotARecord> {
    if !json.trim_start().starts_with('{') {
        return Err(NotARecord::NotAnObject);
    }
    let (fields, end) = read(json);
    end.map_err(|error| if error.is_eof() { NotARecord::CutOff } else { NotARecord::Json(reason(&error)) })?;
    Ok(fields)
}

/// Reads the fields of the JSON value at the start of `json`. Returns the fields up to the first error, and that error.
pub(super) fn read(json: &str) -> (RecordFields, serde_json::Result<()>) {
    let mut fields = RecordFields::new(EXPORTED);
    let end = fields.read(json);
    if !end.as_ref().is_err_and(serde_json::Error::is_syntax) {
        return (fields, end);
    }
    match repaired(json) {
        Cow::Borrowed(_) => (fields, end),
        Cow::Owned(repaired) => {
            let mut fields = RecordFields::new(EXPORTED);
            let end = fields.read(&repaired);
            (fields, end)
        }
    }
}

/// Returns the reason of an error without its place, because the user finds the record by its line in the file.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason).to_owned()
}

/// Returns `json` with unpaired surrogates replaced by `\ufffd` and raw control characters in strings escaped.
fn repaired(json: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut is_string = false;
    let bytes = json.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let (len, replacement) = match bytes[at] {
            b'"' => {
                is_string = !is_string;
                (1, None)
            }
            b'\\' if is_string => escape(&bytes[at..]),
            control @ 0..=0x1f if is_string => (1, Some(format!("\\u{control:04x}"))),
            _ => (1, None),
        };
        if let Some(replacement) = replacement {
            out.push_str(&json[copied..at]);
            out.push_str(&replacement);
            copied = at + len;
        }
        at += len;
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    out.push_str(&json[copied..]);
    Cow::Owned(out)
}

/// Returns the length in bytes of the escape sequence at the start of `bytes`, and its replacement if it is an unpaired
/// surrogate.
fn escape(bytes: &[u8]) -> (usize, Option<String>) {
    const LEN: usize = "\\ud800".len();
    let replaced = || (LEN, Some("\\ufffd".to_owned()));
    match code_unit(bytes) {
        Some(0xd800..=0xdbff) => match bytes.get(LEN..).and_then(code_unit) {
            Some(0xdc00..=0xdfff) => (2 * LEN, None),
            _ => replaced(),
        },
        Some(0xdc00..=0xdfff) => replaced(),
        Some(_) => (LEN, None),
        // Of an invalid escape such as `\é` only the backslash is skipped.
        None => (if bytes.get(1).is_some_and(u8::is_ascii) { 2 } else { 1 }, None),
    }
}

/// Returns the UTF-16 code unit of an escape sequence such as `\ud800`.
fn code_unit(bytes: &[u8]) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = bytes else { return None };
    let digits = digits.first_chunk::<4>().filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(json: &str, expect: Result<&str, NotARecord>) {
        let found = fields(json).map(|fields| fields.into_valued().remove(0).values.remove(0));
        assert_eq!(found, expect.map(str::to_owned));
    }

    #[test]
    fn unpaired_surrogates_and_raw_control_characters_are_repaired() {
        check(r#"{"a":"x\ud800y"}"#, Ok("x\u{fffd}y"));
        check(r#"{"a":"\udc00\ud83d\ude00\ud83d\n\ud83d"}"#, Ok("\u{fffd}😀\u{fffd}\n\u{fffd}"));
        check(r#"{"a":"\\ud800 \ud800"}"#, Ok("\\ud800 \u{fffd}"));
        check("{\"a\":\"x\ty\0z\"}", Ok("x\ty\u{fffd}z"));
    }

    #[test]
    fn json_that_cannot_be_repaired_is_an_error_with_a_reason() {
        check("[1]", Err(NotARecord::NotAnObject));
        check("{\"a\":\"x", Err(NotARecord::CutOff));
        check("{\"a\" \"x\"}", Err(NotARecord::Json("expected `:`".to_owned())));
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(1000), "]".repeat(1000));
        check(&deep, Err(NotARecord::Json("recursion limit exceeded".to_owned())));
    }

    proptest! {
        #[test]
        fn valid_json_needs_no_repair(text in "\\PC{0,40}") {
            let json = serde_json::to_string(&[text]).expect("strings are JSON");
            prop_assert!(matches!(repaired(&json), Cow::Borrowed(_)));
        }

        #[test]
        fn every_string_of_escapes_is_read(text in "(\\\\u(d8|dc|00|D9)(00|3d)|\\\\\\\\|\\\\\"|a|\n|\0|é){0,20}") {
            let json = format!("{{\"a\":\"x{text}\"}}");
            prop_assert!(fields(&json).is_ok(), "{}", json);
        }
    }
}
