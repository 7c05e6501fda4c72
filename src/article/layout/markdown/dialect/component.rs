//! Reads the elements that arrange a page: parts that readers unfold, tabs, and the components of MDX.

use super::announcement::{announcement, is_box};
use super::tag::SiteTag;
use super::template::{Replacement, named_box};

/// Components of MDX that many sites have, in lower case. A page may define others, which it imports.
const COMPONENTS: [&str; 30] = [
    "tabs",
    "tab",
    "tabitem",
    "tabpanel",
    "tabbedcontent",
    "tablist",
    "codegroup",
    "codeblock",
    "steps",
    "step",
    "accordion",
    "accordiongroup",
    "accordionitem",
    "expandable",
    "details",
    "collapse",
    "collapsible",
    "card",
    "cards",
    "cardgroup",
    "cardgrid",
    "columns",
    "column",
    "col",
    "row",
    "frame",
    "fragment",
    "doccardlist",
    "tocinline",
    "linkcard",
];

/// Elements of HTML that have no text of their own, before and after which Markdown goes on.
const PLAIN: [&str; 2] = ["details", "summary"];

/// The element at the start of a line.
pub(super) struct FoundElement<'a> {
    /// The text after its tag; for a `summary`, after its end tag.
    pub(super) rest: &'a str,
    pub(super) replacement: Replacement,
}

/// Returns the element that begins `text`, if it only arranges the page. `is_mdx` tells that the page imports
/// components, so that every name with a capital is one.
pub(super) fn element_at(text: &str, is_mdx: bool) -> Option<FoundElement<'_>> {
    let inside = text.strip_prefix('<')?;
    let name = name_of(inside);
    if !arranges(name, is_mdx) {
        return None;
    }
    let end = tag_end(inside)?;
    let (tag, rest) = (SiteTag::parse(&inside[..end])?, &inside[end + 1..]);
    if name == "summary" && !inside.starts_with('/') {
        let (label, rest) = rest.split_once("</summary>").unwrap_or((rest, ""));
        return Some(FoundElement { rest, replacement: Replacement::Label(without_tags(label)) });
    }
    let nothing = Replacement::Text(String::new());
    let replacement = if tag.is_end || name == "details" {
        nothing
    } else {
        let label = || tag.title().map(|title| Replacement::Label(title.to_owned()));
        named_box(&tag).or_else(label).unwrap_or(nothing)
    };
    Some(FoundElement { rest, replacement })
}

/// Whether `text` begins with a tag that goes on in the next line.
pub(super) fn is_open(text: &str, is_mdx: bool) -> bool {
    text.strip_prefix('<').is_some_and(|inside| arranges(name_of(inside), is_mdx) && tag_end(inside).is_none())
}

fn name_of(inside: &str) -> &str {
    let name = inside.strip_prefix('/').unwrap_or(inside);
    &name[..name.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(name.len())]
}

fn arranges(name: &str, is_mdx: bool) -> bool {
    let is_component = name.starts_with(|c: char| c.is_ascii_uppercase());
    let is_known = || COMPONENTS.iter().any(|known| name.eq_ignore_ascii_case(known));
    PLAIN.contains(&name) || is_component && (is_mdx || is_known() || announcement(name).is_some() || is_box(name))
}

/// Returns the position of the `>` that ends a tag: not one in quotes or braces.
fn tag_end(inside: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, b) in inside.bytes().enumerate() {
        match (quote, b) {
            (Some(open), _) if open == b => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(b),
            (None, b'{') => depth += 1,
            (None, b'}') => depth = depth.saturating_sub(1),
            (None, b'>') if depth == 0 => return Some(at),
            (None, _) => {}
        }
    }
    None
}

/// Returns a label without the tags of HTML in it, such as `<b>` and `<h3>`.
fn without_tags(label: &str) -> String {
    let mut out = String::new();
    let mut rest = label;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let is_tag = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        match tag.find('>').filter(|_| is_tag) {
            Some(end) => rest = &tag[end + 1..],
            None => {
                out.push('<');
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<(Replacement, &str)>) {
        let found = element_at(text, false).map(|found| (found.replacement, found.rest));
        assert_eq!(found, expect, "{text}");
    }

    fn nothing() -> Replacement {
        Replacement::Text(String::new())
    }

    #[test]
    fn parts_and_tabs_have_labels() {
        check("<details open>", Some((nothing(), "")));
        check("<summary><b>For experts</b></summary> x", Some((Replacement::Label("For experts".into()), " x")));
        check("</TabItem>", Some((nothing(), "")));
        check(r#"<TabItem value="sh" label="Shell" default>"#, Some((Replacement::Label("Shell".into()), "")));
        check(r#"<Admonition type="danger">"#, Some((Replacement::Box("CAUTION", String::new()), "")));
        check("<Note>Mind it</Note>", Some((Replacement::Box("NOTE", String::new()), "Mind it</Note>")));
    }

    #[test]
    fn other_elements_are_left_alone() {
        for text in ["<div>", "<Event xmlns=x>", "<your-name>", "< 5", "text", "<Tabs open"] {
            check(text, None);
        }
        assert!(is_open("<Tabs open", false) && !is_open("<Event", false));
        assert!(element_at("<Belts />", true).is_some());
    }
}
