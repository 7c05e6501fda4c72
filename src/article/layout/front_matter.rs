//! Reads the front matter of a Markdown file.

use pest::Parser;
use pest::iterators::Pair;

use crate::article::field_name::{FieldName, field_named};

#[derive(pest_derive::Parser)]
#[grammar = "grammar/common.pest"]
#[grammar = "grammar/article_front_matter.pest"]
struct FrontMatterGrammar;

/// Returns the fields of the front matter at the start of `text`, in order, and the text after it. Returns `None` if
/// there is no front matter or it has no end.
pub(super) fn split(text: &str) -> Option<(Vec<(FieldName, String)>, &str)> {
    let front = FrontMatterGrammar::parse(Rule::front_matter, text).ok()?.next()?;
    let rest = &text[front.as_span().end()..];
    Some((front.into_inner().filter_map(fields).flatten().collect(), rest))
}

/// Returns the name and each value of one field; `None` if the field is not used.
fn fields(pair: Pair<'_, Rule>) -> Option<impl Iterator<Item = (FieldName, String)>> {
    let mut parts = pair.into_inner();
    let name = field_named(parts.next()?.as_str())?;
    let (folded, listed): (Vec<_>, Vec<_>) = parts.partition(|part| part.as_rule() == Rule::more);
    let mut listed = listed.iter().map(|value| value.as_str());
    let first = joined(listed.next().unwrap_or_default(), folded.iter().map(|line| line.as_str().trim()));
    let values: Vec<String> = std::iter::once(first.as_str()).chain(listed).flat_map(values).collect();
    Some(values.into_iter().map(move |value| (name, value)))
}

/// Returns a value together with the lines on which it goes on. Lines below a name without a value that have names of
/// their own are a map, not text.
fn joined<'a>(first: &str, lines: impl Iterator<Item = &'a str>) -> String {
    const MARKS: [&str; 6] = [">", ">-", ">+", "|", "|-", "|+"];
    let first = first.trim();
    let is_block = MARKS.contains(&first);
    let is_map = |line: &str| {
        let name = line.split_once(": ").map_or(line.trim_end_matches(':'), |(name, _)| name);
        name.len() < line.len() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
    };
    let mut text = if is_block { String::new() } else { first.to_owned() };
    for line in lines {
        if text.is_empty() && !is_block && is_map(line) {
            return text;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}

/// Returns the values on one line, without quotes and without a comment: a list such as `[a, "b, c"]`, or a single
/// value.
fn values(line: &str) -> Vec<String> {
    let line = line.trim();
    match line.strip_prefix('[') {
        Some(list) => list_items(list),
        None => scalar(line).map(|(value, _)| value).into_iter().collect(),
    }
}

fn list_items(mut list: &str) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        list = list.trim_start_matches([' ', ',']);
        if list.starts_with(']') {
            return found;
        }
        if let Some((value, rest)) = scalar_before(list, &[',', ']']) {
            found.push(value);
            list = rest;
        } else {
            return found;
        }
    }
}

fn scalar(text: &str) -> Option<(String, &str)> {
    // A `#` begins a comment only after a blank.
    let end = text.find(" #").filter(|_| !text.starts_with(['"', '\''])).unwrap_or(text.len());
    scalar_before(&text[..end], &[])
}

/// Returns the quoted or bare value at the start of `text`, and the text after it. A bare value ends before a character
/// of `ends`. Returns `None` if there is no value.
fn scalar_before<'a>(text: &'a str, ends: &[char]) -> Option<(String, &'a str)> {
    const NOTHING: [&str; 6] = ["", "~", "null", "|", ">", ">-"];
    if let Some(quoted) = text.strip_prefix('"') {
        return double_quoted(quoted);
    }
    if let Some(quoted) = text.strip_prefix('\'') {
        return single_quoted(quoted);
    }
    let end = text.find(ends).unwrap_or(text.len());
    let value = text[..end].trim();
    (!NOTHING.contains(&value)).then(|| (value.to_owned(), &text[end..]))
}

/// Returns the value up to its closing quote, with `''` decoded, and the text after it.
fn single_quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('\'')?;
        value.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        let Some(after) = rest.strip_prefix('\'') else { return Some((value, rest)) };
        value.push('\'');
        rest = after;
    }
}

/// Returns the value up to its closing quote, with `\"` and `\\` decoded, and the text after it.
fn double_quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.extend(chars.next().map(|(_, c)| c)),
            _ => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, fields: &[(FieldName, &str)], rest: &str) {
        let (found, after) = split(text).expect("front matter");
        let found: Vec<_> = found.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!((found.as_slice(), after), (fields, rest));
    }

    #[test]
    fn values_and_lists_are_read() {
        check(
            "---\nTitle: \"A \\\"B\\\": C\"\nid: run-1  # ours\ntags: [disk, 'a, b', \"c\"]\nproducts:\n  - Acme Mail\n  - 'Acme Relay'\n\
             owner: me\nmeta:\n  nested: 1\nlast_reviewed: 2026-01-02\n---\n# Head\n",
            &[
                (FieldName::Title, "A \"B\": C"),
                (FieldName::Id, "run-1"),
                (FieldName::Keywords, "disk"),
                (FieldName::Keywords, "a, b"),
                (FieldName::Keywords, "c"),
                (FieldName::Product, "Acme Mail"),
                (FieldName::Product, "Acme Relay"),
                (FieldName::Modified, "2026-01-02"),
            ],
            "# Head\n",
        );
    }

    #[test]
    fn toml_is_read_too() {
        check(
            "+++\ntitle = \"T\"\ntags = [\"a\", \"b\"]\n[extra]\nx = 1\n+++\ntext",
            &[(FieldName::Title, "T"), (FieldName::Keywords, "a"), (FieldName::Keywords, "b")],
            "text",
        );
    }

    #[test]
    fn a_value_may_go_on_in_further_lines() {
        check(
            "---\ntitle:\n  \"Belts:\n  what's next\"\nid: run\n  1\nproduct: >-\n  Acme\n  Belt: 2\nos: 'It''s'\n---\n",
            &[
                (FieldName::Title, "Belts: what's next"),
                (FieldName::Id, "run 1"),
                (FieldName::Product, "Acme Belt: 2"),
                (FieldName::Os, "It's"),
            ],
            "",
        );
    }

    #[test]
    fn odd_values_are_no_values() {
        check(
            "---\ntitle: ~\nid: \"open\ntags: [a, 'open\nproduct:\n  name: text\n  os:\ntags: []\n---\n",
            &[(FieldName::Keywords, "a")],
            "",
        );
    }

    #[test]
    fn without_an_end_or_a_start_there_is_none() {
        for text in ["", "---\n", "---\ntitle: x\n", "--- \n\n", "text\n---\ntitle: x\n---\n", "+++\ntitle = 1\n---\n"]
        {
            assert_eq!(split(text), None, "{text:?}");
        }
    }
}
