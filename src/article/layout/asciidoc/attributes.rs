//! Attributes of an AsciiDoc text: `:name: value` sets one, `{name}` prints it.

use std::borrow::Cow;
use std::collections::HashMap;

/// The greatest length of a value in bytes. A value may contain others, so without this limit forty lines could make a
/// text of a million pages.
const LONGEST_VALUE: usize = 400;

/// The bytes that references may add to one text. Further references print their names.
const BUDGET: usize = 1 << 20;

/// The attributes that AsciiDoc itself defines for characters.
const CHARACTERS: [(&str, &str); 26] = [
    ("nbsp", " "),
    ("sp", " "),
    ("empty", ""),
    ("blank", ""),
    ("zwsp", ""),
    ("wj", ""),
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("plus", "+"),
    ("cpp", "C++"),
    ("startsb", "["),
    ("endsb", "]"),
    ("vbar", "|"),
    ("caret", "^"),
    ("asterisk", "*"),
    ("tilde", "~"),
    ("backslash", "\\"),
    ("backtick", "`"),
    ("two-colons", "::"),
    ("two-semicolons", ";;"),
    ("apos", "'"),
    ("quot", "\""),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("deg", "°"),
];

/// The attributes that are set at a place in the text.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    values: HashMap<String, Option<String>>,
    n_added: usize,
}

/// A line that sets or unsets an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AttributeLine<'a> {
    pub(super) name: &'a str,
    /// `None` if the line unsets the attribute.
    pub(super) value: Option<&'a str>,
}

/// Parses `:name: value`, `:name:`, `:!name:` or `:name!:`.
pub(super) fn attribute_line(line: &str) -> Option<AttributeLine<'_>> {
    let (name, value) = line.strip_prefix(':')?.split_once(':')?;
    if !(value.is_empty() || value.starts_with([' ', '\t'])) {
        return None;
    }
    let bare = name.strip_prefix('!').or_else(|| name.strip_suffix('!'));
    let is_unset = bare.is_some();
    let name = bare.unwrap_or(name);
    let is_name = name.starts_with(|c: char| c.is_alphanumeric() || c == '_') && name.chars().all(is_name_char);
    is_name.then(|| AttributeLine { name, value: (!is_unset).then(|| value.trim()) })
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

impl Attributes {
    /// Sets or unsets an attribute. References in the value are printed now, as AsciiDoc does.
    pub(super) fn set(&mut self, name: &str, value: Option<&str>) {
        let value = value.map(|value| {
            let mut value = self.printed(unwrapped(value)).into_owned();
            value.truncate(value.floor_char_boundary(LONGEST_VALUE));
            value
        });
        self.values.insert(name.to_lowercase(), value);
    }

    /// Whether the text has said what the attribute is: a value, or that it has none.
    pub(super) fn is_known(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Returns the value; `None` if the attribute is not set.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).and_then(Option::as_deref)
    }

    /// Returns `text` with the values of all references whose attribute is set. Others are left as they are.
    pub(super) fn printed<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        if !text.contains('{') {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            let (before, reference) = rest.split_at(at);
            out.push_str(before);
            let known = reference_at(reference).filter(|_| !before.ends_with('\\')).and_then(|(name, len)| {
                let value = self.value(&name.to_lowercase()).or_else(|| character(name))?;
                (self.n_added + value.len() <= BUDGET).then_some((value, len))
            });
            let (value, len) = known.unwrap_or(("{", 1));
            out.push_str(value);
            let added = value.len();
            rest = &reference[len..];
            self.n_added += if len > 1 { added } else { 0 };
        }
        out.push_str(rest);
        Cow::Owned(out)
    }
}

/// Returns the name in `{name}` at the start of `text`, and the length of the reference; `None` if there is none.
pub(super) fn reference_at(text: &str) -> Option<(&str, usize)> {
    const LONGEST_NAME: usize = 80;
    let inner = text.strip_prefix('{')?;
    let end = inner.bytes().take(LONGEST_NAME).position(|b| b == b'}')?;
    let name = &inner[..end];
    (!name.is_empty() && name.chars().all(is_name_char)).then_some((name, end + 2))
}

fn character(name: &str) -> Option<&'static str> {
    CHARACTERS.iter().find(|(known, _)| *known == name).map(|(_, character)| *character)
}

/// Returns the value within `pass:quotes[…]`, or the value itself.
fn unwrapped(value: &str) -> &str {
    let inner = value.strip_prefix("pass:").and_then(|rest| rest.strip_suffix(']')?.split_once('['));
    inner.map_or(value, |(_, inner)| inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_set_and_unset() {
        let set = |name, value| Some(AttributeLine { name, value });
        assert_eq!(attribute_line(":belt-name: Belt 7 "), set("belt-name", Some("Belt 7")));
        assert_eq!(attribute_line(":toc:"), set("toc", Some("")));
        assert_eq!(attribute_line(":!toc:"), set("toc", None));
        assert_eq!(attribute_line(":toc!:"), set("toc", None));
        for line in ["::", ": x: y", ":a:b", "a:b:", ":role:`x` is", ":a b: c"] {
            assert_eq!(attribute_line(line), None, "{line}");
        }
    }

    #[test]
    fn references_print_values() {
        let mut known = Attributes::default();
        known.set("Belt", Some("Belt{nbsp}7"));
        known.set("full", Some("pass:quotes[the `{belt}`]"));
        known.set("gone", None);
        assert_eq!(
            known.printed("{belt}, {full}; {gone} {other} \\{belt} {} {a b}"),
            "Belt 7, the `Belt 7`; {gone} {other} \\{belt} {} {a b}"
        );
        assert!(known.is_known("gone") && !known.is_known("other"));
    }

    #[test]
    fn values_of_values_do_not_grow_without_end() {
        let mut known = Attributes::default();
        known.set("a", Some("word "));
        for _ in 0..60 {
            known.set("a", Some("{a}{a}{a}{a}"));
        }
        assert!(known.printed(&"{a}".repeat(10_000)).len() <= BUDGET + 30_000);
    }
}
