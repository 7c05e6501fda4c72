//! Finds the parts of a word of a message that change each time the message is printed. Looks only at this word and the
//! word before it.

use std::ops::Range;

use crate::identifier;
use crate::pattern::HoleKind;

/// A part of a message that varies. The pattern has a hole in its place, with this name, that matches values of this
/// kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) kind: HoleKind,
}

/// After one of these words a number does not vary: it is the code of the message, or part of a product's name.
const FIXING: [&str; 37] = [
    "error",
    "err",
    "code",
    "status",
    "number",
    "no",
    "msg",
    "message",
    "event",
    "id",
    "stop",
    "exception",
    "errno",
    "sqlstate",
    "reason",
    "result",
    "hresult",
    "version",
    "ver",
    "v",
    "pack",
    "sp",
    "windows",
    "nt",
    "server",
    "office",
    "word",
    "excel",
    "access",
    "explorer",
    "dos",
    "ms-dos",
    "basic",
    "sql",
    "exchange",
    "win",
    "level",
];

/// File name extensions of documents. The names of documents vary; those of programs and libraries do not.
const DOCUMENTS: [&str; 22] = [
    "doc", "xls", "ppt", "mdb", "txt", "pst", "ost", "pab", "dbf", "htm", "html", "asp", "mdf", "ldf", "tmp", "bmp",
    "wav", "avi", "rtf", "csv", "zip", "cab",
];

/// Words that together with `NAME` or `Name` are a placeholder: `SERVERNAME`, `ServerName`.
const NAMED: [&str; 22] = [
    "server",
    "user",
    "computer",
    "domain",
    "file",
    "folder",
    "machine",
    "mailbox",
    "printer",
    "share",
    "table",
    "database",
    "site",
    "path",
    "program",
    "module",
    "directory",
    "service",
    "device",
    "host",
    "group",
    "queue",
];

/// A file name with one of these before its extension is a placeholder for any file: `filename.exe`.
const ANY_FILE: [&str; 8] = ["filename", "file", "program", "app", "appname", "application", "name", "progname"];

/// The greatest length of a quoted name in bytes. Longer quotations are text.
const LONGEST_NAME: usize = 60;

/// Returns the variable parts of `word` and their byte ranges in it. `before` is the word before it, empty at the start
/// of a message. `is_last` tells whether `word` ends the message.
pub(super) fn variables_in(word: &str, before: &str, is_last: bool) -> Vec<(Range<usize>, Variable)> {
    let start = word.len() - word.trim_start_matches(['(', '[', '{', ',']).len();
    if let Some(len) = quoted_len(&word[start..]) {
        let inner = &word[start + 1..start + len - 1];
        let is_code = is_number(inner) && is_fixing(before);
        let name = placeholder(inner).unwrap_or_else(|| "name".to_owned());
        return if is_code {
            Vec::new()
        } else {
            vec![(start..start + len, Variable { name, kind: HoleKind::Quoted })]
        };
    }
    let core = core(word);
    let text = &word[core.clone()];
    if text.contains('\\') && text.len() > 3 {
        return vec![(core, Variable { name: "path".to_owned(), kind: HoleKind::Path })];
    }
    let placeholders = placeholders(word);
    if !placeholders.is_empty() {
        return placeholders;
    }
    let value = core.start + text.rfind('=').map_or(0, |at| at + 1)..core.end;
    let is_fixed = before.is_empty() && value.start == core.start || is_fixing(before);
    let is_code = is_last && core.start > 0 && core.end < word.len();
    let found = hole_for(&word[value.clone()], is_fixed, is_code).or_else(|| drive(text, before));
    found.map(|(name, kind)| (value, Variable { name: name.to_owned(), kind })).into_iter().collect()
}

/// Returns the length in bytes of a quoted name at the start of `text`, including its quotes. The name is short and in
/// two equal quotes, and no letter, digit or further quote follows.
pub(super) fn quoted_len(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let close = 1 + text[1..].find(quote)?;
    let is_name =
        (2..=LONGEST_NAME).contains(&close) && !text[1..close].starts_with(' ') && !text[1..close].ends_with(' ');
    let ends = !text[close + 1..].starts_with(|c: char| c.is_alphanumeric() || c == quote);
    (is_name && ends).then_some(close + 1)
}

/// Returns the length in bytes of a placeholder such as `<server name>`, `[path]` or `{0}` at the start of `text`. In
/// square brackets it must be lower-case, because names of drivers with capitals occur there too; in braces it must be
/// a number.
pub(super) fn placeholder_len(text: &str) -> Option<usize> {
    const LONGEST: usize = 40;
    let close = match text.chars().next()? {
        '<' => '>',
        '[' => ']',
        '{' => '}',
        _ => return None,
    };
    let end = text.char_indices().take(LONGEST).find(|(_, c)| *c == close)?.0;
    let inner = &text[1..end];
    let is_own = match close {
        ']' => inner.chars().all(|c| c.is_ascii_lowercase() || matches!(c, ' ' | '_')),
        '}' => inner.bytes().all(|b| b.is_ascii_digit()),
        _ => true,
    };
    let is_name = inner.starts_with(|c: char| c.is_alphanumeric()) && !inner.contains(['<', '[', '=']);
    (is_name && is_own).then_some(end + 1)
}

/// Finds the placeholders anywhere in a word.
fn placeholders(word: &str) -> Vec<(Range<usize>, Variable)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = word[at..].find(['<', '[', '{']).map(|open| at + open) {
        at = open + 1;
        if let Some(len) = placeholder_len(&word[open..]) {
            let name = placeholder(&word[open..open + len]).unwrap_or_else(|| "value".to_owned());
            found.push((open..open + len, Variable { name, kind: HoleKind::Word }));
            at = open + len;
        }
    }
    found
}

/// Returns the name of the hole for a placeholder: `server_name` for `<Server name>`. Returns `None` if `text` gives no
/// valid name.
fn placeholder(text: &str) -> Option<String> {
    let inner = text.get(..placeholder_len(text)?).filter(|all| all.len() == text.len())?;
    let words = inner.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("_").to_ascii_lowercase();
    // A hole cannot be called `count`: this name has another meaning in rules.
    (name.starts_with(|c: char| c.is_ascii_alphabetic()) && name != "count").then_some(name)
}

/// Returns the byte range of a word without the punctuation around it.
fn core(word: &str) -> Range<usize> {
    let core = word.trim_start_matches(['(', '[', '{', '"', '\'', '`', ',']);
    let start = word.len() - core.len();
    // `%1!s!` is one placeholder, and the `!` belongs to it.
    let is_format = core.starts_with('%');
    let is_end = |c: char| ".,;:?)]}\"'%`".contains(c) || c == '!' && !is_format;
    start..start + core.trim_end_matches(is_end).len()
}

fn is_fixing(before: &str) -> bool {
    let word = &before[core(before)];
    let word = word.rsplit(['=', '/', '-']).next().unwrap_or(word).trim_start_matches('#');
    FIXING.iter().any(|fixing| fixing.eq_ignore_ascii_case(word))
}

fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
}

/// Returns the name and kind of the hole for a word without quotes; `None` if the word does not vary. A number does not
/// vary if the words before it fix it (`is_fixed`) or if it is a code at the end of the message (`is_code`).
fn hole_for(text: &str, is_fixed: bool, is_code: bool) -> Option<(&'static str, HoleKind)> {
    if is_number(text) {
        let stays = is_fixed || is_code && text.bytes().all(|b| b.is_ascii_digit()) && text.len() > 2;
        return if is_date(text) { Some(("date", HoleKind::Word)) } else { number(text).filter(|_| !stays) };
    }
    const TYPED: [(&str, HoleKind); 5] = [
        ("id", HoleKind::Uuid),
        ("address", HoleKind::Email),
        ("url", HoleKind::Url),
        ("time", HoleKind::Time),
        ("address", HoleKind::Ip),
    ];
    if let Some(typed) = TYPED.into_iter().find(|(_, kind)| text.len() > 4 && kind.takes(text.as_bytes())) {
        return Some(typed);
    }
    if is_hex(text) {
        return (!is_fixed && !is_error(text)).then_some(("address", HoleKind::Hex));
    }
    named(text)
}

fn number(text: &str) -> Option<(&'static str, HoleKind)> {
    match () {
        () if HoleKind::Ip.takes(text.as_bytes()) => Some(("address", HoleKind::Ip)),
        () if text.matches('.').count() > 1 => Some(("version", HoleKind::Word)),
        () if text.contains('.') => Some(("number", HoleKind::Num)),
        () => Some(("number", HoleKind::Int)),
    }
}

/// Returns the hole for a word whose spelling shows that it is a placeholder, document, date, address or host.
fn named(text: &str) -> Option<(&'static str, HoleKind)> {
    let is_format = text.starts_with('%') && text[1..].starts_with(|c: char| c.is_ascii_alphanumeric());
    if is_format || is_filler(text) {
        return Some(("value", HoleKind::Word));
    }
    let (stem, ending) = text.rsplit_once('.').unwrap_or((text, ""));
    let is_document = !stem.is_empty() && is_any(&DOCUMENTS, ending);
    let is_any_file = !ending.is_empty() && (is_any(&ANY_FILE, stem) || is_filler(stem));
    if is_document || is_any_file {
        return Some(("file", HoleKind::Word));
    }
    if is_date(text) {
        return Some(("date", HoleKind::Word));
    }
    if is_segmented(text) {
        return Some(("address", HoleKind::Word));
    }
    let tops = ["com", "net", "org", "edu", "gov", "example", "local"];
    if stem.contains('.') && is_any(&tops, ending) && HoleKind::Host.takes(text.as_bytes()) {
        return Some(("host", HoleKind::Host));
    }
    placeholder_word(text).map(|name| (name, HoleKind::Word))
}

/// Returns the name of the hole for `SERVERNAME`, `ServerName` or `MyServer`. `filename` in lower case is a normal
/// word.
fn placeholder_word(text: &str) -> Option<&'static str> {
    let own = ["My", "Your"].iter().find_map(|owner| text.strip_prefix(owner));
    if own.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase())) {
        return Some("name");
    }
    let (head, tail) = text.split_at_checked(text.len().checked_sub("name".len())?)?;
    let is_written_so = tail == "NAME" || tail == "Name" || is_any(&["server", "computer", "domain", "machine"], head);
    let is_name = tail.eq_ignore_ascii_case("name") && is_any(&NAMED, head) && is_written_so;
    is_name.then_some(match () {
        () if head.eq_ignore_ascii_case("server") => "servername",
        () if head.eq_ignore_ascii_case("user") => "username",
        () if head.eq_ignore_ascii_case("domain") => "domainname",
        () if head.eq_ignore_ascii_case("file") => "filename",
        () => "name",
    })
}

/// Returns the hole for a drive letter, such as `C` after the word `drive`.
fn drive(text: &str, before: &str) -> Option<(&'static str, HoleKind)> {
    let is_drive =
        before.eq_ignore_ascii_case("drive") && text.len() == 1 && text.starts_with(|c: char| c.is_ascii_uppercase());
    is_drive.then_some(("drive", HoleKind::Word))
}

/// Whether a word repeats one letter as a placeholder: `xxxx`, `nnn.nnn`, `0xXXXXXXXX`, `####`.
fn is_filler(text: &str) -> bool {
    let text = text.strip_prefix("0x").unwrap_or(text);
    let Some(first) = text.chars().next().filter(|c| matches!(c.to_ascii_lowercase(), 'x' | 'n' | '#')) else {
        return false;
    };
    let is_same = |c: char| c.eq_ignore_ascii_case(&first);
    text.chars().all(|c| is_same(c) || matches!(c, '.' | ':' | '-')) && text.chars().filter(|c| is_same(*c)).count() > 2
}

/// Whether a word is a date such as `12/03/98` or `1999-03-01`.
fn is_date(text: &str) -> bool {
    let Some(separator) = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '/' | '-' | '.')) else {
        return false;
    };
    let lens: Vec<usize> = text.split(separator).map(str::len).collect();
    let is_numeric = text.split(separator).all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    // `2.00.2317` is a version.
    let is_year = |part: &str| part.len() != 4 || part.starts_with("19") || part.starts_with("20");
    is_numeric && matches!(lens[..], [1 | 2, 1 | 2, 2 | 4] | [4, 1 | 2, 1 | 2]) && text.split(separator).all(is_year)
}

/// Whether a word is a hexadecimal number: `0x77f5cd`, or eight hex digits of which at least one is `0` to `9`.
fn is_hex(text: &str) -> bool {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let is_hex = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let is_mixed = text.len() == 8 && text.contains(|c: char| c.is_ascii_digit());
    digits.map_or(is_mixed && is_hex(text), is_hex)
}

/// Whether a hexadecimal number is recognized as an error code without the words around it.
fn is_error(text: &str) -> bool {
    !identifier::find(&format!("({text})")).is_empty()
}

/// Whether a word is an address with segment and offset, such as `0028:C0011E36`.
fn is_segmented(text: &str) -> bool {
    let is_hex = |part: &str| matches!(part.len(), 4 | 8) && part.bytes().all(|b| b.is_ascii_hexdigit());
    text.split_once(':').is_some_and(|(segment, offset)| is_hex(segment) && is_hex(offset))
}

fn is_any(known: &[&str], word: &str) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(word))
}
