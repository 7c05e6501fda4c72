//! Character references: `&amp;`, `&#8211;`, `&#xE9;`.

use std::borrow::Cow;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// Decodes the references in `text` as browsers do. What is none stays as it is, and in an attribute so does `&copy=1`, since
/// addresses are full of such.
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

/// Decodes what follows `&#`, and returns its length.
fn numeric(text: &str, out: &mut String) -> Option<usize> {
    let (radix, prefix) = if text.starts_with(['x', 'X']) { (16, 1) } else { (10, 0) };
    let digits = &text[prefix..];
    let n_digits = digits.chars().take_while(|c| c.is_digit(radix)).count();
    if n_digits == 0 {
        return None;
    }
    let code = u32::from_str_radix(digits[..n_digits].trim_start_matches('0'), radix);
    out.push(match code {
        // All digits were zeros, or there are more of them than any character has.
        Err(_) | Ok(0) => char::REPLACEMENT_CHARACTER,
        Ok(code @ 0x80..=0x9f) => C1_REPLACEMENTS[code as usize - 0x80].unwrap_or(char::from(code as u8)),
        Ok(code) => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    });
    let end = prefix + n_digits;
    Some(end + usize::from(text[end..].starts_with(';')))
}

/// Decodes the longest name that `text` begins with, and returns its length.
fn named(text: &str, is_attribute: bool, out: &mut String) -> Option<usize> {
    let mut longest = None;
    // The table holds all beginnings of names too, so that this ends with the last one that fits.
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match NAMED_ENTITIES.get(&text[..end]) {
            None => break,
            Some((0, _)) => {}
            Some(&decoded) => longest = Some((end, decoded)),
        }
    }
    let (end, (first, second)) = longest?;
    let is_open = !text[..end].ends_with(';');
    if is_attribute && is_open && text[end..].starts_with(|c: char| c == '=' || c.is_ascii_alphanumeric()) {
        return None;
    }
    out.extend(char::from_u32(first));
    out.extend(char::from_u32(second).filter(|&c| c != '\0'));
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

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
