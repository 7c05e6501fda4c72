//! Escape sequences that a program has written out as text: `#033[31m` (rsyslog), `\u001b[31m` (JSON), `\x1b[31m` and
//! `\033[31m`.
//!
//! Only colours and erasing to the end of the line are recognised, since the sequences are text that may mean itself.

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// The last part of `ESC [`, as it is written out. There are few of them, because each costs a search through all texts.
static WRITTEN: LazyLock<[Finder<'static>; 3]> = LazyLock::new(|| ["033[", "1b[", "1B["].map(Finder::new));

/// Appends `text`, which consists of complete lines or is a part of one, without such sequences.
pub(super) fn append_without_written(text: &[u8], out: &mut Vec<u8>) {
    let from = out.len();
    out.extend_from_slice(text);
    for written in WRITTEN.iter() {
        if written.find(&out[from..]).is_some() {
            let text = out.split_off(from);
            append_without(written, &text, out);
        }
    }
}

/// Appends `text` without the sequences that are written in this way.
fn append_without(written: &Finder<'_>, text: &[u8], out: &mut Vec<u8>) {
    let mut done = 0;
    for start in written.find_iter(text) {
        let ends = end_of_sequence(text, start + written.needle().len());
        if let Some(end) = ends
            && let Some(before) = len_of_beginning(&text[done..start])
        {
            out.extend_from_slice(&text[done..start - before]);
            done = end;
        }
    }
    out.extend_from_slice(&text[done..]);
}

/// Returns the number of bytes at the end of `before` that belong to the sequence: `#`, or a backslash and perhaps `x` or
/// `u00`. JSON within JSON escapes the backslash again; then all of an even number of backslashes belong to it.
fn len_of_beginning(before: &[u8]) -> Option<usize> {
    if before.ends_with(b"#") {
        return Some(1);
    }
    let escaped = before.strip_suffix(b"u00").or_else(|| before.strip_suffix(b"x")).unwrap_or(before);
    let letters = before.len() - escaped.len();
    match escaped.iter().rev().take_while(|byte| **byte == b'\\').count() {
        0 => None,
        n if n % 2 == 0 => Some(n + letters),
        _ => Some(1 + letters),
    }
}

/// Returns the end of the sequence whose parameters begin at `from`.
fn end_of_sequence(text: &[u8], from: usize) -> Option<usize> {
    const MAX_PARAMETER_BYTES: usize = 64;
    let mut parameters = text[from..].iter().take(MAX_PARAMETER_BYTES);
    let len = parameters.position(|byte| !matches!(byte, b'0'..=b'9' | b';'))?;
    matches!(text[from + len], b'm' | b'K').then_some(from + len + 1)
}
