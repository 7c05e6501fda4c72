//! Registry paths, in lower case with their root abbreviated: `hklm\system\currentcontrolset\services`.
//!
//! Names of keys contain blanks, and long paths are printed over several lines. The text around a path decides where it
//! ends: alone on its line, a path takes the whole line; in a sentence, it ends with its last key.

use super::around::{ends_in_word, is_word_char, just_after, just_before};
use super::{FoundIdentifier, IdentifierKind};
use crate::source::Span;

/// Roots as printed, in lower case, and their short forms.
pub(super) const ROOTS: [(&str, &str); 11] = [
    ("hkey_local_machine", "hklm"),
    ("hkey_current_user", "hkcu"),
    ("hkey_classes_root", "hkcr"),
    ("hkey_users", "hku"),
    ("hkey_current_config", "hkcc"),
    ("hkey_dyn_data", "hkdd"),
    ("hklm", "hklm"),
    ("hkcu", "hkcu"),
    ("hkcr", "hkcr"),
    ("hku", "hku"),
    ("hkcc", "hkcc"),
];

/// The longest path that is read, in bytes.
const LONGEST: usize = 400;

/// A line of at least this many bytes may be wrapped inside the name of a key.
const WRAPPED: usize = 56;

/// The name of a key has at most this many blanks. `Internet Account Manager` has two.
const MOST_BLANKS: usize = 4;

/// Characters that no printed name of a key contains.
const STOPS: [char; 11] = ['"', '\'', ',', ';', ':', '=', '(', ')', ']', '|', '\t'];

/// The path whose root is `text[at..root_end]`. `None` for a root without keys.
pub(super) fn at(text: &str, at: usize, root_end: usize) -> Option<FoundIdentifier> {
    let (_, short) = ROOTS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&text[at..root_end]))?;
    if ends_in_word(&text[..at]) {
        return None;
    }
    let (start, keys) = match text[root_end..].starts_with('\\') {
        true => (at, root_end),
        false => behind_subtree(text, root_end).map(|keys| (keys, keys))?,
    };
    let before = just_before(text, start, WRAPPED).rsplit('\n').next().unwrap_or_default();
    let is_alone = before.bytes().all(|b| matches!(b, b' ' | b'\\' | b'[' | b'"'));
    let (value, end) = keys_from(text, keys, is_alone);
    (!value.is_empty()).then(|| FoundIdentifier {
        kind: IdentifierKind::Registry,
        value: format!("{short}{value}"),
        span: Span::new(start, end),
    })
}

/// Returns where the keys begin that follow, on the same or a later line, a sentence such as
/// `the HKEY_LOCAL_MACHINE subtree, go to the following key:`.
fn behind_subtree(text: &str, root_end: usize) -> Option<usize> {
    /// The colon must be within this many bytes after `subtree`.
    const REACH: usize = 120;
    let after = text[root_end..].strip_prefix(" subtree")?;
    let colon = after.bytes().take(REACH).position(|b| b == b':')?;
    let below = after[colon + 1..].trim_start_matches([' ', '\n']);
    let is_key = below.starts_with('\\') && !below.starts_with("\\\\");
    is_key.then_some(text.len() - below.len())
}

/// The keys from the backslash at `from`, in lower case, and where they end. Empty if there are none.
fn keys_from(text: &str, from: usize, is_alone: bool) -> (String, usize) {
    let mut value = String::new();
    let mut line = from;
    loop {
        let rest = line_from(text, line);
        let end = line + keys_on_line(rest, is_alone);
        value.push_str(&text[line..end].to_ascii_lowercase());
        let ends_line = text[end..line + rest.len()].trim_end().is_empty();
        let next =
            (ends_line && end - from < LONGEST).then(|| continued(text, line + rest.len(), &value, is_alone)).flatten();
        let Some(next) = next else {
            value.truncate(value.trim_end_matches(['\\', ' ']).len());
            return (value, end);
        };
        if !value.ends_with('\\') && !text[next..].starts_with('\\') {
            value.push(' ');
        }
        line = next;
    }
}

/// How many bytes at the beginning of a line are keys.
fn keys_on_line(line: &str, is_alone: bool) -> usize {
    let mut end = 0;
    loop {
        let stop = line[end..].find(|c| c == '\\' || STOPS.contains(&c)).map_or(line.len(), |at| end + at);
        let key = &line[end..stop];
        let is_inner = line[stop..].starts_with('\\') && is_name(key);
        if !is_inner {
            return end + last_key(key, is_alone);
        }
        end = stop + 1;
    }
}

/// Whether the text between two backslashes is the name of a key. `Parameters and C` is not.
fn is_name(key: &str) -> bool {
    let is_root = |word: &str| ROOTS.iter().any(|(root, _)| root.eq_ignore_ascii_case(word));
    key.bytes().filter(|&b| b == b' ').count() <= MOST_BLANKS
        && !key.starts_with(' ')
        && !key.ends_with(' ')
        && !key.contains("  ")
        && !key.contains(". ")
        && !key.split(' ').any(is_root)
}

/// How many bytes of the text after the last backslash are the name of a key: the first word, or several capitalised
/// words if nothing else is on the line.
fn last_key(text: &str, is_alone: bool) -> usize {
    let text = &text[..text.find("  ").unwrap_or(text.len())];
    let is_capital = |word: &str| !word.starts_with(|c: char| c.is_lowercase());
    let takes_all = is_alone && is_name(text.trim_end()) && text.trim_end().split(' ').all(is_capital);
    let word = text.split(' ').next().unwrap_or_default();
    let key = match text.find('>') {
        _ if takes_all => text,
        // `<IP address>`
        Some(close) if word.starts_with('<') => &text[..=close],
        _ => word,
    };
    key.trim_end_matches(['.', ' ', '?', '!']).len()
}

/// Where the keys continue after a line that ends at `line_end`; `None` if they do not.
fn continued(text: &str, line_end: usize, value: &str, is_alone: bool) -> Option<usize> {
    let below = line_from(text, line_end + 1);
    let content = below.trim_start_matches(' ');
    let start = line_end + 1 + below.len() - content.len();
    let key = content.split('\\').next().unwrap_or_default();
    let is_full = !just_before(text, line_end, WRAPPED).contains('\n');
    let goes_on = match content.strip_prefix('\\') {
        Some(key) => !key.is_empty() && !key.starts_with('\\') && is_name(key.split('\\').next().unwrap_or_default()),
        None => {
            let is_wrapped = value.ends_with('\\') || is_full && key.len() < content.len();
            is_alone && is_wrapped && key.starts_with(is_word_char) && !key.contains(STOPS) && is_name(key)
        }
    };
    goes_on.then_some(start)
}

/// The rest of the line at `from`, at most [`LONGEST`] bytes.
fn line_from(text: &str, from: usize) -> &str {
    let rest = if from < text.len() { just_after(text, from, LONGEST) } else { "" };
    rest.split('\n').next().unwrap_or_default()
}
