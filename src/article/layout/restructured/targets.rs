//! What the names in a text of reStructuredText mean: addresses of links, titles of labels, substitutions.

use std::collections::HashMap;

use super::line::{Line, directive, heading, n_indented};

/// The greatest length of a title or a substitution in bytes. Each reference prints it.
const LONGEST: usize = 200;

/// The names that a text defines, in lower case.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// The addresses of `.. _name: address`.
    pub(super) addresses: HashMap<String, String>,
    /// The titles of the sections below `.. _label:`.
    pub(super) titles: HashMap<String, String>,
    /// The texts of `.. |name| replace:: text`.
    pub(super) substitutions: HashMap<String, String>,
}

impl Targets {
    /// Finds the definitions in `lines`.
    pub(super) fn of(lines: &[Line<'_>]) -> Self {
        let mut found = Targets::default();
        let mut labels: Vec<String> = Vec::new();
        for at in 0..lines.len() {
            let line = lines[at];
            if let Some(rest) = line.text.strip_prefix(".. _") {
                let (name, address) = named_target(rest);
                // A long address continues on the next line.
                let more = lines.get(at + 1).filter(|next| next.indent > line.indent && !next.is_blank());
                let address = if address.is_empty() { more.map_or("", |next| next.text) } else { address };
                if address.is_empty() {
                    labels.push(name)
                } else {
                    found.addresses.entry(name).or_insert_with(|| address.to_owned()).truncate(LONGEST * 2)
                }
            } else if let Some(rest) = line.text.strip_prefix(".. |") {
                found.substitute(rest, &lines[at + 1..], line.indent);
            } else if let Some(heading) = heading(&lines[at..]) {
                let title = short(&heading.text.replace(['`', '|', '*'], ""));
                found.titles.extend(labels.drain(..).map(|label| (label, title.clone())));
            } else if !line.is_blank() {
                labels.clear();
            }
        }
        found
    }

    fn substitute(&mut self, rest: &str, below: &[Line<'_>], indent: usize) {
        let Some((name, definition)) = rest.split_once('|') else { return };
        let Some((kind, value)) = directive(definition.trim()) else { return };
        let body = &below[..n_indented(below, indent)];
        let text = match kind {
            "replace" => body
                .iter()
                .map(|line| line.text)
                .fold(value.to_owned(), |text, line| if text.len() < LONGEST { text + " " + line } else { text }),
            "unicode" => value.split(' ').filter(|word| !word.starts_with("..")).map(character).collect(),
            // Of a picture, what it shows.
            _ => body.iter().find_map(|line| line.text.strip_prefix(":alt:")).unwrap_or_default().trim().to_owned(),
        };
        self.substitutions.insert(name.trim().to_lowercase(), short(text.trim()));
    }
}

/// Splits `name: address`, in which the name may be in backticks.
fn named_target(rest: &str) -> (String, &str) {
    let (name, address) = match rest.strip_prefix('`').and_then(|quoted| quoted.split_once("`:")) {
        Some(parts) => parts,
        None => rest.split_once(": ").or_else(|| rest.strip_suffix(':').map(|name| (name, ""))).unwrap_or((rest, "")),
    };
    (normal(&name.replace('\\', "")), address.trim())
}

/// Returns a name as it is compared: in lower case, with one blank for all white space.
pub(super) fn normal(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn short(text: &str) -> String {
    text[..text.floor_char_boundary(LONGEST)].to_owned()
}

/// Returns the character that `U+00A9`, `0xA9` and the like mean, or the word itself.
fn character(word: &str) -> String {
    let hex = ["U+", "u+", "0x", "\\u", "\\x"].iter().find_map(|prefix| word.strip_prefix(prefix));
    let character = hex.and_then(|hex| char::from_u32(u32::from_str_radix(hex, 16).ok()?));
    character.map_or_else(|| word.to_owned(), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_collected() {
        let text = ".. _Belt  Shop: https://acme.example/b\n.. _far:\n   https://acme.example/f\n.. _stops:\n\nThe belt stops\n--------------\n\n.. |roller| replace:: Roller\n   nine\n.. |c| unicode:: U+00A9\n.. |pic| image:: a.png\n   :alt: A roller\n";
        let lines: Vec<Line<'_>> = text.lines().map(Line::new).collect();
        let found = Targets::of(&lines);
        let pairs = |map: &HashMap<String, String>| {
            let mut pairs: Vec<String> = map.iter().map(|(name, value)| format!("{name}={value}")).collect();
            pairs.sort();
            pairs.join(" ")
        };
        assert_eq!(pairs(&found.addresses), "belt shop=https://acme.example/b far=https://acme.example/f");
        assert_eq!(pairs(&found.titles), "stops=The belt stops");
        assert_eq!(pairs(&found.substitutions), "c=© pic=A roller roller=Roller nine");
    }
}
