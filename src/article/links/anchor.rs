//! Finds the places in an article to which a link can lead: headings, and elements with a name.

use std::collections::HashSet;

use crate::article::lines::lines;

/// The places in one article, in the spelling of [`compared`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::article) struct Anchors(HashSet<String>);

impl Anchors {
    /// Whether there is a place `anchor`. Generators of web sites spell the anchor of a heading in different ways, so only
    /// letters and digits count, and a number after it (of the second heading with these words) does not.
    pub(in crate::article) fn contain(&self, anchor: &str) -> bool {
        let unnumbered = anchor.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['-', '_']);
        // `#tab/portal` selects a tab, `#L10` a line, `#:~:text=` a text.
        let is_no_heading = anchor.contains(['/', ':', '=']) || is_line(anchor);
        is_no_heading || [anchor, unnumbered].iter().any(|anchor| self.0.contains(&compared(anchor)))
    }
}

fn is_line(anchor: &str) -> bool {
    anchor.strip_prefix('L').is_some_and(|line| line.starts_with(|c: char| c.is_ascii_digit()))
}

/// Returns the places in a text with Markdown or HTML.
pub(in crate::article) fn anchors(text: &str) -> Anchors {
    let mut found = HashSet::new();
    let mut before = "";
    let mut is_code = false;
    for line in lines(text) {
        let content = line.text.trim();
        if content.starts_with("```") || content.starts_with("~~~") {
            is_code = !is_code;
        } else if !is_code {
            let heading = content.trim_start_matches(['#', '=']);
            let is_underline = content.len() > 1 && content.bytes().all(|b| b == b'=' || b == b'-');
            if heading.len() < content.len() && !heading.is_empty() {
                found.insert(compared(&without_links(heading)));
                found.insert(compared(&without_links(heading.split('{').next().unwrap_or_default())));
            } else if is_underline && !before.is_empty() {
                found.insert(compared(&without_links(before)));
            }
            before = content;
        }
        for name in ["id=", "name=", "{#", "{: #", "{ #"] {
            for (at, _) in line.text.match_indices(name) {
                let value = line.text[at + name.len()..].trim_start_matches(['\\', '"', '\'']);
                let end = value.find(|c: char| c.is_whitespace() || "\"'\\>}".contains(c)).unwrap_or(value.len());
                found.insert(compared(&value[..end]));
            }
        }
    }
    found.remove("");
    Anchors(found)
}

/// Returns a heading with the labels of its links instead of the links.
fn without_links(heading: &str) -> String {
    let mut out = String::with_capacity(heading.len());
    let mut rest = heading;
    while let Some((before, after)) = rest.split_once("](") {
        out.push_str(before);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    out + rest
}

fn compared(anchor: &str) -> String {
    anchor.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_named_elements_are_places() {
        let anchors = anchors(
            "# The Belt: 2 ways\n\nText\n----\n\n## [Oil](oil.md) it {#oil-now}\n\n<a name=\"old\"></a>\n\n```\n# no heading\n```\n",
        );
        for anchor in ["the-belt-2-ways", "text", "oil-it", "oil-now", "old", "text-1", "tab/portal", "L12"] {
            assert!(anchors.contain(anchor), "{anchor}");
        }
        for anchor in ["no-heading", "the-belt", "gate"] {
            assert!(!anchors.contain(anchor), "{anchor}");
        }
    }
}
