//! Replaces `include::path[…]` in AsciiDoc.

use super::attributes::{Attributes, attribute_line};
use super::line::block_macro;
use crate::article::include::{Folder, Includes};

/// The folders of Antora, whose names stand before the path: `partial$notes.adoc`.
const ANTORA: [(&str, &str); 3] = [("partial$", "../partials/"), ("example$", "../examples/"), ("page$", "../pages/")];

/// Returns `text`, which is from a file in `folder`, with the texts of the files that it includes.
pub(in crate::article) fn with_includes(text: &str, includes: &mut Includes<'_>, folder: Folder) -> String {
    let mut known = Attributes::default();
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        if let Some(set) = attribute_line(bare) {
            known.set(set.name, set.value);
        }
        let include = block_macro(bare).filter(|(name, ..)| *name == "include");
        let taken = include.and_then(|(_, target, attributes)| {
            let (text, inner) = includes.take(&path_of(&known.printed(target)), &folder)?;
            Some((text, inner, attributes))
        });
        match taken {
            Some((text, inner, attributes)) => {
                let selected = selected(&text, attributes);
                let text = with_includes(&selected, includes, inner);
                push_moved(&mut out, &text, attribute(attributes, "leveloffset"));
            }
            None => out.push_str(line),
        }
    }
    out
}

/// Adds an included text whose headings are moved by `offset` levels.
fn push_moved(out: &mut String, text: &str, offset: Option<&str>) {
    let by = offset.and_then(|offset| offset.parse::<i8>().ok()).unwrap_or(0);
    if by != 0 {
        out.push_str(&format!(":leveloffset: {by:+}\n"));
    }
    out.push_str(text);
    if !text.ends_with('\n') && !text.is_empty() {
        out.push('\n');
    }
    if by != 0 {
        out.push_str(&format!(":leveloffset: {:+}\n", by.saturating_neg()));
    }
}

fn path_of(target: &str) -> String {
    for (name, folder) in ANTORA {
        if let Some((_, path)) = target.split_once(name) {
            return format!("{folder}{path}");
        }
    }
    target.to_owned()
}

fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let at = attributes.find(name)?;
    let value = attributes[at + name.len()..].strip_prefix('=')?;
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split(',').next(),
    }
}

/// Returns the lines that the attributes of an include select, without the lines that begin and end tags.
fn selected(text: &str, attributes: &str) -> String {
    let tags: Vec<&str> =
        attribute(attributes, "tags").or_else(|| attribute(attributes, "tag")).map_or_else(Vec::new, |tags| {
            tags.split([';', ',']).map(str::trim).filter(|tag| !tag.is_empty() && !tag.contains(['*', '!'])).collect()
        });
    let ranges: Vec<(usize, usize)> = attribute(attributes, "lines")
        .map_or_else(Vec::new, |lines| lines.split([';', ',']).filter_map(range).collect());
    let mut open: Vec<&str> = Vec::new();
    let mut out = String::new();
    for (at, line) in text.split_inclusive('\n').enumerate() {
        if let Some(name) = tag(line, "tag::") {
            open.push(name);
            continue;
        }
        if let Some(name) = tag(line, "end::") {
            open.retain(|known| *known != name);
            continue;
        }
        let is_tagged = tags.is_empty() || tags.iter().any(|tag| open.contains(tag));
        let is_in_range = ranges.is_empty() || ranges.iter().any(|&(first, last)| (first..=last).contains(&(at + 1)));
        if is_tagged && is_in_range {
            out.push_str(line);
        }
    }
    out
}

/// Parses `3`, `3..5` or `3..`.
fn range(text: &str) -> Option<(usize, usize)> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let last = last.trim();
    Some((first.trim().parse().ok()?, if last.is_empty() || last == "-1" { usize::MAX } else { last.parse().ok()? }))
}

/// Returns the name in `tag::name[]`, which may be in a comment of any language.
fn tag<'t>(line: &'t str, start: &str) -> Option<&'t str> {
    let (before, rest) = line.split_once(start)?;
    let (name, _) = rest.split_once("[]")?;
    (!name.contains(' ') && !before.ends_with(char::is_alphanumeric)).then_some(name)
}
