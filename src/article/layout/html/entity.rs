//! Decodes character references: `&amp;`, `&#8211;`, `&#xE9;`.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::article::decode::windows;

/// Decodes the references in `text` as browsers do. Other text with `&` stays unchanged. So does `&copy=1` in an
/// attribute, because addresses contain such text.
pub(super) fn decode(text: &str, is_attribute: bool) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    let (before, mut rest) = text.split_at(first);
    out.push_str(before);
    while let Some(reference) = rest.strip_prefix('&') {
        let len = match reference.strip_prefix('#') {
            Some(number) => numeric(number, &mut out).map(|len| len + "#".len()),
            None => named(reference, is_attribute, &mut out),
        };
        if len.is_none() {
            out.push('&');
        }
        let after = &reference[len.unwrap_or(0)..];
        let next = memchr::memchr(b'&', after.as_bytes()).unwrap_or(after.len());
        out.push_str(&after[..next]);
        rest = &after[next..];
    }
    Cow::Owned(out)
}

/// Decodes the reference at the start of `text`, which begins with `&`. Returns its text and its length in bytes; `None` if
/// there is none that ends in a semicolon.
pub(in crate::article::layout) fn decode_one(text: &str) -> Option<(String, usize)> {
    let reference = text.strip_prefix('&')?;
    let mut out = String::new();
    let len = match reference.strip_prefix('#') {
        Some(number) => numeric(number, &mut out)? + "#".len(),
        None => named(reference, false, &mut out)?,
    };
    reference[..len].ends_with(';').then_some((out, len + "&".len()))
}

/// Decodes the number after `&#` into `out`, and returns its length in bytes; `None` if there is no number.
fn numeric(text: &str, out: &mut String) -> Option<usize> {
    let (radix, prefix) = if text.starts_with(['x', 'X']) { (16, 1) } else { (10, 0) };
    let digits = &text[prefix..];
    let n_digits = digits.chars().take_while(|c| c.is_digit(radix)).count();
    if n_digits == 0 {
        return None;
    }
    let code = u32::from_str_radix(digits[..n_digits].trim_start_matches('0'), radix);
    match code {
        // All digits are zeros, or there are more of them than any character has.
        Err(_) | Ok(0) => out.push(char::REPLACEMENT_CHARACTER),
        // Old pages number these characters as Windows does.
        Ok(code @ 0x80..=0x9f) => out.push_str(&windows(&[code as u8])),
        Ok(code) => out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
    }
    let end = prefix + n_digits;
    Some(end + usize::from(text[end..].starts_with(';')))
}

/// Decodes the longest name that `text` begins with into `out`, and returns its length in bytes; `None` if there is
/// none.
fn named(text: &str, is_attribute: bool, out: &mut String) -> Option<usize> {
    let Entity { name, code_points } = longest_entity(text)?;
    let rest = &text[name.len()..];
    let is_open = !name.ends_with(';');
    if is_attribute && is_open && rest.starts_with(|c: char| c == '=' || c.is_ascii_alphanumeric()) {
        return None;
    }
    let codes = code_points.split(' ').filter_map(|code| u32::from_str_radix(code, 16).ok());
    out.extend(codes.filter_map(char::from_u32));
    Some(name.len())
}

/// One line of `entities.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entity {
    name: &'static str,
    /// The code points in hexadecimal, separated by spaces.
    code_points: &'static str,
}

fn entities() -> impl Iterator<Item = Entity> {
    let rows = include_str!("entities.tsv").lines().filter_map(|line| line.split_once('\t'));
    rows.map(|(name, code_points)| Entity { name, code_points })
}

/// Returns the entity with the longest name that `text` begins with.
///
/// The names are sorted by bytes. Let `last` be the last name at or before `text`. Any name that `text` begins with is
/// equal to `last` or is a beginning of it. So if `text` does not begin with `last`, only the part that both share is
/// searched further.
fn longest_entity(text: &str) -> Option<Entity> {
    static SORTED: LazyLock<Vec<Entity>> = LazyLock::new(|| entities().collect());
    let mut text = text.as_bytes();
    loop {
        let n_not_after = SORTED.partition_point(|entity| entity.name.as_bytes() <= text);
        let last = SORTED[n_not_after.checked_sub(1)?];
        let n_shared = last.name.bytes().zip(text).take_while(|(a, b)| a == *b).count();
        if n_shared == last.name.len() {
            return Some(last);
        }
        debug_assert!(n_shared < text.len(), "a name that sorts before the text does not continue after it");
        text = &text[..n_shared];
    }
}

#[cfg(test)]
mod tests {
    use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

    use super::*;

    #[test]
    fn the_entities_are_sorted_and_those_of_html5ever() {
        assert!(entities().map(|entity| entity.name).is_sorted_by(|a, b| a < b));
        // The table of html5ever also contains beginnings of names, which mean nothing.
        assert_eq!(entities().count(), NAMED_ENTITIES.values().filter(|(first, _)| *first != 0).count());
        for entity in entities() {
            let (first, second) = NAMED_ENTITIES[entity.name];
            let expect: String =
                [first, second].into_iter().filter(|code| *code != 0).flat_map(char::from_u32).collect();
            assert_eq!(decode(&format!("&{}", entity.name), false), expect, "{}", entity.name);
        }
    }

    #[test]
    fn numbers_of_windows_characters_are_those_of_html5ever() {
        for code in 0x80..=0x9f {
            let expect = C1_REPLACEMENTS[usize::from(code) - 0x80].unwrap_or(char::from(code));
            assert_eq!(decode(&format!("&#{code};"), false), expect.to_string());
        }
    }

    #[test]
    fn the_longest_name_is_found() {
        for (text, name) in [
            ("notin;", Some("notin;")),
            ("notinx", Some("not")),
            ("notinvb;x", Some("notinvb;")),
            ("notinvz", Some("not")),
            ("zwnj;", Some("zwnj;")),
            ("zzz", None),
            ("gtrapprox; and more", Some("gtrapprox;")),
            ("gtr", Some("gt")),
            ("g", None),
            ("A", None),
            ("é", None),
            ("", None),
        ] {
            assert_eq!(longest_entity(text).map(|entity| entity.name), name, "{text}");
        }
    }

    #[test]
    fn references_are_decoded() {
        for (text, decoded) in [
            ("a &lt; b &amp;&amp; c", "a < b && c"),
            ("&#8211;&#x2013;&#150;", "–––"),
            ("&eacute;&nbsp;&notit;", "é\u{a0}¬it;"),
            ("&#xD800;&#0;&#x110000;&#99999999999999999999;", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(decode(text, false), decoded);
        }
    }

    #[test]
    fn what_is_no_reference_stays() {
        for text in ["AT&T", "a & b", "&;", "&#;", "&#x;", "&moo;", "&"] {
            assert_eq!(decode(text, false), text);
        }
        assert_eq!(decode("?a=1&copy=2&reg;", true), "?a=1&copy=2®");
        assert_eq!(decode("?a=1&copy=2", false), "?a=1©=2");
    }
}
