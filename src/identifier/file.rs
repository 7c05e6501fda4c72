//! Programs, libraries and drivers, with their versions if those are beside them: `store.exe 5.5.2408.0`.

use super::around::{is_word_char, just_after, just_before};
use super::{FoundIdentifier, IdentifierKind};
use crate::source::Span;

/// Extensions of files that can be executed or loaded. `.com` is missing, because most such names are hosts.
pub(super) const EXTENSIONS: [&str; 14] =
    [".exe", ".dll", ".sys", ".ocx", ".drv", ".vxd", ".cpl", ".inf", ".386", ".vbx", ".tsp", ".acm", ".scr", ".msi"];

/// The longest name that is read, in bytes.
const LONGEST: usize = 64;

/// How many bytes before and after a name its version is searched for. The columns of a file table take as much.
const REACH: usize = 80;

/// Words that may occur between a file and its version: words of file tables and of sentences.
const BETWEEN: [&str; 31] = [
    "intel",
    "alpha",
    "i386",
    "x86",
    "am",
    "pm",
    "a",
    "p",
    "kb",
    "k",
    "mb",
    "bytes",
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
    "utc",
    "is",
    "was",
    "file",
    "incremented",
    "updated",
    "to",
];

/// Words after which any number with a point is a version.
const VERSION: [&str; 3] = ["version", "ver", "v"];

/// The file whose extension of `ending_len` bytes is at `at`, with its version if there is one. Text before byte
/// `taken` belongs to an earlier identifier.
pub(super) fn at(text: &str, at: usize, ending_len: usize, taken: usize) -> Option<FoundIdentifier> {
    let end = at + ending_len;
    let before = just_before(text, at, LONGEST);
    let is_part = |c: char| is_word_char(c) || matches!(c, '$' | '~' | '-' | '.');
    let name = &before[before.trim_end_matches(is_part).len()..];
    let name = name.trim_start_matches(['-', '.', '~', '_']);
    let start = at - name.len();
    let is_placeholder = text[..start].ends_with(['%', '*', '?', '#', '>', ']']);
    if name.is_empty() || start < taken || is_placeholder || goes_on(&text[end..]) {
        return None;
    }
    let name = text[start..end].to_lowercase();
    let version = version_before(text, start, taken).or_else(|| version_after(text, end));
    Some(match version {
        Some((version, place)) => FoundIdentifier {
            kind: IdentifierKind::File,
            value: format!("{name} {version}"),
            span: Span::new(start.min(place.start), end.max(place.end)),
        },
        None => FoundIdentifier { kind: IdentifierKind::File, value: name, span: Span::new(start, end) },
    })
}

/// Whether a name continues after the extension: `setup.exe.config`, `foo.dllx`. A full stop that ends a sentence does
/// not continue it.
fn goes_on(after: &str) -> bool {
    let mut after = after.chars();
    match after.next() {
        Some('.') => after.next().is_some_and(is_word_char),
        Some(c) => is_word_char(c) || c == '-' || c == '$',
        None => false,
    }
}

/// The version in the columns before a name, or in `version 5.5.2653.23 of Store.exe`.
fn version_before(text: &str, start: usize, taken: usize) -> Option<(String, Span)> {
    let near = just_before(text, start, REACH.min(start - taken));
    let is_cut = text[..start - near.len()].ends_with(is_word_char);
    let near = if is_cut { near.split_once(' ').map_or("", |(_, whole)| whole) } else { near };
    let mut is_below = false;
    let mut words = words(near).rev().map(|(at, word)| (start - near.len() + at, word)).peekable();
    while let Some((at, word)) = words.next() {
        is_below |= text[at + word.len()..start].contains('\n');
        let is_announced = words.peek().is_some_and(|(_, word)| is_any(&VERSION, word));
        if let Some(version) = version(word, is_announced).filter(|_| is_announced || !is_below) {
            return Some((version, Span::new(at, at + word.len())));
        }
        let is_between = is_column(word) && !is_below || is_any(&["of", "the"], word);
        if !is_between {
            return None;
        }
    }
    None
}

/// The version in the columns after a name, or in `Store.exe (version 5.5.2653.23)`.
fn version_after(text: &str, end: usize) -> Option<(String, Span)> {
    let near = just_after(text, end, REACH);
    let is_cut = text[end + near.len()..].starts_with(is_word_char);
    let near = if is_cut { near.rsplit_once(' ').map_or("", |(whole, _)| whole) } else { near };
    let mut is_announced = false;
    for (at, word) in words(near) {
        let is_below = near[..at].contains('\n');
        if let Some(version) = version(word, is_announced).filter(|_| is_announced || !is_below) {
            return Some((version, Span::new(end + at, end + at + word.len())));
        }
        is_announced = is_any(&VERSION, word);
        if !is_announced && (is_below || !is_column(word)) {
            return None;
        }
    }
    None
}

/// The words of `text` with their places, without the punctuation around them.
fn words(text: &str) -> impl DoubleEndedIterator<Item = (usize, &str)> {
    let is_sign = |c: char| c.is_whitespace() || matches!(c, '|' | '(' | ')' | ',' | ';');
    let parts = text.split(is_sign).map(|word| word.trim_matches(['-', ':', '.', '"']));
    let place = move |word: &str| word.as_ptr().addr() - text.as_ptr().addr();
    parts.filter(|word| !word.is_empty()).map(move |word| (place(word), word))
}

/// Whether a word may occur between a file and its version: a number, a date, a size, or a word of a file table.
fn is_column(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) || is_any(&BETWEEN, word)
}

fn is_any(known: &[&str], word: &str) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// The version that `word` is, without leading zeros: `5.00.2195.2100` becomes `5.0.2195.2100`. If the text does not
/// call it a version, it needs four parts that are not an address, or three that are not a date.
fn version(word: &str, is_announced: bool) -> Option<String> {
    /// A version has at most 4 parts, each of at most 6 digits.
    const MOST: (usize, usize) = (4, 6);
    /// Numbers that can be the year of a date.
    const YEARS: std::ops::RangeInclusive<u32> = 1980..=2039;
    let mut parts = [0u32; MOST.0];
    let mut n_parts = 0;
    for part in word.split('.') {
        if part.len() > MOST.1 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *parts.get_mut(n_parts)? = part.parse().ok()?;
        n_parts += 1;
    }
    let looks_like_one = match parts[..n_parts] {
        [_, _, _, _] => parts.iter().any(|&part| part > 255),
        [day, month, year] => {
            year > 99 && !((1..=31).contains(&day) && (1..=12).contains(&month) && YEARS.contains(&year))
        }
        _ => false,
    };
    let is_version = looks_like_one || is_announced && n_parts > 1;
    // `3.02` is not the version `3.2`.
    let printed = || parts[..n_parts].iter().map(u32::to_string).collect::<Vec<_>>().join(".");
    is_version.then(|| if n_parts == 2 { word.to_owned() } else { printed() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<(&str, &str)>) {
        let (place, ending) = EXTENSIONS
            .iter()
            .filter_map(|ending| Some((text.to_ascii_lowercase().find(ending)?, ending)))
            .min()
            .expect("an ending");
        let found = at(text, place, ending.len(), 0);
        let found = found.as_ref().map(|found| (found.value.as_str(), &text[found.span.start..found.span.end]));
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn a_name_is_a_file_if_it_runs() {
        check("Start C:\\Winnt\\System32\\Ntvdm.exe.", Some(("ntvdm.exe", "Ntvdm.exe")));
        check("(X400om1.DLL)", Some(("x400om1.dll", "X400om1.DLL")));
        check("the Company.Mail.Core.dll library", Some(("company.mail.core.dll", "Company.Mail.Core.dll")));
        check("%1.exe <name>.exe", None);
        for other in ["*.dll", "an .exe file", "app.exe.config", "foo.dllx", "foo.sys-old", "file.system"] {
            check(other, None);
        }
    }

    #[test]
    fn tables_give_versions_in_any_column() {
        let version = |text, printed| check(text, Some(("mail.exe 5.5.2408.0", printed)));
        let row = "12/03/98  04:15p   5.5.2408.0   1,234,567  Mail.exe  Intel";
        version(row, "5.5.2408.0   1,234,567  Mail.exe");
        version("   02-Mar-2001  00:15  5.5.2408.0  4,442,606  Mail.exe      Alpha", "5.5.2408.0  4,442,606  Mail.exe");
        version("| Mail.exe | 5.5.2408.0 | ", "Mail.exe | 5.5.2408.0");
        version(
            "C:\\Bin\\Mail.exe      70,416      12/17/98       5.05.2408.0",
            "Mail.exe      70,416      12/17/98       5.05.2408.0",
        );
        version(
            "  04/27/1999  11:59a    995,383  Mail.exe        I386       5.5.2408.0",
            "Mail.exe        I386       5.5.2408.0",
        );
        version("Mail.exe 5.5.2408.0  Other.exe 1.2.3.999", "Mail.exe 5.5.2408.0");
        check("| Ese.dll     | 5.5.2560 |", Some(("ese.dll 5.5.2560", "Ese.dll     | 5.5.2560")));
        check("07/02/98  04:04p    46,864  Fastfat.sys", Some(("fastfat.sys", "Fastfat.sys")));
        let gap = " ".repeat(REACH - "5.5.2408.300".len());
        check(&format!("15.5.2408.300{gap}Mail.exe{gap}5.5.2408.3001"), Some(("mail.exe", "Mail.exe")));
        check("5.5.2408.0\nMail.exe\n5.5.2408.0", Some(("mail.exe", "Mail.exe")));
    }

    #[test]
    fn sentences_give_versions_by_their_word() {
        check("version 5.5.2653.23 of Store.exe", Some(("store.exe 5.5.2653.23", "5.5.2653.23 of Store.exe")));
        check(
            "version 5.5.2653.23 of\nthe Store.exe",
            Some(("store.exe 5.5.2653.23", "5.5.2653.23 of\nthe Store.exe")),
        );
        check("(Odbcjt32.dll, version\n4.0)", Some(("odbcjt32.dll 4.0", "Odbcjt32.dll, version\n4.0")));
        check("VMGATE.EXE version 3.40.0042.", Some(("vmgate.exe 3.40.42", "VMGATE.EXE version 3.40.0042")));
        check(
            "X400om.dll incremented to version 5.5.2654.50",
            Some(("x400om.dll 5.5.2654.50", "X400om.dll incremented to version 5.5.2654.50")),
        );
    }

    #[test]
    fn dates_addresses_and_counts_are_no_versions() {
        for text in [
            "Ping.exe 10.1.0.22",
            "Ping.exe 03.12.1998",
            "Ping.exe 3.12.98",
            "Ping.exe 4.0",
            "Ping.exe 1",
            "1.5 ping.exe",
        ] {
            let name = if text.starts_with('P') { "Ping.exe" } else { "ping.exe" };
            check(text, Some(("ping.exe", name)));
        }
        check("Ping.exe and 5.5.2408.0", Some(("ping.exe", "Ping.exe")));
    }
}
